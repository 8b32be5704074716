//! What proves the clearing and the schedules: certificates of the linear programs as written.

use crate::market::Failure;
use crate::opt::{Certificate, Duals, Model, Var, certify, simplex};

use super::battery::Store;
use super::bid::Bid;
use super::clearing::{Cleared, Supply, program};
use crate::market::community::params::CommunityMarket;
use super::roll::supply;
use super::trace::Trace;
use super::reserve::Service;
use super::schedule::{Aim, Stage, cost_usd, schedule};
use super::thermal::{Comfort, Heat, Tank};
use super::system::System;

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

/// The program of a schedule: ch, dis and stored energy by stage, demand bought where feed-in is not
/// paid for, and what is missing or spare at the end. At a price below zero, where both at once or
/// demand beyond what is there would pay, a whole variable says which of the two holds.
///
/// Eq. `[theisen2024]`(3.1) a.
pub fn schedule_program(store: &Store, stages: &[Stage], aim: &Aim, stored_kwh: f64) -> Model {
    battery_program(store, stages, aim, stored_kwh).0
}

/// The same with the variables ch, dis and stored energy of every stage.
pub fn battery_program(
    store: &Store,
    stages: &[Stage],
    aim: &Aim,
    stored_kwh: f64,
) -> (Model, Vec<[Var; 3]>) {
    let mut all = Vec::with_capacity(stages.len());
    let mut model = Model::new("schedule of a battery");
    let free = f64::INFINITY;
    let eta = store.efficiency;
    let mut before: Option<Var> = None;
    for (t, s) in stages.iter().enumerate() {
        let h = s.hours;
        let wear = aim.wear_usd_per_kwh * h;
        let price = s.usd_per_kwh * h;
        let own = if aim.no_feed_in { 0.0 } else { price };
        let r = store.power_kw;
        let below = s.usd_per_kwh < 0.0;
        let ch = model.var(format!("ch[{t}]"), 0.0, r, own + wear);
        // No discharge beyond the net load where nobody pays for feed-in.
        let most = if aim.no_feed_in {
            s.net_kw.clamp(0.0, r)
        } else {
            r
        };
        let dis = model.var(format!("dis[{t}]"), 0.0, most, wear - own);
        if below {
            // ch ≤ R u, dis ≤ R (1 − u).
            let charges = model.integer(format!("charges[{t}]"), 0.0, 1.0, 0.0);
            model.row(format!("ch[{t}]"), [(ch, 1.0), (charges, -r)], -free, 0.0);
            model.row(format!("dis[{t}]"), [(dis, 1.0), (charges, r)], -free, r);
        }
        let stored = model.var(format!("stored[{t}]"), store.least_kwh, store.most_kwh, 0.0);
        if aim.no_feed_in {
            let bought = model.var(format!("bought[{t}]"), 0.0, free, price);
            let row = [(bought, 1.0), (ch, -1.0), (dis, 1.0)];
            model.row(format!("bought[{t}]"), row, s.net_kw, free);
            if below {
                // bought ≤ M w, bought ≤ Q + M (1 − w).
                let most = r + s.net_kw.abs();
                let buys = model.integer(format!("buys[{t}]"), 0.0, 1.0, 0.0);
                let none = [(bought, 1.0), (buys, -most)];
                model.row(format!("none[{t}]"), none, -free, 0.0);
                let all = [(bought, 1.0), (ch, -1.0), (dis, 1.0), (buys, most)];
                model.row(format!("all[{t}]"), all, -free, s.net_kw + most);
            }
        } else {
            let known = model.constant();
            model.set_constant(known + price * s.net_kw);
        }
        if aim.cap_kw.is_finite() {
            let over = model.var(format!("over[{t}]"), 0.0, free, aim.over_usd_per_kwh * h);
            let row = [(ch, 1.0), (dis, -1.0), (over, -1.0)];
            model.row(format!("cap[{t}]"), row, -free, aim.cap_kw - s.net_kw);
        }
        let mut row = vec![(stored, 1.0), (ch, -eta * h), (dis, h / eta)];
        let right = match before {
            Some(last) => {
                row.push((last, -1.0));
                0.0
            }
            None => stored_kwh,
        };
        model.row(format!("stored[{t}]"), row, right, right);
        before = Some(stored);
        all.push([ch, dis, stored]);
    }
    if let Some(last) = before {
        let desired = aim.desired_kwh.clamp(store.least_kwh, store.most_kwh);
        let missing = model.var("missing", 0.0, free, aim.missing_usd_per_kwh);
        let spare = model.var("spare", 0.0, free, -aim.spare_usd_per_kwh);
        let row = [(last, 1.0), (missing, 1.0), (spare, -1.0)];
        model.row("end", row, desired, desired);
    }
    (model, all)
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
        let kw = model.var(format!("heat[{t}]"), 0.0, tank.power_kw, s.usd_per_kwh * s.hours);
        let end = model.var(format!("end[{t}]"), tank.least_c, tank.most_c, 0.0);
        let price = comfort.usd_per_k_h * s.hours;
        let cold = model.var(format!("cold[{t}]"), 0.0, free, price);
        let warm = model.var(format!("warm[{t}]"), 0.0, free, price);
        model.row(format!("cold[{t}]"), [(end, 1.0), (cold, 1.0)], tank.min_c, free);
        model.row(format!("warm[{t}]"), [(end, 1.0), (warm, -1.0)], -free, tank.max_c);
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

/// The worse of two proofs.
pub fn worse(worst: Option<Certificate>, proof: Certificate) -> Option<Certificate> {
    match worst {
        Some(worst)
            if (!worst.certified || proof.certified)
                && (worst.certified != proof.certified || proof.gap.abs() <= worst.gap.abs()) =>
        {
            Some(worst)
        }
        _ => Some(proof),
    }
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
