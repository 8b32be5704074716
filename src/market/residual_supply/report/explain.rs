//! Why a price of the market is what it is: energy and congestion in transmission, the exchange and the step it sits on
//! at a boundary, losses, voltages and lines in a feeder.
//!
//! ```text
//! λ_i = λ_ref + Σ_l y_l SF_li                                              transmission, zones
//! λ_b = λ_boundary + Σ_j limit of line j + losses + Σ_m 2 R_bm z_m         feeder
//! ```
//!
//! Eq. `[mezghani2023]`(2.2), (2.3), (2.4).

use crate::case::text::nearest;
use crate::case::{Case, Feeder, Subject, SubjectKind};
use crate::market::Failure;
use crate::network::formulation::parts::FeederParts;
use crate::network::{Network, Radial, Reference};
use crate::report::words::listed;
use crate::report::{Addend, Explained, Proof, amount};

use super::super::model::price_parts::Parts;
use super::super::model::system::{Kind, System};
use super::super::outcome::{Outcome, is_range};
use super::regime::marginal_usd_per_mwh;
use super::words::usd_per_mwh;

/// Parts smaller than this share of 1 + the price are a solver's digits.
const DIGITS: f64 = 1e-7;

/// Bids closer than this to a price, as a share of 1 + it, are it.
const SAME_PRICE: f64 = 1e-6;

/// Parts add up to the price within this share of 1 + it.
const ADDED_UP: f64 = 1e-9;

/// Ids that a sentence can list.
const FEW: usize = 8;

/// What a subject's number is the price of.
pub(super) struct Asked<'a> {
    case: &'a Case,
    pub(super) outcome: &'a Outcome,
    /// From 0.
    pub(super) t: usize,
}

/// A price with its parts.
pub(super) struct Made {
    pub(super) value: f64,
    parts: Vec<Addend>,
    /// What it is made of, in half a sentence.
    told: String,
    pub(super) sentences: Vec<String>,
}

/// Why the price of a subject is what it is in period `step` (from 1).
///
/// # Errors
/// No such subject or period, or a price whose parts do not add up.
pub fn explain(
    case: &Case,
    outcome: &Outcome,
    subject: &Subject,
    step: usize,
) -> Result<Explained, Failure> {
    let (system, id) = (&outcome.system, subject.id.as_str());
    if step == 0 || step > system.periods {
        return Err(format!("there is no period {step}; choose 1 to {}", system.periods).into());
    }
    let asked = Asked {
        case,
        outcome,
        t: step - 1,
    };
    match subject.kind {
        SubjectKind::Bus => {
            let known = system.areas.iter().flat_map(|area| &area.buses).map(String::as_str);
            let &(a, i) = system.place.get(id).ok_or_else(|| missing("bus", id, known))?;
            let mut made = asked.price(a, i)?;
            made.sentences.extend(asked.marginal(a, i, made.value));
            let what = format!("Price at bus {id}");
            let range = outcome.price_range(a, asked.t, i);
            Ok(Explained {
                range: is_range(range).then_some(range),
                ..asked.explained(&what, made)
            })
        }
        SubjectKind::Party => asked.of_bid(id),
        SubjectKind::Boundary | SubjectKind::Zone => {
            let areas = || system.exporting().map(|a| system.areas[a].boundary.as_str());
            let a = system.area_of(subject).ok_or_else(|| missing("boundary", id, areas()))?;
            asked.of_boundary(a)
        }
        SubjectKind::Branch => Err("a balancing market explains prices of buses, boundaries, zones and bids: a line adds to those of the buses".into()),
    }
}

pub(super) fn missing<'a>(noun: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let meant = match nearest(id, known.iter().copied()) {
        Some(near) => format!(" Did you mean {near}?"),
        None if known.len() <= FEW => {
            let all: Vec<String> = known.iter().map(ToString::to_string).collect();
            format!(" Ask for one of {}.", listed(&all))
        }
        None => String::new(),
    };
    format!("there is no {noun} `{id}`.{meant}").into()
}

fn addend(name: impl Into<String>, value: f64, subject: Option<Subject>) -> Addend {
    Addend {
        name: name.into(),
        value,
        subject,
    }
}

/// "adds 3 $/MWh", "takes off 3 $/MWh".
fn adds(value: f64) -> String {
    match value < 0.0 {
        true => format!("takes off {}", usd_per_mwh(-value)),
        false => format!("adds {}", usd_per_mwh(value)),
    }
}

impl Asked<'_> {
    pub(super) fn system(&self) -> &System {
        &self.outcome.system
    }

    pub(super) fn explained(&self, what: &str, made: Made) -> Explained {
        let price = usd_per_mwh(made.value);
        Explained {
            headline: format!("{what} in period {}: {price}; {}.", self.t + 1, made.told),
            value: made.value,
            unit: "$/MWh".into(),
            parts: made.parts,
            sentences: made.sentences,
            ..Explained::default()
        }
    }

    /// The price at bus `i` of area `a`, taken apart.
    pub(super) fn price(&self, a: usize, i: usize) -> Result<Made, Failure> {
        let system = self.system();
        let (prices, t) = (&self.outcome.coordination.market.prices, self.t);
        let bus = &system.areas[a].buses[i];
        let range = self.outcome.price_range(a, t, i);
        let value = prices.lmp[a][t][i];
        if self.outcome.is_open(range) || !value.is_finite() {
            return Err(format!("bus {bus} has no price in period {}: nothing can move there, so that every price is right", t + 1).into());
        }
        let known = prices
            .parts
            .get(a)
            .and_then(|periods| periods.get(t)?.as_ref());
        let mut made = match (known, &system.areas[a].kind) {
            (Some(Parts::Dc(y)), Kind::Dc { branches }) => {
                let names: Vec<&str> = branches.iter().map(|b| b.name.as_str()).collect();
                self.in_transmission(bus, value, &names, y)?
            }
            (Some(Parts::Zone { energy, limits }), Kind::Zone { zone }) => {
                let hours = system.hours;
                let mut made = self.met_above(a, energy / hours)?;
                for (limit, y) in zone.limits.iter().zip(limits) {
                    let part = limit.factor(bus) * y / hours;
                    if part != 0.0 {
                        let subject = SubjectKind::Branch.of(format!("{}/{}", zone.id, limit.id));
                        made.parts
                            .push(addend(format!("Limit {}", limit.id), part, subject));
                        let adds = adds(part);
                        made.sentences
                            .push(format!("Limit {} is full: it {adds}.", limit.id));
                    }
                }
                made
            }
            (Some(Parts::Feeder(parts)), Kind::Feeder { feeder, tree }) => {
                self.in_feeder(a, i, value, (parts, feeder, tree))?
            }
            _ => return Err(format!("what the price at bus {bus} is made of is not known").into()),
        };
        let sum: f64 = made.parts.iter().map(|part| part.value).sum();
        if (sum - value).abs() > ADDED_UP * (1.0 + value.abs()) {
            return Err(format!(
                "the parts of the price at bus {bus} add up to it within {} only, which is no explanation",
                amount((sum - value).abs(), "$/MWh")
            )
            .into());
        }
        if a > 0 && made.told.is_empty() {
            let within: f64 = made.parts.iter().skip(1).map(|part| part.value).sum();
            let up = self.meets(a);
            made.told = match made.parts.len() {
                1 => format!("the same as where {} meets {up}", system.areas[a].id),
                _ => format!(
                    "{} where {} meets {up} and {} within it",
                    usd_per_mwh(made.parts[0].value),
                    system.areas[a].id,
                    usd_per_mwh(within)
                ),
            };
        }
        if is_range(range) {
            let (low, high) = (amount(range.0, ""), usd_per_mwh(range.1));
            made.sentences
                .push(format!("Any price from {low} to {high} is right there."));
        }
        made.value = value;
        Ok(made)
    }

    /// What losses, voltages and lines of a feeder add to the price at its root.
    fn in_feeder(
        &self,
        a: usize,
        i: usize,
        value: f64,
        (parts, feeder, tree): (&FeederParts, &Feeder, &Radial),
    ) -> Result<Made, Failure> {
        let hours = self.system().hours;
        let least = DIGITS * (1.0 + value.abs()) * hours;
        let at = parts.at(tree, i, least);
        let mut made = self.met_above(a, at.root / hours)?;
        if at.losses.abs() > ADDED_UP * hours {
            let part = at.losses / hours;
            made.parts.push(addend("Losses", part, None));
            made.sentences
                .push(format!("What is lost on the way {}.", adds(part)));
        }
        for &(m, part) in &at.voltages {
            let (id, part) = (&feeder.buses[m].id, part / hours);
            let subject = SubjectKind::Bus.of(id);
            made.parts
                .push(addend(format!("Voltage at {id}"), part, subject));
            let adds = adds(part);
            made.sentences.push(format!(
                "The voltage at bus {id} is at its limit: it {adds}."
            ));
        }
        // Where nothing can come from above, the price there is any: what is right is the sum behind it.
        let cut = self.outcome.interface_range(a, self.t);
        let cut = cut.is_some_and(|range| self.outcome.is_open(range));
        for &(j, part) in &at.lines {
            let Some(above) = tree.above[j] else { continue };
            let (line, part) = (&feeder.lines[above.line].id, part / hours);
            if cut && above.upper == tree.root {
                made.parts[0].value += part;
                made.parts[0].name = format!("Energy behind line {line}");
                made.sentences.push(format!(
                    "Line {line} lets nothing more through: its feeder has a price of its own."
                ));
                continue;
            }
            let subject = SubjectKind::Branch.of(format!("{}/{line}", feeder.id));
            made.parts
                .push(addend(format!("Line {line}"), part, subject));
            let adds = adds(part);
            made.sentences
                .push(format!("Line {line} is full: it {adds}."));
        }
        Ok(made)
    }

    /// Bids at a bus whose price is that of the bus.
    pub(super) fn marginal(&self, a: usize, i: usize, price: f64) -> Option<String> {
        let system = self.system();
        let same = |usd: f64| (usd - price).abs() <= SAME_PRICE * (1.0 + price.abs());
        let here = system.areas[a].bids.iter().filter(|(_, bus)| *bus == i);
        let marginal = here.map(|&(b, _)| b).filter(|&b| {
            let offers = system.balancing.bids[b].offers.iter();
            let now = offers.filter(|offer| offer.period == self.t + 1);
            let mut segments = now.flat_map(|offer| &offer.segments);
            self.outcome.coordination.admitted[b] && segments.any(|s| same(s.usd_per_mwh))
        });
        let names: Vec<String> = marginal
            .map(|b| system.balancing.bids[b].id.clone())
            .collect();
        if !names.is_empty() {
            return Some(format!("The price there is the bid of {}.", listed(&names)));
        }
        // Without losses and full lines in between, the bid may stand elsewhere.
        let dispatch = &self.outcome.coordination.market.dispatch;
        let bids = system.balancing.bids.iter().zip(&dispatch.p_mw);
        let setting =
            bids.filter(|(bid, p)| marginal_usd_per_mwh(bid, self.t, p[self.t]).is_some_and(same));
        let names: Vec<String> = setting
            .map(|(bid, _)| format!("{} at bus {}", bid.id, bid.bus))
            .collect();
        (!names.is_empty()).then(|| format!("The price there is the bid of {}.", listed(&names)))
    }

    /// The bus of the area above that area `a` meets.
    pub(super) fn meets(&self, a: usize) -> String {
        let areas = &self.system().areas;
        let above = areas[a].above;
        above.map_or(String::new(), |(up, bus)| {
            format!("bus {}", areas[up].buses[bus])
        })
    }

    /// The price where area `a` meets the one above, and what its boundary adds up to its own `energy`.
    fn met_above(&self, a: usize, energy: f64) -> Result<Made, Failure> {
        let system = self.system();
        let area = &system.areas[a];
        let prices = &self.outcome.coordination.market.prices;
        let interface = prices.interface(system, a, self.t);
        let subject = super::series::interface(area);
        let mut made = Made {
            value: f64::NAN,
            parts: vec![addend(
                format!("Where {} meets {}", area.id, self.meets(a)),
                interface,
                subject.clone(),
            )],
            told: String::new(),
            sentences: Vec::new(),
        };
        let limit = energy - interface;
        let least = DIGITS * (1.0 + energy.abs());
        match (area.max_export_mw, limit.abs() > least) {
            (Some(_), true) => {
                made.parts
                    .push(addend("Limit of the boundary", limit, subject));
                made.sentences.push(format!(
                    "The boundary of {} is full: it {}.",
                    area.id,
                    adds(limit)
                ));
            }
            (None, true) => {
                return Err(format!(
                    "{} is not cleared at the price where it meets {}, but {} off it: its prices do not follow from there",
                    area.id,
                    self.meets(a),
                    usd_per_mwh(limit)
                )
                .into());
            }
            // A solver's digits go with the price.
            (_, false) => made.parts[0].value = energy,
        }
        Ok(made)
    }

    /// Energy, at the reference by load, and congestion by branch.
    fn in_transmission(
        &self,
        bus: &str,
        value: f64,
        branches: &[&str],
        y: &[f64],
    ) -> Result<Made, Failure> {
        let system = self.system();
        let zones = system
            .areas
            .iter()
            .any(|area| matches!(area.kind, Kind::Zone { .. }));
        let least = DIGITS * (1.0 + value.abs());
        let scaled = y.iter().map(|y| y / system.hours);
        let priced: Vec<(&str, f64)> = branches
            .iter()
            .copied()
            .zip(scaled)
            .filter(|(_, y)| *y != 0.0)
            .collect();
        let mut parts = Vec::new();
        let mut sentences = Vec::new();
        let mut energy = value;
        if !priced.is_empty() {
            if zones {
                return Err("congestion is not told apart where transmission has zones".into());
            }
            let network = Network::new(self.case).map_err(|why| why.to_string())?;
            let reference = Reference::by_load(self.case, &network).unwrap_or(Reference::Bus(0));
            let place = network.bus(bus).ok_or("the bus is not of the network")?;
            let lmp = &self.outcome.coordination.market.prices.lmp[0][self.t];
            // The price at the reference, from the prices of all buses.
            let at = |id: &String| network.bus(id);
            let mut by_place = vec![0.0; network.buses()];
            for (id, lmp) in system.areas[0].buses.iter().zip(lmp) {
                by_place[at(id).ok_or("the bus is not of the network")?] = *lmp;
            }
            energy = match &reference {
                Reference::Bus(i) => by_place[*i],
                Reference::Weights(w) => w.iter().zip(&by_place).map(|(w, z)| w * z).sum(),
            };
            let mut digits = 0.0;
            for (line, y) in priced {
                let l = network
                    .branch(line)
                    .ok_or("the line is not of the network")?;
                let factor = network.ptdf_row(l, &reference)[place];
                let part = factor * y;
                if part.abs() <= least {
                    digits += part;
                    continue;
                }
                parts.push(addend(
                    format!("Line {line}"),
                    part,
                    SubjectKind::Branch.of(line),
                ));
                sentences.push(format!(
                    "Line {line} is full: its shadow price of {} times the shift factor of {} is {}.",
                    usd_per_mwh(y),
                    amount(factor, ""),
                    usd_per_mwh(part)
                ));
            }
            energy += digits;
        }
        let congestion: f64 = parts.iter().map(|part| part.value).sum();
        let told = match parts.is_empty() {
            true => "no line parts it from the price of energy".to_string(),
            false => format!(
                "{} of energy and {} of congestion",
                usd_per_mwh(energy),
                usd_per_mwh(congestion)
            ),
        };
        parts.insert(0, addend("Energy", energy, None));
        Ok(Made {
            value,
            parts,
            told,
            sentences,
        })
    }
}

/// What the function of an area says of a step in its export beside the area solved there.
pub fn proof(area: &str, (step_mw, predicted, solved): (f64, f64, f64)) -> Proof {
    let way = if step_mw < 0.0 { "less" } else { "more" };
    Proof {
        name: format!("{} {way} export of {area}", amount(step_mw.abs(), "MW")),
        predicted,
        solved,
        unit: "$".into(),
    }
}
