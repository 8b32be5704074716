//! What a user meets: links, the terminal, charts as they are drawn.

#[path = "../../src/testing/changes.rs"]
mod changes;

mod command_line;
mod drawing;
mod inputs;
mod lessons;
mod links;
mod stories;
mod subjects;
mod units;
mod wording;
