//! Five days of three communities, a day of a thousand, and how the time grows with communities.

mod plot;

use std::time::Instant;
use tandem::case::{self, Case};
use tandem::market::community::network::Network;
use tandem::market::community::roll::{self, Around};
use tandem::market::community::system::System;
use tandem::market::community::{BidForm, CommunityMarket, Comparator};
use tandem::scenario::{Mechanism, Scenario};
use tandem::session::Session;

fn seconds<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}

/// A day of `n` communities: the three of the built-in case in turn, each with loads of another hour.
fn with_members(n: usize) -> Case {
    let mut case = case::builtin("theisen-feeder").expect("built in");
    // A feeder that carries them all as the built-in one carries three.
    let scale = n as f64 / 3.0;
    let feeder = &mut case.feeders[0];
    for line in &mut feeder.lines {
        (line.r_ohm, line.x_ohm) = (line.r_ohm / scale, line.x_ohm / scale);
        line.max_s_mva = line.max_s_mva.map(|s| s * scale);
    }
    for bus in &mut feeder.buses {
        (bus.p_load_mw, bus.q_load_mvar) = (bus.p_load_mw * scale, bus.q_load_mvar * scale);
    }
    let all = case.communities.as_mut().expect("communities");
    let day = 288;
    let base = all.members.clone();
    all.members = (0..n)
        .map(|k| {
            let mut member = base[k % base.len()].clone();
            member.id = format!("{} {k}", member.id);
            let shift = (k / base.len()) % 24;
            member.load_kw.rotate_left(shift);
            member.load_kw.truncate(day);
            member.pv_kw.truncate(day);
            member
        })
        .collect();
    for list in [
        &mut all.lse_usd_per_kwh,
        &mut all.forecast_usd_per_kwh,
        &mut all.background,
    ] {
        list.truncate(day);
    }
    case
}

fn main() {
    let case = case::builtin("theisen-feeder").expect("built in");
    let params = CommunityMarket::default();
    let system = System::new(&case, &params).expect("communities");
    let network = Network::new(&case, &system).expect("one feeder");
    ways_to_buy(&system, &network, &params);
    forms_of_the_bid(&system, &network, &params);
    whole_report(&case, &params);
    growth(&params);
}

fn ways_to_buy(system: &System, network: &Network, params: &CommunityMarket) {
    println!("Five days, three communities, 1,440 intervals:");
    let mut whole = 0.0;
    for comparator in Comparator::ALL {
        let (trace, time) =
            seconds(|| roll::run(system, params, comparator, Around::default()).expect("solved"));
        let (flows, sweeps) = seconds(|| network.flows(&trace.q_kw, &[]));
        whole += time + sweeps;
        let socs: Vec<f64> = system
            .members
            .iter()
            .zip(&trace.stored_kwh)
            .filter_map(|(m, s)| Some(s.last()? / m.store?.energy_kwh))
            .collect();
        println!(
            "  {:18} {:9.2} $ (paid {:9.2})  {:6.1} ms, power flow {:6.1} ms, peak {:.2} MW, least {:.4} p.u., soc {socs:.2?}, bills {:.0?}",
            comparator.name(),
            trace.total_usd(),
            trace.bills.iter().map(|b| b.paid_usd()).sum::<f64>(),
            1e3 * time,
            1e3 * sweeps,
            flows.peak_mw(),
            flows.least_v_pu(),
            trace
                .bills
                .iter()
                .map(|b| b.total_usd())
                .collect::<Vec<_>>(),
        );
    }
    println!("  in all {:.0} ms", 1e3 * whole);
}

/// Changes of the inputs.
type Change = fn(&mut CommunityMarket);

fn forms_of_the_bid(system: &System, network: &Network, params: &CommunityMarket) {
    let forms: [(&str, Change); 5] = [
        ("k = 0.5", |p| p.sensitivity = 0.5),
        ("k = 2", |p| p.sensitivity = 2.0),
        ("four points, slider 1", |p| p.bid = BidForm::FourPoint),
        ("opportunity", |p| p.bid = BidForm::Opportunity),
        ("limits of the feeder", |p| p.network = true),
    ];
    for (name, change) in forms {
        let mut params = params.clone();
        change(&mut params);
        let with = Around {
            limits: params.network.then_some(network),
            voltages: None,
        };
        let (trace, time) =
            seconds(|| roll::run(system, &params, Comparator::Transactive, with).expect("solved"));
        let shared = roll::count(&trace, tandem::market::community::clearing::Kind::Shared);
        let imbalance: f64 = trace.bills.iter().map(|b| b.imbalance_usd).sum();
        println!(
            "  {name:22} {:9.2} $  {:6.1} ms, {shared} intervals shared, imbalance {imbalance:.2} $, {} congested",
            trace.total_usd(),
            1e3 * time,
            trace.congested.len(),
        );
    }
}

fn whole_report(case: &Case, params: &CommunityMarket) {
    let (report, time) = seconds(|| tandem::market::run(case, params).expect("solved"));
    let mut session = Session::from(Scenario {
        version: 1,
        title: "a day".into(),
        preset: String::new(),
        case: case.clone(),
        mechanism: Mechanism::Community(params.clone()),
    });
    session.solve().expect("solved");
    let (_, again) = seconds(|| {
        session.set("view.step", "700").expect("an interval");
        session.report().expect("solved")
    });
    println!(
        "  the whole report {:.0} ms ({} series), another interval of it {:.0} ms",
        1e3 * time,
        report.series.len(),
        1e3 * again
    );
}

fn growth(params: &CommunityMarket) {
    println!("A day of n communities, transactive alone and the whole report:");
    let mut before: Option<(usize, f64)> = None;
    let (mut alone, mut all) = (Vec::new(), Vec::new());
    for n in [10, 30, 100, 300, 1000] {
        let case = with_members(n);
        let system = System::new(&case, params).expect("communities");
        let (_, time) = seconds(|| {
            roll::run(&system, params, Comparator::Transactive, Around::default()).expect("solved")
        });
        let growth = before.map_or(f64::NAN, |(m, s)| {
            (time / s).ln() / (n as f64 / m as f64).ln()
        });
        let (_, whole) = seconds(|| tandem::market::run(&case, params).expect("solved"));
        println!("  {n:5} {time:8.3} s, exponent {growth:.2}, whole {whole:.3} s");
        before = Some((n, time));
        alone.push((n as f64, time));
        all.push((n as f64, whole));
    }
    let lines = [
        plot::Line {
            name: "whole report",
            points: &all,
        },
        plot::Line {
            name: "transactive alone",
            points: &alone,
        },
    ];
    let title = "Time of a day of 288 intervals";
    plot::draw("community-scaling", title, "communities", &lines);
}
