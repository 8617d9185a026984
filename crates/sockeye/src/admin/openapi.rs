//! The description of the admin listener, as `OpenAPI` 3.1: the paths of the table, with what goes in and comes out.

use serde_json::{Map, Value, json};

use super::table::{Action, AdminRoute, ROUTES};

/// The largest number that every reader of JSON keeps.
const MOST: u64 = (1 << 53) - 1;

/// The document.
pub(crate) fn document() -> String {
    let mut paths = Map::new();
    for route in &ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            let method = route.method.as_str().to_ascii_lowercase();
            methods.insert(method, operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "sockeye admin",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What an operator of the mock server may see and do. Answers to its own address only.",
        },
        "paths": paths,
        "components": { "schemas": schemas(), "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
    })
    .to_string()
}

fn operation(route: &AdminRoute) -> Value {
    let (parameters, body, good, bad) = exchange(route.action);
    let mut responses = Map::new();
    for (status, content) in good {
        responses.insert(status.to_owned(), content);
    }
    for status in bad {
        responses.insert((*status).to_owned(), problem());
    }
    responses.insert("403".to_owned(), problem());
    if route.is_guarded {
        responses.insert("401".to_owned(), problem());
    }
    let mut parameters = parameters;
    if route.path.contains("{id}") {
        let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "example": "conn-1" });
        parameters.push(id);
    }
    let name = format!("{:?}-{}-{}", route.action, route.method, route.path.len());
    let mut operation = json!({
        "operationId": name,
        "summary": route.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(body) = body {
        operation["requestBody"] = body;
    }
    if route.is_guarded {
        operation["security"] = json!([{}, { "token": [] }]);
    }
    operation
}

/// Parameters, body, answers, and the statuses of problems.
type Exchange = (
    Vec<Value>,
    Option<Value>,
    Vec<(&'static str, Value)>,
    &'static [&'static str],
);

fn exchange(action: Action) -> Exchange {
    let answer = |name: &str| vec![("200", json_answer(name))];
    match action {
        Action::Events => (vec![], None, vec![stream()], &["426"]),
        Action::Tape => tape(),
        Action::Recordings => recordings(),
        Action::Sinks | Action::ForgetSinks => sinks(action),
        Action::Connections => {
            let sort = "^-?(id|path|remote_addr|connected_at|messages_received|messages_sent|bytes_received|bytes_sent)$";
            let parameters = vec![
                text("path"),
                text("room"),
                text("q"),
                number("limit", 1, 1_000),
                number("offset", 0, MOST),
                json!({ "name": "sort", "in": "query", "schema": { "type": "string", "pattern": sort } }),
            ];
            (parameters, None, answer("Connections"), &["400"])
        }
        Action::Connection => (vec![], None, answer("ConnectionDetail"), &["404"]),
        Action::Send => (
            vec![],
            Some(message_body()),
            answer("Sent"),
            &["400", "404", "408", "410", "413", "415"],
        ),
        Action::Close => {
            let ranges = [(1000, 1003), (1007, 1014), (3000, 4999)].map(
                |(least, most)| json!({ "type": "integer", "minimum": least, "maximum": most }),
            );
            let code = json!({ "name": "code", "in": "query", "schema": { "anyOf": ranges } });
            let reason = json!({ "name": "reason", "in": "query", "schema": { "type": "string", "maxLength": 30 } });
            let parameters = vec![code, reason];
            (parameters, None, answer("Done"), &["400", "404", "410"])
        }
        Action::Broadcast => {
            let parameters = vec![text("path"), text("room")];
            (
                parameters,
                Some(message_body()),
                answer("Delivered"),
                &["400", "408", "409", "413", "415"],
            )
        }
        Action::Rooms => (vec![], None, answer("Rooms"), &[]),
        Action::Handlers => (vec![], None, answer("Handlers"), &[]),
        Action::Try => {
            let body = json!({ "required": true, "content": { "application/json": { "schema": schema("Question") } } });
            (
                vec![],
                Some(body),
                answer("Tryout"),
                &["400", "404", "408", "413", "422"],
            )
        }
        Action::Stats => (vec![], None, answer("Stats"), &[]),
        Action::Messages => {
            let parameters = vec![
                text("connection"),
                text("path"),
                json!({ "name": "direction", "in": "query", "schema": { "enum": ["in", "out"] } }),
                number("limit", 1, 1_000),
                number("after", 0, MOST),
            ];
            (parameters, None, answer("Messages"), &["400"])
        }
        Action::Chaos | Action::SetChaos | Action::ForgetChaos | Action::Faults => chaos(action),
        Action::Reload => (vec![], None, answer("Reloaded"), &["422", "503"]),
        Action::Readyz => (vec![], None, vec![("200", plain()), ("503", plain())], &[]),
        Action::Healthz | Action::Metrics => (vec![], None, vec![("200", plain())], &[]),
        Action::OpenApi => {
            let any = json!({ "description": "OpenAPI", "content": { "application/json": { "schema": { "type": "object" } } } });
            (vec![], None, vec![("200", any)], &[])
        }
    }
}

fn tape() -> Exchange {
    let path = json!({ "type": "string", "pattern": "^/[^ ?#]*$" });
    let paths = json!({ "type": "array", "items": path });
    let choice = json!({ "enum": ["true", "false"] });
    let parameters = vec![
        json!({ "name": "path", "in": "query", "schema": paths }),
        json!({ "name": "exclude_ping", "in": "query", "schema": choice }),
    ];
    (parameters, None, vec![stream()], &["400", "426"])
}

fn recordings() -> Exchange {
    let states = json!({ "enum": ["running", "finished", "failed"] });
    let parameters = vec![
        json!({ "name": "state", "in": "query", "schema": states }),
        number("limit", 1, 1_000),
        number("offset", 0, MOST),
    ];
    let answers = vec![("200", json_answer("Recordings"))];
    (parameters, None, answers, &["400"])
}

fn sinks(action: Action) -> Exchange {
    let path = text("path");
    if action == Action::ForgetSinks {
        let answers = vec![("200", json_answer("Forgotten"))];
        return (vec![path], None, answers, &["400", "404"]);
    }
    let parameters = vec![path, number("limit", 0, 10_000)];
    let answers = vec![("200", json_answer("Sinks"))];
    (parameters, None, answers, &["400", "404"])
}

fn stream() -> (&'static str, Value) {
    ("101", json!({ "description": "the stream" }))
}

fn chaos(action: Action) -> Exchange {
    let answer = |name: &str| vec![("200", json_answer(name))];
    match action {
        Action::Faults => {
            let parameters = vec![
                text("connection"),
                number("limit", 1, 1_000),
                number("after", 0, MOST),
            ];
            (parameters, None, answer("Faults"), &["400"])
        }
        Action::SetChaos => {
            let settings = json!({ "anyOf": [schema("ChaosSettings"), { "type": "null" }] });
            let body = json!({ "required": true, "content": { "application/json": { "schema": settings } } });
            let bad = &["400", "408", "409", "413", "415"];
            (vec![], Some(body), answer("Chaos"), bad)
        }
        _ => (vec![], None, answer("Chaos"), &["400"]),
    }
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn json_answer(name: &str) -> Value {
    json!({ "description": name, "content": { "application/json": { "schema": schema(name) } } })
}

fn problem() -> Value {
    json_answer("Problem")
}

fn plain() -> Value {
    json!({ "description": "text", "content": { "text/plain": { "schema": { "type": "string" } } } })
}

fn text(name: &str) -> Value {
    json!({ "name": name, "in": "query", "schema": { "type": "string" } })
}

fn number(name: &str, least: u64, most: u64) -> Value {
    let schema = json!({ "type": "integer", "minimum": least, "maximum": most });
    json!({ "name": name, "in": "query", "schema": schema })
}

fn message_body() -> Value {
    json!({
        "required": false,
        "content": {
            "application/json": { "schema": {} },
            "text/plain": { "schema": { "type": "string" } },
            "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
        },
    })
}

/// What goes in and comes out, by name.
fn schemas() -> Value {
    // A part of the program, which a test reads.
    let mut schemas: Value = serde_json::from_str(include_str!("schemas.json")).unwrap_or_default();
    schemas["ChaosSettings"] = sockeye_mock::chaos::chaos_schema();
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document: Value = serde_json::from_str(&document()).unwrap();
        let text = document.to_string();
        let known = document["components"]["schemas"].as_object().unwrap();
        let references = text.split("#/components/schemas/").skip(1);
        let mut count = 0;
        for reference in references {
            let name = reference.split('"').next().unwrap();
            assert!(known.contains_key(name), "{name}");
            count += 1;
        }
        assert!(count > 40);
        assert!(!known.is_empty());
        assert_eq!(document["paths"].as_object().unwrap().len(), 21);
    }
}
