//! Real-time security-constrained economic dispatch with aggregated DERs, rolling.
//!
//! Source: `[zuo2022]` Zuo, Liu, Xia, Yang, Wu, Chen, "Impact of Distributed Energy Resource
//! Integration on Real-time Energy Market Oscillation"; equation numbers are the paper's.
//!
//! Every interval clears, with P̂ the latest state estimation,
//!
//! ```text
//! min   Σ c_G P_G + Σ c_a P_a                                              (5)
//! s.t.  Σ P_G + Σ P_a = Σ P_L                                   ↔ λ        (6)
//!       P_G^LB ≤ P_G ≤ P_G^UB  (and ramps from P̂_G)                        (7)
//!       P_a^LB ≤ P_a ≤ P_a^UB                                              (8)
//!       P_l = P̂_l + Σ SF_li [(P_G − P_L) − (P̂_G − P̂_L)]
//!                 + Σ_a Σ_i SF_li DF_ia (P_a − P̂_a)                        (10)
//!       −P_l^UB ≤ P_l ≤ P_l^UB                                  ↔ y_l      (4)
//! ```
//!
//! then every aggregator splits P_a over its DERs by merit order, the system runs, and state
//! estimation measures it. The factors DF are a belief about that split; where the belief is wrong
//! the flow is not the one the program expected, and the next interval corrects it by the same
//! wrong factor.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | P_G | `generators_mw` | MW | generators |
//! | P_D | `ders_mw` | MW | DERs |
//! | P_a | `group_output_mw(a, ders)` | MW | aggregators |
//! | P_l | `expected_flows` (program), `flows_mw` (measured) | MW, from → to | branches |
//! | SF_li | `shift_factors(k)[i]` | 1 | limits × buses |
//! | DF_ia | `factors[a][i]` | 1 | aggregators × members |
//! | λ | `Prices::energy` | $/MWh | - |
//! | y_l | `Prices::lines` | $/MWh, ∂cost/∂limit | limits |

mod charts;
mod compare;
pub mod critical;
mod cures;
mod digits;
pub mod dispatch;
pub mod equivalent;
pub mod factors;
mod messages;
mod narrative;
pub mod operation;
mod inputs;
mod params;
pub mod prices;
pub mod region;
pub mod roll;
mod series;
mod settlement;
pub mod stability;
mod summary;
pub mod system;
mod tables;
mod ties;
mod validate;

pub use params::{
    CriticalLines, DistributionFactors, Initial, Lines, Method, NetworkEquivalent, Operation,
    Rectangle, RtSced, Rule, Sides,
};

use crate::case::{Case, Problem};
use crate::inputs::{Fields, Section};
use crate::market::{self, Context, Contract, View};
use crate::report::{Captions, Clock, Level, Message, Probe, Report, Status};

use dispatch::Failure;
use region::Region;
use roll::{Roll, roll, roll_to};
use stability::{Stability, analyse};
use system::System;

/// A finished run with its optimum and its analysis.
pub struct Outcome {
    system: System,
    roll: Roll,
    optimum: Roll,
    stability: Option<Stability>,
}

/// What the report is written from.
#[derive(Clone, Copy)]
struct Run<'a> {
    system: &'a System,
    params: &'a RtSced,
    roll: &'a Roll,
    optimum: &'a Roll,
    stability: Option<&'a Stability>,
}

impl Contract for RtSced {
    const KIND: &'static str = "rt_sced";
    type Outcome = Outcome;
    type Prepared = ();

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        validate::check(case, self)
    }

    fn solve(&self, case: &Case, _context: &Context<Self>) -> Result<Outcome, market::Failure> {
        solve(case, self).map_err(|why| market::Failure::of("mechanism.method", why))
    }

    fn report(&self, case: &Case, outcome: &Outcome, _view: &View) -> Report {
        report(case, self, outcome)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Outcome,
        _view: &View,
        key: &str,
        at: (f64, f64),
    ) -> Result<Probe, market::Failure> {
        Ok(probe(&outcome.system, self, key, at)?)
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, market::Failure> {
        Ok(lp_file(case, self, step)?)
    }

    fn compare(
        &self,
        case: &Case,
        _context: &Context<Self>,
    ) -> Option<Result<Report, market::Failure>> {
        let compared = compare::compare(case, self);
        Some(compared.map_err(|why| market::Failure::of("mechanism.method", why)))
    }
}

/// Runs the process.
///
/// # Errors
/// A sentence, when the case cannot be read as a network or the arithmetic fails. An infeasible
/// market is a report with [`Status::Infeasible`].
fn solve(case: &Case, params: &RtSced) -> Result<Outcome, String> {
    let system = System::new(case, params)?;
    let rolled = roll(&system, params)?;
    let optimum = match params.method {
        Method::Optimal => Roll {
            intervals: Vec::new(),
            stopped: None,
            process: rolled.process.clone(),
        },
        _ => {
            let best = RtSced {
                method: Method::Optimal,
                ..params.clone()
            };
            roll(&system, &best)?
        }
    };
    if let Some(Failure::Numerics(why)) = &rolled.stopped {
        return Err(format!("interval {}: {why}", rolled.intervals.len() + 1));
    }
    let stability = match rolled.intervals.is_empty() {
        true => None,
        false => analyse(&system, params, &rolled.process, &rolled.intervals),
    };
    Ok(Outcome {
        system,
        roll: rolled,
        optimum,
        stability,
    })
}

/// Writes the report.
fn report(case: &Case, params: &RtSced, outcome: &Outcome) -> Report {
    let run = Run {
        system: &outcome.system,
        params,
        roll: &outcome.roll,
        optimum: &outcome.optimum,
        stability: outcome.stability.as_ref(),
    };
    let mut report = Report {
        status: if run.roll.stopped.is_some() {
            Status::Infeasible
        } else {
            Status::Solved
        },
        clock: Some(Clock {
            name: "interval".into(),
            steps: run.roll.intervals.len(),
            minutes_per_step: params.interval_minutes,
        }),
        series: series::series(&run),
        summary: summary::quantities(&run),
        ledger: settlement::ledger(&run),
        certificates: summary::certificates(&run),
        ..Report::default()
    };
    report.charts = charts::charts(&run, &report);
    report.tables = tables::tables(&run);
    report.tables.extend(critical::table(&run));
    let unseen = match region::picture(&run) {
        None => None,
        Some(Err(why)) => Some(why),
        Some(Ok(picture)) => {
            report.series.extend(picture.series);
            report
                .charts
                .insert(1.min(report.charts.len()), picture.chart);
            report.tables.extend(picture.tables);
            None
        }
    };
    report.captions = narrative::captions(&run)
        .into_iter()
        .map(|(chart, steps)| Captions {
            chart: chart.into(),
            steps,
        })
        .collect();
    report.headline = narrative::headline(&run);
    report.badges = messages::badges(&run, &report);
    report.messages = messages::messages(&run, case);
    report.messages.extend(unseen.map(|why| Message {
        level: Level::Info,
        text: format!("The feasible region is not drawn: {why}."),
        field: None,
        cures: Vec::new(),
    }));
    report
}

/// What holds at a point of the plane that `key`, from a chart of the report, stands for.
///
/// # Errors
/// A sentence: an unknown key, a case that cannot be read as a network, or the arithmetic.
fn probe(
    system: &System,
    params: &RtSced,
    key: &str,
    (x, y): (f64, f64),
) -> Result<Probe, String> {
    let region = Region::of_key(system, key)
        .ok_or_else(|| format!("there is no plane `{key}` in this case"))??;
    let jack = match params.method {
        Method::UnionJack => region.with_jack(params)?,
        _ => None,
    };
    region.probe(jack.as_ref(), x, y)
}

/// The linear program of interval `step` (from 1) with every limit a named row.
///
/// # Errors
/// A sentence, when the interval is out of range or an earlier one has no dispatch.
fn lp_file(case: &Case, params: &RtSced, step: usize) -> Result<String, String> {
    if step == 0 || step > params.intervals {
        return Err(format!(
            "there is no interval {step}; choose 1 to {}",
            params.intervals
        ));
    }
    let system = System::new(case, params)?;
    let mut rolled = roll_to(&system, params, step - 1)?;
    match rolled.stopped {
        Some(_) => Err(format!(
            "interval {} has no dispatch, so interval {step} is not reached",
            rolled.intervals.len() + 1
        )),
        None => {
            let text = rolled.process.lp_file(&system, params, step - 1);
            let text = text.map_err(|failure| match failure {
                Failure::Numerics(why) => why,
                Failure::Infeasible(_) => format!("interval {step} has no dispatch"),
            })?;
            // Such a file has no constant in its objective that every reader takes.
            Ok(match system.no_load_usd_per_h() {
                0.0 => text,
                usd => format!(
                    "\\ The costs of generators at no output, {usd} $/h, come on top.\n{text}"
                ),
            })
        }
    }
}

impl Run<'_> {
    /// The optimum of interval `t`; the run itself when it is the optimum.
    fn best(&self, t: usize) -> Option<&roll::Interval> {
        match self.params.method {
            Method::Optimal => self.roll.intervals.get(t),
            _ => self.optimum.intervals.get(t),
        }
    }

    /// Limits worth showing: they bind or are exceeded somewhere, else the most loaded one.
    fn telling_limits(&self) -> Vec<usize> {
        let limits = &self.system.limits;
        let loading = |k: usize| {
            let flows = self
                .roll
                .intervals
                .iter()
                .map(|i| i.flows_mw[limits[k].branch].abs());
            flows.fold(0.0, f64::max) / limits[k].max_p_mw.max(1e-9)
        };
        let binding = |k: usize| {
            let mut intervals = self.roll.intervals.iter();
            intervals.any(|i| {
                i.overloads_mw[k] > operation::OVERLOAD_TOLERANCE_MW
                    || i.dispatch.binding.iter().any(|b| b.0 == k)
            })
        };
        let telling: Vec<usize> = (0..limits.len()).filter(|&k| binding(k)).collect();
        if !telling.is_empty() {
            return telling;
        }
        (0..limits.len())
            .max_by(|&a, &b| loading(a).total_cmp(&loading(b)))
            .into_iter()
            .collect()
    }

    /// Intervals (0-based) in which a limit is exceeded.
    fn overloaded(&self) -> Vec<usize> {
        let intervals = self.roll.intervals.iter().enumerate();
        intervals
            .filter(|(_, i)| i.worst_overload_mw() > operation::OVERLOAD_TOLERANCE_MW)
            .map(|(t, _)| t)
            .collect()
    }
}
