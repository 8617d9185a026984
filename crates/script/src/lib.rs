//! What users write and sockeye evaluates passes through here: templates and JavaScript, in a box with a budget.
//!
//! Everything is parsed when a configuration is loaded, so that a typing mistake is a configuration error with
//! a place and a remedy. Templates are rendered into the outgoing buffer afterwards; inserted values are never
//! looked at again: a client that sends `{{env.TOKEN}}` gets those characters back. Scripts run on threads of
//! their own and answer with what they want done.

pub mod js;
pub mod template;
