//! The system: what is read, written, built in, made up, and refused.

mod bad_feeders;
mod bad_input;
mod balancing;
mod builtin;
mod day;
mod good;
mod json;
mod matpower;
mod matpower_angle;
mod matpower_cost;
mod matpower_expression;
mod matpower_text;
mod smartnet;
mod synthetic;
mod text;
