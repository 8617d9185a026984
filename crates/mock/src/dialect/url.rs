//! URLs of files, taken apart: whom they name, which is the author's choice alone, and the path and query there, which
//! may have holes.

use ::http::uri::{Authority, PathAndQuery};
use sockeye_core::document::Node;
use sockeye_core::{Mistake, quoted};
use sockeye_script::template::{TemplateMistake, UrlTemplate};

use super::Reading;

/// Where the host of the text behind `://` ends.
pub(crate) fn end_of_authority(rest: &str) -> usize {
    rest.find(['/', '?', '#']).unwrap_or(rest.len())
}

/// A host with or without a port; nothing if it is anything else.
pub(crate) fn authority(written: &str) -> Option<Authority> {
    let parsed: Authority = written.parse().ok()?;
    let port = written.strip_prefix(parsed.host()).unwrap_or_default();
    let is_right = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    let has_port = port.strip_prefix(':').is_some_and(is_right);
    let is_host = !parsed.host().is_empty() && (port.is_empty() || has_port);
    is_host.then_some(parsed)
}

impl Reading<'_> {
    /// What stands behind the host. `start` is where in the node's text that is, if it is written there.
    pub(crate) fn path_and_query(
        &mut self,
        node: &Node,
        written: &str,
        start: Option<usize>,
        page: &'static str,
    ) -> Option<UrlTemplate> {
        // A URL without a path means the path `/`.
        let ahead = match written {
            "" => "/",
            query if query.starts_with('?') => "/",
            _ => "",
        };
        let text = format!("{ahead}{written}");
        let template = match UrlTemplate::parse(&text, self.dialect) {
            Ok(template) => template,
            Err(wrong) => {
                let shifted = |at: usize| (at + start.unwrap_or(0)).saturating_sub(ahead.len());
                let span = shifted(wrong.span.start)..shifted(wrong.span.end);
                self.template_mistake(node, TemplateMistake { span, ..wrong });
                return None;
            }
        };
        let literal = template.with("x");
        let is_right = literal.bytes().all(|byte| byte.is_ascii_graphic());
        if is_right && !literal.contains('#') && literal.parse::<PathAndQuery>().is_ok() {
            return Some(template);
        }
        let place = match start {
            Some(start) => node.place_within(start..start + written.len()),
            None => node.place.clone(),
        };
        let message = format!("{} is no path of a URL", quoted(&text));
        let remedy = "percent-encode blanks and other letters outside of ASCII, and leave out `#`";
        self.mistake(Mistake::at(&place, message).remedy(remedy).page(page));
        None
    }
}
