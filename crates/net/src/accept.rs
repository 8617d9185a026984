//! Connections from the listener to the I/O threads, one permit each.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;
use tracing::warn;

use crate::limits::{ACCEPT_COMPLAINT, ACCEPT_PAUSE, ACCEPT_PAUSE_LONGEST};
use crate::thread::{Accepted, Orders};

/// Accepts until the server drains or is dropped, then closes the listener.
pub(crate) async fn accept_until_drained(
    listener: TcpListener,
    permits: Arc<Semaphore>,
    threads: Vec<mpsc::UnboundedSender<Accepted>>,
    mut orders: watch::Receiver<Orders>,
) {
    tokio::select! {
        () = accept(listener, permits, threads) => {}
        // An error says that the server was dropped.
        _ = orders.wait_for(|orders| orders.draining) => {}
    }
}

/// Accepts until it is dropped. The permit is taken first: a socket that could not be served is
/// not accepted but waits in the kernel.
async fn accept(
    listener: TcpListener,
    permits: Arc<Semaphore>,
    threads: Vec<mpsc::UnboundedSender<Accepted>>,
) {
    let mut trouble = Trouble::default();
    for thread in threads.iter().cycle() {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            return;
        };
        let (socket, address) = loop {
            match listener.accept().await {
                Ok(accepted) => break accepted,
                // The peer gave up while it waited: its trouble, not ours.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => tokio::time::sleep(trouble.pause(&error)).await,
            }
        };
        trouble.over();
        // A socket that is already gone needs no answer.
        let Ok(socket) = prepare(socket) else {
            continue;
        };
        if thread
            .send(Accepted {
                socket,
                address,
                permit,
            })
            .is_err()
        {
            return;
        }
    }
}

/// Detaches the socket from this thread's runtime. Small messages must not wait for each other.
fn prepare(socket: TcpStream) -> io::Result<std::net::TcpStream> {
    socket.set_nodelay(true)?;
    socket.into_std()
}

/// Accept errors: how long to wait, and when to say so.
#[derive(Debug, Default)]
struct Trouble {
    pause: Option<Duration>,
    said: Option<Instant>,
}

impl Trouble {
    fn pause(&mut self, error: &io::Error) -> Duration {
        let now = Instant::now();
        if self.said.is_none_or(|said| now - said >= ACCEPT_COMPLAINT) {
            warn!(%error, "cannot accept connections; trying again");
            self.said = Some(now);
        }
        let pause = self
            .pause
            .map_or(ACCEPT_PAUSE, |last| (last * 2).min(ACCEPT_PAUSE_LONGEST));
        self.pause = Some(pause);
        pause
    }

    fn over(&mut self) {
        self.pause = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_second_and_start_again() {
        let mut trouble = Trouble::default();
        let error = io::Error::from_raw_os_error(24);
        let pauses: Vec<u128> = (0..9).map(|_| trouble.pause(&error).as_millis()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
        trouble.over();
        assert_eq!(trouble.pause(&error).as_millis(), 10);
    }
}
