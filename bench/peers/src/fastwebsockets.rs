//! Messages pass through fastwebsockets here and go back, each by itself: the library writes frame by frame.

use fastwebsockets::{FragmentCollector, OpCode, Role, WebSocket};
use tokio::net::TcpStream;

use crate::{MESSAGE_BYTES, upgrade};

/// Echoes until the connection ends. Upgraded without hyper, whose boxed stream would cost the library a little.
pub(crate) async fn echo(mut stream: TcpStream) {
    if upgrade::accept(&mut stream).await.is_err() {
        return;
    }
    let mut socket = WebSocket::after_handshake(stream, Role::Server);
    socket.set_max_message_size(MESSAGE_BYTES);
    let mut socket = FragmentCollector::new(socket);
    loop {
        let Ok(frame) = socket.read_frame().await else {
            return;
        };
        let is_data = matches!(frame.opcode, OpCode::Text | OpCode::Binary);
        if frame.opcode == OpCode::Close || is_data && socket.write_frame(frame).await.is_err() {
            return;
        }
    }
}
