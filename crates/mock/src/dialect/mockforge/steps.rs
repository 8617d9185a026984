//! `then:` of a rule: the steps that follow its answer.

use std::time::Duration;

use sockeye_core::Mistake;
use sockeye_core::document::{Node, NodeValue};

use super::rule;
use crate::agenda::Later;
use crate::dialect::Reading;

/// One step, or a list of them, each with the steps inside it behind it.
pub(super) fn read(node: &Node, steps: &mut Vec<Later>, reading: &mut Reading<'_>) {
    match &node.value {
        NodeValue::Seq(items) => {
            for item in items {
                read_step(item, steps, reading);
            }
        }
        _ => read_step(node, steps, reading),
    }
}

fn read_step(node: &Node, steps: &mut Vec<Later>, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "a step of `then`") else {
        return;
    };
    let says = ["response", "handler", "then"]
        .iter()
        .any(|key| fields.has(key));
    if !says {
        let text = "a step of `then` needs `response` or `handler`";
        let mistake = Mistake::at(fields.place(), text)
            .label("neither is here")
            .remedy("add what is to be sent: `response: …`");
        fields.miss("response", mistake);
    }
    let delay = reading.millis(&mut fields, "delay_ms").unwrap_or(0);
    let act = rule::read_answer(&mut fields, reading);
    let delay = Duration::from_millis(delay);
    steps.push(Later { delay, act });
    if let Some(next) = fields.take("then") {
        read(next, steps, reading);
    }
    reading.finish(fields);
}
