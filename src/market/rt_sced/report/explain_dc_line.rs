//! What one more MW over a DC line is worth.

use crate::report::{Addend, Explained, SubjectKind};

use super::words::{SAME_PRICE, mw, usd};
use crate::market::rt_sced::explain::Sent;
use crate::market::rt_sced::model::system::System;

/// (1 − loss share) LMP where it ends − LMP where it begins, $/MWh, in interval `step` (from 1).
pub fn explained(system: &System, sent: &Sent, step: usize) -> Explained {
    let line = &system.dc_lines[sent.line];
    let (from, to) = (&system.bus_ids[line.from], &system.bus_ids[line.to]);
    let (begins, ends) = sent.lmp_usd_per_mwh;
    let arrives = line.arrives * ends;
    let worth = arrives - begins;
    let even = worth.abs() <= SAME_PRICE * (1.0 + begins.abs().max(ends.abs()));
    let at = |limit: f64| (sent.p_mw - limit).abs() <= system.tolerance_mw(SAME_PRICE);
    let stands = match (at(line.min_p_mw), at(line.max_p_mw)) {
        (_, true) => format!("the most it may, {}", mw(line.max_p_mw)),
        (true, _) => format!("the least it may, {}", mw(line.min_p_mw)),
        _ => format!(
            "{}, between its limits of {} and {}",
            mw(sent.p_mw),
            mw(line.min_p_mw),
            mw(line.max_p_mw)
        ),
    };
    let then = match even {
        true => "so another MW there would cost as much as it saves.".to_string(),
        false if worth > 0.0 => format!("so another MW would save {}.", usd(worth)),
        false => format!("so another MW would cost {}.", usd(-worth)),
    };
    let taken = format!(
        "A MW more over it is taken at bus {from} for {}",
        usd(begins)
    );
    let given = match line.arrives == 1.0 {
        true => format!("and saves {} at bus {to}", usd(ends)),
        false => format!(
            "and {} of it arrive at bus {to}, where they save {}",
            mw(line.arrives),
            usd(arrives)
        ),
    };
    let part = |name: String, value: f64, bus: &String| Addend {
        name,
        value,
        subject: SubjectKind::Bus.of(bus),
    };
    Explained {
        headline: format!(
            "DC line {} in interval {step}: one more MW over it is worth {}.",
            line.id,
            usd(worth)
        ),
        value: worth,
        unit: "$/MWh".into(),
        parts: vec![
            part(format!("What arrives at bus {to}"), arrives, to),
            part(format!("What is taken at bus {from}"), -begins, from),
        ],
        sentences: vec![
            format!("It sends {stands}."),
            format!("{taken} {given}, {then}"),
        ],
        ..Explained::default()
    }
}
