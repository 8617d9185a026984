//! A map as a list of pairs whose keys and values stay msgpack bytes: what filters look at and change.

use std::borrow::Cow;

use super::{Fault, Reader, Token, pack};

/// One pair of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The key, one msgpack value; nearly always a string.
    pub key: Cow<'a, [u8]>,
    /// The value, one msgpack value.
    pub value: Cow<'a, [u8]>,
}

impl Entry<'_> {
    /// The key's text, if it is a string.
    pub fn name(&self) -> Option<&[u8]> {
        text(&self.key)
    }

    /// The same with bytes of its own.
    pub fn into_owned(self) -> Entry<'static> {
        Entry {
            key: self.key.into_owned().into(),
            value: self.value.into_owned().into(),
        }
    }

    /// The value's text, if it is a string.
    pub fn text(&self) -> Option<&[u8]> {
        text(&self.value)
    }
}

/// The pairs of a map in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries<'a>(pub Vec<Entry<'a>>);

impl<'a> Entries<'a> {
    /// Of the bytes of a map.
    pub fn of(map: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(map);
        let pairs = match reader.token()? {
            Token::Map(pairs) => pairs,
            other => return Err(Fault::NotAMap(other.name())),
        };
        // A count is a promise of the sender; only bytes that are there make entries.
        let mut entries = Vec::new();
        for _ in 0..pairs {
            let (key, value) = (Cow::Borrowed(reader.raw()?), Cow::Borrowed(reader.raw()?));
            entries.push(Entry { key, value });
        }
        Ok(Self(entries))
    }

    /// The last value under a name: of several, the last one is the one that JSON shows.
    pub fn get(&self, name: &[u8]) -> Option<&[u8]> {
        let entry = self
            .0
            .iter()
            .rev()
            .find(|entry| entry.name() == Some(name))?;
        Some(&entry.value)
    }

    /// Adds a pair at the end.
    pub fn push(&mut self, name: &[u8], value: impl Into<Cow<'a, [u8]>>) {
        let mut key = Vec::with_capacity(name.len() + 5);
        pack::string(&mut key, name);
        self.0.push(Entry {
            key: key.into(),
            value: value.into(),
        });
    }

    /// Appends the map.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        pack::map(out, self.0.len());
        for entry in &self.0 {
            out.extend_from_slice(&entry.key);
            out.extend_from_slice(&entry.value);
        }
    }
}

fn text(value: &[u8]) -> Option<&[u8]> {
    match Reader::new(value).token() {
        Ok(Token::Str(text)) => Some(text),
        _ => None,
    }
}
