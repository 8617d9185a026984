//! What both sides agree on: our server's answer to an offer, and an answer as our client judges it (RFC 7692
//! sections 5 and 7.1).

use std::fmt;

use super::extension;
use super::offer::{ClientBits, DeflateOffer, Name, Parameters, Said};
use super::{LIBRARY_BITS, MOST_BITS};
use crate::role::Role;

/// What was agreed: which side keeps its window from one message to the next, and how large it may be.
///
/// Printed as the value of `Sec-WebSocket-Extensions` that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deflate {
    /// The server forgets its window after each message.
    pub server_no_context_takeover: bool,
    /// The client forgets its window after each message.
    pub client_no_context_takeover: bool,
    /// The largest window of the server, 8 to 15 bits; `None`: 15.
    pub server_max_window_bits: Option<u8>,
    /// The largest window of the client, 8 to 15 bits; `None`: 15.
    pub client_max_window_bits: Option<u8>,
}

/// What one side agreed to for what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// Its window stays from one message to the next.
    pub(super) keeps: bool,
    /// The size of that window, 8 to 15 bits.
    pub(super) bits: u8,
}

impl Deflate {
    /// What holds for the messages that this role sends.
    pub(super) fn sent_by(self, role: Role) -> Way {
        let (forgets, bits) = match role {
            Role::Server => (self.server_no_context_takeover, self.server_max_window_bits),
            Role::Client => (self.client_no_context_takeover, self.client_max_window_bits),
        };
        Way {
            keeps: !forgets,
            bits: bits.unwrap_or(MOST_BITS),
        }
    }

    /// What holds for the messages that this role receives.
    pub(super) fn received_by(self, role: Role) -> Way {
        self.sent_by(match role {
            Role::Server => Role::Client,
            Role::Client => Role::Server,
        })
    }
}

impl fmt::Display for Deflate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parameters = Parameters::default();
        parameters.flag(Name::ServerForgets, self.server_no_context_takeover);
        parameters.flag(Name::ClientForgets, self.client_no_context_takeover);
        parameters.bits(Name::ServerBits, self.server_max_window_bits);
        parameters.bits(Name::ClientBits, self.client_max_window_bits);
        f.write_str(&parameters.0)
    }
}

/// On which terms a server agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeflateTerms {
    /// Whether windows may stay from one message to the next, on either side. Default false: both sides are
    /// told to forget theirs, and a connection costs no memory for them.
    pub context_takeover: bool,
    /// The largest window of either side, 9 to 15 bits; others count as the nearest of these. Default 15.
    pub window_bits: u8,
}

impl Default for DeflateTerms {
    fn default() -> Self {
        Self {
            context_takeover: false,
            window_bits: MOST_BITS,
        }
    }
}

impl DeflateTerms {
    /// The answer to the first of `offers`, best first; `None`: there is none, and nothing is compressed.
    ///
    /// ```
    /// use sockeye_wire::{DeflateOffer, DeflateTerms};
    ///
    /// let terms = DeflateTerms { context_takeover: true, ..DeflateTerms::default() };
    /// let offer = DeflateOffer { server_max_window_bits: Some(10), ..DeflateOffer::default() };
    /// let agreed = terms.answer(&[offer]).map(|agreed| agreed.to_string());
    /// assert_eq!(agreed.as_deref(), Some("permessage-deflate; server_max_window_bits=10"));
    /// ```
    pub fn answer(&self, offers: &[DeflateOffer]) -> Option<Deflate> {
        let offer = offers.first()?;
        let most = self.window_bits.clamp(LIBRARY_BITS, MOST_BITS);
        // Where nothing is to be limited nothing needs to be said.
        let limit = (most < MOST_BITS).then_some(most);
        Some(Deflate {
            server_no_context_takeover: offer.server_no_context_takeover || !self.context_takeover,
            client_no_context_takeover: offer.client_no_context_takeover || !self.context_takeover,
            server_max_window_bits: match offer.server_max_window_bits {
                Some(bits) => Some(bits.min(most)),
                None => limit,
            },
            client_max_window_bits: match offer.client_max_window_bits {
                ClientBits::Unsaid => None,
                ClientBits::Any => limit,
                ClientBits::Most(bits) => Some(bits.min(most)),
            },
        })
    }
}

/// Why the extensions of an answer are not what was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerFlaw {
    /// The header does not follow the grammar of RFC 6455 section 9.1.
    #[error("its list of extensions is malformed")]
    Malformed,
    /// It names another extension, or this one more than once.
    #[error("it has another extension than permessage-deflate, once")]
    Foreign,
    /// A parameter is unknown, doubled or has a wrong value.
    #[error("a parameter of permessage-deflate is unknown, doubled or has a wrong value")]
    Parameter,
    /// The parameters are good, but not an answer to any offer.
    #[error("the parameters of permessage-deflate answer none of the offers")]
    NotOffered,
}

/// Judges the values of `Sec-WebSocket-Extensions` in an answer to `offers`. What is agreed then is what
/// both sides keep to: an offer can bind the client more tightly than the answer does.
pub(crate) fn check_answer<'h>(
    values: impl Iterator<Item = &'h str>,
    offers: &[DeflateOffer],
) -> Result<Option<Deflate>, AnswerFlaw> {
    let mut agreed = None;
    for value in values {
        for extension in extension::read(value).map_err(|_| AnswerFlaw::Malformed)? {
            if agreed.is_some() || extension.name != super::NAME {
                return Err(AnswerFlaw::Foreign);
            }
            let said = Said::read(&extension).ok_or(AnswerFlaw::Parameter)?;
            if said.client_bits == ClientBits::Any {
                return Err(AnswerFlaw::Parameter);
            }
            let fitting = offers.iter().find(|offer| fits(**offer, &said));
            let offer = fitting.ok_or(AnswerFlaw::NotOffered)?;
            agreed = Some(bind(*offer, &said));
        }
    }
    Ok(agreed)
}

/// Whether `said` can be the answer to `offer`.
fn fits(offer: DeflateOffer, said: &Said) -> bool {
    let forgets = said.server_forgets || !offer.server_no_context_takeover;
    let is_small = offer
        .server_max_window_bits
        .is_none_or(|most| said.server_bits.is_some_and(|bits| bits <= most));
    let may_limit = offer.client_max_window_bits != ClientBits::Unsaid
        || said.client_bits == ClientBits::Unsaid;
    forgets && is_small && may_limit
}

fn bind(offer: DeflateOffer, said: &Said) -> Deflate {
    let bits = |client: ClientBits| match client {
        ClientBits::Most(bits) => Some(bits),
        ClientBits::Unsaid | ClientBits::Any => None,
    };
    let (asked, own) = (bits(said.client_bits), bits(offer.client_max_window_bits));
    Deflate {
        server_no_context_takeover: said.server_forgets,
        client_no_context_takeover: said.client_forgets || offer.client_no_context_takeover,
        server_max_window_bits: said.server_bits,
        client_max_window_bits: asked.into_iter().chain(own).min(),
    }
}
