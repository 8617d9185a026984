//! Names that secrets go by, and where secrets are in addresses.

use std::ops::Range;

/// What names of secrets have in them; `-`, `_` and `.` do not count, nor does the case of letters.
const WORDS: [&str; 17] = [
    "accesskey",
    "apikey",
    "authorization",
    "bearer",
    "clientkey",
    "cookie",
    "credential",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "sessionid",
    "sessionkey",
    "signature",
    "token",
];

/// Names of secrets, and parts of them between `-`, `_` and `.`.
const PARTS: [&str; 6] = ["auth", "pass", "pin", "pwd", "sid", "sig"];

/// The most that the name of a subprotocol has which is no token: bytes, letters in a row, digits.
const NAME_BYTES: usize = 40;
const NAME_RUN: usize = 15;
const NAME_DIGITS: usize = 4;

/// Letters of one case, and words not parted.
pub(super) fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| !is_seam(*letter));
    letters.flat_map(char::to_lowercase).collect()
}

fn is_seam(letter: char) -> bool {
    matches!(letter, '-' | '_' | '.' | ' ')
}

/// Whether what goes by a name is usually secret: a header, a parameter, a member, a key; letters of any case.
pub fn is_secret(name: &str) -> bool {
    let whole = folded(name);
    whole == "key"
        || WORDS.iter().any(|word| whole.contains(word))
        || name
            .split(is_seam)
            .any(|part| PARTS.iter().any(|known| part.eq_ignore_ascii_case(known)))
}

/// Whether the name of a subprotocol looks like a token: no name of a protocol is that long, has such long words or as
/// many digits, or speaks of secrets.
pub(super) fn is_token(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let mut words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    name.len() > NAME_BYTES
        || digits > NAME_DIGITS
        || words.any(|word| word.len() > NAME_RUN)
        || is_secret(name)
}

/// Where a URL says who logs in.
pub(super) fn user_info(address: &str) -> Option<Range<usize>> {
    let start = address.find("://")? + 3;
    let end = address[start..].find(['/', '?', '#']);
    let authority = &address[start..end.map_or(address.len(), |end| start + end)];
    let length = authority.rfind('@').filter(|length| *length > 0)?;
    Some(start..start + length)
}

/// Where the values of secret parameters are in a query, or in a fragment that is written like one.
pub(super) fn parameters(address: &str) -> Vec<Range<usize>> {
    let Some(query) = address.find(['?', '#']) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut at = query + 1;
    for pair in address[at..].split(['&', ';', '#', '?']) {
        if let Some((name, value)) = pair.split_once('=')
            && !value.is_empty()
            && is_secret(&decoded(name))
        {
            found.push(at + pair.len() - value.len()..at + pair.len());
        }
        at += pair.len() + 1;
    }
    found
}

/// A name with its `%74` read.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *byte == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.unwrap_or(*byte));
        rest = if value.is_some() {
            &behind[2..]
        } else {
            behind
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
