//! Who may ask: programs on the machine or in the network, and pages of this machine, but not pages of the web.
//!
//! A page on the web can make a browser send requests to loopback. It cannot hide its `Origin`, and where it has its own
//! name point to this machine, it cannot hide that name in `Host`. Programs send no `Origin`, and call by address.

use std::net::IpAddr;

use ::http::{HeaderMap, Uri, header};

/// Decides about requests.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The name that was listened on.
    host: String,
    /// Whether other machines are to reach the service.
    is_open: bool,
}

/// Where a page comes from in a handshake of drafts 7 and 8.
const OLD_ORIGIN: &str = "sec-websocket-origin";

impl Guard {
    /// A guard of a service that was asked to listen on `host`, which is the address `ip`.
    pub fn new(host: &str, ip: IpAddr) -> Self {
        Self {
            host: name_of(host).to_ascii_lowercase(),
            is_open: !ip.is_loopback(),
        }
    }

    /// Whether a request may be answered.
    ///
    /// # Errors
    ///
    /// It was sent to another name, or by the page of another site: what to say about it.
    pub fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), &'static str> {
        let values = |name: &str| headers.get_all(name).iter();
        let mut hosts = values(header::HOST.as_str()).map(|host| host.to_str().unwrap_or_default());
        let target = uri.authority().map(::http::uri::Authority::as_str);
        if !hosts.all(|host| self.is_own(host)) || !target.is_none_or(|host| self.is_own(host)) {
            return Err("this service answers to its own name only: call it by its address");
        }
        let host = values(header::HOST.as_str()).next();
        let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
        let mut origins = values(header::ORIGIN.as_str()).chain(values(OLD_ORIGIN));
        let is_near = |origin: &::http::HeaderValue| {
            let page = origin.to_str().ok().and_then(|origin| {
                let rest = origin.strip_prefix("http://");
                rest.or_else(|| origin.strip_prefix("https://"))
            });
            page.is_some_and(|page| is_loopback(page) || same_name(page, host))
        };
        let site = headers
            .get("sec-fetch-site")
            .map(::http::HeaderValue::as_bytes);
        let is_foreign = site == Some(b"cross-site") && headers.get(header::ORIGIN).is_none();
        if !origins.all(is_near) || is_foreign {
            return Err("pages of other sites may not ask here: use a page of this machine");
        }
        Ok(())
    }

    /// A name of ours: loopback, the name that was listened on; in a network any address, and names without a dot, which
    /// nobody can register.
    fn is_own(&self, host: &str) -> bool {
        let name = name_of(host).to_ascii_lowercase();
        let is_address = name.parse::<IpAddr>().is_ok();
        is_loopback(host)
            || name == self.host
            || self.is_open && (is_address || !name.contains('.') && !name.is_empty())
    }
}

/// A host without its port and brackets.
fn name_of(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    match host.split_once(':') {
        // More than one colon: an address without brackets.
        Some((_, rest)) if rest.contains(':') => host,
        Some((name, _)) => name,
        None => host,
    }
}

fn is_loopback(host: &str) -> bool {
    let name = name_of(host);
    let address: Option<IpAddr> = name.parse().ok();
    name.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

fn same_name(one: &str, other: &str) -> bool {
    name_of(one).eq_ignore_ascii_case(name_of(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(host: &str, ip: &str, pairs: &[(&str, &str)]) -> bool {
        let guard = Guard::new(host, ip.parse().expect("an address"));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: ::http::HeaderName = name.parse().expect("a name");
            headers.append(name, value.parse().expect("a value"));
        }
        guard.admit(&Uri::from_static("/"), &headers).is_ok()
    }

    #[test]
    fn programs_and_near_pages_are_admitted() {
        let local = |pairs: &[_]| admits("127.0.0.1", "127.0.0.1", pairs);
        assert!(local(&[("host", "127.0.0.1:8887")]));
        assert!(local(&[("host", "localhost:1234")]));
        assert!(local(&[("host", "[::1]:8887")]));
        assert!(local(&[
            ("host", "localhost:8887"),
            ("origin", "http://localhost:3000")
        ]));
        assert!(local(&[
            ("host", "localhost:8887"),
            ("origin", "https://127.0.0.1")
        ]));
    }

    #[test]
    fn pages_of_the_web_are_not() {
        let local = |pairs: &[_]| admits("127.0.0.1", "127.0.0.1", pairs);
        assert!(!local(&[("host", "evil.example:8887")]));
        assert!(!local(&[("host", "127.0.0.1.evil.example:8887")]));
        assert!(!local(&[("host", "evil")]));
        for origin in [
            "http://evil.example",
            "null",
            "file://",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
        ] {
            assert!(
                !local(&[("host", "localhost:8887"), ("origin", origin)]),
                "{origin}"
            );
            assert!(
                !local(&[("host", "localhost"), (OLD_ORIGIN, origin)]),
                "{origin}"
            );
        }
        let image = [("host", "localhost:8887"), ("sec-fetch-site", "cross-site")];
        assert!(!local(&image));
    }

    #[test]
    fn in_a_network_addresses_and_short_names_are_called() {
        let open = |pairs: &[_]| admits("0.0.0.0", "0.0.0.0", pairs);
        assert!(open(&[("host", "10.0.0.7:8887")]));
        assert!(open(&[("host", "graphwalker:8887")]));
        assert!(open(&[
            ("host", "walker:8887"),
            ("origin", "http://walker:3000")
        ]));
        assert!(!open(&[
            ("host", "walker:8887"),
            ("origin", "http://other:3000")
        ]));
        assert!(!open(&[("host", "evil.example:8887")]));
        let named = |pairs: &[_]| admits("gw.example", "10.0.0.7", pairs);
        assert!(named(&[("host", "GW.example:8887")]));
    }
}
