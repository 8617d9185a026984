//! Close codes and the payload of a Close frame (RFC 6455 sections 5.5.1 and 7.4).

use std::fmt;

use crate::utf8;
use crate::violation::ViolationKind;

/// A close code that may stand on the wire.
///
/// 1004, 1005, 1006 and 1015 exist but are never sent (RFC 6455 section 7.4.1); to send one of them
/// on purpose build a [`RawFrame`](crate::RawFrame).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the endpoint goes away: a server stops, a page is left.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the peer broke RFC 6455.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: this kind of data is not accepted.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1007: text that is not UTF-8, or another payload that is not what it must be.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008: a rule of this endpoint was broken.
    pub const POLICY: Self = Self(1008);
    /// 1009: a message is too large.
    pub const TOO_BIG: Self = Self(1009);
    /// 1011: the endpoint failed.
    pub const INTERNAL: Self = Self(1011);
    /// 1012: the service restarts (IANA registry).
    pub const SERVICE_RESTART: Self = Self(1012);
    /// 1013: the service is overloaded, try again later (IANA registry).
    pub const TRY_AGAIN: Self = Self(1013);
    /// 1014: a gateway got a bad answer from the server behind it (IANA registry).
    pub const BAD_GATEWAY: Self = Self(1014);

    /// The code with this number, if it may stand on the wire: 1000 to 1003, 1007 to 1014 (RFC 6455
    /// section 7.4.1 and the IANA registry), 3000 to 4999 (libraries and applications).
    pub const fn new(code: u16) -> Option<Self> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => Some(Self(code)),
            _ => None,
        }
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a Close frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseFrame<'a> {
    /// Why the connection is closed.
    pub code: CloseCode,
    /// The same for humans; may be empty, at most 123 bytes.
    pub reason: &'a str,
}

impl<'a> CloseFrame<'a> {
    /// Reads the unmasked payload of a Close frame; an empty one says nothing and is allowed.
    pub(crate) fn parse(payload: &'a [u8]) -> Result<Option<Self>, ViolationKind> {
        let Some((code, reason)) = payload.split_first_chunk() else {
            return if payload.is_empty() {
                Ok(None)
            } else {
                Err(ViolationKind::HalfCloseCode)
            };
        };
        let code = u16::from_be_bytes(*code);
        let code = CloseCode::new(code).ok_or(ViolationKind::CloseCode { code })?;
        let reason = utf8::whole(reason)
            .map_err(|bad| ViolationKind::CloseReasonNotUtf8 { offset: bad.offset })?;
        Ok(Some(Self { code, reason }))
    }
}

#[cfg(test)]
mod tests {
    use super::CloseCode;

    #[test]
    fn the_codes_that_may_stand_on_the_wire() {
        let allowed = |code: u16| {
            [
                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
            ]
            .contains(&code)
                || code / 1000 == 3
                || code / 1000 == 4
        };
        for code in 0..=u16::MAX {
            assert_eq!(
                CloseCode::new(code).map(CloseCode::get),
                allowed(code).then_some(code)
            );
        }
    }

    #[test]
    fn every_named_code_may_be_sent_and_prints_its_number() {
        let named = [
            CloseCode::NORMAL,
            CloseCode::GOING_AWAY,
            CloseCode::PROTOCOL_ERROR,
            CloseCode::UNSUPPORTED,
            CloseCode::INVALID_PAYLOAD,
            CloseCode::POLICY,
            CloseCode::TOO_BIG,
            CloseCode::INTERNAL,
            CloseCode::SERVICE_RESTART,
            CloseCode::TRY_AGAIN,
            CloseCode::BAD_GATEWAY,
        ];
        let text: Vec<String> = named.iter().map(ToString::to_string).collect();
        assert_eq!(
            text.join(" "),
            "1000 1001 1002 1003 1007 1008 1009 1011 1012 1013 1014"
        );
        assert!(
            named
                .iter()
                .all(|code| CloseCode::new(code.get()) == Some(*code))
        );
    }
}
