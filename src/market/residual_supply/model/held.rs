//! The program that the prices of an area come from, with its whole bids held as they are.
//!
//! An area that is cleared by itself sells its export at the price of the interface. Where that is an interval it earns μ⁻
//! for the next MWh it exports and μ⁺ for the last:
//!
//! ```text
//! min Σ C p − μ⁻ u + μ⁺ d,   e − u + d = ê,   u, d ≥ 0
//! ```
//!
//! Eq. `[mezghani2023]`(2.2), (2.3), (2.4).

use crate::market::Failure;
use crate::opt::{Model, Row, Solution, Var, diving};

use super::super::outcome::Outcome;
use super::super::params::{ResidualSupply, Scheme};
use super::clear::{self, Cleared};
use super::local_market;
use super::next_unit::{self, Sides};
use super::program::{Program, View};
use super::programs;
use super::schemes::admitted;
use super::system::System;

/// A point that costs this share of 1 + the cost more is as cheap.
const AS_CHEAP: f64 = 1e-8;

/// An export this near is the cleared one, MW.
const SAME_MW: f64 = 1e-5;

/// Ends of an interval closer than this share of 1 + them are one price.
const ONE_PRICE: f64 = 1e-6;

/// A program solved again may give prices off by this share of 1 + them.
const SAME_PRICE: f64 = 1e-5;

/// Of two movements that cost the same that of a bid is told before that of an exchange.
const BID: f64 = 1.0;
const EXCHANGE: f64 = 2.0;

/// The exchange of an area that is cleared by itself, in one period.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub export: Var,
    /// Variables whose cost is what it earns, negative.
    pub earns: Vec<Var>,
}

/// The program with its point.
pub struct Held {
    /// The area on top of it.
    pub top: usize,
    pub program: Program,
    pub model: Model,
    pub solution: Solution,
    /// What is shown of it, as cheap as the solution.
    x: Vec<f64>,
    /// By period; none where the area on top is that of the market.
    pub exchange: Vec<Exchange>,
    /// Whole bids that are held.
    pub whole: bool,
    /// By period where its function has too few points for the price of its export.
    elsewhere: Vec<(f64, f64)>,
}

/// The program that prices of area `a` come from.
///
/// # Errors
/// A program that cannot be solved, and a network too large to be cleared again for a question.
pub fn held(outcome: &Outcome, params: &ResidualSupply, a: usize) -> Result<Held, Failure> {
    let (system, run) = (&outcome.system, &outcome.coordination);
    let market = &run.market;
    let levels = matches!(run.scheme, Scheme::Rsf | Scheme::SharedBalancing);
    if system.is_large() && !(levels && a > 0) {
        return Err(
            "the program of a network this large takes too long to be cleared again for a question"
                .into(),
        );
    }
    let view = clear::common(params, &[], &run.admitted);
    if levels {
        let view = clear::common(params, &market.curves, &run.admitted);
        return match a {
            0 => Ok(of_one(programs::top(system, view)?)),
            _ => apart(system, params, view, market, a),
        };
    }
    let unseen = View {
        limits_below: false,
        ..view
    };
    let (program, whole, _) = match run.scheme {
        Scheme::CentralisedAs | Scheme::NoDsoBids => programs::whole(system, unseen, false)?,
        Scheme::LocalAs | Scheme::SequentialFiltered => {
            let filtered = run.scheme == Scheme::SequentialFiltered;
            let above = admitted(system, Scheme::NoDsoBids);
            let kept = local_market::first(system, params, &run.admitted, &above, filtered)?;
            let left = View {
                kept: Some(&kept),
                ..unseen
            };
            programs::whole(system, left, false)?
        }
        _ => programs::whole(system, view, params.recover_ac)?,
    };
    Ok(of_one((program, whole)))
}

/// A program of the whole market, or of its top area.
fn of_one((program, whole): (Program, diving::Integral)) -> Held {
    Held {
        top: 0,
        whole: program.model.has_integers(),
        program,
        x: whole.solution.x.clone(),
        model: whole.fixed,
        solution: whole.solution,
        exchange: Vec::new(),
        elsewhere: Vec::new(),
    }
}

/// An area with its export sold.
fn apart(
    system: &System,
    params: &ResidualSupply,
    view: View,
    market: &Cleared,
    a: usize,
) -> Result<Held, Failure> {
    let export = &market.dispatch.export_mw[a];
    let own = programs::disaggregation(system, params, view, a, export)?;
    let (program, mut model, solution) = programs::sold(system, view, &own, &market.prices)?;
    let mut x = own.taken.x;
    x.resize(model.vars().len(), 0.0);
    // Where its function has few points the export is not that which the price asks for.
    let cost = |x: &[f64]| model.objective(x);
    let cheap = AS_CHEAP * (1.0 + cost(&solution.x).abs());
    let shown = !model.cones().is_empty() || cost(&x) <= cost(&solution.x) + cheap;
    let exports = program.blocks[a]
        .as_ref()
        .map_or(&[][..], |block| &block.export);
    let asked: Vec<f64> = exports.iter().map(|e| solution.x[e.0]).collect();
    let elsewhere: Vec<(f64, f64)> = match shown {
        true => Vec::new(),
        false => asked.iter().copied().zip(export.iter().copied()).collect(),
    };
    let (mut exchange, mut kinked) = (Vec::new(), false);
    for (t, &var) in exports.iter().enumerate() {
        let (low, high) = market.prices.interface_interval(system, a, t);
        // An export that is not the cleared one sits on no step; without an interval the price shown is all there is.
        let sits = shown || (asked[t] - export[t]).abs() <= SAME_MW;
        let open = high - low > ONE_PRICE * (1.0 + low.abs().max(high.abs()));
        if !(sits && open) {
            exchange.push(Exchange {
                export: var,
                earns: vec![var],
            });
            continue;
        }
        kinked = true;
        // Without an end no price is too far: that way the export cannot go.
        let side = |price: f64| match price.is_finite() {
            true => (f64::INFINITY, price * system.hours),
            false => (0.0, 0.0),
        };
        let (next, last) = (side(low), side(high));
        model.set_cost(var, 0.0);
        let more = model.var("more export", 0.0, next.0, -next.1);
        let less = model.var("less export", 0.0, last.0, last.1);
        let terms = [(var, 1.0), (more, -1.0), (less, 1.0)];
        model.row("cleared export", terms, export[t], export[t]);
        exchange.push(Exchange {
            export: var,
            earns: vec![more, less],
        });
    }
    let solution = match kinked {
        true => diving::priced(&model)?,
        false => solution,
    };
    let mut point = if shown { x } else { solution.x.clone() };
    point.resize(model.vars().len(), 0.0);
    Ok(Held {
        top: a,
        whole: own.program.model.has_integers(),
        program,
        x: point,
        model,
        solution,
        exchange,
        elsewhere,
    })
}

impl Held {
    /// What the area would export at the price shown, and what it is cleared to, where these differ.
    pub fn elsewhere(&self, t: usize) -> Option<(f64, f64)> {
        let at = self.elsewhere.get(t).copied();
        at.filter(|(there, here)| (there - here).abs() > SAME_MW)
    }

    /// What the next MWh at bus `i` of area `a` costs in period `t`, and the last.
    ///
    /// # Errors
    /// A program that cannot be solved, or one whose prices are not those shown.
    pub fn sides(
        &self,
        system: &System,
        (a, t, i): (usize, usize, usize),
        shown: f64,
    ) -> Result<Sides, Failure> {
        let rows = self.program.price_rows(system, a, t, i).into_iter();
        let direction: Vec<(Row, f64)> = rows.map(|(row, by)| (row, by * system.hours)).collect();
        if direction.is_empty() {
            return Err("the bus is not of the program that is shown".into());
        }
        let point = (self.x.as_slice(), &self.solution);
        let sides = next_unit::sides(&self.model, point, &direction, &self.told())?;
        let (last, next) = (sides.last.usd_per_mw, sides.next.usd_per_mw);
        let near = SAME_PRICE * (1.0 + shown.abs()) * system.hours;
        let at = shown * system.hours;
        if at < last - near || at > next + near {
            return Err("the program solved again does not give the price shown, so that it does not tell who stands behind it".into());
        }
        Ok(sides)
    }

    /// Who is told to move, and how readily.
    fn told(&self) -> Vec<(Var, f64)> {
        let mut told = Vec::new();
        for block in self.program.blocks.iter().flatten() {
            for (_, vars) in &block.bids {
                let segments = vars.segments.iter();
                told.extend(segments.flat_map(|s| s.2.iter().map(|&(v, a)| (v, BID * a.abs()))));
            }
            let slacks = block.slack_p.iter().chain(&block.slack_q).flatten();
            told.extend(slacks.flat_map(|&(up, down)| [(up, EXCHANGE), (down, EXCHANGE)]));
            if block.area != self.top {
                told.extend(block.export.iter().map(|&v| (v, 0.0)));
            }
        }
        let curved = self.program.curved.iter().flatten().flatten();
        told.extend(curved.map(|&v| (v, EXCHANGE)));
        let own = self.exchange.iter();
        told.extend(own.flat_map(|e| e.earns.iter().map(|&v| (v, EXCHANGE))));
        told
    }
}
