//! What must hold of every day, on small ones.

use super::small::small;
use tandem::case::Case;
use tandem::chart::{View, draw};
use tandem::market::bargaining::coalitions::Moment;
use tandem::market::bargaining::dso::Past;
use tandem::market::bargaining::operation::{Plan, plan};
use tandem::market::bargaining::price_exchange::exchange;
use tandem::market::bargaining::rolling_horizon::{self, Cooperation};
use tandem::market::bargaining::settle::{Gains, jain, per_slot, telescoping};
use tandem::market::bargaining::system::System;
use tandem::market::bargaining::{
    self, Bargaining, Disagreement, Misreport, Rule, Wish, misreport,
};
use tandem::market::{self, Contract};
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Cell, Report, Status};
use tandem::scenario::{Mechanism, Scenario};
use tandem::session::Session;

const PHYSICS: Physics = Physics::BranchFlow;

fn together(case: &Case) -> (System, Plan, Cooperation) {
    let system = System::new(case, PHYSICS).unwrap();
    let plan = plan(&system).unwrap();
    let day = rolling_horizon::cooperation(&system, &plan).unwrap();
    (system, plan, day)
}

/// Gains against no cooperation from each slot on.
fn rebased(system: &System, plan: &Plan, day: &Cooperation) -> Gains {
    let non: Vec<Vec<f64>> = (0..system.dsos.len())
        .map(|m| rolling_horizon::leaving(system, plan, m, day).unwrap())
        .collect();
    let co: Vec<Vec<f64>> = day.dsos.iter().map(|d| d.utility_usd.clone()).collect();
    let cost: Vec<f64> = (0..system.slots)
        .map(|t| day.spent_usd[t] + plan.cost_usd[t..].iter().sum::<f64>())
        .collect();
    Gains::between(&co, &non, &day.cost_usd, &cost)
}

#[test]
fn a_day_at_equal_histories() {
    let mut case = small(8..12, &[1, 3]);
    for line in &mut case.branches {
        if line.id == "9-14" || line.id == "13-14" {
            line.max_p_mw = Some(14.0);
        }
    }
    let (system, plan, day) = together(&case);
    // Equal histories: cooperation is never worth less than nothing.
    let gains = rebased(&system, &plan, &day);
    for t in 0..4 {
        assert!(
            gains.surplus_usd(t) >= -1e-3,
            "slot {t}: {}",
            gains.surplus_usd(t)
        );
    }
    assert!(gains.surplus_usd(0) > 1.0);
    let settled = per_slot(&gains, &[], None);
    assert!(settled.imbalance_usd() < 1e-9 * settled.collected_usd().abs().max(1.0));
    // Cones are tight where import is chosen, nearly so where it is kept.
    for own in &day.dsos {
        assert!(own.cone_gap < 1e-6, "gap {:e}", own.cone_gap);
    }
    assert!(day.certificates.iter().all(|c| c.certified));
    // No generator has less profit than planned, and none is paid for nothing.
    for (n, unit) in system.units.iter().enumerate() {
        for t in 0..4 {
            let cost = day.generation[n][t];
            assert!(
                cost.lost_opportunity_usd >= -1e-6,
                "{} at {t}: {}",
                unit.id,
                cost.lost_opportunity_usd
            );
            let below = plan.reserved.p_mw[n][t] - day.output_mw[n][t];
            if below <= 0.0 {
                assert_eq!(cost.lost_opportunity_usd, 0.0);
            }
        }
    }
    // The lines keep their limits, and the price at the boundary is that of its bus.
    for (line, most) in [("9-14", 14.0), ("13-14", 14.0)] {
        let own = system.lines.iter().find(|l| l.id == line).unwrap();
        for t in 0..4 {
            let mut flow = own.base_mw;
            for (bus, load) in system.load_mw.iter().enumerate() {
                flow -= own.shift[bus] * load;
            }
            for (unit, output) in system.units.iter().zip(&day.output_mw) {
                flow += own.shift[unit.bus] * output[t];
            }
            for (dso, carried) in system.dsos.iter().zip(&day.dsos) {
                flow -= own.shift[dso.bus] * carried.import_mw[t];
            }
            assert!(flow.abs() <= most + 1e-4, "{line} at {t}: {flow}");
        }
    }
}

#[test]
fn equal_dsos_are_settled_equally() {
    let case = small(0..3, &[0, 2]);
    let report = tandem::market::run(&case, &Bargaining::default()).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    for rule in ["lmp", "nash", "telescoping"] {
        let (a, b) = (
            value(&format!("paid:{rule}:DSO1")),
            value(&format!("paid:{rule}:DSO3")),
        );
        assert!((a - b).abs() < 0.01, "{rule}: {a} {b}");
    }
    assert!((value("jain:telescoping") - 1.0).abs() < 1e-9);
    // The ISO's net of the ledger is its benefit and the rent of the plan, which is nothing here.
    let net = report.ledger.net_usd("ISO");
    let surplus = value("benefit:nash:ISO");
    assert!((net - surplus).abs() < 0.05, "{net} {surplus}");
    let parties = report.ledger.parties();
    let sum: f64 = parties.iter().map(|p| report.ledger.net_usd(p)).sum();
    assert!(sum.abs() < 1e-6);
}

#[test]
fn powers_share_and_prices_are_compared() {
    let case = small(17..20, &[0, 3]);
    let powers = [("ISO", 1.0), ("DSO1", 2.0), ("DSO4", 3.0)];
    let params = Bargaining {
        settlement: Rule::Telescoping,
        powers: powers
            .iter()
            .map(|(id, weight)| bargaining::Power {
                id: (*id).into(),
                weight: *weight,
            })
            .collect(),
        ..Bargaining::default()
    };
    let report = tandem::market::run(&case, &params).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    for (id, weight) in powers {
        let share = weight / 6.0 * value("surplus");
        let own = value(&format!("benefit:telescoping:{id}"));
        assert!((own - share).abs() < 1e-6, "{id}: {own} {share}");
    }
    // Whatever the rule, the benefits add up to the surplus.
    for rule in Rule::ALL {
        let sum: f64 = powers
            .iter()
            .map(|(id, _)| value(&format!("benefit:{}:{id}", rule.id())))
            .sum();
        assert!((sum - value("surplus")).abs() < 1e-6, "{rule:?}");
    }
    // The parts made one by one, where nothing is known yet, give the same answer.
    let (again, rebased) = std::thread::spawn(move || {
        let count = params.pieces(&case, None).map(|p| p.count).unwrap();
        let parts: Vec<String> = (0..count)
            .map(|k| params.piece(&case, None, k).unwrap())
            .collect();
        let rebased = Bargaining {
            disagreement: Disagreement::Rebased,
            ..Bargaining::default()
        };
        (
            market::run_with(&case, &params, &parts).unwrap(),
            market::run_with(&case, &rebased, &parts).unwrap(),
        )
    })
    .join()
    .unwrap();
    assert_eq!(again.headline, report.headline);
    let least = rebased.quantity("surplus_least").unwrap().value.unwrap();
    assert!(least >= -1e-3, "{least}");
}

#[test]
fn prices_and_quantities_reach_the_common_dispatch_of_a_slot() {
    let params = Bargaining {
        slot: 2,
        real_time_exchange: true,
        ..Bargaining::default()
    };
    let report = market::run(&small(9..12, &[1, 2]), &params).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    assert!(value("real_time_exchange_import_off") < 0.02);
    assert!(value("real_time_exchange_price_off") < 0.02);
    assert!(value("real_time_exchange_welfare_off").abs() < 0.05);
    // Begun at the plan, it takes some rounds, and its last is close enough to end.
    let rounds = value("real_time_exchange_rounds");
    let table = report
        .tables
        .iter()
        .find(|t| t.id == "real_time_rounds")
        .unwrap();
    assert_eq!(table.rows.len() as f64, rounds);
    assert!(rounds > 2.0 && rounds < 100.0, "{rounds}");
    for (id, most) in [("residual_primal", 1e-3), ("residual_dual", 1e-3)] {
        let own = report.series(&format!("real_time_{id}")).unwrap();
        assert!(
            own.values[0] > most && *own.values.last().unwrap() <= most,
            "{id}"
        );
    }
    assert!(report.chart("real_time_exchange").is_some());
    // The plan was not asked for.
    assert!(report.quantity("exchange_rounds").is_none());
}

#[test]
fn prices_and_quantities_reach_the_common_plan() {
    let case = small(9..11, &[1, 2]);
    let system = System::new(&case, PHYSICS).unwrap();
    let plan = plan(&system).unwrap();
    let nothing: Vec<Past> = system.dsos.iter().map(Past::new).collect();
    let done = exchange(&system, &nothing, None).unwrap();
    assert!(done.converged, "{:?}", done.rounds.last());
    for m in 0..2 {
        for t in 0..2 {
            let (ours, common) = (done.import_mw[m][t], plan.import_mw[m][t]);
            assert!((ours - common).abs() < 0.02, "{m} {t}: {ours} {common}");
            let price = plan.dispatch.lmp[t][system.dsos[m].bus];
            let ours = done.usd_per_mwh[m][t];
            assert!((ours - price).abs() < 0.02, "{m} {t}: {ours} {price}");
        }
    }
    let common: f64 = plan
        .dispatch
        .dsos
        .iter()
        .map(|d| d.utility_usd)
        .sum::<f64>()
        - plan.day_cost_usd();
    let welfare = done.rounds.last().unwrap().welfare_usd;
    assert!(
        (welfare - common).abs() < 1e-5 * common.abs(),
        "{welfare} {common}"
    );
}

#[test]
fn coalitions_and_reports() {
    let case = small(14..17, &[0, 3]);
    let (system, plan, day) = together(&case);
    let moment = Moment {
        system: &system,
        plan: &plan,
        slot: 0,
        past: &day.past[0],
    };
    let game = moment.game().unwrap();
    // Bit 0 is the ISO. Who stays away keeps its plan, so more members never make less.
    for set in 0..8_usize {
        assert!(game.value(set) >= -1e-3, "{set:b}: {}", game.value(set));
        for player in 0..3 {
            let more = game.value(set | (1 << player));
            assert!(more >= game.value(set) - 1e-3, "{set:b} and {player}");
        }
    }
    let gains = rebased(&system, &plan, &day);
    let grand = game.grand();
    assert!((grand - gains.surplus_usd(0)).abs() < 0.05, "{grand}");
    assert!((jain(&telescoping(&gains, &[]).benefits_usd(&gains, 2)).unwrap() - 1.0).abs() < 1e-9);
    // By Vickrey, Clarke and Groves no other report is better than the true one.
    for of in [Wish::Worth, Wish::Preferred] {
        let asked = Misreport {
            dso: "DSO4".into(),
            of,
            percent: 20.0,
        };
        let found = misreport::gains(&case, &asked, moment, &[]).unwrap();
        let truth = found.iter().find(|r| r.percent == 0.0).unwrap();
        assert!((truth.nash_usd - grand / 3.0).abs() < 0.05);
        assert!((truth.shapley_usd - game.shapley()[2]).abs() < 0.05);
        for other in &found {
            if of == Wish::Worth {
                let gain = (other.vcg_usd, truth.vcg_usd);
                assert!(gain.0 <= gain.1 + 0.05, "{}: {gain:?}", other.percent);
                assert!(other.missed_mwh < 1e-3, "{other:?}");
            } else {
                // Three slots of three loads.
                let wanted: f64 = (0..3).map(|t| system.latest_mw("load24", t, Some(0))).sum();
                let missed = 3.0 * wanted * other.percent.abs() / 100.0;
                assert!((other.missed_mwh - missed).abs() < 0.01, "{other:?}");
            }
        }
        assert!(truth.vcg_deficit_usd >= -1e-3);
        // The reports do something.
        assert!(
            (found[0].nash_usd - truth.nash_usd).abs() > 1e-3,
            "{found:?}"
        );
    }
}

#[test]
fn what_cannot_be_served_is_named() {
    let mut case = small(0..2, &[0]);
    // Bus 3 needs 87.6 MW and has 50; its two lines carry 5 each.
    for line in &mut case.branches {
        if line.id == "2-3" || line.id == "3-4" {
            line.max_p_mw = Some(5.0);
        }
    }
    let unserved = |case: &Case| {
        let report = tandem::market::run(case, &Bargaining::default()).unwrap();
        assert_eq!(report.status, Status::Infeasible);
        report.headline
    };
    let why = unserved(&case);
    assert!(why.contains("the day before"), "{why}");
    assert!(why.contains("2-3") || why.contains("3-4"), "{why}");
    assert!(why.contains("slot 1") && why.contains("MW"), "{why}");
    // More load than capacity.
    let mut case = small(0..2, &[0]);
    case.loads[0].p_mw += 300.0;
    let why = unserved(&case);
    assert!(why.contains("generation is short"), "{why}");
    // The same from parts made elsewhere.
    let parts: Vec<String> = (0..2)
        .map(|k| Bargaining::default().piece(&case, None, k).unwrap())
        .collect();
    let report = market::run_with(&case, &Bargaining::default(), &parts).unwrap();
    assert_eq!(report.status, Status::Infeasible);
}

#[test]
fn the_same_day_is_settled_again_without_a_dispatch() {
    let case = small(15..17, &[1, 3]);
    let params = Bargaining::default();
    let scenario = |case: &Case, params: &Bargaining| Scenario {
        version: 1,
        title: "small".into(),
        preset: String::new(),
        case: case.clone(),
        mechanism: Mechanism::Bargaining(params.clone()),
    };
    let load = |session: &mut Session, case: &Case, params: &Bargaining| {
        session.load(scenario(case, params).into());
        session.pieces().map(|pieces| pieces.count)
    };
    let mut session = Session::from(scenario(&case, &params));
    assert_eq!(session.pieces().map(|pieces| pieces.count), Some(3));
    session.solve().unwrap();
    let first = session.report().unwrap();
    // Known now; another rule and other powers leave it so, another model of feeders does not.
    let mut other = Bargaining {
        settlement: Rule::Telescoping,
        ..params.clone()
    };
    other.complete(&case);
    other.powers[0].weight = 3.0;
    assert_eq!(load(&mut session, &case, &other), None);
    session.solve().unwrap();
    let again = session.report().unwrap();
    let fresh = market::run(&case, &other).unwrap();
    for (a, b) in again.summary.iter().zip(&fresh.summary) {
        assert_eq!((&a.id, a.value), (&b.id, b.value));
    }
    let surplus = |r: &Report| r.quantity("surplus").unwrap().value;
    assert_eq!(surplus(&first), surplus(&again));
    other.physics = Physics::Lossless;
    assert_eq!(load(&mut session, &case, &other), Some(3));
    let mut moved = case.clone();
    moved.loads[0].p_mw += 1.0;
    assert_eq!(load(&mut session, &moved, &params), Some(3));
}

#[test]
fn everything_asked_for_is_shown() {
    let case = small(15..17, &[1, 3]);
    let params = Bargaining {
        coalitions: true,
        decomposition: true,
        misreport: Misreport {
            dso: "DSO2".into(),
            of: Wish::Worth,
            percent: 10.0,
        },
        slot: 2,
        ..Bargaining::default()
    };
    assert_eq!(params.check(&case), []);
    let report = tandem::market::run(&case, &params).unwrap();
    for chart in &report.charts {
        let drawn = draw(&report, &chart.id, &View::default());
        assert!(drawn.is_ok(), "{}: {:?}", chart.id, drawn.err());
    }
    assert!(report.chart("bargain").unwrap().title.contains("DSO2"));
    for table in &report.tables {
        assert!(!table.rows.is_empty(), "{}", table.id);
        for row in &table.rows {
            assert_eq!(row.len(), table.columns.len(), "{}", table.id);
            for cell in row {
                if let Cell::At { series } = cell {
                    assert!(report.series(series).is_some(), "{}: {series}", table.id);
                }
            }
        }
    }
    for id in ["coalitions", "shares", "misreport", "players", "slots"] {
        assert!(report.tables.iter().any(|t| t.id == id), "{id}");
    }
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    let excess = value("excess:nucleolus") - value("least_core");
    assert!(excess.abs() < 1e-3, "{excess}");
    assert!(value("exchange_import_off") < 0.05);
    let mut known = std::collections::HashSet::new();
    for series in &report.series {
        assert!(known.insert(&series.id), "{} twice", series.id);
    }
}
