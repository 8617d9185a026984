//! Rows 2, 3, 4, 13, 14 and 17 with their figures: what floods cost in memory and time.

use std::io::Write as _;

use crate::lab::{Lab, Raw, Server, frame, frame_head};

const FILE: &str = "websocket: { handlers: [{ path: /echo, type: echo }] }\n";

fn server() -> Server {
    let server = Lab::yaml(FILE).start();
    server.connect("/echo").send("x").expect_text("x");
    server
}

/// By how many KiB the most memory of the server exceeds what it needs now, after `work`.
fn rise(server: &Server, work: impl FnOnce()) -> u64 {
    let before = server.memory("VmRSS");
    work();
    server.memory("VmHWM").saturating_sub(before)
}

/// The time that the server has worked, in milliseconds.
fn cpu_millis(server: &Server) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.id()));
    let stat = stat.expect("the process runs");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    let ticks = fields.split(' ').skip(11).take(2);
    ticks
        .map(|ticks| ticks.parse::<u64>().expect("a number"))
        .sum::<u64>()
        * 10
}

/// Writes without end, as long as the server takes it.
fn flood(raw: &Raw, bytes: &[u8], times: usize) {
    let mut writer = raw.writer();
    for _ in 0..times {
        if writer.write_all(bytes).is_err() {
            return;
        }
    }
}

#[test]
fn f02_heads_without_end_are_hardly_buffered() {
    let server = server();
    let grown = rise(&server, || {
        let mut raws: Vec<Raw> = (0..20).map(|_| server.raw()).collect();
        for raw in &mut raws {
            raw.send(b"GET /echo HTTP/1.1\r\nHost: x\r\nX-Long: ");
            flood(raw, &[b'a'; 1024], 1024);
        }
        for raw in &mut raws {
            assert_eq!(raw.response("GET").status, 431);
        }
    });
    assert!(grown <= 20 * 64 + 2048, "{grown} KiB for twenty");
}

#[test]
fn f03_five_thousand_headers_take_no_time() {
    let server = server();
    let head: Vec<String> = (0..5000).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let head = head.concat();
    let before = cpu_millis(&server);
    for _ in 0..20 {
        let mut raw = server.raw();
        raw.send(format!("GET /echo HTTP/1.1\r\nHost: x\r\n{head}\r\n").as_bytes());
        assert_eq!(raw.response("GET").status, 431);
    }
    let each = (cpu_millis(&server) - before) / 20;
    // The program of this test is not optimised: five milliseconds where it is.
    assert!(each < 25, "{each} ms each");
}

#[test]
fn f04_every_byte_in_every_header_of_the_handshake() {
    let server = server();
    let headers = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", "chat"),
        ("Sec-WebSocket-Extensions", "x"),
    ];
    let mut judged = 0;
    for (name, valid) in headers {
        for byte in 0..=255 {
            let mut raw = server.raw();
            let request = raw.handshake("/echo", &[(name, &[valid, "\u{1}"].concat())]);
            let mut request = request.into_bytes();
            let place = request.iter().rposition(|found| *found == 1);
            request[place.expect("the marked byte")] = byte;
            raw.send(&request);
            let status = raw.response("GET").status;
            let is_text = matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
            assert!(
                matches!(status, 400 | 426) || is_text && status == 101,
                "{name} with {byte:#04x}: {status}"
            );
            judged += 1;
        }
    }
    assert_eq!(judged, 1536);
    server.connect("/echo").send("alive").expect_text("alive");
}

#[test]
fn f13_lengths_are_not_believed() {
    let server = server();
    let grown = rise(&server, || {
        for length in [1 << 24, 1 << 32, (1 << 63) - 1, 1 << 63, u64::MAX] {
            let mut raw = server.raw_socket("/echo");
            raw.send(&frame_head(0x82, length)).send(&[0; 100]);
            let code = raw.close_code();
            assert!(matches!(code, Some(1009 | 1002)), "{length}: {code:?}");
        }
        // Within the limit, announced by many and sent by none.
        let mut raws: Vec<Raw> = (0..50).map(|_| server.raw_socket("/echo")).collect();
        for raw in &mut raws {
            raw.send(&frame_head(0x82, 65_000)).send(&[0; 10]);
        }
        server.connect("/echo").send("x").expect_text("x");
    });
    assert!(grown < 1024, "{grown} KiB");
}

#[test]
fn f14_a_million_fragments_cost_nothing() {
    for payload in [&b""[..], b"x"] {
        let server = server();
        let grown = rise(&server, || {
            let mut raw = server.raw_socket("/echo");
            raw.send(&frame(0x01, payload));
            flood(&raw, &frame(0x00, payload).repeat(1000), 1000);
            assert_eq!(raw.close_code(), Some(1008));
        });
        assert!(grown < 1024, "{grown} KiB");
    }
}

#[test]
fn f17_floods_of_pings_and_pongs_cost_nothing() {
    for first in [0x89, 0x8a] {
        let server = server();
        let grown = rise(&server, || {
            let mut raw = server.raw_socket("/echo");
            flood(&raw, &frame(first, &[7; 125]).repeat(100), 1000);
            assert_eq!(raw.close_code(), Some(1008));
        });
        assert!(grown < 2048, "{grown} KiB");
    }
}
