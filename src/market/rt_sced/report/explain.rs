//! Why an LMP is what it is, in words and tables.

use crate::report::amount;
use crate::report::{
    Addend, Cell, Explained, Proof, SubjectKind, Table, column, number, table, text,
};

use super::explain_plane::{anew, beside, critical_line, held, within};
use super::losses;
use super::words::{SAME_PRICE, mw, usd};
use crate::market::rt_sced::model::dispatch::explain::{Explained as Parts, Part, Side};
use crate::market::rt_sced::model::dispatch::turn::Mover;
use crate::market::rt_sced::model::dispatch::why_not::{Idle, Start};
use crate::market::rt_sced::model::system::System;
use crate::network::Reference;

/// Units that a sentence names where many share a MWh.
const NAMED: usize = 6;

/// A price that rises by less with each MW is one, $/MW²h.
const NO_RISE: f64 = 1e-12;

/// The explanation of interval `step` (from 1).
///
/// `carried`: what the branches carry in it, MW.
pub fn explained(
    system: &System,
    parts: &Parts,
    carried: Option<&[f64]>,
    step: usize,
) -> Explained {
    let bus = &system.bus_ids[parts.bus];
    let (next, last) = (parts.next.as_ref(), parts.last.as_ref());
    let tie = is_tie(next, last);
    let lines = parts.parts.iter().map(|part| Addend {
        name: format!("Line {}", system.limits[part.limit].id),
        value: part.factor * part.shadow_usd_per_mwh,
        subject: SubjectKind::Branch.of(system.branch_of(part.limit)),
    });
    let energy = Addend {
        name: "Energy".into(),
        value: parts.energy,
        subject: None,
    };
    let lost = parts.losses.as_ref();
    let mut sentences = of_lines(system, parts, carried);
    sentences.extend(lost.map(|of| losses::said(of, &format!("at bus {bus}"))));
    sentences.push(match next {
        Some(side) => format!(
            "The next MWh there costs {}: {}{}.",
            usd(side.usd_per_mwh),
            moved(&side.units),
            until(side)
        ),
        None => format!(
            "No further MWh can be served at bus {bus}{}.",
            within(&parts.held)
        ),
    });
    sentences.extend(next.and_then(|side| dearer(side.rise_usd_per_mw2h)));
    sentences.extend(next.into_iter().flat_map(|side| on_planes(system, side)));
    let last = last.filter(|_| tie);
    if let Some(side) = last {
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
        sentences.extend(saves_less(side.rise_usd_per_mw2h));
        sentences.extend(on_planes(system, side));
    }
    sentences.extend(held(system, &parts.held));
    sentences.extend(parts.idle.iter().map(why_not));
    let proofs = [(next, "more"), (last, "less")];
    let proofs = proofs.into_iter().filter_map(|(side, way)| {
        let proof = &side?.proof;
        Some(Proof {
            name: format!("{} {way} load at bus {bus}", mw(proof.step_mw)),
            predicted: proof.predicted_usd_per_h,
            solved: proof.solved_usd_per_h,
            unit: "$/h".into(),
        })
    });
    let shown = [
        ("next", "The next MWh", next),
        ("last", "The last MWh", last),
    ];
    let shown = shown.into_iter().filter_map(|(id, title, side)| {
        let side = side?;
        Some(moves(system, (id, title), &side.units, &side.flows))
    });
    let products = (!parts.parts.is_empty()).then(|| products(system, &parts.parts));
    Explained {
        headline: headline(system, parts, step),
        value: parts.lmp,
        range: next
            .filter(|_| tie)
            .zip(last)
            .map(|(next, last)| (last.usd_per_mwh, next.usd_per_mwh)),
        unit: "$/MWh".into(),
        formula: format!(
            r"\mathrm{{LMP}}_{{\text{{{0}}}}} = \lambda {1}+ \sum_{{l}} \mathrm{{SF}}_{{l,\text{{{0}}}}}\, y_{{l}}",
            tex(bus),
            match lost {
                None => String::new(),
                Some(_) => format!(r"- \lambda\, \mathrm{{LF}}_{{\text{{{}}}}} ", tex(bus)),
            }
        ),
        parts: std::iter::once(energy)
            .chain(losses::part(lost))
            .chain(lines)
            .collect(),
        sentences,
        proofs: proofs.chain(parts.idle.iter().flat_map(trials)).collect(),
        tables: products
            .into_iter()
            .chain(lost.and_then(|of| losses::lines_of(system, of)))
            .chain(shown)
            .collect(),
    }
}

/// What a side does beside the units, where Union Jack bids are held to a triangle.
fn on_planes(system: &System, side: &Side) -> Vec<String> {
    let moved = beside(system, &side.beside);
    moved
        .chain(anew(&side.proof, side.anew_usd_per_h))
        .collect()
}

fn headline(system: &System, parts: &Parts, step: usize) -> String {
    let bus = &system.bus_ids[parts.bus];
    if !parts.lmp.is_finite() {
        return format!("Bus {bus} has no price in interval {step}.");
    }
    let lost = parts.losses.as_ref();
    let of_losses = lost.map_or(0.0, |of| of.usd_per_mwh);
    let made = match parts.parts.is_empty() {
        true if lost.is_some() => format!(
            "{} of energy and {} of losses; no line is full",
            usd(parts.energy),
            usd(of_losses)
        ),
        true => format!(
            "the dispatch expects no full line, so it is {} everywhere",
            usd(parts.energy)
        ),
        false => format!(
            "{} of energy{} and {} of congestion",
            usd(parts.energy),
            losses::in_headline(lost),
            usd(parts.lmp - parts.energy - of_losses)
        ),
    };
    format!(
        "LMP at bus {bus} in interval {step}: {}; {made}.",
        usd(parts.lmp)
    )
}

/// Whether the next MWh has another price than the last.
fn is_tie(next: Option<&Side>, last: Option<&Side>) -> bool {
    match (next, last) {
        (Some(next), Some(last)) => {
            let size = 1.0 + next.usd_per_mwh.abs();
            (next.usd_per_mwh - last.usd_per_mwh).abs() > SAME_PRICE * size
        }
        (None, Some(_)) => true,
        _ => false,
    }
}

/// Flows closer than this are the same, MW.
const SAME_FLOW_MW: f64 = 5e-3;

/// Each full line, then what its factors refer to and how flows are expected.
fn of_lines(system: &System, parts: &Parts, carried: Option<&[f64]>) -> Vec<String> {
    let bus = &system.bus_ids[parts.bus];
    let other = |part: &Part| {
        if !part.bids.is_empty() {
            return None;
        }
        let flow = system.flow_on(part.limit, carried?);
        ((flow - part.flow_mw).abs() > SAME_FLOW_MW).then_some(flow)
    };
    let lines = parts.parts.iter();
    let mut said: Vec<String> = lines
        .map(|part| full_line(system, bus, part, other(part)))
        .collect();
    if parts.parts.iter().any(|part| other(part).is_some()) {
        said.push("What it expects is the flow measured in the interval before, with every change of output times its shift factor.".into());
    }
    if !parts.parts.is_empty() || parts.losses.is_some() {
        said.push(match &system.reference {
            Reference::Bus(at) => format!(
                "Shift factors and the energy part refer to bus {}: the MW more comes from there.",
                system.bus_ids[*at]
            ),
            Reference::Weights(_) => {
                "Shift factors and the energy part refer to all buses by their weights: the MW more comes from there.".into()
            }
        });
    }
    said
}

fn full_line(system: &System, bus: &str, part: &Part, carried: Option<f64>) -> String {
    let limit = &system.limits[part.limit];
    if !part.bids.is_empty() {
        let on = (part.flow_mw, part.shadow_usd_per_mwh);
        let line = critical_line(system, (part.limit, &part.bids), on);
        return format!(
            "{line} {} of load at bus {bus} {}: {}.",
            mw(1.0),
            loads(part),
            usd(part.factor * part.shadow_usd_per_mwh)
        );
    }
    let carried = carried.map_or(String::new(), |flow| {
        format!("; it carries {}", mw(flow.abs()))
    });
    format!(
        "The dispatch expects line {} to carry {} of {}{carried}. Its shadow price is {}, and {} of load at bus {bus} {}: {}.",
        limit.id,
        mw(part.flow_mw.abs()),
        mw(limit.max_p_mw),
        usd(part.shadow_usd_per_mwh.abs()),
        mw(1.0),
        loads(part),
        usd(part.factor * part.shadow_usd_per_mwh)
    )
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

/// "G1 gives 0.4 MW more at 30 $/MWh; G2 gives 0.6 MW more at 40 $/MWh" for each MW.
fn moved(units: &[Mover]) -> String {
    let one = |unit: &Mover| {
        let way = if unit.by > 0.0 { "more" } else { "less" };
        if unit.is_dc_line {
            return format!("DC line {} sends {} {way}", unit.id, mw(unit.by.abs()));
        }
        format!(
            "{} gives {} {way} at {}",
            named(&unit.id, unit.group.as_ref()),
            mw(unit.by.abs()),
            usd(unit.usd_per_mwh)
        )
    };
    let (most, rest) = told(units);
    let all: Vec<String> = most.into_iter().map(one).chain(rest).collect();
    match all.is_empty() {
        true => "no unit moves".into(),
        false => all.join("; "),
    }
}

/// The units to be named, all or those that move most, and what the others do together.
pub(super) fn told(units: &[Mover]) -> (Vec<&Mover>, Option<String>) {
    let mut named: Vec<&Mover> = units.iter().collect();
    if named.len() <= NAMED + 1 {
        return (named, None);
    }
    crate::sort::by(&mut named, |a, b| b.by.abs().total_cmp(&a.by.abs()));
    let others = named.split_off(NAMED);
    let together: f64 = others.iter().map(|unit| unit.by).sum();
    let way = if together < 0.0 { "less" } else { "more" };
    let count = others.len();
    let rest = format!("{count} others together give {} {way}", mw(together.abs()));
    (named, Some(rest))
}

fn until(side: &Side) -> String {
    match side.reach_mw.is_finite() {
        true => format!("; this holds for {}", mw(side.reach_mw)),
        false => String::new(),
    }
}

/// How the cost of a MW rises along the way, where bids do.
pub(super) fn dearer(rise_usd_per_mw2h: f64) -> Option<String> {
    (rise_usd_per_mw2h > NO_RISE).then(|| {
        let rise = usd(rise_usd_per_mw2h);
        format!("Each MW costs {rise} more than the one before.")
    })
}

/// How what a MW saves falls along the way, where bids rise.
pub(super) fn saves_less(rise_usd_per_mw2h: f64) -> Option<String> {
    (rise_usd_per_mw2h > NO_RISE).then(|| {
        let rise = usd(rise_usd_per_mw2h);
        format!("Each MW saves {rise} less than the one before.")
    })
}

/// A unit with the aggregator it belongs to.
fn named(id: &str, group: Option<&String>) -> String {
    group.map_or(id.to_string(), |group| format!("{id} of {group}"))
}

/// Why a unit does not run, or runs no further, and the bid at which it would.
fn why_not(unit: &Idle) -> String {
    let named = named(&unit.id, unit.group.as_ref());
    let runs = unit.gives_mw.abs() >= 1e-6;
    let stands = match unit.gives_mw <= unit.least_mw + 1e-6 {
        _ if !runs => format!("{named} does not run"),
        true => format!("{named} is held at its minimum of {}", mw(unit.least_mw)),
        false => format!("{named} gives {} and no more", mw(unit.gives_mw)),
    };
    let would = if runs { "give more" } else { "run" };
    let bid = unit.bid_usd_per_mwh;
    match &unit.start {
        Some(start) => format!(
            "{stands}: it bids {}, and one more MW of it would save {}. It would {would} from a bid of {} down, {} below its own.",
            usd(bid),
            usd(start.usd_per_mwh),
            usd(start.usd_per_mwh),
            usd(bid - start.usd_per_mwh)
        ),
        None => format!("{stands}: nothing can give way to it, whatever it bids."),
    }
}

/// Bids beside the price at which a unit starts, and what it gives more there.
fn trials(unit: &Idle) -> Vec<Proof> {
    let named = named(&unit.id, unit.group.as_ref());
    let of = |start: &Start| {
        let trials = start.trials.iter().map(|trial| {
            let off = trial.from_start_usd_per_mwh;
            let way = if off > 0.0 { "above" } else { "below" };
            Proof {
                name: format!(
                    "More of {named}, bidding {} {way} {}",
                    usd(off.abs()),
                    usd(start.usd_per_mwh)
                ),
                predicted: trial.predicted_mw,
                solved: trial.solved_mw,
                unit: "MW".into(),
            }
        });
        trials.collect()
    };
    unit.start.as_ref().map_or(Vec::new(), of)
}

/// An id within a formula in LaTeX.
fn tex(id: &str) -> String {
    let escape = |letter: char| match letter {
        '_' | '#' | '$' | '%' | '&' | '{' | '}' => format!(r"\{letter}"),
        _ => letter.to_string(),
    };
    id.chars().map(escape).collect()
}

/// What the parts of congestion are products of.
fn products(system: &System, parts: &[Part]) -> Table {
    let rows = parts.iter().map(|part| {
        let shadow = part.shadow_usd_per_mwh;
        vec![
            text(&*system.limits[part.limit].id),
            number(part.factor),
            number(shadow),
            number(part.factor * shadow),
        ]
    });
    let lines = parts.iter();
    let lines = lines.map(|part| SubjectKind::Branch.of(system.branch_of(part.limit)));
    let columns = vec![
        column("line", ""),
        column("shift factor", ""),
        column("shadow price", "$/MWh"),
        column("part", "$/MWh"),
    ];
    Table {
        row_subjects: lines.collect(),
        ..table(
            "parts",
            "The parts of congestion",
            columns,
            rows.collect(),
            "",
        )
    }
}

/// What moves with each MW, units first, then lines.
pub(super) fn moves(
    system: &System,
    (id, title): (&str, &str),
    units: &[Mover],
    flows: &[(usize, f64)],
) -> Table {
    let of_units = units.iter().map(|unit| {
        let price = number(unit.usd_per_mwh);
        let (kind, price) = match unit.is_dc_line {
            true => ("DC line", Cell::Empty),
            false => ("unit", price),
        };
        vec![text(&*unit.id), text(kind), number(unit.by), price]
    });
    let of_lines = flows.iter().map(|&(k, by)| {
        let line = text(&*system.limits[k].id);
        vec![line, text("line"), number(by), number(f64::NAN)]
    });
    let parties = units.iter().map(|unit| SubjectKind::Party.of(&*unit.id));
    let branches = flows
        .iter()
        .map(|&(k, _)| SubjectKind::Branch.of(system.branch_of(k)));
    let columns = vec![
        column("what", ""),
        column("kind", ""),
        column("moves by, for each MW", "MW"),
        column("bid", "$/MWh"),
    ];
    Table {
        row_subjects: parties.chain(branches).collect(),
        ..table(id, title, columns, of_units.chain(of_lines).collect(), "")
    }
}
