//! One model passes through here and becomes a Java class that builds it, for programs that embed the reference.

use std::collections::HashSet;
use std::fmt::Write as _;

use thiserror::Error;

use crate::graph::Named;
use crate::{Element, End, Model};

/// The text for a Java file that is to be read.
pub const NOT_READ: &str = "Creating a context from a java file is not supported.";

/// Why a model cannot be a class.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JavaError {
    /// The class has the model's name.
    #[error("the name of the model must be a Java identifier, it is `{0}`: rename the model")]
    ClassName(String),
    /// Each vertex is a variable of its name.
    #[error(
        "the name of {0} must be a Java identifier that no other vertex has: rename the vertex"
    )]
    VertexName(Named),
    /// The start is looked up by its name.
    #[error("the model needs a start element with a name, or there is none to look up: add one")]
    Start,
}

/// Words that are no identifiers.
const WORDS: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
];

/// The model as a Java class of its name: its vertices, its edges with guards and actions, and where it begins. The
/// generator of such a class is always random until all edges are covered.
pub fn write(model: &Model) -> Result<String, JavaError> {
    let class = model.name.as_deref().unwrap_or_default();
    if !is_identifier(class) {
        return Err(JavaError::ClassName(class.to_owned()));
    }
    let start = model
        .start
        .and_then(|start| model.name_of(start))
        .ok_or(JavaError::Start)?;
    let mut out = format!(
        "import org.graphwalker.core.condition.EdgeCoverage;\nimport org.graphwalker.core.generator.RandomPath;\n\
         import org.graphwalker.core.machine.ExecutionContext;\nimport org.graphwalker.core.model.*;\n\n\
         public class {class} extends ExecutionContext {{\n\n  public {class}() {{\n    Model model = new Model();\n"
    );
    // A variable must not hide the model.
    let mut names = HashSet::from(["model"]);
    for (vertex, at) in model.vertices.iter().zip(0..) {
        let name = vertex.name.as_deref().unwrap_or_default();
        if !is_identifier(name) || !names.insert(name) {
            return Err(JavaError::VertexName(model.named(Element::Vertex(at))));
        }
        let id = quote(vertex.id.as_deref().unwrap_or_default());
        let _ = writeln!(
            out,
            "    Vertex {name} = new Vertex().setName({}).setId({id});",
            quote(name)
        );
    }
    for edge in &model.edges {
        out.push_str("    model.addEdge(new Edge()");
        let of = |end: &End| model.vertices[end.vertex()? as usize].name.as_deref();
        for (method, vertex) in [
            ("setSourceVertex", of(&edge.source)),
            ("setTargetVertex", of(&edge.target)),
        ] {
            if let Some(vertex) = vertex {
                let _ = write!(out, ".{method}({vertex})");
            }
        }
        if let Some(name) = &edge.name {
            let _ = write!(out, ".setName({})", quote(name));
        }
        let _ = write!(out, ".setId({})", quote(&edge.id));
        if let Some(guard) = &edge.guard {
            let _ = write!(out, ".setGuard(new Guard({}))", quote(guard));
        }
        for action in &edge.actions {
            let _ = write!(out, ".addAction(new Action({}))", quote(action));
        }
        out.push_str(");\n");
    }
    let start = quote(start);
    let _ = write!(
        out,
        "    setModel(model.build());\n    setPathGenerator(new RandomPath(new EdgeCoverage(100)));\n    \
         setNextElement(getModel().findElements({start}).get(0));\n  }}\n}}\n"
    );
    Ok(out)
}

fn is_identifier(name: &str) -> bool {
    let begins = |letter: char| letter.is_alphabetic() || letter == '_' || letter == '$';
    let goes_on = |letter: char| begins(letter) || letter.is_ascii_digit();
    name.starts_with(begins) && name.chars().all(goes_on) && !WORDS.contains(&name) && name != "_"
}

/// A text as a Java literal, in ASCII so that no encoding matters.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok('"') => out.push_str("\\\""),
            Ok('\\') => out.push_str("\\\\"),
            Ok('\n') => out.push_str("\\n"),
            Ok('\r') => out.push_str("\\r"),
            Ok(letter @ ' '..='~') => out.push(letter),
            _ => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use sockeye_core::Random;

    fn model(text: &str) -> Model {
        let suite = crate::json::read(text, &mut Random::seeded(1)).expect("models");
        suite.models.into_iter().next().expect("a model")
    }

    #[test]
    fn a_model_becomes_a_class() {
        let text = "{models:[{name:Login,startElementId:e,vertices:[{id:n1,name:v_A}],edges:[{id:e,name:e_Init,targetVertexId:n1},
            {id:l,sourceVertexId:n1,targetVertexId:n1,guard:'x==\"\u{e9}\"',actions:['x=1;','y=2;']}]}]}";
        let class = write(&model(text)).expect("a class");
        for line in [
            "public class Login extends ExecutionContext {",
            "    Vertex v_A = new Vertex().setName(\"v_A\").setId(\"n1\");",
            "    model.addEdge(new Edge().setTargetVertex(v_A).setName(\"e_Init\").setId(\"e\"));",
            "    model.addEdge(new Edge().setSourceVertex(v_A).setTargetVertex(v_A).setId(\"l\").setGuard(new \
             Guard(\"x==\\\"\\u00e9\\\"\")).addAction(new Action(\"x=1;\")).addAction(new Action(\"y=2;\")));",
            "    setNextElement(getModel().findElements(\"e_Init\").get(0));",
        ] {
            assert!(class.lines().any(|found| found == line), "{line}\n{class}");
        }
    }

    #[test]
    fn what_java_cannot_name_is_refused() {
        let error = |text: &str| write(&model(text)).expect_err("no class").to_string();
        assert_eq!(
            error("{models:[{name:'a b',vertices:[]}]}"),
            "the name of the model must be a Java identifier, it is `a b`: rename the model"
        );
        assert_eq!(
            error("{models:[{name:M,vertices:[]}]}"),
            "the model needs a start element with a name, or there is none to look up: add one"
        );
        for name in ["class", "v-A", "model", "x;y"] {
            let text = format!(
                "{{models:[{{name:M,startElementId:a,vertices:[{{id:a,name:'{name}'}}]}}]}}"
            );
            assert_eq!(
                error(&text),
                format!(
                    "the name of {name} (a) must be a Java identifier that no other vertex has: rename the vertex"
                )
            );
        }
    }
}
