//! What programs of tests share. Each uses some of it.
#![allow(dead_code)]

pub mod changes;
pub mod feeders;
pub mod near;
