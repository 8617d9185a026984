//! Messages pass through tokio-tungstenite here and go back.

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::MESSAGE_BYTES;

/// Echoes until the connection ends. Answers are kept back while there is something to read.
pub(crate) async fn echo(stream: TcpStream) {
    let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_BYTES));
    let Ok(mut socket) = accept_async_with_config(stream, Some(config)).await else {
        return;
    };
    loop {
        let message = match socket.next().now_or_never() {
            Some(message) => message,
            None if socket.flush().await.is_err() => return,
            None => socket.next().await,
        };
        let Some(Ok(message)) = message else { return };
        let is_data = message.is_text() || message.is_binary();
        if is_data && socket.feed(message).await.is_err() {
            return;
        }
    }
}
