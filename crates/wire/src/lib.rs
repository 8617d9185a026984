//! Bytes come in and WebSocket messages go out, and back again: RFC 6455 for both roles, no sockets.
//!
//! The crate does no input or output and knows no runtime. The caller reads bytes from wherever they
//! come, shows them to a [`Decoder`], and writes what an [`Encoder`] has put into a `Vec<u8>`.
//!
//! ```
//! use sockeye_wire::{Decoder, Encoder, Event, FrameLimits, Role};
//!
//! // The client's half: one text frame, masked as RFC 6455 section 5.3 wants it.
//! let mut sent = Vec::new();
//! Encoder::client_seeded(7).text(&mut sent, "hello");
//!
//! // The server's half: everything that one read brought, one event at a time, one reply buffer.
//! let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
//! let mut encoder = Encoder::server();
//! let mut reply = Vec::new();
//! let mut input = sent.as_mut_slice();
//! while let Some(event) = decoder.next(&mut input)? {
//!     match event {
//!         Event::Text(text) => encoder.text(&mut reply, text),
//!         Event::Binary(bytes) | Event::LooseText(bytes) => encoder.binary(&mut reply, bytes),
//!         Event::Ping(payload) => encoder.pong(&mut reply, payload),
//!         Event::Pong(_) => {}
//!         Event::Close(frame) => encoder.close(&mut reply, frame.map(|frame| frame.code), ""),
//!     }
//! }
//! assert_eq!(reply, b"\x81\x05hello");
//! # Ok::<(), sockeye_wire::Violation>(())
//! ```
//!
//! # What costs what
//!
//! * A frame that lies wholly in the input and is a whole message is unmasked where it lies and
//!   delivered as a slice of the input: nothing is copied and nothing is allocated.
//! * What is incomplete is copied once, into one buffer that grows with the bytes that arrive and never
//!   with what a length field announces. It is freed by the call that follows the delivery.
//! * Text is checked when it arrives, also in the middle of a frame; the first bad byte ends the
//!   connection with [`CloseCode::INVALID_PAYLOAD`].
//! * Replies go to the end of one buffer, so that one write answers one read.
//!
//! # Where to look
//!
//! | question | file |
//! |---|---|
//! | which bytes make up a frame's head, which bits are refused | `head.rs` |
//! | in which order frames may come, what is kept between reads | `decoder.rs`, `message.rs` |
//! | every rule a peer can break, with its close code and text | `violation.rs` |
//! | how large things may be | `limits.rs` |
//! | how a connection begins | [`handshake`] |
//! | how to break the rules on purpose | [`RawFrame`] |

mod close;
mod decoder;
mod encoder;
mod event;
pub mod handshake;
mod head;
mod limits;
mod mask;
mod message;
mod opcode;
mod raw_frame;
mod role;
mod utf8;
mod violation;

pub use close::{CloseCode, CloseFrame};
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use event::Event;
pub use head::LengthForm;
pub use limits::{CLOSE_REASON_BYTES, CONTROL_PAYLOAD_BYTES, FrameLimits};
pub use opcode::{Kind, Opcode};
pub use raw_frame::RawFrame;
pub use role::Role;
pub use violation::{Violation, ViolationKind};
