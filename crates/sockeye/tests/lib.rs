//! Black-box tests: the built binary on real sockets, one file per behaviour.
#![cfg(test)]
#![expect(
    clippy::format_push_string,
    reason = "files in tests are built to be read, not to be fast"
)]

mod admin;
mod auth;
mod bench;
mod chaos;
mod chaos_admin;
mod chaos_wire;
mod check;
mod compression;
mod conduct;
mod contract_moclojer;
mod contracts_load;
mod docs;
mod faults;
mod frames;
mod golden_errors;
mod guide;
mod gw;
mod handshake;
mod house;
mod http_endpoints;
mod include;
mod jsonrpc;
mod lab;
mod latencies;
mod live;
mod message_log;
mod moclojer_patterns;
mod params_schema;
mod proxy;
mod readme;
mod recordings;
mod reload;
mod replay_file;
mod rules;
mod script_files;
mod scripts;
mod serve;
mod shared_state;
mod ship;
mod ship_kill;
mod sink;
mod slow_clients;
mod smuggling;
mod templates;
mod tls;
mod walk;
mod webhooks;
mod ws_commands;
mod ws_connect;
mod ws_record;
mod ws_replay;
mod ws_tape;
mod ws_terminal;
