//! Frames of a shipper pass through here: taken off a buffer and unmasked in place (RFC 6455 section 5).

/// What the first byte of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a message; whether it is the last.
    Data(bool),
    Ping,
    Pong,
    Close,
}

/// A frame at the front of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    mask: [u8; 4],
    /// Where its payload begins and ends.
    begin: usize,
    pub(super) end: usize,
}

/// Largest frame that is taken, bytes; several times what a shipper has on the way.
const LARGEST: usize = 256 << 20;

impl Frame {
    /// The frame at the front, if its head is there.
    ///
    /// # Errors
    /// What no client may send.
    pub(super) fn at(buffer: &[u8]) -> Result<Option<Self>, &'static str> {
        let [first, second, ..] = *buffer else {
            return Ok(None);
        };
        if second & 0x80 == 0 {
            return Err("a frame without a mask");
        }
        let kind = match (first & 0x0f, first & 0x80 != 0) {
            (0..=2, last) => Kind::Data(last),
            (8, true) => Kind::Close,
            (9, true) => Kind::Ping,
            (10, true) => Kind::Pong,
            _ => return Err("a frame of no known kind"),
        };
        let (short, wide) = (usize::from(second & 0x7f), buffer.len());
        let width = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let begin = 2 + width + 4;
        if wide < begin {
            return Ok(None);
        }
        let big_endian = buffer[2..2 + width].iter();
        let long = big_endian.fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let length = if width == 0 { short } else { long };
        if length > LARGEST {
            return Err("a frame of more than 256 MiB");
        }
        let mask = [
            buffer[begin - 4],
            buffer[begin - 3],
            buffer[begin - 2],
            buffer[begin - 1],
        ];
        Ok(Some(Self {
            kind,
            mask,
            begin,
            end: begin + length,
        }))
    }

    /// Its payload without the mask; the frame has to be in the buffer as a whole.
    pub(super) fn unmask<'a>(&self, buffer: &'a mut [u8]) -> &'a [u8] {
        let payload = &mut buffer[self.begin..self.end];
        let [a, b, c, d] = self.mask;
        let eight = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
        let (words, rest) = payload.as_chunks_mut::<8>();
        for word in words {
            *word = (u64::from_ne_bytes(*word) ^ eight).to_ne_bytes();
        }
        for (byte, mask) in rest.iter_mut().zip(self.mask.iter().cycle()) {
            *byte ^= mask;
        }
        payload
    }
}

/// A frame from the sink: control frames and nothing else, so that lengths are short.
pub(super) fn answer(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let code = if kind == Kind::Close { 0x88 } else { 0x8a };
    let payload = &payload[..payload.len().min(125)];
    let length = u8::try_from(payload.len()).unwrap_or_default();
    [&[code, length], payload].concat()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A frame as a client sends it.
    pub(in super::super) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [7, 0, 255, 90];
        let mut frame = vec![first];
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | u8::try_from(short).unwrap()),
            long => {
                frame.push(0xff);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        frame.extend(mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b));
        frame
    }

    #[test]
    fn a_frame_is_found_when_its_head_is_there_and_unmasked_as_a_whole() {
        for length in [0, 7, 125, 126, 1003, 70_000] {
            let payload: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[0]).collect();
            let mut buffer = masked(0x82, &payload);
            let frame = Frame::at(&buffer).unwrap().unwrap();
            assert_eq!((frame.kind, frame.end), (Kind::Data(true), buffer.len()));
            assert_eq!(frame.unmask(&mut buffer), payload);
            assert_eq!(Frame::at(&buffer[..1]).unwrap(), None);
            assert_eq!(Frame::at(&buffer[..frame.begin - 1]).unwrap(), None);
        }
        assert_eq!(Frame::at(&[]).unwrap(), None);
    }

    #[test]
    fn what_no_client_may_send_is_refused() {
        assert_eq!(Frame::at(&[0x81, 5]), Err("a frame without a mask"));
        assert_eq!(Frame::at(&[0x83, 0x80]), Err("a frame of no known kind"));
        assert_eq!(Frame::at(&[0x09, 0x80]), Err("a frame of no known kind"));
        let huge = [0x82, 0xff, 255, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
        assert_eq!(Frame::at(&huge), Err("a frame of more than 256 MiB"));
    }

    #[test]
    fn answers_have_no_mask() {
        assert_eq!(answer(Kind::Pong, b"hi"), b"\x8a\x02hi");
        assert_eq!(answer(Kind::Close, &[3, 232]), [0x88, 2, 3, 232]);
    }
}
