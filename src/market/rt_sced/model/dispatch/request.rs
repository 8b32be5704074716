//! What the program of one interval is asked for.

use std::rc::Rc;

use crate::opt::Constraint;

use crate::market::rt_sced::model::equivalent::Equivalent;
use crate::market::rt_sced::model::losses::Losses;
use crate::market::rt_sced::model::system::State;

/// How the program sees aggregated DERs.
#[derive(Clone, Copy)]
pub enum Aggregation<'a> {
    /// Each DER at its own bus (elemental pricing nodes).
    Elemental,
    /// Each aggregator as one node; distribution factors by group and member.
    Factors(&'a [Vec<f64>]),
    /// Aggregators with critical lines through their network equivalents, the others and all other
    /// lines through the factors.
    Equivalent(&'a [Vec<f64>], &'a [Equivalent]),
}

impl<'a> Aggregation<'a> {
    pub fn equivalents(self) -> &'a [Equivalent] {
        match self {
            Aggregation::Equivalent(_, equivalents) => equivalents,
            _ => &[],
        }
    }

    /// Factors of aggregator `a`; `None` where each member is seen at its own bus.
    pub fn factors(self, a: usize) -> Option<&'a [f64]> {
        match self {
            Aggregation::Elemental => None,
            Aggregation::Factors(factors) | Aggregation::Equivalent(factors, _) => {
                factors.get(a).map(Vec::as_slice)
            }
        }
    }
}

/// An interval after the one to be cleared that is looked ahead at.
#[derive(Clone, PartialEq)]
pub struct Later {
    pub loads_mw: Vec<f64>,
    /// Range of each generator.
    pub ranges_mw: Vec<(f64, f64)>,
    /// How far each generator gets from the interval before; `None` without a ramp limit.
    pub reach_mw: Vec<Option<f64>>,
}

/// What one dispatch is asked for.
#[derive(Clone)]
pub struct Request<'a> {
    pub name: String,
    pub aggregation: Aggregation<'a>,
    /// Latest state estimation; its flows are taken as measured.
    pub se: &'a State,
    /// Loads to be served, MW.
    pub loads_mw: &'a [f64],
    /// Load at buses beside these, MW, by bus.
    pub more_mw: &'a [(usize, f64)],
    /// Least and greatest output of each generator, MW, ramps included.
    pub generator_range_mw: &'a [(f64, f64)],
    /// Losses about a dispatch, which the rows are to hold.
    pub losses: Option<Rc<Losses>>,
    /// The intervals after it that are cleared with it, to bind in none of them.
    pub ahead: &'a [Later],
    /// Limits that bound last time: tried first, as (limit, upper side).
    pub warm_limits: &'a [(usize, bool)],
    /// Rows of exact curves that were tight last time.
    pub warm_cuts: &'a [Constraint],
}

impl<'a> Request<'a> {
    pub fn equivalents(&self) -> &'a [Equivalent] {
        self.aggregation.equivalents()
    }
}
