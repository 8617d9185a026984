//! What `sockeye ws connect` takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Seconds that a flag may ask for at most: a day.
const MOST_SECONDS: f64 = 86_400.0;

/// What `ws connect` takes.
#[derive(Args, Debug)]
#[command(
    after_help = "On a terminal each line is a message and /help lists commands. In a pipe each line of standard \
input is a text message, and each text message that comes is a line of standard output.

Exit status:
  0  done
  1  the peer closed with a code other than 1000, 1001 and 1005, or without a Close
  2  the URL, a flag or the input is wrong
  3  no connection, or standard output cannot be written"
)]
pub(crate) struct ConnectArgs {
    /// `ws://HOST:PORT/PATH`, or `wss://` for TLS
    pub(crate) url: String,

    #[command(flatten)]
    pub(crate) dial: DialArgs,

    /// In a pipe: how long to wait for a message after the end of input before closing
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    pub(crate) wait: Duration,

    /// In a pipe: close after this many messages
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,

    /// Print each message as a line of JSON, and how it ended; on a terminal, too
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a client connects, whatever it does then.
#[derive(Args, Debug)]
pub(crate) struct DialArgs {
    /// Header of the request; may be repeated
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,

    /// Subprotocol on offer, the preferred one first; may be repeated
    #[arg(long = "subprotocol", value_name = "NAME")]
    pub(crate) subprotocols: Vec<String>,

    /// Origin header of the request
    #[arg(long, value_name = "URL")]
    pub(crate) origin: Option<String>,

    /// PEM file with authorities to trust beside those of the system
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// Trust any certificate
    #[arg(long, conflicts_with = "ca")]
    pub(crate) insecure: bool,

    /// PEM file with a certificate to show, and its chain
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,

    /// PEM file with the key of that certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,

    /// Do not compress messages, whatever the peer can do (permessage-deflate)
    #[arg(long)]
    pub(crate) no_compression: bool,

    /// How long connecting may take
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) timeout: Duration,

    /// Largest message that is taken; beyond, the connection is closed with 1009
    #[arg(
        long,
        value_name = "BYTES",
        default_value_t = 16 * 1024 * 1024,
        value_parser = clap::value_parser!(u64).range(1..=1 << 30)
    )]
    pub(crate) max_message_size: u64,
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|number| (0.0..=MOST_SECONDS).contains(number));
    let number = number.ok_or("write a number of seconds from 0 to 86400")?;
    Ok(Duration::from_secs_f64(number))
}
