//! Messages of a client pass through here on their way to a `waitFor`: a regular expression or a JSONPath.

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::Value;

/// Steps of a search that gives up rather than go on: a pattern with look-around may take for ever.
const BACKTRACKS: usize = 1_000_000;

/// What a message must be like.
#[derive(Debug)]
pub enum WaitFor {
    /// Somewhere in the text.
    Regex(Box<fancy_regex::Regex>),
    /// Finds something in the JSON.
    Path(Box<JpQuery>),
}

impl WaitFor {
    /// A JSONPath if the text begins with `$.` or `$[`, a regular expression otherwise.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as half a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with("$.") || text.starts_with("$[") {
            let path = parse_json_path(text);
            let path = path.map_err(|_| format!("`waitFor` {text:?} is no JSONPath"))?;
            return Ok(Self::Path(Box::new(path)));
        }
        let regex = fancy_regex::RegexBuilder::new(text)
            .backtrack_limit(BACKTRACKS)
            .build();
        let regex = regex.map_err(|problem| {
            let problem = problem.to_string();
            let last = problem.lines().last().unwrap_or_default();
            format!(
                "`waitFor` {text:?} is no regular expression: {}",
                last.rsplit(": ").next().unwrap_or(last)
            )
        })?;
        Ok(Self::Regex(Box::new(regex)))
    }

    /// Whether a text message is what is waited for.
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Regex(regex) => regex.is_match(text).unwrap_or(false),
            Self::Path(path) => serde_json::from_str::<Value>(text).is_ok_and(|json| {
                js_path_process(path, &json).is_ok_and(|found| !found.is_empty())
            }),
        }
    }
}
