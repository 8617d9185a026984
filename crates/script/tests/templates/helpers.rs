//! Every helper and every alias.

use serde_json::{Value, json};
use sockeye_script::template::{Dialect, helpers};

use crate::world::{mockforge, moclojer, try_text, value};

#[test]
fn every_example_of_the_table_renders_in_both_dialects() {
    let message = json!({"name": " Ann ", "id": 7, "token": "YWJj", "price": 2, "password": "x"});
    for helper in helpers() {
        assert!(
            try_text(helper.example, Dialect::MockForge, message.clone()).is_ok(),
            "{}",
            helper.example
        );
        try_text(helper.example, Dialect::Moclojer, message.clone()).unwrap();
    }
}

#[test]
fn instants() {
    let table = [
        ("{{now}}", json!("2024-01-15T10:30:00.123Z")),
        ("{{ now }}", json!("2024-01-15T10:30:00.123Z")),
        ("{{now 'iso'}}", json!("2024-01-15T10:30:00.123Z")),
        ("{{now 'unix'}}", json!(1_705_314_600)),
        ("{{now+2h}}", json!("2024-01-15T12:30:00.123Z")),
        ("{{ now - 30 m }}", json!("2024-01-15T10:00:00.123Z")),
        ("{{now-30m}}", json!("2024-01-15T10:00:00.123Z")),
        ("{{now +1d 'unix'}}", json!(1_705_401_000)),
        ("{{now+90s}}", json!("2024-01-15T10:31:30.123Z")),
        ("{{date}}", json!("2024-01-15")),
        ("{{time}}", json!("10:30:00")),
        ("{{timestamp}}", json!(1_705_314_600_123_i64)),
    ];
    for (text, expected) in table {
        assert_eq!(value(text, Value::Null), expected, "{text}");
    }
}

#[test]
fn identifiers_are_version_4_and_new_every_time() {
    let text = mockforge("{{uuid}} {{uuid}}", Value::Null);
    let (first, second) = text.split_once(' ').unwrap();
    assert_ne!(first, second);
    for id in [first, second] {
        assert_eq!(id.len(), 36);
        let letters: Vec<char> = id.chars().collect();
        assert!([8, 13, 18, 23].iter().all(|at| letters[*at] == '-'), "{id}");
        assert_eq!(letters[14], '4', "{id}");
        assert!("89ab".contains(letters[19]), "{id}");
        assert!(id.chars().all(|letter| letter == '-'
            || letter.is_ascii_digit()
            || ('a'..='f').contains(&letter)));
    }
}

/// The numbers of a template of many equal holes.
fn many(hole: &str) -> Vec<f64> {
    let text = format!("[{}]", vec![hole; 300].join(","));
    serde_json::from_str(&mockforge(&text, json!({"low": "-2", "high": 2}))).unwrap()
}

#[test]
fn random_whole_numbers_include_both_ends_in_any_order() {
    for hole in [
        "{{random_int -2 2}}",
        "{{randInt 2 -2}}",
        "{{rand.int message.low message.high}}",
    ] {
        let mut drawn = many(hole);
        drawn.sort_by(f64::total_cmp);
        drawn.dedup();
        assert_eq!(drawn, [-2.0, -1.0, 0.0, 1.0, 2.0], "{hole}");
    }
    assert!(
        many("{{rand.int}}")
            .iter()
            .all(|number| (0.0..=1_000_000.0).contains(number))
    );
}

#[test]
fn random_fractions_stay_below_their_end() {
    let within = |hole: &str, low: f64, high: f64| {
        let drawn = many(hole);
        assert!(
            drawn.iter().all(|number| (low..high).contains(number)),
            "{hole}"
        );
        assert!(
            drawn
                .iter()
                .any(|number| *number < low + (high - low) / 4.0),
            "{hole}"
        );
        assert!(
            drawn
                .iter()
                .any(|number| *number > high - (high - low) / 4.0),
            "{hole}"
        );
        drawn
    };
    let decimals = |number: &f64| {
        number
            .to_string()
            .split_once('.')
            .map_or(0, |(_, digits)| digits.len())
    };
    assert!(
        within("{{random_float 40000 50000}}", 40_000.0, 50_000.0)
            .iter()
            .all(|n| decimals(n) <= 6)
    );
    assert!(
        within("{{random_float 1 -1 2}}", -1.0, 1.0)
            .iter()
            .all(|n| decimals(n) <= 2)
    );
    let wide = within("{{random_float -1e308 1e308}}", -1e308, 1e308);
    assert!(wide.iter().any(|n| *n > 0.0) && wide.iter().any(|n| *n < 0.0));
    within("{{rand.float}}", 0.0, 1.0);
    within("{{random}}", 0.0, 1.0);
    assert!(value("{{random_float 1 9 0}}", Value::Null).is_i64());
}

#[test]
fn other_random_values() {
    assert!(value("{{random_bool}}", Value::Null).is_boolean());
    let text = mockforge("{{random_string 10}}", Value::Null);
    assert!(
        text.len() == 10 && text.chars().all(|letter| letter.is_ascii_alphanumeric()),
        "{text}"
    );
    assert_eq!(mockforge("<{{random_string 0}}>", Value::Null), "<>");
    let picked: Vec<Value> = (0..40)
        .map(|extra| {
            value(
                &format!("{}{{{{pick 'a' 2 message.x}}}}", " ".repeat(extra)),
                json!({"x": {"y": 1}}),
            )
        })
        .collect();
    assert!(
        picked.iter().all(|value| picked.first() == Some(value)),
        "blanks draw nothing"
    );
    let all: String = mockforge(&"{{pick 'a' 'b' 'c'}}".repeat(60), Value::Null);
    assert!(all.contains('a') && all.contains('b') && all.contains('c'));
}

#[test]
fn counts_and_environment() {
    assert_eq!(value("{{connection_count}}", Value::Null), json!(5));
    assert_eq!(value("{{connection_count \"*\"}}", Value::Null), json!(12));
    assert_eq!(value("{{env.API_TOKEN}}", Value::Null), json!("s3cret"));
    assert_eq!(value("{{env 'API_TOKEN'}}", Value::Null), json!("s3cret"));
    assert_eq!(value("{{env.NOT_SET}}", Value::Null), json!(""));
}

#[test]
fn texts() {
    let message =
        json!({"s": " aB\"é ", "n": 5, "o": {"k": [1]}, "b": "aGnDqQ==", "unpadded": "aGnDqQ"});
    let table = [
        ("{{upper message.s}}", json!(" AB\"É ")),
        ("{{lower message.s}}", json!(" ab\"é ")),
        ("{{trim message.s}}", json!("aB\"é")),
        ("{{upper message.missing}}", json!("")),
        ("{{upper 'literal'}}", json!("LITERAL")),
        ("{{json message.o}}", json!("{\"k\":[1]}")),
        ("{{json message.s}}", json!("\" aB\\\"é \"")),
        ("{{json message.missing}}", json!("null")),
        ("{{string message.n}}", json!("5")),
        ("{{string message.o}}", json!("{\"k\":[1]}")),
        ("{{base64_encode 'hié'}}", json!("aGnDqQ==")),
        ("{{base64_decode message.b}}", json!("hié")),
        ("{{base64_decode message.unpadded}}", json!("hié")),
        (
            "{{sha256 'abc'}}",
            json!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ),
        ("{{default message.n 1}}", json!(5)),
        ("{{default message.missing 'none'}}", json!("none")),
        ("{{default message.missing message.n}}", json!(5)),
        ("{{math message.n '*' 2}}", json!(10)),
        ("{{math message.n + 2.5}}", json!(7.5)),
        ("{{math 7 '/' 2}}", json!(3.5)),
        ("{{math 8 / 2}}", json!(4)),
        ("{{math 7 % 4}}", json!(3)),
        ("{{math 1 - 4}}", json!(-3)),
    ];
    for (text, expected) in table {
        assert_eq!(value(text, message.clone()), expected, "{text}");
    }
}

#[test]
fn fake_data_has_the_shape_of_its_kind() {
    let kinds = "uuid name first_name last_name title username email password phone cell age address street \
                 building_number city state zip country country_code timezone latitude longitude company industry \
                 catch_phrase job url domain ip ipv4 ipv6 mac user_agent file mime_type version color word words \
                 sentence paragraph price currency credit_card boolean int float date";
    for kind in kinds.split_whitespace() {
        let dotted = value(&format!("{{{{faker.{kind}}}}}"), Value::Null);
        assert_eq!(
            value(&format!("{{{{fake '{kind}'}}}}"), Value::Null),
            dotted,
            "{kind}"
        );
        assert_eq!(
            value(&format!("{{{{fake.{kind}}}}}"), Value::Null),
            dotted,
            "{kind}"
        );
        assert!(!dotted.is_null(), "{kind}");
    }
    assert!(mockforge("{{faker.email}}", Value::Null).contains('@'));
    assert!(
        mockforge("{{faker.ip}}", Value::Null)
            .parse::<std::net::Ipv4Addr>()
            .is_ok()
    );
    assert!(
        mockforge("{{faker.ipv6}}", Value::Null)
            .parse::<std::net::Ipv6Addr>()
            .is_ok()
    );
    assert!(mockforge("{{faker.url}}", Value::Null).starts_with("https://"));
    assert!(mockforge("{{faker.color}}", Value::Null).starts_with('#'));
    assert!(value("{{faker.price}}", Value::Null).is_f64());
    assert!(value("{{faker.boolean}}", Value::Null).is_boolean());
    assert_eq!(mockforge("{{faker.date}}", Value::Null).len(), 10);
}

#[test]
fn helpers_work_in_moclojer_texts_and_their_results_can_be_filtered() {
    assert_eq!(
        moclojer(
            "{{math json-params.n '*' 2}} {{now|subs:0:10}}",
            json!({"n": 4})
        ),
        "8 2024-01-15"
    );
    assert_eq!(moclojer("{{uuid|count}}", Value::Null), "36");
    let random: f64 = moclojer("{{random}}", Value::Null).parse().unwrap();
    assert!((0.0..1.0).contains(&random));
}

#[test]
fn values_that_do_not_fit_are_errors_with_their_place_and_value() {
    let table = [
        (
            "{{random_int 1 message.x}}",
            "`random_int`: \"many\" is not a whole number",
        ),
        (
            "{{random_float message.x 1}}",
            "`random_float`: \"many\" is not a number",
        ),
        (
            "{{random_float 0 1 message.n}}",
            "`random_float`: 99 decimals are not possible: from 0 to 15",
        ),
        (
            "{{random_string message.big}}",
            "`random_string`: a random text cannot have 1000000 characters: from 0 to 65536",
        ),
        ("{{math message.x + 1}}", "`math`: \"many\" is not a number"),
        ("{{math 1 / 0}}", "`math`: division by zero"),
        (
            "{{base64_decode '%'}}",
            "`base64_decode`: \"%\" is not a Base64 text",
        ),
        (
            "{{base64_decode '/w=='}}",
            "`base64_decode`: the decoded bytes are not UTF-8",
        ),
    ];
    for (text, expected) in table {
        let message = json!({"x": "many", "n": 99, "big": 1_000_000});
        let error = try_text(text, Dialect::MockForge, message).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}
