//! Connections of senders pass through here: accepted while there is room, each on a task of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sockeye_net::{ServerTls, secure};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::address::{Listen, announce};
use super::socket_file::SocketFile;
use crate::collector::Collector;
use crate::report::Log;

/// How many connections one input has at once; further ones wait in the system's queue.
pub(super) const MOST_CONNECTIONS: usize = 1024;
/// Bytes that are read at once.
pub(super) const READ_BYTES: usize = 64 * 1024;
/// The pause after an accept that failed, as when there are no more file descriptors.
const PAUSE: Duration = Duration::from_millis(100);
/// How long somebody who connects may take for the handshake of TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long connections may bring what they have when the input is asked to end.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What a connection is made of.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Somebody who has come in.
pub(super) struct Caller {
    pub(super) stream: Box<dyn Wire>,
    /// None on a socket that is a file.
    pub(super) address: Option<SocketAddr>,
}

/// Somebody at the door, before any word was said.
struct Arrival {
    socket: Socket,
    address: Option<SocketAddr>,
}

enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Arrival {
    /// Lets it in, after the handshake of TLS where that is spoken.
    async fn welcome(self, tls: Option<&ServerTls>) -> Result<Caller, String> {
        let stream: Box<dyn Wire> = match (self.socket, tls) {
            (Socket::Tcp(socket), Some(tls)) => Box::new(secure(tls, socket, HANDSHAKE).await?),
            (Socket::Tcp(socket), None) => Box::new(socket),
            (Socket::Unix(socket), _) => Box::new(socket),
        };
        Ok(Caller {
            stream,
            address: self.address,
        })
    }
}

impl Caller {
    /// `tcp://127.0.0.1:5678`
    pub(super) fn source(&self) -> String {
        self.address.map_or_else(
            || "unix://".to_owned(),
            |address| format!("tcp://{address}"),
        )
    }
}

/// A listening socket of an input.
#[derive(Debug, Default)]
pub(super) struct Door {
    listener: Option<Listener>,
    tls: Option<ServerTls>,
}

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    /// The file is removed with its socket.
    Unix(
        UnixListener,
        #[expect(dead_code, reason = "kept for its end")] SocketFile,
    ),
}

impl Listener {
    async fn accept(&self) -> io::Result<Arrival> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Arrival {
                    socket: Socket::Tcp(stream),
                    address: Some(address),
                })
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                Ok(Arrival {
                    socket: Socket::Unix(stream),
                    address: None,
                })
            }
        }
    }
}

impl Door {
    /// Binds and says so.
    pub(super) fn open(
        listen: &Listen,
        plugin: &str,
        name: &str,
        log: &Log,
    ) -> Result<Self, String> {
        let bound = listen.bind(sockeye_net::listen)?;
        let listener =
            TcpListener::from_std(bound).map_err(|error| format!("cannot listen: {error}"))?;
        let address = listener
            .local_addr()
            .map_err(|error| format!("cannot listen: {error}"))?;
        announce(plugin, name, address, listen.knows_senders(), log);
        Ok(Self {
            listener: Some(Listener::Tcp(listener)),
            tls: listen.tls(),
        })
    }

    /// Listens on a socket that is a file.
    pub(super) fn open_file(
        file: SocketFile,
        plugin: &str,
        name: &str,
        log: &Log,
    ) -> Result<Self, String> {
        let shown = file.path().display().to_string();
        let listener = file.bind(|path| UnixListener::bind(path))?;
        log.info(format_args!("[input:{plugin}:{name}] listening on {shown}"));
        Ok(Self {
            listener: Some(Listener::Unix(listener, file)),
            tls: None,
        })
    }

    /// Serves each connection with `serve` until the input is asked to end.
    pub(super) async fn serve<S, F>(self, collector: Collector, serve: S) -> Result<(), String>
    where
        S: Fn(Caller, Collector) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { listener, tls } = self;
        let Some(listener) = listener else {
            return Err("it was never opened".to_owned());
        };
        let welcome = Arc::new((tls, serve));
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = collector.stopping() => break,
                Some(_) = connections.join_next() => continue,
                accepted = accept(&listener, &places) => accepted,
            };
            match accepted {
                Ok((arrival, place)) => {
                    let (welcome, collector) = (Arc::clone(&welcome), collector.clone());
                    connections.spawn(async move {
                        attend(arrival, &welcome, collector).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    let name = collector.name();
                    collector
                        .log()
                        .error(format_args!("[input] {name}: cannot accept: {error}"));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        // New ones are refused at once, those that are there may end what they say.
        drop(listener);
        let last_words = async { while connections.join_next().await.is_some() {} };
        // Those that are late are cut off with the set.
        let _ = tokio::time::timeout(LAST_WORDS, last_words).await;
        Ok(())
    }
}

/// Lets somebody in and serves them.
async fn attend<S, F>(arrival: Arrival, welcome: &(Option<ServerTls>, S), collector: Collector)
where
    S: Fn(Caller, Collector) -> F,
    F: Future<Output = ()>,
{
    let (tls, serve) = welcome;
    if let Some(caller) = let_in(arrival, tls.as_ref(), &collector).await {
        serve(caller, collector).await;
    }
}

/// Lets somebody in; whoever cannot be is told of in the log.
async fn let_in(
    arrival: Arrival,
    tls: Option<&ServerTls>,
    collector: &Collector,
) -> Option<Caller> {
    let address = arrival.address;
    let welcome = tokio::select! {
        biased;
        welcome = arrival.welcome(tls) => welcome,
        () = collector.stopping() => return None,
    };
    match welcome {
        Ok(caller) => Some(caller),
        Err(why) => {
            let name = collector.name();
            let who = address.map(|address| format!("tcp://{address}"));
            collector.log().warn(format_args!(
                "[input:{name}] {} is not let in: {why}",
                who.unwrap_or_default()
            ));
            None
        }
    }
}

async fn accept(
    listener: &Listener,
    places: &Arc<Semaphore>,
) -> io::Result<(Arrival, OwnedSemaphorePermit)> {
    let closed = |_| io::Error::other("no more connections are taken");
    let place = Arc::clone(places).acquire_owned().await.map_err(closed)?;
    Ok((listener.accept().await?, place))
}

/// Reads the next bytes of a connection; none at its end, at its failure, and when the input is
/// asked to end and nothing more is there.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    buffer: &mut [u8],
    collector: &Collector,
) -> Option<usize> {
    let read = tokio::select! {
        biased;
        read = stream.read(buffer) => read,
        () = collector.stopping() => return None,
    };
    read.ok().filter(|&read| read > 0)
}
