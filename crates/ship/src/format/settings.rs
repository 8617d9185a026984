//! The properties of an output become the settings of its format.

use super::{Compat, DateFormat, GelfKeys, Kind, Settings};
use crate::properties::{Key, Kind as Value, Properties};

/// What an output may say about its format.
pub const KEYS: &[Key] = &[
    Key::new(
        "format",
        Value::Choice(&["msgpack", "json", "json_lines", "json_stream", "gelf"]),
        Some("msgpack"),
        "how records are written: msgpack, json, json_lines, json_stream or gelf",
    ),
    Key::new(
        "json_date_key",
        Value::Text,
        Some("date"),
        "the key of a record's time in JSON; empty for none",
    ),
    Key::new(
        "json_date_format",
        Value::Choice(&[
            "double",
            "iso8601",
            "java_sql_timestamp",
            "epoch",
            "epoch_ms",
            "epoch_millis",
            "epoch_milliseconds",
        ]),
        Some("double"),
        "how JSON writes that time",
    ),
    Key::new(
        "compat",
        Value::Choice(&["none", "fluentbit"]),
        Some("none"),
        "`fluentbit` writes Fluent Bit's bytes, also where they are no JSON",
    ),
    Key::new(
        "gelf_host_key",
        Value::Text,
        Some("host"),
        "the key of GELF's host",
    ),
    Key::new(
        "gelf_short_message_key",
        Value::Text,
        Some("short_message"),
        "the key of GELF's short_message",
    ),
    Key::new(
        "gelf_full_message_key",
        Value::Text,
        Some("full_message"),
        "the key of GELF's full_message",
    ),
    Key::new(
        "gelf_timestamp_key",
        Value::Text,
        Some("timestamp"),
        "the key of GELF's timestamp",
    ),
    Key::new(
        "gelf_level_key",
        Value::Text,
        Some("level"),
        "the key of GELF's level",
    ),
    Key::new(
        "gelf_default_short_message",
        Value::Text,
        None,
        "GELF's short_message for records without one, which are refused otherwise",
    ),
];

/// What the properties say, read against a table that has [`KEYS`]. Whether JSON is pure ASCII is the
/// service's to say.
pub fn settings(properties: &Properties<'_>) -> Settings {
    let text = |key| properties.text(key).unwrap_or_default().to_owned();
    let kind = properties.choice("format").and_then(Kind::named);
    let date_format = properties
        .choice("json_date_format")
        .and_then(DateFormat::named);
    let is_reference = properties.choice("compat") == Some("fluentbit");
    Settings {
        kind: kind.unwrap_or_default(),
        date_key: properties.text("json_date_key").map(str::to_owned),
        date_format: date_format.unwrap_or_default(),
        compat: if is_reference {
            Compat::FluentBit
        } else {
            Compat::None
        },
        gelf: GelfKeys {
            host: text("gelf_host_key"),
            short_message: text("gelf_short_message_key"),
            full_message: text("gelf_full_message_key"),
            timestamp: text("gelf_timestamp_key"),
            level: text("gelf_level_key"),
            default_short_message: properties
                .text("gelf_default_short_message")
                .map(str::to_owned),
        },
        ..Settings::default()
    }
}
