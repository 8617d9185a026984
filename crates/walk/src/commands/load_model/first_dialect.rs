//! A model of 3.2 and 3.3 passes through here, on its way to what those servers read of it, with their fault.

use serde_json::value::RawValue;
use sockeye_model::json::object::{Escapes, Object};

use crate::request::Request;

/// The model with nothing but what 3.2 and 3.3 read: no guards, requirements, weights and shared states, no scripts of
/// vertices and of the model, and of each edge as many actions as the model has vertices, those that are objects.
///
/// # Errors
///
/// The first member that those servers ask for and that is missing or of another kind, in their words.
pub(super) fn reduce(text: &str) -> Result<String, String> {
    let model = Request::read(text)?;
    let [name, generator] = [model.text("name")?, model.text("generator")?];
    let vertices = items(&model, "vertices")?;
    let edges = items(&model, "edges")?;
    let most = vertices.len();
    let vertices = vertices.into_iter().map(|vertex| element(vertex, &[], 0));
    let vertices = vertices.collect::<Result<Vec<_>, _>>()?;
    let edges = edges
        .into_iter()
        .map(|edge| element(edge, &["dstVertexId"], most));
    let edges = edges.collect::<Result<Vec<_>, _>>()?;
    let mut out = String::new();
    Object::write(&mut out, Escapes::Message, |object| {
        object.text("name", &name).text("generator", &generator);
        for (name, all) in [("vertices", &vertices), ("edges", &edges)] {
            object.array(name, all, |out, one| out.push_str(one));
        }
    });
    Ok(out)
}

/// The items of a member that must be an array.
fn items<'a>(object: &'a Request<'_>, name: &str) -> Result<Vec<&'a RawValue>, String> {
    serde_json::from_str(object.array(name)?).map_err(|error| error.to_string())
}

/// A vertex or an edge, which must have an id, a name and these texts.
fn element(found: &RawValue, asked: &[&str], most: usize) -> Result<String, String> {
    let found = Request::read(found.get())?;
    let mut out = String::new();
    let mut object = Object::open(&mut out, Escapes::Message);
    for name in ["id", "name"].iter().chain(asked) {
        object.text(name, &found.text(name)?);
    }
    for name in ["srcVertexId", "startElement"] {
        if let Some(raw) = found.raw(name) {
            object.member(name).push_str(raw);
        }
    }
    if found.has("actions") {
        let actions = items(&found, "actions")?.into_iter().take(most);
        let actions = actions.filter(|action| action.get().starts_with('{'));
        object.array("actions", actions, |out, action| out.push_str(action.get()));
    }
    object.close();
    Ok(out)
}
