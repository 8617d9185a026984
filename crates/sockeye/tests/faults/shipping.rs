//! Shipping while disks, servers and other processes fail: nothing is lost, and nobody is kept busy.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::lab::{Lab, Server, Shipper, Sink, eventually, sockeye_in};

/// An address where nobody listens by now.
fn nowhere() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an open listener")
}

const LINES: usize = 12_000;

/// Lines of 160 bytes, so that all of them are more than the disk takes.
fn lines() -> String {
    let line = |number| format!("{number:0>8} {}\n", "x".repeat(150));
    let lines: Vec<String> = (1..=LINES).map(line).collect();
    lines.concat()
}

/// A disk of 1 MiB that only this process sees, and that ends with it. Where the system lets nobody mount anything, no
/// file may be longer than such a disk.
const SMALL_DISK: &str = "for how in --map-root-user --mount; do \
    if unshare $how --mount /bin/sh -c 'mount -t tmpfs none chunks' 2>/dev/null; then \
    exec unshare $how --mount /bin/sh -c 'mount -t tmpfs -o size=1m none chunks && exec \"$@\"' sh \"$@\"; fi; done; \
    trap '' XFSZ; ulimit -f 2048; exec \"$@\"";

#[test]
fn f52_a_full_disk_makes_inputs_wait_and_all_arrives_when_there_is_room() {
    let address = nowhere();
    let lab = Shipper::new().file("in.log", &lines()).behind(SMALL_DISK);
    std::fs::create_dir(lab.path("chunks")).expect("a writable folder");
    let file = format!(
        "[SERVICE]\n    Flush 0.1\n    storage.path chunks\n[INPUT]\n    Name tail\n    Path in.log\n    Read_From_Head on\n    \
         storage.type filesystem\n[OUTPUT]\n    Name websocket\n    Match *\n    Port {}\n    Format json_lines\n",
        address.port()
    );
    lab.write("a.conf", &file);
    let mut shipper = lab.start(&["-c", "a.conf"]);
    shipper.says("[storage] the disk takes no records");
    shipper.says("tail.0 waits until it does");
    let sink = Sink::at(address);
    shipper.says("the disk takes records again; inputs go on");
    let got = || -> Vec<String> {
        let records = sink.records();
        let number =
            |record: &serde_json::Value| record["log"].as_str().map(|log| log[..8].to_owned());
        records.iter().filter_map(number).collect()
    };
    // Each look parses everything, so that looks are rare.
    eventually("most have come", || {
        (sink.messages().len() > 1).then_some(())
    });
    eventually("all have come", || (got().len() >= LINES).then_some(()));
    let expected: Vec<String> = (1..=LINES).map(|number| format!("{number:0>8}")).collect();
    assert_eq!(got(), expected, "in order, once");
    shipper.stop().expect_code(0);
}

/// The second and the third attempt to keep what was written fail.
const BROKEN_SYNC: &str = "exec strace -D -f -o strace.log -e trace=fdatasync -e inject=fdatasync:error=EIO:when=2..3 \"$@\"";

#[test]
fn f52_a_disk_that_fails_to_keep_is_written_again_and_what_was_acknowledged_outlives_a_kill() {
    let address = nowhere();
    let file = format!(
        "[SERVICE]\n    Flush 0.1\n    storage.path chunks\n    storage.sync full\n[INPUT]\n    Name forward\n    Port 0\n    \
         storage.type filesystem\n[OUTPUT]\n    Name websocket\n    Match *\n    Port {}\n    Format json_lines\n",
        address.port()
    );
    let lab = Shipper::new().file("a.conf", &file).behind(BROKEN_SYNC);
    let mut shipper = lab.start(&["-c", "a.conf"]);
    let mut stream = TcpStream::connect(shipper.address("forward.0")).expect("it listens");
    for number in 1..=5 {
        // ["t", 1700000000, {"n": number}, {"chunk": "abc"}]
        stream
            .write_all(b"\x94\xa1t\xce\x65\x53\xf1\x00\x81\xa1n")
            .and_then(|()| stream.write_all(&[number]))
            .and_then(|()| stream.write_all(b"\x81\xa5chunk\xa3abc"))
            .expect("it reads");
        let mut ack = [0; 9];
        stream.read_exact(&mut ack).expect("it acknowledges");
        assert_eq!(&ack, b"\x81\xa3ack\xa3abc");
    }
    shipper.says("the disk does not keep what was written");
    shipper.kill();
    let sink = Sink::at(address);
    let mut shipper = shipper.behind("exec \"$@\"").start(&["-c", "a.conf"]);
    assert_eq!(sink.values(5, "n"), ["1", "2", "3", "4", "5"]);
    shipper.stop().expect_code(0);
}

/// User and system time of a process so far, in hundredths of a second.
fn ticks(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    let fields = fields.split(' ').skip(11).take(2);
    fields
        .map(|field| field.parse::<u64>().expect("a number"))
        .sum()
}

#[test]
fn f53_a_server_that_is_away_costs_no_cpu_and_no_record() {
    let address = nowhere();
    let output = format!("websocket://{address}/");
    let mut shipper = Shipper::new().start(&[
        "-f",
        "0.1",
        "-i",
        "tcp",
        "-p",
        "port=0",
        "-o",
        &output,
        "-m",
        "*",
        "-p",
        "format=json_lines",
    ]);
    shipper.netcat("tcp.0", b"{\"n\":1}{\"n\":2}\n");
    shipper.says("no upstream connections available");
    let (started, before) = (Instant::now(), ticks(shipper.id()));
    let window = Duration::from_secs(4);
    eventually("some time passes", || {
        (started.elapsed() >= window).then_some(())
    });
    let used = ticks(shipper.id()) - before;
    // 1 % of four seconds is four ticks, and a look may cost one.
    assert!(used <= 5, "{used} hundredths of a second in {window:?}");
    let attempts = shipper.log().matches("no upstream connections").count();
    assert!((2..=8).contains(&attempts), "{attempts} attempts");
    let sink = Sink::at(address);
    shipper.netcat("tcp.0", b"{\"n\":3}\n");
    eventually("it comes back", || {
        (sink.records().len() == 3).then_some(())
    });
    assert_eq!(sink.values(3, "n"), ["1", "2", "3"]);
    shipper.stop().expect_code(0);
}

#[test]
fn f54_a_record_that_a_server_refuses_is_in_the_folder_and_the_rest_is_delivered() {
    let server = Lab::yaml(STRICT).start();
    let file = format!(
        "[SERVICE]\n    Flush 0.1\n    storage.path chunks\n    storage.keep.rejected on\n[INPUT]\n    Name tcp\n    Port 0\n\
         [OUTPUT]\n    Name websocket\n    Match *\n    Port {}\n    Uri /logs\n    Format json_lines\n    compat fluentbit\n    \
         ack pong\n",
        server.address().port()
    );
    let mut shipper = Shipper::new()
        .file("a.conf", &file)
        .start(&["-c", "a.conf"]);
    shipper.netcat("tcp.0", b"{\"n\":1}\n");
    eventually("the first comes", || {
        (written(&server) == ["1"]).then_some(())
    });
    // Infinity is none of JSON's numbers, though the reference writes it.
    shipper.netcat("tcp.0", b"{\"n\":2}{\"n\":1e400}{\"n\":3}\n");
    eventually("the others come", || {
        let mut numbers = written(&server);
        // The second stood in front of the one that was refused: it comes again with what follows.
        numbers.dedup();
        (numbers == ["1", "2", "3"]).then_some(())
    });
    shipper.says("records left out: 1");
    eventually("it is kept", || {
        let path = shipper.path("chunks/rejected/websocket.0.jsonl");
        let text = std::fs::read_to_string(path).ok()?;
        let line: serde_json::Value = serde_json::from_str(text.lines().next()?).ok()?;
        (text.lines().count() == 1 && line["tag"] == "tcp.0").then_some(())
    });
    shipper.stop().expect_code(0);
}

const STRICT: &str = r"
websocket:
  handlers:
    - { path: /logs, type: sink, sink: { mode: strict, format: json_lines, file: got/all.jsonl } }
";

/// The numbers that the sink has written.
fn written(server: &Server) -> Vec<String> {
    // Nothing may have come yet.
    let text = std::fs::read_to_string(server.folder().join("got/all.jsonl")).unwrap_or_default();
    let number = |line: &str| {
        let (_, rest) = line.split_once("\"n\":")?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        Some(rest[..end].to_owned())
    };
    text.lines().filter_map(number).collect()
}

#[test]
fn f56_a_second_process_on_the_same_folder_ends_and_names_the_first() {
    let file = "[SERVICE]\n    storage.path chunks\n[INPUT]\n    Name dummy\n    storage.type filesystem\n[OUTPUT]\n    \
                Name null\n    Match *\n";
    let mut shipper = Shipper::new().file("a.conf", file).start(&["-c", "a.conf"]);
    shipper.says("[engine] started");
    let second = sockeye_in(&shipper.path("."), &["ship", "-c", "a.conf"]);
    let owner = format!("is in use by process {}", shipper.id());
    second.expect_code(3).expect_words(&[&owner]);
    shipper.stop().expect_code(0);
}
