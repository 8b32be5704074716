//! Every quantity of a run by slot.

use std::ops::Range;

use crate::market::bargaining::model::rolling_horizon::Realized;
use crate::market::bargaining::model::system::{Dso, System};
use crate::market::bargaining::outcome::{ByRule, Day, Settled};
use crate::market::bargaining::params::Rule;
use crate::report::SubjectKind::{Boundary, Branch, Bus, Party};
use crate::report::plots::{about, by_clock, over};
use crate::report::words::listed;
use crate::report::{Series, SubjectKind};

/// Kind of a series, its name with `{}` for the item, and its values.
type Row<'a> = (&'a str, &'a str, Vec<f64>);

/// Amounts that differ by less are one: half a cent, $.
pub const SAME_USD: f64 = 5e-3;

#[derive(Default)]
struct List(Vec<Series>);

impl List {
    /// Series of one thing with the id `kind:item`, or of the whole day without an item.
    fn of<const N: usize>(&mut self, item: &str, unit: &str, rows: [Row; N]) {
        self.named(item, item, unit, rows);
    }

    /// Series of one thing of the case.
    fn about<const N: usize>(&mut self, of: (SubjectKind, &str), unit: &str, rows: [Row; N]) {
        for (kind, name, values) in rows {
            let name = name.replace("{}", of.1);
            self.0.push(about(kind, of.0.of(of.1), name, unit, values));
        }
    }

    /// The last series is of a player.
    fn of_player(&mut self, player: Option<&String>) {
        if let (Some(last), Some(player)) = (self.0.last_mut(), player) {
            last.subject = Party.of(player);
        }
    }

    fn named<const N: usize>(&mut self, item: &str, called: &str, unit: &str, rows: [Row; N]) {
        for (kind, name, values) in rows {
            let id = [kind, item].join(if item.is_empty() { "" } else { ":" });
            self.0
                .push(by_clock(id, name.replace("{}", called), unit, values));
        }
    }
}

pub fn series(run: &Settled) -> Vec<Series> {
    let mut list = List::default();
    values(run, &mut list);
    settled(run, &mut list);
    if let Some(day) = &run.day {
        grid(day, &mut list);
        for (m, dso) in day.system.dsos.iter().enumerate() {
            imports(day, m, dso, &mut list);
            powers(day, m, dso, &mut list);
            items(dso, &day.together.dsos[m], &day.apart[m], &mut list);
            batteries(day, m, dso, &mut list);
        }
    }
    list.0
}

/// Utilities less cost, by slot.
fn welfare(utility: &[Vec<f64>], cost: &[f64]) -> Vec<f64> {
    let at = |(t, g): (usize, &f64)| utility.iter().map(|u| u[t]).sum::<f64>() - g;
    cost.iter().enumerate().map(at).collect()
}

fn values(run: &Settled, list: &mut List) {
    let v = &run.values;
    for (m, id) in v.dsos.iter().enumerate() {
        let (co, non) = (v.utility_co_usd[m].clone(), v.utility_non_usd[m].clone());
        let rows = [
            ("u_co", "utility of {}, cooperating", co),
            ("u_non", "utility of {}, on its own", non),
        ];
        list.of(id, "$", rows);
    }
    let with = welfare(&v.utility_co_usd, &v.cost_co_usd);
    let without = welfare(&v.utility_non_usd, &v.cost_non_usd);
    let (co, non) = (v.cost_co_usd.clone(), v.cost_non_usd.clone());
    let rows = [
        ("cost_co", "generation cost, cooperating", co),
        ("cost_non", "generation cost, as planned", non),
        ("welfare_co", "welfare, cooperating", with),
        ("welfare_non", "welfare, day without", without),
    ];
    list.of("", "$", rows);
    if let Some(left) = &run.leaving {
        let name = "utility of {}, on its own from the slot on";
        for (id, utility) in v.dsos.iter().zip(&left.utility_usd) {
            list.of(id, "$", [("u_left", name, utility.clone())]);
        }
        let name = "generation cost, as planned from the slot on";
        list.of("", "$", [("cost_left", name, left.cost_usd.clone())]);
        let without = welfare(&left.utility_usd, &left.cost_usd);
        let name = "welfare, without from the slot on";
        list.of("", "$", [("welfare_left", name, without)]);
    }
    let surplus = (0..run.slots).map(|t| run.bargained.surplus_usd(t));
    list.of(
        "",
        "$",
        [("surplus", "surplus to share", surplus.collect())],
    );
}

fn settled(run: &Settled, list: &mut List) {
    for own in &run.rules {
        let (id, name) = (own.rule.id(), own.rule.name());
        let (paid, charge) = (&own.settlement.payments_usd, &own.settlement.charge_usd);
        let called = format!("collected by the ISO, {name}");
        list.of(id, "$", [("charge", &called, charge.clone())]);
        let called = format!("paid by {{}}, {name}");
        for same in alike_payments(run, own) {
            let (all, alone) = (names(run, &same), same.len() == 1);
            for k in same {
                let item = format!("{id}:{}", run.players[k]);
                list.named(&item, &all, "$", [("paid", &called, paid[k - 1].clone())]);
                list.of_player(alone.then_some(&run.players[k]));
            }
        }
        let called = format!("net benefit of {{}} so far, {name}");
        for same in alike_gains(run, own) {
            let (all, alone) = (names(run, &same), same.len() == 1);
            for k in same {
                let item = format!("{id}:{}", run.players[k]);
                let so_far = own.so_far_usd.iter().map(|b| b[k]).collect();
                list.named(&item, &all, "$", [("benefit", &called, so_far)]);
                list.of_player(alone.then_some(&run.players[k]));
            }
        }
        for (player, benefit) in run.players.iter().zip(&own.benefits_usd) {
            let called = format!("net benefit of {player} over the day, {name}");
            let (id, at) = (of_day(own.rule, player), [(0.0, *benefit)]);
            list.0.push(over(&id, called, "$", ("", ""), &at));
        }
        for (player, paid) in run.players.iter().zip(own.paid_usd()).skip(1) {
            let called = format!("payment of {player} over the day, {name}");
            let (id, at) = (paid_of_day(own.rule, player), [(0.0, paid)]);
            list.0.push(over(&id, called, "$", ("", ""), &at));
        }
    }
}

/// Id of what a player gains over the day.
pub fn of_day(rule: Rule, player: &str) -> String {
    format!("day:{}:{player}", rule.id())
}

/// Id of what a DSO pays the ISO over the day.
pub fn paid_of_day(rule: Rule, player: &str) -> String {
    format!("day_paid:{}:{player}", rule.id())
}

/// Players whose net benefits are the same in every slot, in groups: one line for each.
pub fn alike_gains(run: &Settled, own: &ByRule) -> Vec<Vec<usize>> {
    let of = |k: usize| own.so_far_usd.iter().map(|b| b[k]).collect();
    groups(0..run.players.len(), of)
}

/// Players who pay the same in every slot, in groups.
pub fn alike_payments(run: &Settled, own: &ByRule) -> Vec<Vec<usize>> {
    let of = |k: usize| own.settlement.payments_usd[k - 1].clone();
    groups(1..run.players.len(), of)
}

/// Items of a range with equal values, in the order of their first.
pub fn groups(all: Range<usize>, of: impl Fn(usize) -> Vec<f64>) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Vec<f64>, Vec<usize>)> = Vec::new();
    for k in all {
        let own = of(k);
        let near = |other: &[f64]| {
            other
                .iter()
                .zip(&own)
                .all(|(a, b)| (a - b).abs() < SAME_USD)
        };
        match groups.iter_mut().find(|(values, _)| near(values)) {
            Some((_, same)) => same.push(k),
            None => groups.push((own, vec![k])),
        }
    }
    groups.into_iter().map(|(_, same)| same).collect()
}

/// `DSO1 and DSO3`.
pub fn names(run: &Settled, players: &[usize]) -> String {
    let all: Vec<String> = players.iter().map(|&k| run.players[k].clone()).collect();
    listed(&all)
}

/// Generators, buses and branches.
fn grid(day: &Day, list: &mut List) {
    let system = &day.system;
    for (n, unit) in system.units.iter().enumerate() {
        let costs = day.together.generation[n].iter();
        let lost = costs.map(|g| g.lost_opportunity_usd).collect();
        let (p, plan) = (&day.together.output_mw[n], &day.plan.reserved.p_mw[n]);
        let rows = [
            ("p", "{}", p.clone()),
            ("plan", "{}, planned", plan.clone()),
        ];
        list.about((Party, &unit.id), "MW", rows);
        let rows = [("lost", "lost opportunity of {}", lost)];
        list.about((Party, &unit.id), "$", rows);
    }
    for (i, bus) in system.buses.iter().enumerate() {
        let price = |all: &[Vec<f64>]| all.iter().map(|lmp| lmp[i]).collect();
        let planned = price(&day.plan.dispatch.lmp);
        let rows = [
            ("lmp", "price at {}", price(&day.together.lmp)),
            ("plan_lmp", "price at {}, planned", planned),
        ];
        list.about((Bus, bus), "$/MWh", rows);
    }
    for (l, id) in system.branches.iter().enumerate() {
        let flow = day.flows_mw.iter().map(|f| f[l]).collect();
        list.about((Branch, id), "MW", [("flow", "{}", flow)]);
    }
}

fn imports(day: &Day, m: usize, dso: &Dso, list: &mut List) {
    let (import, plan) = (&day.together.dsos[m].import_mw, &day.plan.import_mw[m]);
    let unused = day.apart[m].unused_mw.clone();
    let rows = [
        ("import", "import of {}", import.clone()),
        ("plan_import", "import of {}, planned", plan.clone()),
        ("unused", "import of {} on its own without a use", unused),
    ];
    for (kind, name, values) in rows {
        let name = name.replace("{}", &dso.id);
        let boundary = Boundary.of(&dso.boundary);
        list.0.push(about(kind, boundary, name, "MW", values));
    }
}

/// Renewables and adjustable loads of a DSO.
fn powers(day: &Day, m: usize, dso: &Dso, list: &mut List) {
    let (together, apart) = (&day.together.dsos[m], &day.apart[m]);
    let sources: Vec<&str> = dso.renewables.iter().map(|(_, r)| &*r.profile).collect();
    let loads: Vec<&str> = dso.adjustable.iter().map(|(_, a)| &*a.profile).collect();
    let sum = |all: &[Vec<f64>]| -> Vec<f64> {
        let slots = 0..day.system.slots;
        slots.map(|t| all.iter().map(|own| own[t]).sum()).collect()
    };
    let profiles = |ids: &[&str], now: bool| {
        let all = ids.iter().map(|id| profile(&day.system, id, now));
        sum(&all.collect::<Vec<_>>())
    };
    let (forecast, realized) = (profiles(&sources, false), profiles(&sources, true));
    let used = sum(&together.renewable_mw);
    let (ahead, wanted) = (profiles(&loads, false), profiles(&loads, true));
    let (served, alone) = (sum(&together.adjustable_mw), sum(&apart.adjustable_mw));
    let rows = [
        ("renewable_forecast", "renewables of {}, forecast", forecast),
        ("renewable_realised", "renewables of {}, realised", realized),
        ("renewable_used", "renewables of {}, fed in", used),
        ("load_forecast", "adjustable loads of {}, forecast", ahead),
        ("load_wanted", "adjustable loads of {}, wanted", wanted),
        ("load_served", "adjustable loads of {}, cooperating", served),
        ("load_alone", "adjustable loads of {}, on its own", alone),
    ];
    list.of(&dso.id, "MW", rows);
}

/// A profile as forecast on the day before, or as it came true.
fn profile(system: &System, id: &str, now: bool) -> Vec<f64> {
    let at = |t: usize| system.latest_mw(id, t, now.then_some(t));
    (0..system.slots).map(at).collect()
}

/// What is connected to a DSO, one by one.
fn items(dso: &Dso, together: &Realized, apart: &Realized, list: &mut List) {
    for ((_, own), p) in dso.renewables.iter().zip(&together.renewable_mw) {
        list.about((Party, &own.id), "MW", [("p", "{}", p.clone())]);
    }
    let adjustable = dso.adjustable.iter().map(|(_, a)| &a.id);
    let deferrable = dso.deferrable.iter().map(|(_, d)| &d.id);
    let adjusted = together.adjustable_mw.iter().zip(&apart.adjustable_mw);
    let deferred = together.deferrable_mw.iter().zip(&apart.deferrable_mw);
    for (id, (p, alone)) in adjustable.zip(adjusted).chain(deferrable.zip(deferred)) {
        let rows = [
            ("p", "{}", p.clone()),
            ("alone", "{}, on its own", alone.clone()),
        ];
        list.about((Party, id), "MW", rows);
    }
}

/// Power fed in and energy stored of each battery of a DSO: cooperating, on its own, as planned.
fn batteries(day: &Day, m: usize, dso: &Dso, list: &mut List) {
    let (together, apart) = (&day.together.dsos[m], &day.apart[m]);
    let plan = &day.plan.dispatch.dsos[m];
    let fed = |charge: &[f64], discharge: &[f64]| -> Vec<f64> {
        charge.iter().zip(discharge).map(|(c, d)| d - c).collect()
    };
    for (k, (_, own)) in dso.storage.iter().enumerate() {
        let rows = [
            (
                "p",
                "{}",
                fed(&together.charge_mw[k], &together.discharge_mw[k]),
            ),
            (
                "alone",
                "{}, on its own",
                fed(&apart.charge_mw[k], &apart.discharge_mw[k]),
            ),
            (
                "plan",
                "{}, planned",
                fed(&plan.charge_mw[k], &plan.discharge_mw[k]),
            ),
        ];
        list.about((Party, &own.id), "MW", rows);
        let rows = [
            ("stored", "energy in {}", together.stored_mwh[k].clone()),
            (
                "stored_alone",
                "energy in {}, on its own",
                apart.stored_mwh[k].clone(),
            ),
            (
                "stored_plan",
                "energy in {}, planned",
                plan.stored_mwh[k].clone(),
            ),
        ];
        list.about((Party, &own.id), "MWh", rows);
    }
}
