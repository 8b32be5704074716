//! Feeders: trees, imbalances, impedances within voltages, ratings.

use super::super::balancing::{Bid, Injection};
use super::super::{Feeder, FeederBus, FeederLine};
use super::draw::{Draw, grid as round, quantile, shares};
use super::profile::Profile;
use std::collections::HashMap;

/// Share of the room between 1 p.u. and the voltage limits that the imbalances may take.
const VOLTAGE_USED: f64 = 0.9;

/// Correlation of resistance and reactance of a line.
const CORRELATION: f64 = 0.9;

/// Share of feeders with a line that the imbalances alone overload; the first is one of them.
const CONGESTED: f64 = 0.4;

/// A feeder as it grows: bus 0 is its root, line k - 1 ends at bus k.
pub(super) struct Grown {
    /// From 1.
    number: usize,
    /// The bus above each but the root.
    above: Vec<usize>,
    voltage: (f64, f64),
    r_pu: Vec<f64>,
    x_pu: Vec<f64>,
    rating: Vec<f64>,
}

/// The imbalance of a feeder bus, per period.
pub(super) struct Local {
    bus: String,
    pub p_mw: Vec<f64>,
    q_mvar: Vec<f64>,
}

impl Local {
    pub fn injection(self) -> Option<Injection> {
        let some = self.p_mw.iter().chain(&self.q_mvar).any(|&v| v != 0.0);
        let reactive = self.q_mvar.iter().any(|&q| q != 0.0);
        some.then(|| Injection {
            id: format!("inj-{}", self.bus),
            bus: self.bus,
            p_mw: self.p_mw,
            q_mvar: if reactive { self.q_mvar } else { Vec::new() },
        })
    }
}

impl Grown {
    pub fn buses(&self) -> usize {
        self.above.len() + 1
    }

    /// Id of bus `k`: the number of the feeder, then that of the bus.
    pub fn bus(&self, k: usize) -> String {
        (self.number * 1_000 + 10_000 + k).to_string()
    }

    pub fn id(&self) -> String {
        format!("DN-{}", self.bus(0))
    }

    pub fn feeder(self) -> Feeder {
        let (min_v_pu, max_v_pu) = self.voltage;
        let lines = (0..self.above.len()).map(|l| FeederLine {
            id: self.bus(l + 1),
            from: self.bus(self.above[l]),
            to: self.bus(l + 1),
            r_ohm: round(self.r_pu[l] * 100.0, 4),
            x_ohm: round(self.x_pu[l] * 100.0, 4),
            max_s_mva: Some(self.rating[l]),
            min_p_mw: None,
            max_p_mw: None,
        });
        Feeder {
            id: self.id(),
            base_kv: 10.0,
            root: self.bus(0),
            root_v_pu: 1.0,
            lines: lines.collect(),
            buses: (0..self.buses())
                .map(|k| FeederBus {
                    id: self.bus(k),
                    p_load_mw: 0.0,
                    q_load_mvar: 0.0,
                    min_v_pu,
                    max_v_pu,
                })
                .collect(),
        }
    }

    /// Sums of `values` over each bus and all below it.
    fn below(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = values.to_vec();
        for k in (1..sums.len()).rev() {
            sums[self.above[k - 1]] += sums[k]; // a bus is above those of greater number
        }
        sums
    }
}

/// Trees: a main chain, then side chains.
pub(super) fn grow(profile: &Profile, draw: &mut Draw) -> Vec<Grown> {
    let (least, most) = profile.size;
    let mean = profile.feeder_buses as f64 / profile.feeders as f64;
    let mut sizes: Vec<usize> = (0..profile.feeders)
        .map(|_| {
            let size = mean * 0.92 * libm::exp(0.42 * draw.normal());
            (size.round() as usize).clamp(least, most)
        })
        .collect();
    // One bus here or there until the sum is right.
    for _ in 0..most * sizes.len() {
        let sum: usize = sizes.iter().sum();
        let f = draw.below(sizes.len());
        if sum < profile.feeder_buses && sizes[f] < most {
            sizes[f] += 1;
        } else if sum > profile.feeder_buses && sizes[f] > least {
            sizes[f] -= 1;
        }
    }
    let grown = sizes.into_iter().enumerate();
    grown
        .map(|(f, size)| tree(f + 1, size, profile, draw))
        .collect()
}

fn tree(number: usize, size: usize, profile: &Profile, draw: &mut Draw) -> Grown {
    let (typical, most) = profile.depth;
    let chain = (typical * draw.between(0.85, 1.15)).round() as usize;
    let chain = chain.min(most).min(size - 1);
    let mut depth = vec![0];
    let mut above = Vec::new();
    for k in 1..size {
        let newest = k - 1;
        let on = k <= chain || (draw.chance(0.8) && depth[newest] < chain);
        let upper = if on {
            newest
        } else {
            let open: Vec<usize> = (0..k).filter(|&b| depth[b] < chain).collect();
            draw.one_of(&open).unwrap_or(0)
        };
        above.push(upper);
        depth.push(depth[upper] + 1);
    }
    Grown {
        number,
        above,
        voltage: profile.voltage,
        r_pu: Vec::new(),
        x_pu: Vec::new(),
        rating: Vec::new(),
    }
}

/// `count` values of the given sum, some of the other sign, on a grid of 0.0001 MW.
pub(super) fn mixed(sum: f64, count: usize, draw: &mut Draw) -> Vec<f64> {
    let against: Vec<bool> = (0..count).map(|_| draw.chance(0.3)).collect();
    let weights: Vec<f64> = (0..count)
        .map(|_| round(libm::exp(draw.normal()), 3))
        .collect();
    let total = |side: bool| -> f64 {
        let each = weights.iter().zip(&against);
        each.filter(|(_, a)| **a == side).map(|(w, _)| w).sum()
    };
    let (with, other) = (total(false).max(1e-3), total(true).max(1e-3));
    // Six tenths of the sum stand against one and six tenths.
    let turned = if against.contains(&true) && against.contains(&false) {
        0.6
    } else {
        0.0
    };
    let mut values: Vec<f64> = weights
        .iter()
        .zip(&against)
        .map(|(w, a)| match a {
            true if turned == 0.0 => sum * w / other,
            true => -turned * sum * w / other,
            false => (1.0 + turned) * sum * w / with,
        })
        .map(|value| round(value, 4))
        .collect();
    let rest = sum - values.iter().sum::<f64>();
    if let Some(last) = values.last_mut() {
        *last = round(*last + rest, 4);
    }
    values
}

/// A value that drifts over the periods.
pub(super) fn over_time(first: f64, periods: usize, draw: &mut Draw) -> Vec<f64> {
    let mut value = first;
    let mut values = Vec::with_capacity(periods);
    for _ in 0..periods {
        values.push(round(value, 4));
        value *= 1.0 + 0.05 * draw.normal();
    }
    values
}

/// Imbalances at a part of the buses of each feeder, of the sum of the profile in the first period.
pub(super) fn imbalances(profile: &Profile, feeders: &[Grown], draw: &mut Draw) -> Vec<Vec<Local>> {
    let share = draw.between(0.4, 0.8);
    let mut places = Vec::new();
    for (f, feeder) in feeders.iter().enumerate() {
        places.extend(
            (0..feeder.buses())
                .filter(|_| draw.chance(share))
                .map(|k| (f, k)),
        );
    }
    let (_, sum) = profile.imbalance;
    let mut first: HashMap<(usize, usize), f64> = HashMap::new();
    let values = mixed(sum, places.len(), draw);
    first.extend(places.into_iter().zip(values));
    let mut all = Vec::new();
    for (f, feeder) in feeders.iter().enumerate() {
        let locals = (0..feeder.buses()).map(|k| {
            let p = first.get(&(f, k)).copied().unwrap_or(0.0);
            let p_mw = over_time(p, profile.periods, draw);
            // What consumes less than expected leaves reactive power, too.
            let ratio = if p == 0.0 {
                0.0
            } else {
                draw.between(0.1, 0.4)
            };
            Local {
                bus: feeder.bus(k),
                q_mvar: p_mw.iter().map(|p| round(p * ratio, 4)).collect(),
                p_mw,
            }
        });
        all.push(locals.collect());
    }
    all
}

/// Resistances and reactances: the least where the most flows.
pub(super) fn impedances(
    profile: &Profile,
    feeders: &mut [Grown],
    local: &[Vec<Local>],
    draw: &mut Draw,
) {
    for (feeder, local) in feeders.iter_mut().zip(local) {
        let sizes: Vec<f64> = local.iter().map(|l| l.p_mw[0].abs() + 0.001).collect();
        let weight = feeder.below(&sizes);
        let lines = feeder.above.len();
        let mut order: Vec<usize> = (0..lines).collect();
        let jitter: Vec<f64> = (0..lines).map(|_| draw.between(0.5, 2.0)).collect();
        let key = |l: &usize| weight[l + 1] * jitter[*l];
        crate::sort::by(&mut order, |a, b| key(b).total_cmp(&key(a)));
        let mut z: Vec<f64> = (0..lines).map(|_| draw.normal()).collect();
        z.sort_by(f64::total_cmp);
        feeder.r_pu = vec![0.0; lines];
        feeder.x_pu = vec![0.0; lines];
        let apart = (1.0 - CORRELATION * CORRELATION).sqrt();
        for (l, z) in order.into_iter().zip(z) {
            let zx = CORRELATION * z + apart * draw.normal();
            feeder.r_pu[l] = round(quantile(&profile.line_r, z), 6).max(1e-6);
            feeder.x_pu[l] = round(quantile(&profile.line_x, zx), 6).max(1e-6);
        }
    }
}

/// Moves imbalance to the substation until the voltages (LinDistFlow) leave some room.
pub(super) fn within_voltages(
    profile: &Profile,
    feeders: &[Grown],
    mut local: Vec<Vec<Local>>,
) -> Vec<Vec<Local>> {
    let (low, high) = profile.voltage;
    for (feeder, local) in feeders.iter().zip(&mut local) {
        let mut keep = 1_f64;
        for t in 0..profile.periods {
            let p = feeder.below(&local.iter().map(|l| l.p_mw[t]).collect::<Vec<_>>());
            let q = feeder.below(&local.iter().map(|l| l.q_mvar[t]).collect::<Vec<_>>());
            let mut w = vec![0.0; feeder.buses()]; // V² - 1
            for k in 1..feeder.buses() {
                let (r, x) = (feeder.r_pu[k - 1], feeder.x_pu[k - 1]);
                w[k] = w[feeder.above[k - 1]] + 2.0 * (r * p[k] + x * q[k]);
                let room = if w[k] > 0.0 {
                    high * high - 1.0
                } else {
                    low * low - 1.0
                };
                if w[k] != 0.0 {
                    keep = keep.min(VOLTAGE_USED * room / w[k]);
                }
            }
        }
        if keep >= 1.0 {
            continue;
        }
        for t in 0..profile.periods {
            let before: f64 = local.iter().map(|l| l.p_mw[t]).sum();
            for each in local.iter_mut() {
                each.p_mw[t] = round(each.p_mw[t] * keep, 4);
                each.q_mvar[t] = round(each.q_mvar[t] * keep, 4);
            }
            let after: f64 = local.iter().map(|l| l.p_mw[t]).sum();
            if let Some(root) = local.first_mut() {
                root.p_mw[t] = round(root.p_mw[t] + before - after, 4);
            }
        }
    }
    local
}

/// Ratings: the greatest where the most flows, none below the flow of the imbalances; but in some
/// feeders a line is rated below it where the bids behind can make up for it.
pub(super) fn ratings(
    profile: &Profile,
    feeders: &mut [Grown],
    local: &[Vec<Local>],
    bids: &[Bid],
    draw: &mut Draw,
) {
    let flexibility = flexibility(bids, profile.periods);
    for (f, (feeder, local)) in feeders.iter_mut().zip(local).enumerate() {
        let lines = feeder.above.len();
        let flows: Vec<(Vec<f64>, Vec<f64>)> = (0..profile.periods)
            .map(|t| {
                let p: Vec<f64> = local.iter().map(|l| l.p_mw[t]).collect();
                let q: Vec<f64> = local.iter().map(|l| l.q_mvar[t]).collect();
                (feeder.below(&p), feeder.below(&q))
            })
            .collect();
        let need: Vec<f64> = (1..=lines)
            .map(|k| {
                let at = flows
                    .iter()
                    .map(|(p, q)| (p[k] * p[k] + q[k] * q[k]).sqrt());
                round(at.fold(0.0, f64::max), 4)
            })
            .collect();
        let mut drawn: Vec<f64> = (0..lines)
            .map(|_| round(draw.quantity(&profile.line_rating), 2))
            .collect();
        crate::sort::by(&mut drawn, |a, b| b.total_cmp(a));
        let counts = feeder.below(&vec![1.0; lines + 1]);
        let mut order: Vec<usize> = (0..lines).collect();
        let key = |l: &usize| need[*l] + 0.01 * counts[l + 1];
        crate::sort::by(&mut order, |a, b| key(b).total_cmp(&key(a)));
        feeder.rating = vec![0.0; lines];
        for (l, rating) in order.into_iter().zip(drawn) {
            feeder.rating[l] = round(rating.max(1.05 * need[l] + 0.02), 2);
        }
        if !draw.chance(CONGESTED) && f > 0 {
            continue;
        }
        // Relief in every period against the direction of its flow.
        let relief: Vec<f64> = (0..profile.periods)
            .map(|t| {
                let room: Vec<(f64, f64)> = (0..feeder.buses())
                    .map(|k| {
                        flexibility
                            .get(&(feeder.bus(k), t))
                            .copied()
                            .unwrap_or_default()
                    })
                    .collect();
                let up = feeder.below(&room.iter().map(|r| r.0).collect::<Vec<_>>());
                let down = feeder.below(&room.iter().map(|r| r.1).collect::<Vec<_>>());
                let p = &flows[t].0;
                let against = |k: usize| if p[k] > 0.0 { down[k] } else { up[k] };
                (1..=lines).map(against).collect::<Vec<f64>>()
            })
            .reduce(|a, b| a.iter().zip(&b).map(|(a, b)| a.min(*b)).collect())
            .unwrap_or_default();
        let open: Vec<usize> = (0..lines)
            .filter(|&l| need[l] >= 0.02 && relief[l] >= 0.4 * need[l])
            .collect();
        if let Some(l) = draw.one_of(&open) {
            feeder.rating[l] = round(0.85 * need[l], 3);
        }
    }
}

/// Half of what is offered at a bus in a period, upward and downward, MW.
fn flexibility(bids: &[Bid], periods: usize) -> HashMap<(String, usize), (f64, f64)> {
    let mut all: HashMap<(String, usize), (f64, f64)> = HashMap::new();
    for bid in bids {
        for offer in &bid.offers {
            let t = offer.period - 1;
            if t >= periods || offer.no_new_activation {
                continue;
            }
            let sum = all.entry((bid.bus.clone(), t)).or_default();
            for segment in &offer.segments {
                sum.0 += segment.max_p_mw.max(0.0) / 2.0;
                sum.1 -= segment.min_p_mw.min(0.0) / 2.0;
            }
        }
    }
    all
}

/// Members of exclusive groups, each at least two where there are enough.
pub(super) fn group_sizes(groups: usize, members: usize, draw: &mut Draw) -> Vec<usize> {
    let weights: Vec<f64> = (0..groups).map(|_| draw.between(0.6, 1.4)).collect();
    shares(members, &weights, 2.min(members / groups.max(1)))
}
