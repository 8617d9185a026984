//! The time of a record: seconds and nanoseconds since 1970, as msgpack writes it in three ways.

use super::{Fault, Token};

/// Seconds that mark the start of a group instead of a time.
pub(super) const GROUP_START: i64 = 0xffff_ffff;
/// Seconds that mark the end of a group instead of a time.
pub(super) const GROUP_END: i64 = 0xffff_fffe;

/// When a record happened: seconds since 1970 and nanoseconds below 1,000,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Whole seconds since 1970, UTC; before that negative.
    pub seconds: i64,
    /// Nanoseconds after that second, 0 to 999,999,999.
    pub nanos: u32,
}

impl Time {
    /// Of seconds and nanoseconds.
    pub fn new(seconds: i64, nanos: u32) -> Self {
        Self { seconds, nanos }
    }

    /// The ten bytes of an `EventTime`: extension type 0 with two big-endian numbers of 32 bits.
    ///
    /// Seconds beyond 32 bits, which it cannot say, become the nearest that it can: the last two mark groups, and
    /// whoever reads them finds no record there.
    pub fn event_time(self) -> [u8; 10] {
        let seconds = u32::try_from(self.seconds.clamp(0, GROUP_END - 1)).unwrap_or(u32::MAX);
        let mut bytes = [0xd7, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes[2..6].copy_from_slice(&seconds.to_be_bytes());
        bytes[6..].copy_from_slice(&self.nanos.to_be_bytes());
        bytes
    }

    /// Of a token: an `EventTime`, an integer of seconds, or a float of seconds.
    pub fn of(token: Token<'_>) -> Result<Self, Fault> {
        match token {
            Token::Ext(0, bytes) => Self::of_ext(bytes),
            Token::UInt(seconds) => match i64::try_from(seconds) {
                Ok(seconds) => Ok(Self::new(seconds, 0)),
                Err(_) => Err(Fault::NotATime("an integer beyond 63 bits")),
            },
            Token::Int(seconds) => Ok(Self::new(seconds, 0)),
            Token::Float64(seconds) => Self::of_float(seconds),
            Token::Float32(seconds) => Self::of_float(f64::from(seconds)),
            other => Err(Fault::NotATime(other.name())),
        }
    }

    /// Of seconds with a fraction; not of one that is not finite.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked before, and the fraction is below one second"
    )]
    pub fn of_float(seconds: f64) -> Result<Self, Fault> {
        let whole = seconds.floor();
        if !seconds.is_finite() || whole.abs() > 9.0e15 {
            return Err(Fault::NotATime("a float that is no second of any calendar"));
        }
        let nanos = ((seconds - whole) * 1e9) as u32;
        Ok(Self::new(whole as i64, nanos.min(999_999_999)))
    }

    fn of_ext(bytes: &[u8]) -> Result<Self, Fault> {
        let Some((seconds, nanos)) = bytes.split_first_chunk::<4>() else {
            return Err(Fault::NotATime("an extension type that is too short"));
        };
        let Ok(nanos) = <[u8; 4]>::try_from(nanos) else {
            return Err(Fault::NotATime("an extension type that is not 8 bytes"));
        };
        let seconds = i64::from(u32::from_be_bytes(*seconds));
        Ok(Self::new(seconds, u32::from_be_bytes(nanos)))
    }
}
