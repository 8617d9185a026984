//! A shipper passes through here: its files, its start, how it ended and what it took of the machine.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{LIMIT, LOOK_INTERVAL, ShipError, rest};
use crate::placement::Placement;
use crate::proc::{cpu_seconds_at_end, peak_kib};
use crate::server::Cores;

/// What is shipped where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shipment<'a> {
    pub(super) lines: &'a Path,
    pub(super) port: u16,
    pub(super) format: &'a str,
    /// Whether the lines are parsed as JSON.
    pub(super) parsed: bool,
    /// Whether it ends with the file.
    pub(super) ends: bool,
    /// Bound on what waits, MB.
    pub(super) bound: Option<u32>,
}

/// A running shipper. Dropping it ends the process.
pub(super) struct Process {
    child: Child,
    begun: Instant,
    log: PathBuf,
}

/// What a shipper took that has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// CPU time of user and system, s.
    pub(super) cpu: f64,
    /// Peak of its resident memory, KiB, as it was last seen.
    pub(super) peak_kib: u32,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when the process has already ended and been waited for.
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

impl Process {
    /// Writes the files into the folder and starts `sockeye ship` with them, on the core of the servers.
    pub(super) fn start(
        sockeye: &Path,
        placement: Placement,
        folder: &Path,
        shipment: Shipment<'_>,
    ) -> Result<Self, ShipError> {
        let (main, parsers) = (folder.join("ship.conf"), folder.join("parsers.conf"));
        let log = folder.join("ship.log");
        let write = |file: &Path, text: &str| {
            std::fs::write(file, text)
                .map_err(|error| ShipError::Io(file.display().to_string(), error))
        };
        write(&parsers, "[PARSER]\n    Name    json\n    Format  json\n")?;
        write(&main, &configuration(shipment, &parsers))?;
        let failed = |error| ShipError::Io(log.display().to_string(), error);
        let stderr = File::create(&log).map_err(failed)?;
        let mut command = placement.server_command(Cores::Own, sockeye.as_os_str());
        command.args(["ship", "-c"]).arg(&main);
        command
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr);
        let begun = Instant::now();
        let child = command
            .spawn()
            .map_err(|error| ShipError::Io(sockeye.display().to_string(), error))?;
        Ok(Self { child, begun, log })
    }

    /// The process; `taskset` becomes it.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// When it was started.
    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// The error of a shipper that has done something else than it should, with the last words of its log.
    pub(super) fn failure(&self, what: String) -> ShipError {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(5)..].join("\n");
        ShipError::Failed(what, last)
    }

    /// Fails if it has ended.
    pub(super) fn must_run(&self) -> Result<(), ShipError> {
        match cpu_seconds_at_end(self.pid())? {
            Some(_) => Err(self.failure("it ended early".to_owned())),
            None => Ok(()),
        }
    }

    /// Waits until it has ended by itself; the peak of its memory is read while it runs, every so often.
    pub(super) fn finished(mut self, weigh_every: Duration) -> Result<Taken, ShipError> {
        let (mut peak, mut weighed) = (0, Instant::now());
        let cpu = loop {
            if let Some(seconds) = cpu_seconds_at_end(self.pid())? {
                break seconds;
            }
            if weighed.elapsed() >= weigh_every {
                weighed = Instant::now();
                // Its memory is gone before its figures are: then the last look counts.
                peak = peak_kib(self.pid()).map_or(peak, |(kib, _)| kib);
            }
            if self.begun.elapsed() > LIMIT {
                let seconds = LIMIT.as_secs();
                return Err(self.failure(format!("it has not ended within {seconds} s")));
            }
            rest(LOOK_INTERVAL);
        };
        let status = self.child.wait();
        match status {
            Ok(status) if status.success() => Ok(Taken {
                cpu,
                peak_kib: peak,
            }),
            Ok(status) => Err(self.failure(format!("it ended with {status}"))),
            Err(error) => Err(ShipError::Io("waiting for it".to_owned(), error)),
        }
    }
}

fn configuration(shipment: Shipment<'_>, parsers: &Path) -> String {
    let Shipment {
        lines,
        port,
        format,
        ..
    } = shipment;
    let switch = |on| if on { "on" } else { "off" };
    let mut input = format!(
        "[INPUT]\n    Name            tail\n    Path            {}\n    Read_From_Head  on\n    Exit_On_Eof     {}\n",
        lines.display(),
        switch(shipment.ends)
    );
    if shipment.parsed {
        input += "    Parser          json\n";
    }
    if let Some(bound) = shipment.bound {
        // Writing to a string does not fail.
        let _written = writeln!(input, "    Mem_Buf_Limit   {bound}M");
    }
    // Without a limit of its end: a slow machine would lose what it has not sent, and be no measurement.
    format!(
        "[SERVICE]\n    Flush         1\n    Grace         -1\n    Log_Level     warn\n    Parsers_File  {}\n\n\
         {input}\n\
         [OUTPUT]\n    Name    websocket\n    Match   *\n    Host    127.0.0.1\n    Port    {port}\n    Uri     /\n    Format  {format}\n",
        parsers.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipment(lines: &Path) -> Shipment<'_> {
        Shipment {
            lines,
            port: 9000,
            format: "msgpack",
            parsed: false,
            ends: true,
            bound: None,
        }
    }

    fn started(program: &str, folder: &Path) -> Result<Process, ShipError> {
        let shipment = shipment(folder);
        Process::start(Path::new(program), Placement::Shared, folder, shipment)
    }

    #[test]
    fn keys_are_there_when_they_are_wanted() {
        let (lines, parsers) = (Path::new("/x/lines"), Path::new("/x/parsers"));
        let plain = configuration(shipment(lines), parsers);
        assert!(plain.contains("    Exit_On_Eof     on\n") && plain.contains("  Port    9000\n"));
        assert!(!plain.contains("    Parser ") && !plain.contains("Mem_Buf_Limit"));
        let other = Shipment {
            parsed: true,
            ends: false,
            bound: Some(50),
            ..shipment(lines)
        };
        let other = configuration(other, parsers);
        for line in [
            "Exit_On_Eof     off",
            "Parser          json",
            "Mem_Buf_Limit   50M",
        ] {
            assert!(other.contains(&format!("    {line}\n")), "{other}");
        }
    }

    #[test]
    fn a_shipper_that_ends_by_itself_has_taken_time() {
        let folder = tempfile::tempdir().unwrap();
        let taken = started("true", folder.path()).unwrap();
        assert!(taken.finished(Duration::ZERO).unwrap().cpu > 0.0);
    }

    #[test]
    fn a_shipper_that_fails_is_an_error_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        // Said to the shell: run the file `ship`, which is not there.
        let process = started("sh", folder.path()).unwrap();
        let error = process.finished(Duration::ZERO).unwrap_err().to_string();
        assert!(
            error.starts_with("sockeye ship: it ended with exit status: "),
            "{error}"
        );
        assert!(error.contains("ship:"), "{error}");
        let error = started("/nonexistent", folder.path()).err().unwrap();
        assert!(error.to_string().starts_with("/nonexistent: "), "{error}");
    }
}
