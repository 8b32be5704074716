//! Communities with solar and batteries, and their LSE.

#[path = "../testing/mod.rs"]
mod testing;

mod chance;
mod days;
mod documents;
mod explain;
mod feeders;
mod grid;
mod import;
mod market;
mod schedules;
mod services;
mod voltages;

use std::sync::LazyLock;
use tandem::case::{self, Case};
use tandem::market::community::roll::{self, Around};
use tandem::market::community::system::System;
use tandem::market::community::trace::Trace;
use tandem::market::community::{CommunityMarket, Comparator};
use tandem::report::Report;
use tandem::run;
use tandem::scenario::gallery;

const IDS: [&str; 12] = [
    "theisen-week",
    "theisen-interval",
    "theisen-base",
    "theisen-tariff",
    "theisen-prices-to-devices",
    "theisen-feeder-limit",
    "theisen-thread",
    "theisen-voltages",
    "theisen-noise",
    "theisen-two-feeders",
    "theisen-thermal",
    "theisen-reserve",
];

static WEEK: LazyLock<Report> =
    LazyLock::new(|| run::run(&gallery::document("theisen-week").unwrap()).unwrap());

fn feeder_case() -> Case {
    case::builtin("theisen-feeder").unwrap()
}

/// The built-in case with `days` days, and what becomes of it by one way to buy.
fn days(n: usize, params: &CommunityMarket, c: Comparator) -> (System, Trace) {
    let params = CommunityMarket {
        days: Some(n),
        ..params.clone()
    };
    let system = System::new(&feeder_case(), &params).unwrap();
    let trace = roll::run(&system, &params, c, Around::default()).unwrap();
    (system, trace)
}
