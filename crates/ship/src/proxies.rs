//! What the environment says about proxies passes through here and becomes the way to a server.

use std::fmt;

use sockeye_core::{Mistake, Place, Source};
use sockeye_net::Proxy;

use crate::config::Environment;

/// The variables that name a proxy, the first one with a text counts.
const NAMES: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
/// Those that name hosts to which none is needed.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The port of a proxy of which none was said.
const PORT: u16 = 80;

/// The proxies of the environment.
#[derive(Clone, Default)]
pub struct Proxies {
    /// The variable and its text.
    proxy: Option<(&'static str, String)>,
    exceptions: Vec<String>,
}

impl fmt::Debug for Proxies {
    /// Without the address, in which a password may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies")
            .field("variable", &self.proxy.as_ref().map(|(name, _)| name))
            .field("exceptions", &self.exceptions)
            .finish()
    }
}

impl Proxies {
    /// Asks the environment.
    pub fn of(environment: Environment<'_>) -> Self {
        let first = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| {
                let text = (environment.0)(name).filter(|text| !text.is_empty())?;
                Some((name, text))
            })
        };
        let exceptions = first(EXCEPTIONS).map(|(_, text)| text).unwrap_or_default();
        Self {
            proxy: first(NAMES),
            exceptions: exceptions
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase())
                .filter(|name| !name.is_empty())
                .collect(),
        }
    }

    /// The proxy on the way to a host, if there is one.
    pub(crate) fn to(&self, host: &str) -> Result<Option<Proxy>, Mistake> {
        let Some((name, text)) = &self.proxy else {
            return Ok(None);
        };
        let host = host.to_ascii_lowercase();
        if self.exceptions.iter().any(|name| covers(name, &host)) {
            return Ok(None);
        }
        read(text).map(Some).map_err(|(message, remedy)| {
            // The text may have a password in it.
            let place = Place::new(&Source::new(*name, "…"), 0..0);
            Mistake::at(&place, format!("{name} {message}")).remedy(remedy)
        })
    }
}

/// Whether an exception is about a host: its name, `.suffix` or `*.suffix` for what ends so, `*` for all.
fn covers(exception: &str, host: &str) -> bool {
    let suffix = exception.strip_prefix('*').unwrap_or(exception);
    match suffix.strip_prefix('.') {
        Some(domain) => host == domain || host.ends_with(suffix),
        None => suffix.is_empty() || exception == host,
    }
}

/// `http://user:password@host:port`
fn read(text: &str) -> Result<Proxy, (&'static str, &'static str)> {
    let wrong = (
        "is no address of a proxy",
        "write `http://host:port`, or `http://user:password@host:port`",
    );
    let rest = match text.split_once("://") {
        None => text,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
        Some(_) => {
            return Err((
                "names a proxy that does not speak plain HTTP",
                "name one with `http://`, set NO_PROXY for this host, or write `net.proxy_env_ignore on`",
            ));
        }
    };
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    let (user, address) = match rest.rsplit_once('@') {
        Some((user, address)) => (Some(user), address),
        None => (None, rest),
    };
    let (host, port) = split(address).ok_or(wrong)?;
    let is_host = |byte: u8| byte.is_ascii_graphic();
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err(wrong);
    }
    let proxy = Proxy::new(host, port);
    Ok(match user {
        Some(user) => {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            proxy.with_user(user, password)
        }
        None => proxy,
    })
}

/// Host and port; a host of IPv6 is in brackets.
fn split(address: &str) -> Option<(&str, u16)> {
    if let Some(rest) = address.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        let port = rest.strip_prefix(':');
        return Some((host, port.map_or(Some(PORT), |port| port.parse().ok())?));
    }
    match address.split_once(':') {
        Some((host, port)) => Some((host, port.parse().ok()?)),
        None => Some((address, PORT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_proxies() {
        for (text, host, port) in [
            ("http://p:8080", "p", 8080),
            ("HTTP://p:8080/", "p", 8080),
            ("p", "p", 80),
            ("http://[::1]:3128", "::1", 3128),
            ("http://me:a:b@p:1", "p", 1),
        ] {
            let proxy = read(text).unwrap();
            assert_eq!((proxy.host.as_str(), proxy.port), (host, port), "{text}");
        }
        assert_eq!(
            read("http://me:a:b@p:1").unwrap(),
            Proxy::new("p", 1).with_user("me", "a:b")
        );
        for text in [
            "https://p:1",
            "socks5://p",
            "http://",
            "http://p:x",
            "http://p q:1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hosts_that_need_no_proxy() {
        let variable = |name: &str| match name {
            "http_proxy" => Some("http://p:1".to_owned()),
            "NO_PROXY" => Some("localhost, .corp,*.lab".to_owned()),
            _ => None,
        };
        let proxies = Proxies::of(Environment(&variable));
        for host in ["LOCALHOST", "corp", "a.corp", "b.lab"] {
            assert_eq!(proxies.to(host).unwrap(), None, "{host}");
        }
        for host in ["localhost.x", "acorp", "127.0.0.1"] {
            assert!(proxies.to(host).unwrap().is_some(), "{host}");
        }
        let all = |name: &str| Some(if name == "NO_PROXY" { "*" } else { "p:1" }.to_owned());
        assert_eq!(Proxies::of(Environment(&all)).to("h").unwrap(), None);
        assert!(!format!("{proxies:?}").contains("http://"));
    }
}
