//! The table of flags: their names, what they take and what they mean.

use std::fmt::Write as _;

use super::super::draft::Sort;

/// A flag.
pub(super) struct Flag {
    pub(super) short: Option<char>,
    pub(super) long: &'static [&'static str],
    /// What its value is called; none if it takes none.
    pub(super) value: Option<&'static str>,
    pub(super) what: What,
    help: &'static str,
}

/// What a flag does.
#[derive(Clone, Copy)]
pub(super) enum What {
    Open(Sort),
    Property,
    Tag,
    Match,
    File,
    Parsers,
    Folder,
    /// Its value is that of a key of the service.
    Service(&'static str),
    /// It stands for a value of a key of the service.
    Switch(&'static str, &'static str),
    Listen,
    Port,
    Louder,
    Unused,
    Refused(&'static str),
    DryRun,
    Version,
    Help,
    Schema,
}

const fn flag(
    short: char,
    long: &'static [&'static str],
    value: Option<&'static str>,
    what: What,
    help: &'static str,
) -> Flag {
    Flag {
        short: Some(short),
        long,
        value,
        what,
        help,
    }
}

const NO_PLUGINS: What = What::Refused("plugins are built in: none can be loaded");
const NO_STREAMS: What = What::Refused("there is no stream processor");
const NO_CUSTOM: What = What::Refused("there are no custom plugins");

/// Every flag, in the order of `-h`.
pub(super) const FLAGS: &[Flag] = &[
    flag(
        'i',
        &["input"],
        Some("INPUT"),
        What::Open(Sort::Input),
        "add an input, such as `tcp` or `tcp://127.0.0.1:5170`",
    ),
    flag(
        'F',
        &["filter"],
        Some("FILTER"),
        What::Open(Sort::Filter),
        "add a filter",
    ),
    flag(
        'o',
        &["output"],
        Some("OUTPUT"),
        What::Open(Sort::Output),
        "add an output, such as `websocket://127.0.0.1:9000/path`",
    ),
    flag(
        'p',
        &["prop"],
        Some("KEY=VALUE"),
        What::Property,
        "a property of the plugin in front of it",
    ),
    flag(
        't',
        &["tag"],
        Some("TAG"),
        What::Tag,
        "the tag of the input in front of it",
    ),
    flag(
        'm',
        &["match"],
        Some("MATCH"),
        What::Match,
        "the tags that the filter or output in front of it takes",
    ),
    flag(
        'c',
        &["config"],
        Some("FILE"),
        What::File,
        "a configuration file; .yaml and .yml are YAML",
    ),
    flag(
        'R',
        &["parser"],
        Some("FILE"),
        What::Parsers,
        "a file of parsers",
    ),
    flag(
        'f',
        &["flush"],
        Some("SECONDS"),
        What::Service("flush"),
        "how often records are sent on, 1 if not given",
    ),
    flag(
        'l',
        &["log_file"],
        Some("FILE"),
        What::Service("log_file"),
        "log to a file",
    ),
    flag(
        'b',
        &["storage_path"],
        Some("FOLDER"),
        What::Service("storage.path"),
        "where chunks are kept on disk",
    ),
    flag(
        'w',
        &["workdir"],
        Some("FOLDER"),
        What::Folder,
        "work in this folder",
    ),
    flag(
        'H',
        &["http"],
        None,
        What::Switch("http_server", "on"),
        "monitoring over HTTP",
    ),
    flag(
        'L',
        &["http_listen", "listen"],
        Some("ADDRESS"),
        What::Listen,
        "its address, 127.0.0.1 if not given",
    ),
    flag(
        'P',
        &["port", "http_port"],
        Some("PORT"),
        What::Port,
        "its port, 2020 if not given",
    ),
    flag(
        'Y',
        &["enable-hot-reload"],
        None,
        What::Switch("hot_reload", "on"),
        "SIGHUP reads the files again",
    ),
    flag(
        'W',
        &["disable-thread-safety-on-hot-reload"],
        None,
        What::Unused,
        "accepted",
    ),
    flag('Z', &["enable-chunk-trace"], None, What::Unused, "accepted"),
    flag(
        's',
        &["coro_stack_size"],
        Some("BYTES"),
        What::Unused,
        "accepted",
    ),
    flag(
        'D',
        &["dry-run"],
        None,
        What::DryRun,
        "say whether the configuration is right, and end",
    ),
    flag(
        'v',
        &["verbose"],
        None,
        What::Louder,
        "log more; -vv everything",
    ),
    flag(
        'q',
        &["quiet"],
        None,
        What::Switch("log_level", "off"),
        "log nothing",
    ),
    flag(
        'd',
        &["daemon"],
        None,
        What::Refused("it stays in the foreground: leave the background to the service manager"),
        "refused",
    ),
    flag(
        'e',
        &["plugin"],
        Some("FILE"),
        NO_PLUGINS,
        "refused: plugins are built in",
    ),
    flag(
        'T',
        &["sp-task"],
        Some("SQL"),
        NO_STREAMS,
        "refused: there is no stream processor",
    ),
    flag(
        'C',
        &["custom"],
        Some("CUSTOM"),
        NO_CUSTOM,
        "refused: there are no custom plugins",
    ),
    flag('S', &["sosreport"], None, What::Version, "the version"),
    flag(
        'J',
        &["help-json"],
        None,
        What::Schema,
        "the keys of all plugins as JSON; behind a plugin, its own",
    ),
    flag('V', &["version"], None, What::Version, "the version"),
    flag(
        'h',
        &["help"],
        None,
        What::Help,
        "this help; behind a plugin, its keys",
    ),
];

/// The flags, a line each.
pub(super) fn help() -> String {
    let names: Vec<String> = FLAGS.iter().map(names).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let mut text = String::from("Usage: sockeye ship [FLAG]...\n\nFlags:\n");
    for (flag, name) in FLAGS.iter().zip(&names) {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "  {name:width$}  {}", flag.help);
    }
    text
}

fn names(flag: &Flag) -> String {
    let short = flag.short.map(|letter| format!("-{letter}"));
    let long = flag.long.first().map(|name| format!("--{name}"));
    let both: Vec<String> = short.into_iter().chain(long).collect();
    let value = flag.value.map(|value| format!(" {value}"));
    both.join(", ") + &value.unwrap_or_default()
}
