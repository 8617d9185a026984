//! Why there is no connection, for who asked for it: what the server said, and what to try.

use sockeye_net::DialError;

use super::super::shown::harmless;

/// Characters of a body that are shown.
const BODY_LETTERS: usize = 500;

/// What a server answered instead of 101.
struct Answer {
    status_line: String,
    status: u16,
    location: Option<String>,
    body: String,
}

/// One sentence, and for an answer in HTTP what it was.
pub(crate) fn explain(error: &DialError, url: &str) -> String {
    match error {
        DialError::Tls { reason, .. } => {
            let hint = if reason.contains("nobody who is trusted") {
                "; --ca FILE trusts one more authority, --insecure any certificate"
            } else if reason.contains("certificate") {
                "; --insecure takes any certificate"
            } else if reason.contains("not TLS") {
                "; perhaps it is ws:// and not wss://"
            } else if reason.contains("alert") {
                "; it may want a certificate, --cert FILE --key FILE"
            } else {
                ""
            };
            format!("{error}{hint}")
        }
        DialError::Handshake { answer, .. } => match Answer::read(answer) {
            Some(answer) if answer.status != 101 => answer.explain(url),
            _ => error.to_string(),
        },
        DialError::Timeout { .. } => format!("{error}; --timeout SECONDS gives it more"),
        _ => error.to_string(),
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, body) = bytes.split_at_checked(end + 4)?;
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status_line = lines.next()?.to_owned();
        let status = status_line.split(' ').nth(1)?.parse().ok()?;
        let fields: Vec<_> = lines.filter_map(|line| line.split_once(':')).collect();
        let field = |name: &str| {
            let mut fields = fields.iter();
            let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned())
        };
        let is_chunked = field("transfer-encoding").is_some();
        let body = if is_chunked {
            joined(body)
        } else {
            body.to_vec()
        };
        Some(Self {
            status,
            location: field("location"),
            body: String::from_utf8_lossy(&body).trim().to_owned(),
            status_line,
        })
    }

    fn explain(&self, url: &str) -> String {
        let mut text = format!("{url} refused: {}", harmless(&self.status_line));
        let start: String = self.body.chars().take(BODY_LETTERS).collect();
        for line in start.lines() {
            text.push_str("\n  ");
            text.push_str(&harmless(line));
        }
        if start.len() < self.body.len() {
            text.push_str(" …");
        }
        if let Some(hint) = self.hint() {
            text.push_str("\n  ");
            text.push_str(&hint);
        }
        text
    }

    fn hint(&self) -> Option<String> {
        let hint = match self.status {
            200..=299 => "what answers there is no WebSocket: is the path right?",
            300..=399 => {
                let location = self.location.as_deref()?;
                return Some(format!("it is elsewhere: {}", harmless(location)));
            }
            401 | 403 => {
                "credentials are missing or wrong: ws://NAME:PASSWORD@HOST/ or \
                 --header 'Authorization: …'; some servers look at --origin"
            }
            404 => "is the path right?",
            426 => "it wants another protocol or version than WebSocket 13 over HTTP/1.1",
            400 => "it may want a --subprotocol, or a --header",
            429 | 503 => "it has too much to do; try again later",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// A body that came in chunks (RFC 9112 section 7.1), as far as it came.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let (line, after) = rest.split_at(end);
        let line = String::from_utf8_lossy(line);
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size @ 1..) = usize::from_str_radix(size, 16) else {
            break;
        };
        let after = after.get(2..).unwrap_or_default();
        let (chunk, next) = after.split_at(size.min(after.len()));
        body.extend_from_slice(chunk);
        rest = next.get(2..).unwrap_or_default();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_shown_with_a_hint() {
        let answer =
            Answer::read(b"HTTP/1.1 302 Found\r\nlocation: /b\x1b\r\n\r\nmoved\x07\r\nto b\n");
        assert_eq!(
            answer.unwrap().explain("ws://a/"),
            "ws://a/ refused: HTTP/1.1 302 Found\n  moved\\u{7}\n  to b\n  it is elsewhere: /b\\u{1b}"
        );
    }

    #[test]
    fn chunks_are_joined_and_long_bodies_cut() {
        assert_eq!(joined(b"3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n"), b"abcde");
        assert_eq!(joined(b"ffffffffffffffff\r\nabc"), b"abc");
        assert_eq!(joined(b"x\r\nabc"), b"");
        let long = format!("HTTP/1.1 500 No\r\n\r\n{}", "é".repeat(501));
        let shown = Answer::read(long.as_bytes()).unwrap().explain("u");
        assert!(shown.ends_with(&format!("{} …", "é".repeat(500))));
    }
}
