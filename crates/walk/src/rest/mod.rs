//! The REST service passes through here: calls in, one machine for all of them on a thread of its own, answers out.

mod machine;
mod routes;

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use ::http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use sockeye_model::Suite;
use sockeye_net::Body;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use crate::app::plain;
use crate::card::Card;
use crate::limits::{BODY_TIME, REQUEST_BYTES};
use crate::service::Service;
use machine::{Outcome, RestMachine};
use routes::{Call, Route};

/// The session that WebSockets to the REST service watch; none before models are loaded.
pub(crate) type Playback = Arc<Mutex<Option<Arc<Card>>>>;

/// How the REST service is to behave.
#[derive(Clone, Debug, Default)]
pub struct RestOptions {
    /// The models to begin with; without any, `load` brings them.
    pub suite: Option<Suite>,
    /// Tell ids, variables, properties and actions with each step.
    pub verbose: bool,
    /// Tell with each step what was not visited.
    pub unvisited: bool,
    /// Leave out what is marked as blocked, also of models that are loaded later.
    pub blocked: bool,
}

/// What is done on the machine's thread.
type Job = Box<dyn FnOnce(&mut RestMachine) + Send>;

/// Calls that may wait for the machine. Beyond: 503.
const WAITING_CALLS: usize = 256;

/// How often a step that is held back looks whether it may be made.
const LOOK: std::time::Duration = std::time::Duration::from_millis(20);

/// The media type of all answers.
const TYPE: &str = "text/plain;charset=UTF-8";

/// The service's end of the machine.
#[derive(Debug)]
pub(crate) struct Rest {
    jobs: Sender<Job>,
    waiting: Semaphore,
    playback: Playback,
}

impl Rest {
    /// Starts the machine's thread. Fails if the models to begin with cannot be walked.
    pub(crate) fn start(service: &Arc<Service>, options: RestOptions) -> Result<Self, String> {
        let (jobs, taken) = channel::<Job>();
        let (tell, told) = channel();
        let playback = Playback::default();
        let (service, shared) = (Arc::clone(service), Arc::clone(&playback));
        let run = move || {
            let made = RestMachine::new(service, options, shared);
            let mut machine = match made {
                Ok(machine) => machine,
                Err(reason) => {
                    let _ = tell.send(Err(reason));
                    return;
                }
            };
            let _ = tell.send(Ok(()));
            for job in taken {
                job(&mut machine);
            }
        };
        let thread = std::thread::Builder::new().name("walk".to_owned());
        let spawned = thread.spawn(run);
        spawned.map_err(|error| format!("there is no thread for the machine: {error}"))?;
        let made = told.recv();
        made.map_err(|_| "the machine came to a bad end".to_owned())??;
        Ok(Self {
            jobs,
            waiting: Semaphore::new(WAITING_CALLS),
            playback,
        })
    }

    pub(crate) fn playback(&self) -> Playback {
        Arc::clone(&self.playback)
    }

    /// Answers one call.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let call = match routes::find(request.method(), request.uri().path()) {
            Route::Call(call) => call,
            Route::Nothing => return plain(StatusCode::NOT_FOUND, TYPE, ""),
            Route::Other(allowed) => return routes::other(request.method(), allowed),
        };
        if let Some(refusal) = routes::refuse(request.headers(), &call) {
            return refusal;
        }
        let call = match call {
            Call::Load(_) => match read(request).await {
                Ok(text) => Call::Load(text),
                Err(refusal) => return refusal,
            },
            call => call,
        };
        let Ok(_permit) = self.waiting.try_acquire() else {
            return plain(
                StatusCode::SERVICE_UNAVAILABLE,
                TYPE,
                "too many calls wait for the machine",
            );
        };
        self.carry_out(call).await
    }

    async fn carry_out(&self, call: Call) -> Response<Body> {
        let call = Arc::new(call);
        loop {
            let (tell, told) = oneshot::channel();
            let asked = Arc::clone(&call);
            let job: Job = Box::new(move |machine| {
                // Whoever asked may be gone.
                let _ = tell.send(machine.carry_out(&asked));
            });
            let fault = || {
                plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    TYPE,
                    "the machine came to a bad end",
                )
            };
            if self.jobs.send(job).is_err() {
                return fault();
            }
            match told.await {
                Ok(Outcome::Answer(text)) => return plain(StatusCode::OK, TYPE, text),
                Ok(Outcome::Held(until)) => {
                    let look = Instant::now() + LOOK;
                    let until = until.map_or(look, |until| Instant::from(until).min(look));
                    sleep_until(until).await;
                }
                Err(_) => return fault(),
            }
        }
    }
}

/// The whole body as text.
async fn read(request: Request<Incoming>) -> Result<String, Response<Body>> {
    let body = Limited::new(request.into_body(), REQUEST_BYTES);
    let text = match timeout(BODY_TIME, body.collect()).await {
        Ok(Ok(body)) => String::from_utf8(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let text = format!("models have at most {REQUEST_BYTES} bytes");
            return Err(plain(StatusCode::PAYLOAD_TOO_LARGE, TYPE, text));
        }
        Ok(Err(_)) => return Err(plain(StatusCode::BAD_REQUEST, TYPE, "the body broke off")),
        Err(_) => return Err(plain(StatusCode::REQUEST_TIMEOUT, TYPE, "the body is late")),
    };
    text.map_err(|_| plain(StatusCode::BAD_REQUEST, TYPE, "the body is not UTF-8"))
}
