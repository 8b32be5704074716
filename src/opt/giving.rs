//! What gives way for the least total change, with rows that enter as a point exceeds them.

use super::elastic::{Elastic, Explanation, limits};
use super::ids::{Limit, Var};
use super::model::{Constraint, Model};
use super::outcome::Solution;
use super::simplex;

/// [`relaxed_point`](super::infeasible::relaxed_point) of a linear model whose further rows enter as a point exceeds them,
/// at most `most`, each open to change: within one program, as [`simplex::solve_lazy`]. `None` where there is no point, or more rows would enter.
///
/// Each row that `cuts` gives has one limit, and is given once.
pub fn relaxed_lazily(
    model: &Model,
    may_change: impl Fn(Limit) -> bool,
    most: usize,
    cuts: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Option<Vec<f64>> {
    let limits = limits(model).into_iter();
    let elastic = Elastic::new(
        model,
        &limits.filter(|&l| may_change(l)).collect::<Vec<_>>(),
    );
    let lazily = elastic_lazily(model.vars().len(), elastic, most, cuts)?;
    Some(lazily.x[..model.vars().len()].to_vec())
}

/// [`relax_among`](super::infeasible::relax_among) with further rows as [`relaxed_lazily`] takes them: those that entered are added to the model, and
/// come by their places among all that `cuts` gave.
pub fn relax_lazily(
    model: &mut Model,
    may_change: impl Fn(Limit) -> bool,
    most: usize,
    cuts: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Option<(Explanation, Vec<usize>)> {
    let mut limits: Vec<Limit> = limits(model)
        .into_iter()
        .filter(|&l| may_change(l))
        .collect();
    let elastic = Elastic::new(model, &limits);
    let (count, before) = (model.vars().len(), elastic.model.rows().len());
    let slacks: Vec<Var> = elastic.slacks.clone();
    let lazily = elastic_lazily(count, elastic, most, cuts)?;
    let mut x = lazily.x[..count].to_vec();
    x.extend(slacks.iter().map(|slack| lazily.x[slack.0]));
    let mut entered = Vec::new();
    for row in &lazily.rows[before..] {
        let of = |v: Var| v.0.checked_sub(lazily.ready);
        let Some((place, slack)) = row.terms.iter().find_map(|&(v, _)| Some((of(v)?, v))) else {
            continue;
        };
        let mut row = row.clone();
        row.terms.retain(|(v, _)| *v != slack);
        let lower = row.lower.is_finite();
        let row = model.push(row);
        limits.push(match lower {
            true => Limit::RowLower(row),
            false => Limit::RowUpper(row),
        });
        x.push(lazily.x[slack.0]);
        entered.push(place);
    }
    let elastic = Elastic::new(model, &limits);
    let solution = Solution {
        objective: elastic.model.objective(&x),
        x,
        duals: None,
    };
    Some((elastic.explained(model, &solution), entered))
}

/// An elastic program solved with rows that entered.
struct Lazily {
    x: Vec<f64>,
    rows: Vec<Constraint>,
    /// The first of the variables by which further rows give way.
    ready: usize,
}

fn elastic_lazily(
    count: usize,
    elastic: Elastic,
    most: usize,
    mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Option<Lazily> {
    let mut elastic = elastic.model;
    let first = elastic.vars().len();
    // A program that is solved takes no more columns: what further rows give way by stands ready.
    let ready: Vec<Var> = (0..most)
        .map(|_| elastic.var("", 0.0, f64::INFINITY, 1.0))
        .collect();
    let mut ready = ready.into_iter();
    let mut enough = true;
    let solution = simplex::solve_lazy(&mut elastic, |x| {
        let mut rows = cuts(&x[..count]);
        rows.retain_mut(|row| {
            let sign = if row.lower.is_finite() { 1.0 } else { -1.0 };
            let slack = ready.next();
            enough &= slack.is_some();
            row.terms.extend(slack.map(|slack| (slack, sign)));
            slack.is_some()
        });
        rows
    });
    Some(Lazily {
        x: solution.ok().filter(|_| enough)?.x,
        rows: elastic.rows().to_vec(),
        ready: first,
    })
}
