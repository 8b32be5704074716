//! What holds at a point of the plane of an aggregator and a line.

use crate::market::Failure;
use crate::opt::union_jack::UnionJack;
use crate::opt::zonotope::Place;

use super::equivalent::{Equivalent, equivalents};
use super::process::initial_state;
use super::region::Region;
use super::system::{State, System};
use crate::market::rt_sced::params::{Method, RtSced};
use crate::market::shared::offers::cost_usd_per_h;

/// What holds at a point of the plane.
pub enum At {
    Inside {
        cost_usd_per_h: f64,
        /// By member.
        split: Vec<Part>,
        /// Cost of the last and of the next MW, $/MWh.
        slopes: (f64, f64),
        /// P_l', MW.
        sent_mw: f64,
    },
    Outside {
        /// Least and greatest P_a at this P_l'', MW; crossed where none is feasible.
        p_a_mw: (f64, f64),
        /// Least and greatest P_l'' of the region, MW.
        other_mw: (f64, f64),
        /// Where some output of the DERs gives this P_a: what it does to the line.
        overload: Option<Overload>,
    },
}

impl At {
    /// What the DERs do; nothing where no output of them makes the point.
    pub fn split(&self) -> Option<&[Part]> {
        match self {
            At::Inside { split, .. } => Some(split),
            At::Outside { overload, .. } => Some(&overload.as_ref()?.split),
        }
    }
}

/// A point beyond the line's limit, however the DERs share P_a.
pub struct Overload {
    /// P_l'' nearest to it at which P_a is feasible.
    pub to_other_mw: f64,
    /// Beyond the limit, MW: the distance to it.
    pub over_mw: f64,
    /// The split that puts least on the line, by member.
    pub split: Vec<Part>,
    /// P_l' of it, MW.
    pub sent_mw: f64,
}

/// What one DER does at a point.
pub struct Part {
    pub der: usize,
    pub p_mw: f64,
    pub cost_usd_per_h: f64,
}

/// The answer to a question about a point.
pub struct Asked {
    pub group: usize,
    pub limit: usize,
    pub at: At,
    /// Edges of the region that the point lies on, of those that are shown.
    pub edges: Vec<usize>,
    /// Cost by the bid's Union Jack, where it has one: none outside its feasible triangles, $/h.
    pub on_grid: Option<Option<f64>>,
    /// The whole system at the point, where there is a dispatch with it, and its flows, MW.
    pub whole: Option<(State, Vec<f64>)>,
    /// The published method with the M that was asked about.
    pub tried: Option<OnGrid>,
}

/// The published method with a grid that is asked about.
pub struct OnGrid {
    pub m: u32,
    pub grid: Option<UnionJack>,
    /// Cost of the last interval above its optimum, $/h; none where the run comes to nothing.
    pub above_optimum_usd_per_h: Option<f64>,
}

impl Region {
    /// What holds at a point of the plane, MW.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn at(&self, system: &System, p_a_mw: f64, other_mw: f64) -> Result<At, Failure> {
        let bid = &self.equivalent.bid;
        let reached = match bid.at(&[p_a_mw, other_mw])? {
            Place::Inside(reached) => reached,
            Place::Outside { .. } => {
                return Ok(At::Outside {
                    p_a_mw: self.slice(other_mw),
                    other_mw: bid.range(1),
                    overload: self.overload(system, p_a_mw, other_mw)?,
                });
            }
        };
        let (split, sent_mw) = self.split(system, &reached.x);
        Ok(At::Inside {
            cost_usd_per_h: reached.cost,
            slopes: bid.slopes(&reached.x, 0)?,
            sent_mw,
            split,
        })
    }

    /// Members' outputs and P_l' where the blocks stand like this.
    fn split(&self, system: &System, x: &[f64]) -> (Vec<Part>, f64) {
        let blocks = &x[..self.equivalent.blocks.len()];
        let ders = self.equivalent.outputs_mw(system, blocks);
        let part = |&der: &usize| Part {
            der,
            p_mw: ders[der],
            cost_usd_per_h: cost_usd_per_h(&system.ders[der].offer, ders[der]),
        };
        let members = system.groups[self.group].members.iter();
        (members.map(part).collect(), self.sent_mw(system, &ders))
    }

    /// What a point beyond the line's limit does to it. For a P_a that the DERs can produce, the distance to the region
    /// along P_l'' is what the line carries too much with the split that carries least.
    fn overload(
        &self,
        system: &System,
        p_a_mw: f64,
        other_mw: f64,
    ) -> Result<Option<Overload>, Failure> {
        let (least, greatest) = self.equivalent.bid.range(0);
        let (low, high) = self.column(p_a_mw);
        if p_a_mw < least - 1e-9 || p_a_mw > greatest + 1e-9 || low > high {
            return Ok(None);
        }
        let to_other_mw = other_mw.clamp(low, high);
        let Place::Inside(reached) = self.equivalent.bid.at(&[p_a_mw, to_other_mw])? else {
            return Ok(None);
        };
        let (split, sent_mw) = self.split(system, &reached.x);
        Ok(Some(Overload {
            to_other_mw,
            over_mw: (other_mw - to_other_mw).abs(),
            split,
            sent_mw,
        }))
    }

    /// The grid of the published method; none where the bid is not on a grid.
    ///
    /// # Errors
    /// The grid cannot be laid.
    pub fn grid(
        &self,
        system: &System,
        params: &RtSced,
        known: &[Equivalent],
    ) -> Result<Option<UnionJack>, Failure> {
        if params.method != Method::UnionJack {
            return Ok(None);
        }
        let grid = |e: &Equivalent| Some(e.jack.as_ref()?.grid.clone());
        let mine = |e: &&Equivalent| e.group == self.group && e.lines == [self.limit];
        if let Some(known) = known.iter().find(mine) {
            return Ok(grid(known));
        }
        let start = initial_state(system, params);
        let laid = equivalents(system, params, &[(self.group, self.limit)], &start)?;
        Ok(laid.first().and_then(grid))
    }
}
