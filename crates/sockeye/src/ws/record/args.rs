//! What `sockeye ws record` takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::AdminTarget;

/// Seconds that a recording may last at most: a day.
const MOST_SECONDS: f64 = 86_400.0;

/// What `ws record` takes.
#[derive(Args, Debug)]
#[command(
    after_help = "Without --config and --upstream the server that runs at --admin is recorded. If nothing listens there \
and it is an address of this machine, a server is started from the file that `sockeye serve` would find.
Ctrl-C and SIGTERM finish the file.

Exit status:
  0  recorded
  1  the recording ended early: the server was lost, or messages came faster than they could be written
  2  a flag or a file is wrong
  3  no server, an address cannot be used, or the file cannot be written"
)]
pub(crate) struct RecordArgs {
    /// The session file; one that is there is replaced when the recording is finished
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// Only connections on this path; `*` is one segment, `**` at the end any number. May be repeated
    #[arg(long = "path", value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// Leave out pings and pongs
    #[arg(long)]
    pub(crate) exclude_ping: bool,

    /// End after this time: 30s, 500ms, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) duration: Option<Duration>,

    /// End after this many messages and control frames
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_messages: Option<u64>,

    /// Refuse to replace a file
    #[arg(long)]
    pub(crate) no_clobber: bool,

    /// JSON pointer into messages to what must not be written, such as `/user/token`. May be repeated
    #[arg(long, value_name = "POINTER")]
    pub(crate) redact_pointer: Vec<String>,

    /// Regular expression for what must not be written: its first group, or all of it. May be repeated
    #[arg(long, value_name = "REGEX")]
    pub(crate) redact_pattern: Vec<String>,

    /// Start a server from this file and record it
    #[arg(long, value_name = "FILE", conflicts_with = "upstream")]
    pub(crate) config: Option<PathBuf>,

    /// Start a proxy before this server, `ws://` or `wss://`, on all paths, and record it
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// Address that a server listens on which is started here [default: 127.0.0.1]
    #[arg(long)]
    pub(crate) host: Option<String>,

    /// Port that a server listens on which is started here, 0 for any
    #[arg(long)]
    pub(crate) port: Option<u16>,

    #[command(flatten)]
    pub(crate) target: AdminTarget,
}

/// `30s`, `500ms`, `5m`, `1h`, or a number of seconds.
fn time(text: &str) -> Result<Duration, String> {
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let unit = units
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)));
    let (number, seconds) = unit.unwrap_or((text, 1.0));
    let number = number.trim().parse::<f64>().ok();
    let time = number.map(|number| number * seconds);
    let time = time.filter(|time| (0.001..=MOST_SECONDS).contains(time));
    let time = time.ok_or("write a time from 1ms to 24h, such as 30s")?;
    Ok(Duration::from_secs_f64(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, millis) in [
            ("30s", 30_000),
            ("500ms", 500),
            ("1.5m", 90_000),
            ("24h", 86_400_000),
            ("2", 2_000),
        ] {
            assert_eq!(time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "0s", "-1s", "25h", "NaNs", "infs", "1d"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
