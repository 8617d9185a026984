//! The path of a recording passes through here: a template of closed names, whose values cannot lead
//! anywhere, becomes folders and a file name below a folder.

use thiserror::Error;

use crate::limits::{NAME_PART, NAME_VALUE};

/// Why a text is no path for recordings. `at` is the byte where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameMistake {
    /// A hole without its end.
    #[error("`{{{{` has no `}}}}`")]
    Open {
        /// Where the hole begins.
        at: usize,
    },
    /// A name that is not one of those that are known.
    #[error("there is no `{name}` in the path of a recording")]
    Unknown {
        /// Where the name begins.
        at: usize,
        /// The name, as it was written.
        name: String,
    },
    /// A path that begins at the root or contains `..`.
    #[error(
        "the path of a recording stays below its folder: it has no `..` and does not begin with `/`"
    )]
    Leaves {
        /// Where it leads away.
        at: usize,
    },
    /// A path that ends with `/` or is empty.
    #[error("the path of a recording ends with the name of a file")]
    NoFile {
        /// Where the path ends.
        at: usize,
    },
    /// A character that no name of a file has.
    #[error("the path of a recording has no control characters")]
    Control {
        /// Where it stands.
        at: usize,
    },
}

impl NameMistake {
    /// The byte where it stands.
    pub fn at(&self) -> usize {
        match self {
            Self::Open { at }
            | Self::Unknown { at, .. }
            | Self::Leaves { at }
            | Self::NoFile { at }
            | Self::Control { at } => *at,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Which of the known names.
    Hole(usize),
}

/// A path such as `recordings/{{date}}/ws-{{connection.id}}.json`, whose holes are to be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    parts: Vec<Vec<Piece>>,
}

impl NameTemplate {
    /// Takes a path apart. A hole is `{{`, one of `known`, `}}`, with blanks around the name if wanted.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, NameMistake> {
        if text.starts_with('/') {
            return Err(NameMistake::Leaves { at: 0 });
        }
        if let Some(at) = text.find(char::is_control) {
            return Err(NameMistake::Control { at });
        }
        let mut parts = vec![Vec::new()];
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(inside) = rest.strip_prefix("{{") {
                let end = inside.find("}}").ok_or(NameMistake::Open { at })?;
                push(
                    &mut parts,
                    Piece::Hole(hole(&inside[..end], at + 2, known)?),
                );
                at += end + 4;
                continue;
            }
            let end = rest.find("{{").unwrap_or(rest.len());
            literal(&mut parts, &rest[..end]);
            at += end;
        }
        Self::checked(parts, text)
    }

    fn checked(mut parts: Vec<Vec<Piece>>, text: &str) -> Result<Self, NameMistake> {
        let is = |part: &[Piece], name: &str| matches!(part, [Piece::Text(text)] if text == name);
        if parts.iter().any(|part| is(part, "..")) {
            let at = text.find("..").unwrap_or_default();
            return Err(NameMistake::Leaves { at });
        }
        if parts
            .last()
            .is_none_or(|last| last.is_empty() || is(last, "."))
        {
            return Err(NameMistake::NoFile { at: text.len() });
        }
        parts.retain(|part| !part.is_empty() && !is(part, "."));
        Ok(Self { parts })
    }

    /// The path with the value of each hole; `value` gets the place of its name among those known.
    pub fn fill(&self, value: impl Fn(usize) -> String) -> Name {
        let part = |pieces: &Vec<Piece>| {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(literal) => text.push_str(literal),
                    Piece::Hole(which) => text.push_str(&reduced(&value(*which))),
                }
            }
            safe(text)
        };
        let mut folders: Vec<String> = self.parts.iter().map(part).collect();
        let file = folders.pop().unwrap_or_else(|| "_".to_owned());
        Name { folders, file }
    }
}

fn push(parts: &mut [Vec<Piece>], piece: Piece) {
    if let Some(part) = parts.last_mut() {
        part.push(piece);
    }
}

fn literal(parts: &mut Vec<Vec<Piece>>, text: &str) {
    for (index, name) in text.split('/').enumerate() {
        if index > 0 {
            parts.push(Vec::new());
        }
        if !name.is_empty() {
            push(parts, Piece::Text(name.to_owned()));
        }
    }
}

fn hole(inside: &str, at: usize, known: &[&str]) -> Result<usize, NameMistake> {
    let name = inside.trim();
    let which = known.iter().position(|known| *known == name);
    which.ok_or_else(|| NameMistake::Unknown {
        at: at + inside.len() - inside.trim_start().len(),
        name: name.to_owned(),
    })
}

/// A value as a part of a name: `[A-Za-z0-9._-]{1,64}`, not hidden and no option of a program.
fn reduced(value: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut name: String = value
        .chars()
        .take(NAME_VALUE)
        .map(|c| if keep(c) { c } else { '_' })
        .collect();
    if name.is_empty() || name.starts_with(['.', '-']) {
        name.replace_range(..name.len().min(1), "_");
    }
    name
}

/// One part of the path as a name that every system takes.
fn safe(mut name: String) -> String {
    if name.len() > NAME_PART {
        // The end tells more than the middle: it has the extension.
        let head = name.floor_char_boundary(NAME_PART - 40);
        let tail = name.ceil_char_boundary(name.len() - 40);
        name.replace_range(head..tail, "");
    }
    let stem = name.split('.').next().unwrap_or_default();
    let device = ["con", "prn", "aux", "nul"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device));
    if device || matches!(name.as_str(), "." | "..") {
        name.insert(0, '_');
    }
    name
}

/// Folders and a file below a folder. Nothing in it leads out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    folders: Vec<String>,
    file: String,
}

impl Name {
    /// The folders, outermost first.
    pub fn folders(&self) -> &[String] {
        &self.folders
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// `ws.json`, `ws-2.json`, `ws-3.json`.
pub(crate) fn numbered(file: &str, number: u32) -> String {
    if number == 1 {
        return file.to_owned();
    }
    match file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, extension)) => format!("{stem}-{number}.{extension}"),
        None => format!("{file}-{number}"),
    }
}
