//! The words a path may start with pass through here: each dialect's names of the roots.

use super::scope::Root;

/// Whose names of values a template uses. Helpers, filters and tags are the same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The MockForge guide's: `message`, `params`, `path`, `state` …
    MockForge,
    /// Moclojer's, which is Selmer's: `path-params`, `json-params` …
    Moclojer,
}

const MOCKFORGE: &[(&str, Root)] = &[
    ("message", Root::Message),
    ("params", Root::Params),
    ("path", Root::PathParams),
    ("query", Root::QueryParams),
    ("headers", Root::HeaderParams),
    ("match", Root::Match),
    ("connection", Root::Connection),
    ("state", Root::State),
    ("id", Root::Id),
    ("method", Root::Method),
    ("sequence", Root::Sequence),
];

const MOCLOJER: &[(&str, Root)] = &[
    ("path-params", Root::PathParams),
    ("query-params", Root::QueryParams),
    ("header-params", Root::HeaderParams),
    ("json-params", Root::JsonParams),
    ("message", Root::Message),
    ("match", Root::Match),
];

impl Dialect {
    fn table(self) -> &'static [(&'static str, Root)] {
        match self {
            Self::MockForge => MOCKFORGE,
            Self::Moclojer => MOCLOJER,
        }
    }

    /// The files that are written in this dialect, for messages.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::MockForge => "MockForge",
            Self::Moclojer => "Moclojer",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::MockForge => Self::Moclojer,
            Self::Moclojer => Self::MockForge,
        }
    }

    /// The root that `word` names, if it names one.
    pub(crate) fn root(self, word: &str) -> Option<Root> {
        self.table()
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, root)| *root)
    }

    /// Every name of a root, in the order of the manual.
    pub(crate) fn roots(self) -> impl Iterator<Item = &'static str> {
        self.table().iter().map(|(name, _)| *name)
    }

    /// What this dialect calls a root of the other one.
    pub(crate) fn counterpart(self, root: Root) -> Option<&'static str> {
        match (self, root) {
            (Self::MockForge, Root::JsonParams) => Some("message"),
            (Self::Moclojer, Root::Params) => Some("json-params.params"),
            (Self::Moclojer, Root::Id) => Some("json-params.id"),
            (Self::Moclojer, Root::Method) => Some("json-params.method"),
            _ => self
                .table()
                .iter()
                .find(|(_, own)| *own == root)
                .map(|(name, _)| *name),
        }
    }
}
