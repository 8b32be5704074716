//! pandapower networks as JSON (`pandapower.to_json`), as `pandapower.rundcopp` understands them.
//!
//! Bus k of the table is bus k + 1. An element that is not `controllable` is fixed: `gen` is unless it says no, `sgen`,
//! `load` and `storage` are where they say so.

mod branches;
mod cost;
mod frame;
mod transformer;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::grid::{Bus, DcLine, Grid, Unit, counted, plain};
use cost::Costs;
use frame::{Frame, Row};

/// Elements that a DC power flow cannot see.
const REACTIVE: [&str; 2] = ["svc", "ssc"];

/// Elements of a kind that no case file has.
const REFUSED: [(&str, &str); 7] = [
    ("vsc", "converters"),
    ("b2b_vsc", "converters"),
    ("vsc_stacked", "converters"),
    ("vsc_bipolar", "converters"),
    ("line_dc", "DC lines of a DC grid"),
    ("load_dc", "loads of a DC grid"),
    ("tcsc", "series capacitors that are controlled"),
];

/// Reads a network.
///
/// # Errors
/// What cannot be read, and what to do.
pub(crate) fn read(net: &Map<String, Value>) -> Result<Grid, String> {
    if Frame::read(net, "load")?.has("p_kw") || Frame::read(net, "gen")?.has("p_kw") {
        return Err(
            "It was written by pandapower 1, in kW. Open it with a newer pandapower and write it again."
                .into(),
        );
    }
    for (table, what) in REFUSED {
        let count = Frame::read(net, table)?
            .rows()
            .filter(Row::in_service)
            .count();
        if count > 0 {
            return Err(format!(
                "It has {what} (table `{table}`, {}), which Tandem does not. Replace them by loads and generators, or put them out of service.",
                counted(count, "row", "rows")
            ));
        }
    }
    let name = net.get("name").and_then(Value::as_str).unwrap_or("");
    let base_mva = net.get("sn_mva").and_then(Value::as_f64).unwrap_or(1.0);
    let mut reader = Reader {
        grid: Grid::new(if name.is_empty() { "pandapower" } else { name }, base_mva),
        kv: HashMap::new(),
        loads: BTreeMap::new(),
    };
    reader.buses(net)?;
    reader.fixed(net)?;
    let costs = Costs::read(net, &mut reader.grid.notes)?;
    reader.units(net, &costs)?;
    reader.branches(net)?;
    reader.dc_lines(net, &costs)?;
    for table in REACTIVE {
        let count = Frame::read(net, table)?.len();
        if count > 0 {
            let text = format!(
                "{} of the table {table}, which give reactive power alone.",
                counted(count, "row", "rows")
            );
            reader.grid.notes.left_out.push(text);
        }
    }
    let loads = std::mem::take(&mut reader.loads);
    reader.grid.add_loads(&loads);
    Ok(reader.grid)
}

struct Reader {
    grid: Grid,
    /// Voltages of the buses by the index of their row.
    kv: HashMap<i64, f64>,
    /// Fixed load by number of the bus, MW and Mvar.
    loads: BTreeMap<usize, (f64, f64)>,
}

impl Reader {
    fn buses(&mut self, net: &Map<String, Value>) -> Result<(), String> {
        let frame = Frame::read(net, "bus")?;
        if frame.len() == 0 {
            return Err("It has no bus.".into());
        }
        for row in frame.rows() {
            let kv = row.needed("vn_kv")?;
            if row.index < 0 || self.kv.insert(row.index, kv).is_some() {
                return Err(format!(
                    "The table `bus` has the index {} twice, or it is below 0.",
                    row.index
                ));
            }
            self.grid.buses.push(Bus {
                number: row.index as usize + 1,
                base_kv: kv,
                isolated: !row.in_service(),
                ..Bus::default()
            });
        }
        self.grid
            .notes
            .changed
            .push("Buses have the index of their row in pandapower plus 1.".into());
        Ok(())
    }

    /// The number of the bus that a row names.
    fn bus(&self, row: Row, column: &str) -> Result<usize, String> {
        let index = row.element(column)?;
        match self.kv.contains_key(&index) {
            true => Ok(index as usize + 1),
            false => Err(format!("There is no bus {index}, which `{column}` names.")),
        }
    }

    fn take(&mut self, bus: usize, mw: f64, mvar: f64) {
        let load = self.loads.entry(bus).or_default();
        load.0 += mw;
        load.1 += mvar;
    }

    /// What takes or gives a fixed power.
    fn fixed(&mut self, net: &Map<String, Value>) -> Result<(), String> {
        let mut off = 0;
        for (table, sign) in [("load", 1.0), ("sgen", -1.0), ("storage", 1.0)] {
            let (mut fixed, mut fixed_mw) = (0, 0.0);
            for row in Frame::read(net, table)?.rows() {
                if !row.in_service() {
                    off += 1;
                } else if !row.flag("controllable", false) {
                    let scaling = sign * row.number_or("scaling", 1.0);
                    let mw = row.needed("p_mw")? * scaling;
                    let bus = self.bus(row, "bus")?;
                    self.take(bus, mw, row.number_or("q_mvar", 0.0) * scaling);
                    (fixed, fixed_mw) = (fixed + 1, fixed_mw + mw * sign);
                }
            }
            if fixed > 0 && table != "load" {
                let text = format!(
                    "{} that are not controllable (table {table}), {} MW in all, are part of the fixed load.",
                    counted(fixed, "element", "elements"),
                    plain(fixed_mw)
                );
                self.grid.notes.changed.push(text);
            }
        }
        for (table, sign) in [("asymmetric_load", 1.0), ("asymmetric_sgen", -1.0)] {
            for row in Frame::read(net, table)?.rows().filter(Row::in_service) {
                let scaling = sign * row.number_or("scaling", 1.0);
                let sum = |columns: [&str; 3]| -> f64 {
                    columns.iter().map(|c| row.number_or(c, 0.0)).sum::<f64>() * scaling
                };
                let mw = sum(["p_a_mw", "p_b_mw", "p_c_mw"]);
                let mvar = sum(["q_a_mvar", "q_b_mvar", "q_c_mvar"]);
                let bus = self.bus(row, "bus")?;
                self.take(bus, mw, mvar);
            }
        }
        for table in ["ward", "xward"] {
            for row in Frame::read(net, table)?.rows().filter(Row::in_service) {
                let [mw, mvar] = [["ps_mw", "pz_mw"], ["qs_mvar", "qz_mvar"]]
                    .map(|pair| pair.iter().map(|c| row.number_or(c, 0.0)).sum());
                let bus = self.bus(row, "bus")?;
                self.take(bus, mw, mvar);
            }
        }
        for row in Frame::read(net, "motor")?.rows().filter(Row::in_service) {
            let loading = row.number_or("loading_percent", 100.0) / 100.0;
            let efficiency = row.needed("efficiency_percent")? / 100.0;
            let scaling = row.number_or("scaling", 1.0);
            let mw = row.needed("pn_mech_mw")? * loading / efficiency * scaling;
            let bus = self.bus(row, "bus")?;
            self.take(bus, mw, 0.0);
        }
        for row in Frame::read(net, "shunt")?.rows().filter(Row::in_service) {
            let bus = self.bus(row, "bus")?;
            let bus_kv = self.kv[&(bus as i64 - 1)];
            let ratio = bus_kv / row.number("vn_kv").unwrap_or(bus_kv);
            let mw = row.number_or("p_mw", 0.0) * row.number_or("step", 1.0) * ratio * ratio;
            if let Some(bus) = self.grid.buses.iter_mut().find(|b| b.number == bus) {
                bus.shunt_mw += mw;
            }
        }
        if off > 0 {
            let text = format!(
                "{} out of service.",
                counted(
                    off,
                    "load, static generator or storage unit",
                    "loads, static generators and storage units"
                )
            );
            self.grid.notes.left_out.push(text);
        }
        Ok(())
    }

    /// What is dispatched.
    fn units(&mut self, net: &Map<String, Value>, costs: &Costs) -> Result<(), String> {
        let mut without_minimum = 0;
        let mut stores = 0;
        for row in Frame::read(net, "gen")?.rows() {
            let p_mw = row.number_or("p_mw", 0.0);
            let range = match row.flag("controllable", true) {
                true => {
                    without_minimum += usize::from(row.number("min_p_mw").is_none());
                    [
                        row.number_or("min_p_mw", 0.0),
                        row.number_or("max_p_mw", f64::INFINITY),
                    ]
                }
                false => [p_mw, p_mw],
            };
            self.unit(row, range, costs.of("gen", row.index))?;
        }
        if without_minimum > 0 {
            let text = format!(
                "{} without min_p_mw: the least output is 0 MW.",
                counted(without_minimum, "generator", "generators")
            );
            self.grid.notes.assumed.push(text);
        }
        for (table, sign) in [("sgen", 1.0), ("load", -1.0), ("storage", -1.0)] {
            for row in Frame::read(net, table)?.rows() {
                if !row.flag("controllable", false) || !row.in_service() {
                    continue;
                }
                let limits = (row.number("min_p_mw"), row.number("max_p_mw"));
                let (Some(min_mw), Some(max_mw)) = limits else {
                    return Err(format!(
                        "Row {} of the table `{table}` is controllable and has no min_p_mw or no max_p_mw. Give both.",
                        row.index
                    ));
                };
                stores += usize::from(table == "storage");
                let range = if sign > 0.0 {
                    [min_mw, max_mw]
                } else {
                    [-max_mw, -min_mw]
                };
                self.unit(row, range, costs.of(table, row.index))?;
            }
        }
        if stores > 0 {
            let text = format!(
                "{} charge and discharge freely between min_p_mw and max_p_mw, as in pandapower's optimal power flow: the energy in them is not looked at.",
                counted(stores, "storage unit", "storage units")
            );
            self.grid.notes.assumed.push(text);
        }
        self.grids(net, costs)
    }

    fn unit(
        &mut self,
        row: Row,
        [min_mw, max_mw]: [f64; 2],
        cost: Option<crate::grid::Cost>,
    ) -> Result<(), String> {
        self.grid.units.push(Unit {
            bus: self.bus(row, "bus")?,
            min_mw,
            max_mw,
            cost,
            in_service: row.in_service(),
        });
        Ok(())
    }

    /// External grids. One without a least output takes back whatever the others give: as much as they can.
    fn grids(&mut self, net: &Map<String, Value>, costs: &Costs) -> Result<(), String> {
        let finite = |mw: f64| if mw.is_finite() { mw.max(0.0) } else { 0.0 };
        let running = self.grid.units.iter().filter(|u| u.in_service);
        let units_mw: f64 = running.map(|u| finite(u.max_mw)).sum();
        let fed_mw: f64 = self.loads.values().map(|(mw, _)| (-mw).max(0.0)).sum();
        let unlimited = self.grid.units.iter().any(|u| u.max_mw.is_infinite());
        let frame = Frame::read(net, "ext_grid")?;
        let others_mw: f64 = frame
            .rows()
            .filter(Row::in_service)
            .map(|row| finite(row.number_or("max_p_mw", f64::INFINITY)))
            .sum();
        let most_mw = units_mw + fed_mw + others_mw;
        let mut open = 0;
        for row in frame.rows() {
            let max_mw = row.number_or("max_p_mw", f64::INFINITY);
            let min_mw = row.number("min_p_mw").unwrap_or_else(|| {
                open += usize::from(row.in_service());
                -most_mw
            });
            self.unit(row, [min_mw, max_mw], costs.of("ext_grid", row.index))?;
        }
        let all_open = frame
            .rows()
            .filter(Row::in_service)
            .filter(|row| row.number("max_p_mw").is_none());
        if open > 0 && (unlimited || all_open.count() > 1) && costs.any() {
            return Err(
                "Two external grids or generators have no limit, so that one may buy from the other without end. Give them min_p_mw and max_p_mw."
                    .into(),
            );
        }
        if open > 0 && most_mw > 0.0 {
            let text = format!(
                "{} without min_p_mw may take back all that other units can give, {} MW.",
                counted(open, "external grid", "external grids"),
                plain(most_mw)
            );
            self.grid.notes.assumed.push(text);
        }
        Ok(())
    }

    /// DC lines. One with `max_p_mw` is dispatched as in pandapower's optimal power flow, in the direction of `p_mw`,
    /// sent = (1 + loss) received + `loss_mw`; one without runs at `p_mw`, as in its power flow.
    fn dc_lines(&mut self, net: &Map<String, Value>, costs: &Costs) -> Result<(), String> {
        let (mut count, mut sum_mw, mut backwards) = (0, 0.0, 0);
        for row in Frame::read(net, "dcline")?.rows().filter(Row::in_service) {
            let sent_mw = row.needed("p_mw")?;
            let loss_mw = row.number_or("loss_mw", 0.0);
            let share = row.number_or("loss_percent", 0.0) / 100.0;
            let ends = [self.bus(row, "from_bus")?, self.bus(row, "to_bus")?];
            // Below zero the power goes the other way.
            let [sender, receiver] = if sent_mw < 0.0 {
                [ends[1], ends[0]]
            } else {
                ends
            };
            if let Some(max_mw) = row.number("max_p_mw").filter(|most| most.is_finite()) {
                if costs.has_dc_line(row.index) {
                    return Err(format!(
                        "DC line {} is dispatched (max_p_mw) at a cost, and Tandem's DC lines have none. Remove its cost, or its max_p_mw, by which it runs at p_mw.",
                        row.index
                    ));
                }
                // pandapower takes a line that is set to 0 MW for one that runs backwards, too.
                let back = sent_mw <= 0.0;
                backwards += usize::from(back && (share != 0.0 || loss_mw != 0.0));
                let [from, to] = if back { [ends[1], ends[0]] } else { ends };
                self.grid.dc_lines.push(DcLine {
                    from,
                    to,
                    min_mw: loss_mw.max(0.0).min(max_mw),
                    max_mw,
                    loss_mw: loss_mw / (1.0 + share),
                    loss_share: share / (1.0 + share),
                });
                continue;
            }
            let received_mw = sent_mw.abs() * (1.0 - share) - loss_mw;
            self.take(sender, sent_mw.abs(), 0.0);
            self.take(receiver, -received_mw, 0.0);
            (count, sum_mw) = (count + 1, sum_mw + sent_mw.abs());
        }
        if count > 0 {
            let text = format!(
                "{} at the power of the file (p_mw), {} MW in all, as a load at one end and its opposite at the other: they are not dispatched.",
                counted(count, "DC line runs", "DC lines run"),
                plain(sum_mw)
            );
            self.grid.notes.assumed.push(text);
        }
        if backwards > 0 {
            let text = format!(
                "{} whose p_mw is not above 0 MW: sent from to_bus to from_bus, with the loss as a loss; pandapower's optimal power flow has it as a gain there.",
                counted(backwards, "DC line", "DC lines")
            );
            self.grid.notes.assumed.push(text);
        }
        Ok(())
    }
}
