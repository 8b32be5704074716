//! Every quantity of a run by hour.

use crate::report::Series;
use crate::report::plots::by_clock;

use super::answer::Run;
use super::params::Behaviour;
use super::schemes::Scheme;

pub fn series(run: &Run) -> Vec<Series> {
    let mut list = Vec::new();
    let mut add = |id: String, name: String, unit: &str, values: Vec<f64>| {
        list.push(by_clock(id, name, unit, values));
    };
    let system = &run.system;
    let h = system.hours_per_period;
    let n = system.hours.len();
    let by = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..n).map(of).collect() };
    let hour = |t: usize| &system.hours[t];
    add(
        "imbalance".into(),
        "imbalance".into(),
        "MWh",
        by(&|t| hour(t).imbalance_mw * h),
    );
    add(
        "tso_need".into(),
        "need of the TSO".into(),
        "MWh",
        by(&|t| hour(t).tso_need_mw * h),
    );
    add(
        "day_ahead".into(),
        "day-ahead price".into(),
        "$/MWh",
        by(&|t| hour(t).day_ahead),
    );
    add(
        "tso_up".into(),
        "price of the TSO, up".into(),
        "$/MWh",
        by(&|t| hour(t).tso_up),
    );
    add(
        "tso_down".into(),
        "price of the TSO, down".into(),
        "$/MWh",
        by(&|t| hour(t).tso_down),
    );
    for outcome in run.outcomes {
        let (id, name) = (outcome.behaviour.id(), outcome.behaviour.name());
        let mut own = |what: &str, words: &str, unit: &str, values: Vec<f64>| {
            add(
                format!("{what}:{id}"),
                format!("{words}, {name}"),
                unit,
                values,
            );
        };
        let cost = by(&|t| super::outcome::cost(hour(t), &outcome.periods[t].cleared) * h);
        let paid = by(&|t| outcome.payment(hour(t), &outcome.periods[t]) * h);
        let rent = paid.iter().zip(&cost).map(|(p, c)| p - c).collect();
        own("cost", "activation cost", "$", cost);
        own("payment", "payment", "$", paid);
        own("rent", "rent", "$", rent);
        own(
            "price",
            "price of the imbalance",
            "$/MWh",
            by(&|t| outcome.periods[t].cleared.lambda),
        );
        own(
            "over",
            "overload",
            "MWh",
            by(&|t| hour(t).overload_mw(&outcome.periods[t].cleared.net_mw()) * h),
        );
        if outcome.behaviour != Behaviour::TsoOnly {
            for (o, owner) in system.owners.iter().enumerate() {
                let words = format!("profit of {owner}");
                own(
                    &format!("profit:{owner}"),
                    &words,
                    "$",
                    by(&|t| outcome.profit_usd(system, o, t)),
                );
            }
        }
    }
    if let Some(strategic) = run.outcome(Behaviour::Strategic) {
        let answer = |t: usize| strategic.periods[t].answer.as_ref();
        if answer(0).is_some() {
            add(
                "bound".into(),
                "no bids earn more".into(),
                "$",
                by(&|t| answer(t).map_or(f64::NAN, |a| a.bound * h)),
            );
            add(
                "nodes".into(),
                "nodes of the search".into(),
                "1",
                by(&|t| answer(t).map_or(f64::NAN, |a| a.nodes as f64)),
            );
        }
    }
    if let Some(common) = &run.common {
        add(
            "scheme_cost:rsf".into(),
            "cost, common market by residual supply function".into(),
            "$",
            by(&|t| {
                if t == run.asked {
                    common.cost_usd
                } else {
                    f64::NAN
                }
            }),
        );
    }
    for (k, scheme) in Scheme::ALL.iter().enumerate() {
        let (id, name) = (scheme.id(), scheme.name());
        let of = |t: usize| &run.schemes[t][k];
        add(
            format!("scheme_cost:{id}"),
            format!("cost, {name}"),
            "$",
            by(&|t| of(t).cost * h),
        );
        add(
            format!("scheme_payment:{id}"),
            format!("payment, {name}"),
            "$",
            by(&|t| of(t).payment * h),
        );
        add(
            format!("scheme_overload:{id}"),
            format!("overload, {name}"),
            "MWh",
            by(&|t| of(t).overload_mw * h),
        );
    }
    shown(run, &mut add);
    list
}

/// Of the outcome shown: volumes, bids, what is forwarded, and the feeder.
fn shown(run: &Run, add: &mut impl FnMut(String, String, &str, Vec<f64>)) {
    let Some(outcome) = run.shown() else { return };
    let system = &run.system;
    let h = system.hours_per_period;
    let n = system.hours.len();
    let by = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..n).map(of).collect() };
    let cleared = |t: usize| &outcome.periods[t].cleared;
    add(
        "local".into(),
        "local resources".into(),
        "MWh",
        by(&|t| cleared(t).net_mw().iter().sum::<f64>() * h),
    );
    add(
        "tso".into(),
        "TSO".into(),
        "MWh",
        by(&|t| (cleared(t).tso_up_mw - cleared(t).tso_down_mw) * h),
    );
    for (k, id) in system.resources.iter().enumerate() {
        let bids = |t: usize| &outcome.periods[t].bids;
        let forwarded = |t: usize| &run.second[t].forwarded;
        let mut own = |what: &str, words: &str, unit: &str, of: &dyn Fn(usize) -> f64| {
            let name = if words.is_empty() {
                id.clone()
            } else {
                format!("{id}, {words}")
            };
            add(format!("{what}:{id}"), name, unit, by(of));
        };
        own("p", "", "MW", &|t| {
            cleared(t).up_mw[k] - cleared(t).down_mw[k]
        });
        own("bid_up", "bid upwards", "$/MWh", &|t| bids(t).up[k]);
        own("bid_down", "bid downwards", "$/MWh", &|t| bids(t).down[k]);
        own("left_up", "left upwards", "MW", &|t| {
            forwarded(t).left_up_mw[k]
        });
        own("left_down", "left downwards", "MW", &|t| {
            forwarded(t).left_down_mw[k]
        });
        own("forward_up", "forwarded upwards", "MW", &|t| {
            forwarded(t).up_mw[k]
        });
        own("forward_down", "forwarded downwards", "MW", &|t| {
            forwarded(t).down_mw[k]
        });
        own("second", "second stage", "MW", &|t| {
            run.second[t].tso.up_mw[k] - run.second[t].tso.down_mw[k]
        });
    }
    let states: Vec<_> = (0..n)
        .map(|t| system.state(t, &cleared(t).net_mw()))
        .collect();
    let (feeder, tree) = (&system.feeder, &system.tree);
    for (j, bus) in feeder.buses.iter().enumerate() {
        let id = &bus.id;
        let price = |t: usize| -> f64 {
            let rows = system.hours[t].limits.iter().zip(&cleared(t).mu);
            let rows = rows.filter(|(_, mu)| **mu != 0.0);
            cleared(t).lambda - rows.map(|(l, mu)| l.effect(tree, j) * mu).sum::<f64>()
        };
        add(
            format!("lmp:{id}"),
            format!("price at {id}"),
            "$/MWh",
            by(&price),
        );
        add(
            format!("v:{id}"),
            format!("voltage at {id}"),
            "p.u.",
            by(&|t| states[t].w_pu2[j].max(0.0).sqrt()),
        );
        let Some(above) = tree.above[j] else { continue };
        let line = &feeder.lines[above.line];
        let name = format!("{}/{}", feeder.id, line.id);
        let flow = |t: usize| above.sign * states[t].p_mw[j];
        add(format!("flow:{name}"), line.id.clone(), "MW", by(&flow));
        let loading = |t: usize| -> f64 {
            let p = flow(t);
            let limit = if p >= 0.0 {
                line.max_p_mw
            } else {
                line.min_p_mw.map(f64::abs)
            };
            let by_power = limit.filter(|l| *l > 0.0).map_or(0.0, |l| p.abs() / l);
            let apparent = libm::hypot(states[t].p_mw[j], states[t].q_mvar[j]);
            let by_size = line
                .max_s_mva
                .filter(|s| *s > 0.0)
                .map_or(0.0, |s| apparent / s);
            by_power.max(by_size)
        };
        if line.max_p_mw.or(line.min_p_mw).or(line.max_s_mva).is_some() {
            add(
                format!("loading:{name}"),
                format!("loading of {}", line.id),
                "1",
                by(&loading),
            );
        }
    }
    if !system.boundary.is_empty() {
        let export = by(&|t| -states[t].p_mw[tree.root]);
        add(
            format!("export:{}", system.boundary),
            format!("export of {}", feeder.id),
            "MW",
            export,
        );
    }
}
