//! Costs of a pandapower network: `poly_cost` and `pwl_cost`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::frame::Frame;
use crate::Notes;
use crate::grid::{Cost, counted};

/// Costs by table and row.
pub(super) struct Costs {
    known: HashMap<(String, i64), Cost>,
    /// DC lines whose power costs something.
    dc_lines: HashSet<i64>,
}

/// Elements that take where others give: their costs are those of consumption.
const TAKING: [&str; 2] = ["load", "storage"];

impl Costs {
    /// Reads both tables.
    ///
    /// # Errors
    /// What no single cost curve says.
    pub fn read(net: &Map<String, Value>, notes: &mut Notes) -> Result<Costs, String> {
        let mut known = HashMap::new();
        let (mut reactive, mut dc_lines) = (0, HashSet::new());
        for row in Frame::read(net, "poly_cost")?.rows() {
            let [c2, c1, c0] = ["cp2_eur_per_mw2", "cp1_eur_per_mw", "cp0_eur"]
                .map(|column| row.number_or(column, 0.0));
            let table = row.word("et").to_string();
            let reactive_terms = ["cq0_eur", "cq1_eur_per_mvar", "cq2_eur_per_mvar2"];
            reactive += usize::from(reactive_terms.iter().any(|c| row.number_or(c, 0.0) != 0.0));
            if table == "dcline" {
                if c2 != 0.0 || c1 != 0.0 {
                    dc_lines.insert(row.element("element")?);
                }
                continue;
            }
            let cost = match (TAKING.contains(&table.as_str()), c2 == 0.0) {
                (false, _) => Cost::Polynomial(vec![c2, c1, c0]),
                // Taking p is an output of -p: what it costs falls with the output.
                (true, true) => Cost::Polynomial(vec![-c1, -c0]),
                (true, false) => {
                    return Err(format!(
                        "The table `poly_cost` gives a {table} a quadratic cost, whose sign pandapower turns around. Give it a linear one."
                    ));
                }
            };
            enter(&mut known, &table, row.element("element")?, cost)?;
        }
        for row in Frame::read(net, "pwl_cost")?.rows() {
            let table = row.word("et").to_string();
            if row.word("power_type") == "q" {
                reactive += 1;
                continue;
            }
            let element = row.element("element")?;
            if table == "dcline" {
                dc_lines.insert(element);
                continue;
            }
            if TAKING.contains(&table.as_str()) {
                return Err(format!(
                    "The table `pwl_cost` gives {table} {element} costs in pieces. Give it a linear one in `poly_cost`."
                ));
            }
            let points = row.list("points").map(|points| piecewise(points));
            let cost = points.flatten().ok_or_else(|| {
                format!(
                    "The pieces of {table} {element} in `pwl_cost` are not [from, to, price] one after another."
                )
            })?;
            enter(&mut known, &table, element, cost)?;
        }
        if reactive > 0 {
            let text = format!(
                "Costs of reactive power of {}.",
                counted(reactive, "element", "elements")
            );
            notes.left_out.push(text);
        }
        if !dc_lines.is_empty() {
            let count = counted(dc_lines.len(), "DC line", "DC lines");
            let text = format!("Costs of {count}.");
            notes.left_out.push(text);
        }
        if !known.is_empty() {
            notes
                .assumed
                .push("Costs are in €; the same numbers are read as $.".into());
        }
        Ok(Costs { known, dc_lines })
    }

    pub fn any(&self) -> bool {
        !self.known.is_empty()
    }

    pub fn has_dc_line(&self, element: i64) -> bool {
        self.dc_lines.contains(&element)
    }

    pub fn of(&self, table: &str, element: i64) -> Option<Cost> {
        self.known.get(&(table.to_string(), element)).cloned()
    }
}

fn enter(
    known: &mut HashMap<(String, i64), Cost>,
    table: &str,
    element: i64,
    cost: Cost,
) -> Result<(), String> {
    match known.insert((table.to_string(), element), cost) {
        None => Ok(()),
        Some(_) => Err(format!(
            "{table} {element} has two costs in `poly_cost` and `pwl_cost`. Keep one."
        )),
    }
}

/// Pieces `[from, to, price]` to points: the first costs what its price says of all below it.
fn piecewise(pieces: &[Value]) -> Option<Cost> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for piece in pieces {
        let numbers: Vec<f64> = piece
            .as_array()?
            .iter()
            .map(Value::as_f64)
            .collect::<Option<_>>()?;
        let [from, to, price] = numbers[..] else {
            return None;
        };
        let (at, cost) = match points.last() {
            Some(last) => *last,
            None => {
                points.push((from, from * price));
                (from, from * price)
            }
        };
        if at != from || to <= from {
            return None;
        }
        points.push((to, cost + (to - from) * price));
    }
    (points.len() >= 2).then_some(Cost::Piecewise(points))
}
