//! A piece of an engine's memory passes through here: held back, and given up when a script is stopped.
//!
//! The engine stops a script with an error that cannot be caught. At its memory limit it cannot make that error,
//! throws `null` instead, and aborts the process when an async function is to be rejected with it. So there has to
//! be memory left at the moment of an interrupt.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs::{Ctx, Persistent, Result, String as JsString};

/// Many times what an error with its stack trace takes.
const BYTES: usize = 256 * 1024;

/// Memory that the interrupt handler can give back to the engine.
#[derive(Clone, Debug, Default)]
pub(super) struct Reserve(Rc<RefCell<Option<Persistent<JsString<'static>>>>>);

impl Reserve {
    /// Takes the memory, unless it is still there. Needed before any code runs that may be interrupted.
    pub(super) fn fill(&self, ctx: &Ctx<'_>) -> Result<()> {
        if self.0.borrow().is_none() {
            let text = JsString::from_str(ctx.clone(), &"-".repeat(BYTES))?;
            self.0.replace(Some(Persistent::save(ctx, text)));
        }
        Ok(())
    }

    /// Gives the memory back.
    pub(super) fn release(&self) {
        self.0.take();
    }
}
