//! Every mistake a text can have, with its exact words, place and remedy.

use sockeye_script::template::{Dialect, Template};

/// A wrong text, what is said about it, the part that is meant, and what to write instead (empty if nothing).
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Texts in MockForge's dialect.
const HOLES: &[Row] = &[
    (
        "{{rand.itn 1 5}}",
        "unknown name `rand.itn`",
        "rand.itn",
        "did you mean `rand.int`?",
    ),
    (
        "{{fakr.email}}",
        "unknown name `fakr`",
        "fakr",
        "did you mean `fake`?",
    ),
    (
        "{{message.id",
        "`{{` is never closed",
        "{{",
        "add `}}`, or write `\\{{` for the characters themselves",
    ),
    (
        "a {{message.id and {{message.b}}",
        "`{{` is never closed",
        "{{",
        "add `}}`, or write `\\{{` for the characters themselves",
    ),
    (
        "{{upper \"a}}",
        "the quote is never closed",
        "\"",
        "close it before `}}`",
    ),
    (
        "{% if message.a",
        "`{%` is never closed",
        "{%",
        "add `%}`, or write `\\{%` for the characters themselves",
    ),
    (
        "{{}}",
        "the hole is empty",
        "{{}}",
        "name a value or a helper, such as `{{message}}` or `{{uuid}}`",
    ),
    (
        "{{   }}",
        "the hole is empty",
        "{{   }}",
        "name a value or a helper, such as `{{message}}` or `{{uuid}}`",
    ),
    (
        "{{{message}}}",
        "`{{{` is Handlebars",
        "{{{",
        "values are never escaped for HTML here, so write `{{…}}`",
    ),
    (
        "{{#if message.a}}x{{/if}}",
        "`{{#if}}` is Handlebars",
        "#if",
        "write `{% if … %}…{% else %}…{% endif %}`",
    ),
    (
        "{{#each message.l}}",
        "`{{#each}}` is Handlebars",
        "#each",
        "write `{% for x in … %}…{% endfor %}`",
    ),
    (
        "{{/if}}",
        "`{{/if}}` is Handlebars",
        "/if",
        "write `{% if … %}…{% else %}…{% endif %}`",
    ),
    (
        "{{else}}",
        "`{{else}}` is Handlebars",
        "else",
        "write `{% if … %}…{% else %}…{% endif %}`",
    ),
    (
        "{{> header}}",
        "`{{>}}` is Handlebars",
        ">",
        "a template cannot include another one",
    ),
    (
        "{{! note}}",
        "`{{!}}` is Handlebars",
        "!",
        "write `{% comment %}…{% endcomment %}`",
    ),
    (
        "{{mesage.id}}",
        "unknown name `mesage`",
        "mesage",
        "did you mean `message`?",
    ),
    (
        "{{frobnicate}}",
        "unknown name `frobnicate`",
        "frobnicate",
        "the values are `message`, `params`, `path`, `query`, `headers`, `match`, `connection`, `state`, `id`, `method`, `sequence`; the manual lists the helpers",
    ),
    (
        "{{uiud}}",
        "unknown name `uiud`",
        "uiud",
        "did you mean `uuid`?",
    ),
    (
        "{{randomInt 1 5}}",
        "unknown name `randomInt`",
        "randomInt",
        "did you mean `random_int`?",
    ),
    (
        "{{env.}}",
        "`env` takes 1 argument, not 0",
        "env.",
        "for example `{{env.API_TOKEN}}`",
    ),
    (
        "{{faker.emial}}",
        "there is no fake `emial`",
        "faker.emial",
        "did you mean `email`?",
    ),
    (
        "{{faker.spaceship}}",
        "there is no fake `spaceship`",
        "faker.spaceship",
        "the kinds are uuid, name, first_name, last_name, title, username, email, password, phone, cell, age, address, street, building_number, city, state, zip, country, country_code, timezone, latitude, longitude, company, industry, catch_phrase, job, url, domain, ip, ipv4, ipv6, mac, user_agent, file, mime_type, version, color, word, words, sentence, paragraph, price, currency, credit_card, boolean, int, float, date",
    ),
    (
        "{{fake message.kind}}",
        "argument 1 of `fake` must be a text in quotes",
        "message.kind",
        "for example `{{faker.email}}`",
    ),
    (
        "{{path-params.x}}",
        "`path-params` is a name of Moclojer files, and this is a MockForge template",
        "path-params",
        "did you mean `path`?",
    ),
    (
        "{{json-params.a}}",
        "`json-params` is a name of Moclojer files, and this is a MockForge template",
        "json-params",
        "did you mean `message`?",
    ),
    (
        "{{random_int 1}}",
        "`random_int` takes 0 or 2 arguments, not 1",
        "random_int 1",
        "for example `{{random_int 1 5}}`",
    ),
    (
        "{{random_int 1 2 3}}",
        "`random_int` takes 0 or 2 arguments, not 3",
        "random_int 1 2 3",
        "for example `{{random_int 1 5}}`",
    ),
    (
        "{{random_int 'a' 5}}",
        "argument 1 of `random_int` must be a whole number",
        "'a'",
        "for example `{{random_int 1 5}}`",
    ),
    (
        "{{random_int 1.5 5}}",
        "argument 1 of `random_int` must be a whole number",
        "1.5",
        "for example `{{random_int 1 5}}`",
    ),
    (
        "{{random_float 0 1 99}}",
        "99 decimals are not possible: from 0 to 15",
        "99",
        "",
    ),
    (
        "{{random_string}}",
        "`random_string` takes 1 argument, not 0",
        "random_string",
        "for example `{{random_string 10}}`",
    ),
    (
        "{{random_string -1}}",
        "a random text cannot have -1 characters: from 0 to 65536",
        "-1",
        "",
    ),
    (
        "{{uuid 4}}",
        "`uuid` takes no argument, not 1",
        "uuid 4",
        "for example `{{uuid}}`",
    ),
    (
        "{{pick}}",
        "`pick` takes at least 1 argument, not 0",
        "pick",
        "for example `{{pick 'red' 'green' 'blue'}}`",
    ),
    (
        "{{pick red green}}",
        "unknown name `red`",
        "red",
        "put text in quotes: `\"red\"`",
    ),
    (
        "{{upper mesage.x}}",
        "unknown name `mesage`",
        "mesage",
        "did you mean `message`?",
    ),
    (
        "{{upper uuid}}",
        "`uuid` is a helper and cannot be an argument",
        "uuid",
        "use a filter, such as `{{uuid|upper}}`, or text in quotes",
    ),
    (
        "{{random_int(1, 5)}}",
        "arguments are not put in parentheses",
        "random_int(1,",
        "write `{{random_int …}}` with blanks between the arguments",
    ),
    (
        "{{math 1 '^' 2}}",
        "argument 2 of `math` must be one of `+`, `-`, `*`, `/`, `%`",
        "'^'",
        "for example `{{math message.price '*' 2}}`",
    ),
    (
        "{{math 1 plus 2}}",
        "unknown name `plus`",
        "plus",
        "put text in quotes: `\"plus\"`",
    ),
    (
        "{{now 'rfc'}}",
        "unknown format of `now`",
        "'rfc'",
        "write 'iso' or 'unix'",
    ),
    (
        "{{now+2y}}",
        "`+2y` is not an offset",
        "+2y",
        "write an amount and one of s, m, h, d, such as `now+2h` or `now-30m`",
    ),
    (
        "{{now+}}",
        "`+` is not an offset",
        "+",
        "write an amount and one of s, m, h, d, such as `now+2h` or `now-30m`",
    ),
    (
        "{{now+9999999d}}",
        "the offset is more than 1000 years",
        "+9999999d",
        "",
    ),
    (
        "{{now-30}}",
        "`-30` is not an offset",
        "-30",
        "write an amount and one of s, m, h, d, such as `now+2h` or `now-30m`",
    ),
    (
        "{{connection_count 'all'}}",
        "`connection_count` counts one path or everything",
        "'all'",
        "write no argument, or \"*\" for the whole server",
    ),
    (
        "{{env message.name}}",
        "argument 1 of `env` must be a text in quotes",
        "message.name",
        "for example `{{env.API_TOKEN}}`",
    ),
    (
        "{{message.id 5}}",
        "`message.id` is a value and takes no argument",
        "5",
        "one hole holds one value: close it with `}}` and open the next one",
    ),
    (
        "{{'text' 5}}",
        "`'text'` is a value and takes no argument",
        "5",
        "one hole holds one value: close it with `}}` and open the next one",
    ),
    (
        "{{message.}}",
        "the path has a `.` without a name after it",
        ".",
        "write a field's name or an index after it",
    ),
    (
        "{{message..id}}",
        "the path has a `.` without a name after it",
        ".",
        "write a field's name or an index after it",
    ),
    (
        "{{message.items[x]}}",
        "`[x]` is not an index",
        "[x]",
        "write `[0]`, counting from 0, or `[\"key\"]`",
    ),
    (
        "{{message.items[0}}",
        "`[0` is not an index",
        "[0",
        "write `[0]`, counting from 0, or `[\"key\"]`",
    ),
    (
        "{{message.items[0]x}}",
        "a step of a path starts with `.` or `[`",
        "x",
        "",
    ),
    (
        "{{message.a(b)}}",
        "`(` cannot stand in a path",
        "(",
        "write a key with other characters as `message[\"the key\"]`",
    ),
    (
        "{{upper 'a'b}}",
        "text follows the closing quote",
        "b",
        "put a blank between two arguments",
    ),
    (
        "{{5apples}}",
        "`5apples` is not a number",
        "5apples",
        "write `\"5apples\"` if it is meant as text",
    ),
    ("{{1e999}}", "1e999 is too large for a number", "1e999", ""),
];

/// Filters, in MockForge's dialect.
const FILTERS: &[Row] = &[
    (
        "{{message|uper}}",
        "unknown filter `uper`",
        "uper",
        "did you mean `upper`?",
    ),
    (
        "{{message|frobnicate}}",
        "unknown filter `frobnicate`",
        "frobnicate",
        "the manual lists all filters",
    ),
    (
        "{{message|}}",
        "a filter's name is missing after `|`",
        "|",
        "write `value|upper`, or leave the `|` out",
    ),
    (
        "{{message|default}}",
        "filter `default` takes 1 argument, not 0",
        "default",
        "its arguments are `substitute`, each after a colon",
    ),
    (
        "{{message|default:a:b}}",
        "filter `default` takes 1 argument, not 2",
        "default:a:b",
        "its arguments are `substitute`, each after a colon",
    ),
    (
        "{{message|take:two}}",
        "argument 1 of filter `take` must be a whole number",
        "two",
        "its arguments are `n`, each after a colon",
    ),
    (
        "{{message|default \"a\"}}",
        "arguments of the filter `default` follow colons",
        "default \"a\"",
        "write `|default:argument`",
    ),
    (
        "{{message|hash:crc32}}",
        "`crc32` is not one of md5, sha, sha256, sha384, sha512",
        "crc32",
        "",
    ),
    (
        "{{message|date:QQ}}",
        "`QQ` means nothing in a date pattern",
        "QQ",
        "",
    ),
    (
        "{{message|date:yyyy:de}}",
        "dates in the language `de` are not known, only in `en`",
        "yyyy:de",
        "",
    ),
    (
        "{{message|number-format:%q}}",
        "`%q` is not a format such as `%.2f`, `%05d` or `%,d`",
        "%q",
        "",
    ),
    (
        "{{message|currency-format:xx}}",
        "money of `xx:` is not known, only of en:US, en:GB, pt:BR, de:DE, es:ES, fr:FR, ja:JP",
        "xx",
        "",
    ),
    (
        "{{message|double-format:1000}}",
        "`1000` decimals are not possible: from 0 to 100",
        "1000",
        "",
    ),
    (
        "{{message|default:@mesage}}",
        "unknown name `mesage`",
        "mesage",
        "did you mean `message`?",
    ),
];

/// Texts in Moclojer's dialect.
const MOCLOJER: &[Row] = &[
    (
        "{{params.id}}",
        "`params` is a name of MockForge files, and this is a Moclojer template",
        "params",
        "did you mean `json-params.params`?",
    ),
    (
        "{{state.count}}",
        "`state` is a name of MockForge files, and this is a Moclojer template",
        "state",
        "there is no such value in Moclojer files",
    ),
    (
        "{{query.token}}",
        "`query` is a name of MockForge files, and this is a Moclojer template",
        "query",
        "did you mean `query-params`?",
    ),
    (
        "{{headers.host}}",
        "`headers` is a name of MockForge files, and this is a Moclojer template",
        "headers",
        "did you mean `header-params`?",
    ),
    (
        "{{id}}",
        "`id` is a name of MockForge files, and this is a Moclojer template",
        "id",
        "did you mean `json-params.id`?",
    ),
    (
        "{{forloop.counter}}",
        "unknown name `forloop`",
        "forloop",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    ("{# never closed", "`{#` is never closed", "{#", "add `#}`"),
];

/// Tags, in Moclojer's dialect.
const TAGS: &[Row] = &[
    (
        "{%  %}",
        "the tag is empty",
        "{%  %}",
        "write `{% if … %}` or another tag",
    ),
    (
        "{% fi message %}{% endif %}",
        "unknown tag `fi`",
        "fi",
        "the manual lists all tags",
    ),
    (
        "{% include \"x.html\" %}",
        "the tag `include` is not supported",
        "include",
        "a template reads no other file",
    ),
    (
        "{% extends \"x.html\" %}",
        "the tag `extends` is not supported",
        "extends",
        "a template cannot inherit from another one",
    ),
    (
        "{% block a %}{% endblock %}",
        "the tag `block` is not supported",
        "block",
        "a template cannot inherit from another one",
    ),
    (
        "{% script \"/a.js\" %}",
        "the tag `script` is not supported",
        "script",
        "a template writes no web page",
    ),
    (
        "{% debug %}",
        "the tag `debug` is not supported",
        "debug",
        "a template shows only the values it names",
    ),
    (
        "{% if %}x{% endif %}",
        "`{% if %}` needs a condition",
        "if",
        "write `{% if message.type = \"a\" %}`",
    ),
    (
        "{% if message %}x",
        "`{% if %}` is never closed",
        "{% if message %}",
        "add `{% endif %}`",
    ),
    (
        "{% if message %}x{% endfor %}",
        "`{% endfor %}` closes nothing",
        "{% endfor %}",
        "`{% endif %}` must come first",
    ),
    (
        "{% endif %}",
        "`{% endif %}` closes nothing",
        "{% endif %}",
        "there is no `{% if %}` before it",
    ),
    (
        "{% else %}",
        "`{% else %}` does not belong here",
        "{% else %}",
        "it needs `{% if … %}` or `{% ifequal … %}` or `{% ifunequal … %}` before it",
    ),
    (
        "{% elif message %}",
        "`{% elif %}` does not belong here",
        "{% elif message %}",
        "it needs `{% if … %}` before it",
    ),
    (
        "{% empty %}",
        "`{% empty %}` does not belong here",
        "{% empty %}",
        "it needs `{% for … %}` before it",
    ),
    (
        "{% if message %}{% else %}{% else %}{% endif %}",
        "`{% else %}` does not belong here",
        "{% else %}",
        "the last branch of `{% if %}` has already begun",
    ),
    (
        "{% for x in message.l %}{% else %}{% endfor %}",
        "`{% else %}` does not belong here",
        "{% else %}",
        "the branch of a `for` without items is `{% empty %}`",
    ),
    (
        "{% for x in message.l %}{% if x %}{% endfor %}{% endif %}",
        "`{% endfor %}` closes nothing",
        "{% endfor %}",
        "`{% endif %}` must come first",
    ),
    (
        "{% if message and %}x{% endif %}",
        "a condition is missing beside `and` or `or`",
        "message and",
        "",
    ),
    (
        "{% if message plus 5 %}x{% endif %}",
        "`plus` is not a comparison",
        "plus",
        "compare with =, !=, <, <=, >, >= or in; join with and, or",
    ),
    (
        "{% if message = 5 = 6 %}x{% endif %}",
        "`=` compares two values",
        "message = 5 = 6",
        "join several comparisons with `and` or `or`, and put text with blanks in quotes",
    ),
    (
        "{% if unknown = 5 %}x{% endif %}",
        "unknown name `unknown`",
        "unknown",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    (
        "{% ifequal message %}x{% endifequal %}",
        "`{% ifequal %}` takes at least 2 values, not 1",
        "{% ifequal message %}",
        "write `{% ifequal a \"b\" %}`",
    ),
    (
        "{% for x of message.l %}{% endfor %}",
        "`{% for %}` needs a variable, `in` and a list",
        "{% for x of message.l %}",
        "write `{% for item in message.items %}`",
    ),
    (
        "{% for in message.l %}{% endfor %}",
        "`{% for %}` needs a variable, `in` and a list",
        "{% for in message.l %}",
        "write `{% for item in message.items %}`",
    ),
    (
        "{% for 1x in message.l %}{% endfor %}",
        "`1x` cannot be a variable's name",
        "1x",
        "a name has letters, digits, `_` and `-`, and starts with a letter",
    ),
    (
        "{% for x in items %}{% endfor %}",
        "unknown name `items`",
        "items",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    (
        "{% for x in message.l %}{{y}}{% endfor %}",
        "unknown name `y`",
        "y",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    (
        "{% for x in message.l %}{% endfor %}{{x}}",
        "unknown name `x`",
        "x",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    (
        "{% for x in message.l %}{{forloop.conter}}{% endfor %}",
        "unknown name `forloop.conter`",
        "forloop.conter",
        "did you mean `counter`?",
    ),
    (
        "{% for x in message.l %}{{forloop}}{% endfor %}",
        "unknown name `forloop`",
        "forloop",
        "`forloop` has counter, counter0, revcounter, revcounter0, first, last, length",
    ),
    (
        "{% with %}{% endwith %}",
        "`{% with %}` needs names with values",
        "{% with %}",
        "write `{% with total=message.total %}`",
    ),
    (
        "{% with a %}{% endwith %}",
        "`{% with %}` needs names with values",
        "{% with a %}",
        "write `{% with total=message.total %}`",
    ),
    (
        "{% with a=message.x %}",
        "`{% with %}` is never closed",
        "{% with a=message.x %}",
        "add `{% endwith %}`",
    ),
    (
        "{% with a=message.x %}{{b}}{% endwith %}",
        "unknown name `b`",
        "b",
        "the values are `path-params`, `query-params`, `header-params`, `json-params`, `message`, `match`; the manual lists the helpers",
    ),
    (
        "{% cycle %}",
        "`{% cycle %}` needs at least 1 text",
        "{% cycle %}",
        "write `{% cycle \"odd\" \"even\" %}`",
    ),
    (
        "{% firstof %}",
        "`{% firstof %}` needs at least 1 value",
        "{% firstof %}",
        "write `{% firstof a b %}`",
    ),
    (
        "{% sum %}",
        "`{% sum %}` needs at least 1 value",
        "{% sum %}",
        "write `{% sum a b %}`",
    ),
    (
        "{% now %}",
        "`{% now %}` needs a date pattern",
        "now",
        "write `{% now yyyy-MM-dd %}`, or `{{now}}` for the instant",
    ),
    (
        "{% now QQQ %}",
        "`QQQ` means nothing in a date pattern",
        "QQQ",
        "",
    ),
    (
        "{% now yyyy 'T %}",
        "the quote is never closed",
        "'",
        "close it before `%}`",
    ),
    (
        "{% comment %} never closed",
        "`{% comment %}` is never closed",
        "{% comment %}",
        "add `{% endcomment %}`",
    ),
    (
        "{% verbatim %} never closed",
        "`{% verbatim %}` is never closed",
        "{% verbatim %}",
        "add `{% endverbatim %}`",
    ),
    (
        "{% endcomment %}",
        "`{% endcomment %}` closes nothing",
        "{% endcomment %}",
        "there is no `{% comment %}` before it",
    ),
];

fn check(rows: &[Row], dialect: Dialect) {
    for (text, message, part, remedy) in rows {
        let mistake = Template::parse(text, dialect).expect_err(text);
        assert_eq!(mistake.message, *message, "{text}");
        assert_eq!(mistake.to_string(), *message, "{text}");
        assert_eq!(text.get(mistake.span), Some(*part), "{text}");
        assert_eq!(mistake.remedy.unwrap_or_default(), *remedy, "{text}");
    }
}

#[test]
fn holes() {
    check(HOLES, Dialect::MockForge);
}

#[test]
fn filters() {
    check(FILTERS, Dialect::MockForge);
}

#[test]
fn names_of_the_other_dialect() {
    check(MOCLOJER, Dialect::Moclojer);
}

#[test]
fn tags() {
    check(TAGS, Dialect::Moclojer);
}

#[test]
fn spans_are_bytes_of_the_whole_text() {
    let span = |text: &str| {
        Template::parse(text, Dialect::MockForge)
            .expect_err(text)
            .span
    };
    assert_eq!(span("é {{message.id}} {{ mesage.id }}"), 21..27);
    assert_eq!(span("{{message.id|default:a|uper}}"), 23..27);
    assert_eq!(
        span("{% if message.a = 1 and mesage.b = 2 %}{% endif %}"),
        24..30
    );
    assert_eq!(span("{{message}} {{"), 12..14);
    assert_eq!(span("{% if a|b %}"), 6..7);
    assert_eq!(span("x{% endif %}"), 1..12);
    assert_eq!(span("{{pick 'a' 'b' c}}"), 15..16);
    assert_eq!(span("{{message.a.b..c}}"), 13..14);
}
