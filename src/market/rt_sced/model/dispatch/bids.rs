//! Aggregated bids inside the program: exact curves by cuts, Union Jack bids by their triangles, and
//! what each aggregator does with its instruction.

use crate::opt::parametric::Atlas;
use crate::opt::union_jack::{Surface, Vertex, minimise, on_triangles};
use crate::opt::{Constraint, Failure, Model, Outcome, Row, Var, quadratic, simplex};

use super::lines::Lines;
use super::program::Columns;
use crate::market::rt_sced::model::equivalent::{Answer, reached};

/// With exact curves, and without any equivalent: cuts enter where a curve's value lies too low.
pub(super) fn clear_on_curves(
    model: &mut Model,
    lines: &Lines,
    columns: &Columns,
    mut exceeded: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Outcome {
    let equivalents = lines.equivalents();
    let vars: Vec<Vec<Var>> = (0..equivalents.len())
        .map(|e| columns.of_equivalent(e).collect())
        .collect();
    let mut trouble = None;
    let outcome = quadratic::solve_lazy(model, |x| {
        let mut rows = exceeded(x);
        for (equivalent, vars) in equivalents.iter().zip(&vars) {
            let Some((&value, over)) = vars.split_last() else {
                continue;
            };
            match equivalent.supporting_row(over, value, x) {
                Ok(row) => rows.extend(row),
                Err(why) => trouble = Some(why),
            }
        }
        rows
    });
    trouble.map_or(outcome, Err)
}

/// Union Jack bids in the program of a dispatch.
#[derive(Default)]
pub(super) struct OnJacks {
    /// Definitions of P_l'', with their limits.
    pub(super) others: Vec<(Row, usize)>,
    /// The triangle of each bid, and the weights of its corners.
    pub(super) triangles: Vec<[Vertex; 3]>,
    pub(super) weights: Vec<Vec<Var>>,
    /// The program before any triangle is held: its rows come first.
    pub(super) base: Model,
}

/// With Union Jack bids: P_l'' is tied to the others' flow, the triangles are found, and `model`
/// becomes the linear program on them, with the weights of their corners.
pub(super) fn clear_on_jack(
    model: &mut Model,
    lines: &Lines,
    columns: &Columns,
    found: &mut OnJacks,
    mut exceeded: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Outcome {
    found.others = tie_others(model, lines, columns);
    let surfaces = surfaces(lines, columns);
    let mut anew = Atlas::new(1);
    let known = &mut lines.system.known.try_borrow_mut();
    let known = match known {
        Ok(known) => &mut known.under_jacks,
        Err(_) => &mut anew,
    };
    let minimum = minimise(model, &surfaces, known, &mut exceeded)?;
    let (held, weights) = on_triangles(model, &surfaces, &minimum.triangles);
    found.base = std::mem::replace(model, held);
    (found.weights, found.triangles) = (weights, minimum.triangles);
    simplex::solve_lazy(model, exceeded)
}

/// The rows that define P_l'' of every Union Jack and keep (P_a, P_l'') in its region; returns the
/// definitions with their limits.
pub(super) fn tie_others(model: &mut Model, lines: &Lines, columns: &Columns) -> Vec<(Row, usize)> {
    let system = lines.system;
    let mut definitions = Vec::new();
    for (e, equivalent) in lines.equivalents().iter().enumerate() {
        let vars: Vec<Var> = columns.of_equivalent(e).collect();
        let ([p_a, other], Some(jack)) = (vars.as_slice(), &equivalent.jack) else {
            continue;
        };
        let k = equivalent.lines[0];
        let id = &system.groups[equivalent.group].id;
        let (terms, constant) = lines.flow(columns, k, Some(e));
        let terms = terms.into_iter().map(|(v, a)| (v, -a));
        let row = model.row(
            format!("others_on_{}_{id}", system.limits[k].id),
            terms.chain([(*other, 1.0)]),
            constant,
            constant,
        );
        definitions.push((row, k));
        for (n, facet) in jack.curve.region.iter().enumerate() {
            let terms = [*p_a, *other].into_iter().zip(facet.normal.iter().copied());
            let name = format!("region_{id}_{}", n + 1);
            model.row(name, terms, f64::NEG_INFINITY, facet.upper);
        }
    }
    definitions
}

pub(super) fn surfaces<'a>(lines: &Lines<'a>, columns: &Columns) -> Vec<Surface<'a>> {
    let equivalents = lines.equivalents().iter().enumerate();
    equivalents
        .filter_map(|(e, equivalent)| {
            let jack = equivalent.jack.as_ref()?;
            let mut vars = columns.of_equivalent(e);
            Some(Surface {
                jack: &jack.grid,
                curve: &jack.curve,
                x: vars.next()?,
                y: vars.next()?,
            })
        })
        .collect()
}

/// What each equivalent does with its instruction: `Eq. [zuo2022](12)` to `(16)` at the point it
/// was given.
pub(super) fn answers(
    lines: &Lines,
    columns: &Columns,
    (model, weights): (&Model, &[Vec<Var>]),
    (x, flows): (&[f64], &[f64]),
) -> Result<Vec<Answer>, Failure> {
    let system = lines.system;
    let mut weights = weights.iter();
    let equivalents = lines.equivalents().iter().enumerate();
    equivalents
        .map(|(e, equivalent)| {
            let vars: Vec<Var> = columns.of_equivalent(e).collect();
            let values: Vec<f64> = vars.iter().map(|v| x[v.0]).collect();
            let p_a_mw = values.first().copied().unwrap_or_default();
            if equivalent.jack.is_some() {
                let answer = reached(&equivalent.bid, &values)?;
                let mine = weights.next().into_iter().flatten();
                return Ok(Answer {
                    p_a_mw,
                    other_mw: values[1..].to_vec(),
                    bid_usd_per_h: mine.map(|w| model.vars()[w.0].cost * x[w.0]).sum(),
                    cost_usd_per_h: answer.cost,
                    blocks_mw: answer.x[..equivalent.blocks.len()].to_vec(),
                });
            }
            let nothing = || Failure::Refused("an equivalent without variables".into());
            let (value, point) = values.split_last().ok_or_else(nothing)?;
            let answer = reached(&equivalent.contribution, point)?;
            let sent = point.iter().skip(1);
            let on = equivalent
                .lines
                .iter()
                .map(|&k| flows[system.limits[k].branch]);
            Ok(Answer {
                p_a_mw,
                other_mw: on.zip(sent).map(|(flow, sent)| flow - sent).collect(),
                bid_usd_per_h: *value,
                cost_usd_per_h: answer.cost,
                blocks_mw: answer.x,
            })
        })
        .collect()
}
