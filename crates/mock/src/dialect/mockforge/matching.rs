//! A rule's `match:` becomes a matcher.

use sockeye_core::document::{Key, Node, NodeValue};
use sockeye_core::{Mistake, quoted};

use crate::dialect::Reading;
use crate::matcher::Matcher;
use crate::matcher::any::AnyMessage;
use crate::matcher::discriminator::Word;
use crate::matcher::operator::{
    MessageTests, Not, OPERATORS, OperandMistake, Operator, SPECIAL, names,
};
use crate::matcher::shape::{JsonShape, Number, Shape};

/// What explanations call a mapping.
const JSON: &str = "JSON";

/// Reads `match:`; without one every message matches.
pub(super) fn read(node: Option<&Node>, reading: &mut Reading<'_>) -> Option<Box<dyn Matcher>> {
    let Some(node) = node else {
        return Some(Box::new(AnyMessage));
    };
    match &node.value {
        NodeValue::Null => Some(Box::new(AnyMessage)),
        NodeValue::Str(text) if text == "*" => Some(Box::new(AnyMessage)),
        NodeValue::Str(text) => Some(Box::new(Word::text(text.clone()))),
        NodeValue::Map(entries) if is_tests(entries) => {
            Some(Box::new(read_message_tests(entries, reading)?))
        }
        _ => Some(Box::new(JsonShape::new(shape(node, reading)?, JSON))),
    }
}

/// Whether a map is one of tests instead of members.
fn is_tests(entries: &[(Key, Node)]) -> bool {
    !entries.is_empty() && entries.iter().all(|(key, _)| key.name.starts_with('$'))
}

fn shape(node: &Node, reading: &mut Reading<'_>) -> Option<Shape> {
    Some(match &node.value {
        NodeValue::Null => Shape::Null,
        NodeValue::Bool(value) => Shape::Bool(*value),
        NodeValue::Int(value) => Shape::Number(Number::Whole(*value)),
        NodeValue::Float(value) => Shape::Number(Number::Decimal(*value)),
        NodeValue::Str(text) if text == "*" => Shape::Anything,
        NodeValue::Str(text) => Shape::Text(text.clone()),
        NodeValue::Seq(items) => {
            let shapes: Vec<_> = items.iter().map(|item| shape(item, reading)).collect();
            Shape::List(shapes.into_iter().collect::<Option<_>>()?)
        }
        NodeValue::Map(entries) if is_tests(entries) => {
            let tests: Vec<_> = entries
                .iter()
                .map(|(key, node)| test(key, node, reading))
                .collect();
            Shape::Tests(tests.into_iter().collect::<Option<_>>()?)
        }
        NodeValue::Map(entries) => {
            let members: Vec<_> = entries
                .iter()
                .map(|(key, node)| member(key, node, reading))
                .collect();
            Shape::Object(members.into_iter().collect::<Option<_>>()?)
        }
    })
}

fn member(key: &Key, node: &Node, reading: &mut Reading<'_>) -> Option<(String, Shape)> {
    if !key.name.starts_with('$') {
        return Some((key.name.clone(), shape(node, reading)?));
    }
    let text = format!("the test {} stands beside members", quoted(&key.name));
    let remedy = "a map holds either members or tests; put the test under its member";
    reading.mistake(Mistake::at(&key.place, text).remedy(remedy));
    None
}

/// A test on one value.
fn test(key: &Key, node: &Node, reading: &mut Reading<'_>) -> Option<Box<dyn Operator>> {
    if key.name == "$not" {
        return Some(Box::new(Not(shape(node, reading)?)));
    }
    let Some((_, read)) = OPERATORS.iter().find(|(name, _)| *name == key.name) else {
        let mistake = if SPECIAL.contains(&key.name.as_str()) {
            let text = format!("{} tests a whole message", quoted(&key.name));
            Mistake::at(&key.place, text).remedy("put it directly under `match`")
        } else {
            let text = format!("there is no test {}", quoted(&key.name));
            Mistake::at(&key.place, text).did_you_mean(&key.name, names())
        };
        reading.mistake(mistake);
        return None;
    };
    match read(node) {
        Ok(test) => Some(test),
        Err(wrong) => {
            reading.mistake(operand_mistake(key, node, wrong));
            None
        }
    }
}

pub(super) fn operand_mistake(key: &Key, node: &Node, wrong: OperandMistake) -> Mistake {
    let (test, word) = (quoted(&key.name), node.text().unwrap_or_default());
    match wrong {
        OperandMistake::Expected(kind) => {
            let found = match node.value {
                NodeValue::Seq(_) | NodeValue::Map(_) | NodeValue::Null => {
                    node.kind_name().to_owned()
                }
                _ => quoted(node.text().unwrap_or(node.place.raw())),
            };
            Mistake::at(&node.place, format!("{test} needs {kind}, not {found}"))
        }
        OperandMistake::Unknown(known) => {
            let text = format!("{test} does not know {}", quoted(word));
            Mistake::at(&node.place, text).did_you_mean(word, known.iter().copied())
        }
        OperandMistake::Pattern(fault) => {
            Mistake::at(&node.place_within(fault.at), fault.message).remedy(fault.remedy)
        }
    }
}

/// Tests directly under `match`: some look at the whole message, the others at its JSON value.
fn read_message_tests(entries: &[(Key, Node)], reading: &mut Reading<'_>) -> Option<MessageTests> {
    let mut tests = MessageTests::default();
    let mut on_json = Vec::new();
    for (key, node) in entries {
        match key.name.as_str() {
            "$text" => tests.text = Some(shape(node, reading)?),
            "$binary" => tests.binary = Some(node.as_bool("`$binary`", reading.mistakes)?),
            "$jsonpath" => tests.jsonpath = Some(json_path(node, reading)?),
            _ => on_json.push(test(key, node, reading)?),
        }
    }
    tests.json = (!on_json.is_empty()).then_some(Shape::Tests(on_json));
    Some(tests)
}

fn json_path(node: &Node, reading: &mut Reading<'_>) -> Option<String> {
    let path = node.as_text("`$jsonpath`", reading.mistakes)?;
    if jsonpath_rust::parser::parse_json_path(path).is_ok() {
        return Some(path.to_owned());
    }
    let text = format!("{} is not a JSONPath expression", quoted(path));
    let mistake = Mistake::at(&node.place, text);
    reading.mistake(mistake.remedy("write one like `$.user.id`"));
    None
}
