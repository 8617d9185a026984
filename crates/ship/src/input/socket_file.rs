//! Sockets that are files pass through here: made, given rights, and removed at the end.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sockeye_core::{Mistake, quoted};

use crate::properties::Properties;

/// A socket's file; it is removed with this value, if it was made.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    rights: Option<u32>,
    is_made: AtomicBool,
}

impl SocketFile {
    /// The file that `key` names, with the rights of `unix_perm`.
    pub(super) fn of(properties: &Properties<'_>, key: &'static str) -> Result<Self, Mistake> {
        let rights = properties.text("unix_perm").map(|text| {
            u32::from_str_radix(text, 8)
                .ok()
                .filter(|&rights| rights <= 0o777)
                .ok_or_else(|| {
                    properties
                        .mistake("unix_perm", format!("{} are no rights", quoted(text)))
                        .label("expected three octal digits")
                        .remedy("write them as `0644`")
                })
        });
        Ok(Self {
            path: properties.need(key)?.into(),
            rights: rights.transpose()?,
            is_made: AtomicBool::new(false),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the socket. One that an earlier run has left is removed; any other file is not.
    pub(super) fn bind<S>(&self, bind: impl FnOnce(&Path) -> io::Result<S>) -> Result<S, String> {
        let shown = self.path.display();
        let is_socket =
            fs::symlink_metadata(&self.path).is_ok_and(|found| found.file_type().is_socket());
        if is_socket && std::os::unix::net::UnixStream::connect(&self.path).is_ok() {
            return Err(format!("cannot listen on {shown}: somebody else does"));
        }
        if is_socket {
            // Whether that worked is seen by whether it can be made anew.
            let _ = fs::remove_file(&self.path);
        }
        let socket =
            bind(&self.path).map_err(|error| format!("cannot listen on {shown}: {error}"))?;
        self.is_made.store(true, Ordering::Relaxed);
        if let Some(rights) = self.rights {
            let set = fs::set_permissions(&self.path, fs::Permissions::from_mode(rights));
            set.map_err(|error| format!("cannot give {shown} its rights: {error}"))?;
        }
        Ok(socket)
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.is_made.load(Ordering::Relaxed) {
            // Somebody else may have removed it.
            let _ = fs::remove_file(&self.path);
        }
    }
}
