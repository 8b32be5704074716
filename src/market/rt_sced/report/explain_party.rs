//! What an aggregator or a unit is paid for a MWh, and why, in words and tables.

use crate::report::words::listed;
use crate::report::{Addend, Explained, Proof, SubjectKind, Table, column, number, table, text};

use super::explain::{dearer, moves, saves_less};
use super::explain_line::{cost_of, moved, on_planes, until};
use super::explain_plane::{critical_line, held, within};
use super::losses;
use super::words::{SAME_PRICE, mw, usd};
use crate::market::rt_sced::explain::Paid;
use crate::market::rt_sced::model::dispatch::explain::Part;
use crate::market::rt_sced::model::dispatch::explain_aggregator::{Aggregator, Made, Member, Own};
use crate::market::rt_sced::model::dispatch::lossy::OfLosses;
use crate::market::rt_sced::model::dispatch::turn::Turn;
use crate::market::rt_sced::model::system::{Resource, System};
use crate::market::shared::offers::blocks_between;

/// A block this near to its end is at it, MW.
const AT_END_MW: f64 = 1e-6;

/// The explanation of the price of an aggregator in interval `step` (from 1).
pub fn of_aggregator(system: &System, aggregator: &Aggregator, step: usize) -> Explained {
    let id = &system.groups[aggregator.group].id;
    let price = aggregator.price;
    let head = format!(
        "Price of aggregator {id} in interval {step}: {}",
        usd(price)
    );
    let explained = match &aggregator.made {
        Made::OfMembers {
            members,
            energy,
            losses,
            parts,
            next,
            last,
            held,
        } => {
            let sides = (next.as_deref(), last.as_deref());
            of_members(
                system,
                id,
                (members, (*energy, losses.as_ref()), parts),
                sides,
                held,
            )
        }
        Made::OfUnits { lines, next, last } => {
            of_units(system, id, price, lines, (next.as_ref(), last.as_ref()))
        }
    };
    let headline = match price.is_finite() {
        true => format!("{head}; {}.", explained.headline),
        false => format!("Aggregator {id} has no price in interval {step}."),
    };
    Explained {
        headline,
        value: price,
        unit: "$/MWh".into(),
        ..explained
    }
}

/// Of an aggregator whose price is not what its members are paid.
pub fn paid_at_their_buses() -> String {
    "Its members are not paid this price, but the LMPs of their own buses.".into()
}

/// The parts of a price, in words.
fn made_of((energy, lost): (f64, Option<&OfLosses>), congestion: Option<f64>) -> String {
    let losses = losses::in_headline(lost);
    match congestion {
        None => format!("no line is full, so it is the price of energy{losses}"),
        Some(congestion) => format!(
            "{} of energy{losses} and {} of congestion",
            usd(energy),
            usd(congestion)
        ),
    }
}

fn of_members(
    system: &System,
    id: &str,
    (members, (energy, lost), parts): (&[Member], (f64, Option<&OfLosses>), &[Part]),
    (next, last): (Option<&Turn>, Option<&Turn>),
    groups: &[usize],
) -> Explained {
    let lines = parts.iter().map(|part| Addend {
        name: format!("Line {}", system.limits[part.limit].id),
        value: part.factor * part.shadow_usd_per_mwh,
        subject: SubjectKind::Branch.of(system.branch_of(part.limit)),
    });
    let of_energy = Addend {
        name: "Energy".into(),
        value: energy,
        subject: None,
    };
    let congestion: f64 = parts.iter().map(|p| p.factor * p.shadow_usd_per_mwh).sum();
    let mut sentences = vec![format!(
        "It is the sum over the members of {id} of factor times LMP at the bus."
    )];
    sentences.extend(lost.map(|of| losses::said(of, &format!("at the buses of {id}"))));
    sentences.extend(parts.iter().map(|part| {
        let product = usd(part.factor * part.shadow_usd_per_mwh);
        let factor = crate::report::amount(part.factor, "");
        if !part.bids.is_empty() {
            let on = (part.flow_mw, part.shadow_usd_per_mwh);
            let line = critical_line(system, (part.limit, &part.bids), on);
            return format!("{line} Its shadow price times the shift factor of {id}, {factor}, is {product}.");
        }
        format!(
            "Line {} is full at {}: its shadow price of {} times the shift factor of {id}, {}, is {}.",
            system.limits[part.limit].id,
            mw(part.flow_mw.abs()),
            usd(part.shadow_usd_per_mwh),
            factor,
            product
        )
    }));
    sentences.push(match next {
        Some(turn) => {
            let (costs, until) = (usd(turn.usd_per_mwh), until(turn.reach_mw));
            format!("The next MWh at the buses of its members costs {costs}{until}.")
        }
        None => format!(
            "No further MWh can be served at the buses of its members{}.",
            within(groups)
        ),
    });
    sentences.extend(next.into_iter().flat_map(|turn| moved(&turn.units)));
    sentences.extend(next.and_then(|turn| dearer(turn.rise_usd_per_mw2h)));
    sentences.extend(next.into_iter().flat_map(|turn| on_planes(system, turn)));
    if let Some(turn) = last.filter(|last| differs(next.map(|n| n.usd_per_mwh), -last.usd_per_mwh))
    {
        let (saves, until) = (usd(0.0 - turn.usd_per_mwh), until(turn.reach_mw));
        sentences.push(format!("The last MWh there saves {saves}{until}."));
        sentences.extend(moved(&turn.units));
        sentences.extend(saves_less(turn.rise_usd_per_mw2h));
        sentences.extend(on_planes(system, turn));
        if let Some(next) = next {
            sentences.push(any_price(-turn.usd_per_mwh, next.usd_per_mwh));
        }
    }
    sentences.extend(held(system, groups));
    let proof = |turn: Option<&Turn>, way: &str| {
        let proof = &turn?.proof;
        let step = mw(proof.step_mw);
        Some(cost_of(
            proof,
            format!("{step} {way} load at the members of {id}"),
        ))
    };
    let shown = |id: &str, title: &str, turn: Option<&Turn>| {
        let turn = turn?;
        Some(moves(system, (id, title), &turn.units, &turn.flows))
    };
    let tables = [
        shown("next", "The next MWh", next),
        shown("last", "The last MWh", last),
    ];
    Explained {
        headline: made_of((energy, lost), (!parts.is_empty()).then_some(congestion)),
        parts: std::iter::once(of_energy)
            .chain(losses::part(lost))
            .chain(lines)
            .collect(),
        sentences,
        proofs: [proof(next, "more"), proof(last, "less")]
            .into_iter()
            .flatten()
            .collect(),
        tables: std::iter::once(of_factors(system, members))
            .chain(lost.and_then(|of| losses::lines_of(system, of)))
            .chain(tables.into_iter().flatten())
            .collect(),
        ..Explained::default()
    }
}

/// Members with factor, LMP and their product.
fn of_factors(system: &System, members: &[Member]) -> Table {
    let rows = members.iter().map(|member| {
        let unit = &system.ders[member.der];
        vec![
            text(&*unit.id),
            text(&*system.bus_ids[unit.bus]),
            number(member.factor),
            number(member.lmp),
            number(member.factor * member.lmp),
        ]
    });
    let columns = vec![
        column("member", ""),
        column("bus", ""),
        column("factor", "1"),
        column("LMP", "$/MWh"),
        column("factor × LMP", "$/MWh"),
    ];
    let subjects = members
        .iter()
        .map(|m| SubjectKind::Party.of(&*system.ders[m.der].id));
    Table {
        row_subjects: subjects.collect(),
        ..table(
            "members",
            "The price by member",
            columns,
            rows.collect(),
            "",
        )
    }
}

fn of_units(
    system: &System,
    id: &str,
    price: f64,
    lines: &[usize],
    (next, last): (Option<&Own>, Option<&Own>),
) -> Explained {
    // The price is that of the next MW where there is one.
    let (made, way) = if next.is_some() {
        (next, 1.0)
    } else {
        (last, -1.0)
    };
    let mut parts: Vec<Addend> = Vec::new();
    for unit in made.into_iter().flat_map(|own| &own.units) {
        let value = way * unit.by * unit.usd_per_mwh;
        match parts.iter_mut().find(|part| part.name == unit.id) {
            Some(part) => part.value += value,
            None => parts.push(Addend {
                name: unit.id.clone(),
                value,
                subject: SubjectKind::Party.of(&*unit.id),
            }),
        }
    }
    let names: Vec<String> = lines.iter().map(|&k| system.limits[k].id.clone()).collect();
    let mut sentences = vec![format!(
        "Behind its critical line{} {} the aggregator offers its own cost: what the others put there stays as it is.",
        if names.len() == 1 { "" } else { "s" },
        listed(&names)
    )];
    match next {
        Some(own) => {
            let (costs, until) = (usd(own.usd_per_mwh), until(own.reach_mw));
            sentences.push(format!("One more MW of {id} costs {costs}{until}."));
            sentences.extend(moved(&own.units));
        }
        None => sentences.push(format!("{id} can give no more with its lines as they are.")),
    }
    if let Some(own) = last.filter(|last| differs(next.map(|n| n.usd_per_mwh), -last.usd_per_mwh)) {
        let (saves, until) = (usd(0.0 - own.usd_per_mwh), until(own.reach_mw));
        sentences.push(format!("One MW less of {id} saves {saves}{until}."));
        sentences.extend(moved(&own.units));
        if let Some(next) = next {
            sentences.push(any_price(-own.usd_per_mwh, next.usd_per_mwh));
        }
    }
    let proof = |own: Option<&Own>, way: &str| -> Option<Proof> {
        let proof = &own?.proof;
        let step = mw(proof.step_mw);
        Some(cost_of(proof, format!("{step} {way} output of {id}")))
    };
    let shown = |id: &str, title: &str, own: Option<&Own>| {
        Some(moves(system, (id, title), &own?.units, &[]))
    };
    let tables = [
        shown("next", "The next MW", next),
        shown("last", "The last MW", last),
    ];
    Explained {
        headline: match next {
            Some(_) => "the cost of the next MW of its own units".into(),
            None => "what the last MW of its own units costs".into(),
        },
        value: price,
        parts,
        sentences,
        proofs: [proof(next, "more"), proof(last, "less")]
            .into_iter()
            .flatten()
            .collect(),
        tables: tables.into_iter().flatten().collect(),
        ..Explained::default()
    }
}

/// Whether the price of the last differs from that of the next.
fn differs(next: Option<f64>, last: f64) -> bool {
    next.is_none_or(|next| (next - last).abs() > SAME_PRICE * (1.0 + next.abs()))
}

fn any_price(low: f64, high: f64) -> String {
    format!(
        "Any price from {} to {} is right here.",
        crate::report::amount(low, ""),
        usd(high)
    )
}

/// The explanation of what a unit is paid, from that of the price.
pub fn of_unit(system: &System, paid: &Paid, priced: Explained, step: usize) -> Explained {
    let (unit, p_mw) = (system.unit(paid.unit), paid.p_mw);
    let (id, bus) = (&unit.id, &system.bus_ids[unit.bus]);
    let price = usd(priced.value);
    let group = paid.group.map(|a| &system.groups[a].id);
    let headline = match (group, paid.by_group) {
        _ if !priced.value.is_finite() => format!("{id} has no price in interval {step}."),
        (Some(group), true) => {
            format!(
                "Price of {id} in interval {step}: {price}, which is that of its aggregator {group}."
            )
        }
        _ => format!("Price of {id} in interval {step}: {price}, which is the LMP at bus {bus}."),
    };
    let mut sentences = vec![format!(
        "{id} gives {} of at most {}.",
        mw(p_mw),
        mw(unit.max_p_mw)
    )];
    sentences.extend(standing(unit, paid, priced.value));
    sentences.push(priced.headline);
    sentences.extend(priced.sentences);
    Explained {
        headline,
        sentences,
        tables: std::iter::once(blocks(unit, p_mw))
            .chain(priced.tables)
            .collect(),
        ..priced
    }
}

/// Whether the unit is marginal, by its blocks and its price.
fn standing(unit: &Resource, paid: &Paid, price: f64) -> Option<String> {
    let p_mw = paid.p_mw;
    let id = &unit.id;
    let inside = |step: &&Step| p_mw > step.from + AT_END_MW && p_mw < step.to - AT_END_MW;
    let all = steps(unit);
    let ramp = paid.ramp_usd_per_mwh;
    let worth = price + ramp;
    let same = |bid: f64| (bid - worth).abs() <= SAME_PRICE * (1.0 + worth.abs());
    if !price.is_finite() {
        return None;
    }
    match all.iter().find(inside) {
        Some(step) => {
            let bid = step.bid(p_mw);
            let block = step.named();
            let there = match step.slope == 0.0 {
                true => String::new(),
                false => format!(", to where it bids {}", usd(bid)),
            };
            Some(match (same(bid), ramp != 0.0) {
                (true, true) => format!(
                    "It is marginal: its block at {block} is partly used{there}, which is its price and a ramp opportunity of {}.",
                    usd(ramp)
                ),
                (true, false) => format!(
                    "It is marginal: its block at {block} is partly used{there}, and that is its price."
                ),
                (false, _) => {
                    let comma = if there.is_empty() { "" } else { "," };
                    let why = match paid.by_group {
                        true => "that is the price of its aggregator, not of this block",
                        false => "its range or its lines hold it there",
                    };
                    format!(
                        "Its block at {block} is partly used{there}{comma} although its price is {}: {why}.",
                        usd(worth)
                    )
                }
            })
        }
        None => {
            let dearest = all
                .iter()
                .rev()
                .find(|s| s.to > s.from && s.to <= p_mw + AT_END_MW);
            let next = all
                .iter()
                .find(|s| s.to > s.from && s.from >= p_mw - AT_END_MW);
            Some(match (dearest, next) {
                (Some(last), Some(next)) => format!(
                    "{id} stands between two blocks: the last at {} is used, the next at {} is not.",
                    usd(last.bid(last.to)),
                    usd(next.usd_per_mwh)
                ),
                (Some(last), None) => format!(
                    "It gives all it has; its dearest block bids {}.",
                    usd(last.bid(last.to))
                ),
                (None, Some(next)) => {
                    format!(
                        "It does not run; its first block bids {}.",
                        usd(next.usd_per_mwh)
                    )
                }
                (None, None) => return None,
            })
        }
    }
}

/// A block of a unit from and to how many MW, the bid at its first and what that rises by for each.
struct Step {
    from: f64,
    to: f64,
    usd_per_mwh: f64,
    slope: f64,
}

impl Step {
    /// Bid at an output within the block, $/MWh.
    fn bid(&self, p_mw: f64) -> f64 {
        self.usd_per_mwh + self.slope * (p_mw - self.from)
    }

    /// "20 $/MWh", or "10 to 30 $/MWh".
    fn named(&self) -> String {
        match self.slope == 0.0 {
            true => usd(self.usd_per_mwh),
            false => format!(
                "{} to {}",
                crate::report::amount(self.usd_per_mwh, ""),
                usd(self.bid(self.to))
            ),
        }
    }
}

fn steps(unit: &Resource) -> Vec<Step> {
    let mut before = 0.0;
    let blocks = blocks_between(&unit.offer, 0.0, unit.max_p_mw);
    let steps = blocks.map(|part| {
        let from = before;
        before += part.upper;
        Step {
            from,
            to: before,
            usd_per_mwh: part.usd_per_mwh,
            slope: part.slope,
        }
    });
    steps.collect()
}

fn blocks(unit: &Resource, p_mw: f64) -> Table {
    let steps = steps(unit);
    let rises = steps.iter().any(|step| step.slope != 0.0);
    let rows = steps.iter().map(|step| {
        let used = (p_mw - step.from).clamp(0.0, step.to - step.from);
        let end = rises.then(|| number(step.bid(step.to)));
        let start = [step.from, step.to, step.usd_per_mwh].map(number);
        start.into_iter().chain(end).chain([number(used)]).collect()
    });
    let start = [
        column("from", "MW"),
        column("to", "MW"),
        column("bid", "$/MWh"),
    ];
    let end = rises.then(|| column("bid at its end", "$/MWh"));
    let columns = start.into_iter().chain(end).chain([column("used", "MW")]);
    table(
        "blocks",
        "Its blocks",
        columns.collect(),
        rows.collect(),
        "",
    )
}
