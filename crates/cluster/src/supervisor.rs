//! Redis is lost and found again here; while it is away, whoever asks is told at once.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::Random;
use tokio::select;
use tokio::time::{sleep, timeout};

use crate::hub::Hub;
use crate::limits::{GOODBYE, RETRY_PAUSE, RETRY_PAUSE_LONGEST, RETRY_PAUSE_SHORTEST};
use crate::session::{Queues, Session};

/// Serves with the session, and with the next ones, until the hub says stop.
pub(crate) async fn supervise(hub: &Arc<Hub>, mut queues: Queues, mut session: Session) {
    loop {
        let Some(why) = serve(hub, &mut queues, &mut session).await else {
            return;
        };
        tracing::warn!(url = %hub.url, why, "Redis is lost; trying again");
        // Its subscription ends before the next one begins, so nothing is heard twice.
        drop(session);
        session = select! {
            () = hub.stop.notified() => return,
            found = reconnect(hub) => found,
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

async fn reconnect(hub: &Arc<Hub>) -> Session {
    let mut random = Random::from_os();
    let mut longest = RETRY_PAUSE;
    loop {
        sleep(pause(longest, random.unit())).await;
        longest = (longest * 2).min(RETRY_PAUSE_LONGEST);
        match Session::open(hub).await {
            Ok(session) => return session,
            Err(error) => tracing::debug!(%error, "Redis is still away"),
        }
    }
}

/// Between half of `longest` and all of it, so that nodes do not come back all at once.
fn pause(longest: Duration, unit: f64) -> Duration {
    let pause = longest.mul_f64(0.5 + unit / 2.0);
    pause.max(RETRY_PAUSE_SHORTEST)
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
    fn pauses_lie_between_a_tenth_of_a_second_and_five() {
        assert_eq!(pause(RETRY_PAUSE, 0.0), RETRY_PAUSE_SHORTEST);
        assert_eq!(pause(RETRY_PAUSE_LONGEST, 1.0), Duration::from_secs(5));
    }
}
