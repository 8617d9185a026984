//! What a caller wants of a walk passes through here: when it ends at the latest, and whose habits it keeps.

use std::time::Duration;

use sockeye_script::js::ScopeLimits;

/// Where a walk differs from the Java reference on purpose, because the reference's way helps nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// Requirements of models count. A target that nothing leads to is not reached, and a walk that can only go for such
    /// targets fails and says why, as does one that finds nothing new. A fulfilment is always a number.
    #[default]
    Improved,
    /// As the reference, also where it walks for ever, takes the unreachable for reached, or has no number.
    Strict,
}

impl Compat {
    pub(crate) fn is_strict(self) -> bool {
        self == Self::Strict
    }
}

/// When a walk ends at the latest, whatever its stop conditions say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Steps of all models together; without it there is no such bound. Steps whose action failed count.
    pub steps: Option<u64>,
    /// Time since the machine was made, as the caller tells it; without it there is no such bound.
    pub time: Option<Duration>,
}

/// The bound that ended a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// So many steps were made.
    Steps(u64),
    /// So much time has passed.
    Time(Duration),
}

/// How a machine is to walk.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Time, memory and stack of guards and actions.
    pub scripts: ScopeLimits,
    /// A script that runs in the global scope before the models' own actions.
    pub globals: Option<Box<str>>,
    /// Whose habits it keeps.
    pub compat: Compat,
    /// When it ends at the latest.
    pub bounds: Bounds,
}
