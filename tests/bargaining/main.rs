//! A day of one ISO and its DSOs.

#[path = "../testing/mod.rs"]
mod testing;

mod day;
mod explain;
mod game;
mod invariants;
mod nash_program;
mod presets;
mod risk;
mod settlement;
mod small;
mod storage;
mod ties;
