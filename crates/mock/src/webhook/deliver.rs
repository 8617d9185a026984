//! Letters become HTTP requests to whom they are for: a few at a time, each in its time.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ::http::{Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};
use tracing::debug;

use super::Target;
use super::post::Letter;
use crate::mock::Mock;
use crate::world::World;

/// Webhooks that run at once; the others wait.
const MOST_RUNNING: usize = 64;

/// From the first attempt to connect until the response has come.
const DEADLINE: Duration = Duration::from_secs(10);

/// Bytes of a response's head, and bytes of its body that are read and thrown away.
const MOST_RESPONSE_BYTES: usize = 64 * 1024;

/// Why a webhook did not arrive.
#[derive(Debug, Error)]
enum Undelivered {
    #[error("cannot connect to {host}:{port}: {problem}")]
    Connect {
        host: Box<str>,
        port: u16,
        problem: io::Error,
    },
    #[error("the call broke off: {0}")]
    Http(#[from] hyper::Error),
    #[error("no response within {} s", DEADLINE.as_secs())]
    Late,
    #[error("it was answered with {0}; redirects are not followed")]
    Redirect(StatusCode),
    #[error("it was answered with {0}")]
    Status(StatusCode),
}

/// Makes the webhooks of `mock`; never returns. What waits or runs when it is dropped is dropped, too.
pub async fn deliver(mock: Arc<Mock>) {
    let Some(mut letters) = mock.world.post.letters() else {
        return;
    };
    let running = Arc::new(Semaphore::new(MOST_RUNNING));
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            Some(letter) = letters.recv() => {
                let (world, running) = (Arc::clone(&mock.world), Arc::clone(&running));
                under_way.spawn(carry(letter, world, running));
            }
            Some(_) = under_way.join_next() => {}
            else => return,
        }
    }
}

/// Brings one letter to its end.
async fn carry(letter: Letter, world: Arc<World>, running: Arc<Semaphore>) {
    let Letter {
        request,
        target,
        due,
        mut room,
    } = letter;
    sleep_until(due).await;
    let Ok(_turn) = running.acquire().await else {
        return;
    };
    room.waiting = None;
    let method = request.method().clone();
    let sent = timeout(DEADLINE, send(request, &target)).await;
    match sent.unwrap_or(Err(Undelivered::Late)) {
        Ok(status) => {
            world.post.arrive();
            debug!(place = %target.place, %method, %status, "a webhook arrived");
        }
        Err(undelivered) => world.post.fail(&target, &undelivered),
    }
}

/// Sends a request on a connection of its own.
async fn send(request: Request<Full<Bytes>>, target: &Target) -> Result<StatusCode, Undelivered> {
    let (host, port) = (&*target.host, target.port);
    let connected = TcpStream::connect((host, port)).await;
    let socket = connected.map_err(|problem| Undelivered::Connect {
        host: host.into(),
        port,
        problem,
    })?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MOST_RESPONSE_BYTES)
        .handshake(TokioIo::new(socket))
        .await?;
    let exchange = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        throw_away(response).await?;
        Ok(status)
    };
    let status = drive(exchange, connection).await?;
    match status {
        status if status.is_success() => Ok(status),
        status if status.is_redirection() => Err(Undelivered::Redirect(status)),
        status => Err(Undelivered::Status(status)),
    }
}

/// Runs an exchange while its connection is at work.
async fn drive<T>(
    exchange: impl Future<Output = Result<T, hyper::Error>>,
    connection: impl Future<Output = Result<(), hyper::Error>>,
) -> Result<T, hyper::Error> {
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        done = &mut exchange => done,
        // The exchange hears of the same end, or has all it needs.
        _ = connection => exchange.await,
    }
}

/// Reads the start of a body, so that its sender is not cut off in the middle.
async fn throw_away(response: Response<Incoming>) -> Result<(), hyper::Error> {
    let mut body = response.into_body();
    let mut read = 0;
    while read < MOST_RESPONSE_BYTES
        && let Some(frame) = body.frame().await
    {
        read += frame?.data_ref().map_or(0, Bytes::len);
    }
    Ok(())
}
