//! A grid as far as a DC model knows it, and its MATPOWER text (format version 2).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Notes;

/// A rating that limits nothing: programs write such for none.
const NO_LIMIT_MW: f64 = 1e6;

/// What a reader fills in. MW, Mvar, per unit on `base_mva`; injection +, load +, flow from → to.
#[derive(Debug)]
pub(crate) struct Grid {
    pub name: String,
    pub base_mva: f64,
    pub buses: Vec<Bus>,
    pub units: Vec<Unit>,
    pub branches: Vec<Branch>,
    pub dc_lines: Vec<DcLine>,
    pub notes: Notes,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Bus {
    /// 1 and more.
    pub number: usize,
    /// Nominal voltage; 0 where it is not known.
    pub base_kv: f64,
    pub load_mw: f64,
    pub load_mvar: f64,
    /// Shunt conductance at 1 p.u. voltage.
    pub shunt_mw: f64,
    /// Out of service.
    pub isolated: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub bus: usize,
    pub min_mw: f64,
    /// Infinite without a limit.
    pub max_mw: f64,
    pub cost: Option<Cost>,
    pub in_service: bool,
}

/// Cost of an output in $/h.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cost {
    /// Coefficients, that of the highest power first.
    Polynomial(Vec<f64>),
    /// Points (MW, $/h).
    Piecewise(Vec<(f64, f64)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub from: usize,
    pub to: usize,
    pub x_pu: f64,
    pub r_pu: f64,
    /// 0 without a limit.
    pub limit_mw: f64,
    pub tap: f64,
    pub shift_deg: f64,
    /// Bounds of the angle difference, degrees; 0 and 0 where there are none.
    pub angles_deg: [f64; 2],
    pub in_service: bool,
}

/// A DC line whose power is dispatched: of p, taken out at `from`, (1 − `loss_share`) p − `loss_mw` arrives at `to`.
#[derive(Clone, Debug)]
pub(crate) struct DcLine {
    pub from: usize,
    pub to: usize,
    pub min_mw: f64,
    pub max_mw: f64,
    pub loss_mw: f64,
    pub loss_share: f64,
}

impl Branch {
    /// A branch without a limit, tap or shift.
    pub fn new(from: usize, to: usize, x_pu: f64, in_service: bool) -> Branch {
        Branch {
            from,
            to,
            x_pu,
            r_pu: 0.0,
            limit_mw: 0.0,
            tap: 1.0,
            shift_deg: 0.0,
            angles_deg: [0.0; 2],
            in_service,
        }
    }
}

impl Grid {
    pub fn new(name: &str, base_mva: f64) -> Grid {
        Grid {
            name: name.to_string(),
            base_mva,
            buses: Vec::new(),
            units: Vec::new(),
            branches: Vec::new(),
            dc_lines: Vec::new(),
            notes: Notes::default(),
        }
    }

    /// Adds load, negative for what feeds in, to the buses that have these numbers.
    pub fn add_loads(&mut self, loads: &BTreeMap<usize, (f64, f64)>) {
        for bus in &mut self.buses {
            if let Some((mw, mvar)) = loads.get(&bus.number) {
                bus.load_mw += mw;
                bus.load_mvar += mvar;
            }
        }
    }

    /// Gives every unit a cost where some have one: MATPOWER has none or all.
    fn level_costs(&mut self) {
        let running = |unit: &&Unit| unit.in_service;
        let with = self.units.iter().filter(|u| u.cost.is_some()).count();
        let without = self.units.iter().filter(running);
        let without = without.filter(|u| u.cost.is_none()).count();
        if with == 0 {
            return;
        }
        if without > 0 {
            let text = format!(
                "{} without a cost in the file: they offer at 0 $/MWh.",
                counted(without, "generator", "generators")
            );
            self.notes.assumed.push(text);
        }
        for unit in &mut self.units {
            unit.cost
                .get_or_insert_with(|| Cost::Polynomial(vec![0.0, 0.0]));
        }
    }

    /// The MATPOWER case file.
    ///
    /// # Errors
    /// A number that is none, by the place where it stands.
    pub fn text(&mut self) -> Result<String, String> {
        self.level_costs();
        self.check()?;
        let mut endless = 0;
        for branch in &mut self.branches {
            if branch.limit_mw >= NO_LIMIT_MW {
                branch.limit_mw = 0.0;
                endless += usize::from(branch.in_service);
            }
        }
        if endless > 0 {
            self.notes.changed.push(format!(
                "Limits of {} of 1\u{202f}000\u{202f}000\u{a0}MW and more are none.",
                counted(endless, "branch", "branches")
            ));
        }
        let mut text = format!(
            "function mpc = {}\nmpc.version = '2';\nmpc.baseMVA = {};\nmpc.bus = [\n",
            identifier(&self.name),
            self.base_mva
        );
        for (k, bus) in self.buses.iter().enumerate() {
            let kind = match (bus.isolated, k) {
                (true, _) => 4,
                (false, 0) => 3,
                (false, _) => 1,
            };
            row(
                &mut text,
                &[
                    bus.number as f64,
                    f64::from(kind),
                    bus.load_mw,
                    bus.load_mvar,
                    bus.shunt_mw,
                    0.0,
                    1.0,
                    1.0,
                    0.0,
                    bus.base_kv,
                    1.0,
                    1.1,
                    0.9,
                ],
            );
        }
        text.push_str("];\nmpc.gen = [\n");
        for unit in &self.units {
            let on = f64::from(unit.in_service);
            row(
                &mut text,
                &[
                    unit.bus as f64,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    1.0,
                    self.base_mva,
                    on,
                    unit.max_mw,
                    unit.min_mw,
                ],
            );
        }
        text.push_str("];\nmpc.branch = [\n");
        for b in &self.branches {
            let on = f64::from(b.in_service);
            row(
                &mut text,
                &[
                    b.from as f64,
                    b.to as f64,
                    b.r_pu,
                    b.x_pu,
                    0.0,
                    b.limit_mw,
                    0.0,
                    0.0,
                    b.tap,
                    b.shift_deg,
                    on,
                    b.angles_deg[0],
                    b.angles_deg[1],
                ],
            );
        }
        text.push_str("];\n");
        if !self.dc_lines.is_empty() {
            self.write_dc_lines(&mut text);
        }
        if self.units.iter().any(|unit| unit.cost.is_some()) {
            self.write_costs(&mut text);
        }
        Ok(text)
    }

    fn write_dc_lines(&self, text: &mut String) {
        text.push_str("mpc.dcline = [\n");
        for line in &self.dc_lines {
            let mut numbers = [0.0; 17];
            (numbers[0], numbers[1], numbers[2]) = (line.from as f64, line.to as f64, 1.0);
            (numbers[7], numbers[8]) = (1.0, 1.0);
            (numbers[9], numbers[10]) = (line.min_mw, line.max_mw);
            (numbers[15], numbers[16]) = (line.loss_mw, line.loss_share);
            row(text, &numbers);
        }
        text.push_str("];\n");
    }

    fn write_costs(&self, text: &mut String) {
        let rows: Vec<Vec<f64>> = self
            .units
            .iter()
            .map(|unit| match &unit.cost {
                Some(Cost::Piecewise(points)) => {
                    let numbers = points.iter().flat_map(|(mw, usd)| [*mw, *usd]);
                    [1.0, 0.0, 0.0, points.len() as f64]
                        .into_iter()
                        .chain(numbers)
                        .collect()
                }
                Some(Cost::Polynomial(coefficients)) => [2.0, 0.0, 0.0, coefficients.len() as f64]
                    .into_iter()
                    .chain(coefficients.iter().copied())
                    .collect(),
                None => vec![2.0, 0.0, 0.0, 2.0, 0.0, 0.0],
            })
            .collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        text.push_str("mpc.gencost = [\n");
        for mut numbers in rows {
            numbers.resize(width, 0.0);
            row(text, &numbers);
        }
        text.push_str("];\n");
    }

    /// Numbers that a case file cannot hold.
    fn check(&self) -> Result<(), String> {
        let buses = self.buses.iter().all(|b| {
            [b.load_mw, b.load_mvar, b.shunt_mw]
                .iter()
                .all(|v| v.is_finite())
        });
        let branch = self.branches.iter().find(|b| {
            b.in_service
                && ![b.x_pu, b.r_pu, b.limit_mw, b.tap, b.shift_deg]
                    .iter()
                    .all(|v| v.is_finite())
        });
        let unit = self
            .units
            .iter()
            .find(|u| u.in_service && (u.max_mw.is_nan() || u.min_mw.is_nan()));
        if let Some(line) = self.dc_lines.iter().find(|line| {
            ![line.min_mw, line.max_mw, line.loss_mw, line.loss_share]
                .iter()
                .all(|v| v.is_finite())
        }) {
            return Err(format!(
                "A limit or loss of the DC line from bus {} to bus {} is not a finite number.",
                line.from, line.to
            ));
        }
        match (buses, branch, unit) {
            (false, _, _) => Err("A load is not a finite number.".into()),
            (_, Some(b), _) => Err(format!(
                "Reactance, limit, tap or shift of the branch from bus {} to bus {} is not a finite number.",
                b.from, b.to
            )),
            (_, _, Some(u)) => Err(format!(
                "A limit of the generator at bus {} is not a number.",
                u.bus
            )),
            _ if !(self.base_mva.is_finite() && self.base_mva > 0.0) => {
                Err(format!("The base power is {} MVA.", self.base_mva))
            }
            _ => Ok(()),
        }
    }
}

/// A row of a matrix. Rust writes the shortest decimal that reads back as the same number.
fn row(text: &mut String, numbers: &[f64]) {
    for number in numbers {
        // Writing to a string cannot fail.
        let _ = match number {
            n if n.is_nan() => write!(text, "\t0"),
            n if *n == f64::INFINITY => write!(text, "\tInf"),
            n if *n == f64::NEG_INFINITY => write!(text, "\t-Inf"),
            n => write!(text, "\t{n}"),
        };
    }
    text.push_str(";\n");
}

/// A name that MATLAB takes for a function.
fn identifier(name: &str) -> String {
    let name: String = name
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("grid_{name}").trim_end_matches('_').to_string(),
    }
}

/// `1 bus`, `2 buses`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

/// A sum for a sentence: two decimals at most, no trailing zeros.
pub(crate) fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_string(),
        text => text.to_string(),
    }
}
