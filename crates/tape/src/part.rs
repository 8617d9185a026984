//! A `.part` file passes through here, line by line, up to its end or to where it is damaged.

use std::io::{self, BufRead, BufReader, Read};

use crate::limits::LINE_BYTES;
use crate::shape::Shared;
use crate::{Entry, Head, line};

/// Where a recording can be read no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The first line that is not as it was written, counted from 1.
    pub line: u64,
    /// What is wrong with it, as half a sentence.
    pub what: String,
}

/// Reads a `.part` file.
#[derive(Debug)]
pub struct PartReader<R> {
    from: BufReader<R>,
    head: Head,
    /// Lines that were whole.
    lines: u64,
    buffer: Vec<u8>,
    shared: Shared,
    damage: Option<Damage>,
}

/// Why a `.part` file cannot be read at all, or no further.
#[derive(Debug)]
pub enum PartError {
    /// What the system said.
    Io(io::Error),
    /// The first line is damaged: nothing can be kept.
    Head(Damage),
}

impl<R: Read> PartReader<R> {
    /// Reads the first line.
    pub fn begin(from: R) -> Result<Self, PartError> {
        let mut from = BufReader::new(from);
        let mut buffer = Vec::new();
        next_line(&mut from, &mut buffer).map_err(PartError::Io)?;
        let head =
            line::read_head(&buffer).map_err(|what| PartError::Head(Damage { line: 1, what }))?;
        Ok(Self {
            from,
            head,
            lines: 1,
            buffer,
            shared: Shared::default(),
            damage: None,
        })
    }

    /// What the first line says.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Entries that were read.
    pub fn read(&self) -> u64 {
        self.lines - 1
    }

    /// Where reading stopped before the end.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// Whether nothing stands behind what was read: a damaged last line is only a torn one.
    pub fn is_at_end(&mut self) -> io::Result<bool> {
        Ok(self.from.fill_buf()?.is_empty())
    }

    /// The next entry; `None` at the end and at the first damage.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        if self.damage.is_some() {
            return Ok(None);
        }
        next_line(&mut self.from, &mut self.buffer)?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        match line::read_entry(&self.buffer, self.lines, &mut self.shared) {
            Ok(entry) => {
                self.lines += 1;
                Ok(Some(entry))
            }
            Err(what) => {
                let line = self.lines + 1;
                self.damage = Some(Damage { line, what });
                Ok(None)
            }
        }
    }
}

/// Reads up to the next line's end, but never more than a line may have: a longer one is torn there.
fn next_line(from: &mut BufReader<impl Read>, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    from.take(LINE_BYTES as u64).read_until(b'\n', into)?;
    Ok(())
}
