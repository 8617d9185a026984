//! EDN text passes through here: forms in, the same tree of values out that YAML gives.

mod scan;
mod token;

use std::sync::Arc;

use self::scan::Scan;
use super::yaml::{Budget, duplicates, empty, too_deep};
use super::{Key, MAX_DEPTH, Node, NodeValue};
use crate::{Mistake, Mistakes, Place, Source, quoted};

/// The tags of EDN itself; their values are taken as they are written.
const TAGS: [&str; 2] = ["#inst", "#uuid"];

/// The forms of an EDN text: a list of all of them, or the one vector if that is all there is.
///
/// Keywords become text without their colon, also as keys; sets become lists; symbols and characters
/// text; the value behind `#inst` and `#uuid` is taken without the tag. Refused, each with its place:
/// what is not EDN, other tags, a key without a value, a key or a set's value twice, keys that are collections, no form at
/// all, more than [`MAX_BYTES`](super::MAX_BYTES), deeper than [`MAX_DEPTH`], more than
/// [`MAX_NODES`](super::MAX_NODES) keys and values.
pub fn parse_edn(source: &Arc<Source>) -> Result<Node, Mistakes> {
    super::file::check_size(source.name(), source.text().len() as u64)?;
    let mut reader = Reader {
        scan: Scan::new(source),
        budget: Budget::new(),
        depth: 0,
        mistakes: Mistakes::new(),
    };
    match reader.document() {
        Ok(node) => reader.mistakes.into_result(node),
        Err(mistake) => {
            reader.mistakes.push(mistake);
            Err(reader.mistakes)
        }
    }
}

struct Reader<'s> {
    scan: Scan<'s>,
    budget: Budget,
    /// How many brackets, tags and discards are open.
    depth: usize,
    mistakes: Mistakes,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Mistake> {
        let mut forms = self.forms(None)?;
        match forms.as_slice() {
            [] => Err(empty(self.scan.source())),
            [
                Node {
                    value: NodeValue::Seq(_),
                    ..
                },
            ] => Ok(forms.remove(0)),
            [first, .., last] | [first @ last] => {
                let place = Place::new(
                    self.scan.source(),
                    first.place.span().start..last.place.span().end,
                );
                Ok(Node {
                    place,
                    value: NodeValue::Seq(forms),
                })
            }
        }
    }

    /// All forms up to the bracket that closes the one at `open`, or to the end of the text.
    fn forms(&mut self, open: Option<(&Place, char)>) -> Result<Vec<Node>, Mistake> {
        let mut forms = Vec::new();
        loop {
            self.scan.skip_blank();
            let Some(next) = self.scan.peek() else {
                return match open {
                    None => Ok(forms),
                    Some((place, close)) => Err(unclosed(place, close)),
                };
            };
            if matches!(next, ')' | ']' | '}') {
                return self.close(open, next).map(|()| forms);
            }
            if let Some(form) = self.form(next)? {
                forms.push(form);
            }
        }
    }

    fn close(&mut self, open: Option<(&Place, char)>, found: char) -> Result<(), Mistake> {
        let start = self.scan.at();
        self.scan.bump();
        let place = self.scan.place_from(start);
        match open {
            Some((_, close)) if close == found => Ok(()),
            Some((opened, close)) => Err(Mistake::at(
                &place,
                format!("`{found}` closes what `{}` opened", opened.raw()),
            )
            .label(format!("`{close}` is expected here"))
            .also(opened, "opened here")),
            None => Err(
                Mistake::at(&place, format!("`{found}` closes what was never opened"))
                    .label("nothing is open here")
                    .remedy("remove it"),
            ),
        }
    }

    /// The form that starts with `next`; none if it is discarded.
    fn form(&mut self, next: char) -> Result<Option<Node>, Mistake> {
        let start = self.scan.at();
        let value = match next {
            '{' => self.nested(Self::map)?,
            '[' => self.nested(|reader| reader.list(']'))?,
            '(' => self.nested(|reader| reader.list(')'))?,
            '#' => match self.nested(Self::dispatch)? {
                Some(value) => value,
                None => return Ok(None),
            },
            '"' => NodeValue::Str(self.scan.string()?),
            '\\' => NodeValue::Str(self.scan.character()?),
            _ => self.scan.token()?,
        };
        let place = self.scan.place_from(start);
        self.budget.spend(1, &place)?;
        Ok(Some(Node { place, value }))
    }

    /// What `read` reads behind the next character, one level deeper.
    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Mistake>,
    ) -> Result<T, Mistake> {
        let start = self.scan.at();
        self.scan.bump();
        if self.depth >= MAX_DEPTH {
            return Err(too_deep(&self.scan.place_from(start)));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list(&mut self, close: char) -> Result<NodeValue, Mistake> {
        let open = self.scan.last();
        self.forms(Some((&open, close))).map(NodeValue::Seq)
    }

    fn map(&mut self) -> Result<NodeValue, Mistake> {
        let open = self.scan.last();
        let forms = self.forms(Some((&open, '}')))?;
        let mut entries = Vec::with_capacity(forms.len() / 2);
        let mut forms = forms.into_iter();
        while let Some(key) = forms.next() {
            let key = key_of(key)?;
            let Some(value) = forms.next() else {
                return Err(Mistake::at(
                    &key.place,
                    format!("the key {} has no value", quoted(&key.name)),
                )
                .label("nothing follows it")
                .also(&open, "in this map")
                .remedy("give it a value, or remove it"));
            };
            entries.push((key, value));
        }
        self.mistakes.extend(duplicates(&entries));
        Ok(NodeValue::Map(entries))
    }

    /// Behind `#`: a set, a discarded form, a tag with its value, a special number.
    fn dispatch(&mut self) -> Result<Option<NodeValue>, Mistake> {
        let hash = self.scan.last();
        match self.scan.peek() {
            Some('{') => self.nested(Self::set).map(Some),
            Some('_') => {
                self.scan.bump();
                self.next_form("`#_` has nothing to discard", &hash)
                    .map(|_| None)
            }
            Some('#') => self.scan.special_number().map(Some),
            Some(letter) if letter.is_alphabetic() => {
                self.scan.token()?;
                let tag = self.scan.place_from(hash.span().start);
                if !TAGS.contains(&tag.raw()) {
                    self.mistakes.push(unknown_tag(&tag));
                }
                self.next_form("a tag has no value", &tag)
                    .map(|node| Some(node.value))
            }
            _ => Err(Mistake::at(&hash, "`#` starts nothing here")
                .remedy("write `#{` for a set, `#_` to leave a form out, `#inst` for a tag")),
        }
    }

    fn set(&mut self) -> Result<NodeValue, Mistake> {
        let open = self.scan.last();
        let items = self.forms(Some((&open, '}')))?;
        let mut seen = std::collections::HashMap::new();
        for item in &items {
            if let Some(first) = seen.insert(item.to_json().to_string(), &item.place) {
                self.mistakes.push(
                    Mistake::at(
                        &item.place,
                        format!("the set holds {} twice", quoted(item.place.raw())),
                    )
                    .label("again here")
                    .also(first, "first here")
                    .remedy("remove one of them"),
                );
            }
        }
        Ok(NodeValue::Seq(items))
    }

    /// The next form that is not discarded.
    fn next_form(&mut self, missing: &str, before: &Place) -> Result<Node, Mistake> {
        loop {
            self.scan.skip_blank();
            let next = self
                .scan
                .peek()
                .filter(|next| !matches!(next, ')' | ']' | '}'));
            let Some(next) = next else {
                return Err(Mistake::at(before, missing).label("nothing follows"));
            };
            if let Some(node) = self.form(next)? {
                return Ok(node);
            }
        }
    }
}

fn unknown_tag(tag: &Place) -> Mistake {
    Mistake::at(tag, format!("the tag {} is not known", quoted(tag.raw())))
        .label("this is read as a tag")
        .remedy("remove it; known are `#inst` and `#uuid`")
}

fn unclosed(place: &Place, close: char) -> Mistake {
    Mistake::at(place, format!("this `{}` is never closed", place.raw()))
        .label("opened here")
        .remedy(format!("close it with `{close}`"))
}

fn key_of(node: Node) -> Result<Key, Mistake> {
    let name = match node.value {
        NodeValue::Str(text) => text,
        NodeValue::Seq(_) | NodeValue::Map(_) => {
            let message = format!("a key must be a keyword or text, not {}", node.kind_name());
            return Err(Mistake::at(&node.place, message).label("this is read as a key"));
        }
        _ => node.place.raw().to_owned(),
    };
    Ok(Key {
        name,
        place: node.place,
    })
}
