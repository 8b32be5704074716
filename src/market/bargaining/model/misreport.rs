//! What a DSO gains by reporting other wishes than it has, at one slot, over the rest of the day as
//! expected there. The plan of the day before stays; all others report what is true. The past is
//! known, so that wanted power can be misreported from the slot on only. Energy that adjustable loads
//! miss against the truth is told beside the gain, not priced in it.
//!
//! Eq. `[wang2017]`(1.9), not in the paper.

use crate::case::Case;
use crate::market::shared::cooperative_game::Game;

use super::super::params::{Misreport, Wish};
use super::coalitions::Moment;
use super::operation::NoDispatch;
use super::settle::bargain;
use super::system::System;

/// Parts of the largest change that are tried.
const PARTS: [f64; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];

/// True gain of a DSO that reports `percent` more than is true, against its true day on its own, $.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported {
    pub percent: f64,
    /// At the price of its boundary.
    pub lmp_usd: f64,
    pub nash_usd: f64,
    pub shapley_usd: f64,
    /// Vickrey, Clarke, Groves: it pays what it costs the others.
    pub vcg_usd: f64,
    /// What the rules of Vickrey, Clarke and Groves pay out beyond the surplus, $.
    pub vcg_deficit_usd: f64,
    /// Energy by which its adjustable loads miss their true day, MWh.
    pub missed_mwh: f64,
    /// Surplus as it would appear from the reports.
    pub reported_surplus_usd: f64,
}

/// The case as DSO `misreport.dso` reports it at `slot`, from 0.
pub fn reported(case: &Case, misreport: &Misreport, percent: f64, slot: usize) -> Case {
    let mut case = case.clone();
    let factor = 1.0 + percent / 100.0;
    let feeders = case.feeders.iter().filter(|f| f.id == misreport.dso);
    let own = feeders.flat_map(|f| f.buses.iter().map(|b| b.id.clone()));
    let own: Vec<String> = own.collect();
    let Some(day) = &mut case.day else {
        return case;
    };
    let mine = |bus: &String| own.contains(bus);
    let adjustable = day.adjustable.iter_mut().filter(|a| mine(&a.bus));
    let deferrable = day.deferrable.iter_mut().filter(|d| mine(&d.bus));
    match misreport.of {
        Wish::Worth => {
            adjustable.for_each(|a| a.usd_per_mw2h *= factor);
            deferrable.for_each(|d| d.usd_per_mwh2 *= factor);
        }
        Wish::Preferred => {
            let mut changed = Vec::new();
            for load in adjustable {
                let Some(profile) = day.profiles.iter().find(|p| p.id == load.profile) else {
                    continue;
                };
                let mut profile = profile.clone();
                profile.id = format!("{} as {} reports", profile.id, load.id);
                for values in [&mut profile.forecast_mw, &mut profile.realised_mw] {
                    values.iter_mut().skip(slot).for_each(|p| *p *= factor);
                }
                load.profile.clone_from(&profile.id);
                changed.push(profile);
            }
            deferrable.for_each(|d| d.energy_mwh *= factor);
            day.profiles.extend(changed);
        }
    }
    case
}

/// True gains under the rules, by report.
///
/// # Errors
/// A program that is not solved.
pub fn gains(
    case: &Case,
    misreport: &Misreport,
    truth: Moment,
    powers: &[f64],
) -> Result<Vec<Reported>, NoDispatch> {
    let dsos = &truth.system.dsos;
    let m = dsos.iter().position(|d| d.id == misreport.dso);
    let m = m.ok_or_else(|| format!("there is no DSO \"{}\"", misreport.dso))?;
    let fallback = truth.fallback_usd()?;
    // Without the DSO its report does not matter.
    let sets = 0..1_usize << dsos.len();
    let without = sets.map(|set| match set & (1 << m) {
        0 => Some(truth.value_usd(set, &fallback)).transpose(),
        _ => Ok(None),
    });
    let without: Vec<Option<f64>> = without.collect::<Result<_, _>>()?;
    let reports = PARTS.iter().map(|part| {
        let percent = part * misreport.percent;
        let case = reported(case, misreport, percent, truth.slot);
        let system = System::new(&case, truth.system.physics)?;
        let seen = Moment {
            system: &system,
            ..truth
        };
        one(&seen, &truth, (m, percent), powers, &fallback, &without)
    });
    reports.collect()
}

/// The gains of DSO `m` that reports `percent` more.
fn one(
    seen: &Moment,
    truth: &Moment,
    (m, percent): (usize, f64),
    powers: &[f64],
    fallback: &[f64],
    without: &[Option<f64>],
) -> Result<Reported, NoDispatch> {
    let mut reported = fallback.to_vec();
    reported[m] = seen.fallback_of_usd(m)?;
    let sets = without.iter().enumerate();
    let values = sets.map(|(set, known)| known.map_or_else(|| seen.value_usd(set, &reported), Ok));
    let game = Game::with_veto(&values.collect::<Result<Vec<_>, _>>()?)?;
    let common = seen.dispatch(without.len() - 1)?;
    let plan = &common.dsos[m];
    let (now, past) = (Some(seen.slot), &truth.past[m]);
    let missed = plan.missed(truth.system, m, past, now);
    let truly =
        plan.utility(truth.system, m, past, now) + truth.system.shortage_usd_per_mwh * missed;
    let gain = truly - fallback[m];
    // What it pays is what it claims to gain less its share.
    let paid = |share: f64| plan.utility_usd - reported[m] - share;
    let pairs = common.dsos.iter().zip(&reported);
    let utilities: Vec<f64> = pairs.map(|(own, alone)| own.utility_usd - alone).collect();
    let nash = bargain(&utilities, seen.more_cost_usd(&common), powers).payments_usd[m];
    let (bus, hours) = (seen.system.dsos[m].bus, seen.system.hours);
    let planned = &seen.plan.import_mw[m][seen.slot..];
    let lmp = plan.import_mw.iter().zip(planned).zip(&common.lmp);
    let lmp: f64 = lmp.map(|((d, p), lmp)| lmp[bus] * (d - p) * hours).sum();
    let marginal = game.marginal();
    Ok(Reported {
        percent,
        lmp_usd: gain - lmp,
        nash_usd: gain - nash,
        shapley_usd: gain - paid(game.shapley()[m + 1]),
        vcg_usd: gain - paid(marginal[m + 1]),
        vcg_deficit_usd: marginal.iter().sum::<f64>() - game.grand(),
        missed_mwh: missed,
        reported_surplus_usd: game.grand(),
    })
}
