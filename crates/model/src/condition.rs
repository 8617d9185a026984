//! Stop conditions pass through here on a walk: how far each is fulfilled, from counters that every step keeps.

use std::time::Duration;

use crate::machine::{Place, WalkError};
use crate::plan::{Condition, Kind};
use crate::topology::{Node, UNREACHABLE};
use crate::{Element, Model};

/// From here on a condition counts as fulfilled.
const FULFILLED: f64 = 0.999_999;

/// What conditions look at.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) place: &'a Place,
    /// Visits of the whole machine.
    pub(crate) total: u64,
    /// Time since the machine was made.
    pub(crate) elapsed: Duration,
    /// Elements of the generator's tour that were walked, and all of them.
    pub(crate) tour: Option<(u32, u32)>,
}

/// A condition on its way.
#[derive(Debug)]
pub(crate) enum Gauge {
    Plain(Condition),
    Reached(Reached),
    All(Vec<Gauge>),
    Any(Vec<Gauge>),
}

/// A condition that names elements. Once found fulfilled it stays so.
#[derive(Debug)]
pub(crate) struct Reached {
    targets: Vec<Node>,
    is_found: bool,
    /// Whether the reference takes it for fulfilled, because nothing leads to one of the targets.
    is_degenerate: bool,
    /// The elements from which a way leads to a target or out of the model, worked out when a step is to be made.
    hopeful: Vec<bool>,
    /// For each target the steps to it, worked out when somebody asks how far it is; and the longest way there is.
    ways: Vec<Way>,
}

/// The longest way to a target, and the steps from each element unless there are too many targets to keep them.
#[derive(Debug)]
struct Way {
    longest: u32,
    steps: Option<Vec<u32>>,
}

/// The most targets for which the steps from each element are kept.
const KEPT_WAYS: usize = 16;
/// The most steps of all searches for the longest way to each target. Where it would take more, the longest way to the
/// nearest of them stands for all, so that only the share between 0 and 1 is another than the reference's.
const SEARCHED: usize = 20_000_000;

impl Gauge {
    pub(crate) fn new(condition: &Condition, place: &mut Place) -> Result<Self, WalkError> {
        let group = |members: &[Condition], place: &mut Place| {
            let gauges = members.iter().map(|member| Self::new(member, place));
            gauges.collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::All(members) => Self::All(group(members, place)?),
            Condition::Any(members) => Self::Any(group(members, place)?),
            Condition::Reached(kind, names) => {
                Self::Reached(Reached::new(targets(*kind, names, place)?, place))
            }
            Condition::Dependencies(least) => {
                place.watch(*least);
                Self::Plain(condition.clone())
            }
            _ => Self::Plain(condition.clone()),
        })
    }

    /// Whether it is fulfilled. Members of a group are asked in their order, and no further than needed.
    pub(crate) fn is_fulfilled(&mut self, sight: &Sight<'_>) -> bool {
        match self {
            Self::All(members) => members.iter_mut().all(|member| member.is_fulfilled(sight)),
            Self::Any(members) => members.iter_mut().any(|member| member.is_fulfilled(sight)),
            Self::Reached(reached) => {
                let current = sight.place.current;
                reached.is_found |= reached.is_degenerate
                    || current.is_some_and(|node| reached.targets.binary_search(&node).is_ok());
                reached.is_found
            }
            Self::Plain(Condition::Never) => false,
            Self::Plain(Condition::Tour(_)) => sight.tour.is_some_and(|(done, all)| done == all),
            Self::Plain(Condition::Predefined) => {
                let (steps, all) = predefined(sight.place);
                steps == all
            }
            Self::Plain(condition) => {
                sight.place.at_vertex() && plain(condition, sight) >= FULFILLED
            }
        }
    }

    /// How far it is fulfilled; may be more than 1. Always a number, unless the reference's faults are wanted.
    pub(crate) fn fulfilment(&mut self, sight: &Sight<'_>) -> f64 {
        let value = self.value(sight);
        match value {
            _ if sight.place.compat.is_strict() => value,
            _ if value.is_nan() => 0.0,
            _ if value.is_infinite() => 1.0,
            _ => value,
        }
    }

    fn value(&mut self, sight: &Sight<'_>) -> f64 {
        match self {
            Self::All(members) => {
                let sum: f64 = members.iter_mut().map(|member| member.value(sight)).sum();
                sum / share(members.len())
            }
            Self::Any(members) => {
                let values = members.iter_mut().map(|member| member.value(sight));
                values.fold(0.0, f64::max)
            }
            Self::Reached(reached) => reached.value(sight.place),
            Self::Plain(condition) => plain(condition, sight),
        }
    }

    /// Whether it waits for targets to which no way leads from `current`, so that the walk would never end.
    pub(crate) fn is_hopeless(&mut self, place: &Place, current: Node) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::All(members) => members
                .iter_mut()
                .any(|member| member.is_hopeless(place, current)),
            Self::Any(members) => members
                .iter_mut()
                .all(|member| member.is_hopeless(place, current)),
            Self::Reached(reached) => reached.is_hopeless(place, current),
        }
    }

    /// The elements that a walk should go for, if the condition names some.
    pub(crate) fn targets(&self) -> &[Node] {
        match self {
            Self::Reached(reached) => &reached.targets,
            _ => &[],
        }
    }
}

impl Way {
    fn new(steps: Vec<u32>, keeps: bool) -> Self {
        let known = steps.iter().copied().filter(|steps| *steps != UNREACHABLE);
        Self {
            longest: known.max().unwrap_or_default(),
            steps: keeps.then_some(steps),
        }
    }
}

impl Reached {
    fn new(targets: Vec<Node>, place: &Place) -> Self {
        let is_far = |target: &Node| place.topology.predecessors(*target).is_empty();
        Self {
            is_degenerate: place.compat.is_strict() && targets.iter().any(is_far),
            targets,
            is_found: false,
            hopeful: Vec::new(),
            ways: Vec::new(),
        }
    }

    /// A target that was visited counts as found, even if nobody has asked at that moment.
    fn is_hopeless(&mut self, place: &Place, current: Node) -> bool {
        if self.is_found || place.compat.is_strict() {
            return false;
        }
        if self.hopeful.is_empty() {
            let exits =
                (0..place.topology.vertices()).filter(|vertex| place.shared(*vertex).is_some());
            self.hopeful = place
                .topology
                .leads_to(self.targets.iter().copied().chain(exits));
        }
        !self.hopeful[current as usize]
            && !self.targets.iter().any(|target| place.is_visited(*target))
    }

    fn value(&mut self, place: &Place) -> f64 {
        let Some(current) = place.current else {
            return 0.0;
        };
        if self.is_degenerate {
            return 2.0;
        }
        let topology = &place.topology;
        let is_wide = self.targets.len().saturating_mul(topology.len()) > SEARCHED;
        let keeps = self.targets.len() <= KEPT_WAYS || is_wide;
        if self.ways.is_empty() && is_wide {
            self.ways = vec![Way::new(topology.distances_to_any(&self.targets), keeps)];
        } else if self.ways.is_empty() {
            let way = |target: &Node| Way::new(topology.distances_to(*target), keeps);
            self.ways = self.targets.iter().map(way).collect();
        }
        let from_here = (!keeps).then(|| place.topology.distances_from(current));
        let values = self.ways.iter().zip(&self.targets).map(|(way, target)| {
            let steps = match (&way.steps, &from_here) {
                (Some(steps), _) => steps[current as usize],
                (None, Some(steps)) => steps[*target as usize],
                (None, None) => UNREACHABLE,
            };
            match steps {
                UNREACHABLE => 0.0,
                0 => 1.0,
                steps => 1.0 - f64::from(steps) / f64::from(way.longest),
            }
        });
        values.fold(0.0, f64::max)
    }
}

fn plain(condition: &Condition, sight: &Sight<'_>) -> f64 {
    let place = sight.place;
    let percent = |part: u32, whole: u32, percent: u32| {
        f64::from(part) / f64::from(whole) / (f64::from(percent) / 100.0)
    };
    match condition {
        Condition::Edges(wanted) => percent(place.visited_edges, place.topology.edges(), *wanted),
        Condition::Vertices(wanted) => {
            percent(place.visited_vertices, place.topology.vertices(), *wanted)
        }
        Condition::Requirements(wanted) => match place.requirements() {
            (0, _) => 1.0,
            (all, judged) => percent(judged, all, *wanted),
        },
        Condition::Dependencies(least) => match place.important(*least) {
            Some(found) if found.total > 0 => f64::from(found.visited) / f64::from(found.total),
            _ => 0.0,
        },
        Condition::Length(steps) => long(sight.total) / f64::from(*steps),
        Condition::Duration(seconds) => sight.elapsed.as_secs_f64() / long(*seconds),
        Condition::Tour(_) => match sight.tour {
            Some((_, 0)) => 1.0,
            Some((done, all)) => f64::from(done) / f64::from(all),
            None => 0.0,
        },
        Condition::Predefined => {
            let (steps, all) = predefined(place);
            share(steps) / share(all)
        }
        _ => 0.0,
    }
}

/// Steps on the predefined path, and how many there are.
fn predefined(place: &Place) -> (usize, usize) {
    let steps = 2 * place.path_at + usize::from(place.at_vertex());
    (steps, 2 * place.model().path.len() + 1)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share needs no more than 52 bits"
)]
fn share(number: usize) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share needs no more than 52 bits"
)]
fn long(number: u64) -> f64 {
    number as f64
}

/// Every element of one of these names, in definition order.
fn targets(kind: Kind, names: &[Box<str>], place: &Place) -> Result<Vec<Node>, WalkError> {
    let model = place.model();
    let mut found = Vec::new();
    for name in names {
        let named = |element: &Element| is_named(model, kind, *element, name);
        let before = found.len();
        let elements = model.elements().filter(named);
        found.extend(elements.map(|element| place.topology.node(element)));
        if found.len() == before {
            return Err(match kind {
                Kind::Vertex => WalkError::NoVertex(name.clone()),
                Kind::Edge => WalkError::NoEdge(name.clone()),
                Kind::Shared => WalkError::NoSharedState(name.clone()),
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn is_named(model: &Model, kind: Kind, element: Element, name: &str) -> bool {
    match (kind, element) {
        (Kind::Vertex, Element::Vertex(_)) | (Kind::Edge, Element::Edge(_)) => {
            model.name_of(element) == Some(name)
        }
        (Kind::Shared, Element::Vertex(at)) => {
            model.vertices[at as usize].shared.as_deref() == Some(name)
        }
        _ => false,
    }
}
