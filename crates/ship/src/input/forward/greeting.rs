//! The greeting of the forward protocol passes through here: HELO, PING and PONG, with what both sides know.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha512};
use sockeye_core::Random;

use crate::record::{Reader, Token, pack};

/// What a sender must know.
pub(super) struct Secrets {
    pub(super) key: String,
    /// Our name.
    pub(super) host: String,
    pub(super) users: Vec<User>,
}

/// Somebody who may send.
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
}

/// Secrets never reach a log.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets of {} users", self.users.len())
    }
}

/// What we say first.
pub(super) struct Hello {
    nonce: [u8; 16],
    auth: [u8; 16],
    pub(super) bytes: Vec<u8>,
}

/// What we say to the sender's greeting.
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    /// Why it may not send.
    pub(super) refusal: Option<&'static str>,
}

/// What the sender says.
struct Ping<'p> {
    host: &'p [u8],
    salt: &'p [u8],
    digest: &'p [u8],
    user: &'p [u8],
    password: &'p [u8],
}

impl Secrets {
    /// `["HELO", {"nonce": …, "auth": …, "keepalive": true}]`
    pub(super) fn hello(&self, random: &mut Random) -> Hello {
        let mut hello = Hello {
            nonce: bytes(random),
            auth: bytes(random),
            bytes: Vec::new(),
        };
        let out = &mut hello.bytes;
        pack::array(out, 2);
        pack::string(out, b"HELO");
        pack::map(out, 3);
        pack::string(out, b"nonce");
        pack::binary(out, &hello.nonce);
        pack::string(out, b"auth");
        // Without users nobody is asked for a password.
        pack::binary(
            out,
            if self.users.is_empty() {
                &[]
            } else {
                &hello.auth
            },
        );
        pack::string(out, b"keepalive");
        pack::boolean(out, true);
        hello
    }

    /// `["PONG", whether, why not, our name, digest]`
    pub(super) fn answer(&self, hello: &Hello, ping: &[u8]) -> Answer {
        let read = read(ping);
        let refusal = match &read {
            None => Some("no greeting"),
            Some(ping) => self.refusal(hello, ping),
        };
        let digest = match (&read, refusal) {
            (Some(ping), None) => self.digest(ping.salt, self.host.as_bytes(), &hello.nonce),
            _ => String::new(),
        };
        let mut bytes = Vec::new();
        pack::array(&mut bytes, 5);
        pack::string(&mut bytes, b"PONG");
        pack::boolean(&mut bytes, refusal.is_none());
        pack::string(&mut bytes, refusal.unwrap_or_default().as_bytes());
        pack::string(&mut bytes, self.host.as_bytes());
        pack::string(&mut bytes, digest.as_bytes());
        Answer { bytes, refusal }
    }

    fn refusal(&self, hello: &Hello, ping: &Ping<'_>) -> Option<&'static str> {
        let expected = self.digest(ping.salt, ping.host, &hello.nonce);
        if !is_same(expected.as_bytes(), ping.digest) {
            return Some("shared key mismatch");
        }
        if self.users.is_empty() {
            return None;
        }
        let is_known = self.users.iter().any(|user| {
            let parts = [&hello.auth, user.name.as_bytes(), user.password.as_bytes()];
            user.name.as_bytes() == ping.user && is_same(hex(&parts).as_bytes(), ping.password)
        });
        (!is_known).then_some("username/password mismatch")
    }

    fn digest(&self, salt: &[u8], host: &[u8], nonce: &[u8]) -> String {
        hex(&[salt, host, nonce, self.key.as_bytes()])
    }
}

/// `["PING", its name, salt, digest, user, digest of the password]`
fn read(ping: &[u8]) -> Option<Ping<'_>> {
    let mut reader = Reader::new(ping);
    if reader.token().ok()? != Token::Array(6) {
        return None;
    }
    let mut text = || match reader.token().ok()? {
        Token::Str(text) | Token::Bin(text) => Some(text),
        _ => None,
    };
    if text()? != b"PING" {
        return None;
    }
    Some(Ping {
        host: text()?,
        salt: text()?,
        digest: text()?,
        user: text()?,
        password: text()?,
    })
}

fn bytes(random: &mut Random) -> [u8; 16] {
    (u128::from(random.bits()) << 64 | u128::from(random.bits())).to_be_bytes()
}

fn hex(parts: &[&[u8]]) -> String {
    let mut hash = Sha512::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Compares in a time that does not tell where the difference is.
fn is_same(expected: &[u8], given: &[u8]) -> bool {
    let differences = expected
        .iter()
        .zip(given)
        .fold(0, |all, (one, other)| all | (one ^ other));
    expected.len() == given.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(users: Vec<User>) -> Secrets {
        Secrets {
            key: "secret".to_owned(),
            host: "here".to_owned(),
            users,
        }
    }

    fn ping(hello: &Hello, key: &str, user: &str, password: &str) -> Vec<u8> {
        let mut out = Vec::new();
        pack::array(&mut out, 6);
        let digest = hex(&[b"salt", b"there", &hello.nonce, key.as_bytes()]);
        let password = hex(&[&hello.auth, user.as_bytes(), password.as_bytes()]);
        for text in ["PING", "there", "salt", &digest, user, &password] {
            pack::string(&mut out, text.as_bytes());
        }
        out
    }

    #[test]
    fn who_knows_the_key_and_a_password_may_send() {
        let user = || User {
            name: "ann".to_owned(),
            password: "pw".to_owned(),
        };
        for (users, key, name, password, refusal) in [
            (vec![], "secret", "", "", None),
            (vec![], "wrong", "", "", Some("shared key mismatch")),
            (vec![user()], "secret", "ann", "pw", None),
            (
                vec![user()],
                "secret",
                "ann",
                "no",
                Some("username/password mismatch"),
            ),
            (
                vec![user()],
                "secret",
                "bob",
                "pw",
                Some("username/password mismatch"),
            ),
        ] {
            let secrets = secrets(users);
            let hello = secrets.hello(&mut Random::seeded(1));
            let answer = secrets.answer(&hello, &ping(&hello, key, name, password));
            assert_eq!(answer.refusal, refusal, "{key} {name}");
        }
    }

    #[test]
    fn what_is_no_greeting_is_refused() {
        let secrets = secrets(Vec::new());
        let hello = secrets.hello(&mut Random::seeded(1));
        for ping in [&[][..], &[0xc0], &[0x96, 0xa1, b'x'], &[0x91, 0x01]] {
            assert_eq!(secrets.answer(&hello, ping).refusal, Some("no greeting"));
        }
    }
}
