//! Which generation of the protocol a connection speaks: told by the user, or by the first request that only one of them has.

use crate::request::{Key, Request};

/// A generation of the protocol. Each has its own members, spellings and failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// 3.2: `type`, a reply to `getNext` without name and id.
    V32,
    /// 3.3: `type`.
    V33,
    /// The editor between 3.3 and 3.4: `command`, models are made and changed piece by piece.
    Editor,
    /// 3.4: `command`, models come inside `gw3`.
    V34,
    /// 4.0 to 4.2: `gw` or `gw3`.
    V42,
    /// 4.3 and later: `gw`, replies name the model.
    V43,
    /// The rewrite of 2026, with sessions that others can watch and steer.
    Rs,
}

impl Protocol {
    /// The generations by the names they have on the command line and in the query (`?gw=3.3`).
    pub const NAMES: [(&'static str, Self); 7] = [
        ("3.2", Self::V32),
        ("3.3", Self::V33),
        ("editor", Self::Editor),
        ("3.4", Self::V34),
        ("4.2", Self::V42),
        ("4.3", Self::V43),
        ("rs", Self::Rs),
    ];

    /// The generation of this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut names = Self::NAMES.iter();
        let found = names.find(|(known, _)| *known == name);
        found.map(|(_, protocol)| *protocol)
    }

    /// Whether requests name their command in `type`.
    pub(crate) fn is_legacy(self) -> bool {
        matches!(self, Self::V32 | Self::V33)
    }

    /// How a reply spells the name of its command.
    pub(crate) fn spells(self, name: &'static str) -> &'static str {
        match (self, name) {
            (Self::V42 | Self::V43, "getModel") => "getmodel",
            (Self::V42 | Self::V43, "updateAllElements") => "updateallelements",
            (Self::Editor, "loadGw3") => "loadgw3",
            _ => name,
        }
    }
}

/// What a connection is known to speak.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dialect {
    /// The user has said so.
    pub(crate) forced: Option<Protocol>,
    /// A request has shown it.
    pinned: Option<Protocol>,
    /// The path is that of the rewrite, which counts if nothing else does.
    is_rewrite_path: bool,
}

impl Dialect {
    pub(crate) fn new(forced: Option<Protocol>, is_rewrite_path: bool) -> Self {
        Self {
            forced,
            pinned: None,
            is_rewrite_path,
        }
    }

    /// Whether the generation that was forced has requests with this key.
    pub(crate) fn hears(self, key: Key) -> bool {
        match self.forced {
            // Its first days had the key of 3.3.
            None | Some(Protocol::Editor) => true,
            Some(forced) => forced.is_legacy() == (key == Key::Type),
        }
    }

    /// The generation in whose shape a request with this key is answered.
    pub(crate) fn of(self, key: Key) -> Protocol {
        let known = self.forced.or(self.pinned);
        match (key, known) {
            (_, Some(known)) if known.is_legacy() == (key == Key::Type) => known,
            (Key::Type, _) => Protocol::V33,
            (Key::Command, Some(known)) if self.forced.is_some() => known,
            (Key::Command, _) => Protocol::V43,
        }
    }

    /// Looks whether a request tells the generation, if none has before.
    pub(crate) fn learn(&mut self, key: Key, command: &str, request: &Request<'_>) {
        if self.pinned.is_none() && self.forced.is_none() {
            self.pinned = first_sight(key, command, request, self.is_rewrite_path);
        }
    }
}

fn first_sight(
    key: Key,
    command: &str,
    request: &Request<'_>,
    is_rewrite_path: bool,
) -> Option<Protocol> {
    let is = |names: &[&str]| names.iter().any(|name| command.eq_ignore_ascii_case(name));
    if key == Key::Type {
        return Some(Protocol::V33);
    }
    if is(&["loadModel", "loadGw3", "addModel", "newModel"]) {
        return Some(Protocol::Editor);
    }
    if is(REWRITE) {
        return Some(Protocol::Rs);
    }
    if !is(&["start"]) {
        return None;
    }
    if request.has("gw3") && !request.has("gw") {
        return Some(Protocol::V34);
    }
    let has_extras = ["seed", "globalData", "name"]
        .iter()
        .any(|name| request.has(name));
    if request.has("gw") {
        return Some(if has_extras || is_rewrite_path {
            Protocol::Rs
        } else {
            Protocol::V43
        });
    }
    None
}

/// Commands that only the rewrite has.
const REWRITE: &[&str] = &[
    "check",
    "listSessions",
    "subscribeSession",
    "unsubscribeSession",
    "pauseSession",
    "resumeSession",
    "stepSession",
    "setDelay",
    "setBreakpoints",
];
