//! Every quantity of a run by hour.

use crate::report::SubjectKind::{Boundary, Branch, Bus, Party};
use crate::report::plots::{LOAD_SHARE, LOAD_SHARE_NAME, about, by_clock};
use crate::report::{Series, Subject};

use super::super::model::schemes::Scheme;
use super::super::outcome::{FeederDay, Variant};
use super::super::params::Behaviour;
use super::run::Run;

/// A quantity of every hour: id, name, unit and its value in an hour.
type Row<'a> = (&'a str, &'a str, &'a str, &'a dyn Fn(usize) -> f64);

/// Series with the hours they have.
struct List {
    hours: usize,
    series: Vec<Series>,
}

impl List {
    fn add(&mut self, id: String, name: String, unit: &str, of: impl Fn(usize) -> f64) {
        let values = (0..self.hours).map(of).collect();
        self.series.push(by_clock(id, name, unit, values));
    }

    fn rows(&mut self, rows: &[Row]) {
        for (id, name, unit, of) in rows {
            self.add((*id).into(), (*name).into(), unit, of);
        }
    }

    /// Rows of one thing of the case; `words` makes names.
    fn about(&mut self, subject: &Option<Subject>, words: impl Fn(&str) -> String, rows: &[Row]) {
        for (kind, name, unit, of) in rows {
            let values = (0..self.hours).map(of).collect();
            let series = about(kind, subject.clone(), words(name), unit, values);
            self.series.push(series);
        }
    }

    /// Rows of one item: `of` completes ids, `words` makes names.
    fn rows_of(&mut self, of: &str, words: impl Fn(&str) -> String, rows: &[Row]) {
        for (id, name, unit, value) in rows {
            self.add(format!("{id}:{of}"), words(name), unit, value);
        }
    }
}

pub fn series(run: &Run) -> Vec<Series> {
    let outcome = run.outcome;
    let h = outcome.system.hours_per_period;
    let hour = |t: usize| &outcome.system.hours[t];
    let mut list = List {
        hours: outcome.system.hours.len(),
        series: Vec::new(),
    };
    #[rustfmt::skip]
    list.rows(&[
        ("imbalance", "imbalance", "MWh", &|t| hour(t).imbalance_mw * h),
        ("tso_need", "need of the TSO", "MWh", &|t| hour(t).tso_need_mw * h),
        ("day_ahead", "day-ahead price", "$/MWh", &|t| hour(t).day_ahead),
        ("tso_up", "price of the TSO, up", "$/MWh", &|t| hour(t).tso_up),
        ("tso_down", "price of the TSO, down", "$/MWh", &|t| hour(t).tso_down),
    ]);
    for variant in &outcome.variants {
        of_variant(run, variant, &mut list);
    }
    let strategic = outcome.variant(Behaviour::Strategic);
    let answer = |t: usize| strategic.and_then(|v| v.day.periods[t].answer.as_ref());
    if answer(0).is_some() {
        let bound = |t: usize| answer(t).map_or(f64::NAN, |a| a.bound * h);
        let nodes = |t: usize| answer(t).map_or(f64::NAN, |a| a.nodes as f64);
        list.rows(&[
            ("bound", "no bids earn more", "$", &bound),
            ("nodes", "nodes of the search", "1", &nodes),
        ]);
    }
    if let Some(common) = &outcome.common {
        let name = "cost, common market by residual supply function";
        let cost = |t: usize| match t == outcome.asked {
            true => common.cost_usd,
            false => f64::NAN,
        };
        list.rows(&[("scheme_cost:rsf", name, "$", &cost)]);
    }
    for (k, scheme) in Scheme::ALL.iter().enumerate() {
        let of = |t: usize| &outcome.schemes[t][k];
        let words = |what: &str| format!("{what}, {}", scheme.names().1);
        #[rustfmt::skip]
        list.rows_of(scheme.id(), words, &[
            ("scheme_cost", "cost", "$", &|t| of(t).cost * h),
            ("scheme_payment", "payment", "$", &|t| of(t).payment * h),
            ("scheme_overload", "overload", "MWh", &|t| of(t).overload_mw * h),
        ]);
    }
    let rate = |t: usize| &run.shown.day.rates[t];
    list.rows(&[
        ("local", "local resources", "MWh", &|t| rate(t).local_mw * h),
        ("tso", "TSO", "MWh", &|t| {
            (rate(t).from_tso_mw - rate(t).to_tso_mw) * h
        }),
    ]);
    for k in 0..outcome.system.resources.len() {
        of_resource(run, k, &mut list);
    }
    of_feeder(run, &run.shown.feeder, &mut list);
    list.series.extend(super::both_levels::series(run));
    list.series.extend(super::on_cone::series(run));
    list.series.extend(super::storage::series(run));
    list.series
}

/// What a behaviour costs, and what owners earn by it.
fn of_variant(run: &Run, variant: &Variant, list: &mut List) {
    let h = run.outcome.system.hours_per_period;
    let behaviour = variant.day.behaviour;
    let words = |what: &str| format!("{what}, {}", behaviour.name());
    let rate = |t: usize| &variant.day.rates[t];
    let price = |t: usize| variant.day.periods[t].cleared.lambda;
    #[rustfmt::skip]
    list.rows_of(behaviour.id(), words, &[
        ("cost", "activation cost", "$", &|t| rate(t).cost * h),
        ("payment", "payment", "$", &|t| rate(t).payment * h),
        ("rent", "rent", "$", &|t| rate(t).payment * h - rate(t).cost * h),
        ("price", "price of the imbalance", "$/MWh", &price),
        ("over", "overload", "MWh", &|t| rate(t).overload_mw * h),
    ]);
    if behaviour != Behaviour::TsoOnly {
        for (owner, profit) in run
            .outcome
            .system
            .owners
            .iter()
            .zip(&variant.day.profit_usd)
        {
            let id = format!("profit:{owner}:{}", behaviour.id());
            list.add(id, words(&format!("profit of {owner}")), "$", |t| profit[t]);
        }
    }
}

/// Activation, bids and second stage of resource `k` on the day shown.
fn of_resource(run: &Run, k: usize, list: &mut List) {
    let id = &run.outcome.system.resources[k];
    let bids = |t: usize| &run.shown.day.periods[t].bids;
    let cleared = |t: usize| &run.shown.day.periods[t].cleared;
    let forwarded = |t: usize| &run.shown.second_stage[t].forwarded;
    let tso = |t: usize| &run.shown.second_stage[t].tso;
    let words = |what: &str| match what {
        "" => id.clone(),
        what => format!("{id}, {what}"),
    };
    #[rustfmt::skip]
    list.about(&Party.of(id), words, &[
        ("p", "", "MW", &|t| cleared(t).up_mw[k] - cleared(t).down_mw[k]),
        ("bid_up", "bid upwards", "$/MWh", &|t| bids(t).up[k]),
        ("bid_down", "bid downwards", "$/MWh", &|t| bids(t).down[k]),
        ("left_up", "left upwards", "MW", &|t| forwarded(t).left_up_mw[k]),
        ("left_down", "left downwards", "MW", &|t| forwarded(t).left_down_mw[k]),
        ("forward_up", "forwarded upwards", "MW", &|t| forwarded(t).up_mw[k]),
        ("forward_down", "forwarded downwards", "MW", &|t| forwarded(t).down_mw[k]),
        ("second", "second stage", "MW", &|t| tso(t).up_mw[k] - tso(t).down_mw[k]),
    ]);
}

/// Prices, voltages and flows of the day shown.
fn of_feeder(run: &Run, day: &FeederDay, list: &mut List) {
    let system = &run.outcome.system;
    let (feeder, tree) = (&system.feeder, &system.tree);
    for (j, bus) in feeder.buses.iter().enumerate() {
        let words = |what: &str| format!("{what} at {}", bus.id);
        #[rustfmt::skip]
        list.about(&Bus.of(&bus.id), words, &[
            ("lmp", "price", "$/MWh", &|t| day.price[j][t]),
            ("v", "voltage", "p.u.", &|t| day.v_pu[j][t]),
        ]);
        let Some(above) = tree.above[j] else { continue };
        let words = |what: &str| format!("{what}{}", feeder.lines[above.line].id);
        let line = Branch.of(run.line_id(j).unwrap_or_default());
        let flow = |t: usize| day.flow_mw[j][t];
        list.about(&line, words, &[("flow", "", "MW", &flow)]);
        if !day.loading[j].is_empty() {
            let loading = |t: usize| day.loading[j][t];
            list.about(&line, words, &[("loading", "loading of ", "1", &loading)]);
        }
    }
    let whole: f64 = feeder.buses.iter().map(|bus| bus.p_load_mw).sum();
    if whole > 0.0 {
        // The imbalance is spread over the buses as the load is.
        let share = |t: usize| system.hours[t].load_mw.iter().sum::<f64>() / whole;
        list.add(LOAD_SHARE.into(), LOAD_SHARE_NAME.into(), "1", share);
    }
    if !system.boundary.is_empty() {
        let words = |what: &str| format!("{what} of {}", feeder.id);
        let export = |t: usize| day.export_mw[t];
        let rows: [Row; 1] = [("export", "export", "MW", &export)];
        list.about(&Boundary.of(&system.boundary), words, &rows);
    }
}
