//! TLS of the running server: the certificate of its own, what a reload changes, what users are told.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sockeye_mock::TlsSettings;
use sockeye_net::{Port, SelfSigned, ServerTls};
use tracing::{info, warn};

use crate::files;
use crate::logging::say;

/// What a listener speaks. Dropping it removes the certificate that was written.
#[derive(Debug)]
pub(crate) struct Tls {
    server: ServerTls,
    /// Where the files name no certificate.
    own: SelfSigned,
    /// Where its PEM is, once it is used.
    written: Option<PathBuf>,
    /// The port, for the name of that file.
    port: u16,
}

impl Tls {
    /// TLS as `settings` want it. Errors: the system has no randomness.
    pub(crate) fn new(settings: &TlsSettings) -> io::Result<Self> {
        let own = SelfSigned::make()?;
        let server = ServerTls::new(settings.config(&own.identity)?);
        Ok(Self {
            server,
            own,
            written: None,
            port: 0,
        })
    }

    /// Makes the listener speak it; without `tls` it stays plain.
    pub(crate) fn on(tls: Option<&Self>, listener: TcpListener) -> Port {
        match tls {
            Some(tls) => Port::secure(listener, tls.server.clone()),
            None => listener.into(),
        }
    }

    /// Says what the clients need who are to trust a certificate that was made here.
    pub(crate) fn announce(&mut self, settings: &TlsSettings, port: u16) {
        self.port = port;
        if settings.identity.is_some() || self.written.is_some() {
            return;
        }
        let print = self.own.identity.fingerprint();
        say(&format!(
            "self-signed certificate for localhost, 127.0.0.1 and ::1, SHA-256 {print}"
        ));
        match write(&self.own.certificate, port) {
            Ok(path) => {
                say(&format!("clients that trust {} accept it", path.display()));
                self.written = Some(path);
            }
            Err(error) => warn!("its PEM cannot be written for clients: {error}"),
        }
    }

    /// Offers what the files say now. Whether TLS is spoken at all stays as it was.
    pub(crate) fn reload(tls: Option<&mut Self>, settings: Option<&TlsSettings>) {
        let (tls, settings) = match (tls, settings) {
            (Some(tls), Some(settings)) => (tls, settings),
            (None, None) => return,
            _ => return warn!("TLS is switched on and off by a restart only"),
        };
        match settings.config(&tls.own.identity) {
            Ok(config) => {
                tls.server.replace(config);
                tls.announce(settings, tls.port);
                info!("certificates read again, for connections from now on");
            }
            Err(error) => warn!("the old certificates stay in force: {error}"),
        }
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        if let Some(path) = &self.written {
            // Who removed it before has done what is wanted.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Writes the certificate where the user's programs keep their state. The key stays in memory.
fn write(certificate: &str, port: u16) -> io::Result<PathBuf> {
    let folder = match files::state_folder() {
        Some(folder) => folder,
        None => std::env::temp_dir().join(format!("sockeye-{}", std::process::id())),
    };
    files::make_private(&folder)?;
    write_new(&folder.join(format!("localhost-{port}.pem")), certificate)
}

/// Writes a file that was not there; an older one of this name is removed, whatever it is.
fn write_new(path: &Path, text: &str) -> io::Result<PathBuf> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(path.to_owned())
}
