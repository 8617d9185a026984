//! Whoever uses a server from inside its process, from before its first connection to after its last.

use std::sync::Arc;

use sockeye_mock::Mock;
use sockeye_mock::operate::Operator;
use tokio::sync::Notify;

use crate::exit::Exit;

/// What is to be done when the server listens, before that is told. It may have the server end.
pub(crate) type Listening = Box<dyn FnOnce() -> Result<(), Exit>>;

/// Somebody in this process who uses the server, beside its clients.
pub(crate) struct Guest {
    /// Called before anybody can connect.
    pub(crate) mock_made: Box<dyn FnOnce(Operator)>,
    pub(crate) listening: Listening,
    /// Told when the server may end.
    pub(crate) enough: Arc<Notify>,
}

impl Guest {
    /// Lets a guest see the mock, if there is one; gives what else it wants.
    pub(crate) fn come_in(guest: Option<Self>, mock: &Arc<Mock>) -> (Listening, Arc<Notify>) {
        let Some(guest) = guest else {
            return (Box::new(|| Ok(())), Arc::default());
        };
        (guest.mock_made)(Operator::new(Arc::clone(mock)));
        (guest.listening, guest.enough)
    }
}
