//! Lines, transformers, impedances and switches of a pandapower network.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Reader;
use super::frame::{Frame, Row};
use super::transformer::{NO_TAP, Winding, reactance, star, tap};
use crate::grid::{Branch, Bus, counted};

/// Rows of `line`, `trafo` and `trafo3w` that a switch opens.
struct Open(HashSet<(String, i64)>);

impl Open {
    fn has(&self, table: &str, row: Row) -> bool {
        self.0.contains(&(table.to_string(), row.index))
    }
}

/// MW that a percentage of a rating allows; 0, no limit, where none is given.
fn limit_mw(row: Row, rating_mva: f64) -> f64 {
    row.number("max_loading_percent")
        .map_or(0.0, |percent| percent / 100.0 * rating_mva)
}

impl Reader {
    pub fn branches(&mut self, net: &Map<String, Value>) -> Result<(), String> {
        let open = self.switches(net)?;
        self.lines(net, &open)?;
        self.transformers(net, &open)?;
        self.of_three_windings(net)?;
        self.impedances(net)
    }

    fn kv_of(&self, bus: usize) -> f64 {
        self.kv[&(bus as i64 - 1)]
    }

    /// Closed switches between buses join them; an open one at a line or transformer puts it out of service.
    fn switches(&mut self, net: &Map<String, Value>) -> Result<Open, String> {
        let mut open = HashSet::new();
        let mut resistive = 0;
        for row in Frame::read(net, "switch")?.rows() {
            let closed = row.flag("closed", true);
            match (row.word("et"), closed) {
                ("b", true) => {
                    let from = self.bus(row, "bus")?;
                    let to = self.bus(row, "element")?;
                    resistive += usize::from(row.number_or("z_ohm", 0.0) > 0.0);
                    self.grid.branches.push(Branch::new(from, to, 0.0, true));
                }
                (kind @ ("l" | "t" | "t3"), false) => {
                    let table = match kind {
                        "l" => "line",
                        "t" => "trafo",
                        _ => "trafo3w",
                    };
                    open.insert((table.to_string(), row.element("element")?));
                }
                _ => {}
            }
        }
        let three = open.iter().filter(|(table, _)| table == "trafo3w").count();
        if three > 0 {
            return Err(format!(
                "{} with three windings: Tandem cannot open one winding alone. Close it, or put the transformer out of service.",
                counted(
                    three,
                    "switch is open at a transformer",
                    "switches are open at transformers"
                )
            ));
        }
        let notes = &mut self.grid.notes.changed;
        if !open.is_empty() {
            notes.push(format!(
                "{} out of service, since a switch at one end is open.",
                counted(
                    open.len(),
                    "line or transformer is",
                    "lines and transformers are"
                )
            ));
        }
        if resistive > 0 {
            notes.push(format!(
                "{} with an impedance (z_ohm) joins its buses without one.",
                counted(resistive, "switch", "switches")
            ));
        }
        Ok(Open(open))
    }

    /// x = x_km · length / parallel, and r likewise, over the base impedance of the first bus; limit = √3 · V · I · df · parallel.
    fn lines(&mut self, net: &Map<String, Value>, open: &Open) -> Result<(), String> {
        for row in Frame::read(net, "line")?.rows() {
            let (from, to) = (self.bus(row, "from_bus")?, self.bus(row, "to_bus")?);
            let kv = self.kv_of(from);
            let parallel = row.number_or("parallel", 1.0);
            let length = row.needed("length_km")? / parallel;
            let per_ohm = self.grid.base_mva / (kv * kv);
            let x_pu = row.needed("x_ohm_per_km")? * length * per_ohm;
            let rating = row.number_or("max_i_ka", f64::NAN) * row.number_or("df", 1.0);
            let rating_mva = rating * parallel * kv * 3.0_f64.sqrt();
            let limit_mw = limit_mw(row, rating_mva);
            let on = row.in_service() && !open.has("line", row);
            self.grid.branches.push(Branch {
                limit_mw: if limit_mw.is_nan() { 0.0 } else { limit_mw },
                r_pu: row.number_or("r_ohm_per_km", 0.0) * length * per_ohm,
                ..Branch::new(from, to, x_pu, on)
            });
        }
        Ok(())
    }

    fn transformers(&mut self, net: &Map<String, Value>, open: &Open) -> Result<(), String> {
        let frame = Frame::read(net, "trafo")?;
        let named = frame.has("tap_changer_type");
        let mut tabular = 0;
        for row in frame.rows() {
            let (from, to) = (self.bus(row, "hv_bus")?, self.bus(row, "lv_bus")?);
            let (bus_hv_kv, bus_lv_kv) = (self.kv_of(from), self.kv_of(to));
            let sn_mva = row.needed("sn_mva")?;
            let parallel = row.number_or("parallel", 1.0);
            let winding = Winding {
                from,
                to,
                bus_hv_kv,
                bus_lv_kv,
                vn_hv_kv: row.number_or("vn_hv_kv", bus_hv_kv),
                vn_lv_kv: row.number_or("vn_lv_kv", bus_lv_kv),
                sn_mva,
                x_percent: reactance(row.needed("vk_percent")?, row.number_or("vkr_percent", 0.0)),
                r_percent: row.number_or("vkr_percent", 0.0),
                shift_deg: row.number_or("shift_degree", 0.0),
                parallel,
            };
            let lv_side = row.word("tap_side").eq_ignore_ascii_case("lv");
            let tap = tap(row, named, lv_side);
            tabular += usize::from(tap.is_none());
            let on = row.in_service() && !open.has("trafo", row);
            let mut branch = winding.branch(&tap.unwrap_or(NO_TAP), self.grid.base_mva, on);
            branch.limit_mw = limit_mw(row, sn_mva * parallel * row.number_or("df", 1.0));
            self.grid.branches.push(branch);
        }
        if tabular > 0 {
            let text = format!(
                "Taps of {} that a table describes.",
                counted(tabular, "transformer", "transformers")
            );
            self.grid.notes.left_out.push(text);
        }
        Ok(())
    }

    /// Transformers of three windings, as three that meet at a bus of their own.
    fn of_three_windings(&mut self, net: &Map<String, Value>) -> Result<(), String> {
        let frame = Frame::read(net, "trafo3w")?;
        let named = frame.has("tap_changer_type");
        let first = self.grid.buses.iter().map(|b| b.number).max().unwrap_or(0) + 1;
        for (k, row) in frame.rows().enumerate() {
            let sides = ["hv", "mv", "lv"];
            let centre = first + k;
            let (mut pairs, mut resistive) = ([0.0; 3], [0.0; 3]);
            let (mut sn, mut vn) = ([0.0; 3], [0.0; 3]);
            let mut buses = [0; 3];
            for (j, side) in sides.iter().enumerate() {
                let vk = row.needed(&format!("vk_{side}_percent"))?;
                resistive[j] = row.number_or(&format!("vkr_{side}_percent"), 0.0);
                pairs[j] = reactance(vk, resistive[j]);
                sn[j] = row.needed(&format!("sn_{side}_mva"))?;
                vn[j] = row.needed(&format!("vn_{side}_kv"))?;
                buses[j] = self.bus(row, &format!("{side}_bus"))?;
            }
            let bus_kv = buses.map(|bus| self.kv_of(bus));
            let (windings, resistances) = (star(pairs, sn), star(resistive, sn));
            let tapped = sides
                .iter()
                .position(|side| row.word("tap_side").eq_ignore_ascii_case(side));
            if tapped.is_some() && row.flag("tap_at_star_point", false) {
                return Err(format!(
                    "Row {} of the table `trafo3w` has its tap at the star point. Give its effect in the nominal voltages.",
                    row.index
                ));
            }
            self.grid.buses.push(Bus {
                number: centre,
                base_kv: bus_kv[0],
                isolated: !row.in_service(),
                ..Bus::default()
            });
            for j in 0..3 {
                let (from, to) = if j == 0 {
                    (buses[0], centre)
                } else {
                    (centre, buses[j])
                };
                let (bus_hv_kv, bus_lv_kv) =
                    (bus_kv[0], if j == 0 { bus_kv[0] } else { bus_kv[j] });
                let shift = ["", "shift_mv_degree", "shift_lv_degree"][j];
                let winding = Winding {
                    from,
                    to,
                    bus_hv_kv,
                    bus_lv_kv,
                    vn_hv_kv: vn[0],
                    vn_lv_kv: vn[j],
                    sn_mva: sn[j],
                    x_percent: windings[j],
                    r_percent: resistances[j],
                    shift_deg: row.number_or(shift, 0.0),
                    parallel: 1.0,
                };
                let tap = match tapped == Some(j) {
                    true => tap(row, named, j != 0).ok_or_else(|| {
                        format!(
                            "The tap of row {} of the table `trafo3w` is described by a table, which is not read. Give its effect in the nominal voltages.",
                            row.index
                        )
                    })?,
                    false => NO_TAP,
                };
                let mut branch = winding.branch(&tap, self.grid.base_mva, row.in_service());
                branch.limit_mw = limit_mw(row, sn[j]);
                self.grid.branches.push(branch);
            }
        }
        if frame.len() > 0 {
            let text = format!(
                "{} of three windings: three branches each, which meet at a bus of their own ({} and more).",
                counted(frame.len(), "transformer", "transformers"),
                first
            );
            self.grid.notes.changed.push(text);
        }
        Ok(())
    }

    fn impedances(&mut self, net: &Map<String, Value>) -> Result<(), String> {
        for row in Frame::read(net, "impedance")?.rows() {
            let (from, to) = (self.bus(row, "from_bus")?, self.bus(row, "to_bus")?);
            let base = self.grid.base_mva / row.needed("sn_mva")?;
            let branch = Branch {
                r_pu: row.number_or("rft_pu", 0.0) * base,
                ..Branch::new(from, to, row.needed("xft_pu")? * base, row.in_service())
            };
            self.grid.branches.push(branch);
        }
        Ok(())
    }
}
