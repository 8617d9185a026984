//! The pieces of a generator text pass through here and become stages: grammar first, then names and parameters.

use super::lexer::{Token, tokens};
use super::names::{self, Form};
use super::{Condition, Generator, Kind, Plan, PlanError, Stage};

/// How deep conditions may be nested in parentheses.
const DEEPEST: usize = 100;

/// A condition as it is written.
enum Tree<'a> {
    Leaf(&'a str, Vec<&'a str>),
    All(Vec<Tree<'a>>),
    Any(Vec<Tree<'a>>),
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
}

pub(super) fn parse(text: &str) -> Result<Plan, PlanError> {
    let (tokens, dropped) = tokens(text);
    if tokens.is_empty() {
        return Err(PlanError::NoGenerator);
    }
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let stages = parser.stages();
    let stages = stages.ok_or_else(|| PlanError::Syntax(text.trim().to_owned()))?;
    let stages = stages.iter().map(|(name, tree)| stage(name, tree));
    let stages = stages.collect::<Result<_, _>>()?;
    Ok(Plan { stages, dropped })
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn stages(&mut self) -> Option<Vec<(&'a str, Tree<'a>)>> {
        let mut stages = Vec::new();
        while self.at < self.tokens.len() {
            let Some(Token::Word(name)) = self.next() else {
                return None;
            };
            self.takes(&Token::Open).then_some(())?;
            // Other programs write a postman without a condition.
            let is_postman = names::generator(&name.to_lowercase()) == Some(Generator::Postman);
            let tree = if is_postman && self.tokens.get(self.at) == Some(&Token::Close) {
                Tree::Leaf("tour", Vec::new())
            } else {
                self.logical()?
            };
            self.takes(&Token::Close).then_some(())?;
            stages.push((name, tree));
            // A comma between stages is one of the characters that the reference leaves out.
            while self.takes(&Token::Comma) {}
        }
        Some(stages)
    }

    fn logical(&mut self) -> Option<Tree<'a>> {
        let mut members = vec![self.primary()?];
        let word = match self.tokens.get(self.at) {
            Some(word @ (Token::And | Token::Or)) => word.clone(),
            _ => return members.pop(),
        };
        while self.takes(&word) {
            members.push(self.primary()?);
        }
        Some(match word {
            Token::And => Tree::All(members),
            _ => Tree::Any(members),
        })
    }

    fn primary(&mut self) -> Option<Tree<'a>> {
        if !self.takes(&Token::Open) {
            return self.condition();
        }
        self.depth += 1;
        let tree = (self.depth <= DEEPEST).then(|| self.logical())??;
        self.depth -= 1;
        self.takes(&Token::Close).then_some(tree)
    }

    fn condition(&mut self) -> Option<Tree<'a>> {
        let Some(Token::Word(name)) = self.next() else {
            return None;
        };
        let mut parameters = Vec::new();
        if !self.takes(&Token::Open) {
            return Some(Tree::Leaf(name, parameters));
        }
        // The canonical text of this one has empty parentheses.
        if name == "Never" && self.takes(&Token::Close) {
            return Some(Tree::Leaf(name, parameters));
        }
        loop {
            match self.next()? {
                Token::Number(text) | Token::Word(text) | Token::Quoted(text) => {
                    parameters.push(text);
                }
                _ => return None,
            }
            if !self.takes(&Token::Comma) {
                return self
                    .takes(&Token::Close)
                    .then_some(Tree::Leaf(name, parameters));
            }
        }
    }
}

fn stage(name: &str, tree: &Tree<'_>) -> Result<Stage, PlanError> {
    let condition = condition(tree)?;
    let name = name.to_lowercase();
    let generator = names::generator(&name).ok_or(PlanError::Generator(name))?;
    let condition = condition.ok_or(PlanError::Condition)?;
    match (generator, &condition) {
        (Generator::Predefined, Condition::Predefined)
        | (Generator::AStar, Condition::Reached(..))
        | (Generator::Postman, _) => {}
        (Generator::Predefined, _) => return Err(PlanError::NeedsPredefined),
        (Generator::AStar, _) => return Err(PlanError::NeedsTarget),
        _ if condition.tour().is_some() => return Err(PlanError::NeedsPostman),
        _ => {}
    }
    Ok(Stage {
        generator,
        condition,
    })
}

/// The condition, or nothing if no condition has that name. Those are left out of a group.
fn condition(tree: &Tree<'_>) -> Result<Option<Condition>, PlanError> {
    let (members, all) = match tree {
        Tree::Leaf(name, parameters) => return leaf(name, parameters),
        Tree::All(members) => (members, true),
        Tree::Any(members) => (members, false),
    };
    let known: Vec<Condition> = members
        .iter()
        .filter_map(|member| condition(member).transpose())
        .collect::<Result<_, _>>()?;
    Ok(match known.len() {
        0 => None,
        _ if all => Some(Condition::All(known)),
        _ => Some(Condition::Any(known)),
    })
}

fn leaf(name: &str, parameters: &[&str]) -> Result<Option<Condition>, PlanError> {
    let Some(form) = names::condition(&name.to_lowercase()) else {
        return Ok(None);
    };
    let first = |what, example| {
        let missing = || PlanError::Parameter {
            name: name.to_owned(),
            what,
            example,
        };
        parameters.first().copied().ok_or_else(missing)
    };
    let percent = || whole(first("a percentage", "100")?, "A coverage");
    Ok(Some(match form {
        Form::Edges => Condition::Edges(percent()?),
        Form::Vertices => Condition::Vertices(percent()?),
        Form::Requirements => Condition::Requirements(percent()?),
        Form::Dependencies => {
            Condition::Dependencies(whole(first("a percentage", "80")?, "A dependency")?)
        }
        Form::Length => Condition::Length(whole(
            first("a number of steps", "20")?,
            "The length of the test,",
        )?),
        Form::Duration => Condition::Duration(seconds(first("a number of seconds", "30")?)?),
        Form::Reached(kind) => {
            first(element(kind), "name")?;
            Condition::Reached(kind, parameters.iter().map(|name| (*name).into()).collect())
        }
        Form::Never => Condition::Never,
        Form::Tour => Condition::Tour(is_closed(parameters.first())?),
        Form::Predefined => Condition::Predefined,
    }))
}

fn is_closed(parameter: Option<&&str>) -> Result<bool, PlanError> {
    match parameter.map(|word| word.to_lowercase()).as_deref() {
        None | Some("open") => Ok(false),
        Some("closed") => Ok(true),
        Some(_) => Err(PlanError::Tour(
            parameter.copied().unwrap_or_default().to_owned(),
        )),
    }
}

fn element(kind: Kind) -> &'static str {
    match kind {
        Kind::Vertex => "the name of a vertex",
        Kind::Edge => "the name of an edge",
        Kind::Shared => "the name of a shared state",
    }
}

fn whole(text: &str, what: &'static str) -> Result<u32, PlanError> {
    let number: i32 = text
        .parse()
        .map_err(|_| PlanError::Number(text.to_owned()))?;
    u32::try_from(number).map_err(|_| PlanError::Negative(what))
}

fn seconds(text: &str) -> Result<u64, PlanError> {
    let number: i64 = text
        .parse()
        .map_err(|_| PlanError::Number(text.to_owned()))?;
    u64::try_from(number).map_err(|_| PlanError::Negative("A duration"))
}
