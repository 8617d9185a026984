//! The values of header fields that both roles read: tokens, and lists of them (RFC 9110 section 5.6).

/// Whether `text` is a token: one or more letters, digits or the signs that HTTP allows in names.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// The elements of a comma-separated list, without the spaces and tabs around them.
pub(crate) fn elements(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(|element| element.trim_matches([' ', '\t']))
}

/// Whether the list has `token`, in capitals or not.
pub(crate) fn has_token(list: &str, token: &str) -> bool {
    elements(list).any(|element| element.eq_ignore_ascii_case(token))
}

/// Why a list of subprotocols is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadSubprotocols {
    /// An element is not a token, or is empty.
    NotAToken,
    /// An element stands twice.
    Repeated,
}

/// Checks subprotocols as RFC 6455 section 4.1 wants them: tokens, each once. Sorts a copy, so that
/// a list of many thousand names costs no more than reading it.
pub(crate) fn check_subprotocols(names: &[String]) -> Result<(), BadSubprotocols> {
    if !names.iter().all(|name| is_token(name)) {
        return Err(BadSubprotocols::NotAToken);
    }
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    let repeated = sorted
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other));
    if repeated {
        Err(BadSubprotocols::Repeated)
    } else {
        Ok(())
    }
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::{BadSubprotocols, check_subprotocols, has_token, is_token};

    #[test]
    fn seventy_seven_bytes_can_stand_in_a_token() {
        let bytes: Vec<String> = (0..=u8::MAX)
            .map(|byte| char::from(byte).to_string())
            .filter(|byte| is_token(byte))
            .collect();
        assert_eq!(bytes.len(), 77);
        assert!(
            bytes
                .iter()
                .all(|byte| !"()<>@,;:\\\"/[]?={} \t\r\n".contains(byte.as_str()))
        );
        assert!(!is_token(""));
    }

    #[test]
    fn a_token_is_found_in_a_list_in_any_case() {
        assert!(has_token("keep-alive, Upgrade", "upgrade"));
        assert!(has_token("WebSocket", "websocket"));
        assert!(has_token(" \twebsocket\t ,h2c", "websocket"));
        assert!(!has_token("websocket2, web socket", "websocket"));
        assert!(!has_token("", "websocket"));
    }

    #[test]
    fn subprotocols_are_different_tokens() {
        let check = |list: &[&str]| {
            check_subprotocols(&list.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&["chat", "Chat", "v1.chat"]), Ok(()));
        assert_eq!(
            check(&["chat", "x", "chat"]),
            Err(BadSubprotocols::Repeated)
        );
        assert_eq!(check(&["chat", ""]), Err(BadSubprotocols::NotAToken));
        assert_eq!(check(&["a b"]), Err(BadSubprotocols::NotAToken));
    }
}
