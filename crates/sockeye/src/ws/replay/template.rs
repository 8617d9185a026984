//! Templates in JSON lines pass through here and become texts at the time they are said.

use sockeye_core::{Clock, Random};
use sockeye_script::template::{Dialect, Found, Root, Scope, Step, Template, Vars};

/// Nothing is known but the time and what is random.
struct Nothing;

impl Vars for Nothing {
    fn find(&self, _: Root, _: &[Step]) -> Found<'_> {
        Found::Missing
    }

    fn connection_count(&self, _: bool) -> u64 {
        0
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }
}

/// The text of a template; one that cannot be rendered is said as it is written.
pub(super) fn rendered(text: &str, random: &mut Random) -> String {
    let mut out = Vec::new();
    let mut scope = Scope {
        vars: &Nothing,
        random,
        clock: &Clock::system(),
    };
    let template = Template::parse(text, Dialect::MockForge);
    let done = template.is_ok_and(|template| template.render_text(&mut scope, &mut out).is_ok());
    match String::from_utf8(out) {
        Ok(rendered) if done => rendered,
        _ => text.to_owned(),
    }
}
