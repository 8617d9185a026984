//! What is shown or logged passes through here: secrets that are known by the names they go by are left out.
//!
//! Nobody has a list of such names of its own. What a user says is secret, and what is kept in recordings, is the
//! business of [`Redactor`](crate::Redactor).

mod line;
mod members;
mod names;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use line::{covered, covered_addresses};
pub use members::{in_json, in_text};
pub use names::is_secret;

/// What stands in the place of a secret.
pub const HIDDEN: &str = "«redacted»";

/// Whether two secrets are the same, in a time that depends on the lengths only.
pub fn same(one: &[u8], two: &[u8]) -> bool {
    let pairs = one.iter().zip(two);
    let differs = pairs.fold(0, |all, (one, two)| all | (one ^ two));
    one.len() == two.len() && differs == 0
}

/// The value of a header or a parameter, by its name in any case of letters.
///
/// Of the offered subprotocols those that look like tokens are left out, of addresses (`referer`, `location`, `origin`)
/// what is secret in them.
pub fn value<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if is_secret(name) {
        return HIDDEN.into();
    }
    let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is(&["sec-websocket-protocol"]) {
        return subprotocols(value);
    }
    if is(&["referer", "location", "origin"]) {
        return address(value);
    }
    value.into()
}

/// The name of a subprotocol: left out if it looks like a token, for browsers have no other place for one.
pub fn subprotocol(name: &str) -> Cow<'_, str> {
    if names::is_token(name) {
        HIDDEN.into()
    } else {
        name.into()
    }
}

fn subprotocols(value: &str) -> Cow<'_, str> {
    let mut names = value.split(',').map(str::trim);
    if !names.clone().any(names::is_token) {
        return value.into();
    }
    let first = names.next().map(subprotocol).unwrap_or_default();
    names
        .fold(first.into_owned(), |all, name| {
            all + ", " + &subprotocol(name)
        })
        .into()
}

/// A URL, or path and query of one: who logs in and the values of secret parameters are left out.
pub fn address(address: &str) -> Cow<'_, str> {
    let user = names::user_info(address).into_iter();
    hide(
        address,
        user.chain(names::parameters(address)).collect(),
        HIDDEN,
    )
}

/// The text with a mark in the place of each of these parts, which are in order.
fn hide<'t>(text: &'t str, parts: Vec<Range<usize>>, mark: &str) -> Cow<'t, str> {
    if parts.is_empty() {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for part in parts {
        shown.push_str(&text[from..part.start]);
        shown.push_str(mark);
        from = part.end;
    }
    shown.push_str(&text[from..]);
    shown.into()
}
