//! The routes of the admin listener: method, path, what each is for. Requests and the description go by it.

use ::http::Method;

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Events,
    Connections,
    Connection,
    Send,
    Close,
    Broadcast,
    Rooms,
    Handlers,
    Try,
    Stats,
    Messages,
    Recordings,
    Tape,
    Sinks,
    ForgetSinks,
    Reload,
    Chaos,
    SetChaos,
    ForgetChaos,
    Faults,
    Healthz,
    Readyz,
    Metrics,
    OpenApi,
}

/// A route.
#[derive(Debug)]
pub(crate) struct AdminRoute {
    pub(crate) method: Method,
    /// `{id}` stands for one segment.
    pub(crate) path: &'static str,
    pub(crate) action: Action,
    pub(crate) summary: &'static str,
    /// Whether it needs the token, where there is one.
    pub(crate) is_guarded: bool,
}

const fn route(
    method: Method,
    path: &'static str,
    action: Action,
    summary: &'static str,
) -> AdminRoute {
    AdminRoute {
        method,
        path,
        action,
        summary,
        is_guarded: true,
    }
}

const fn open(path: &'static str, action: Action, summary: &'static str) -> AdminRoute {
    AdminRoute {
        method: Method::GET,
        path,
        action,
        summary,
        is_guarded: false,
    }
}

/// All routes but those of the pages.
pub(crate) static ROUTES: [AdminRoute; 25] = [
    route(
        Method::GET,
        "/__mockforge/ws",
        Action::Events,
        "Stream of events, as a WebSocket",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/connections",
        Action::Connections,
        "Open connections",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/connections/{id}",
        Action::Connection,
        "A connection in full",
    ),
    route(
        Method::DELETE,
        "/__mockforge/ws/connections/{id}",
        Action::Close,
        "Closes a connection",
    ),
    route(
        Method::POST,
        "/__mockforge/ws/connections/{id}/send",
        Action::Send,
        "Sends a message to a connection",
    ),
    route(
        Method::POST,
        "/__mockforge/ws/broadcast",
        Action::Broadcast,
        "Sends a message to many",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/rooms",
        Action::Rooms,
        "Rooms and their members",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/handlers",
        Action::Handlers,
        "Handlers, their rules and timers",
    ),
    route(
        Method::POST,
        "/__mockforge/ws/try",
        Action::Try,
        "Says what would happen to a message",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/stats",
        Action::Stats,
        "Counts",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/messages",
        Action::Messages,
        "The last messages",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/recordings",
        Action::Recordings,
        "Recordings of connections",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/record",
        Action::Tape,
        "What passes, to be recorded, as a WebSocket",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/sinks",
        Action::Sinks,
        "What sinks have had, and their last records",
    ),
    route(
        Method::DELETE,
        "/__mockforge/ws/sinks",
        Action::ForgetSinks,
        "Lets sinks forget what they have had",
    ),
    route(
        Method::POST,
        "/__mockforge/ws/reload",
        Action::Reload,
        "Loads the files anew",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/chaos",
        Action::Chaos,
        "What goes wrong on purpose, and counts of it",
    ),
    route(
        Method::PUT,
        "/__mockforge/ws/chaos",
        Action::SetChaos,
        "Lets these faults happen on all handlers",
    ),
    route(
        Method::DELETE,
        "/__mockforge/ws/chaos",
        Action::ForgetChaos,
        "Lets what the files say hold again",
    ),
    route(
        Method::GET,
        "/__mockforge/ws/chaos/log",
        Action::Faults,
        "The last faults on purpose",
    ),
    route(
        Method::GET,
        "/__mockforge/metrics",
        Action::Metrics,
        "Metrics for Prometheus",
    ),
    route(
        Method::GET,
        "/metrics",
        Action::Metrics,
        "Metrics for Prometheus",
    ),
    open("/healthz", Action::Healthz, "Whether the process lives"),
    open(
        "/readyz",
        Action::Readyz,
        "Whether new connections are taken",
    ),
    open("/openapi.json", Action::OpenApi, "This description"),
];

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Target<'p> {
    /// A route, and the `{id}` of its path.
    Route(&'static AdminRoute, &'p str),
    /// A path that has other methods.
    Methods(Vec<&'static Method>),
    /// No path of the table.
    Nothing,
}

/// Finds a route. HEAD is served by GET.
pub(crate) fn find<'p>(method: &Method, path: &'p str) -> Target<'p> {
    let mut methods = Vec::new();
    for route in &ROUTES {
        let Some(id) = matched(route.path, path) else {
            continue;
        };
        if route.method == *method || route.method == Method::GET && *method == Method::HEAD {
            return Target::Route(route, id);
        }
        methods.push(&route.method);
    }
    if methods.is_empty() {
        Target::Nothing
    } else {
        Target::Methods(methods)
    }
}

/// The segment that stands for `{id}`, empty without one, if the path is of this form.
fn matched<'p>(form: &str, path: &'p str) -> Option<&'p str> {
    let mut id = "";
    let (mut form, mut path) = (form.split('/'), path.split('/'));
    loop {
        match (form.next(), path.next()) {
            (None, None) => return Some(id),
            (Some("{id}"), Some(segment)) if !segment.is_empty() => id = segment,
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_methods_are_found() {
        let found = |method, path| match find(&method, path) {
            Target::Route(route, id) => Some((route.action, id.to_owned())),
            _ => None,
        };
        let path = "/__mockforge/ws/connections/conn-7";
        let id = "conn-7".to_owned();
        assert_eq!(
            found(Method::GET, path),
            Some((Action::Connection, id.clone()))
        );
        assert_eq!(
            found(Method::HEAD, path),
            Some((Action::Connection, id.clone()))
        );
        assert_eq!(found(Method::DELETE, path), Some((Action::Close, id)));
        assert!(matches!(find(&Method::PUT, path), Target::Methods(methods) if methods.len() == 2));
        for path in [
            "/",
            "/__mockforge/ws/",
            "/__mockforge/ws/connections/",
            "/metrics/x",
        ] {
            assert!(
                matches!(find(&Method::GET, path), Target::Nothing),
                "{path}"
            );
        }
    }
}
