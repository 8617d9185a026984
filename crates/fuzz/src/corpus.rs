//! Where the inputs come from: hex lines, texts between marks, files that lie elsewhere in the repository.

use std::fs;
use std::path::Path;

/// Bytes written as text: hex bytes, 'quoted text', `61*5` for five of a byte.
///
/// # Panics
///
/// When the text is none of these.
pub fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (text, behind) = quoted.split_once('\'').expect("a closing quote");
            out.extend_from_slice(text.as_bytes());
            rest = behind.trim_start();
            continue;
        }
        let (token, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        let (byte, count) = token.split_once('*').unwrap_or((token, "1"));
        let byte = u8::from_str_radix(byte, 16).expect("a byte in hex");
        out.extend(vec![byte; count.parse().expect("a count")]);
        rest = behind.trim_start();
    }
    out
}

/// The inputs of a file with one on each line, in the notation of [`bytes`]; lines that begin with `#` are remarks.
pub fn lines(corpus: &str) -> Vec<Vec<u8>> {
    let inputs = corpus.lines().filter(|line| !line.starts_with('#'));
    inputs.map(bytes).collect()
}

/// What begins an input in a file of texts, a line of its own. What stands before the first one is a remark.
const MARK: &str = "====\n";

/// The inputs of a file of texts: each is what stands between two lines `====`, without its last line break.
pub fn texts(corpus: &str) -> Vec<Vec<u8>> {
    let inputs = corpus.split(MARK).skip(1);
    inputs
        .map(|text| text.strip_suffix('\n').unwrap_or(text).into())
        .collect()
}

/// Files longer than this are no inputs: changes would rarely meet what matters in them.
const LONGEST_FILE: usize = 16 * 1024;

/// The files below `folder` whose names end with one of `endings`, in the order of their paths.
///
/// # Panics
///
/// When the folder cannot be read or has no such file.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    collect(folder, endings, &mut paths);
    paths.sort();
    let contents = paths.iter().map(|path| fs::read(path).expect("a file"));
    let inputs: Vec<_> = contents.filter(|text| text.len() <= LONGEST_FILE).collect();
    assert!(!inputs.is_empty(), "{} has inputs", folder.display());
    inputs
}

fn collect(folder: &Path, endings: &[&str], paths: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, endings, paths);
        } else if endings
            .iter()
            .any(|ending| path.to_string_lossy().ends_with(ending))
        {
            paths.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_of_inputs() {
        assert_eq!(bytes("8a 00*3 'a b' ff"), b"\x8a\0\0\0a b\xff");
        assert_eq!(lines("# remark\n01 02\n'x'\n"), [vec![1, 2], vec![b'x']]);
        let inputs = texts("a remark\n====\none\ntwo\n====\n\n====\nlast\n");
        assert_eq!(inputs, [&b"one\ntwo"[..], b"", b"last"]);
    }
}
