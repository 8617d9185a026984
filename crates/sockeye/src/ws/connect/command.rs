//! A line that was typed becomes an order; what cannot become one is answered with a sentence.

use sockeye_wire::{CLOSE_REASON_BYTES, CONTROL_PAYLOAD_BYTES, CloseCode};

use super::talk::Order;

/// What `/help` shows.
pub(super) const HELP: &str = "\
/ping [TEXT]            send a ping
/binary HEX             send a binary message: /binary 00 ff 10
/close [CODE] [REASON]  close, with 1000 unless CODE says otherwise
/quit                   close with 1000 and leave; Ctrl-C and Ctrl-D do the same
/help                   this
//…                     send a text that begins with a slash
Any other line is sent as a text message.";

/// What a line asks for.
#[derive(Debug)]
pub(super) enum Typed {
    /// Nothing: the line is blank.
    Nothing,
    Order(Order),
    Help,
    Quit,
}

/// Errors: a sentence for who typed it.
pub(super) fn parse(line: &str) -> Result<Typed, String> {
    if line.trim().is_empty() {
        return Ok(Typed::Nothing);
    }
    let Some(command) = line.strip_prefix('/') else {
        return Ok(Typed::Order(Order::Text(line.to_owned())));
    };
    if command.starts_with('/') {
        return Ok(Typed::Order(Order::Text(command.to_owned())));
    }
    let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
    let rest = rest.trim();
    match name.trim() {
        "ping" => ping(rest),
        "binary" => binary(rest),
        "close" => close(rest),
        "help" => Ok(Typed::Help),
        "quit" => Ok(Typed::Quit),
        other => Err(format!(
            "/{other} is no command; /help lists them, //{other} sends it as text"
        )),
    }
}

fn ping(text: &str) -> Result<Typed, String> {
    let most = CONTROL_PAYLOAD_BYTES;
    if text.len() > most {
        return Err(format!("a ping carries at most {most} bytes"));
    }
    Ok(Typed::Order(Order::Ping(text.as_bytes().to_vec())))
}

fn binary(text: &str) -> Result<Typed, String> {
    let wrong = || "write bytes as pairs of hexadecimal digits: /binary 00 ff 10".to_owned();
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_digit(16))
        .collect::<Option<_>>()
        .ok_or_else(wrong)?;
    if digits.is_empty() || digits.len() % 2 == 1 {
        return Err(wrong());
    }
    let byte = |pair: &[u32]| pair.iter().fold(0, |byte, digit| byte << 4 | digit);
    let bytes = digits.chunks(2).map(|pair| u8::try_from(byte(pair)));
    let bytes: Result<Vec<u8>, _> = bytes.collect();
    Ok(Typed::Order(Order::Binary(bytes.map_err(|_| wrong())?)))
}

fn close(text: &str) -> Result<Typed, String> {
    if text.is_empty() {
        return Ok(Typed::Order(Order::Close(CloseCode::NORMAL, String::new())));
    }
    let (code, reason) = text.split_once(' ').unwrap_or((text, ""));
    let reason = reason.trim();
    let number = code.parse().ok();
    let code = number.and_then(CloseCode::new).ok_or_else(|| {
        format!("{code} is no code of a Close; write 1000 to 1003, 1007 to 1014 or 3000 to 4999")
    })?;
    let most = CLOSE_REASON_BYTES;
    if reason.len() > most {
        return Err(format!("the reason of a Close has at most {most} bytes"));
    }
    Ok(Typed::Order(Order::Close(code, reason.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(line: &str) -> Order {
        match parse(line) {
            Ok(Typed::Order(order)) => order,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn lines_become_orders() {
        assert!(matches!(order(" hi "), Order::Text(text) if text == " hi "));
        assert!(matches!(order("//ping"), Order::Text(text) if text == "/ping"));
        assert!(matches!(order("/ping"), Order::Ping(payload) if payload.is_empty()));
        assert!(matches!(order("/ping a b"), Order::Ping(payload) if payload == b"a b"));
        assert!(matches!(order("/binary 00fF 10"), Order::Binary(bytes) if bytes == [0, 255, 16]));
        assert!(matches!(
            order("/close"),
            Order::Close(CloseCode::NORMAL, _)
        ));
        let Order::Close(code, reason) = order("/close 4001 go away") else {
            panic!("no Close");
        };
        assert_eq!((code.get(), reason.as_str()), (4001, "go away"));
        assert!(matches!(parse("  "), Ok(Typed::Nothing)));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let long = format!("/ping {}", "x".repeat(126));
        let reason = format!("/close 1000 {}", "x".repeat(124));
        for line in [
            "/",
            "/pong",
            "/binary",
            "/binary 0",
            "/binary xy",
            "/close 1005",
            &long,
            &reason,
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
