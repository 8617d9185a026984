//! What each part of a MockForge file may say, and that one mistake does not hide another.

use sockeye_core::document::parse_yaml;
use sockeye_core::{Mistakes, Source};
use sockeye_script::template::Dialect;

use crate::dialect::Reading;
use crate::load::Overrides;

/// All that is said about a file, warnings included.
fn said(text: &str) -> Vec<String> {
    let root = parse_yaml(&Source::new("f", text)).unwrap();
    let mut mistakes = Mistakes::new();
    let overrides = Overrides::default();
    let mut reading = Reading::new(Dialect::MockForge, &mut mistakes, false, &overrides);
    super::read(&root, &mut reading);
    mistakes.iter().map(ToString::to_string).collect()
}

/// The mistakes of a file, without places and without what this version does not serve.
fn errors(text: &str) -> Vec<String> {
    let all = said(text).into_iter();
    let errors = all.filter(|line| !line.contains(": warning: "));
    errors
        .map(|line| line.splitn(2, ": ").last().unwrap_or_default().to_owned())
        .collect()
}

/// A file with these lines under `websocket`.
fn section(lines: &str) -> String {
    format!("websocket:\n  {}\n", lines.replace('\n', "\n  "))
}

/// A file with one handler of these keys.
fn handler(keys: &str) -> String {
    section(&format!("handlers: [{{ path: /x, {keys} }}]"))
}

#[test]
fn what_the_guide_allows_is_no_mistake() {
    for file in [
        section("chaos: { disconnect_code: 1011, seed: 7, direction: both, bandwidth_bps: 9600 }"),
        section("chaos: { close_codes: [1000, 4000], delay: { min_ms: 1, distribution: pareto } }"),
        section("chaos: { slow_consumer: { delay_ms: 5, buffer_size: 1, drop_when_full: true } }"),
        section("tls: { self_signed: true, min_version: '1.3', client_auth: off }"),
        section("tls: { enabled: false }"),
        section(
            "tls: { cert_path: /a.pem, key_path: /b.pem, ca_path: /c.pem, client_auth: required }",
        ),
        section("shared_state: { redis_url: 'unix:///run/redis', on_error: memory }"),
        section("script: { timeout_ms: 100, memory_mb: 8, env_allow: [HOME] }"),
        section("outbound_queue: 5\non_slow: drop\nlog_messages: off"),
        section("host: '::1'\nidle_timeout_secs: 2.5"),
        handler("type: proxy, upstream: 'ws://a', record: true, record_path: 'a-{{date}}'"),
        handler("type: proxy, upstream: 'wss://a', on_connect: { headers: { A: '{{uuid}}' } }"),
        handler("type: proxy, upstream: 'ws://a', transform: { incoming: 'return msg;' }"),
        handler("type: jsonrpc, methods: [{ name: a, error: { code: -1, message: no, data: 1 } }]"),
        handler("type: jsonrpc, methods: [{ name: '*', handler: 'return 1;', delay_ms: 5 }]"),
        handler("broadcast: [{ interval_ms: 1, message: { n: '{{uuid}}' } }]"),
        handler("scheduled: [{ interval_ms: 1, message: a, count: 2, jitter_ms: 3 }]"),
        handler("rules: [{ then: [{ delay_ms: 1, response: a, then: { handler: 'x' } }] }]"),
        handler("rules: [{ times: 2, delay_ms: 1, close: { code: 4000, reason: bye } }]"),
        handler("rules: [{ broadcast: { room: a, message: hi }, when: state.ok }]"),
        handler("state: { initial: { n: 1 } }, on_connect: { response: hi }"),
        handler("auth: { header: X-Key, equals: '{{env.KEY}}', status: 403 }"),
        handler("schema: { incoming: { type: object }, on_violation: log }"),
        format!(
            "admin: {{ host: localhost, port: 0 }}\ninclude: []\n{}",
            section("port: 1")
        ),
    ] {
        assert_eq!(errors(&file), Vec::<String>::new(), "{file}");
    }
}

#[test]
fn every_part_of_the_section_is_checked() {
    for (lines, message) in [
        (
            "chaos: { disconnect_code: 1005 }",
            "no Close frame may carry the code `1005`",
        ),
        (
            "chaos: { disconnect_code: 1000, close_codes: [1000] }",
            "`close_codes` and `disconnect_code` exclude each other",
        ),
        (
            "chaos: { delay: { distribution: evenly } }",
            "`distribution` must be one of `uniform`, `fixed`, `normal`, `pareto`, not `evenly`",
        ),
        (
            "script: { memory_mb: 0 }",
            "`memory_mb` must be between 4 and 4096, not `0`",
        ),
        (
            "shared_state: { redis_url: 'redis://' }",
            "`redis_url` names no Redis: there is no host",
        ),
        (
            "idle_timeout_secs: 1\nconnection_timeout_secs: 1",
            "`connection_timeout_secs` and `idle_timeout_secs` exclude each other",
        ),
    ] {
        assert_eq!(errors(&section(lines)), [message], "{lines}");
    }
    let include = format!("include: [/etc/a.yaml]\n{}", section("port: 1"));
    let message =
        "an item of `include` must name a file in this folder or below it, not `/etc/a.yaml`";
    assert_eq!(errors(&include), [message]);
}

#[test]
fn every_part_of_a_handler_is_checked() {
    for (keys, message) in [
        (
            "type: jsonrpc, methods: [{ name: a, response: {}, error: { code: 1, message: a } }]",
            "`error` and `response` exclude each other",
        ),
        (
            "type: script, script_file: ../a.js",
            "`script_file` must name a file in this folder or below it, not `../a.js`",
        ),
        (
            "type: script, script: ' '",
            "`script` must be JavaScript, but is empty",
        ),
        ("type: script, scrpt: a", "unknown key `scrpt` in a handler"),
        (
            "type: proxy, upstram: 'ws://a'",
            "unknown key `upstram` in a handler",
        ),
        (
            "type: proxy, upstream: a.example",
            "`upstream` must start with `ws://` or `wss://`, not `a.example`",
        ),
        (
            "type: proxy, upstream: 'ws://a', on_connect: { headers: { Upgrade: a } }",
            "the proxy itself writes the header `Upgrade`",
        ),
        (
            "on_connect: { headers: { A: a } }",
            "`headers` means nothing in a handler without `type`",
        ),
        (
            "type: jsonrpc, methods: [{ name: a, respone: {} }]",
            "unknown key `respone` in a method",
        ),
        ("state: { initial: 5 }", "`initial` must be a map, not `5`"),
        ("auth: { equals: a }", "`auth` needs `header` or `query`"),
        (
            "schema: { on_violation: panic }",
            "`on_violation` must be one of `log`, `reply`, `close`, not `panic`",
        ),
    ] {
        assert_eq!(errors(&handler(keys)), [message], "{keys}");
    }
}

#[test]
fn every_part_of_a_rule_is_checked() {
    for (keys, message) in [
        (
            "rules: [{ then: { delay_ms: 1 } }]",
            "a step of `then` needs `response` or `handler`",
        ),
        (
            "rules: [{ then: { respons: a } }]",
            "unknown key `respons` in a step of `then`",
        ),
        (
            "rules: [{ close: { code: 1006 } }]",
            "no Close frame may carry the code `1006`",
        ),
        (
            "rules: [{ broadcast: { room: a } }]",
            "`broadcast` of a rule needs `message`",
        ),
    ] {
        assert_eq!(errors(&handler(keys)), [message], "{keys}");
    }
    let long = format!("rules: [{{ close: {{ reason: {} }} }}]", "x".repeat(124));
    assert_eq!(
        errors(&handler(&long)),
        ["`reason` has at most 123 bytes, not 124"]
    );
}

#[test]
fn ten_mistakes_are_ten_messages_each_in_its_line() {
    let file = "\
websocket:
  prot: 8080
  max_connections: -1
  chaos: { message_drop_rate: 2 }
  tls: { cert_path: a.pem }
  handlers:
    - { path: echo, type: echo }
    - { path: /a, type: ecko, rules: [{ response: '{{nwo}}' }] }
    - { path: /b, rules: [{ then: { delay_ms: -5, response: a } }] }
    - { path: /c, type: proxy }
    - { path: /d, scheduled: [{ interval_ms: 0, message: a }] }
";
    let mut lines: Vec<String> = said(file)
        .into_iter()
        .filter(|line| !line.contains(": warning: "))
        .map(|line| line.split(':').nth(1).unwrap_or_default().to_owned())
        .collect();
    lines.sort_by_key(|line| line.parse::<usize>().unwrap());
    assert_eq!(lines, ["2", "3", "4", "5", "7", "8", "8", "9", "10", "11"]);
}

#[test]
fn parts_that_are_not_served_are_warnings() {
    for (keys, warned) in [
        (
            "auth: { query: a, equals: b }, schema: {}",
            &["`schema`"] as &[_],
        ),
        (
            "type: proxy, upstream: 'ws://a', record: true, state: {}",
            &[],
        ),
        (
            "chaos: { frames: { split_rate: 0.1 }, link: { never_pong: true } }",
            &[],
        ),
    ] {
        let warned: Vec<String> = warned
            .iter()
            .map(|part| format!("warning: {part} is understood but not served by this version"))
            .collect();
        let found: Vec<String> = said(&handler(keys))
            .iter()
            .filter_map(|line| Some(line.split_once(": ")?.1.to_owned()))
            .collect();
        assert_eq!(found, warned, "{keys}");
    }
}
