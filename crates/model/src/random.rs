//! Random decisions of a walk pass through here: the linear congruential generator of `java.util.Random`.

/// The multiplier and the increment of the generator.
const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const INCREMENT: u64 = 0xB;
const MASK: u64 = (1 << 48) - 1;

/// A generator with the sequence of `java.util.Random` (as its documentation specifies it). Not for secrets.
#[derive(Clone, Debug)]
pub struct JavaRandom(u64);

impl JavaRandom {
    /// A generator that starts at `seed`.
    pub fn new(seed: i64) -> Self {
        Self((seed.cast_unsigned() ^ MULTIPLIER) & MASK)
    }

    /// The next `bits` bits, from 1 to 32.
    fn next(&mut self, bits: u32) -> u32 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        u32::try_from(self.0 >> (48 - bits)).unwrap_or(u32::MAX)
    }

    /// `nextInt()`.
    pub fn int(&mut self) -> i32 {
        self.next(32).cast_signed()
    }

    /// `nextInt(bound)`: a number from 0 to `bound - 1`. A bound of 1 consumes a number, too; one of 0 gives 0 and
    /// consumes none.
    pub fn below(&mut self, bound: u32) -> u32 {
        let bound = bound.min(i32::MAX.cast_unsigned());
        if bound == 0 {
            return 0;
        }
        let first = self.next(31);
        if bound.is_power_of_two() {
            let product = u64::from(bound) * u64::from(first);
            return u32::try_from(product >> 31).unwrap_or_default();
        }
        let mut drawn = first;
        loop {
            let rest = drawn % bound;
            // The last, incomplete run of `bound` numbers would make small results likelier.
            if drawn - rest + (bound - 1) <= i32::MAX.cast_unsigned() {
                return rest;
            }
            drawn = self.next(31);
        }
    }

    /// `Collections.shuffle`: swaps from the end.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (2..=items.len()).rev() {
            let other = self.below(u32::try_from(end).unwrap_or(u32::MAX));
            items.swap(end - 1, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_java() {
        let mut random = JavaRandom::new(123);
        let ints = [random.int(), random.int(), random.int()];
        assert_eq!(ints, [-1_188_957_731, 1_018_954_901, -39_088_943]);
        let mut random = JavaRandom::new(123);
        assert_eq!(
            [random.below(1), random.below(99), random.below(999)],
            [0, 86, 245]
        );
        let mut random = JavaRandom::new(12345);
        let ints = [random.int(), random.int(), random.int()];
        assert_eq!(ints, [1_553_932_502, -2_090_749_135, -287_790_814]);
    }

    #[test]
    fn a_bound_between_powers_of_two_draws_again() {
        let bound = (1 << 30) + 1;
        let mut random = JavaRandom::new(7);
        assert!((0..1000).all(|_| random.below(bound) < bound));
    }
}
