//! Names and values that a request brought, in order: one piece of text, however many there are.

use std::fmt::{self, Debug};

/// Names with their values, in order; a name may occur more than once.
///
/// Every open connection keeps some for as long as it lives, so they lie behind each other in one allocation, and
/// where each of them ends in another. None at all allocate nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    text: Box<str>,
    /// Where each name and each value ends. What lies beyond 4 GiB, which no request has, is cut off.
    ends: Box<[u32]>,
}

impl Pairs {
    /// The pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut from = 0;
        let mut take = move |end: u32| {
            let text = self.text.get(from..end as usize).unwrap_or_default();
            from = end as usize;
            text
        };
        let (pairs, _) = self.ends.as_chunks();
        pairs
            .iter()
            .map(move |&[name, value]| (take(name), take(value)))
    }

    /// The values of a name.
    pub fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p str> {
        self.iter()
            .filter(move |(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        let mut push = |piece: &str| {
            text.push_str(piece);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        };
        for (name, value) in pairs {
            push(name.as_ref());
            push(value.as_ref());
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }
}

impl Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_back_in_order_whatever_they_are() {
        let pairs = [("a", "1"), ("", ""), ("a", "ü"), ("b\0", "\n")];
        let kept: Pairs = pairs.into_iter().collect();
        assert!(kept.iter().eq(pairs));
        assert!(kept.all("a").eq(["1", "ü"]));
        assert_eq!(kept.all("c").count(), 0);
        assert_eq!(Pairs::default().iter().count(), 0);
    }
}
