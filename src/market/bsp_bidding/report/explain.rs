//! Why a price of the DSO's market is what it is, in words.
//!
//! ```text
//! DLMP_b = λ − Σ_l G_lb μ_l                                  linear network
//! DLMP_b = λ + losses + Σ_m 2 R_bm z_m + Σ_j limit of line j  cone
//! ```
//!
//! Sections `[bsp]`(4.2), (4.9) of the model notes.

use crate::market::Failure;
use crate::report::{Addend, Explained, SubjectKind, amount};

use super::super::explain::{Found, Part, What};
use super::super::model::held::Side;
use super::super::model::system::LEAST_MW;
use super::super::outcome::Outcome;
use super::super::params::Behaviour;
use super::asked::{Asked, SAME_PRICE, mw, same, usd_per_mwh};
use super::explain_bid;

/// Movers that are told in sentences; the table has all.
const TOLD: usize = 4;

/// The explanation in words.
///
/// # Errors
/// A shadow price that no movement makes.
pub fn explained(outcome: &Outcome, found: &Found) -> Result<Explained, Failure> {
    let asked = Asked { outcome, found };
    let mut sentences = vec![asked.day().to_string()];
    let (what, parts, made) = match found.what {
        What::Bus(j) => {
            let bus = &found.held.system.feeder.buses[j].id;
            let (parts, made) = asked.of_price(&mut sentences);
            (format!("Price at bus {bus}"), parts, made)
        }
        What::Boundary => {
            let (parts, made) = asked.of_price(&mut sentences);
            (format!("Price where {}", asked.meets()), parts, made)
        }
        What::Resource(k) => {
            sentences.extend(explain_bid::said(&asked, k));
            let (parts, made) = asked.of_price(&mut sentences);
            let system = found.held.system;
            let bus = &system.feeder.buses[system.at[k]].id;
            let id = &system.resources[k];
            (format!("Price of {id} at bus {bus}"), parts, made)
        }
        What::Line(j) => {
            let line = asked.line(j);
            let (parts, made) = asked.of_line(j, &mut sentences)?;
            (format!("Shadow price of line {line}"), parts, made)
        }
    };
    let value = found.value;
    Ok(Explained {
        headline: format!(
            "{what} in hour {}: {}; {made}.",
            found.t + 1,
            usd_per_mwh(value)
        ),
        value,
        unit: "$/MWh".into(),
        parts,
        sentences,
        proofs: asked.proofs(),
        tables: asked.tables(),
        ..Explained::default()
    })
}

/// "adds 3 $/MWh", "takes off 3 $/MWh".
fn adds(value: f64) -> String {
    match value < 0.0 {
        true => format!("takes off {}", usd_per_mwh(-value)),
        false => format!("adds {}", usd_per_mwh(value)),
    }
}

impl Asked<'_> {
    /// The parts of a price with what they are, and what it is made of in half a sentence.
    fn of_price(&self, sentences: &mut Vec<String>) -> (Vec<Addend>, String) {
        let found = self.found;
        let boundary = SubjectKind::Boundary.of(&found.held.system.boundary);
        let mut parts = Vec::new();
        for &(part, value) in &found.parts {
            let adds = adds(value);
            let (name, subject, said) = match part {
                Part::Energy => (
                    format!("Where {}", self.meets()),
                    boundary.clone(),
                    self.energy(value),
                ),
                Part::Boundary => (
                    "Limit of the boundary".into(),
                    boundary.clone(),
                    Some(format!(
                        "The boundary of {} is full: it {adds}.",
                        found.held.system.feeder.id
                    )),
                ),
                Part::Losses => (
                    "Losses".into(),
                    None,
                    Some(format!("What is lost on the way {adds}.")),
                ),
                Part::Voltage(j) => {
                    let bus = self.bus(j);
                    let said = format!("The voltage at bus {bus} is at its limit: it {adds}.");
                    (
                        format!("Voltage at {bus}"),
                        SubjectKind::Bus.of(bus),
                        Some(said),
                    )
                }
                Part::Line(j) => {
                    let line = self.line(j);
                    let said = format!("Line {line} is full: it {adds}.");
                    (format!("Line {line}"), self.line_subject(j), Some(said))
                }
            };
            parts.push(Addend {
                name,
                value,
                subject,
            });
            sentences.extend(said);
        }
        self.moves(sentences, "there");
        self.relaxed(sentences);
        let energy = parts.first().map_or(0.0, |part| part.value);
        let within: f64 = parts.iter().skip(1).map(|part| part.value).sum();
        let made = match parts.len() {
            1 if found.what == What::Boundary => {
                "no limit parts it from the price of energy".into()
            }
            1 => format!("the same as where {}", self.meets()),
            _ => format!(
                "{} where {} and {} within it",
                usd_per_mwh(energy),
                self.meets(),
                usd_per_mwh(within)
            ),
        };
        (parts, made)
    }

    /// Whose price energy has.
    fn energy(&self, price: f64) -> Option<String> {
        let held = &self.found.held;
        let (hour, cleared) = (&held.hour, held.cleared);
        let at = usd_per_mwh(price);
        if cleared.tso_up_mw > LEAST_MW && same(hour.tso_up, price) {
            let sold = mw(cleared.tso_up_mw);
            return Some(format!("The TSO is marginal: it sells {sold} at {at}."));
        }
        if cleared.tso_down_mw > LEAST_MW && same(hour.tso_down, price) {
            let bought = mw(cleared.tso_down_mw);
            return Some(format!("The TSO is marginal: it buys {bought} at {at}."));
        }
        let mut said = Vec::new();
        for (k, id) in held.system.resources.iter().enumerate() {
            for up in [true, false] {
                let (bid, most, taken) = held.side(up, k);
                let inside = taken > LEAST_MW && taken < most - LEAST_MW;
                if inside && same(bid, cleared.dlmp[k]) {
                    let (taken, most) = (amount(taken, ""), mw(most));
                    said.push(match up {
                        true => format!("{id} is marginal: {taken} of {most} upwards are taken, at its bid of {}.", usd_per_mwh(bid)),
                        false => format!("{id} is marginal: {taken} of {most} downwards are taken, at its bid of {}.", usd_per_mwh(bid)),
                    });
                }
            }
        }
        match said.is_empty() {
            true => Some(
                "No bid is taken in part, and the TSO neither sells nor buys at that price.".into(),
            ),
            false => Some(said.join(" ")),
        }
    }

    /// The next MWh, and the last where it is another.
    fn moves(&self, sentences: &mut Vec<String>, place: &str) {
        let Some(sides) = &self.found.sides else {
            return;
        };
        let price = usd_per_mwh(sides.next.usd_per_mwh);
        if !sides.meet() {
            let (low, high) = (sides.last.usd_per_mwh, sides.next.usd_per_mwh);
            let (low, high) = (amount(low, ""), usd_per_mwh(high));
            sentences.push(format!("Any price from {low} to {high} is right {place}."));
        }
        sentences.push(format!("The next MWh {place} costs {price}."));
        sentences.extend(self.told(&sides.next));
        if !sides.meet() {
            let price = usd_per_mwh(sides.last.usd_per_mwh);
            sentences.push(format!("The last MWh {place} saves {price}."));
            sentences.extend(self.told(&sides.last));
        }
        self.stored(sentences);
    }

    fn told(&self, side: &Side) -> Vec<String> {
        let few = side.movers.iter().take(TOLD);
        few.map(|mover| self.moved(mover)).collect()
    }

    /// What storage stands at.
    fn stored(&self, sentences: &mut Vec<String>) {
        let held = &self.found.held;
        if held.hour.storage.is_empty() {
            return;
        }
        sentences.push(match self.found.variant.day.behaviour {
            Behaviour::Truthful => {
                "Storage bids what the energy in it is worth over the day; that is held.".into()
            }
            _ => "Storage keeps to its schedule.".into(),
        });
    }

    /// Where the cone is no power flow.
    fn relaxed(&self, sentences: &mut Vec<String>) {
        let flow = self.found.held.cleared.flow.as_ref();
        if flow.is_some_and(|flow| !flow.is_tight()) {
            sentences.push(
                "The cone is not tight in that hour: these are the prices of a relaxation.".into(),
            );
        }
    }

    /// The shadow price of the line above bus `j`: what moves for a MW of its limit.
    fn of_line(
        &self,
        j: usize,
        sentences: &mut Vec<String>,
    ) -> Result<(Vec<Addend>, String), Failure> {
        let (found, line) = (self.found, self.line(j));
        let flow = mw(found.variant.feeder.flow_mw[j][found.t].abs());
        let Some(sides) = &found.sides else {
            return Ok((Vec::new(), format!("it carries {flow}")));
        };
        // Costs fall with the limit.
        let (more, less) = (-sides.next.usd_per_mwh, -sides.last.usd_per_mwh);
        let by = if same(more, found.value) {
            &sides.next
        } else {
            &sides.last
        };
        let parts: Vec<Addend> = by
            .movers
            .iter()
            .map(|mover| {
                let sign = if std::ptr::eq(by, &sides.next) {
                    -1.0
                } else {
                    1.0
                };
                Addend {
                    name: self.name(mover.who),
                    value: sign * mover.by * mover.usd_per_mwh,
                    subject: self.subject(mover.who),
                }
            })
            .collect();
        let made = match found.value.abs() > SAME_PRICE {
            false => format!("it carries {flow}"),
            true if same(more, found.value) => format!(
                "one more MW of its limit saves {}",
                usd_per_mwh(found.value)
            ),
            true => format!(
                "one MW less of its limit costs {}",
                usd_per_mwh(found.value)
            ),
        };
        if !sides.meet() {
            let (low, high) = (amount(more, ""), usd_per_mwh(less));
            sentences.push(format!(
                "Any shadow price from {low} to {high} is right for it."
            ));
        }
        if found.value.abs() > SAME_PRICE {
            sentences.push(format!("Line {line} carries {flow}, which is its limit."));
            sentences.push(format!(
                "One more MW of its limit saves {}.",
                usd_per_mwh(more)
            ));
            sentences.extend(self.told(&sides.next));
            if !sides.meet() {
                sentences.push(format!(
                    "One MW less of its limit costs {}.",
                    usd_per_mwh(less)
                ));
                sentences.extend(self.told(&sides.last));
            }
        } else {
            sentences.push("More of its limit saves nothing.".into());
        }
        self.relaxed(sentences);
        // On the cone losses move with the limit, too, and steps are short.
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        let adds_up = (sum - found.value).abs() <= 1e-9 * (1.0 + found.value.abs());
        Ok((if adds_up { parts } else { Vec::new() }, made))
    }
}
