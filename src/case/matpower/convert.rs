//! What becomes of the rows of a case file: from its matrices to a [`Case`].

use super::super::check::bounds;
use super::super::import::{Import, counted, plain};
use super::super::{Block, Branch, Bus, CASE_VERSION, Case, Generator, Load, Problem};
use super::angle::{Angle, angle_limit_mw, circuits};
use super::cost::{self, Offer};
use super::merge::joins;
use super::program::{Matrix, Program};
use super::reader::{Reader, column, numbered, rows};
use super::tally::Tally;
use std::collections::HashMap;

/// A rating from which MATPOWER, too, takes a branch as not limited.
const NO_LIMIT_MW: f64 = 1e10;

/// A rating below which a branch carries nothing: what is written for a limit of 0 MW, as 0 is none.
const NOTHING_MW: f64 = 1e-300;

/// Reactance of a branch out of service that states none, p.u.
const OPEN_X_PU: f64 = 1e-4;

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
    reader.merge(branches);
    reader.branches(branches, base_mva);
    reader.generators(generators, program.matrices.get("gencost"));
    if program.matrices.contains_key("dcline") {
        let lines = reader.matrix(&program, "dcline", 11);
        reader.dc_lines(lines, program.matrices.get("dclinecost"));
    }
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    reader.leave_out_dead_buses();
    reader.join_islands();
    Ok(Case {
        version: CASE_VERSION,
        source: source(&program),
        import: Some(reader.report(&program)),
        name: program.name,
        base_mva,
        buses: reader.buses,
        branches: reader.branches,
        dc_lines: reader.dc_lines,
        generators: reader.generators,
        loads: reader.loads,
        ..Case::default()
    })
}

/// Name and header of the file.
fn source(program: &Program) -> String {
    let file = format!("MATPOWER case file {}.", program.name);
    if program.header.is_empty() {
        return file;
    }
    let header: String = program.header.chars().take(600).collect();
    format!("{file} Its header: \"{}\".", header.replace('"', "'"))
}

/// The limit of a rating: none where it is 0 or as good as endless.
fn limit_mw(rating: f64) -> Option<f64> {
    match rating {
        rating if rating == 0.0 || rating >= NO_LIMIT_MW => None,
        rating if rating.abs() < NOTHING_MW => Some(0.0),
        rating => Some(rating),
    }
}

/// Branches with angle limits, by what became of these.
#[derive(Default)]
struct Angles {
    as_flow: usize,
    ranges: usize,
    one_sided: usize,
}

impl Angles {
    fn tell(&self, report: &mut Import) {
        let branches = |count| counted(count, "branch", "branches");
        if self.as_flow > 0 {
            report.changed.push(format!(
                "The angle limits of {} are limits on the flow, base MVA · angle / (x · tap), which is the same in a DC model.",
                branches(self.as_flow)
            ));
        }
        if self.ranges > 0 {
            report.changed.push(format!(
                "{} with angle limits that differ by direction: two circuits of twice the reactance each and no resistance, whose flows add to that of the branch and of which the second is named …-beside; shifts and the limit of the first keep the sum in its range.",
                branches(self.ranges)
            ));
        }
        if self.one_sided > 0 {
            report.left_out.push(format!(
                "Angle limits of {} in one direction alone.",
                branches(self.one_sided)
            ));
        }
    }
}

impl Reader {
    fn buses(&mut self, matrix: &Matrix) {
        let (mut conductance_mw, mut isolated_mw) = (0.0, 0.0);
        let mut odd = 0;
        for row in rows(matrix) {
            let Some(id) = self.bus_id(row.line, row.get(column::BUS)) else {
                continue;
            };
            let p_mw = row.get(column::PD) + row.get(column::GS);
            if row.get(column::TYPE) == 4.0 {
                isolated_mw += p_mw;
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
            conductance_mw += row.get(column::GS);
            let q_mvar = row.get(column::QD);
            if p_mw != 0.0 || q_mvar != 0.0 {
                self.loads.push(Load {
                    id: format!("L{id}"),
                    bus: id.clone(),
                    p_mw,
                    q_mvar,
                });
            }
            let kv = row.get(column::BASE_KV);
            let nominal = |kv: f64| (bounds::KV.0..=bounds::KV.1).contains(&kv);
            odd += usize::from(kv != 0.0 && !nominal(kv));
            self.buses.push(Bus {
                base_kv: Some(kv).filter(|kv| nominal(*kv)),
                ..Bus::new(id)
            });
        }
        if odd > 0 {
            self.report.left_out.push(format!(
                "Nominal voltages of {}: they are not between 1\u{a0}V and 10\u{202f}000\u{a0}kV.",
                counted(odd, "bus", "buses")
            ));
        }
        if conductance_mw != 0.0 {
            self.report.changed.push(format!(
                "Shunt conductances are load at 1 p.u. voltage: {} MW.",
                plain(conductance_mw)
            ));
        }
        if !self.isolated.is_empty() {
            self.report.left_out.push(format!(
                "{} (type 4) with {} MW of load.",
                counted(self.isolated.len(), "isolated bus", "isolated buses"),
                plain(isolated_mw)
            ));
        }
    }

    fn branches(&mut self, matrix: &Matrix, base_mva: f64) {
        let mut used = HashMap::new();
        let (mut at_isolated, mut within, mut seen) = (0, 0, Angles::default());
        for row in rows(matrix) {
            let from = self.known_bus(row.line, row.get(column::FROM));
            let to = self.known_bus(row.line, row.get(column::TO));
            let (Some(from), Some(to)) = (from, to) else {
                at_isolated += 1;
                continue;
            };
            if from == to && row.get(column::FROM) != row.get(column::TO) {
                within += usize::from(!joins(&row));
                continue;
            }
            let tap = row.get(column::TAP);
            let mut branch = Branch {
                id: numbered(&mut used, format!("{from}-{to}")),
                from,
                to,
                x_pu: row.get(column::X),
                r_pu: row.get(column::R),
                tap: if tap == 0.0 { 1.0 } else { tap },
                shift_deg: row.get(column::SHIFT),
                max_p_mw: limit_mw(row.get(column::RATE_A)),
                in_service: row.get(column::BR_STATUS) != 0.0,
            };
            match branch.in_service {
                true => {
                    self.check_branch(row.line, &branch);
                    let limits = column::ANGLES.map(|j| row.get(j));
                    match angle_limit_mw(&branch, limits, base_mva) {
                        Angle::Looser => {}
                        Angle::Flow(limit_mw) => {
                            branch.max_p_mw = Some(limit_mw);
                            seen.as_flow += 1;
                        }
                        Angle::Range([low, high]) if low > high => self.error(
                            row.line,
                            format!("The rating and the angle limits of branch {} contradict each other: a flow of {low} MW at least and {high} MW at most. Widen one of them.", branch.id),
                        ),
                        Angle::Range(range) => {
                            seen.ranges += 1;
                            self.branches.extend(circuits(branch, range, base_mva));
                            continue;
                        }
                        Angle::OneSided => seen.one_sided += 1,
                    }
                }
                false => {
                    // Not looked at while it is out of service.
                    if branch.x_pu.abs() < bounds::REACTANCE.0 {
                        branch.x_pu = OPEN_X_PU;
                    }
                    branch.max_p_mw = branch.max_p_mw.filter(|limit| *limit > 0.0);
                }
            }
            self.branches.push(branch);
        }
        let off = self.branches.iter().filter(|b| !b.in_service).count();
        if off > 0 {
            let text = format!(
                "{} out of service, as such.",
                counted(off, "branch", "branches")
            );
            self.report.kept.push(text);
        }
        if at_isolated > 0 {
            let text = counted(at_isolated, "branch", "branches");
            self.report
                .left_out
                .push(format!("{text} at isolated buses."));
        }
        if within > 0 {
            self.report.left_out.push(format!(
                "{} beside one without reactance, which carries all.",
                counted(within, "branch", "branches")
            ));
        }
        seen.tell(&mut self.report);
    }

    /// What keeps a branch in service from having a flow.
    fn check_branch(&mut self, line: usize, branch: &Branch) {
        let id = &branch.id;
        if branch.x_pu.abs() < bounds::REACTANCE.0 {
            self.error(
                line,
                format!(
                    "The reactance of branch {id} is zero beside a phase shift, so no flow is right. Give a small one, such as 0.0001 p.u., or no shift."
                ),
            );
        }
        if let Some(rating) = branch.max_p_mw.filter(|rating| *rating < 0.0) {
            self.error(
                line,
                format!("The rating A of branch {id} is {rating} MVA. Give 0 for no limit, or a positive number."),
            );
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
        // What a generator without limit may give, or take: more than is ever taken, or given, so that it is never at a
        // limit.
        let fixed_mw: f64 = self.loads.iter().map(|l| l.p_mw.max(0.0)).sum();
        let running = || rows(matrix).filter(|row| row.get(column::GEN_STATUS) > 0.0);
        let limited = |p: f64| if p.abs() < bounds::POWER { p } else { 0.0 };
        let bids_mw: f64 = running()
            .map(|row| -limited(row.get(column::PMIN)).min(0.0))
            .sum();
        let offers_mw: f64 = running()
            .map(|row| limited(row.get(column::PMAX)).max(0.0))
            .sum();
        let mut used = HashMap::new();
        let mut seen = Tally::default();
        for (i, row) in rows(matrix).enumerate() {
            if row.get(column::GEN_STATUS) <= 0.0 {
                seen.off += 1;
                continue;
            }
            let Some(bus) = self.known_bus(row.line, row.get(column::BUS)) else {
                seen.at_isolated += 1;
                continue;
            };
            let (mut least_mw, mut most_mw) = (row.get(column::PMIN), row.get(column::PMAX));
            if most_mw >= bounds::POWER {
                most_mw = 2.0 * (fixed_mw + bids_mw);
                seen.unlimited += 1;
            }
            if least_mw <= -bounds::POWER {
                least_mw = -2.0 * offers_mw;
                seen.bottomless += 1;
            }
            if least_mw > most_mw {
                self.error(
                    row.line,
                    format!("The generator at bus {bus} runs from {least_mw} to {most_mw} MW. Give a Pmin up to Pmax."),
                );
                continue;
            }
            // A negative least output is load that may be given up at the same marginal cost.
            let from_mw = least_mw.min(0.0);
            let offer = match costs.and_then(|costs| costs.rows.get(i)) {
                Some((line, cost)) => match cost::offer(cost, from_mw, most_mw) {
                    Ok(offer) => offer,
                    Err(message) => {
                        self.error(*line, message);
                        continue;
                    }
                },
                None => Offer {
                    blocks: vec![Block::flat(most_mw - from_mw, 0.0)],
                    ..Offer::default()
                },
            };
            seen.count(&offer);
            let id = numbered(&mut used, format!("G{bus}"));
            if from_mw < 0.0 {
                seen.taking += 1;
                seen.taken_mw -= from_mw;
                self.loads.push(Load {
                    id: format!("{id}-load"),
                    bus: bus.clone(),
                    p_mw: -from_mw,
                    q_mvar: 0.0,
                });
            }
            let ramp = row.get(column::RAMP_AGC);
            self.generators.push(Generator {
                id,
                bus,
                min_p_mw: least_mw.max(0.0),
                max_p_mw: most_mw - from_mw,
                offer: offer.blocks,
                no_load_usd_per_h: offer.no_load_usd_per_h,
                ramp_mw_per_min: (ramp != 0.0).then_some(ramp),
            });
        }
        seen.tell(&mut self.report);
        if costs.is_none() && count > 0 {
            self.report
                .assumed
                .push("The file has no costs (gencost): every generator offers at 0 $/MWh, so cost and prices mean nothing.".to_string());
        }
        if count > 0 && cost_rows == 2 * count {
            self.report
                .left_out
                .push("Costs of reactive power.".to_string());
        }
    }

    /// The report of the import, what is held first.
    fn report(&self, program: &Program) -> Import {
        let mut report = self.report.clone();
        report.format = format!("MATPOWER case file {}", program.name);
        let load_mw: f64 = self.loads.iter().map(|l| l.p_mw).sum();
        let units_mw: f64 = self.generators.iter().map(|g| g.max_p_mw).sum();
        let limited = self
            .branches
            .iter()
            .filter(|b| b.max_p_mw.is_some())
            .count();
        report.kept.insert(
            0,
            format!(
                "{}, {} ({limited} with a limit), {} of {} MW, {} of {} MW.",
                counted(self.buses.len(), "bus", "buses"),
                counted(self.branches.len(), "branch", "branches"),
                counted(self.generators.len(), "generator", "generators"),
                plain(units_mw),
                counted(self.loads.len(), "load", "loads"),
                plain(load_mw),
            ),
        );
        if program.conversions > 0 {
            let text = "The conversions of units in the file were carried out.";
            report.changed.push(text.to_string());
        }
        report.left_out.push(
            "What a DC model does not have: line charging, shunt susceptances, voltages, reactive limits; and ratings B and C, ramp rates other than of AGC, areas and zones."
                .to_string(),
        );
        if !program.left_out.is_empty() {
            let fields = program.left_out.join(", ");
            report
                .left_out
                .push(format!("Fields of the file: {fields}."));
        }
        report
    }
}
