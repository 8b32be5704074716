//! DC lines between two buses of the network.

use crate::case::Case;
use crate::market::Failure;

/// A DC line: of the flow taken out at `from`, the share `arrives` is put in at `to`.
pub struct DcLine {
    pub id: String,
    pub from: usize,
    pub to: usize,
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    pub arrives: f64,
}

/// The DC lines of a case.
pub fn dc_lines(
    case: &Case,
    bus_of: impl Fn(&str, &str) -> Result<usize, Failure>,
) -> Result<Vec<DcLine>, Failure> {
    let lines = case.dc_lines.iter().map(|line| {
        Ok(DcLine {
            id: line.id.clone(),
            from: bus_of(&line.from, &line.id)?,
            to: bus_of(&line.to, &line.id)?,
            min_p_mw: line.min_p_mw,
            max_p_mw: line.max_p_mw,
            arrives: 1.0 - line.loss_share,
        })
    });
    lines.collect()
}

impl DcLine {
    /// What one MW of its flow injects, by bus.
    pub fn spread(&self) -> [(usize, f64); 2] {
        [(self.from, -1.0), (self.to, self.arrives)]
    }
}
