//! `sockeye ship`: the page's commands and files, every input, configurations and mistakes, reload and end.

mod captures;
mod commands;
mod files;
mod inputs;
mod manual;
mod page;
mod reload;
mod replayed;
mod tail;
