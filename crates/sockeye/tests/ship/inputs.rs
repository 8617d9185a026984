//! Each input from its socket or file to the server's records.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::process::Stdio;

use crate::lab::{Shipper, Sink, eventually};

/// A shipper of one input, to a sink, as JSON lines.
fn shipper(sink: &Sink, input: &[&str]) -> Shipper {
    ship(Shipper::new(), Stdio::null(), sink, input)
}

fn ship(shipper: Shipper, stdin: Stdio, sink: &Sink, input: &[&str]) -> Shipper {
    let output = format!("websocket://{}/", sink.address());
    let mut words = vec!["-f", "0.1"];
    words.extend(input);
    words.extend(["-o", &output, "-m", "*", "-p", "format=json_lines"]);
    shipper.start_reading(stdin, &words)
}

#[test]
fn tcp_takes_json_in_any_pieces_and_leaves_out_garbage_alone() {
    let sink = Sink::start();
    let mut shipper = shipper(
        &sink,
        &["-i", "tcp", "-p", "port=0", "-p", "source_address_key=src"],
    );
    shipper.netcat(
        "tcp.0",
        b"{\"n\":1}{\"n\":2}\ngarbage\n[3,{\"x\":1}]{\"n\":4",
    );
    shipper.netcat("tcp.0", b"{\"n\":5}");
    let records = sink.expect(4);
    let mut shown: Vec<String> = records
        .iter()
        .map(|record| record["n"].to_string())
        .collect();
    shown.sort();
    assert_eq!(shown, ["1", "2", "5", "null"]);
    let message = records.iter().find(|record| !record["msg"].is_null());
    assert_eq!(
        message.expect("the array")["msg"].to_string(),
        r#"[3,{"x":1}]"#
    );
    assert!(
        records[0]["src"]
            .as_str()
            .expect("an address")
            .starts_with("tcp://127.0.0.1:")
    );
    shipper.says("8 bytes were left out");
    shipper.says("6 bytes were left out");
    shipper.stop().expect_code(0);
}

#[test]
fn b15_tcp_takes_a_record_of_a_megabyte() {
    let sink = Sink::start();
    let mut shipper = shipper(&sink, &["-i", "tcp", "-p", "port=0"]);
    let text = format!("{{\"big\":\"{}\"}}\n", "x".repeat(1_000_000));
    shipper.netcat("tcp.0", text.as_bytes());
    assert_eq!(sink.values(1, "big")[0].len(), 1_000_000);
    shipper.stop().expect_code(0);
}

#[test]
fn b15_tcp_takes_lines_the_last_one_too() {
    let sink = Sink::start();
    let input = [
        "-i",
        "tcp://127.0.0.1:0",
        "-p",
        "format=none",
        "-p",
        "separator=||",
    ];
    let mut shipper = shipper(&sink, &input);
    shipper.netcat("tcp.0", b"one||two||||three");
    assert_eq!(sink.values(3, "log"), ["one", "two", "three"]);
    shipper.stop().expect_code(0);
}

#[test]
fn udp_takes_datagrams() {
    let sink = Sink::start();
    let mut shipper = shipper(&sink, &["-i", "udp", "-p", "port=0"]);
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = shipper.address("udp.0");
    for datagram in ["{\"n\":1}", "{\"n\":2}{\"n\":3}", "bad"] {
        socket
            .send_to(datagram.as_bytes(), address)
            .expect("a datagram goes out");
    }
    assert_eq!(sink.values(3, "n"), ["1", "2", "3"]);
    shipper.says("were left out");
    shipper.stop().expect_code(0);
}

#[test]
fn b15_stdin_is_read_to_its_end_from_a_file_as_well() {
    let sink = Sink::start();
    let big = format!("{{\"n\":\"{}\"}}\n", "x".repeat(20_000));
    let lab = Shipper::new().file(
        "in",
        &format!("{{\"n\":1}}\n{big}[1700000000.5,{{\"n\":2}}]\nbad\n{{\"n\":3}}"),
    );
    let file = std::fs::File::open(lab.path("in")).expect("a readable file");
    let mut shipper = ship(lab, file.into(), &sink, &["-i", "stdin"]);
    shipper
        .wait()
        .expect_code(0)
        .expect_words(&["end of standard input"]);
    let records = sink.expect(4);
    assert_eq!(records[2]["date"], 1_700_000_000.5);
    assert_eq!(records[3]["n"], 3);
}

#[test]
fn dummy_keeps_to_its_samples_and_its_time() {
    let sink = Sink::start();
    let input = [
        "-i",
        "dummy",
        "-p",
        "dummy={\"a\":1}{\"a\":2}",
        "-p",
        "samples=2",
        "-p",
        "rate=100",
        "-p",
        "start_time_sec=1700000000",
        "-p",
        "start_time_nsec=0",
        "-p",
        "fixed_timestamp=on",
    ];
    let mut shipper = shipper(&sink, &input);
    assert_eq!(sink.values(4, "a"), ["1", "2", "1", "2"]);
    assert_eq!(sink.values(4, "date")[3], "1700000000.0");
    shipper.stop().expect_code(0);
    sink.expect(4);
}

#[test]
fn mem_and_random_tell_what_they_should() {
    let sink = Sink::start();
    let input = [
        "-i",
        "mem",
        "-p",
        "interval_sec=0",
        "-p",
        "interval_nsec=50000000",
        "-i",
        "random",
        "-p",
        "samples=1",
    ];
    let mut shipper = shipper(&sink, &input);
    eventually("both come", || {
        let records = sink.records();
        let has = |key: &str| records.iter().any(|record| record[key].is_u64());
        (has("Mem.total") && has("Swap.free") && has("rand_value")).then_some(())
    });
    shipper.stop().expect_code(0);
}

#[test]
fn exec_runs_a_command_once_and_ends() {
    let sink = Sink::start();
    let input = [
        "-i",
        "exec",
        "-p",
        "command=printf 'line one\\n\\nline three\\n'",
        "-p",
        "exit_after_oneshot=on",
    ];
    let mut shipper = shipper(&sink, &input);
    shipper.wait().expect_code(0);
    assert_eq!(sink.values(3, "exec"), ["line one", "", "line three"]);
}

#[test]
fn head_reads_the_first_lines() {
    let sink = Sink::start();
    let lab = Shipper::new().file("head.txt", "l1\nl2\nl3\n");
    let input = [
        "-i",
        "head",
        "-p",
        "file=head.txt",
        "-p",
        "lines=2",
        "-p",
        "add_path=on",
        "-p",
        "key=x",
    ];
    let mut shipper = ship(lab, Stdio::null(), &sink, &input);
    eventually("a record comes", || sink.records().first().cloned());
    let record = &sink.records()[0];
    assert_eq!(
        (record["x"].as_str(), record["path"].as_str()),
        (Some("l1\nl2\n"), Some("head.txt"))
    );
    shipper.stop().expect_code(0);
}

const PARSERS: &str =
    "[PARSER]\n    Name s\n    Format regex\n    Regex ^<(?<pri>[0-9]+)>(?<message>.*)$\n";

#[test]
fn syslog_in_every_mode() {
    for mode in ["tcp", "udp", "unix_tcp", "unix_udp"] {
        let sink = Sink::start();
        let lab = Shipper::new().file("parsers.conf", PARSERS);
        let mode_word = format!("mode={mode}");
        let input = [
            "-R",
            "parsers.conf",
            "-i",
            "syslog",
            "-p",
            &mode_word,
            "-p",
            "port=0",
            "-p",
            "path=syslog.sock",
            "-p",
            "parser=s",
        ];
        let mut shipper = ship(lab, Stdio::null(), &sink, &input);
        shipper.says("listening on");
        let path = shipper.path("syslog.sock");
        let messages: [&[u8]; 3] = [b"<34>one\n", b"garbage\n", b"<35>two\n"];
        match mode {
            "tcp" => shipper.netcat("syslog.0", &messages.concat()),
            "udp" => {
                let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
                let address = shipper.address("syslog.0");
                for message in messages {
                    socket.send_to(message, address).expect("it is sent");
                }
            }
            "unix_tcp" => UnixStream::connect(&path)
                .expect("it listens")
                .write_all(&messages.concat())
                .expect("it reads"),
            _ => {
                let socket = UnixDatagram::unbound().expect("a socket");
                for message in messages {
                    socket.send_to(message, &path).expect("it is sent");
                }
            }
        }
        assert_eq!(sink.values(2, "message"), ["one", "two"], "{mode}");
        shipper.says("the parser does not know it");
        shipper.stop().expect_code(0);
        assert!(!path.exists(), "{mode}");
    }
}

fn post(address: SocketAddr, path: &str, kind: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: h\r\n{kind}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("it answers and ends");
    answer
}

#[test]
fn http_answers_as_the_reference_does() {
    const JSON: &str = "Content-Type: application/json\r\n";
    let sink = Sink::start();
    let input = [
        "-i",
        "http",
        "-p",
        "port=0",
        "-p",
        "success_header=X-Good yes",
        "-p",
        "buffer_max_size=1000",
    ];
    let mut shipper = shipper(&sink, &input);
    let address = shipper.address("http.0");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let long = "x".repeat(2000);
    for (path, kind, body, status, text) in [
        ("/app.log", JSON, "{\"a\":1}", "201", ""),
        ("/app.log", JSON, "[{\"a\":2},{\"a\":3}]", "201", ""),
        ("/f", form, "a=4&n=1&s=a%20b+c", "201", ""),
        (
            "/t",
            "Content-Type: text/plain\r\n",
            "hello",
            "400",
            "error: invalid 'Content-Type'\n",
        ),
        (
            "/bad",
            JSON,
            "{bad",
            "400",
            "error: unable to process records\n",
        ),
        (
            "/nct",
            "",
            "{\"a\":9}",
            "400",
            "error: header 'Content-Type' is not set\n",
        ),
        (
            "/long",
            JSON,
            &long,
            "413",
            "error: the body is too large\n",
        ),
    ] {
        let answer = post(address, path, kind, body);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{path}: {answer}"
        );
        assert!(
            answer.ends_with(&format!("\r\n\r\n{text}")),
            "{path}: {answer}"
        );
        assert_eq!(
            answer.to_lowercase().contains("x-good: yes"),
            status == "201"
        );
    }
    let mut values = sink.values(4, "a");
    values.sort();
    assert_eq!(values, ["1", "2", "3", "4"]);
    shipper.stop().expect_code(0);
}

#[test]
fn forward_acknowledges() {
    let sink = Sink::start();
    let mut shipper = shipper(&sink, &["-i", "forward", "-p", "port=0"]);
    let mut stream = TcpStream::connect(shipper.address("forward.0")).expect("it listens");
    // ["t", 1700000000, {"n": 1}, {"chunk": "abc"}] in two pieces
    let message = b"\x94\xa1t\xce\x65\x53\xf1\x00\x81\xa1n\x01\x81\xa5chunk\xa3abc";
    stream.write_all(&message[..9]).expect("it reads");
    stream.write_all(&message[9..]).expect("it reads");
    let mut ack = [0; 9];
    stream.read_exact(&mut ack).expect("it acknowledges");
    assert_eq!(&ack, b"\x81\xa3ack\xa3abc");
    assert_eq!(sink.values(1, "n"), ["1"]);
    stream.write_all(b"\x01").expect("it reads");
    shipper.says("cut off: a message that is an integer");
    shipper.stop().expect_code(0);
}

#[test]
fn a_port_that_is_taken_stops_the_start() {
    let sink = Sink::start();
    let port = format!("port={}", sink.port());
    let exit = Shipper::new()
        .start(&["-i", "tcp", "-p", &port, "-o", "null", "-m", "*"])
        .wait();
    exit.expect_code(255).expect_words(&["the port is in use"]);
}
