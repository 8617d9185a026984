//! A new engine passes through here before any user's text: emptied of what could leave the box, and frozen.

use rquickjs::context::intrinsic;
use rquickjs::{Ctx, Function, Object, Persistent, Result};

/// The parts of the language that scripts have. Not among them: weak references, which make the collector's
/// moments visible, and the host's clocks.
pub(super) type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
);

/// Functions that the host calls, out of scripts' reach.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    /// `(text, binary, type, size, timestamp)` to the envelope of a message.
    pub(super) envelope: Persistent<Function<'static>>,
    /// `(message, text, binary)` to the message with its hidden members.
    pub(super) fallback: Persistent<Function<'static>>,
    /// A `Uint8Array` to a text of one character for each byte.
    pub(super) latin1: Persistent<Function<'static>>,
    /// A text, or an array of bytes, to its length in units.
    pub(super) length: Persistent<Function<'static>>,
    /// A text to the same text without halves of characters.
    pub(super) well_formed: Persistent<Function<'static>>,
}

/// Locks the engine down. Every name the host defines must be there before.
pub(super) fn lock_down(ctx: &Ctx<'_>) -> Result<Tools> {
    let tools: Object = ctx.eval(include_str!("lockdown.js"))?;
    let tool = |name: &str| -> Result<Persistent<Function<'static>>> {
        Ok(Persistent::save(ctx, tools.get::<_, Function>(name)?))
    };
    Ok(Tools {
        envelope: tool("envelope")?,
        fallback: tool("fallback")?,
        latin1: tool("latin1")?,
        length: tool("length")?,
        well_formed: tool("wellFormed")?,
    })
}
