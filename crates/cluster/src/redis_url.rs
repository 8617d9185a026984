//! Where Redis is: addresses as users write them, and as they may be shown.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisConnectionInfo};

/// The port of a Redis that says none.
const PORT: u16 = 6379;

/// The address of a Redis:
///
/// - `redis://[user][:password]@host[:port][/db]`, port 6379 and database 0 when they are left out
/// - `unix:///path/to/redis.sock[?db=1&user=name&pass=word]`, also written `redis+unix://`
///
/// Signs that mean something in a URL are written `%2F` and the like. Shown with its password masked.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl {
    place: Place,
    user: Option<String>,
    password: Option<String>,
    db: u16,
}

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Tcp { host: String, port: u16 },
    Unix(String),
}

impl RedisUrl {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// What is wrong, without any part of the text: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        match scheme {
            "redis" => tcp(rest),
            "unix" | "redis+unix" => unix(rest),
            "rediss" => Err("TLS to Redis is not served yet".to_owned()),
            _ => Err("it does not begin with `redis://` or `unix://`".to_owned()),
        }
    }

    /// The address as the client library takes it.
    pub(crate) fn connection_info(&self) -> Result<ConnectionInfo, redis::RedisError> {
        let place = match &self.place {
            Place::Tcp { host, port } => ConnectionAddr::Tcp(host.clone(), *port),
            Place::Unix(path) => ConnectionAddr::Unix(PathBuf::from(path)),
        };
        let mut settings = RedisConnectionInfo::default()
            .set_db(self.db.into())
            .set_protocol(redis::ProtocolVersion::RESP3)
            .set_skip_set_lib_name();
        if let Some(user) = &self.user {
            settings = settings.set_username(user);
        }
        if let Some(password) = &self.password {
            settings = settings.set_password(password);
        }
        Ok(place.into_connection_info()?.set_redis_settings(settings))
    }
}

fn tcp(rest: &str) -> Result<RedisUrl, String> {
    if rest.contains(['?', '#']) {
        return Err(
            "`?` and `#` have no meaning after `redis://`; in a password they are written %3F and %23"
                .to_owned(),
        );
    }
    let (authority, db) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, place) = match authority.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, authority),
    };
    let (host, port) = host_and_port(place)?;
    let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
        Some((user, password)) => (part(user)?, part(password)?),
        None => (None, None),
    };
    if user.is_some() && password.is_none() {
        return Err("there is a user without a password: write user:password@host".to_owned());
    }
    Ok(RedisUrl {
        place: Place::Tcp { host, port },
        user,
        password,
        db: database(db.trim_end_matches('/'))?,
    })
}

fn unix(rest: &str) -> Result<RedisUrl, String> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        return Err("the path of the socket does not begin with `/`".to_owned());
    }
    let mut url = RedisUrl {
        place: Place::Unix(part(path)?.unwrap_or_default()),
        user: None,
        password: None,
        db: 0,
    };
    for (key, value) in query.split('&').filter_map(|pair| {
        pair.split_once('=')
            .or((!pair.is_empty()).then_some((pair, "")))
    }) {
        match key {
            "db" => url.db = database(value)?,
            "user" => url.user = part(value)?,
            "pass" | "password" => url.password = part(value)?,
            _ => return Err("only `db`, `user` and `pass` may follow the `?`".to_owned()),
        }
    }
    if url.user.is_some() && url.password.is_none() {
        return Err("there is a `user` without a `pass`".to_owned());
    }
    Ok(url)
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
fn host_and_port(place: &str) -> Result<(String, u16), String> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let unclosed = || "the `[` of the host is not closed".to_owned();
            let (host, port) = rest.split_once(']').ok_or_else(unclosed)?;
            (host, port.strip_prefix(':').unwrap_or(port))
        }
        None => place.split_once(':').unwrap_or((place, "")),
    };
    if host.is_empty() {
        return Err("there is no host".to_owned());
    }
    let port = match port {
        "" => Some(PORT),
        port => port.parse().ok().filter(|port| *port != 0),
    };
    // The text is not shown: it may be the rest of a password with a `/` in it.
    let port = port.ok_or(
        "the port is not a number from 1 to 65,535; a `/` or `@` in a password is written %2F or %40",
    )?;
    Ok((part(host)?.unwrap_or_default(), port))
}

fn database(text: &str) -> Result<u16, String> {
    match text {
        "" => Ok(0),
        text => text
            .parse()
            .map_err(|_| "the database is not a number from 0 to 65,535".to_owned()),
    }
}

/// A part with its `%2F` read; nothing if it is empty.
fn part(text: &str) -> Result<Option<String>, String> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_| "what the `%` stand for is not UTF-8".to_owned())?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_deref().unwrap_or_default();
        match &self.place {
            Place::Tcp { host, port } => {
                f.write_str("redis://")?;
                if self.password.is_some() {
                    write!(f, "{user}:***@")?;
                }
                if host.contains(':') {
                    write!(f, "[{host}]:{port}")?;
                } else {
                    write!(f, "{host}:{port}")?;
                }
                if self.db != 0 {
                    write!(f, "/{}", self.db)?;
                }
            }
            Place::Unix(path) => {
                write!(f, "unix://{path}")?;
                let db = (self.db != 0).then(|| format!("db={}", self.db));
                let user = self.user.as_ref().map(|user| format!("user={user}"));
                let password = self.password.as_ref().map(|_| "pass=***".to_owned());
                let query: Vec<String> = [db, user, password].into_iter().flatten().collect();
                if !query.is_empty() {
                    write!(f, "?{}", query.join("&"))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_their_password() {
        for (text, shown) in [
            ("redis://localhost", "redis://localhost:6379"),
            ("redis://localhost:7000/3", "redis://localhost:7000/3"),
            ("redis://localhost/", "redis://localhost:6379"),
            ("redis://[::1]:7000", "redis://[::1]:7000"),
            ("redis://[::1]", "redis://[::1]:6379"),
            ("redis://:secret@h", "redis://:***@h:6379"),
            ("redis://ada:secret@h/1", "redis://ada:***@h:6379/1"),
            ("redis://ada:se@cr:et@h", "redis://ada:***@h:6379"),
            ("unix:///run/r.sock", "unix:///run/r.sock"),
            ("redis+unix:///r.sock?db=2", "unix:///r.sock?db=2"),
            (
                "unix:///r?user=ada&pass=secret",
                "unix:///r?user=ada&pass=***",
            ),
        ] {
            let url = RedisUrl::parse(text).unwrap();
            assert_eq!(url.to_string(), shown, "{text}");
            assert!(!format!("{url:?}").contains("secret"), "{text}");
        }
        let url = RedisUrl::parse("redis://%40da:%2F%3f@h").unwrap();
        let login = (url.user.as_deref(), url.password.as_deref());
        assert_eq!(login, (Some("@da"), Some("/?")));
    }

    #[test]
    fn a_wrong_address_is_explained_without_showing_it() {
        for (text, wrong) in [
            ("", "begin with"),
            ("localhost:6379", "begin with"),
            ("http://secret", "begin with"),
            ("rediss://h", "TLS to Redis is not served yet"),
            ("redis://", "no host"),
            ("redis://:secret@", "no host"),
            ("redis://:6379", "no host"),
            ("redis://h:0", "the port"),
            ("redis://h:99999", "the port"),
            ("redis://ada:secret/x@h", "the port"),
            ("redis://ada@h", "user without a password"),
            ("redis://h/x", "the database"),
            ("redis://h/99999", "the database"),
            ("redis://h?secret", "%3F"),
            ("redis://[::1", "not closed"),
            ("redis://:%ff@h", "UTF-8"),
            ("unix://r.sock", "begin with `/`"),
            ("unix:///r?secret=1", "only `db`"),
            ("unix:///r?user=a", "without a `pass`"),
        ] {
            let error = RedisUrl::parse(text).unwrap_err();
            assert!(error.contains(wrong), "{text}: {error}");
            assert!(!error.contains("secret"), "{text}: {error}");
        }
    }
}
