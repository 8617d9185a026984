//! One accepted socket while it speaks HTTP: requests to answers, and the upgrade to a link.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, RETRY_AFTER,
    SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_PROTOCOL, UPGRADE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Request, Response, StatusCode, Version};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioTimer;
use sockeye_wire::handshake;
use tokio::net::TcpStream;
use tracing::{Instrument as _, debug, debug_span};

use crate::Upstream;
use crate::app::{Answer, App, Body, Dialing, Peer, Upgrade};
use crate::limits::LEAST_HEAD;
use crate::link::{self, Link, Opening};
use crate::secure;
use crate::slots::{Full, Slot};
use crate::socket::{LentSocket, linger, lock, take};
use crate::stream::Stream;
use crate::thread::Context;

/// A refusal is data: a browser that is led to one runs nothing and frames nothing of it.
const REFUSAL_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the task that serves the socket is told by the request that asked for the upgrade.
struct Handover<S> {
    upgraded: OnUpgrade,
    upgrade: Upgrade<S>,
    upstream: Option<Box<Upstream>>,
    peer: Peer,
    slot: Slot,
}

/// Serves `socket` until it closes or has become a link.
pub(crate) async fn serve<A: App>(socket: TcpStream, address: SocketAddr, context: Rc<Context<A>>) {
    let stream = match &context.tls {
        None => Stream::Plain(socket),
        // In a box: who does not speak TLS does not pay for it.
        Some(tls) => match Box::pin(secure::accept(tls, socket, address, &context)).await {
            Some(stream) => stream,
            None => return,
        },
    };
    let stream = Arc::new(Mutex::new(stream));
    let answered = Cell::new(false);
    let handover = RefCell::new(None);
    let service = service_fn(|request| async {
        answered.set(true);
        Ok::<_, Infallible>(answer(request, address, &context, &handover).await)
    });
    let limits = &context.limits;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_deadline)
        .max_headers(limits.header_lines)
        .max_buf_size(limits.head_bytes.max(LEAST_HEAD))
        .serve_connection(
            LentSocket::new(Arc::clone(&stream), limits.write_timeout),
            service,
        )
        .with_upgrades();
    let mut orders = context.orders.clone();
    // The connection is gone behind this block: an upgrade that failed on the way is then known to
    // have failed, instead of being waited for.
    let result = {
        let mut connection = pin!(connection);
        // Orders first: what is answered after the order to drain says that the connection closes.
        tokio::select! {
            biased;
            _ = orders.wait_for(|orders| orders.draining) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            result = &mut connection => result,
        }
    };
    if let Err(error) = result {
        debug!(peer = %address, %error, "HTTP connection ended");
        if error.is_timeout() && !answered.get() {
            say_timeout(&mut lock(&stream));
        }
    }
    let handover = handover.take();
    if let Some(handover) = handover {
        drop(stream);
        become_link(handover, &context).await;
    } else if let Some(mut stream) = take(stream) {
        linger(&mut stream).await;
    }
}

/// hyper closes without a word when a head does not come in time; the client shall know why.
fn say_timeout(stream: &mut Stream) {
    let answer = format!(
        "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\
         content-security-policy: {REFUSAL_POLICY}\r\nx-content-type-options: nosniff\r\n\r\n"
    );
    // The socket is closed next, whether the peer takes these bytes or not.
    let _ = stream.try_write(answer.as_bytes());
}

async fn answer<A: App>(
    mut request: Request<Incoming>,
    address: SocketAddr,
    context: &Context<A>,
    handover: &RefCell<Option<Handover<A::Session>>>,
) -> Response<Body> {
    let has_body = !request.body().is_end_stream();
    let asks_for_upgrade = handshake::is_upgrade(request.headers());
    let mut response = match refuse_early(&request, context) {
        Some(refusal) => refusal,
        None if asks_for_upgrade => {
            let upgraded = hyper::upgrade::on(&mut request);
            answer_upgrade(request, upgraded, address, context, handover).await
        }
        None => match ask(&*context.app, request, address).await {
            Answer::Http(response) => response,
            Answer::Upgrade(_) => refusal(&handshake::Refusal::NotAnUpgrade),
        },
    };
    let (is_error, status) = (response.status().as_u16() >= 400, response.status());
    if asks_for_upgrade && is_error {
        context.counts.rejected.fetch_add(1, Relaxed);
        debug!(peer = %address, %status, "upgrade refused");
    }
    if has_body && is_error {
        // Nobody may have read the body; what follows it could not be told from it.
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Asks the application.
async fn ask<A: App>(
    app: &A,
    request: Request<Incoming>,
    address: SocketAddr,
) -> Answer<A::Session> {
    let answer = guarded(async { app.answer(request, address).await }).await;
    answer.unwrap_or_else(Answer::Http)
}

/// Has the application reach the server behind a link.
async fn reach(
    dialing: Dialing,
    peer: Peer,
    offered: Vec<String>,
) -> Result<Box<Upstream>, Response<Body>> {
    let reached = guarded(async { dialing(peer, offered).await }).await;
    reached.flatten().map(Box::new)
}

/// A panic of the application costs this request a 500 and nobody anything else.
async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, Response<Body>> {
    let mut work = pin!(work);
    let fault = || error(StatusCode::INTERNAL_SERVER_ERROR, "internal error");
    poll_fn(|cx| {
        let progress = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        progress.map_or_else(|_| Poll::Ready(Err(fault())), |progress| progress.map(Ok))
    })
    .await
}

/// What is refused before the application sees it.
fn refuse_early<A: App>(
    request: &Request<Incoming>,
    context: &Context<A>,
) -> Option<Response<Body>> {
    let hosts = request.headers().get_all(HOST).iter().count();
    if request.version() == Version::HTTP_11 && hosts != 1 {
        return Some(error(
            StatusCode::BAD_REQUEST,
            "a request has one Host header",
        ));
    }
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > context.limits.target_bytes {
        let most = context.limits.target_bytes;
        let text = format!("the request target is longer than {most} bytes");
        return Some(error(StatusCode::URI_TOO_LONG, &text));
    }
    let most = context.limits.body_bytes;
    if announced_body(request) > most as u64 {
        let text = format!("the request body is longer than {most} bytes");
        return Some(error(StatusCode::PAYLOAD_TOO_LARGE, &text));
    }
    refuse_late(context)
}

/// What is refused because the server drains. Also asked when the application has answered: the
/// 101 would come with `Connection: close`, which clients do not take for an upgrade.
fn refuse_late<A: App>(context: &Context<A>) -> Option<Response<Body>> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let is_draining = context.orders.borrow().draining;
    is_draining.then(|| error(status, "the server is shutting down"))
}

/// The size that the request's body is to have, as far as it is announced. hyper has refused
/// lengths that are not numbers.
fn announced_body(request: &Request<Incoming>) -> u64 {
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

async fn answer_upgrade<A: App>(
    request: Request<Incoming>,
    upgraded: OnUpgrade,
    address: SocketAddr,
    context: &Context<A>,
    handover: &RefCell<Option<Handover<A::Session>>>,
) -> Response<Body> {
    let versions = context.app.versions();
    let (method, headers) = (request.method(), request.headers());
    let checked = handshake::check_request_of(versions, method, request.version(), headers);
    let mut upgrade = match ask(&*context.app, request, address).await {
        Answer::Http(response) => return response,
        Answer::Upgrade(upgrade) => upgrade,
    };
    let checked = match checked {
        Ok(checked) => checked,
        Err(reason) => return refusal(&reason),
    };
    if let Some(refusal) = refuse_late(context) {
        return refusal;
    }
    let slot = match context.slots.take(address.ip()) {
        Ok(slot) => slot,
        Err(full) => return no_room(full),
    };
    let mut peer = Peer {
        number: context.numbers.fetch_add(1, Relaxed) + 1,
        address,
        subprotocol: None,
        deflate: upgrade
            .settings
            .compression
            .and_then(|compression| compression.terms.answer(&checked.deflate)),
        tls: context.tls.is_some(),
        counts: Arc::default(),
    };
    let upstream = match upgrade.upstream.take() {
        None => {
            peer.subprotocol = agree(&checked.subprotocols, &upgrade.subprotocols);
            None
        }
        Some(dialing) => match reach(dialing, peer.clone(), checked.subprotocols).await {
            Ok(upstream) => {
                peer.subprotocol = upstream.subprotocol().map(str::to_owned);
                Some(upstream)
            }
            Err(refusal) => return refusal,
        },
    };
    // Reaching the server behind may have taken a while.
    if let (Some(_), Some(refusal)) = (&upstream, refuse_late(context)) {
        return refusal;
    }
    // The answer to another key.
    let wrong = upgrade
        .wrong_accept
        .then(|| handshake::accept_key(checked.accept.as_bytes()));
    let accept = wrong.as_deref().unwrap_or(&checked.accept);
    let response = switching(accept, &peer);
    handover.replace(Some(Handover {
        upgraded,
        upgrade,
        upstream,
        peer,
        slot,
    }));
    response
}

/// The first subprotocol of ours that was offered; the first offered if we name none.
fn agree(offered: &[String], ours: &[String]) -> Option<String> {
    if ours.is_empty() {
        return offered.first().cloned();
    }
    ours.iter().find(|name| offered.contains(name)).cloned()
}

fn switching(accept: &str, peer: &Peer) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    let value = |text: &str| HeaderValue::from_str(text).ok();
    headers.extend(value(accept).map(|accept| (SEC_WEBSOCKET_ACCEPT, accept)));
    let subprotocol = peer.subprotocol.as_deref().and_then(value);
    headers.extend(subprotocol.map(|name| (SEC_WEBSOCKET_PROTOCOL, name)));
    let extensions = peer.deflate.map(|agreed| agreed.to_string());
    let extensions = extensions.as_deref().and_then(value);
    headers.extend(extensions.map(|list| (SEC_WEBSOCKET_EXTENSIONS, list)));
    response
}

/// Takes the bare socket back from hyper and serves the link as a small task of its own, so that
/// nothing of the handshake stays in memory.
async fn become_link<A: App>(handover: Handover<A::Session>, context: &Context<A>) {
    let Handover {
        upgraded,
        upgrade,
        upstream,
        peer,
        slot,
    } = handover;
    let Ok(upgraded) = upgraded.await else { return };
    let Ok(parts) = upgraded.downcast::<LentSocket>() else {
        return;
    };
    let Some(mut stream) = take(parts.io.stream) else {
        return;
    };
    let (number, deflate) = (peer.number, peer.deflate);
    let own_counts = Arc::clone(&peer.counts);
    let span = debug_span!("connection", id = peer.number, peer = %peer.address);
    let Ok(session) = catch_unwind(AssertUnwindSafe(|| (upgrade.start)(peer))) else {
        link::say_fault(&mut stream);
        return linger(&mut stream).await;
    };
    let entry = context
        .roster
        .enter(number, &upgrade.settings, &context.counts);
    // In a box: the task would have room for it three times, as itself and as what is waited for.
    let link = Box::new(Link::new(Opening {
        stream,
        early: parts.read_buf.to_vec(),
        session,
        settings: upgrade.settings,
        deflate,
        entry,
        slot,
        counts: Arc::clone(&context.counts),
        own_counts,
        upstream,
    }));
    let running = context.tasks.enter();
    tokio::task::spawn_local(async move {
        link.run().instrument(span).await;
        drop(running);
    });
}

fn refusal(reason: &handshake::Refusal) -> Response<Body> {
    let mut response = error(reason.status(), &reason.to_string());
    response.headers_mut().extend(reason.headers());
    response
}

fn no_room(full: Full) -> Response<Body> {
    let (status, limit) = match full {
        Full::Server(limit) => (StatusCode::SERVICE_UNAVAILABLE, limit),
        Full::Address(limit) => (StatusCode::TOO_MANY_REQUESTS, limit),
    };
    let body = format!(r#"{{"error":"too many connections","limit":{limit}}}"#);
    let mut response = json(status, body);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A JSON object with one member, `error`. `text` is ours and needs no escaping beyond quotes.
fn error(status: StatusCode, text: &str) -> Response<Body> {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    json(status, format!(r#"{{"error":"{text}"}}"#))
}

fn json(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        // Whoever serves pages on this port does not see these answers to add it.
        (CONTENT_SECURITY_POLICY, REFUSAL_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
