//! Whether what is forwarded is safe: by the rows, by points drawn in the box, and by AC power flow
//! at its corners.
//!
//! LinDistFlow has no losses, so the AC power flow is a check of the model rather than of the box:
//! what it finds over a limit with nothing forwarded is named beside what it finds at the corners.
//!
//! Section `[bsp]`(4.3) of the model notes.

use std::collections::BTreeMap;

use crate::market::shared::safe_box::reach;
use crate::network::{LineFlow, sweep};

use super::forwarding::Forwarded;
use super::system::{Hour, System};

/// Resources up to which every corner is swept.
const EVERY_CORNER: usize = 6;

/// Activations closer than this are the same.
const ROUNDING_MW: f64 = 1e-12;

/// The figures of one period.
#[derive(Clone, Copy, Debug, Default)]
pub struct Safety {
    /// Largest Σ max(G x, −G y) over the room of its limit, MW; at most 0 is the certificate.
    pub row_over_mw: f64,
    /// The worst Σ G (a + z) − h among the points drawn, MW.
    pub sample_over_mw: f64,
    /// Corners swept, and the worst found by AC power flow beside what was there before: lines over
    /// their limit at the sending end, MW, and voltages outside theirs, p.u.
    pub corners: usize,
    pub ac_line_over_mw: f64,
    pub ac_voltage_over_pu: f64,
    pub ac_before_line_over_mw: f64,
    pub ac_before_voltage_over_pu: f64,
}

/// Uniform numbers in 0..1 from a seed (SplitMix64).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed)
    }

    /// The next one.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Net activations after stage one, MW, and what is forwarded around them.
pub type Forwarding<'a> = (&'a [f64], &'a Forwarded);

/// Checks boxes of period `t`, e.g. of every behaviour: points are drawn once and corners that several
/// have are swept once.
pub fn check(system: &System, t: usize, boxes: &[Forwarding], samples: usize) -> Vec<Safety> {
    let hour = &system.hours[t];
    let mut swept = BTreeMap::new();
    let drawn = sampled(hour, boxes, samples, t as u64);
    let checked = boxes.iter().zip(drawn);
    checked
        .map(|(&(net_mw, box_), sample_over_mw)| {
            let over = hour
                .limits
                .iter()
                .map(|limit| reach(&limit.g, &box_.up_mw, &box_.down_mw) - limit.room_mw(net_mw));
            let mut safety = Safety {
                row_over_mw: over.fold(f64::NEG_INFINITY, f64::max),
                sample_over_mw,
                ..Safety::default()
            };
            corners(system, t, net_mw, box_, &mut swept, &mut safety);
            safety
        })
        .collect()
}

/// Points looked at together.
const BLOCK: usize = 64;

/// The worst Σ G (a + z) − h over points z drawn in each box; overloads that were there before count
/// from where they were.
pub fn sampled(hour: &Hour, boxes: &[Forwarding], samples: usize, seed: u64) -> Vec<f64> {
    if hour.limits.is_empty() {
        return vec![f64::NEG_INFINITY; boxes.len()];
    }
    let mut draw = Draw::new(seed + 1);
    let n = hour.max_up_mw.len();
    let (mut drawn, mut z) = (vec![[0.0; BLOCK]; n], vec![[0.0; BLOCK]; n]);
    // The greatest Σ G z by box, limit and place in a block.
    let mut most = vec![vec![[f64::NEG_INFINITY; BLOCK]; hour.limits.len()]; boxes.len()];
    for begin in (0..samples).step_by(BLOCK) {
        let points = BLOCK.min(samples - begin);
        for point in 0..points {
            drawn.iter_mut().for_each(|own| own[point] = draw.uniform());
        }
        for own in &mut drawn {
            let first = own[0];
            own[points..].fill(first);
        }
        for ((_, box_), most) in boxes.iter().zip(&mut most) {
            for (k, (z, drawn)) in z.iter_mut().zip(&drawn).enumerate() {
                let (down, up) = (box_.down_mw[k], box_.up_mw[k]);
                for (z, drawn) in z.iter_mut().zip(drawn) {
                    *z = -down + (up + down) * drawn;
                }
            }
            for (limit, most) in hour.limits.iter().zip(most) {
                raise(most, &limit.g, &z);
            }
        }
    }
    let over = |net_mw: &[f64], most: &[[f64; BLOCK]]| {
        let rows = hour.limits.iter().zip(most);
        let worst = rows.map(|(limit, most)| largest(most) - limit.room_mw(net_mw));
        worst.fold(f64::NEG_INFINITY, f64::max)
    };
    let found = boxes.iter().zip(&most);
    found
        .map(|((net_mw, _), most)| over(net_mw, most))
        .collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Raises `most` to Σ G z where that is greater.
fn raise(most: &mut [f64; BLOCK], g: &[f64], z: &[[f64; BLOCK]]) {
    let mut sum = [0.0; BLOCK];
    for (g, z) in g.iter().zip(z).filter(|(g, _)| **g != 0.0) {
        for (sum, z) in sum.iter_mut().zip(z) {
            *sum += g * z;
        }
    }
    for (most, sum) in most.iter_mut().zip(&sum) {
        *most = if *sum > *most { *sum } else { *most };
    }
}

/// Lines and voltages over their limits at points swept already, by the bits of their activations.
type Swept = BTreeMap<Vec<u64>, (f64, f64)>;

/// A capacity reached but for rounding is that capacity: it is a corner of several behaviours.
fn or_whole(mw: f64, capacity: f64) -> f64 {
    if (mw - capacity).abs() < ROUNDING_MW {
        capacity
    } else {
        mw
    }
}

/// AC power flow at the corners: all of them where they are few, else everything up, everything
/// down and, for each limit, the corner that moves it most.
fn corners(
    system: &System,
    t: usize,
    net_mw: &[f64],
    box_: &Forwarded,
    swept: &mut Swept,
    safety: &mut Safety,
) {
    let (n, hour) = (net_mw.len(), &system.hours[t]);
    let mut list: Vec<Vec<f64>> = Vec::new();
    let corner = |up: &dyn Fn(usize) -> bool| -> Vec<f64> {
        let at = |k: usize| match up(k) {
            true => or_whole(net_mw[k] + box_.up_mw[k], hour.max_up_mw[k]),
            false => or_whole(net_mw[k] - box_.down_mw[k], -hour.max_down_mw[k]),
        };
        (0..n).map(at).collect()
    };
    if n <= EVERY_CORNER {
        list.extend((0..1_usize << n).map(|mask| corner(&|k| mask >> k & 1 == 1)));
    } else {
        list.push(corner(&|_| true));
        list.push(corner(&|_| false));
        let limits = hour.limits.iter();
        list.extend(limits.map(|l| corner(&|k| l.g[k] > 0.0)));
    }
    crate::sort::by(&mut list, |a, b| {
        a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)
    });
    list.dedup();
    safety.corners = list.len();
    let mut over = |point: &[f64]| -> (f64, f64) {
        let bits = point.iter().map(|a| a.to_bits()).collect();
        *swept
            .entry(bits)
            .or_insert_with(|| ac_over(system, t, point))
    };
    let before = over(net_mw);
    (
        safety.ac_before_line_over_mw,
        safety.ac_before_voltage_over_pu,
    ) = before;
    for point in &list {
        let (line, voltage) = over(point);
        safety.ac_line_over_mw = safety.ac_line_over_mw.max(line);
        safety.ac_voltage_over_pu = safety.ac_voltage_over_pu.max(voltage);
    }
}

/// Worst line and voltage over their limits by AC power flow, MW and p.u.; infinite where the power
/// flow does not settle.
pub fn ac_over(system: &System, t: usize, net_mw: &[f64]) -> (f64, f64) {
    let hour = &system.hours[t];
    let mut injected: Vec<(f64, f64)> = hour
        .load_mw
        .iter()
        .zip(&hour.load_mvar)
        .map(|(p, q)| (-p, -q))
        .collect();
    for (&bus, a) in system.at.iter().zip(net_mw) {
        injected[bus].0 += a;
    }
    let feeder = &system.feeder;
    let Ok(flow) = sweep(&system.tree, feeder.root_v_pu, &injected) else {
        return (f64::INFINITY, f64::INFINITY);
    };
    let sent = |part: fn(&LineFlow) -> f64| -> Vec<f64> { flow.lines.iter().map(part).collect() };
    let (p, q) = (sent(|l| l.p_sent_mw), sent(|l| l.q_sent_mvar));
    worst(system, &p, &q, &flow.v_pu)
}

/// The worst line over its limit, MW, and the worst voltage outside its own, p.u., with what enters the
/// line above each bus outwards, MW and Mvar.
pub fn worst(system: &System, p: &[f64], q: &[f64], v_pu: &[f64]) -> (f64, f64) {
    let (mut over, mut off) = (0.0_f64, 0.0_f64);
    for &j in &system.tree.order {
        let bus = &system.feeder.buses[j];
        off = off.max(v_pu[j] - bus.max_v_pu).max(bus.min_v_pu - v_pu[j]);
        let Some(above) = system.tree.above[j] else {
            continue;
        };
        let line = &system.feeder.lines[above.line];
        let along = above.sign * p[j];
        over = over.max(along - line.max_p_mw.unwrap_or(f64::INFINITY));
        over = over.max(line.min_p_mw.unwrap_or(f64::NEG_INFINITY) - along);
        let apparent = libm::hypot(p[j], q[j]);
        over = over.max(apparent - line.max_s_mva.unwrap_or(f64::INFINITY));
    }
    (over, off)
}
