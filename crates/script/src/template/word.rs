//! The inside of a hole or tag is cut into words and filters here, each with its place in the template.

use std::ops::Range;

use super::mistake::TemplateMistake;

/// A stretch of the template's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

impl<'t> Word<'t> {
    pub(crate) fn of(text: &'t str, range: &Range<usize>) -> Self {
        Self {
            text: text.get(range.clone()).unwrap_or_default(),
            start: range.start,
        }
    }

    pub(crate) fn span(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    pub(crate) fn trim(self) -> Self {
        let text = self.text.trim_start();
        Self {
            text: text.trim_end(),
            start: self.start + self.text.len() - text.len(),
        }
    }

    fn part(self, range: Range<usize>) -> Self {
        let start = self.start + range.start;
        Self {
            text: self.text.get(range).unwrap_or_default(),
            start,
        }
    }

    /// What remains of a word after its first `count` bytes.
    pub(crate) fn after(self, count: usize) -> Self {
        self.part(count..self.text.len())
    }

    /// The parts between the places where `separates`, none of them inside quotes. Parts may be empty.
    pub(crate) fn split(self, separates: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        let mut quote = None;
        let mut escaped = false;
        for (at, letter) in self.text.char_indices() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if letter == '\\' => escaped = true,
                Some(open) if open == letter => quote = None,
                None if letter == '"' || letter == '\'' => quote = Some(letter),
                None if separates(letter) => {
                    parts.push(self.part(start..at));
                    start = at + letter.len_utf8();
                }
                _ => {}
            }
        }
        parts.push(self.part(start..self.text.len()));
        parts
    }

    /// The words between blanks.
    pub(crate) fn words(self) -> Vec<Self> {
        self.split(char::is_whitespace)
            .into_iter()
            .filter(|word| !word.text.is_empty())
            .collect()
    }

    /// The characters between the word's quotes, if it has them: `\"`, `\'` and `\\` mean the second character.
    pub(crate) fn unquoted(self) -> Result<Option<String>, TemplateMistake> {
        let mut letters = self.text.chars();
        let Some(quote @ ('"' | '\'')) = letters.next() else {
            return Ok(None);
        };
        let mut content = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some(next @ ('"' | '\'' | '\\')) => content.push(next),
                    Some(next) => content.extend(['\\', next]),
                    None => break,
                },
                _ if letter == quote && letters.as_str().is_empty() => return Ok(Some(content)),
                _ if letter == quote => {
                    let place = self.text.len() - letters.as_str().len();
                    return Err(TemplateMistake::new(
                        "text follows the closing quote",
                        self.after(place).span(),
                    )
                    .remedy("put a blank between two arguments"));
                }
                _ => content.push(letter),
            }
        }
        Err(
            TemplateMistake::new("the quote is never closed", self.start..self.start + 1)
                .remedy(format!("close it with {quote}")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn words_keep_quoted_blanks_and_their_places() {
        let text = r#"  pick 'a b'  "c\" d" e"#;
        let words = Word::of(text, &(0..text.len())).words();
        let found: Vec<_> = words.iter().map(|word| (word.text, word.start)).collect();
        assert_eq!(
            found,
            [("pick", 2), ("'a b'", 7), (r#""c\" d""#, 14), ("e", 22)]
        );
        assert_eq!(words[2].unquoted().unwrap().unwrap(), "c\" d");
        assert_eq!(words[3].unquoted().unwrap(), None);
    }
}
