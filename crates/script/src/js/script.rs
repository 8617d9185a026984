//! A user's script passes through here: checked when a configuration is loaded, wrapped for the engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ScriptMistake;
use super::check::check;

/// Where a script is written, which decides how it is read and what its names mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptKind {
    /// The body of `type: script`; `message` is the envelope.
    Script,
    /// The body of `rules[].handler`; `message` is the parsed JSON.
    Handler,
    /// The body of `methods[].handler`: beside `message`, the JSON-RPC request, there are its `params`, `id` and
    /// `method`. The result is `{"result": …}`, or `{"error": {code, message, data}}` if the script throws an object
    /// with a whole number as its `code`.
    Method,
    /// The expression of `rules[].when`; `message` as in a handler, the result is its truth.
    When,
    /// The body of `transform`; `msg` is the parsed JSON or a text, `message` the envelope. In sloppy mode, where
    /// setting a member of a text does nothing.
    Transform,
    /// The script of a replay, in sloppy mode, too: a body that uses `msg` and `ctx`, or a module whose
    /// `export default` is a function of the two. The message is JSON with `text` or `bytes`, and `ctx`.
    Replay,
}

impl ScriptKind {
    /// Whether the text is in strict mode.
    pub(super) fn strict(self) -> bool {
        !matches!(self, Self::Transform | Self::Replay)
    }

    /// What stands before the user's text: it ends its line, so that the text's columns are the user's.
    fn opening(self) -> &'static str {
        match self {
            Self::When => "async function () { return (\n",
            _ => "async function () {\n",
        }
    }

    /// What stands after it: on a line of its own, since the text may end in a `//` comment.
    fn closing(self) -> &'static str {
        match self {
            Self::When => "\n); }",
            Self::Replay => {
                "\nreturn typeof _default === 'function' ? _default(msg, ctx) : undefined; }"
            }
            _ => "\n}",
        }
    }

    fn parameters(self) -> &'static str {
        match self {
            Self::Transform => "msg, message",
            _ => "message",
        }
    }
}

/// Around the body of a method: the request's members as names, and its end as the members of a reply.
const CALL: &str = "const { params, id, method } = message; return";
const REPLY: &str = ".then((result) => ({ result: result === undefined ? null : result }), (error) => { \
    if (typeof error !== 'object' || error === null || !Number.isInteger(error.code)) throw error; \
    const { code, message, data } = error; return { error: { code, message: String(message), data } }; })";

/// Around the body of a replay: its message as `msg`, what is known of it as `ctx`.
const PLAYED: &str = "const { ctx } = message; let msg = message.bytes && new Uint8Array(message.bytes); \
    if (!msg) try { msg = JSON.parse(message.text); } catch { msg = message.text; } return";

/// What a module says before its function, and what stands in its place: as many letters, so that columns
/// are the user's.
const EXPORT: &str = "export default";
const DEFAULT: &str = "var _default =";

/// A module with one default export as the body of a function; another text as it is.
fn body_of_module(source: &str) -> Box<str> {
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let code = line.trim_start();
        if let Some(rest) = code.strip_prefix(EXPORT)
            && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
        {
            let start = at + line.len() - code.len();
            let (before, after) = (&source[..start], &source[start + EXPORT.len()..]);
            return [before, DEFAULT, after].concat().into();
        }
        at += line.len();
    }
    source.into()
}

/// The lines before the user's text in [`Script::body`] and [`Script::program`].
pub(super) const LINES_BEFORE: u32 = 1;

/// A checked script. Cheap to clone; the engines of the script threads compile it when they first run it.
#[derive(Clone, Debug)]
pub struct Script(Arc<Text>);

#[derive(Debug)]
struct Text {
    id: u64,
    kind: ScriptKind,
    source: Box<str>,
}

impl Script {
    /// Checks a script's syntax. The place of a mistake is a place in `source`.
    pub fn new(kind: ScriptKind, source: &str) -> Result<Self, ScriptMistake> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let script = Self(Arc::new(Text {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind,
            source: match kind {
                ScriptKind::Replay => body_of_module(source),
                _ => source.into(),
            },
        }));
        check(&script)?;
        Ok(script)
    }

    /// The kind it was checked as.
    pub fn kind(&self) -> ScriptKind {
        self.0.kind
    }

    /// The user's text.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    pub(super) fn id(&self) -> u64 {
        self.0.id
    }

    /// Whether somebody besides `self` still holds the script.
    pub(super) fn in_use(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// The name under which the engine knows the text in its stack traces.
    pub(super) fn file(&self) -> String {
        format!("script-{}", self.0.id)
    }

    /// The async function around the text.
    pub(super) fn body(&self) -> String {
        let kind = self.0.kind;
        [kind.opening(), &self.0.source, kind.closing()].concat()
    }

    /// The function that is called with the message. The message's name is in a scope outside of the user's, so
    /// that the text may declare a `const` of the same name.
    pub(super) fn program(&self) -> String {
        let parameters = self.0.kind.parameters();
        let body = self.body();
        match self.0.kind {
            ScriptKind::Replay => format!("(function (message) {{ {PLAYED} ({body})(); }})"),
            ScriptKind::Method => format!("(function (message) {{ {CALL} ({body})(){REPLY}; }})"),
            _ => format!("(function ({parameters}) {{ return ({body})(); }})"),
        }
    }
}
