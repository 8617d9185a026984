//! The graphs that both sides walk pass through here, as the JSON that both read.

use std::fmt::Write;

/// What hangs on each edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scripts {
    None,
    /// An action that counts, and a guard that is always true.
    Both,
}

/// A model: its name as a file, the number of its vertices, its edges and what hangs on them.
pub(super) struct Graph {
    pub(super) name: String,
    vertices: u32,
    edges: Vec<(u32, u32)>,
    scripts: Scripts,
}

/// Two vertices and three edges, the model that everybody begins with.
pub(super) fn small() -> Graph {
    Graph {
        name: "small".to_owned(),
        vertices: 2,
        edges: vec![(0, 1), (1, 1), (1, 0)],
        scripts: Scripts::None,
    }
}

/// So many edges on a quarter as many vertices: a ring, so that every vertex can be reached from every other, and the
/// rest by chance, the same each time.
pub(super) fn random(edges: u32, scripts: Scripts) -> Graph {
    let vertices = edges / 4;
    let mut state = u64::from(edges);
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(vertices)).unwrap_or_default()
    };
    let ring = (0..vertices).map(|at| (at, (at + 1) % vertices));
    let mut all: Vec<(u32, u32)> = ring.collect();
    all.extend((vertices..edges).map(|_| (draw(), draw())));
    let kind = if scripts == Scripts::None {
        "plain"
    } else {
        "scripts"
    };
    Graph {
        name: format!("random-{edges}-{kind}"),
        vertices,
        edges: all,
        scripts,
    }
}

/// A square grid with edges to and fro: about four to each of `side` times `side` vertices.
pub(super) fn grid(side: u32) -> Graph {
    let mut edges = Vec::new();
    for at in 0..side * side {
        if (at + 1) % side != 0 {
            edges.extend([(at, at + 1), (at + 1, at)]);
        }
        if at + side < side * side {
            edges.extend([(at, at + side), (at + side, at)]);
        }
    }
    Graph {
        name: format!("grid-{}", edges.len()),
        vertices: side * side,
        edges,
        scripts: Scripts::None,
    }
}

impl Graph {
    /// The name of a vertex that is far from the start.
    pub(super) fn far(&self) -> String {
        format!("v_{}", self.vertices / 2)
    }

    /// The JSON of the model with this generator.
    pub(super) fn json(&self, generator: &str) -> String {
        let (actions, guard) = match self.scripts {
            Scripts::None => ("", ""),
            Scripts::Both => (r#","actions":["x++;"]"#, r#","guard":"x >= 0""#),
        };
        let mut text = format!(
            r#"{{"name":"bench","models":[{{"name":"M","id":"m","generator":"{generator}","startElementId":"n0","actions":["x=0;"],"vertices":["#
        );
        // Writing to a string does not fail.
        for at in 0..self.vertices {
            let comma = if at == 0 { "" } else { "," };
            let _written = write!(text, r#"{comma}{{"id":"n{at}","name":"v_{at}"}}"#);
        }
        text.push_str("],\"edges\":[");
        for (at, (from, to)) in self.edges.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _written = write!(
                text,
                r#"{comma}{{"id":"e{at}","name":"e_{at}","sourceVertexId":"n{from}","targetVertexId":"n{to}"{actions}{guard}}}"#
            );
        }
        text.push_str("]}]}");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_json_with_the_edges_they_are_named_for() {
        for (graph, edges) in [
            (small(), 3),
            (random(100, Scripts::Both), 100),
            (grid(5), 80),
        ] {
            let json: serde_json::Value =
                serde_json::from_str(&graph.json("random(never)")).unwrap();
            let model = &json["models"][0];
            assert_eq!(model["edges"].as_array().unwrap().len(), edges);
            let names: Vec<_> = model["vertices"].as_array().unwrap().iter().collect();
            assert!(names.iter().any(|vertex| vertex["name"] == graph.far()));
        }
        assert_eq!(
            random(100, Scripts::None).edges,
            random(100, Scripts::Both).edges
        );
    }
}
