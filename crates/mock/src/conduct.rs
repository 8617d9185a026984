//! What a file says about a WebSocket beyond its answers: how many may come, how late and unreliable it
//! is, whom it calls. A route without any of it has no conduct, and pays for none.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::http::Response;
use sockeye_core::Place;
use sockeye_net::{Body, Frame, Message, Outbox};
use tracing::{debug, warn};

use crate::act::Act;
use crate::agenda::Agenda;
use crate::answer::Answer;
use crate::http::{Draws, Latency, Quota, RateLimit, Refusal};
use crate::incoming::Incoming;
use crate::js::Handler;
use crate::occasion::Occasion;
use crate::session::Parts;
use crate::voice::Voice;
use crate::webhook::Webhook;
use crate::world::World;

/// How a WebSocket behaves.
#[derive(Debug)]
pub(crate) struct Conduct {
    /// How many handshakes an address may make.
    pub(crate) rate_limit: Option<RateLimit>,
    /// How late its answers are, and how often a handshake fails.
    pub(crate) latency: Option<Latency>,
    /// Whom it calls when it has answered a message.
    pub(crate) webhook: Option<Webhook>,
    draws: Draws,
}

/// The number of an act and the script that it is.
type Script<'p> = Option<(usize, &'p Arc<Handler>)>;

/// Does what a rule answers, from act `from` on up to a script, and calls whom the file wants to be called
/// if the rule is the first that answers this message.
pub(crate) fn answer<'p>(
    acts: &'p [Act],
    from: usize,
    about: Occasion<'_, '_, '_>,
    is_first: bool,
    session: &mut Parts<'_>,
    out: &mut Outbox<'_>,
) -> Script<'p> {
    let Parts { voice, agenda, .. } = session;
    let Some(conduct) = voice.conduct else {
        return voice.act(acts, from, about, out);
    };
    let delay = conduct.say(acts, about, voice, agenda, out);
    if let Some(webhook) = conduct.webhook.as_ref().filter(|_| is_first) {
        let world = voice.world;
        voice.with_scope(about, |scope| webhook.call(world, scope, delay));
    }
    None
}

/// Does what a new connection gets, up to a script.
pub(crate) fn greet<'s>(session: &mut Parts<'s>, out: &mut Outbox<'_>) -> Script<'s> {
    let acts = &session.route.on_connect;
    let Parts { voice, agenda, .. } = session;
    let about = Occasion::default();
    let Some(conduct) = voice.conduct else {
        return voice.act(acts, 0, about, out);
    };
    conduct.say(acts, about, voice, agenda, out);
    None
}

impl Conduct {
    /// The conduct of the item at `place`; nothing if nothing is said.
    pub(crate) fn new(
        rate_limit: Option<RateLimit>,
        latency: Option<Latency>,
        webhook: Option<Webhook>,
        place: &Place,
    ) -> Option<Box<Self>> {
        let says_nothing = rate_limit.is_none() && latency.is_none() && webhook.is_none();
        (!says_nothing).then(|| {
            Box::new(Self {
                rate_limit,
                latency,
                webhook,
                draws: Draws::of(place),
            })
        })
    }

    /// What a handshake gets instead of a connection: 429, 500, or 504 after its time. Takes as long
    /// as that.
    pub(crate) async fn refuse(&self, world: &World, address: IpAddr) -> Option<Response<Body>> {
        let limit = self.rate_limit.as_ref();
        let quota = limit.map(|limit| limit.take(address, Instant::now()));
        let refusal = self.admit(world, quota).await.err()?;
        debug!(status = %refusal.status(), "{refusal}");
        let mut response = refusal.response();
        if let Some(quota) = quota {
            quota.write(world.clock(), response.headers_mut());
        }
        Some(response)
    }

    async fn admit(&self, world: &World, quota: Option<Quota>) -> Result<(), Refusal> {
        if let (Some(limit), Some(quota)) = (&self.rate_limit, quota) {
            limit.check(quota)?;
        }
        match &self.latency {
            Some(latency) => latency.admit(&mut self.draws.next(world)).await,
            None => Ok(()),
        }
    }

    /// Says the answers among `acts` in order, as late as the file wants it; the time that the last one
    /// waits. Files that can have a conduct have nothing but answers.
    fn say(
        &self,
        acts: &[Act],
        about: Occasion<'_, '_, '_>,
        voice: &mut Voice<'_>,
        agenda: &mut Agenda,
        out: &mut Outbox<'_>,
    ) -> Duration {
        let latency = self.latency.as_ref();
        let Some(latency) = latency.filter(|latency| !latency.delay.end().is_zero()) else {
            voice.act(acts, 0, about, out);
            return Duration::ZERO;
        };
        let mut waits = Duration::ZERO;
        for answer in acts.iter().filter_map(Act::answer) {
            // Rendered now: what it is about is gone when it is sent.
            let delay = latency.delay(voice.random);
            if let Some(frame) = frame(answer, about, voice) {
                waits = agenda.delay(frame, delay, out);
            }
        }
        waits
    }

    /// In words, for explanations.
    pub(crate) fn notes(&self) -> Vec<String> {
        let limit = self.rate_limit.as_ref().map(RateLimit::note);
        let latency = self.latency.as_ref().map(Latency::note);
        let webhook = self.webhook.as_ref().map(Webhook::note);
        limit.into_iter().chain(latency).chain(webhook).collect()
    }
}

/// An answer as it will be sent; nothing, and a line in the log, if it cannot be rendered.
fn frame(answer: &Answer, about: Occasion<'_, '_, '_>, voice: &mut Voice<'_>) -> Option<Frame> {
    if let Answer::Echo = answer {
        return Some(Frame::new(about.incoming.map(Incoming::message)?));
    }
    let (world, route) = (voice.world, voice.route);
    let mut text = Vec::new();
    match voice.with_scope(about, |scope| answer.write(scope, &mut text)) {
        // Templates write text, which is UTF-8.
        Ok(()) => Some(Frame::new(Message::Text(std::str::from_utf8(&text).ok()?))),
        Err(error) => {
            if world.count_template_error() {
                warn!(route, %error, "an answer could not be rendered");
            }
            None
        }
    }
}
