//! Every quantity of a run by slot.

use crate::report::Series;
use crate::report::plots::by_clock;

use super::answer::{Day, Run};

pub fn series(run: &Run) -> Vec<Series> {
    let mut list = Vec::new();
    let mut add = |id: String, name: String, unit: &str, values: Vec<f64>| {
        list.push(by_clock(id, name, unit, values));
    };
    let v = &run.values;
    for (m, id) in v.dsos.iter().enumerate() {
        let (co, non) = (&v.utility_co_usd[m], &v.utility_non_usd[m]);
        add(
            format!("u_co:{id}"),
            format!("utility of {id}, cooperating"),
            "$",
            co.clone(),
        );
        add(
            format!("u_non:{id}"),
            format!("utility of {id}, on its own"),
            "$",
            non.clone(),
        );
    }
    add(
        "cost_co".into(),
        "generation cost, cooperating".into(),
        "$",
        v.cost_co_usd.clone(),
    );
    add(
        "cost_non".into(),
        "generation cost, as planned".into(),
        "$",
        v.cost_non_usd.clone(),
    );
    let welfare = |utility: &[Vec<f64>], cost: &[f64]| -> Vec<f64> {
        let at = |(t, g): (usize, &f64)| utility.iter().map(|u| u[t]).sum::<f64>() - g;
        cost.iter().enumerate().map(at).collect()
    };
    add(
        "welfare_co".into(),
        "welfare, cooperating".into(),
        "$",
        welfare(&v.utility_co_usd, &v.cost_co_usd),
    );
    add(
        "welfare_non".into(),
        "welfare, day without".into(),
        "$",
        welfare(&v.utility_non_usd, &v.cost_non_usd),
    );
    if let Some(left) = &run.leaving {
        for (id, utility) in v.dsos.iter().zip(&left.utility_usd) {
            add(
                format!("u_left:{id}"),
                format!("utility of {id}, on its own from the slot on"),
                "$",
                utility.clone(),
            );
        }
        add(
            "cost_left".into(),
            "generation cost, as planned from the slot on".into(),
            "$",
            left.cost_usd.clone(),
        );
        add(
            "welfare_left".into(),
            "welfare, without from the slot on".into(),
            "$",
            welfare(&left.utility_usd, &left.cost_usd),
        );
    }
    let surplus = (0..run.slots).map(|t| run.bargained.surplus_usd(t));
    add(
        "surplus".into(),
        "surplus to share".into(),
        "$",
        surplus.collect(),
    );
    for (rule, settled) in &run.rules {
        let (id, name) = (rule.id(), rule.name());
        add(
            format!("charge:{id}"),
            format!("collected by the ISO, {name}"),
            "$",
            settled.charge_usd.clone(),
        );
        for (player, paid) in run.players.iter().skip(1).zip(&settled.payments_usd) {
            add(
                format!("paid:{id}:{player}"),
                format!("paid by {player}, {name}"),
                "$",
                paid.clone(),
            );
        }
        let by_slot: Vec<Vec<f64>> = (0..run.slots)
            .map(|t| settled.benefits_usd(&run.gains, t))
            .collect();
        for (k, player) in run.players.iter().enumerate() {
            let own = by_slot.iter().map(|b| b[k]).collect();
            add(
                format!("benefit:{id}:{player}"),
                format!("net benefit of {player} so far against a day without, {name}"),
                "$",
                own,
            );
        }
    }
    if let Some(day) = &run.day {
        dispatch(day, &mut add);
    }
    list
}

fn dispatch(day: &Day, add: &mut impl FnMut(String, String, &str, Vec<f64>)) {
    let system = &day.system;
    let slots = 0..system.slots;
    for (n, unit) in system.units.iter().enumerate() {
        let id = &unit.id;
        add(
            format!("p:{id}"),
            id.clone(),
            "MW",
            day.together.output_mw[n].clone(),
        );
        add(
            format!("plan:{id}"),
            format!("{id}, planned"),
            "MW",
            day.plan.reserved.p_mw[n].clone(),
        );
        let lost = day.together.generation[n]
            .iter()
            .map(|g| g.lost_usd)
            .collect();
        add(
            format!("lost:{id}"),
            format!("lost opportunity of {id}"),
            "$",
            lost,
        );
    }
    for (i, bus) in system.buses.iter().enumerate() {
        let price = |all: &[Vec<f64>]| all.iter().map(|lmp| lmp[i]).collect();
        add(
            format!("lmp:{bus}"),
            format!("price at {bus}"),
            "$/MWh",
            price(&day.together.lmp),
        );
        add(
            format!("plan_lmp:{bus}"),
            format!("price at {bus}, planned"),
            "$/MWh",
            price(&day.plan.joint.lmp),
        );
    }
    let flows: Vec<Vec<f64>> = slots.clone().map(|t| flows_mw(day, t)).collect();
    for (l, id) in system.branches.iter().enumerate() {
        let own = flows.iter().map(|f| f[l]).collect();
        add(format!("flow:{id}"), id.clone(), "MW", own);
    }
    for (m, dso) in system.dsos.iter().enumerate() {
        let (together, apart) = (&day.together.dsos[m], &day.apart[m]);
        let (id, boundary) = (&dso.id, &dso.boundary);
        add(
            format!("import:{boundary}"),
            format!("import of {id}"),
            "MW",
            together.import_mw.clone(),
        );
        add(
            format!("plan_import:{boundary}"),
            format!("import of {id}, planned"),
            "MW",
            day.plan.import_mw[m].clone(),
        );
        add(
            format!("unused:{boundary}"),
            format!("import of {id} on its own without a use"),
            "MW",
            apart.unused_mw.clone(),
        );
        let known = |profile: &str, now: bool| -> Vec<f64> {
            let at = |t: usize| system.known_mw(profile, t, now.then_some(t));
            slots.clone().map(at).collect()
        };
        let total = |profiles: Vec<&str>, now: bool| -> Vec<f64> {
            let all: Vec<Vec<f64>> = profiles.iter().map(|p| known(p, now)).collect();
            slots
                .clone()
                .map(|t| all.iter().map(|own| own[t]).sum())
                .collect()
        };
        let sources = || {
            dso.renewables
                .iter()
                .map(|(_, r)| r.profile.as_str())
                .collect()
        };
        let loads = || {
            dso.adjustable
                .iter()
                .map(|(_, a)| a.profile.as_str())
                .collect()
        };
        add(
            format!("renewable_forecast:{id}"),
            format!("renewables of {id}, forecast"),
            "MW",
            total(sources(), false),
        );
        add(
            format!("renewable_realised:{id}"),
            format!("renewables of {id}, realised"),
            "MW",
            total(sources(), true),
        );
        let sum = |all: &[Vec<f64>]| {
            slots
                .clone()
                .map(|t| all.iter().map(|own| own[t]).sum())
                .collect()
        };
        add(
            format!("renewable_used:{id}"),
            format!("renewables of {id}, fed in"),
            "MW",
            sum(&together.renewable_mw),
        );
        add(
            format!("load_forecast:{id}"),
            format!("adjustable loads of {id}, forecast"),
            "MW",
            total(loads(), false),
        );
        add(
            format!("load_wanted:{id}"),
            format!("adjustable loads of {id}, wanted"),
            "MW",
            total(loads(), true),
        );
        add(
            format!("load_served:{id}"),
            format!("adjustable loads of {id}, cooperating"),
            "MW",
            sum(&together.adjustable_mw),
        );
        add(
            format!("load_alone:{id}"),
            format!("adjustable loads of {id}, on its own"),
            "MW",
            sum(&apart.adjustable_mw),
        );
        for (i, (_, own)) in dso.renewables.iter().enumerate() {
            add(
                format!("p:{}", own.id),
                own.id.clone(),
                "MW",
                together.renewable_mw[i].clone(),
            );
        }
        for (i, (_, own)) in dso.adjustable.iter().enumerate() {
            add(
                format!("p:{}", own.id),
                own.id.clone(),
                "MW",
                together.adjustable_mw[i].clone(),
            );
            add(
                format!("alone:{}", own.id),
                format!("{}, on its own", own.id),
                "MW",
                apart.adjustable_mw[i].clone(),
            );
        }
        for (i, (_, own)) in dso.deferrable.iter().enumerate() {
            add(
                format!("p:{}", own.id),
                own.id.clone(),
                "MW",
                together.deferrable_mw[i].clone(),
            );
            add(
                format!("alone:{}", own.id),
                format!("{}, on its own", own.id),
                "MW",
                apart.deferrable_mw[i].clone(),
            );
        }
    }
}

/// Flow of every branch in slot `t`, cooperating, MW.
fn flows_mw(day: &Day, t: usize) -> Vec<f64> {
    let system = &day.system;
    let mut injection: Vec<f64> = system.load_mw.iter().map(|p| -p).collect();
    for (unit, output) in system.units.iter().zip(&day.together.output_mw) {
        injection[unit.bus] += output[t];
    }
    for (dso, own) in system.dsos.iter().zip(&day.together.dsos) {
        injection[dso.bus] -= own.import_mw[t];
    }
    // What the solver leaves open is far below a watt; no bus may be left with it.
    let off = injection.iter().sum::<f64>() / injection.len() as f64;
    for p in &mut injection {
        *p -= off;
    }
    system.network.flows_mw(&injection)
}
