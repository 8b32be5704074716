//! The limits of a feeder that would have to give way for a program to have an answer.

use crate::opt::infeasible::{any_solver, relax_among};
use crate::opt::{Limit, Model};
use crate::report::plain;

/// A limit in words, with the unit of its amount.
struct Named {
    what: String,
    unit: &'static str,
    /// MW per unit of the program where that is what it counts in.
    scale: f64,
}

/// What has to give way least, e.g. `the highest squared voltage of bus b in slot 3 by 0.01 p.u.`; `None`
/// where no limit of a feeder helps.
pub fn giving_way(model: &Model, base_mva: f64) -> Option<String> {
    let name = |limit: Limit| named(model, limit, base_mva);
    let found = relax_among(model, any_solver, |limit| name(limit).is_some());
    let mut list: Vec<(Named, f64)> = Vec::new();
    for moved in &found.relaxations {
        let Some(own) = name(moved.limit) else {
            continue;
        };
        let amount = moved.amount * own.scale;
        match list.iter_mut().find(|(known, _)| known.what == own.what) {
            Some((_, most)) => *most = most.max(amount),
            None => list.push((own, amount)),
        }
    }
    let words = list.iter().map(|(own, amount)| {
        let amount = plain(*amount, 4);
        format!("{} by {amount} {}", own.what, own.unit)
    });
    let words: Vec<String> = words.take(4).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// The limits that may give way: voltages and lines of feeders, and the import that a DSO has to keep.
fn named(model: &Model, limit: Limit, base_mva: f64) -> Option<Named> {
    let (name, side) = match limit {
        Limit::VarLower(v) => (&model.vars().get(v.0)?.name, "least"),
        Limit::VarUpper(v) => (&model.vars().get(v.0)?.name, "most"),
        Limit::RowUpper(r) => (&model.rows().get(r.0)?.name, "most"),
        Limit::Cone(k) => (&model.cones().get(k)?.name, "most"),
        Limit::RowLower(_) => return None,
    };
    let (kind, rest) = name.split_once('[').or(name.split_once("limit of "))?;
    let rest = rest.split(", ").next()?.trim_end_matches(']');
    let (id, slot) = rest.rsplit_once(',')?;
    let (what, unit, scale) = match (kind, side) {
        ("voltage²", "least") => (
            format!("the lowest squared voltage of bus {id}"),
            "p.u.",
            1.0,
        ),
        ("voltage²", _) => (
            format!("the highest squared voltage of bus {id}"),
            "p.u.",
            1.0,
        ),
        ("P", _) => (format!("the limit of line {id}"), "MW", base_mva),
        ("", _) => (format!("the limit of line {id}"), "MVA", base_mva),
        ("import", "least") => (format!("the import of {id} downwards"), "MW", 1.0),
        ("import", _) => (format!("the import of {id} upwards"), "MW", 1.0),
        _ => return None,
    };
    let what = format!("{what} in slot {slot}");
    Some(Named { what, unit, scale })
}
