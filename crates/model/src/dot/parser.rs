//! Pieces of a Graphviz text pass through here and become nodes and arrows, groups taken apart.

use std::collections::HashMap;

use super::lexer::{Token, tokens};
use crate::FormatError;

/// How deep groups may be nested.
const DEEPEST: usize = 100;
/// The most arrows between the members of groups that one statement may stand for.
const MOST_ARROWS: usize = 100_000;

pub(super) type Attributes = HashMap<String, String>;

/// What a text says, in its order.
pub(super) struct Graph {
    pub(super) name: Option<String>,
    pub(super) statements: Vec<Statement>,
}

pub(super) enum Statement {
    Node(String, Attributes),
    Arrow(String, String, Attributes),
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
    statements: Vec<Statement>,
}

type Result<T> = std::result::Result<T, FormatError>;

pub(super) fn parse(text: &str) -> Result<Graph> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        statements: Vec::new(),
    };
    parser.takes_word("strict");
    if !parser.takes_word("digraph") && !parser.takes_word("graph") {
        return Err(parser.mistake("`digraph` or `graph` is expected here"));
    }
    let name = parser.name();
    parser.open()?;
    parser.statements()?;
    Ok(Graph {
        name,
        statements: parser.statements,
    })
}

impl Parser<'_> {
    fn mistake(&self, message: impl Into<String>) -> FormatError {
        let at = self
            .tokens
            .get(self.at)
            .map_or(self.text.len(), |(at, _)| *at);
        FormatError::at(
            self.text,
            at,
            message,
            "see Graphviz's page on the DOT language",
        )
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn takes(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found =
            matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    /// A name or a text, whichever comes next.
    fn name(&mut self) -> Option<String> {
        let found = match self.peek() {
            Some(Token::Name(name) | Token::Text(name)) => name.clone(),
            _ => return None,
        };
        self.at += 1;
        Some(found)
    }

    fn open(&mut self) -> Result<()> {
        self.depth += 1;
        if self.takes('{') && self.depth <= DEEPEST {
            Ok(())
        } else {
            Err(self.mistake("a group is expected here, not nested too deeply"))
        }
    }

    /// Everything up to the end of a group: the nodes that are named there.
    fn statements(&mut self) -> Result<Vec<String>> {
        let mut named = Vec::new();
        while !self.takes('}') {
            if self.peek().is_none() {
                return Err(self.mistake("the graph ends too early"));
            }
            if !self.takes(';') {
                named.extend(self.statement()?);
            }
        }
        self.depth -= 1;
        Ok(named)
    }

    fn statement(&mut self) -> Result<Vec<String>> {
        for word in ["node", "edge", "graph"] {
            if self.takes_word(word) {
                self.attributes()?;
                return Ok(Vec::new());
            }
        }
        let (first, is_group) = self.side()?;
        if !is_group && self.takes('=') {
            return match self.name() {
                Some(_) => Ok(Vec::new()),
                None => Err(self.mistake("a value is expected here")),
            };
        }
        let mut sides = vec![first];
        while self.peek() == Some(&Token::Arrow) {
            self.at += 1;
            sides.push(self.side()?.0);
        }
        let attributes = self.attributes()?;
        let named: Vec<String> = sides.iter().flatten().cloned().collect();
        if sides.len() > 1 || is_group {
            let nodes = named
                .iter()
                .map(|name| Statement::Node(name.clone(), Attributes::new()));
            self.statements.extend(nodes);
        } else {
            let nodes = named
                .iter()
                .map(|name| Statement::Node(name.clone(), attributes.clone()));
            self.statements.extend(nodes);
        }
        for pair in sides.windows(2) {
            self.arrows(&pair[0], &pair[1], &attributes)?;
        }
        Ok(named)
    }

    fn arrows(&mut self, from: &[String], to: &[String], attributes: &Attributes) -> Result<()> {
        if from.len().saturating_mul(to.len()) > MOST_ARROWS {
            return Err(self.mistake("these groups stand for more than 100,000 arrows"));
        }
        for source in from {
            for target in to {
                let arrow = Statement::Arrow(source.clone(), target.clone(), attributes.clone());
                self.statements.push(arrow);
            }
        }
        Ok(())
    }

    /// One side of an arrow: a node, or a group with all that is named in it.
    fn side(&mut self) -> Result<(Vec<String>, bool)> {
        let is_subgraph = self.takes_word("subgraph");
        if is_subgraph {
            self.name();
        }
        if is_subgraph || self.peek() == Some(&Token::Mark('{')) {
            self.open()?;
            return Ok((self.statements()?, true));
        }
        let name = self.name();
        let name = name.ok_or_else(|| self.mistake("the name of a node is expected here"))?;
        for _ in 0..2 {
            if self.takes(':') && self.name().is_none() {
                return Err(self.mistake("the name of a port is expected here"));
            }
        }
        Ok((vec![name], false))
    }

    fn attributes(&mut self) -> Result<Attributes> {
        let mut found = Attributes::new();
        while self.takes('[') {
            while !self.takes(']') {
                let name = self.name();
                let name = name.ok_or_else(|| self.mistake("an attribute is expected here"))?;
                let value = if self.takes('=') {
                    self.name()
                } else {
                    Some("true".to_owned())
                };
                let value = value.ok_or_else(|| self.mistake("a value is expected here"))?;
                found.insert(name.to_lowercase(), value);
                if !self.takes(',') {
                    self.takes(';');
                }
            }
        }
        Ok(found)
    }
}
