//! Keys beside `handlers:`: TLS, queues, the log.

use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Node};

use crate::dialect::Reading;

/// What happens when a client does not read fast enough.
const ON_SLOW: [(&str, ()); 3] = [("close", ()), ("drop", ()), ("wait", ())];
/// How much of a message is logged.
const LOG_MESSAGES: [(&str, ()); 3] = [("off", ()), ("meta", ()), ("full", ())];
/// Versions of TLS.
const TLS_VERSIONS: [(&str, ()); 2] = [("1.2", ()), ("1.3", ())];
/// Whether clients show a certificate.
const CLIENT_AUTH: [(&str, ()); 3] = [("off", ()), ("optional", ()), ("required", ())];

pub(super) fn check_tls(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`tls`") else {
        return;
    };
    let enabled = reading.bool(&mut fields, "enabled").unwrap_or(true);
    let self_signed = reading.bool(&mut fields, "self_signed").unwrap_or(false);
    let is_needed = enabled && !self_signed;
    check_pem(&mut fields, "cert_path", is_needed, reading);
    check_pem(&mut fields, "key_path", is_needed, reading);
    reading.text(&mut fields, "ca_path");
    reading.choice(&mut fields, "client_auth", &CLIENT_AUTH);
    reading.choice(&mut fields, "min_version", &TLS_VERSIONS);
    reading.finish(fields);
}

fn check_pem(
    fields: &mut Fields<'_>,
    key: &'static str,
    is_needed: bool,
    reading: &mut Reading<'_>,
) {
    let is_missing = !fields.has(key);
    reading.text(fields, key);
    if is_needed && is_missing {
        let mistake = Mistake::at(fields.place(), format!("`tls` needs `{key}`"))
            .label(format!("`{key}` is missing"))
            .remedy(format!(
                "add `{key}`, a PEM file, or write `self_signed: true`"
            ));
        fields.miss(key, mistake);
    }
}

pub(super) fn check_replay_file(node: &Node, reading: &mut Reading<'_>) {
    node.as_text("`replay_file`", reading.mistakes);
}

pub(super) fn check_outbound_queue(node: &Node, reading: &mut Reading<'_>) {
    node.as_u64("`outbound_queue`", 1..=1_000_000, reading.mistakes);
}

pub(super) fn check_on_slow(node: &Node, reading: &mut Reading<'_>) {
    node.as_choice("`on_slow`", &ON_SLOW, reading.mistakes);
}

pub(super) fn check_log_messages(node: &Node, reading: &mut Reading<'_>) {
    node.as_choice("`log_messages`", &LOG_MESSAGES, reading.mistakes);
}
