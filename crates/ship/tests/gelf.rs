//! GELF as the HTTP output of the reference writes it, quirk by quirk, and what ours makes of the same records.

use sockeye_ship::format::{Compat, Encoded, GelfKeys, Kind, Settings};
use sockeye_ship::json::{Rules, append_value};
use sockeye_ship::record::{Time, append_record};

const TIME: Time = Time {
    seconds: 1_700_000_000,
    nanos: 123_456_789,
};

fn encoded(gelf: GelfKeys, compat: Compat, bodies: &[&[u8]]) -> (String, Encoded) {
    let mut records = Vec::new();
    for body in bodies {
        append_record(&mut records, TIME, &[0x80], body);
    }
    let settings = Settings {
        kind: Kind::Gelf,
        compat,
        gelf,
        ..Settings::default()
    };
    let mut out = Vec::new();
    let encoded = settings.build().encode(&records, &mut out);
    (String::from_utf8(out).unwrap(), encoded)
}

fn packed(json: &str) -> Vec<u8> {
    let mut body = Vec::new();
    append_value(json.as_bytes(), Rules::STRICT, &mut body).unwrap();
    body
}

/// The one message of a record, in the reference's bytes and in ours.
fn both(json: &str) -> [String; 2] {
    [Compat::FluentBit, Compat::None].map(|compat| {
        let (text, encoded) = encoded(GelfKeys::default(), compat, &[&packed(json)]);
        assert_eq!(
            (encoded.written, encoded.refused),
            (1, 0),
            "{json}: {encoded:?}"
        );
        text
    })
}

#[test]
fn b12_records_that_both_write_alike() {
    let table = [
        (
            r#"{"short_message":"hello"}"#,
            r#"{"version":"1.1", "short_message":"hello", "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":"a","short_message":"b"}"#,
            r#"{"version":"1.1", "short_message":"a", "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":"m","level":"ERR"}"#,
            r#"{"version":"1.1", "short_message":"m", "level":3, "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":"m","level":"7"}"#,
            r#"{"version":"1.1", "short_message":"m", "level":7, "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":"m","level":9}"#,
            r#"{"version":"1.1", "short_message":"m", "level":9, "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":"m","level":"loud"}"#,
            r#"{"version":"1.1", "short_message":"m", "level":"loud", "timestamp":1700000000.123}"#,
        ),
        (
            r#"{"short_message":[1,"a"]}"#,
            r#"{"version":"1.1", "short_message":"1, a", "timestamp":1700000000.123}"#,
        ),
        (
            concat!(
                r#"{"short_message":"hello","sp ace":1,"do.t":2,"da-sh":3,"sl/ash":4,"ünï":5,"q\"":6,"#,
                r#""":7,"A1_b":8,"_lead":9}"#
            ),
            concat!(
                r#"{"version":"1.1", "short_message":"hello", "_sp_ace":1, "_do.t":2, "_da-sh":3, "#,
                r#""_sl_ash":4, "___n__":5, "_q_":6, "_":7, "_A1_b":8, "__lead":9, "timestamp":1700000000.123}"#
            ),
        ),
        (
            r#"{"short_message":"m","host":{"a":{"b":1}},"em":{},"ea":[],"id":1,"n":null,"t":true}"#,
            concat!(
                r#"{"version":"1.1", "short_message":"m", "_host_a_b":1, "_ea":"", "_t":"true", "#,
                r#""timestamp":1700000000.123}"#
            ),
        ),
    ];
    for (json, expected) in table {
        let expected = format!("{expected}\n");
        assert_eq!(both(json), [expected.clone(), expected.clone()], "{json}");
        serde_json::from_str::<serde_json::Value>(&expected).unwrap();
    }
}

#[test]
fn floats_have_six_decimals_there_and_what_they_need_here() {
    let [theirs, ours] = both(r#"{"short_message":"m","f":0.1,"timestamp":1.5,"a":[1.5,"q\""]}"#);
    let theirs_expected = r#"{"version":"1.1", "short_message":"m", "_f":0.100000, "timestamp":1.500000, "_a":"1.500000, q""}"#;
    assert_eq!(theirs, format!("{theirs_expected}\n"));
    let ours_expected =
        r#"{"version":"1.1", "short_message":"m", "_f":0.1, "timestamp":1.5, "_a":"1.5, q\""}"#;
    assert_eq!(ours, format!("{ours_expected}\n"));
}

#[test]
fn arrays_are_one_text() {
    let json = concat!(
        r#"{"short_message":"hello","a":{"b":{"c":1},"d":"x","e":[1,"two",{"k":"v","k2":2},[3,4],true,null,1.5]},"#,
        r#""arr":[1,"two",{"k":"v","m":{"n":1}}]}"#
    );
    let [theirs, ours] = both(json);
    let expected = concat!(
        r#"{"version":"1.1", "short_message":"hello", "_a_b_c":1, "_a_d":"x", "#,
        r#""_a_e":"1, two, k=v k2=2, 3, 4, true, null, 1.500000", "_arr":"1, two, k=vm_n=1", "#,
        r#""timestamp":1700000000.123}"#
    );
    assert_eq!(theirs, format!("{expected}\n"));
    assert_eq!(ours, format!("{}\n", expected.replace("1.500000", "1.5")));
}

#[test]
fn fields_come_from_other_keys_when_told() {
    let keys = GelfKeys {
        short_message: "log".to_owned(),
        host: "h".to_owned(),
        level: "lv".to_owned(),
        timestamp: "ts".to_owned(),
        full_message: "fm".to_owned(),
        default_short_message: None,
    };
    let body =
        packed(r#"{"log":"line","h":"myhost","lv":"warning","ts":1699999999.5,"fm":"full"}"#);
    let (text, _) = encoded(keys, Compat::FluentBit, &[&body]);
    let expected = concat!(
        r#"{"version":"1.1", "short_message":"line", "host":"myhost", "level":4, "#,
        r#""timestamp":1699999999.500000, "full_message":"full"}"#
    );
    assert_eq!(text, format!("{expected}\n"));
}

#[test]
fn b12_a_record_without_a_message_costs_the_reference_the_chunk_and_us_the_record() {
    let bodies = [packed(r#"{"short_message":"m"}"#), packed(r#"{"a":1}"#)];
    let bodies = [bodies[0].as_slice(), &bodies[1]];
    let (text, lost) = encoded(GelfKeys::default(), Compat::FluentBit, &bodies);
    assert_eq!((text.as_str(), lost.written, lost.refused), ("", 0, 2));

    let (text, one) = encoded(GelfKeys::default(), Compat::None, &bodies);
    assert_eq!((text.lines().count(), one.written, one.refused), (1, 1, 1));
    assert_eq!(
        one.why.as_deref(),
        Some("no short_message for GELF's short_message")
    );

    let keys = GelfKeys {
        default_short_message: Some("-".to_owned()),
        ..GelfKeys::default()
    };
    let (text, all) = encoded(keys, Compat::None, &bodies);
    assert_eq!((all.written, all.refused), (2, 0));
    assert!(text.ends_with(concat!(
        r#""_a":1, "timestamp":1700000000.123, "short_message":"-"}"#,
        "\n"
    )));
}

#[test]
fn b12_what_is_no_number_is_left_out_and_a_level_that_is_none_is_refused() {
    let nan = [
        b"\x82\xadshort_message\xa1m\xa1f\xcb".as_slice(),
        &f64::NAN.to_be_bytes(),
    ]
    .concat();
    let (text, _) = encoded(GelfKeys::default(), Compat::None, &[&nan]);
    assert_eq!(
        text,
        "{\"version\":\"1.1\", \"short_message\":\"m\", \"timestamp\":1700000000.123}\n"
    );
    let level = packed(r#"{"short_message":"m","level":1.5}"#);
    let (_, refused) = encoded(GelfKeys::default(), Compat::None, &[&level]);
    assert_eq!(refused.why.as_deref(), Some("a float as GELF's level"));
}
