//! The classic notation passes through here line by line: `[SECTION]`, indented keys, `@INCLUDE`, `@SET`.

use std::sync::Arc;

use sockeye_core::{Mistake, Place, Source, nearest, quoted};

use super::Reading;
use super::draft::{Draft, Sort, ignored_section, key};
use crate::plan::Property;

/// What the longest line may have, in bytes.
const LONGEST_LINE: usize = 1024 * 1024;

const SECTIONS: [(&str, Sort); 5] = [
    ("SERVICE", Sort::Service),
    ("INPUT", Sort::Input),
    ("FILTER", Sort::Filter),
    ("OUTPUT", Sort::Output),
    ("PARSER", Sort::Parser),
];

/// Sections that the reference has and that mean nothing here.
const FOREIGN: [&str; 6] = [
    "CUSTOM",
    "MULTILINE_PARSER",
    "PLUGINS",
    "STREAM_TASK",
    "UPSTREAM",
    "NODE",
];

/// Reads one file into drafts; what it includes is read on the way.
pub(super) fn read(reading: &mut Reading<'_>, source: &Arc<Source>) {
    let mut file = File {
        source,
        indent: None,
        open: Open::Nothing,
    };
    let text = source.text();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    for line in text.get(at..).unwrap_or_default().split('\n') {
        let trimmed = line.strip_suffix('\r').unwrap_or(line);
        if let Err(mistake) = file.line(reading, trimmed, at) {
            reading.mistakes.push(mistake);
        }
        at += line.len() + 1;
    }
    file.close(reading);
}

/// The file that is being read.
struct File<'f> {
    source: &'f Arc<Source>,
    indent: Option<&'f str>,
    open: Open,
}

/// The section that keys belong to.
enum Open {
    Nothing,
    Section(Draft),
    /// Its keys mean nothing, and that was said.
    Ignored,
}

impl<'f> File<'f> {
    fn place(&self, start: usize, text: &str) -> Place {
        Place::new(self.source, start..start + text.len())
    }

    fn line(&mut self, reading: &mut Reading<'_>, line: &'f str, at: usize) -> Result<(), Mistake> {
        if line.len() > LONGEST_LINE {
            let message = format!("a line of more than {LONGEST_LINE} bytes");
            return Err(Mistake::at(&self.place(at, ""), message).remedy("write a shorter one"));
        }
        match line.bytes().next() {
            None | Some(b'#') => Ok(()),
            Some(b'@') => self.command(reading, line, at),
            Some(b'[') => self.section(reading, line, at),
            _ if line.trim().is_empty() => Ok(()),
            Some(b' ' | b'\t') => self.key(line, at),
            Some(_) => Err(
                Mistake::at(&self.place(at, line), "a line without indentation")
                    .label("not indented")
                    .remedy("put four blanks in front of each key of a section"),
            ),
        }
    }

    /// `[NAME]`; what follows the bracket is not looked at.
    fn section(&mut self, reading: &mut Reading<'_>, line: &str, at: usize) -> Result<(), Mistake> {
        self.close(reading);
        self.open = Open::Ignored;
        let Some((name, _)) = line.trim_start_matches('[').split_once(']') else {
            return Err(Mistake::at(
                &self.place(at, line),
                "a section without its closing bracket",
            )
            .label("never closed")
            .remedy(format!("write `{}]`", line.trim_end())));
        };
        let place = self.place(at + 1, name);
        let name = name.trim();
        let known = SECTIONS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((_, sort)) = known {
            self.open = Open::Section(Draft::new(*sort, place));
        } else {
            reading.mistakes.push(unknown_section(&place, name));
        }
        Ok(())
    }

    fn close(&mut self, reading: &mut Reading<'_>) {
        if let Open::Section(draft) = std::mem::replace(&mut self.open, Open::Nothing) {
            reading.drafts.push(draft);
        }
    }

    /// An indented line.
    fn key(&mut self, line: &'f str, at: usize) -> Result<(), Mistake> {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let indentation = line.get(..blanks).unwrap_or_default();
        let indent = *self.indent.get_or_insert(indentation);
        let content = line.get(blanks..).unwrap_or_default();
        if content.starts_with('#') && indentation.starts_with(indent) {
            return Ok(());
        }
        let is_group = indentation.len() == 2 * indent.len() && indentation.starts_with(indent);
        if indentation != indent && !is_group {
            return Err(self.badly_indented(line, at, blanks, indent));
        }
        if content.starts_with('[') {
            let place = self.place(at + blanks, content.trim_end());
            return Err(
                Mistake::at(&place, "a group within a section is not known here")
                    .label("ignored")
                    .remedy("remove it")
                    .warning(),
            );
        }
        if is_group {
            return Ok(());
        }
        let property = self.property(content, at + blanks)?;
        match &mut self.open {
            Open::Section(draft) => draft.properties.push(property),
            Open::Ignored => {}
            Open::Nothing => {
                return Err(Mistake::at(&property.key_place, "a key before any section")
                    .label("belongs to nothing")
                    .remedy("write `[INPUT]`, `[FILTER]`, `[OUTPUT]` or `[SERVICE]` above it"));
            }
        }
        Ok(())
    }

    fn property(&self, content: &str, at: usize) -> Result<Property, Mistake> {
        let written = content.split(' ').next().unwrap_or_default();
        let key_place = self.place(at, written.trim_end());
        if let Some((name, _)) = written.split_once('\t') {
            let message = format!("a tab behind the key {}", quoted(name));
            return Err(Mistake::at(&self.place(at + name.len(), "\t"), message)
                .label("a tab does not end a key")
                .remedy("put a blank there"));
        }
        let behind = content.get(written.len()..).unwrap_or_default();
        let value = behind.trim();
        if value.is_empty() {
            let message = format!("the key {} has no value", quoted(written));
            return Err(Mistake::at(&key_place, message)
                .label("nothing follows")
                .remedy("write one behind it, or remove the line"));
        }
        let start = at + written.len() + behind.len() - behind.trim_start().len();
        Ok(Property {
            key: key(written),
            value: value.to_owned(),
            place: self.place(start, value),
            key_place,
        })
    }

    fn badly_indented(&self, line: &str, at: usize, blanks: usize, indent: &str) -> Mistake {
        let content = line.get(blanks..).unwrap_or_default().trim_end();
        let unit = match (indent.contains('\t'), indent.contains(' ')) {
            (true, true) => "blanks and tabs",
            (true, false) if indent.len() == 1 => "tab",
            (true, false) => "tabs",
            _ if indent.len() == 1 => "blank",
            _ => "blanks",
        };
        let message = "a line that is indented unlike the first one of this file";
        Mistake::at(&self.place(at + blanks, content), message)
            .label("starts here")
            .remedy(format!("indent it by {} {unit}", indent.len()))
    }

    /// `@SET name=value` and `@INCLUDE path`.
    fn command(&mut self, reading: &mut Reading<'_>, line: &str, at: usize) -> Result<(), Mistake> {
        let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let value = rest.trim();
        let place = if value.is_empty() {
            self.place(at, word)
        } else {
            let offset = word.len() + 1 + rest.len() - rest.trim_start().len();
            self.place(at + offset, value)
        };
        if word.eq_ignore_ascii_case("@SET") {
            return set(reading, value, &place);
        }
        if word.eq_ignore_ascii_case("@INCLUDE") {
            return self.include(reading, value, &place);
        }
        let message = format!("the command {} is not known", quoted(word));
        Err(Mistake::at(&self.place(at, word), message)
            .label("not known here")
            .did_you_mean(word, ["@SET", "@INCLUDE"]))
    }

    fn include(
        &mut self,
        reading: &mut Reading<'_>,
        name: &str,
        place: &Place,
    ) -> Result<(), Mistake> {
        if name.is_empty() {
            return Err(Mistake::at(place, "`@INCLUDE` without a file")
                .label("nothing follows")
                .remedy("write `@INCLUDE file.conf`"));
        }
        self.close(reading);
        include(reading, name, place)
    }
}

/// Reads the files that are included, each into drafts of its own.
pub(super) fn include(reading: &mut Reading<'_>, name: &str, place: &Place) -> Result<(), Mistake> {
    let name = reading
        .variables
        .replaced(name, place, &mut reading.mistakes);
    for path in reading.files.included(&name, place)? {
        let opened = reading
            .files
            .open(&path, Some(place), &mut reading.mistakes);
        if let Some(text) = opened {
            reading.text(&path, &text);
        }
    }
    Ok(())
}

fn set(reading: &mut Reading<'_>, value: &str, place: &Place) -> Result<(), Mistake> {
    let Some((name, value)) = value.split_once('=') else {
        return Err(Mistake::at(place, "`@SET` without a name and a value")
            .label("expected `name=value`")
            .remedy("write `@SET name=value`"));
    };
    let value = reading
        .variables
        .replaced(value, place, &mut reading.mistakes);
    reading.variables.set(name.trim(), value);
    Ok(())
}

fn unknown_section(place: &Place, name: &str) -> Mistake {
    let upper = name.to_ascii_uppercase();
    if FOREIGN.contains(&upper.as_str()) {
        let remedy = "remove it: nothing of the kind is built in".to_owned();
        return ignored_section(place, name, remedy);
    }
    let known = SECTIONS.iter().map(|(known, _)| *known);
    let remedy = nearest(&upper, known).map_or_else(
        || "write `[SERVICE]`, `[INPUT]`, `[FILTER]`, `[OUTPUT]` or `[PARSER]`".to_owned(),
        |near| format!("did you mean `[{near}]`?"),
    );
    ignored_section(place, name, remedy)
}
