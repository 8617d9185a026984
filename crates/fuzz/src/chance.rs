//! Inputs of a corpus are changed at random, the same way each time for the same seed.

/// Bytes at which readers turn: lengths, marks, the ends of ranges.
const TURNS: [u8; 16] = [
    0x00, 0x01, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0xc1, 0x88, 0x89, 0x8a, 0xfe, 0xff, 0xc2, 0xe2, 0xf4,
];

/// What readers of texts turn at: quotes, brackets, marks of notations, characters that are seldom thought of.
const SIGNS: [&str; 40] = [
    "\"",
    "'",
    "`",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    ":",
    ",",
    ";",
    "=",
    "#",
    "|",
    "&",
    "%",
    "*",
    "!",
    "?",
    "-",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "é",
    "ß",
    "\u{10ffff}",
    "{{",
    "}}",
    "{%",
    "null",
    "\u{202e}",
    "/*",
];

/// Numbers at the ends of what fits.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e999",
    "255",
    "256",
    "65536",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "-9223372036854775809",
    "0.0000001",
    "00",
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

    /// Makes `input` one of the corpus with a few changes, at most `most` bytes of it.
    pub(crate) fn change(
        &mut self,
        corpus: &[Vec<u8>],
        most: usize,
        is_text: bool,
        input: &mut Vec<u8>,
    ) {
        input.clear();
        let one = &corpus[self.below(corpus.len())];
        input.extend_from_slice(&one[..one.len().min(most)]);
        for _ in 0..=self.below(6) {
            if is_text && self.below(2) == 0 {
                self.change_text(corpus, input);
            } else {
                self.change_bytes(corpus, input);
            }
            input.truncate(most);
        }
    }

    fn change_bytes(&mut self, corpus: &[Vec<u8>], input: &mut Vec<u8>) {
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

    fn change_text(&mut self, corpus: &[Vec<u8>], input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        match self.below(6) {
            0 => {
                let sign = SIGNS[self.below(SIGNS.len())];
                self.put(at, at, sign, input);
            }
            1 => {
                let end = (at + 1).min(input.len());
                let sign = SIGNS[self.below(SIGNS.len())];
                self.put(at, end, sign, input);
            }
            2 => {
                let (from, to) = run_of(input, at, |byte| byte.is_ascii_digit());
                let number = NUMBERS[self.below(NUMBERS.len())];
                self.put(from, to, number, input);
            }
            3 => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                let to = (from + self.below(64)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            4 => {
                let end = (at + 1 + self.below(8)).min(input.len());
                let piece = input[at..end].repeat(self.below(200));
                input.splice(at..at, piece);
            }
            _ => {
                let (from, to) = run_of(input, at, |byte| byte != b'\n');
                let line = input[from..to].to_vec();
                if self.below(2) == 0 {
                    input.drain(from..to);
                }
                let place = self.below(input.len() + 1);
                let (_, place) = run_of(input, place, |byte| byte != b'\n');
                input.splice(place..place, [b"\n", &line[..]].concat());
            }
        }
    }

    fn put(&mut self, from: usize, to: usize, text: &str, input: &mut Vec<u8>) {
        let count = if self.below(16) == 0 {
            self.below(300)
        } else {
            1
        };
        input.splice(from..to, text.repeat(count).into_bytes());
    }
}

/// The bytes around `at` of which `is_one` holds.
fn run_of(input: &[u8], at: usize, is_one: impl Fn(u8) -> bool) -> (usize, usize) {
    let before = input[..at].iter().rev().take_while(|byte| is_one(**byte));
    let behind = input[at..].iter().take_while(|byte| is_one(**byte));
    (at - before.count(), at + behind.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(seed: u64, is_text: bool) -> Vec<Vec<u8>> {
        let corpus = [b"{\"a\": 12}\nsecond".to_vec(), b"other".to_vec()];
        let mut chance = Chance::new(seed);
        let mut input = Vec::new();
        let mut all = Vec::new();
        for _ in 0..2000 {
            chance.change(&corpus, 100, is_text, &mut input);
            all.push(input.clone());
        }
        all
    }

    #[test]
    fn a_seed_gives_its_inputs_and_another_gives_others() {
        for is_text in [false, true] {
            assert_eq!(made(7, is_text), made(7, is_text));
            assert_ne!(made(7, is_text), made(8, is_text));
        }
    }

    #[test]
    fn inputs_stay_below_their_bound_and_differ() {
        let inputs = made(1, true);
        assert!(inputs.iter().all(|input| input.len() <= 100));
        let distinct: std::collections::HashSet<_> = inputs.iter().collect();
        assert!(distinct.len() > 1500, "{}", distinct.len());
        let texts = inputs.iter().filter(|input| str::from_utf8(input).is_ok());
        assert!(texts.count() > 500, "many are still text");
    }
}
