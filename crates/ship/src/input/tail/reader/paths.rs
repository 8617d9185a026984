//! Paths become files that are followed here, and files that have moved away are left.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::time::Instant;

use super::{Batch, Ended, MOST_FILES, Reader};
use crate::input::tail::follow::Followed;
use crate::input::tail::offsets::Mark;
use crate::input::tail::scan::{self, FileId};
use crate::input::tail::tracker::Progress;

impl Reader {
    /// Finds files that are new.
    pub(super) fn scan(&mut self) {
        self.next_scan = Instant::now() + self.settings.refresh;
        let is_first = std::mem::take(&mut self.is_first_scan);
        for path in self.settings.patterns.found() {
            let is_followed = |id| self.files.iter().any(|file| file.id == id);
            if FileId::at(&path).is_some_and(|id| !is_followed(id)) {
                self.follow(&path, !is_first || self.settings.from_head);
            }
        }
        if is_first && self.files.is_empty() {
            self.say("there is no file yet that `path` means");
        }
    }

    fn follow(&mut self, path: &Path, from_head: bool) {
        if self.files.len() >= MOST_FILES {
            if !std::mem::replace(&mut self.is_full, true) {
                self.say(format_args!(
                    "more than {MOST_FILES} files: further ones are not followed"
                ));
            }
            return;
        }
        let (file, metadata) = match scan::open(path) {
            Ok(opened) => opened,
            Err(error) => return self.say(format_args!("cannot open {}: {error}", path.display())),
        };
        if self.is_too_old(&metadata) {
            return;
        }
        let id = FileId::of(&metadata);
        let known = self
            .offsets
            .find(id, &file)
            .filter(|&offset| offset <= metadata.len());
        let offset = known.unwrap_or(if from_head { 0 } else { metadata.len() });
        let tag = tag(self.collector.tag(), path);
        self.collector.log().debug(format_args!(
            "[input:tail:{}] follows {} from {offset}",
            self.collector.name(),
            path.display()
        ));
        self.files
            .push(Followed::new(PathBuf::from(path), id, file, offset, tag));
    }

    fn is_too_old(&self, metadata: &std::fs::Metadata) -> bool {
        let Some(limit) = self.settings.ignore_older else {
            return false;
        };
        let now = std::time::SystemTime::from(self.settings.clock.now());
        let age = metadata
            .modified()
            .ok()
            .and_then(|changed| now.duration_since(changed).ok());
        age.is_some_and(|age| age > limit)
    }

    /// Notices files that have moved away and those that are in their place; leaves those that are
    /// read to their end and moved long ago.
    pub(super) fn look_at_paths(&mut self) -> Result<(), Ended> {
        let mut new = Vec::new();
        for file in &mut self.files {
            let there = FileId::at(&file.path);
            if there == Some(file.id) {
                file.moved_since = None;
                continue;
            }
            if file.moved_since.is_none() {
                file.moved_since = Some(Instant::now());
                new.extend(there.map(|_| file.path.clone()));
            }
        }
        for path in new {
            let is_followed = |id| self.files.iter().any(|file| file.id == id);
            if FileId::at(&path).is_some_and(|id| !is_followed(id)) {
                self.follow(&path, true);
            }
        }
        let wait = self.settings.rotate_wait;
        while let Some(index) = self.files.iter().position(|file| file.is_left(wait)) {
            self.leave(index)?;
        }
        Ok(())
    }

    /// What it had last is taken, too.
    fn leave(&mut self, index: usize) -> Result<(), Ended> {
        while self.turn(index)? {}
        self.give_rest(index)?;
        let file = self.files.swap_remove(index);
        let is_elsewhere = self
            .settings
            .patterns
            .found()
            .iter()
            .any(|path| FileId::at(path) == Some(file.id));
        if is_elsewhere {
            // It has another name that is wanted, too: the next scan finds it, at its offset.
            if let Some(head) = file.head() {
                let path = file.path.display().to_string();
                self.offsets.set(
                    file.id,
                    Mark {
                        path,
                        offset: file.offset(),
                        head,
                    },
                );
            }
            self.next_scan = Instant::now();
            return Ok(());
        }
        let gone = Batch {
            tag: None,
            records: Vec::new(),
            count: 0,
            mark: Progress::Gone(file.id),
        };
        self.batches.blocking_send(gone).map_err(|_| Ended)
    }
}

/// The tag of a file: the path in place of a `*`, its slashes turned into dots.
fn tag(tag: &str, path: &Path) -> Option<Arc<str>> {
    let (before, behind) = tag.split_once('*')?;
    let path = path.to_string_lossy().replace('/', ".");
    let path = path.trim_start_matches('.');
    Some(format!("{before}{path}{behind}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_in_the_tag_is_the_path() {
        assert_eq!(
            tag("kube.*", Path::new("/var/log/a.log")).as_deref(),
            Some("kube.var.log.a.log")
        );
        assert_eq!(
            tag("kube.*", Path::new("a1.log")).as_deref(),
            Some("kube.a1.log")
        );
        assert_eq!(tag("plain", Path::new("a1.log")), None);
    }
}
