//! What proves the clearing and the schedules: certificates of the linear programs as written.

use crate::market::Failure;
use crate::opt::{Certificate, Duals, Model, Var, certify, simplex};

use super::battery::Store;
use super::bid::Bid;
use super::clearing::{Cleared, Supply, program};
use super::reserve::Service;
use super::roll::supply;
use super::schedule::{Aim, Stage, battery_program, cost_usd, schedule};
use super::system::System;
use super::thermal::{Comfort, Heat, Tank};
use super::trace::Trace;
use super::voltage::{Answer, Loop};
use super::within::worse;
use crate::market::community::params::CommunityMarket;

/// Intervals of the days whose clearing is proven against its linear program.
const SAMPLES: usize = 24;

/// Communities whose first schedule is proven.
const SCHEDULES: usize = 4;

/// The cleared point and its price against the linear program: no solver takes part.
pub fn clearing(name: String, bids: &[Bid], supply: &Supply, cleared: &Cleared) -> Certificate {
    let program = program(bids, supply);
    let mut x = vec![0.0; program.model.vars().len()];
    for (j, bid) in bids.iter().enumerate() {
        let mut left = cleared.quantity_kw[j] - bid.min_kw;
        for (var, step) in program.steps[j].iter().zip(&bid.steps) {
            let taken = left.clamp(0.0, step.width_kw);
            x[var.0] = taken;
            left -= taken;
        }
    }
    x[program.lse.0] = cleared.lse_kw;
    x[program.spill.0] = cleared.spill_kw;
    x[program.unserved.0] = cleared.unserved_kw;
    let price = cleared.usd_per_kwh;
    let mut reduced: Vec<f64> = program.model.vars().iter().map(|v| v.cost).collect();
    for row in program.model.rows() {
        for (var, a) in &row.terms {
            reduced[var.0] -= a * price;
        }
    }
    let duals = Duals {
        rows: vec![price],
        reduced,
        cones: Vec::new(),
        unique: false,
    };
    certify(name, &program.model, &x, Some(&duals))
}

/// The program of a schedule: [`battery_program`] alone.
pub fn schedule_program(store: &Store, stages: &[Stage], aim: &Aim, stored_kwh: f64) -> Model {
    battery_program(store, stages, aim, stored_kwh).0
}

/// The program of a schedule of heat: power and temperature of every stage, what lies beyond the band, and
/// what is missing or spare at the end.
///
/// Eq. `[theisen2024]`(3.5).
pub fn heat_program(tank: &Tank, stages: &[Heat], comfort: &Comfort, now_c: f64) -> Model {
    let mut model = Model::new("schedule of heat");
    let free = f64::INFINITY;
    let mut before: Option<Var> = None;
    for (t, s) in stages.iter().enumerate() {
        let (left, gain) = tank.over(s.hours);
        let kw = model.var(
            format!("heat[{t}]"),
            0.0,
            tank.power_kw,
            s.usd_per_kwh * s.hours,
        );
        let end = model.var(format!("end[{t}]"), tank.least_c, tank.most_c, 0.0);
        let price = comfort.usd_per_k_h * s.hours;
        let cold = model.var(format!("cold[{t}]"), 0.0, free, price);
        let warm = model.var(format!("warm[{t}]"), 0.0, free, price);
        model.row(
            format!("cold[{t}]"),
            [(end, 1.0), (cold, 1.0)],
            tank.min_c,
            free,
        );
        model.row(
            format!("warm[{t}]"),
            [(end, 1.0), (warm, -1.0)],
            -free,
            tank.max_c,
        );
        let mut row = vec![(end, 1.0), (kw, -gain)];
        let mut right = (1.0 - left) * s.ambient_c;
        match before {
            Some(last) => row.push((last, -left)),
            None => right += left * now_c,
        }
        model.row(format!("end[{t}]"), row, right, right);
        before = Some(end);
    }
    if let Some(last) = before {
        let missing = model.var("missing", 0.0, free, comfort.missing_usd_per_k);
        let spare = model.var("spare", 0.0, free, -comfort.spare_usd_per_k);
        let row = [(last, 1.0), (missing, 1.0), (spare, -1.0)];
        model.row("last", row, comfort.desired_c, comfort.desired_c);
    }
    model
}

/// A schedule of heat by slopes against the optimum of its program.
///
/// # Errors
/// A program that the simplex cannot solve.
fn of_heat(
    system: &System,
    j: usize,
    params: &CommunityMarket,
) -> Result<Option<Certificate>, Failure> {
    let member = &system.members[j];
    let Some(tank) = &member.tank else {
        return Ok(None);
    };
    let (stages, comfort) = (system.heats(j, 0), System::comfort(tank, params));
    let plan = tank.schedule(&stages, &comfort, tank.initial_c);
    let cost = tank.cost_usd(&stages, &comfort, &plan.power_kw, tank.initial_c);
    let model = heat_program(tank, &stages, &comfort, tank.initial_c);
    let name = format!("first schedule of heat of {}, by slopes", member.id);
    against(name, &model, cost).map(Some)
}

/// A cost that was found otherwise against the optimum of a program.
fn against(name: String, model: &Model, cost: f64) -> Result<Certificate, Failure> {
    let best = simplex::solve(model)?;
    let proof = certify(name, model, &best.x, None);
    let gap = (cost - best.objective) / (1.0 + best.objective.abs());
    Ok(Certificate {
        gap,
        dual_residual: 0.0,
        certified: proof.certified && gap.abs() <= 1e-7,
        ..proof
    })
}

/// A schedule by slopes against the optimum of its program; the gap is that of their costs.
///
/// # Errors
/// A program that the simplex cannot solve.
fn of_schedule(
    name: String,
    system: &System,
    j: usize,
    params: &CommunityMarket,
) -> Result<Option<Certificate>, Failure> {
    let member = &system.members[j];
    let Some(store) = &member.store else {
        return Ok(None);
    };
    let aim = system.aim(j, params, false);
    let stages = system.stages(j, 0);
    let plan = schedule(store, &stages, &aim, member.initial_kwh);
    let cost = cost_usd(store, &stages, &aim, &plan.battery_kw, member.initial_kwh);
    let model = schedule_program(store, &stages, &aim, member.initial_kwh);
    against(name, &model, cost).map(Some)
}

/// Certificates of the days: some clearings, the worst of which stands for all, and first schedules.
///
/// # Errors
/// As the programs.
pub fn of_days(
    system: &System,
    params: &CommunityMarket,
    market: &Trace,
) -> Result<Vec<Certificate>, Failure> {
    let mut list = Vec::new();
    let every = (market.bids.len() / SAMPLES).max(1);
    let mut worst: Option<Certificate> = None;
    let mut proven = 0;
    for (t, bids) in market.bids.iter().enumerate().step_by(every) {
        if market.congested.contains(&t) || bids.is_empty() {
            continue;
        }
        let proof = clearing(
            "clearing by merit order".into(),
            bids,
            &supply(system.lse[t], params),
            &market.cleared[t],
        );
        proven += 1;
        worst = worse(worst, proof);
    }
    if let Some(mut proof) = worst {
        proof.solve = format!("clearing by merit order, the worst of {proven} intervals");
        list.push(proof);
    }
    if let Some(proof) = &market.limited {
        let solve = format!(
            "clearing within the limits, the worst of {} intervals",
            market.congested.len()
        );
        list.push(Certificate {
            solve,
            ..proof.clone()
        });
    }
    for j in 0..system.members.len().min(SCHEDULES) {
        let name = format!("first schedule of {}, by slopes", system.members[j].id);
        list.extend(of_schedule(name, system, j, params)?);
        if let Some(service) = Service::of(params) {
            list.extend(service.proof(system, j, params)?);
        }
        list.extend(of_heat(system, j, params)?);
    }
    if let Some(service) = Service::of(params) {
        list.push(service.held_proof(system, market));
    }
    Ok(list)
}

/// What is done may be off what the curves ask at the voltage found by this, kW or kvar.
const TOLERANCE_KW: f64 = 1e-5;

/// The answers of the days against the curves, at the voltages of another power flow: nothing of the
/// iteration takes part. The residual is in kW and kvar.
pub fn of_voltages(voltages: &Loop, system: &System, trace: &Trace) -> Certificate {
    let members = system.members.len();
    let mut worst = 0.0_f64;
    for t in (0..system.intervals).filter(|t| !trace.unsettled.contains(t)) {
        let done = |j: usize| Answer {
            battery_kw: trace.battery_kw[j][t],
            curtailed_kw: trace.curtailed_kw[j][t],
            kvar: trace.kvar[j][t],
        };
        let answers: Vec<Answer> = (0..members).map(done).collect();
        let rest = |j: usize| system.members[j].net_kw[t] + trace.heat(j, t);
        let rest: Vec<f64> = (0..members).map(rest).collect();
        let Some(v) = voltages.voltages(t, &rest, &answers) else {
            worst = f64::INFINITY;
            continue;
        };
        for (j, own) in answers.iter().enumerate() {
            let asked = voltages.answer(system, j, t, v[j], trace.wanted_kw[j][t]);
            worst = worst
                .max((asked.battery_kw - own.battery_kw).abs())
                .max((asked.curtailed_kw - own.curtailed_kw).abs())
                .max((asked.kvar - own.kvar).abs());
        }
    }
    let fixed = system.intervals - trace.unsettled.len();
    Certificate {
        solve: format!("answers to voltages against the curves, the worst of {fixed} intervals"),
        primal_residual: worst,
        largest_violation: worst,
        certified: worst <= TOLERANCE_KW && trace.unsettled.is_empty(),
        ..Certificate::default()
    }
}
