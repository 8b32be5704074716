//! The rolling process: dispatch, operate, estimate the state, dispatch again.

use std::rc::Rc;

use crate::opt::{Constraint, Failure};

use super::dispatch::clearing::NoDispatch;
use super::dispatch::conflict::conflict_in_operation;
use super::dispatch::explain::{Explained, explain};
use super::dispatch::interval::dispatch;
use super::dispatch::known::schedule;
use super::dispatch::lp_text::lp_file;
use super::dispatch::pricing::Dispatch;
use super::dispatch::request::{Aggregation, Later, Request};
use super::dispatch::whole::{Whole, whole};
use super::equivalent::{Equivalent, equivalents};
use super::factors::Memory;
use super::known::Known;
use super::operation::operate;
use super::system::{Resource, State, System};
use crate::case::Block;
use crate::market::rt_sced::params::{Method, RtSced, Rule};
use crate::market::shared::offers::{merit_order, split_by_merit, split_by_price};

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
    pub stopped: Option<NoDispatch>,
    /// The process after the last interval.
    pub process: Process,
}

/// What an interval is cleared with, beside the state estimation.
#[derive(Clone)]
struct Inputs {
    /// From 0.
    t: usize,
    loads_mw: Vec<f64>,
    /// Range of each generator.
    ranges_mw: Vec<(f64, f64)>,
    /// By group and member.
    factors: Vec<Vec<f64>>,
    /// Intervals looked ahead at.
    later: Vec<Later>,
}

/// A dispatch and everything it depended on.
#[derive(Clone)]
struct Repeatable {
    inputs: Inputs,
    /// State estimation, where the program depends on it and on the factors.
    se: Option<State>,
    dispatch: Rc<Dispatch>,
}

/// The state a rolling process carries from interval to interval.
#[derive(Clone)]
pub struct Process {
    last: Option<Repeatable>,
    pub se: State,
    pub memories: Vec<Memory>,
    pub equivalents: Rc<Vec<Equivalent>>,
    warm_limits: Vec<(usize, bool)>,
    warm_cuts: Vec<Constraint>,
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
    ) -> Result<Process, crate::market::Failure> {
        // A run is the same to the last digit whatever was cleared before it.
        if let Ok(mut known) = system.known.try_borrow_mut() {
            *known = Known::default();
        }
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
            warm_limits: Vec::new(),
            warm_cuts: Vec::new(),
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
    /// [`NoDispatch`], when the interval has no dispatch; the process then stays where it was.
    pub fn step(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
    ) -> Result<Interval, NoDispatch> {
        let inputs = self.inputs(system, params, t);
        let dispatch = self.dispatch(system, params, &inputs)?;
        let instructed = State {
            generators: dispatch.generators_mw.clone(),
            ders: dispatch.ders_mw.clone(),
            dc_lines: dispatch.dc_lines_mw.clone(),
            loads: inputs.loads_mw.clone(),
        };
        let actual = self.carry_out(system, params, &inputs, instructed)?;
        self.warm_limits.clone_from(&dispatch.binding);
        self.warm_cuts.clone_from(&dispatch.bids);
        self.se = actual.clone();
        let flows_mw = system.flows_mw(&actual);
        Ok(Interval {
            overloads_mw: system.overloads_mw(&flows_mw),
            cost_usd_per_h: system.cost_usd_per_h(&actual),
            flows_mw,
            actual,
            factors: inputs.factors,
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
    ) -> Result<State, NoDispatch> {
        let inputs = self.inputs(system, params, t);
        let instructed = schedule(system, &self.request(params, &inputs))?;
        self.carry_out(system, params, &inputs, instructed)
    }

    /// Clears the interval. The program depends on loads, ranges, state estimation and factors
    /// alone (on loads and ranges where every DER is seen at its own bus); while they stay the
    /// same, so does its answer.
    fn dispatch(
        &mut self,
        system: &System,
        params: &RtSced,
        inputs: &Inputs,
    ) -> Result<Rc<Dispatch>, NoDispatch> {
        let same = |last: &&Repeatable| {
            let seen = |se: &State| se.is_same(&self.se) && last.inputs.has_factors_of(inputs);
            last.inputs.loads_mw == inputs.loads_mw
                && last.inputs.ranges_mw == inputs.ranges_mw
                && last.inputs.later == inputs.later
                && last.se.as_ref().is_none_or(seen)
        };
        if let Some(last) = self.last.as_ref().filter(same) {
            return Ok(last.dispatch.clone());
        }
        let request = self.request(params, inputs);
        let dispatch = Rc::new(dispatch(system, &request)?);
        let elemental = matches!(request.aggregation, Aggregation::Elemental);
        self.last = Some(Repeatable {
            inputs: inputs.clone(),
            se: (!elemental).then(|| self.se.clone()),
            dispatch: dispatch.clone(),
        });
        Ok(dispatch)
    }

    fn inputs(&mut self, system: &System, params: &RtSced, t: usize) -> Inputs {
        Inputs {
            t,
            loads_mw: system.loads_mw(params.load_multiplier(t)),
            factors: self.next_factors(system, params),
            ranges_mw: self.generator_ranges(system, params),
            later: later(system, params, t),
        }
    }

    /// What the next dispatch is asked for.
    fn request<'a>(&'a self, params: &RtSced, inputs: &'a Inputs) -> Request<'a> {
        let by_block =
            params.method == Method::DistributionFactors && params.df.rule == Rule::Block;
        let aggregation = if params.method == Method::Optimal || by_block {
            Aggregation::Elemental
        } else if self.equivalents.is_empty() {
            Aggregation::Factors(&inputs.factors)
        } else {
            Aggregation::Equivalent(&inputs.factors, &self.equivalents)
        };
        Request {
            name: format!("interval {}", inputs.t + 1),
            aggregation,
            se: &self.se,
            loads_mw: &inputs.loads_mw,
            more_mw: &[],
            generator_range_mw: &inputs.ranges_mw,
            losses: None,
            ahead: &inputs.later,
            warm_limits: &self.warm_limits,
            warm_cuts: &self.warm_cuts,
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
    ) -> Result<String, NoDispatch> {
        let inputs = self.inputs(system, params, t);
        lp_file(system, &self.request(params, &inputs))
    }

    /// What is asked of the program of the next interval.
    ///
    /// # Errors
    /// As the question.
    pub fn ask<T>(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
        question: impl FnOnce(&Request) -> Result<T, NoDispatch>,
    ) -> Result<T, NoDispatch> {
        let inputs = self.inputs(system, params, t);
        question(&self.request(params, &inputs))
    }

    /// The program of interval `t` with every limit a row.
    pub fn whole(&mut self, system: &System, params: &RtSced, t: usize) -> Whole {
        let inputs = self.inputs(system, params, t);
        whole(system, &self.request(params, &inputs))
    }

    /// Why the LMP of a bus is what it is in the next interval.
    ///
    /// # Errors
    /// As [`explain`].
    pub fn explain(
        &mut self,
        system: &System,
        params: &RtSced,
        t: usize,
        bus: usize,
    ) -> Result<Explained, NoDispatch> {
        let inputs = self.inputs(system, params, t);
        explain(system, &self.request(params, &inputs), bus)
    }

    /// Factors for the next interval, by group and member, from the latest state estimation.
    fn next_factors(&mut self, system: &System, params: &RtSced) -> Vec<Vec<f64>> {
        for (a, memory) in self.memories.iter_mut().enumerate() {
            match params.df.rule {
                Rule::MeritOrder => memory.current = system.marginal_shares(a, &self.se.ders),
                _ => memory.update(&params.df, &system.members_mw(a, &self.se.ders)),
            }
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
        inputs: &Inputs,
        schedule: State,
    ) -> Result<State, NoDispatch> {
        if params.method == Method::Optimal {
            return Ok(schedule);
        }
        let splits_itself = |a: usize| self.equivalents.iter().any(|e| e.group == a);
        let (rule, ranges) = (params.operation, &inputs.ranges_mw);
        let stuck = match operate(system, rule, schedule, ranges, splits_itself) {
            Err(Failure::Infeasible) => Request {
                aggregation: Aggregation::Elemental,
                ..self.request(params, inputs)
            },
            carried => return Ok(carried?),
        };
        let conflict = conflict_in_operation(system, &stuck);
        Err(NoDispatch::Infeasible(Box::new(conflict)))
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

impl Inputs {
    /// Whether the factors differ by rounding alone.
    fn has_factors_of(&self, other: &Inputs) -> bool {
        let theirs = other.factors.iter().flatten();
        let mut pairs = self.factors.iter().flatten().zip(theirs);
        pairs.all(|(a, b)| (a - b).abs() <= 1e-12)
    }
}

/// The intervals after `t` that are looked ahead at: as many as the horizon holds, also beyond the
/// last interval of the run, where the loads hold on. None where no ramp ties one to the next.
fn later(system: &System, params: &RtSced, t: usize) -> Vec<Later> {
    let reach = |g: &Resource| Some(g.ramp_mw_per_min? * params.interval_minutes);
    let reach_mw: Vec<Option<f64>> = system.generators.iter().map(reach).collect();
    if !system.has_ramps() {
        return Vec::new();
    }
    let ranges = system.generators.iter().map(|g| (g.min_p_mw, g.max_p_mw));
    let of = |t: usize| Later {
        loads_mw: system.loads_mw(params.load_multiplier(t)),
        ranges_mw: ranges.clone().collect(),
        reach_mw: reach_mw.clone(),
    };
    (t + 1..t + params.horizon()).map(of).collect()
}

/// State estimation before the first interval.
///
/// Outputs as given; generators not given follow the merit order without network limits. Loads
/// are scaled so that the state balances: flows then come from this state alone.
pub fn initial_state(system: &System, params: &RtSced) -> State {
    let given = &params.initial;
    let output = |d: &Resource| given.ders.get(&d.id).copied().unwrap_or(d.min_p_mw);
    let ders: Vec<f64> = system.ders.iter().map(output).collect();
    let loads = system.loads_mw(params.load_multiplier(0));
    let units = system.generators.iter();
    let generators = if given.generators.is_empty() {
        let offers: Vec<&[Block]> = units.clone().map(|g| g.offer.as_slice()).collect();
        let minima: Vec<f64> = units.clone().map(|g| g.min_p_mw).collect();
        let maxima: Vec<f64> = units.map(|g| g.max_p_mw).collect();
        let wanted = loads.iter().sum::<f64>() - ders.iter().sum::<f64>();
        let rises = offers.iter().copied().flatten().any(|b| b.slope() != 0.0);
        match rises {
            true => split_by_price(&offers, &minima, &maxima, wanted),
            false => split_by_merit(&merit_order(offers), &minima, &maxima, wanted),
        }
    } else {
        let output = |id: &String| given.generators.get(id).copied().unwrap_or(0.0);
        units.map(|g| output(&g.id)).collect()
    };
    let mut state = State {
        generators,
        ders,
        loads,
        dc_lines: Vec::new(),
    };
    state.balance();
    state
}
