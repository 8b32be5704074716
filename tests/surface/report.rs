//! What reports are written with.

mod ledger;
mod number;
mod say;
mod words;
