//! msgpack bytes become tokens, one at a time, lent out of the bytes.

use super::{Fault, MOST_DEPTH, Time};

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

    /// Past the head of a record as nearly all have it, `[[EventTime`; gives the time.
    #[inline]
    pub(super) fn usual_head(&mut self) -> Option<Time> {
        let head = self.bytes.get(self.at..)?.first_chunk::<12>()?;
        let [0x92, 0x92, 0xd7, 0, s0, s1, s2, s3, n0, n1, n2, n3] = *head else {
            return None;
        };
        self.at += head.len();
        let seconds = u32::from_be_bytes([s0, s1, s2, s3]);
        Some(Time::new(
            i64::from(seconds),
            u32::from_be_bytes([n0, n1, n2, n3]),
        ))
    }

    /// Whether a map comes next.
    #[inline]
    pub(super) fn is_at_map(&self) -> bool {
        matches!(self.bytes.get(self.at), Some(0x80..=0x8f | 0xde | 0xdf))
    }

    /// Past one whole value. How long that takes is bounded by the bytes that are there.
    #[inline]
    pub fn skip(&mut self) -> Result<(), Fault> {
        match self.skip_head()? {
            0 => Ok(()),
            inside => self.skip_inside(inside, 1),
        }
    }

    /// Past the values in an array or a map.
    fn skip_inside(&mut self, values: u64, depth: usize) -> Result<(), Fault> {
        if depth > MOST_DEPTH {
            return Err(Fault::TooDeep);
        }
        for _ in 0..values {
            match self.skip_head()? {
                0 => {}
                inside => self.skip_inside(inside, depth + 1)?,
            }
        }
        Ok(())
    }

    /// Past a value that has no others in it, or past the head of one; gives how many values are in it.
    #[inline]
    fn skip_head(&mut self) -> Result<u64, Fault> {
        let first = *self.bytes.get(self.at).ok_or(Fault::Incomplete)?;
        let (size, inside) = match first {
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => (1, 0),
            0xa0..=0xbf => (1 + usize::from(first & 0x1f), 0),
            0x80..=0x8f => (1, u64::from(first & 0x0f) * 2),
            0x90..=0x9f => (1, u64::from(first & 0x0f)),
            _ => return self.skip_long_head(),
        };
        self.pass(size)?;
        Ok(inside)
    }

    fn skip_long_head(&mut self) -> Result<u64, Fault> {
        Ok(match self.token()? {
            Token::Array(values) => u64::from(values),
            Token::Map(pairs) => u64::from(pairs) * 2,
            _ => 0,
        })
    }

    #[inline]
    fn pass(&mut self, size: usize) -> Result<(), Fault> {
        if size > self.bytes.len() - self.at {
            return Err(Fault::Incomplete);
        }
        self.at += size;
        Ok(())
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
