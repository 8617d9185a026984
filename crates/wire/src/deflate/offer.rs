//! What a client offers: written by ours, read by our server (RFC 7692 section 7.1).

use std::fmt::{self, Write as _};

use super::extension::{self, Extension, Malformed, Parameter};
use super::{LEAST_BITS, MOST_BITS, NAME};
use crate::limits::DEFLATE_OFFERS;

/// One offer of `permessage-deflate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeflateOffer {
    /// The server shall forget its window after each message (section 7.1.1.1).
    pub server_no_context_takeover: bool,
    /// The client means to forget its window after each message (section 7.1.1.2).
    pub client_no_context_takeover: bool,
    /// The largest window that the server may use, 8 to 15 bits; `None`: any (section 7.1.2.1).
    pub server_max_window_bits: Option<u8>,
    /// What the client says of its own window (section 7.1.2.2).
    pub client_max_window_bits: ClientBits,
}

impl DeflateOffer {
    /// What browsers offer, too: windows stay, and the server may limit ours.
    pub fn usual() -> Self {
        Self {
            client_max_window_bits: ClientBits::Any,
            ..Self::default()
        }
    }

    /// An offer for many connections: no window stays, so that none costs memory.
    pub fn frugal() -> Self {
        Self {
            server_no_context_takeover: true,
            client_no_context_takeover: true,
            ..Self::usual()
        }
    }
}

/// What an offer says of the window of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientBits {
    /// Nothing: the server cannot limit it.
    #[default]
    Unsaid,
    /// The server may limit it.
    Any,
    /// The server may limit it, and it is at most this many bits, 8 to 15, anyway.
    Most(u8),
}

impl fmt::Display for DeflateOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parameters = Parameters::default();
        parameters.flag(Name::ServerForgets, self.server_no_context_takeover);
        parameters.flag(Name::ClientForgets, self.client_no_context_takeover);
        parameters.bits(Name::ServerBits, self.server_max_window_bits);
        match self.client_max_window_bits {
            ClientBits::Unsaid => {}
            ClientBits::Any => parameters.flag(Name::ClientBits, true),
            ClientBits::Most(bits) => parameters.bits(Name::ClientBits, Some(bits)),
        }
        f.write_str(&parameters.0)
    }
}

/// The offers in the values of `Sec-WebSocket-Extensions` that can be accepted, in the client's order of
/// preference, the first of them only. Other extensions, and offers with parameters that are unknown, doubled
/// or have a value that cannot be, are left out (section 7.1).
pub(crate) fn read_offers<'h>(
    values: impl Iterator<Item = &'h str>,
) -> Result<Vec<DeflateOffer>, Malformed> {
    let mut offers = Vec::new();
    for value in values {
        let extensions = extension::read(value)?;
        offers.extend(extensions.iter().filter_map(read_offer));
    }
    offers.truncate(DEFLATE_OFFERS);
    Ok(offers)
}

fn read_offer(extension: &Extension<'_>) -> Option<DeflateOffer> {
    let said = Said::read(extension)?;
    Some(DeflateOffer {
        server_no_context_takeover: said.server_forgets,
        client_no_context_takeover: said.client_forgets,
        server_max_window_bits: said.server_bits,
        client_max_window_bits: said.client_bits,
    })
}

/// The four parameters as they stand in a header, of an offer or of an answer.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) server_forgets: bool,
    pub(super) client_forgets: bool,
    pub(super) server_bits: Option<u8>,
    pub(super) client_bits: ClientBits,
}

impl Said {
    /// `None` if this is another extension, or a parameter is unknown, doubled or has a wrong value.
    pub(super) fn read(extension: &Extension<'_>) -> Option<Self> {
        if extension.name != NAME {
            return None;
        }
        let mut said = Self::default();
        for parameter in &extension.parameters {
            said.take(parameter)?;
        }
        Some(said)
    }

    fn take(&mut self, parameter: &Parameter<'_>) -> Option<()> {
        let name = Name::read(parameter.name)?;
        let value = parameter.value.as_deref();
        let is_new = match name {
            Name::ServerForgets => !self.server_forgets,
            Name::ClientForgets => !self.client_forgets,
            Name::ServerBits => self.server_bits.is_none(),
            Name::ClientBits => self.client_bits == ClientBits::Unsaid,
        };
        match (name, value) {
            _ if !is_new => return None,
            (Name::ServerForgets, None) => self.server_forgets = true,
            (Name::ClientForgets, None) => self.client_forgets = true,
            (Name::ServerBits, Some(value)) => self.server_bits = Some(read_bits(value)?),
            (Name::ClientBits, Some(value)) => {
                self.client_bits = ClientBits::Most(read_bits(value)?);
            }
            (Name::ClientBits, None) => self.client_bits = ClientBits::Any,
            (Name::ServerForgets | Name::ClientForgets, Some(_)) | (Name::ServerBits, None) => {
                return None;
            }
        }
        Some(())
    }
}

/// A number from 8 to 15 without zeros before it (section 7.1.2).
fn read_bits(value: &str) -> Option<u8> {
    let is_plain = value.bytes().all(|digit| digit.is_ascii_digit()) && !value.starts_with('0');
    let bits = value.parse().ok().filter(|_| is_plain)?;
    (LEAST_BITS..=MOST_BITS).contains(&bits).then_some(bits)
}

/// The names of the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    ServerForgets,
    ClientForgets,
    ServerBits,
    ClientBits,
}

impl Name {
    const ALL: [Self; 4] = [
        Self::ServerForgets,
        Self::ClientForgets,
        Self::ServerBits,
        Self::ClientBits,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::ServerForgets => "server_no_context_takeover",
            Self::ClientForgets => "client_no_context_takeover",
            Self::ServerBits => "server_max_window_bits",
            Self::ClientBits => "client_max_window_bits",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.text() == text)
    }
}

/// The extension as it is written into a header.
pub(super) struct Parameters(pub(super) String);

impl Default for Parameters {
    fn default() -> Self {
        Self(NAME.to_owned())
    }
}

impl Parameters {
    pub(super) fn flag(&mut self, name: Name, is_said: bool) {
        if is_said {
            self.0.push_str("; ");
            self.0.push_str(name.text());
        }
    }

    pub(super) fn bits(&mut self, name: Name, bits: Option<u8>) {
        if let Some(bits) = bits {
            self.flag(name, true);
            // Writing into a string does not fail.
            let _ = write!(self.0, "={bits}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientBits, DeflateOffer, read_offers};

    fn read(values: &[&str]) -> Vec<String> {
        let offers = read_offers(values.iter().copied()).unwrap();
        offers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn offers_are_read_as_they_are_written() {
        let client = [ClientBits::Unsaid, ClientBits::Any, ClientBits::Most(12)];
        for bits in [None, Some(8), Some(15)] {
            for client_max_window_bits in client {
                for flags in 0..4 {
                    let offer = DeflateOffer {
                        server_no_context_takeover: flags & 1 != 0,
                        client_no_context_takeover: flags & 2 != 0,
                        server_max_window_bits: bits,
                        client_max_window_bits,
                    };
                    let text = offer.to_string();
                    let read = read_offers([text.as_str()].into_iter());
                    assert_eq!(read, Ok(vec![offer]), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_accepted_is_left_out_and_the_rest_counts() {
        let fallback = "permessage-deflate; client_no_context_takeover";
        for bad in [
            "permessage-bzip2",
            "PERMESSAGE-DEFLATE",
            "permessage-deflate; x",
            "permessage-deflate; x=1",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover=true",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
            "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=08",
            "permessage-deflate; server_max_window_bits=+9",
            "permessage-deflate; client_max_window_bits=0",
            "permessage-deflate; client_max_window_bits=99999999999999999999",
            "permessage-deflate; client_max_window_bits=1e1",
        ] {
            assert_eq!(read(&[bad, fallback]), [fallback], "{bad}");
            assert_eq!(read(&[&format!("{bad}, {fallback}")]), [fallback], "{bad}");
        }
        assert_eq!(
            read(&["x, permessage-deflate ;server_max_window_bits=\"1\\0\""]),
            ["permessage-deflate; server_max_window_bits=10"]
        );
    }

    #[test]
    fn of_many_offers_the_first_count() {
        let many = vec!["permessage-deflate"; 1000].join(",");
        assert_eq!(read(&[&many]).len(), crate::limits::DEFLATE_OFFERS);
    }
}
