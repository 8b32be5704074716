//! DC lines of a PowerModels network, which its optimal power flow dispatches and `powerio-tx` knows by what a MATPOWER file
//! said of them alone.

use serde_json::{Map, Value};

use crate::grid::{DcLine, Grid};

/// Puts the DC lines of the file into a grid; those without limits are left to the power of the file, which is returned as
/// (from, to, sent, received), MW.
///
/// `(1 − loss1) p_f + (p_t − loss0) = 0`, `pminf ≤ p_f ≤ pmaxf`, `pmint ≤ p_t ≤ pmaxt`, both into the line.
///
/// # Errors
/// A cost of what is dispatched.
pub(crate) fn dc_lines(bytes: &[u8], grid: &mut Grid) -> Result<Vec<[f64; 4]>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let in_per_unit = file.get("per_unit").and_then(Value::as_bool);
    let unit_mw = if in_per_unit.unwrap_or(true) {
        grid.base_mva
    } else {
        1.0
    };
    let lines = file.get("dcline").and_then(Value::as_object);
    let mut fixed = Vec::new();
    for (name, line) in lines.into_iter().flatten() {
        let Some(line) = line.as_object() else {
            continue;
        };
        let number = |key: &str| line.get(key).and_then(Value::as_f64);
        let mw = |key: &str| number(key).map(|value| value * unit_mw);
        if number("br_status") == Some(0.0) || line.get("br_status") == Some(&Value::Bool(false)) {
            continue;
        }
        let bus =
            |key: &str| number(key).ok_or_else(|| format!("DC line {name} has no bus in `{key}`."));
        let (from, to) = (bus("f_bus")?, bus("t_bus")?);
        let (Some(low), Some(high)) = (mw("pminf"), mw("pmaxf")) else {
            let sent = mw("pf").unwrap_or(0.0);
            fixed.push([from, to, sent, -mw("pt").unwrap_or(-sent)]);
            continue;
        };
        let (loss_mw, loss_share) = (mw("loss0").unwrap_or(0.0), number("loss1").unwrap_or(0.0));
        // What arrives may be limited, too.
        let sent = |into_mw: f64| (loss_mw - into_mw) / (1.0 - loss_share);
        let least = mw("pmaxt").map_or(low, |most| low.max(sent(most)));
        let most = mw("pmint").map_or(high, |least| high.min(sent(least)));
        let (min_mw, max_mw) = near(least, most, [low, high]);
        if min_mw < max_mw && costs(line) {
            return Err(format!(
                "DC line {name} has a cost, and Tandem's DC lines have none. Set the cost to 0, or pminf and pmaxf to one flow."
            ));
        }
        grid.dc_lines.push(DcLine {
            from: from as usize,
            to: to as usize,
            min_mw,
            max_mw,
            loss_mw,
            loss_share,
        });
    }
    Ok(fixed)
}

/// Limits at both ends that are the same but for rounding are those at the sending end.
fn near(least: f64, most: f64, [low, high]: [f64; 2]) -> (f64, f64) {
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    (
        if close(least, low) { low } else { least },
        if close(most, high) { high } else { most },
    )
}

/// Whether what flows has a price: any coefficient but the last of a polynomial, any cost of a point.
fn costs(line: &Map<String, Value>) -> bool {
    let numbers = line.get("cost").and_then(Value::as_array);
    let numbers: Vec<f64> = (numbers.into_iter().flatten())
        .filter_map(Value::as_f64)
        .collect();
    match line.get("model").and_then(Value::as_f64) {
        Some(1.0) => numbers
            .chunks(2)
            .any(|point| point.get(1).is_some_and(|c| *c != 0.0)),
        _ => numbers.iter().rev().skip(1).any(|c| *c != 0.0),
    }
}
