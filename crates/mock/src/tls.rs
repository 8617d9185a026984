//! What files say about TLS, on its way to the listener.

use std::io;

use sockeye_net::{ClientAuth, Identity, TlsConfig, TlsVersion};

/// TLS as the files want it.
#[derive(Clone, Debug, Default)]
pub struct TlsSettings {
    /// Certificate and key; `None`: one that nobody vouches for is made.
    pub identity: Option<Identity>,
    /// Whether clients show a certificate.
    pub clients: ClientAuth,
    /// The lowest version that is spoken.
    pub lowest: TlsVersion,
}

impl TlsSettings {
    /// What a listener offers, with `own` where the files name no certificate. Errors: see
    /// [`TlsConfig::new`].
    pub fn config(&self, own: &Identity) -> io::Result<TlsConfig> {
        let identity = self.identity.as_ref().unwrap_or(own);
        TlsConfig::new(identity, &self.clients, self.lowest)
    }
}
