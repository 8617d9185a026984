//! Faults on purpose, message by message: every key at its ends, their order, their rates, slow consumers.

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lab::{Lab, Raw, Server, eventually, frame, snippet};

/// An echo, a greeting, a ticker and a room with this chaos.
fn file(chaos: &str) -> String {
    format!(
        "
websocket:
  seed: 1
  chaos: {chaos}
  handlers:
    - {{ path: /echo, type: echo }}
    - path: /two
      rules: [{{ response: one, then: {{ response: two }} }}]
    - path: /ticker
      scheduled: [{{ interval_ms: 20, initial_delay_ms: 0, message: 'tick {{{{sequence}}}}' }}]
    - path: /news
      broadcast: {{ interval_ms: 20, message: 'news {{{{sequence}}}}' }}
    - {{ path: /calm, type: echo, chaos: {{ enabled: false }} }}
"
    )
}

fn server(chaos: &str) -> Server {
    Lab::yaml(&file(chaos)).admin().start()
}

/// What the log has of connection 1.
fn faults(server: &Server) -> Vec<(u64, String)> {
    let target = "/__mockforge/ws/chaos/log?connection=conn-1&limit=1000";
    let log = server
        .ask("GET", target, &[], b"")
        .expect_status(200)
        .json();
    let faults = log["faults"].as_array().expect("a list");
    let fault = |fault: &Value| {
        let effect = fault["effect"].as_str().expect("a word").to_owned();
        (fault["message"].as_u64().expect("a number"), effect)
    };
    faults.iter().map(fault).collect()
}

/// How often an effect was counted.
fn count(server: &Server, effect: &str) -> u64 {
    counter(
        server,
        &format!("ws_chaos_events_total{{effect=\"{effect}\"}} "),
    )
}

/// How many messages were left out for this reason.
fn left_out(server: &Server, reason: &str) -> u64 {
    let name = format!("ws_messages_dropped_total{{reason=\"{reason}\"}} ");
    counter(server, &name)
}

fn counter(server: &Server, name: &str) -> u64 {
    let page = server.ask("GET", "/metrics", &[], b"").text();
    let line = page.lines().find_map(|line| line.strip_prefix(name));
    line.expect("a series of this name")
        .parse()
        .expect("a number")
}

/// Fails unless the connection ends without a Close frame; what came before is in the result.
fn texts_until_end(raw: &mut Raw) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(frame) = raw.frame() {
        assert_eq!(frame.first, 0x81, "{frame:?}");
        texts.push(String::from_utf8_lossy(&frame.payload).into_owned());
    }
    texts
}

#[test]
fn a_rate_of_zero_does_nothing_and_a_handler_can_be_left_in_peace() {
    let zero = "{ disconnect_probability: 0, message_drop_rate: 0, message_duplicate_rate: 0, \
                message_reorder_rate: 0, message_corrupt_rate: 0, delay: { min_ms: 0, max_ms: 0 }, \
                frames: { split_rate: 0 }, link: { reset_rate: 0 }, handshake: { refuse_rate: 0 } }";
    let lab = server(zero);
    let mut client = lab.connect("/echo");
    for text in ["a", "b", "c"] {
        client.send(text).expect_text(text);
    }
    assert_eq!(faults(&lab), []);
    let lab = server("{ message_drop_rate: 1 }");
    lab.connect("/calm").send("x").expect_text("x");
    lab.connect("/ws").send("x").expect_silence();
    let lab = server("{ enabled: false, message_drop_rate: 1 }");
    lab.connect("/echo").send("x").expect_text("x");
}

#[test]
fn a_dropped_message_never_comes() {
    let lab = server("{ message_drop_rate: 1 }");
    let mut client = lab.connect("/echo");
    client.send("x").send_binary(b"y").expect_silence();
    let dropped = |number| (number, "drop".to_owned());
    assert_eq!(faults(&lab), [dropped(1), dropped(2)]);
    assert_eq!(count(&lab, "drop"), 2);
    assert_eq!(left_out(&lab, "chaos"), 2);
    let stats = lab.ask("GET", "/__mockforge/ws/stats", &[], b"").json();
    assert_eq!(stats["chaos"]["drop"], 2);
    assert_eq!(
        stats["messages"]["sent"], 0,
        "what is not written is not sent"
    );
    assert_eq!(stats["messages"]["received"], 2);
}

#[test]
fn the_direction_says_which_messages_are_meant() {
    let lab = server("{ message_drop_rate: 1, direction: inbound }");
    let mut client = lab.connect("/ticker");
    client.expect_text("tick 1");
    lab.connect("/echo").send("x").expect_silence();
    let lab = server("{ message_duplicate_rate: 1, direction: inbound }");
    let mut client = lab.connect("/echo");
    client.send("x").expect_text("x").expect_text("x");
    client.expect_silence();
    let lab = server("{ message_duplicate_rate: 1, direction: both }");
    let mut client = lab.connect("/echo");
    client.send("x");
    for _ in 0..4 {
        client.expect_text("x");
    }
    client.expect_silence();
    let lab = server("{ message_reorder_rate: 1, direction: inbound, reorder_window_ms: 1500 }");
    let mut client = lab.connect("/echo");
    client.send("a").send("b").expect_text("b").expect_text("a");
    client.send("c").expect_text("c");
    let lab = server("{ message_reorder_rate: 1, direction: inbound, reorder_window_ms: 60000 }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"kept")).send(&frame(0x88, b""));
    raw.expect_text("kept");
    assert_eq!(raw.close_code(), None);
}

#[test]
fn a_duplicate_comes_right_behind_its_message() {
    let lab = server("{ message_duplicate_rate: 1 }");
    let mut client = lab.connect("/echo");
    client.send("a").send("b");
    for text in ["a", "a", "b", "b"] {
        client.expect_text(text);
    }
    client.expect_silence();
    assert_eq!(count(&lab, "duplicate"), 2);
}

#[test]
fn reordered_messages_change_places_and_a_lone_one_comes_late() {
    let lab = server("{ message_reorder_rate: 1, reorder_window_ms: 1500 }");
    let mut client = lab.connect("/echo");
    client.send("a").send("b").send("c").send("d");
    for text in ["b", "a", "d", "c"] {
        client.expect_text(text);
    }
    let sent = Instant::now();
    client.send("alone").expect_text("alone");
    assert!(sent.elapsed() >= Duration::from_millis(1_500));
    // Held for a minute, but the Close lets it go.
    let lab = server("{ message_reorder_rate: 1, reorder_window_ms: 60000 }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"kept")).send(&frame(0x88, b""));
    raw.expect_text("kept");
    assert_eq!(raw.close_code(), None);
    raw.expect_end();
}

#[test]
fn a_corrupted_message_differs_in_one_byte() {
    let lab = server("{ message_corrupt_rate: 1 }");
    let mut client = lab.connect("/echo");
    for text in ["hello", "ü☃𝄞", "a"] {
        let got = client.send(text).text();
        let differ = got
            .bytes()
            .zip(text.bytes())
            .filter(|(one, two)| one != two);
        assert_eq!((got.len(), differ.count()), (text.len(), 1), "{got}");
    }
    client.send("").expect_text("");
    assert_eq!(
        count(&lab, "corrupt"),
        3,
        "nothing can be wrong with nothing"
    );
}

#[test]
fn a_delay_holds_back_without_reordering() {
    let lab = server("{ delay: { min_ms: 300, max_ms: 300 } }");
    let mut client = lab.connect("/echo");
    let sent = Instant::now();
    for text in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        client.send(text);
    }
    client.expect_text("a");
    let first = sent.elapsed();
    for text in ["b", "c", "d", "e", "f", "g", "h"] {
        client.expect_text(text);
    }
    assert!(first >= Duration::from_millis(300), "{first:?}");
    let last = sent.elapsed();
    assert!(last < Duration::from_millis(2_400), "they add up: {last:?}");
    assert_eq!(count(&lab, "delay"), 8);
    let lab = server("{ delay: { min_ms: 0, max_ms: 60 } }");
    let mut client = lab.connect("/echo");
    for number in 0..40 {
        client.send(&number.to_string());
    }
    for number in 0..40 {
        client.expect_text(&number.to_string());
    }
}

#[test]
fn pongs_and_closes_are_not_delayed() {
    let lab = server("{ delay: { min_ms: 60000 } }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"late")).send(&frame(0x89, b"p"));
    raw.expect_pong(b"p");
    raw.send(&frame(0x88, b""));
    raw.expect_text("late");
    assert_eq!(raw.close_code(), None);
}

#[test]
fn a_disconnection_is_abrupt_and_rolled_once_for_each_exchange() {
    let lab = server("{ disconnect_probability: 1 }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"x"));
    assert_eq!(
        texts_until_end(&mut raw),
        [""; 0],
        "not processed, no Close"
    );
    assert_eq!(faults(&lab), [(1, "disconnect".to_owned())]);
    let mut raw = lab.raw_socket("/ticker");
    assert_eq!(texts_until_end(&mut raw), [""; 0], "a message of our own");
    let mut raw = lab.raw_socket("/news");
    assert_eq!(texts_until_end(&mut raw), [""; 0], "a broadcast");
    // The answers to a message are no exchange of their own.
    let lab = server("{ disconnect_probability: 0.5, seed: 3 }");
    let mut raw = lab.raw_socket("/two");
    let sent: Vec<u8> = (0..200).flat_map(|_| frame(0x81, b"x")).collect();
    raw.send(&sent);
    let texts = texts_until_end(&mut raw);
    let answers = faults(&lab).first().expect("it is cut").0 - 1;
    let ones = texts.iter().filter(|text| *text == "one").count();
    assert_eq!(ones as u64, answers);
}

#[test]
fn a_disconnection_can_have_codes() {
    let lab = server("{ disconnect_probability: 1, disconnect_code: 1011 }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"x"));
    assert_eq!(raw.close_code(), Some(1011));
    raw.send(&frame(0x88, &1011_u16.to_be_bytes())).expect_end();
    let lab = server("{ disconnect_probability: 1, close_codes: [1012, 4000] }");
    let mut seen = Vec::new();
    for _ in 0..30 {
        let mut raw = lab.raw_socket("/echo");
        raw.send(&frame(0x81, b"x"));
        seen.extend(raw.close_code());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [1012, 4000]);
}

#[test]
fn effects_come_in_their_order() {
    // Dropped is dropped: nothing else happens to it.
    let lab = server("{ message_drop_rate: 1, message_duplicate_rate: 1, delay: { min_ms: 5 } }");
    lab.connect("/echo").send("x").expect_silence();
    assert_eq!(faults(&lab), [(1, "drop".to_owned())]);
    // Twice, then out of order, then late.
    let all = "{ message_duplicate_rate: 1, message_reorder_rate: 1, delay: { min_ms: 80 } }";
    let lab = server(all);
    let mut client = lab.connect("/echo");
    let sent = Instant::now();
    client.send("a").send("b");
    for text in ["b", "b", "a", "a"] {
        client.expect_text(text);
    }
    assert!(sent.elapsed() >= Duration::from_millis(80));
    let effects: Vec<String> = faults(&lab).into_iter().map(|(_, effect)| effect).collect();
    assert_eq!(effects, ["duplicate", "reorder", "delay"].repeat(2));
}

/// Sends numbers to an echo and gives what comes back, up to a last message that is sent until it comes.
fn echoed(lab: &Server, messages: u32) -> Vec<u32> {
    let mut raw = lab.raw_socket("/echo");
    let mut writer = raw.writer();
    let sender = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        for number in 1..=messages {
            bytes.extend(frame(0x81, number.to_string().as_bytes()));
        }
        // After all of them a Close, whose answer is the end.
        bytes.extend(frame(0x88, b""));
        writer.write_all(&bytes).expect("the server reads");
    });
    let mut received = Vec::new();
    while let Some(frame) = raw.frame().filter(|frame| frame.first == 0x81) {
        let text = String::from_utf8(frame.payload).expect("text");
        received.push(text.parse().expect("a number"));
    }
    sender.join().expect("all is sent");
    received
}

#[test]
fn rates_hold_over_a_hundred_thousand_messages() {
    const MESSAGES: u32 = 100_000;
    let share = |count: usize| f64::from(u32::try_from(count).expect("few")) / f64::from(MESSAGES);
    for rate in [0.01, 0.3] {
        let lab = server(&format!("{{ message_drop_rate: {rate} }}"));
        let lost = MESSAGES as usize - echoed(&lab, MESSAGES).len();
        assert!((share(lost) - rate).abs() < 0.01, "{rate}: {lost} lost");
        assert_eq!(count(&lab, "drop"), lost as u64);
    }
    let lab = server("{ message_duplicate_rate: 0.3, message_reorder_rate: 0.01 }");
    let received = echoed(&lab, MESSAGES);
    let twice = received.len() - MESSAGES as usize;
    assert!((share(twice) - 0.3).abs() < 0.01, "{twice} twice");
    let falls = received.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert!(
        (share(falls) - 0.01).abs() < 0.01 && falls > 0,
        "{falls} out of order"
    );
    assert_eq!(count(&lab, "duplicate"), twice as u64);
}

#[test]
fn the_same_seed_and_the_same_traffic_meet_the_same_faults() {
    let chaos = "{ seed: 42, message_drop_rate: 0.1, message_duplicate_rate: 0.1, \
                 message_corrupt_rate: 0.1, direction: both, frames: { split_rate: 0.2 } }";
    let run = |chaos: &str| {
        let lab = server(chaos);
        let mut raw = lab.raw_socket("/echo");
        for number in 0..200_u8 {
            raw.send(&frame(0x82, &[number]));
        }
        raw.send(&frame(0x88, b""));
        (raw.rest(), faults(&lab))
    };
    let (bytes, log) = run(chaos);
    assert!(log.len() > 100, "{log:?}");
    assert_eq!((bytes, log.clone()), run(chaos));
    let (_, other) = run(&chaos.replace("42", "43"));
    assert_ne!(log, other);
}

/// Text messages, to be written at once.
fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<u8> {
    let frames = range.map(|number| frame(0x81, number.to_string().as_bytes()));
    frames.flatten().collect()
}

#[test]
fn a_slow_consumer_gets_one_at_a_time_and_loses_what_finds_no_room() {
    let slow = "{ slow_consumer: { delay_ms: 200, buffer_size: 3, drop_when_full: true } }";
    let lab = server(slow);
    let mut raw = lab.raw_socket("/echo");
    let sent = Instant::now();
    raw.send(&numbers(1..=10));
    for number in 1..=4 {
        raw.expect_text(&number.to_string());
    }
    let took = sent.elapsed();
    assert!(took >= Duration::from_millis(600), "{took:?}");
    assert_eq!(count(&lab, "slow_drop"), 6);
    raw.send(&frame(0x88, b""));
    assert_eq!(raw.close_code(), None, "and nothing before it");
    let lab = server("{ slow_consumer: { delay_ms: 20, buffer_size: 2 } }");
    let mut client = lab.connect("/echo");
    let sent = Instant::now();
    for number in 1..=10 {
        client.send(&number.to_string());
    }
    for number in 1..=10 {
        client.expect_text(&number.to_string());
    }
    let took = sent.elapsed();
    assert!(took >= Duration::from_millis(180), "{took:?}");
    assert_eq!(count(&lab, "slow_drop"), 0, "the server waits");
}

#[test]
fn a_slow_consumer_that_is_full_misses_broadcasts_and_holds_up_nobody() {
    let text = "
websocket:
  handlers:
    - path: /news
      broadcast: { interval_ms: 10, message: 'news {{sequence}}' }
    - { path: /slow, type: echo, chaos: { slow_consumer: { delay_ms: 60000, buffer_size: 1 } } }
";
    let lab = Lab::yaml(text).admin().start();
    let mut slow = lab.connect("/slow");
    let mut others: Vec<_> = (0..3).map(|_| lab.connect("/news")).collect();
    slow.send("1").send("2").send("3");
    slow.expect_text("1");
    eventually("the queue is full", || {
        let stats = lab.ask("GET", "/__mockforge/ws/stats", &[], b"").json();
        (stats["messages"]["received"] == 2).then_some(())
    });
    let everyone = |text: &[u8]| {
        let answer = lab.ask("POST", "/__mockforge/ws/broadcast", &[], text);
        answer.expect_status(200);
    };
    for number in 0..20 {
        everyone(format!("all {number}").as_bytes());
    }
    for other in &mut others {
        let mut wanted = 0;
        while wanted < 20 {
            let text = other.text();
            if !text.starts_with("news") {
                assert_eq!(text, format!("all {wanted}"));
                wanted += 1;
            }
        }
    }
    eventually("it has missed all of them", || {
        (count(&lab, "slow_drop") == 20).then_some(())
    });
    assert_eq!(left_out(&lab, "chaos_slow"), 20);
    slow.close();
}

#[test]
fn a_thin_line_takes_its_time() {
    let lab = server("{ bandwidth_bps: 80000 }");
    let mut client = lab.connect("/echo");
    let sent = Instant::now();
    let text = "x".repeat(996);
    client
        .send(&text)
        .send(&text)
        .expect_text(&text)
        .expect_text(&text);
    let took = sent.elapsed();
    assert!(took >= Duration::from_millis(200), "{took:?}");
}

#[test]
fn what_others_and_timers_say_meets_chaos_too() {
    let lab = server("{ message_duplicate_rate: 1 }");
    let mut client = lab.connect("/ticker");
    client.expect_text("tick 1").expect_text("tick 1");
    let mut client = lab.connect("/news");
    let first = client.text();
    client.expect_text(&first);
    let mut client = lab.connect("/echo");
    let target = "/__mockforge/ws/connections/conn-3/send";
    eventually("it is known", || {
        (lab.ask("POST", target, &[], b"hi").status == 200).then_some(())
    });
    client.expect_text("hi").expect_text("hi");
    lab.connect("/two")
        .send("x")
        .expect_text("one")
        .expect_text("one");
}

#[test]
fn what_scripts_and_rooms_say_meets_chaos_too() {
    let lab = Lab::yaml(
        r#"
websocket:
  chaos: { message_duplicate_rate: 1 }
  handlers:
    - path: /room
      type: rooms
      rules:
        - match: join
          handler: "rooms.join('r'); return 'in'"
        - broadcast: { room: r, message: "said {{message}}" }
"#,
    );
    let lab = lab.start();
    let (mut one, mut two) = (lab.connect("/room"), lab.connect("/room"));
    for client in [&mut one, &mut two] {
        client.send("join").expect_text("in").expect_text("in");
    }
    one.send("x");
    for client in [&mut one, &mut two] {
        client.expect_text("said x").expect_text("said x");
        client.expect_silence();
    }
}

#[test]
fn a_proxy_meets_chaos_on_the_side_of_its_client() {
    let behind = Lab::yaml("websocket: {}\n").admin().start();
    let proxy = |chaos: &str| {
        let upstream = behind.url("/ws");
        let text = format!(
            "websocket:\n  chaos: {chaos}\n  handlers:\n    - {{ path: /p, type: proxy, upstream: '{upstream}' }}\n"
        );
        Lab::yaml(&text).admin().start()
    };
    let lab = proxy("{ message_duplicate_rate: 1 }");
    let mut client = lab.connect("/p");
    client.send("x").expect_text("x").expect_text("x");
    client.expect_silence();
    let lab = proxy("{ slow_consumer: { delay_ms: 10, buffer_size: 1 } }");
    let mut raw = lab.raw_socket("/p");
    raw.send(&numbers(1..=20)).send(&frame(0x88, b""));
    for number in 1..=20 {
        raw.expect_text(&number.to_string());
    }
    assert_eq!(raw.close_code(), None);
    let lab = proxy("{ message_reorder_rate: 1, direction: inbound, reorder_window_ms: 60000 }");
    let mut raw = lab.raw_socket("/p");
    raw.send(&frame(0x81, b"kept")).send(&frame(0x88, b""));
    raw.expect_text("kept");
    assert_eq!(raw.close_code(), None);
    let lab = proxy("{ disconnect_probability: 1 }");
    let mut raw = lab.raw_socket("/p");
    raw.send(&frame(0x81, b"x"));
    assert_eq!(texts_until_end(&mut raw), [""; 0]);
    eventually("the server behind is left, too", || {
        let target = "/__mockforge/ws/stats";
        let stats = behind.ask("GET", target, &[], b"").json();
        // The first proxy's client is still there.
        (stats["connections"]["active"] == 1).then_some(())
    });
}

#[test]
fn the_snippets_of_the_guide_do_something() {
    let text = |number| std::fs::read_to_string(snippet(number)).expect("readable");
    let lab = Lab::yaml(&text("13")).admin().start();
    let mut client = lab.connect("/ws");
    let sent = Instant::now();
    client.send("x").expect_text("x");
    assert!(sent.elapsed() >= Duration::from_millis(10));
    let lab = Lab::yaml(&text("14"))
        .arg("--seed")
        .arg("5")
        .admin()
        .start();
    echoed_on(&lab, "/ws", 2_000);
    for effect in ["drop", "duplicate", "reorder"] {
        assert!(count(&lab, effect) > 0, "{effect}");
    }
    let lab = Lab::yaml(&text("15")).admin().start();
    let mut raw = lab.raw_socket("/ws");
    raw.send(&numbers(1..=20));
    raw.expect_text("1");
    eventually("some are dropped", || {
        (count(&lab, "slow_drop") == 9).then_some(())
    });
}

/// Sends messages and a Close, and reads to the end.
fn echoed_on(lab: &Server, path: &str, messages: u32) {
    let mut raw = lab.raw_socket(path);
    let mut bytes: Vec<u8> = (0..messages).flat_map(|_| frame(0x81, b"x")).collect();
    bytes.extend(frame(0x88, b""));
    raw.send(&bytes);
    assert!(!raw.rest().is_empty());
}
