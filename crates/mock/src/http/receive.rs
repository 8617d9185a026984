//! A request's body on its way into memory, within bounds of size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::time::timeout;

use super::refusal::Refusal;

/// Bounds of a request body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Its size in bytes; beyond: 413.
    pub(crate) bytes: usize,
    /// From the end of the head to the end of the body; beyond: 408.
    pub(crate) deadline: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            deadline: Duration::from_secs(10),
        }
    }
}

/// Reads a body. One that announces more than fits is refused before it is read. What is not read
/// is thrown away by the network, which closes the connection then.
///
/// Errors: 413 beyond the size, 408 beyond the time, 400 if it breaks off.
pub(crate) async fn receive<B>(mut body: B, bounds: Bounds) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let limit = bounds.bytes;
    if body.size_hint().lower() > limit as u64 {
        return Err(Refusal::BodyTooLong { limit });
    }
    let late = |_| {
        Err(Refusal::BodyLate {
            limit: bounds.deadline,
        })
    };
    timeout(bounds.deadline, collect(&mut body, limit))
        .await
        .unwrap_or_else(late)
}

async fn collect<B>(body: &mut B, limit: usize) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let mut collected = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::BodyBroken(error.to_string().into()))?;
        // Trailers are no data and of no interest.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > limit - collected.len() {
            return Err(Refusal::BodyTooLong { limit });
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected.freeze())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body_util::Full;
    use hyper::body::Frame;

    use super::*;

    /// A body of chunks without an announced length, that then ends, or never does.
    struct Chunks {
        left: VecDeque<&'static [u8]>,
        ends: bool,
    }

    impl Body for Chunks {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.left.pop_front() {
                Some(chunk) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(chunk))))),
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    fn chunks(left: &[&'static [u8]], ends: bool) -> Chunks {
        Chunks {
            left: left.iter().copied().collect(),
            ends,
        }
    }

    fn received<B>(body: B, bytes: usize) -> Result<Vec<u8>, String>
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: std::fmt::Display,
    {
        let bounds = Bounds {
            bytes,
            deadline: Duration::ZERO,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime
            .block_on(receive(body, bounds))
            .map(|bytes| bytes.to_vec())
            .map_err(|refusal| format!("{} {refusal}", refusal.status().as_u16()))
    }

    #[test]
    fn a_body_within_its_bounds_is_read_whole() {
        assert_eq!(
            received(Full::new(Bytes::from_static(b"abcd")), 4),
            Ok(b"abcd".to_vec())
        );
        assert_eq!(
            received(chunks(&[b"ab", b"cd"], true), 4),
            Ok(b"abcd".to_vec())
        );
        assert_eq!(received(chunks(&[], true), 0), Ok(Vec::new()));
    }

    #[test]
    fn one_byte_more_is_refused_with_413() {
        let refused = Err("413 the body is longer than 4 bytes".to_owned());
        assert_eq!(
            received(Full::new(Bytes::from_static(b"abcde")), 4),
            refused
        );
        assert_eq!(received(chunks(&[b"ab", b"cde"], false), 4), refused);
    }

    #[test]
    fn a_body_that_does_not_arrive_is_refused_with_408() {
        let refused = Err("408 the body was not complete after 0 ms".to_owned());
        assert_eq!(received(chunks(&[b"ab"], false), 4), refused);
    }
}
