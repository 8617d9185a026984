//! Raw TCP bytes pass through here to another server and back: the reference that proxy figures are divided by.
//!
//! As little as a relay on Tokio can do: one thread, one task to each connection that waits for
//! either side, one read into a buffer that all share, one write. No framing, no masks, no HTTP.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};

/// Bytes of the read buffer that all connections share.
const READ_BUFFER_BYTES: usize = 512 * 1024;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER_BYTES]);
}

/// Relays `127.0.0.1:port` to `upstream` until the process is ended; 0 lets the system choose.
///
/// Prints `listening on 127.0.0.1:PORT` on stderr, where `sockeye serve` announces itself too.
/// Fails when the port cannot be bound or accepting fails.
pub(crate) fn serve(port: u16, upstream: SocketAddr) -> io::Result<()> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    eprintln!("listening on {}", listener.local_addr()?);
    run(listener, upstream)
}

fn run(listener: std::net::TcpListener, upstream: SocketAddr) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, accept(listener, upstream))
}

async fn accept(listener: std::net::TcpListener, upstream: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _peer) = listener.accept().await?;
        // A pair that fails ends itself only.
        drop(spawn_local(relay(stream, upstream)));
    }
}

async fn relay(client: TcpStream, upstream: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(upstream).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let mut there = pin!(pass(&client, &server));
    let mut back = pin!(pass(&server, &client));
    // The end of either direction ends both.
    poll_fn(|cx| match there.as_mut().poll(cx) {
        Poll::Pending => back.as_mut().poll(cx),
        done @ Poll::Ready(_) => done,
    })
    .await
}

/// What one side says goes to the other, until it ends.
async fn pass(from: &TcpStream, to: &TcpStream) -> io::Result<()> {
    loop {
        from.readable().await?;
        let left = READ_BUFFER.with_borrow_mut(|buffer| match from.try_read(buffer) {
            Ok(0) => Ok(None),
            Ok(read) => write(to, &buffer[..read]).map(Some),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Some(Vec::new())),
            Err(error) => Err(error),
        })?;
        let Some(mut rest) = left else {
            return Ok(());
        };
        while !rest.is_empty() {
            to.writable().await?;
            rest = write(to, &rest)?;
        }
    }
}

/// Writes what the socket takes at once; gives the rest.
fn write(to: &TcpStream, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match to.try_write(rest) {
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(rest.to_vec()),
            Err(error) => return Err(error),
        }
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn bytes_go_there_and_back_and_the_end_is_passed_on() {
        let upstream = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let to = upstream.local_addr().unwrap();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || run(listener, to));
        let mut client = std::net::TcpStream::connect(address).unwrap();
        let (mut server, _) = upstream.accept().unwrap();
        client.write_all(b"there").unwrap();
        let mut heard = [0; 5];
        server.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"there");
        server.write_all(b"again").unwrap();
        client.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"again");
        drop(server);
        assert_eq!(client.read(&mut heard).unwrap(), 0);
    }
}
