//! Who may open a WebSocket: a header or a parameter of the query must have the value the file wants.

use ::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use ::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;
use sockeye_core::secrets;
use sockeye_net::Body;
use sockeye_script::template::Template;
use tracing::debug;

use crate::facts::Facts;
use crate::http::refuse;
use crate::occasion::Occasion;
use crate::voice::Voice;
use crate::world::World;

/// What a handshake must carry.
#[derive(Debug)]
pub(crate) struct Auth {
    pub(crate) carrier: Carrier,
    /// The value, which nothing that a client sends has a say in. An empty one lets nobody in: it comes from a
    /// variable that is not set.
    pub(crate) equals: Template,
    /// What others get.
    pub(crate) status: StatusCode,
}

/// Where the value is.
#[derive(Debug)]
pub(crate) enum Carrier {
    Header(HeaderName),
    Query(Box<str>),
}

impl Auth {
    /// What a handshake without the right value gets. The value must be there exactly once.
    pub(crate) fn refuse(
        &self,
        world: &World,
        route: &str,
        facts: &Facts,
    ) -> Option<Response<Body>> {
        let expected = self.expected(world, route);
        let mut shown = self.shown(facts);
        let is_right = match (shown.next(), shown.next()) {
            (Some(only), None) => secrets::same(only.as_bytes(), &expected),
            _ => false,
        };
        if is_right && !expected.is_empty() {
            return None;
        }
        debug!(route, status = %self.status, "a handshake without the value that `auth` wants");
        Some(self.refusal(&expected))
    }

    fn expected(&self, world: &World, route: &str) -> Vec<u8> {
        let mut text = Vec::new();
        let mut voice = Voice {
            world,
            facts: &Facts::default(),
            route,
            conduct: None,
            random: &mut world.random(0),
        };
        let written = voice.with_scope(Occasion::default(), |scope| {
            self.equals.render_text(scope, &mut text)
        });
        // What cannot be written lets nobody in.
        if written.is_err() {
            text.clear();
        }
        text
    }

    /// The values that the handshake carries.
    fn shown<'f>(&self, facts: &'f Facts) -> impl Iterator<Item = &'f str> {
        let (pairs, name) = match &self.carrier {
            Carrier::Header(name) => (&facts.headers, name.as_str()),
            Carrier::Query(name) => (&facts.query, &**name),
        };
        pairs.all(name)
    }

    /// Says where the value is expected, and not which.
    fn refusal(&self, expected: &[u8]) -> Response<Body> {
        let place = match &self.carrier {
            Carrier::Header(name) => format!("the header `{name}`"),
            Carrier::Query(name) => format!("the query parameter `{name}`"),
        };
        let error = format!("{place} does not have the value that this path wants");
        let mut response = refuse::json(self.status, &json!({ "error": error }));
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 15.5.2: a 401 names a scheme.
            let challenge = HeaderValue::from_static(self.scheme(expected));
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// `Basic` if that is what the file expects in `Authorization`; else `Bearer`.
    fn scheme(&self, expected: &[u8]) -> &'static str {
        let is_basic = matches!(&self.carrier, Carrier::Header(name) if *name == AUTHORIZATION)
            && expected
                .first_chunk::<6>()
                .is_some_and(|start| start.eq_ignore_ascii_case(b"basic "));
        if is_basic { "Basic" } else { "Bearer" }
    }

    /// In words, for explanations: where the value is.
    pub(crate) fn note(&self) -> String {
        let (what, name) = match &self.carrier {
            Carrier::Header(name) => ("header", name.as_str()),
            Carrier::Query(name) => ("query parameter", &**name),
        };
        format!("auth: {what} `{name}`, others get {}", self.status.as_u16())
    }
}
