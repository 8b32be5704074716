//! Why a shadow price is what it is, in words and tables.

use crate::market::Failure;
use crate::report::amount;
use crate::report::{Addend, Explained, Proof, SubjectKind};

use super::explain::{dearer, moves, saves_less, told};
use super::explain_plane::{anew, beside, held, names, within};
use super::words::{SAME_PRICE, mw, usd};
use crate::market::rt_sced::model::dispatch::explain_line::Line;
use crate::market::rt_sced::model::dispatch::turn::{self as model, Mover, Turn};
use crate::market::rt_sced::model::system::System;

/// The explanation of interval `step` (from 1).
///
/// # Errors
/// A shadow price that neither side of the limit makes.
pub fn explained(system: &System, line: &Line, step: usize) -> Result<Explained, Failure> {
    let limit = &system.limits[line.limit];
    let (id, value) = (&limit.id, line.shadow_usd_per_mwh);
    let saves = value.abs();
    let parts = parts(system, line).ok_or_else(|| {
        format!("the shadow price of line {id} in interval {step} is neither what one more MW of its limit saves nor what one less costs: no single change explains it")
    })?;
    let near = |price: f64| (price - saves).abs() <= SAME_PRICE * (1.0 + saves);
    let more = line.more.as_ref();
    let made = match saves > SAME_PRICE {
        _ if !line.bids.is_empty() => made_by_others(line),
        true if more.is_some_and(|turn| near(-turn.usd_per_mwh)) => {
            format!("one more MW of its limit saves {}", usd(saves))
        }
        true => format!("one MW less of its limit costs {}", usd(saves)),
        false => format!(
            "it carries {} of {}",
            mw(line.flow_mw.abs()),
            mw(limit.max_p_mw)
        ),
    };
    let both = [("more", line.more.as_ref()), ("less", line.less.as_ref())];
    let proofs = both.iter().filter_map(|(way, turn)| {
        let proof = &(*turn)?.proof;
        let step = mw(proof.step_mw);
        // What the limit has more, the others have less.
        let name = match (line.bids.is_empty(), *way) {
            (true, way) => format!("{step} {way} of the limit of line {id}"),
            (false, "more") => format!("{step} less of the others on line {id}"),
            (false, _) => format!("{step} more of the others on line {id}"),
        };
        Some(cost_of(proof, name))
    });
    let [more_of, less_of] = match line.bids.is_empty() {
        true => [
            "With one more MW of the limit",
            "With one MW less of the limit",
        ],
        false => [
            "With one MW less of the others",
            "With one more MW of the others",
        ],
    };
    let titles = [
        ("more", more_of, line.more.as_ref()),
        ("less", less_of, line.less.as_ref()),
    ];
    let tables = titles.into_iter().filter_map(|(id, title, turn)| {
        let turn = turn.filter(|turn| !turn.units.is_empty())?;
        Some(moves(system, (id, title), &turn.units, &turn.flows))
    });
    Ok(Explained {
        headline: format!(
            "Shadow price of line {id} in interval {step}: {}; {made}.",
            usd(value)
        ),
        value,
        unit: "$/MWh".into(),
        parts,
        sentences: match line.bids.is_empty() {
            true => sentences(system, line),
            false => of_others(system, line),
        },
        proofs: proofs.collect(),
        tables: tables.collect(),
        ..Explained::default()
    })
}

/// Units with what their moves for one MW of the limit cost, in the sign of the shadow price; `None` where it is
/// neither what one more MW saves nor what one less costs.
fn parts(system: &System, line: &Line) -> Option<Vec<Addend>> {
    let value = line.shadow_usd_per_mwh;
    // At the lower limit a MW more of limit lowers the flow allowed from → to.
    let sign = if line.flow_mw < 0.0 { -1.0 } else { 1.0 };
    let makes = |turn: &Turn, sign: f64| {
        (sign * turn.usd_per_mwh - value).abs() <= SAME_PRICE * (1.0 + value.abs())
    };
    let sides = [(line.more.as_ref(), sign), (line.less.as_ref(), -sign)];
    let mut sides = sides
        .into_iter()
        .filter_map(|(turn, sign)| Some((turn?, sign)));
    let (turn, sign) = sides.find(|(turn, sign)| makes(turn, *sign))?;
    let mut parts: Vec<Addend> = Vec::new();
    for unit in &turn.units {
        let value = sign * unit.by * unit.usd_per_mwh;
        match parts.iter_mut().find(|part| part.name == unit.id) {
            Some(part) => part.value += value,
            None => parts.push(Addend {
                name: unit.id.clone(),
                value,
                subject: SubjectKind::Party.of(&*unit.id),
            }),
        }
    }
    parts.extend(turn.beside.iter().map(|one| Addend {
        name: format!(
            "Line {} in the bid of {}",
            system.limits[one.limit].id, system.groups[one.group].id
        ),
        value: sign * one.by * one.usd_per_mwh,
        subject: SubjectKind::Branch.of(system.branch_of(one.limit)),
    }));
    if turn.later_usd_per_mwh != 0.0 {
        parts.push(Addend {
            name: "Intervals ahead".into(),
            value: sign * turn.later_usd_per_mwh,
            subject: None,
        });
    }
    Some(parts)
}

fn sentences(system: &System, line: &Line) -> Vec<String> {
    let limit = &system.limits[line.limit];
    let id = &limit.id;
    let mut all = Vec::new();
    let (more, less) = (line.more.as_ref(), line.less.as_ref());
    if line.shadow_usd_per_mwh.abs() > SAME_PRICE {
        all.push(format!(
            "The dispatch expects line {id} to carry {} of {}.",
            mw(line.flow_mw.abs()),
            mw(limit.max_p_mw)
        ));
        all.extend(backward(line));
    }
    if let Some(turn) = more {
        let saved = usd(0.0 - turn.usd_per_mwh);
        let until = until(turn.reach_mw);
        all.push(format!("One more MW of its limit saves {saved}{until}."));
        all.extend(moved(&turn.units));
        all.extend(on_planes(system, turn));
        all.extend(saves_less(turn.rise_usd_per_mw2h));
        if turn.later_usd_per_mwh != 0.0 {
            let later = usd(turn.later_usd_per_mwh);
            all.push(format!(
                "In the intervals ahead it changes the cost by {later}."
            ));
        }
    }
    let saves = more.map_or(0.0, |turn| -turn.usd_per_mwh);
    match less {
        None => all.push(format!(
            "With less of its limit the loads cannot be served{}.",
            within(&line.held)
        )),
        Some(turn) if (turn.usd_per_mwh - saves).abs() > SAME_PRICE * (1.0 + saves.abs()) => {
            let until = until(turn.reach_mw);
            let costs = usd(turn.usd_per_mwh);
            all.push(format!("One MW less of its limit costs {costs}{until}."));
            all.extend(moved(&turn.units));
            all.extend(on_planes(system, turn));
            all.extend(dearer(turn.rise_usd_per_mw2h));
            all.push(format!(
                "The limit is met exactly: any shadow price from {} to {} in size is right; the one shown goes with the LMPs shown.",
                amount(saves, ""),
                costs
            ));
        }
        Some(turn) if turn.units.is_empty() && turn.reach_mw.is_finite() => all.push(format!(
            "One MW less of its limit costs nothing either{}.",
            until(turn.reach_mw)
        )),
        Some(_) => {}
    }
    all.extend(held(system, &line.held));
    all
}

/// Why the sign is another where the flow runs the other way.
fn backward(line: &Line) -> Option<String> {
    let said = "The flow runs from its second bus to its first: there a shadow price is positive.";
    (line.flow_mw < 0.0).then(|| said.into())
}

/// What a change does beside the units, where Union Jack bids are held to a triangle.
pub(super) fn on_planes(system: &System, turn: &Turn) -> Vec<String> {
    let moved = beside(system, &turn.beside);
    moved
        .chain(anew(&turn.proof, turn.anew_usd_per_h))
        .collect()
}

/// "for 3 MW" where it does not go on for ever.
pub(super) fn until(reach_mw: f64) -> String {
    match reach_mw.is_finite() {
        true => format!(", for {}", mw(reach_mw)),
        false => String::new(),
    }
}

/// A sentence for every unit that moves, or for those that move most.
pub(super) fn moved(units: &[Mover]) -> impl Iterator<Item = String> {
    let (most, rest) = told(units);
    let rest = rest.map(|rest| format!("With it, {rest}."));
    let named = most.into_iter().map(|unit| {
        let way = if unit.by > 0.0 { "more" } else { "less" };
        let of = unit.group.as_ref();
        let of = of.map_or(String::new(), |group| format!(" of {group}"));
        let by = mw(unit.by.abs());
        if unit.is_dc_line {
            return format!("With it, DC line {} sends {by} {way}.", unit.id);
        }
        format!(
            "With it, {}{of} gives {by} {way} at {}.",
            unit.id,
            usd(unit.usd_per_mwh)
        )
    });
    named.chain(rest)
}

/// The cost of a step, predicted and cleared again.
pub(super) fn cost_of(proof: &model::Proof, name: String) -> Proof {
    Proof {
        name,
        predicted: proof.predicted_usd_per_h,
        solved: proof.solved_usd_per_h,
        unit: "$/h".into(),
    }
}

/// What makes the shadow price of a line that bids see by what the others put on it.
fn made_by_others(line: &Line) -> String {
    match (&line.more, &line.less) {
        (Some(turn), _) => format!(
            "one MW less of what the others put on it changes the cost by {}",
            usd(turn.usd_per_mwh)
        ),
        (None, Some(turn)) => format!(
            "one MW more of what the others put on it changes the cost by {}",
            usd(turn.usd_per_mwh)
        ),
        (None, None) => "what the others put on it cannot move".into(),
    }
}

/// One MW less of what the others put on a critical line, and one more.
fn of_others(system: &System, line: &Line) -> Vec<String> {
    let limit = &system.limits[line.limit];
    let mut all = vec![format!(
        "{} bids its cost by what the others put on line {}: {} of {}.",
        names(system, &line.bids),
        limit.id,
        mw(line.flow_mw.abs()),
        mw(limit.max_p_mw)
    )];
    all.extend(backward(line));
    let mut side = |turn: Option<&Turn>, way: &str| match turn {
        Some(turn) => {
            let (cost, until) = (usd(turn.usd_per_mwh), until(turn.reach_mw));
            all.push(format!(
                "One MW {way} of that changes the cost by {cost}{until}."
            ));
            all.extend(moved(&turn.units));
            all.extend(on_planes(system, turn));
        }
        None => all.push(format!(
            "There is no dispatch with {way} of that{}.",
            within(&line.held)
        )),
    };
    let (more, less) = (line.more.as_ref(), line.less.as_ref());
    side(more, "less");
    let same = more.zip(less).is_some_and(|(more, less)| {
        let size = 1.0 + less.usd_per_mwh.abs();
        (more.usd_per_mwh + less.usd_per_mwh).abs() <= SAME_PRICE * size
    });
    if !same {
        side(less, "more");
        if let Some((more, less)) = more.zip(less) {
            all.push(format!(
                "Any shadow price from {} to {} in size is right; the one shown goes with the LMPs shown.",
                amount(-more.usd_per_mwh, ""),
                usd(less.usd_per_mwh)
            ));
        }
    }
    all.extend(held(system, &line.held));
    all
}
