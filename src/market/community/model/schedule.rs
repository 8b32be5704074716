//! The schedule of a battery: an exact solution of its program by the cost to go over stored energy.
//!
//! ```text
//! min Σ_t P_t max(Q_t, or 0 where feed-in is not credited) Δ + (δ + ε)(ch + dis) Δ
//!     + penalty · (what is missing to the desired energy) − worth · (what is beyond it)
//! Q_t = net_t + ch_t − dis_t,  0 ≤ ch, dis ≤ R,  ch_t dis_t = 0,
//! e_t = e_(t−1) + (η ch − dis/η) Δ,  L ≤ e ≤ U
//! ```
//!
//! Eq. `[theisen2024]`(3.1) a. The cost c_t of a stage is piecewise linear in the change x of the
//! stored energy, and so is the cost to go V_t(e) = min_x c_t(x) + V_(t+1)(e + x) on [L, U].
//!
//! Where c_t and V_(t+1) are convex, as at prices from 0 on, this is an infimal convolution: the
//! segments of both in the order of their slopes. A battery does not charge and discharge at once, so
//! that below a price of 0 the cost is not convex: it is then taken as the least of its convex parts,
//! every pair of parts is convolved, and V_t is the lower envelope of the results. −V′ is the value of
//! another kWh that is there.

use super::battery::Store;
pub use super::slopes::Slopes;
use super::slopes::best_bend;
use crate::opt::{Model, Var};

/// One stage of a schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    pub hours: f64,
    /// P^f, $/kWh.
    pub usd_per_kwh: f64,
    /// Expected load less PV, kW.
    pub net_kw: f64,
}

/// What a schedule is made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// What is fed in is not paid for: no discharge beyond the net load, PV in excess is free.
    pub no_feed_in: bool,
    /// δ + ε, $ per kWh charged or discharged.
    pub wear_usd_per_kwh: f64,
    /// Demand above this costs `over_usd_per_kwh` more; infinite where there is no cap.
    pub cap_kw: f64,
    pub over_usd_per_kwh: f64,
    /// Stored energy desired at the end, kWh, and what a kWh missing costs.
    pub desired_kwh: f64,
    pub missing_usd_per_kwh: f64,
    /// What a kWh beyond it is worth.
    pub spare_usd_per_kwh: f64,
}

/// The stage's cost in the change of stored energy, beside that of an idle battery.
fn stage_cost(store: &Store, stage: &Stage, aim: &Aim) -> Slopes {
    let (eta, h) = (store.efficiency, stage.hours);
    let wear = aim.wear_usd_per_kwh;
    let price = stage.usd_per_kwh;
    let r = store.power_kw;
    // Cost of another kWh at the meter by battery power b, ascending: (upper end of b, slope).
    let credit = if aim.no_feed_in { -stage.net_kw } else { 0.0 };
    let cap = aim.cap_kw - stage.net_kw;
    // Nobody pays for feed-in: no discharge beyond the net load, not even where dumping would make room.
    let least = if aim.no_feed_in {
        credit.clamp(-r, 0.0)
    } else {
        -r
    };
    let mut bends = [least, 0.0, r, credit.clamp(least, r), cap.clamp(least, r)];
    bends.sort_by(f64::total_cmp);
    let mut cost = Slopes::default();
    for pair in bends.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if to <= from {
            continue;
        }
        let q = stage.net_kw + 0.5 * (from + to);
        let mut slope = if aim.no_feed_in && q < 0.0 {
            0.0
        } else {
            price
        };
        if q > aim.cap_kw {
            slope += aim.over_usd_per_kwh;
        }
        let (width, slope) = if from < 0.0 {
            ((to - from) * h / eta, (slope - wear) * eta)
        } else {
            ((to - from) * h * eta, (slope + wear) / eta)
        };
        if from < 0.0 {
            cost.start -= width;
            cost.value -= width * slope;
        }
        cost.pieces.push((width, slope));
    }
    cost
}

/// A schedule: what to do in every stage, and the cost to go at the end of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    /// Battery power of each stage, charging +, kW.
    pub battery_kw: Vec<f64>,
    /// Stored energy at the end of each stage, kWh.
    pub stored_kwh: Vec<f64>,
    /// V_(t+1) after each stage; `to_go[0]` is that of the start.
    pub to_go: Vec<Slopes>,
}

/// Cost to go before every stage and at the end.
pub fn cost_to_go(store: &Store, stages: &[Stage], aim: &Aim) -> Vec<Slopes> {
    let (low, high) = (store.least_kwh, store.most_kwh);
    let desired = aim.desired_kwh.clamp(low, high);
    let mut last = Slopes {
        start: low,
        value: aim.missing_usd_per_kwh * (desired - low),
        pieces: Vec::new(),
    };
    last.push(desired - low, -aim.missing_usd_per_kwh);
    last.push(high - desired, -aim.spare_usd_per_kwh);
    let mut all = vec![last];
    for stage in stages.iter().rev() {
        let cost = stage_cost(store, stage, aim);
        let after = &all[all.len() - 1];
        let before = after.before(&cost, low, high);
        all.push(before);
    }
    all.reverse();
    all
}

/// A walk along the pieces of a function, moved by `-shift`.
struct Walk<'a> {
    pieces: std::slice::Iter<'a, (f64, f64)>,
    end: f64,
    slope: f64,
}

impl<'a> Walk<'a> {
    fn new(function: &'a Slopes, shift: f64) -> Walk<'a> {
        Walk {
            pieces: function.pieces.iter(),
            end: function.start - shift,
            slope: f64::NEG_INFINITY,
        }
    }

    /// To the piece right of `x`.
    fn reach(&mut self, x: f64) {
        while self.end <= x + 1e-9 {
            match self.pieces.next() {
                Some((width, slope)) => {
                    self.end += width;
                    self.slope = *slope;
                }
                None => (self.end, self.slope) = (f64::INFINITY, f64::INFINITY),
            }
        }
    }
}

/// The change of stored energy that is best at a stage. Among equals, the one nearest to none.
fn best_change(cost: &Slopes, after: &Slopes, stored_kwh: f64) -> f64 {
    let from = cost.start.max(after.start - stored_kwh);
    let to = cost.end().min(after.end() - stored_kwh);
    if !(cost.convex() && after.convex()) {
        return best_bend(cost, after, stored_kwh, from, to);
    }
    let (mut now, mut then) = (Walk::new(cost, 0.0), Walk::new(after, stored_kwh));
    let (mut left, mut right) = (from, from);
    let mut x = from;
    while x < to - 1e-9 {
        now.reach(x);
        then.reach(x);
        let slope = now.slope + then.slope;
        let next = now.end.min(then.end).min(to);
        if slope < -1e-12 {
            (left, right) = (next, next);
        } else if slope <= 1e-12 {
            right = next;
        } else {
            break;
        }
        x = next;
    }
    0.0_f64.clamp(left, right.max(left))
}

/// The best schedule from a stored energy on.
///
/// Eq. `[theisen2024]`(3.1) a.
pub fn schedule(store: &Store, stages: &[Stage], aim: &Aim, stored_kwh: f64) -> Schedule {
    let to_go = cost_to_go(store, stages, aim);
    let mut now = stored_kwh.clamp(store.least_kwh, store.most_kwh);
    let mut plan = Schedule::default();
    for (stage, after) in stages.iter().zip(to_go.iter().skip(1)) {
        let cost = stage_cost(store, stage, aim);
        let change = best_change(&cost, after, now);
        now = (now + change).clamp(store.least_kwh, store.most_kwh);
        plan.battery_kw.push(store.power_for(change, stage.hours));
        plan.stored_kwh.push(now);
    }
    plan.to_go = to_go;
    plan
}

/// The cost to go some hours before the end of a stage at its price.
pub fn within_stage(store: &Store, stage: &Stage, hours: f64, after: &Slopes, aim: &Aim) -> Slopes {
    if hours <= 0.0 {
        return after.clone();
    }
    let rest = Stage { hours, ..*stage };
    let cost = stage_cost(store, &rest, aim);
    after.before(&cost, store.least_kwh, store.most_kwh)
}

/// Cost of a schedule as the program counts it, $.
pub fn cost_usd(
    store: &Store,
    stages: &[Stage],
    aim: &Aim,
    battery_kw: &[f64],
    stored_kwh: f64,
) -> f64 {
    let mut cost = 0.0;
    let mut now = stored_kwh;
    for (stage, b) in stages.iter().zip(battery_kw) {
        let q = stage.net_kw + b;
        let paid = if aim.no_feed_in { q.max(0.0) } else { q };
        let over = (q - aim.cap_kw).max(0.0);
        cost += stage.hours
            * (stage.usd_per_kwh * paid
                + aim.over_usd_per_kwh * over
                + aim.wear_usd_per_kwh * b.abs());
        now = store.after(now, *b, stage.hours);
    }
    let missing = aim.desired_kwh.clamp(store.least_kwh, store.most_kwh) - now;
    cost + if missing > 0.0 {
        aim.missing_usd_per_kwh * missing
    } else {
        aim.spare_usd_per_kwh * missing
    }
}

/// The program of a schedule: ch, dis and stored energy by stage, demand bought where feed-in is not
/// paid for, and what is missing or spare at the end. At a price below zero, where both at once or
/// demand beyond what is there would pay, a whole variable says which of the two holds.
///
/// Eq. `[theisen2024]`(3.1) a. With the variables ch, dis and stored energy of every stage.
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
