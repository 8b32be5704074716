//! Shortages between whole bids, after the clearing.
//!
//! An area is asked for an export to the last kilowatt, which its whole bids may fit nowhere near: then energy
//! is missing or spilled there at the price cap. Such an area takes the export it can have that is worth most
//! at its interface price, not far from the one asked for, and the TSO takes up the difference with what it may
//! take in part, its whole bids and all other exports held:
//!
//! ```text
//! area   min Σ C p + cap · slack − μ̂ e,   |e − ê| ≤ 8 · slack or its largest whole bid
//! TSO    min Σ C p + cap · slack,         exports as they are then
//! ```
//!
//! A whole bid that sets the interface price is worth as much taken as not: where energy is still missing, the
//! area is asked for more, and then for less. Prices stay those of the clearing. What costs more than before is
//! not kept.

use std::collections::BTreeMap;

use crate::market::Failure;
use crate::opt::{Certificate, Model, Solution, certify, diving};

use super::super::params::{Form, ResidualSupply};
use super::curve::Curve;
use super::disaggregation::{Disaggregated, SHORT_MWH, disaggregated};
use super::dispatch::Dispatch;
use super::levels::each;
use super::prices::Prices;
use super::program::{Export, Program, View, write};
use super::system::System;

/// How far an export may move, in units of the slack, if that is more than the largest whole bid.
const REACH: f64 = 8.0;

/// What an area is offered beyond the interface price to export more, as a share of the price cap.
const NUDGE: f64 = 0.01;

/// What the areas that were short did in the end.
pub struct Mended {
    pub dispatch: Dispatch,
    /// By area, the last answer of each that moved.
    pub moved: BTreeMap<usize, Disaggregated>,
    /// Of the TSO's last program.
    pub top: Option<Certificate>,
}

/// A market cleared in levels, with shortages.
#[derive(Clone, Copy)]
pub struct Short<'a> {
    pub system: &'a System,
    pub params: &'a ResidualSupply,
    pub view: View<'a>,
    pub prices: &'a Prices,
    /// The top program, and the same with its whole bids held.
    pub top: (&'a Program, &'a Model),
}

impl Short<'_> {
    /// The clearing with its shortages mended as far as that saves; `short` are the areas that have some.
    pub fn mended(&self, before: Dispatch, mut short: Vec<usize>) -> Mended {
        let mut found = Mended {
            dispatch: before,
            moved: BTreeMap::new(),
            top: None,
        };
        let cap = self.system.balancing.price_cap_usd_per_mwh;
        for nudge in [0.0, NUDGE * cap, -NUDGE * cap] {
            if short.is_empty() {
                break;
            }
            // Where no other exports can be cleared, those at hand stay.
            let Ok((dispatch, moved, top)) = self.attempt(&found.dispatch, &short, nudge) else {
                continue;
            };
            let saved = found.dispatch.cost_usd(self.system) - dispatch.cost_usd(self.system);
            if saved > SHORT_MWH * cap {
                short.retain(|&a| dispatch.slack_mwh[a] > SHORT_MWH);
                found.dispatch = dispatch;
                found
                    .moved
                    .extend(moved.into_iter().map(|part| (part.area, part)));
                found.top = Some(top);
            }
        }
        found
    }

    fn attempt(
        &self,
        before: &Dispatch,
        short: &[usize],
        nudge: f64,
    ) -> Result<(Dispatch, Vec<Disaggregated>, Certificate), Failure> {
        let moved = each(short, |a| self.moved(a, before, nudge))?;
        let mut after = before.clone();
        for part in &moved {
            after.read(self.system, &part.program, &part.taken.x);
        }
        let (program, held) = self.top;
        let (held, solution) = exports_held(self.system, program, held, &after)?;
        after.read(self.system, program, &solution.x);
        let name = format!("{} with the exports that whole bids have", held.name());
        let top = certify(name, &held, &solution.x, solution.duals.as_ref());
        Ok((after, moved, top))
    }

    /// One area with its export sold at the interface, near the one cleared.
    fn moved(&self, a: usize, dispatch: &Dispatch, nudge: f64) -> Result<Disaggregated, Failure> {
        let (system, view) = (self.system, self.view);
        let price = |t: usize| self.prices.interface(system, a, t) + nudge;
        let sold: Vec<f64> = (0..system.periods).map(price).collect();
        let mut program = write(system, a, view, Export::Sold(&sold));
        let reach = (REACH * dispatch.slack_mwh[a] / system.hours).max(largest_whole_mw(system, a));
        let exports = program.blocks[a]
            .as_ref()
            .map_or(Vec::new(), |block| block.export.clone());
        for (t, var) in exports.into_iter().enumerate() {
            let at = dispatch.export_mw[a][t];
            let (low, high) = view.curves[a]
                .as_ref()
                .map_or((at, at), |curve| ends(curve, t));
            let most = system.areas[a].max_export_mw.unwrap_or(f64::INFINITY);
            let low = (at - reach).max(low).max(-most).min(at);
            let high = (at + reach).min(high).min(most).max(at);
            program.model.set_bounds(var, low, high);
        }
        disaggregated(system, self.params, a, program, true)
    }
}

/// The largest indivisible segment of an area, MW.
fn largest_whole_mw(system: &System, a: usize) -> f64 {
    let bids = system.areas[a]
        .bids
        .iter()
        .map(|&(b, _)| &system.balancing.bids[b]);
    let segments = bids
        .flat_map(|bid| &bid.offers)
        .flat_map(|offer| &offer.segments);
    let whole = segments.filter(|segment| segment.indivisible);
    whole
        .map(|segment| segment.whole_mw().abs())
        .fold(0.0, f64::max)
}

/// The exports that the area above can take of a function.
fn ends(curve: &Curve, t: usize) -> (f64, f64) {
    match curve.form {
        Form::Steps => curve.range_mw(t),
        Form::Cuts | Form::NestedCuts => curve.limits_mw[t],
    }
}

/// The top program with every export at what it is in a dispatch, solved.
fn exports_held(
    system: &System,
    program: &Program,
    held: &Model,
    dispatch: &Dispatch,
) -> Result<(Model, Solution), Failure> {
    let mut held = held.clone();
    for &a in &system.areas[0].below {
        for (t, &var) in program.curved[a].iter().flatten().enumerate() {
            let column = &held.vars()[var.0];
            let at = dispatch.export_mw[a][t].clamp(column.lower, column.upper);
            held.set_bounds(var, at, at);
        }
    }
    let solution = diving::priced(&held)?;
    Ok((held, solution))
}
