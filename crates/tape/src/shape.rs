//! An entry on its way to or from JSON: the members that the session file and the `.part` file share.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::limits::MESSAGE_BYTES;
use crate::{Content, Cue, Direction, Entry};

/// What `type` may say.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Text,
    Binary,
    Ping,
    Pong,
    Close,
    /// Nothing is sent; only waited for.
    Wait,
}

/// An entry without its time. Unknown members are ignored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shape<'a> {
    pub(crate) direction: Direction,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    data: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connection_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait_for: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    template: bool,
}

impl<'a> From<&'a Entry> for Shape<'a> {
    fn from(entry: &'a Entry) -> Self {
        let mut code = None;
        let (kind, data) = match &entry.content {
            None => (Kind::Wait, Cow::Borrowed("")),
            Some(Content::Text(text)) => (Kind::Text, Cow::Borrowed(text.as_str())),
            Some(Content::Binary(bytes)) => (Kind::Binary, STANDARD.encode(bytes).into()),
            Some(Content::Ping(bytes)) => (Kind::Ping, STANDARD.encode(bytes).into()),
            Some(Content::Pong(bytes)) => (Kind::Pong, STANDARD.encode(bytes).into()),
            Some(Content::Close {
                code: number,
                reason,
            }) => {
                code = *number;
                (Kind::Close, Cow::Borrowed(reason.as_str()))
            }
        };
        let cue = entry.cue.as_deref();
        Self {
            direction: entry.direction,
            kind,
            data,
            code,
            connection_id: entry.connection.as_deref().map(Cow::Borrowed),
            path: entry.path.as_deref().map(Cow::Borrowed),
            wait_for: cue
                .and_then(|cue| cue.wait_for.as_deref())
                .map(Cow::Borrowed),
            template: cue.is_some_and(|cue| cue.template),
        }
    }
}

impl Shape<'_> {
    /// The entry, at time zero; or what is wrong with it. `shared` finds one text for equal ones.
    pub(crate) fn entry(self, shared: &mut Shared) -> Result<Entry, String> {
        if self.data.len() > MESSAGE_BYTES * 2 {
            return Err(format!("the message is longer than {MESSAGE_BYTES} bytes"));
        }
        let cue = Cue {
            wait_for: self.wait_for.map(Cow::into_owned),
            template: self.template,
        };
        let content = match self.kind {
            Kind::Wait => None,
            Kind::Text => Some(Content::Text(self.data.into_owned())),
            Kind::Binary => Some(Content::Binary(bytes(&self.data)?)),
            Kind::Ping => Some(Content::Ping(control(bytes(&self.data)?)?)),
            Kind::Pong => Some(Content::Pong(control(bytes(&self.data)?)?)),
            Kind::Close => Some(close(self.code, self.data.into_owned())?),
        };
        if content
            .as_ref()
            .is_some_and(|content| content.len() > MESSAGE_BYTES)
        {
            return Err(format!("the message is longer than {MESSAGE_BYTES} bytes"));
        }
        Ok(Entry {
            at: Duration::ZERO,
            direction: self.direction,
            content,
            connection: self.connection_id.map(|text| shared.of(&text)),
            path: self.path.map(|text| shared.of(&text)),
            cue: (cue != Cue::default()).then(|| Box::new(cue)),
        })
    }
}

/// The bytes behind base64.
pub(crate) fn bytes(data: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(data).map_err(|problem| {
        let problem = problem.to_string();
        format!("`data` is not base64: {}", problem.trim_end_matches('.'))
    })
}

fn control(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    match bytes.len() {
        0..=125 => Ok(bytes),
        length => Err(format!(
            "a ping or pong carries at most 125 bytes, this one {length}"
        )),
    }
}

/// A Close, if one could be sent like that (RFC 6455, sections 5.5.1 and 7.4).
pub(crate) fn close(code: Option<u16>, reason: String) -> Result<Content, String> {
    if reason.len() > 123 {
        return Err(format!(
            "a reason has at most 123 bytes, this one {}",
            reason.len()
        ));
    }
    Ok(Content::Close { code, reason })
}

/// Texts of which a file has few and repeats them often.
#[derive(Debug, Default)]
pub(crate) struct Shared(Vec<Arc<str>>);

/// Different texts that are remembered.
const SHARED: usize = 64;

impl Shared {
    /// One shared text for equal ones, as long as there are few.
    pub(crate) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.iter().find(|known| &***known == text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        if self.0.len() == SHARED {
            self.0.remove(0);
        }
        self.0.push(Arc::clone(&new));
        new
    }
}
