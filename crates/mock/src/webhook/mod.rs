//! JOURNEY: an answer was given, and somebody else is called about it.
//!
//! ```text
//! answer ──call──> letter: rendered, bounded ──post──> waits for its time ──deliver──> an HTTP request
//! ```
//!
//! Nobody waits for it: what goes wrong on the way is counted, and told in the log.

mod deliver;
mod post;

use std::sync::Arc;
use std::time::Duration;

use ::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use ::http::{HeaderMap, HeaderName, Method, Request};
use bytes::Bytes;
use http_body_util::Full;
use sockeye_core::Place;
use sockeye_core::secrets;
use sockeye_script::template::{Condition, RenderError, Scope, Template, UrlTemplate};
use thiserror::Error;

pub use deliver::deliver;
pub(crate) use post::Post;

use crate::answer::Answer;
use crate::http::media_type;
use crate::load::file_of;
use crate::outgoing;
use crate::world::World;
use post::Letter;

/// The largest body of a webhook, in bytes: 1 MiB, as much as a template may write.
const MOST_BODY_BYTES: usize = 1024 * 1024;

/// A call that follows an answer, as the file describes it.
#[derive(Debug)]
pub(crate) struct Webhook {
    method: Method,
    target: Arc<Target>,
    url: UrlTemplate,
    content: Content,
    /// How long it waits.
    sleep: Duration,
    /// It is only made if this holds.
    condition: Option<Condition>,
}

/// What a file says about a webhook, apart from whom to call.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) headers: Vec<(HeaderName, Template)>,
    pub(crate) body: Option<Answer>,
}

/// Who is called. Nothing that a peer sends has a say in it.
#[derive(Debug)]
pub(crate) struct Target {
    /// Name or address, without brackets.
    pub(crate) host: Box<str>,
    pub(crate) port: u16,
    /// Both, as written.
    pub(crate) authority: HeaderValue,
    /// `file:line` of the webhook, for the log.
    pub(crate) place: Box<str>,
}

/// Why a webhook is not rendered.
#[derive(Debug, Error)]
pub(crate) enum Unfit {
    #[error(transparent)]
    Line(#[from] outgoing::Unfit),
    #[error("it could not be rendered: {0}")]
    Template(#[from] RenderError),
    #[error("its body is longer than {MOST_BODY_BYTES} bytes")]
    BodyTooLong,
    #[error("its URL is none: {0}")]
    Url(#[from] ::http::Error),
}

impl Target {
    pub(crate) fn new(host: &str, port: u16, authority: HeaderValue, place: &Place) -> Self {
        Self {
            host: host.trim_matches(['[', ']']).into(),
            port,
            authority,
            place: format!("{}:{}", file_of(place), place.line()).into(),
        }
    }
}

impl Webhook {
    pub(crate) fn new(
        method: Method,
        target: Target,
        url: UrlTemplate,
        content: Content,
        sleep: Duration,
        condition: Option<Condition>,
    ) -> Self {
        Self {
            method,
            target: Arc::new(target),
            url,
            content,
            sleep,
            condition,
        }
    }

    /// Posts the call for what `scope` knows, if its condition holds. `delay` is the time until the
    /// answer goes out, which it follows.
    pub(crate) fn call(&self, world: &World, scope: &mut Scope<'_>, delay: Duration) {
        match self.render(scope) {
            Ok(None) => {}
            Ok(Some(request)) => {
                let letter = Letter::new(request, Arc::clone(&self.target), delay + self.sleep);
                world.post.take(letter);
            }
            Err(unfit) => world.post.fail(&self.target, &unfit),
        }
    }

    /// In words, for explanations.
    pub(crate) fn note(&self) -> String {
        let authority = self.target.authority.to_str().unwrap_or_default();
        let condition = if self.condition.is_some() {
            ", under a condition"
        } else {
            ""
        };
        let (method, url, sleep) = (&self.method, self.url.with("{{…}}"), self.sleep);
        let url = format!("http://{authority}{url}");
        let url = secrets::address(&url).into_owned();
        format!("calls {method} {url} after {sleep:?}{condition}")
    }

    /// The request; nothing where the condition does not hold.
    fn render(&self, scope: &mut Scope<'_>) -> Result<Option<Request<Full<Bytes>>>, Unfit> {
        if let Some(condition) = &self.condition
            && !condition.holds(scope)?
        {
            return Ok(None);
        }
        let url = outgoing::url(&self.url, scope)?;
        let mut request = Request::builder()
            .method(&self.method)
            .uri(url)
            .body(Full::default())?;
        let mut body = Vec::new();
        if let Some(answer) = &self.content.body {
            answer.write(scope, &mut body)?;
        }
        if body.len() > MOST_BODY_BYTES {
            return Err(Unfit::BodyTooLong);
        }
        *request.headers_mut() = self.render_headers(&body, scope)?;
        *request.body_mut() = Full::new(body.into());
        Ok(Some(request))
    }

    fn render_headers(&self, body: &[u8], scope: &mut Scope<'_>) -> Result<HeaderMap, Unfit> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, self.target.authority.clone());
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        for (name, template) in &self.content.headers {
            headers.append(name, outgoing::header(name, template, scope)?);
        }
        let agent = HeaderValue::from_static(concat!("sockeye/", env!("CARGO_PKG_VERSION")));
        headers.entry(USER_AGENT).or_insert(agent);
        if body.is_empty() {
            // RFC 9110 section 8.6 wants it of methods that have a meaning with a body.
            if matches!(self.method, Method::POST | Method::PUT | Method::PATCH) {
                headers.insert(CONTENT_LENGTH, 0.into());
            }
        } else {
            let kind = HeaderValue::from_static(media_type(body));
            headers.entry(CONTENT_TYPE).or_insert(kind);
        }
        Ok(headers)
    }
}
