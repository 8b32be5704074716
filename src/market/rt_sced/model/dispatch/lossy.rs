//! The least-cost point of an interval with losses: programs about one dispatch after another.
//!
//! Each program holds the rows of [`losses`](crate::market::rt_sced::model::losses) about the dispatch before it, and,
//! from the [`BENT`]th on, what their bend makes of the cost of moving away from there,
//!
//! ```text
//! ½ Δxᵀ H Δx,   H = Σ_l 2 ρ_l m_l df_l df_lᵀ,   m_l = ½ (LMP_from + LMP_to)
//! ```
//!
//! over the columns that have moved so far, along the axes of H (Newton's method on the conditions of the optimum; a
//! vertex needs none of it). Where the dispatch stays where it was, rows and flows are those of the network as it is.

use std::collections::BTreeSet;
use std::rc::Rc;

use nalgebra::{DMatrix, SymmetricEigen};

use crate::opt::quadratic::solve_lazy;
use crate::opt::{DualFace, Failure, Model, Row, Solution};

use super::bids::OnJacks;
use super::clearing::{Cleared, NoDispatch};
use super::conflict::{conflict, given_injection_mw};
use super::lines::Lines;
use super::program::{Columns, Detail, program};
use super::request::Request;
use crate::market::rt_sced::model::losses::Losses;
use crate::market::rt_sced::model::system::System;

/// Programs after which a dispatch is given up.
const ROUNDS: usize = 60;

/// The first program that knows how losses bend.
const BENT: usize = 4;

/// Programs without a dispatch, each about where the least gave way in the one before, after which there is none.
const CONTRADICTED: usize = 3;

/// A dispatch that moves by less than this stays, MW in a case of ordinary size.
const STAYS_MW: f64 = 1e-9;

/// A bend smaller than this share of the largest is rounding.
const SMALL: f64 = 1e-10;

/// The least-cost point with losses.
///
/// # Errors
/// There is none about the last dispatch, or the programs do not come to rest.
pub(super) fn settled<'a>(
    system: &'a System,
    request: &Request<'a>,
) -> Result<Cleared<'a>, NoDispatch> {
    let mut losses: Option<Rc<Losses>> = None;
    let mut tried: Vec<(usize, bool)> = request.warm_limits.to_vec();
    let mut before: Option<Vec<f64>> = None;
    let mut worth: Option<Vec<f64>> = None;
    let mut moving: BTreeSet<usize> = BTreeSet::new();
    let mut contradicted = 0;
    for round in 0..ROUNDS {
        let about = Request {
            losses: losses.clone(),
            ahead: &[],
            ..request.clone()
        };
        let (mut model, columns, balance) = program(system, &about, Detail::Open);
        let lines = Lines::new(system, &about, &columns, Detail::Open);
        for &(k, upper) in &tried {
            model.push(lines.row(&columns, k, upper));
        }
        if let Some(x) = before.as_ref().filter(|_| round >= BENT) {
            let seen = (&columns, &lines);
            bend(system, &mut model, seen, x, &moving, worth.as_deref())?;
        }
        let exceeded = |x: &[f64]| lines.exceeded(&columns, x, &mut tried);
        let solution = match solve_lazy(&mut model, exceeded) {
            Ok(solution) => solution,
            Err(Failure::Infeasible) => {
                contradicted += 1;
                let given = given_injection_mw(system, &about);
                let Some(given) = given.filter(|_| contradicted <= CONTRADICTED) else {
                    let conflict = conflict(system, &about);
                    return Err(NoDispatch::Infeasible(Box::new(conflict)));
                };
                losses = Some(losses_about(system, given)?);
                before = None;
                continue;
            }
            Err(why) => return Err(why.into()),
        };
        let stays = |(a, b): (&f64, &f64)| (a - b).abs() <= system.tolerance_mw(STAYS_MW);
        let n = columns.var.len();
        if let Some(x) = &before {
            let moved = (0..n).filter(|&j| !stays((&x[j], &solution.x[j])));
            let moved: Vec<usize> = moved.collect();
            if moved.is_empty() && losses.is_some() {
                return Ok(cleared((model, columns, balance, lines), solution.x));
            }
            moving.extend(moved);
        }
        worth = worth_of(system, &lines, &model, balance, &solution);
        let injection = lines.injection_under(request.loads_mw, &solution.x);
        losses = Some(losses_about(system, injection)?);
        before = Some(solution.x);
    }
    let why = format!("the dispatch with losses does not come to rest in {ROUNDS} programs");
    Err(Failure::Stopped(why).into())
}

/// What is handed on to prices.
fn cleared<'a>(
    (model, columns, balance, lines): (Model, Columns, Row, Lines<'a>),
    x: Vec<f64>,
) -> Cleared<'a> {
    Cleared {
        flows: lines.expected_flows(&columns, &x),
        model,
        x,
        balance,
        jacks: OnJacks::default(),
        columns,
        detail: Detail::Open,
        lines,
        answers: Vec::new(),
        later: Vec::new(),
    }
}

fn losses_about(system: &System, injection_mw: Vec<f64>) -> Result<Rc<Losses>, Failure> {
    let why = "flows with losses are not found: lines would lose more than they bring. Check their resistances (per unit, not ohm), or leave losses out";
    let found = Losses::about(system, injection_mw).map(Rc::new);
    found.ok_or_else(|| Failure::Stopped(why.into()))
}

/// Price of losing one more MWh on every branch, $/MWh, not below 0; `None` without multipliers.
fn worth_of(
    system: &System,
    lines: &Lines,
    model: &Model,
    balance: Row,
    solution: &Solution,
) -> Option<Vec<f64>> {
    let duals = &solution.duals.as_ref()?.rows;
    let brings = |bus: usize| lines.losses.as_ref().map_or(1.0, |l| l.brings(bus));
    let mut lmp: Vec<f64> = (0..system.bus_ids.len())
        .map(|bus| brings(bus) * duals[balance.0])
        .collect();
    for (row, y) in model.rows().iter().zip(duals).filter(|(_, y)| **y != 0.0) {
        if let Some(k) = super::lines::limit_of(row.tag) {
            let row = lines.ptdf(k).iter();
            lmp.iter_mut().zip(row).for_each(|(lmp, sf)| *lmp += y * sf);
        }
    }
    let ends = (0..system.branch_ids.len()).map(|k| system.network.ends(k));
    let worth = ends.map(|ends| ends.map_or(0.0, |(i, j)| (0.5 * (lmp[i] + lmp[j])).max(0.0)));
    Some(worth.collect())
}

/// Adds ½ Δxᵀ H Δx over the columns that move, along the axes of H.
fn bend(
    system: &System,
    model: &mut Model,
    (columns, lines): (&Columns, &Lines),
    x: &[f64],
    moving: &BTreeSet<usize>,
    worth: Option<&[f64]>,
) -> Result<(), Failure> {
    let both = lines.losses.as_ref().zip(system.rho_per_mw.as_ref());
    let Some((losses, rho)) = both.filter(|_| !moving.is_empty()) else {
        return Ok(());
    };
    // Columns at one bus move flows alike.
    let mut alike: Vec<(&[(usize, f64)], Vec<usize>)> = Vec::new();
    for &j in moving {
        let spread = lines.spread[j].as_slice();
        match alike.iter_mut().find(|(other, _)| *other == spread) {
            Some((_, columns)) => columns.push(j),
            None => alike.push((spread, vec![j])),
        }
    }
    let usual = usual_usd_per_mwh(model, x, moving);
    let weight = |l: usize| 2.0 * rho[l] * worth.map_or(usual, |worth| worth[l]);
    let moves = alike
        .iter()
        .map(|(spread, _)| losses.moved_mw(system, spread));
    let moves: Option<Vec<Vec<f64>>> = moves.collect();
    let lost = || Failure::Numerics("flows with losses are not followed".into());
    let moves = moves.ok_or_else(lost)?;
    let h = DMatrix::from_fn(moves.len(), moves.len(), |i, j| {
        let both = moves[i].iter().zip(&moves[j]).enumerate();
        both.map(|(l, (a, b))| weight(l) * a * b).sum()
    });
    let roots: SymmetricEigen<f64, _> = SymmetricEigen::new(h);
    let largest = roots
        .eigenvalues
        .iter()
        .fold(0.0, |most: f64, v| most.max(*v));
    for (n, &root) in roots.eigenvalues.iter().enumerate() {
        if root <= SMALL * largest {
            continue;
        }
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let u = model.var(format!("bend_{n}"), free.0, free.1, 0.0);
        model.quadratic(u, u, 0.5 * root);
        let along = alike.iter().enumerate().flat_map(|(b, (_, columns))| {
            let by = roots.eigenvectors[(b, n)];
            columns.iter().map(move |&j| (j, by))
        });
        let along: Vec<(usize, f64)> = along.collect();
        let from: f64 = along.iter().map(|&(j, by)| by * x[j]).sum();
        let terms = along.iter().map(|&(j, by)| (columns.var[j], by));
        model.row(format!("bend_{n}"), terms.chain([(u, -1.0)]), from, from);
    }
    Ok(())
}

/// [`settled`], with what losses bend at the optimum in its program, whether it took that to find it or not.
///
/// # Errors
/// As [`settled`].
pub(super) fn bent<'a>(
    system: &'a System,
    request: &Request<'a>,
) -> Result<Cleared<'a>, NoDispatch> {
    let mut cleared = settled(system, request)?;
    let n = cleared.columns.var.len();
    if cleared.model.vars().len() > n {
        return Ok(cleared);
    }
    let face = DualFace::new(&cleared.model, &cleared.x)?;
    let solution = Solution {
        objective: 0.0,
        x: cleared.x.clone(),
        duals: Some(face.duals(&[(cleared.balance, 1.0)])?),
    };
    let Cleared {
        model,
        columns,
        balance,
        lines,
        x,
        ..
    } = &mut cleared;
    let worth = worth_of(system, lines, model, *balance, &solution);
    let near = system.tolerance_mw(STAYS_MW);
    let between = |j: &usize| {
        let column = &model.vars()[*j];
        x[*j] > column.lower + near && x[*j] < column.upper - near
    };
    let moving: BTreeSet<usize> = (0..n).filter(between).collect();
    bend(
        system,
        model,
        (columns, lines),
        x,
        &moving,
        worth.as_deref(),
    )?;
    x.resize(model.vars().len(), 0.0);
    Ok(cleared)
}

/// The mean of what moving columns bid, $/MWh: what a MWh is worth while there are no multipliers.
fn usual_usd_per_mwh(model: &Model, x: &[f64], moving: &BTreeSet<usize>) -> f64 {
    let bids = model.gradient(x);
    let sum: f64 = moving.iter().map(|&j| bids[j].max(0.0)).sum();
    sum / moving.len().max(1) as f64
}
