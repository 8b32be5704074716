//! The programs: the plan of the day before, the common dispatch of real time, and a DSO on its own.

use serde::{Deserialize, Serialize};

use crate::flow::feeder::Physics;
use crate::opt::{Certificate, Duals, Limit, Model, Outcome, Var, conic};

use super::dso::{self, DsoPlan, DsoVars, Past};
use super::iso::{self, IsoVars, Power, Reserved, lost_opportunity_usd};
use super::relief::{Kept, Unserved, giving_way};
use super::system::System;
use super::ties::{self, Face};

/// Why there is no dispatch.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No dispatch keeps every limit.
    Infeasible(Unserved),
    /// The program was not solved.
    Numerics(String),
}

impl From<String> for Failure {
    fn from(why: String) -> Failure {
        Failure::Numerics(why)
    }
}

/// Dispatch of ISO and DSOs from a slot on; entries by slot start there.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// By generator and slot, MW.
    pub output_mw: Vec<Vec<f64>>,
    /// By slot and transmission bus, $/MWh.
    pub lmp: Vec<Vec<f64>>,
    /// One per DSO that took part, in their order.
    pub dsos: Vec<DsoPlan>,
    pub certificate: Certificate,
    /// Equally good dispatches, where more than one was looked for.
    pub ties: Option<Ties>,
}

/// What equally good dispatches do in the slots about to be settled: all on the day before, the first
/// in real time.
#[derive(Clone, Debug)]
pub struct Ties {
    face: Face,
    /// One list per DSO that took part.
    import: Vec<Vec<Var>>,
    /// Import and deferrable loads of all.
    watched: Vec<Var>,
}

impl Ties {
    fn new(face: Face, vars: &[&DsoVars], slots: usize) -> Ties {
        let import = vars.iter().map(|v| v.import[..slots].to_vec());
        Ties {
            import: import.collect(),
            watched: vars.iter().flat_map(|v| v.carried(slots)).collect(),
            face,
        }
    }

    /// Whether equally good dispatches settle these slots differently.
    pub fn any(&self) -> bool {
        self.face.is_tie(&self.watched)
    }

    /// Least and greatest import of each DSO in the first slot over the equally good dispatches, MW.
    pub fn first_import_mw(&self) -> Option<Vec<(f64, f64)>> {
        let own = self.import.iter();
        own.map(|import| self.face.range(&[(*import.first()?, 1.0)]))
            .collect()
    }
}

/// What the day before has settled.
#[derive(Clone, Debug)]
pub struct Plan {
    pub dispatch: Dispatch,
    pub reserved: Reserved,
    /// d̂ by DSO and slot, MW.
    pub import_mw: Vec<Vec<f64>>,
    /// G(ĝ) by slot, $.
    pub cost_usd: Vec<f64>,
    /// Whether other plans are as good.
    pub tied: bool,
}

impl Plan {
    /// Generation cost of the planned day, $.
    pub fn day_cost_usd(&self) -> f64 {
        self.cost_usd.iter().sum()
    }
}

/// Who takes part in a dispatch, and what they know and have done.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    pub from: usize,
    /// The slot whose profiles have come true; `None` on the day before.
    pub now: Option<usize>,
    /// By DSO.
    pub past: &'a [Past],
}

/// The plan of the day before: ISO and all DSOs in one program.
///
/// Eq. `[wang2017]`(1.2).
///
/// # Errors
/// A day that no dispatch can serve, or a program that is not solved.
pub fn plan(system: &System, physics: Physics) -> Result<Plan, Failure> {
    let past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
    let stage = Stage {
        from: 0,
        now: None,
        past: &past,
    };
    let everyone = vec![true; system.dsos.len()];
    let dispatch = dispatch(system, physics, stage, None, &everyone)?;
    let output = dispatch.output_mw.clone();
    let price = |n: usize, t: usize| dispatch.lmp[t][system.units[n].bus];
    let reserved = Reserved {
        usd_per_mwh: (0..system.units.len())
            .map(|n| (0..system.slots).map(|t| price(n, t)).collect())
            .collect(),
        p_mw: output,
    };
    let cost_usd = (0..system.slots)
        .map(|t| {
            let units = system.units.iter().zip(&reserved.p_mw);
            units
                .map(|(unit, p)| unit.cost_usd(p[t]) * system.hours)
                .sum()
        })
        .collect();
    Ok(Plan {
        import_mw: dispatch.dsos.iter().map(|d| d.import_mw.clone()).collect(),
        tied: dispatch.ties.as_ref().is_some_and(Ties::any),
        dispatch,
        reserved,
        cost_usd,
    })
}

/// The common dispatch from a slot on: largest utility less generation cost. Without a plan it is that
/// of the day before; with one it is real time, generators at G′, and DSOs that are not `members`
/// keep their planned import.
///
/// Eq. `[wang2017]`(1.2), (1.3) b.
///
/// # Errors
/// A state that no dispatch can serve, or a program that is not solved.
pub fn dispatch(
    system: &System,
    physics: Physics,
    stage: Stage,
    plan: Option<&Plan>,
    members: &[bool],
) -> Result<Dispatch, Failure> {
    let written = write(system, physics, stage, plan, members, None);
    let (x, duals) = match conic::solve(&written.model) {
        Outcome::Infeasible => {
            let relieved = write(system, physics, stage, plan, members, Some(RELIEF));
            return Err(Failure::Infeasible(relieved.unserved(system)));
        }
        ended => proven(&written.model, ended)?,
    };
    let powers: Vec<Var> = written.vars.iter().flat_map(DsoVars::powers).collect();
    let ties::Chosen {
        x,
        certificate,
        face,
    } = ties::settle(&written.model, x, &duals, &powers);
    let slots = stage.now.map_or(system.slots, |_| 1);
    let vars: Vec<&DsoVars> = written.vars.iter().collect();
    let own = written.taking.iter().zip(&written.vars);
    Ok(Dispatch {
        output_mw: written.grid.output_mw(&x),
        lmp: written.grid.lmp(system, &duals.rows),
        dsos: own
            .map(|(&m, v)| v.plan(system, m, &stage.past[m], &x))
            .collect(),
        certificate,
        ties: face.map(|face| Ties::new(face, &vars, slots)),
    })
}

/// Price at which limits give way in the search for what is in the way, $/MWh.
const RELIEF: f64 = 1e4;

/// A common dispatch as a program.
struct Written {
    model: Model,
    /// The DSOs that take part.
    taking: Vec<usize>,
    vars: Vec<DsoVars>,
    grid: IsoVars,
}

fn write(
    system: &System,
    physics: Physics,
    stage: Stage,
    plan: Option<&Plan>,
    members: &[bool],
    relief: Option<f64>,
) -> Written {
    let Stage { from, now, past } = stage;
    let mut model = Model::new(match now {
        Some(t) => format!("real time, slot {}", t + 1),
        None => "the day before".to_string(),
    });
    let taking: Vec<usize> = (0..system.dsos.len()).filter(|&m| members[m]).collect();
    let at = (from, now);
    let vars: Vec<DsoVars> = taking
        .iter()
        .map(|&m| dso::add(&mut model, system, m, physics, at, &past[m], None))
        .collect();
    let drawn = |t: usize| {
        let own = taking.iter().zip(&vars);
        let own = own.map(|(&m, v)| Power {
            bus: system.dsos[m].bus,
            terms: vec![(v.import[t - from], 1.0)],
            fixed_mw: 0.0,
        });
        let others = (0..system.dsos.len()).filter(|&m| !members[m]);
        let kept = others.filter_map(|m| {
            Some(Power {
                bus: system.dsos[m].bus,
                terms: Vec::new(),
                fixed_mw: plan?.import_mw[m][t],
            })
        });
        own.chain(kept).collect()
    };
    let reserved = plan.map(|plan| &plan.reserved);
    let grid = iso::add(&mut model, system, from, reserved, relief, drawn);
    Written {
        model,
        taking,
        vars,
        grid,
    }
}

impl Written {
    /// Why a dispatch has no answer, from its program with reliefs: the limits that would have to give way.
    fn unserved(&self, system: &System) -> Unserved {
        let feeder = |limit: Limit| {
            let mut own = self.taking.iter().zip(&self.vars);
            own.find_map(|(&m, vars)| vars.limit(system, m, limit))
        };
        let (kept, giving_way) = match conic::solve(&self.model) {
            Outcome::Optimal(found) => (Kept::All, self.grid.giving_way(&found.x)),
            _ => (Kept::Feeders, giving_way(&self.model, feeder)),
        };
        Unserved {
            program: self.model.name().to_string(),
            kept,
            giving_way,
        }
    }
}

/// A DSO on its own from a slot on.
#[derive(Clone, Debug)]
pub struct Alone {
    pub plan: DsoPlan,
    pub certificate: Certificate,
    /// Equally good plans.
    pub ties: Option<Ties>,
}

/// A DSO that keeps its planned import and makes the best of it.
///
/// Eq. `[wang2017]`(1.3) a.
///
/// # Errors
/// A state in which the planned import cannot be kept, or a program that is not solved.
pub fn alone(
    system: &System,
    physics: Physics,
    m: usize,
    (from, now): (usize, Option<usize>),
    past: &Past,
    import_mw: &[f64],
) -> Result<Alone, Failure> {
    let at = now.map_or(String::new(), |t| format!(", slot {}", t + 1));
    let mut model = Model::new(format!("{} on its own{at}", system.dsos[m].id));
    let vars = dso::add(
        &mut model,
        system,
        m,
        physics,
        (from, now),
        past,
        Some(import_mw),
    );
    let (x, duals) = match conic::solve(&model) {
        Outcome::Infeasible => {
            return Err(Failure::Infeasible(Unserved {
                program: model.name().to_string(),
                kept: Kept::PlannedImport,
                giving_way: giving_way(&model, |limit| vars.limit(system, m, limit)),
            }));
        }
        ended => proven(&model, ended)?,
    };
    let settled = ties::settle(&model, x, &duals, &vars.powers());
    Ok(Alone {
        plan: vars.plan(system, m, past, &settled.x),
        certificate: settled.certificate,
        ties: settled.face.map(|face| Ties::new(face, &[&vars], 1)),
    })
}

/// Point and multipliers of a program.
fn proven(model: &Model, ended: Outcome) -> Result<(Vec<f64>, Duals), String> {
    let solution = ended
        .optimal()
        .map_err(|why| format!("{}: {why}", model.name()))?;
    let duals = solution
        .duals
        .ok_or_else(|| format!("{}: no prices", model.name()))?;
    Ok((solution.x, duals))
}

/// What generation costs in slot `t` of the day at these outputs, $.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// G(g).
    pub fuel_usd: f64,
    /// Lost opportunity cost, paid to the generator.
    pub lost_opportunity_usd: f64,
}

impl Generation {
    /// G′(g), $.
    pub fn total_usd(&self) -> f64 {
        self.fuel_usd + self.lost_opportunity_usd
    }
}

/// Cost of one generator in slot `t` of the day at `p_mw`.
///
/// Eq. `[wang2017]`(1.3) b.
pub fn generation(system: &System, plan: &Plan, n: usize, t: usize, p_mw: f64) -> Generation {
    let unit = &system.units[n];
    let (planned, price) = (plan.reserved.p_mw[n][t], plan.reserved.usd_per_mwh[n][t]);
    let lost = lost_opportunity_usd(unit, p_mw, planned, price);
    Generation {
        fuel_usd: unit.cost_usd(p_mw) * system.hours,
        lost_opportunity_usd: lost * system.hours,
    }
}
