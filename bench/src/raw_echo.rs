//! Raw TCP bytes pass through here unchanged: the reference that every echo figure is divided by.
//!
//! It does what any echo on Tokio has to do and nothing else: wait for readiness, one read into a
//! buffer that all connections of the thread share, one write. No framing, no unmasking, no HTTP.
//! Two variants write what they read to every connection, or a scheduled message by themselves.

use std::cell::RefCell;
use std::io;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::frames::server_frame;
use crate::mocks::{TICK, TICK_MS};

/// Bytes of the read buffer that all connections share.
const READ_BUFFER_BYTES: usize = 512 * 1024;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER_BYTES]);
}

/// What is written, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What was read, to who sent it.
    Echo,
    /// What was read, to every connection.
    ToAll,
    /// The scheduled message of the measured file, at its interval from when the connection was accepted.
    Tick,
}

/// Serves on `127.0.0.1:port` until the process is ended; 0 lets the system choose.
///
/// Prints `listening on 127.0.0.1:PORT` on stderr, where `sockeye serve` announces itself too.
/// Fails when the port cannot be bound or accepting fails.
pub(crate) fn serve(port: u16, mode: Mode) -> io::Result<()> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    eprintln!("listening on {}", listener.local_addr()?);
    run(listener, mode)
}

fn run(listener: std::net::TcpListener, mode: Mode) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, accept(listener, mode))
}

async fn accept(listener: std::net::TcpListener, mode: Mode) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let everyone = Everyone::default();
    loop {
        let (stream, _peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A peer that resets its connection ends that connection only.
        match mode {
            Mode::Echo => drop(spawn_local(echo(stream))),
            Mode::ToAll => drop(spawn_local(to_all(Rc::new(stream), everyone.clone()))),
            Mode::Tick => drop(spawn_local(tick(stream))),
        }
    }
}

/// All connections there ever were: the reference runs for a minute.
type Everyone = Rc<RefCell<Vec<Rc<TcpStream>>>>;

async fn to_all(stream: Rc<TcpStream>, everyone: Everyone) -> io::Result<()> {
    everyone.borrow_mut().push(Rc::clone(&stream));
    loop {
        stream.readable().await?;
        let read: io::Result<usize> = READ_BUFFER.with_borrow_mut(|buffer| {
            let read = stream.try_read(buffer)?;
            for one in everyone.borrow().iter() {
                // Messages are short and their readers quick; who is gone is not written to.
                let _written = one.try_write(&buffer[..read]);
            }
            Ok(read)
        });
        match read {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            _ => {}
        }
    }
}

async fn tick(mut stream: TcpStream) -> io::Result<()> {
    let interval = Duration::from_millis(TICK_MS);
    let mut beats = interval_at(Instant::now() + interval, interval);
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let message = server_frame(TICK.as_bytes());
    loop {
        beats.tick().await;
        stream.write_all(&message).await?;
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
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        // The thread ends with the test process: accepting ends only on an error.
        std::thread::spawn(move || run(listener, Mode::Echo));

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

    #[test]
    fn what_one_sends_reaches_all_and_the_ticker_speaks_by_itself() {
        let served = |mode| {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let address = listener.local_addr().unwrap();
            listener.set_nonblocking(true).unwrap();
            std::thread::spawn(move || run(listener, mode));
            move || std::net::TcpStream::connect(address).unwrap()
        };
        let connect = served(Mode::ToAll);
        let (mut one, mut two) = (connect(), connect());
        let mut heard = [0; 2];
        // The second one is there once its own byte has come back.
        two.write_all(b"2").unwrap();
        two.read_exact(&mut heard[..1]).unwrap();
        one.write_all(b"1").unwrap();
        two.read_exact(&mut heard[1..]).unwrap();
        assert_eq!(&heard, b"21");
        let mut tick = vec![0; server_frame(TICK.as_bytes()).len()];
        served(Mode::Tick)().read_exact(&mut tick).unwrap();
        assert_eq!(tick, server_frame(TICK.as_bytes()));
    }
}
