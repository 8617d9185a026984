//! Lines of standard input become text messages, messages become lines of standard output.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _, stdin, stdout};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sockeye_core::Clock;
use sockeye_net::{Conversation, Received};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::super::shown::{self, harmless};
use super::ConnectArgs;
use super::talk::{Ending, Event, Order, Signals, Talk, until};
use crate::exit::Exit;
use crate::report::{self, counted};

/// What is written.
struct Output {
    is_json: bool,
    is_terminal: bool,
    clock: Clock,
    /// Messages that are still wanted.
    wanted: Option<u64>,
}

/// Talks until it is over. Errors: standard output cannot be written.
pub(super) async fn converse(conversation: Conversation, args: &ConnectArgs) -> io::Result<Exit> {
    let mut signals = Signals::listen()?;
    let (mut talk, orders) = Talk::start(conversation);
    let mut trouble = read_lines(orders, args.dial.max_message_size)?;
    let mut output = Output {
        is_json: args.json,
        is_terminal: stdout().is_terminal(),
        clock: Clock::system(),
        wanted: args.count,
    };
    let mut exit = None;
    let mut idle_until = None;
    loop {
        let event = tokio::select! {
            event = talk.next() => event,
            () = until(idle_until) => {
                idle_until = None;
                talk.close();
                continue;
            }
            () = signals.next() => {
                talk.close();
                continue;
            }
        };
        match event {
            Event::Spoken => match trouble.try_recv() {
                Ok(sentence) => {
                    report::sentence(&sentence);
                    exit = Some(Exit::Usage);
                    talk.close();
                }
                Err(_) => idle_until = Some(Instant::now() + args.wait),
            },
            Event::Received(received) => {
                if output.show(&received)? {
                    talk.close();
                }
                idle_until = idle_until.map(|_| Instant::now() + args.wait);
            }
            Event::Ended(ending) => {
                output.end(&ending)?;
                talk.finish(&ending).await;
                return Ok(exit.unwrap_or(ending.exit()));
            }
        }
    }
}

/// Reads standard input on a thread of its own. The receiver gets what was wrong with it.
fn read_lines(orders: mpsc::Sender<Order>, most: u64) -> io::Result<oneshot::Receiver<String>> {
    let (tell, trouble) = oneshot::channel();
    let read = move || {
        for number in 1_u64.. {
            let line = match next_line(most, number) {
                Ok(Some(line)) => line,
                Ok(None) => return,
                Err(sentence) => {
                    // Told before `orders` is dropped, which is what makes it be looked for.
                    let _ = tell.send(sentence);
                    return;
                }
            };
            if orders.blocking_send(Order::Text(line)).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(read)?;
    Ok(trouble)
}

/// A line without its end. None: there are no more.
fn next_line(most: u64, number: u64) -> Result<Option<String>, String> {
    let mut line = Vec::new();
    // Two more for the end of the line.
    let read = stdin().lock().take(most + 2).read_until(b'\n', &mut line);
    read.map_err(|error| format!("cannot read standard input: {error}"))?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop_if(|byte| *byte == b'\n').is_some() {
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() as u64 > most {
        return Err(format!(
            "line {number} of standard input has more than {most} bytes; --max-message-size allows more"
        ));
    }
    let line = String::from_utf8(line);
    line.map(Some).map_err(|_| {
        format!("line {number} of standard input is not UTF-8, which text messages are")
    })
}

impl Output {
    /// Writes a message; whether it was the last that is wanted.
    fn show(&mut self, received: &Received) -> io::Result<bool> {
        if self.wanted == Some(0) || !matches!(received, Received::Text(_) | Received::Binary(_)) {
            return Ok(false);
        }
        match received {
            _ if self.is_json => self.write(&self.json(received))?,
            Received::Text(text) => self.write(&self.line(text))?,
            Received::Binary(bytes) => report::sentence(&format!(
                "a binary message of {} came; --json shows it",
                counted(bytes.len(), "byte")
            )),
            _ => {}
        }
        self.wanted = self.wanted.map(|wanted| wanted - 1);
        Ok(self.wanted == Some(0))
    }

    fn json(&self, received: &Received) -> String {
        let at = format!("{:.3}", self.clock.now());
        let line = match received {
            Received::Binary(bytes) => {
                json!({"at": at, "kind": "binary", "base64": STANDARD.encode(bytes)})
            }
            Received::Text(text) => json!({"at": at, "kind": "text", "text": text}),
            _ => return String::new(),
        };
        self.safe(&line.to_string())
    }

    /// One line: a line break in JSON is a space, in another text it is written as `\n`.
    fn line(&self, text: &str) -> String {
        if !text.contains(['\n', '\r']) {
            return self.safe(text);
        }
        let breaks = if shown::is_json(text) {
            [" ", " "]
        } else {
            ["\\n", "\\r"]
        };
        self.safe(&text.replace('\n', breaks[0]).replace('\r', breaks[1]))
    }

    /// A program gets what came, a terminal nothing that steers it.
    fn safe(&self, line: &str) -> String {
        if self.is_terminal {
            harmless(line)
        } else {
            line.to_owned()
        }
    }

    #[expect(clippy::unused_self, reason = "it is the output that is written")]
    fn write(&self, line: &str) -> io::Result<()> {
        let mut out = stdout().lock();
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
        out.flush()
    }

    fn end(&self, ending: &Ending) -> io::Result<()> {
        if !ending.is_usual() {
            report::sentence(&ending.in_words());
        }
        if !self.is_json {
            return Ok(());
        }
        let closed = json!({"closed": {"code": ending.code, "reason": ending.reason}});
        self.write(&self.safe(&closed.to_string()))
    }
}
