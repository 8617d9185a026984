//! A conversation that is played again: what is to be said and waited for, and when. No sockets and no
//! clock are known here: the caller says what time it is and what it heard.

mod compare;
mod player;
mod score;
mod verify;
mod wait;

pub use compare::{Difference, differences, same};
pub use player::{GRAIN, Manner, Next, Player, Speed, SpeedError};
pub use score::{Line, Part, Role, Score, ScoreError, Step};
pub use verify::{Flaw, Verify};
pub use wait::WaitFor;
