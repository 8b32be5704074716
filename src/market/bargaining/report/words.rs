//! Amounts and failures in words.

use crate::market::bargaining::model::operation::NoDispatch;
use crate::market::bargaining::model::relief::{GivingWay, Kept, Limited, Unserved};
use crate::report::amount;
pub use crate::report::words::usd;

/// What the clock counts.
pub const STEP: &str = "slot";

/// Losing or gaining less is neither, $.
pub const NOTHING_USD: f64 = 1e-6;

/// `, Jain's index is 0.817`, with what it is of; nothing where nothing is shared.
pub fn jain(lead: &str, index: Option<f64>) -> String {
    index.map_or(String::new(), |index| {
        format!("{lead} is {}", amount(index, ""))
    })
}

pub fn failure(why: &NoDispatch) -> String {
    match why {
        NoDispatch::Infeasible(why) => unserved(why),
        NoDispatch::Unsolved(why) => why.to_string(),
    }
}

/// Why a day is not served, with the limits that would have to give way and by how much.
pub fn unserved(why: &Unserved) -> String {
    let program = &why.program;
    let said = match why.kept {
        Kept::All => format!("No dispatch serves the day: {program}: none meets every limit"),
        Kept::Feeders => {
            format!("No dispatch serves the day: {program}: none keeps the limits of the feeders")
        }
        Kept::PlannedImport => {
            format!("{program}, cannot keep its planned import within the limits of its feeder")
        }
    };
    let limits: Vec<String> = why.giving_way.iter().map(giving_way).collect();
    match limits.is_empty() {
        true => said,
        false => format!("{said}. Where the least gives way, {}", limits.join("; ")),
    }
}

fn giving_way(own: &GivingWay) -> String {
    let (id, slot) = (&own.id, own.slot + 1);
    let (what, unit) = match own.limit {
        Limited::Short => ("generation is short".into(), "MW"),
        Limited::Surplus => ("generation is too much".into(), "MW"),
        Limited::Line => (format!("line {id} is over its limit"), "MW"),
        Limited::Backwards => (format!("line {id} is over its limit backwards"), "MW"),
        Limited::LeastVoltage => (format!("the lowest squared voltage of bus {id}"), "p.u."),
        Limited::MostVoltage => (format!("the highest squared voltage of bus {id}"), "p.u."),
        Limited::Power => (format!("the limit of line {id}"), "MW"),
        Limited::ApparentPower => (format!("the limit of line {id}"), "MVA"),
        Limited::LeastImport => (format!("the import of {id} downwards"), "MW"),
        Limited::FinalEnergy => (format!("the energy of {id} at the end"), "MWh"),
        Limited::MostImport => (format!("the import of {id} upwards"), "MW"),
    };
    format!("{what} in slot {slot} by {}", amount(own.amount, unit))
}
