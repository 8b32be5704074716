//! Days beside the day: the same without its batteries, and the same with other forecast errors. Only what
//! such a day ends with is kept.
//!
//! In scenario s a profile comes true as max(0, forecast + f_s (realised − forecast)): the day's own errors
//! times a factor, one per profile and scenario. f = 1 is the day itself, 0 a perfect forecast, −1 the
//! opposite error. Factors that are not given are drawn from a normal distribution with mean 0.
//! Eq. `[wang2017]`(1.11) E, not in the paper.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::case::synthetic::normals;
use crate::market::Failure;
use crate::opt::Certificate;

use super::super::params::Risk;
use super::operation::{NoDispatch, Plan, plan};
use super::relief::Unserved;
use super::rolling_horizon::{cooperation, on_its_own};
use super::settle::Gains;
use super::system::System;

/// A day beside the day, with its plan or why it has none.
pub struct Beside {
    pub system: Rc<System>,
    pub plan: Result<Rc<Plan>, Unserved>,
}

/// What one roll of such a day ends with, $: utilities (of all DSOs cooperating, or of one on its own) and
/// generation cost.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ended {
    pub utility_usd: Vec<f64>,
    pub cost_usd: f64,
    /// The worst figures of its solves.
    pub proof: Certificate,
}

/// What a day beside the day is worth at its end, $.
#[derive(Clone, Debug)]
pub struct End {
    /// Utilities less generation cost as planned.
    pub planned_usd: f64,
    pub utility_co_usd: Vec<f64>,
    pub utility_non_usd: Vec<f64>,
    pub cost_co_usd: f64,
    pub cost_non_usd: f64,
    pub proofs: Vec<Certificate>,
}

impl End {
    /// Utilities less generation cost, cooperating.
    pub fn together_usd(&self) -> f64 {
        self.utility_co_usd.iter().sum::<f64>() - self.cost_co_usd
    }

    /// Utilities less generation cost without cooperation.
    pub fn apart_usd(&self) -> f64 {
        self.utility_non_usd.iter().sum::<f64>() - self.cost_non_usd
    }

    /// What cooperation changes.
    pub fn gains(&self) -> Gains {
        let column = |all: &[f64]| -> Vec<Vec<f64>> { all.iter().map(|u| vec![*u]).collect() };
        let (co, non) = (column(&self.utility_co_usd), column(&self.utility_non_usd));
        Gains::between(&co, &non, &[self.cost_co_usd], &[self.cost_non_usd])
    }
}

/// The days beside a day in their order: without batteries, where there are any, then the scenarios.
///
/// # Errors
/// A plan that is not solved.
pub fn all(
    case: &Case,
    system: &System,
    planned: &Rc<Plan>,
    risk: &Risk,
) -> Result<Vec<Beside>, Failure> {
    let mut list = Vec::new();
    if has_storage(case) {
        let mut bare = case.clone();
        bare.day.iter_mut().for_each(|day| day.storage.clear());
        let system = Rc::new(System::new(&bare, system.physics)?);
        let plan = match plan(&system) {
            Ok(plan) => Ok(Rc::new(plan)),
            Err(NoDispatch::Infeasible(why)) => Err(why),
            Err(NoDispatch::Unsolved(why)) => return Err(why),
        };
        list.push(Beside { system, plan });
    }
    for factors in factors(case, risk) {
        list.push(Beside {
            system: Rc::new(System::new(&with_errors(case, &factors), system.physics)?),
            plan: Ok(planned.clone()),
        });
    }
    Ok(list)
}

/// How many days [`all`] gives.
pub fn count(case: &Case, risk: &Risk) -> usize {
    usize::from(has_storage(case)) + risk.count()
}

/// Whether the day has batteries.
pub fn has_storage(case: &Case) -> bool {
    case.day.as_ref().is_some_and(|day| !day.storage.is_empty())
}

/// f_s by scenario and profile: as given, or drawn.
///
/// Eq. `[wang2017]`(1.11) E.
pub fn factors(case: &Case, risk: &Risk) -> Vec<Vec<f64>> {
    if !risk.factors.is_empty() {
        return risk.factors.clone();
    }
    let profiles = case.day.as_ref().map_or(0, |day| day.profiles.len());
    let drawn = normals(risk.seed, risk.count() * profiles);
    let scenarios = drawn.chunks(profiles.max(1));
    scenarios
        .map(|own| own.iter().map(|f| risk.spread * f).collect())
        .collect()
}

/// The case with the errors of its forecasts multiplied, profile by profile.
///
/// Eq. `[wang2017]`(1.11) E.
pub fn with_errors(case: &Case, factors: &[f64]) -> Case {
    let mut case = case.clone();
    let profiles = case.day.iter_mut().flat_map(|day| &mut day.profiles);
    for (profile, factor) in profiles.zip(factors) {
        for (realised, forecast) in profile.realised_mw.iter_mut().zip(&profile.forecast_mw) {
            *realised = (forecast + factor * (*realised - forecast)).max(0.0);
        }
    }
    case
}

impl Beside {
    /// Roll `k`: the day with cooperation, then each DSO on its own.
    ///
    /// # Errors
    /// A day that no dispatch serves, or a program that could not be solved.
    pub fn roll(&self, k: usize) -> Result<Ended, NoDispatch> {
        let plan = self.plan.as_ref();
        let plan = plan.map_err(|why| NoDispatch::Infeasible(why.clone()))?;
        let last = |all: &[f64]| all.last().copied().unwrap_or_default();
        let Some(m) = k.checked_sub(1) else {
            let day = cooperation(&self.system, plan)?;
            return Ok(Ended {
                utility_usd: day.dsos.iter().map(|own| last(&own.utility_usd)).collect(),
                cost_usd: last(&day.cost_usd),
                proof: worst(&day.certificates),
            });
        };
        let (own, proofs) = on_its_own(&self.system, plan, m)?;
        Ok(Ended {
            utility_usd: vec![last(&own.utility_usd)],
            cost_usd: 0.0,
            proof: worst(&proofs),
        })
    }

    /// Puts the rolls of a day together; its proofs are called by `name`.
    ///
    /// # Errors
    /// A roll that no dispatch serves.
    pub fn end(&self, rolls: Vec<Result<Ended, Unserved>>, name: &str) -> Result<End, Unserved> {
        let plan = self.plan.as_ref().map_err(Clone::clone)?;
        let mut rolls = rolls.into_iter();
        let together = rolls.next().unwrap_or_else(|| Ok(Ended::default()))?;
        let apart: Vec<Ended> = rolls.collect::<Result<_, _>>()?;
        let planned = plan.dispatch.dsos.iter().map(|own| own.utility_usd);
        let mut proofs = vec![plan.dispatch.certificate.clone(), together.proof];
        proofs.extend(apart.iter().map(|own| own.proof.clone()));
        for (k, proof) in proofs.iter_mut().enumerate() {
            proof.solve = match k {
                0 => format!("{name}: the day before"),
                1 => format!("{name}: real time, worst of all slots"),
                _ => {
                    let dso = &self.system.dsos[k - 2].id;
                    format!("{name}: {dso} on its own, worst of all slots")
                }
            };
        }
        Ok(End {
            planned_usd: planned.sum::<f64>() - plan.day_cost_usd(),
            utility_co_usd: together.utility_usd,
            utility_non_usd: apart
                .iter()
                .flat_map(|own| own.utility_usd.clone())
                .collect(),
            cost_co_usd: together.cost_usd,
            cost_non_usd: plan.day_cost_usd(),
            proofs,
        })
    }
}

/// The largest figures of several certificates in one, certified where all are.
fn worst(proofs: &[Certificate]) -> Certificate {
    let most = |of: fn(&Certificate) -> f64| {
        let sizes = proofs.iter().map(|proof| of(proof).abs());
        // A figure that is no number stays none.
        sizes.fold(0.0, |a: f64, b| if b.is_nan() || b > a { b } else { a })
    };
    Certificate {
        solve: String::new(),
        primal_residual: most(|c| c.primal_residual),
        dual_residual: most(|c| c.dual_residual),
        gap: most(|c| c.gap),
        largest_violation: most(|c| c.largest_violation),
        certified: proofs.iter().all(|proof| proof.certified),
    }
}
