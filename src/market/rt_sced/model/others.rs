//! The rest of the system while an aggregator and a line are held at a point.

use crate::opt::{Model, Var, simplex};

use super::point::Part;
use super::system::{State, System};
use crate::market::shared::offers::up_to;

/// The cheapest dispatch of the generators with the aggregator's DERs as `parts` has them and P_l'' = `other_mw` on the
/// line; loads and other aggregators stay as they are in `now`. None where there is no such dispatch, or where losses
/// are had, with which flows are not linear.
pub fn others(
    system: &System,
    now: &State,
    limit: usize,
    parts: &[Part],
    other_mw: f64,
) -> Option<State> {
    if system.rho_per_mw.is_some() || system.has_outputs() {
        return None;
    }
    let mut state = now.clone();
    for part in parts {
        state.ders[part.der] = part.p_mw;
    }
    // Everything but generators.
    state.generators.fill(0.0);
    let injection_mw = system.injection_mw(&state);
    let rest_mw: f64 = injection_mw.iter().sum();
    let sent: f64 = parts
        .iter()
        .map(|part| system.ptdf(limit)[system.ders[part.der].bus] * part.p_mw)
        .sum();
    let mut model = Model::new("others");
    let mut blocks: Vec<Vec<Var>> = Vec::new();
    for unit in &system.generators {
        let offer = up_to(&unit.offer, unit.max_p_mw);
        let of = offer
            .iter()
            .map(|block| model.var("block", 0.0, block.p_mw, block.usd_per_mwh));
        let of: Vec<Var> = of.collect();
        let all = of.iter().map(|var| (*var, 1.0));
        model.row("output", all, unit.min_p_mw, unit.max_p_mw);
        blocks.push(of);
    }
    let on = |weight: &dyn Fn(usize) -> f64| -> Vec<(Var, f64)> {
        let units = system.generators.iter().zip(&blocks);
        units
            .flat_map(|(unit, of)| of.iter().map(|var| (*var, weight(unit.bus))))
            .collect()
    };
    model.row("balance", on(&|_| 1.0), -rest_mw, -rest_mw);
    for k in system.line_limits() {
        let line = &system.limits[k];
        let pairs = system.ptdf(k).iter().zip(&injection_mw);
        let rest = pairs.map(|(sf, p)| sf * p).sum::<f64>() + system.shifter_flow_mw(k);
        let (low, high) = match k == limit {
            true => (other_mw + sent - rest, other_mw + sent - rest),
            false => (-line.max_p_mw - rest, line.max_p_mw - rest),
        };
        model.row("line", on(&|bus| system.ptdf(k)[bus]), low, high);
    }
    let solution = simplex::solve(&model).ok()?;
    for (p, of) in state.generators.iter_mut().zip(&blocks) {
        *p = of.iter().map(|var| solution.x[var.0]).sum();
    }
    Some(state)
}
