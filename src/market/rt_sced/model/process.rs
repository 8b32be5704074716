//! The rolling process: dispatch, operate, estimate the state, dispatch again.

use std::rc::Rc;

use crate::opt::NewRow;

use super::dispatch::clearing::{Failure, schedule};
use super::dispatch::conflict::conflict_in_operation;
use super::dispatch::lp_text::lp_file;
use super::dispatch::pricing::{Dispatch, dispatch};
use super::dispatch::request::{Request, Sight};
use super::equivalent::{Equivalent, equivalents};
use super::factors::Memory;
use super::operation::{Stuck, operate};
use super::system::{State, System};
use crate::market::rt_sced::params::{Method, RtSced, Rule};
use crate::market::shared::offers::{merit_order, split_by_merit};

/// One interval as it was cleared and as it was carried out.
pub struct Interval {
    pub dispatch: Rc<Dispatch>,
    /// Factors the dispatch used, by group and member.
    pub factors: Vec<Vec<f64>>,
    pub actual: State,
    pub flows_mw: Vec<f64>,
    /// Excess over each limit, MW.
    pub overloads_mw: Vec<f64>,
    pub cost_usd_per_h: f64,
}

impl Interval {
    pub fn worst_overload_mw(&self) -> f64 {
        self.overloads_mw.iter().copied().fold(0.0, f64::max)
    }

    /// Shadow price of limit `k`, $/MWh: both sides together, ∂cost/∂limit of the flow from → to.
    pub fn line_price(&self, k: usize) -> f64 {
        let lines = self.dispatch.prices.lines.iter();
        lines.filter(|(j, _)| *j == k).map(|(_, y)| y).sum()
    }
}

/// Intervals cleared so far and, if the process stopped early, why.
pub struct Roll {
    pub intervals: Vec<Interval>,
    pub stopped: Option<Failure>,
    /// The process after the last interval.
    pub process: Process,
}

/// A dispatch and everything it depended on.
#[derive(Clone)]
struct Repeatable {
    loads_mw: Vec<f64>,
    ranges: Vec<(f64, f64)>,
    /// State estimation and factors, where the program depends on them.
    belief: Option<(State, Vec<Vec<f64>>)>,
    dispatch: Rc<Dispatch>,
}

/// The state a rolling process carries from interval to interval.
#[derive(Clone)]
pub struct Process {
    last: Option<Repeatable>,
    pub se: State,
    pub memories: Vec<Memory>,
    pub equivalents: Rc<Vec<Equivalent>>,
    likely: Vec<(usize, bool)>,
    likely_bids: Vec<NewRow>,
}

impl Process {
    /// The state before the first interval, with the critical lines as (aggregator, limit).
    ///
    /// # Errors
    /// A network equivalent cannot be built.
    pub fn start(
        system: &System,
        params: &RtSced,
        critical: &[(usize, usize)],
    ) -> Result<Process, String> {
        let se = initial_state(system, params);
        let memory = |a: usize| {
            let members = system.groups[a].members.iter().map(|&d| &system.ders[d]);
            let ids: Vec<&str> = members.clone().map(|d| d.id.as_str()).collect();
            let maxima: Vec<f64> = members.map(|d| d.max_p_mw).collect();
            Memory::new(&params.df, &ids, &maxima)
        };
        Ok(Process {
            equivalents: Rc::new(equivalents(system, params, critical, &se)?),
            se,
            memories: (0..system.groups.len()).map(memory).collect(),
            likely: Vec::new(),
            likely_bids: Vec::new(),
            last: None,
        })
    }

    /// The first `count` intervals; stops at the first without a dispatch.
    pub fn run(mut self, system: &System, params: &RtSced, count: usize) -> Roll {
        let mut intervals: Vec<Interval> = Vec::with_capacity(count);
        let mut stopped = None;
        for t in 0..count {
            match self.step(system, params, t) {
                Ok(interval) => intervals.push(interval),
                Err(failure) => {
                    stopped = Some(failure);
                    break;
                }
            }
        }
        Roll {
            intervals,
            stopped,
            process: self,
        }
    }

    /// Clears and carries out interval `t` (0-based): `[zuo2022]` section II.B, steps (i) to (iii).
    ///
    /// # Errors
    /// [`Failure`], when the interval has no dispatch; the process then stays where it was.
    pub fn step(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
    ) -> Result<Interval, Failure> {
        let loads_mw = system.loads_mw(params.load_multiplier(t));
        let factors = self.next_factors(system, params);
        let ranges = self.generator_ranges(system, params);
        let dispatch = self.dispatch(system, params, t, &factors, &loads_mw, &ranges)?;
        let actual = self.carry_out(
            system,
            params,
            t,
            &ranges,
            State {
                generators: dispatch.generators_mw.clone(),
                ders: dispatch.ders_mw.clone(),
                loads: loads_mw,
            },
        )?;
        self.likely.clone_from(&dispatch.binding);
        self.likely_bids.clone_from(&dispatch.bids);
        self.se = actual.clone();
        let flows_mw = system.flows_mw(&actual);
        Ok(Interval {
            overloads_mw: system.overloads_mw(&flows_mw),
            cost_usd_per_h: system.cost_usd_per_h(&actual),
            flows_mw,
            actual,
            factors,
            dispatch,
        })
    }

    /// Where interval `t` would leave the system: as [`Process::step`], without prices.
    ///
    /// # Errors
    /// As [`Process::step`].
    pub fn next_state(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
    ) -> Result<State, Failure> {
        let loads_mw = system.loads_mw(params.load_multiplier(t));
        let factors = self.next_factors(system, params);
        let ranges = self.generator_ranges(system, params);
        let request = self.request(params, t, &factors, &loads_mw, &ranges);
        let instructed = schedule(system, &request)?;
        self.carry_out(system, params, t, &ranges, instructed)
    }

    /// Clears the interval. The program depends on loads, ranges, state estimation and factors
    /// alone (on loads and ranges where every DER is seen at its own bus); while they stay the
    /// same, so does its answer.
    fn dispatch(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
        factors: &[Vec<f64>],
        loads_mw: &[f64],
        ranges: &[(f64, f64)],
    ) -> Result<Rc<Dispatch>, Failure> {
        if let Some(last) = &self.last
            && last.loads_mw == loads_mw
            && last.ranges == ranges
            && last
                .belief
                .as_ref()
                .is_none_or(|(se, known)| se.is_same(&self.se) && same_factors(known, factors))
        {
            return Ok(last.dispatch.clone());
        }
        let request = self.request(params, t, factors, loads_mw, ranges);
        let cleared = Rc::new(dispatch(system, &request)?);
        let belief = match request.sight {
            Sight::Elemental => None,
            _ => Some((self.se.clone(), factors.to_vec())),
        };
        self.last = Some(Repeatable {
            loads_mw: loads_mw.to_vec(),
            ranges: ranges.to_vec(),
            belief,
            dispatch: cleared.clone(),
        });
        Ok(cleared)
    }

    /// What the next dispatch is asked for.
    fn request<'a>(
        &'a self,
        params: &RtSced,
        t: usize,
        factors: &'a [Vec<f64>],
        loads_mw: &'a [f64],
        ranges: &'a [(f64, f64)],
    ) -> Request<'a> {
        let by_block =
            params.method == Method::DistributionFactors && params.df.rule == Rule::Block;
        let elemental = params.method == Method::Optimal || by_block;
        Request {
            name: format!("interval {}", t + 1),
            sight: if elemental {
                Sight::Elemental
            } else if self.equivalents.is_empty() {
                Sight::Factors(factors)
            } else {
                Sight::Equivalent(factors, &self.equivalents)
            },
            se: &self.se,
            loads_mw,
            generator_range_mw: ranges,
            likely: &self.likely,
            likely_bids: &self.likely_bids,
        }
    }

    /// The program of the next interval as text.
    ///
    /// # Errors
    /// The interval has no dispatch.
    pub fn lp_file(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
    ) -> Result<String, Failure> {
        let loads_mw = system.loads_mw(params.load_multiplier(t));
        let factors = self.next_factors(system, params);
        let ranges = self.generator_ranges(system, params);
        lp_file(
            system,
            &self.request(params, t, &factors, &loads_mw, &ranges),
        )
    }

    /// Factors for the next interval, by group and member, from the latest state estimation.
    fn next_factors(&mut self, system: &System, params: &RtSced) -> Vec<Vec<f64>> {
        for (a, memory) in self.memories.iter_mut().enumerate() {
            let seen: Vec<f64> = system.groups[a]
                .members
                .iter()
                .map(|&d| self.se.ders[d])
                .collect();
            memory.update(&params.df, &seen);
        }
        self.memories.iter().map(|m| m.current.clone()).collect()
    }

    /// What becomes of a schedule: followed to the letter where every DER has its own, else through
    /// the aggregators' split (their own program behind an equivalent, merit order otherwise) and
    /// the rule for overloads.
    fn carry_out(
        &self,
        system: &System,
        params: &RtSced,
        t: usize,
        ranges: &[(f64, f64)],
        schedule: State,
    ) -> Result<State, Failure> {
        if params.method == Method::Optimal {
            return Ok(schedule);
        }
        let splits_itself = |a: usize| self.equivalents.iter().any(|e| e.group == a);
        let loads_mw = schedule.loads.clone();
        operate(system, params.operation, schedule, ranges, splits_itself).map_err(|stuck| {
            match stuck {
                Stuck::Numerics(why) => Failure::Numerics(why),
                Stuck::NoRedispatch => {
                    let request = Request {
                        sight: Sight::Elemental,
                        ..self.request(params, t, &[], &loads_mw, ranges)
                    };
                    Failure::Infeasible(Box::new(conflict_in_operation(system, &request)))
                }
            }
        })
    }

    /// Range of each generator, MW: `Eq. [zuo2022](7)` and its ramp from the latest estimate.
    fn generator_ranges(&self, system: &System, params: &RtSced) -> Vec<(f64, f64)> {
        let units = system.generators.iter().zip(&self.se.generators);
        units
            .map(|(unit, &now)| match unit.ramp_mw_per_min {
                Some(ramp) => {
                    let reach = ramp * params.interval_minutes;
                    let low = unit.min_p_mw.max(now - reach).min(unit.max_p_mw);
                    (low, unit.max_p_mw.min(now + reach).max(low))
                }
                None => (unit.min_p_mw, unit.max_p_mw),
            })
            .collect()
    }
}

/// Factors that differ by rounding alone.
fn same_factors(a: &[Vec<f64>], b: &[Vec<f64>]) -> bool {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.fold(true, |same, (a, b)| same && (a - b).abs() <= 1e-12)
}

/// State estimation before the first interval.
///
/// Outputs as given; generators not given follow the merit order without network limits. Loads
/// are scaled so that the state balances: flows then come from this state alone.
pub fn initial_state(system: &System, params: &RtSced) -> State {
    let ders: Vec<f64> = system
        .ders
        .iter()
        .map(|d| {
            params
                .initial
                .ders
                .get(&d.id)
                .copied()
                .unwrap_or(d.min_p_mw)
        })
        .collect();
    let loads = system.loads_mw(params.load_multiplier(0));
    let total_load: f64 = loads.iter().sum();
    let generators = if params.initial.generators.is_empty() {
        let order = merit_order(system.generators.iter().map(|g| g.offer.as_slice()));
        let minima: Vec<f64> = system.generators.iter().map(|g| g.min_p_mw).collect();
        let maxima: Vec<f64> = system.generators.iter().map(|g| g.max_p_mw).collect();
        let wanted = total_load - ders.iter().sum::<f64>();
        split_by_merit(&order, &minima, &maxima, wanted)
    } else {
        let given = &params.initial.generators;
        system
            .generators
            .iter()
            .map(|g| given.get(&g.id).copied().unwrap_or(0.0))
            .collect()
    };
    let mut state = State {
        generators,
        ders,
        loads,
    };
    state.balance();
    state
}
