//! Raw bytes in, verdict out: every rule of RFC 6455 for both roles, whole and in pieces.

mod closes;
mod conformance;
mod conformance_packed;
mod deflate;
mod deflate_handshake;
mod feed;
mod frames;
mod handshake_client;
mod handshake_server;
mod notation;
mod properties;
mod raw_frames;
mod sizes;
mod texts;
mod zero_copy;
