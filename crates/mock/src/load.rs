//! Files to a plan: each is read in its own notation, then all are put together and checked.

mod files;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sockeye_core::{Mistake, Mistakes, Place, Source, quoted};
use sockeye_script::template::Dialect;

use crate::dialect::{Part, Reading, mockforge};
use crate::plan::{Plan, Route, Settings};

use files::Files;

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
    /// A document of the program's own, read as if it were a file of this name.
    pub written: Option<Arc<Source>>,
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
    /// What the default endpoint plays; a path from the working folder.
    pub replay_file: Option<PathBuf>,
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
    /// Every file that was read: those that were named, those that they include, and others that they
    /// name for their content.
    pub files: Vec<PathBuf>,
}

/// Reads `files` into plan number `generation`. Without files: the guide's default endpoint.
///
/// Errors: all mistakes of all files, warnings included.
pub fn load(files: &[PathBuf], options: &LoadOptions, generation: u64) -> Result<Loaded, Mistakes> {
    load_and_list(files, options, generation).0
}

/// The same, with every file that has a say in the outcome, whatever it is: an edit of one of them
/// may change it. Files that are named but are not there are in the list, too.
pub fn load_and_list(
    files: &[PathBuf],
    options: &LoadOptions,
    generation: u64,
) -> (Result<Loaded, Mistakes>, Vec<PathBuf>) {
    let Files {
        mut mistakes,
        mut parts,
        mut paths,
        ..
    } = Files::read(files, options);
    if files.is_empty() && options.written.is_none() {
        let overrides = &options.overrides;
        let dialect = Dialect::MockForge;
        let mut reading = Reading::new(dialect, &mut mistakes, options.lenient, overrides);
        parts.push(mockforge::default_part(&mut reading));
        paths.append(&mut reading.files);
    }
    let mut plan = put_together(parts, generation, &mut mistakes);
    if let Some(file) = &options.overrides.replay_file
        && !mistakes.has_errors()
        && !plan.replays()
    {
        mistakes.push(not_played(file));
    }
    if options.overrides.tls {
        plan.settings.tls.get_or_insert_default();
    }
    mistakes.explained_on(FILES_PAGE);
    if mistakes.has_errors() {
        mistakes.forget_minor();
        return (Err(mistakes), paths);
    }
    let loaded = Loaded {
        plan,
        warnings: mistakes,
        files: paths.clone(),
    };
    (Ok(loaded), paths)
}

/// The user has to know: no default endpoint is left that would play it.
fn not_played(file: &Path) -> Mistake {
    let text = format!("{} is not played", quoted(&file.display().to_string()));
    let remedy = "it needs a MockForge file whose default endpoint is not a handler's; \
                  or remove --ws-replay-file and MOCKFORGE_WS_REPLAY_FILE";
    Mistake::nowhere(text).remedy(remedy).warning()
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
        self.max_connections_per_address = self
            .max_connections_per_address
            .or(other.max_connections_per_address);
        self.enabled = self.enabled.or(other.enabled);
        self.watch = match (self.watch, other.watch) {
            (Some(one), Some(two)) => Some(one || two),
            (one, two) => one.or(two),
        };
        self.seed = self.seed.or(other.seed);
        let (own, other_admin) = (&mut self.admin, other.admin);
        own.enabled = own.enabled.or(other_admin.enabled);
        own.host = own.host.take().or(other_admin.host);
        own.port = own.port.or(other_admin.port);
        self.shared = self.shared.take().or(other.shared);
        self.tls = self.tls.take().or(other.tls);
        self.script_time = self.script_time.or(other.script_time);
        self.script_memory = self.script_memory.or(other.script_memory);
        self.script_env.extend(other.script_env);
        self.chaos = self.chaos.take().or(other.chaos);
    }
}

/// The file a place is in, without its line: for messages about whole files.
pub(crate) fn file_of(place: &Place) -> &str {
    place.source().name()
}
