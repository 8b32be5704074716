//! Rolling real-time dispatch with aggregated resources, and its cure.

#[path = "../testing/mod.rs"]
mod testing;

mod angles;
mod corrective;
mod cures;
mod dc_lines;
mod equivalent;
mod explain;
mod explain_more;
mod explain_random;
mod figure;
mod golden;
mod invariants;
mod known;
mod look_ahead;
mod losses;
mod map;
mod model_factors;
mod presets;
mod prices;
mod random;
mod region;
mod rising;
mod security;
mod units;

use tandem::market::rt_sced::{Method, RtSced};
use tandem::report::Report;
use tandem::scenario::{Scenario, gallery, path};

fn preset(id: &str, set: &[(&str, &str)]) -> Scenario {
    let mut value = gallery::document(id).unwrap().to_value();
    for (field, text) in set {
        path::set(&mut value, field, text, &[]).unwrap();
    }
    Scenario::from_value(value).unwrap()
}

fn values<'a>(report: &'a Report, series: &str) -> &'a [f64] {
    &report
        .series(series)
        .unwrap_or_else(|| panic!("no {series}"))
        .values
}

/// One interval, dispatched at the buses of the DERs.
fn optimal() -> RtSced {
    RtSced {
        method: Method::Optimal,
        intervals: 1,
        ..RtSced::default()
    }
}
