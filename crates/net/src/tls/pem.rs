//! PEM files to certificates and keys; what is wrong with one becomes an error that names it.

use std::fmt;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::encrypted;
use crate::limits::PEM_BYTES;

/// Which of the files of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFile {
    /// The certificate, or a chain of them, the own one first.
    Certificate,
    /// The key of the first certificate.
    Key,
    /// Certificates of authorities.
    Authorities,
}

/// A file of TLS that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{flaw}", .path.display())]
pub struct TlsError {
    /// The file.
    pub path: PathBuf,
    /// What it was to hold.
    pub file: TlsFile,
    /// What is wrong with it.
    pub flaw: TlsFlaw,
}

/// What is wrong with a file of TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFlaw {
    /// The system does not let us read it, for this reason.
    Unreadable(String),
    /// It has a start of PEM and is broken behind it.
    Broken(String),
    /// There is no certificate in it.
    NoCertificate,
    /// There is no private key in it.
    NoKey,
    /// Its private key wants a password.
    Encrypted,
    /// Its private key cannot be opened with the password that was named.
    WrongPassword,
    /// Its private key wants a password, and is encrypted in a way that is not known here.
    OtherCipher,
    /// There is no certificate in any file of the folder.
    EmptyFolder,
    /// The certificate cannot be used, for this reason.
    BadCertificate(String),
    /// The key is of a kind that is not supported.
    BadKey,
    /// The key belongs to another certificate than the one in this file.
    OtherKey(PathBuf),
}

impl fmt::Display for TlsFlaw {
    /// Continues a sentence that starts with the file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, " cannot be read: {reason}"),
            Self::Broken(reason) => write!(f, " is broken PEM: {reason}"),
            Self::NoCertificate => f.write_str(" holds no certificate"),
            Self::NoKey => f.write_str(" holds no private key"),
            Self::Encrypted => f.write_str(" holds a key that is encrypted"),
            Self::WrongPassword => f.write_str(" holds a key that this password does not open"),
            Self::OtherCipher => f.write_str(" holds a key that is encrypted in an unusual way"),
            Self::EmptyFolder => f.write_str(" holds no file with a certificate"),
            Self::BadCertificate(reason) => {
                write!(f, " holds a certificate that cannot be used: {reason}")
            }
            Self::BadKey => f.write_str(" holds a key of a kind that cannot be used"),
            Self::OtherKey(certificate) => write!(
                f,
                " does not hold the key of the certificate in {}",
                certificate.display()
            ),
        }
    }
}

impl TlsFlaw {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "name a file that is there and may be read",
            Self::Broken(_) => "write the file anew, from what issued it",
            Self::NoCertificate => {
                "name a PEM file, with a line `-----BEGIN CERTIFICATE-----` in it"
            }
            Self::NoKey => {
                "name a PEM file, with a line such as `-----BEGIN PRIVATE KEY-----` in it"
            }
            Self::Encrypted | Self::OtherCipher => {
                "decrypt it: `openssl pkey -in encrypted.key -out plain.key`"
            }
            Self::WrongPassword => "name the password that the key was encrypted with",
            Self::EmptyFolder => "name a folder with PEM files of certificates",
            Self::BadCertificate(_) => "have the certificate issued anew, as X.509 version 3",
            Self::BadKey => {
                "use RSA with 2048 to 8192 bits, ECDSA on P-256, P-384 or P-521, or Ed25519"
            }
            Self::OtherKey(_) => {
                "name the key that the certificate was issued for; the own certificate comes first in its file"
            }
        }
    }
}

/// A file of TLS while it is read.
pub(super) struct PemFile<'p> {
    path: &'p Path,
    file: TlsFile,
    text: Vec<u8>,
}

impl<'p> PemFile<'p> {
    pub(super) fn read(path: &'p Path, file: TlsFile) -> Result<Self, TlsError> {
        let text = read(path).map_err(|reason| TlsError {
            path: path.to_owned(),
            file,
            flaw: TlsFlaw::Unreadable(reason),
        })?;
        Ok(Self { path, file, text })
    }

    pub(super) fn path(&self) -> &'p Path {
        self.path
    }

    pub(super) fn flaw(&self, flaw: TlsFlaw) -> TlsError {
        let path = self.path.to_owned();
        TlsError {
            path,
            file: self.file,
            flaw,
        }
    }

    fn broken(&self, error: &PemError) -> TlsError {
        let reason = match error {
            PemError::MissingSectionEnd { .. } => "a section does not end".to_owned(),
            PemError::IllegalSectionStart { .. } => "a section starts in a wrong way".to_owned(),
            PemError::Base64Decode(_) => "a section is not base64".to_owned(),
            other => other.to_string(),
        };
        self.flaw(TlsFlaw::Broken(reason))
    }

    /// All certificates, at least one.
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.text).collect();
        let found = found.map_err(|error| self.broken(&error))?;
        if found.is_empty() {
            return Err(self.flaw(TlsFlaw::NoCertificate));
        }
        Ok(found)
    }

    /// The first key: PKCS#8, PKCS#1 or SEC1; PKCS#8 may be encrypted where there is a password.
    pub(super) fn key(&self, password: Option<&str>) -> Result<PrivateKeyDer<'static>, TlsError> {
        if let Some(password) = password
            && self.is_encrypted()
        {
            return encrypted::open(&self.text, password).map_err(|flaw| self.flaw(flaw));
        }
        PrivateKeyDer::from_pem_slice(&self.text).map_err(|error| match error {
            // The label says so, or, in the old way, a header where base64 should be.
            _ if self.is_encrypted() => self.flaw(TlsFlaw::Encrypted),
            PemError::NoItemsFound => self.flaw(TlsFlaw::NoKey),
            error => self.broken(&error),
        })
    }

    fn is_encrypted(&self) -> bool {
        let word = b"ENCRYPTED";
        self.text.windows(word.len()).any(|found| found == word)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let entry = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // Anything else could keep us waiting.
    if !entry.is_file() {
        return Err("it is no file".to_owned());
    }
    if entry.len() > PEM_BYTES {
        return Err(format!("it is longer than {PEM_BYTES} bytes"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}
