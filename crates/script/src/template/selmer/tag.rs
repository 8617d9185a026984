//! The table of Selmer's tags: those that work, and why the others do not.

/// A tag of the template language.
#[derive(Debug)]
pub struct Tag {
    /// The word after `{%`.
    pub name: &'static str,
    /// The whole construct for people.
    pub form: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
}

/// All tags, in the order of the manual.
static TAGS: &[Tag] = &[
    Tag {
        name: "if",
        form: "{% if condition %}…{% elif condition %}…{% else %}…{% endif %}",
        doc: "Chooses a branch by `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not`, `and`, `or`, `any a b`, `all a b`; \
              false are only nothing, `false` and an empty text.",
    },
    Tag {
        name: "ifequal",
        form: "{% ifequal a b %}…{% else %}…{% endifequal %}",
        doc: "Chooses the first branch if all values are equal.",
    },
    Tag {
        name: "ifunequal",
        form: "{% ifunequal a b %}…{% else %}…{% endifunequal %}",
        doc: "Chooses the first branch unless all values are equal.",
    },
    Tag {
        name: "for",
        form: "{% for item in list %}…{% empty %}…{% endfor %}",
        doc: "Repeats for each item; `for k, v in object` for each field; `forloop` has counter, counter0, \
              revcounter, revcounter0, first, last and length.",
    },
    Tag {
        name: "with",
        form: "{% with name=value %}…{% endwith %}",
        doc: "Names values for its body.",
    },
    Tag {
        name: "cycle",
        form: "{% cycle a b %}",
        doc: "Writes its arguments in turn, one each time it is reached.",
    },
    Tag {
        name: "firstof",
        form: "{% firstof a b %}",
        doc: "Writes the first value that an `if` would take.",
    },
    Tag {
        name: "sum",
        form: "{% sum a b %}",
        doc: "Writes the sum of its values.",
    },
    Tag {
        name: "now",
        form: "{% now yyyy-MM-dd %}",
        doc: "Writes the current instant in a date pattern, in UTC.",
    },
    Tag {
        name: "comment",
        form: "{% comment %}…{% endcomment %}",
        doc: "Writes nothing.",
    },
    Tag {
        name: "verbatim",
        form: "{% verbatim %}…{% endverbatim %}",
        doc: "Writes its body as it stands.",
    },
    Tag {
        name: "safe",
        form: "{% safe %}…{% endsafe %}",
        doc: "Means nothing: values are never escaped for HTML.",
    },
];

/// Tags of Selmer that are mistakes here, each with the reason.
const REFUSED: &[(&str, &str)] = &[
    ("block", "a template cannot inherit from another one"),
    ("endblock", "a template cannot inherit from another one"),
    ("extends", "a template cannot inherit from another one"),
    ("include", "a template reads no other file"),
    ("script", "a template writes no web page"),
    ("style", "a template writes no web page"),
    ("debug", "a template shows only the values it names"),
];

/// All tags, for the manual.
pub fn tags() -> &'static [Tag] {
    TAGS
}

/// Why the tag `name` of Selmer does not work here, if it is one of those.
pub(super) fn refusal(name: &str) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(refused, _)| *refused == name)
        .map(|(_, reason)| *reason)
}

/// Every word that may follow `{%`, for suggestions.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    const INNER: &[&str] = &[
        "elif",
        "else",
        "empty",
        "endif",
        "endifequal",
        "endifunequal",
        "endfor",
        "endwith",
        "endsafe",
    ];
    TAGS.iter().map(|tag| tag.name).chain(INNER.iter().copied())
}
