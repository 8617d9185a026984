//! What users write and sockeye evaluates passes through here: templates, each in a box with a budget.
//!
//! Everything is parsed when a configuration is loaded, so that a typing mistake is a configuration error with
//! a place and a remedy, and rendered into the outgoing buffer afterwards. Inserted values are never looked at
//! again: a client that sends `{{env.TOKEN}}` gets those characters back.

pub mod js;
pub mod template;
