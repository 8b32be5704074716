//! What all mechanisms are asked about, and the yardstick that judges their answers.

use std::collections::HashMap;

use crate::case::{Case, Feeder};
use crate::market::Mechanism;

/// A side of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Transmission,
    Feeder,
}

/// A bid for more energy.
pub struct Resource {
    pub id: String,
    pub bus: String,
    pub side: Side,
    pub max_mw: f64,
    pub usd_per_mwh: f64,
}

/// Energy that is missing.
pub struct Need {
    pub id: String,
    pub bus: String,
    pub side: Side,
    pub p_mw: f64,
}

/// A limited line of the feeder, with the buses beyond it.
struct Line {
    max_mw: f64,
    beyond: Vec<String>,
}

pub struct System {
    pub feeder: Feeder,
    /// Bus of transmission where the feeder hangs.
    pub at: String,
    pub resources: Vec<Resource>,
    pub needs: Vec<Need>,
    /// Cost of energy that nothing serves, $/MWh.
    pub price_cap: f64,
    lines: Vec<Line>,
}

impl System {
    /// # Errors
    /// Why the case is none that every mechanism can be asked about.
    pub fn new(case: &Case, mechanism: &Mechanism) -> Result<System, String> {
        let fields = serde_json::to_value(mechanism).unwrap_or_default();
        if fields["kind"] != "residual_supply" || fields["physics"] != "lossless" {
            return Err(not(
                "the scenario is no market of TSO-DSO schemes without losses (`mechanism.physics` = \"lossless\")",
            ));
        }
        let (Some(balancing), [feeder], [boundary]) =
            (&case.balancing, &case.feeders[..], &case.boundaries[..])
        else {
            return Err(not("it has no balancing market or not exactly one feeder"));
        };
        if balancing.periods != 1 || balancing.minutes_per_period != 60.0 {
            return Err(not("it is not of one hour"));
        }
        if case.branches.iter().any(|b| b.max_p_mw.is_some()) || !balancing.zones.is_empty() {
            return Err(not("it has limited lines of transmission, or zones"));
        }
        if boundary.max_p_mw.is_some() || !balancing.schedule.is_empty() {
            return Err(not("it has a limit at the interface, or a schedule"));
        }
        let side = |bus: &str| match feeder.buses.iter().any(|b| b.id == bus) {
            true => Side::Feeder,
            false => Side::Transmission,
        };
        let resource = |bid: &crate::case::balancing::Bid| match &bid.offers[..] {
            [offer] => match &offer.segments[..] {
                [s] if s.min_p_mw == 0.0 && s.max_p_mw > 0.0 && !s.indivisible => Ok(Resource {
                    id: bid.id.clone(),
                    bus: bid.bus.clone(),
                    side: side(&bid.bus),
                    max_mw: s.max_p_mw,
                    usd_per_mwh: s.usd_per_mwh,
                }),
                _ => Err(not(&format!(
                    "bid {} is not for more energy at one price",
                    bid.id
                ))),
            },
            _ => Err(not(&format!("bid {} has several offers", bid.id))),
        };
        let need = |it: &crate::case::balancing::Injection| match it.p_mw.first() {
            Some(p_mw) if *p_mw <= 0.0 => Ok(Need {
                id: it.id.clone(),
                bus: it.bus.clone(),
                side: side(&it.bus),
                p_mw: -p_mw,
            }),
            _ => Err(not(&format!("imbalance {} is a surplus", it.id))),
        };
        Ok(System {
            at: boundary.bus.clone(),
            resources: balancing
                .bids
                .iter()
                .map(resource)
                .collect::<Result<_, _>>()?,
            needs: balancing
                .imbalances
                .iter()
                .map(need)
                .collect::<Result<_, _>>()?,
            price_cap: balancing.price_cap_usd_per_mwh,
            lines: limited(feeder),
            feeder: feeder.clone(),
        })
    }

    /// Cost of a dispatch at the prices of the bids, $, for an hour.
    pub fn cost_usd(&self, dispatch_mw: &[f64], side: Option<Side>) -> f64 {
        let of = |r: &&Resource| side.is_none_or(|side| r.side == side);
        let all = self.resources.iter().zip(dispatch_mw);
        all.filter(|(r, _)| of(r))
            .map(|(r, p)| r.usd_per_mwh * p)
            .sum()
    }

    /// Energy over the limits of lines in an hour, MWh: |Σ injections beyond the line| − limit, where that is positive.
    pub fn over_mwh(&self, dispatch_mw: &[f64]) -> f64 {
        let injected = self
            .resources
            .iter()
            .zip(dispatch_mw)
            .map(|(r, p)| (&r.bus, *p));
        let needed = self.needs.iter().map(|need| (&need.bus, -need.p_mw));
        let mut at: HashMap<&str, f64> = HashMap::new();
        for (bus, p_mw) in injected.chain(needed) {
            *at.entry(bus).or_default() += p_mw;
        }
        let over = self.lines.iter().map(|line| {
            let flow: f64 = line
                .beyond
                .iter()
                .filter_map(|bus| at.get(bus.as_str()))
                .sum();
            (flow.abs() - line.max_mw).max(0.0)
        });
        over.sum()
    }

    /// Energy that nothing serves, MWh.
    pub fn unserved_mwh(&self, dispatch_mw: &[f64]) -> f64 {
        let needed: f64 = self.needs.iter().map(|need| need.p_mw).sum();
        (needed - dispatch_mw.iter().sum::<f64>()).max(0.0)
    }

    pub fn needed_mw(&self, side: Side) -> f64 {
        self.needs
            .iter()
            .filter(|n| n.side == side)
            .map(|n| n.p_mw)
            .sum()
    }
}

/// Limited lines of a feeder with the buses beyond them.
fn limited(feeder: &Feeder) -> Vec<Line> {
    let line = |own: &crate::case::FeederLine| {
        let max_mw = own.max_s_mva?;
        // The end that is reached from the root without the line is this side of it.
        let far = match reached(feeder, &feeder.root, &own.id).contains(&own.from) {
            true => &own.to,
            false => &own.from,
        };
        let beyond = reached(feeder, far, &own.id);
        Some(Line { max_mw, beyond })
    };
    feeder.lines.iter().filter_map(line).collect()
}

/// Buses reached from one without a line.
fn reached(feeder: &Feeder, from: &str, without: &str) -> Vec<String> {
    let mut found = vec![from.to_string()];
    let mut next = 0;
    while let Some(bus) = found.get(next).cloned() {
        next += 1;
        for line in feeder.lines.iter().filter(|line| line.id != without) {
            for (a, b) in [(&line.from, &line.to), (&line.to, &line.from)] {
                if *a == bus && !found.contains(b) {
                    found.push(b.clone());
                }
            }
        }
    }
    found
}

fn not(why: &str) -> String {
    format!("the mechanisms of the five papers cannot be compared on this case: {why}")
}
