//! Seeded random linear programs through three solvers, their certificates, their prices.
//!
//! Costs, coefficients and limits are small whole numbers in half of the cases, so that
//! ties and degenerate vertices are common.

use crate::optimum;
use fastrand::Rng;
use tandem::opt::{Constraint, DualFace, Duals, Failure, Model, Row, Var, certify, conic, simplex};

const INF: f64 = f64::INFINITY;
const SEED: u64 = 20_260_713;

/// A number in [low, high], whole when `whole`.
fn number(random: &mut Rng, whole: bool, low: f64, high: f64) -> f64 {
    let at = low + (high - low) * random.f64();
    if whole { at.round() } else { at }
}

/// Supply blocks, one balance, some line limits through shift factors: feasible, because
/// the limits are drawn around a dispatch that meets the load.
fn dispatch(random: &mut Rng, case: usize) -> Model {
    let whole = random.bool();
    let block_ends = random.u8(0..4) == 0;
    let n = random.usize(2..14);
    let mut model = Model::new(format!("dispatch {case}"));
    let mut start = Vec::new();
    for j in 0..n {
        let size = number(random, whole, 1.0, 10.0);
        let cost = number(random, whole, 5.0, 30.0);
        model.var(format!("b{j}"), 0.0, size, cost);
        start.push(number(random, whole, 0.0, size));
    }
    if block_ends {
        // The load ends where the cheapest k blocks end.
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| model.vars()[a].cost.total_cmp(&model.vars()[b].cost));
        let k = random.usize(1..=n);
        for (place, &j) in order.iter().enumerate() {
            start[j] = if place < k {
                model.vars()[j].upper
            } else {
                0.0
            };
        }
    }
    let load: f64 = start.iter().sum();
    model.row("balance", (0..n).map(|j| (Var(j), 1.0)), load, load);
    for l in 0..random.usize(0..5) {
        let shift = |random: &mut Rng| {
            let factor = 2.0 * random.f64() - 1.0;
            if whole {
                (2.0 * factor).round() / 2.0
            } else {
                factor
            }
        };
        let terms: Vec<(Var, f64)> = (0..n).map(|j| (Var(j), shift(random))).collect();
        let flow: f64 = terms.iter().zip(&start).map(|((_, a), x)| a * x).sum();
        let limit = flow.abs() + number(random, whole, 0.0, 4.0);
        model.row(format!("line{l}"), terms, -limit, limit);
    }
    model
}

/// Rows and bounds of every kind about a point x0, costs Aᵀy + z of a dual feasible pair:
/// feasible and bounded by construction.
fn general(random: &mut Rng, case: usize) -> Model {
    let whole = random.bool();
    let (n, m) = (random.usize(1..10), random.usize(0..10));
    let mut model = Model::new(format!("general {case}"));
    let x0: Vec<f64> = (0..n).map(|_| number(random, whole, -5.0, 5.0)).collect();
    let mut costs = vec![0.0; n];
    let mut rows = Vec::new();
    for i in 0..m {
        let terms: Vec<(Var, f64)> = (0..n)
            .filter(|_| random.f64() < 0.6)
            .map(|j| (Var(j), 1.0))
            .collect();
        let terms: Vec<(Var, f64)> = terms
            .into_iter()
            .map(|(v, _)| (v, number(random, whole, -4.0, 4.0)))
            .collect();
        let value: f64 = terms.iter().map(|&(v, a)| a * x0[v.0]).sum();
        let room = number(random, whole, 0.0, 3.0);
        let size = number(random, whole, 0.0, 3.0);
        let (lower, upper, y) = match random.u8(0..4) {
            0 => (value, value, size - 1.5),
            1 => (value - room, INF, size),
            2 => (-INF, value + room, -size),
            _ => (value - room, value + size, 0.0),
        };
        for &(v, a) in &terms {
            costs[v.0] += a * y;
        }
        rows.push((format!("r{i}"), terms, lower, upper));
    }
    for (j, &x) in x0.iter().enumerate() {
        let room = number(random, whole, 0.0, 4.0);
        let size = number(random, whole, 0.0, 2.0);
        let (lower, upper, z) = match random.u8(0..5) {
            0 => (-INF, INF, 0.0),
            1 => (x - room, INF, size),
            2 => (-INF, x + room, -size),
            3 => (x, x, size - 1.0),
            _ => (x - room, x + size, size - 1.0),
        };
        model.var(format!("x{j}"), lower, upper, costs[j] + z);
    }
    for (name, terms, lower, upper) in rows {
        model.row(name, terms, lower, upper);
    }
    model
}

fn models(count: usize) -> impl Iterator<Item = (Rng, Model)> {
    let mut random = Rng::with_seed(SEED);
    (0..count).map(move |case| {
        let model = if case % 2 == 0 {
            dispatch(&mut random, case)
        } else {
            general(&mut random, case)
        };
        (random.fork(), model)
    })
}

fn assert_certified(model: &Model, x: &[f64], duals: &Duals) {
    let certificate = certify(model.name(), model, x, Some(duals));
    assert!(certificate.certified, "seed {SEED}: {certificate:?}");
}

/// Vertex prices and interior-point duals both prove their own point optimal, and the two
/// costs agree.
#[test]
fn simplex_and_interior_point_agree_and_both_are_certified() {
    for (_, model) in models(600) {
        let vertex = optimum(&model);
        let face = DualFace::new(&model, &vertex.x)
            .unwrap_or_else(|why| panic!("seed {SEED}, {}: {why}", model.name()));
        assert_certified(&model, &vertex.x, &face.duals(&[]).unwrap());
        let Ok(inner) = conic::solve(&model) else {
            panic!("seed {SEED}, {}: {:?}", model.name(), conic::solve(&model));
        };
        let scale = 1.0 + vertex.objective.abs();
        assert!(
            (vertex.objective - inner.objective).abs() < 1e-6 * scale,
            "seed {SEED}, {}: {} and {}",
            model.name(),
            vertex.objective,
            inner.objective
        );
        // The other solver's multipliers prove this solver's point optimal, too.
        assert_certified(&model, &vertex.x, &inner.duals.unwrap());
    }
}

/// The independent third opinion. minilp 0.2.2 leaves rows violated by up to 1e-3, may
/// panic, and may return NaN as a solution (measured on other problems): its cost may be
/// off by 1e-3 times the prices, and a few of its answers may be missing.
#[test]
fn minilp_agrees() {
    let (mut agreed, mut missing) = (0, 0);
    for (_, model) in models(400) {
        let ours = optimum(&model);
        let theirs = std::panic::catch_unwind(|| minilp_objective(&model));
        match theirs {
            Ok(Some(theirs)) if theirs.is_finite() => {
                let face = DualFace::new(&model, &ours.x).unwrap();
                let duals = face.duals(&[]).unwrap();
                let price = duals.rows.iter().chain(&duals.reduced);
                let price = price.fold(1.0_f64, |p, y| p.max(y.abs()));
                assert!(
                    (theirs - ours.objective).abs() < 1e-3 * price,
                    "seed {SEED}, {}: minilp {theirs}, ours {}",
                    model.name(),
                    ours.objective
                );
                agreed += 1;
            }
            _ => missing += 1,
        }
    }
    assert!(
        agreed >= 380,
        "{agreed} agreed, {missing} without an answer"
    );
}

fn minilp_objective(model: &Model) -> Option<f64> {
    use minilp::{ComparisonOp, OptimizationDirection, Problem};
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let vars: Vec<_> = model
        .vars()
        .iter()
        .map(|c| problem.add_var(c.cost, (c.lower, c.upper)))
        .collect();
    for row in model.rows() {
        let terms: Vec<_> = row.terms.iter().map(|&(v, a)| (vars[v.0], a)).collect();
        if row.lower == row.upper {
            problem.add_constraint(&*terms, ComparisonOp::Eq, row.upper);
            continue;
        }
        if row.lower.is_finite() {
            problem.add_constraint(&*terms, ComparisonOp::Ge, row.lower);
        }
        if row.upper.is_finite() {
            problem.add_constraint(&*terms, ComparisonOp::Le, row.upper);
        }
    }
    problem
        .solve()
        .ok()
        .map(|s| s.objective() + model.constant())
}

/// The ends of a price interval are what one more and one less unit of the balance cost:
/// re-solved, not differentiated by the same code.
#[test]
fn price_intervals_are_the_cost_of_the_next_and_the_last_unit() {
    let step = 1e-4;
    let (mut ties, mut ends) = (0, 0);
    let mut random = Rng::with_seed(SEED ^ 1);
    for case in 0..300 {
        let model = dispatch(&mut random, case);
        let here = optimum(&model);
        let face = DualFace::new(&model, &here.x).unwrap();
        let balance = Row(0);
        let (low, high) = face.interval(&[(balance, 1.0)]).unwrap();
        let load = model.rows()[0].upper;
        let moved = |by: f64| {
            let mut model = model.clone();
            model.set_limits(balance, load + by, load + by);
            match simplex::solve(&model) {
                Ok(there) => (there.objective - here.objective) / by,
                Err(Failure::Infeasible) => INF * by.signum(),
                other => panic!("{other:?}"),
            }
        };
        for (end, measured) in [(high, moved(step)), (low, moved(-step))] {
            let agree = end == measured || (end - measured).abs() < 1e-4 * (1.0 + end.abs());
            assert!(agree, "case {case}: {end} is not {measured}");
        }
        if high - low > 1e-6 {
            ties += 1;
            assert!(!face.is_unique());
        }
        if high.is_infinite() || low.is_infinite() {
            ends += 1;
        } else {
            let next = face.duals(&[(balance, 1.0)]).unwrap().rows[0];
            assert!((next - high).abs() < 1e-7 * (1.0 + high.abs()));
        }
    }
    assert!(
        ties > 30 && ends > 0,
        "{ties} ties, {ends} open ends: too few to test"
    );
}

/// A face is unique exactly when no row has an interval.
#[test]
fn uniqueness_is_the_width_of_every_interval() {
    let (mut unique, mut tied) = (0, 0);
    for (_, model) in models(200) {
        let face = DualFace::new(&model, &optimum(&model).x).unwrap();
        let widest = (0..model.rows().len())
            .map(|i| face.interval(&[(Row(i), 1.0)]).unwrap())
            .map(|(low, high)| if low == high { 0.0 } else { high - low })
            .fold(0.0, f64::max);
        assert_eq!(face.is_unique(), widest < 1e-6, "{}", model.name());
        if face.is_unique() {
            unique += 1;
        } else {
            tied += 1;
        }
    }
    assert!(unique > 50 && tied > 10, "{unique} unique, {tied} tied");
}

/// Rows held back and added when violated, upper and lower side alike, give the optimum of
/// the whole model, and the rows added stand in the model.
#[test]
fn lazy_rows_give_the_same_optimum() {
    let mut added = 0;
    for (_, full) in models(300) {
        let mut model = Model::new(full.name());
        for column in full.vars() {
            // Finite bounds: the program without its rows must be bounded.
            let (lower, upper) = (column.lower.max(-50.0), column.upper.min(50.0));
            model.var(&*column.name, lower, upper, column.cost);
        }
        let mut whole = model.clone();
        for row in full.rows() {
            whole.push(row.clone());
        }
        let expected = optimum(&whole);
        let outcome = simplex::solve_lazy(&mut model, |x| {
            // Every row, met or not: those that are met must be ignored.
            let mut rows: Vec<Constraint> = full.rows().to_vec();
            rows.retain(|row| {
                let value: f64 = row.terms.iter().map(|&(v, a)| a * x[v.0]).sum();
                value < row.lower - 1e-9 || value > row.upper + 1e-9
            });
            rows
        });
        let Ok(solution) = outcome else {
            panic!("{}: {outcome:?}", full.name())
        };
        let scale = 1.0 + expected.objective.abs();
        assert!((solution.objective - expected.objective).abs() < 1e-6 * scale);
        assert!(certify("whole", &whole, &solution.x, None).certified);
        let duals = DualFace::new(&model, &solution.x).unwrap();
        assert_certified(&model, &solution.x, &duals.duals(&[]).unwrap());
        added += model.rows().len();
    }
    assert!(added > 200, "{added} rows added");
}

#[test]
fn a_callback_that_never_tires_of_a_binding_row_ends() {
    let mut model = Model::new("stubborn");
    let x = model.var("x", 0.0, 10.0, -1.0);
    let outcome = simplex::solve_lazy(&mut model, |_| {
        vec![Constraint {
            name: "cap".into(),
            terms: vec![(x, 1.0)],
            lower: 2.0,
            upper: 4.0,
            ..Constraint::default()
        }]
    });
    assert!(matches!(outcome, Ok(s) if s.x == [4.0]));
    assert_eq!(model.rows().len(), 1);
}

#[test]
fn statuses_of_small_programs() {
    let empty = Model::new("empty");
    assert!(matches!(simplex::solve(&empty), Ok(s) if s.x.is_empty()));
    let mut model = Model::new("one");
    let x = model.var("x", -INF, INF, 1.0);
    assert!(matches!(simplex::solve(&model), Err(Failure::Unbounded)));
    model.row("floor", [(x, 2.0), (x, -1.0)], -3.0, INF);
    assert_eq!(model.rows()[0].terms, [(x, 1.0)]);
    assert!(matches!(simplex::solve(&model), Ok(s) if s.objective == -3.0));
    model.row("ceiling", [(x, 1.0)], -INF, -4.0);
    assert!(matches!(simplex::solve(&model), Err(Failure::Infeasible)));
    let mut crossed = Model::new("crossed");
    crossed.var("x", 1.0, 0.0, 1.0);
    assert!(matches!(simplex::solve(&crossed), Err(Failure::Infeasible)));
    let mut impossible = Model::new("empty row");
    impossible.row("0 ≥ 1", [], 1.0, INF);
    assert!(matches!(
        simplex::solve(&impossible),
        Err(Failure::Infeasible)
    ));
}

#[test]
fn malformed_models_are_refused_by_name() {
    let refused = |model: &Model, name: &str| match simplex::solve(model) {
        Err(Failure::Refused(why)) => assert!(why.contains(name), "{why}"),
        other => panic!("{other:?}"),
    };
    let mut model = Model::new("bad");
    let x = model.var("load", 0.0, f64::NAN, 1.0);
    refused(&model, "load");
    model.set_bounds(x, INF, INF);
    refused(&model, "load");
    model.set_bounds(x, 0.0, 1.0);
    model.set_cost(x, INF);
    refused(&model, "load");
    model.set_cost(x, 1.0);
    model.row("line 2-3", [(x, f64::NAN)], 0.0, 1.0);
    refused(&model, "line 2-3");
    model.truncate_rows(0);
    model.row("line 1-2", [(Var(7), 1.0)], 0.0, 1.0);
    refused(&model, "line 1-2");
    model.truncate_rows(0);
    model.quadratic(x, x, 1.0);
    refused(&model, "quadratic");
}

/// What is wrong must show: a moved point, a moved price, a wrong sign, a NaN.
#[test]
fn certificates_reject_what_is_not_optimal() {
    let mut model = Model::new("corner");
    let a = model.var("a", 0.0, 5.0, 10.0);
    let b = model.var("b", 0.0, 5.0, 20.0);
    model.row("need", [(a, 1.0), (b, 1.0)], 7.0, INF);
    let x = [5.0, 2.0];
    let duals = Duals {
        rows: vec![20.0],
        reduced: vec![-10.0, 0.0],
        cones: Vec::new(),
        unique: true,
    };
    let check = |x: &[f64], duals: &Duals| certify("corner", &model, x, Some(duals));
    let good = check(&x, &duals);
    assert!(good.certified);
    assert_eq!(
        (good.primal_residual, good.dual_residual, good.gap),
        (0.0, 0.0, 0.0)
    );
    let with = |change: &dyn Fn(&mut Duals)| {
        let mut duals = duals.clone();
        change(&mut duals);
        check(&x, &duals)
    };
    // Short of the need by 1e-4; over the bound; dearer than need be.
    assert!((check(&[5.0, 1.9999], &duals).primal_residual - 1e-4).abs() < 1e-12);
    assert!(!check(&[5.0, 1.9999], &duals).certified);
    assert!(!check(&[5.001, 2.0], &duals).certified);
    assert!(!check(&[4.0, 3.0], &duals).certified);
    // A price that does not explain the costs, a price of the wrong sign, no numbers.
    assert!(!with(&|d| d.rows[0] = 19.0).certified);
    assert!((with(&|d| d.reduced[1] = 1.0).dual_residual - 1.0).abs() < 1e-12);
    let negative = with(&|d| (d.rows, d.reduced) = (vec![-1.0], vec![11.0, 21.0]));
    assert!(!negative.certified);
    assert!(negative.dual_residual >= 1.0);
    assert!(!with(&|d| d.rows[0] = f64::NAN).certified);
    assert!(!with(&|d| d.rows.clear()).certified);
    assert!(!check(&[f64::NAN, 2.0], &duals).certified);
    assert!(!check(&[5.0], &duals).certified);
    let feasible = certify("corner", &model, &[4.0, 3.0], None);
    assert!(feasible.certified && feasible.gap.is_nan() && feasible.dual_residual.is_nan());
}
