//! Every number that the report may show.

use crate::network::{Radial, SweepFlow};
use crate::opt::Certificate;

/// The feeders, in the order of the case.
pub struct Outcome {
    pub feeders: Vec<Flow>,
    /// Where a feeder has no flow: the greatest load factor found at which all have one.
    pub factor: Option<f64>,
}

/// One feeder.
pub struct Flow {
    pub tree: Radial,
    /// What loads take, MW and Mvar.
    pub load: (f64, f64),
    /// Why there is none, where the loads are beyond what the lines carry.
    pub flow: Result<SweepFlow, String>,
    /// Its equations recomputed.
    pub certificate: Option<Certificate>,
    /// Where there is no flow: the greatest load factor found that has one; NaN without any.
    pub factor: f64,
}
