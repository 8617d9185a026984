//! What is agreed about compression: every offer with every answer, and answers that are none.

use http::{HeaderMap, HeaderValue, Method, Version};
use sockeye_wire::handshake::{ClientRequest, ResponseError, accept_key, check_request};
use sockeye_wire::{ClientBits, DeflateOffer, DeflateTerms};

const KEY: [u8; 16] = *b"the sample nonce";

/// What our server answers to these header lines.
fn answer(terms: DeflateTerms, lines: &[&str]) -> Result<Option<String>, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "localhost"),
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ] {
        headers.append(name, HeaderValue::from_static(value));
    }
    for line in lines {
        let value = HeaderValue::from_str(line).expect("a header's value");
        headers.append("sec-websocket-extensions", value);
    }
    let checked = check_request(&Method::GET, Version::HTTP_11, &headers)
        .map_err(|refusal| format!("{}: {refusal}", refusal.status().as_u16()))?;
    Ok(terms
        .answer(&checked.deflate)
        .map(|agreed| agreed.to_string()))
}

const KEEPING: DeflateTerms = DeflateTerms {
    context_takeover: true,
    window_bits: 15,
};

#[test]
fn the_first_offer_that_can_be_accepted_is_answered() {
    let table = [
        ("permessage-deflate", ""),
        ("permessage-deflate; client_max_window_bits", ""),
        (
            "permessage-deflate; client_max_window_bits=12",
            "; client_max_window_bits=12",
        ),
        (
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits",
            "; server_max_window_bits=9",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"8\"",
            "; server_max_window_bits=8",
        ),
        (
            "permessage-deflate; server_no_context_takeover",
            "; server_no_context_takeover",
        ),
        (
            "permessage-deflate;client_no_context_takeover ;server_no_context_takeover",
            "; server_no_context_takeover; client_no_context_takeover",
        ),
        (
            "permessage-deflate; x, permessage-deflate; server_max_window_bits=10",
            "; server_max_window_bits=10",
        ),
        (
            "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            "; server_max_window_bits=10",
        ),
    ];
    for (offer, wanted) in table {
        let wanted = format!("permessage-deflate{wanted}");
        assert_eq!(answer(KEEPING, &[offer]), Ok(Some(wanted)), "{offer}");
    }
}

#[test]
fn nothing_is_agreed_where_nothing_fits() {
    for lines in [
        &[][..],
        &[""],
        &["permessage-bzip2; x=\"1\", x-webkit-deflate-frame"],
        &["permessage-deflate; server_max_window_bits"],
        &["permessage-deflate; client_max_window_bits=16"],
        &["permessage-deflate; client_no_context_takeover; client_no_context_takeover"],
    ] {
        assert_eq!(answer(KEEPING, lines), Ok(None), "{lines:?}");
    }
    let two = ["permessage-deflate; y", "permessage-deflate"];
    assert_eq!(
        answer(KEEPING, &two),
        Ok(Some("permessage-deflate".to_owned()))
    );
}

#[test]
fn a_list_that_is_none_is_refused() {
    let refusal =
        "400: Sec-WebSocket-Extensions must be a list of extensions with parameters".to_owned();
    for line in [
        "permessage-deflate;",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=\"10",
        "permessage-deflate permessage-deflate",
        "=",
    ] {
        assert_eq!(answer(KEEPING, &[line]), Err(refusal.clone()), "{line}");
    }
}

#[test]
fn by_default_both_sides_are_told_to_forget() {
    let forgotten = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    let terms = DeflateTerms::default();
    for (offer, more) in [
        ("permessage-deflate", ""),
        ("permessage-deflate; client_max_window_bits", ""),
        (
            "permessage-deflate; server_max_window_bits=11",
            "; server_max_window_bits=11",
        ),
    ] {
        assert_eq!(
            answer(terms, &[offer]),
            Ok(Some(format!("{forgotten}{more}"))),
            "{offer}"
        );
    }
}

#[test]
fn small_windows_of_ours_limit_both_sides() {
    let terms = DeflateTerms {
        context_takeover: true,
        window_bits: 10,
    };
    for (offer, wanted) in [
        ("", "; server_max_window_bits=10"),
        (
            "; client_max_window_bits",
            "; server_max_window_bits=10; client_max_window_bits=10",
        ),
        (
            "; client_max_window_bits=9; server_max_window_bits=9",
            "; server_max_window_bits=9; client_max_window_bits=9",
        ),
        (
            "; client_max_window_bits=15; server_max_window_bits=15",
            "; server_max_window_bits=10; client_max_window_bits=10",
        ),
    ] {
        let offer = format!("permessage-deflate{offer}");
        let wanted = format!("permessage-deflate{wanted}");
        assert_eq!(answer(terms, &[&offer]), Ok(Some(wanted)), "{offer}");
    }
}

fn request() -> ClientRequest {
    ClientRequest::new("localhost", "/", &HeaderMap::new(), &[], KEY).expect("a request")
}

/// What our client makes of an answer with this header to `offers`.
fn judged(offers: &[DeflateOffer], line: Option<&str>) -> Result<Option<String>, String> {
    let request = request().offering(offers);
    let mut head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n",
        accept_key(b"dGhlIHNhbXBsZSBub25jZQ==")
    );
    if let Some(line) = line {
        head.extend(["Sec-WebSocket-Extensions: ", line, "\r\n"]);
    }
    head.push_str("\r\n");
    match request.check_response(head.as_bytes()) {
        Ok(response) => Ok(response
            .expect("the head is whole")
            .deflate
            .map(|agreed| agreed.to_string())),
        Err(error) => Err(error.to_string()),
    }
}

const PLAIN: DeflateOffer = DeflateOffer {
    server_no_context_takeover: false,
    client_no_context_takeover: false,
    server_max_window_bits: None,
    client_max_window_bits: ClientBits::Unsaid,
};

#[test]
fn an_offer_stands_in_the_request_before_its_end() {
    let any = DeflateOffer {
        client_max_window_bits: ClientBits::Any,
        ..PLAIN
    };
    let asked = request();
    let without = asked.bytes().to_vec();
    assert!(!without.windows(10).any(|some| some == b"Extensions"));
    let asked = asked.offering(&[any, PLAIN]);
    let text = std::str::from_utf8(asked.bytes()).unwrap();
    let line = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, \
                permessage-deflate\r\n\r\n";
    assert!(text.ends_with(line), "{text}");
    let asked = request();
    assert_eq!(asked.offering(&[]).bytes(), without);
}

#[test]
fn answers_that_fit_an_offer_are_taken() {
    let any = DeflateOffer {
        client_max_window_bits: ClientBits::Any,
        ..PLAIN
    };
    let strict = DeflateOffer {
        server_no_context_takeover: true,
        client_no_context_takeover: true,
        server_max_window_bits: Some(12),
        client_max_window_bits: ClientBits::Most(11),
    };
    let deflate = "permessage-deflate";
    let table = [
        (PLAIN, "", ""),
        (
            PLAIN,
            "; server_no_context_takeover",
            "; server_no_context_takeover",
        ),
        (
            PLAIN,
            "; client_no_context_takeover",
            "; client_no_context_takeover",
        ),
        (
            PLAIN,
            "; server_max_window_bits=8",
            "; server_max_window_bits=8",
        ),
        (
            any,
            "; client_max_window_bits=\"9\"",
            "; client_max_window_bits=9",
        ),
        (
            strict,
            "; server_no_context_takeover; server_max_window_bits=10",
            "; server_no_context_takeover; client_no_context_takeover; \
             server_max_window_bits=10; client_max_window_bits=11",
        ),
        (
            strict,
            "; server_no_context_takeover; server_max_window_bits=12; client_max_window_bits=15",
            "; server_no_context_takeover; client_no_context_takeover; \
             server_max_window_bits=12; client_max_window_bits=11",
        ),
    ];
    for (offer, line, wanted) in table {
        let line = format!("{deflate}{line}");
        let wanted = format!("{deflate}{wanted}");
        assert_eq!(judged(&[offer], Some(&line)), Ok(Some(wanted)), "{line}");
    }
    // Of two offers it may be the second.
    let line = "permessage-deflate";
    assert_eq!(
        judged(&[strict, PLAIN], Some(line)),
        Ok(Some(line.to_owned()))
    );
    assert_eq!(judged(&[PLAIN], None), Ok(None));
    assert_eq!(judged(&[PLAIN], Some("")), Ok(None));
}

#[test]
fn answers_that_fit_no_offer_end_the_handshake() {
    let wrong = |flaw: &str| Err(format!("the answer about compression is wrong: {flaw}"));
    let parameter = "a parameter of permessage-deflate is unknown, doubled or has a wrong value";
    let foreign = "it has another extension than permessage-deflate, once";
    let unasked = "the parameters of permessage-deflate answer none of the offers";
    let asking = DeflateOffer {
        server_no_context_takeover: true,
        server_max_window_bits: Some(10),
        ..PLAIN
    };
    let table = [
        (
            PLAIN,
            "permessage-deflate; client_max_window_bits=12",
            unasked,
        ),
        (
            PLAIN,
            "permessage-deflate; client_max_window_bits",
            parameter,
        ),
        (
            PLAIN,
            "permessage-deflate; server_max_window_bits",
            parameter,
        ),
        (
            PLAIN,
            "permessage-deflate; server_max_window_bits=7",
            parameter,
        ),
        (
            PLAIN,
            "permessage-deflate; server_no_context_takeover=1",
            parameter,
        ),
        (PLAIN, "permessage-deflate; x", parameter),
        (PLAIN, "permessage-deflate, permessage-deflate", foreign),
        (PLAIN, "permessage-bzip2", foreign),
        (PLAIN, "permessage-deflate, x", foreign),
        (
            PLAIN,
            "permessage-deflate;",
            "its list of extensions is malformed",
        ),
        (asking, "permessage-deflate", unasked),
        (
            asking,
            "permessage-deflate; server_no_context_takeover",
            unasked,
        ),
        (
            asking,
            "permessage-deflate; server_max_window_bits=10",
            unasked,
        ),
        (
            asking,
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=11",
            unasked,
        ),
    ];
    for (offer, line, flaw) in table {
        assert_eq!(judged(&[offer], Some(line)), wrong(flaw), "{line}");
    }
    let none_offered = ResponseError::Extension.to_string();
    assert_eq!(judged(&[], Some("permessage-deflate")), Err(none_offered));
}
