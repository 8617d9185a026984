//! Walks of the command line pass through here: the CPU time of a whole process, from reading its model to its last line.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::graphs::{Graph, Scripts, grid, random, small};
use super::{BOTH, ModelError, Side, Sides, rest, row};
use crate::cases::Rounds;
use crate::proc::cpu_seconds_at_end;
use crate::server::Cores;
use crate::table::{Bar, Row, Unit};

/// Steps of walks whose speed is measured: with scripts fewer, because the reference is slow with them.
const STEPS: u32 = 1_000_000;
const SCRIPTED_STEPS: u32 = 300_000;
/// Rounds of walks, each a process; walks that take long have fewer.
const FEW: usize = 3;
/// How long one may take.
const LIMIT: Duration = Duration::from_mins(2);
/// How often is looked whether it has ended.
const LOOK_INTERVAL: Duration = Duration::from_millis(1);

/// A generator's text on either side.
type Generators<'a> = [&'a str; 2];

pub(super) fn measure(
    sides: &Sides,
    rounds: Rounds,
    report: &mut impl FnMut(&str),
) -> Result<Vec<Row>, ModelError> {
    let mut rows = Vec::new();
    for (name, graph, steps, bar) in [
        ("small model", small(), STEPS, 1.0),
        ("100 edges", random(100, Scripts::None), STEPS, 1.0),
        (
            "100 edges, guard and action on each",
            random(100, Scripts::Both),
            SCRIPTED_STEPS,
            2.0,
        ),
    ] {
        report(&format!("a walk, {name}"));
        let generator = format!("random(length({steps}))");
        let times = both(sides, [&graph; 2], [&generator; 2], rounds.count)?;
        let rates = times.map(|times| times.iter().map(|time| f64::from(steps) / time).collect());
        let case = format!("offline, {name}, steps per CPU second");
        rows.push(row(
            case,
            Unit::StepsPerSecond,
            rates,
            Some(Bar::RatioAtLeast(bar)),
        ));
    }
    rows.extend(searches(sides, report)?);
    rows.extend(tours(sides, report)?);
    Ok(rows)
}

/// The reference cannot do these with ten thousand edges; what it needs for a thousand stands beside it.
fn searches(sides: &Sides, report: &mut impl FnMut(&str)) -> Result<Vec<Row>, ModelError> {
    let mut rows = Vec::new();
    let thousand = [random(1_000, Scripts::None), grid(16)];
    for (shape, beside) in ["random", "grid"].into_iter().zip(&thousand) {
        for (edges, bar) in [(10_000, 1.0), (100_000, 5.0)] {
            let graph = match shape {
                "random" => random(edges, Scripts::None),
                _ => grid(if edges == 10_000 { 51 } else { 159 }),
            };
            for generator in [
                "quick_random(edge_coverage(100))",
                "a_star(reached_vertex(@))",
                "random(reached_vertex(@))",
            ] {
                let texts = [beside, &graph].map(|graph| generator.replace('@', &graph.far()));
                let case = format!(
                    "offline, {}, {shape}, {edges} edges / reference with 1000",
                    generator.replace('@', "far")
                );
                report(&case);
                let times = both(sides, [beside, &graph], [&texts[0], &texts[1]], FEW)?;
                rows.push(row(case, Unit::CpuSeconds, times, Some(Bar::Below(bar))));
            }
        }
    }
    Ok(rows)
}

/// Shortest tours over all edges. With 100,000 random edges the reference runs out of memory.
fn tours(sides: &Sides, report: &mut impl FnMut(&str)) -> Result<Vec<Row>, ModelError> {
    let mut rows = Vec::new();
    let generators = [
        "new_york_street_sweeper()",
        "directed_chinese_postman(edge_coverage(100))",
    ];
    for (name, graph) in [
        ("random, 10000 edges", random(10_000, Scripts::None)),
        ("grid, 10000 edges", grid(51)),
        ("grid, 100000 edges", grid(159)),
    ] {
        let case = format!("offline, postman's tour, {name}");
        report(&case);
        let times = both(sides, [&graph; 2], generators, FEW)?;
        rows.push(row(
            case,
            Unit::CpuSeconds,
            times,
            Some(Bar::RatioAtMost(1.0)),
        ));
    }
    Ok(rows)
}

/// CPU seconds of each walk, the sides in turn.
fn both(
    sides: &Sides,
    graphs: [&Graph; 2],
    generators: Generators<'_>,
    rounds: usize,
) -> Result<[Vec<f64>; 2], ModelError> {
    let mut times = [Vec::new(), Vec::new()];
    for _round in 0..rounds {
        for (at, side) in BOTH.into_iter().enumerate() {
            times[at].push(sides.walk(side, graphs[at], generators[at])?);
        }
    }
    Ok(times)
}

impl Sides {
    /// Walks a model to its end: CPU seconds.
    fn walk(&self, side: Side, graph: &Graph, generator: &str) -> Result<f64, ModelError> {
        let file = self.file(graph)?;
        let (program, first) = self.program(side);
        let mut command = self
            .placement
            .server_command(Cores::Own, program.as_os_str());
        command
            .args(first)
            .args(["offline", "-m"])
            .arg(&file)
            .arg(generator);
        // A walk of the same numbers each time.
        command.args([if side == Side::Rival { "--seed" } else { "-d" }, "42"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let name = format!("{generator} of {}", program.display());
        let child = command
            .spawn()
            .map_err(|error| ModelError::Io(name.clone(), error))?;
        finished(child, &name)
    }

    /// The program of a side, and the words before its own.
    pub(super) fn program(&self, side: Side) -> (&PathBuf, &'static [&'static str]) {
        match side {
            Side::Rival => (&self.rival, &[]),
            Side::Sockeye => (&self.sockeye, &["gw"]),
        }
    }

    /// The file of a graph, written when it is first asked for.
    fn file(&self, graph: &Graph) -> Result<PathBuf, ModelError> {
        let file = self.folder.path().join(&graph.name).with_extension("json");
        if !file.exists() {
            let written = std::fs::write(&file, graph.json("random(edge_coverage(100))"));
            written.map_err(|error| ModelError::Io(file.display().to_string(), error))?;
        }
        Ok(file)
    }
}

/// Waits for a process to end: the CPU time it took.
fn finished(mut child: Child, name: &str) -> Result<f64, ModelError> {
    let begun = Instant::now();
    let seconds = loop {
        if let Some(seconds) = cpu_seconds_at_end(child.id())? {
            break seconds;
        }
        if begun.elapsed() > LIMIT {
            let _killed = child.kill();
            let _waited = child.wait();
            return Err(ModelError::Slow(name.to_owned(), LIMIT.as_secs()));
        }
        rest(LOOK_INTERVAL);
    };
    let status = child
        .wait()
        .map_err(|error| ModelError::Io(name.to_owned(), error))?;
    if !status.success() {
        return Err(ModelError::Ended(name.to_owned(), status.to_string()));
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_that_has_ended_has_its_cpu_time() {
        let mut command = Command::new("sh");
        command.args(["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"]);
        let seconds = finished(command.spawn().unwrap(), "sh").unwrap();
        assert!(seconds > 0.0 && seconds < 60.0);
        let error = finished(Command::new("false").spawn().unwrap(), "false").unwrap_err();
        assert_eq!(error.to_string(), "false ended with exit status: 1");
    }
}
