//! The endpoints that show what is counted.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::act::Act;
use super::lab::{Lab, Setup, eventually, websocket};
use super::server::Server;

/// Status and body.
async fn ask(address: SocketAddr, method: &str, path: &str) -> (u16, String) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

fn lab(server: &Server, lines: &[(&str, &str)]) -> (Lab, SocketAddr) {
    let mut all = vec![("flush", "10ms"), ("http_server", "on"), ("http_port", "0")];
    all.extend_from_slice(lines);
    let lab = Setup::of(&all, &[websocket(server, &[])]).start();
    let address = lab.engine.monitor().unwrap();
    (lab, address)
}

#[tokio::test]
async fn metrics_have_the_names_of_the_reference_and_more() {
    let server = Server::start(vec![Act::refusing("403 No"), Act::default()]);
    let (lab, address) = lab(&server, &[("storage.metrics", "on")]);
    lab.bring(1).await;
    lab.delivers(1).await;
    let length = super::lab::record(1).len();
    let (status, body) = ask(address, "GET", "/api/v1/metrics").await;
    let metrics: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200);
    assert_eq!(metrics["input"]["fed.0"]["records"], 1);
    assert_eq!(metrics["input"]["fed.0"]["bytes"], length);
    let output = &metrics["output"]["websocket.0"];
    for (name, value) in [
        ("proc_records", 1),
        ("proc_bytes", length),
        ("errors", 0),
        ("retries", 1),
        ("retries_failed", 0),
        ("dropped_records", 0),
        ("retried_records", 1),
        ("handshakes", 1),
    ] {
        assert_eq!(output[name], value, "{name} in {body}");
    }
    assert_eq!(output["refused"]["403"], 1);
    let (_, text) = ask(address, "GET", "/api/v1/metrics/prometheus").await;
    for line in [
        "fluentbit_input_records_total{name=\"fed.0\"} 1",
        "fluentbit_output_proc_records_total{name=\"websocket.0\"} 1",
        "fluentbit_output_retries_total{name=\"websocket.0\"} 1",
        "fluentbit_build_info{",
        "process_start_time_seconds ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let (_, text) = ask(address, "GET", "/api/v2/metrics/prometheus").await;
    for line in [
        "fluentbit_output_refused_total{name=\"websocket.0\",status=\"403\"} 1",
        "fluentbit_output_latency_seconds_bucket{name=\"websocket.0\",le=\"+Inf\"} 1",
        "fluentbit_output_records_in_flight{name=\"websocket.0\"} 0",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    for path in [
        "/",
        "/api/v1/uptime",
        "/api/v1/storage",
        "/api/v1/plugins",
        "/api/v2/health",
    ] {
        let (status, body) = ask(address, "GET", path).await;
        assert_eq!(status, 200, "{path}");
        serde_json::from_str::<serde_json::Value>(&body).unwrap();
    }
    assert_eq!(ask(address, "GET", "/api/v1/health").await.0, 404);
    assert_eq!(ask(address, "GET", "/nothing").await.0, 404);
    assert_eq!(ask(address, "POST", "/api/v1/metrics").await.0, 405);
    lab.stop().await;
}

#[tokio::test]
async fn health_is_bad_while_records_are_given_up() {
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let lines = [
        ("flush", "10ms"),
        ("http_server", "on"),
        ("http_port", "0"),
        ("health_check", "on"),
        ("hc_retry_failure_count", "0"),
        ("hc_period", "60"),
    ];
    let setup = Setup::of(&lines, &[websocket(&server, &[])]);
    let limit = sockeye_ship::retry::RetryLimit::Times(1);
    let lab = setup.retry_limit(limit).start();
    let address = lab.engine.monitor().unwrap();
    assert_eq!(
        ask(address, "GET", "/api/v1/health").await,
        (200, "ok\n".to_owned())
    );
    lab.bring(1).await;
    let counters = lab.output();
    eventually("it is given up", || counters.retries_failed.get() == 1).await;
    let mut status = 200;
    for _ in 0..100 {
        status = ask(address, "GET", "/api/v1/health").await.0;
        if status == 500 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(status, 500, "seen by the next look");
    lab.stop().await;
}

#[tokio::test]
async fn a_reload_is_asked_for_where_it_is_allowed() {
    let server = Server::start(vec![Act::default()]);
    let (closed, address) = lab(&server, &[]);
    assert_eq!(ask(address, "POST", "/api/v2/reload").await.0, 400);
    closed.stop().await;
    let (open, address) = lab(&server, &[("hot_reload", "on")]);
    let (status, body) = ask(address, "GET", "/api/v2/reload").await;
    assert_eq!((status, body.as_str()), (200, "{\"hot_reload_count\":0}"));
    assert_eq!(ask(address, "POST", "/api/v2/reload").await.0, 200);
    tokio::time::timeout(super::lab::PATIENCE, open.engine.reload_wanted())
        .await
        .unwrap();
    open.stop().await;
}
