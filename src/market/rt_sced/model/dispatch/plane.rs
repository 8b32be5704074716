//! Union Jack bids in what one more unit does: each on the triangle that the dispatch found, where its cost is a plane.
//!
//! ```text
//! C_a = c + g_P P_a + g_l P_l''        within the triangle
//! P_l'' = Σ of what the others put on line l: one MW of load at bus i takes SF_li off it
//! ```
//!
//! A step that leaves the triangle is another program: what the whole integer program gives is asked for beside it.
//!
//! `Eq. [zuo2022](11)`, `(12)` and section III.B.

use crate::opt::parametric::Atlas;
use crate::opt::union_jack::{minimise, slopes};
use crate::opt::{Model, Row, Tag, Var};

use super::bids::{OnJacks, surfaces};
use super::clearing::{Cleared, NoDispatch};
use super::lines::{FLOW_TOLERANCE_MW, Lines, side_of};
use super::program::Columns;
use crate::market::rt_sced::model::system::System;

/// A bid on its triangle.
pub(super) struct Plane {
    pub(super) group: usize,
    pub(super) limit: usize,
    pub(super) p_a: Var,
    pub(super) other: Var,
    definition: Row,
    /// Of its cost along P_a and along P_l'', $/MWh.
    pub(super) slopes: (f64, f64),
}

/// The Union Jack bids of a program; none where it has none.
pub(super) struct Planes {
    pub(super) all: Vec<Plane>,
    base: Model,
}

/// What the others put on the critical line of a bid, as it moves.
pub struct Beside {
    pub group: usize,
    pub limit: usize,
    /// MW for each MW.
    pub by: f64,
    /// What the bid rises by for each MW of it, $/MWh.
    pub usd_per_mwh: f64,
}

/// A step: how rows move with it, and both sides of every limit, for each MW.
pub(super) struct Step<'s> {
    pub(super) direction: &'s [(Row, f64)],
    pub(super) moves: &'s dyn Fn(usize, bool) -> f64,
}

impl Planes {
    pub(super) fn new(cleared: &mut Cleared) -> Planes {
        let OnJacks {
            others,
            triangles,
            base,
            ..
        } = std::mem::take(&mut cleared.jacks);
        let surfaces = surfaces(&cleared.lines, &cleared.columns);
        let mut equivalents = cleared.lines.equivalents().iter();
        let bids = surfaces.iter().zip(&triangles).zip(&others);
        let all = bids.filter_map(|((surface, triangle), &(definition, limit))| {
            let equivalent = equivalents.find(|e| e.jack.is_some())?;
            Some(Plane {
                group: equivalent.group,
                limit,
                p_a: surface.x,
                other: surface.y,
                definition,
                slopes: slopes(surface.jack, triangle)?,
            })
        });
        Planes {
            all: all.collect(),
            base,
        }
    }

    pub(super) fn none() -> Planes {
        Planes {
            all: Vec::new(),
            base: Model::default(),
        }
    }

    /// The bids that see limit `k` by what the others put on it.
    pub(super) fn on(&self, k: usize) -> impl Iterator<Item = &Plane> {
        self.all.iter().filter(move |plane| plane.limit == k)
    }

    /// How the definitions of P_l'' move.
    pub(super) fn definitions(&self, by: impl Fn(usize) -> f64) -> Vec<(Row, f64)> {
        let planes = self.all.iter();
        let moved = planes.map(|plane| (plane.definition, by(plane.limit)));
        moved.collect()
    }

    /// What moves on the critical lines.
    pub(super) fn beside(&self, moves: &[(Var, f64)]) -> Vec<Beside> {
        let moved = self.all.iter().filter_map(|plane| {
            let (_, by) = moves.iter().find(|(v, _)| *v == plane.other)?;
            Some(Beside {
                group: plane.group,
                limit: plane.limit,
                by: *by,
                usd_per_mwh: plane.slopes.1,
            })
        });
        moved.collect()
    }

    /// Cost where the step is taken with triangles chosen anew, $/h; `None` without Union Jack bids, and where there is no
    /// dispatch.
    pub(super) fn chosen_anew(
        &self,
        system: &System,
        (lines, columns): (&Lines, &Columns),
        model: &Model,
        (step, step_mw): (&Step, f64),
    ) -> Result<Option<f64>, NoDispatch> {
        if self.all.is_empty() {
            return Ok(None);
        }
        let place = |model: &Model, tag: Tag| {
            let mut rows = model.rows().iter();
            rows.position(|row| row.tag == tag).map(Row)
        };
        let mut base = self.base.clone();
        for row in model.rows() {
            if matches!(row.tag, Tag::Own(_)) && place(&base, row.tag).is_none() {
                base.push(row.clone());
            }
        }
        for &(row, by) in step.direction {
            // Balance and definitions stand where they stood; limits may not.
            let tag = model.rows()[row.0].tag;
            let row = match tag {
                Tag::Own(_) => place(&base, tag),
                _ => Some(row),
            };
            if let Some(row) = row {
                let limits = &base.rows()[row.0];
                let (lower, upper) = (limits.lower, limits.upper);
                base.set_limits(row, lower + step_mw * by, upper + step_mw * by);
            }
        }
        let limits = || (0..system.limits.len()).flat_map(|k| [(k, true), (k, false)]);
        let sides = limits().filter(|&(k, upper)| place(&base, side_of(k, upper)).is_some());
        let mut tried: Vec<(usize, bool)> = sides.collect();
        let tolerance = system.tolerance_mw(FLOW_TOLERANCE_MW);
        let minimum = minimise(
            &mut base,
            &surfaces(lines, columns),
            &mut Atlas::new(1),
            |x| {
                let flows = lines.expected_flows(columns, x);
                let over = limits().filter(|&(k, upper)| {
                    let limit = &system.limits[k];
                    let sign = if upper { 1.0 } else { -1.0 };
                    let by = step_mw * (step.moves)(k, upper);
                    let excess = sign * (system.flow_on(k, &flows) - by) - limit.max_p_mw;
                    excess > tolerance && !lines.covered(k) && !tried.contains(&(k, upper))
                });
                let over: Vec<(usize, bool)> = over.collect();
                tried.extend(&over);
                let rows = over.into_iter().map(|(k, upper)| {
                    let mut row = lines.row(columns, k, upper);
                    let by = step_mw * (step.moves)(k, upper);
                    row.lower += by;
                    row.upper += by;
                    row
                });
                rows.collect()
            },
        );
        match minimum {
            Ok(minimum) => Ok(Some(minimum.objective)),
            Err(why) if why.is_answer() => Ok(None),
            Err(why) => Err(why.into()),
        }
    }
}
