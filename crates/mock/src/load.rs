//! Files to a plan: each is read in its own notation, then all are put together and checked.

use std::path::{Path, PathBuf};

use sockeye_core::document::{self, Node, NodeValue};
use sockeye_core::{Mistake, Mistakes, Place};
use sockeye_script::template::Dialect;

use crate::dialect::{Part, Reading, mockforge, moclojer};
use crate::plan::{Plan, Route, Settings};

/// Where the manual explains files as such.
const FILES_PAGE: &str = "docs/files.md";

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Unknown keys are warnings instead of errors.
    pub lenient: bool,
    /// Files that are named for serving must be there; otherwise a missing one is a warning.
    pub serving: bool,
    /// What stands above the files.
    pub overrides: Overrides,
}

/// What flags and environment variables say instead of MockForge files.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Path of the default endpoint.
    pub path: Option<String>,
    /// Largest message in bytes, 0 for no limit.
    pub message_bytes: Option<u64>,
    /// Seconds between pings, 0 for none.
    pub ping_seconds: Option<f64>,
    /// Whether TLS is spoken, whatever a file says about `enabled`.
    pub tls: bool,
}

/// A plan and what its files were warned about.
#[derive(Debug)]
pub struct Loaded {
    /// The plan.
    pub plan: Plan,
    /// Warnings only.
    pub warnings: Mistakes,
}

/// Reads `files` into plan number `generation`. Without files: the guide's default endpoint.
///
/// Errors: all mistakes of all files, warnings included.
pub fn load(files: &[PathBuf], options: &LoadOptions, generation: u64) -> Result<Loaded, Mistakes> {
    let mut mistakes = Mistakes::new();
    let parts = if files.is_empty() {
        vec![mockforge::default_part(&options.overrides)]
    } else {
        files
            .iter()
            .filter_map(|file| read_file(file, options, &mut mistakes))
            .collect()
    };
    let mut plan = put_together(parts, generation, &mut mistakes);
    if options.overrides.tls {
        plan.settings.tls.get_or_insert_default();
    }
    mistakes.explained_on(FILES_PAGE);
    if mistakes.has_errors() {
        mistakes.forget_minor();
        return Err(mistakes);
    }
    Ok(Loaded {
        plan,
        warnings: mistakes,
    })
}

fn read_file(file: &Path, options: &LoadOptions, mistakes: &mut Mistakes) -> Option<Part> {
    match document::read(file) {
        Ok(root) => Some(read_root(&root, options, mistakes)),
        Err(wrong) => {
            mistakes.extend(wrong);
            mistakes.explained_on(FILES_PAGE);
            None
        }
    }
}

/// A list is a Moclojer file, a map a MockForge file.
fn read_root(root: &Node, options: &LoadOptions, mistakes: &mut Mistakes) -> Part {
    let dialect = match root.value {
        NodeValue::Seq(_) => Dialect::Moclojer,
        NodeValue::Map(_) => Dialect::MockForge,
        _ => {
            let text = format!("a mock file is a list or a map, not {}", root.kind_name());
            let remedy = "start with `- websocket:` (Moclojer) or `websocket:` (MockForge)";
            mistakes.push(Mistake::at(&root.place, text).remedy(remedy));
            mistakes.explained_on(FILES_PAGE);
            return Part::default();
        }
    };
    let mut reading = Reading {
        dialect,
        mistakes,
        lenient: options.lenient,
        serving: options.serving,
        overrides: &options.overrides,
    };
    let (part, page) = match &root.value {
        NodeValue::Seq(items) => (
            moclojer::read(items, &root.place, &mut reading),
            moclojer::PAGE,
        ),
        _ => (mockforge::read(root, &mut reading), mockforge::PAGE),
    };
    mistakes.explained_on(page);
    part
}

fn put_together(parts: Vec<Part>, generation: u64, mistakes: &mut Mistakes) -> Plan {
    let all_moclojer = parts.iter().all(|part| part.settings.all_moclojer);
    let mut settings = Settings {
        all_moclojer,
        ..Settings::default()
    };
    let several = parts.iter().filter(|part| !part.routes.is_empty()).count() > 1;
    let mut routes = Vec::new();
    let mut built_in = Vec::new();
    let mut fallback = None;
    for part in parts {
        settings.take(part.settings);
        // With routes of other files beside it, a file without handlers answers its own path only.
        fallback = fallback.or(part.fallback.filter(|_| !several));
        for route in part.routes {
            match route.place {
                Some(_) => add(&mut routes, route, mistakes),
                None => built_in.push(route),
            }
        }
    }
    // What is built in gives way to what was written, and to the same of another file.
    for route in built_in {
        if !routes
            .iter()
            .any(|other| clash(&route, other).is_some() && same_paths(&route, other))
        {
            add(&mut routes, route, mistakes);
        }
    }
    routes.sort_by(|one: &Route, two| {
        one.path
            .by_rank(&two.path)
            .then(one.host.is_none().cmp(&two.host.is_none()))
    });
    Plan {
        routes,
        fallback,
        settings,
        generation,
    }
}

/// Adds a route; the same thing at the same path twice is a mistake.
fn add(routes: &mut Vec<Route>, route: Route, mistakes: &mut Mistakes) {
    let mut others = routes.iter().filter(|other| same_paths(&route, other));
    if let Some((other, what)) = others.find_map(|other| Some((other, clash(&route, other)?))) {
        report(&route, other, &what, mistakes);
    }
    let number = routes.len();
    routes.push(Route { number, ..route });
}

/// Whether two routes answer the same paths of the same host.
fn same_paths(one: &Route, two: &Route) -> bool {
    let host = |route: &Route| route.host.as_deref().map(str::to_lowercase);
    one.path.same_shape(&two.path) && host(one) == host(two)
}

/// What both routes serve.
fn clash(route: &Route, other: &Route) -> Option<String> {
    if route.socket.is_some() && other.socket.is_some() {
        return Some("a websocket".to_owned());
    }
    let methods = other.endpoints.iter().map(|endpoint| endpoint.method());
    let mut methods = methods.filter(|method| {
        route
            .endpoints
            .iter()
            .any(|endpoint| endpoint.method() == *method)
    });
    methods
        .next()
        .map(|method| format!("an endpoint for {method}"))
}

fn report(route: &Route, other: &Route, what: &str, mistakes: &mut Mistakes) {
    let message = format!("the path `{}` has {what} already", route.path);
    let mistake = match (&route.place, &other.place) {
        (Some(place), Some(first)) => Mistake::at(place, message)
            .label("again here")
            .also(first, "first here"),
        (Some(place), None) | (None, Some(place)) => Mistake::at(place, message),
        (None, None) => Mistake::nowhere(message),
    };
    let remedy = if other.path == route.path {
        "give one of them another path, or put both into one entry"
    } else {
        "both patterns match the same paths; change one of them"
    };
    mistakes.push(mistake.remedy(remedy));
}

impl Settings {
    /// Adds what another file says; what was said first counts.
    fn take(&mut self, other: Self) {
        self.host = self.host.take().or(other.host);
        self.port = self.port.or(other.port);
        self.max_connections = self.max_connections.or(other.max_connections);
        self.enabled = self.enabled.or(other.enabled);
        self.watch = match (self.watch, other.watch) {
            (Some(one), Some(two)) => Some(one || two),
            (one, two) => one.or(two),
        };
        self.seed = self.seed.or(other.seed);
        self.tls = self.tls.take().or(other.tls);
        self.script_time = self.script_time.or(other.script_time);
        self.script_memory = self.script_memory.or(other.script_memory);
        self.script_env.extend(other.script_env);
    }
}

/// The file a place is in, without its line: for messages about whole files.
pub(crate) fn file_of(place: &Place) -> &str {
    place.source().name()
}
