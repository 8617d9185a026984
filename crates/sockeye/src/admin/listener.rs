//! The admin listener is opened beside the mock's, and drained with it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sockeye_core::Random;
use sockeye_mock::AdminSettings;
use sockeye_mock::operate::Operator;
use sockeye_net::{Limits, Server, listen};
use tokio::sync::mpsc;
use tracing::warn;

use super::app::{AdminApp, Served};
use super::guard::Guard;
use super::routes::reload::ReloadRequest;
use crate::bind;
use crate::cli::AdminArgs;
use crate::environment::AdminEnvironment;
use crate::logging::say;

/// The guide's port for operators, contract 2.
const PORT: u16 = 3000;

/// Reloads that may wait.
const MOST_RELOADS: usize = 8;

/// Connections to the admin listener: the stream of events of so many pages.
const MOST_STREAMS: usize = 100;

/// Where it is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether somebody asked for that port; nobody is disturbed if the default is taken.
    pub(crate) is_asked_for: bool,
    pub(crate) token: Option<String>,
}

impl Wanted {
    /// What flags, environment and files want, in this order of weight; none if they want none.
    pub(crate) fn new(
        flags: AdminArgs,
        environment: AdminEnvironment,
        file: &AdminSettings,
    ) -> Option<Self> {
        let port = flags.admin_port.or(environment.port).or(file.port);
        let host = flags.admin_host.or(environment.host);
        let host = host.or_else(|| file.host.clone());
        let is_wanted = port.is_some() || file.enabled.unwrap_or(true);
        (is_wanted && !flags.no_admin).then(|| Self {
            is_asked_for: port.is_some() || host.is_some() || file.enabled == Some(true),
            host: host.unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: port.unwrap_or(PORT),
            token: flags.admin_token.or(environment.token),
        })
    }
}

/// A running admin listener.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) server: Server,
    /// Reloads that operators ask for.
    pub(crate) reloads: mpsc::Receiver<ReloadRequest>,
    /// The token that had to be made up, because others than this machine can ask.
    pub(crate) made_up_token: Option<String>,
    pub(crate) draining: Arc<AtomicBool>,
}

impl Admin {
    /// Says where it is.
    pub(crate) fn announce(&self) {
        let address = self.server.address();
        say(&format!("admin on http://{address}"));
        if let Some(token) = &self.made_up_token {
            say(&format!("admin token: {token}"));
            warn!("everyone who can reach {address} and knows the token can steer this mock");
        }
    }
}

/// Opens the listener. Must be called within a Tokio runtime.
///
/// # Errors
///
/// It cannot listen there, or its thread cannot be started.
pub(crate) fn start(wanted: Wanted, operator: Operator, served: Served) -> io::Result<Admin> {
    let address = bind::resolve(&wanted.host, wanted.port)?;
    let listener = listen(address)?;
    let address = listener.local_addr()?;
    let mut made_up_token = None;
    let token = wanted.token.or_else(|| {
        if !address.ip().is_loopback() {
            made_up_token = Some(random_token());
        }
        made_up_token.clone()
    });
    let (ask, reloads) = mpsc::channel(MOST_RELOADS);
    let draining = Arc::new(AtomicBool::new(false));
    let app = AdminApp {
        operator,
        served,
        guard: Guard::new(&wanted.host, address, token),
        reloads: ask,
        draining: Arc::clone(&draining),
    };
    let limits = Limits {
        connections: MOST_STREAMS,
        // Pages do not matter as much as what is mocked, which has drained before.
        drain: Duration::from_secs(1),
        ..Limits::default()
    };
    let server = Server::start(listener, Arc::new(app), limits, 1)?;
    Ok(Admin {
        server,
        reloads,
        made_up_token,
        draining,
    })
}

/// 128 bits that nobody can guess.
fn random_token() -> String {
    let mut random = Random::from_os();
    format!("{:016x}{:016x}", random.bits(), random.bits())
}
