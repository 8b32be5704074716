//! The published day of one ISO and four DSOs, and how the time of a program grows with DSOs.

mod plot;

use std::time::Instant;
use tandem::case::{self, Case};
use tandem::market::Contract;
use tandem::market::bargaining::dso::Past;
use tandem::market::bargaining::operation::{RealTime, dispatch, plan};
use tandem::market::bargaining::price_exchange::exchange;
use tandem::market::bargaining::system::System;
use tandem::market::bargaining::{Bargaining, Disagreement};
use tandem::network::formulation::feeder::Physics;

const PHYSICS: Physics = Physics::BranchFlow;

/// On a thread of its own, where no day is known yet.
fn seconds<T: Send>(work: impl FnOnce() -> T + Send) -> (T, f64) {
    let start = Instant::now();
    let done = std::thread::scope(|scope| scope.spawn(work).join());
    let done = done.expect("the work ends well");
    (done, start.elapsed().as_secs_f64())
}

/// The built-in day with `n` DSOs of the size that keeps their sum: copies of the four in turn.
fn with_dsos(n: usize) -> Case {
    let base = case::builtin("wang-14bus").expect("built in");
    let mut case = base.clone();
    let scale = 4.0 / n as f64;
    let rename = |id: &str, k: usize| format!("{id} {k}");
    (case.feeders, case.boundaries) = (Vec::new(), Vec::new());
    let whole = base.day.as_ref().expect("a day");
    let day = case.day.as_mut().expect("a day");
    (day.renewables, day.adjustable, day.deferrable) = (Vec::new(), Vec::new(), Vec::new());
    for profile in &mut day.profiles {
        let values = profile.forecast_mw.iter_mut();
        values
            .chain(&mut profile.realised_mw)
            .for_each(|p| *p *= scale);
    }
    for k in 0..n {
        let (mut feeder, mut boundary) =
            (base.feeders[k % 4].clone(), base.boundaries[k % 4].clone());
        let own = |bus: &str| base.feeders[k % 4].buses.iter().any(|b| b.id == bus);
        for load in whole.renewables.iter().filter(|r| own(&r.bus)) {
            let mut copy = load.clone();
            (copy.id, copy.bus) = (rename(&load.id, k), rename(&load.bus, k));
            day.renewables.push(copy);
        }
        for load in whole.adjustable.iter().filter(|a| own(&a.bus)) {
            let mut copy = load.clone();
            (copy.id, copy.bus) = (rename(&load.id, k), rename(&load.bus, k));
            copy.usd_per_mw2h /= scale;
            day.adjustable.push(copy);
        }
        for load in whole.deferrable.iter().filter(|d| own(&d.bus)) {
            let mut copy = load.clone();
            (copy.id, copy.bus) = (rename(&load.id, k), rename(&load.bus, k));
            copy.energy_mwh *= scale;
            copy.max_p_mw *= scale;
            copy.usd_per_mwh2 /= scale;
            day.deferrable.push(copy);
        }
        feeder.id = rename(&feeder.id, k);
        feeder.root = rename(&feeder.root, k);
        for bus in &mut feeder.buses {
            bus.id = rename(&bus.id, k);
        }
        for line in &mut feeder.lines {
            line.id = rename(&line.id, k);
            (line.from, line.to) = (rename(&line.from, k), rename(&line.to, k));
            line.r_ohm /= scale;
            line.x_ohm /= scale;
        }
        boundary.id = rename(&boundary.id, k);
        boundary.feeder.clone_from(&feeder.id);
        case.feeders.push(feeder);
        case.boundaries.push(boundary);
    }
    assert!(case.validate().is_empty(), "{:?}", case.validate());
    case
}

fn main() {
    let case = case::builtin("wang-14bus").expect("built in");
    let params = Bargaining::default();
    let (_, whole) = seconds(|| tandem::market::run(&case, &params).expect("solved"));
    println!("the day, 24 rolling solves, three rules: {whole:.2} s");
    let count = params.pieces(&case, None).expect("pieces").count;
    let mut longest = 0.0_f64;
    for k in 0..count {
        let (_, time) = seconds(|| params.piece(&case, None, k).expect("solved"));
        longest = longest.max(time);
    }
    println!("  in {count} parts, the longest: {longest:.2} s");
    let equal = Bargaining {
        disagreement: Disagreement::Rebased,
        ..Bargaining::default()
    };
    let (_, time) = seconds(|| tandem::market::run(&case, &equal).expect("solved"));
    println!("the day at equal histories: {time:.2} s");
    let game = Bargaining {
        coalitions: true,
        ..Bargaining::default()
    };
    let (_, time) = seconds(|| tandem::market::run(&case, &game).expect("solved"));
    println!("its 16 coalitions at slot 1: {:.2} s", time - whole);
    let system = System::new(&case, PHYSICS).expect("a day");
    let past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
    let (done, time) = seconds(|| exchange(&system, &past, None).expect("solved"));
    println!(
        "the plan by prices and quantities: {} rounds, {time:.2} s, converged: {}",
        done.rounds.len(),
        done.converged
    );
    let (mut plans, mut slots) = (Vec::new(), Vec::new());
    println!("DSOs   plan s   slot 1 s   welfare $");
    for n in [1, 2, 4, 8, 16, 32, 50] {
        let case = with_dsos(n);
        let system = System::new(&case, PHYSICS).expect("a day");
        let (planned, before) = seconds(|| plan(&system).expect("solved"));
        let past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
        let everyone = vec![true; n];
        let real = RealTime {
            now: 0,
            plan: &planned,
            members: &everyone,
        };
        let (common, now) = seconds(|| dispatch(&system, &past, Some(real)).expect("solved"));
        let utilities: f64 = common.dsos.iter().map(|d| d.utility_usd).sum();
        let welfare = utilities - planned.day_cost_usd();
        println!("{n:4} {before:8.2} {now:10.2} {welfare:11.0}");
        plans.push((n as f64, before));
        slots.push((n as f64, now));
    }
    let lines = [
        plot::Line {
            name: "plan of the day before",
            points: &plans,
        },
        plot::Line {
            name: "dispatch at slot 1",
            points: &slots,
        },
    ];
    let title = "Time of a program of 24 slots";
    plot::draw("bargaining-scaling", title, "DSOs", &lines);
}
