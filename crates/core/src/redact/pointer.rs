//! A place in JSON: a pointer of RFC 6901, with `*` for any member or element.

/// The steps to a place.
#[derive(Clone, Debug)]
pub(super) struct Pointer(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Any,
    Named(String),
}

impl Pointer {
    /// Reads a pointer; the empty one, which is all of the JSON, is not wanted here.
    pub(super) fn parse(pointer: &str) -> Option<Self> {
        let steps = pointer.strip_prefix('/')?.split('/');
        let steps: Option<Vec<Step>> = steps.map(step).collect();
        steps.map(Self)
    }

    /// Whether it leads to the place that these steps lead to.
    pub(super) fn leads_to(&self, place: &[String]) -> bool {
        let fits = |(wanted, step): (&Step, &String)| match wanted {
            Step::Any => true,
            Step::Named(name) => name == step,
        };
        self.0.len() == place.len() && self.0.iter().zip(place).all(fits)
    }
}

/// `~1` is `/` and `~0` is `~`; no other `~` may be.
fn step(written: &str) -> Option<Step> {
    if written == "*" {
        return Some(Step::Any);
    }
    let mut name = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '~' => name.push(match letters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            }),
            letter => name.push(letter),
        }
    }
    Some(Step::Named(name))
}
