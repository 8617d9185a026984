//! A prompt on a terminal: lines with history in, messages above the line that is being typed.

use std::io::{self, Write as _, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use rustyline::config::BellStyle;
use rustyline::history::DefaultHistory;
use rustyline::{Config, Editor, ExternalPrinter};
use sockeye_net::{Conversation, Received};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;

use super::super::shown::{self, harmless};
use super::command::{self, Typed};
use super::talk::{Event, Order, Signals, Talk};
use crate::exit::Exit;
use crate::files;

/// Lines that were typed, or pasted, and wait: more than fit into one read of the editor, so that it
/// never stands still with messages to print.
const TYPED_LINES: usize = 4096;

/// Lines of the history.
const HISTORY_LINES: usize = 1000;

/// How often the editor is asked to end, and how long it has each time.
const REQUESTS: usize = 40;
const REQUEST: Duration = Duration::from_millis(50);

/// A move up and back down: what the editor may keep for itself when it ends.
const NOTHING: &str = "\x1b[A\n";

type LineEditor = Editor<(), DefaultHistory>;

/// A terminal with a line editor.
pub(super) struct Prompt {
    editor: LineEditor,
    screen: Screen,
}

/// The lines above the prompt.
struct Screen {
    printer: Box<dyn ExternalPrinter>,
    color: bool,
}

/// What is typed, one line at a time, by a thread that sits in the editor.
struct Keyboard {
    lines: mpsc::Receiver<String>,
    is_over: Arc<AtomicBool>,
}

impl Prompt {
    /// None: the terminal cannot move its cursor.
    pub(super) fn open() -> Option<Self> {
        let config = Config::builder()
            .max_history_size(HISTORY_LINES)
            .and_then(|config| config.history_ignore_dups(true))
            .ok()?
            .history_ignore_space(true)
            .bell_style(BellStyle::None)
            // Each line that is pasted is a message.
            .bracketed_paste(false)
            .build();
        let mut editor = LineEditor::with_config(config).ok()?;
        let printer = editor.create_external_printer().ok()?;
        let color = std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
        let screen = Screen {
            printer: Box::new(printer),
            color,
        };
        Some(Self { editor, screen })
    }
}

/// Talks until it is over.
pub(super) async fn converse(
    conversation: Conversation,
    prompt: Prompt,
    url: &str,
) -> io::Result<Exit> {
    // Before the editor's own handlers, which come and go.
    let mut signals = Signals::listen()?;
    let Prompt { editor, mut screen } = prompt;
    let protocol = conversation.subprotocol().map(harmless);
    let protocol = protocol.map_or(String::new(), |name| format!(", subprotocol {name}"));
    screen.note(&format!(
        "connected to {}{protocol}; /help lists commands",
        harmless(url)
    ));
    let (mut talk, orders) = Talk::start(conversation);
    let mut keyboard = Keyboard::start(editor)?;
    let mut is_typing = true;
    let ending = loop {
        let event = tokio::select! {
            event = talk.next() => event,
            line = keyboard.lines.recv(), if is_typing => {
                if let Some(line) = line {
                    obey(&line, &mut talk, &orders, &mut screen);
                } else {
                    is_typing = false;
                    talk.close();
                }
                continue;
            }
            () = signals.next() => {
                talk.close();
                continue;
            }
        };
        match event {
            Event::Received(received) => screen.show(&received),
            Event::Spoken => {}
            Event::Ended(ending) => break ending,
        }
    };
    screen.put(NOTHING.to_owned());
    keyboard.end().await;
    writeln!(stdout(), "* {}", ending.in_words())?;
    talk.finish(&ending).await;
    Ok(ending.exit())
}

/// Does what a line asks for.
fn obey(line: &str, talk: &mut Talk, orders: &mpsc::Sender<Order>, screen: &mut Screen) {
    let order = match command::parse(line) {
        Ok(Typed::Order(order)) => order,
        Ok(Typed::Help) => return screen.put(format!("{}\n", command::HELP)),
        Ok(Typed::Quit) => return talk.close(),
        Ok(Typed::Nothing) => return,
        Err(sentence) => return screen.note(&harmless(&sentence)),
    };
    let code = match &order {
        Order::Close(code, _) => Some(*code),
        _ => None,
    };
    match (orders.try_send(order), code) {
        (Ok(()), Some(code)) => talk.closes_with(code),
        (Ok(()), None) => {}
        (Err(TrySendError::Full(_)), Some(_)) => talk.close(),
        (Err(TrySendError::Full(_)), None) => {
            screen.note("not sent: the peer takes nothing at present");
        }
        (Err(TrySendError::Closed(_)), _) => screen.note("not sent: the connection is closing"),
    }
}

impl Screen {
    fn show(&mut self, received: &Received) {
        match received {
            Received::Text(text) => {
                let text = shown::message(text, self.color);
                self.put(format!("< {text}\n"));
            }
            Received::Binary(bytes) => self.put(format!("< {}\n", shown::dump(bytes))),
            Received::Pong(payload) => {
                let payload = String::from_utf8_lossy(payload);
                self.note(&format!("pong \"{}\"", harmless(&payload)));
            }
            _ => {}
        }
    }

    fn note(&mut self, text: &str) {
        self.put(format!("* {text}\n"));
    }

    /// Prints above the prompt, or where the cursor is while there is none.
    fn put(&mut self, lines: String) {
        // The editor is gone once the user has left; what comes then is not waited for.
        let _ = self.printer.print(lines);
    }
}

impl Keyboard {
    /// Starts to read lines, with the history of earlier ones.
    fn start(editor: LineEditor) -> io::Result<Self> {
        let (typed, lines) = mpsc::channel(TYPED_LINES);
        let is_over = Arc::new(AtomicBool::new(false));
        let is_told = Arc::clone(&is_over);
        let thread = std::thread::Builder::new().name("prompt".to_owned());
        thread.spawn(move || read_lines(editor, &typed, &is_told))?;
        Ok(Self { lines, is_over })
    }

    /// Ends the editor, which leaves the terminal as it found it.
    ///
    /// It waits for a key or a signal: SIGINT ends it as Ctrl-C does. Between two lines the signal
    /// finds nobody, hence again.
    async fn end(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let lines = &mut self.lines;
        let over = async { while lines.recv().await.is_some() {} };
        tokio::pin!(over);
        for _ in 0..REQUESTS {
            if timeout(REQUEST, &mut over).await.is_ok() {
                return;
            }
            // It is our own process.
            let _ = kill_process(getpid(), Signal::INT);
        }
    }
}

/// Reads lines until the user or `is_over` ends it; dropping `typed` tells.
fn read_lines(mut editor: LineEditor, typed: &mpsc::Sender<String>, is_over: &AtomicBool) {
    let history = history_file();
    if let Some(path) = &history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    while !is_over.load(Ordering::SeqCst) {
        let Ok(line) = editor.readline("> ") else {
            return;
        };
        let is_new = editor.add_history_entry(&line).unwrap_or(false);
        if let Some(path) = history.as_ref().filter(|_| is_new) {
            // A history that cannot be kept is no reason to stop.
            let _ = editor.append_history(path);
        }
        if typed.blocking_send(line).is_err() {
            return;
        }
    }
}

/// Where the history is kept, in a folder that is there.
fn history_file() -> Option<PathBuf> {
    let folder = files::state_folder()?;
    files::make_private(&folder).ok()?;
    Some(folder.join("history"))
}
