//! A certificate and its key: read from files, or made for a developer's own machine.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use sha2::{Digest as _, Sha256};

use super::pem::{PemFile, TlsError, TlsFile, TlsFlaw};
use super::provider;

/// The names that a certificate of our own is for.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Letters of base64 on a line of PEM (RFC 7468 section 2).
const PEM_LINE: usize = 64;

/// A chain of certificates and the key of the first. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity(pub(super) Arc<CertifiedKey>);

impl Identity {
    /// Reads a PEM file with a chain, the own certificate first, and one with its key.
    ///
    /// Errors name the file: not readable, not PEM, a kind that cannot be used, or not a pair.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        Self::read_with(certificate, key, None)
    }

    /// As [`Self::read`]; a key that is encrypted (PKCS#8 with PBES2, RFC 8018) is opened with `password`.
    pub fn read_with(
        certificate: &Path,
        key: &Path,
        password: Option<&str>,
    ) -> Result<Self, TlsError> {
        let certificate = PemFile::read(certificate, TlsFile::Certificate)?;
        let chain = certificate.certificates()?;
        let key_file = PemFile::read(key, TlsFile::Key)?;
        let key = key_file.key(password)?;
        let certified = CertifiedKey::from_der(chain, key, &provider());
        let certified = certified.map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                key_file.flaw(TlsFlaw::OtherKey(certificate.path().to_owned()))
            }
            Error::InvalidCertificate(error) => {
                certificate.flaw(TlsFlaw::BadCertificate(error.to_string()))
            }
            _ => key_file.flaw(TlsFlaw::BadKey),
        })?;
        Ok(Self(Arc::new(certified)))
    }

    /// The SHA-256 of the own certificate, as `openssl x509 -fingerprint -sha256` writes it.
    pub fn fingerprint(&self) -> String {
        let own = self.0.cert.first().map(AsRef::as_ref).unwrap_or_default();
        let digest = Sha256::digest(own);
        let mut text = String::with_capacity(digest.len() * 3);
        for (index, byte) in digest.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            // Writing into a string does not fail.
            let _ = write!(text, "{colon}{byte:02X}");
        }
        text
    }
}

/// An identity that was made here and that nobody vouches for.
#[derive(Clone, Debug)]
pub struct SelfSigned {
    /// Certificate and key. The key is nowhere but in memory.
    pub identity: Identity,
    /// The certificate as PEM, for clients that shall trust it.
    pub certificate: String,
}

impl SelfSigned {
    /// Makes one for `localhost`, 127.0.0.1 and `::1`, with a fresh key on P-256.
    ///
    /// Errors: the system has no randomness.
    pub fn make() -> io::Result<Self> {
        let names = OWN_NAMES.map(ToOwned::to_owned).to_vec();
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "sockeye on localhost");
        let made = params.self_signed(&key).map_err(io::Error::other)?;
        let der: CertificateDer<'static> = made.der().clone();
        let certificate = pem("CERTIFICATE", &der);
        let key = PrivateKeyDer::try_from(key.serialize_der());
        let key = key.map_err(io::Error::other)?;
        let certified = CertifiedKey::from_der(vec![der], key, &provider());
        let certified = certified.map_err(io::Error::other)?;
        Ok(Self {
            identity: Identity(Arc::new(certified)),
            certificate,
        })
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let letters = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(PEM_LINE));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text + "-----END " + label + "-----\n"
}
