//! What clearing in levels must do on any system, over seeded random ones.

use super::random::{Shape, random_case};
use super::small_systems::certified;
use crate::testing::near::{at_most, relatively_near};
use fastrand::Rng;
use tandem::case::Case;
use tandem::market::residual_supply::clear::{self, Cleared};
use tandem::market::residual_supply::curve::Curve;
use tandem::market::residual_supply::schemes::admitted;
use tandem::market::residual_supply::settlement::settle;
use tandem::market::residual_supply::system::{Kind, System};
use tandem::market::residual_supply::{Form, ResidualSupply, Rsf, Scheme, Settlement};
use tandem::network::formulation::feeder::Physics;

/// Linear programs agree to this, relative to 1 + |cost|.
const LINEAR: f64 = 1e-6;
/// Interior-point optima of cones agree to this.
const CONE: f64 = 1e-5;

const PHYSICS: [Physics; 3] = [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow];

fn tolerance(physics: Physics) -> f64 {
    if physics == Physics::BranchFlow {
        CONE
    } else {
        LINEAR
    }
}

/// Curves with every kink, or certified to a small gap; the relaxed cone itself, without steps back
/// to a power flow, is what the theorems speak of.
fn exact(physics: Physics) -> ResidualSupply {
    let gap_usd = if physics == Physics::BranchFlow {
        0.2
    } else {
        1e-8
    };
    ResidualSupply {
        physics,
        rsf: Rsf {
            gap_usd,
            max_points: 300,
            ..Rsf::default()
        },
        recover_ac: false,
        ..ResidualSupply::default()
    }
}

/// Curves with few points.
fn coarse(physics: Physics, form: Form) -> ResidualSupply {
    ResidualSupply {
        physics,
        rsf: Rsf {
            max_points: 4,
            form,
            ..Rsf::default()
        },
        ..ResidualSupply::default()
    }
}

fn run(system: &System, params: &ResidualSupply, scheme: Scheme, what: &str) -> Cleared {
    certified(system, params, scheme, what).market
}

/// What levels cost is at most the certified error above the common optimum, and the bound below it.
fn within_error(what: &str, system: &System, market: &Cleared, best: f64) {
    at_most(&format!("{what}, bound"), market.bound_usd, best, LINEAR);
    let most = best + market.error_usd(system);
    at_most(
        &format!("{what}, error"),
        market.cost_usd(system),
        most,
        LINEAR,
    );
}

/// One bid of 1 MW at 10 $/MWh below, offered in the first of two periods only, beside 30 $/MWh above; 1 MW
/// is missing in the first. The optimum is 10 $, by hand.
const FIRST_PERIOD_ONLY: &str = r#"{"version":1,"name":"two periods","base_mva":100,"buses":[{"id":"T"}],"branches":[],
  "feeders":[{"id":"F","base_kv":10,"root":"I","buses":[{"id":"I"},{"id":"D"}],
    "lines":[{"id":"I-D","from":"I","to":"D","r_ohm":0,"x_ohm":0}]}],
  "boundaries":[{"id":"B","bus":"T","feeder":"F"}],
  "balancing":{"periods":2,"imbalances":[{"id":"i","bus":"T","p_mw":[-1,0]}],"bids":[
    {"id":"t","bus":"T","offers":[{"period":1,"segments":[{"max_p_mw":3,"usd_per_mwh":30}]},
      {"period":2,"segments":[{"max_p_mw":3,"usd_per_mwh":30}]}]},
    {"id":"d","bus":"D","offers":[{"period":1,"segments":[{"max_p_mw":1,"usd_per_mwh":10}]}]}]}}"#;

/// A function of equal exports cannot offer what is there in one period only: steps clear at 30 $ and say
/// that they may be 20 $ off; cuts are taken anew where they clear and reach the optimum. By hand.
#[test]
fn the_certified_error_covers_exports_that_differ_by_period() {
    let case = Case::from_json(FIRST_PERIOD_ONLY).unwrap();
    let system = System::new(&case).unwrap();
    let forms = [
        (Form::Steps, 30.0, 20.0),
        (Form::Cuts, 10.0, 0.0),
        (Form::NestedCuts, 10.0, 0.0),
    ];
    for (form, cost, error) in forms {
        let params = ResidualSupply {
            physics: Physics::Lossless,
            rsf: Rsf {
                form,
                ..Rsf::default()
            },
            ..ResidualSupply::default()
        };
        let market = run(&system, &params, Scheme::Rsf, "two periods");
        relatively_near("cost", market.cost_usd(&system), cost, LINEAR);
        relatively_near("certified error", market.error_usd(&system), error, LINEAR);
    }
}

/// `count` systems of a shape for each of the given physics; a failure names its seed.
fn each(
    seed: u64,
    count: u64,
    physics: &[Physics],
    shape: Shape,
    check: impl Fn(&str, &System, &Case, Physics),
) {
    for k in 0..count {
        let at = seed + k;
        for &physics in physics {
            let case = random_case(&mut Rng::with_seed(at), shape);
            let system = System::new(&case).unwrap();
            check(&format!("seed {at}, {physics:?}"), &system, &case, physics);
        }
    }
}

/// T1, T2, T6: with exact curves the levels find the common optimum, at prices of the curves, and
/// every feeder's dispatch costs what its curve said.
#[test]
fn exact_curves_clear_to_the_common_optimum() {
    let reactive = Shape {
        reactive: true,
        feeder_buses: 5,
        ..Shape::SMALL
    };
    let scheduled = Shape {
        scheduled: true,
        ..Shape::SMALL
    };
    for (seed, shape) in [(100, Shape::SMALL), (200, reactive), (300, scheduled)] {
        each(seed, 3, &PHYSICS, shape, |what, system, _, physics| {
            let tolerance = tolerance(physics);
            let params = exact(physics);
            let common = run(system, &params, Scheme::Common, what);
            let levels = run(system, &params, Scheme::Rsf, what);
            let (best, reached) = (common.objective_usd, levels.objective_usd);
            at_most(what, best, reached, tolerance);
            let cost = levels.cost_usd(system);
            within_error(what, system, &levels, best);
            at_most(&format!("{what}, dispatched"), best, cost, tolerance);
            at_most(&format!("{what}, dispatched"), cost, reached, tolerance);
            for a in system.exporting() {
                let curve = levels.curves[a].as_ref().unwrap();
                let e = levels.dispatch.export_mw[a][0];
                let price = levels.prices.interface(system, a, 0);
                let (low, high) = curve.price_at(0, e);
                let room = 1e-4 * (1.0 + price.abs());
                assert!(
                    low - room <= price && price <= high + room,
                    "{what}: area {a} sells {e} at {price}, its curve has {low} to {high}"
                );
                let (achieved, promised) = levels.promised[a];
                at_most(what, achieved, promised, tolerance);
                at_most(what, promised, achieved + curve.gap_usd, tolerance);
            }
        });
    }
}

/// T3: cuts promise too little, chords too much, and what is dispatched is feasible and lies
/// between.
#[test]
fn cuts_bound_the_common_optimum_from_below_and_chords_from_above() {
    let reactive = Shape {
        reactive: true,
        feeder_buses: 5,
        ..Shape::SMALL
    };
    each(400, 3, &PHYSICS, reactive, |what, system, _, physics| {
        let tolerance = tolerance(physics);
        let common = run(system, &exact(physics), Scheme::Common, what);
        let best = common.objective_usd;
        let cuts = run(system, &coarse(physics, Form::Cuts), Scheme::Rsf, what);
        let chords = run(system, &coarse(physics, Form::Steps), Scheme::Rsf, what);
        at_most(
            &format!("{what}, chords"),
            best,
            chords.objective_usd,
            tolerance,
        );
        let between = [("cuts", &cuts), ("chords", &chords)];
        for (form, market) in between {
            let what = format!("{what}, {form}");
            at_most(&what, best, market.cost_usd(system), tolerance);
            within_error(&what, system, market, best);
            // Slack only where the common optimum pays for some, too.
            let over = market.dispatch.overloads(system);
            assert!(over.is_empty(), "{what}: {over:?}");
        }
        at_most(
            &format!("{what}, chords achieved"),
            chords.cost_usd(system),
            chords.objective_usd,
            tolerance,
        );
    });
}

/// T3 over several periods: cuts stay a lower bound, whatever the shape of the export.
#[test]
fn cuts_bound_from_below_over_several_periods() {
    for periods in [2, 3] {
        let shape = Shape {
            periods,
            feeder_buses: 4,
            ..Shape::SMALL
        };
        each(501, 2, &PHYSICS, shape, |what, system, _, physics| {
            let tolerance = tolerance(physics);
            let what = format!("{what}, {periods} periods");
            let common = run(system, &exact(physics), Scheme::Common, &what);
            let best = common.objective_usd;
            for form in [Form::Cuts, Form::NestedCuts, Form::Steps] {
                let market = run(system, &coarse(physics, form), Scheme::Rsf, &what);
                at_most(&what, best, market.cost_usd(system), tolerance);
                within_error(&what, system, &market, best);
            }
        });
    }
}

/// T4: sampled where the market cleared, cuts close in on the common optimum.
#[test]
fn further_rounds_converge() {
    let two = Shape {
        periods: 2,
        feeder_buses: 4,
        ..Shape::SMALL
    };
    let physics = [Physics::Lossless, Physics::LinDistFlow];
    for (seed, shape) in [(600, Shape::SMALL), (650, two)] {
        each(seed, 2, &physics, shape, |what, system, _, physics| {
            let what = format!("{what}, {} periods", shape.periods);
            let best = run(system, &exact(physics), Scheme::Common, &what).objective_usd;
            let mut last = f64::NEG_INFINITY;
            for rounds in [0, 2, 100] {
                let mut params = coarse(physics, Form::Cuts);
                params.rsf.max_points = 2;
                params.rsf.rounds = rounds;
                let market = run(system, &params, Scheme::Rsf, &what);
                let what = format!("{what}, {rounds} rounds");
                at_most(&what, last, market.objective_usd, LINEAR);
                at_most(&what, market.objective_usd, best, LINEAR);
                last = market.objective_usd;
                if rounds == 100 {
                    relatively_near(&what, last, best, LINEAR);
                    relatively_near(&what, market.cost_usd(system), best, LINEAR);
                }
            }
        });
    }
}

/// T5: slopes and steps ascend, TC is convex.
#[test]
fn prices_ascend_and_costs_are_convex() {
    let shape = Shape {
        reactive: true,
        feeder_buses: 4,
        ..Shape::SMALL
    };
    each(700, 2, &PHYSICS, shape, |what, system, _, physics| {
        let tolerance = 10.0 * tolerance(physics);
        let all = admitted(system, Scheme::Rsf);
        for points in [6, 15] {
            let mut params = exact(physics);
            params.rsf.max_points = points;
            params.rsf.points = points.min(8);
            for grid in [
                tandem::market::residual_supply::Grid::Adaptive,
                tandem::market::residual_supply::Grid::Uniform,
            ] {
                params.rsf.grid = grid;
                let curves = clear::curves(system, &params, &all)
                    .unwrap_or_else(|why| panic!("{what}, {grid:?}: {why}"));
                for curve in curves.iter().flatten() {
                    convex(&format!("{what}, {grid:?}"), curve, system.hours, tolerance);
                }
            }
        }
    });
}

fn convex(what: &str, curve: &Curve, hours: f64, tolerance: f64) {
    for steps in &curve.steps {
        for pair in steps.windows(2) {
            assert!(
                pair[0].usd_per_mwh < pair[1].usd_per_mwh,
                "{what}: {steps:?}"
            );
        }
    }
    for sample in &curve.samples {
        at_most(
            what,
            sample.slope_below(hours),
            sample.slope_above(hours),
            tolerance,
        );
    }
    for pair in curve.samples.windows(2) {
        at_most(
            what,
            pair[0].slope_above(hours),
            pair[1].slope_below(hours),
            tolerance,
        );
        // Each sample lies on or above the other's tangent.
        let run = pair[1].export_mw[0] - pair[0].export_mw[0];
        let rise = pair[1].cost_usd - pair[0].cost_usd;
        at_most(what, pair[0].slope_above(hours) * run, rise, tolerance);
        at_most(what, rise, pair[1].slope_below(hours) * run, tolerance);
    }
    for three in curve.samples.windows(3) {
        let (a, b, c) = (&three[0], &three[1], &three[2]);
        let share = (b.export_mw[0] - a.export_mw[0]) / (c.export_mw[0] - a.export_mw[0]);
        let chord = a.cost_usd * (1.0 - share) + c.cost_usd * share;
        at_most(what, b.cost_usd, chord, tolerance);
    }
}

/// T7: the books close, and a network whose limits allow no flow at all never loses.
#[test]
fn money_is_conserved_and_networks_earn_their_congestion() {
    each(
        800,
        10,
        &PHYSICS,
        Shape::SMALL,
        |what, system, _, physics| {
            let market = run(system, &exact(physics), Scheme::Rsf, what);
            let ledger = settle(system, &market, Settlement::Nodal);
            let parties = ledger.parties();
            let sum: f64 = parties.iter().map(|p| ledger.net_usd(p)).sum();
            let moved: f64 = ledger.entries.iter().map(|e| e.amount_usd.abs()).sum();
            assert!(sum.abs() <= 1e-9 * (1.0 + moved), "{what}: {sum}");
            // Voltage limits of the cone may cost the operator: not claimed there.
            if physics != Physics::BranchFlow {
                for party in parties
                    .iter()
                    .filter(|p| p.starts_with("DSO") || **p == "TSO")
                {
                    let net = ledger.net_usd(party);
                    assert!(net >= -LINEAR * (1.0 + moved), "{what}: {party} has {net}");
                }
            }
        },
    );
}

/// T8: balancing area by area, and with transmission bids alone, costs no less.
#[test]
fn less_coordination_costs_no_less() {
    let shape = Shape {
        scheduled: true,
        ..Shape::SMALL
    };
    each(900, 3, &PHYSICS, shape, |what, system, _, physics| {
        let params = exact(physics);
        let tolerance = tolerance(physics);
        let common = run(system, &params, Scheme::Common, what);
        let common = common.cost_usd(system);
        let levels = run(system, &params, Scheme::Rsf, what);
        let cost = levels.cost_usd(system);
        at_most(what, common, cost, tolerance);
        let most = |other: &Cleared| other.cost_usd(system) + levels.error_usd(system);
        let shared = run(system, &params, Scheme::SharedBalancing, what);
        at_most(&format!("{what}, shared"), cost, most(&shared), tolerance);
        let above = admitted(system, Scheme::NoDsoBids);
        let view = clear::common(&params, &[], &above);
        let without = clear::in_one(system, view, false).unwrap();
        at_most(&format!("{what}, without"), cost, most(&without), tolerance);
    });
}

/// T10: the same with zones between transmission and the feeders.
#[test]
fn the_recursion_through_zones_is_exact() {
    for zones in [1, 2] {
        let shape = Shape {
            zones,
            feeder_buses: 4,
            ..Shape::SMALL
        };
        each(1000, 3, &PHYSICS, shape, |what, system, _, physics| {
            let what = format!("{what}, {zones} zones");
            let tolerance = tolerance(physics);
            let params = exact(physics);
            let common = run(system, &params, Scheme::Common, &what);
            let best = common.objective_usd;
            let levels = run(system, &params, Scheme::Rsf, &what);
            let zoned = system
                .areas
                .iter()
                .any(|area| matches!(area.kind, Kind::Zone { .. }) && !area.below.is_empty());
            assert!(zoned, "{what}: no feeder below a zone");
            at_most(&what, best, levels.objective_usd, tolerance);
            at_most(&what, best, levels.cost_usd(system), tolerance);
            within_error(&what, system, &levels, best);
        });
    }
}
