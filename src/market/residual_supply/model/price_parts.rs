//! What the prices of a clearing are made of: the multipliers of limits, losses and voltages behind them.

use crate::network::formulation::parts::{FeederParts, pulls};
use crate::opt::{Duals, Model};

use super::program::{AreaFlow, Block};
use super::system::{Kind, System};

/// The parts of the prices of one area in one period, in $ per MW of the whole period.
#[derive(Clone, Debug)]
pub enum Parts {
    /// y of each branch: ≤ 0 where its flow is full from → to, ≥ 0 the other way.
    Dc(Vec<f64>),
    /// The price of energy, and y of each limit.
    Zone {
        energy: f64,
        limits: Vec<f64>,
    },
    Feeder(FeederParts),
}

/// Reads them by area and period for every area of a solved program.
pub fn read<'a>(
    system: &System,
    model: &Model,
    duals: &Duals,
    blocks: impl Iterator<Item = &'a Block>,
) -> Vec<Vec<Option<Parts>>> {
    let pulls = pulls(model, duals);
    let of = |row: crate::opt::Row| duals.rows[row.0];
    blocks
        .map(|block| {
            let kind = &system.areas[block.area].kind;
            let each = block.flow.iter().map(|flow| match (flow, kind) {
                (AreaFlow::Dc(flow), _) => {
                    let of_branch = flow.flow.iter().map(|v| {
                        let column = &model.vars()[v.0];
                        let limited = column.lower.is_finite() || column.upper.is_finite();
                        if limited {
                            column.cost - pulls[v.0]
                        } else {
                            0.0
                        }
                    });
                    Some(Parts::Dc(of_branch.collect()))
                }
                (AreaFlow::Zone { balance, limits }, _) => Some(Parts::Zone {
                    energy: of(*balance),
                    limits: limits.iter().map(|&row| of(row)).collect(),
                }),
                (AreaFlow::Feeder(flow), Kind::Feeder { tree, .. }) => Some(Parts::Feeder(
                    FeederParts::new(model, duals, &pulls, (tree, flow)),
                )),
                _ => None,
            });
            each.collect()
        })
        .collect()
}
