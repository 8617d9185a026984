//! msgpack bytes become tokens, one at a time, lent out of the bytes.

use super::{Fault, MOST_DEPTH};

/// One value, or the head of an array or a map whose values follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token<'a> {
    /// `c0`
    Nil,
    /// `c2` and `c3`
    Bool(bool),
    /// An integer that is not negative.
    UInt(u64),
    /// A negative integer.
    Int(i64),
    /// `ca`
    Float32(f32),
    /// `cb`
    Float64(f64),
    /// A string; nobody has checked that it is UTF-8.
    Str(&'a [u8]),
    /// Binary.
    Bin(&'a [u8]),
    /// An extension type and its bytes.
    Ext(i8, &'a [u8]),
    /// So many values follow.
    Array(u32),
    /// So many pairs of key and value follow.
    Map(u32),
}

impl Token<'_> {
    /// What it is, for a message.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "a boolean",
            Self::UInt(_) | Self::Int(_) => "an integer",
            Self::Float32(_) | Self::Float64(_) => "a float",
            Self::Str(_) => "a string",
            Self::Bin(_) => "binary",
            Self::Ext(..) => "an extension type",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
        }
    }
}

/// A place in msgpack bytes.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The bytes between two places.
    pub fn between(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The next token.
    #[inline]
    pub fn token(&mut self) -> Result<Token<'a>, Fault> {
        let first = *self.bytes.get(self.at).ok_or(Fault::Incomplete)?;
        self.at += 1;
        Ok(match first {
            0x00..=0x7f => Token::UInt(u64::from(first)),
            0x80..=0x8f => Token::Map(u32::from(first & 0x0f)),
            0x90..=0x9f => Token::Array(u32::from(first & 0x0f)),
            0xa0..=0xbf => Token::Str(self.take(usize::from(first & 0x1f))?),
            0xe0..=0xff => Token::Int(i64::from(first.cast_signed())),
            _ => return self.long(first),
        })
    }

    fn long(&mut self, first: u8) -> Result<Token<'a>, Fault> {
        Ok(match first {
            0xc0 => Token::Nil,
            0xc2 => Token::Bool(false),
            0xc3 => Token::Bool(true),
            0xc4..=0xc6 => Token::Bin(self.sized(first - 0xc4)?),
            0xc7..=0xc9 => {
                let size = self.size(first - 0xc7)?;
                self.ext(size)?
            }
            0xca => Token::Float32(f32::from_be_bytes(self.fixed()?)),
            0xcb => Token::Float64(f64::from_be_bytes(self.fixed()?)),
            0xcc..=0xcf => Token::UInt(self.unsigned(first - 0xcc)?),
            0xd0 => signed(i64::from(i8::from_be_bytes(self.fixed()?))),
            0xd1 => signed(i64::from(i16::from_be_bytes(self.fixed()?))),
            0xd2 => signed(i64::from(i32::from_be_bytes(self.fixed()?))),
            0xd3 => signed(i64::from_be_bytes(self.fixed()?)),
            0xd4..=0xd8 => self.ext(1 << (first - 0xd4))?,
            0xd9..=0xdb => Token::Str(self.sized(first - 0xd9)?),
            0xdc => Token::Array(u32::from(u16::from_be_bytes(self.fixed()?))),
            0xdd => Token::Array(u32::from_be_bytes(self.fixed()?)),
            0xde => Token::Map(u32::from(u16::from_be_bytes(self.fixed()?))),
            0xdf => Token::Map(u32::from_be_bytes(self.fixed()?)),
            _ => return Err(Fault::Unused(self.at - 1)),
        })
    }

    /// Past one whole value. The count of values is bounded by the bytes that are there.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let mut open = [0_u64; MOST_DEPTH];
        let mut depth = 0;
        loop {
            let inside = match self.token()? {
                Token::Array(values) => u64::from(values),
                Token::Map(pairs) => u64::from(pairs) * 2,
                _ => 0,
            };
            if inside > 0 {
                *open.get_mut(depth).ok_or(Fault::TooDeep)? = inside;
                depth += 1;
                continue;
            }
            while depth > 0 {
                open[depth - 1] -= 1;
                if open[depth - 1] > 0 {
                    break;
                }
                depth -= 1;
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The bytes of one whole value.
    pub fn raw(&mut self) -> Result<&'a [u8], Fault> {
        let from = self.at;
        self.skip()?;
        Ok(self.between(from, self.at))
    }

    fn ext(&mut self, size: usize) -> Result<Token<'a>, Fault> {
        let [kind] = self.fixed::<1>()?;
        Ok(Token::Ext(kind.cast_signed(), self.take(size)?))
    }

    fn sized(&mut self, width: u8) -> Result<&'a [u8], Fault> {
        let size = self.size(width)?;
        self.take(size)
    }

    fn size(&mut self, width: u8) -> Result<usize, Fault> {
        // A size that does not fit the address space is more than is there.
        usize::try_from(self.unsigned(width)?).map_err(|_| Fault::Incomplete)
    }

    fn unsigned(&mut self, width: u8) -> Result<u64, Fault> {
        Ok(match width {
            0 => u64::from(u8::from_be_bytes(self.fixed()?)),
            1 => u64::from(u16::from_be_bytes(self.fixed()?)),
            2 => u64::from(u32::from_be_bytes(self.fixed()?)),
            _ => u64::from_be_bytes(self.fixed()?),
        })
    }

    #[inline]
    fn take(&mut self, size: usize) -> Result<&'a [u8], Fault> {
        let rest = self.bytes.get(self.at..).ok_or(Fault::Incomplete)?;
        let taken = rest.get(..size).ok_or(Fault::Incomplete)?;
        self.at += size;
        Ok(taken)
    }

    #[inline]
    fn fixed<const SIZE: usize>(&mut self) -> Result<[u8; SIZE], Fault> {
        let rest = self.bytes.get(self.at..).ok_or(Fault::Incomplete)?;
        let taken = *rest.first_chunk::<SIZE>().ok_or(Fault::Incomplete)?;
        self.at += SIZE;
        Ok(taken)
    }
}

fn signed<'a>(number: i64) -> Token<'a> {
    match u64::try_from(number) {
        Ok(number) => Token::UInt(number),
        Err(_) => Token::Int(number),
    }
}
