//! Records to plain bytes and back: rustls does the work, this drives it.
//!
//! The interface of rustls without buffers is used, so that an idle connection keeps none.

use std::fmt;

use rustls::client::UnbufferedClientConnection;
use rustls::server::UnbufferedServerConnection;
use rustls::unbuffered::{
    ConnectionState, EncodeError, EncodeTlsData, EncryptError, UnbufferedStatus, WriteTraffic,
};
use rustls::{CommonState, Error};

/// One TLS connection, without its socket.
pub(super) enum Session {
    Server(UnbufferedServerConnection),
    Client(UnbufferedClientConnection),
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server(_) => "Server",
            Self::Client(_) => "Client",
        })
    }
}

/// What was found in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Opened {
    /// How many bytes of them are done with.
    pub(super) used: usize,
    /// The peer says no more.
    pub(super) has_ended: bool,
}

/// What to do after one step of rustls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Another step.
    On,
    /// Another step; the peer has said that it says no more.
    Ended,
    /// Nothing before more bytes arrive.
    Wait,
}

/// Calls rustls, whichever end of the connection we are.
macro_rules! process {
    ($session:expr, $records:expr, $status:ident => $act:expr) => {
        match $session {
            Session::Server(connection) => {
                let $status = connection.process_tls_records($records);
                $act
            }
            Session::Client(connection) => {
                let $status = connection.process_tls_records($records);
                $act
            }
        }
    };
}

impl Session {
    /// Whether application data cannot pass both ways yet.
    pub(super) fn is_handshaking(&self) -> bool {
        self.common().is_handshaking()
    }

    fn common(&self) -> &CommonState {
        match self {
            Self::Server(connection) => connection,
            Self::Client(connection) => connection,
        }
    }

    /// Reads all whole records: plain bytes go to `plain`, what has to be said in return into `out`.
    ///
    /// After an error `out` has the alert that tells the peer.
    pub(super) fn open(
        &mut self,
        records: &mut [u8],
        plain: &mut dyn FnMut(&[u8]),
        out: &mut Vec<u8>,
    ) -> Result<Opened, Error> {
        let mut opened = Opened::default();
        loop {
            let rest = records.get_mut(opened.used..).unwrap_or_default();
            let (used, next) = process!(self, rest, status => step(status, plain, out));
            opened.used += used;
            match next {
                Ok(Next::On) => {}
                Ok(Next::Ended) => opened.has_ended = true,
                Ok(Next::Wait) => return Ok(opened),
                Err(error) => {
                    let rest = records.get_mut(opened.used..).unwrap_or_default();
                    self.take_alert(rest, out);
                    return Err(error);
                }
            }
        }
    }

    /// What rustls has to say about an error it gave: one alert. Asked a second time, it would look at
    /// the wrong records again.
    fn take_alert(&mut self, records: &mut [u8], out: &mut Vec<u8>) {
        process!(self, records, status => {
            if let Ok(ConnectionState::EncodeTlsData(data)) = status.state {
                // The first error is told already.
                let _ = encode(data, out);
            }
        });
    }

    /// Makes records of `plain` at the front of `out`; gives their length in bytes.
    ///
    /// `records` are those that [`Self::open`] was not done with: rustls counts on them.
    pub(super) fn seal(
        &mut self,
        records: &mut [u8],
        plain: &[u8],
        out: &mut [u8],
    ) -> Result<usize, Error> {
        process!(self, records, status => seal(status, |mut traffic| traffic.encrypt(plain, out)))
    }

    /// Makes the alert that says that we say no more; gives its length in bytes. See [`Self::seal`].
    pub(super) fn seal_end(&mut self, records: &mut [u8], out: &mut [u8]) -> Result<usize, Error> {
        process!(self, records, status => seal(status, |mut traffic| traffic.queue_close_notify(out)))
    }
}

/// One step of rustls: how many bytes are done with, and what is next.
fn step<Data>(
    status: UnbufferedStatus<'_, '_, Data>,
    plain: &mut dyn FnMut(&[u8]),
    out: &mut Vec<u8>,
) -> (usize, Result<Next, Error>) {
    let mut used = status.discard;
    let next = match status.state {
        Ok(ConnectionState::ReadTraffic(mut traffic)) => loop {
            match traffic.next_record() {
                Some(Ok(record)) => {
                    plain(record.payload);
                    used += record.discard;
                }
                Some(Err(error)) => break Err(error),
                None => break Ok(Next::On),
            }
        },
        Ok(ConnectionState::EncodeTlsData(data)) => encode(data, out).map(|()| Next::On),
        Ok(ConnectionState::TransmitTlsData(data)) => {
            // It is in `out`, which is sent before anything else.
            data.done();
            Ok(Next::On)
        }
        Ok(ConnectionState::PeerClosed) => Ok(Next::Ended),
        Ok(
            ConnectionState::BlockedHandshake
            | ConnectionState::WriteTraffic(_)
            | ConnectionState::Closed,
        ) => Ok(Next::Wait),
        Ok(state) => Err(Error::General(format!("unexpected state {state:?}"))),
        Err(error) => Err(error),
    };
    (used, next)
}

fn encode<Data>(mut data: EncodeTlsData<'_, Data>, out: &mut Vec<u8>) -> Result<(), Error> {
    let Err(EncodeError::InsufficientSize(size)) = data.encode(&mut []) else {
        return Ok(());
    };
    let start = out.len();
    out.resize(start + size.required_size, 0);
    let done = data.encode(&mut out[start..]);
    done.map(drop)
        .map_err(|error| Error::General(error.to_string()))
}

fn seal<Data>(
    status: UnbufferedStatus<'_, '_, Data>,
    act: impl FnOnce(WriteTraffic<'_, Data>) -> Result<usize, EncryptError>,
) -> Result<usize, Error> {
    match status.state? {
        ConnectionState::WriteTraffic(traffic) => {
            act(traffic).map_err(|error| Error::General(error.to_string()))
        }
        // Our end is said, or the handshake is not done.
        state => Err(Error::General(format!("nothing can be said in {state:?}"))),
    }
}
