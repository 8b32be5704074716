//! The programs: the plan of the day before, the common dispatch of real time, and a DSO on its own.

use serde::{Deserialize, Serialize};

use crate::market::Failure;
use crate::opt::{self, Certificate, Duals, Limit, Model, Outcome, Var, conic};

use super::dso::{self, DsoPlan, DsoVars, Past};
use super::iso::{self, IsoVars, Power, Reserved, lost_opportunity_usd};
use super::relief::{Kept, Unserved, giving_way};
use super::system::{System, Unit};
use super::ties::{self, Face};

/// Why there is no dispatch.
#[derive(Clone, Debug, PartialEq)]
pub enum NoDispatch {
    /// No dispatch keeps every limit.
    Infeasible(Unserved),
    /// The program was not solved.
    Unsolved(Failure),
}

impl<T: Into<Failure>> From<T> for NoDispatch {
    fn from(why: T) -> NoDispatch {
        NoDispatch::Unsolved(why.into())
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
    fn new(face: Face, vars: &[DsoVars], slots: usize) -> Ties {
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

/// A dispatch in real time.
#[derive(Clone, Copy)]
pub struct RealTime<'a> {
    /// The slot whose profiles have come true; the dispatch is from there on.
    pub now: usize,
    pub plan: &'a Plan,
    /// The DSOs that take part; the others keep their planned import.
    pub members: &'a [bool],
}

/// The plan of the day before: ISO and all DSOs in one program.
///
/// Eq. `[wang2017]`(1.2).
///
/// # Errors
/// A day that no dispatch can serve, or a program that is not solved.
pub fn plan(system: &System) -> Result<Plan, NoDispatch> {
    let past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
    let dispatch = dispatch(system, &past, None)?;
    let price = |unit: &Unit| dispatch.lmp.iter().map(|lmp| lmp[unit.bus]).collect();
    let reserved = Reserved {
        usd_per_mwh: system.units.iter().map(price).collect(),
        p_mw: dispatch.output_mw.clone(),
    };
    let cost = |t: usize| {
        let units = system.units.iter().zip(&reserved.p_mw);
        units
            .map(|(unit, p)| unit.cost_usd(p[t]) * system.hours)
            .sum()
    };
    Ok(Plan {
        import_mw: dispatch.dsos.iter().map(|d| d.import_mw.clone()).collect(),
        tied: dispatch.ties.as_ref().is_some_and(Ties::any),
        cost_usd: (0..system.slots).map(cost).collect(),
        dispatch,
        reserved,
    })
}

/// The common dispatch: largest utility less generation cost, of the whole day on the day before, or from a
/// slot on in real time with generators at G′.
///
/// Eq. `[wang2017]`(1.2), (1.3) b.
///
/// # Errors
/// A state that no dispatch can serve, or a program that is not solved.
pub fn dispatch(
    system: &System,
    past: &[Past],
    real: Option<RealTime>,
) -> Result<Dispatch, NoDispatch> {
    let written = write(system, past, real, None);
    let (x, duals) = match conic::solve(&written.model) {
        Err(opt::Failure::Infeasible) => {
            let relieved = write(system, past, real, Some(RELIEF));
            return Err(NoDispatch::Infeasible(relieved.unserved(system)));
        }
        ended => proven(&written.model, ended)?,
    };
    let powers: Vec<Var> = written.vars.iter().flat_map(DsoVars::powers).collect();
    let chosen = ties::settle(&written.model, x, &duals, &powers);
    let slots = real.map_or(system.slots, |_| 1);
    let own = written.taking.iter().zip(&written.vars);
    let plans = own.map(|(&m, v)| v.plan(system, m, &past[m], &chosen.x));
    Ok(Dispatch {
        output_mw: written.grid.output_mw(&chosen.x),
        lmp: written.grid.lmp(system, &duals.rows),
        dsos: plans.collect(),
        certificate: chosen.certificate,
        ties: chosen
            .face
            .map(|face| Ties::new(face, &written.vars, slots)),
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

fn write(system: &System, past: &[Past], real: Option<RealTime>, relief: Option<f64>) -> Written {
    let now = real.map(|real| real.now);
    let mut model = Model::new(match now {
        Some(t) => format!("real time, slot {}", t + 1),
        None => "the day before".to_string(),
    });
    let takes_part = |m: usize| real.is_none_or(|real| real.members[m]);
    let dsos = 0..system.dsos.len();
    let taking: Vec<usize> = dsos.clone().filter(|&m| takes_part(m)).collect();
    let vars = taking
        .iter()
        .map(|&m| dso::add(&mut model, system, m, now, &past[m], None));
    let vars: Vec<DsoVars> = vars.collect();
    let from = now.unwrap_or(0);
    let drawn = |t: usize| {
        let own = taking.iter().zip(&vars);
        let own = own.map(|(&m, v)| (m, vec![(v.import[t - from], 1.0)]));
        let own = own.map(|(m, terms)| Power::of(system.dsos[m].bus, terms));
        let others = dsos.clone().filter(|&m| !takes_part(m));
        let planned = |m: usize| Some(real?.plan.import_mw[m][t]);
        let kept = others.filter_map(|m| Some(Power::fixed(system.dsos[m].bus, planned(m)?)));
        own.chain(kept).collect()
    };
    let reserved = real.map(|real| &real.plan.reserved);
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
            Ok(found) => (Kept::All, self.grid.giving_way(&found.x)),
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

/// A DSO that keeps its planned import from slot `now` on and makes the best of it.
///
/// Eq. `[wang2017]`(1.3) a.
///
/// # Errors
/// A state in which the planned import cannot be kept, or a program that is not solved.
pub fn alone(
    system: &System,
    m: usize,
    now: usize,
    past: &Past,
    import_mw: &[f64],
) -> Result<Alone, NoDispatch> {
    let name = format!("{} on its own, slot {}", system.dsos[m].id, now + 1);
    let mut model = Model::new(name.clone());
    let vars = dso::add(&mut model, system, m, Some(now), past, Some(import_mw));
    let (x, duals) = match conic::solve(&model) {
        Err(opt::Failure::Infeasible) => {
            return Err(NoDispatch::Infeasible(Unserved {
                program: name,
                kept: Kept::PlannedImport,
                giving_way: giving_way(&model, |limit| vars.limit(system, m, limit)),
            }));
        }
        ended => proven(&model, ended)?,
    };
    let chosen = ties::settle(&model, x, &duals, &vars.powers());
    Ok(Alone {
        plan: vars.plan(system, m, past, &chosen.x),
        certificate: chosen.certificate,
        ties: chosen.face.map(|face| Ties::new(face, &[vars], 1)),
    })
}

/// Point and multipliers of a program.
fn proven(model: &Model, ended: Outcome) -> Result<(Vec<f64>, Duals), Failure> {
    let name = model.name();
    let solution = ended.map_err(|why| format!("{name}: {why}"))?;
    let duals = solution.duals.ok_or_else(|| format!("{name}: no prices"))?;
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

/// Cost of every generator at what it puts out from slot `from` on, by generator and slot.
///
/// Eq. `[wang2017]`(1.3) b.
pub fn generation(
    system: &System,
    plan: &Plan,
    output_mw: &[Vec<f64>],
    from: usize,
) -> Vec<Vec<Generation>> {
    let units = system.units.iter().zip(output_mw).enumerate();
    let costs = units.map(|(n, (unit, output))| {
        let planned = plan.reserved.p_mw[n]
            .iter()
            .zip(&plan.reserved.usd_per_mwh[n]);
        let slots = output.iter().zip(planned.skip(from));
        let cost = slots.map(|(&p, (&planned, &price))| Generation {
            fuel_usd: unit.cost_usd(p) * system.hours,
            lost_opportunity_usd: lost_opportunity_usd(unit, p, planned, price) * system.hours,
        });
        cost.collect()
    });
    costs.collect()
}
