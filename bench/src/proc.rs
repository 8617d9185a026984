//! What the kernel says of a process passes through here: CPU time, resident memory, limits (`proc(5)`).

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

/// A file of `/proc` that could not be read or did not hold what was looked for.
#[derive(Debug, Error)]
pub(crate) enum ProcError {
    /// Not readable: the process has ended, or the kernel does not have this file.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Readable, without the wanted figure.
    #[error("{} has no {wanted}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
}

/// The CPU time of every thread of a process at one moment.
pub(crate) struct CpuTimes(BTreeMap<String, Duration>);

impl CpuTimes {
    /// Reads `/proc/PID/task/*/schedstat`, which counts in nanoseconds where `stat` has ticks of 10 ms.
    ///
    /// A thread that ends while this reads is left out.
    pub(crate) fn of(pid: u32) -> Result<Self, ProcError> {
        let folder = PathBuf::from(format!("/proc/{pid}/task"));
        let unreadable = |source| ProcError::Unreadable {
            path: folder.clone(),
            source,
        };
        let mut times = BTreeMap::new();
        for thread in std::fs::read_dir(&folder).map_err(unreadable)? {
            let thread = thread.map_err(unreadable)?;
            let Ok(text) = std::fs::read_to_string(thread.path().join("schedstat")) else {
                continue;
            };
            let Some(time) = running_time(&text) else {
                continue;
            };
            times.insert(thread.file_name().to_string_lossy().into_owned(), time);
        }
        if times.is_empty() {
            return Err(ProcError::Missing {
                path: folder,
                wanted: "thread with a schedstat",
            });
        }
        Ok(Self(times))
    }

    /// CPU time spent since `earlier` by the threads that are alive now.
    pub(crate) fn spent_since(&self, earlier: &Self) -> Duration {
        let spent = |(thread, now): (&String, &Duration)| {
            now.saturating_sub(earlier.0.get(thread).copied().unwrap_or_default())
        };
        self.0.iter().map(spent).sum()
    }
}

/// The first figure of `schedstat`: nanoseconds on a CPU.
fn running_time(schedstat: &str) -> Option<Duration> {
    schedstat
        .split_whitespace()
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

/// Ticks of a second in `/proc/PID/stat`, on every Linux there is.
const TICKS: f64 = 100.0;

/// CPU time of a process that has ended, s, of user and system, at least one tick; `None` while it runs.
///
/// The kernel keeps the figures until somebody asks how it ended.
pub(crate) fn cpu_seconds_at_end(pid: u32) -> Result<Option<f64>, ProcError> {
    let path = PathBuf::from(format!("/proc/{pid}/stat"));
    let ended = match state_and_ticks(&read(&path)?) {
        Some(("Z", ticks)) => Some(ticks.max(1.0) / TICKS),
        Some(_) => None,
        None => {
            return Err(ProcError::Missing {
                path,
                wanted: "state and times",
            });
        }
    };
    Ok(ended)
}

/// The state of a process and its CPU time, of user and system together (`proc(5)`).
fn state_and_ticks(stat: &str) -> Option<(&str, f64)> {
    // The name, in parentheses, may have blanks in it.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((fields.first()?, ticks(11)? + ticks(12)?))
}

/// Resident memory of a process, KiB (`VmRSS`).
pub(crate) fn resident_kib(pid: u32) -> Result<u32, ProcError> {
    let path = PathBuf::from(format!("/proc/{pid}/status"));
    field(&read(&path)?, "VmRSS")
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .ok_or(ProcError::Missing {
            path,
            wanted: "VmRSS",
        })
}

/// The peak of a process's resident memory, KiB (`VmHWM`), and whether it waits for something.
pub(crate) fn peak_kib(pid: u32) -> Result<(u32, bool), ProcError> {
    let path = PathBuf::from(format!("/proc/{pid}/status"));
    let text = read(&path)?;
    let waits = field(&text, "State").is_some_and(|state| state.starts_with('S'));
    let peak = field(&text, "VmHWM")
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .ok_or(ProcError::Missing {
            path,
            wanted: "VmHWM",
        })?;
    Ok((peak, waits))
}

/// The cores that this process may run on, in ascending order.
pub(crate) fn allowed_cores() -> Result<Vec<usize>, ProcError> {
    let path = PathBuf::from("/proc/self/status");
    field(&read(&path)?, "Cpus_allowed_list")
        .and_then(core_list)
        .ok_or(ProcError::Missing {
            path,
            wanted: "Cpus_allowed_list",
        })
}

/// How many files this process may have open (the soft limit); `usize::MAX` when unlimited.
pub(crate) fn open_files_limit() -> Result<usize, ProcError> {
    let path = PathBuf::from("/proc/self/limits");
    soft_limit(&read(&path)?, "Max open files").ok_or(ProcError::Missing {
        path,
        wanted: "Max open files",
    })
}

/// The value of a `key: value` line, without the blanks around it.
pub(crate) fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then_some(value.trim())
    })
}

/// Reads one file; the error names it.
pub(crate) fn read(path: &Path) -> Result<String, ProcError> {
    std::fs::read_to_string(path).map_err(|source| ProcError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// `0-2,5` as `[0, 1, 2, 5]`.
fn core_list(text: &str) -> Option<Vec<usize>> {
    let mut cores = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        cores.extend(first..=last);
    }
    Some(cores)
}

fn soft_limit(limits: &str, name: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let status = "VmRSSx:\t  7 kB\nVmRSS:\t  5120 kB\nCpus_allowed_list:\t0-1\n";
        assert_eq!(field(status, "VmRSS"), Some("5120 kB"));
        assert_eq!(field(status, "Cpus_allowed_list"), Some("0-1"));
        assert_eq!(field(status, "VmSwap"), None);
    }

    #[test]
    fn core_lists_are_ranges_and_single_cores() {
        assert_eq!(core_list("0-2,5"), Some(vec![0, 1, 2, 5]));
        assert_eq!(core_list("3"), Some(vec![3]));
        assert_eq!(core_list("a-b"), None);
    }

    #[test]
    fn the_soft_limit_is_the_first_figure() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  524288  files\n";
        assert_eq!(soft_limit(limits, "Max open files"), Some(1024));
        assert_eq!(
            soft_limit(
                "Max open files  unlimited  unlimited  files",
                "Max open files"
            ),
            Some(usize::MAX)
        );
        assert_eq!(soft_limit(limits, "Max locked memory"), None);
    }

    #[test]
    fn schedstat_gives_nanoseconds() {
        assert_eq!(
            running_time("123456789 42 7\n"),
            Some(Duration::from_nanos(123_456_789))
        );
        assert_eq!(running_time("\n"), None);
    }

    #[test]
    fn a_thread_that_is_new_counts_whole_and_one_that_ended_not_at_all() {
        let times = |pairs: &[(&str, u64)]| {
            CpuTimes(
                pairs
                    .iter()
                    .map(|(id, ns)| ((*id).to_owned(), Duration::from_nanos(*ns)))
                    .collect(),
            )
        };
        let earlier = times(&[("1", 100), ("2", 50)]);
        let later = times(&[("1", 130), ("3", 7)]);
        assert_eq!(later.spent_since(&earlier), Duration::from_nanos(37));
    }

    #[test]
    fn this_process_has_memory_cores_and_cpu_time() {
        assert!(resident_kib(std::process::id()).unwrap() > 0);
        assert!(!allowed_cores().unwrap().is_empty());
        assert!(open_files_limit().unwrap() > 0);
        assert!(CpuTimes::of(std::process::id()).is_ok());
    }

    #[test]
    fn a_process_that_has_ended_has_its_cpu_time() {
        let stat = "7 (a b) c) Z 1 7 7 0 -1 4 0 0 0 0 150 25 0 0 20 0 1 0 9 0 0";
        assert_eq!(state_and_ticks(stat), Some(("Z", 175.0)));
        assert_eq!(state_and_ticks("7 (x"), None);
        assert_eq!(cpu_seconds_at_end(std::process::id()).unwrap(), None);
    }

    #[test]
    fn a_process_that_does_not_exist_is_an_error_that_names_the_file() {
        // Above the largest process id that Linux gives (2^22).
        let error = resident_kib(4_194_305).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot read /proc/4194305/status: "),
            "{error}"
        );
    }
}
