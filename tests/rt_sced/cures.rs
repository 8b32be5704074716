//! Intervals without a dispatch: what is named, what is offered, and that it cures. Curtailment.

use tandem::case::{Block, Branch, Bus, Case, Generator, Load};
use tandem::market::rt_sced::{self, Operation, RtSced, Rule};
use tandem::report::{Cure, Level, Report, Status};

fn generator(id: &str, max_p_mw: f64, usd_per_mwh: f64, ramp: f64) -> Generator {
    Generator {
        id: id.into(),
        bus: "A".into(),
        min_p_mw: 0.0,
        max_p_mw,
        offer: vec![Block::flat(max_p_mw, usd_per_mwh)],
        no_load_usd_per_h: 0.0,
        ramp_mw_per_min: Some(ramp),
    }
}

fn bus(id: &str) -> Bus {
    Bus::new(id)
}

/// One bus with coal (2 MW/min) and gas (1 MW/min) and a load of 100 MW times a profile.
fn coal_and_gas(profile: &[f64]) -> (Case, RtSced) {
    let case = Case {
        buses: vec![bus("A")],
        generators: vec![
            generator("coal", 300.0, 20.0, 2.0),
            generator("gas", 40.0, 60.0, 1.0),
        ],
        loads: vec![Load {
            id: "L".into(),
            bus: "A".into(),
            p_mw: 100.0,
            q_mvar: 0.0,
        }],
        ..tandem::case::builtin("zuo-4node").map(bare).unwrap()
    };
    let params = RtSced {
        method: rt_sced::Method::Optimal,
        intervals: profile.len(),
        load_profile: profile.to_vec(),
        ..RtSced::default()
    };
    (case, params)
}

fn bare(mut case: Case) -> Case {
    case.branches.clear();
    case.ders.clear();
    case.aggregators.clear();
    case
}

fn offered(report: &Report) -> &[Cure] {
    assert_eq!(report.status, Status::Infeasible, "{}", report.headline);
    let error = report.messages.iter().find(|m| m.level == Level::Error);
    &error.unwrap().cures
}

fn value(cures: &[Cure], path: &str) -> f64 {
    let cure = cures.iter().find(|c| c.path == path);
    cure.unwrap_or_else(|| panic!("no {path} in {cures:?}"))
        .value
}

/// By hand: coal reaches 150 + 2·5 and gas 5 of 200 MW, so 35 MW more in five minutes: 9 MW/min.
#[test]
fn a_ramp_and_an_initial_output_are_named_and_offered() {
    let (case, mut params) = coal_and_gas(&[2.0, 2.0]);
    params.initial.generators = [("coal".into(), 150.0), ("gas".into(), 0.0)].into();
    let report = tandem::market::run(&case, &params).unwrap();
    assert!(
        report.headline.contains("the ramp of coal"),
        "{}",
        report.headline
    );
    let cures = offered(&report);
    assert_eq!(value(cures, "case.generators.coal.ramp_mw_per_min"), 9.0);
    assert_eq!(value(cures, "case.generators.gas.ramp_mw_per_min"), 8.0);
    assert_eq!(value(cures, "mechanism.initial.generators.coal"), 185.0);
    assert_eq!(value(cures, "case.loads.L.p_mw"), 82.5);
}

/// By hand: coal alone serves 230 MW and has to fall by 14 in five minutes.
#[test]
fn a_ramp_that_keeps_output_up_is_offered() {
    let (case, params) = coal_and_gas(&[2.0, 2.1, 2.2, 2.3, 2.16]);
    let report = tandem::market::run(&case, &params).unwrap();
    assert!(
        report.headline.contains("interval 5"),
        "{}",
        report.headline
    );
    assert!(
        report.headline.contains("the ramp of coal"),
        "{}",
        report.headline
    );
    let ramp = value(offered(&report), "case.generators.coal.ramp_mw_per_min");
    assert_eq!(ramp, 2.8);
}

/// A triangle of equal reactances, 100 MW at bus 3, limits 60 and 45 MW: two thirds go the short
/// way, so the line needs 66.667 MW or the load may be 67.5 MW, whatever the reference.
#[test]
fn cures_do_not_depend_on_the_reference() {
    let (mut case, mut params) = coal_and_gas(&[]);
    params.intervals = 1;
    case.buses = ["A", "2", "3"].map(bus).into();
    case.generators = vec![generator("G", 300.0, 20.0, 1000.0)];
    case.loads[0].bus = "3".into();
    let line = |id: &str, from: &str, to: &str, max_p_mw: Option<f64>| Branch {
        id: id.into(),
        from: from.into(),
        to: to.into(),
        x_pu: 0.1,
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.0,
        max_p_mw,
        in_service: true,
    };
    case.branches = vec![
        line("1-2", "A", "2", Some(60.0)),
        line("1-3", "A", "3", Some(45.0)),
        line("2-3", "2", "3", None),
    ];
    for reference in ["", "A", "2", "3"] {
        params.reference = reference.into();
        let report = tandem::market::run(&case, &params).unwrap();
        let cures = offered(&report);
        assert_eq!(value(cures, "case.branches.1-3.max_p_mw"), 66.67);
        assert_eq!(value(cures, "case.loads.L.p_mw"), 67.5);
    }
}

/// 16 MW stand against 15, but line 2-3 keeps one of them from the load: the line is named.
#[test]
fn the_line_behind_a_shortage_is_named() {
    let mut case = tandem::case::builtin("zuo-4node").unwrap();
    case.generators
        .iter_mut()
        .find(|g| g.id == "G4")
        .unwrap()
        .max_p_mw = 2.0;
    let params = RtSced {
        method: rt_sced::Method::Optimal,
        ..RtSced::default()
    };
    let report = tandem::market::run(&case, &params).unwrap();
    assert!(report.headline.contains("line 2-3"), "{}", report.headline);
    assert_eq!(value(offered(&report), "case.branches.2-3.max_p_mw"), 11.0);
}

/// G1 has blocks to 4 MW at 9 and from there at 21 $/MWh, D10 its next block at 20: the cheapest of
/// the smallest redispatches leaves G1 at 4 MW. 87.28 $/h by scipy's linprog, in two stages.
#[test]
fn curtailment_is_the_cheapest_of_the_smallest() {
    let text = include_str!("curtailment.json");
    let read: serde_json::Value = serde_json::from_str(text).unwrap();
    let case: Case = serde_json::from_value(read["case"].clone()).unwrap();
    let mut mechanism = read["mechanism"].clone();
    mechanism.as_object_mut().unwrap().remove("kind");
    let params: RtSced = serde_json::from_value(mechanism).unwrap();
    assert_eq!(params.operation, Operation::Curtailed);
    let report = tandem::market::run(&case, &params).unwrap();
    let of = |id: &str| report.series(id).unwrap().values[0];
    assert!((of("p:G1") - 4.0).abs() < 1e-6);
    assert!((of("p:D10") - 2.764).abs() < 1e-6);
    assert!((of("cost") - 87.28).abs() < 1e-6);
}

/// With smoothing the state is dispatch and factors: at (2 MW, 1/2) the slope is 1 − 1/(1/2) = −1
/// and the memory's multiplier 1 − 0.3.
#[test]
fn multipliers_of_smoothing_are_those_at_the_fixed_point() {
    let case = tandem::case::builtin("zuo-4node").unwrap();
    let mut params = RtSced::default();
    params.df.rule = Rule::Smoothing;
    let report = tandem::market::run(&case, &params).unwrap();
    let of = |id: &str| report.quantity(id).unwrap().value.unwrap();
    assert!((of("fixed_point") - 4.0).abs() < 1e-6);
    assert!((of("factor") + 1.0).abs() < 1e-3, "{}", of("factor"));
    assert!((of("factor_memory") - 0.7).abs() < 1e-12);
}

#[test]
fn generators_that_start_at_nothing_are_named() {
    let (case, mut params) = coal_and_gas(&[2.0]);
    params.initial.generators = [("coal".into(), 195.0)].into();
    let report = tandem::market::run(&case, &params).unwrap();
    let said = |m: &tandem::report::Message| m.text.contains("start at 0 MW: gas");
    assert!(report.messages.iter().any(said));
}
