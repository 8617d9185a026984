//! The query of a request, parameter by parameter; what is not understood is a 400 that names it.

use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::answer::Problem;

/// Parameters, decoded.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query. Parameters that are not among `known` are refused.
    ///
    /// # Errors
    ///
    /// A parameter is unknown, comes twice, or is not UTF-8.
    pub(crate) fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        Self::read_repeated(query, known, &[])
    }

    /// The same, where some of the known parameters may come several times.
    ///
    /// # Errors
    ///
    /// As above.
    pub(crate) fn read_repeated(
        query: Option<&str>,
        known: &[&str],
        repeated: &[&str],
    ) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let written = query.unwrap_or_default().split('&');
        for pair in written.filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if !known.contains(&name.as_str()) {
                let names = known.join(", ");
                let text = format!("unknown parameter {name:?}; known here: {names}");
                return Err(Problem::bad(text).with("parameter", name));
            }
            let may_repeat = repeated.contains(&name.as_str());
            if !may_repeat && pairs.iter().any(|(known, _)| *known == name) {
                let text = format!("the parameter `{name}` comes twice");
                return Err(Problem::bad(text).with("parameter", name));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// A parameter that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.is_empty())
    }

    /// Every value of a parameter that may come several times.
    pub(crate) fn texts<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A whole number in a range.
    ///
    /// # Errors
    ///
    /// It is none, or out of the range.
    pub(crate) fn number<N>(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<N>,
    ) -> Result<Option<N>, Problem>
    where
        N: FromStr + PartialOrd + std::fmt::Display,
    {
        let Some(text) = self.value(name) else {
            return Ok(None);
        };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (low, high) = (range.start(), range.end());
            let text = format!("`{name}` must be a whole number from {low} to {high}");
            Problem::bad(text).with("parameter", name)
        })
    }

    /// One of some words, with what stands for it.
    ///
    /// # Errors
    ///
    /// It is another word.
    pub(crate) fn choice<T: Copy>(
        &self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.value(name) else {
            return Ok(None);
        };
        let found = choices.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let text = format!("`{name}` must be one of {}", words.join(", "));
            Problem::bad(text).with("parameter", name)
        })
    }
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Problem::bad("the query is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_checked() {
        let query = Query::read(Some("path=%2Fa+b&limit=5&q="), &["path", "limit", "q"]).unwrap();
        assert_eq!(query.text("path"), Some("/a b"));
        assert_eq!(query.text("q"), None);
        assert_eq!(query.number("limit", 1..=10).unwrap(), Some(5));
        assert!(query.number("limit", 6..=10).is_err());
        assert!(query.choice("path", &[("a", 1)]).is_err());
        let query = Query::read_repeated(Some("q=1&q=2"), &["q"], &["q"]).unwrap();
        assert_eq!(query.texts("q").collect::<Vec<_>>(), ["1", "2"]);
        for wrong in ["x=1", "q=1&q=2", "q=%ff"] {
            assert!(Query::read(Some(wrong), &["q"]).is_err(), "{wrong}");
        }
    }
}
