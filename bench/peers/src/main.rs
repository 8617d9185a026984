//! Connections pass through here to the echo of another library: `sockeye-bench-peers LIBRARY --port PORT`.
//!
//! Each echo runs on one thread, as the raw echo of the bench does, and is written as its library's examples are, but
//! writes all answers to what came at once where the library can.

mod fastwebsockets;
mod tungstenite;
mod upgrade;

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::process::ExitCode;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};

/// Bound of a message, bytes: beyond the longest that is sent, 64 KiB, for not all of them take one as long as the bound.
const MESSAGE_BYTES: usize = 128 * 1024;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let served = match *words {
        ["tungstenite", "--port", port] => serve(port, tungstenite::echo),
        ["fastwebsockets", "--port", port] => serve(port, fastwebsockets::echo),
        _ => {
            eprintln!("usage: sockeye-bench-peers tungstenite|fastwebsockets --port PORT");
            return ExitCode::from(2);
        }
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sockeye-bench-peers: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves on `127.0.0.1:port` until the process is ended; 0 lets the system choose. Prints where, on stderr.
fn serve<Echo>(port: &str, echo: impl Fn(TcpStream) -> Echo) -> io::Result<()>
where
    Echo: Future<Output = ()> + 'static,
{
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    eprintln!("listening on {}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (stream, _peer) = listener.accept().await?;
            stream.set_nodelay(true)?;
            drop(spawn_local(echo(stream)));
        }
    })
}
