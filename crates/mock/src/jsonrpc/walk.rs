//! The requests of a message are answered one after another, up to one that needs a script.

use std::sync::Arc;

use sockeye_script::template::OUTPUT_LIMIT;
use tracing::warn;

use super::{
    INTERNAL, INVALID_REQUEST, JsonRpc, NO_METHOD, PARSE_ERROR, Progress, Reply, TOO_LONG,
    bad_params, protocol_error, read_request, valid_id, write_id,
};
use crate::js::Handler;
use crate::json::Tree;
use crate::occasion::{Call, Occasion};
use crate::voice::Voice;

/// What the script of a call said: the members of its answer, or that it failed.
#[derive(Debug)]
pub(crate) struct Heard(pub(crate) Option<String>);

/// The requests of a message.
#[derive(Clone, Copy)]
pub(super) enum Requests<'m> {
    /// It is not JSON.
    None,
    One(&'m Tree<'m>),
    Batch(&'m [Tree<'m>]),
}

/// A message on the way through its requests.
pub(super) struct Walk<'p, 'w, 'v> {
    pub(super) methods: &'p JsonRpc,
    pub(super) voice: &'w mut Voice<'v>,
    pub(super) progress: &'w mut Progress,
    pub(super) reply: &'w mut Vec<u8>,
}

impl<'p> Walk<'p, '_, '_> {
    /// Answers what is left to be answered, up to a script.
    pub(super) fn go(
        &mut self,
        requests: Requests<'_>,
        heard: Option<&Heard>,
    ) -> Option<&'p Arc<Handler>> {
        match requests {
            Requests::None => {
                protocol_error(PARSE_ERROR, None, self.reply);
                None
            }
            Requests::One(request) => self.one(request, heard),
            Requests::Batch(requests) => self.batch(requests, heard),
        }
    }

    /// A list with an answer for each request that wants one; nothing at all if none does. A list
    /// that grows too long becomes one error.
    fn batch(
        &mut self,
        requests: &[Tree<'_>],
        mut heard: Option<&Heard>,
    ) -> Option<&'p Arc<Handler>> {
        while let Some(request) = requests.get(self.progress.at) {
            let start = self.reply.len();
            self.reply.push(if start == 0 { b'[' } else { b',' });
            let before = self.reply.len();
            let ask = self.one(request, heard.take());
            if self.reply.len() == before {
                self.reply.truncate(start);
            }
            if ask.is_some() {
                return ask;
            }
            if self.reply.len() > OUTPUT_LIMIT {
                self.reply.clear();
                protocol_error(TOO_LONG, None, self.reply);
                return None;
            }
            self.progress.at += 1;
        }
        if !self.reply.is_empty() {
            self.reply.push(b']');
        }
        None
    }

    fn one(&mut self, request: &Tree<'_>, heard: Option<&Heard>) -> Option<&'p Arc<Handler>> {
        let Some(request) = read_request(request) else {
            protocol_error(INVALID_REQUEST, valid_id(request), self.reply);
            return None;
        };
        let Some(method) = self.methods.find(request.call.method) else {
            if !request.is_notification {
                protocol_error(NO_METHOD, request.call.id, self.reply);
            }
            return None;
        };
        // A script that has run was asked with parameters that are right.
        let fault = || method.fault(request.call.params);
        if let Some(fault) = heard.is_none().then(fault).flatten() {
            if !request.is_notification {
                bad_params(fault, request.call.id, self.reply);
            }
            return None;
        }
        match (&method.reply, heard) {
            // Also for a notification: the script may do something.
            (Reply::Run(handler), None) => return Some(handler),
            _ if request.is_notification => return None,
            (Reply::Run(_), Some(heard)) => heard.write(request.call, self.reply),
            (reply, _) => self.render(reply, request.call),
        }
        self.progress.delay = self.progress.delay.max(method.delay);
        None
    }

    fn render(&mut self, answer: &Reply, call: Call<'_>) {
        let start = self.reply.len();
        let about = Occasion {
            call: Some(call),
            ..Occasion::default()
        };
        let reply = &mut *self.reply;
        let written = self
            .voice
            .with_scope(about, |scope| answer.write(call, scope, reply));
        let Err(error) = written else { return };
        if self.voice.world.count_template_error() {
            let (route, method) = (self.voice.route, call.method);
            warn!(route, method, %error, "a call could not be answered");
        }
        self.reply.truncate(start);
        protocol_error(INTERNAL, call.id, self.reply);
    }
}

impl Heard {
    /// The answer to the call. What cannot be written as JSON is null.
    fn write(&self, call: Call<'_>, reply: &mut Vec<u8>) {
        let Some(text) = &self.0 else {
            return protocol_error(INTERNAL, call.id, reply);
        };
        let members = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'));
        let members = members.filter(|members| !members.is_empty());
        reply.extend_from_slice(br#"{"jsonrpc":"2.0","#);
        reply.extend_from_slice(members.unwrap_or(r#""result":null"#).as_bytes());
        write_id(call.id, reply);
    }
}
