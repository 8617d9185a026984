//! TLS under a connection: certificates from files, both ends of the handshake, records.
//!
//! | file | what happens there |
//! |---|---|
//! | `authorities` | who is trusted, from a file or a folder |
//! | `encrypted` | keys that want a password |
//! | `pem` | PEM files become certificates and keys, mistakes become [`TlsError`] |
//! | `identity` | a certificate and its key, from files or made here |
//! | `server` | what a listener offers, replaceable while it serves |
//! | `client` | whom a client trusts and what it shows |
//! | `session` | rustls, driven record by record |
//! | `channel` | the bytes between a socket and plain text |

mod authorities;
mod channel;
mod client;
mod encrypted;
mod identity;
mod pem;
mod server;
mod session;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

pub use authorities::Authorities;
pub(crate) use channel::{Channel, is_pending};
pub use client::{ClientTls, ClientTrust};
pub(crate) use client::{in_words, start_client};
pub use identity::{Identity, SelfSigned};
pub use pem::{TlsError, TlsFile, TlsFlaw};
pub(crate) use server::Rejected;
pub use server::{ClientAuth, ServerTls, TlsConfig, TlsVersion, TlsVersions};

/// The one protocol that is spoken inside, by its name in the handshake (RFC 7301).
const ALPN: &[u8] = b"http/1.1";

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}
