//! A session's scripts from its side: a call is begun, its end is heard, and things go on where they stopped.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use sockeye_net::{Message, Outbox};
use sockeye_script::js::{Effect, Input, Outcome, Payload, Returned, ScriptError};
use tokio::time::Instant;
use tracing::warn;

use super::course::{Ask, Cursor, Steps};
use super::desk::{Desk, Subject, Task, Waiting};
use super::effects::{Caller, carry_out, carry_out_behind, payload_of, say, spoken};
use super::handler::Handler;
use crate::agenda::{Beat, Job, next_beat};
use crate::incoming::Incoming;
use crate::jsonrpc::Heard;
use crate::occasion::Occasion;
use crate::pipeline;
use crate::plan::{Responder, SocketRoute};
use crate::session::MockSession;

impl MockSession {
    /// Makes a desk for the connection unless it has one: its state survives a reload.
    pub(crate) fn take_desk(&mut self, out: &mut Outbox<'_>) {
        let commons = &self.world.commons;
        if self.desk.is_some() {
            return;
        }
        let now = self.world.clock().now().as_millisecond();
        let state = self.route.state.clone();
        let connection = commons.engines.open(&self.facts, now, state);
        self.desk = connection.map(|connection| Box::new(Desk::new(connection, out)));
    }

    /// Runs a script on `message`, if one is asked for.
    pub(crate) fn run(
        &mut self,
        ask: Option<Ask>,
        message: Option<Message<'_>>,
        out: &mut Outbox<'_>,
    ) {
        let route = Arc::clone(&self.route);
        let subject = message.map(|message| Subject {
            message: payload_of(message),
            read_at: Some(out.read_at()),
        });
        if let (Some(_), Some(_), Some(desk)) = (&ask, &subject, &mut self.desk) {
            desk.put_off();
        }
        self.run_on(route, ask, subject, out);
    }

    fn run_on(
        &mut self,
        route: Arc<SocketRoute>,
        ask: Option<Ask>,
        subject: Option<Subject>,
        out: &mut Outbox<'_>,
    ) {
        // Without script threads, which the log tells of, nothing is said.
        let (Some(ask), Some(desk)) = (ask, &mut self.desk) else {
            return;
        };
        let now = self.world.clock().now().as_millisecond();
        desk.run(route, ask, subject, now, &self.times);
        out.pace(desk.pace());
    }

    /// Goes on with whatever waited for a script that has ended.
    pub(crate) fn go_on(&mut self, out: &mut Outbox<'_>) {
        while let Some((task, outcome)) = self.desk.as_mut().and_then(|desk| desk.take_ended()) {
            self.resume(task, outcome, out);
            while let Some(waiting) = self.desk.as_mut().and_then(|desk| desk.next()) {
                self.begin(waiting, out);
            }
        }
        if let Some(desk) = &self.desk {
            out.pace(desk.pace());
        }
    }

    /// The turn of something that waited.
    fn begin(&mut self, waiting: Waiting, out: &mut Outbox<'_>) {
        match waiting {
            Waiting::Message(message, read_at) => {
                let ask = pipeline::answer(self.parts(), spoken(&message), out);
                let route = Arc::clone(&self.route);
                self.run_or_settle(route, ask, Some(message), Some(read_at), out);
            }
            Waiting::FromUpstream(message) => self.pass_on(spoken(&message), out),
            Waiting::Job(due, job) => self.do_job(due, job, out),
        }
    }

    /// Runs the next script on what was begun before, or is done with it.
    fn run_or_settle(
        &mut self,
        route: Arc<SocketRoute>,
        ask: Option<Ask>,
        message: Option<Payload>,
        read_at: Option<Instant>,
        out: &mut Outbox<'_>,
    ) {
        let subject = message.map(|message| Subject { message, read_at });
        if ask.is_some() {
            self.run_on(route, ask, subject, out);
        } else if let (Some(read_at), Some(desk)) = (read_at, &mut self.desk) {
            desk.settle(read_at, out);
        }
    }

    /// Says a message of the server behind, or lets a script have its way with it.
    pub(crate) fn pass_on(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        let proxy = self.route.proxy.as_ref();
        let Some(ask) = proxy.and_then(|proxy| proxy.outgoing(message)) else {
            return out.message(message);
        };
        // It is no message of the client, so its time is not counted.
        let subject = Subject {
            message: payload_of(message),
            read_at: None,
        };
        self.run_on(Arc::clone(&self.route), Some(ask), Some(subject), out);
    }

    /// Does what a call asked for, and goes on where it was needed.
    fn resume(&mut self, task: Task, outcome: Outcome, out: &mut Outbox<'_>) {
        let Task {
            route,
            handler,
            message,
            read_at,
            cursor,
        } = task;
        let caller = Caller {
            world: &self.world,
            facts: &self.facts,
            route: &route.name,
        };
        let returned = heard(outcome, &handler, caller, |effects| {
            carry_out(effects, caller, out);
        });
        // A message whose script failed goes on as it was; one for which nothing was returned does not.
        let passed = match &returned {
            Some(Returned::Text(text)) => Some(Message::Text(text)),
            Some(Returned::Binary(bytes)) => Some(Message::Binary(bytes)),
            Some(_) => None,
            None => message.as_ref().map(spoken),
        };
        match (&cursor, passed) {
            (Cursor::Incoming, Some(passed)) => {
                out.upstream(passed);
                return;
            }
            (Cursor::Outgoing, Some(passed)) => return out.message(passed),
            (Cursor::Incoming | Cursor::Outgoing, None) => return,
            _ => {}
        }
        // What a method returns is the answer to its call.
        if let (Some(returned), false) = (&returned, matches!(cursor, Cursor::Call(_))) {
            say(returned, out);
        }
        let ask = self.go_on_at(cursor, returned.as_ref(), &route, message.as_ref(), out);
        self.run_or_settle(route, ask, message, read_at, out);
    }

    /// `returned` is none if the script failed: its rule or its steps end there.
    fn go_on_at(
        &mut self,
        cursor: Cursor,
        returned: Option<&Returned>,
        route: &Arc<SocketRoute>,
        message: Option<&Payload>,
        out: &mut Outbox<'_>,
    ) -> Option<Ask> {
        let holds = returned == Some(&Returned::Truth(true));
        let at = match cursor {
            Cursor::When(at) => at.decided(holds),
            Cursor::Call(progress) => {
                let (Responder::JsonRpc(calls), Some(message)) = (&route.responder, message) else {
                    return None;
                };
                let heard = Heard(returned.and_then(text_returned));
                let parts = self.parts_on(route);
                return calls.answer(parts, spoken(message), progress, Some(&heard), out);
            }
            Cursor::Rule(at) if returned.is_some() => at,
            Cursor::Rule(_) | Cursor::End | Cursor::Incoming | Cursor::Outgoing => return None,
            Cursor::Opening { act } => {
                let mut voice = self.parts_on(route).voice;
                let asked = voice.act(&route.on_connect, act, Occasion::default(), out);
                return asked
                    .map(|(act, handler)| Ask::new(handler, Cursor::Opening { act: act + 1 }));
            }
            Cursor::Step(steps) => {
                if returned.is_some() {
                    self.enter_next_step(steps, message.and_then(text_of));
                }
                return None;
            }
            Cursor::Timer(beat) => {
                self.beat(beat, holds, out);
                return None;
            }
        };
        match (&route.responder, message) {
            (Responder::Rules(rules), Some(message)) => {
                pipeline::by_rules(rules, self.parts_on(route), spoken(message), at, out)
            }
            _ => None,
        }
    }

    /// Does what is due, and enters what comes after it.
    pub(crate) fn do_job(&mut self, due: Instant, job: Job, out: &mut Outbox<'_>) {
        if job.handler().is_some()
            && let Some(desk) = self.desk.as_mut().filter(|desk| desk.is_busy())
        {
            return desk.keep(Waiting::Job(due, job));
        }
        match job {
            Job::Timer(beat) => match beat.timer().and_then(|timer| timer.when.clone()) {
                Some(when) => {
                    let route = Arc::clone(&beat.route);
                    let ask = Ask::new(&when, Cursor::Timer(beat));
                    self.run_on(route, Some(ask), None, out);
                }
                None => self.beat(beat, true, out),
            },
            Job::Answer(frame) => out.frame(&frame),
            Job::Step { steps, next, text } => {
                let at = next;
                self.step(
                    Steps {
                        list: steps,
                        at,
                        due,
                    },
                    text,
                    out,
                );
            }
        }
    }

    /// Says a scheduled message, unless its condition does not hold, and enters the next one.
    fn beat(&mut self, mut beat: Beat, holds: bool, out: &mut Outbox<'_>) {
        // Timers of the plan before have ended while the condition was looked at.
        if !Arc::ptr_eq(&beat.route, &self.route) {
            return;
        }
        let route = Arc::clone(&beat.route);
        let Some(timer) = route.scheduled.get(beat.index) else {
            return;
        };
        let answer = &timer.answer;
        let (interval, count, jitter) = (timer.interval, timer.count, timer.jitter);
        if holds {
            beat.sent += 1;
            timer.sent.fetch_add(1, Relaxed);
            let about = Occasion {
                sequence: Some(beat.sent),
                ..Occasion::default()
            };
            out.unprompted(|out| self.parts().voice.say(answer, about, out));
        }
        if count.is_none_or(|count| beat.sent < count) {
            beat.at = next_beat(beat.at, interval, Instant::now());
            self.agenda.enter_beat(beat, jitter, &mut self.random);
        }
    }

    /// Does one of some steps.
    fn step(&mut self, steps: Steps, text: Option<Rc<str>>, out: &mut Outbox<'_>) {
        let list = Arc::clone(&steps.list);
        let act = list.get(steps.at).and_then(|step| step.act.as_ref());
        let incoming = text
            .as_deref()
            .map(|text| Incoming::new(Message::Text(text)));
        let about = Occasion {
            incoming: incoming.as_ref(),
            ..Occasion::default()
        };
        let mut voice = self.parts().voice;
        let asked = act.and_then(|act| voice.act(std::slice::from_ref(act), 0, about, out));
        let Some((_, handler)) = asked else {
            return self.enter_next_step(steps, text);
        };
        let ask = Ask::new(handler, Cursor::Step(steps));
        let subject = text.as_deref().map(|text| Subject {
            message: Payload::Text(text.to_owned()),
            read_at: None,
        });
        self.run_on(Arc::clone(&self.route), Some(ask), subject, out);
    }

    fn enter_next_step(&mut self, steps: Steps, text: Option<Rc<str>>) {
        let Steps {
            list: steps,
            at,
            due,
        } = steps;
        let next = at + 1;
        if let Some(step) = steps.get(next) {
            let at = due + step.delay;
            self.agenda.enter(at, Job::Step { steps, next, text });
        }
    }

    /// The connection has ended: its last script runs, and can only reach others.
    pub(crate) fn leave_desk(&mut self) {
        let number = self.facts.number();
        let Some(desk) = self.desk.take() else {
            return self.world.commons.leave(number);
        };
        let Some(handler) = self.route.ended.clone() else {
            return self.world.commons.leave(number);
        };
        let (world, facts) = (Arc::clone(&self.world), Arc::clone(&self.facts));
        let route = Arc::clone(&self.route);
        let input = Input {
            payload: None,
            received_at: world.clock().now().as_millisecond(),
        };
        // The script thread keeps the connection's state until the call has ended.
        let connection = Arc::new(desk.into_connection());
        let kept = Arc::clone(&connection);
        connection.call(&handler.script.clone(), input, move |outcome| {
            let caller = Caller {
                world: &world,
                facts: &facts,
                route: &route.name,
            };
            heard(outcome, &handler, caller, |effects| {
                carry_out_behind(effects, caller);
            });
            world.commons.leave(number);
            drop(kept);
        });
    }
}

fn text_returned(returned: &Returned) -> Option<String> {
    match returned {
        Returned::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn text_of(payload: &Payload) -> Option<Rc<str>> {
    match payload {
        Payload::Text(text) => Some(text.as_str().into()),
        Payload::Binary(_) => None,
    }
}

/// What a call returned, after `carry` has carried out what it asked for; none if it failed, which is logged.
fn heard(
    outcome: Outcome,
    handler: &Handler,
    caller: Caller<'_>,
    carry: impl FnOnce(Vec<Effect>),
) -> Option<Returned> {
    let (connection, path) = (caller.facts.id(), &*caller.facts.path);
    if outcome.state_lost {
        warn!(%connection, path, "the scripts' state was lost: their engine had to be made anew");
    }
    carry(outcome.effects);
    match outcome.result {
        Ok(returned) => Some(returned),
        // Nobody is left who could be answered.
        Err(ScriptError::Closed) => None,
        Err(error) => {
            if caller.world.count_script_error(&error) {
                let (line, text) = match &error {
                    ScriptError::Thrown { message, line, .. } => (*line, message.clone()),
                    other => (None, other.to_string()),
                };
                let place = handler.line(line);
                warn!(%connection, path, place, "a script failed: {text}");
            }
            None
        }
    }
}
