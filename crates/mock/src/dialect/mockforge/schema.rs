//! `params_schema:` of a method: JSON Schema, as far as its keywords are known here.

use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Node, NodeValue};

use super::matching::operand_mistake;
use crate::dialect::Reading;
use crate::json::Tree;
use crate::matcher::operator::OPERATORS;
use crate::schema::{IsKind, Measure, Others, Schema, Size};

/// Types by their names. A number without a fraction is an integer, however it is written.
const KINDS: [(&str, IsKind); 7] = [
    ("string", |value| matches!(value, Tree::Text(_))),
    ("number", is_number),
    ("integer", |value| match value {
        Tree::Float(number) => number.fract() == 0.0,
        value => is_number(value),
    }),
    ("boolean", |value| matches!(value, Tree::Bool(_))),
    ("array", |value| matches!(value, Tree::List(_))),
    ("object", |value| matches!(value, Tree::Object(_))),
    ("null", |value| matches!(value, Tree::Null)),
];

/// Keywords that are tests of patterns under another name, and for which values they are.
const TESTS: [(&str, &str, IsKind); 7] = [
    ("const", "$eq", |_| true),
    ("enum", "$in", |_| true),
    ("minimum", "$gte", is_number),
    ("maximum", "$lte", is_number),
    ("exclusiveMinimum", "$gt", is_number),
    ("exclusiveMaximum", "$lt", is_number),
    ("pattern", "$regex", |value| matches!(value, Tree::Text(_))),
];

/// Keywords that bound a size.
const SIZES: [(&str, Measure, bool); 6] = [
    ("minLength", Measure::Characters, true),
    ("maxLength", Measure::Characters, false),
    ("minItems", Measure::Items, true),
    ("maxItems", Measure::Items, false),
    ("minProperties", Measure::Members, true),
    ("maxProperties", Measure::Members, false),
];

/// Keywords for readers.
const REMARKS: [&str; 6] = [
    "$schema",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
];

fn is_number(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Int(_) | Tree::Unsigned(_) | Tree::Float(_))
}

/// Reads a schema; a keyword that is not known is a mistake, for it would check nothing.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Schema> {
    let mut fields = reading.fields(node, "a schema")?;
    for key in REMARKS {
        fields.take(key);
    }
    let schema = Schema {
        kinds: read_kinds(&mut fields, reading),
        tests: read_tests(&mut fields, reading),
        sizes: read_sizes(&mut fields, reading),
        required: read_required(&mut fields, reading),
        members: read_members(&mut fields, reading),
        others: read_others(&mut fields, reading),
        items: fields
            .take("items")
            .and_then(|node| read(node, reading))
            .map(Box::new),
    };
    reading.finish(fields);
    Some(schema)
}

fn read_kinds(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<(&'static str, IsKind)> {
    let Some(node) = fields.take("type") else {
        return Vec::new();
    };
    let names = match &node.value {
        NodeValue::Seq(names) => names.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let choices = KINDS.map(|kind| (kind.0, kind));
    let kinds = names
        .iter()
        .filter_map(|name| name.as_choice("`type`", &choices, reading.mistakes));
    kinds.collect()
}

fn read_tests(
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Vec<(IsKind, Box<dyn crate::matcher::operator::Operator>)> {
    let mut tests = Vec::new();
    for (keyword, operator, applies) in TESTS {
        let Some((key, node)) = fields.take_entry(keyword) else {
            continue;
        };
        let operator = OPERATORS.iter().find(|(name, _)| *name == operator);
        match operator.map(|(_, read)| read(node)) {
            Some(Ok(test)) => tests.push((applies, test)),
            Some(Err(wrong)) => reading.mistake(operand_mistake(key, node, wrong)),
            None => {}
        }
    }
    tests
}

fn read_sizes(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<Size> {
    let sizes = SIZES.into_iter().filter_map(|(keyword, of, is_least)| {
        let bound = reading.whole(fields, keyword, 0..=u64::MAX)?;
        Some(Size {
            of,
            bound,
            is_least,
        })
    });
    sizes.collect()
}

fn read_required(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<String> {
    let names = reading.items(fields, "required").iter();
    let names = names.filter_map(|name| name.as_text("an item of `required`", reading.mistakes));
    names.map(ToOwned::to_owned).collect()
}

fn read_members(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<(String, Schema)> {
    let node = fields.take("properties");
    let members = node.and_then(|node| node.as_map("`properties`", reading.mistakes));
    let members = members.unwrap_or_default().iter();
    let schemas = members.filter_map(|(key, node)| Some((key.name.clone(), read(node, reading)?)));
    schemas.collect()
}

fn read_others(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Others {
    let Some(node) = fields.take("additionalProperties") else {
        return Others::Free;
    };
    match &node.value {
        NodeValue::Bool(true) => Others::Free,
        NodeValue::Bool(false) => Others::Refused,
        NodeValue::Map(_) => {
            read(node, reading).map_or(Others::Free, |schema| Others::Like(Box::new(schema)))
        }
        _ => {
            let text = "`additionalProperties` must be true, false or a schema";
            let remedy = "write `false` to refuse members that are not in `properties`";
            reading.mistake(Mistake::at(&node.place, text).remedy(remedy));
            Others::Free
        }
    }
}
