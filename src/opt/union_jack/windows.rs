//! The best triangles by integer programs on windows of the grids.

use super::super::ids::Var;
use super::super::model::{Constraint, Model};
use super::super::outcome::{Outcome, Solution};
use super::super::simplex;
use super::{
    Binaries, Found, Minimum, SAME_COST, Surface, Window, add, around, on_triangles, with_curves,
};
use crate::opt::Failure;

/// First a few cells around the bound's point, then those where the bound alone does not cost more than what they hold.
pub(super) fn by_windows(
    base: &mut Model,
    surfaces: &[Surface],
    mut lazy: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Result<Minimum, Failure> {
    let (mut relaxed, costs, bound) = relax(base, surfaces, &mut lazy)?;
    let done = |(triangles, objective): Found| Minimum {
        triangles,
        objective,
        bound: bound.objective,
    };
    let at = |s: &Surface| (bound.x[s.x.0], bound.x[s.y.0]);
    let mut windows: Vec<Window> = Vec::new();
    let found = match beside(base, surfaces, &bound, &mut lazy)? {
        Some(found) => found,
        None => {
            let mut reach = 1;
            loop {
                windows = surfaces
                    .iter()
                    .map(|s| Window::around(s.jack, at(s), reach))
                    .collect();
                match search(base, surfaces, &windows, &mut lazy) {
                    Err(Failure::Infeasible) if !all_whole(surfaces, &windows) => reach *= 2,
                    Err(other) => return Err(other),
                    Ok(found) => break found,
                }
            }
        }
    };
    if found.1 - bound.objective <= SAME_COST * (1.0 + found.1.abs()) {
        return Ok(done(found));
    }
    let worth = worthwhile(&mut relaxed, surfaces, &costs, found.1)?;
    let searched = !windows.is_empty() && windows.iter().zip(&worth).all(|(w, o)| w.holds(o));
    match searched {
        true => Ok(done(found)),
        false => search(base, surfaces, &worth, &mut lazy).map(done),
    }
}

/// The triangles that the bound's own point lies in, where they hold a dispatch.
fn beside(
    base: &mut Model,
    surfaces: &[Surface],
    bound: &Solution,
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Result<Option<Found>, Failure> {
    let Some(triangles) = around(surfaces, &bound.x) else {
        return Ok(None);
    };
    let (mut model, _) = on_triangles(base, surfaces, &triangles);
    match lazily(base, &mut model, lazy) {
        Ok(solution) => Ok(Some((triangles, solution.objective))),
        Err(Failure::Infeasible) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Solves with lazy rows, which `base` keeps.
fn lazily(
    base: &mut Model,
    model: &mut Model,
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Outcome {
    let mut entered: Vec<Constraint> = Vec::new();
    let outcome = simplex::solve_lazy(model, |x| {
        let rows = lazy(x);
        entered.extend(rows.iter().cloned());
        rows
    });
    for row in entered {
        base.push(row);
    }
    outcome
}

fn all_whole(surfaces: &[Surface], windows: &[Window]) -> bool {
    let pairs = surfaces.iter().zip(windows);
    pairs.fold(true, |all, (s, w)| all && *w == Window::whole(s.jack))
}

/// The program with the convex functions in place of the interpolated ones, solved by cuts; and
/// the variables that stand for their values.
pub(super) fn relax(
    base: &mut Model,
    surfaces: &[Surface],
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Result<(Model, Vec<Var>, Solution), Failure> {
    let (mut model, costs) = with_curves(base, surfaces);
    let mut entered: Vec<Constraint> = Vec::new();
    let outcome = simplex::solve_lazy(&mut model, |x| {
        let mut rows = lazy(x);
        entered.extend(rows.iter().cloned());
        let pairs = surfaces.iter().zip(&costs);
        rows.extend(pairs.filter_map(|(s, &cost)| s.supporting_row(cost, x)));
        rows
    });
    for row in entered {
        base.push(row);
    }
    Ok((model, costs, outcome?))
}

/// The best triangles within the windows and their cost.
fn search(
    base: &mut Model,
    surfaces: &[Surface],
    windows: &[Window],
    lazy: &mut impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Result<Found, Failure> {
    let mut model = base.clone();
    let binaries: Vec<Binaries> = surfaces
        .iter()
        .zip(windows)
        .enumerate()
        .map(|(n, (surface, &window))| add(&mut model, surface, n + 1, window))
        .collect();
    let solution = lazily(base, &mut model, lazy)?;
    let triangles = binaries.iter().map(|b| b.triangle(&solution.x)).collect();
    Ok((triangles, solution.objective))
}

/// The windows outside of which the convex functions alone already cost more than `found`.
fn worthwhile(
    relaxed: &mut Model,
    surfaces: &[Surface],
    costs: &[Var],
    found: f64,
) -> Result<Vec<Window>, Failure> {
    let objective: Vec<(Var, f64)> = relaxed
        .vars()
        .iter()
        .enumerate()
        .map(|(j, column)| (Var(j), column.cost))
        .collect();
    let limit = found + 1e-9 * (1.0 + found.abs()) - relaxed.constant();
    relaxed.row("no_dearer", objective, f64::NEG_INFINITY, limit);
    for j in 0..relaxed.vars().len() {
        relaxed.set_cost(Var(j), 0.0);
    }
    let mut end = |surface: &Surface, cost: Var, var: Var, sign: f64| -> Result<f64, Failure> {
        relaxed.set_cost(var, sign);
        let outcome = simplex::solve_lazy(relaxed, |x| {
            surface.supporting_row(cost, x).into_iter().collect()
        });
        relaxed.set_cost(var, 0.0);
        Ok(outcome?.x[var.0])
    };
    surfaces
        .iter()
        .zip(costs)
        .map(|(s, &cost)| {
            let low = (end(s, cost, s.x, 1.0)?, end(s, cost, s.y, 1.0)?);
            let high = (end(s, cost, s.x, -1.0)?, end(s, cost, s.y, -1.0)?);
            Ok(Window::between(s.jack, low, high))
        })
        .collect()
}
