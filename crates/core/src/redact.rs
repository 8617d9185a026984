//! What is shown, logged or kept passes through here: secrets are taken out and a seal stands in their place.
//!
//! A secret is known by the name it goes by (a header, a parameter, a member of JSON), by its place in JSON (a
//! pointer, RFC 6901), or by its shape (a regular expression). Whoever keeps or shows something of a peer asks the
//! one [`Redactor`] that fits; nobody has a list of secret names of its own.

mod line;
mod members;
mod names;
mod pointer;

use std::borrow::Cow;
use std::fmt;

use regex::bytes::{Captures, Regex, RegexBuilder};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(crate) use line::{covered, covered_addresses};
use pointer::Pointer;

/// Names, pointers and patterns of one redactor, each kind counted alone.
pub const MOST_RULES: usize = 100;

/// The longest name, pointer or pattern, in bytes.
pub const MOST_RULE_BYTES: usize = 1_024;

/// Memory that one compiled pattern may take, in bytes.
const MOST_PATTERN_MEMORY: usize = 1024 * 1024;

/// Takes secrets out of names, values, texts and bytes.
///
/// A new one knows the usual names: `authorization`, `cookie`, whatever has `token`, `secret`, `password` or `apikey`
/// in it, and their like. Matching is linear in the length of the input, whatever the patterns are.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    names: Vec<String>,
    pointers: Vec<Pointer>,
    patterns: Vec<Regex>,
    seal: Seal,
    covers_members: bool,
}

/// What stands in the place of a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seal {
    /// `«redacted»`.
    #[default]
    Plain,
    /// `«redacted:2bb80d53»`, the first eight digits of the secret's SHA-256: equal secrets stay equal. Who can guess
    /// the secret can check the guess.
    Digest,
}

/// Why a name, a pointer or a pattern cannot be used; one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactionError(String);

impl Redactor {
    /// Knows the usual names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses this seal.
    #[must_use]
    pub fn sealing(mut self, seal: Seal) -> Self {
        self.seal = seal;
        self
    }

    /// Takes secret names for secret in JSON, too: members of any depth.
    #[must_use]
    pub fn covering_members(mut self) -> Self {
        self.covers_members = true;
        self
    }

    /// A further name of headers, parameters and members; letters of any case, `-` and `_` are the same.
    ///
    /// # Errors
    ///
    /// It is empty or too long, or there are too many.
    pub fn name(mut self, name: &str) -> Result<Self, RedactionError> {
        check("name", name, self.names.len())?;
        self.names.push(names::folded(name));
        Ok(self)
    }

    /// A place in JSON, as a pointer (RFC 6901); a `*` stands for every member and every element: `/users/*/phone`.
    ///
    /// # Errors
    ///
    /// It is no pointer, is too long, or there are too many.
    pub fn pointer(mut self, pointer: &str) -> Result<Self, RedactionError> {
        check("pointer", pointer, self.pointers.len())?;
        let parsed = Pointer::parse(pointer).ok_or_else(|| {
            let pointer = crate::quoted(pointer);
            RedactionError(format!(
                "{pointer} is no JSON pointer; write it like /user/password"
            ))
        })?;
        self.pointers.push(parsed);
        Ok(self)
    }

    /// A shape of secrets, in texts and in bytes. If it has groups, what the first one that takes part has matched is
    /// the secret, else all of it.
    ///
    /// # Errors
    ///
    /// It is no regular expression (those of the crate `regex`), is too long or too large, or there are too many.
    pub fn pattern(mut self, pattern: &str) -> Result<Self, RedactionError> {
        check("pattern", pattern, self.patterns.len())?;
        let compiled = RegexBuilder::new(pattern)
            .size_limit(MOST_PATTERN_MEMORY)
            .build();
        let compiled = compiled.map_err(|error| {
            let pattern = crate::quoted(pattern);
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default();
            let why = why.trim_start_matches("error: ");
            RedactionError(format!(
                "{pattern} is not a regular expression that can be used: {why}"
            ))
        })?;
        self.patterns.push(compiled);
        Ok(self)
    }

    /// Whether what goes by this name is secret.
    pub fn is_secret(&self, name: &str) -> bool {
        names::is_secret(name) || self.names.contains(&names::folded(name))
    }

    /// The value of a header or a parameter, by its name in any case of letters.
    ///
    /// Of the offered subprotocols those that look like tokens are sealed, of addresses (`referer`, `location`) what is
    /// secret in them.
    pub fn value<'v>(&self, name: &str, value: &'v str) -> Cow<'v, str> {
        if self.is_secret(name) {
            return self.sealed(value.as_bytes()).into();
        }
        let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is(&["sec-websocket-protocol"]) {
            return self.subprotocols(value);
        }
        if is(&["referer", "location", "origin"]) {
            return self.address(value);
        }
        self.shapes(value)
    }

    /// The name of a subprotocol: sealed if it looks like a token, for browsers have no other place for one.
    pub fn subprotocol<'v>(&self, name: &'v str) -> Cow<'v, str> {
        if names::is_token(name) {
            return self.sealed(name.as_bytes()).into();
        }
        self.shapes(name)
    }

    fn subprotocols<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let names: Vec<Cow<'v, str>> = value
            .split(',')
            .map(|name| self.subprotocol(name.trim()))
            .collect();
        if names.iter().any(|name| matches!(name, Cow::Owned(_))) {
            return names.join(", ").into();
        }
        value.into()
    }

    /// A URL, or path and query of one: who logs in and the values of secret parameters are sealed.
    pub fn address<'v>(&self, address: &'v str) -> Cow<'v, str> {
        let mut found = Vec::new();
        found.extend(names::user_info(address));
        found.extend(names::parameters(address, &|name| self.is_secret(name)));
        if found.is_empty() {
            return self.shapes(address);
        }
        let mut shown = String::with_capacity(address.len());
        let mut from = 0;
        for secret in found {
            shown.push_str(&address[from..secret.start]);
            shown.push_str(&self.sealed(&address.as_bytes()[secret.clone()]));
            from = secret.end;
        }
        shown.push_str(&address[from..]);
        self.shapes(&shown).into_owned().into()
    }

    /// A text, such as a message. If it is JSON, pointers and (where asked for) names hold for its members, and all
    /// else of it stays as it is written. What is nested deeper than 127 levels is sealed whole.
    pub fn text<'v>(&self, text: &'v str) -> Cow<'v, str> {
        let asks_members = self.covers_members || !self.pointers.is_empty();
        match asks_members.then(|| members::seal(self, text)).flatten() {
            Some(sealed) => self.shapes(&sealed).into_owned().into(),
            None => self.shapes(text),
        }
    }

    /// A value of JSON, with the same members sealed. Patterns hold for its texts, one by one.
    pub fn json(&self, value: Value) -> Value {
        members::seal_value(self, value)
    }

    /// Bytes that are no text: only patterns hold.
    pub fn bytes<'v>(&self, bytes: &'v [u8]) -> Cow<'v, [u8]> {
        let mut bytes = Cow::Borrowed(bytes);
        for pattern in &self.patterns {
            if !pattern.is_match(&bytes) {
                continue;
            }
            let seal = |found: &Captures<'_>| self.shape(found);
            bytes = pattern.replace_all(&bytes, seal).into_owned().into();
        }
        bytes
    }

    /// The seal of a secret.
    pub fn sealed(&self, secret: &[u8]) -> String {
        match self.seal {
            Seal::Plain => "«redacted»".to_owned(),
            Seal::Digest => {
                let digest = Sha256::digest(secret);
                let start = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
                format!("«redacted:{start:08x}»")
            }
        }
    }

    fn shapes<'v>(&self, text: &'v str) -> Cow<'v, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => text.into(),
            // A pattern of bytes may have cut a letter in two.
            Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        }
    }

    /// What a pattern has found, with its secret sealed.
    fn shape(&self, found: &Captures<'_>) -> Vec<u8> {
        let whole = found.get_match();
        let group = found.iter().skip(1).flatten().next();
        let secret = group.unwrap_or(whole);
        if secret.is_empty() {
            return whole.as_bytes().to_vec();
        }
        let before = secret.start() - whole.start();
        let behind = secret.end() - whole.start();
        let mut shown = whole.as_bytes()[..before].to_vec();
        shown.extend_from_slice(self.sealed(secret.as_bytes()).as_bytes());
        shown.extend_from_slice(&whole.as_bytes()[behind..]);
        shown
    }
}

fn check(what: &str, rule: &str, known: usize) -> Result<(), RedactionError> {
    if known >= MOST_RULES {
        return Err(RedactionError(format!(
            "there are more than {MOST_RULES} {what}s of secrets"
        )));
    }
    if rule.is_empty() || rule.len() > MOST_RULE_BYTES {
        return Err(RedactionError(format!(
            "a {what} of secrets has 1 to {MOST_RULE_BYTES} bytes, not {}",
            rule.len()
        )));
    }
    Ok(())
}

impl fmt::Display for RedactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RedactionError {}
