//! The `response:` of an endpoint on its way to a reply: status, headers, body.

use std::path::Path;
use std::sync::Arc;

use ::http::{HeaderName, HeaderValue, StatusCode, header};
use sockeye_core::document::{Fields, Key, Node, NodeValue};
use sockeye_core::{Mistake, quoted};
use sockeye_script::template::Template;

use super::PAGE;
use crate::dialect::Reading;
use crate::dialect::field::folder_of;
use crate::http::{Content, File, Format, Reply, locate};

/// Headers that say how the message is framed or what becomes of the connection.
const OF_THE_SERVER: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Reply> {
    let mut fields = reading.fields(node, "a response")?;
    let status = fields.take("status").and_then(|node| status(node, reading));
    let status = status.unwrap_or(StatusCode::OK);
    let headers = fields.take("headers").filter(|node| !node.is_null());
    let headers = headers
        .map(|node| read_headers(node, reading))
        .unwrap_or_default();
    let content = content(&mut fields, reading);
    reading.finish(fields);
    let bodiless = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if bodiless && !matches!(content, Content::Empty) {
        let text = format!("a response with status {} has no body", status.as_u16());
        let mistake = Mistake::at(&node.place, text).warning();
        reading.mistake(mistake.remedy("remove the body, or take another status"));
    }
    Some(Reply {
        status,
        headers,
        content,
    })
}

/// A final status; those below 200 belong to the protocol (RFC 9110 section 15.2).
fn status(node: &Node, reading: &mut Reading<'_>) -> Option<StatusCode> {
    let number = node.as_u64("`status`", 200..=599, reading.mistakes)?;
    StatusCode::from_u16(u16::try_from(number).ok()?).ok()
}

fn read_headers(node: &Node, reading: &mut Reading<'_>) -> Vec<(HeaderName, Template)> {
    let entries = node.as_map("headers", reading.mistakes).unwrap_or_default();
    let mut headers = Vec::new();
    for (key, value) in entries {
        let Some(name) = header_name(key, reading) else {
            continue;
        };
        let values = match &value.value {
            NodeValue::Seq(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let templates = values
            .iter()
            .filter_map(|value| header_value(value, reading));
        headers.extend(templates.map(|template| (name.clone(), template)));
    }
    headers
}

fn header_name(key: &Key, reading: &mut Reading<'_>) -> Option<HeaderName> {
    let mistake = match HeaderName::from_bytes(key.name.as_bytes()) {
        Ok(name) if !OF_THE_SERVER.contains(&name) => return Some(name),
        Ok(name) => Mistake::at(
            &key.place,
            format!("the server sets the header `{name}` itself"),
        )
        .remedy("remove it"),
        Err(_) => Mistake::at(
            &key.place,
            format!("{} is not a header name", quoted(&key.name)),
        )
        .remedy("use letters, digits and !#$%&'*+-.^_`|~"),
    };
    reading.mistake(mistake.page(PAGE));
    None
}

fn header_value(node: &Node, reading: &mut Reading<'_>) -> Option<Template> {
    let scalar = matches!(
        node.value,
        NodeValue::Bool(_) | NodeValue::Int(_) | NodeValue::Float(_)
    );
    if !scalar {
        node.as_text("a header's value", reading.mistakes)?;
    }
    let template = reading.template(node)?;
    let broken = template
        .literal()
        .is_some_and(|value| HeaderValue::from_str(value).is_err());
    if broken {
        let text = "a header's value has no line breaks and no control characters";
        reading.mistake(
            Mistake::at(&node.place, text)
                .remedy("write it in one line")
                .page(PAGE),
        );
    }
    (!broken).then_some(template)
}

/// `body:` or `external-body:`.
fn content(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Content {
    let body = fields
        .take_entry("body")
        .filter(|(_, node)| !node.is_null());
    let external = fields
        .take_entry("external-body")
        .filter(|(_, node)| !node.is_null());
    let content = match (body, external) {
        (None, None) => None,
        (Some((_, node)), None) => body_content(node, reading),
        (None, Some((_, node))) => file(node, reading).map(|file| Content::File(Arc::new(file))),
        (Some((body, _)), Some((external, _))) => {
            let text = "a response has either `body` or `external-body`";
            let mistake = Mistake::at(&external.place, text).also(&body.place, "the body is here");
            reading.mistake(mistake.remedy("remove one of them").page(PAGE));
            None
        }
    };
    content.unwrap_or_default()
}

fn body_content(node: &Node, reading: &mut Reading<'_>) -> Option<Content> {
    match node.value {
        NodeValue::Str(ref text) if text.is_empty() => Some(Content::Empty),
        NodeValue::Str(_) => reading.template(node).map(Content::Text),
        _ => reading.json(node).map(Content::Json),
    }
}

fn file(node: &Node, reading: &mut Reading<'_>) -> Option<File> {
    let mut fields = reading.fields(node, "an external body")?;
    let provider = fields.need("provider", reading.mistakes);
    let format = provider.and_then(|node| provider_format(node, reading));
    let path_node = fields.need("path", reading.mistakes);
    // Belongs to `xlsx`, which is a mistake already.
    fields.take("sheet-name");
    reading.finish(fields);
    let path_node = path_node?;
    path_node.as_text("`path`", reading.mistakes)?;
    let path = reading.template(path_node)?;
    let folder = folder_of(path_node);
    if let Some(literal) = path.literal() {
        check_literal(literal, path_node, &folder, reading);
    }
    Some(File {
        folder,
        path,
        format: format?,
    })
}

fn provider_format(node: &Node, reading: &mut Reading<'_>) -> Option<Format> {
    if node.text() == Some("xlsx") {
        let mistake = Mistake::at(
            &node.place,
            "the provider `xlsx` is not supported by this version",
        );
        let remedy = "save the sheet as JSON and use the provider `json`";
        reading.mistake(mistake.remedy(remedy).page(PAGE));
        return None;
    }
    node.as_choice(
        "`provider`",
        &[("json", Format::Json), ("text", Format::Text)],
        reading.mistakes,
    )
}

/// A path without holes can be checked now. A file that is not there yet may come later.
fn check_literal(path: &str, node: &Node, folder: &Path, reading: &mut Reading<'_>) {
    if path.starts_with("http://") || path.starts_with("https://") {
        let mistake = Mistake::at(&node.place, "an external body is a file, not a URL");
        let remedy = "save its content beside this file and name that";
        reading.mistake(mistake.remedy(remedy).page(PAGE));
    } else if let Err(error) = locate(folder, path) {
        let mistake = Mistake::at(&node.place, error.to_string()).page(PAGE);
        reading.mistake(if error.may_be_cured() {
            mistake.warning()
        } else {
            mistake
        });
    }
}
