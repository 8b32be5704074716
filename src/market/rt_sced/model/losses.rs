//! The network with losses about one dispatch: what they are, and the rows that a program takes from them.
//!
//! ```text
//! balance   Σ_i (1 − LF_i) (p_i − p⁰_i) = s⁰            s⁰ what is missing at p⁰
//! flow l    f_l = f⁰_l + SF_l (p − p⁰)                  SF_l with what is lost more
//! LMP_i     = λ − λ LF_i + Σ_l y_l SF_li                energy, losses, congestion
//! ```
//!
//! The program is convex where no line is worth losing on, ½ (LMP_from + LMP_to) ≥ 0 at every line with a resistance:
//! with L_l ≥ ρ f_l² in the place of the equation it has the same optimum, and these prices prove it.

use std::cell::OnceCell;

use super::system::{State, System};
use crate::network::Lossy;

/// Prices of losing a MWh below this are below 0 by more than rounding, $/MWh.
pub const ROUNDING_USD: f64 = 1e-6;

/// Losses about one dispatch.
pub struct Losses {
    lossy: Lossy,
    /// Marginal loss factors LF by bus, 1.
    pub factors: Vec<f64>,
    /// Shift factors by limit, once asked for.
    rows: Vec<OnceCell<Vec<f64>>>,
}

impl Losses {
    /// Losses about injections, where they are asked for; `None` where flows with losses are not found.
    pub fn about(system: &System, injection_mw: Vec<f64>) -> Option<Losses> {
        let rho = system.rho_per_mw.as_ref()?;
        let lossy = Lossy::new(&system.network, rho, &system.reference, injection_mw)?;
        Some(Losses {
            factors: lossy.factors(&system.network)?,
            rows: vec![OnceCell::new(); system.limits.len()],
            lossy,
        })
    }

    /// Shift factors of limit `k`, with what is lost more.
    pub fn ptdf(&self, system: &System, k: usize) -> &[f64] {
        self.rows[k].get_or_init(|| {
            let row = self
                .lossy
                .ptdf_row(&system.network, system.limits[k].branch);
            // What makes no program.
            row.unwrap_or_else(|| vec![f64::NAN; system.bus_ids.len()])
        })
    }

    /// What an MW put in at a bus brings to the reference, 1 − LF, MW.
    pub fn brings(&self, bus: usize) -> f64 {
        1.0 - self.factors[bus]
    }

    /// What everything put in has to bring, Σ (1 − LF_i) p_i, for the balance, MW.
    pub fn needed_mw(&self) -> f64 {
        let injection = self.lossy.injection_mw.iter().enumerate();
        let brought: f64 = injection.map(|(bus, p)| self.brings(bus) * p).sum();
        brought + self.lossy.slack_mw
    }

    /// Flow on every branch where other injections come in, MW.
    pub fn flows_mw(&self, system: &System, injection_mw: &[f64]) -> Vec<f64> {
        let change = injection_mw.iter().zip(&self.lossy.injection_mw);
        let change: Vec<f64> = change.map(|(now, then)| now - then).collect();
        match self.lossy.moved_mw(&system.network, &change) {
            Some(moved) => moved
                .iter()
                .zip(&self.lossy.flows_mw)
                .map(|(by, flow)| flow + by)
                .collect(),
            None => vec![f64::NAN; system.branch_ids.len()],
        }
    }

    /// What limit `k` carries where nothing comes in, as its row continues it, MW.
    pub fn constant_mw(&self, system: &System, k: usize) -> f64 {
        let row = self.ptdf(system, k).iter();
        let of_injections: f64 = row.zip(&self.lossy.injection_mw).map(|(a, p)| a * p).sum();
        self.lossy.flows_mw[system.limits[k].branch] - of_injections
    }

    /// What a MW at a bus adds to the flow of every branch, MW.
    pub fn moved_mw(&self, system: &System, spread: &[(usize, f64)]) -> Option<Vec<f64>> {
        let mut change = vec![0.0; system.bus_ids.len()];
        for &(bus, share) in spread {
            change[bus] += share;
        }
        self.lossy.moved_mw(&system.network, &change)
    }

    /// [`Losses::moved_mw`] of many spreads, to eight digits.
    pub fn moved_by_each(
        &self,
        system: &System,
        spreads: &[Vec<(usize, f64)>],
    ) -> Option<Vec<Vec<f64>>> {
        self.lossy.moved_by_each(&system.network, spreads)
    }
}

/// Losses of every branch at flows, MW.
pub fn lost_mw(system: &System, flows_mw: &[f64]) -> Vec<f64> {
    let rho = system.rho_per_mw.iter().flatten();
    rho.zip(flows_mw).map(|(rho, f)| rho * f * f).collect()
}

/// Least price of losing one more MWh on a line with a resistance, ½ (LMP_from + LMP_to), $/MWh.
pub fn least_worth(system: &System, lmp: &[f64]) -> f64 {
    let rho = system.rho_per_mw.iter().flatten().enumerate();
    let lossy = rho.filter(|(_, rho)| **rho > 0.0);
    let ends = lossy.filter_map(|(k, _)| system.network.ends(k));
    let worth = ends.map(|(from, to)| 0.5 * (lmp[from] + lmp[to]));
    worth.fold(f64::INFINITY, f64::min)
}

/// Whether prices prove a dispatch the cheapest: nowhere would a MWh lost more save money.
pub fn is_proven(system: &System, lmp: &[f64]) -> bool {
    least_worth(system, lmp) >= -ROUNDING_USD
}

/// How far a dispatch is from the network as it is, by flows found anew, MW; infinite where there are none.
pub fn residual_mw(system: &System, state: &State, flows_mw: &[f64]) -> f64 {
    let Some(rho) = &system.rho_per_mw else {
        return 0.0;
    };
    let injection = system.injection_mw(state);
    let Some(found) = Lossy::new(&system.network, rho, &system.reference, injection) else {
        return f64::INFINITY;
    };
    let pairs = found.flows_mw.iter().zip(flows_mw);
    let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    apart.max(found.slack_mw.abs())
}
