//! Secrets are taken out of names, values, addresses, JSON and bytes, and nothing else is.

use std::borrow::Cow;

use proptest::prelude::*;
use sockeye_core::secrets::{HIDDEN, address, in_json, in_text, is_secret, subprotocol, value};

#[test]
fn names_of_secrets_are_known_in_any_spelling() {
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
    ] {
        assert!(is_secret(name), "{name}");
        assert_eq!(value(name, "canary"), HIDDEN, "{name}");
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
        assert!(!is_secret(name), "{name}");
        let shown = value(name, "seen");
        assert!(matches!(shown, Cow::Borrowed("seen")), "{name}");
    }
}

#[test]
fn subprotocols_that_look_like_tokens_are_sealed() {
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
        assert_eq!(subprotocol(name), name);
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
        assert_eq!(subprotocol(name), HIDDEN, "{name}");
    }
    let offered = value("Sec-WebSocket-Protocol", "chat,sockeye.token.YWJj , mqtt");
    assert_eq!(offered, "chat, «redacted», mqtt");
}

#[test]
fn addresses_show_neither_passwords_nor_secret_parameters() {
    for (written, shown) in [
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
        assert_eq!(address(written), shown);
        assert_eq!(value("Referer", written), shown);
    }
}

#[test]
fn depth_hides_nothing() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!("{open}{{\"token\":\"canary\"}}{close}")
    };
    for levels in [1, 120, 126, 127, 128, 1_000, 100_000] {
        let shown = in_text(&nested(levels)).into_owned();
        assert!(!shown.contains("canary"), "{levels}");
        assert!(shown.contains(HIDDEN), "{levels}");
    }
}

#[test]
fn members_are_left_out_and_the_rest_stays_as_written() {
    let text = r#" [ {"pass\u0077ord":"p", "n":1.50,"x":{"token":{"a":[1]}}},{"token":null,"apiKey":"",
        "big":12345678901234567890123,"secret":17,"secret":true}]"#;
    let shown = r#" [ {"pass\u0077ord":"«redacted»", "n":1.50,"x":{"token":"«redacted»"}},{"token":null,"apiKey":"",
        "big":12345678901234567890123,"secret":"«redacted»","secret":"«redacted»"}]"#;
    assert_eq!(in_text(text), shown);
    for text in ["token: c", "{\"token\":\"c\"", "", "17", "\"token\""] {
        assert!(matches!(in_text(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn values_of_json_are_shown_as_texts_are() {
    for text in [
        r#"{"token":"a","list":[["b",1],[null]],"x":{"password":{"y":1}},"token2":""}"#,
        r#"{"list":[[[1,2]]],"n":1.5}"#,
    ] {
        let shown = in_json(serde_json::from_str(text).expect("JSON"));
        assert_eq!(shown.to_string(), in_text(text));
    }
    let mut nested = serde_json::json!({"token": "canary"});
    for _ in 0..300 {
        nested = serde_json::json!([nested]);
    }
    assert!(!in_json(nested).to_string().contains("canary"));
}

proptest! {
    #[test]
    fn any_text_is_taken(text in ".{0,200}") {
        let _shown = [in_text(&text), address(&text), value("sec-websocket-protocol", &text)];
    }

    #[test]
    fn what_is_no_secret_stays_byte_for_byte(text in r#"[ \t]{0,2}[{]"(x|y)": ?("[^"\\]{0,9}"|[0-9]{1,30}|[\[][0-9 ]{1,3}[\]])[}] ?"#) {
            prop_assert_eq!(in_text(&text).into_owned(), text);
    }
}
