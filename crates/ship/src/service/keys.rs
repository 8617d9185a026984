//! The table of the service section: what a user may say about the whole process.

use crate::properties::{Key, Kind};

const SYNCS: Kind = Kind::Choice(&["normal", "full"]);
const LEVELS: Kind = Kind::Choice(&["off", "error", "warn", "warning", "info", "debug", "trace"]);
const NO_THREADS: Kind = Kind::Unused("there is nothing of the kind to tune");
const NO_PLUGINS: Kind = Kind::Unused("plugins are built in");
const NO_STREAMS: Kind = Kind::Unused("there is no stream processor");

/// Every key of the service section.
pub const KEYS: &[Key] = &[
    Key::new(
        "flush",
        Kind::Time,
        Some("1"),
        "how often records are sent on",
    ),
    Key::new(
        "grace",
        Kind::Integer,
        Some("5"),
        "seconds that pending records may take at the end; -1 for no limit",
    ),
    Key::new("log_level", LEVELS, Some("info"), "how much is logged"),
    Key::new(
        "log_file",
        Kind::Text,
        None,
        "file for the log, instead of standard error",
    ),
    Key::new(
        "daemon",
        Kind::Bool,
        Some("off"),
        "has no effect: it stays in the foreground",
    ),
    Key::new(
        "parsers_file",
        Kind::Texts,
        None,
        "file with [PARSER] sections",
    ),
    Key::new(
        "http_server",
        Kind::Bool,
        Some("off"),
        "whether the monitoring listener is there",
    ),
    Key::new("http_listen", Kind::Text, Some("127.0.0.1"), "its address"),
    Key::new("http_port", Kind::Port, Some("2020"), "its port, 0 for any"),
    Key::new(
        "health_check",
        Kind::Bool,
        Some("off"),
        "whether /api/v1/health judges",
    ),
    Key::new(
        "hc_errors_count",
        Kind::Integer,
        Some("5"),
        "more errors than these in the period are bad health",
    ),
    Key::new(
        "hc_retry_failure_count",
        Kind::Integer,
        Some("5"),
        "more chunks given up than these in the period are bad health",
    ),
    Key::new("hc_period", Kind::Time, Some("60"), "the period"),
    Key::new(
        "hot_reload",
        Kind::Bool,
        Some("off"),
        "whether SIGHUP and POST /api/v2/reload read the files again",
    ),
    Key::new(
        "hot_reload.ensure_thread_safety",
        NO_THREADS,
        None,
        "accepted",
    ),
    Key::new(
        "storage.path",
        Kind::Text,
        None,
        "folder for chunks that are kept on disk",
    ),
    Key::new(
        "storage.sync",
        SYNCS,
        Some("normal"),
        "full: every write is on the disk before it counts",
    ),
    Key::new(
        "storage.checksum",
        Kind::Unused("checksums are always written"),
        None,
        "accepted",
    ),
    Key::new(
        "storage.metrics",
        Kind::Bool,
        Some("off"),
        "whether /api/v1/storage has numbers",
    ),
    Key::new(
        "storage.max_chunks_up",
        Kind::Integer,
        Some("128"),
        "how many chunks may be in memory",
    ),
    Key::new(
        "storage.backlog.mem_limit",
        Kind::Size,
        Some("100M"),
        "how much of an earlier run may be in memory",
    ),
    Key::new(
        "storage.backlog.flush_on_shutdown",
        Kind::Unused("it always is"),
        None,
        "accepted",
    ),
    Key::new(
        "storage.delete_irrecoverable_chunks",
        Kind::Unused("they are kept aside"),
        None,
        "accepted",
    ),
    Key::new("storage.trim_files", NO_THREADS, None, "accepted"),
    Key::new(
        "storage.type",
        Kind::Unused("inputs choose theirs"),
        None,
        "accepted",
    ),
    Key::new(
        "storage.inherit",
        Kind::Unused("inputs choose theirs"),
        None,
        "accepted",
    ),
    Key::new(
        "storage.keep.rejected",
        Kind::Bool,
        Some("off"),
        "whether records that will never be delivered are kept in a folder",
    ),
    Key::new(
        "storage.rejected.path",
        Kind::Text,
        Some("rejected"),
        "that folder, below `storage.path` unless it begins with `/`",
    ),
    Key::new(
        "storage.rejected.limit",
        Kind::Size,
        Some("100M"),
        "how much of them is kept for each output; the oldest go",
    ),
    Key::new(
        "scheduler.base",
        Kind::Time,
        Some("5"),
        "shortest wait before a retry",
    ),
    Key::new(
        "scheduler.cap",
        Kind::Time,
        Some("2000"),
        "longest wait before a retry",
    ),
    Key::new(
        "json.escape_unicode",
        Kind::Bool,
        None,
        "whether JSON is pure ASCII",
    ),
    Key::new(
        "json.convert_nan_to_null",
        Kind::Bool,
        Some("off"),
        "NaN as null where the reference's bytes are asked for",
    ),
    Key::new(
        "loss_exit_code",
        Kind::Integer,
        Some("0"),
        "exit status when records were lost",
    ),
    Key::new("plugins_file", NO_PLUGINS, None, "accepted"),
    Key::new("streams_file", NO_STREAMS, None, "accepted"),
    Key::new("sp.convert_from_str_to_num", NO_STREAMS, None, "accepted"),
    Key::new("coro_stack_size", NO_THREADS, None, "accepted"),
    Key::new("multiline_buffer_limit", NO_THREADS, None, "accepted"),
    Key::new("flush.adaptive", NO_THREADS, None, "accepted"),
    Key::new("dns.mode", NO_THREADS, None, "accepted"),
    Key::new("dns.resolver", NO_THREADS, None, "accepted"),
    Key::new("dns.prefer_ipv4", NO_THREADS, None, "accepted"),
    Key::new("dns.prefer_ipv6", NO_THREADS, None, "accepted"),
    Key::new("windows.maxstdio", NO_THREADS, None, "accepted"),
    Key::new("enable_chunk_trace", NO_THREADS, None, "accepted"),
];
