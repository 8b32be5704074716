//! One area of the tree: its network, its buses, and what is injected there.

use crate::case::{Feeder, balancing::Zone};
use crate::network::Radial;
use crate::network::formulation::dc::DcBranch;

/// The network of an area.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Meshed, by angles: the transmission buses outside all zones.
    Dc { branches: Vec<DcBranch> },
    /// Linear limits on the injections of its buses.
    Zone { zone: Zone },
    /// A radial feeder.
    Feeder { feeder: Feeder, tree: Radial },
}

/// One area. Indices of buses are positions in `buses`.
#[derive(Clone, Debug)]
pub struct Area {
    /// `transmission`, or the id of the zone or feeder.
    pub id: String,
    /// Id of the boundary: the zone's own id where the area is a zone.
    pub boundary: String,
    pub kind: Kind,
    pub buses: Vec<String>,
    /// Area above and bus there; `None` on top.
    pub above: Option<(usize, usize)>,
    pub below: Vec<usize>,
    /// Limit on the exchange in either direction.
    pub max_export_mw: Option<f64>,
    /// Bids of the area: index in `balancing.bids` and bus.
    pub bids: Vec<(usize, usize)>,
    /// What is injected without choice, by period and bus: schedule and imbalance.
    pub fixed_p_mw: Vec<Vec<f64>>,
    pub fixed_q_mvar: Vec<Vec<f64>>,
    /// Of that the schedule, MW.
    pub scheduled_p_mw: Vec<Vec<f64>>,
    /// Losses of a feeder that the schedule covers, by period, MW.
    pub scheduled_loss_mw: Vec<f64>,
}

/// A branch, a limit of a zone or a line of a feeder.
pub struct Line<'a> {
    pub id: &'a str,
    /// Greatest size of its flow, MW or MVA; least and greatest flow, MW.
    pub limits: [Option<f64>; 3],
}
