//! Who may ask: the host that was asked for, the page that sent the request, the token that it brings.
//!
//! A page on the web can make a browser send requests to loopback; it cannot choose `Host`, and it cannot hide
//! its `Origin`. So both are checked on every request, whatever its method (DNS rebinding, cross-site requests).

use std::net::{IpAddr, SocketAddr};

use ::http::{HeaderMap, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sockeye_core::secrets;

use super::answer::Problem;

/// The subprotocol prefix under which a page brings its token: it cannot set headers on a WebSocket.
const TOKEN_PROTOCOL: &str = "sockeye.token.";

/// Decides about requests.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The names by which the listener may be called, without a port.
    hosts: Vec<String>,
    port: u16,
    token: Option<String>,
}

impl Guard {
    /// A guard of a listener at `address`, which was asked for as `host`.
    pub(crate) fn new(host: &str, address: SocketAddr, token: Option<String>) -> Self {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(Into::into).into();
        let own = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        hosts.push(own);
        hosts.push(host.to_ascii_lowercase());
        Self {
            hosts,
            port: address.port(),
            token,
        }
    }

    /// Whether a request may be answered at all.
    ///
    /// # Errors
    ///
    /// It was sent to another name, or by the page of another site.
    pub(crate) fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let forbidden = |text: &str| Problem::new(StatusCode::FORBIDDEN, text);
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok());
        let is_one = hosts.next().is_none();
        let target = uri.authority().map(::http::uri::Authority::as_str);
        let known = |host: &str| self.is_own(host);
        if !is_one || !host.is_some_and(known) || !target.is_none_or(known) {
            return Err(forbidden(
                "this listener answers to its own name only; call it by its address",
            ));
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let is_own_page = |origin: &::http::HeaderValue| {
            let origin = origin.to_str().ok();
            let rest = origin.and_then(|origin| origin.strip_prefix("http://"));
            rest.is_some_and(|host| self.is_own(host))
        };
        if !origins.all(is_own_page) || is_from_elsewhere(headers) {
            return Err(forbidden("pages of other sites may not ask here"));
        }
        Ok(())
    }

    /// Whether a request brings the token, if there must be one. A token in the address is ignored.
    ///
    /// # Errors
    ///
    /// It brings none, or another one.
    pub(crate) fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else {
            return Ok(());
        };
        let brought = bearer(headers).or_else(|| from_subprotocols(headers));
        if brought.is_some_and(|brought| secrets::same(brought.as_bytes(), token.as_bytes())) {
            return Ok(());
        }
        let text = "this needs the admin token; send `Authorization: Bearer TOKEN`";
        Err(Problem::new(StatusCode::UNAUTHORIZED, text))
    }

    /// `name:port` of this listener.
    fn is_own(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port),
            // Only the default port may be left out.
            _ => (host.as_str(), "80"),
        };
        let right_port = port.parse() == Ok(self.port) && !port.starts_with(['+', '0']);
        right_port && self.hosts.iter().any(|own| own == name)
    }
}

/// Whether a browser says that the page of another site asks. An image or a script is asked for without an `Origin`;
/// a link that somebody follows is no page's question.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(::http::HeaderValue::as_bytes);
    let site = said("sec-fetch-site");
    let is_elsewhere = matches!(site, Some(b"cross-site" | b"same-site"));
    is_elsewhere && said("sec-fetch-mode") != Some(b"navigate")
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.to_owned())
}

fn from_subprotocols(headers: &HeaderMap) -> Option<String> {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let mut names = offered
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let token = names.find_map(|name| name.trim().strip_prefix(TOKEN_PROTOCOL))?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        let address = SocketAddr::from(([127, 0, 0, 1], 3000));
        Guard::new("127.0.0.1", address, Some("t0ken".to_owned()))
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                (
                    name.parse::<::http::HeaderName>().unwrap(),
                    value.parse().unwrap(),
                )
            })
            .collect()
    }

    fn admits(pairs: &[(&'static str, &str)]) -> bool {
        guard()
            .admit(&Uri::from_static("/"), &headers(pairs))
            .is_ok()
    }

    #[test]
    fn the_host_must_be_our_own() {
        for host in [
            "127.0.0.1:3000",
            "localhost:3000",
            "LocalHost:3000",
            "[::1]:3000",
        ] {
            assert!(admits(&[("host", host)]), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:3000",
            "127.0.0.1",
            "127.0.0.1:3001",
            "127.0.0.1.:3000",
            "localhost.:3000",
            "localhost.evil.example:3000",
            "127.0.0.1:03000",
            "127.0.0.1:+3000",
            "127.0.0.2:3000",
            "2130706433:3000",
            "[::ffff:127.0.0.1]:3000",
            "[::1]",
            "",
        ] {
            assert!(!admits(&[("host", host)]), "{host}");
        }
        assert!(!admits(&[]));
        assert!(!admits(&[
            ("host", "localhost:3000"),
            ("host", "evil.example")
        ]));
        let absolute = Uri::from_static("http://evil.example/");
        let own = headers(&[("host", "localhost:3000")]);
        assert!(guard().admit(&absolute, &own).is_err());
    }

    #[test]
    fn the_origin_must_be_our_own_if_there_is_one() {
        let from = |origin| admits(&[("host", "localhost:3000"), ("origin", origin)]);
        for origin in [
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(from(origin), "{origin}");
        }
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:3000",
            "http://localhost",
            "http://localhost:8080",
            "http://10.0.0.1:3000",
            "file://",
            "",
        ] {
            assert!(!from(origin), "{origin}");
        }
    }

    #[test]
    fn the_token_travels_in_a_header_or_as_a_subprotocol() {
        let may = |pairs: &[_]| guard().check_token(&headers(pairs)).is_ok();
        assert!(may(&[("authorization", "Bearer t0ken")]));
        assert!(may(&[("authorization", "bearer  t0ken ")]));
        let encoded = format!(
            "sockeye.events, sockeye.token.{}",
            URL_SAFE_NO_PAD.encode("t0ken")
        );
        assert!(may(&[("sec-websocket-protocol", &encoded)]));
        for wrong in [
            "Bearer",
            "Bearer t0kem",
            "Bearer t0ken2",
            "Basic t0ken",
            "t0ken",
        ] {
            assert!(!may(&[("authorization", wrong)]), "{wrong}");
        }
        assert!(!may(&[("sec-websocket-protocol", "sockeye.token.t0ken")]));
        assert!(!may(&[]));
    }
}
