//! Elements pass through here on their way to labels, which must say the same when they are read again.

use std::fmt::Write as _;

use super::{Label, On, read};
use crate::{Edge, Vertex};

/// The label of a vertex, or the field that no label can hold.
pub(crate) fn of_vertex(
    vertex: &Vertex,
    init: Option<&str>,
    is_blocked: bool,
) -> Result<String, &'static str> {
    if !vertex.actions.is_empty() {
        return Err("the actions of a vertex");
    }
    let meant = Label {
        name: vertex.name.clone().filter(|name| !name.is_empty()),
        shared: vertex.shared.clone(),
        init: init.map(Into::into),
        requirements: some(&vertex.requirements),
        is_blocked,
        ..Label::default()
    };
    write(&meant, On::Vertex)
}

/// The label of an edge, or the field that no label can hold.
pub(crate) fn of_edge(edge: &Edge, is_blocked: bool) -> Result<String, &'static str> {
    let meant = Label {
        name: edge.name.clone().filter(|name| !name.is_empty()),
        guard: edge.guard.clone().filter(|guard| !guard.is_empty()),
        actions: (!edge.actions.is_empty()).then(|| joined(&edge.actions).into()),
        requirements: some(&edge.requirements),
        is_blocked,
        weight: (edge.weight != 0.0).then_some(edge.weight),
        dependency: (edge.dependency != 0).then_some(edge.dependency),
        ..Label::default()
    };
    write(&meant, On::Edge)
}

fn some(tags: &[Box<str>]) -> Option<Box<[Box<str>]>> {
    (!tags.is_empty()).then(|| tags.into())
}

/// The text of a label, if reading it gives the same again; else the first field that does not fit.
fn write(meant: &Label, on: On) -> Result<String, &'static str> {
    let mut text = meant.name.as_deref().unwrap_or_default().to_owned();
    let mut line = |line: std::fmt::Arguments<'_>| {
        let _ = write!(text, "\n{line}");
    };
    if let Some(shared) = &meant.shared {
        line(format_args!("SHARED: {shared}"));
    }
    if let Some(guard) = &meant.guard {
        line(format_args!("[{guard}]"));
    }
    if meant.is_blocked {
        line(format_args!("BLOCKED"));
    }
    if let Some(weight) = meant.weight {
        line(format_args!("weight={weight}"));
    }
    if let Some(dependency) = meant.dependency {
        line(format_args!("dependency={dependency}"));
    }
    if let Some(init) = &meant.init {
        line(format_args!("INIT: {init}"));
    }
    if let Some(actions) = &meant.actions {
        line(format_args!("/{actions}"));
    }
    if let Some(tags) = &meant.requirements {
        line(format_args!("REQTAG={}", tags.join(",")));
    }
    let read = read(&text, on).map_err(|_| "a name, a number or a script")?;
    for (is_same, field) in [
        (read.name == meant.name, "its name"),
        (read.shared == meant.shared, "its shared state"),
        (read.guard == meant.guard, "its guard"),
        (
            read.actions == meant.actions && read.init == meant.init,
            "its actions",
        ),
        (read.requirements == meant.requirements, "its requirements"),
    ] {
        if !is_same {
            return Err(field);
        }
    }
    (read == *meant).then_some(text).ok_or("its numbers")
}

/// Actions as one script that ends with a semicolon.
pub(crate) fn joined(actions: &[Box<str>]) -> String {
    let mut script = String::new();
    for action in actions {
        let gap = if script.is_empty() { "" } else { " " };
        let end = if action.trim_end().ends_with(';') {
            ""
        } else {
            ";"
        };
        let _ = write!(script, "{gap}{}{end}", action.trim());
    }
    script
}
