//! Addresses to listen on, and the one sentence that is said when an address cannot be had.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};

/// Who wants to listen: what the sentence is about, and the flags that help.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose {
    /// Behind the address: empty, or ` for the admin`.
    pub(crate) what: &'static str,
    pub(crate) host_flag: &'static str,
    pub(crate) port_flag: &'static str,
    /// Other places that a host may come from.
    pub(crate) hosts: &'static str,
}

/// The mock itself.
pub(crate) const MOCK: Purpose = Purpose {
    what: "",
    host_flag: "--host",
    port_flag: "--port",
    hosts: " (HOST and MOCKFORGE_WS_HOST count, too)",
};

/// The admin listener.
pub(crate) const ADMIN: Purpose = Purpose {
    what: " for the admin",
    host_flag: "--admin-host",
    port_flag: "--admin-port",
    hosts: " (SOCKEYE_ADMIN_HOST counts, too)",
};

/// The first address of a host; brackets around it do not matter.
pub(crate) fn resolve(host: &str, port: u16) -> io::Result<SocketAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    (host, port).to_socket_addrs()?.next().ok_or_else(nothing)
}

/// Says why nobody can listen there, and what to do about it.
pub(crate) fn refusal(purpose: Purpose, host: &str, port: u16, error: &io::Error) -> String {
    let Purpose {
        what,
        host_flag,
        port_flag,
        hosts,
    } = purpose;
    let remedy = match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "the port is in use; choose another with {port_flag}, or {port_flag} 0 for any free one"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("that port needs more rights; choose one above 1023 with {port_flag}")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine has no such address; choose another with {host_flag}")
        }
        _ => format!("{error}; choose another with {host_flag}{hosts}"),
    };
    format!("cannot listen on {host}:{port}{what}: {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_remedy() {
        let sentence = |purpose, kind: io::ErrorKind| refusal(purpose, "h", 80, &kind.into());
        assert_eq!(
            sentence(MOCK, io::ErrorKind::PermissionDenied),
            "cannot listen on h:80: that port needs more rights; choose one above 1023 with --port"
        );
        assert_eq!(
            sentence(ADMIN, io::ErrorKind::AddrInUse),
            "cannot listen on h:80 for the admin: the port is in use; choose another with --admin-port, \
             or --admin-port 0 for any free one"
        );
        assert_eq!(
            sentence(ADMIN, io::ErrorKind::AddrNotAvailable),
            "cannot listen on h:80 for the admin: this machine has no such address; choose another with --admin-host"
        );
        assert_eq!(
            sentence(MOCK, io::ErrorKind::InvalidInput),
            "cannot listen on h:80: invalid input parameter; choose another with --host \
             (HOST and MOCKFORGE_WS_HOST count, too)"
        );
    }
}
