//! Texts with holes pass through here: one engine for MockForge's and Moclojer's (Selmer's) template dialects.
//!
//! ```text
//! text ──scan──> pieces ──shape──> is it JSON? ──┬─ plain holes ──> segments   (rendered by us, no allocation)
//!                                               └─ tags, filters ──> program  (rendered by minijinja)
//! ```
//!
//! # Rules that hold in both dialects
//!
//! - A text that is exactly one hole keeps the value's JSON type where a JSON value is asked for
//!   ([`Template::render_json`], [`Template::value`]); every other text is a concatenation in which objects and
//!   arrays appear as compact JSON.
//! - A value that is not there, or is `null`, is nothing in a text; a lone hole without a value is `null`.
//! - A text that is itself a JSON object or array is *in JSON mode*: a hole inside a string literal is escaped
//!   for that literal, a hole outside of one emits a JSON value.
//! - `\{{` and `\{%` write `{{` and `{%`.
//! - Nothing is ever escaped for HTML, no file is read, nothing that was inserted is parsed again.
//! - A render writes at most [`OUTPUT_LIMIT`] bytes and takes at most [`STEP_LIMIT`] steps.

mod condition;
mod document;
mod error;
mod evaluate;
mod expression;
mod filter;
mod helper;
mod mistake;
mod names;
mod path;
mod pattern;
mod scan;
mod scope;
mod selmer;
mod shape;
mod text;
mod url;
mod uses;
mod value;
mod word;
mod write;

pub use condition::Condition;
pub use document::JsonTemplate;
pub use error::{OUTPUT_LIMIT, RenderError, STEP_LIMIT};
pub use filter::{Filter, filters};
pub use helper::{Helper, helpers};
pub use mistake::TemplateMistake;
pub use names::Dialect;
pub use scope::{Found, Root, Scope, Step, Vars, walk};
pub use selmer::{Tag, tags};
pub use text::Template;
pub use url::UrlTemplate;
pub use uses::Uses;
