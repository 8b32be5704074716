//! What holds in a run, interval by interval: limits that are full, units that are marginal.

use crate::case::Block;
use crate::report::{Facts, Holds, amount};

use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::system::{Resource, System};
use crate::market::rt_sced::outcome::Outcome;
use crate::market::rt_sced::params::{Method, RtSced};

/// An output so near the end of a block is at it, MW.
const AT_END_MW: f64 = 1e-9;

/// A limit is full where it has a price; a unit is marginal where it runs strictly inside a block of its offer.
pub fn facts(params: &RtSced, outcome: &Outcome) -> Facts {
    let intervals = &outcome.roll.intervals;
    let mut facts = Facts {
        noun: "interval",
        steps: intervals.len(),
        list: Vec::new(),
    };
    for (step, interval) in (1..).zip(intervals) {
        of_interval(params, &outcome.system, interval, |what, name| {
            facts.note(what, name, step);
        });
    }
    facts
}

fn of_interval(
    params: &RtSced,
    system: &System,
    interval: &Interval,
    mut note: impl FnMut(Holds, (&str, &str)),
) {
    let dispatch = &interval.dispatch;
    for (limit, _) in &dispatch.binding {
        let name = format!("line {}", system.limits[*limit].id);
        note(Holds::Full, (&name, ""));
    }
    for (line, &p_mw) in system.dc_lines.iter().zip(&dispatch.dc_lines_mw) {
        let near = system.tolerance_mw(AT_END_MW);
        if p_mw != 0.0 && !(line.min_p_mw + near..=line.max_p_mw - near).contains(&p_mw) {
            note(Holds::Full, (&format!("DC line {}", line.id), ""));
        }
    }
    // An aggregator's instruction is its total: its members run as they split it.
    let ders = match params.method {
        Method::Optimal => &dispatch.ders_mw,
        _ => &interval.actual.ders,
    };
    let units = system.generators.iter().zip(&dispatch.generators_mw);
    for (unit, &p_mw) in units.chain(system.ders.iter().zip(ders)) {
        if let Some(block) = marginal(unit, p_mw, system.tolerance_mw(AT_END_MW)) {
            let end = amount(block.end(), "$/MWh");
            let price = match block.slope() == 0.0 {
                true => end,
                false => format!("{} to {end}", amount(block.usd_per_mwh, "")),
            };
            note(Holds::Marginal, (&unit.id, &price));
        }
    }
}

/// The block that an output is strictly inside of.
fn marginal(unit: &Resource, p_mw: f64, near_mw: f64) -> Option<&Block> {
    let inside = |low: f64, high: f64| p_mw > low + near_mw && p_mw < high - near_mw;
    if !inside(unit.min_p_mw, unit.max_p_mw) {
        return None;
    }
    let mut end = 0.0;
    unit.offer.iter().find(|block| {
        let start = end;
        end += block.p_mw;
        inside(start, end)
    })
}
