//! Dispatch in which units move after the loss of a line.

use fastrand::Rng;

use super::explain_random::checked_in;
use super::security::{rated, scenario, triangle, value};
use tandem::case::{Block, Case};
use tandem::market::rt_sced::security::{self, hold};
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, RtSced, Security};
use tandem::network::Network;
use tandem::opt::{Model, Var, simplex};
use tandem::report::{Cell, Status};
use tandem::run::run;

fn corrective(minutes: f64) -> RtSced {
    RtSced {
        security: Security::Lines,
        corrective_minutes: minutes,
        // Ramps do not tell between intervals.
        interval_minutes: 1440.0,
        ..super::optimal()
    }
}

fn with_ramps(mut case: Case, ramps: &[f64]) -> Case {
    for (unit, ramp) in case.generators.iter_mut().zip(ramps) {
        unit.ramp_mw_per_min = Some(*ramp);
    }
    case
}

#[test]
fn three_buses_by_hand() {
    // Lost 1-2, line 1-3 carries all of G1: within 80 MW once G1 has come down by 1 MW/min · 10 min and G3 gone up. So G1
    // gives 90 MW, G3 the rest: 900 + 300 $/h, where preventive it is 800 + 600, without security 1000.
    let case = with_ramps(triangle(80.0), &[1.0, 5.0]);
    let held = run(&scenario(case, corrective(10.0))).unwrap();
    assert_eq!(held.status, Status::Solved);
    assert!((value(&held, "p:G1") - 90.0).abs() < 1e-9);
    assert!((value(&held, "cost") - 1200.0).abs() < 1e-9);
    let limit = "1-3 after the loss of 1-2 and correction";
    assert!((value(&held, &format!("mu:{limit}")) + 20.0).abs() < 1e-9);
    assert!((value(&held, &format!("flow:{limit}")) - 80.0).abs() < 1e-9);
    for (bus, lmp) in [("1", 10.0), ("2", 30.0), ("3", 30.0)] {
        assert!(
            (value(&held, &format!("lmp:{bus}")) - lmp).abs() < 1e-9,
            "bus {bus}"
        );
    }
    assert!(held.certificates.iter().all(|c| c.certified));
    assert_eq!(
        held.headline,
        "Least cost is 1200 $/h; LMPs run from 10 to 30 $/MWh. Secure against the loss of any one of 3 lines; security costs 200\u{a0}$/h. After the loss of a line units have 10\u{a0}min to move."
    );
    let table = held.tables.iter().find(|t| t.id == "corrections").unwrap();
    let moves: Vec<(&str, f64)> = (table.rows.iter())
        .map(|row| match (&row[3], &row[5]) {
            (Cell::Text(unit), Cell::Number(p_mw)) => (unit.as_str(), *p_mw),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(moves.len(), 2);
    for ((unit, p_mw), (expected, by)) in moves.into_iter().zip([("G1", -10.0), ("G3", 10.0)]) {
        assert!(
            unit == expected && (p_mw - by).abs() < 1e-6,
            "{unit}: {p_mw} MW"
        );
    }
}

#[test]
fn ramps_of_no_minutes_are_preventive_and_free_units_are_as_fast_as_it_gets() {
    let case = triangle(80.0);
    let none = run(&scenario(case.clone(), corrective(0.0))).unwrap();
    assert!((value(&none, "cost") - 1400.0).abs() < 1e-9);
    assert!(none.tables.iter().all(|t| t.id != "corrections"));
    // Without ramps G1 gives all 100 MW and comes down to 80 in time; lost 1-3, line 1-2 carries 90 of 90 then.
    let free = run(&scenario(case, corrective(1.0))).unwrap();
    assert!((value(&free, "cost") - 1000.0).abs() < 1e-9);
}

#[test]
fn a_unit_goes_to_the_end_of_its_range_and_its_bid_is_not_its_lmp() {
    // G3 has 5 MW at most and is quick, H3 beside it bids 50 $/MWh and gets up by 1 MW/min · 4 min. Lost 1-2, line 1-3 has
    // to carry all of G1 = 100 − (5 + h + 4) ≤ 80 with h what H3 gives before: h ≥ 11, whatever G3 gives, as it goes to its
    // end. At 30 $/MWh it is dearer than G1 and waits: G1 = 89, H3 = 11, 890 + 550 $/h.
    let mut case = triangle(80.0);
    let mut other = case.generators[1].clone();
    other.id = "H3".into();
    other.offer = vec![Block::flat(150.0, 50.0)];
    case.generators.push(other);
    case.generators[1].max_p_mw = 5.0;
    case.generators[1].offer = vec![Block::flat(5.0, 30.0)];
    let mut case = with_ramps(case, &[100.0, 100.0, 1.0]);
    case.branches[0].max_p_mw = Some(200.0);
    let held = run(&scenario(case, corrective(4.0))).unwrap();
    assert!(
        (value(&held, "cost") - 1440.0).abs() < 1e-9,
        "{}",
        held.headline
    );
    // A MW more at bus 1 comes from G1, at bus 3 from H3; G3 is not called for at its bid of 30, below the LMP of its bus:
    // each MW of it is one that it cannot give after the loss.
    for (bus, lmp) in [("1", 10.0), ("3", 50.0)] {
        assert!(
            (value(&held, &format!("lmp:{bus}")) - lmp).abs() < 1e-9,
            "bus {bus}"
        );
    }
    assert!(held.certificates.iter().all(|c| c.certified));
}

/// Cost of the dispatch with the moves after every loss written out, on networks without the branch.
fn written_out(case: &Case, params: &RtSced, more: (usize, f64)) -> Option<f64> {
    let mut model = Model::new("written out");
    let whole = Network::new(case).unwrap();
    let bus = |id: &str| whole.bus(id).unwrap();
    let blocks = |model: &mut Model, offer: &[Block], most: f64| -> Vec<Var> {
        let mut left = most;
        let of = offer.iter().map(|b| {
            let size = b.p_mw.min(left);
            left -= size;
            model.var("", 0.0, size, b.usd_per_mwh)
        });
        of.collect()
    };
    let mut at: Vec<(usize, Var)> = Vec::new();
    let mut units: Vec<Vec<Var>> = Vec::new();
    for g in &case.generators {
        let mine = blocks(&mut model, &g.offer, g.max_p_mw);
        at.extend(mine.iter().map(|&v| (bus(&g.bus), v)));
        units.push(mine);
    }
    for d in &case.ders {
        let mine = blocks(&mut model, &d.offer, d.max_p_mw);
        at.extend(mine.iter().map(|&v| (bus(&d.bus), v)));
    }
    let mut load = vec![0.0; case.buses.len()];
    for l in &case.loads {
        load[bus(&l.bus)] += l.p_mw;
    }
    load[more.0] += more.1;
    let total = load.iter().sum();
    model.row("", at.iter().map(|&(_, v)| (v, 1.0)), total, total);
    let hold =
        |model: &mut Model, network: &Network, out: Option<usize>, moves: &[(usize, Var)]| {
            let rating = if out.is_some() {
                params.rating_after_outage
            } else {
                1.0
            };
            let shifted = network.flows_mw(&vec![0.0; case.buses.len()]);
            for (l, branch) in case
                .branches
                .iter()
                .enumerate()
                .filter(|(l, _)| Some(*l) != out)
            {
                let Some(most) = branch.max_p_mw else {
                    continue;
                };
                let ptdf = network.ptdf_row(l, &tandem::network::Reference::Bus(0));
                let fixed: f64 =
                    shifted[l] - ptdf.iter().zip(&load).map(|(f, p)| f * p).sum::<f64>();
                let terms = at.iter().chain(moves).map(|&(b, v)| (v, ptdf[b]));
                model.row("", terms, -rating * most - fixed, rating * most - fixed);
            }
        };
    hold(&mut model, &whole, None, &[]);
    let bridges = whole.bridges();
    for out in (0..case.branches.len()).filter(|&l| !bridges[l]) {
        let mut without = case.clone();
        without.branches[out].in_service = false;
        let network = Network::new(&without).unwrap();
        let mut moves: Vec<(usize, Var)> = Vec::new();
        for (g, mine) in case.generators.iter().zip(&units) {
            let reach = g
                .ramp_mw_per_min
                .map_or(1e4, |r| r * params.corrective_minutes);
            let v = model.var("", -reach, reach, 0.0);
            let then = mine.iter().map(|&b| (b, 1.0)).chain([(v, 1.0)]);
            model.row("", then, g.min_p_mw, g.max_p_mw);
            moves.push((bus(&g.bus), v));
        }
        model.row("", moves.iter().map(|&(_, v)| (v, 1.0)), 0.0, 0.0);
        hold(&mut model, &network, Some(out), &moves);
    }
    simplex::solve(&model).ok().map(|s| s.objective)
}

#[test]
fn random_networks_are_those_with_every_move_written_out() {
    let mut rng = Rng::with_seed(41);
    let (mut solved, mut cheaper, mut dearer, mut impossible, mut mended) = (0, 0, 0, 0, 0);
    for k in 0..150 {
        let mut case = rated(&mut rng);
        for (n, unit) in case.generators.iter_mut().enumerate() {
            unit.ramp_mw_per_min = (n % 3 != 2).then(|| 1.0 + 8.0 * rng.f64());
        }
        let params = RtSced {
            method: Method::Optimal,
            rating_after_outage: [1.0, 1.2][k % 2],
            ..corrective([1.0, 4.0][k / 2 % 2])
        };
        let mut system = System::new(&case, &params).unwrap();
        let runs = security::runs(&system, &params);
        let (rolls, held) = hold(&mut system, &runs[..1], 1).unwrap();
        let theirs = written_out(&case, &params, (0, 0.0));
        let Some(ours) = rolls[0].intervals.first() else {
            assert_eq!(theirs, None, "network {k}");
            impossible += 1;
            continue;
        };
        let (cost, theirs) = (ours.cost_usd_per_h, theirs.unwrap());
        assert!(
            (cost - theirs).abs() <= 1e-6 * (1.0 + theirs),
            "network {k}: {cost} and {theirs} $/h"
        );
        assert!(held.worst_mw <= 1e-7, "network {k}: {} MW", held.worst_mw);
        assert!(ours.dispatch.certificate.certified, "network {k}");
        solved += 1;
        mended += usize::from(!held.corrections.is_empty());
        dearer += usize::from(cost > held.without_usd_per_h[0] + 1e-6);
        // Between no security and preventive security.
        let preventive = RtSced {
            corrective_minutes: 0.0,
            ..params.clone()
        };
        let mut other = System::new(&case, &preventive).unwrap();
        let (rolls, _) = hold(&mut other, &[preventive], 1).unwrap();
        let preventive = rolls[0]
            .intervals
            .first()
            .map_or(f64::INFINITY, |i| i.cost_usd_per_h);
        assert!(
            held.without_usd_per_h[0] <= cost + 1e-6 && cost <= preventive + 1e-6,
            "network {k}"
        );
        cheaper += usize::from(cost < preventive - 1e-6);
        let step = 1e-3;
        for b in 0..case.buses.len() {
            let more = written_out(&case, &params, (b, step))
                .map_or(f64::INFINITY, |c| (c - theirs) / step);
            let less = written_out(&case, &params, (b, -step))
                .map_or(f64::NEG_INFINITY, |c| (theirs - c) / step);
            let lmp = ours.dispatch.prices.lmp[b];
            let (low, high) = ours
                .dispatch
                .prices
                .lmp_range
                .as_ref()
                .map_or((lmp, lmp), |r| r[b]);
            let near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-4 * (1.0 + b.abs());
            assert!(
                near(high, more),
                "network {k}, bus {b}: up to {high}, {more}"
            );
            assert!(near(low, less), "network {k}, bus {b}: from {low}, {less}");
        }
        let (prices, _) = checked_in(&system, &params, &format!("network {k}"));
        assert!(prices > 0, "network {k}");
    }
    println!(
        "{solved} solved, {mended} mended, {cheaper} cheaper than preventive, {dearer} dearer than without, {impossible} impossible"
    );
    assert!(solved > 50 && cheaper > 20 && dearer > 10 && mended > 10 && impossible > 2);
}

#[test]
fn aggregators_and_intervals_ahead_are_held_as_well() {
    let mut rng = Rng::with_seed(42);
    let (mut solved, mut mended) = (0, 0);
    for k in 0..80 {
        let mut case = rated(&mut rng);
        for unit in &mut case.generators {
            unit.ramp_mw_per_min = Some(1.0 + 8.0 * rng.f64());
        }
        let params = RtSced {
            method: [Method::DistributionFactors, Method::Optimal][k % 2],
            security: [Security::LinesAndUnits, Security::Lines][k / 2 % 2],
            intervals: 3,
            interval_minutes: 5.0,
            look_ahead_intervals: 2,
            load_profile: vec![1.0, 1.02, 0.97],
            rating_after_outage: [1.0, 1.1][k / 4 % 2],
            ..corrective(1.0)
        };
        let mut system = System::new(&case, &params).unwrap();
        let runs = security::runs(&system, &params);
        let (rolls, held) = hold(&mut system, &runs, 3).unwrap();
        for interval in rolls.iter().flat_map(|roll| &roll.intervals) {
            assert!(interval.dispatch.certificate.certified, "network {k}");
            solved += 1;
        }
        assert!(held.worst_mw <= 1e-7, "network {k}: {} MW", held.worst_mw);
        mended += held.corrections.len();
    }
    println!("{solved} intervals, {mended} losses mended");
    assert!(solved > 60 && mended > 10);
}
