//! An answer that is not 101 passes through here and becomes one line for the log, and a wait if the server asks for one.

use std::time::Duration;

use sockeye_core::Clock;
use sockeye_net::DialError;
use sockeye_wire::handshake::ResponseError;

/// Bytes of the answer's body that are shown.
const SHOWN: usize = 200;

/// Lines of an answer's head that are looked at.
const LINES: usize = 100;

/// Why there is no connection.
#[derive(Debug)]
pub(super) struct Refusal {
    /// One line.
    pub(super) text: String,
    /// The status, if there was one.
    pub(super) status: Option<u16>,
    /// How long the server wants us to stay away.
    pub(super) retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn of(error: &DialError, clock: &Clock) -> Self {
        let DialError::Handshake {
            host,
            port,
            error,
            answer,
        } = error
        else {
            return Self {
                text: error.to_string(),
                status: None,
                retry_after: None,
            };
        };
        let ResponseError::Status { status } = error else {
            return Self {
                text: format!("{host}:{port} did not upgrade: {error}"),
                status: None,
                retry_after: None,
            };
        };
        let answer = Answer::of(answer);
        let mut text = format!("{host}:{port} refused the upgrade: {status}");
        for part in [
            answer.reason,
            hint(*status)
                .map(|hint| format!("({hint})"))
                .unwrap_or_default(),
        ] {
            if !part.is_empty() {
                text.push(' ');
                text.push_str(&part);
            }
        }
        if !answer.body.is_empty() {
            text.push_str(": ");
            text.push_str(&answer.body);
        }
        let retry_after = answer.retry_after.and_then(|text| wait(&text, clock));
        Self {
            text,
            status: Some(*status),
            retry_after,
        }
    }
}

/// What a status means for someone who ships records.
fn hint(status: u16) -> Option<&'static str> {
    Some(match status {
        200..=299 => "there is a web server, but no WebSocket at this path",
        300..=399 => "redirects are not followed: write the new address",
        400 => "the server does not like the request: see its answer",
        401 => "the server wants credentials: add `header Authorization ...`",
        403 => "the server does not let us in: check credentials and headers",
        404 => "nothing at this path: check `uri`",
        407 => "a proxy on the way wants credentials",
        426 => "the server wants another protocol: check `uri`, and `tls`",
        429 => "too many requests",
        503 => "the server is not ready",
        _ => return None,
    })
}

/// The parts of an answer that are shown or heeded.
struct Answer {
    reason: String,
    retry_after: Option<String>,
    body: String,
}

impl Answer {
    fn of(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = match end {
            Some(at) => (answer.get(..at), answer.get(at + 4..)),
            None => (Some(answer), None),
        };
        let head = String::from_utf8_lossy(head.unwrap_or_default());
        let mut lines = head.lines().take(LINES);
        let first = lines.next().unwrap_or_default();
        let reason = first.splitn(3, ' ').nth(2).unwrap_or_default();
        let mut fields = lines.filter_map(|line| line.split_once(':'));
        let retry_after = fields.find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let body = body.unwrap_or_default();
        let shown = body.get(..SHOWN).unwrap_or(body);
        let mut body = String::from_utf8_lossy(shown).trim().to_owned();
        if shown.len() == SHOWN {
            body.push('…');
        }
        Self {
            reason: reason.trim().chars().take(SHOWN).collect(),
            retry_after: retry_after.map(|(_, value)| value.trim().to_owned()),
            body,
        }
    }
}

/// What `Retry-After` says: seconds, or a date (RFC 9110 section 10.2.3).
fn wait(text: &str, clock: &Clock) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let wait = date.timestamp().duration_since(clock.now());
    Some(Duration::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sockeye_core::Clock;
    use sockeye_net::DialError;
    use sockeye_wire::handshake::ResponseError;

    use super::Refusal;

    fn refusal(status: u16, answer: &str) -> Refusal {
        let clock = Clock::fixed("2026-11-21T20:00:00Z".parse().unwrap());
        let error = DialError::Handshake {
            host: "h".to_owned(),
            port: 9,
            error: ResponseError::Status { status },
            answer: answer.into(),
        };
        Refusal::of(&error, &clock)
    }

    #[test]
    fn b8_a_refusal_is_one_line_with_status_reason_and_body() {
        let said = refusal(403, "HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\nnot you\n");
        assert_eq!(
            said.text,
            "h:9 refused the upgrade: 403 Forbidden (the server does not let us in: \
             check credentials and headers): not you"
        );
        assert_eq!((said.status, said.retry_after), (Some(403), None));
        let said = refusal(500, "HTTP/1.1 500\r\n\r\n");
        assert_eq!(said.text, "h:9 refused the upgrade: 500");
        let body = "x".repeat(1000);
        let said = refusal(404, &format!("HTTP/1.1 404 Not Found\r\n\r\n{body}"));
        assert!(
            said.text
                .ends_with(&format!("`uri`): {}…", "x".repeat(200)))
        );
    }

    #[test]
    fn b8_a_server_may_say_when_to_come_back() {
        let asked = |value: &str| {
            let head = format!("HTTP/1.1 503 Busy\r\nretry-after: {value}\r\n\r\n");
            refusal(503, &head).retry_after
        };
        assert_eq!(asked("120"), Some(Duration::from_mins(2)));
        let later = "Sat, 21 Nov 2026 20:01:30 GMT";
        assert_eq!(asked(later), Some(Duration::from_secs(90)));
        let earlier = "Sat, 21 Nov 2026 19:00:00 GMT";
        assert_eq!(asked(earlier), Some(Duration::ZERO));
        assert_eq!(asked("soon"), None);
    }
}
