//! Where an input listens passes through here: a host and a port become addresses, with a word about open doors.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use sockeye_core::Mistake;
use sockeye_net::ServerTls;

use crate::properties::{Key, Kind, Properties};
use crate::report::Log;
use crate::tls;

/// Keys of every input that listens; the default port is that of the input.
pub(super) const LISTEN: Key = Key::new(
    "listen",
    Kind::Text,
    Some("127.0.0.1"),
    "address to listen on; 0.0.0.0 for all of this machine",
);

/// Where to listen, and how.
#[derive(Clone, Debug)]
pub(super) struct Listen {
    host: String,
    port: u16,
    tls: Option<ServerTls>,
    /// Whether senders must show a certificate.
    knows_senders: bool,
}

impl Listen {
    pub(super) fn of(properties: &Properties<'_>) -> Self {
        let host = properties.text("listen").unwrap_or("127.0.0.1");
        Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: properties.port("port").unwrap_or_default(),
            tls: None,
            knows_senders: false,
        }
    }

    /// As [`Self::of`], for connections, which may speak TLS.
    pub(super) fn with_tls(properties: &Properties<'_>) -> Result<Self, Mistake> {
        Ok(Self {
            tls: tls::server(properties)?,
            knows_senders: properties.flag("tls") && properties.flag("tls.verify_client_cert"),
            ..Self::of(properties)
        })
    }

    /// Whether senders must show a certificate.
    pub(super) fn knows_senders(&self) -> bool {
        self.knows_senders
    }

    /// How TLS is spoken, if it is.
    pub(super) fn tls(&self) -> Option<ServerTls> {
        self.tls.clone()
    }

    /// The addresses of the host.
    pub(super) fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        Ok((self.host.as_str(), self.port).to_socket_addrs()?.collect())
    }

    /// Tries one address after the other until one can be had.
    pub(super) fn bind<S>(&self, bind: impl Fn(SocketAddr) -> io::Result<S>) -> Result<S, String> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
        let addresses = self.addresses().map_err(|error| self.refusal(&error))?;
        for address in addresses {
            match bind(address) {
                Ok(socket) => return Ok(socket),
                Err(error) => last = error,
            }
        }
        Err(self.refusal(&last))
    }

    fn refusal(&self, error: &io::Error) -> String {
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => "the port is in use; choose another, or 0 for any free one",
            io::ErrorKind::PermissionDenied => "that port needs more rights; choose one above 1023",
            io::ErrorKind::AddrNotAvailable => "this machine has no such address",
            _ => return format!("cannot listen on {}:{}: {error}", self.host, self.port),
        };
        format!("cannot listen on {}:{}: {remedy}", self.host, self.port)
    }
}

/// TLS is for connections over TCP; on any other way it is a mistake.
pub(super) fn no_tls(properties: &Properties<'_>, way: &str) -> Result<(), Mistake> {
    if !properties.flag("tls") {
        return Ok(());
    }
    let message = format!("there is no TLS over {way}");
    let mistake = properties.mistake("tls", message).label("for TCP only");
    Err(mistake.remedy("remove `tls on`, or listen on a port of TCP"))
}

/// Says where it listens, and warns where everybody can reach it unless senders show who they are.
pub(super) fn announce(
    plugin: &str,
    name: &str,
    address: SocketAddr,
    knows_senders: bool,
    log: &Log,
) {
    log.info(format_args!(
        "[input:{plugin}:{name}] listening on {address}"
    ));
    if !knows_senders && !is_local(address.ip()) {
        log.warn(format_args!(
            "[input:{plugin}:{name}] {address} can be reached from outside this machine, and nobody is asked who they are"
        ));
    }
}

fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
