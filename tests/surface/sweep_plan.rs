//! The plan on made-up functions whose breakpoints are known.

use tandem::sweep::inside::{Between, Plan, Sample};
use tandem::sweep::values;

type Numbers = Option<Vec<f64>>;

/// Solves a function until nothing is left to ask.
fn swept(grid: usize, most: usize, of: &dyn Fn(f64) -> Numbers) -> Plan {
    let mut plan = Plan::new(values(0.0, 10.0, grid), most, true);
    while let Some(value) = plan.next() {
        assert!((0.0..=10.0).contains(&value), "{value} is outside");
        let numbers = of(value);
        plan.take(Sample { value, numbers });
    }
    assert!(plan.samples().len() <= most);
    plan
}

/// The breakpoints between the ends; every place must be settled.
fn breakpoints(plan: &Plan) -> Vec<f64> {
    let runs = plan.runs();
    assert!(runs.iter().all(|run| plan.is_checked(run)));
    let mut all: Vec<f64> = Vec::new();
    for between in plan.betweens(&runs) {
        match between {
            Between::At(value) => all.push(value),
            other => panic!("not settled: {other:?}"),
        }
    }
    all[1..all.len() - 1].to_vec()
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], within: f64) {
    let same = found.len() == expected.len();
    let close = found
        .iter()
        .zip(expected)
        .all(|(a, b)| (a - b).abs() <= within);
    assert!(same && close, "{found:?} are not {expected:?}");
}

/// The pieces against 400 values of the function itself.
fn agrees_everywhere(plan: &Plan, of: &dyn Fn(f64) -> Numbers) {
    let runs = plan.runs();
    let ends = breakpoints(plan);
    for value in values(0.0, 10.0, 401) {
        if ends.iter().any(|end| (end - value).abs() < 2e-5) {
            continue;
        }
        let run = &runs[ends.partition_point(|end| *end < value)];
        match of(value) {
            None => assert!(plan.samples()[run.first].numbers.is_none(), "at {value}"),
            Some(numbers) => {
                for (k, number) in numbers.iter().enumerate() {
                    let ours = plan.on(run, k, value);
                    let close = (ours - number).abs() <= 1e-8 * plan.size(k);
                    let missing = ours.is_nan() && number.is_nan();
                    assert!(close || missing, "{k} at {value}: {ours}, {number}");
                }
            }
        }
    }
}

#[test]
fn a_straight_line_needs_its_ends_and_two_checks() {
    let plan = swept(5, 100, &|x| Some(vec![3.0 - 2.0 * x, 7.0]));
    assert!(breakpoints(&plan).is_empty());
    assert_eq!(plan.samples().len(), 7);
}

/// Cost bends where the price jumps: at 10/3 and at 7, of which neither is asked for at first.
#[test]
fn breakpoints_are_where_the_strokes_of_a_bending_number_meet() {
    let price = |x: f64| match x {
        x if x < 10.0 / 3.0 => 10.0,
        x if x < 7.0 => 30.0,
        _ => 50.0,
    };
    let cost = |x: f64| {
        let third = 10.0 / 3.0;
        10.0 * x.min(third) + 30.0 * (x.min(7.0) - third).max(0.0) + 50.0 * (x - 7.0).max(0.0)
    };
    let of = |x: f64| Some(vec![cost(x), price(x)]);
    let plan = swept(6, 60, &of);
    near(&breakpoints(&plan), &[10.0 / 3.0, 7.0], 1e-9);
    agrees_everywhere(&plan, &of);
    // Both sides of the first breakpoint: the price before and behind, the cost the same.
    let runs = plan.runs();
    assert_eq!(plan.on(&runs[0], 1, 10.0 / 3.0), 10.0);
    assert_eq!(plan.on(&runs[1], 1, 10.0 / 3.0), 30.0);
    let (left, right) = (
        plan.on(&runs[0], 0, 10.0 / 3.0),
        plan.on(&runs[1], 0, 10.0 / 3.0),
    );
    assert!((left - right).abs() < 1e-9);
    assert!(
        plan.samples().len() <= 24,
        "{} solves",
        plan.samples().len()
    );
}

/// At an evenly spaced value stands a breakpoint, and the price there is neither of the two.
#[test]
fn a_tie_at_an_asked_value_is_a_breakpoint_with_both_sides() {
    let of = |x: f64| {
        let price = match x {
            x if (x - 4.0).abs() < 1e-7 => 17.5,
            x if x < 4.0 => 10.0,
            _ => 20.0,
        };
        Some(vec![price])
    };
    let plan = swept(6, 60, &of);
    near(&breakpoints(&plan), &[4.0], 1e-12);
    let runs = plan.runs();
    assert_eq!(
        (plan.on(&runs[0], 0, 4.0), plan.on(&runs[1], 0, 4.0)),
        (10.0, 20.0)
    );
    // At an end of the range it is no breakpoint: only one side is in sight.
    let of = |x: f64| Some(vec![if x < 1e-7 { 17.5 } else { 20.0 }]);
    assert!(breakpoints(&swept(6, 60, &of)).is_empty());
}

#[test]
fn a_pure_jump_is_halved_down() {
    let at = std::f64::consts::PI;
    let of = |x: f64| Some(vec![if x < at { 10.0 } else { 20.0 }, 5.0]);
    let plan = swept(6, 100, &of);
    near(&breakpoints(&plan), &[at], 1e-8);
    agrees_everywhere(&plan, &of);
}

/// A piece of a hundredth of the range between two others, between two evenly spaced values.
#[test]
fn a_tiny_piece_between_two_others_is_found() {
    let of = |x: f64| {
        let bend = (x - 4.31).clamp(0.0, 0.1);
        Some(vec![2.0 * x + 40.0 * bend + 3.0 * (x - 4.41).max(0.0)])
    };
    let plan = swept(6, 150, &of);
    near(&breakpoints(&plan), &[4.31, 4.41], 1e-8);
    agrees_everywhere(&plan, &of);
}

#[test]
fn the_end_of_what_has_an_answer_is_a_breakpoint() {
    let of = |x: f64| {
        (2.0..=8.5)
            .contains(&x)
            .then(|| vec![x, (x - 6.0).max(0.0)])
    };
    let plan = swept(11, 200, &of);
    near(&breakpoints(&plan), &[2.0, 6.0, 8.5], 1e-8);
    agrees_everywhere(&plan, &of);
    // No answer anywhere.
    let plan = swept(11, 200, &|_| None);
    assert!(breakpoints(&plan).is_empty());
}

/// Many pieces with jumps, against 400 values; a number that is missing on a stretch bounds pieces too.
#[test]
fn random_functions_agree_with_400_values() {
    let mut random = fastrand::Rng::with_seed(20_261);
    let mut tried = 0;
    while tried < 30 {
        let mut ends: Vec<f64> = (0..1 + random.usize(0..7))
            .map(|_| 10.0 * random.f64())
            .collect();
        ends.sort_by(f64::total_cmp);
        let apart = |pair: &[f64]| pair[1] - pair[0] > 0.05;
        if !ends.windows(2).all(apart) || ends[0] < 0.05 || ends[ends.len() - 1] > 9.95 {
            continue;
        }
        tried += 1;
        let lines: Vec<[f64; 2]> = (0..=ends.len())
            .map(|_| [random.f64() * 20.0 - 10.0, random.f64() * 8.0 - 4.0])
            .collect();
        let gap = random.usize(0..3 * ends.len());
        let of = |x: f64| {
            let k = ends.partition_point(|end| *end <= x);
            let [height, slope] = lines[k];
            let second = if k == gap { f64::NAN } else { height };
            Some(vec![height + slope * x, second])
        };
        let plan = swept(21, 1000, &of);
        near(&breakpoints(&plan), &ends, 1e-7);
        agrees_everywhere(&plan, &of);
    }
}

/// A curve is told from pieces with few solves, and does not keep a straight piece beside it from being found.
#[test]
fn a_curve_stays_sampled() {
    let curve = |x: f64| x * x * x;
    let plan = swept(11, 400, &|x| Some(vec![curve(x)]));
    let runs = plan.runs();
    assert!(runs.is_empty());
    assert_eq!(plan.betweens(&runs), [Between::Curve]);
    assert!(
        plan.samples().len() <= 60,
        "{} solves",
        plan.samples().len()
    );
    let plan = swept(11, 400, &|x| {
        Some(vec![if x < 5.0 { 125.0 } else { curve(x) }])
    });
    let runs = plan.runs();
    assert_eq!(runs.len(), 1);
    let betweens = plan.betweens(&runs);
    assert_eq!(betweens, [Between::At(0.0), Between::Curve]);
    assert!((plan.samples()[runs[0].last].value - 5.0).abs() < 0.3);
}

/// Parabolas that meet where their slopes agree and a straight number bends; a short one is found, too.
#[test]
fn a_parabola_is_known_by_three_samples() {
    let of = |x: f64| {
        let price = 10.0 + 2.0 * x.min(4.31) + 5.0 * (x - 7.7).max(0.0);
        let short = (x - 9.0).clamp(0.0, 0.2);
        let cost = 10.0 * x + x.min(4.31).powi(2) + 8.62 * (x - 4.31).max(0.0);
        let cost = cost + 2.5 * (x - 7.7).max(0.0).powi(2);
        Some(vec![cost, price, short * short])
    };
    let plan = swept(11, 400, &of);
    assert!(plan.is_parabola(0) && !plan.is_parabola(1));
    near(&breakpoints(&plan), &[4.31, 7.7, 9.0, 9.2], 1e-6);
    agrees_everywhere(&plan, &of);
    assert!(plan.samples().len() < 120, "{}", plan.samples().len());
}

/// A curve beside a number that is straight but for one bend.
#[test]
fn a_curve_does_not_hide_a_bend_of_another_number() {
    let plan = swept(11, 400, &|x| Some(vec![x * x * x, (x - 4.31).abs()]));
    assert!(plan.is_curve(0) && !plan.is_curve(1));
    near(&breakpoints(&plan), &[4.31], 1e-8);
}

#[test]
fn spent_solves_leave_a_place_open() {
    let of = |x: f64| Some(vec![(x - 4.31).abs(), if x < 7.7 { 1.0 } else { 2.0 }]);
    let plan = swept(6, 12, &of);
    assert_eq!(plan.samples().len(), 12);
    assert!(plan.is_sampled());
    let betweens = plan.betweens(&plan.runs());
    assert!(betweens.iter().any(|b| matches!(b, Between::Open { .. })));
    // With more of them it is settled.
    near(&breakpoints(&swept(6, 100, &of)), &[4.31, 7.7], 1e-8);
}

/// The values asked for do not depend on how the answers came: a plan fed from the other end asks the same.
#[test]
fn the_plan_is_a_function_of_its_samples() {
    let of = |x: f64| Some(vec![(x - 4.31).abs()]);
    let one = swept(6, 100, &of);
    let mut other = Plan::new(values(0.0, 10.0, 6), 100, true);
    for sample in one.samples().iter().rev() {
        other.take(sample.clone());
    }
    assert_eq!(other.next(), None);
    assert_eq!(breakpoints(&one), breakpoints(&other));
}
