//! What a server must hold passes through here: connections that come, a message to ten thousand, messages without a pause.

mod accepted;
mod broadcast;
mod stall;

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::server::Programs;
use crate::table::Row;

/// Rounds of this part.
const ROUNDS: usize = 5;

/// Measures all of it.
pub(crate) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Row>, BenchError> {
    let count = rounds.count.min(ROUNDS);
    report("capacity, connections that are accepted");
    let mut rows = accepted::measure(programs, connections, count)?;
    report("capacity, messages without a pause");
    rows.extend(stall::measure(programs, count)?);
    report("capacity, a message to ten thousand");
    rows.extend(broadcast::measure(programs, count)?);
    Ok(rows)
}
