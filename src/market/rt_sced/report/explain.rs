//! Why an LMP is what it is, in words and tables.

use crate::report::{Explained, Table, column, number, table, text};
use crate::report::{amount, words::listed};

use super::words::mw;
use crate::market::rt_sced::model::dispatch::explain::{Explained as Parts, Mover, Part, Side};
use crate::market::rt_sced::model::system::System;

/// Prices closer than this, relative, are the same.
const SAME_PRICE: f64 = 1e-7;

fn usd(value: f64) -> String {
    amount(value, "$/MWh")
}

/// The explanation of interval `step` (from 1).
pub fn explained(system: &System, parts: &Parts, step: usize) -> Explained {
    let bus = &system.bus_ids[parts.bus];
    let congestion = parts.lmp - parts.energy;
    let head = match parts.parts.is_empty() {
        true => format!("no line is full, so it is {} everywhere", usd(parts.energy)),
        false => format!(
            "{} of energy and {} of congestion",
            usd(parts.energy),
            usd(congestion)
        ),
    };
    let mut sentences = vec![match parts.lmp.is_finite() {
        true => format!(
            "LMP at bus {bus} in interval {step}: {}; {head}.",
            usd(parts.lmp)
        ),
        false => format!("Bus {bus} has no price in interval {step}."),
    }];
    for part in &parts.parts {
        let limit = &system.limits[part.limit];
        sentences.push(format!(
            "Line {} carries {} of {}. One more MW of it would save {}, and 1 MW of load at bus {bus} {}: {}.",
            limit.id,
            mw(part.flow_mw.abs()),
            mw(limit.max_p_mw),
            usd(part.shadow_usd_per_mwh.abs()),
            loads(part),
            usd(part.factor * part.shadow_usd_per_mwh)
        ));
    }
    let (next, last) = (parts.next.as_ref(), parts.last.as_ref());
    match next {
        Some(side) => sentences.push(format!(
            "The next MWh there costs {}: {}{}.",
            usd(side.usd_per_mwh),
            moved(&side.units),
            until(side)
        )),
        None => sentences.push(format!("No further MWh can be served at bus {bus}.")),
    }
    let tie = match (next, last) {
        (Some(next), Some(last)) => {
            let size = 1.0 + next.usd_per_mwh.abs();
            (next.usd_per_mwh - last.usd_per_mwh).abs() > SAME_PRICE * size
        }
        (None, Some(_)) => true,
        _ => false,
    };
    if let Some(side) = last.filter(|_| tie) {
        let range = next.map_or(String::new(), |next| {
            format!(
                " Any price from {} to {} is right here; the LMP shown is that of the next MWh of load spread as the load is.",
                amount(side.usd_per_mwh, ""),
                usd(next.usd_per_mwh)
            )
        });
        sentences.push(format!(
            "The last MWh there saves {}: {}{}.{range}",
            usd(side.usd_per_mwh),
            moved(&side.units),
            until(side)
        ));
    }
    for (side, way, sign) in [(next, "more", 1.0), (last.filter(|_| tie), "less", -1.0)] {
        if let Some(side) = side {
            sentences.push(format!(
                "Proof: cleared again by simplex with {} {way} load there the dispatch costs {} {way}; predicted: {}.",
                mw(side.proof.step_mw),
                amount(sign * side.proof.solved_usd_per_h, "$/h"),
                amount(sign * side.proof.predicted_usd_per_h, "$/h")
            ));
        }
    }
    let last = last.filter(|_| tie);
    let shown = [
        ("next", "The next MWh", next),
        ("last", "The last MWh", last),
    ];
    let tables = shown
        .into_iter()
        .filter_map(|(id, title, side)| Some(moves(system, id, title, side?)));
    Explained {
        sentences,
        tables: tables.collect(),
    }
}

/// What load at the bus does to a full line.
fn loads(part: &Part) -> String {
    let off = part.factor * part.flow_mw.signum();
    match off {
        off if off.abs() < 1e-9 => "does not touch it".into(),
        off if off > 0.0 => format!("takes {} off its flow", mw(off)),
        off => format!("puts {} on it", mw(-off)),
    }
}

/// "G1 gives 0.4 MW more at 30 $/MWh and G2 0.6 MW more at 40 $/MWh" for each MW.
fn moved(units: &[Mover]) -> String {
    let one = |unit: &Mover| {
        let way = if unit.by > 0.0 { "more" } else { "less" };
        let of = unit.group.as_ref();
        let of = of.map_or(String::new(), |group| format!(" of {group}"));
        format!(
            "{}{of} gives {} {way} at {}",
            unit.id,
            mw(unit.by.abs()),
            usd(unit.usd_per_mwh)
        )
    };
    match units.is_empty() {
        true => "no unit moves".into(),
        false => listed(&units.iter().map(one).collect::<Vec<_>>()),
    }
}

fn until(side: &Side) -> String {
    match side.reach_mw.is_finite() {
        true => format!(", for {}", mw(side.reach_mw)),
        false => String::new(),
    }
}

/// What moves with each MW, units first, then lines.
fn moves(system: &System, id: &str, title: &str, side: &Side) -> Table {
    let units = side.units.iter().map(|unit| {
        let price = number(unit.usd_per_mwh);
        vec![text(&*unit.id), text("unit"), number(unit.by), price]
    });
    let lines = side.flows.iter().map(|&(k, by)| {
        let line = text(&*system.limits[k].id);
        vec![line, text("line"), number(by), number(f64::NAN)]
    });
    table(
        id,
        title,
        vec![
            column("what", ""),
            column("kind", ""),
            column("moves by, for each MW", "MW"),
            column("bid", "$/MWh"),
        ],
        units.chain(lines).collect(),
        "",
    )
}
