//! A dispatch by another formulation and another solver.

use tandem::case::Case;
use tandem::opt::{Model, conic};

/// The same dispatch with bus angles instead of shift factors, by the conic solver.
pub fn b_theta_cost(case: &Case) -> Option<f64> {
    let mut model = Model::new("B-theta");
    let n = case.buses.len();
    let index = |id: &str| case.buses.iter().position(|b| b.id == id).unwrap();
    let angle: Vec<_> = (0..n)
        .map(|k| {
            model.var(
                format!("t{k}"),
                if k == 0 { 0.0 } else { -10.0 },
                if k == 0 { 0.0 } else { 10.0 },
                0.0,
            )
        })
        .collect();
    let mut at_bus: Vec<Vec<_>> = vec![Vec::new(); n];
    let mut fixed = vec![0.0; n];
    let offers = case
        .generators
        .iter()
        .map(|g| (&g.bus, g.max_p_mw, &g.offer))
        .chain(case.ders.iter().map(|d| (&d.bus, d.max_p_mw, &d.offer)));
    for (bus, max, offer) in offers {
        let mut left = max;
        for block in offer {
            let p = model.var("p", 0.0, block.p_mw.min(left), block.usd_per_mwh);
            model.quadratic(p, p, 0.5 * block.slope());
            left = (left - block.p_mw).max(0.0);
            at_bus[index(bus)].push((p, 1.0));
        }
    }
    for line in &case.dc_lines {
        let p = model.var("dc", line.min_p_mw, line.max_p_mw, 0.0);
        at_bus[index(&line.from)].push((p, -1.0));
        at_bus[index(&line.to)].push((p, 1.0 - line.loss_share));
    }
    for load in &case.loads {
        fixed[index(&load.bus)] += load.p_mw;
    }
    for branch in &case.branches {
        let (i, j) = (index(&branch.from), index(&branch.to));
        let b = case.base_mva / (branch.x_pu * branch.tap);
        let offset = -b * branch.shift_deg.to_radians();
        at_bus[i].extend([(angle[i], -b), (angle[j], b)]);
        at_bus[j].extend([(angle[i], b), (angle[j], -b)]);
        fixed[i] += offset;
        fixed[j] -= offset;
        if let Some(max) = branch.max_p_mw {
            model.row(
                "limit",
                [(angle[i], b), (angle[j], -b)],
                -max - offset,
                max - offset,
            );
        }
    }
    for (terms, fixed) in at_bus.into_iter().zip(fixed) {
        model.row("balance", terms, fixed, fixed);
    }
    match conic::solve(&model) {
        Ok(solution) => Some(solution.objective),
        _ => None,
    }
}
