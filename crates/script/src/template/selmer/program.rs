//! Translated templates are compiled and run here, within the limits of length and steps.

use std::io::{self, Write};
use std::sync::LazyLock;

use minijinja::value::Value as Engine;
use minijinja::{Environment, Error, ErrorKind, Expression};
use serde_json::Value;

use super::functions::{environment, to_engine, to_json};
use super::session::{SESSION, Session};
use super::translate::Translation;
use crate::template::error::{OUTPUT_LIMIT, RenderError};
use crate::template::mistake::TemplateMistake;
use crate::template::scope::{Root, Scope, Step};
use crate::template::uses::Uses;
use crate::template::value::Val;

/// Every function, shared by all programs.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);

/// The name of a program's only template.
const NAME: &str = "template";

/// A compiled text or value.
#[derive(Debug)]
pub(crate) struct Program {
    code: Code,
    slots: Vec<(Root, Box<[Step]>)>,
    cycles: usize,
    uses: Uses,
}

#[derive(Debug)]
enum Code {
    /// An environment that shares all functions and owns one template.
    Text(Box<Environment<'static>>),
    Value(Expression<'static, 'static>),
}

impl Program {
    pub(super) fn text_of(
        translation: Translation,
        uses: &Uses,
        text: &str,
    ) -> Result<Self, TemplateMistake> {
        let mut environment = ENVIRONMENT.clone();
        environment
            .add_template_owned(NAME, translation.source)
            .map_err(|error| too_deep(&error, text))?;
        let code = Code::Text(Box::new(environment));
        Ok(Self {
            code,
            slots: translation.slots,
            cycles: translation.cycles,
            uses: uses.clone(),
        })
    }

    pub(super) fn value_of(
        translation: Translation,
        uses: &Uses,
        text: &str,
    ) -> Result<Self, TemplateMistake> {
        let expression = ENVIRONMENT.compile_expression_owned(translation.source);
        let code = Code::Value(expression.map_err(|error| too_deep(&error, text))?);
        Ok(Self {
            code,
            slots: translation.slots,
            cycles: translation.cycles,
            uses: uses.clone(),
        })
    }

    /// Appends the text; on an error part of it may have been written.
    pub(crate) fn text(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let Code::Text(environment) = &self.code else {
            let value = Val::Json(std::borrow::Cow::Owned(self.value(scope)?));
            out.extend_from_slice(value.as_text().as_bytes());
            return Ok(());
        };
        let template = environment
            .get_template(NAME)
            .map_err(|error| failure(&error))?;
        let mut output = Limited {
            left: OUTPUT_LIMIT,
            exceeded: false,
            out,
        };
        let result = template
            .render_captured_to(self.context(scope), &mut output)
            .map(|_| ());
        if output.exceeded {
            return Err(RenderError::OutputTooLong);
        }
        result.map_err(|error| failure(&error))
    }

    /// The value of an expression; a text's value is the text.
    pub(crate) fn value(&self, scope: &mut Scope<'_>) -> Result<Value, RenderError> {
        match &self.code {
            Code::Value(expression) => expression
                .eval(self.context(scope))
                .map(|value| to_json(&value))
                .map_err(|error| failure(&error)),
            Code::Text(_) => {
                let mut out = Vec::new();
                self.text(scope, &mut out)?;
                Ok(Value::String(String::from_utf8(out).unwrap_or_default()))
            }
        }
    }

    /// Looks all paths up and packs them with the session.
    fn context(&self, scope: &mut Scope<'_>) -> Engine {
        let session = Engine::from_object(Session::new(scope, &self.uses, self.cycles));
        let slots = self.slots.iter().enumerate().map(|(index, (root, steps))| {
            let value: Val<'_> = scope.vars.find(*root, steps).into();
            (format!("s{index}"), to_engine(&value.into_json()))
        });
        Engine::from_pairs(slots.chain(std::iter::once((SESSION.to_owned(), session))))
    }
}

/// The translation is always valid, so only the depth of its nesting can be refused.
fn too_deep(error: &Error, text: &str) -> TemplateMistake {
    let reason = error.detail().unwrap_or("the text is not understood");
    TemplateMistake::new(
        format!("the tags cannot be compiled: {reason}"),
        0..text.len(),
    )
    .remedy("use fewer tags inside of each other, or fewer filters on one value")
}

/// Our own error inside of minijinja's, or the closest to it.
fn failure(error: &Error) -> RenderError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(ours) = inner.downcast_ref::<RenderError>() {
            return ours.clone();
        }
        if inner
            .downcast_ref::<Error>()
            .is_some_and(|error| error.kind() == ErrorKind::OutOfFuel)
        {
            return RenderError::TooManySteps;
        }
        source = inner.source();
    }
    RenderError::Tags(error.to_string().into())
}

/// Writes until the limit is reached.
struct Limited<'o> {
    left: usize,
    exceeded: bool,
    out: &'o mut Vec<u8>,
}

impl Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len()) else {
            self.exceeded = true;
            return Err(io::Error::other(RenderError::OutputTooLong));
        };
        self.left = left;
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
