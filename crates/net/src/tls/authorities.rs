//! Certificates of authorities: from a file, all of which must be right, or from a folder of files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;

use super::pem::{PemFile, TlsError, TlsFile, TlsFlaw};

/// Files of a folder that are looked at, in the order of their names.
const MOST_FILES: usize = 10_000;

/// Authorities whose certificates are accepted. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Authorities(pub(super) Arc<RootCertStore>);

impl Authorities {
    /// Reads a PEM file with certificates of authorities, all of which must be right.
    pub fn read(path: &Path) -> Result<Self, TlsError> {
        Self::gather(Some(path), None)
    }

    /// Reads a file as [`Self::read`] does, and a folder: what is no certificate in one is left out, as
    /// folders have readmes, keys and links that lead nowhere; at least one must be.
    pub fn gather(file: Option<&Path>, folder: Option<&Path>) -> Result<Self, TlsError> {
        let mut store = RootCertStore::empty();
        add(&mut store, file, folder)?;
        Ok(Self(Arc::new(store)))
    }
}

/// Adds what is in a file and in a folder.
pub(super) fn add(
    store: &mut RootCertStore,
    file: Option<&Path>,
    folder: Option<&Path>,
) -> Result<(), TlsError> {
    if let Some(path) = file {
        let file = PemFile::read(path, TlsFile::Authorities)?;
        for certificate in file.certificates()? {
            let added = store.add(certificate);
            added.map_err(|error| file.flaw(TlsFlaw::BadCertificate(error.to_string())))?;
        }
    }
    folder.map_or(Ok(()), |folder| add_folder(store, folder))
}

fn add_folder(store: &mut RootCertStore, folder: &Path) -> Result<(), TlsError> {
    let wrong = |flaw| TlsError {
        path: folder.to_owned(),
        file: TlsFile::Authorities,
        flaw,
    };
    let unreadable = |error: std::io::Error| wrong(TlsFlaw::Unreadable(error.to_string()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)?.take(MOST_FILES) {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    let mut count = 0;
    for path in paths {
        let certificates =
            PemFile::read(&path, TlsFile::Authorities).and_then(|file| file.certificates());
        count += store
            .add_parsable_certificates(certificates.unwrap_or_default())
            .0;
    }
    if count == 0 {
        return Err(wrong(TlsFlaw::EmptyFolder));
    }
    Ok(())
}
