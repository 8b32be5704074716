//! One mechanism run, and what the yardstick says of it.

use serde_json::json;

use super::scenarios::{Asked, Reads};
use super::system::{Side, System};
use crate::report::{Report, Status};
use crate::scenario::link::encode;
use crate::scenario::{Document, SCENARIO_VERSION};

/// Intervals of five minutes in an hour, for which a published interval of communities is paid.
const PER_HOUR: f64 = 12.0;

/// What a mechanism answers.
pub struct Answer {
    /// MW of every resource, in the order of the system.
    pub dispatch_mw: Vec<f64>,
    pub cost_usd: f64,
    pub over_mwh: f64,
    pub unserved_mwh: f64,
    /// What those of a side receive less what they pay, $: transmission, feeder.
    pub net_usd: [f64; 2],
    /// Net receipts by group of parties, $, in the order of [`GROUPS`].
    pub groups_usd: [f64; 6],
}

/// Who gains and who pays.
pub const GROUPS: [&str; 6] = [
    "TSO",
    "providers on transmission",
    "out of balance on transmission",
    "DSO",
    "providers on the feeder",
    "out of balance on the feeder",
];

/// A mechanism with its answer, or why there is none.
pub struct Ran {
    pub asked: Asked,
    pub answer: Result<Answer, String>,
    /// A link to the scenario where no change of the one on screen leads to it.
    pub link: String,
}

pub fn run(asked: Asked, system: &System) -> Ran {
    let document = Document::from_value(json!({
        "version": SCENARIO_VERSION,
        "title": format!("{} ({} et al.)", asked.name, asked.paper),
        "case": asked.case,
        "mechanism": asked.mechanism,
        "view": asked.view,
    }));
    let (answer, link) = match document {
        Ok(document) => (
            answer(&asked, &document, system),
            encode(&document).fragment,
        ),
        Err(problems) => (Err(first(problems)), String::new()),
    };
    let link = if asked.changes.is_empty() {
        link
    } else {
        String::new()
    };
    Ran {
        asked,
        answer,
        link,
    }
}

fn answer(asked: &Asked, document: &Document, system: &System) -> Result<Answer, String> {
    let (case, mechanism) = (&document.scenario.case, &document.scenario.mechanism);
    let outcome = mechanism.solve(case, Default::default());
    let outcome = outcome.map_err(|failure| failure.to_string())?;
    let report = mechanism.report(case, &outcome, &document.view);
    if report.status != Status::Solved {
        return Err(report.headline);
    }
    let dispatch_mw: Vec<f64> = (system.resources.iter())
        .map(|r| output_mw(asked.reads, &report, &r.id, r.side))
        .collect();
    let dispatch_mw = rest_by_tso(asked.reads, system, dispatch_mw);
    let scale = match asked.reads {
        Reads::Taken => PER_HOUR,
        Reads::Output | Reads::WithSecond => 1.0,
    };
    let mut groups_usd = [0.0; 6];
    for party in report.ledger.parties() {
        groups_usd[group(party, system)] += scale * report.ledger.net_usd(party);
    }
    if asked.reads == Reads::WithSecond {
        // What is missing on transmission is the TSO's own, and what it buys is for that.
        groups_usd[2] += groups_usd[0];
        groups_usd[0] = 0.0;
    }
    let [tso, providers, out, dso, below, out_below] = groups_usd;
    Ok(Answer {
        cost_usd: system.cost_usd(&dispatch_mw, None),
        over_mwh: system.over_mwh(&dispatch_mw),
        unserved_mwh: system.unserved_mwh(&dispatch_mw),
        net_usd: [tso + providers + out, dso + below + out_below],
        groups_usd,
        dispatch_mw,
    })
}

/// MW of a resource; NaN where the report has none.
fn output_mw(reads: Reads, report: &Report, id: &str, side: Side) -> f64 {
    let first = |key: &str| {
        let series = report.series(&format!("{key}:{id}"))?;
        series.values.first().copied()
    };
    match (reads, side) {
        (Reads::Output, _) => first("p").unwrap_or(f64::NAN),
        (Reads::WithSecond, Side::Feeder) => {
            first("p").unwrap_or(f64::NAN) + first("second").unwrap_or(0.0)
        }
        (Reads::Taken, Side::Feeder) => -first("load").unwrap_or(f64::NAN),
        // What the TSO or the load serving entity sells is what nobody on the feeder does.
        (Reads::WithSecond | Reads::Taken, Side::Transmission) => 0.0,
    }
}

/// Bids on transmission, cheapest first, serve what those on the feeder do not.
fn rest_by_tso(reads: Reads, system: &System, mut dispatch_mw: Vec<f64>) -> Vec<f64> {
    if reads == Reads::Output {
        return dispatch_mw;
    }
    let mut left = system.unserved_mwh(&dispatch_mw);
    let mut above: Vec<usize> = (0..system.resources.len())
        .filter(|k| system.resources[*k].side == Side::Transmission)
        .collect();
    let price = |k: &usize| system.resources[*k].usd_per_mwh;
    crate::sort::by(&mut above, |a, b| price(a).total_cmp(&price(b)));
    for k in above {
        dispatch_mw[k] = left.min(system.resources[k].max_mw);
        left -= dispatch_mw[k];
    }
    dispatch_mw
}

/// Which of [`GROUPS`] a party is of.
fn group(party: &str, system: &System) -> usize {
    if let Some(r) = system.resources.iter().find(|r| r.id == party) {
        return if r.side == Side::Transmission { 1 } else { 4 };
    }
    if let Some(n) = system.needs.iter().find(|n| n.id == party) {
        return if n.side == Side::Transmission { 2 } else { 5 };
    }
    match party {
        "DSO" | "ADS" => 3,
        "imbalance" => 5,
        id if id == system.feeder.id => 4,
        _ => 0,
    }
}

fn first(problems: Vec<crate::case::Problem>) -> String {
    let mut all = problems.into_iter().filter(|p| p.is_error());
    all.next().map(|p| p.message).unwrap_or_default()
}
