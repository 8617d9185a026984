//! Files on their way to parts of a plan, one after the other, each followed by those that it includes.

use std::fs::canonicalize;
use std::path::{Path, PathBuf};

use sockeye_core::document::{self, Node, NodeValue};
use sockeye_core::{Mistake, Mistakes, Place};
use sockeye_script::template::Dialect;

use super::{FILES_PAGE, LoadOptions};
use crate::dialect::{Include, Part, Reading, mockforge, moclojer};

/// How deep files may include each other.
const MOST_LEVELS: usize = 8;

/// Files that may be included, all together.
const MOST_INCLUDED: usize = 256;

/// Where the manual explains `include`.
const INCLUDE_PAGE: &str = "docs/files.md#files-that-name-files";

/// What was read.
pub(super) struct Files<'o> {
    options: &'o LoadOptions,
    pub(super) mistakes: Mistakes,
    /// Those of a file come before those of the files that it includes.
    pub(super) parts: Vec<Part>,
    /// Every file that has a say, also those that are not there.
    pub(super) paths: Vec<PathBuf>,
    /// Where files really are, and where they were included; the others are on the command line.
    known: Vec<(PathBuf, Option<Place>)>,
    included: usize,
    /// The file that is being read, after those that led to it.
    chain: Vec<PathBuf>,
}

impl<'o> Files<'o> {
    /// Reads `files` and all that they include.
    pub(super) fn read(files: &[PathBuf], options: &'o LoadOptions) -> Self {
        let real = |file: &PathBuf| Some((canonicalize(file).ok()?, None));
        let mut all = Self {
            options,
            mistakes: Mistakes::new(),
            parts: Vec::new(),
            paths: Vec::new(),
            known: files.iter().filter_map(real).collect(),
            included: 0,
            chain: Vec::new(),
        };
        for file in files {
            all.note(file.clone());
            all.chain.extend(canonicalize(file));
            all.read_file(file, 0);
            all.chain.clear();
        }
        if let Some(written) = &options.written {
            let root = document::parse_yaml(written);
            all.read_document(root, 0);
        }
        all
    }

    fn note(&mut self, path: PathBuf) {
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }

    /// Reads a file that is included on this level; 0 is the command line.
    fn read_file(&mut self, file: &Path, level: usize) {
        self.read_document(document::read(file), level);
    }

    fn read_document(&mut self, root: Result<Node, Mistakes>, level: usize) {
        let root = match root {
            Ok(root) => root,
            Err(wrong) => {
                self.mistakes.extend(wrong);
                return self.mistakes.explained_on(FILES_PAGE);
            }
        };
        for include in self.read_root(&root) {
            self.include(include, level + 1);
        }
    }

    /// Reads an included file, unless that would be too much or has happened.
    fn include(&mut self, include: Include, level: usize) {
        let Include { file, place } = include;
        if let Some(refusal) = self.refuse(&file.real, &place, level) {
            return self.mistakes.push(refusal.page(INCLUDE_PAGE));
        }
        self.included += 1;
        self.known.push((file.real.clone(), Some(place)));
        self.chain.push(file.real);
        self.read_file(&file.shown, level);
        self.chain.pop();
    }

    /// Why the file that is really at `real` is not included at `place`, if so.
    fn refuse(&self, real: &Path, place: &Place, level: usize) -> Option<Mistake> {
        if self.chain.iter().any(|led_here| led_here == real) {
            let mistake = Mistake::at(place, "files include each other in a circle");
            let label = "this file is being read already";
            return Some(mistake.label(label).remedy("remove this entry"));
        }
        let known = self.known.iter().find(|(known, _)| known == real);
        if let Some((_, first)) = known {
            let mistake = Mistake::at(place, "this file is served already");
            let mistake = match first {
                Some(first) => mistake.label("again here").also(first, "first here"),
                None => mistake.label("it is named on the command line"),
            };
            return Some(mistake.remedy("remove this entry; a file is read once"));
        }
        let (text, remedy) = if level > MOST_LEVELS {
            let text = format!("files include each other more than {MOST_LEVELS} levels deep");
            (text, "include it in a file further up")
        } else if self.included >= MOST_INCLUDED {
            let text = format!("more than {MOST_INCLUDED} files are included");
            (text, "put several of them into one")
        } else {
            return None;
        };
        Some(Mistake::at(place, text).remedy(remedy))
    }

    /// A list is a Moclojer file, a map a MockForge file. Gives the files that it includes.
    fn read_root(&mut self, root: &Node) -> Vec<Include> {
        let dialect = match root.value {
            NodeValue::Seq(_) => Dialect::Moclojer,
            NodeValue::Map(_) => Dialect::MockForge,
            _ => {
                let text = format!("a mock file is a list or a map, not {}", root.kind_name());
                let remedy = "start with `- websocket:` (Moclojer) or `websocket:` (MockForge)";
                let mistake = Mistake::at(&root.place, text).remedy(remedy);
                self.mistakes.push(mistake.page(FILES_PAGE));
                return Vec::new();
            }
        };
        let options = self.options;
        let (lenient, overrides) = (options.lenient, &options.overrides);
        let mut reading = Reading::new(dialect, &mut self.mistakes, lenient, overrides);
        reading.serving = self.options.serving;
        let (part, page) = match &root.value {
            NodeValue::Seq(items) => (
                moclojer::read(items, &root.place, &mut reading),
                moclojer::PAGE,
            ),
            _ => (mockforge::read(root, &mut reading), mockforge::PAGE),
        };
        let (files, includes) = (reading.files, reading.includes);
        self.mistakes.explained_on(page);
        self.parts.push(part);
        for file in files {
            self.note(file);
        }
        includes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_has_a_say_is_listed_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(path(name), text).unwrap();
        std::fs::create_dir(path("sub")).unwrap();
        write(
            "main.yaml",
            "include: [a.yaml, none.yaml, sub/b.yaml, a.yaml]",
        );
        write("a.yaml", "websocket: {}");
        write("sub/b.yaml", "include: [c.yml]");
        write("sub/c.yml", "[websocket: {path: /x}]");
        let options = LoadOptions::default();
        let files = Files::read(&[path("main.yaml")], &options);
        let listed = [
            "main.yaml",
            "a.yaml",
            "none.yaml",
            "sub/b.yaml",
            "sub/c.yml",
        ];
        assert_eq!(files.paths, listed.map(path));
        assert_eq!(files.parts.len(), 4);
        assert_eq!(files.mistakes.errors(), 2, "{}", files.mistakes);
    }
}
