//! A running server is recorded through its admin listener: the stream is taken as fast as the disk is,
//! and the end is told from a loss.

use std::net::IpAddr;
use std::time::Duration;

use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use sockeye_net::{Conversation, DialError, Received, Target, dial};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, ResponseError, fresh_key};
use tokio::time::{Instant, timeout};

use super::progress::Progress;
use super::stream::Stream;
use super::tape::Tape;
use super::{RecordArgs, Recorded, told};
use crate::admin::TAPE;
use crate::exit::Exit;
use crate::report;
use crate::ws::ask::{NoAnswer, address_of, unreachable_at};
use crate::ws::connect::{Signals, until};
use crate::ws::steer::encoded;

/// How long connecting may take, and the rest of the stream after it was told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest message of the stream, in bytes.
const PIECE: u64 = 1024 * 1024;

/// Bytes after which the server is told that they are dealt with.
const ACKNOWLEDGED: u64 = 128 * 1024;

/// What became of it.
pub(super) enum Attached {
    /// It is over.
    Ended(Exit),
    /// Nothing listens at that address of this machine.
    NobodyThere,
}

/// Records a running server until it is told to stop.
pub(super) async fn record(args: &RecordArgs) -> Attached {
    let Ok(signals) = Signals::listen() else {
        report::sentence("cannot listen for signals");
        return Attached::Ended(Exit::Internal);
    };
    let conversation = match connect(args).await {
        Ok(Some(mut conversation)) => {
            if !is_greeted(&mut conversation).await {
                let address = args.target.admin.clone();
                report::sentence(&NoAnswer::Foreign { address }.to_string());
                return Attached::Ended(Exit::Io);
            }
            conversation
        }
        Ok(None) => return Attached::NobodyThere,
        Err(error) => {
            report::sentence(&error.to_string());
            return Attached::Ended(error.exit());
        }
    };
    let tape = match Tape::create(args) {
        Ok(tape) => tape,
        Err(sentence) => {
            report::sentence(&sentence);
            return Attached::Ended(Exit::Io);
        }
    };
    report::sentence(&format!("recording {}", args.target.admin));
    let session = Session {
        conversation,
        stream: Stream::default(),
        tape,
        heard: 0,
        acknowledged: 0,
        began: Instant::now(),
        stopped: None,
    };
    let (recorded, early) = session.run(args, signals).await;
    let recorded = recorded.map(|(done, ran)| Recorded {
        done,
        millis: ran.as_millis(),
        early,
    });
    Attached::Ended(told(args, recorded))
}

/// The stream; none if nothing listens at an address of this machine.
async fn connect(args: &RecordArgs) -> Result<Option<Conversation>, NoAnswer> {
    let address = address_of(&args.target.admin)?;
    let wrong = || NoAnswer::Address(args.target.admin.clone());
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let host = host.trim_matches(['[', ']']);
    let port = port.parse().map_err(|_| wrong())?;
    let mut headers = HeaderMap::new();
    if let Some(token) = &args.target.token {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| {
            let error = "the token has letters that no header can carry".to_owned();
            NoAnswer::Refused {
                status: StatusCode::UNAUTHORIZED,
                error,
            }
        })?;
        headers.insert(AUTHORIZATION, value);
    }
    let mut path = format!("/__mockforge/ws/record?exclude_ping={}", args.exclude_ping);
    for wanted in &args.paths {
        path.push_str("&path=");
        path.push_str(&encoded(wanted));
    }
    let subprotocols = [TAPE.to_owned()];
    let request = ClientRequest::new(&address, &path, &headers, &subprotocols, fresh_key());
    let request = request.map_err(|error| unreachable_at(&address, &error))?;
    let limits = FrameLimits {
        frame_bytes: PIECE,
        message_bytes: PIECE,
        ..FrameLimits::default()
    };
    match dial(&Target::new(host, port), &request, limits, PATIENCE).await {
        Ok(conversation) => Ok(Some(conversation)),
        Err(DialError::Socket { error, .. })
            if error.kind() == std::io::ErrorKind::ConnectionRefused && is_here(host) =>
        {
            Ok(None)
        }
        Err(error) => Err(no_answer(&error, address)),
    }
}

/// Whether the first message comes, which says that everything after it is heard.
async fn is_greeted(conversation: &mut Conversation) -> bool {
    let greeting = timeout(PATIENCE, async {
        loop {
            match conversation.receive().await {
                Ok(Received::Ping(_) | Received::Pong(_)) => {}
                received => return received,
            }
        }
    });
    let Ok(Ok(Received::Text(text))) = greeting.await else {
        return false;
    };
    let word: Value = serde_json::from_str(&text).unwrap_or_default();
    word["type"] == "hello"
}

fn is_here(host: &str) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

fn no_answer(error: &DialError, address: String) -> NoAnswer {
    match error {
        DialError::Timeout { .. } => NoAnswer::Late { address },
        DialError::Handshake {
            error: ResponseError::Status { status },
            answer,
            ..
        } if *status != 404 => match refusal(answer) {
            Some(error) => NoAnswer::Refused {
                status: StatusCode::BAD_REQUEST,
                error,
            },
            None => NoAnswer::Foreign { address },
        },
        DialError::Handshake { .. } => NoAnswer::Foreign { address },
        _ => unreachable_at(&address, error),
    }
}

/// The sentence of an admin listener that refuses.
fn refusal(answer: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let (_, body) = text.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["error"].as_str()?.to_owned())
}

/// A recording that goes on.
struct Session {
    conversation: Conversation,
    stream: Stream,
    tape: Tape,
    /// Bytes of the stream that came, and those that the server knows of.
    heard: u64,
    acknowledged: u64,
    began: Instant,
    /// Until when the rest is awaited, once nothing more is wanted.
    stopped: Option<Instant>,
}

/// Why a stream ended, if it should not have.
type Early = Option<String>;

impl Session {
    async fn run(
        mut self,
        args: &RecordArgs,
        mut signals: Signals,
    ) -> (Result<(super::Done, Duration), String>, Early) {
        let end = args.duration.map(|time| self.began + time);
        let mut ran = None;
        let mut progress = Progress::start();
        let early = loop {
            let is_stopped = self.stopped.is_some();
            tokio::select! {
                received = self.conversation.receive() => match self.take(received) {
                    Ok(()) => {}
                    Err(early) => break early,
                },
                () = signals.next(), if !is_stopped => self.stop().await,
                () = until(end), if !is_stopped => self.stop().await,
                () = until(self.stopped) => break None,
                () = progress.beat() => progress.show(self.tape.count()),
            }
            if self.stopped.is_none() && self.tape.is_over() {
                self.stop().await;
            }
            if self.stopped.is_some() {
                ran.get_or_insert_with(|| self.began.elapsed());
            }
            self.acknowledge().await;
        };
        drop(progress);
        let ran = ran.unwrap_or_else(|| self.began.elapsed());
        let done = self.tape.finish(ran);
        (done.map(|done| (done, ran)), early)
    }

    /// Takes in what came. An error: it is over, and why if that was too early.
    fn take(&mut self, received: std::io::Result<Received>) -> Result<(), Early> {
        let lost = "the server was lost while it was recorded";
        match received {
            Ok(Received::Binary(bytes)) => {
                self.heard += bytes.len() as u64;
                self.stream.push(&bytes);
                let foreign = |_| Some("what the server sent is no recording".to_owned());
                while let Some(entry) = self.stream.next().map_err(foreign)? {
                    self.tape.add(entry);
                }
                Ok(())
            }
            Ok(Received::Text(text)) => {
                let word: Value = serde_json::from_str(&text).unwrap_or_default();
                match (word["type"].as_str(), word["error"].as_str()) {
                    (Some("end"), why) => Err(why.map(ToOwned::to_owned)),
                    _ => Ok(()),
                }
            }
            Ok(Received::Ping(_) | Received::Pong(_)) => Ok(()),
            // The end was told before the Close, if it was one.
            _ if self.stopped.is_some() => Err(None),
            Ok(Received::Close(_) | Received::End | Received::Broken(_)) => {
                Err(Some(lost.to_owned()))
            }
            Err(error) => Err(Some(format!("{lost}: {error}"))),
        }
    }

    /// Wants nothing more; what is under way still counts.
    async fn stop(&mut self) {
        self.stopped = Some(Instant::now() + PATIENCE);
        self.say(&json!({ "type": "stop" })).await;
    }

    /// Lets the server go on, if the disk keeps up.
    async fn acknowledge(&mut self) {
        let news = self.heard - self.acknowledged;
        if news >= ACKNOWLEDGED && !self.tape.is_behind() {
            self.acknowledged = self.heard;
            self.say(&json!({ "type": "ack", "bytes": self.heard }))
                .await;
        }
    }

    async fn say(&mut self, word: &Value) {
        // A server that is gone is noticed by the next read, which tells what it was.
        let _ = self.conversation.send_text(&word.to_string()).await;
    }
}
