//! Which number is asked about, what it is made of, and what the next MWh moves.

use super::model::held::{Held, Push, Sides};
use super::outcome::{Outcome, Variant};
use super::params::Behaviour;
use crate::case::text::nearest;
use crate::case::{Subject, SubjectKind};
use crate::market::{Failure, View};
use crate::network::distflow_rows::{LEAST_MW, Of};

/// Parts on the cone smaller than this share of 1 + the price are an interior point's digits.
const DIGITS: f64 = 1e-5;

/// What a sum of multipliers loses, as such a share.
const ROUNDED: f64 = 1e-7;

/// Parts add up to the price within this share of 1 + it.
const ADDED_UP: f64 = 1e-9;

/// What has the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Bus(usize),
    /// Where the feeder meets transmission.
    Boundary,
    Resource(usize),
    /// The line above a bus.
    Line(usize),
}

/// What a price is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Of energy at the root.
    Energy,
    Boundary,
    Losses,
    Voltage(usize),
    /// The line above a bus.
    Line(usize),
}

/// Prices at which a resource that rests starts, or one that is taken whole loses some, $/MWh.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turns {
    pub up: Option<f64>,
    pub down: Option<f64>,
}

/// What explains the number.
pub struct Found<'a> {
    pub variant: &'a Variant,
    pub held: Held<'a>,
    /// From 0.
    pub t: usize,
    pub what: What,
    pub value: f64,
    /// They add up to the value; of a price alone.
    pub parts: Vec<(Part, f64)>,
    /// None where the limit of a line is in no program.
    pub sides: Option<Sides>,
    pub turns: Turns,
}

/// The day that a view shows.
pub fn shown<'a>(outcome: &'a Outcome, view: &View) -> &'a Variant {
    let id = view.outcome.as_deref();
    let chosen = id.and_then(Behaviour::of_id).unwrap_or_default();
    outcome.variant(chosen).unwrap_or(&outcome.variants[0])
}

/// The market of period `t` (from 0) of a day with its bids held.
pub fn held<'a>(outcome: &'a Outcome, variant: &'a Variant, t: usize) -> Held<'a> {
    let behaviour = variant.day.behaviour;
    let storage = outcome.storage.as_ref();
    let system = storage.map_or(&outcome.system, |s| s.system(behaviour));
    let mut hour = system.hours[t].clone();
    match behaviour {
        // The TSO alone covers the imbalance, whatever that does to the feeder.
        Behaviour::TsoOnly => {
            let none = vec![0.0; hour.up_cost.len()];
            (hour.max_up_mw, hour.max_down_mw) = (none.clone(), none);
            hour.limits.clear();
        }
        // Storage stands with all it can do, at what the energy in it is worth.
        Behaviour::Truthful => {
            for (k, own) in (hour.first_storage()..).zip(&system.storage) {
                (hour.max_up_mw[k], hour.max_down_mw[k]) = (own.max_up_mw, own.max_down_mw);
            }
        }
        Behaviour::Strategic | Behaviour::Own => {}
    }
    let period = &variant.day.periods[t];
    Held {
        system,
        hour,
        bids: &period.bids,
        cleared: &period.cleared,
    }
}

/// What explains the number of a subject in period `step` (from 1) of the day shown.
///
/// # Errors
/// A sentence: no such subject or period, or a number that is not explained.
pub fn explain<'a>(
    outcome: &'a Outcome,
    view: &View,
    (subject, step): (&Subject, usize),
) -> Result<Found<'a>, Failure> {
    let hours = outcome.system.hours.len();
    if step == 0 || step > hours {
        return Err(format!("there is no hour {step}; choose 1 to {hours}").into());
    }
    let variant = shown(outcome, view);
    let what = asked(outcome, subject)?;
    let alone = variant.day.behaviour == Behaviour::TsoOnly;
    if alone && matches!(what, What::Resource(_) | What::Line(_)) {
        return Err("shown is the TSO alone, without a market of the DSO: no resource is asked, and no limit of the feeder has a price".into());
    }
    let held = held(outcome, variant, step - 1);
    let tree = &held.system.tree;
    let push = match what {
        What::Bus(j) => Push::Load(j),
        What::Boundary => Push::Load(tree.root),
        What::Resource(k) => Push::Load(held.system.at[k]),
        What::Line(j) => Push::Limit(j),
    };
    let price = held.price(push);
    let (value, parts) = match push {
        Push::Load(bus) => (variant.feeder.price[bus][step - 1], parts(&held, bus)),
        Push::Limit(j) => {
            limited(&held, j)?;
            let digits =
                held.hour.cone.is_some() && price.abs() < DIGITS * (1.0 + held.hour.tso_up.abs());
            (if digits { 0.0 } else { 0.0 - price }, Vec::new())
        }
    };
    if !value.is_finite() {
        return Err("the program of that hour has no prices".into());
    }
    let sum: f64 = parts.iter().map(|(_, part)| part).sum();
    if !parts.is_empty() && (sum - value).abs() > ADDED_UP * (1.0 + value.abs()) {
        let off = (sum - value).abs();
        return Err(format!(
            "the parts of the price add up to it within {off:.1e} $/MWh only, which is no explanation"
        )
        .into());
    }
    Ok(Found {
        sides: Some(held.sides(push)?),
        turns: match what {
            What::Resource(k) => turns(&held, k)?,
            _ => Turns::default(),
        },
        variant,
        held,
        t: step - 1,
        what,
        value,
        parts,
    })
}

/// What a subject is.
fn asked(outcome: &Outcome, subject: &Subject) -> Result<What, Failure> {
    let (system, id) = (&outcome.system, subject.id.as_str());
    let (noun, known, found): (&str, Vec<&str>, Option<What>) = match subject.kind {
        SubjectKind::Bus => {
            let mut ids = system.feeder.buses.iter().map(|bus| bus.id.as_str());
            let known = ids.clone().collect();
            ("bus", known, ids.position(|own| own == id).map(What::Bus))
        }
        SubjectKind::Party => {
            let mut ids = system.resources.iter().map(String::as_str);
            let known = ids.clone().collect();
            let found = ids.position(|own| own == id);
            ("resource", known, found.map(What::Resource))
        }
        SubjectKind::Branch => {
            let own = id.strip_prefix(system.feeder.id.as_str());
            let own = own.and_then(|own| own.strip_prefix('/')).unwrap_or(id);
            let lines = &system.feeder.lines;
            let mut above = system.tree.above.iter();
            let found = above.position(|above| above.is_some_and(|a| lines[a.line].id == own));
            let known = lines.iter().map(|line| line.id.as_str()).collect();
            ("line", known, found.map(What::Line))
        }
        SubjectKind::Boundary | SubjectKind::Zone => {
            let found = (id == system.boundary && !id.is_empty()).then_some(What::Boundary);
            ("boundary", vec![system.boundary.as_str()], found)
        }
    };
    found.ok_or_else(|| {
        let meant = nearest(id, known.iter().copied());
        let meant = meant.map_or(String::new(), |near| format!(" Did you mean {near}?"));
        format!("there is no {noun} `{id}`.{meant}").into()
    })
}

/// Whether the line above bus `j` has a limit with a shadow price.
fn limited(held: &Held, j: usize) -> Result<(), Failure> {
    let line = held.system.tree.above[j].map(|above| &held.system.feeder.lines[above.line]);
    let Some(line) = line else { return Ok(()) };
    let of_power = line.max_p_mw.is_some() || line.min_p_mw.is_some();
    if !of_power && line.max_s_mva.is_none() {
        return Err(format!(
            "line {} has no limit, so that it has no shadow price",
            line.id
        )
        .into());
    }
    if held.hour.cone.is_some() && line.max_s_mva.is_some() {
        return Err(format!("the limit of line {} is one of apparent power, at both of its ends: what it adds to a price is told at the buses", line.id).into());
    }
    Ok(())
}

/// What the price at a bus is made of, as it is computed.
fn parts(held: &Held, bus: usize) -> Vec<(Part, f64)> {
    let (tree, cleared) = (&held.system.tree, held.cleared);
    let mut parts: Vec<(Part, f64)> = Vec::new();
    match &cleared.flow {
        Some(flow) => {
            let least = DIGITS * (1.0 + flow.price[bus].abs());
            let own = flow.parts.at(tree, bus, 0.0);
            let mut digits = own.losses;
            let mut add = |part: Part, value: f64| match value.abs() > least {
                true => parts.push((part, value)),
                false => digits += value,
            };
            add(Part::Boundary, flow.boundary_usd);
            for (j, value) in own.voltages {
                add(Part::Voltage(j), value);
            }
            for (j, value) in own.lines {
                add(Part::Line(j), value);
            }
            // What large multipliers round goes with the losses, too.
            let sum: f64 = parts.iter().map(|(_, part)| part).sum();
            let rounded = flow.price[bus] - sum - own.root + flow.boundary_usd - digits;
            if rounded.abs() <= ROUNDED * (1.0 + flow.price[bus].abs()) {
                digits += rounded;
            }
            parts.insert(0, (Part::Energy, own.root - flow.boundary_usd));
            // A solver's digits of limits go with the losses, at the root with energy.
            match bus == tree.root {
                true => parts[0].1 += digits,
                false => parts.insert(1, (Part::Losses, digits)),
            }
        }
        None => {
            let mut add =
                |part: Part, value: f64| match parts.iter_mut().find(|(own, _)| *own == part) {
                    Some((_, sum)) => *sum += value,
                    None => parts.push((part, value)),
                };
            add(Part::Energy, cleared.lambda);
            for (limit, mu) in held.hour.limits.iter().zip(&cleared.mu) {
                let value = -limit.effect(tree, bus) * mu;
                if value == 0.0 {
                    continue;
                }
                let above = |line: usize| {
                    let mut above = tree.above.iter();
                    above.position(|above| above.is_some_and(|above| above.line == line))
                };
                add(
                    match limit.of {
                        Of::Line(line) => Part::Line(above(line).unwrap_or(tree.root)),
                        Of::Boundary => Part::Boundary,
                        Of::Voltage(j) => Part::Voltage(j),
                    },
                    value,
                );
            }
        }
    }
    parts
}

/// Prices at which the bids of resource `k` change sides.
fn turns(held: &Held, k: usize) -> Result<Turns, Failure> {
    let least = LEAST_MW;
    let (up, down) = (held.side(true, k), held.side(false, k));
    let side = |(_, most, taken): (f64, f64, f64), other: f64, way: f64| {
        // One that rests starts in the way it acts; one that is taken whole has to be replaced.
        let sign = match (taken <= least, taken >= most - least) {
            _ if most <= least || other > least => return Ok(None),
            (true, _) => -way,
            (_, true) => way,
            _ => return Ok(None),
        };
        held.without(k, sign).map(Some)
    };
    if held.hour.offer(k).is_some_and(|offer| offer.fixed) {
        return Ok(Turns::default());
    }
    Ok(Turns {
        up: side(up, down.2, 1.0)?,
        down: side(down, up.2, -1.0)?,
    })
}
