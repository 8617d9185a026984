//! Redis is lost and found again here; while it is away, whoever asks is told at once.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sockeye_core::Random;
use tokio::select;
use tokio::time::{sleep, timeout};

use crate::hub::Hub;
use crate::limits::{GOODBYE, RETRY_PAUSE, RETRY_PAUSE_LONGEST, RETRY_PAUSE_SHORTEST};
use crate::session::{Queues, Session};

/// Serves with the session, and with the next ones, until the hub says stop.
pub(crate) async fn supervise(hub: &Arc<Hub>, mut queues: Queues, mut session: Session) {
    let mut retry = Retry {
        random: Random::from_os(),
        longest: RETRY_PAUSE,
    };
    loop {
        let start = Instant::now();
        let Some(why) = serve(hub, &mut queues, &mut session).await else {
            return;
        };
        tracing::warn!(url = %hub.url, why, "Redis is lost; trying again");
        // Its subscription ends before the next one begins, so nothing is heard twice.
        drop(session);
        retry.after(start.elapsed());
        session = select! {
            () = hub.stop.notified() => return,
            found = reconnect(hub, &mut retry) => found,
            never = refuse(hub, &mut queues) => match never {},
        };
        hub.tally.reconnected();
        tracing::info!(url = %hub.url, "Redis is back");
    }
}

/// Answers why Redis is lost, or nothing when the hub says stop and goodbye is said.
async fn serve(hub: &Hub, queues: &mut Queues, session: &mut Session) -> Option<String> {
    let mut serving = pin!(session.run(queues));
    select! {
        why = &mut serving => return Some(why),
        () = hub.stop.notified() => hub.wishes.goodbye.notify_one(),
    }
    // Not told in time, the other nodes notice it by themselves.
    drop(timeout(GOODBYE, serving).await);
    None
}

/// The pauses between tries, which start anew after a session that lasted longer than the longest of them.
struct Retry {
    random: Random,
    longest: Duration,
}

impl Retry {
    fn after(&mut self, session: Duration) {
        if session > RETRY_PAUSE_LONGEST {
            self.longest = RETRY_PAUSE;
        }
    }

    /// Between half of the longest and all of it, so that nodes do not come back all at once.
    fn pause(&mut self) -> Duration {
        let pause = self.longest.mul_f64(0.5 + self.random.unit() / 2.0);
        self.longest = (self.longest * 2).min(RETRY_PAUSE_LONGEST);
        pause.max(RETRY_PAUSE_SHORTEST)
    }
}

async fn reconnect(hub: &Arc<Hub>, retry: &mut Retry) -> Session {
    loop {
        sleep(retry.pause()).await;
        match Session::open(hub).await {
            Ok(session) => return session,
            Err(error) => tracing::debug!(%error, "Redis is still away"),
        }
    }
}

/// Answers while there is no connection: nothing waits for one.
async fn refuse(hub: &Hub, queues: &mut Queues) -> Infallible {
    loop {
        select! {
            Some(job) = queues.jobs.recv() => job.fail(),
            Some(_) = queues.outgoing.recv() => hub.tally.lost(1),
            else => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_seconds_and_start_anew_after_a_long_session() {
        let mut retry = Retry {
            random: Random::seeded(1),
            longest: RETRY_PAUSE,
        };
        for longest in [200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            let longest = Duration::from_millis(longest);
            let pause = retry.pause();
            assert!((longest / 2..=longest).contains(&pause), "{pause:?}");
        }
        retry.after(Duration::from_secs(1));
        assert!(retry.pause() > Duration::from_secs(2));
        retry.after(Duration::from_secs(6));
        assert!(retry.pause() <= RETRY_PAUSE);
    }
}
