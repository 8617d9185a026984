//! The message about a step passes through here, in the shape of each generation, to the client and to those who watch.

use sockeye_model::machine::{Step, WalkError};

use crate::profile::Protocol;
use crate::registry::Registry;
use crate::reply::{Object, Replies, array, quote};
use crate::request::Key;
use crate::state::data_object;
use crate::walk::Walk;

/// How variables are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// An array of objects with one member each.
    List,
    /// An object.
    Object,
    /// One text: `a=1;b=2`.
    Text,
}

/// What a message about a step looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    key: Key,
    data: Data,
    /// Whether it has the element's name, and `success`.
    is_reply: bool,
    /// Whether it has nothing but id and count.
    is_short: bool,
    /// Whether data has the reference's faults: a pseudo variable in an object, in a list no number with a fraction.
    is_faulty: bool,
}

/// The pseudo variable that the reference shows, for those who count.
const CONTEXT: (&str, &str) = (
    "JsonContext",
    "org.graphwalker.io.factory.json.JsonContext@0",
);

impl Shape {
    pub(crate) fn of(protocol: Protocol, key: Key) -> Self {
        let is_rewrite = protocol == Protocol::Rs;
        let is_short = protocol.is_legacy() || protocol == Protocol::Editor;
        Self {
            key,
            data: match protocol {
                Protocol::V32 | Protocol::V33 | Protocol::Editor => Data::List,
                Protocol::V34 | Protocol::V42 | Protocol::V43 => Data::Object,
                Protocol::Rs => Data::Text,
            },
            is_reply: is_rewrite,
            is_short,
            is_faulty: false,
        }
    }

    /// The same with the reference's faults.
    pub(crate) fn with_faults(self, is_faulty: bool) -> Self {
        Self { is_faulty, ..self }
    }
}

/// What those who watch get, by the shape that they asked in.
pub(super) const WATCHED: [(Protocol, &str); 2] = [(Protocol::V43, ""), (Protocol::Rs, "/rs")];

/// Writes the message. `session` is told to those who watch several.
pub(crate) fn write(
    walk: &mut Walk,
    made: (Step, f64),
    shape: Shape,
    session: Option<&str>,
    replies: &mut Replies,
) -> Result<(), WalkError> {
    let (step, fulfilment) = made;
    let visits = walk.machine.visits(step.model, step.element);
    if !shape.is_short {
        // Before anything is written: it may fail.
        walk.data()?;
    }
    let total = walk.machine.total_visits();
    let (model, element, name) = walk.ids(step);
    let mut object = replies.object();
    object.text(shape.key.name(), "visitedElement");
    if shape.is_short {
        object.text("id", element).whole("visitedCount", visits);
        return Ok(());
    }
    if let Some(session) = session {
        object.text("sessionId", session);
    }
    object.text("modelId", model).text("elementId", element);
    if shape.is_reply || session.is_some() {
        object.maybe("name", name);
    }
    object
        .whole("visitedCount", visits)
        .whole("totalCount", total)
        .number("stopConditionFulfillment", fulfilment);
    if shape.is_reply {
        object.truth("success", true);
    }
    data(&mut object, walk.data()?, shape);
    Ok(())
}

/// Writes the member `data`.
pub(super) fn data(object: &mut Object<'_>, pairs: &[(String, String)], shape: Shape) {
    if shape.is_faulty && shape.data == Data::Object {
        let (name, value) = (CONTEXT.0.to_owned(), CONTEXT.1.to_owned());
        let pairs: Vec<_> = std::iter::once((name, value))
            .chain(pairs.iter().cloned())
            .collect();
        object.with("data", |out| data_object(out, &pairs));
        return;
    }
    if shape.is_faulty && shape.data == Data::List {
        let pairs: Vec<_> = pairs.iter().map(rounded).collect();
        let shape = Shape {
            is_faulty: false,
            ..shape
        };
        return data(object, &pairs, shape);
    }
    match shape.data {
        Data::Object => object.with("data", |out| data_object(out, pairs)),
        Data::List => object.with("data", |out| {
            array(out, pairs, |out, pair| {
                data_object(out, std::slice::from_ref(pair));
            });
        }),
        Data::Text => {
            let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
            let text = pairs.collect::<Vec<_>>().join(";");
            object.with("data", |out| quote(out, &text))
        }
    };
}

/// A variable as 3.3 shows it. By what is shown, a text of digits cannot be told from a number.
fn rounded((name, value): &(String, String)) -> (String, String) {
    let number = value.parse::<f64>().ok().filter(|_| value.contains('.'));
    let shown = number.map(|number| format!("{:.0}", (number + 0.5).floor()));
    (name.clone(), shown.unwrap_or_else(|| value.clone()))
}

/// Tells those who watch, and pauses at a breakpoint. Costs two loads where nobody does.
pub(crate) fn publish(walk: &mut Walk, made: (Step, f64), registry: &Registry) {
    let card = std::sync::Arc::clone(&walk.card);
    for (at, (protocol, suffix)) in WATCHED.into_iter().enumerate() {
        let watchers = card.watchers[at].load(std::sync::atomic::Ordering::Relaxed);
        if watchers == 0 {
            continue;
        }
        let mut message = Replies::default();
        let shape = Shape::of(protocol, Key::Command);
        if write(walk, made, shape, Some(&card.id), &mut message).is_ok() {
            registry.send(&format!("{}{suffix}", card.group), &message);
        }
    }
    if card.breaks_at(made.0) {
        let (model, element, _) = walk.ids(made.0);
        registry.tell_paused(&card, Some((model, element)));
    }
}
