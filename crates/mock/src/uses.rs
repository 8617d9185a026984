//! How many messages of a connection each rule with `times` has answered.

/// Counts the uses of the few rules that are limited.
#[derive(Debug, Default)]
pub(crate) struct Uses(Vec<(usize, u32)>);

impl Uses {
    /// Whether rule `number` may answer once more.
    pub(crate) fn are_left(&self, number: usize, times: Option<u32>) -> bool {
        let Some(times) = times else { return true };
        let known = self.0.iter().find(|(rule, _)| *rule == number);
        known.is_none_or(|(_, used)| *used < times)
    }

    /// Rule `number` answers.
    pub(crate) fn count(&mut self, number: usize, times: Option<u32>) {
        if times.is_none() {
            return;
        }
        match self.0.iter_mut().find(|(rule, _)| *rule == number) {
            Some((_, used)) => *used += 1,
            None => self.0.push((number, 1)),
        }
    }

    /// The rules are others now.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_used_up_by_itself() {
        let mut uses = Uses::default();
        for left in [true, true, false] {
            assert_eq!(uses.are_left(3, Some(2)), left);
            uses.count(3, Some(2));
        }
        assert!(uses.are_left(4, Some(1)));
        uses.count(5, None);
        assert!(uses.are_left(5, None));
        uses.forget();
        assert!(uses.are_left(3, Some(2)));
    }
}
