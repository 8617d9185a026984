//! The instant of a recording passes through here: RFC 3339 in UTC, as finely as milliseconds.

use std::borrow::Cow;

use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
use sockeye_core::Timestamp;

/// The text of an instant; what is below a millisecond is cut off.
pub(crate) fn text(instant: Timestamp) -> String {
    let whole = Timestamp::from_millisecond(instant.as_millisecond());
    whole.unwrap_or(instant).to_string()
}

pub(crate) fn serialize<S: Serializer>(instant: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text(*instant))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    text.parse()
        .map_err(|_| D::Error::custom("`recorded_at` is no instant such as 2024-01-15T10:30:00Z"))
}
