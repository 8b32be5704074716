//! Schemes under the physics of the feeders: no redispatch ends below the common optimum.

use super::random::{Shape, random_case};
use fastrand::Rng;
use tandem::case::balancing::{Balancing, Bid, ExclusiveGroup, Injection, PeriodOffer, Segment};
use tandem::case::{self, Boundary, Bus, Case, Feeder, FeederBus, FeederLine};
use tandem::market::residual_supply::{
    Form, Grid, ResidualSupply, Scheme, Variant, bound, local_market, schemes, system::System,
};
use tandem::network::formulation::feeder::Physics;
use tandem::report::Cell;

fn params(physics: Physics) -> ResidualSupply {
    ResidualSupply {
        physics,
        ..ResidualSupply::default()
    }
}

fn bid(id: &str, bus: &str, low: f64, high: f64, price: f64) -> Bid {
    Bid {
        id: id.into(),
        bus: bus.into(),
        offers: vec![PeriodOffer {
            period: 1,
            segments: vec![Segment {
                min_p_mw: low,
                max_p_mw: high,
                usd_per_mwh: price,
                ..Segment::default()
            }],
            ..PeriodOffer::default()
        }],
        ..Bid::default()
    }
}

/// Feeders of one line (ohm at 10 kV) at one transmission bus, each with what its end injects.
fn lines(feeders: &[(f64, f64, f64, f64)], need_mw: f64, bids: Vec<Bid>) -> Case {
    let bus = |id: String, load: f64, most: f64| FeederBus {
        id,
        p_load_mw: load,
        q_load_mvar: 0.0,
        min_v_pu: 0.9,
        max_v_pu: most,
    };
    let mut case = Case {
        version: 1,
        name: "lines".into(),
        base_mva: 100.0,
        buses: vec![Bus::new("T")],
        ..Case::default()
    };
    for (k, &(r_ohm, x_ohm, load, most)) in feeders.iter().enumerate() {
        let k = k + 1;
        case.feeders.push(Feeder {
            id: format!("F{k}"),
            base_kv: 10.0,
            root: format!("I{k}"),
            root_v_pu: 1.0,
            buses: vec![
                bus(format!("I{k}"), 0.0, 1.1),
                bus(format!("D{k}"), load, most),
            ],
            lines: vec![FeederLine {
                id: format!("L{k}"),
                from: format!("I{k}"),
                to: format!("D{k}"),
                r_ohm,
                x_ohm,
                max_s_mva: None,
                min_p_mw: None,
                max_p_mw: None,
            }],
        });
        case.boundaries.push(Boundary {
            id: format!("B{k}"),
            bus: "T".into(),
            feeder: format!("F{k}"),
            max_p_mw: None,
        });
    }
    case.balancing = Some(Balancing {
        periods: 1,
        minutes_per_period: 60.0,
        price_cap_usd_per_mwh: 3000.0,
        imbalances: vec![Injection {
            id: "i".into(),
            bus: "T".into(),
            p_mw: vec![-need_mw],
            ..Injection::default()
        }],
        bids,
        ..Balancing::default()
    });
    case
}

/// By hand, LinDistFlow: 1.03² = 1 + 2·0.05 p gives p = 0.609 MW, so 6.09 + 1.391·50 = 75.64 $.
#[test]
fn a_voltage_that_the_market_does_not_see_is_paid_for() {
    let bids = vec![
        bid("t", "T", 0.0, 5.0, 50.0),
        bid("d", "D1", 0.0, 3.0, 10.0),
    ];
    let system = System::new(&lines(&[(5.0, 0.0, 0.0, 1.03)], 2.0, bids)).unwrap();
    let scheme = Scheme::CentralisedAs;
    let out = schemes::run(&system, &params(Physics::LinDistFlow), scheme, Vec::new()).unwrap();
    assert!((out.market.cost_usd(&system) - 20.0).abs() < 1e-6);
    assert!((out.cost_after_usd(&system) - 75.64).abs() < 1e-5);
    assert!((out.realized.outside_pu() - (1.2_f64.sqrt() - 1.03)).abs() < 1e-9);
    assert!(!out.realized.clean());
}

/// Power flow by pandapower: a PV of 3 MW behind 2 + j1 ohm delivers 2.8387 MW, at −30 $/MWh.
#[test]
fn a_feeder_without_choice_clears_at_its_power_flow() {
    let bids = vec![
        bid("g", "T", -10.0, 0.0, -30.0),
        bid("u", "T", 0.0, 10.0, 200.0),
    ];
    let system = System::new(&lines(&[(2.0, 1.0, -3.0, 1.1)], 0.0, bids)).unwrap();
    let cone = params(Physics::BranchFlow);
    for scheme in [Scheme::Rsf, Scheme::Common] {
        let out = schemes::run(&system, &cone, scheme, Vec::new()).unwrap();
        let cost = out.cost_after_usd(&system);
        assert!((cost - 85.16).abs() < 0.01, "{scheme:?}: {cost} $");
    }
}

/// The same feeder with a curtailment at −90 $/MWh, which the relaxation does not need: it burns the 3 MW in
/// the line. With r = 0.02, x = 0.01 p.u. and v = 1 at the root, w² − 1.12 w + 0.0045 = 0 at the end, so w =
/// 1.11597, losses 0.02 · 9 / w = 0.1613 MW, and 2.8387 MW at 30 $ are 85.161 $. By hand.
#[test]
fn a_cone_that_burns_ends_at_the_flow_of_its_activations() {
    let bids = vec![
        bid("g", "T", -10.0, 0.0, -30.0),
        bid("u", "T", 0.0, 10.0, 200.0),
        bid("c", "D1", -3.0, 0.0, -90.0),
    ];
    let case = lines(&[(2.0, 1.0, -3.0, 1.1)], 0.0, bids);
    let system = System::new(&case).unwrap();
    for scheme in [Scheme::Rsf, Scheme::Common] {
        let cone = ResidualSupply {
            scheme,
            ..params(Physics::BranchFlow)
        };
        let out = schemes::run(&system, &cone, scheme, Vec::new()).unwrap();
        let (cost, flow) = (out.cost_after_usd(&system), &out.last().power_flow);
        assert!((cost - 85.161).abs() < 2e-3, "{scheme:?}: {cost} $");
        assert!(flow.untight.is_none(), "{scheme:?}: {flow:?}");
        assert!(flow.voltage_violation_pu < 1e-5 && flow.voltage_difference_pu < 1e-5);
        // No proof says that another power flow is not cheaper.
        let report = tandem::market::run(&case, &cone).unwrap();
        assert!(report.certificates.iter().all(|proof| !proof.certified));
    }
}

/// 1 MW too much at the price cap; the feeder takes 0.1 MW for 1 $, and the relaxed cone burns the rest
/// without a cost, at ℓ ≤ 0.19 / |z|²: up to 7.6 MW. The relaxation costs −1 $, by hand, and lies beyond what
/// any power flow draws.
#[test]
fn the_bound_reaches_as_far_as_the_relaxation_burns() {
    let bids = vec![bid("d", "D1", -0.1, 0.0, 10.0)];
    let system = System::new(&lines(&[(2.0, 1.0, 0.0, 1.1)], -1.0, bids)).unwrap();
    let relaxed = ResidualSupply {
        recover_ac: false,
        ..params(Physics::BranchFlow)
    };
    let of = |scheme| schemes::run(&system, &relaxed, scheme, Vec::new()).unwrap();
    let (common, functions) = (of(Scheme::Common).market, of(Scheme::Rsf).market);
    let best = common.cost_usd(&system);
    assert!((best + 1.0).abs() < 1e-2, "{best}");
    assert!((functions.bound_usd - best).abs() < 1e-2);
    assert!(functions.cost_usd(&system) <= best + functions.error_usd(&system) + 1e-2);
}

/// A clearing that costs less than the bound has no error: one of the two is wrong.
#[test]
fn a_cost_below_its_bound_is_told() {
    let bids = vec![
        bid("t", "T", 0.0, 5.0, 50.0),
        bid("d", "D1", 0.0, 1.0, 10.0),
    ];
    let system = System::new(&lines(&[(1.0, 0.0, 0.0, 1.1)], 2.0, bids)).unwrap();
    let plain = params(Physics::Lossless);
    let out = schemes::run(&system, &plain, Scheme::Rsf, Vec::new()).unwrap();
    let below = |cost| bound::below(&system, &plain, &out.admitted, &out.market, cost);
    assert!((below(60.0).unwrap() - 60.0).abs() < 1e-6);
    assert!(below(59.0).unwrap_err().why.contains("costs less"));
}

/// What every area costs by itself, without prices and with a common optimum that is known, against the scheme
/// run whole: within the limits of the boundary, and beyond them, where its redispatch is that optimum.
#[test]
fn every_area_by_itself_costs_what_the_scheme_run_whole_does() {
    let preset = |id: &str| tandem::scenario::gallery::scenario(id).unwrap().case;
    let within = [
        ("baran-wu-33", Physics::BranchFlow),
        ("mezghani-s4", Physics::Lossless),
        ("lind-5bus", Physics::Lossless),
    ];
    let within = within.map(|(id, physics)| (preset(id), physics, false));
    let beyond = (scheduled_beyond_a_boundary(), Physics::Lossless, true);
    for (case, physics, redispatched) in within.into_iter().chain([beyond]) {
        let (system, params) = (System::new(&case).unwrap(), params(physics));
        let of = |scheme| schemes::run(&system, &params, scheme, Vec::new()).unwrap();
        let whole = of(Scheme::SharedBalancing);
        assert_eq!(whole.after.is_some(), redispatched, "{}", case.name);
        let common_usd = of(Scheme::Common).market.cost_usd(&system);
        let cost = whole.cost_after_usd(&system);
        for known in [Some(common_usd), None] {
            let apart = schemes::apart_usd(&system, &params, known).unwrap();
            let near = 1e-6 * (1.0 + cost.abs());
            assert!((apart - cost).abs() < near, "{}: {apart} {cost}", case.name);
        }
    }
}

/// Rows of the theorems, and the note below them.
fn theorems(case: &Case, params: &ResidualSupply) -> (Vec<(String, String)>, String) {
    let report = tandem::market::run(case, params).unwrap();
    let table = report.tables.iter().find(|t| t.id == "theorems").unwrap();
    let word = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let rows = table.rows.iter().map(|row| (word(&row[0]), word(&row[2])));
    (rows.collect(), table.note.clone())
}

/// 1 MW at 10 $ and 1 MW at 40 $ below, 30 $ above, 2 MW missing: 40 $. Four even points over ±2 MW know the
/// cost at 2/3 and 2 MW, whose chord of 32.50 $ is dearer than 30 $: 46.67 $. By hand.
#[test]
fn a_promise_that_a_variant_does_not_make_is_not_broken() {
    let bids = vec![
        bid("t", "T", 0.0, 5.0, 30.0),
        bid("a", "D1", 0.0, 1.0, 10.0),
        bid("b", "D1", 0.0, 1.0, 40.0),
    ];
    let case = lines(&[(1.0, 0.0, 0.0, 1.1)], 2.0, bids);
    let system = System::new(&case).unwrap();
    let mut even = params(Physics::Lossless);
    (even.rsf.grid, even.rsf.points) = (Grid::Uniform, 4);
    for (variant, word, named) in [
        (Variant::Relaxed, "holds", "must hold"),
        (
            Variant::ConvexHull,
            "not promised here",
            "convex hulls over an even grid",
        ),
    ] {
        even.rsf.variant = variant;
        let market = schemes::run(&system, &even, Scheme::Rsf, Vec::new())
            .unwrap()
            .market;
        assert!((market.cost_usd(&system) - 140.0 / 3.0).abs() < 1e-6);
        assert!((market.error_usd(&system) - 20.0 / 3.0).abs() < 1e-6);
        let (rows, note) = theorems(&case, &even);
        assert_eq!(rows[0], ("T1".into(), word.into()), "{variant:?}");
        assert!(note.contains(named), "{note}");
    }
}

/// 2 MW are scheduled over a boundary of 1 MW, and 1 MW costs 50 $ behind it.
fn scheduled_beyond_a_boundary() -> Case {
    let mut case = lines(
        &[(0.0, 0.0, 2.0, 1.1)],
        0.0,
        vec![
            bid("t", "T", -5.0, 0.0, 0.0),
            bid("d", "D1", 0.0, 5.0, 50.0),
        ],
    );
    case.boundaries[0].max_p_mw = Some(1.0);
    case.balancing.as_mut().unwrap().schedule = vec![Injection {
        id: "day ahead".into(),
        bus: "T".into(),
        p_mw: vec![2.0],
        ..Injection::default()
    }];
    case
}

/// Shared balancing keeps the schedule and pays for its redispatch: 50 $ in both, by hand.
#[test]
fn shared_balancing_beyond_a_boundary_includes_its_redispatch() {
    let case = scheduled_beyond_a_boundary();
    let (rows, _) = theorems(&case, &params(Physics::Lossless));
    let broken = rows.iter().find(|(_, word)| word == "fails");
    assert!(broken.is_none(), "{rows:?}");
    assert!(rows.contains(&("T8".into(), "holds".into())), "{rows:?}");
}

/// A feeder without a choice has a function of one point, also where variants ask for an even grid.
#[test]
fn a_feeder_without_choice_is_one_point() {
    let bids = vec![bid("t", "T", 0.0, 5.0, 30.0)];
    let case = lines(&[(1.0, 0.0, 1.0, 1.1)], 1.0, bids);
    let system = System::new(&case).unwrap();
    for variant in [
        Variant::ConvexHull,
        Variant::FixAndPrice,
        Variant::SafeChord,
    ] {
        for form in [Form::Steps, Form::Cuts] {
            let mut even = params(Physics::LinDistFlow);
            (even.rsf.variant, even.rsf.form) = (variant, form);
            let out = schemes::run(&system, &even, Scheme::Rsf, Vec::new()).unwrap();
            assert!((out.market.cost_usd(&system) - 60.0).abs() < 1e-6);
            let curve = out.market.curves[1].as_ref().unwrap();
            assert_eq!(curve.samples.len(), 1, "{variant:?}, {form:?}");
        }
    }
}

/// By hand: one of a (10 $) and b (12 $), and 1 MW at 30 $.
#[test]
fn a_group_over_two_feeders_is_kept_or_refused() {
    let bids = vec![
        bid("t", "T", 0.0, 3.0, 30.0),
        bid("a", "D1", 0.0, 1.0, 10.0),
        bid("b", "D2", 0.0, 1.0, 12.0),
    ];
    let mut case = lines(&[(1.0, 0.0, 0.0, 1.1), (1.0, 0.0, 0.0, 1.1)], 2.0, bids);
    case.balancing.as_mut().unwrap().exclusive = vec![ExclusiveGroup {
        id: "one".into(),
        bids: vec!["a".into(), "b".into()],
    }];
    let system = System::new(&case).unwrap();
    let plain = params(Physics::Lossless);
    for scheme in Scheme::ALL {
        match schemes::run(&system, &plain, scheme, Vec::new()) {
            Ok(out) if scheme == Scheme::NoDsoBids => {
                assert!((out.cost_after_usd(&system) - 60.0).abs() < 1e-6);
            }
            Ok(out) => assert!(
                (out.cost_after_usd(&system) - 40.0).abs() < 1e-6,
                "{scheme:?}"
            ),
            Err(why) => {
                assert!(matches!(scheme, Scheme::Rsf | Scheme::SharedBalancing));
                assert!(why.why.contains("exclusive group"), "{why}");
            }
        }
    }
}

#[test]
fn no_scheme_ends_below_the_common_optimum() {
    let shape = Shape {
        reactive: true,
        ..Shape::SMALL
    };
    for seed in 0..200 {
        let mut rng = Rng::with_seed(seed);
        let system = System::new(&random_case(&mut rng, shape)).unwrap();
        let physics = [Physics::LinDistFlow, Physics::BranchFlow][seed as usize % 2];
        let params = params(physics);
        let of = |scheme| schemes::run(&system, &params, scheme, Vec::new());
        let common = of(Scheme::Common).unwrap();
        let least = common.cost_after_usd(&system);
        if common.last().power_flow.excess_before_mva > 1e-4 {
            continue;
        }
        for scheme in Scheme::ALL {
            let out = of(scheme).unwrap();
            let (end, market) = (out.cost_after_usd(&system), out.market.cost_usd(&system));
            let near = 1e-4 * (1.0 + least.abs());
            assert!(
                end >= least - near,
                "seed {seed} {scheme:?}: {end} < {least}"
            );
            // With losses the market is no relaxation where energy is worth less than nothing.
            let seen =
                physics == Physics::BranchFlow || out.after.is_none() || scheme == Scheme::Rsf;
            assert!(
                seen || end >= market - near,
                "seed {seed} {scheme:?}: {end} < {market}"
            );
        }
    }
}

/// Baran and Wu: the box of the filtered scheme cuts downwards alone, and the imbalance asks upwards, so
/// that the market is that without limits and costs as much.
///
/// By a power flow of another program (sweeps in complex numbers, Python), the imbalances alone leave
/// 0.90343 p.u. at bus 33; all bids up give 0.92637 to 0.99735 p.u., within 0.9 to 1.05; all down would
/// give 0.87822 p.u. at bus 18. The most that may go down there is 0.57308 MW (linearised again and again,
/// HiGHS); at the corner of the box below, 0.56214 MW, the least voltage is 0.90042 p.u.
#[test]
fn the_safe_box_of_the_33_bus_feeder_binds_only_downwards() {
    let case = case::builtin("baran-wu-33").unwrap();
    let system = System::new(&case).unwrap();
    let params = ResidualSupply::default();
    let admitted = schemes::admitted(&system, Scheme::SequentialFiltered);
    let above = schemes::admitted(&system, Scheme::NoDsoBids);
    let whole = local_market::first(&system, &params, &admitted, &above, false).unwrap();
    let safe = local_market::first(&system, &params, &admitted, &above, true).unwrap();
    let mut down = 0.0;
    for (b, bid) in system.balancing.bids.iter().enumerate() {
        let ((least, most), (low, high)) = (whole[b][0], safe[b][0]);
        assert_eq!(high, most, "{} upwards", bid.id);
        assert!(low >= least && low <= 0.0, "{} downwards", bid.id);
        if bid.bus != "T" {
            down -= low;
        }
    }
    assert!((0.55..0.57308).contains(&down), "{down} MW downwards");
    let cost = |scheme| {
        let outcome = schemes::run(&system, &params, scheme, Vec::new()).unwrap();
        let local = system.balancing.bids.iter().enumerate();
        let local = local.filter(|(_, bid)| bid.bus != "T");
        let least = local.map(|(b, _)| outcome.market.dispatch.p_mw[b][0]);
        let least = least.fold(0.0, f64::min);
        assert!(least > -1e-9, "{scheme:?} takes {least} MW down");
        outcome.market.cost_usd(&system)
    };
    let (free, filtered) = (
        cost(Scheme::CentralisedAs),
        cost(Scheme::SequentialFiltered),
    );
    // Merit order by hand, without losses: loads of 3.715 MW and 0.8 MW more against 3.91768 MW bought
    // leave 0.59732 MW, 0.3 MW of them at 61.2 $/MWh, 0.25 at 63 and the rest at 66.
    let by_hand = 0.3 * 61.2 + 0.25 * 63.0 + 0.04732 * 66.0;
    for cost in [free, filtered] {
        assert!((cost - by_hand).abs() < 1e-5, "{cost} is not {by_hand}");
    }
}
