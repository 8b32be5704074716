//! The limits of a contradiction: lines, ranges of units, loads.

use std::collections::BTreeSet;

use crate::opt::Limit;
use crate::opt::parametric::Ray;

use super::conflict::{Cause, LOADS_APART, ends};
use super::rays::{is_plain, sides};
use super::request::Request;
use crate::market::rt_sced::model::known::Known;
use crate::market::rt_sced::model::standing::Standing;
use crate::market::rt_sced::model::system::{System, Unit};

/// A weight of a load smaller than this is rounding.
const SMALL: f64 = 1e-9;

/// The limits of the contradiction that stands first, in an interval that it has just been found to be of.
pub(super) fn named(system: &System, request: &Request) -> Option<Vec<Cause>> {
    let known = system.known.try_borrow().ok()?;
    let ray = known.standing.rays.first();
    let ray = ray.filter(|_| is_plain(system, request))?;
    Some(causes(system, request, &known, ray))
}

/// What the limits of a contradiction stand for: lines, units at the ends of their ranges, and loads.
fn causes(system: &System, request: &Request, known: &Known, ray: &Ray) -> Vec<Cause> {
    let Standing {
        bounds,
        owner,
        factors,
        space,
        ..
    } = &known.standing;
    let unit = |j: usize| match owner[j].checked_sub(system.generators.len()) {
        None => Unit::Generator(owner[j]),
        Some(d) => Unit::Der(d),
    };
    let limits = |row: usize| sides(&known.met, &space.limits_mw, row);
    let mut bounds = bounds.clone();
    let mut causes = BTreeSet::new();
    for limit in ray.limits() {
        match limit {
            Limit::RowLower(row) | Limit::RowUpper(row) => {
                let met = row.0.checked_sub(1).map(|n| &known.met[n]);
                causes.extend(met.map(|met| Cause::Line(met.limit)));
            }
            Limit::VarUpper(var) => {
                causes.insert(ends(system, request, unit(var.0)).0);
            }
            // That no output is negative is not up for change; where it is enough, no least output is in conflict.
            Limit::VarLower(var) => {
                let low = std::mem::take(&mut bounds[var.0].0);
                if low > 0.0 && !ray.holds(limits, &bounds) {
                    bounds[var.0].0 = low;
                    causes.insert(ends(system, request, unit(var.0)).1);
                }
            }
            Limit::Cone(_) => {}
        }
    }
    let asked = |l: usize| -> f64 {
        let rows = ray.asks();
        rows.map(|(row, by)| by * factors[row][l]).sum()
    };
    let loads = request.loads_mw;
    if loads.len() <= LOADS_APART {
        let each = (0..loads.len()).filter(|&l| loads[l] != 0.0);
        causes.extend(each.filter_map(|l| match asked(l) {
            by if by > SMALL => Some(Cause::TooMuchLoad(l)),
            by if by < -SMALL => Some(Cause::TooLittleLoad(l)),
            _ => None,
        }));
    } else {
        let all: f64 = loads.iter().enumerate().map(|(l, p)| asked(l) * p).sum();
        causes.insert(match all > 0.0 {
            true => Cause::TooMuchLoadInAll,
            false => Cause::TooLittleLoadInAll,
        });
    }
    causes.into_iter().collect()
}
