//! `gw online`: the options of the services, and the services.

use std::net::IpAddr;
use std::path::PathBuf;

use super::failure::Failure;
use super::words::Values;

/// Which service is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    WebSocket,
    Restful,
}

/// Which generation of the WebSocket protocol is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Each connection's own, by what it says.
    #[default]
    Auto,
    V3_2,
    V3_3,
    V3_4,
    V4_2,
    V4_3,
    /// That of the rewrite in Rust.
    Rs,
}

impl Protocol {
    /// The generation that all connections are to speak, if it is not each connection's own.
    pub(super) fn generation(self) -> Option<sockeye_walk::Protocol> {
        let (name, _) = PROTOCOLS.iter().find(|(_, protocol)| *protocol == self)?;
        sockeye_walk::Protocol::named(name)
    }
}

const PROTOCOLS: &[(&str, Protocol)] = &[
    ("auto", Protocol::Auto),
    ("3.2", Protocol::V3_2),
    ("3.3", Protocol::V3_3),
    ("3.4", Protocol::V3_4),
    ("4.2", Protocol::V4_2),
    ("4.3", Protocol::V4_3),
    ("rs", Protocol::Rs),
];

/// What `gw online` was asked for.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct Options {
    pub(crate) service: Service,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    /// Files with the text of their first model's generator.
    pub(crate) models: Vec<(PathBuf, String)>,
    pub(crate) start_element: Option<String>,
    pub(crate) verbose: bool,
    pub(crate) unvisited: bool,
    /// Whether blocked elements are left out.
    pub(crate) blocked: bool,
    pub(crate) seed: Option<i64>,
    pub(crate) protocol: Protocol,
    pub(crate) strict_silence: bool,
    pub(crate) bug_compatible: bool,
}

impl Options {
    pub(super) fn new(values: &Values) -> Result<Self, Failure> {
        let name = values.text("--service").unwrap_or("WEBSOCKET");
        let service = match name.to_ascii_uppercase().as_str() {
            "WEBSOCKET" => Service::WebSocket,
            "RESTFUL" => Service::Restful,
            _ => {
                let failure = Failure::usage("--service expected either WEBSOCKET or RESTFUL.");
                return Err(failure.remedy(format!("write one of them instead of {name}")));
            }
        };
        let port = values.number("--port").unwrap_or(8887);
        let out_of_range = |_| {
            Failure::run(format!("port out of range:{port}"))
                .remedy("a port is 0 to 65535, 0 for any")
        };
        let pairs = values.texts("--model").chunks_exact(2);
        Ok(Self {
            service,
            host: host(values.text("--host").unwrap_or("127.0.0.1"))?,
            port: port.try_into().map_err(out_of_range)?,
            models: pairs
                .map(|pair| (PathBuf::from(&pair[0]), pair[1].clone()))
                .collect(),
            start_element: values
                .text("--start-element")
                .filter(|name| !name.is_empty())
                .map(ToOwned::to_owned),
            verbose: values.flag("--verbose"),
            unvisited: values.flag("--unvisited"),
            blocked: values.is_blocked(),
            seed: values.number("--seed").filter(|seed| *seed != 0),
            protocol: protocol(values.text("--protocol").unwrap_or("auto"))?,
            strict_silence: values.flag("--strict-silence"),
            bug_compatible: values.flag("--bug-compatible"),
        })
    }
}

fn host(text: &str) -> Result<IpAddr, Failure> {
    let text = if text == "localhost" {
        "127.0.0.1"
    } else {
        text
    };
    text.parse().map_err(|_| {
        Failure::usage(format!("--host expected an address, found '{text}'.")).remedy(
            "write an IP address of this machine, such as 127.0.0.1 or ::1; 0.0.0.0 is all of them",
        )
    })
}

fn protocol(text: &str) -> Result<Protocol, Failure> {
    let known = PROTOCOLS.iter().find(|(name, _)| *name == text);
    known.map(|(_, protocol)| *protocol).ok_or_else(|| {
        let names: Vec<&str> = PROTOCOLS.iter().map(|(name, _)| *name).collect();
        Failure::usage(format!("--protocol does not know '{text}'."))
            .remedy(format!("known are {}", names.join(", ")))
    })
}

/// Serves until the process is told to end.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    super::serving::run(options)
}
