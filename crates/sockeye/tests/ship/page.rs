//! The contract's page on the WebSocket output: its command, its two files, its conversation with netcat.

use std::path::Path;

use crate::lab::{Shipper, Sink};

/// A block of the page.
fn block(name: &str) -> String {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/contracts/fluentbit");
    std::fs::read_to_string(folder.join(name)).expect("the block is there")
}

#[test]
fn the_page_s_own_command_ships_cpu() {
    let sink = Sink::start();
    let command = block("01-command.sh").replace("192.168.2.3:80", &sink.address().to_string());
    let words = command
        .trim()
        .trim_start_matches("$ fluent-bit ")
        .replace('\'', "");
    let words: Vec<&str> = words.split(' ').collect();
    let mut shipper = Shipper::new().start(&words);
    let frame = crate::lab::eventually("a message comes", || sink.messages().first().cloned());
    assert_eq!(sink.targets(), ["/something"]);
    // msgpack in a binary frame: a record, its time, and the first key.
    let bytes = frame.into_data();
    assert_eq!(&bytes[..4], [0x92, 0x92, 0xd7, 0x00]);
    assert!(
        bytes.windows(6).any(|word| word == b"\xa5cpu_p"),
        "{bytes:?}"
    );
    shipper.stop().expect_code(0);
}

#[test]
fn the_page_s_first_file_ships_json() {
    let sink = Sink::start();
    let file = block("02-cpu.conf").replace("192.168.2.3", "127.0.0.1");
    let file = file.replace("Port  80", &format!("Port  {}", sink.port()));
    let mut shipper = Shipper::new()
        .file("fluent-bit.conf", &file)
        .start(&["-c", "fluent-bit.conf"]);
    let record = sink.values(1, "cpu_p");
    assert!(record[0].parse::<f64>().is_ok(), "{record:?}");
    assert_eq!(sink.targets(), ["/something"]);
    shipper.stop().expect_code(0);
}

/// The second file with ports of our own.
fn second_file(port: u16) -> String {
    let file = block("03-tcp.conf");
    let file = file.replace("5170", "0").replace("9000", &port.to_string());
    format!("[SERVICE]\n    Flush 0.1\n{file}")
}

/// What the page's netcat says, each time.
fn said() -> Vec<u8> {
    let line = block("04-netcat.sh");
    let text = line.split('\'').nth(1).expect("a text in quotes");
    format!("{text}\n").into_bytes()
}

#[test]
fn netcat_before_and_after_the_connection_is_lost() {
    let sink = Sink::start();
    let file = second_file(sink.port());
    let mut shipper = Shipper::new()
        .file("out_ws.conf", &file)
        .start(&["-c", "out_ws.conf"]);
    shipper.netcat("tcp.0", &said());
    sink.expect(1);
    sink.cut();
    shipper.netcat("tcp.0", &said());
    let records = sink.expect(2);
    for record in records {
        assert_eq!(record["key 1"], 123_456_789);
        assert_eq!(record["key 2"], "abcdefg");
    }
    let exit = shipper.stop();
    exit.expect_code(0)
        .expect_words(&["can be reached from outside this machine"]);
    assert_eq!(sink.targets(), ["/", "/"]);
}

#[test]
fn netcat_while_the_server_is_away_and_when_it_is_back() {
    let sink = Sink::start();
    let address = sink.address();
    let mut shipper = Shipper::new()
        .file("out_ws.conf", &second_file(sink.port()))
        .start(&["-c", "out_ws.conf"]);
    shipper.netcat("tcp.0", b"{\"n\":1}\n");
    sink.expect(1);
    drop(sink);
    for text in ["{\"n\":2}\n", "{\"n\":3}\n", "{\"n\":4}\n"] {
        shipper.netcat("tcp.0", text.as_bytes());
    }
    let sink = Sink::at(address);
    assert_eq!(sink.values(3, "n"), ["2", "3", "4"]);
    shipper.netcat("tcp.0", b"{\"n\":5}\n");
    assert_eq!(sink.values(4, "n"), ["2", "3", "4", "5"]);
    shipper.stop().expect_code(0);
}
