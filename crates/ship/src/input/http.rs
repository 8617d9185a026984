//! Records over HTTP: the body of a POST becomes records, its path their tag.

pub(super) mod form;
mod request;

use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use sockeye_core::{Clock, Mistake, Mistakes, Place, quoted};

use super::address::{LISTEN, Listen};
use super::listener::{Caller, Door};
use super::{Context, Input, Known, Running};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::report::Log;
use crate::tls;

const KEYS: &[Key] = &[
    LISTEN,
    Key::new(
        "port",
        Kind::Port,
        Some("9880"),
        "port to listen on, 0 for any",
    ),
    Key::new(
        "tag_key",
        Kind::Text,
        None,
        "key of a record whose text is its tag",
    ),
    Key::new(
        "successful_response_code",
        Kind::Integer,
        Some("201"),
        "200, 201, 202 or 204",
    ),
    Key::new(
        "success_header",
        Kind::Texts,
        None,
        "header of a good answer: `Name value`",
    ),
    Key::new(
        "add_remote_addr",
        Kind::Bool,
        Some("off"),
        "whether records tell who sent them",
    ),
    Key::new(
        "remote_addr_key",
        Kind::Text,
        Some("REMOTE_ADDR"),
        "the key for that",
    ),
    Key::new(
        "buffer_max_size",
        Kind::Size,
        Some("4M"),
        "bytes that a body may have",
    ),
    Key::new(
        "buffer_chunk_size",
        Kind::Unused("buffers grow as needed"),
        None,
        "accepted",
    ),
    Key::new(
        "http2",
        Kind::Unused("HTTP/1.1 is spoken"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "http",
    about: "JSON or forms in the bodies of HTTP requests",
    tables: &[KEYS, tls::KEYS, tls::SERVER_KEYS, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Http {
    listen: Listen,
    settings: Arc<Settings>,
    door: Door,
}

/// What every request needs to know.
#[derive(Debug)]
struct Settings {
    clock: Clock,
    tag_key: Option<String>,
    good: StatusCode,
    headers: HeaderMap,
    address_key: Option<String>,
    limit: usize,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let limit = properties.size("buffer_max_size").unwrap_or_default();
    let address_key = properties.text("remote_addr_key").map(str::to_owned);
    let settings = Settings {
        clock: context.clock.clone(),
        tag_key: properties.text("tag_key").map(str::to_owned),
        good: good(properties)?,
        headers: headers(properties)?,
        address_key: address_key.filter(|_| properties.flag("add_remote_addr")),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    Ok(Box::new(Http {
        listen: Listen::with_tls(properties)?,
        settings: Arc::new(settings),
        door: Door::default(),
    }))
}

fn good(properties: &Properties<'_>) -> Result<StatusCode, Mistake> {
    match properties.integer("successful_response_code") {
        Some(200) => Ok(StatusCode::OK),
        Some(201) => Ok(StatusCode::CREATED),
        Some(202) => Ok(StatusCode::ACCEPTED),
        Some(204) => Ok(StatusCode::NO_CONTENT),
        _ => Err(properties
            .mistake(
                "successful_response_code",
                "`successful_response_code` must be 200, 201, 202 or 204",
            )
            .label("no such answer")
            .remedy("write one of them")),
    }
}

/// `Name value`, split at the first blanks.
fn headers(properties: &Properties<'_>) -> Result<HeaderMap, Mistake> {
    let mut headers = HeaderMap::new();
    for property in properties.texts("success_header") {
        let (name, value) = property
            .value
            .split_once(' ')
            .unwrap_or((&property.value, ""));
        let wrong = |place: &Place| {
            let message = format!("{} is no header", quoted(&property.value));
            let mistake = Mistake::at(place, message).label("expected `Name value`");
            mistake.remedy("write a name, a blank and a value")
        };
        let name = HeaderName::try_from(name).map_err(|_| wrong(&property.place))?;
        let value = HeaderValue::try_from(value.trim()).map_err(|_| wrong(&property.place))?;
        headers.append(name, value);
    }
    Ok(headers)
}

impl Input for Http {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        self.door = Door::open(&self.listen, "http", name, log)?;
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        let Self { door, settings, .. } = *self;
        Box::pin(door.serve(collector, move |caller, collector| {
            connection(Arc::clone(&settings), caller, collector)
        }))
    }
}

/// Answers requests until the peer or the input ends; the request that is there is answered.
async fn connection(settings: Arc<Settings>, caller: Caller, collector: Collector) {
    let peer = caller.address;
    let service = service_fn(|request| request::answer(&settings, peer, &collector, request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(caller.stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // A peer that breaks off has nothing to be told.
        _ = connection.as_mut() => return,
        () = collector.stopping() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
