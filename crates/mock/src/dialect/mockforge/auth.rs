//! `auth:` of a handler: the header or the parameter of the query that a handshake must carry.

use ::http::{HeaderName, StatusCode};
use sockeye_core::document::{Fields, Key, Node, NodeValue};
use sockeye_core::{Mistake, quoted};

use crate::auth::{Auth, Carrier};
use crate::dialect::Reading;

/// What others get unless the file says otherwise.
const USUAL_STATUS: u64 = 401;

/// Reads the key, if it is there.
pub(super) fn read(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Auth> {
    let node = fields.take("auth").filter(|node| !node.is_null())?;
    let mut fields = reading.fields(node, "`auth`")?;
    let found = reading.either(&mut fields, &["header", "query"]);
    let mut carrier = None;
    for (key, node) in &found {
        carrier = read_carrier(key, node, reading);
    }
    if found.is_empty() {
        let mistake = Mistake::at(fields.place(), "`auth` needs `header` or `query`")
            .label("neither is here")
            .remedy("name the header or the parameter that carries the secret");
        fields.miss("header", mistake);
    }
    let equals = fields.need("equals", reading.mistakes);
    let equals = equals
        .filter(|node| node.as_text("`equals`", reading.mistakes).is_some())
        .and_then(|node| {
            let template = reading.template(node)?;
            let own = template.roots().is_empty() && node.text() != Some("");
            if !own {
                let text = "`equals` is a text of its own, or of the environment";
                let remedy = "write it out, or name a variable: `{{env.TOKEN}}`";
                reading.mistake(Mistake::at(&node.place, text).remedy(remedy));
            }
            own.then_some(template)
        });
    let status = reading.whole(&mut fields, "status", 400..=599);
    reading.finish(fields);
    let status = u16::try_from(status.unwrap_or(USUAL_STATUS)).ok()?;
    Some(Auth {
        carrier: carrier?,
        equals: equals?,
        status: StatusCode::from_u16(status).ok()?,
    })
}

fn read_carrier(key: &Key, node: &Node, reading: &mut Reading<'_>) -> Option<Carrier> {
    let name = node.as_text(&quoted(&key.name), reading.mistakes)?;
    if key.name == "query" {
        return Some(Carrier::Query(name.into()));
    }
    let parsed = name.parse::<HeaderName>();
    if parsed.is_err() {
        let text = format!("{} is not a header name", quoted(name));
        let remedy = "use letters, digits and !#$%&'*+-.^_`|~";
        reading.mistake(Mistake::at(&node.place, text).remedy(remedy));
    }
    parsed.ok().map(Carrier::Header)
}

/// The text that a handshake must carry, as far as it stands in the file: it is never recorded.
pub(super) fn written(handler: &Node) -> Option<&str> {
    match &handler.get("auth")?.get("equals")?.value {
        NodeValue::Str(text) => Some(text),
        _ => None,
    }
}
