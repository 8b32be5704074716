//! The system: what is read, written, built in, made up, and refused.

mod bad_feeders;
mod bad_input;
mod balancing;
mod builtin;
mod day;
mod good;
mod json;
mod matpower;
mod smartnet;
mod synthetic;
