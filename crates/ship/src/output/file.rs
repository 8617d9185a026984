//! Records are appended to files here: one that is named, or one for each tag.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use super::{COMMON_KEYS, Known, Plain, Writer};
use crate::chunk::Chunk;
use crate::format::{self, Format};
use crate::properties::{Key, Kind};
use crate::queue::Lane;
use crate::record::{Events, Time};
use crate::retry::Growth;

/// Files that are kept open; beyond, all are closed and opened again when needed.
const OPEN_FILES: usize = 64;

const KEYS: &[Key] = &[
    Key::new("path", Kind::Text, Some("."), "folder of the files"),
    Key::new(
        "file",
        Kind::Text,
        None,
        "name of the file; the tag without one",
    ),
    Key::new(
        "format",
        Kind::Choice(&["out_file", "plain", "msgpack"]),
        Some("out_file"),
        "out_file: `tag: [time, {json}]`; plain: the JSON alone; msgpack: the records as they travel",
    ),
    Key::new(
        "mkdir",
        Kind::Bool,
        Some("off"),
        "whether the folder is made",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "file",
    about: "appends records to files",
    tables: &[KEYS, COMMON_KEYS],
    build: |properties, _| {
        let settings = format::Settings {
            kind: format::Kind::JsonLines,
            date_key: None,
            ..format::Settings::default()
        };
        let writer = Files {
            folder: properties.text("path").unwrap_or(".").into(),
            file: properties.text("file").map(str::to_owned),
            layout: match properties.choice("format") {
                Some("plain") => Layout::Plain,
                Some("msgpack") => Layout::Msgpack,
                _ => Layout::Tagged,
            },
            makes_folder: properties.flag("mkdir"),
            format: settings.build(),
            open: HashMap::new(),
        };
        Ok(Box::new(Plain::new(writer, Growth::Quick)))
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Tagged,
    Plain,
    Msgpack,
}

#[derive(Debug)]
struct Files {
    folder: PathBuf,
    file: Option<String>,
    layout: Layout,
    makes_folder: bool,
    format: Box<dyn Format>,
    open: HashMap<String, File>,
}

/// The file of a tag. Tags come from peers: nothing in one leads out of the folder.
pub(crate) fn name_for(tag: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
    let name: String = tag
        .chars()
        .take(200)
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    match name.trim_start_matches('.') {
        "" => "_".to_owned(),
        rest => rest.to_owned(),
    }
}

impl Files {
    fn append(&mut self, name: &str, text: &[u8]) -> std::io::Result<()> {
        if self.open.len() > OPEN_FILES {
            self.open.clear();
        }
        if !self.open.contains_key(name) {
            if self.makes_folder {
                fs::create_dir_all(&self.folder)?;
            }
            let path = self.folder.join(name);
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            self.open.insert(name.to_owned(), file);
        }
        let Some(file) = self.open.get_mut(name) else {
            return Ok(());
        };
        let before = file.metadata()?.len();
        let written = file.write_all(text);
        if written.is_err() {
            // What is there of them would be there twice: they are written again.
            let _ = file.set_len(before);
            self.open.remove(name);
        }
        written
    }

    fn text(&mut self, chunk: &Chunk, records: &[u8], lane: &Lane) -> Vec<u8> {
        let tag = &chunk.tag;
        let mut text = Vec::with_capacity(records.len() * 2);
        match self.layout {
            Layout::Msgpack => text.extend_from_slice(records),
            Layout::Plain => {
                super::encode(&mut *self.format, chunk, records, &mut text, lane);
            }
            Layout::Tagged => {
                for event in Events::new(records).map_while(Result::ok) {
                    let Time { seconds, nanos } = event.time;
                    // Writing to a vector cannot fail.
                    let _ = write!(text, "{tag}: [{seconds}.{nanos:09}, ");
                    super::encode(&mut *self.format, chunk, event.raw, &mut text, lane);
                    if text.ends_with(b"\n") {
                        text.pop();
                    }
                    text.extend_from_slice(b"]\n");
                }
            }
        }
        text
    }
}

impl Writer for Files {
    fn write(&mut self, chunk: &Chunk, records: &[u8], lane: &Lane) -> Result<(), String> {
        let text = self.text(chunk, records, lane);
        let name = self.file.clone().unwrap_or_else(|| name_for(&chunk.tag));
        let appended = self.append(&name, &text);
        appended.map_err(|error| {
            let path = self.folder.join(&name);
            format!("cannot write to `{}`: {error}", path.display())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::name_for;

    #[test]
    fn a_tag_never_leads_out_of_the_folder() {
        for (tag, name) in [
            ("app.web", "app.web"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "_"),
            ("/x", "_x"),
            ("", "_"),
            ("a\0b", "a_b"),
        ] {
            assert_eq!(name_for(tag), name);
        }
    }
}
