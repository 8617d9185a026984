//! A file's bytes pass through here on their way to becoming text, or a mistake that says why not.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use super::{MAX_BYTES, Node, parse_edn, parse_yaml};
use crate::{Mistake, Mistakes, Source, nearest, quoted};

/// Reads a document: EDN from a file named `.edn`, YAML (and with it JSON) from every other one.
///
/// Missing and unreadable files, folders, text that is not UTF-8 and files above [`MAX_BYTES`] are
/// mistakes without a place; everything else is as [`parse_yaml`] and [`parse_edn`] say.
pub fn read(path: &Path) -> Result<Node, Mistakes> {
    let name = path.display().to_string();
    let bytes = bytes(path, &name)?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&name, error.as_bytes()))?;
    let source = Source::new(name, text);
    let is_edn = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("edn"));
    if is_edn {
        parse_edn(&source)
    } else {
        parse_yaml(&source)
    }
}

/// Refuses a text of more than [`MAX_BYTES`].
pub(super) fn check_size(name: &str, bytes: u64) -> Result<(), Mistakes> {
    if bytes <= MAX_BYTES as u64 {
        return Ok(());
    }
    let message = format!("{} is larger than {MAX_BYTES} bytes", quoted(name));
    Err(Mistake::nowhere(message).remedy("split the file").into())
}

/// The bytes of the file; of one that is too large no more than are needed to see that it is.
fn bytes(path: &Path, name: &str) -> Result<Vec<u8>, Mistakes> {
    let mut bytes = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => check_size(name, bytes.len() as u64).map(|()| bytes),
        Err(error) => Err(unreadable(path, name, error.kind()).into()),
    }
}

fn unreadable(path: &Path, name: &str, kind: ErrorKind) -> Mistake {
    let name = quoted(name);
    match kind {
        ErrorKind::NotFound => {
            let mistake = Mistake::nowhere(format!("there is no file {name}"));
            match neighbour(path) {
                Some(near) => mistake.remedy(format!("did you mean {}?", quoted(&near))),
                None => mistake,
            }
        }
        ErrorKind::IsADirectory => {
            Mistake::nowhere(format!("{name} is a folder, not a file")).remedy("name a file in it")
        }
        ErrorKind::PermissionDenied => Mistake::nowhere(format!("the file {name} may not be read"))
            .remedy("give yourself the right to read it"),
        other => Mistake::nowhere(format!("cannot read {name}: {other}")),
    }
}

/// The path of a file in the same folder whose name is much like the one that is missing.
pub fn neighbour(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let listed = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = std::fs::read_dir(listed)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let near = nearest(
        path.file_name()?.to_str()?,
        names.iter().map(String::as_str),
    )?;
    Some(folder.join(near).display().to_string())
}

fn not_utf8(name: &str, bytes: &[u8]) -> Mistakes {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = 1 + valid.matches('\n').count();
    let byte = bytes.get(valid.len()).copied().unwrap_or_default();
    let message = format!(
        "{} is not UTF-8 text: byte 0x{byte:02x} in line {line}",
        quoted(name)
    );
    Mistake::nowhere(message)
        .remedy("save the file as UTF-8")
        .into()
}
