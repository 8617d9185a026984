//! A connection begins here: the HTTP request and response that turn into WebSocket (RFC 6455 section 4).
//!
//! The server's half judges a request that an HTTP parser has read. The client's half writes the
//! request and reads the response itself. Neither panics on bytes that are not ASCII.

mod client;
mod fields;
mod key;
mod refusal;
mod response;
mod server;

pub use client::{ClientRequest, RequestError};
pub use key::{accept_key, encode_key, fresh_key};
pub use refusal::Refusal;
pub use response::{Response, ResponseError};
pub use server::{Request, check_request, check_request_of, is_upgrade};
