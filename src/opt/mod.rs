//! How is it optimised? Knows no power system.

pub mod sparse;
