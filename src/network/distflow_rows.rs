//! LinDistFlow of a feeder with given injections: no losses, linear squared voltages.
//!
//! > P_j, Q_j are what is drawn below,   w_j = w_i − 2 (r P_j + x Q_j).

use super::power_flow::LineFlow;
use super::radial::Radial;

/// Voltages, p.u., and the flows above each bus, of a feeder whose substation holds `root_v_pu`; injections in MW
/// and Mvar, positive into the network.
pub fn lin_dist_flow(
    tree: &Radial,
    root_v_pu: f64,
    injected: &[(f64, f64)],
) -> (Vec<f64>, Vec<LineFlow>) {
    let mut drawn: Vec<(f64, f64)> = injected.iter().map(|(p, q)| (-p, -q)).collect();
    for &j in tree.order.iter().rev() {
        if let Some(above) = tree.above[j] {
            let (p, q) = drawn[j];
            drawn[above.upper].0 += p;
            drawn[above.upper].1 += q;
        }
    }
    let mut w = vec![root_v_pu.powi(2); drawn.len()];
    let mut lines = vec![LineFlow::default(); drawn.len()];
    for &j in &tree.order {
        let Some(above) = tree.above[j] else { continue };
        let (p, q) = drawn[j];
        w[j] = w[above.upper] - 2.0 * (above.r_pu * p + above.x_pu * q);
        lines[j] = LineFlow {
            p_sent_mw: p,
            q_sent_mvar: q,
            p_received_mw: p,
            q_received_mvar: q,
            l_pu: 0.0,
        };
    }
    let v_pu = w.into_iter().map(|w| w.max(0.0).sqrt()).collect();
    (v_pu, lines)
}
