//! What a server says instead of 101: the rest of its answer, as far as it comes at once.

use std::time::Duration;

use tokio::time::timeout;

use crate::stream::Stream;

/// Bytes of an answer that are kept, beside what the last read brought.
const ANSWER_BYTES: usize = 32 * 1024;

/// How long the rest of an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Reads on until the answer is whole, long enough, or late.
pub(crate) async fn read_on(stream: &mut Stream, received: &mut Vec<u8>) {
    let reading = async {
        while received.len() < ANSWER_BYTES && !is_whole(received) {
            match stream.read_some(received).await {
                Ok(count) if count > 0 => {}
                // What there is will have to do.
                _ => return,
            }
        }
    };
    // The same goes for an answer that stops in the middle.
    let _ = timeout(PATIENCE, reading).await;
}

/// Whether head and body are there. A body without a length ends with the connection.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let Some(start) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return false;
    };
    let body = answer.len() - start - 4;
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    match length.and_then(|(_, value)| value.trim().parse::<usize>().ok()) {
        Some(length) => body >= length,
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n";
        assert!(!is_whole(b"HTTP/1.1 404 Not Found\r\nContent"));
        assert!(!is_whole(format!("{head}ab").as_bytes()));
        assert!(is_whole(format!("{head}abc").as_bytes()));
        let head = "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(!is_whole(format!("{head}3\r\nabc\r\n").as_bytes()));
        assert!(is_whole(format!("{head}3\r\nabc\r\n0\r\n\r\n").as_bytes()));
    }
}
