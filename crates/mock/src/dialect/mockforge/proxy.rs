//! Keys of a proxy: the server behind it, what is handed on to it, and what happens to messages on the way.

use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderName;
use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, Place, quoted};
use sockeye_net::{ClientTls, ClientTrust, Identity, TlsError, TlsFile};
use sockeye_script::js::ScriptKind;
use sockeye_script::template::{Template, UrlTemplate};

use super::lifecycle::header_name;
use crate::beside::folder_of;
use crate::dialect::Reading;
use crate::dialect::url::{authority, end_of_authority};
use crate::js::Handler;
use crate::proxy::{Allowed, Proxy, Upstream};

/// Where the manual explains proxies.
const PAGE: &str = "docs/proxy.md";

/// The time until the server behind has answered, unless the file says, in milliseconds.
const DEFAULT_TIMEOUT: u64 = 10_000;
/// The longest such time: five minutes.
const LONGEST_TIMEOUT: u64 = 300_000;

/// Reads what a handler of type `proxy` has beside what every handler has. `place` is its type.
pub(super) fn read(
    place: &Place,
    headers: Vec<(HeaderName, Template)>,
    allowed: &Arc<[Allowed]>,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<Proxy> {
    let node = fields.take("upstream").filter(|node| !node.is_null());
    if node.is_none() {
        let mistake = Mistake::at(place, "a handler of type `proxy` needs `upstream`")
            .label("`upstream` is missing")
            .remedy("add `upstream: wss://…`, the server behind the proxy");
        fields.miss("upstream", mistake.page(PAGE));
    }
    let upstream = node.and_then(|node| read_upstream(node, reading));
    let [incoming, outgoing] = read_transform(fields, reading);
    let forward_headers = read_forward_headers(fields, reading);
    let forward_query = reading.bool(fields, "forward_query").unwrap_or_default();
    let timeout = reading.whole(fields, "connect_timeout_ms", 1..=LONGEST_TIMEOUT);
    let is_secure = upstream
        .as_ref()
        .is_some_and(|(upstream, _)| upstream.is_secure);
    let tls = read_tls(is_secure || upstream.is_none(), fields, reading);
    let (upstream, url) = upstream?;
    Some(Proxy {
        upstream,
        tls: tls.filter(|_| is_secure),
        url,
        headers,
        forward_headers,
        forward_query,
        timeout: Duration::from_millis(timeout.unwrap_or(DEFAULT_TIMEOUT)),
        incoming,
        outgoing,
        allowed: Arc::clone(allowed),
    })
}

/// `upstream_allow:` beside the handlers: hosts in private networks that may be called.
pub(super) fn read_allowed(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Arc<[Allowed]> {
    let mut allowed = Vec::new();
    for node in reading.items(fields, "upstream_allow") {
        let Some(text) = node.as_text("an item of `upstream_allow`", reading.mistakes) else {
            continue;
        };
        let host = Allowed::parse(text);
        if host.is_none() {
            let text = format!("{} is no host", quoted(text));
            let remedy = "write `name`, `name:port`, or `*.name` for every name below it";
            reading.mistake(Mistake::at(&node.place, text).remedy(remedy).page(PAGE));
        }
        allowed.extend(host);
    }
    allowed.into()
}

/// Whom to call, and the path and query there.
fn read_upstream(node: &Node, reading: &mut Reading<'_>) -> Option<(Upstream, UrlTemplate)> {
    let written = node.as_text("`upstream`", reading.mistakes)?;
    let text = with_environment(node, written, reading)?;
    // Behind what the environment has filled in, places in the text are none in the file.
    let is_written = text == written;
    let place = |span: std::ops::Range<usize>| {
        if is_written {
            node.place_within(span)
        } else {
            node.place.clone()
        }
    };
    if is_written {
        reading.url(node, "`upstream`", &["ws", "wss"])?;
    }
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let is_secure = scheme == "wss";
    if !is_secure && scheme != "ws" {
        let mistake = format!(
            "`upstream` must start with `ws://` or `wss://`, not {}",
            quoted(&text)
        );
        reading.mistake(Mistake::at(&node.place, mistake).page(PAGE));
        return None;
    }
    let start = scheme.len() + "://".len();
    let length = end_of_authority(rest);
    let (authority, rest) = rest.split_at(length);
    let at = place(start..start + length);
    let upstream = read_authority(authority, is_secure, &at, reading)?;
    let start = is_written.then_some(start + length);
    let url = reading.path_and_query(node, rest, start, PAGE)?;
    Some((upstream, url))
}

/// Fills in `{{env.NAME}}` up to the path: whom we call is settled when the file is read.
fn with_environment(node: &Node, written: &str, reading: &mut Reading<'_>) -> Option<String> {
    let mut text = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("{{") {
        let so_far = format!("{text}{before}");
        let (_, host) = so_far.split_once("://").unwrap_or(("", ""));
        if host.contains(['/', '?', '#']) {
            break;
        }
        let (hole, behind) = after.split_once("}}").unwrap_or((after, ""));
        let Some(name) = hole.trim().strip_prefix("env.") else {
            let start = written.len() - rest.len() + before.len();
            let at = node.place_within(start..start + hole.len() + "{{}}".len());
            let mistake = Mistake::at(
                &at,
                "the host of an upstream has no holes but `{{env.NAME}}`",
            );
            let remedy =
                "write the host; other holes may stand in the path and the query behind it";
            reading.mistake(mistake.remedy(remedy).page(PAGE));
            return None;
        };
        let Ok(value) = std::env::var(name) else {
            let mistake = format!("the environment variable {} is not set", quoted(name));
            let remedy = "set it, or write the address of the server";
            reading.mistake(Mistake::at(&node.place, mistake).remedy(remedy).page(PAGE));
            return None;
        };
        text.push_str(before);
        text.push_str(&value);
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

/// Host and port, which are the author's choice alone.
fn read_authority(
    written: &str,
    is_secure: bool,
    place: &Place,
    reading: &mut Reading<'_>,
) -> Option<Upstream> {
    let mut refuse = |message: String, remedy: &str| {
        reading.mistake(Mistake::at(place, message).remedy(remedy).page(PAGE));
        None
    };
    if written.contains('@') {
        let remedy = "write it as the header `Authorization` under `on_connect: headers:`";
        return refuse("a URL with a user's name is not called".to_owned(), remedy);
    }
    let usual = if is_secure { 443 } else { 80 };
    let Some(parsed) = authority(written) else {
        let remedy = format!("write a name or an address, and a port if it is not {usual}");
        return refuse(format!("{} is no host", quoted(written)), &remedy);
    };
    let host = parsed.host().trim_matches(['[', ']']);
    if is_odd_address(host) {
        let remedy = "write an IPv4 address as four numbers with dots, such as 127.0.0.1";
        return refuse(
            format!("{} is an odd way to write an address", quoted(host)),
            remedy,
        );
    }
    Some(Upstream {
        host: host.into(),
        port: parsed.port_u16().unwrap_or(usual),
        authority: written.into(),
        is_secure,
    })
}

/// Whether the system would take this for an IPv4 address though it is not written as one: `2130706433`,
/// `0x7f.1`, `127.1` (`inet_aton`).
fn is_odd_address(host: &str) -> bool {
    let is_number = |part: &str| {
        let hex = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
        match hex {
            Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
        }
    };
    let host = host.trim_end_matches('.');
    let last = host.rsplit('.').next().unwrap_or_default();
    is_number(last) && host.parse::<std::net::IpAddr>().is_err()
}

/// Scripts by direction: `incoming` is from the client, `outgoing` to it.
fn read_transform(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> [Option<Arc<Handler>>; 2] {
    let node = fields.take("transform").filter(|node| !node.is_null());
    let Some(mut fields) = node.and_then(|node| reading.fields(node, "`transform`")) else {
        return [None, None];
    };
    let found =
        ["incoming", "outgoing"].map(|key| reading.script(&mut fields, key, ScriptKind::Transform));
    reading.finish(fields);
    found
}

fn read_forward_headers(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<HeaderName> {
    let mut names = Vec::new();
    for node in reading.items(fields, "forward_headers") {
        let written = node.as_text("an item of `forward_headers`", reading.mistakes);
        let name = written.and_then(|written| header_name(written, &node.place, reading));
        names.extend(name);
    }
    names
}

/// `tls:` of a proxy: whom it trusts, and what it shows.
fn read_tls(
    is_secure: bool,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<ClientTls> {
    let mut trust = ClientTrust::default();
    let mut nodes = [None; 3];
    if let Some((key, node)) = fields.take_entry("tls") {
        if !is_secure {
            let mistake = Mistake::at(
                &key.place,
                "`tls` means nothing for an upstream in the clear",
            );
            reading.mistake(
                mistake
                    .remedy("write `wss://` in `upstream`, or remove `tls`")
                    .page(PAGE),
            );
        }
        let mut tls = reading.fields(node, "`tls`")?;
        trust.insecure = reading.bool(&mut tls, "insecure").unwrap_or_default();
        nodes = ["ca_path", "cert_path", "key_path"].map(|key| tls.take(key));
        reading.finish(tls);
    }
    if !is_secure {
        return None;
    }
    let [authorities, certificate, key] = nodes;
    let mut path = |node: Option<&Node>, what: &str| {
        let node = node?;
        let path = folder_of(&node.place).join(node.as_text(what, reading.mistakes)?);
        reading.note_file(path.clone());
        Some(path)
    };
    trust.authorities = path(authorities, "`ca_path`");
    let pair = (path(certificate, "`cert_path`"), path(key, "`key_path`"));
    if let (Some(one), None) | (None, Some(one)) = (certificate, key) {
        let mistake = Mistake::at(&one.place, "`cert_path` and `key_path` come together");
        reading.mistake(mistake.remedy("name both files, or neither").page(PAGE));
    }
    let identity = match &pair {
        (Some(certificate), Some(key)) => Identity::read(certificate, key).map(Some),
        _ => Ok(None),
    };
    let made = identity.and_then(|identity| {
        trust.identity = identity;
        ClientTls::new(&trust)
    });
    made.map_err(|error| reading.proxy_tls_mistake(nodes, &error))
        .ok()
}

impl Reading<'_> {
    /// Tells a mistake in a file where that file is named.
    fn proxy_tls_mistake(&mut self, nodes: [Option<&Node>; 3], error: &TlsError) {
        let [authorities, certificate, key] = nodes;
        let named = match error.file {
            TlsFile::Authorities => authorities,
            TlsFile::Certificate => certificate,
            TlsFile::Key => key,
        };
        let Some(node) = named else { return };
        let name = quoted(node.text().unwrap_or_default());
        let mistake = Mistake::at(&node.place, format!("{name}{}", error.flaw));
        let mistake = mistake.remedy(error.flaw.remedy()).page(PAGE);
        // Who only looks at a file may not have what lies beside it on the server.
        self.mistake(if self.serving {
            mistake
        } else {
            mistake.warning()
        });
    }
}
