//! Where a proxy may go: every address that a name resolves to is looked at before one of them is called.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Ends of names that the public DNS does not answer (RFC 6761, RFC 6762, RFC 8375, and ICANN's `.internal`):
/// nobody outside can make them point anywhere.
const PRIVATE_ENDS: [&str; 5] = ["localhost", "local", "internal", "test", "home.arpa"];

/// A host that may lie in a private network: `name`, `name:port` or `*.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// The name in lower case; with `is_parent` every name below it.
    pub(crate) name: Box<str>,
    pub(crate) is_parent: bool,
    pub(crate) port: Option<u16>,
}

/// Why nobody is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Forbidden {
    /// The address is this process itself.
    Ourselves(SocketAddr),
    /// Nobody can be reached there, or only by accident: unspecified, multicast, link-local.
    Never(IpAddr),
    /// A public name leads into a private network.
    Private(IpAddr),
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ourselves(address) => write!(f, "{address} is a port of this very process"),
            Self::Never(address) => write!(f, "{address} is no address of a server"),
            Self::Private(address) => write!(
                f,
                "it leads to {address}, which is in a private network; if that is meant, name the host in \
                 `upstream_allow`"
            ),
        }
    }
}

impl Allowed {
    /// Reads `name`, `name:port` or `*.name`; nothing if it is none of them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, Some(port.parse().ok().filter(|port| *port > 0)?))
            }
            _ => (text, None),
        };
        let (name, is_parent) = match host.strip_prefix("*.") {
            Some(parent) => (parent, true),
            None => (host, false),
        };
        let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
        let is_name = !name.is_empty() && !name.contains(['*', '/', '@', ' ']);
        is_name.then(|| Self {
            name: name.into(),
            is_parent,
            port,
        })
    }

    fn covers(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let is_name = if self.is_parent {
            host.strip_suffix(&*self.name)
                .is_some_and(|start| start.ends_with('.'))
        } else {
            host == *self.name
        };
        is_name && self.port.is_none_or(|own| own == port)
    }
}

/// Looks at all addresses that `host` was resolved to. `own` are the ports of this process.
pub(crate) fn check(
    host: &str,
    addresses: &[SocketAddr],
    allowed: &[Allowed],
    own: &[SocketAddr],
) -> Result<(), Forbidden> {
    for address in addresses {
        let ip = address.ip().to_canonical();
        if own
            .iter()
            .any(|port| is_ours(*port, SocketAddr::new(ip, address.port())))
        {
            return Err(Forbidden::Ourselves(*address));
        }
        if is_never(ip) {
            return Err(Forbidden::Never(ip));
        }
        let is_meant =
            is_private_name(host) || allowed.iter().any(|name| name.covers(host, address.port()));
        if is_private(ip) && !is_meant {
            return Err(Forbidden::Private(ip));
        }
    }
    Ok(())
}

/// Whether a host is written so that only its author decides where it leads: an address, a name without a
/// dot, or one that the public DNS does not answer.
fn is_private_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.parse::<IpAddr>().is_ok() || !host.contains('.') {
        return true;
    }
    let ends = |end: &&str| {
        host.strip_suffix(*end)
            .is_some_and(|start| start.ends_with('.'))
    };
    PRIVATE_ENDS.iter().any(ends)
}

/// Whether `address` is the port of this process that listens at `port`.
fn is_ours(port: SocketAddr, address: SocketAddr) -> bool {
    if port.port() != address.port() {
        return false;
    }
    let (listens, called) = (port.ip().to_canonical(), address.ip());
    listens == called
        || called.is_unspecified()
        || listens.is_unspecified() && is_of_this_machine(called)
}

/// Whether the way to `ip` begins and ends at it. Nothing is sent to find out.
fn is_of_this_machine(ip: IpAddr) -> bool {
    let any: IpAddr = match ip {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let from = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect((ip, 9))?;
        socket.local_addr()
    });
    ip.is_loopback() || from.is_ok_and(|from| from.ip() == ip)
}

fn is_never(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_link_local()
                || ip.octets()[0] == 0
        }
        IpAddr::V6(ip) => ip.is_unspecified() || ip.is_multicast() || ip.is_unicast_link_local(),
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            // 100.64.0.0/10 is between a provider and its customers (RFC 6598), 198.18.0.0/15 for measuring (RFC 2544).
            let is_shared = first == 100 && (64..128).contains(&second);
            let is_bench = first == 198 && (18..20).contains(&second);
            ip.is_loopback() || ip.is_private() || is_shared || is_bench
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || embeds_private(ip),
    }
}

/// Whether an IPv4 address of a private network stands in an IPv6 address that leads to it: NAT64
/// (RFC 6052), 6to4 (RFC 3056) or the old `::a.b.c.d`.
fn embeds_private(ip: Ipv6Addr) -> bool {
    let octets = ip.octets();
    let v4 = |at: usize| {
        let bytes: Option<[u8; 4]> = octets
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok());
        bytes.is_some_and(|bytes| {
            let ip = IpAddr::from(bytes);
            is_private(ip) || is_never(ip)
        })
    };
    match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0, ..] => v4(12),
        [0x2002, ..] => v4(2),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(host: &str, ip: &str) -> Result<(), Forbidden> {
        let own = [
            "127.0.0.1:3000".parse().unwrap(),
            "0.0.0.0:8080".parse().unwrap(),
        ];
        let allowed = ["intranet.example.com", "*.corp.example.com:443"];
        let allowed: Vec<Allowed> = allowed
            .iter()
            .filter_map(|text| Allowed::parse(text))
            .collect();
        let ip: IpAddr = ip.parse().unwrap();
        check(host, &[SocketAddr::new(ip, 443)], &allowed, &own)
    }

    #[test]
    fn a_public_name_leads_to_public_addresses_only() {
        for ip in [
            "93.184.216.34",
            "2606:2800:220:1::1",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
        ] {
            assert_eq!(verdict("api.example.com", ip), Ok(()), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "::127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a9fe:a9fe",
        ] {
            let found = verdict("api.example.com", ip);
            assert!(
                matches!(found, Err(Forbidden::Private(_))),
                "{ip}: {found:?}"
            );
        }
    }

    #[test]
    fn some_addresses_are_never_called_whatever_the_name() {
        for host in [
            "api.example.com",
            "localhost",
            "backend",
            "intranet.example.com",
            "169.254.169.254",
        ] {
            for ip in [
                "169.254.169.254",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "fe80::1",
                "224.0.0.1",
                "255.255.255.255",
                "::ffff:169.254.169.254",
                "ff02::1",
            ] {
                let found = verdict(host, ip);
                assert!(
                    matches!(found, Err(Forbidden::Never(_))),
                    "{host} {ip}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn private_networks_are_for_names_that_only_their_author_can_mean() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "backend",
            "db.local",
            "a.internal",
            "x.test",
            "127.0.0.1",
            "::1",
            "intranet.example.com",
            "Intranet.Example.Com.",
            "a.corp.example.com",
            "a.b.corp.example.com",
        ] {
            assert_eq!(verdict(host, "10.0.0.1"), Ok(()), "{host}");
        }
        for host in [
            "corp.example.com",
            "xcorp.example.com",
            "an.intranet.example.com",
            "local.example.com",
            "nip.io",
        ] {
            assert!(verdict(host, "10.0.0.1").is_err(), "{host}");
        }
    }

    #[test]
    fn this_process_does_not_call_itself() {
        let own = [
            "127.0.0.1:3000".parse().unwrap(),
            "0.0.0.0:8080".parse().unwrap(),
        ];
        for address in [
            "127.0.0.1:3000",
            "[::ffff:127.0.0.1]:3000",
            "127.0.0.1:8080",
            "127.4.4.4:8080",
            "0.0.0.0:8080",
            "0.0.0.0:3000",
        ] {
            let found = check("localhost", &[address.parse().unwrap()], &[], &own);
            assert!(
                matches!(found, Err(Forbidden::Ourselves(_))),
                "{address}: {found:?}"
            );
        }
        for address in ["127.0.0.1:3001", "127.0.0.2:3000", "192.0.2.1:8080"] {
            assert_eq!(
                check("localhost", &[address.parse().unwrap()], &[], &own),
                Ok(()),
                "{address}"
            );
        }
    }

    #[test]
    fn one_bad_address_among_good_ones_is_enough() {
        let addresses = [
            "93.184.216.34:443".parse().unwrap(),
            "127.0.0.1:443".parse().unwrap(),
        ];
        assert!(check("rebound.example.com", &addresses, &[], &[]).is_err());
    }

    #[test]
    fn what_is_allowed_is_a_name_a_port_or_all_below() {
        for text in [
            "", "*", "*.", "a b", "a:0", "a:x", "a:70000", "http://a", "*.*.a",
        ] {
            assert_eq!(Allowed::parse(text), None, "{text}");
        }
        let allowed = Allowed::parse("[::1]:9").unwrap();
        assert_eq!((&*allowed.name, allowed.port), ("::1", Some(9)));
        let allowed = Allowed::parse("A.example").unwrap();
        assert_eq!((&*allowed.name, allowed.is_parent), ("a.example", false));
    }
}
