//! What the figures depend on passes through here: the machine, the kernel and the versions measured.

use std::path::Path;
use std::process::Command;

use serde::Serialize;

use crate::placement::Placement;
use crate::proc::{field, read};
use crate::server::first_line;

/// Where a comparison ran. What cannot be found out is `unknown`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    /// Model of the CPU.
    pub(crate) cpu: String,
    /// Cores that are online.
    pub(crate) cores: usize,
    /// Kernel release.
    pub(crate) kernel: String,
    /// Cores of the client and of the servers, or that they share.
    pub(crate) placement: String,
}

/// What was compared.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Versions {
    /// What `sockeye --version` prints.
    pub(crate) sockeye: String,
    /// Version of this bench.
    pub(crate) bench: &'static str,
    /// What `rustc --version` prints on this machine.
    pub(crate) rustc: String,
}

const UNKNOWN: &str = "unknown";

impl Machine {
    /// Asks `/proc`.
    pub(crate) fn this(placement: Placement) -> Self {
        let cpuinfo = read(Path::new("/proc/cpuinfo")).unwrap_or_default();
        let kernel = read(Path::new("/proc/sys/kernel/osrelease")).unwrap_or_default();
        Self {
            cpu: field(&cpuinfo, "model name").unwrap_or(UNKNOWN).to_owned(),
            cores: cores(&cpuinfo),
            kernel: Some(kernel.trim())
                .filter(|text| !text.is_empty())
                .unwrap_or(UNKNOWN)
                .to_owned(),
            placement: described(placement),
        }
    }
}

impl Versions {
    /// Asks the programs, at most five seconds each.
    pub(crate) fn of(sockeye: &Path) -> Self {
        let version_of = |program: &Path| {
            let mut command = Command::new(program);
            command.arg("--version");
            first_line(command).unwrap_or_else(|| UNKNOWN.to_owned())
        };
        Self {
            sockeye: version_of(sockeye),
            bench: env!("CARGO_PKG_VERSION"),
            rustc: version_of(Path::new("rustc")),
        }
    }
}

fn cores(cpuinfo: &str) -> usize {
    cpuinfo
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count()
}

fn described(placement: Placement) -> String {
    match placement {
        Placement::Apart { client, server } => {
            format!("client on core {client}, servers on core {server}")
        }
        Placement::Shared => "client and servers share their cores".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_told_from_proc() {
        let cpuinfo = "processor\t: 0\nmodel name\t: X 1\n\nprocessor\t: 1\nmodel name\t: X 1\n";
        assert_eq!(cores(cpuinfo), 2);
        let machine = Machine::this(Placement::Apart {
            client: 0,
            server: 1,
        });
        assert!(machine.cores > 0);
        assert_ne!(machine.kernel, UNKNOWN);
        assert_eq!(machine.placement, "client on core 0, servers on core 1");
    }

    #[test]
    fn a_program_that_is_not_there_has_an_unknown_version() {
        assert_eq!(Versions::of(Path::new("/nonexistent")).sockeye, UNKNOWN);
    }
}
