//! Faults and attacks, each under its number in the table of faults: `fNN_…`.

mod admin_bodies;
mod behind;
mod crowds;
mod endings;
mod files;
mod floods;
mod log_lines;
mod models;
mod pages;
mod secrets;
mod series;
mod shipping;
mod soak;
mod tailing;
mod targets;
mod vanished;

/// A number that an environment variable may make larger.
fn count(variable: &str, usual: usize) -> usize {
    let said = std::env::var(variable).ok();
    said.map_or(usual, |count| count.parse().expect("a number"))
}
