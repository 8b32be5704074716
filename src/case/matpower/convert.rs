//! From the matrices of a case file to a [`Case`].

use super::super::{Block, Branch, Bus, CASE_VERSION, Case, Generator, Load, Problem};
use super::at;
use super::cost::{self, CURVE_BLOCKS};
use super::program::{Matrix, Program};
use std::collections::{HashMap, HashSet};

/// Columns of the format, from 0.
mod column {
    pub const BUS: usize = 0;
    pub const TYPE: usize = 1;
    pub const PD: usize = 2;
    pub const QD: usize = 3;
    pub const GS: usize = 4;
    pub const GEN_STATUS: usize = 7;
    pub const PMAX: usize = 8;
    pub const PMIN: usize = 9;
    pub const RAMP_AGC: usize = 16;
    pub const FROM: usize = 0;
    pub const TO: usize = 1;
    pub const X: usize = 3;
    pub const RATE_A: usize = 5;
    pub const TAP: usize = 8;
    pub const SHIFT: usize = 9;
    pub const BR_STATUS: usize = 10;
    pub const ANGLES: [usize; 2] = [11, 12];
}

/// A rating from which MATPOWER, too, takes a branch as not limited.
const NO_LIMIT_MW: f64 = 1e10;

pub(super) fn case(program: Program) -> Result<Case, Vec<Problem>> {
    let mut reader = Reader::default();
    let bus = reader.matrix(&program, "bus", 13);
    let generators = reader.matrix(&program, "gen", 10);
    let branches = reader.matrix(&program, "branch", 11);
    let Some(base_mva) = program.base_mva else {
        reader.problems.push(Problem::error(
            "file",
            "There is no baseMVA. Add mpc.baseMVA = 100; (or the base of the data).",
        ));
        return Err(reader.problems);
    };
    reader.buses(bus);
    reader.branches(branches);
    reader.generators(generators, program.matrices.get("gencost"));
    reader.dc_lines(program.matrices.get("dcline"));
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    Ok(Case {
        version: CASE_VERSION,
        source: reader.source(&program),
        name: program.name,
        base_mva,
        buses: reader.buses,
        branches: reader.branches,
        generators: reader.generators,
        loads: reader.loads,
        ..Case::default()
    })
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
    /// Sentences for `source`: what was changed or left out.
    notes: Vec<String>,
    known: HashSet<String>,
    isolated: HashSet<String>,
    buses: Vec<Bus>,
    branches: Vec<Branch>,
    generators: Vec<Generator>,
    loads: Vec<Load>,
}

/// Cells of one row; the width was checked before.
struct Row<'a> {
    line: usize,
    values: &'a [f64],
}

impl Row<'_> {
    fn get(&self, column: usize) -> f64 {
        self.values.get(column).copied().unwrap_or(0.0)
    }
}

fn rows(matrix: &Matrix) -> impl Iterator<Item = Row<'_>> {
    matrix.rows.iter().map(|(line, values)| Row {
        line: *line,
        values,
    })
}

static NOTHING: Matrix = Matrix {
    line: 0,
    rows: Vec::new(),
};

impl Reader {
    fn error(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(at(line, message));
    }

    /// The matrix, wide enough and without NaN; an empty one when it is not there.
    fn matrix<'a>(&mut self, program: &'a Program, name: &str, columns: usize) -> &'a Matrix {
        let Some(matrix) = program.matrices.get(name) else {
            let message = format!("There is no matrix {name}. Add mpc.{name} = [ … ];");
            self.problems.push(Problem::error("file", message));
            return &NOTHING;
        };
        let width = matrix.rows.first().map_or(columns, |(_, row)| row.len());
        if width < columns {
            self.error(
                matrix.line,
                format!(
                    "The matrix {name} has {width} columns; the format has {columns} or more. Add the missing ones."
                ),
            );
            return &NOTHING;
        }
        for row in rows(matrix) {
            if let Some(j) = row.values.iter().position(|v| v.is_nan()) {
                let message = format!("Number {} of the row is NaN. Give a number.", j + 1);
                self.error(row.line, message);
            }
        }
        matrix
    }

    /// The id of a bus number.
    fn bus_id(&mut self, line: usize, number: f64) -> Option<String> {
        if number.fract() == 0.0 && (1.0..1e12).contains(&number) {
            return Some(format!("{number}"));
        }
        self.error(
            line,
            format!("The bus number is {number}. Give a whole number of 1 or more."),
        );
        None
    }

    /// The id of a bus that must be in `bus`; `None` (without a problem) when it is isolated.
    fn known_bus(&mut self, line: usize, number: f64) -> Option<String> {
        let id = self.bus_id(line, number)?;
        if self.known.contains(&id) {
            return Some(id);
        }
        if !self.isolated.contains(&id) {
            self.error(
                line,
                format!("There is no bus {id} in the matrix bus. Add it or correct the number."),
            );
        }
        None
    }

    fn buses(&mut self, matrix: &Matrix) {
        let mut conductance = false;
        for row in rows(matrix) {
            let Some(id) = self.bus_id(row.line, row.get(column::BUS)) else {
                continue;
            };
            if row.get(column::TYPE) == 4.0 {
                self.isolated.insert(id);
                continue;
            }
            if !self.known.insert(id.clone()) {
                self.error(
                    row.line,
                    format!("Bus {id} is given twice. Give one of them another number."),
                );
                continue;
            }
            conductance |= row.get(column::GS) != 0.0;
            let p_mw = row.get(column::PD) + row.get(column::GS);
            let q_mvar = row.get(column::QD);
            if p_mw != 0.0 || q_mvar != 0.0 {
                self.loads.push(Load {
                    id: format!("L{id}"),
                    bus: id.clone(),
                    p_mw,
                    q_mvar,
                });
            }
            self.buses.push(Bus {
                id,
                x: None,
                y: None,
            });
        }
        if conductance {
            self.notes
                .push("Shunt conductances are counted as load at 1 p.u. voltage.".to_string());
        }
        if !self.isolated.is_empty() {
            let count = self.isolated.len();
            self.notes.push(format!(
                "Left out: {count} isolated bus(es) (type 4) with what is connected to them."
            ));
        }
    }

    fn branches(&mut self, matrix: &Matrix) {
        let mut used = HashMap::new();
        let mut angle_limits = false;
        for row in rows(matrix) {
            let from = self.known_bus(row.line, row.get(column::FROM));
            let to = self.known_bus(row.line, row.get(column::TO));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let x_pu = row.get(column::X);
            if x_pu == 0.0 {
                self.error(
                    row.line,
                    format!(
                        "The reactance of branch {from}-{to} is zero, so its flow is undetermined. Give a small one, such as 0.0001 p.u., or make the two buses one."
                    ),
                );
            }
            let rating = row.get(column::RATE_A);
            if rating < 0.0 {
                self.error(
                    row.line,
                    format!("The rating A of branch {from}-{to} is {rating} MVA. Give 0 for no limit, or a positive number."),
                );
            }
            let tap = row.get(column::TAP);
            angle_limits |= column::ANGLES
                .iter()
                .any(|&j| row.get(j) != 0.0 && row.get(j).abs() < 360.0);
            self.branches.push(Branch {
                id: numbered(&mut used, format!("{from}-{to}")),
                from,
                to,
                x_pu,
                tap: if tap == 0.0 { 1.0 } else { tap },
                shift_deg: row.get(column::SHIFT),
                max_p_mw: (rating != 0.0 && rating < NO_LIMIT_MW).then_some(rating),
                in_service: row.get(column::BR_STATUS) != 0.0,
            });
        }
        if angle_limits {
            self.notes
                .push("Left out: limits on angle differences.".to_string());
        }
    }

    fn generators(&mut self, matrix: &Matrix, costs: Option<&Matrix>) {
        let count = matrix.rows.len();
        let cost_rows = costs.map_or(0, |costs| costs.rows.len());
        if let Some(costs) = costs
            && cost_rows != count
            && cost_rows != 2 * count
        {
            self.error(
                costs.line,
                format!(
                    "The matrix gencost has {cost_rows} rows for {count} generators. Give one row each (or two each: active, then reactive)."
                ),
            );
            return;
        }
        let mut used = HashMap::new();
        let (mut off, mut curved, mut fixed_cost) = (0, false, false);
        for (i, row) in rows(matrix).enumerate() {
            if row.get(column::GEN_STATUS) <= 0.0 {
                off += 1;
                continue;
            }
            let Some(bus) = self.known_bus(row.line, row.get(column::BUS)) else {
                continue;
            };
            let (min_p_mw, max_p_mw) = (row.get(column::PMIN), row.get(column::PMAX));
            if min_p_mw < 0.0 || max_p_mw < 0.0 {
                self.error(
                    row.line,
                    format!(
                        "The generator at bus {bus} runs from {min_p_mw} to {max_p_mw} MW. Tandem has no generator that takes power: make a dispatchable load a load in the matrix bus, else set Pmin to 0."
                    ),
                );
                continue;
            }
            let offer = match costs.and_then(|costs| costs.rows.get(i)) {
                Some((line, cost)) => match cost::offer(cost, max_p_mw) {
                    Ok(offer) => {
                        curved |= offer.curved;
                        fixed_cost |= offer.fixed_cost;
                        offer.blocks
                    }
                    Err(message) => {
                        self.error(*line, message);
                        continue;
                    }
                },
                None => vec![Block {
                    p_mw: max_p_mw,
                    usd_per_mwh: 0.0,
                }],
            };
            let ramp = row.get(column::RAMP_AGC);
            self.generators.push(Generator {
                id: numbered(&mut used, format!("G{bus}")),
                bus,
                min_p_mw,
                max_p_mw,
                offer,
                ramp_mw_per_min: (ramp != 0.0).then_some(ramp),
            });
        }
        if off > 0 {
            self.notes
                .push(format!("Left out: {off} generator(s) out of service."));
        }
        if costs.is_none() {
            self.notes
                .push("The file has no costs: every generator offers at 0 $/MWh.".to_string());
        }
        if curved {
            self.notes.push(format!(
                "Curved costs are {CURVE_BLOCKS} equal blocks each over 0 to Pmax, at the marginal cost in the middle of the block."
            ));
        }
        if fixed_cost {
            self.notes
                .push("Left out: costs of starting, of stopping and at zero output.".to_string());
        }
        if count > 0 && cost_rows == 2 * count {
            self.notes
                .push("Left out: costs of reactive power.".to_string());
        }
    }

    fn dc_lines(&mut self, matrix: Option<&Matrix>) {
        let in_service = matrix
            .into_iter()
            .flat_map(rows)
            .find(|row| row.get(2) != 0.0);
        if let Some(row) = in_service {
            self.error(
                row.line,
                "Tandem has no DC line. Set its status (third number) to 0, or replace it by a load and a generator.",
            );
        }
    }

    fn source(&self, program: &Program) -> String {
        let mut parts = vec![format!("MATPOWER case file {}.", program.name)];
        if !program.header.is_empty() {
            let header: String = program.header.chars().take(600).collect();
            parts.push(format!("Its header: \"{}\".", header.replace('"', "'")));
        }
        parts.push(
            "DC model: resistances, line charging, shunt susceptances, voltages and reactive limits are left out."
                .to_string(),
        );
        if program.conversions > 0 {
            parts.push("The conversions of units in the file were carried out.".to_string());
        }
        parts.extend(self.notes.iter().cloned());
        if !program.left_out.is_empty() {
            parts.push(format!("Left out: {}.", program.left_out.join(", ")));
        }
        parts.join(" ")
    }
}

/// The id, with -2, -3 … from its second use on.
fn numbered(used: &mut HashMap<String, usize>, id: String) -> String {
    let times = used.entry(id.clone()).or_default();
    *times += 1;
    match *times {
        1 => id,
        n => format!("{id}-{n}"),
    }
}
