//! A day of one ISO and its DSOs.


mod day;
mod game;
mod invariants;
mod nash_program;
mod presets;
mod settlement;
mod small;
mod ties;
