//! Keys with an effect and without: proxies of the environment, warnings, files of every format, inputs of the machine.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use crate::lab::{Shipper, Sink, eventually, sockeye};

/// A proxy that takes one connection; gives its request when that has ended.
fn proxy() -> (SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an open listener");
    let thread = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("somebody comes");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).expect("a request");
            request.push(byte[0]);
        }
        let text = String::from_utf8(request).expect("text");
        let target = text.split(' ').nth(1).expect("a target").to_owned();
        let mut server = TcpStream::connect(target).expect("the server is there");
        client
            .write_all(b"HTTP/1.1 200 OK\r\n\r\n")
            .expect("it reads");
        let (mut up, mut down) = (
            client.try_clone().expect("a copy"),
            server.try_clone().expect("a copy"),
        );
        let there = std::thread::spawn(move || {
            // Both end with the client.
            let _ = std::io::copy(&mut up, &mut server);
            let _ = server.shutdown(std::net::Shutdown::Both);
        });
        let _ = std::io::copy(&mut down, &mut client);
        there.join().expect("it ends");
        text
    });
    (address, thread)
}

fn dummy(sink: &Sink) -> [String; 9] {
    let output = format!("websocket://127.0.0.1:{}/", sink.port());
    [
        "-f",
        "0.1",
        "-i",
        "dummy",
        "-o",
        &output,
        "-m",
        "*",
        "-pformat=json_lines",
    ]
    .map(str::to_owned)
}

#[test]
fn records_go_through_the_proxy_of_the_environment() {
    let sink = Sink::start();
    let (address, thread) = proxy();
    let words = dummy(&sink);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut shipper = Shipper::new()
        .env("http_proxy", &format!("http://me:secret@{address}"))
        .env("NO_PROXY", "localhost,.corp")
        .start(&words);
    eventually("records come", || {
        (!sink.records().is_empty()).then_some(())
    });
    let log = shipper.log();
    assert!(
        log.contains(&format!("through the proxy {address}")),
        "{log}"
    );
    assert!(!log.contains("secret"), "{log}");
    shipper.stop().expect_code(0);
    let request = thread.join().expect("the proxy was asked");
    let line = format!("CONNECT 127.0.0.1:{} HTTP/1.1\r\n", sink.port());
    assert!(request.starts_with(&line), "{request}");
    assert!(
        request.contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"),
        "{request}"
    );
}

#[test]
fn a_proxy_can_be_left_alone() {
    let sink = Sink::start();
    let words = dummy(&sink);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    for (name, value, flag) in [
        ("NO_PROXY", "127.0.0.1", None),
        ("X", "", Some("-pnet.proxy_env_ignore=on")),
    ] {
        words.extend(flag);
        let before = sink.records().len();
        // Nobody is there.
        let mut shipper = Shipper::new()
            .env("HTTP_PROXY", "http://127.0.0.1:1")
            .env(name, value)
            .start(&words);
        eventually("records come", || {
            (sink.records().len() > before).then_some(())
        });
        shipper.stop().expect_code(0);
    }
    let mut shipper = Shipper::new()
        .env("HTTP_PROXY", "socks5://me:secret@p:1")
        .start(&["-i", "dummy", "-o", "websocket", "-m", "*"]);
    let exit = shipper.wait();
    exit.expect_code(1).expect_words(&[
        "HTTP_PROXY names a proxy that does not speak plain HTTP",
        "NO_PROXY",
    ]);
    assert!(!exit.stderr.contains("secret"), "{}", exit.stderr);
}

#[test]
fn a_key_without_an_effect_is_told() {
    let words = [
        "ship",
        "-D",
        "-i",
        "tcp",
        "-p",
        "chunk_size=32",
        "-F",
        "throttle",
        "-p",
        "print_status=on",
        "-o",
        "websocket",
        "-m",
        "*",
        "-p",
        "workers=2",
    ];
    let exit = sockeye(&words);
    exit.expect_code(0).expect_words(&[
        "`chunk_size` has no effect: buffers grow as needed",
        "`print_status` has no effect",
        "`workers` has no effect: one connection keeps the order",
        "configuration test is successful",
    ]);
}

#[test]
fn processors_that_nobody_would_ask_are_a_mistake() {
    let mut shipper = Shipper::new()
        .file(
            "a.yaml",
            "pipeline:\n  inputs:\n    - name: dummy\n  outputs:\n    - name: stdout\n      processors:\n        logs:\n          \
             - name: record_modifier\n            remove_key: password\n",
        )
        .start(&["-c", "a.yaml"]);
    let exit = shipper.wait();
    exit.expect_code(1).expect_words(&[
        "`stdout` takes no `processors`",
        "a.yaml:8:",
        "under the input",
    ]);
    assert_eq!(exit.stdout, "");
}

#[test]
fn files_have_the_format_that_was_asked_for() {
    for (format, more, expected) in [
        (
            "csv",
            "-pcsv_column_names=on",
            "timestamp,\"a\",\"b\"\n1.000000005,1,\"x \"\"y\"\"\"\n",
        ),
        (
            "csv",
            "-pdelimiter=tab",
            "1.000000005\t1\t\"x \"\"y\"\"\"\n",
        ),
        (
            "ltsv",
            "-pmkdir=on",
            "\"time\":1.000000\t\"a\":1\t\"b\":\"x \\\"y\\\"\"\n",
        ),
        (
            "template",
            "-ptemplate={time} {b} {c}",
            "1.000000 x \"y\" {c}\n",
        ),
        ("plain", "-pmkdir=on", "{\"a\":1,\"b\":\"x \\\"y\\\"\"}\n"),
        ("msgpack", "-pmkdir=on", ""),
    ] {
        let format = format!("-pformat={format}");
        let mut shipper = Shipper::new().start(&[
            "-f",
            "0.1",
            "-i",
            "dummy",
            "-psamples=1",
            "-pdummy={\"a\":1,\"b\":\"x \\\"y\\\"\"}",
            "-pstart_time_sec=1",
            "-pstart_time_nsec=5",
            "-pfixed_timestamp=on",
            "-ttag",
            "-o",
            "file",
            "-m",
            "*",
            "-pfile=out",
            &format,
            more,
        ]);
        let path = shipper.path("out");
        let written = eventually("a record is written", || {
            std::fs::read(&path).ok().filter(|bytes| !bytes.is_empty())
        });
        if expected.is_empty() {
            assert_eq!(written[..4], [0x92, 0x92, 0xd7, 0x00], "{format}");
        } else {
            assert_eq!(
                String::from_utf8_lossy(&written),
                expected,
                "{format} {more}"
            );
        }
        shipper.stop().expect_code(0);
    }
}

#[test]
fn inputs_of_the_machine_bring_records() {
    let sink = Sink::start();
    let port = format!("-pport={}", sink.port());
    let output = format!("websocket://127.0.0.1:{}/", sink.port());
    let quick = ["-pinterval_sec=0", "-pinterval_nsec=50000000"];
    let mut words = vec!["-f", "0.1"];
    for input in [
        vec!["-i", "health", &port, "-padd_host=on"],
        vec!["-i", "netif", "-pinterface=lo"],
        vec!["-i", "disk"],
        vec!["-i", "proc", "-pproc_name=sockeye"],
    ] {
        words.extend(input);
        words.extend(quick);
    }
    words.extend(["-o", &output, "-m", "*", "-pformat=json_lines"]);
    let mut shipper = Shipper::new().start(&words);
    for key in ["alive", "lo.rx.bytes", "read_size", "mem.VmRSS"] {
        eventually(&format!("a record with {key}:\n{}", shipper.log()), || {
            sink.records()
                .iter()
                .any(|record| !record[key].is_null())
                .then_some(())
        });
    }
    shipper.stop().expect_code(0);
}

#[test]
fn an_input_that_is_not_here_has_a_remedy() {
    for (name, words) in [
        ("thermal", "`exec` runs a command instead"),
        ("helth", "did you mean `health`?"),
    ] {
        let exit = sockeye(&["ship", "-D", "-i", name, "-o", "null", "-m", "*"]);
        exit.expect_code(1)
            .expect_words(&[&format!("there is no input `{name}`"), words]);
    }
}
