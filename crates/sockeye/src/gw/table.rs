//! Every command and every option stands here, one row each: by these rows lines are read and help is printed.

/// An option of the program or of a command.
#[derive(Debug)]
pub(super) struct Opt {
    /// Its names, the one of the table's own use first.
    pub(super) names: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) is_required: bool,
    /// What holds without it, as help shows it.
    pub(super) default: &'static str,
    pub(super) about: &'static str,
}

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing. Said twice it is off again.
    Flag,
    /// `true` or `false`, in any case.
    Truth,
    /// A text, which is called so.
    Text(&'static str),
    /// A whole number of 32 bits.
    Integer(&'static str),
    /// A whole number of 64 bits.
    Long(&'static str),
    /// Texts that are called so, as often as wanted.
    Texts(&'static [&'static str]),
}

impl Opt {
    /// How it is written: `--model FILE GENERATOR`.
    pub(super) fn form(&self, name: &str) -> String {
        match self.kind {
            Kind::Flag => name.to_owned(),
            Kind::Truth => format!("{name} true"),
            Kind::Text(value) | Kind::Integer(value) | Kind::Long(value) => {
                format!("{name} {value}")
            }
            Kind::Texts(values) => format!("{name} {}", values.join(" ")),
        }
    }
}

/// A command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// In the order of their names, which is the order of help.
    pub(super) options: &'static [Opt],
}

const fn opt(
    names: &'static [&'static str],
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Opt {
    Opt {
        names,
        kind,
        is_required: false,
        default,
        about,
    }
}

const fn required(names: &'static [&'static str], kind: Kind, about: &'static str) -> Opt {
    Opt {
        names,
        kind,
        is_required: true,
        default: "",
        about,
    }
}

const BLOCKED: Opt = opt(
    &["--blocked", "-b"],
    Kind::Truth,
    "true",
    "Whether elements marked BLOCKED are left out, with the edges of such vertices.",
);

const WALKED: Opt = opt(
    &["--model", "-m"],
    Kind::Texts(&["FILE", "GENERATOR"]),
    "[]",
    "A file with models (GraphML, JSON or DOT) and the generator of its first model, such as \
     \"random(edge_coverage(100))\". May be given several times.",
);

const READ: Opt = required(
    &["--model", "-m"],
    Kind::Texts(&["FILE"]),
    "A file with models (GraphML, JSON or DOT). May be given several times.",
);

const START: Opt = opt(
    &["--start-element", "-e"],
    Kind::Text("NAME"),
    "",
    "The name of the element where the first model begins.",
);

const UNVISITED: Opt = opt(
    &["--unvisited", "-u"],
    Kind::Flag,
    "false",
    "Also says which elements of the model were not visited.",
);

const VERBOSE: Opt = opt(
    &["--verbose", "-o"],
    Kind::Flag,
    "false",
    "Also says model, id, variables, properties and actions.",
);

/// What may stand before a command.
pub(super) const GLOBAL: &[Opt] = &[
    opt(
        &["--debug", "-d"],
        Kind::Text("LEVEL"),
        "OFF",
        "What is logged, to standard error: OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL.",
    ),
    opt(&["--help", "-h"], Kind::Flag, "", "Shows this."),
    opt(
        &["--version", "-v"],
        Kind::Flag,
        "",
        "Shows which version of the reference is followed, and whose program this is.",
    ),
];

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "offline",
        about: "Walks through models and prints each step as a line of JSON.",
        options: &[
            BLOCKED,
            opt(
                &["--gw", "-g", "--gw3"],
                Kind::Text("FILE"),
                "",
                "A JSON file whose models have generators of their own. Not used together with --model. Lines are \
                 printed after the actions of their element have run; with --model before.",
            ),
            WALKED,
            opt(
                &["--paths"],
                Kind::Long("NUMBER"),
                "",
                "Walks so many times, each time from the start with another seed; lines get the number of their path.",
            ),
            opt(
                &["--seed", "-d"],
                Kind::Long("NUMBER"),
                "0",
                "Where the random numbers begin: the same seed gives the same walk. 0 takes the seed of the file, or \
                 another one each time.",
            ),
            START,
            opt(
                &["--steps"],
                Kind::Long("NUMBER"),
                "0",
                "Ends after so many steps, whatever the generator says. 0 is no limit.",
            ),
            opt(
                &["--suite"],
                Kind::Flag,
                "false",
                "Walks in as few paths as cover all edges, whatever the generators say; lines get the number of their \
                 path.",
            ),
            opt(
                &["--time"],
                Kind::Long("SECONDS"),
                "0",
                "Ends after so many seconds, whatever the generator says. 0 is no limit.",
            ),
            UNVISITED,
            VERBOSE,
        ],
    },
    Command {
        name: "online",
        about: "Serves walks to programs, by WebSocket or by REST.",
        options: &[
            BLOCKED,
            opt(
                &["--bug-compatible"],
                Kind::Flag,
                "false",
                "Repeats faults of the reference that ours does not have.",
            ),
            opt(
                &["--host"],
                Kind::Text("ADDRESS"),
                "127.0.0.1",
                "The address to listen on.",
            ),
            WALKED,
            opt(
                &["--port", "-p"],
                Kind::Integer("NUMBER"),
                "8887",
                "The port to listen on, 0 for any.",
            ),
            opt(
                &["--protocol"],
                Kind::Text("NAME"),
                "auto",
                "The generation of the WebSocket protocol: auto, 3.2, 3.3, 3.4, 4.2, 4.3 or rs.",
            ),
            opt(
                &["--seed"],
                Kind::Long("NUMBER"),
                "0",
                "Where the random numbers of each machine begin, unless its models say. 0 is another one each time.",
            ),
            opt(
                &["--service", "-s"],
                Kind::Text("NAME"),
                "WEBSOCKET",
                "WEBSOCKET or RESTFUL.",
            ),
            START,
            opt(
                &["--strict-silence"],
                Kind::Flag,
                "false",
                "Does not answer what the reference does not answer.",
            ),
            UNVISITED,
            VERBOSE,
        ],
    },
    Command {
        name: "methods",
        about: "Prints the names of all vertices and edges, each once, sorted.",
        options: &[BLOCKED, READ],
    },
    Command {
        name: "requirements",
        about: "Prints all requirements, each once, sorted.",
        options: &[BLOCKED, READ],
    },
    Command {
        name: "convert",
        about: "Prints models in another format.",
        options: &[
            BLOCKED,
            opt(
                &["--format", "-f"],
                Kind::Text("FORMAT"),
                "JSON",
                "JSON, GRAPHML, DOT or JAVA.",
            ),
            required(
                &["--input", "-i"],
                Kind::Text("FILE"),
                "The file with models to convert.",
            ),
        ],
    },
    Command {
        name: "source",
        about: "Prints source code made from models and a template.",
        options: &[
            BLOCKED,
            required(
                &["--input", "-i"],
                Kind::Texts(&["FILE", "TEMPLATE"]),
                "A file with models, and a template: HEADER<{{ … }}>HEADER, a body with {LABEL}, FOOTER<{{ … }}>FOOTER.",
            ),
        ],
    },
    Command {
        name: "check",
        about: "Says what is wrong with models, or will not work.",
        options: &[
            BLOCKED,
            opt(
                &["--json"],
                Kind::Flag,
                "false",
                "Prints JSON, with the place of each issue.",
            ),
            WALKED,
        ],
    },
];
