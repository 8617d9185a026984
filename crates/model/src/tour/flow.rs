//! Arcs that must be walked pass through here, and come out with those that must be walked again so that a tour closes.
//!
//! Where more arcs end than begin, some must be repeated; which ones is a flow of least cost from such nodes to those
//! where more begin (J. Edmonds, E. L. Johnson, Matching, Euler tours and the Chinese postman, 1973).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::circuit;
use crate::graph::count;
use crate::topology::grouped;

/// Nodes, the arcs between them, and how often each is walked.
#[derive(Debug)]
pub(crate) struct Net {
    from: Vec<u32>,
    to: Vec<u32>,
    cost: Vec<i64>,
    /// How often an arc has to be walked, and how often besides.
    least: Vec<u32>,
    extra: Vec<u32>,
    out: (Vec<u32>, Vec<u32>),
    into: (Vec<u32>, Vec<u32>),
    /// What still has to leave a node, or to come to it where it is negative.
    excess: Vec<i64>,
    price: Vec<i64>,
}

/// An arc that is walked once more, or once less.
#[derive(Clone, Copy)]
enum Turn {
    More(u32),
    Less(u32),
}

impl Net {
    /// A net of so many nodes.
    pub(crate) fn new(nodes: u32) -> Self {
        Self {
            from: Vec::new(),
            to: Vec::new(),
            cost: Vec::new(),
            least: Vec::new(),
            extra: Vec::new(),
            out: (Vec::new(), Vec::new()),
            into: (Vec::new(), Vec::new()),
            excess: vec![0; nodes as usize],
            price: vec![0; nodes as usize],
        }
    }

    /// Adds an arc that has to be walked so often, and its number.
    pub(crate) fn add(&mut self, from: u32, to: u32, cost: i64, least: u32) -> u32 {
        self.from.push(from);
        self.to.push(to);
        self.cost.push(cost);
        self.least.push(0);
        self.extra.push(0);
        let arc = count(self.from.len() - 1);
        self.demand(arc, least);
        arc
    }

    /// No arc is added any more.
    pub(crate) fn seal(&mut self) {
        let nodes = count(self.excess.len());
        self.out = grouped(nodes, 0, &self.from);
        self.into = grouped(nodes, 0, &self.to);
    }

    /// Asks for more walks of an arc.
    pub(crate) fn demand(&mut self, arc: u32, walks: u32) {
        let at = arc as usize;
        self.least[at] += walks;
        let known = self.extra[at].min(walks);
        self.extra[at] -= known;
        self.shift(self.from[at], self.to[at], i64::from(walks - known));
    }

    /// Has a way begin at one node that ends at another.
    pub(crate) fn join(&mut self, begin: u32, end: u32) {
        self.shift(end, begin, 1);
    }

    fn shift(&mut self, from: u32, to: u32, amount: i64) {
        self.excess[from as usize] -= amount;
        self.excess[to as usize] += amount;
    }

    /// How often an arc is walked.
    pub(crate) fn walks(&self, arc: u32) -> u32 {
        self.least[arc as usize] + self.extra[arc as usize]
    }

    /// The ends of an arc.
    pub(crate) fn ends(&self, arc: u32) -> (u32, u32) {
        (self.from[arc as usize], self.to[arc as usize])
    }

    /// How many arcs there are.
    pub(crate) fn arcs(&self) -> u32 {
        count(self.from.len())
    }

    /// The arcs that leave a node, in the order in which they were added.
    pub(crate) fn leaving(&self, node: u32) -> &[u32] {
        group(&self.out, node)
    }

    /// Repeats arcs until as many end as begin everywhere, at the least cost: whether that can be done.
    pub(crate) fn settle(&mut self) -> bool {
        while self.excess.iter().any(|excess| *excess > 0) {
            if !self.reprice() {
                return false;
            }
            while self.round() {}
        }
        true
    }

    /// How many turns a node may have.
    fn turns(&self, node: u32) -> usize {
        self.leaving(node).len() + group(&self.into, node).len()
    }

    /// The turn of this number from a node, where it leads, and its cost; nothing if it cannot be made.
    fn turn(&self, node: u32, number: usize) -> Option<(Turn, u32, i64)> {
        let out = self.leaving(node);
        if let Some(&arc) = out.get(number) {
            let at = arc as usize;
            return Some((Turn::More(arc), self.to[at], self.cost[at]));
        }
        let arc = *group(&self.into, node).get(number - out.len())?;
        let at = arc as usize;
        (self.extra[at] > 0).then(|| (Turn::Less(arc), self.from[at], -self.cost[at]))
    }

    /// Moves the prices so that the cheapest ways cost nothing: whether there are any.
    fn reprice(&mut self) -> bool {
        let mut costs = vec![i64::MAX; self.price.len()];
        let mut queue = BinaryHeap::new();
        for (node, _) in (0_u32..)
            .zip(&self.excess)
            .filter(|(_, excess)| **excess > 0)
        {
            costs[node as usize] = 0;
            queue.push(Reverse((0, node)));
        }
        let mut dearest = 0;
        let mut arrives = false;
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > costs[node as usize] {
                continue;
            }
            dearest = cost;
            arrives |= self.excess[node as usize] < 0;
            let turns = (0..self.turns(node)).filter_map(|number| self.turn(node, number));
            for (_, next, price) in turns {
                let step = price + self.price[node as usize] - self.price[next as usize];
                if cost + step < costs[next as usize] {
                    costs[next as usize] = cost + step;
                    queue.push(Reverse((cost + step, next)));
                }
            }
        }
        for (price, cost) in self.price.iter_mut().zip(costs) {
            *price += cost.min(dearest);
        }
        arrives
    }

    /// Sends what it can over ways that cost nothing: whether anything was sent.
    fn round(&mut self) -> bool {
        let mut next = vec![0_usize; self.price.len()];
        let mut seen = vec![false; self.price.len()];
        let mut has_sent = false;
        for source in 0..count(self.excess.len()) {
            while self.excess[source as usize] > 0 {
                let Some(way) = self.way(source, &mut next, &mut seen) else {
                    break;
                };
                self.send(source, &way);
                has_sent = true;
            }
        }
        has_sent
    }

    /// A way from a node to one that something has to come to. Nodes that were seen lead nowhere, but for those of the way.
    fn way(&self, source: u32, next: &mut [usize], seen: &mut [bool]) -> Option<Vec<Turn>> {
        if std::mem::replace(&mut seen[source as usize], true) {
            return None;
        }
        let mut nodes = vec![source];
        let mut way = Vec::new();
        while let Some(&node) = nodes.last() {
            if self.excess[node as usize] < 0 {
                // The next way may take the same turns.
                for node in nodes {
                    seen[node as usize] = false;
                    next[node as usize] = next[node as usize].saturating_sub(1);
                }
                return Some(way);
            }
            let number = next[node as usize];
            if number == self.turns(node) {
                nodes.pop();
                way.pop();
                continue;
            }
            next[node as usize] += 1;
            if let Some((turn, other, price)) = self.turn(node, number) {
                let costs = price + self.price[node as usize] - self.price[other as usize];
                if costs == 0 && !std::mem::replace(&mut seen[other as usize], true) {
                    nodes.push(other);
                    way.push(turn);
                }
            }
        }
        None
    }

    /// Sends one unit.
    fn send(&mut self, source: u32, way: &[Turn]) {
        let mut node = source;
        for turn in way {
            match *turn {
                Turn::More(arc) => {
                    self.extra[arc as usize] += 1;
                    node = self.to[arc as usize];
                }
                Turn::Less(arc) => {
                    self.extra[arc as usize] -= 1;
                    node = self.from[arc as usize];
                }
            }
        }
        self.excess[source as usize] -= 1;
        self.excess[node as usize] += 1;
    }

    /// The arcs of a tour from a node back to it, each as often as it is walked; nothing where they do not hang together.
    pub(crate) fn circuit(&self, start: u32) -> Option<Vec<u32>> {
        let walks: Vec<u32> = (0..self.arcs()).map(|arc| self.walks(arc)).collect();
        let leaving = |node| self.leaving(node);
        circuit(start, leaving, |arc| Some(self.ends(arc)), walks)
    }
}

fn group(grouped: &(Vec<u32>, Vec<u32>), node: u32) -> &[u32] {
    let (from, arcs) = grouped;
    let range = from[node as usize] as usize..from[node as usize + 1] as usize;
    arcs.get(range).unwrap_or_default()
}
