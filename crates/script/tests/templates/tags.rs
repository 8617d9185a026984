//! Every tag.

use serde_json::{Value, json};
use sockeye_script::template::{Dialect, tags};

use crate::world::{mockforge, moclojer, try_text};

/// Texts over `message()` and what they give.
const CASES: &[(&str, &str)] = &[
    ("{% if message.t %}a{% endif %}", "a"),
    ("{% if message.no %}a{% else %}b{% endif %}", "b"),
    ("{% if message.zero %}a{% else %}b{% endif %}", "a"),
    ("{% if message.none %}a{% else %}b{% endif %}", "a"),
    ("{% if message.empty %}a{% else %}b{% endif %}", "b"),
    ("{% if message.f %}a{% else %}b{% endif %}", "b"),
    ("{% if not message.no %}a{% endif %}", "a"),
    ("{% if message.type = \"join\" %}a{% endif %}", "a"),
    ("{% if message.type=\"join\" %}a{% endif %}", "a"),
    ("{% if message.type == 'join' %}a{% endif %}", "a"),
    (
        "{% if message.type != \"join\" %}a{% else %}b{% endif %}",
        "b",
    ),
    (
        "{% if message.type = \"x y\" %}a{% elif message.type = \"join\" %}b{% else %}c{% endif %}",
        "b",
    ),
    ("{% if message.five = 5 %}a{% endif %}", "a"),
    ("{% if message.five = 5.0 %}a{% endif %}", "a"),
    ("{% if message.text5 = 5 %}a{% endif %}", "a"),
    (
        "{% if message.five > 4 %}a{% endif %}{% if message.five <= 4 %}b{% endif %}",
        "a",
    ),
    (
        "{% if message.five >= 5 %}a{% endif %}{% if 4 < message.five %}b{% endif %}",
        "ab",
    ),
    ("{% if message.no > 1 %}a{% else %}b{% endif %}", "b"),
    ("{% if message.no = null %}a{% endif %}", "a"),
    ("{% if any message.no message.t %}a{% endif %}", "a"),
    (
        "{% if all message.no message.t %}a{% else %}b{% endif %}",
        "b",
    ),
    ("{% if not any message.no message.f %}a{% endif %}", "a"),
    ("{% if message.t and message.five = 5 %}a{% endif %}", "a"),
    (
        "{% if message.no and message.t or message.five %}a{% endif %}",
        "a",
    ),
    (
        "{% if 2 in message.l %}a{% endif %}{% if 9 in message.l %}b{% endif %}",
        "a",
    ),
    (
        "{% if \"oi\" in message.type %}a{% endif %}{% if \"k\" in message.o %}b{% endif %}",
        "ab",
    ),
    ("{% if message.l|count > 2 %}a{% endif %}", "a"),
    ("{% if message.l|count-is:3 %}a{% endif %}", "a"),
    ("{% if query-params.token = \"abc\" %}in{% endif %}", "in"),
    ("{% ifequal message.type \"join\" %}a{% endifequal %}", "a"),
    (
        "{% ifequal message.type \"x\" %}a{% else %}b{% endifequal %}",
        "b",
    ),
    ("{% ifequal 1 1.0 \"1\" %}a{% endifequal %}", "a"),
    (
        "{% ifunequal message.type \"x\" %}a{% else %}b{% endifunequal %}",
        "a",
    ),
    ("{% for x in message.l %}{{x}},{% endfor %}", "1,2,3,"),
    (
        "{% for x in message.l %}{{x}}{% empty %}none{% endfor %}",
        "123",
    ),
    (
        "{% for x in message.none %}{{x}}{% empty %}none{% endfor %}",
        "none",
    ),
    (
        "{% for x in message.no %}{{x}}{% empty %}none{% endfor %}",
        "none",
    ),
    ("{% for x in message.l|drop:1 %}{{x}}{% endfor %}", "23"),
    (
        "{% for k, v in message.o %}{{k}}={{v}};{% endfor %}",
        "k=v;z=1;",
    ),
    (
        "{% for a,b in message.pairs %}{{a}}-{{b}} {% endfor %}",
        "1-2 3- ",
    ),
    ("{% for x in message.o %}{{x.0}}{% endfor %}", "kz"),
    ("{% for c in message.type %}{{c}}.{% endfor %}", "j.o.i.n."),
    (
        "{% for x in message.objs %}{{x.a.b|upper}}{{x.list[1]}}{% endfor %}",
        "Q8",
    ),
    (
        "{% for user-id in message.l %}{{user-id}}{% endfor %}",
        "123",
    ),
    (
        "{% for message in message.l %}{{message}}{% endfor %}{{message.five}}",
        "1235",
    ),
    (
        "{% for x in message.l %}{{forloop.counter}}{{forloop.counter0}}{{forloop.revcounter}}{{forloop.revcounter0}}{{forloop.length}}{% if forloop.first %}f{% endif %}{% if forloop.last %}l{% endif %} {% endfor %}",
        "10233f 21123 32013l ",
    ),
    (
        "{% for x in message.l %}{% for y in message.l %}{{forloop.counter}}{% endfor %}:{{forloop.counter}} {% endfor %}",
        "123:1 123:2 123:3 ",
    ),
    (
        "{% with a=message.five b=\"x y\" %}{{a}}{{b}}{% endwith %}",
        "5x y",
    ),
    (
        "{% with a=message.l|count b=a %}{{b|add:1}}{% endwith %}",
        "4",
    ),
    (
        "{% for x in message.l %}{% with n=forloop.counter %}{{n}}{% endwith %}{% endfor %}",
        "123",
    ),
    (
        "{% for x in message.l %}{% cycle odd \"even\" %} {% endfor %}",
        "odd even odd ",
    ),
    ("{% cycle a b %}{% cycle a b %}", "aa"),
    (
        "{% firstof message.no message.empty message.type %}",
        "join",
    ),
    ("{% firstof message.no %}", ""),
    ("{% sum message.five 2 message.no %}", "7"),
    ("{% now yyyy-MM-dd %}", "2024-01-15"),
    ("{% now \"yyyy MMM d, HH:mm\" %}", "2024 Jan 15, 10:30"),
    ("{% now yyyy-MM-dd'T'HH %}", "2024-01-15T10"),
    ("a{% comment %}{{ nothing {% endcomment %}b{# c #}d", "abd"),
    (
        "{% verbatim %}{{x}}{% if %}{% endverbatim %}",
        "{{x}}{% if %}",
    ),
    (
        "{% safe %}{{message.html}}{% endsafe %}{{message.html}}",
        "<b>&\"<b>&\"",
    ),
];

fn message() -> Value {
    json!({
        "t": true, "f": false, "zero": 0, "none": [], "empty": "", "type": "join", "five": 5, "text5": "5",
        "l": [1, 2, 3], "o": {"k": "v", "z": 1}, "pairs": [[1, 2], [3]], "html": "<b>&\"",
        "objs": [{"a": {"b": "q"}, "list": [7, 8]}],
    })
}

#[test]
fn every_case_gives_its_text() {
    for (text, expected) in CASES {
        assert_eq!(moclojer(text, message()), *expected, "{text}");
    }
}

#[test]
fn tags_work_in_mockforge_texts_too() {
    let text = "{% if state.count > 2 %}{% for x in message.l %}{{x}}{% endfor %}{% endif %}";
    assert_eq!(mockforge(text, message()), "123");
}

#[test]
fn every_tag_of_the_table_has_a_case() {
    for tag in tags() {
        let start = format!("{{% {}", tag.name);
        assert!(
            CASES.iter().any(|(text, _)| text.contains(&start)),
            "{}",
            tag.name
        );
    }
}

#[test]
fn helpers_inside_tags_see_loop_variables_and_draw_anew() {
    let text = "{% for x in message.l %}{{math x '*' 10}} {% endfor %}";
    assert_eq!(moclojer(text, message()), "10 20 30 ");
    let text = "{% for x in message.l %}{{uuid}} {% endfor %}";
    let rendered = moclojer(text, message());
    let ids: std::collections::HashSet<_> = rendered.split_whitespace().collect();
    assert_eq!(ids.len(), 3);
    let text = "{% if message.t %}{{env.API_TOKEN}}{{env.NO}} {{connection_count}} {{connection_count \"*\"}} {{now+1h}}{% endif %}";
    assert_eq!(
        moclojer(text, message()),
        "s3cret 5 12 2024-01-15T11:30:00.123Z"
    );
    assert_eq!(
        moclojer(
            "{% for x in message.l %}{{pick x x}}{{default x.no 'd'}}{% endfor %}",
            message()
        ),
        "1d2d3d"
    );
}

#[test]
fn literal_text_is_never_taken_for_the_engines_own_syntax() {
    let text = "{# gone #}\\{{a}} \\{% raw %} \"quoted\" \\n {% if message.t %}'{{message.type}}' # {{ \"}}\" }}{% endif %}\n";
    assert_eq!(
        moclojer(text, message()),
        "{{a}} {% raw %} \"quoted\" \\n 'join' # }}\n"
    );
}

#[test]
fn errors_inside_tags_keep_their_text() {
    let error = try_text(
        "{% for x in message.o %}{{math x + 1}}{% endfor %}",
        Dialect::Moclojer,
        message(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`math`: \"[\\\"k\\\",\\\"v\\\"]\" is not a number"
    );
    let error = try_text("{% sum message.type %}", Dialect::Moclojer, message()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the tags could not be evaluated: `sum`: \"join\" is not a number"
    );
}
