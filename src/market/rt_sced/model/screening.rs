//! Screening: what losses do to flows, and the limits that come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::correction::{Lost, least_excess};
use super::known::Known;
use super::limit::{Cut, Limit, Outage};
use super::outages::Loss;
use super::system::System;

/// Excess over a rating after an outage that counts as none in a case of ordinary size, MW: that of a flow as it is.
pub const TOLERANCE_MW: f64 = super::dispatch::FLOW_TOLERANCE_MW;

/// Distance from a rating, relative, at which a flow may count as meeting it: more than prices take for tight.
const MET: f64 = 1e-6;

/// Lines that the name of a limit has, at most.
const NAMED: usize = 3;

/// Limits after a loss: the limit of the line as it is, what is lost, and the share of that which the line takes up.
pub type Pairs = BTreeMap<(usize, Loss), f64>;

/// Limits after losses that are looked for.
#[derive(Clone, Default)]
pub struct Found {
    pub pairs: Pairs,
    /// After corrections.
    pub cuts: Vec<Rc<Cut>>,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.cuts.is_empty()
    }

    /// Takes over those of another.
    pub fn extend(&mut self, other: &Found) {
        self.pairs.extend(&other.pairs);
        self.cuts.extend(other.cuts.iter().cloned());
    }
}

/// Adds what was found to the limits of a system; whether any of it is new.
pub fn add_found(system: &mut System, found: &Found) -> bool {
    let before = system.limits.len();
    for cut in &found.cuts {
        let mut all = system.limits.iter();
        if all.any(|l| l.cut.as_ref().is_some_and(|own| own.is_same(cut))) {
            continue;
        }
        if let Some(limit) = limit_of_cut(system, cut) {
            system.limits.push(limit);
        }
    }
    add(system, &found.pairs);
    let any = system.limits.len() > before;
    if any {
        ordered(system);
    }
    any
}

/// Adds limits after losses to a system, in the order of the case.
pub fn add(system: &mut System, pairs: &Pairs) {
    if pairs.is_empty() {
        return;
    }
    for (&(k, lost), &share) in pairs {
        let place = system.place_of(lost);
        let limit = limit_of(system, k, Outage { lost, share, place });
        system.limits.push(limit);
    }
    ordered(system);
}

/// Puts limits after losses in the order of the case.
fn ordered(system: &mut System) {
    let lines = system.line_limits().end;
    let of = |limit: &Limit| (limit.branch, limit.outage.map(|outage| outage.lost));
    crate::sort::by_key(&mut system.limits[lines..], of);
    // What is known names limits by their places.
    *system.known.get_mut() = Known::default();
}

/// The limit of a line after a loss.
pub fn limit_of(system: &System, k: usize, outage: Outage) -> Limit {
    let rating = system.security.as_ref().map_or(1.0, |s| s.rating);
    let line = &system.limits[k];
    let name = match outage.lost {
        Loss::Line(branch) => system.branch_ids[branch].clone(),
        Loss::Unit(g) => format!("unit {}", system.generators[g].id),
    };
    line.after(outage, &name, rating * line.max_p_mw)
}

/// The limit that a cut is, the next of its line and loss.
pub fn limit_of_cut(system: &System, cut: &Rc<Cut>) -> Option<Limit> {
    let first = cut.lines.first()?;
    let lost = Loss::Line(cut.lost);
    let own = system.limits.iter().find(|l| l.branch == first.branch)?;
    let alike = |l: &&Limit| {
        let outage = l.outage.filter(|_| l.cut.is_some());
        l.branch == first.branch && outage.is_some_and(|out| out.lost == lost)
    };
    let outage = Outage {
        lost,
        share: first.share,
        place: system.place_of(lost),
    };
    let n = 1 + system.limits.iter().filter(alike).count();
    let ids = cut
        .lines
        .iter()
        .map(|m| system.branch_ids[m.branch].as_str());
    let mut lines: Vec<&str> = ids.collect();
    if lines.len() > NAMED {
        lines.truncate(NAMED);
        lines.push("…");
    }
    let names = (&*lines.join("+"), &*system.branch_ids[cut.lost]);
    Some(own.corrected(cut, outage, names, n))
}

/// Branches and losses of limits.
pub fn known(limits: &[Limit]) -> BTreeSet<(usize, Loss)> {
    let after = limits.iter().filter(|limit| limit.cut.is_none());
    after
        .filter_map(|limit| Some((limit.branch, limit.outage?.lost)))
        .collect()
}

/// Limits of what is exceeded.
pub fn found(exceeded: &[Beyond]) -> Found {
    let pairs = exceeded.iter().filter(|b| b.cut.is_none());
    Found {
        pairs: pairs.map(|b| ((b.limit, b.lost), b.share)).collect(),
        cuts: exceeded.iter().filter_map(|b| b.cut.clone()).collect(),
    }
}

/// A limit of a line that a loss exceeds.
#[derive(Clone)]
pub struct Beyond {
    pub limit: usize,
    pub lost: Loss,
    pub share: f64,
    /// What a correction cannot mend.
    pub cut: Option<Rc<Cut>>,
    pub excess_mw: f64,
}

/// What losses do to flows.
pub struct Screened {
    /// Of each of the flows, each line and each direction the loss that exceeds it most and is not known, the largest
    /// excess first.
    pub exceeded: Vec<Beyond>,
    /// Those that are met and not known either.
    pub met: Found,
    /// Largest excess of all, of each of the flows, MW.
    pub worst_mw: Vec<f64>,
}

/// Of each line, the loss that exceeds it most in each direction.
pub fn screen(system: &System, flows: &[&[f64]], known: &BTreeSet<(usize, Loss)>) -> Screened {
    let mut screened = Screened {
        exceeded: Vec::new(),
        met: Found::default(),
        worst_mw: vec![f64::NEG_INFINITY; flows.len()],
    };
    let Some(security) = &system.security else {
        return screened;
    };
    let tolerance = system.tolerance_mw(TOLERANCE_MW);
    let unit = system.tolerance_mw(1.0);
    let lines = &system.limits[system.line_limits()];
    let ratings = lines.iter().map(|l| security.rating * l.max_p_mw);
    let ratings: Vec<f64> = ratings.collect();
    let on = |flows: &&[f64]| lines.iter().map(|l| flows[l.branch]).collect();
    let on_lines: Vec<Vec<f64>> = flows.iter().map(on).collect();
    // Excess, loss and share by flows, line and direction.
    let none: (f64, Option<(Loss, f64)>) = (tolerance, None);
    let mut worst = vec![[none; 2]; flows.len() * lines.len()];
    let mut mended = Mended::new(system);
    security.each(&system.network, |lost, shares| {
        let out = system.place_of(lost);
        if let (Some(_), Loss::Line(branch)) = (&security.corrective, lost) {
            for (n, (flows, on_lines)) in flows.iter().zip(&on_lines).enumerate() {
                let lost = Lost { branch, shares };
                let most = &mut screened.worst_mw[n];
                *most = most.max(mended.see(lost, (n, flows), (on_lines, &ratings)));
            }
            return;
        }
        for (n, flows) in flows.iter().enumerate() {
            let most = &mut screened.worst_mw[n];
            let gone = flows[out];
            let all = on_lines[n].iter().zip(shares).zip(&ratings);
            for (k, ((own, &share), &rating)) in all.enumerate() {
                let flow = own + share * gone;
                let excess = flow.abs() - rating;
                let near = MET * (unit + rating);
                if excess < -near && excess <= *most {
                    continue;
                }
                if lines[k].branch == out {
                    continue;
                }
                let is_new = || !known.contains(&(lines[k].branch, lost));
                if excess.abs() <= near && is_new() {
                    screened.met.pairs.insert((k, lost), share);
                }
                // Flows that are no numbers are not secure.
                *most = most.max(if excess.is_nan() {
                    f64::INFINITY
                } else {
                    excess
                });
                let side = &mut worst[n * lines.len() + k][usize::from(flow > 0.0)];
                if excess > side.0 && is_new() {
                    *side = (excess, Some((lost, share)));
                }
            }
        }
    });
    for (place, sides) in worst.iter().enumerate() {
        let found = sides.iter().filter_map(|(excess, found)| {
            let (lost, share) = (*found)?;
            Some(Beyond {
                limit: place % lines.len(),
                lost,
                share,
                cut: None,
                excess_mw: *excess,
            })
        });
        screened.exceeded.extend(found);
    }
    screened.met.cuts = mended.met;
    screened.exceeded.extend(mended.worst.into_values());
    crate::sort::by(&mut screened.exceeded, |a, b| {
        b.excess_mw.total_cmp(&a.excess_mw)
    });
    screened
}

/// What corrections leave after losses of lines.
struct Mended<'a> {
    system: &'a System,
    /// Of each of the flows, each line and each direction the loss that it exceeds most.
    worst: BTreeMap<(usize, usize, bool), Beyond>,
    /// What is just met, and not known.
    met: Vec<Rc<Cut>>,
}

impl<'a> Mended<'a> {
    fn new(system: &'a System) -> Mended<'a> {
        Mended {
            system,
            worst: BTreeMap::new(),
            met: Vec::new(),
        }
    }

    /// The excess over a rating that is left after a loss, MW.
    fn see(
        &mut self,
        lost: Lost,
        (n, flows): (usize, &[f64]),
        (on_lines, ratings): (&[f64], &[f64]),
    ) -> f64 {
        let system = self.system;
        let unit = system.tolerance_mw(1.0);
        let lines = &system.limits[system.line_limits()];
        let gone = flows[lost.branch];
        let mut most = f64::NEG_INFINITY;
        let mut is_near = false;
        for (k, (own, share)) in on_lines.iter().zip(lost.shares).enumerate() {
            let excess = (own + share * gone).abs() - ratings[k];
            if lines[k].branch == lost.branch || excess <= most {
                continue;
            }
            most = excess;
            is_near |= excess >= -MET * (unit + ratings[k]);
        }
        // Flows that are no numbers are not secure.
        if gone.is_nan() || lost.shares.iter().any(|share| share.is_nan()) {
            return f64::INFINITY;
        }
        if !is_near {
            return most;
        }
        let Some(correction) = least_excess(system, lost, flows) else {
            return most;
        };
        let excess = correction.excess_mw;
        let cuts = correction.cuts.into_iter().map(Rc::new);
        if excess <= system.tolerance_mw(TOLERANCE_MW) {
            self.met.extend(cuts);
            return excess;
        }
        for cut in cuts {
            let first = cut.lines[0];
            let limit = lines.partition_point(|l| l.branch < first.branch);
            let beyond = Beyond {
                limit,
                lost: Loss::Line(lost.branch),
                share: first.share,
                cut: Some(Rc::clone(&cut)),
                excess_mw: excess,
            };
            let worst = self.worst.entry((n, limit, first.weight > 0.0));
            let worst = worst.or_insert_with(|| beyond.clone());
            if excess > worst.excess_mw {
                *worst = beyond;
            }
        }
        excess
    }
}
