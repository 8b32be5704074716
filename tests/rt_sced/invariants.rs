//! What must hold on any network: seeded random cases through the whole mechanism.

use super::angles::b_theta_cost;
use super::optimal;
use super::random::random_case;
use fastrand::Rng;
use tandem::case::Case;
use tandem::market::rt_sced::dispatch::lp_text::flow_program;
use tandem::market::rt_sced::process::Process;
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{DistributionFactors, Operation, RtSced, Rule};
use tandem::opt::conic;
use tandem::report::{Report, Status};

fn solve(case: &Case, params: &RtSced) -> Option<Report> {
    let report = tandem::market::run(case, params).unwrap();
    (report.status == Status::Solved).then_some(report)
}

fn cost(report: &Report) -> f64 {
    report.series("cost").unwrap().values[0]
}

fn lmp(report: &Report, bus: &str) -> f64 {
    report.series(&format!("lmp:{bus}")).unwrap().values[0]
}

/// Runs `check` on feasible random cases; the seed is in every message.
fn on_random_cases(check: impl Fn(u64, &Case, &Report)) {
    let mut feasible = 0;
    for seed in 0..60 {
        let case = random_case(&mut Rng::with_seed(seed));
        if let Some(report) = solve(&case, &optimal()) {
            feasible += 1;
            check(seed, &case, &report);
        }
    }
    assert!(
        feasible >= 30,
        "only {feasible} of 60 random cases are feasible"
    );
}

#[test]
fn shift_factors_and_bus_angles_cost_the_same() {
    on_random_cases(|seed, case, report| {
        let angles =
            b_theta_cost(case).unwrap_or_else(|| panic!("seed {seed}: no B-theta solution"));
        assert!(
            (angles - cost(report)).abs() <= 1e-6 * angles.abs(),
            "seed {seed}: {angles} against {}",
            cost(report)
        );
        assert!(
            report.certificates.iter().all(|c| c.certified),
            "seed {seed}"
        );
    });
}

#[test]
fn an_lmp_is_the_cost_of_one_more_mwh_of_load() {
    let step = 1e-4;
    on_random_cases(|seed, case, report| {
        if report.series("lmp_low:0").is_some() {
            return; // not unique: no derivative
        }
        for load in 0..case.loads.len() {
            let bumped = |by: f64| {
                let mut case = case.clone();
                case.loads[load].p_mw += by;
                solve(&case, &optimal()).map(|r| cost(&r))
            };
            let (Some(up), Some(down)) = (bumped(step), bumped(-step)) else {
                continue;
            };
            let slope = (up - down) / (2.0 * step);
            let price = lmp(report, &case.loads[load].bus);
            assert!(
                (slope - price).abs() < 1e-5 * price.abs().max(1.0),
                "seed {seed}, load {load}: {slope} against {price}"
            );
        }
    });
}

#[test]
fn what_loads_pay_beyond_supply_is_the_rent_of_the_lines() {
    on_random_cases(|seed, case, report| {
        let hours = optimal().interval_hours();
        let rent: f64 = case
            .branches
            .iter()
            .filter_map(|b| {
                Some(report.series(&format!("mu:{}", b.id))?.values[0].abs() * b.max_p_mw?)
            })
            .sum();
        // Phase shifters drive flow without an injection; their share of the rent is y·(their flow).
        let shifted = case.branches.iter().any(|b| b.shift_deg != 0.0);
        let surplus = report.ledger.net_usd("ISO") / hours;
        if !shifted {
            assert!(
                (surplus - rent).abs() < 1e-6 * rent.max(1.0),
                "seed {seed}: {surplus} against {rent}"
            );
        }
        let total: f64 = report
            .ledger
            .parties()
            .iter()
            .map(|p| report.ledger.net_usd(p))
            .sum();
        assert!(
            total.abs() < 1e-9,
            "seed {seed}: the ledger sums to {total}"
        );
    });
}

#[test]
fn twice_the_system_costs_twice_at_the_same_prices() {
    on_random_cases(|seed, case, report| {
        let mut double = case.clone();
        double.base_mva *= 2.0;
        double.loads.iter_mut().for_each(|l| l.p_mw *= 2.0);
        double
            .branches
            .iter_mut()
            .for_each(|b| b.max_p_mw = b.max_p_mw.map(|m| 2.0 * m));
        for g in &mut double.generators {
            g.max_p_mw *= 2.0;
            g.offer.iter_mut().for_each(|b| b.p_mw *= 2.0);
        }
        for d in &mut double.ders {
            d.max_p_mw *= 2.0;
            d.offer.iter_mut().for_each(|b| b.p_mw *= 2.0);
        }
        let twice = solve(&double, &optimal()).unwrap_or_else(|| panic!("seed {seed}"));
        assert!(
            (cost(&twice) - 2.0 * cost(report)).abs() < 1e-6 * cost(&twice),
            "seed {seed}"
        );
        if report.series("lmp_low:0").is_none() {
            for bus in &case.buses {
                assert!(
                    (lmp(&twice, &bus.id) - lmp(report, &bus.id)).abs() < 1e-6,
                    "seed {seed}"
                );
            }
        }
    });
}

#[test]
fn order_does_not_matter() {
    on_random_cases(|seed, case, report| {
        let mut rng = Rng::with_seed(seed + 1000);
        let mut shuffled = case.clone();
        rng.shuffle(&mut shuffled.buses);
        rng.shuffle(&mut shuffled.branches);
        rng.shuffle(&mut shuffled.generators);
        rng.shuffle(&mut shuffled.ders);
        rng.shuffle(&mut shuffled.loads);
        let again = solve(&shuffled, &optimal()).unwrap_or_else(|| panic!("seed {seed}"));
        assert!(
            (cost(&again) - cost(report)).abs() < 1e-6 * cost(report),
            "seed {seed}"
        );
    });
}

#[test]
fn more_room_on_a_line_never_costs_more() {
    on_random_cases(|seed, case, report| {
        for line in 0..case.branches.len() {
            let mut wider = case.clone();
            let Some(max) = &mut wider.branches[line].max_p_mw else {
                continue;
            };
            *max += 5.0;
            let relaxed = solve(&wider, &optimal()).unwrap_or_else(|| panic!("seed {seed}"));
            assert!(
                cost(&relaxed) <= cost(report) + 1e-6,
                "seed {seed}, line {line}"
            );
        }
    });
}

#[test]
fn the_reference_moves_the_parts_of_an_lmp_and_not_the_lmp() {
    on_random_cases(|seed, case, report| {
        let other = solve(
            case,
            &RtSced {
                reference: "1".into(),
                ..optimal()
            },
        )
        .unwrap();
        assert!(
            (cost(&other) - cost(report)).abs() < 1e-6 * cost(report),
            "seed {seed}"
        );
        if report.series("lmp_low:0").is_none() {
            for bus in &case.buses {
                assert!(
                    (lmp(&other, &bus.id) - lmp(report, &bus.id)).abs() < 1e-6,
                    "seed {seed}, bus {}",
                    bus.id
                );
            }
            let energy = other.series("energy").unwrap().values[0];
            assert!((energy - lmp(&other, "1")).abs() < 1e-6, "seed {seed}");
        }
    });
}

#[test]
fn the_rolling_process_keeps_its_promises_under_every_rule() {
    let rules = [
        Rule::Capacity,
        Rule::LatestSe,
        Rule::Unscheduled,
        Rule::MovingAverage,
        Rule::MeanOfAll,
        Rule::Smoothing,
        Rule::Weighted,
        Rule::MeritOrder,
        Rule::Block,
    ];
    for seed in 0..25 {
        let case = random_case(&mut Rng::with_seed(seed));
        for rule in rules {
            for operation in [Operation::AsInstructed, Operation::Curtailed] {
                let params = RtSced {
                    df: DistributionFactors {
                        rule,
                        ..Default::default()
                    },
                    operation,
                    intervals: 6,
                    load_profile: vec![1.0, 1.05, 0.95],
                    ..RtSced::default()
                };
                let Ok(report) = tandem::market::run(&case, &params) else {
                    // A curtailment with no solution ends the run with a sentence.
                    assert_eq!(operation, Operation::Curtailed, "seed {seed}, {rule:?}");
                    continue;
                };
                let steps = report.clock.as_ref().unwrap().steps;
                let value = |id: &str, t: usize| report.series(id).unwrap().values[t];
                for t in 0..steps {
                    let load: f64 = case
                        .loads
                        .iter()
                        .map(|l| value(&format!("load:{}", l.id), t))
                        .sum();
                    let units = case
                        .generators
                        .iter()
                        .map(|g| &g.id)
                        .chain(case.ders.iter().map(|d| &d.id));
                    let supply: f64 = units.map(|id| value(&format!("p:{id}"), t)).sum();
                    assert!(
                        (supply - load).abs() < 1e-6,
                        "seed {seed}, {rule:?}: supply {supply}, load {load}"
                    );
                    // Within limits, operation cannot beat the optimum.
                    let best = report
                        .series("cost_optimum")
                        .unwrap()
                        .values
                        .get(t)
                        .copied()
                        .unwrap_or(f64::NAN);
                    if value("overload", t) <= 1e-6 && best.is_finite() {
                        assert!(
                            value("cost", t) >= best - 1e-6,
                            "seed {seed}, {rule:?}, interval {}",
                            t + 1
                        );
                    }
                    if operation == Operation::Curtailed {
                        assert!(
                            value("overload", t) <= 1e-5,
                            "seed {seed}, {rule:?}: overload {}",
                            value("overload", t)
                        );
                    }
                    // By bid block nothing is distributed.
                    let distributed = case.aggregators.iter();
                    for aggregator in distributed.filter(|_| rule != Rule::Block) {
                        let sum: f64 = aggregator
                            .ders
                            .iter()
                            .map(|d| value(&format!("df:{d}"), t))
                            .sum();
                        assert!(
                            (sum - 1.0).abs() < 1e-9,
                            "seed {seed}, {rule:?}: factors sum to {sum}"
                        );
                    }
                }
                assert!(
                    report.certificates.iter().all(|c| c.certified),
                    "seed {seed}, {rule:?}"
                );
            }
        }
    }
}

#[test]
fn ramps_hold_between_intervals() {
    let mut case = tandem::case::builtin("zuo-4node").unwrap();
    case.generators[1].ramp_mw_per_min = Some(0.1);
    let params = RtSced {
        intervals: 6,
        load_profile: vec![1.0, 1.02, 1.04, 1.06],
        ..RtSced::default()
    };
    let report = solve(&case, &params).unwrap();
    let g4 = &report.series("p:G4").unwrap().values;
    for pair in g4.windows(2) {
        assert!((pair[1] - pair[0]).abs() <= 0.5 + 1e-9, "{g4:?}");
    }
}

#[test]
fn an_infeasible_market_names_the_limits_and_a_cure_that_cures() {
    let mut case = tandem::case::builtin("zuo-4node").unwrap();
    case.branches[1].max_p_mw = Some(3.0);
    case.generators[1].max_p_mw = 5.0;
    let params = RtSced {
        intervals: 3,
        ..RtSced::default()
    };
    let report = tandem::market::run(&case, &params).unwrap();
    assert_eq!(report.status, Status::Infeasible);
    let message = &report.messages[0];
    assert!(
        report.headline.contains("No dispatch exists in interval 1"),
        "{}",
        report.headline
    );
    let cure = message
        .cures
        .iter()
        .find(|c| c.path == "case.branches.2-3.max_p_mw")
        .expect("a cure by the line");
    case.branches[1].max_p_mw = Some(cure.value);
    // The cure is for the interval it was asked for; what the feedback does next is another story.
    let cured = tandem::market::run(
        &case,
        &RtSced {
            intervals: 1,
            ..params
        },
    )
    .unwrap();
    assert_eq!(cured.status, Status::Solved, "{}", cured.headline);
}

/// The text of a large grid holds flows and cycles in the place of shift factors: the same cost, by another solver.
#[test]
fn the_program_by_flows_costs_the_same() {
    on_random_cases(|seed, case, report| {
        let params = optimal();
        let system = System::new(case, &params).unwrap();
        let mut process = Process::start(&system, &params, &[]).unwrap();
        let model = process.ask(&system, &params, 0, |request| {
            Ok(flow_program(&system, request).unwrap())
        });
        let model = model.unwrap_or_else(|_| panic!("seed {seed}"));
        assert_eq!(
            model
                .rows()
                .iter()
                .filter(|row| row.name.starts_with("balance"))
                .count(),
            case.buses.len()
        );
        let by_flows = conic::solve(&model).unwrap().objective;
        assert!(
            (by_flows - cost(report)).abs() <= 1e-6 * (1.0 + by_flows.abs()),
            "seed {seed}: {by_flows} against {}",
            cost(report)
        );
    });
}
