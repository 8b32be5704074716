//! Communities with solar and batteries, and their LSE.

#[path = "../common/changes.rs"]
mod changes;

mod days;
mod import;
mod market;
