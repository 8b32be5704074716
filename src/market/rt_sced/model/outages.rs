//! Which losses a secure dispatch holds, and what each puts on every line with a limit.
//!
//! ```text
//! of a line k    LODF_mk                            for each MW of its flow
//! of a unit g    Σ_j γ_j SF_mj − SF_mg              for each MW of its output
//!                γ_j = P_j^max / Σ_{i≠g} P_i^max    of the other units j
//! ```
//!
//! What a unit gave is taken up by all others in proportion to their greatest output, whatever they give: the response of
//! their governors to the frequency, each with a droop on its own rating. Wood, Wollenberg, Sheblé, Power Generation,
//! Operation, and Control, 3rd ed. (2014), section 7.3. That they have room for it is a matter of reserve, which is not
//! asked here.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::case::Case;
use crate::market::rt_sced::params::{self, RtSced};
use crate::network::Network;

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A branch, by index.
    Line(usize),
    /// A generator, by index.
    Unit(usize),
}

/// Shares that are kept, at most: 80 MB. Where there are more they are worked out each time they are looked at.
const KEPT: usize = 10_000_000;

/// Units that move after the loss of a line.
pub struct Corrective {
    pub minutes: f64,
    /// Of every generator.
    pub units: Vec<Mover>,
}

/// How a generator moves after a loss.
pub struct Mover {
    pub bus: usize,
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    /// How far it gets, MW; infinite without a ramp limit.
    pub reach_mw: f64,
}

impl Corrective {
    /// Generators as a scenario has them, with their buses.
    fn new(case: &Case, params: &RtSced, buses: impl Iterator<Item = usize>) -> Option<Corrective> {
        let minutes = params.corrective_minutes;
        let units = case.generators.iter().zip(buses);
        let units = units.map(|(g, bus)| Mover {
            bus,
            min_p_mw: g.min_p_mw,
            max_p_mw: g.max_p_mw,
            reach_mw: g
                .ramp_mw_per_min
                .map_or(f64::INFINITY, |ramp| ramp * minutes),
        });
        (minutes > 0.0).then(|| Corrective {
            minutes,
            units: units.collect(),
        })
    }
}

/// The losses that are held.
pub struct Security {
    /// ρ.
    pub rating: f64,
    /// Of the branches whose loss leaves the network in one piece, then of units.
    pub losses: Vec<Loss>,
    /// Branches whose loss splits it, or leaves its flows undetermined: not held.
    pub splits: Vec<usize>,
    /// Units whose output no other could take up: not held.
    pub alone: Vec<usize>,
    /// Where units move after the loss of a line.
    pub corrective: Option<Corrective>,
    /// Bus and greatest output of every generator.
    units: Vec<(usize, f64)>,
    /// Branches with a limit.
    rated: Vec<usize>,
    /// What each loss puts on each of these, MW for each MW that is lost, loss by loss: of lines, of units.
    shares: [OnceCell<Option<Rc<Vec<f64>>>>; 2],
}

impl Security {
    /// All losses that a scenario asks for; units come by bus and greatest output, MW.
    pub fn new(
        case: &Case,
        params: &RtSced,
        network: &Network,
        units: Vec<(usize, f64)>,
    ) -> Option<Security> {
        let with_units = match params.security {
            params::Security::None => return None,
            params::Security::Lines => false,
            params::Security::LinesAndUnits => true,
        };
        let bridges = network.bridges();
        let in_service = case.branches.iter().enumerate();
        let in_service = in_service.filter(|(_, b)| b.in_service);
        let rated = in_service.clone().filter(|(_, b)| b.max_p_mw.is_some());
        let rated = rated.map(|(l, _)| l).collect();
        let in_service = in_service.map(|(l, _)| l);
        let (splits, held): (Vec<usize>, Vec<usize>) = in_service.partition(|&l| bridges[l]);
        let mut losses: Vec<Loss> = held.into_iter().map(Loss::Line).collect();
        let mut alone = Vec::new();
        let gives = |g: &usize| with_units && units[*g].1 > 0.0;
        for g in (0..units.len()).filter(gives) {
            match all_but(&units, g) > 0.0 {
                true => losses.push(Loss::Unit(g)),
                false => alone.push(g),
            }
        }
        Some(Security {
            rating: params.rating_after_outage,
            losses,
            splits,
            alone,
            corrective: Corrective::new(case, params, units.iter().map(|(bus, _)| *bus)),
            units,
            rated,
            shares: Default::default(),
        })
    }

    /// Whether the loss of some unit is held.
    pub fn has_units(&self) -> bool {
        matches!(self.losses.last(), Some(Loss::Unit(_)))
    }

    /// What a loss puts on each branch with a limit, in the order of the case, MW for each MW that is lost.
    fn put(&self, network: &Network, loss: Loss, shares: &mut Vec<f64>) {
        let column = match loss {
            Loss::Line(branch) => {
                shares.extend(network.lodf_of(&[branch], &self.rated));
                return;
            }
            Loss::Unit(g) => {
                let others = all_but(&self.units, g);
                let mut injection_mw = vec![0.0; network.buses()];
                for (j, &(bus, most)) in self.units.iter().enumerate() {
                    if j != g {
                        injection_mw[bus] += most.max(0.0) / others;
                    }
                }
                injection_mw[self.units[g].0] -= 1.0;
                network.added_flows_mw(injection_mw)
            }
        };
        shares.extend(self.rated.iter().map(|&l| column[l]));
    }

    /// Takes over what losses of lines put on branches from a system with the same network; whether it has the same lines.
    pub fn take_shares(&mut self, other: &Security) -> bool {
        let same = self.rated == other.rated
            && self.losses[..self.lines()] == other.losses[..other.lines()];
        if same {
            self.shares[0] = other.shares[0].clone();
        }
        same
    }

    /// Lines whose loss is held.
    fn lines(&self) -> usize {
        let is_line = |loss: &Loss| matches!(loss, Loss::Line(_));
        self.losses.partition_point(is_line)
    }

    /// Shows every loss with what it puts on each branch with a limit.
    pub fn each(&self, network: &Network, mut see: impl FnMut(Loss, &[f64])) {
        let width = self.rated.len();
        let (of_lines, of_units) = self.losses.split_at(self.lines());
        for (losses, kept) in [of_lines, of_units].into_iter().zip(&self.shares) {
            let kept = kept.get_or_init(|| {
                let count = losses.len() * width;
                (count <= KEPT).then(|| {
                    let lines = losses.iter().filter_map(|loss| match loss {
                        Loss::Line(branch) => Some(*branch),
                        Loss::Unit(_) => None,
                    });
                    let lines: Vec<usize> = lines.collect();
                    let mut shares = network.lodf_of(&lines, &self.rated);
                    shares.reserve_exact(count - shares.len());
                    for &loss in losses.iter().skip(lines.len()) {
                        self.put(network, loss, &mut shares);
                    }
                    Rc::new(shares)
                })
            });
            let mut own = Vec::new();
            for (n, &loss) in losses.iter().enumerate() {
                match kept {
                    Some(kept) => see(loss, &kept[n * width..(n + 1) * width]),
                    None => {
                        own.clear();
                        self.put(network, loss, &mut own);
                        see(loss, &own);
                    }
                }
            }
        }
    }
}

/// Σ P^max of all units but one, MW.
fn all_but(units: &[(usize, f64)], g: usize) -> f64 {
    let others = units.iter().enumerate().filter(|(j, _)| *j != g);
    others.map(|(_, (_, most))| most.max(0.0)).sum()
}
