//! Answers that are longer than a client may be told back: what the mock sends has no bound, but the
//! number in the file may have been meant for both directions.

use sockeye_core::{Mistake, Place};

use crate::act::Act;
use crate::answer::Answer;
use crate::dialect::Reading;
use crate::plan::{Responder, SocketRoute};

/// Warns of each literal answer of the handler at `place` that is longer than its messages may be.
pub(super) fn warn(socket: &SocketRoute, place: &Place, reading: &mut Reading<'_>) {
    let most = socket.link.frames.message_bytes;
    let mut check = |answer: &Answer, place: &Place| {
        if let Some(bytes) = length(answer).filter(|bytes| *bytes > most) {
            let text = format!(
                "an answer has {bytes} bytes, more than the {most} that `max_message_size` allows clients"
            );
            let mistake = Mistake::at(place, text);
            let remedy = "it is sent all the same; raise `max_message_size` if both sides may speak at such length";
            reading.mistake(mistake.remedy(remedy).warning());
        }
    };
    for answer in socket.on_connect.iter().filter_map(Act::answer) {
        check(answer, place);
    }
    for answer in &socket.on_close {
        check(answer, place);
    }
    if let Responder::Rules(rules) = &socket.responder {
        for rule in rules.all() {
            let answers = rule.acts.iter().filter_map(Act::answer);
            answers.for_each(|answer| check(answer, rule.place.as_ref().unwrap_or(place)));
        }
    }
}

/// The length of an answer that is always the same.
fn length(answer: &Answer) -> Option<u64> {
    match answer {
        Answer::Literal(text) => u64::try_from(text.len()).ok(),
        _ => None,
    }
}
