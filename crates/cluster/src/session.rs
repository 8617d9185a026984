//! The time between two losses of Redis: two connections, one for operations and one for what nodes say.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, PushInfo, PushKind, RedisResult, Value};
use tokio::select;
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::ClusterError;
use crate::ear::hear;
use crate::error::said;
use crate::hub::Hub;
use crate::limits::{BEAT, CONNECT_TIME, OPERATIONS};
use crate::store::Job;
use crate::voice::{Outgoing, Voice};

/// What the handles of the cluster ask its thread for.
#[derive(Debug)]
pub(crate) struct Queues {
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) outgoing: mpsc::Receiver<Outgoing>,
}

/// Connected to Redis and subscribed.
///
/// Operations have a connection of their own: Redis cuts off a subscriber with 32 MiB of unread answers.
pub(crate) struct Session {
    operations: MultiplexedConnection,
    voice: Voice,
    /// One of the connections was closed.
    closed: Arc<Notify>,
}

impl Session {
    /// Connects, subscribes, says hello, and has the presence told.
    pub(crate) async fn open(hub: &Arc<Hub>) -> Result<Self, ClusterError> {
        match timeout(CONNECT_TIME, Self::connect(hub)).await {
            Ok(session) => session.map_err(|error| ClusterError::of(&hub.url, &error)),
            Err(_) => Err(ClusterError::Timeout {
                url: hub.url.clone(),
                within: CONNECT_TIME,
            }),
        }
    }

    async fn connect(hub: &Arc<Hub>) -> RedisResult<Self> {
        let closed = Arc::new(Notify::new());
        let client = Client::open(hub.url.connection_info()?)?;
        let mut operations = connect(&client, hub, &closed).await?;
        // One that is still reading its data takes connections already.
        redis::cmd("PING").exec_async(&mut operations).await?;
        let mut events = connect(&client, hub, &closed).await?;
        events.subscribe(&hub.channel).await?;
        let mut voice = Voice::new(Arc::clone(hub), events);
        voice.greet().await?;
        hub.wishes.tell_presence();
        Ok(Self {
            operations,
            voice,
            closed,
        })
    }

    /// Serves until Redis is lost or goodbye is said; answers why.
    pub(crate) async fn run(&mut self, queues: &mut Queues) -> String {
        let Queues { jobs, outgoing } = queues;
        select! {
            () = self.closed.notified() => "the connection was closed".to_owned(),
            why = self.voice.speak(outgoing) => why,
            why = pulse(self.operations.clone()) => why,
            never = dispatch(jobs, &self.operations) => match never {},
        }
    }
}

/// One connection. Events are taken where its bytes are read, so there is no queue that could grow.
async fn connect(
    client: &Client,
    hub: &Arc<Hub>,
    closed: &Arc<Notify>,
) -> RedisResult<MultiplexedConnection> {
    let (hub, closed) = (Arc::clone(hub), Arc::clone(closed));
    let pushed = move |push: PushInfo| {
        match (push.kind, push.data.as_slice()) {
            (PushKind::Disconnection, _) => closed.notify_one(),
            (PushKind::Message, [_, Value::BulkString(event)]) => hear(&hub, event),
            _ => {}
        }
        Ok::<(), Infallible>(())
    };
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None)
        .set_pipeline_buffer_size(OPERATIONS)
        .set_push_sender(pushed);
    let connection = client.get_multiplexed_async_connection_with_config(&config);
    connection.await
}

/// Sends operations on their way in their order; each waits for its own answer.
async fn dispatch(jobs: &mut mpsc::Receiver<Job>, redis: &MultiplexedConnection) -> Infallible {
    while let Some(job) = jobs.recv().await {
        tokio::spawn(job.run(redis.clone()));
    }
    pending().await
}

/// Asks Redis again and again whether it is there; answers why not.
async fn pulse(mut redis: MultiplexedConnection) -> String {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let ping = redis::cmd("PING");
        match timeout(BEAT, ping.exec_async(&mut redis)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return said(&error),
            Err(_) => return format!("it did not answer in {} s", BEAT.as_secs()),
        }
    }
}
