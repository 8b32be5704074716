//! Which limits hold an area.

use super::curve::{Limit, Limited};
use super::program::{AreaFlow, Program};
use super::system::{Kind, System};

/// The limits of one area's network that bind at a point of a program.
pub fn binding(system: &System, a: usize, program: &Program, x: &[f64]) -> Vec<Limit> {
    let mut found = Vec::new();
    let Some(block) = &program.blocks[a] else {
        return found;
    };
    let several = block.flow.len() > 1;
    let named = |of: Limited, id: &str, t: usize| Limit {
        of,
        id: id.to_string(),
        period: several.then_some(t + 1),
    };
    let model = &program.model;
    let near = |value: f64, limit: f64| {
        limit.is_finite() && (value - limit).abs() <= 1e-5 * (1.0 + limit.abs())
    };
    let at_bound = |v: crate::opt::Var| {
        let column = &model.vars()[v.0];
        near(x[v.0], column.lower) || near(x[v.0], column.upper)
    };
    for (t, flow) in block.flow.iter().enumerate() {
        let mut add = |of: Limited, id: &str| found.push(named(of, id, t));
        match (flow, &system.areas[a].kind) {
            (AreaFlow::Feeder(flow), Kind::Feeder { feeder, tree }) => {
                for &j in &tree.order {
                    let Some(above) = tree.above[j] else { continue };
                    let line = &feeder.lines[above.line];
                    let p = flow.p[j].map_or(0.0, |p| x[p.0]);
                    let q = flow.q[j].map_or(0.0, |q| x[q.0]);
                    let loss = flow.l_pu(x, j);
                    let far = libm::hypot(p - above.r_pu * loss, q - above.x_pu * loss);
                    let full = line
                        .max_s_mva
                        .is_some_and(|s| libm::hypot(p, q).max(far) >= s - 1e-5 * (1.0 + s));
                    if full || flow.p[j].is_some_and(at_bound) {
                        add(Limited::Line, &line.id);
                    }
                    if flow.w[j].is_some_and(at_bound) {
                        add(Limited::Voltage, &feeder.buses[j].id);
                    }
                }
            }
            (AreaFlow::Dc(flow), Kind::Dc { branches }) => {
                for (branch, &v) in branches.iter().zip(&flow.flow) {
                    if at_bound(v) {
                        add(Limited::Line, &branch.name);
                    }
                }
            }
            (AreaFlow::Zone { limits, .. }, Kind::Zone { zone }) => {
                for (limit, &row) in zone.limits.iter().zip(limits) {
                    let written = &model.rows()[row.0];
                    let at = model.row_value(row, x);
                    if near(at, written.lower) || near(at, written.upper) {
                        add(Limited::Zone, &limit.id);
                    }
                }
            }
            _ => {}
        }
    }
    for (t, &export) in block.export.iter().enumerate() {
        let limit = system.areas[a].max_export_mw;
        if limit.is_some_and(|most| near(x[export.0].abs(), most)) {
            found.push(named(Limited::Boundary, &system.areas[a].boundary, t));
        }
    }
    found
}
