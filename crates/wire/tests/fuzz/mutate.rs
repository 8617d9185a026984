//! Inputs of a corpus are changed at random, the same way each time for the same seed.

/// Bytes at which readers turn: lengths, marks, the ends of ranges.
const TURNS: [u8; 16] = [
    0x00, 0x01, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0xc1, 0x88, 0x89, 0x8a, 0xfe, 0xff, 0xc2, 0xe2, 0xf4,
];

/// A generator of numbers (splitmix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`; 0 if `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Makes `input` one of the corpus with a few changes, at most so many bytes of it.
    pub(crate) fn change(&mut self, corpus: &[Vec<u8>], most: usize, input: &mut Vec<u8>) {
        input.clear();
        let one = &corpus[self.below(corpus.len())];
        input.extend_from_slice(&one[..one.len().min(most)]);
        for _ in 0..=self.below(6) {
            self.change_once(corpus, input);
            input.truncate(most);
        }
    }

    fn change_once(&mut self, corpus: &[Vec<u8>], input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let length = self.below(16);
        let end = (at + length).min(input.len());
        match self.below(9) {
            0 => {
                let bit = self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let turn = TURNS[self.below(TURNS.len())];
                if let Some(byte) = input.get_mut(at) {
                    *byte = turn;
                }
            }
            2 => input.insert(at, TURNS[self.below(TURNS.len())]),
            3 => {
                input.drain(at..end);
            }
            4 => {
                let piece = input[at..end].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            5 => input.truncate(at),
            6 => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            7 => {
                for byte in &mut input[at..end] {
                    *byte = 0;
                }
            }
            _ => {
                let byte = self.byte();
                let count = self.below(300);
                input.splice(at..end, std::iter::repeat_n(byte, count));
            }
        }
    }
}
