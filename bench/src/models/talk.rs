//! One connection to a model service passes through here: a request out, frames in until its answer is there.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::{ModelError, Side};
use crate::handshake;

/// The longest message that is read.
const LONGEST: u64 = 64 * 1024 * 1024;
/// The opcode of a text frame that is a whole message (RFC 6455 section 5.2).
const TEXT: u8 = 0x81;
/// Masked with zeros, so that the bytes stay as they are.
const MASKED: u8 = 0x80;

/// A client that sends one request at a time.
pub(super) struct Talk {
    side: Side,
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    message: Vec<u8>,
}

impl Talk {
    pub(super) fn open(side: Side, address: SocketAddr) -> Result<Self, ModelError> {
        let opened = handshake::open(address, Some("/"), 1);
        let opened =
            opened.map_err(|error| ModelError::Answer(format!("{side:?}"), error.to_string()))?;
        let stream = opened.into_iter().next();
        let stream =
            stream.ok_or_else(|| ModelError::Answer(format!("{side:?}"), "nothing".to_owned()))?;
        Ok(Self {
            side,
            stream: BufReader::new(stream),
            request: Vec::new(),
            message: Vec::new(),
        })
    }

    /// Begins a session with a model.
    pub(super) fn start(&mut self, model: &str) -> Result<(), ModelError> {
        self.prepare(&format!(r#"{{"command":"start","gw":{model}}}"#));
        self.ask("\"start\"")
    }

    /// What [`Self::step`] sends.
    pub(super) fn prepare_step(&mut self) {
        self.prepare(r#"{"command":"getNext"}"#);
    }

    /// Makes a step. The reference answers with the event itself; the Java service and ours have an answer behind it.
    pub(super) fn step(&mut self) -> Result<(), ModelError> {
        match self.side {
            Side::Rival => self.ask("\"visitedElement\""),
            Side::Sockeye => self.ask("\"getNext\""),
        }
    }

    fn prepare(&mut self, text: &str) {
        self.request.clear();
        self.request.push(TEXT);
        // The shortest form that holds the length, which servers insist on.
        match (u8::try_from(text.len()), u16::try_from(text.len())) {
            (Ok(length @ 0..126), _) => self.request.push(MASKED | length),
            (_, Ok(length)) => {
                self.request.push(MASKED | 0x7E);
                self.request.extend(length.to_be_bytes());
            }
            _ => {
                self.request.push(MASKED | 0x7F);
                self.request.extend((text.len() as u64).to_be_bytes());
            }
        }
        self.request.extend([0; 4]);
        self.request.extend(text.as_bytes());
    }

    /// Sends the request and reads messages until one has this command.
    fn ask(&mut self, command: &str) -> Result<(), ModelError> {
        let failed = |error| ModelError::Io("a model service".to_owned(), error);
        self.stream
            .get_mut()
            .write_all(&self.request)
            .map_err(failed)?;
        loop {
            self.read().map_err(failed)?;
            let text = String::from_utf8_lossy(&self.message);
            let succeeds = !text.contains("\"success\":false");
            if succeeds && text.contains(command) {
                return Ok(());
            }
            if !succeeds {
                let begin = text.chars().take(300).collect();
                return Err(ModelError::Answer(format!("{:?}", self.side), begin));
            }
        }
    }

    fn read(&mut self) -> std::io::Result<()> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        let mut long = [0; 8];
        let length = match head[1] & 0x7F {
            126 => {
                self.stream.read_exact(&mut long[6..])?;
                u64::from_be_bytes(long)
            }
            127 => {
                self.stream.read_exact(&mut long)?;
                u64::from_be_bytes(long)
            }
            length => u64::from(length),
        };
        if head[0] != TEXT || length > LONGEST {
            return Err(std::io::Error::other(format!(
                "a frame that begins with {head:02x?}"
            )));
        }
        self.message.clear();
        (&mut self.stream)
            .take(length)
            .read_to_end(&mut self.message)?;
        if self.message.len() as u64 == length {
            return Ok(());
        }
        Err(std::io::ErrorKind::UnexpectedEof.into())
    }
}
