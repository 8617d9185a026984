//! A script's text is tried here when a configuration is loaded: does it parse, and as the one body it should be?

use rquickjs::context::EvalOptions;
use rquickjs::function::This;
use rquickjs::{Context, Ctx, Function, Runtime, Value};

use super::ScriptMistake;
use super::fault::{first_place, thrown_text};
use super::lockdown::{Intrinsics, lock_down};
use super::script::{Script, ScriptKind};

/// How often the engine may ask whether to go on, memory and stack for one text. A well-formed text is only parsed;
/// these bound a text that closes the body around it and goes on. Not a time, so that no load can change a verdict.
const QUESTIONS: usize = 1000;
const MEMORY: usize = 64 * 1024 * 1024;
const STACK: usize = 512 * 1024;

const NOT_ONE_BODY: &str = "a bracket is closed that was not opened in this script";

pub(super) fn check(script: &Script) -> Result<(), ScriptMistake> {
    if script.kind() == ScriptKind::When && script.source().trim().is_empty() {
        return Err(at_start("the expression is empty"));
    }
    let engine = || -> rquickjs::Result<(Runtime, Context)> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(MEMORY);
        runtime.set_max_stack_size(STACK);
        let context = Context::custom::<Intrinsics>(&runtime)?;
        Ok((runtime, context))
    };
    let Ok((runtime, context)) = engine() else {
        return Err(at_start("the script engine could not be started"));
    };
    let mut questions = 0;
    let over = move || {
        questions += 1;
        questions > QUESTIONS
    };
    runtime.set_interrupt_handler(Some(Box::new(over)));
    context.with(|ctx| parse(&ctx, script))
}

fn parse(ctx: &Ctx<'_>, script: &Script) -> Result<(), ScriptMistake> {
    let body = script.body();
    if lock_down(ctx).is_err() {
        return Err(at_start("the script engine could not be started"));
    }
    let mut options = EvalOptions::default();
    options.strict = script.kind().strict();
    options.filename = Some(script.file());
    let value = ctx.eval_with_options::<Value, _>(format!("({body})"), options);
    match value {
        Err(error) => Err(syntax_mistake(ctx, script, &error)),
        // A text such as `}); more(); (async function () {` parses, too, but it is not one body: the function
        // that comes out of it is not the whole text.
        Ok(value) => match source_of(ctx, value) {
            Ok(source) if source == body => Ok(()),
            _ => Err(at_start(NOT_ONE_BODY)),
        },
    }
}

/// The text of a function, as the engine has read it.
fn source_of<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<String> {
    let to_string: Function = Function::prototype(ctx.clone()).get("toString")?;
    to_string.call((This(value),))
}

fn syntax_mistake(ctx: &Ctx<'_>, script: &Script, error: &rquickjs::Error) -> ScriptMistake {
    if !matches!(error, rquickjs::Error::Exception) {
        return at_start(match error {
            rquickjs::Error::InvalidString(_) => "the script contains a NUL character",
            _ => "the script could not be read",
        });
    }
    let thrown = ctx.catch();
    let text = thrown_text(ctx, &thrown);
    // Anything else was thrown by what stands behind a body that ended too early.
    let Some(message) = text.strip_prefix("SyntaxError: ").map(ToOwned::to_owned) else {
        return at_start(NOT_ONE_BODY);
    };
    match first_place(&thrown, script) {
        Some((line, column)) => ScriptMistake {
            message,
            line,
            column,
        },
        None => at_end(script.source()),
    }
}

/// What the engine notices behind the end of the text is a mistake at its end.
fn at_end(source: &str) -> ScriptMistake {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let last = source.lines().last().unwrap_or_default();
    ScriptMistake {
        message: "the script ends too early".to_owned(),
        line: count(source.lines().count()).max(1),
        column: count(last.chars().count()) + 1,
    }
}

fn at_start(message: &str) -> ScriptMistake {
    ScriptMistake {
        message: message.to_owned(),
        line: 1,
        column: 1,
    }
}
