//! The losses that a schedule covers.
//!
//! What a schedule injects beyond the loads is there for the losses of the feeders. Each feeder has those of
//! its AC power flow with its scheduled loads, or its share of them where the schedule does not cover all.
//! They are paid for with the schedule, and belong to the exchange that was scheduled.

use crate::network::sweep;

use super::area::{Area, Kind};

/// A schedule that is out of balance by less than this share of it is in balance.
const BALANCED: f64 = 1e-9;

/// Scheduled losses of every area in period `t`, MW; each area stands behind the one above it.
///
/// Eq. `[mezghani2023]`(2.4).
pub fn of(areas: &[Area], t: usize, scheduled_q_mvar: &[Vec<Vec<f64>>]) -> Vec<f64> {
    let mut losses = vec![0.0; areas.len()];
    let all = areas.iter().flat_map(|a| &a.scheduled_p_mw[t]);
    let (beyond, size) = all.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
    if beyond <= BALANCED * size {
        return losses;
    }
    let mut exports = vec![0.0; areas.len()];
    for a in (1..areas.len()).rev() {
        let area = &areas[a];
        let active = area.scheduled_p_mw[t].iter();
        let both = active.zip(&scheduled_q_mvar[a][t]);
        let mut injected: Vec<(f64, f64)> = both.map(|(p, q)| (*p, *q)).collect();
        for &b in &area.below {
            if let Some((_, bus)) = areas[b].above {
                injected[bus].0 += exports[b];
            }
        }
        if let Kind::Feeder { feeder, tree } = &area.kind
            && let Ok(flow) = sweep(tree, feeder.root_v_pu, &injected)
        {
            losses[a] = flow.loss_p_mw;
        }
        exports[a] = injected.iter().map(|(p, _)| p).sum::<f64>() - losses[a];
    }
    let sum: f64 = losses.iter().sum();
    if sum > beyond {
        losses.iter_mut().for_each(|loss| *loss *= beyond / sum);
    }
    losses
}
