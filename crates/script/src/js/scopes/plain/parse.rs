//! The text of a script passes through here: a plain one becomes a tree, any other one nothing.

use std::sync::Arc;

use super::Value;

/// Expressions inside one another. A deeper script is the engine's.
const DEEPEST: usize = 64;

/// A plain script.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) statements: Vec<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessEqual,
    More,
    MoreEqual,
    Equal,
    NotEqual,
    Identical,
    NotIdentical,
}

#[derive(Debug)]
pub(super) enum Expression {
    Literal(Value),
    Variable(Arc<str>),
    Assign(Arc<str>, Box<Expression>),
    Update(Arc<str>, Operator, Box<Expression>),
    /// `x++` and the like.
    Step {
        name: Arc<str>,
        by: f64,
        gives_old: bool,
    },
    Not(Box<Expression>),
    /// Whether it is a minus.
    Sign(bool, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Choice(Box<[Expression; 3]>),
    Combined(Operator, Box<[Expression; 2]>),
}

/// Words that are no variables: of the language, and names that the engine has filled.
const TAKEN: &[&str] = &[
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "Atomics",
    "BigInt",
    "Boolean",
    "DOMException",
    "DataView",
    "Date",
    "Error",
    "EvalError",
    "FinalizationRegistry",
    "Function",
    "InternalError",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "RangeError",
    "ReferenceError",
    "Reflect",
    "RegExp",
    "Set",
    "SharedArrayBuffer",
    "String",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "decodeURI",
    "decodeURIComponent",
    "default",
    "delete",
    "do",
    "else",
    "encodeURI",
    "encodeURIComponent",
    "enum",
    "escape",
    "eval",
    "export",
    "extends",
    "finally",
    "for",
    "function",
    "global",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "isFinite",
    "isNaN",
    "let",
    "new",
    "of",
    "package",
    "parseFloat",
    "parseInt",
    "performance",
    "private",
    "protected",
    "public",
    "queueMicrotask",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "try",
    "typeof",
    "unescape",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The tree of a plain script.
pub(super) fn parse(text: &str) -> Option<Script> {
    let text = text.trim_ascii();
    // Where lines end, semicolons may be missing.
    if !text.is_ascii() || text.contains(['\n', '\r']) {
        return None;
    }
    let mut parser = Parser {
        rest: text,
        depth: 0,
    };
    let mut statements = Vec::with_capacity(1);
    loop {
        parser.blanks();
        if parser.rest.is_empty() {
            return Some(Script { statements });
        }
        if parser.takes(";") {
            continue;
        }
        statements.push(parser.assignment()?);
        parser.blanks();
        if !parser.rest.is_empty() && !parser.takes(";") {
            return None;
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn takes(&mut self, token: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes an operator that none of `not` continues.
    fn takes_but(&mut self, token: &str, not: &[&str]) -> bool {
        self.blanks();
        let is_longer = not.iter().any(|longer| self.rest.starts_with(longer));
        !is_longer && self.takes(token)
    }

    fn assignment(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let before = self.rest;
        let found = self.assigned();
        if found.is_some() {
            self.depth -= 1;
            return found;
        }
        self.rest = before;
        let found = self.choice();
        self.depth -= 1;
        found
    }

    /// A name, an operator that assigns, and what is assigned.
    fn assigned(&mut self) -> Option<Expression> {
        let name = self.name()?;
        if self.takes_but("=", &["==", "=>"]) {
            return Some(Expression::Assign(name, Box::new(self.assignment()?)));
        }
        let operators = [
            ("+=", Operator::Add),
            ("-=", Operator::Subtract),
            ("*=", Operator::Multiply),
            ("/=", Operator::Divide),
            ("%=", Operator::Remainder),
        ];
        let operator = operators.into_iter().find(|(token, _)| self.takes(token))?;
        let by = self.assignment()?;
        Some(Expression::Update(name, operator.1, Box::new(by)))
    }

    fn choice(&mut self) -> Option<Expression> {
        let test = self.or()?;
        if !self.takes_but("?", &["??", "?."]) {
            return Some(test);
        }
        let one = self.assignment()?;
        if !self.takes(":") {
            return None;
        }
        let other = self.assignment()?;
        Some(Expression::Choice(Box::new([test, one, other])))
    }

    fn or(&mut self) -> Option<Expression> {
        let mut one = self.and()?;
        while self.takes_but("||", &["||="]) {
            one = Expression::Or(Box::new(one), Box::new(self.and()?));
        }
        Some(one)
    }

    fn and(&mut self) -> Option<Expression> {
        let mut one = self.equality()?;
        while self.takes_but("&&", &["&&="]) {
            one = Expression::And(Box::new(one), Box::new(self.equality()?));
        }
        Some(one)
    }

    fn equality(&mut self) -> Option<Expression> {
        let operators = [
            ("===", Operator::Identical),
            ("!==", Operator::NotIdentical),
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
        ];
        self.chain(&operators, Self::relation)
    }

    fn relation(&mut self) -> Option<Expression> {
        let operators = [
            ("<=", Operator::LessEqual),
            (">=", Operator::MoreEqual),
            ("<", Operator::Less),
            (">", Operator::More),
        ];
        self.chain(&operators, Self::sum)
    }

    fn sum(&mut self) -> Option<Expression> {
        let operators = [("+", Operator::Add), ("-", Operator::Subtract)];
        self.chain(&operators, Self::product)
    }

    fn product(&mut self) -> Option<Expression> {
        let operators = [
            ("*", Operator::Multiply),
            ("/", Operator::Divide),
            ("%", Operator::Remainder),
        ];
        self.chain(&operators, Self::unary)
    }

    fn chain(
        &mut self,
        operators: &[(&str, Operator)],
        side: impl Fn(&mut Self) -> Option<Expression>,
    ) -> Option<Expression> {
        // What begins like one of the operators and is another one is left for the end, which refuses it.
        const OTHERS: [&str; 13] = [
            "++", "--", "**", "//", "/*", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "<!",
        ];
        let mut one = side(self)?;
        loop {
            let found = operators
                .iter()
                .find(|(token, _)| self.takes_but(token, &OTHERS));
            let Some((_, operator)) = found else {
                return Some(one);
            };
            one = Expression::Combined(*operator, Box::new([one, side(self)?]));
        }
    }

    fn unary(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let found = self.signed();
        self.depth -= 1;
        found
    }

    fn signed(&mut self) -> Option<Expression> {
        for (token, by) in [("++", 1.0), ("--", -1.0)] {
            if self.takes(token) {
                let name = self.name()?;
                return Some(Expression::Step {
                    name,
                    by,
                    gives_old: false,
                });
            }
        }
        if self.takes_but("!", &["!="]) {
            return Some(Expression::Not(Box::new(self.unary()?)));
        }
        for (token, is_minus) in [("-", true), ("+", false)] {
            if self.takes(token) {
                return Some(Expression::Sign(is_minus, Box::new(self.unary()?)));
            }
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<Expression> {
        if self.takes("(") {
            let inner = self.assignment()?;
            return self.takes(")").then_some(inner);
        }
        let first = self.rest.bytes().next()?;
        match first {
            b'0'..=b'9' => return self.number(),
            b'"' | b'\'' => return self.quoted(char::from(first)),
            _ => {}
        }
        let before = self.rest;
        for (word, value) in [
            ("true", Value::Truth(true)),
            ("false", Value::Truth(false)),
            ("null", Value::Null),
            ("undefined", Value::Undefined),
            ("NaN", Value::Number(f64::NAN)),
            ("Infinity", Value::Number(f64::INFINITY)),
        ] {
            if self.word() == Some(word) {
                return Some(Expression::Literal(value));
            }
            self.rest = before;
        }
        let name = self.name()?;
        for (token, by) in [("++", 1.0), ("--", -1.0)] {
            if self.takes(token) {
                return Some(Expression::Step {
                    name,
                    by,
                    gives_old: true,
                });
            }
        }
        Some(Expression::Variable(name))
    }

    fn word(&mut self) -> Option<&'a str> {
        self.blanks();
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let length = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        let begins = word.starts_with(|c: char| inside(c) && !c.is_ascii_digit());
        self.rest = rest;
        begins.then_some(word)
    }

    /// A variable. What follows a name and makes more of it is left, and refused later.
    fn name(&mut self) -> Option<Arc<str>> {
        let word = self.word()?;
        let is_constant = ["true", "false", "null", "undefined", "NaN", "Infinity"].contains(&word);
        let is_free = !is_constant && !TAKEN.contains(&word) && !word.ends_with("Array");
        (is_free && !word.starts_with("__")).then(|| word.into())
    }

    fn number(&mut self) -> Option<Expression> {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
        let length = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        let is_plain = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        // A leading zero is another notation, a point at the end begins a member.
        let is_old = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if !is_plain || is_old || digits.ends_with('.') {
            return None;
        }
        self.rest = rest;
        digits
            .parse()
            .ok()
            .map(|number| Expression::Literal(Value::Number(number)))
    }

    fn quoted(&mut self, quote: char) -> Option<Expression> {
        let inner = self.rest.get(1..)?;
        let end = inner.find([quote, '\\'])?;
        let (text, rest) = inner.split_at(end);
        self.rest = rest.strip_prefix(quote)?;
        Some(Expression::Literal(Value::Text(text.into())))
    }
}
