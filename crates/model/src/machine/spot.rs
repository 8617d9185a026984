//! Where a script hangs passes through here, for those who must find it when it fails.

use std::fmt;

use crate::graph::Named;
use crate::{Element, Model};

/// Letters of a script that are shown. Of a longer one only its beginning is.
const SHOWN: usize = 200;

/// The script that failed, and the element or the model that it hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The model.
    pub model: Named,
    /// The vertex or edge; none if it is an action of the model itself.
    pub element: Option<Named>,
    /// The beginning of the script, in one line.
    pub script: Box<str>,
    kind: &'static str,
}

impl Spot {
    pub(crate) fn new(model: &Model, element: Option<Element>, script: &str) -> Self {
        let mut shown: String = script.trim().chars().take(SHOWN).collect();
        if shown.len() < script.trim().len() {
            shown.push('…');
        }
        Self {
            model: Named {
                id: model.id.clone(),
                name: model.name.clone(),
            },
            element: element.map(|element| model.named(element)),
            script: shown
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .into(),
            kind: match element {
                Some(Element::Vertex(_)) => "vertex ",
                Some(Element::Edge(_)) => "edge ",
                None => "",
            },
        }
    }
}

/// `` `x > 3` of the edge e_Open (e1) in the model Door (m) ``
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of the ", self.script)?;
        if let Some(element) = &self.element {
            write!(f, "{}", self.kind)?;
            call(f, element)?;
            write!(f, " in the ")?;
        }
        write!(f, "model ")?;
        call(f, &self.model)
    }
}

fn call(f: &mut fmt::Formatter<'_>, named: &Named) -> fmt::Result {
    match &named.name {
        Some(name) => write!(f, "{name} ({})", named.id),
        None => write!(f, "{}", named.id),
    }
}
