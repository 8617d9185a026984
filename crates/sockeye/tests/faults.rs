//! Faults and attacks, each under its number in the table of faults: `fNN_…`.

mod admin_bodies;
mod endings;
mod files;
mod log_lines;
mod models;
mod pages;
mod secrets;
mod series;
mod shipping;
mod tailing;
