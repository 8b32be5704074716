//! Folders of CSV files as PyPSA writes them (`Network.export_to_csv_folder`), as `Network.optimize` understands their
//! first snapshot: lines and transformers with their reactances, generators between p_min_pu and p_max_pu of p_nom.

mod table;

use std::collections::{BTreeMap, HashMap};

use crate::grid::{Branch, Bus, Cost, DcLine, Grid, Unit, counted, plain};
use table::{Folder, Row, Table};

/// Base of the per-unit values, MVA. Any would do.
const BASE_MVA: f64 = 100.0;

/// Buses that are named in the report.
const NAMED: usize = 12;

/// Whether these files are a network.
pub(crate) fn is(files: &[(String, Vec<u8>)]) -> bool {
    Folder::new(files).is_network()
}

/// Reads a network.
///
/// # Errors
/// What cannot be read, and what to do.
pub(crate) fn read(files: &[(String, Vec<u8>)]) -> Result<Grid, String> {
    let folder = Folder::new(files);
    let network = folder.table("network")?;
    let first = network.rows().next();
    let name = first.map_or("", Row::name);
    let version = first.map_or("", |row| row.word("pypsa_version"));
    if first.is_some_and(|row| row.flag("_multi_invest", false)) {
        return Err("It has investment periods. Write a network of one of them.".into());
    }
    let mut reader = Reader {
        grid: Grid::new(if name.is_empty() { "PyPSA" } else { name }, BASE_MVA),
        buses: HashMap::new(),
        loads: BTreeMap::new(),
        // From version 1 on a set point of the table binds the optimisation.
        set_points: !version.starts_with("0."),
        extendable: 0,
    };
    reader.snapshots(&folder)?;
    reader.buses(&folder.table("buses")?)?;
    reader.take_loads(&folder.table("loads")?)?;
    reader.units(&folder.table("generators")?)?;
    reader.lines(&folder.table("lines")?)?;
    reader.transformers(&folder.table("transformers")?)?;
    reader.links(&folder.table("links")?)?;
    reader.shunts(&folder.table("shunt_impedances")?)?;
    reader.left_out(&folder)?;
    let loads = std::mem::take(&mut reader.loads);
    reader.grid.add_loads(&loads);
    Ok(reader.grid)
}

struct Reader {
    grid: Grid,
    /// Number and voltage of each bus, by name.
    buses: HashMap<String, (usize, f64)>,
    loads: BTreeMap<usize, (f64, f64)>,
    set_points: bool,
    /// Elements whose size PyPSA would choose.
    extendable: usize,
}

impl Reader {
    fn snapshots(&mut self, folder: &Folder) -> Result<(), String> {
        let snapshots = folder.table("snapshots")?;
        if snapshots.len() > 1 {
            let first = snapshots.rows().next();
            let first = first.map_or("", |row| match row.word("snapshot") {
                "" => row.name(),
                word => word,
            });
            self.grid.notes.left_out.push(format!(
                "All but the first of {} snapshots, {first}.",
                snapshots.len()
            ));
        }
        Ok(())
    }

    fn buses(&mut self, table: &Table) -> Result<(), String> {
        let mut names = Vec::new();
        for (k, row) in table.rows().enumerate() {
            let name = row.name();
            let carrier = row.word("carrier");
            if !["", "AC"].contains(&carrier) {
                return Err(format!(
                    "Bus {name} carries {carrier}; Tandem knows alternating current alone. Write the part of the network that is AC."
                ));
            }
            let kv = row.number_or("v_nom", 1.0)?;
            if self.buses.insert(name.to_string(), (k + 1, kv)).is_some() {
                return Err(format!("buses.csv has bus {name} twice."));
            }
            self.grid.buses.push(Bus {
                number: k + 1,
                base_kv: kv,
                ..Bus::default()
            });
            names.push(name);
        }
        if names.is_empty() {
            return Err("It has no bus.".into());
        }
        let named: Vec<String> = names
            .iter()
            .take(NAMED)
            .enumerate()
            .map(|(k, name)| format!("{} is {name}", k + 1))
            .collect();
        let more = if names.len() > NAMED { ", …" } else { "" };
        self.grid.notes.changed.push(format!(
            "Buses are numbered in the order of buses.csv: {}{more}.",
            named.join(", ")
        ));
        Ok(())
    }

    fn bus(&self, row: Row, column: &str) -> Result<(usize, f64), String> {
        let name = row.word(column);
        self.buses.get(name).copied().ok_or_else(|| {
            format!(
                "There is no bus \"{name}\", which {} names as its {column}.",
                row.name()
            )
        })
    }

    fn take(&mut self, bus: usize, mw: f64, mvar: f64) {
        let load = self.loads.entry(bus).or_default();
        load.0 += mw;
        load.1 += mvar;
    }

    fn take_loads(&mut self, table: &Table) -> Result<(), String> {
        for row in table.rows().filter(|row| row.active()) {
            let sign = -row.number_or("sign", -1.0)?;
            let (bus, _) = self.bus(row, "bus")?;
            let mw = row.number_or("p_set", 0.0)? * sign;
            self.take(bus, mw, row.number_or("q_set", 0.0)? * sign);
        }
        Ok(())
    }

    /// The size of an element: where PyPSA chooses it, what it chose, if that is in the file.
    fn size(&mut self, row: Row, size: &str) -> Result<f64, String> {
        let stated = row.number_or(size, 0.0)?;
        if !row.flag(&format!("{size}_extendable"), false) {
            return Ok(stated);
        }
        self.extendable += 1;
        row.number_or(&format!("{size}_opt"), stated)
    }

    /// A generator gives p between p_min_pu · p_nom and p_max_pu · p_nom at c₂ p² + c₁ p $/h.
    fn units(&mut self, table: &Table) -> Result<(), String> {
        let mut committable = 0;
        let priced = table.rows().any(|row| {
            ["marginal_cost", "marginal_cost_quadratic"]
                .iter()
                .any(|column| !matches!(row.number(column), Ok(None)))
        });
        for row in table.rows() {
            let (bus, _) = self.bus(row, "bus")?;
            let in_service = row.active();
            let size = self.size(row, "p_nom")?;
            committable += usize::from(in_service && row.flag("committable", false));
            let set = match self.set_points {
                true => row.number("p_set")?,
                false => row.of_series("p_set"),
            };
            let ends = match set {
                Some(p_mw) => [p_mw, p_mw],
                None => [
                    size * row.number_or("p_min_pu", 0.0)?,
                    size * row.number_or("p_max_pu", 1.0)?,
                ],
            };
            let linear = row.number_or("marginal_cost", 0.0)?;
            let quadratic = row.number_or("marginal_cost_quadratic", 0.0)?;
            let (ends, linear) = match row.number_or("sign", 1.0)? < 0.0 {
                true => ([-ends[1], -ends[0]], -linear),
                false => (ends, linear),
            };
            self.grid.units.push(Unit {
                bus,
                min_mw: ends[0],
                max_mw: ends[1],
                cost: priced.then(|| Cost::Polynomial(vec![quadratic, linear, 0.0])),
                in_service,
            });
        }
        if committable > 0 {
            self.grid.notes.assumed.push(format!(
                "{} that may be off in PyPSA (committable): all run.",
                counted(committable, "generator", "generators")
            ));
        }
        if priced {
            let text = "Costs are in the currency of the file; the same numbers are read as $.";
            self.grid.notes.assumed.push(text.into());
        }
        Ok(())
    }

    /// x = X / V² · base, and r likewise, with the voltage of the first bus.
    fn lines(&mut self, table: &Table) -> Result<(), String> {
        for row in table.rows() {
            let (from, kv) = self.bus(row, "bus0")?;
            let (to, _) = self.bus(row, "bus1")?;
            let per_ohm = BASE_MVA / (kv * kv);
            let branch = Branch {
                r_pu: row.number_or("r", 0.0)? * per_ohm,
                ..Branch::new(from, to, self.reactance(row)? * per_ohm, row.active())
            };
            self.branch(row, branch)?;
        }
        Ok(())
    }

    /// x on the base s_nom; the tap counts on either side alike.
    fn transformers(&mut self, table: &Table) -> Result<(), String> {
        let mut shifted = 0;
        for row in table.rows() {
            let (from, _) = self.bus(row, "bus0")?;
            let (to, _) = self.bus(row, "bus1")?;
            let s_nom = row.number_or("s_nom", 0.0)?;
            if s_nom <= 0.0 {
                return Err(format!(
                    "Transformer {} has no s_nom, the base of its reactance.",
                    row.name()
                ));
            }
            let x_pu = self.reactance(row)? * BASE_MVA / s_nom;
            let shift_deg = row.number_or("phase_shift", 0.0)?;
            shifted += usize::from(shift_deg != 0.0 && row.active());
            let branch = Branch {
                r_pu: row.number_or("r", 0.0)? * BASE_MVA / s_nom,
                tap: row.number_or("tap_ratio", 1.0)?,
                shift_deg,
                ..Branch::new(from, to, x_pu, row.active())
            };
            self.branch(row, branch)?;
        }
        if shifted > 0 {
            self.grid.notes.changed.push(format!(
                "The phase shifts of {} count, as in PyPSA's power flow; its optimisation leaves them out.",
                counted(shifted, "transformer", "transformers")
            ));
        }
        Ok(())
    }

    /// The reactance of a row as it is written.
    fn reactance(&self, row: Row) -> Result<f64, String> {
        let x = row.number_or("x", 0.0)?;
        if x != 0.0 || !row.active() {
            return Ok(x);
        }
        let why = match row.word("type") {
            "" => "Give it one.".to_string(),
            kind => format!(
                "It is of the type \"{kind}\": call n.calculate_dependent_values() before the network is written."
            ),
        };
        Err(format!("{} has no reactance (x). {why}", row.name()))
    }

    fn branch(&mut self, row: Row, branch: Branch) -> Result<(), String> {
        let size = self.size(row, "s_nom")?;
        let limit_mw = size * row.number_or("s_max_pu", 1.0)?;
        if limit_mw == 0.0 && branch.in_service {
            return Err(format!(
                "{} has a limit of 0 MVA (s_nom · s_max_pu), which a case file takes for none. Give it a limit, or set active to False.",
                row.name()
            ));
        }
        let angles_deg = [
            row.number_or("v_ang_min", f64::NEG_INFINITY)?,
            row.number_or("v_ang_max", f64::INFINITY)?,
        ];
        if angles_deg.iter().any(|angle| angle.is_finite()) {
            let text = format!(
                "Angle limits of {}, which PyPSA's optimisation has none of.",
                row.name()
            );
            self.grid.notes.left_out.push(text);
        }
        self.grid.branches.push(Branch {
            limit_mw: if limit_mw.is_finite() { limit_mw } else { 0.0 },
            ..branch
        });
        Ok(())
    }

    /// Links: what leaves bus0, p between p_min_pu and p_max_pu of p_nom, arrives times the efficiency at bus1. One with a
    /// set point has that flow.
    fn links(&mut self, table: &Table) -> Result<(), String> {
        let (mut count, mut sum_mw, mut priced) = (0, 0.0, 0);
        for row in table.rows().filter(|row| row.active()) {
            let (from, _) = self.bus(row, "bus0")?;
            let (to, _) = self.bus(row, "bus1")?;
            if !row.word("bus2").is_empty() {
                return Err(format!("Link {} has more than two buses.", row.name()));
            }
            let efficiency = row.number_or("efficiency", 1.0)?;
            let has_cost = row.number_or("marginal_cost", 0.0)? != 0.0
                || row.number_or("marginal_cost_quadratic", 0.0)? != 0.0;
            let size = self.size(row, "p_nom")?;
            let ends = [
                size * row.number_or("p_min_pu", 0.0)?,
                size * row.number_or("p_max_pu", 1.0)?,
            ];
            let set = match self.set_points {
                true => row.number("p_set")?,
                false => row.of_series("p_set"),
            };
            let Some(p_mw) = set.or((ends[0] == ends[1]).then_some(ends[0])) else {
                self.dc_line(row, (from, to), ends, efficiency, has_cost)?;
                continue;
            };
            priced += usize::from(has_cost);
            self.take(from, p_mw, 0.0);
            self.take(to, -p_mw * efficiency, 0.0);
            (count, sum_mw) = (count + usize::from(p_mw != 0.0), sum_mw + p_mw.abs());
        }
        if count > 0 {
            self.grid.notes.changed.push(format!(
                "{} with the flow of p_set, {} MW in all: a load at one end and its opposite at the other.",
                counted(count, "link", "links"),
                plain(sum_mw)
            ));
        }
        if priced > 0 {
            let text = format!("Costs of {}.", counted(priced, "link", "links"));
            self.grid.notes.left_out.push(text);
        }
        Ok(())
    }

    /// A link whose flow PyPSA chooses.
    fn dc_line(
        &mut self,
        row: Row,
        (from, to): (usize, usize),
        [min_mw, max_mw]: [f64; 2],
        efficiency: f64,
        has_cost: bool,
    ) -> Result<(), String> {
        let name = row.name();
        if has_cost {
            return Err(format!(
                "Link {name} has a cost (marginal_cost), and Tandem's DC lines have none. Give it a flow in p_set, or no cost."
            ));
        }
        if !(0.0..=1.0).contains(&efficiency) {
            return Err(format!(
                "Link {name} has an efficiency of {efficiency}; a line delivers between none and all of what it takes."
            ));
        }
        self.grid.dc_lines.push(DcLine {
            from,
            to,
            min_mw,
            max_mw,
            loss_mw: 0.0,
            loss_share: 1.0 - efficiency,
        });
        Ok(())
    }

    /// Conductance in S at the voltage of the bus.
    fn shunts(&mut self, table: &Table) -> Result<(), String> {
        for row in table.rows().filter(|row| row.active()) {
            let (number, kv) = self.bus(row, "bus")?;
            let mw = row.number_or("g", 0.0)? * kv * kv;
            if let Some(bus) = self.grid.buses.get_mut(number - 1) {
                bus.shunt_mw += mw;
            }
        }
        Ok(())
    }

    fn left_out(&mut self, folder: &Folder) -> Result<(), String> {
        let mut tell = |kind: &str, one: &str, many: &str, why: &str| -> Result<(), String> {
            let count = folder
                .table(kind)?
                .rows()
                .filter(|row| row.active())
                .count();
            if count > 0 {
                let text = format!("{}{why}.", counted(count, one, many));
                self.grid.notes.left_out.push(text);
            }
            Ok(())
        };
        let idle = ": one snapshot stores nothing, so that they give and take nothing";
        tell("storage_units", "storage unit", "storage units", idle)?;
        tell("stores", "store", "stores", idle)?;
        let global = ", such as limits on emissions";
        tell(
            "global_constraints",
            "global constraint",
            "global constraints",
            global,
        )?;
        tell("processes", "process", "processes", "")?;
        if self.extendable > 0 {
            self.grid.notes.assumed.push(format!(
                "{} whose size PyPSA chooses (extendable): the size is that of …_nom_opt, or of …_nom where the file has none.",
                counted(self.extendable, "element", "elements")
            ));
        }
        Ok(())
    }
}
