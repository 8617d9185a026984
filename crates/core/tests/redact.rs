//! Secrets are taken out of names, values, addresses, JSON and bytes, and nothing else is.

use std::borrow::Cow;

use proptest::prelude::*;
use sockeye_core::redact::{MOST_RULES, Redactor, Seal};

#[test]
fn names_of_secrets_are_known_in_any_spelling() {
    let redactor = Redactor::new().name("X-Pet").expect("a name");
    for name in [
        "Authorization",
        "Proxy-Authorization",
        "cookie",
        "Set-Cookie",
        "x-api-key",
        "X-Auth-Token",
        "api_key",
        "apiKey",
        "access_token",
        "Password",
        "client-secret",
        "key",
        "auth",
        "X-Amz-Signature",
        "sig",
        "session_id",
        "x_pet",
        "xpet",
    ] {
        assert!(redactor.is_secret(name), "{name}");
        assert_eq!(redactor.value(name, "canary"), "«redacted»", "{name}");
    }
    for name in [
        "accept",
        "sec-websocket-key",
        "user-agent",
        "author",
        "q",
        "keyboard",
        "spin",
        "design",
        "origin",
    ] {
        assert!(!redactor.is_secret(name), "{name}");
        let shown = redactor.value(name, "seen");
        assert!(matches!(shown, Cow::Borrowed("seen")), "{name}");
    }
}

#[test]
fn subprotocols_that_look_like_tokens_are_sealed() {
    let redactor = Redactor::new();
    for name in [
        "graphql-transport-ws",
        "graphql-ws",
        "mqtt",
        "v12.stomp",
        "wamp.2.json",
        "ocpp2.0.1",
        "v4.channel.k8s.io",
        "actioncable-v1-json",
        "sockeye.events",
        "MBWS.huawei.com",
        "chat",
    ] {
        assert_eq!(redactor.subprotocol(name), name);
    }
    for name in [
        "base64url.bearer.authorization.k8s.io.YWJj",
        "sockeye.token.YWJj",
        "Zm9vYmFyYmF6cXV4eHh4",
        "550e8400-e29b-41d4-a716-446655440000",
        "openai-insecure-api-key.abc",
        "abcdefghijklmnopqrstuvwxyz",
        "auth-canary",
    ] {
        assert_eq!(redactor.subprotocol(name), "«redacted»", "{name}");
    }
    let offered = redactor.value("Sec-WebSocket-Protocol", "chat,sockeye.token.YWJj , mqtt");
    assert_eq!(offered, "chat, «redacted», mqtt");
}

#[test]
fn addresses_show_neither_passwords_nor_secret_parameters() {
    let redactor = Redactor::new();
    for (address, shown) in [
        ("/a?x=1&token=c&y=2", "/a?x=1&token=«redacted»&y=2"),
        ("/a?%74oken=c", "/a?%74oken=«redacted»"),
        ("/a?token=", "/a?token="),
        ("/a?token", "/a?token"),
        ("/token=c", "/token=c"),
        ("redis://:c@host:1/0", "redis://«redacted»@host:1/0"),
        ("http://u:p@h@x/?q=@", "http://«redacted»@x/?q=@"),
        ("http://x/a@b", "http://x/a@b"),
        ("http://@x/", "http://@x/"),
        (
            "http://x/cb#access_token=c&z=1",
            "http://x/cb#access_token=«redacted»&z=1",
        ),
        (
            "http://x/?a=1?password=c;pwd=d",
            "http://x/?a=1?password=«redacted»;pwd=«redacted»",
        ),
    ] {
        assert_eq!(redactor.address(address), shown);
        assert_eq!(redactor.value("Referer", address), shown);
    }
}

#[test]
fn members_are_found_by_pointer_and_by_name_and_the_rest_stays_as_written() {
    let redactor = Redactor::new().pointer("/user/phone").expect("a pointer");
    let redactor = redactor.pointer("/list/*/0").expect("a pointer");
    let redactor = redactor.pointer("/a~1b").expect("a pointer");
    let text = r#" { "user" : {"phone": 49,"name":"A"}, "list":[["x",1.50],["y"]],
        "a/b":{"deep":[1]}, "password":"p", "big":12345678901234567890123, "user": {"phone":"1"} } "#;
    let shown = r#" { "user" : {"phone": "«redacted»","name":"A"}, "list":[["«redacted»",1.50],["«redacted»"]],
        "a/b":"«redacted»", "password":"p", "big":12345678901234567890123, "user": {"phone":"«redacted»"} } "#;
    assert_eq!(redactor.text(text), shown);
    let redactor = Redactor::new().covering_members();
    let text = r#"[{"pass\u0077ord":"p","x":{"token":{"a":1}}},{"token":null,"apiKey":""}]"#;
    let shown =
        r#"[{"pass\u0077ord":"«redacted»","x":{"token":"«redacted»"}},{"token":null,"apiKey":""}]"#;
    assert_eq!(redactor.text(text), shown);
    for text in ["token: c", "{\"token\":\"c\"", "", "17", "\"token\""] {
        assert!(matches!(redactor.text(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn values_of_json_are_sealed_as_texts_are() {
    let redactor = Redactor::new().sealing(Seal::Digest).covering_members();
    let redactor = redactor.pointer("/list/*/0").expect("a pointer");
    let redactor = redactor.pattern("sk-[a-z]+").expect("a pattern");
    for text in [
        r#"{"token":"a","list":[["b",1],[null]],"x":{"password":{"y":1}},"z":"sk-abc","token2":""}"#,
        r#"{"list":[[[1,2]]],"n":1.5}"#,
    ] {
        let shown = redactor.json(serde_json::from_str(text).expect("JSON"));
        assert_eq!(shown.to_string(), redactor.text(text));
    }
    let mut nested = serde_json::json!({"token": "canary"});
    for _ in 0..300 {
        nested = serde_json::json!([nested]);
    }
    assert!(!redactor.json(nested).to_string().contains("canary"));
}

#[test]
fn depth_hides_nothing() {
    let redactor = Redactor::new().covering_members();
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!("{open}{{\"token\":\"canary\"}}{close}")
    };
    for levels in [1, 120, 126, 127, 128, 1_000, 100_000] {
        let shown = redactor.text(&nested(levels)).into_owned();
        assert!(!shown.contains("canary"), "{levels}");
        assert!(shown.contains("«redacted»"), "{levels}");
    }
}

#[test]
fn patterns_find_secrets_in_texts_and_bytes() {
    let redactor = Redactor::new().pattern(r"sk-\w+").expect("a pattern");
    let redactor = redactor.pattern(r"pin=(\d+)|code=(\d+)").expect("one more");
    assert_eq!(
        redactor.text("a sk-1 pin=12 code=34 b"),
        "a «redacted» pin=«redacted» code=«redacted» b"
    );
    assert_eq!(redactor.value("accept", "sk-1"), "«redacted»");
    assert_eq!(redactor.subprotocol("sk-1"), "«redacted»");
    assert_eq!(
        redactor.address("/?token=c&q=sk-1"),
        "/?token=«redacted»&q=«redacted»"
    );
    let bytes = redactor.bytes(b"\xff\x00sk-canary\x00\xfe");
    let wanted = [b"\xff\x00".as_slice(), "«redacted»".as_bytes(), b"\x00\xfe"];
    assert_eq!(*bytes, *wanted.concat());
    assert!(matches!(redactor.bytes(b"\xff\x00"), Cow::Borrowed(_)));
}

#[test]
fn equal_secrets_have_equal_digests() {
    let redactor = Redactor::new().sealing(Seal::Digest).covering_members();
    let sealed = redactor.value("token", "canary");
    assert_eq!(sealed, redactor.sealed(b"canary"));
    // `printf canary | sha256sum`
    assert_eq!(sealed, "«redacted:e100fbce»");
    let text = redactor.text(r#"{"token":"can\u0061ry"}"#);
    assert_eq!(text, format!(r#"{{"token":"{sealed}"}}"#));
    assert_ne!(sealed, redactor.value("token", "canarz"));
}

#[test]
fn rules_that_cannot_be_used_say_why() {
    let message = |result: Result<Redactor, sockeye_core::redact::RedactionError>| {
        result.expect_err("a mistake").to_string()
    };
    assert_eq!(
        message(Redactor::new().pointer("user")),
        "`user` is no JSON pointer; write it like /user/password"
    );
    assert_eq!(
        message(Redactor::new().pointer("/a~2")),
        "`/a~2` is no JSON pointer; write it like /user/password"
    );
    assert_eq!(
        message(Redactor::new().pattern("(")),
        "`(` is not a regular expression that can be used: unclosed group"
    );
    let large = message(Redactor::new().pattern(r"\w{1000}{100}"));
    assert!(large.contains("size limit"), "{large}");
    assert_eq!(
        message(Redactor::new().name("")),
        "a name of secrets has 1 to 1024 bytes, not 0"
    );
    let many = (0..MOST_RULES).try_fold(Redactor::new(), |all, at| all.name(&format!("n{at}")));
    assert_eq!(
        message(many.expect("so many may be").name("one-more")),
        "there are more than 100 names of secrets"
    );
}

proptest! {
    #[test]
    fn any_text_is_taken(text in ".{0,200}") {
        let redactor = Redactor::new().covering_members().pattern("(a)|b").expect("a pattern");
        let shown = [
            redactor.text(&text).into_owned(),
            redactor.address(&text).into_owned(),
            redactor.value("sec-websocket-protocol", &text).into_owned(),
        ];
        prop_assert!(shown.iter().take(2).all(|shown| !shown.replace("redacted", "").contains(['a', 'b'])));
    }

    #[test]
    fn what_is_no_secret_stays_byte_for_byte(text in r#"[ \t]{0,2}[{]"(x|y)": ?("[^"\\]{0,9}"|[0-9]{1,30}|[\[][0-9 ]{1,3}[\]])[}] ?"#) {
        let redactor = Redactor::new().covering_members();
        prop_assert_eq!(redactor.text(&text).into_owned(), text);
    }
}
