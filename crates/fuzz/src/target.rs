//! Input -> judge: one reader, its corpus, and how many changed inputs it gets.

use std::fmt::{self, Debug, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::watch::{Watch, hex, peak_kib};

/// How many changed inputs a target gets in a usual test.
const FEW: u64 = 20_000;
/// The longest input that is made, in bytes.
const LONG: usize = 4096;
/// The longest that one input may take, at its best of three times: a busy machine does not count. In a usual test
/// nothing is optimised, and it has five times as long.
const SLOW: Duration = Duration::from_secs(1);
/// By how much the most memory of the process may grow while a target runs. Tests run beside each other.
const MEMORY_KIB: u64 = 384 * 1024;

/// A reader to be tried.
pub struct Target<T> {
    name: &'static str,
    corpus: Vec<Vec<u8>>,
    judge: fn(&[u8]) -> T,
    longest: usize,
    few: u64,
    is_text: bool,
}

impl<T> Debug for Target<T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({} inputs)", self.name, self.corpus.len())
    }
}

impl<T: PartialEq + Debug> Target<T> {
    /// A target of bytes; `judge` panics when something does not hold, and what it returns must be the same when it is
    /// asked again.
    ///
    /// # Panics
    ///
    /// With fewer than ten inputs to begin with.
    pub fn new(name: &'static str, corpus: Vec<Vec<u8>>, judge: fn(&[u8]) -> T) -> Self {
        assert!(corpus.len() >= 10, "{name} has a corpus");
        Self {
            name,
            corpus,
            judge,
            longest: LONG,
            few: FEW,
            is_text: false,
        }
    }

    /// Half of the changes are those that a text could have: signs, numbers, lines.
    #[must_use]
    pub fn text(mut self) -> Self {
        self.is_text = true;
        self
    }

    /// No input is longer, in bytes: 4096 without it.
    #[must_use]
    pub fn longest(mut self, bytes: usize) -> Self {
        self.longest = bytes;
        self
    }

    /// How many changed inputs a usual test has, for readers that take longer: 20,000 without it.
    #[must_use]
    pub fn few(mut self, inputs: u64) -> Self {
        self.few = inputs;
        self
    }

    /// Replays the corpus and then changes it.
    ///
    /// # Panics
    ///
    /// With the input when something does not hold.
    pub fn run(self) {
        let name = self.name;
        let said = number("SOCKEYE_FUZZ_INPUTS");
        let (count, slow) = said.map_or((self.few, 5 * SLOW), |count| (count, SLOW));
        let mut chance = Chance::new(number("SOCKEYE_FUZZ_SEED").unwrap_or(1));
        let watch = Watch::over(name);
        let (begun, peak) = (Instant::now(), peak_kib());
        for input in &self.corpus {
            watch.begins(input);
            self.show(input, slow);
        }
        let (mut input, mut slowest) = (Vec::new(), Duration::ZERO);
        for _ in 0..count {
            chance.change(&self.corpus, self.longest, self.is_text, &mut input);
            watch.begins(&input);
            slowest = slowest.max(self.show(&input, slow));
        }
        let grown = peak_kib().saturating_sub(peak);
        println!(
            "{name}: {count} inputs in {} s, the slowest in {} ms, {} MiB more memory",
            begun.elapsed().as_secs(),
            slowest.as_millis(),
            grown / 1024
        );
        assert!(grown <= MEMORY_KIB, "{name} takes {grown} KiB of memory");
    }

    /// How long the judge took for `input`.
    fn show(&self, input: &[u8], slow: Duration) -> Duration {
        let mut best = Duration::MAX;
        let mut first = None;
        for _ in 0..3 {
            let begun = Instant::now();
            let Ok(found) = catch_unwind(AssertUnwindSafe(|| (self.judge)(input))) else {
                self.fail("fails", input);
            };
            best = best.min(begun.elapsed());
            if first.as_ref().is_some_and(|first| *first != found) {
                eprintln!("first {first:?}, then {found:?}");
                self.fail("has another result when asked again", input);
            }
            let is_again = first.replace(found).is_some();
            if best <= slow && (is_again || size_of::<T>() == 0) {
                return best;
            }
        }
        self.fail(&format!("takes {} ms", best.as_millis()), input);
    }

    fn fail(&self, how: &str, input: &[u8]) -> ! {
        let text = String::from_utf8_lossy(input);
        panic!(
            "{} {how} at this input:\n{}\nwhich reads\n{text}",
            self.name,
            hex(input)
        );
    }
}

fn number(variable: &str) -> Option<u64> {
    let said = std::env::var(variable).ok()?;
    Some(said.parse().expect("a whole number"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn corpus() -> Vec<Vec<u8>> {
        (0..10).map(|byte| vec![byte; 20]).collect()
    }

    fn failure(target: Target<u64>) -> String {
        let panic = catch_unwind(AssertUnwindSafe(|| target.few(500).run())).expect_err("it fails");
        panic.downcast_ref::<String>().expect("a text").clone()
    }

    #[test]
    fn what_holds_passes() {
        Target::new("passes", corpus(), <[u8]>::len).few(500).run();
        Target::new("passes", corpus(), |_| ()).few(500).run();
    }

    #[test]
    fn a_panic_gives_its_input() {
        let target = Target::new("panics", corpus(), |input| {
            assert!(input.len() <= 20, "too long");
            0
        });
        assert!(failure(target).starts_with("panics fails at this input:\n"));
    }

    #[test]
    fn another_result_gives_its_input() {
        static ASKED: AtomicU64 = AtomicU64::new(0);
        let target = Target::new("wavers", corpus(), |_| {
            ASKED.fetch_add(1, Ordering::Relaxed)
        });
        assert!(failure(target).contains("another result"));
    }
}
