//! Compressed messages as bytes: what is agreed on each route, both forms of a message, bombs, and who sees what.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use serde_json::Value;

use crate::lab::{Frame, Lab, PATIENCE, Raw, Server, Upstream, eventually, frame};

/// What browsers offer.
const OFFER: &str = "permessage-deflate; client_max_window_bits";

/// RFC 7692 section 7.2.3: Hello, and Hello again with what the window has.
const HELLO: &[u8] = &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
const HELLO_AGAIN: &[u8] = &[0xf2, 0x00, 0x11, 0x00, 0x00];

/// First bytes of frames: the end of a text that is compressed, and of one that is not.
const PACKED: u8 = 0xc1;
const PLAIN: u8 = 0x81;

fn echo(compression: &str) -> Server {
    Lab::yaml(&format!(
        "websocket:\n  max_message_size: 1MiB\n  handlers:\n    \
         - {{ path: /echo, type: echo, compression: {compression} }}\n"
    ))
    .start()
}

/// Offers something; the answer about it.
#[track_caller]
fn agreed(server: &Server, path: &str, offer: &str) -> Option<String> {
    let answer = server.upgrade(path, &[("Sec-WebSocket-Extensions", offer)]);
    answer.expect_status(101);
    answer.header("sec-websocket-extensions").map(str::to_owned)
}

/// A link on which something was agreed.
#[track_caller]
fn link(server: &Server, path: &str) -> Raw {
    let mut raw = server.raw();
    let answer = raw.upgrade(path, &[("Sec-WebSocket-Extensions", OFFER)]);
    answer.expect_status(101);
    let agreed = answer.header("sec-websocket-extensions");
    assert!(agreed.is_some_and(|agreed| agreed.starts_with("permessage-deflate")));
    raw
}

/// The compressed form of a message, as somebody else's zlib makes it.
fn packed(message: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(message.len() + 1000);
    Compress::new(Compression::best(), false)
        .compress_vec(message, &mut packed, FlushCompress::Sync)
        .expect("zlib compresses anything");
    packed.truncate(packed.len() - 4);
    packed
}

fn unpacked(payload: &[u8]) -> String {
    let mut message = Vec::with_capacity(1 << 20);
    let mut inflate = Decompress::new(false);
    for part in [payload, &[0, 0, 0xff, 0xff]] {
        inflate
            .decompress_vec(part, &mut message, FlushDecompress::Sync)
            .expect("a compressed message");
    }
    String::from_utf8(message).expect("text")
}

/// The next data frame.
#[track_caller]
fn next(raw: &mut Raw) -> Frame {
    loop {
        let frame = raw.frame().expect("a frame before the end");
        if frame.first != 0x89 {
            return frame;
        }
    }
}

#[test]
fn every_route_agrees_on_its_own_terms() {
    let server = Lab::yaml(
        "websocket:
  compression: { context_takeover: true }
  handlers:
    - { path: /section, type: echo }
    - { path: /on, type: echo, compression: on }
    - { path: /true, type: echo, compression: true }
    - { path: /off, type: echo, compression: off }
    - { path: /false, type: echo, compression: false }
    - { path: /small, type: echo, compression: { context_takeover: true, window_bits: 10, level: 9 } }
",
    )
    .start();
    let forgets = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    let table = [
        ("/section", Some("permessage-deflate")),
        ("/ws", Some("permessage-deflate")),
        ("/on", Some(forgets)),
        ("/true", Some(forgets)),
        ("/off", None),
        ("/false", None),
        (
            "/small",
            Some("permessage-deflate; server_max_window_bits=10; client_max_window_bits=10"),
        ),
    ];
    for (path, wanted) in table {
        assert_eq!(agreed(&server, path, OFFER).as_deref(), wanted, "{path}");
    }
    assert_eq!(
        server
            .upgrade("/on", &[])
            .header("sec-websocket-extensions"),
        None
    );
}

#[test]
fn moclojer_files_have_the_key_too() {
    let server = Lab::yaml(
        "- websocket: { path: /on }
- websocket: { path: /off, compression: false }
- websocket: { path: /keeps, compression: { context-takeover: true, min-bytes: 1 } }
",
    )
    .start();
    let forgets = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    assert_eq!(agreed(&server, "/on", OFFER).as_deref(), Some(forgets));
    assert_eq!(agreed(&server, "/off", OFFER), None);
    let keeps = agreed(&server, "/keeps", OFFER);
    assert_eq!(keeps.as_deref(), Some("permessage-deflate"));
}

#[test]
fn f16_offers_that_cannot_be_accepted() {
    let server = echo("on");
    for offer in [
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=99",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; unheard_of",
        "permessage-bzip2",
    ] {
        assert_eq!(agreed(&server, "/echo", offer), None, "{offer}");
    }
    for list in ["permessage-deflate;", "permessage-deflate; a=\"", "a b"] {
        let answer = server.upgrade("/echo", &[("Sec-WebSocket-Extensions", list)]);
        assert_eq!(answer.status, 400, "{list}");
    }
}

#[test]
fn the_hello_of_the_rfc_goes_both_ways() {
    let server = echo("{ context_takeover: true, min_bytes: 1 }");
    let mut raw = link(&server, "/echo");
    raw.send(&frame(PACKED, HELLO));
    let first = next(&mut raw);
    assert_eq!((first.first, first.payload.as_slice()), (PACKED, HELLO));
    // What the window has, in two frames with a ping between them.
    let (begin, end) = HELLO_AGAIN.split_at(2);
    raw.send(&[frame(0x41, begin), frame(0x89, b"?"), frame(0x80, end)].concat());
    raw.expect_pong(b"?");
    let second = next(&mut raw);
    let mut inflate = Decompress::new(false);
    let mut both = Vec::with_capacity(100);
    for part in [
        &first.payload,
        &[0, 0, 0xff, 0xff][..],
        &second.payload,
        &[0, 0, 0xff, 0xff],
    ] {
        let done = inflate.decompress_vec(part, &mut both, FlushDecompress::Sync);
        done.expect("both in one window");
    }
    assert_eq!(both, b"HelloHello");
}

#[test]
fn long_answers_are_compressed_and_short_ones_are_not() {
    let server = echo("on");
    let mut raw = link(&server, "/echo");
    raw.send(&frame(PACKED, HELLO));
    let answer = next(&mut raw);
    assert_eq!(
        (answer.first, answer.payload.as_slice()),
        (PLAIN, &b"Hello"[..])
    );
    let long = "{\"price\": 1}".repeat(100);
    for frame in [
        frame(PLAIN, long.as_bytes()),
        frame(PACKED, &packed(long.as_bytes())),
    ] {
        raw.send(&frame);
        let answer = next(&mut raw);
        assert_eq!(answer.first, PACKED);
        assert!(answer.payload.len() < 200, "{answer:?}");
        assert_eq!(unpacked(&answer.payload), long);
    }
}

#[test]
fn f11_f16_frames_that_a_compressed_link_does_not_know() {
    let server = echo("on");
    let cases = [
        ("RSV1 on a ping", frame(0xc9, b""), 1002),
        ("RSV1 on a Close", frame(0xc8, b""), 1002),
        (
            "RSV1 on a continuation",
            [frame(0x41, HELLO), frame(0xc0, b"")].concat(),
            1002,
        ),
        ("RSV2 as well", frame(0xe1, HELLO), 1002),
        ("RSV3 alone", frame(0x91, b"x"), 1002),
        ("a block of type 3", frame(PACKED, &[0x07, 0x00]), 1007),
        (
            "a window that is forgotten",
            frame(PACKED, HELLO_AGAIN),
            1007,
        ),
        ("half a message", frame(PACKED, &HELLO[..4]), 1007),
        ("noise", frame(PACKED, &[0xff; 100]), 1007),
        ("not UTF-8", frame(PACKED, &packed(b"abc\xff")), 1007),
        ("half a character", frame(PACKED, &packed(b"abc\xc3")), 1007),
    ];
    for (name, bytes, code) in cases {
        let mut raw = link(&server, "/echo");
        raw.send(&bytes);
        assert_eq!(raw.close_code(), Some(code), "{name}");
        raw.expect_end();
    }
}

/// Processor time of a process so far, in milliseconds.
fn cpu_millis(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("the process runs");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    let ticks = fields.split(' ').skip(11).take(2);
    let ticks = ticks.map(|ticks| ticks.parse::<u64>().expect("a number"));
    ticks.sum::<u64>() * 10
}

#[test]
fn f15_a_bomb_costs_no_more_than_the_limit() {
    let server = echo("on");
    let bomb = packed(&vec![0; 256 << 20]);
    assert!(bomb.len() < 300 << 10, "{}", bomb.len());
    let mut raw = link(&server, "/echo");
    raw.send(&frame(PACKED, HELLO));
    next(&mut raw);
    let (before, busy) = (server.memory("VmRSS"), cpu_millis(server.id()));
    raw.send(&frame(0xc2, &bomb));
    assert_eq!(raw.close_code(), Some(1009));
    raw.expect_end();
    let rise = server.memory("VmHWM").saturating_sub(before);
    assert!(rise <= 2 << 10, "{rise} KiB more than before");
    let busy = cpu_millis(server.id()) - busy;
    assert!(busy <= 50, "{busy} ms");
}

#[test]
fn f15_bombs_in_many_messages_end_too() {
    let server = echo("{ context_takeover: true }");
    let mut raw = link(&server, "/echo");
    let mut compress = Compress::new(Compression::best(), false);
    let zeros = vec![0; 1 << 20];
    let mut writer = raw.writer();
    let sender = std::thread::spawn(move || {
        for _ in 0..256 {
            let mut packed = Vec::with_capacity(1 << 20);
            let done = compress.compress_vec(&zeros, &mut packed, FlushCompress::Sync);
            done.expect("zlib compresses anything");
            packed.truncate(packed.len() - 4);
            if writer.write_all(&frame(0xc2, &packed)).is_err() {
                return;
            }
        }
    });
    let mut answers = 0;
    let code = loop {
        let frame = next(&mut raw);
        if frame.first == 0x88 {
            break u16::from_be_bytes([frame.payload[0], frame.payload[1]]);
        }
        answers += 1;
    };
    assert_eq!(code, 1009);
    assert!((15..=25).contains(&answers), "{answers}");
    sender.join().expect("the sender ends");
}

#[test]
fn an_idle_compressed_connection_costs_little() {
    let server = echo("on");
    let mut links: Vec<Raw> = (0..20).map(|_| link(&server, "/echo")).collect();
    let long = frame(PACKED, &packed("{\"price\": 1}".repeat(100).as_bytes()));
    let talk = |raw: &mut Raw| {
        raw.send(&long);
        assert_eq!(next(raw).first, PACKED);
    };
    links.iter_mut().for_each(talk);
    let before = server.memory("VmRSS");
    let mut more: Vec<Raw> = (0..200).map(|_| link(&server, "/echo")).collect();
    more.iter_mut().for_each(talk);
    let each = server.memory("VmRSS").saturating_sub(before) / 200;
    assert!(each <= 16, "{each} KiB for a connection");
}

#[test]
fn a_broadcast_goes_to_both_kinds() {
    let news = "news for everybody, again and again, ".repeat(10);
    let server = Lab::yaml(&format!(
        "websocket:\n  handlers:\n    - {{ path: /news, broadcast: {{ interval_ms: 50, message: \"{news}\" }} }}\n"
    ))
    .start();
    let mut plain = server.raw_socket("/news");
    let mut compressed = link(&server, "/news");
    for _ in 0..3 {
        plain.expect_text(&news);
        let frame = next(&mut compressed);
        assert_eq!(frame.first, PACKED);
        assert_eq!(unpacked(&frame.payload), news);
    }
}

/// A compressed link whose next answer is wrong in one way, and the answer to `text`.
fn wrong(fault: &str, text: &str) -> (Server, Raw) {
    let server = Lab::yaml(&format!(
        "websocket:\n  seed: 1\n  chaos: {{ frames: {{ {fault}_rate: 1 }} }}\n  handlers:\n    \
         - {{ path: /echo, type: echo }}\n"
    ))
    .start();
    let mut raw = link(&server, "/echo");
    raw.send(&frame(PACKED, &packed(text.as_bytes())));
    (server, raw)
}

#[test]
fn chaos_splits_the_compressed_form() {
    let text = "one message in pieces ".repeat(20);
    let (_server, mut raw) = wrong("split", &text);
    let first = next(&mut raw);
    assert_eq!(first.first, 0x41, "compressed, not the last");
    let mut payload = first.payload;
    loop {
        let more = next(&mut raw);
        payload.extend(more.payload);
        match more.first {
            0x00 => {}
            0x80 => break,
            other => panic!("{other:#x}"),
        }
    }
    assert_eq!(unpacked(&payload), text);
}

#[test]
fn chaos_never_sets_rsv1_alone_where_it_means_something() {
    let server = Lab::yaml(
        "websocket:\n  seed: 1\n  chaos: { frames: { reserved_bits_rate: 1 } }\n  handlers:\n    \
         - { path: /echo, type: echo }\n",
    )
    .start();
    let mut raw = link(&server, "/echo");
    for _ in 0..50 {
        raw.send(&frame(PLAIN, b"short"));
        let first = next(&mut raw).first;
        assert_ne!(first & 0x30, 0, "{first:#x}");
    }
}

#[test]
fn chaos_breaks_the_frame_around_a_compressed_message() {
    let text = "to be broken ".repeat(30);
    let (_server, mut raw) = wrong("truncate", &text);
    let rest = raw.rest();
    assert_eq!(rest[0], PACKED);
    assert!(rest.len() - 2 < usize::from(rest[1]), "less than announced");
    let (_server, mut raw) = wrong("bad_utf8", &text);
    let frame = next(&mut raw);
    assert_eq!(frame.first, PLAIN);
    assert!(String::from_utf8(frame.payload).is_err());
}

#[test]
fn a_recording_has_messages_as_they_are() {
    let server = Lab::yaml(
        "websocket:\n  handlers:\n    - { path: /echo, type: echo, record: true, record_path: tapes/one.json }\n",
    )
    .start();
    let mut raw = link(&server, "/echo");
    let text = "to be remembered ".repeat(30);
    raw.send(&frame(PACKED, &packed(text.as_bytes())));
    assert_eq!(unpacked(&next(&mut raw).payload), text);
    raw.send(&frame(0x88, &[3, 232]));
    raw.expect_close(1000);
    let folder = server.folder().join("tapes");
    let tape = eventually("the recording is there", || {
        let mut files = std::fs::read_dir(&folder).ok()?.flatten();
        let file = files.find(|file| file.path().extension().is_some_and(|kind| kind == "json"))?;
        std::fs::read_to_string(file.path()).ok()
    });
    assert_eq!(tape.matches(&text).count(), 2, "{tape}");
}

#[test]
fn a_proxy_offers_what_its_client_does() {
    let upstream = Upstream::start();
    let server = Lab::yaml(&format!(
        "websocket:\n  handlers:\n    - {{ path: /p, type: proxy, upstream: \"{}\" }}\n    \
         - {{ path: /off, type: proxy, upstream: \"{}\", compression: off }}\n",
        upstream.url("/"),
        upstream.url("/")
    ))
    .start();
    let offer = [("Sec-WebSocket-Extensions", "permessage-deflate")];
    for (path, headers, wanted) in [("/p", &offer[..], 1), ("/p", &[], 0), ("/off", &offer, 0)] {
        let mut client = server.raw();
        client.upgrade(path, headers).expect_status(101);
        let called = upstream.next();
        let offered = called.header("sec-websocket-extensions");
        assert_eq!(offered.len(), wanted, "{path}: {offered:?}");
    }
}

/// The head of what `ws connect` asks a server for.
fn asked(args: &[&str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}/", listener.local_addr().expect("an address"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(["ws", "connect", &url]).args(args).env_clear();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut client = command.spawn().expect("it starts");
    let (stream, _) = listener.accept().expect("a client");
    let head = head_of(&stream);
    drop(stream);
    client.wait().expect("it ends");
    head
}

fn head_of(stream: &TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    head.join("\n").to_ascii_lowercase()
}

#[test]
fn the_client_offers_compression_unless_told_not_to() {
    let line = "sec-websocket-extensions: permessage-deflate; client_max_window_bits";
    assert!(asked(&[]).lines().any(|found| found == line));
    assert!(!asked(&["--no-compression"]).contains("sec-websocket-extensions"));
}

#[test]
fn the_client_and_the_server_talk_in_compressed_messages() {
    for compression in ["on", "{ context_takeover: true, min_bytes: 1 }", "off"] {
        let server = echo(compression);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command.args(["ws", "connect", &server.url("/echo"), "--count", "3"]);
        command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut client = command.spawn().expect("it starts");
        let lines = ["short".to_owned(), "long ".repeat(1000), "é€😀".repeat(100)];
        let mut input = client.stdin.take().expect("a pipe");
        writeln!(input, "{}", lines.join("\n")).expect("it listens");
        let output = client.wait_with_output().expect("it ends");
        let heard = String::from_utf8(output.stdout).expect("text");
        assert_eq!(heard.lines().collect::<Vec<_>>(), lines, "{compression}");
    }
}

/// Runs the Python package `websockets` against `url`; what it printed.
#[track_caller]
fn python(arguments: &[&str]) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = Command::new(folder.join("../../scripts/peers")).output();
    let python = python.expect("bash is there");
    let complaint = String::from_utf8_lossy(&python.stderr).into_owned();
    assert!(python.status.success(), "scripts/peers: {complaint}");
    let path = String::from_utf8(python.stdout).expect("a path");
    let done = Command::new(path.trim())
        .arg(folder.join("tests/foreign/deflate.py"))
        .args(arguments)
        .output()
        .expect("Python starts");
    let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{complaint}");
    serde_json::from_slice(&done.stdout).expect("JSON")
}

#[test]
fn python_agrees_on_everything_and_understands_every_size() {
    for (compression, keeps) in [
        ("on", false),
        ("{ context_takeover: true, min_bytes: 1 }", true),
    ] {
        let server = echo(compression);
        let results = python(&["client", &server.url("/echo")]);
        let results = results.as_array().expect("a list");
        assert_eq!(results.len(), 9);
        for result in results {
            assert_eq!(result["echoed"], result["sent"], "{result}");
            let agreed = result["agreed"].as_str().expect("an agreement");
            assert!(agreed.contains("PerMessageDeflate"), "{result}");
            if !keeps {
                let forgets = "remote_no_context_takeover=True, local_no_context_takeover=True";
                assert!(agreed.contains(forgets), "{result}");
            }
        }
    }
}
