//! Files that are read again while it runs, and what a mistake in them changes: nothing.

use std::net::TcpListener;

use crate::lab::{Shipper, Sink};

fn file(sink: &Sink, path: &str) -> String {
    format!(
        "[SERVICE]\n    Flush 0.1\n    Hot_Reload on\n[INPUT]\n    Name tcp\n    Port 0\n[OUTPUT]\n    Name websocket\n    Match *\n    \
         Port {}\n    Uri {path}\n    Format json_lines\n",
        sink.port()
    )
}

#[test]
fn a_hangup_reads_the_files_again_and_loses_nothing() {
    let sink = Sink::start();
    let mut shipper = Shipper::new()
        .file("a.conf", &file(&sink, "/one"))
        .start(&["-c", "a.conf"]);
    shipper.netcat("tcp.0", b"{\"n\":1}\n");
    sink.expect(1);
    shipper.netcat("tcp.0", b"{\"n\":2}\n");
    shipper.write("a.conf", &file(&sink, "/two"));
    shipper.signal("HUP").says("the files were read again");
    crate::lab::eventually("it starts again", || {
        (shipper.log().matches("[engine] started").count() == 2).then_some(())
    });
    shipper.netcat("tcp.0", b"{\"n\":3}\n");
    assert_eq!(sink.values(3, "n"), ["1", "2", "3"]);
    assert_eq!(sink.targets(), ["/one", "/two"]);
    shipper.stop().expect_code(0);
}

#[test]
fn a_mistake_in_the_files_changes_nothing() {
    let sink = Sink::start();
    let mut shipper = Shipper::new()
        .file("a.conf", &file(&sink, "/one"))
        .start(&["-c", "a.conf"]);
    shipper.says("[engine] started");
    shipper.write("a.conf", "[INPUT]\n    Name none\n");
    shipper.signal("HUP").says("the files were not read again");
    shipper.netcat("tcp.0", b"{\"n\":1}\n");
    assert_eq!(sink.values(1, "n"), ["1"]);
    shipper.stop().expect_code(0);
}

#[test]
fn a_reload_has_to_be_enabled() {
    let mut shipper = Shipper::new().start(&["-i", "dummy", "-o", "null", "-m", "*"]);
    shipper
        .says("[engine] started")
        .signal("HUP")
        .says("is not enabled");
    shipper.stop().expect_code(0);
}

/// A server that takes connections and never answers, and a shipper with three records for it that
/// drains for a reload.
fn draining(grace: u32) -> (TcpListener, Shipper) {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an open listener").port();
    let file = format!(
        "[SERVICE]\n    Flush 0.1\n    Grace {grace}\n    Hot_Reload on\n    Loss_Exit_Code 7\n[INPUT]\n    Name tcp\n    \
         Port 0\n[OUTPUT]\n    Name websocket\n    Match *\n    Port {port}\n"
    );
    let shipper = Shipper::new()
        .file("a.conf", &file)
        .start(&["-c", "a.conf"]);
    shipper.netcat("tcp.0", b"{\"n\":1}{\"n\":2}{\"n\":3}\n");
    shipper.says("handshake for ws");
    shipper
        .signal("HUP")
        .says("service will shutdown when all is delivered");
    (silent, shipper)
}

#[test]
fn a_signal_in_the_middle_of_a_reload_ends_it_within_the_grace_and_counts_what_is_lost() {
    let (_silent, mut shipper) = draining(1);
    shipper.stop().expect_code(7).expect_words(&[
        "service will shutdown in max 1 seconds",
        "3 records were not delivered in time and are lost",
        "[engine] 3 records were lost",
        "ended in the middle of a reload",
    ]);
}

#[test]
fn a_second_signal_ends_at_once_and_counts_as_well() {
    let (_silent, mut shipper) = draining(100);
    shipper
        .signal("TERM")
        .says("service will shutdown in max 100 seconds");
    shipper
        .stop()
        .expect_code(7)
        .expect_words(&["ends at once", "[engine] 3 records were lost"]);
}
