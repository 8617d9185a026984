//! Raw TCP bytes pass through here unchanged: the reference that every echo figure is divided by.
//!
//! It does what any echo on Tokio has to do and nothing else: wait for readiness, one read into a
//! buffer that all connections of the thread share, one write. No framing, no unmasking, no HTTP.

use std::cell::RefCell;
use std::io;
use std::net::Ipv4Addr;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

/// Bytes of the read buffer that all connections share.
const READ_BUFFER_BYTES: usize = 512 * 1024;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER_BYTES]);
}

/// Serves the echo on `127.0.0.1:port` until the process is ended; 0 lets the system choose.
///
/// Prints `listening on 127.0.0.1:PORT` on stderr, where `sockeye serve` announces itself too.
/// Fails when the port cannot be bound or accepting fails.
pub(crate) fn serve(port: u16) -> io::Result<()> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    eprintln!("listening on {}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(accept(listener))
}

async fn accept(listener: std::net::TcpListener) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            // A peer that resets its connection ends that connection only.
            let _ended = echo(stream).await;
        });
    }
}

/// What one turn at a ready socket came to.
enum Turn {
    /// Everything that was read has been written.
    Written,
    /// The socket took a part; these bytes are left.
    Left(Vec<u8>),
    /// The peer has closed its side.
    End,
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    loop {
        stream.readable().await?;
        match READ_BUFFER.with_borrow_mut(|buffer| turn(&stream, buffer))? {
            Turn::Written => {}
            Turn::Left(rest) => stream.write_all(&rest).await?,
            Turn::End => return Ok(()),
        }
    }
}

fn turn(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<Turn> {
    let mut rest: &[u8] = match stream.try_read(buffer) {
        Ok(0) => return Ok(Turn::End),
        Ok(read) => &buffer[..read],
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Turn::Written),
        Err(error) => return Err(error),
    };
    while !rest.is_empty() {
        match stream.try_write(rest) {
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Ok(Turn::Left(rest.to_vec()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Turn::Written)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn bytes_come_back_unchanged_and_in_order_beyond_the_buffer() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        // The thread ends with the test process: `accept` returns only on an error.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build()
                .unwrap();
            runtime.block_on(accept(listener))
        });

        let sent: Vec<u8> = (0..=250_u8).cycle().take(3 * READ_BUFFER_BYTES).collect();
        let mut writer = std::net::TcpStream::connect(address).unwrap();
        let mut reader = writer.try_clone().unwrap();
        let expected = sent.clone();
        let writing = std::thread::spawn(move || writer.write_all(&sent).unwrap());
        let mut received = vec![0; expected.len()];
        reader.read_exact(&mut received).unwrap();
        writing.join().unwrap();
        assert!(received == expected, "the echo changed the bytes");
    }
}
