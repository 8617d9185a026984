//! What the environment says about a server: the guide's variables and Moclojer's.

use std::env;
use std::str::FromStr;

use sockeye_mock::{Notation, Overrides, PathPattern};

/// Settings from environment variables. `None`: not set.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `MOCKFORGE_WS_ENABLED`
    pub(crate) enabled: Option<bool>,
    /// `SOCKEYE_HOST`, `MOCKFORGE_WS_HOST` or `HOST`
    pub(crate) host: Option<String>,
    /// `SOCKEYE_PORT`, `MOCKFORGE_WS_PORT` or `PORT`
    pub(crate) port: Option<u16>,
    /// `MOCKFORGE_WS_MAX_CONNECTIONS`
    pub(crate) max_connections: Option<usize>,
    /// `MOCKFORGE_WS_HOTRELOAD`
    pub(crate) watch: Option<bool>,
    /// `SOCKEYE_SEED`
    pub(crate) seed: Option<u64>,
    /// About the admin listener.
    pub(crate) admin: AdminEnvironment,
    /// `CONFIG`
    pub(crate) config: Option<String>,
    /// `MOCKFORGE_WS_PATH`, `MOCKFORGE_WS_MAX_MESSAGE_SIZE`, `MOCKFORGE_WS_PING_INTERVAL`,
    /// `MOCKFORGE_WS_REPLAY_FILE`
    pub(crate) overrides: Overrides,
}

/// What the environment says about the admin listener.
#[derive(Debug, Default)]
pub(crate) struct AdminEnvironment {
    /// `SOCKEYE_ADMIN_HOST`
    pub(crate) host: Option<String>,
    /// `SOCKEYE_ADMIN_PORT`
    pub(crate) port: Option<u16>,
    /// `SOCKEYE_ADMIN_TOKEN`
    pub(crate) token: Option<String>,
}

impl Environment {
    /// Reads the process environment. The error is one sentence that names the variable.
    pub(crate) fn read() -> Result<Self, String> {
        Self::from(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = "a whole number";
        let mut port = None;
        for name in ["SOCKEYE_PORT", "MOCKFORGE_WS_PORT", "PORT"] {
            port = port.or(parsed(&get, name, "a port from 0 to 65535")?);
        }
        let host = ["SOCKEYE_HOST", "MOCKFORGE_WS_HOST", "HOST"];
        let path = get("MOCKFORGE_WS_PATH");
        if let Some(path) = &path
            && PathPattern::parse(path, Notation::Braces).is_err()
        {
            return Err(wrong("MOCKFORGE_WS_PATH", path, "a path like `/ws`"));
        }
        Ok(Self {
            enabled: flag(&get, "MOCKFORGE_WS_ENABLED")?,
            host: host.into_iter().find_map(&get),
            port,
            admin: AdminEnvironment {
                host: get("SOCKEYE_ADMIN_HOST"),
                port: parsed(&get, "SOCKEYE_ADMIN_PORT", "a port from 0 to 65535")?,
                token: get("SOCKEYE_ADMIN_TOKEN"),
            },
            seed: parsed(&get, "SOCKEYE_SEED", number)?,
            max_connections: parsed(&get, "MOCKFORGE_WS_MAX_CONNECTIONS", number)?,
            watch: flag(&get, "MOCKFORGE_WS_HOTRELOAD")?,
            config: get("CONFIG"),
            overrides: Overrides {
                path,
                message_bytes: parsed(&get, "MOCKFORGE_WS_MAX_MESSAGE_SIZE", number)?,
                ping_seconds: seconds(&get, "MOCKFORGE_WS_PING_INTERVAL")?,
                replay_file: get("MOCKFORGE_WS_REPLAY_FILE").map(Into::into),
                ..Overrides::default()
            },
        })
    }
}

fn parsed<T: FromStr>(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    expected: &str,
) -> Result<Option<T>, String> {
    let Some(value) = get(name) else {
        return Ok(None);
    };
    value
        .trim()
        .parse()
        .map(Some)
        .map_err(|_| wrong(name, &value, expected))
}

fn seconds(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<Option<f64>, String> {
    const DAY: f64 = 86_400.0;
    let expected = "seconds from 0 to 86400";
    let value: Option<f64> = parsed(get, name, expected)?;
    match value {
        Some(value) if !(0.0..=DAY).contains(&value) => {
            Err(wrong(name, &value.to_string(), expected))
        }
        value => Ok(value),
    }
}

fn flag(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<Option<bool>, String> {
    let Some(value) = get(name) else {
        return Ok(None);
    };
    match value.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(Some(true)),
        "0" | "false" | "no" | "off" => Ok(Some(false)),
        _ => Err(wrong(name, &value, "true or false")),
    }
}

fn wrong(name: &str, value: &str, expected: &str) -> String {
    format!("the environment variable {name} must be {expected}, not {value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Environment, String> {
        Environment::from(|name| {
            pairs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_guides_variables_count_more_than_moclojers() {
        let both = read(&[("PORT", "1"), ("MOCKFORGE_WS_PORT", "2"), ("HOST", "a")]).unwrap();
        assert_eq!((both.port, both.host.as_deref()), (Some(2), Some("a")));
        assert_eq!(read(&[("PORT", "1")]).unwrap().port, Some(1));
    }

    #[test]
    fn a_wrong_value_is_named() {
        for (name, value, expected) in [
            ("PORT", "http", "a port from 0 to 65535"),
            ("MOCKFORGE_WS_PORT", "65536", "a port from 0 to 65535"),
            ("MOCKFORGE_WS_ENABLED", "maybe", "true or false"),
            ("MOCKFORGE_WS_PATH", "ws", "a path like `/ws`"),
            (
                "MOCKFORGE_WS_PING_INTERVAL",
                "-1",
                "seconds from 0 to 86400",
            ),
            ("MOCKFORGE_WS_MAX_MESSAGE_SIZE", "1.5", "a whole number"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            let text = format!("the environment variable {name} must be {expected}, not {value:?}");
            assert_eq!(error, text);
        }
    }
}
