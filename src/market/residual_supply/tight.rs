//! Which limits hold an area.

use super::program::{AreaFlow, Program};
use super::system::{Kind, System};

/// Names of the limits of one area's network that are tight at a point of a program.
pub fn tight(system: &System, a: usize, program: &Program, x: &[f64]) -> Vec<String> {
    let mut names = Vec::new();
    let Some(block) = &program.blocks[a] else {
        return names;
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
        let when = if block.flow.len() > 1 {
            format!(", period {}", t + 1)
        } else {
            String::new()
        };
        match (flow, &system.areas[a].kind) {
            (AreaFlow::Feeder(flow), Kind::Feeder { feeder, tree }) => {
                for &j in &tree.order {
                    let Some(above) = tree.above[j] else { continue };
                    let line = &feeder.lines[above.line];
                    let p = flow.p[j].map_or(0.0, |p| x[p.0]);
                    let q = flow.q[j].map_or(0.0, |q| x[q.0]);
                    let loss = flow.l[j].map_or(0.0, |l| x[l.0]);
                    let far = libm::hypot(p - above.r_pu * loss, q - above.x_pu * loss);
                    let full = line
                        .max_s_mva
                        .is_some_and(|s| libm::hypot(p, q).max(far) >= s - 1e-5 * (1.0 + s));
                    if full || flow.p[j].is_some_and(at_bound) {
                        names.push(format!("line {}{when}", line.id));
                    }
                    if flow.w[j].is_some_and(at_bound) {
                        names.push(format!("voltage at {}{when}", feeder.buses[j].id));
                    }
                }
            }
            (AreaFlow::Dc(flow), Kind::Dc { branches }) => {
                for (branch, &v) in branches.iter().zip(&flow.flow) {
                    if at_bound(v) {
                        names.push(format!("line {}{when}", branch.name));
                    }
                }
            }
            (AreaFlow::Zone { limits, .. }, Kind::Zone { zone }) => {
                for (limit, &row) in zone.limits.iter().zip(limits) {
                    let written = &model.rows()[row.0];
                    let at = model.row_value(row, x);
                    if near(at, written.lower) || near(at, written.upper) {
                        names.push(format!("limit {}{when}", limit.id));
                    }
                }
            }
            _ => {}
        }
    }
    for (t, &export) in block.export.iter().enumerate() {
        let limit = system.areas[a].max_export_mw;
        if limit.is_some_and(|most| near(x[export.0].abs(), most)) {
            let when = if block.export.len() > 1 {
                format!(", period {}", t + 1)
            } else {
                String::new()
            };
            names.push(format!("boundary {}{when}", system.areas[a].boundary));
        }
    }
    names
}
