//! What a user meets: links, the terminal, charts as they are drawn.

#[path = "../common/changes.rs"]
mod changes;

mod command_line;
mod drawing;
mod inputs;
mod links;
mod subjects;
