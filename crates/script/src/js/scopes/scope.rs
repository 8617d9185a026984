//! One scope passes through here: its texts run as scripts of their own, the second time from a compiled function.

use std::collections::{BTreeSet, HashMap};

use rquickjs::context::EvalOptions;
use rquickjs::function::This;
use rquickjs::object::Property;
use rquickjs::{Array, Context, Ctx, Exception, Function, Object, Persistent, Result, Value};

/// The most texts of one scope that are kept compiled. Further ones are parsed each time they run.
const COMPILED: usize = 4096;
/// The most names of one scope that are looked up among its `let`, `const` and `class`.
const DECLARED: usize = 1024;

/// A variable and the text that stands for its value.
pub(super) type Found = (String, String);

/// What came out of a script.
pub(super) enum Ran {
    Nothing,
    Truth(bool),
    Text(String),
    Data(Vec<Found>),
}

/// How a text is run when it comes again.
enum Again {
    /// It only works as a script.
    Script,
    Function(Persistent<Function<'static>>),
}

pub(super) struct Scope {
    actions: HashMap<Box<str>, Again>,
    values: HashMap<Box<str>, Again>,
    /// Words of texts with declarations: the engine does not list what they declare.
    declared: BTreeSet<Box<str>>,
    show: Persistent<Function<'static>>,
    data: Persistent<Function<'static>>,
    context: Context,
}

impl Scope {
    pub(super) fn new(
        context: &Context,
        global: Option<Persistent<Value<'static>>>,
        seed: u32,
    ) -> Result<Self> {
        let (show, data) = context.with(|ctx| {
            if let Some(global) = global {
                let global = Property::from(global.restore(&ctx)?)
                    .writable()
                    .configurable();
                ctx.globals().prop("global", global)?;
            }
            let prepare: Function = ctx.eval(include_str!("scope.js"))?;
            let tools: Object = prepare.call((seed,))?;
            let show: Function = tools.get("show")?;
            let data: Function = tools.get("data")?;
            Ok::<_, rquickjs::Error>((Persistent::save(&ctx, show), Persistent::save(&ctx, data)))
        })?;
        Ok(Self {
            actions: HashMap::new(),
            values: HashMap::new(),
            declared: BTreeSet::new(),
            show,
            data,
            context: context.clone(),
        })
    }

    pub(super) fn context(&self) -> Context {
        self.context.clone()
    }

    /// Runs a text for what it does.
    pub(super) fn run<'js>(&mut self, ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
        if let Some(Again::Function(function)) = self.actions.get(text) {
            return function.clone().restore(ctx)?.call(());
        }
        let value = script(ctx, text)?;
        let declares = declares(text);
        if declares {
            self.note(text);
        }
        if !self.actions.contains_key(text) && self.actions.len() < COMPILED {
            let again = if declares {
                Again::Script
            } else {
                function(ctx, text, "{", "}")
            };
            self.actions.insert(text.into(), again);
        }
        Ok(value)
    }

    /// Runs a text for its value.
    pub(super) fn value<'js>(&mut self, ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
        if let Some(Again::Function(function)) = self.values.get(text) {
            return function.clone().restore(ctx)?.call(());
        }
        let value = script(ctx, text)?;
        if declares(text) {
            self.note(text);
        }
        if !self.values.contains_key(text) && self.values.len() < COMPILED {
            let is_block = declares(text) || text.trim_start().starts_with('{');
            let bare = text.trim_end().trim_end_matches(';');
            let again = if is_block {
                Again::Script
            } else {
                function(ctx, bare, "{ return (", "); }")
            };
            self.values.insert(text.into(), again);
        }
        Ok(value)
    }

    /// The text that stands for a value.
    pub(super) fn show<'js>(&self, ctx: &Ctx<'js>, value: Value<'js>) -> Result<String> {
        self.show.clone().restore(ctx)?.call((value,))
    }

    pub(super) fn data(&self, ctx: &Ctx<'_>) -> Result<Vec<Found>> {
        let declared: Vec<&str> = self.declared.iter().map(|name| &**name).collect();
        let pairs: Array = self.data.clone().restore(ctx)?.call((declared,))?;
        let names = (0..pairs.len()).step_by(2);
        names
            .map(|at| Ok((pairs.get(at)?, pairs.get(at + 1)?)))
            .collect()
    }

    fn note(&mut self, text: &str) {
        let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let words = text
            .split(|c: char| !is_inside(c))
            .filter(|word| is_name(word));
        for word in words {
            if self.declared.len() < DECLARED {
                self.declared.insert(word.into());
            }
        }
    }
}

/// Whether the word can be a name and is no value by itself.
fn is_name(word: &str) -> bool {
    let begins = |c: char| !c.is_ascii_digit();
    word.starts_with(begins) && !["null", "true", "false", "this"].contains(&word)
}

/// Whether the text may declare a name, which a function would keep for itself.
fn declares(text: &str) -> bool {
    [
        "var", "let", "const", "class", "function", "import", "using",
    ]
    .iter()
    .any(|word| text.contains(word))
}

fn script<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
    let mut options = EvalOptions::default();
    options.strict = false;
    ctx.eval_with_options(text, options)
}

/// Reads a text as the body of a function that nobody calls.
pub(super) fn parse(ctx: &Ctx<'_>, text: &str) -> Result<()> {
    let whole = format!("function () {{\n{text}\n}}");
    let function = script(ctx, &format!("({whole})"))?.into_function();
    let source: Option<String> = match function {
        Some(function) => Some(
            function
                .get::<_, Function>("toString")?
                .call((This(function),))?,
        ),
        None => None,
    };
    // A text that closes the body and goes on is not one script.
    if source.as_deref() == Some(whole.as_str()) {
        return Ok(());
    }
    Err(Exception::throw_syntax(
        ctx,
        "a bracket is closed that was not opened",
    ))
}

/// The text as the body of a function, if it can be one. It has run as a script, so it is whole.
fn function(ctx: &Ctx<'_>, text: &str, opening: &str, closing: &str) -> Again {
    let whole = format!("(function () {opening}\n{text}\n{closing})");
    if let Ok(Some(function)) = script(ctx, &whole).map(Value::into_function) {
        Again::Function(Persistent::save(ctx, function))
    } else {
        ctx.catch();
        Again::Script
    }
}
