//! What went into the reference's inputs goes into ours: the same bytes come out, but for times and what it loses.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::process::Stdio;

use sockeye_ship::record::Events;

use super::captures::{frames, split, text};
use crate::lab::{Shipper, Sink, eventually};

/// A capture as it is replayed.
struct Replay {
    case: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    stdin: Option<Vec<u8>>,
    feed: fn(&Shipper, &[u8]),
    /// Whether only the first frame counts: the input reads the same again and again.
    is_once: bool,
    /// What the reference has lost or spoilt, made good.
    mend: fn(&mut Vec<Vec<u8>>),
}

impl Replay {
    fn of(case: &'static str) -> Self {
        Self {
            case,
            files: Vec::new(),
            stdin: None,
            feed: |_, _| {},
            is_once: false,
            mend: |_| {},
        }
    }

    fn run(&self) {
        let sink = Sink::start();
        let input = raw(self.case);
        let mut lab = Shipper::new();
        for (name, text) in &self.files {
            std::fs::write(lab.path(name), text).expect("a writable folder");
        }
        let stdin = self.stdin.as_ref().map_or_else(Stdio::null, |text| {
            std::fs::write(lab.path("stdin"), text).expect("a writable folder");
            let file = std::fs::File::open(lab.path("stdin"));
            file.expect("a readable file").into()
        });
        let words = words(self.case, &sink, &lab);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        lab = lab.start_reading(stdin, &words);
        (self.feed)(&lab, &input);
        let mut expected = frames(self.case);
        expected.truncate(if self.is_once { 1 } else { expected.len() });
        (self.mend)(&mut expected);
        self.compare(&sink, &lab, &expected);
        if self.stdin.is_some() {
            lab.wait().expect_code(0);
        } else {
            lab.stop().expect_code(0);
        }
    }

    /// Flushes may cut records into messages anywhere, and tags into any order.
    fn compare(&self, sink: &Sink, lab: &Shipper, expected: &[Vec<u8>]) {
        let mut expected: Vec<String> = expected.iter().flat_map(|frame| shown(frame)).collect();
        expected.sort();
        let got = || {
            let messages = sink.messages().into_iter();
            let mut got: Vec<String> = messages
                .flat_map(|message| shown(&message.into_data()))
                .collect();
            if self.is_once {
                got.truncate(expected.len());
            }
            got.sort();
            got
        };
        eventually(
            &format!(
                "{} ships {expected:#?}, not {:#?}:\n{}",
                self.case,
                got(),
                lab.log()
            ),
            || (got().len() >= expected.len()).then_some(()),
        );
        assert_eq!(got(), expected, "{}", self.case);
    }
}

fn raw(case: &str) -> Vec<u8> {
    std::fs::read(super::captures::folder(case).join("input")).expect("the capture is there")
}

/// The command line of a capture, to our sink, from any port, with our flush; a file of it is written.
fn words(case: &str, sink: &Sink, lab: &Shipper) -> Vec<String> {
    let config = text(case, "config");
    let (command, rest) = config.split_once('\n').unwrap_or((&config, ""));
    let mut words = Vec::new();
    for word in split(command.trim_start_matches("fluent-bit")) {
        words.push(if word.starts_with("websocket://") {
            format!("websocket://{}/", sink.address())
        } else if word.starts_with("port=") {
            "port=0".to_owned()
        } else {
            word
        });
    }
    if let Some((name, file)) = rest.trim_start().trim_start_matches("# ").split_once(":\n") {
        let port = format!("Port {}", sink.port());
        let file = file.replace("Port 33503", &port).replace("33505", "0");
        // Text that is no UTF-8 is nothing that a right server takes.
        let file = file.replace(
            "[OUTPUT]",
            "[OUTPUT]\n    Compat fluentbit\n    Frame_Type binary",
        );
        lab.write(name, &file.replace("Flush 1", "Flush 0.1"));
    } else {
        for word in ["-p", "compat=fluentbit", "-p", "frame_type=binary"] {
            words.push(word.to_owned());
        }
    }
    words.extend(["-f".to_owned(), "0.1".to_owned()]);
    words
}

/// The records of a frame, each shown without what differs from run to run.
fn shown(frame: &[u8]) -> Vec<String> {
    if frame.starts_with(b"{") {
        let text = String::from_utf8_lossy(frame);
        return text.lines().map(timeless).collect();
    }
    let mut shown = Vec::new();
    for event in Events::new(frame) {
        shown.push(timeless_hex(event.expect("a record").raw));
    }
    shown
}

/// JSON with times of the run and ports of senders as 0.
fn timeless(line: &str) -> String {
    let mut line = line.to_owned();
    for (before, end) in [("\"date\":", ','), ("tcp://127.0.0.1:", '"')] {
        let Some(at) = line.find(before).map(|at| at + before.len()) else {
            continue;
        };
        let rest = &line[at..];
        let len = rest.find(end).unwrap_or(rest.len());
        if !rest.starts_with("17000000") {
            line.replace_range(at..at + len, "0");
        }
    }
    line
}

/// The bytes in hex, with the times of the run as 0.
fn timeless_hex(frame: &[u8]) -> String {
    let mut bytes = frame.to_vec();
    for at in 0..bytes.len().saturating_sub(9) {
        if bytes[at..].starts_with(&[0xd7, 0]) && bytes[at + 2] >= 0x66 && bytes[at + 2] < 0xff {
            bytes[at + 2..at + 10].fill(0);
        }
    }
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

/// Without the notes about pauses: each part is a write of its own.
fn netcat(lab: &Shipper, input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut stream = TcpStream::connect(lab.address("tcp.0")).expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    for part in input.split("\n# pause 0.3 s\n") {
        stream.write_all(part.as_bytes()).expect("it reads");
    }
}

#[test]
fn tcp_makes_the_same_records_and_the_unterminated_ones_too() {
    for (case, mend) in [
        (
            "in-tcp-floats-json_lines",
            (|_| {}) as fn(&mut Vec<Vec<u8>>),
        ),
        ("in-tcp-json-msgpack", |_| {}),
        ("in-tcp-json-src-json_lines", |_| {}),
        // The reference has lost what came in the same read as a scalar.
        ("in-tcp-json-invalid-json_lines", |frames| {
            frames.push(b"{\"date\":0,\"c\":3}\n".to_vec());
        }),
        ("in-tcp-none-json_lines", |frames| {
            frames.push(b"{\"date\":0,\"log\":\"rest\"}\n".to_vec());
        }),
        ("in-tcp-none-sep-json_lines", |frames| {
            let last = b"{\"date\":0,\"log\":\"three\",\"src\":\"tcp://127.0.0.1:0\"}\n";
            frames.push(last.to_vec());
            // It had room for no address in a line.
            for frame in frames.iter_mut() {
                *frame = with_source(frame);
            }
        }),
    ] {
        Replay {
            feed: netcat,
            mend,
            ..Replay::of(case)
        }
        .run();
    }
}

/// Lines with the address of their sender, which the reference leaves out of lines.
fn with_source(frame: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(frame);
    let line = |line: &str| {
        if line.contains("\"src\"") {
            return format!("{line}\n");
        }
        let open = line.trim_end_matches('}');
        format!("{open},\"src\":\"tcp://127.0.0.1:0\"}}\n")
    };
    text.lines().map(line).collect::<String>().into_bytes()
}

#[test]
fn udp_makes_the_same_records() {
    Replay {
        feed: |lab, input| {
            let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
            let address = lab.address("udp.0");
            for datagram in input.split(|byte| *byte == b'\n') {
                socket.send_to(datagram, address).expect("it is sent");
            }
        },
        ..Replay::of("in-udp-json_lines")
    }
    .run();
}

#[test]
fn b15_stdin_makes_the_same_records_and_a_long_one() {
    let paused = String::from_utf8_lossy(&raw("in-stdin-json_lines")).replace("# pause\n", "");
    Replay {
        stdin: Some(paused.into_bytes()),
        ..Replay::of("in-stdin-json_lines")
    }
    .run();
    Replay {
        stdin: Some(raw("in-stdin-eof-fast")),
        ..Replay::of("in-stdin-eof-fast")
    }
    .run();
    Replay {
        stdin: Some(raw("in-stdin-big-record")),
        // The reference takes a record of 20,000 bytes for the end.
        mend: |frames| {
            let input = String::from_utf8_lossy(&raw("in-stdin-big-record")).into_owned();
            let line = |line: &str| line.replacen('{', "{\"date\":0,", 1) + "\n";
            *frames = vec![input.lines().map(line).collect::<String>().into_bytes()];
        },
        ..Replay::of("in-stdin-big-record")
    }
    .run();
}

const PARSERS: &[u8] = br"[PARSER]
    Name j
    Format json
    Time_Key time
    Time_Format %Y-%m-%dT%H:%M:%S.%L%z
[PARSER]
    Name lf
    Format logfmt
[PARSER]
    Name r
    Format regex
    Regex ^(?<ip>[^ ]*) (?<code>[0-9]+) (?<rest>.*)$
    Types code:integer
[PARSER]
    Name s5424
    Format regex
    Regex ^\<(?<pri>[0-9]{1,5})\>1 (?<time>[^ ]+) (?<host>[^ ]+) (?<ident>[^ ]+) (?<pid>[-0-9]+) (?<msgid>[^ ]+) (?<extradata>(\[(.*?)\]|-)) (?<message>.+)$
    Time_Key time
    Time_Format %Y-%m-%dT%H:%M:%S.%L%z
    Time_Keep On
";

#[test]
fn b15_tail_makes_the_same_records_and_the_last_line() {
    for case in [
        "in-tail-json_lines",
        "in-tail-parser-json-msgpack",
        "in-tail-parser-logfmt-json_lines",
        "in-tail-parser-regex-json_lines",
    ] {
        let mend: fn(&mut Vec<Vec<u8>>) = if case == "in-tail-json_lines" {
            |frames| {
                let last = b"{\"date\":0,\"log\":\"last without newline\"}\n";
                frames.push(last.to_vec());
            }
        } else {
            |_| {}
        };
        Replay {
            files: vec![("t.log", raw(case)), ("parsers.conf", PARSERS.to_vec())],
            mend,
            ..Replay::of(case)
        }
        .run();
    }
    Replay {
        files: vec![("a1.log", b"x\n".to_vec()), ("a2.log", b"y\n".to_vec())],
        ..Replay::of("in-tail-tag-wild-json_lines")
    }
    .run();
}

#[test]
fn syslog_makes_the_same_record() {
    Replay {
        files: vec![("parsers.conf", PARSERS.to_vec())],
        feed: |lab, input| lab.netcat("syslog.0", input),
        ..Replay::of("in-syslog-tcp-json_lines")
    }
    .run();
}

#[test]
fn b19_head_and_exec_make_the_same_records_without_the_nuls() {
    for case in ["in-head-lines-json_lines", "in-head-split-json_lines"] {
        Replay {
            files: vec![("head.txt", raw(case))],
            is_once: true,
            mend: |frames| {
                for frame in frames.iter_mut() {
                    let text = String::from_utf8_lossy(frame).replace("\\u0000", "");
                    *frame = text.into_bytes();
                }
            },
            ..Replay::of(case)
        }
        .run();
    }
    for case in ["in-exec-json_lines", "in-exec-oneshot-json_lines"] {
        Replay {
            is_once: true,
            ..Replay::of(case)
        }
        .run();
    }
}

#[test]
fn forward_makes_the_same_bytes_of_messages_packs_and_groups() {
    for case in ["in-forward-message-msgpack", "in-forward-groups"] {
        Replay {
            feed: |lab, input| {
                let address = lab.address("forward.0");
                let mut stream = TcpStream::connect(address).expect("it listens");
                stream.write_all(input).expect("it reads");
            },
            ..Replay::of(case)
        }
        .run();
    }
}

#[test]
fn metadata_are_shown_alike() {
    Replay::of("metadata-json_lines").run();
}

/// A request of the list in the capture: `METHOD path [type] 'body' -> status`.
fn ask(lab: &Shipper, line: &str) -> Option<(String, String)> {
    let (request, answer) = line.split_once(" -> ")?;
    let (head, body) = request.split_once(" '")?;
    let mut words = head.split(' ');
    let (method, path, kind) = (words.next()?, words.next()?, words.next()?);
    let kind = kind.trim_matches(['[', ']']);
    let body = body.trim_end_matches('\'').replace("\\n", "\n");
    let kind = if kind == "None" {
        String::new()
    } else {
        format!("Content-Type: {kind}\r\n")
    };
    let mut stream = TcpStream::connect(lab.address("http.0")).expect("it listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: h\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut got = String::new();
    stream
        .read_to_string(&mut got)
        .expect("it answers and ends");
    let status = got.split(' ').nth(1).unwrap_or_default().to_owned();
    let expected = answer.split(' ').next().unwrap_or_default();
    Some((format!("{line}: {expected}"), format!("{line}: {status}")))
}

#[test]
fn http_answers_and_makes_the_same_records() {
    Replay {
        feed: |lab, input| {
            let input = String::from_utf8_lossy(input);
            let answers: Vec<(String, String)> =
                input.lines().filter_map(|line| ask(lab, line)).collect();
            assert!(answers.len() >= 10, "{answers:?}");
            for (expected, got) in answers {
                assert_eq!(expected, got);
            }
        },
        ..Replay::of("in-http-json_lines")
    }
    .run();
}

/// The keys of the first record of a payload in JSON lines, with what stands under them.
fn form(payload: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(payload);
    let first = text.lines().next().unwrap_or_default();
    let record: serde_json::Value = serde_json::from_str(first).expect("JSON");
    let record = record.as_object().expect("an object");
    let kind = |value: &serde_json::Value| if value.is_f64() { "float" } else { "integer" };
    let fields = record.iter();
    fields
        .map(|(key, value)| format!("{key}: {}", kind(value)))
        .collect()
}

/// What these read is different each time; what it is called is not.
#[test]
fn cpu_and_random_have_the_same_form() {
    for case in ["in-cpu-pid-json_lines", "in-random-json_lines"] {
        let sink = Sink::start();
        let lab = Shipper::new();
        let words = words(case, &sink, &lab);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut lab = lab.start(&words);
        let first = eventually("a message", || sink.messages().first().cloned());
        let expected = frames(case);
        assert_eq!(form(&first.into_data()), form(&expected[0]), "{case}");
        lab.stop().expect_code(0);
    }
    let sink = Sink::start();
    let lab = Shipper::new();
    let words = words("in-random-msgpack", &sink, &lab);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut lab = lab.start(&words);
    let first = eventually("a message", || sink.messages().first().cloned());
    let start = |frame: &[u8]| {
        shown(frame)[0][.."9292d7000000000000000000df00000000df00000001aa".len() + 20].to_owned()
    };
    assert_eq!(
        start(&first.into_data()),
        start(&frames("in-random-msgpack")[0])
    );
    lab.stop().expect_code(0);
}
