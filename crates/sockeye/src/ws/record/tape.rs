//! Entries on their way into the file that was asked for: counted, bounded, and finished at the end.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sockeye_core::{Clock, RedactionRules, Redactor};
use sockeye_tape::{Deck, Entry, Head, IfTaken, RecordEvent, RecordOptions, Recorder, Spot};

use super::RecordArgs;

/// The file of a recording.
#[derive(Debug)]
pub(super) struct Tape {
    /// Keeps its threads.
    _deck: Deck,
    recorder: Recorder,
    told: Receiver<RecordEvent>,
    count: u64,
    most: u64,
}

/// A recording that is finished.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) file: PathBuf,
    pub(super) messages: u64,
}

/// What is never to be written.
pub(super) fn redactor(args: &RecordArgs) -> Result<Redactor, String> {
    let rules = RedactionRules {
        pointers: args.redact_pointer.clone(),
        patterns: args.redact_pattern.clone(),
        ..RedactionRules::default()
    };
    Redactor::new(&rules).map_err(|wrong| wrong.0)
}

impl Tape {
    /// Makes the file, whose name is taken from now on.
    ///
    /// # Errors
    ///
    /// Why it cannot be made, as one sentence.
    pub(super) fn create(args: &RecordArgs) -> Result<Self, String> {
        let redaction = Arc::new(redactor(args)?);
        let if_taken = if args.no_clobber {
            IfTaken::Refuse
        } else {
            IfTaken::Replace
        };
        let deck = Deck::start().map_err(|error| format!("cannot start to record: {error}"))?;
        let (tell, told) = mpsc::channel();
        let tell = Mutex::new(tell);
        let watch = Arc::new(move |event| {
            let tell = tell.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody asks any more when the program ends for another reason.
            let _ = tell.send(event);
        });
        let path = match args.paths.as_slice() {
            [path] => Some(path.clone()),
            _ => None,
        };
        let head = Head {
            path,
            ..Head::at(Clock::system().now())
        };
        let options = RecordOptions {
            if_taken,
            redaction,
        };
        let recorder = deck.create(Spot::path(&args.output), head, options, watch);
        Ok(Self {
            _deck: deck,
            recorder: recorder.map_err(|error| error.to_string())?,
            told,
            count: 0,
            most: args.max_messages.unwrap_or(u64::MAX),
        })
    }

    /// Adds an entry, unless there are enough.
    pub(super) fn add(&mut self, entry: Entry) {
        if !self.is_over() {
            self.recorder.record(entry);
            self.count += 1;
        }
    }

    /// Whether nothing more is taken: there is enough, or the disk failed.
    pub(super) fn is_over(&self) -> bool {
        self.count >= self.most || !self.recorder.is_recording()
    }

    /// Whether the disk does not keep up.
    pub(super) fn is_behind(&self) -> bool {
        self.recorder.is_behind()
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Finishes the file, which covers the time up to `ran`, and waits until it is there.
    ///
    /// # Errors
    ///
    /// Why it is not, as one sentence.
    pub(super) fn finish(self, ran: Duration) -> Result<Done, String> {
        let Self { recorder, told, .. } = self;
        recorder.finish(ran);
        while let Ok(event) = told.recv() {
            match event {
                RecordEvent::Started { .. } => {}
                RecordEvent::Finished { file, messages } => return Ok(Done { file, messages }),
                RecordEvent::Failed { error } => return Err(error.to_string()),
            }
        }
        Err("the recording was lost".to_owned())
    }
}
