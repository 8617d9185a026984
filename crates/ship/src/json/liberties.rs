//! What a text may do that JSON does not allow, and what of it a text did.

/// Something that is not JSON and can be read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Liberty {
    /// `012`
    LeadingZero,
    /// `nan`, `-nan`, `inf`, `-inf`
    NotANumber,
    /// `"\x07"`
    HexEscape,
    /// `{1:"x"}`
    BareKey,
    /// A control character in a string.
    ControlCharacter,
}

impl Liberty {
    const ALL: [Self; 5] = [
        Self::LeadingZero,
        Self::NotANumber,
        Self::HexEscape,
        Self::BareKey,
        Self::ControlCharacter,
    ];

    /// What it is, for a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeadingZero => "a number with a leading zero",
            Self::NotANumber => "nan or inf for a number",
            Self::HexEscape => "an escape `\\x` in a string",
            Self::BareKey => "a key without quotes",
            Self::ControlCharacter => "a control character in a string",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Which liberties are allowed.
#[derive(Clone, Copy, Debug)]
pub struct Rules(u8);

impl Rules {
    /// JSON, but for bytes in strings that are not UTF-8, which are kept, and halves of surrogate pairs,
    /// which become U+FFFD.
    pub const STRICT: Self = Self(0);
    /// What the reference's tcp, udp, stdin and http inputs take.
    pub const INPUT: Self = Self(1 << Liberty::LeadingZero as u8);
    /// What the reference's output sends.
    pub const SENT: Self = Self(u8::MAX);

    pub(super) fn allows(self, liberty: Liberty) -> bool {
        self.0 & liberty.bit() != 0
    }
}

/// Which liberties were taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Liberties(u8);

impl Liberties {
    pub(super) fn add(&mut self, liberty: Liberty) {
        self.0 |= liberty.bit();
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Liberty> {
        Liberty::ALL
            .into_iter()
            .filter(move |liberty| self.0 & liberty.bit() != 0)
    }
}
