//! Compressed replies pass through here: counted by their heads, for their bytes differ from server to server.

/// First byte of an unfragmented, compressed text frame: FIN, RSV1 and opcode 1 (RFC 7692 section 6).
pub(crate) const FIN_RSV1_TEXT: u8 = 0xc1;
/// Length codes that announce two and eight bytes of length (RFC 6455 section 5.2).
const LENGTH_16: u8 = 126;
const LENGTH_64: u8 = 127;
/// Bytes of the longest head of an unmasked frame.
const HEAD_BYTES: usize = 10;

/// How far the current frame of a connection has come.
#[derive(Default)]
pub(crate) struct FrameCounter {
    head: [u8; HEAD_BYTES],
    /// Bytes of the head that are there.
    have: usize,
    /// Bytes of the payload that are missing.
    left: usize,
}

impl FrameCounter {
    /// Takes the next bytes of the connection; returns how many frames they complete, or a first byte that is another one.
    pub(crate) fn take(&mut self, chunk: &[u8]) -> Result<u32, u8> {
        let mut rest = chunk;
        let mut completed = 0;
        while let [first, after @ ..] = rest {
            if self.left > 0 {
                let skipped = self.left.min(rest.len());
                self.left -= skipped;
                rest = &rest[skipped..];
            } else {
                self.head[self.have] = *first;
                self.have += 1;
                rest = after;
                if self.head[0] != FIN_RSV1_TEXT {
                    return Err(self.head[0]);
                }
                let Some(length) = length(&self.head[..self.have]) else {
                    continue;
                };
                self.left = length;
            }
            if self.left == 0 {
                self.have = 0;
                completed += 1;
            }
        }
        Ok(completed)
    }

    /// Whether a frame has begun and not ended.
    pub(crate) fn inside_a_frame(&self) -> bool {
        self.have > 0
    }
}

/// The length of the payload, when the head is there whole.
fn length(head: &[u8]) -> Option<usize> {
    let bytes = match *head.get(1)? & 0x7f {
        LENGTH_16 => head.get(2..4)?,
        LENGTH_64 => head.get(2..HEAD_BYTES)?,
        short => return Some(usize::from(short)),
    };
    let whole = |length, byte: &u8| (length << 8) | usize::from(*byte);
    Some(bytes.iter().fold(0, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_however_they_are_cut() {
        let mut stream = vec![FIN_RSV1_TEXT, 0, FIN_RSV1_TEXT, 3, 1, 2, 3];
        stream.extend([FIN_RSV1_TEXT, LENGTH_16, 1, 0]);
        stream.extend([7; 256]);
        stream.extend([FIN_RSV1_TEXT, LENGTH_64, 0, 0, 0, 0, 0, 1, 0, 0]);
        stream.extend(vec![7; 65_536]);
        for cut in [1, 2, 3, 5, 64, 1000, stream.len()] {
            let mut counter = FrameCounter::default();
            let counts = stream.chunks(cut).map(|chunk| counter.take(chunk).unwrap());
            assert_eq!(counts.sum::<u32>(), 4, "in pieces of {cut} bytes");
            assert!(!counter.inside_a_frame());
        }
    }

    #[test]
    fn a_frame_that_is_not_compressed_is_told() {
        let mut counter = FrameCounter::default();
        assert_eq!(counter.take(&[FIN_RSV1_TEXT, 1]), Ok(0));
        assert!(counter.inside_a_frame());
        assert_eq!(counter.take(&[0, 0x81]), Err(0x81));
    }
}
