//! Labels of drawn graphs pass through here: names, guards, actions and the other fields that stand in one text.
//!
//! Fields come in any order, each at most once, with blanks between them as one likes, and with comments: `/* … */`
//! anywhere, `// …` after a blank.

mod reader;
mod writer;

pub(crate) use reader::read;
pub(crate) use writer::{joined, of_edge, of_vertex};

/// Everything a label can say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Label {
    pub(crate) name: Option<Box<str>>,
    pub(crate) shared: Option<Box<str>>,
    pub(crate) init: Option<Box<str>>,
    pub(crate) guard: Option<Box<str>>,
    pub(crate) actions: Option<Box<str>>,
    pub(crate) requirements: Option<Box<[Box<str>]>>,
    pub(crate) is_blocked: bool,
    pub(crate) weight: Option<f64>,
    pub(crate) dependency: Option<i32>,
}

/// What the label is on, which decides its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Vertex,
    Edge,
}

/// Whether the whole label says that its vertex is where walks begin.
pub(crate) fn is_start(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("start")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_accepted_and_refused_as_by_the_reference() {
        for label in [
            "",
            "   ",
            "v_A",
            "v_A\nSHARED:S",
            "v_A SHARED: S ",
            "SHARED :A2",
            "v_A REQTAG=UC 1.2",
            "v_A INIT: x=1; y=2;",
            "v.a;b",
            "v_A // c",
            "BLOCKED",
            "Starter",
            "v_INIT",
            "v_A /* c */ SHARED:S",
            "\u{17d}luva",
        ] {
            assert!(read(label, On::Vertex).is_ok(), "{label}");
        }
        for label in [
            "1v",
            "v A",
            "v-A",
            "v_A INIT:x=1",
            "v_A start",
            "v_A BLOCKED BLOCKED",
            "v_A SHARED:S SHARED:T",
            "shared:S",
            "SHARED",
            "v_A Blocked",
            "v_A\n/x=1;",
            "v_A [g]",
            "v_A weight=1",
            "\u{e9}",
            "v_A /* c",
        ] {
            let text = read(label, On::Vertex).expect_err(label).to_string();
            assert_eq!(
                text,
                format!("The string '{label}' did not conform to GraphWalker syntax rules.")
            );
        }
        for label in [
            "",
            "e_A[x>1]",
            "e_A [a[0]==1 && b] /x=1;",
            "/x=1; [g]",
            "[g] e_A",
            "e_A weight=.3",
            "e_A WEIGHT = 1",
            "e_A weight=5",
            "e_A dependency=80",
            "e_A /x=1; REQTAG=q",
            "e_A [x] BLOCKED /x=1;",
            "e_A weight=0.5 dependency=10 REQTAG=a",
            "e_A // c\n[g]",
        ] {
            assert!(read(label, On::Edge).is_ok(), "{label}");
        }
        for label in [
            "e A",
            "1_bad",
            "e_A/x=1",
            "e_A weight=-1",
            "e_A dependency=080",
            "e_A [g] [h]",
            "e_A INIT: x=1;",
            "e_A SHARED:S",
            "start",
            "e_A/x=1;//c",
            "e_A [g",
            "e_A weight=1.2.3",
        ] {
            assert!(read(label, On::Edge).is_err(), "{label}");
        }
        let odd = read("e_A dependency = 0.3", On::Edge).expect_err("no whole number");
        assert_eq!(odd.to_string(), "For input string: \"0.3\"");
    }

    #[test]
    fn every_field_is_found() {
        let label = read(
            "e.a;b [ i[0] ] /x=1; y=2; weight=.5 dependency=7 BLOCKED",
            On::Edge,
        );
        let script = "x=1; y=2;";
        let label = label.expect("a label");
        assert_eq!(
            (label.name.as_deref(), label.guard.as_deref()),
            (Some("e.a;b"), Some(" i[0] "))
        );
        assert_eq!(
            (label.actions.as_deref(), label.weight),
            (Some(script), Some(0.5))
        );
        assert_eq!((label.dependency, label.is_blocked), (Some(7), true));
        let label = read("v REQTAG: r1, r2 ", On::Vertex).expect("a label");
        let tags: Vec<&str> = label
            .requirements
            .iter()
            .flatten()
            .map(|tag| &**tag)
            .collect();
        assert_eq!(tags, ["r1", "r2 "]);
    }
}
