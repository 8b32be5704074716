//! Costs that bend, along single variables and of products: by hand, against the interior point, and where limits coincide.

use fastrand::Rng;
use tandem::opt::parametric::next;
use tandem::opt::quadratic::{solve, solve_lazy, solve_lazy_near};
use tandem::opt::{Constraint, DualFace, Failure, Model, Row, Var, certify, conic, simplex};

use crate::close;

const INF: f64 = f64::INFINITY;

/// A unit whose marginal cost starts at `usd` and rises by `slope` for each MW.
fn unit(model: &mut Model, max: f64, usd: f64, slope: f64) -> Var {
    let v = model.var("unit", 0.0, max, usd);
    model.quadratic(v, v, 0.5 * slope);
    v
}

/// 10 + 0.2 p and 14 + 0.1 p, each up to 100 MW.
fn two(load: f64) -> (Model, Row) {
    let mut model = Model::new("two units");
    let a = unit(&mut model, 100.0, 10.0, 0.2);
    let b = unit(&mut model, 100.0, 14.0, 0.1);
    let row = model.row("load", [(a, 1.0), (b, 1.0)], load, load);
    (model, row)
}

/// By hand: 5 (λ − 10) + 10 (λ − 14) = 60 gives λ = 50/3; a = 100/3, b = 80/3; cost 10 a + 0.1 a² + 14 b + 0.05 b².
#[test]
fn two_units_have_one_marginal_cost() {
    let (model, row) = two(60.0);
    let found = solve(&model).unwrap();
    let (a, b) = (100.0 / 3.0, 80.0 / 3.0);
    close(found.x[0], a);
    close(found.x[1], b);
    close(
        found.objective,
        10.0 * a + 0.1 * a * a + 14.0 * b + 0.05 * b * b,
    );
    let duals = found.duals.unwrap();
    close(duals.rows[row.0], 50.0 / 3.0);
    assert!(certify("two", &model, &found.x, Some(&duals)).certified);
    let face = DualFace::new(&model, &found.x).unwrap();
    let (low, high) = face.interval(&[(row, 1.0)]).unwrap();
    close(low, 50.0 / 3.0);
    close(high, 50.0 / 3.0);
}

/// One more MW is shared 1 : 2, against the slopes, and the price rises by 1 / (5 + 10) $/MWh.
#[test]
fn the_next_mw_is_shared_against_the_slopes() {
    let (model, row) = two(60.0);
    for way in [1.0, -1.0] {
        let found = next(&model, &[(row, way)]).unwrap().unwrap();
        close(found.price, way * 50.0 / 3.0);
        close(found.bend, 1.0 / 15.0);
        let by: Vec<f64> = found.moves.iter().map(|m| m.1).collect();
        close(by[0], way / 3.0);
        close(by[1], way * 2.0 / 3.0);
        // Up to b at 100 MW (λ = 24, a = 70), down to b at none (λ = 14, a = 20).
        close(found.reach, if way > 0.0 { 110.0 } else { 40.0 });
    }
}

/// At 170 MW b stands exactly at its 100 MW with λ = 24: the next MW is a's alone and rises by 0.2, the last is
/// shared; at 200 MW both are full, no MW more can be served, and the last saves 30 of a.
#[test]
fn a_unit_exactly_at_its_end_is_let_go_on_one_side() {
    let (model, row) = two(170.0);
    let found = solve(&model).unwrap();
    close(found.x[1], 100.0);
    let more = next(&model, &[(row, 1.0)]).unwrap().unwrap();
    close(more.price, 24.0);
    close(more.bend, 0.2);
    assert_eq!(more.moves.len(), 1);
    close(more.reach, 30.0);
    let less = next(&model, &[(row, -1.0)]).unwrap().unwrap();
    close(less.price, -24.0);
    close(less.bend, 1.0 / 15.0);
    let (full, row) = two(200.0);
    let found = solve(&full).unwrap();
    assert_eq!(found.x, [100.0, 100.0]);
    let face = DualFace::new(&full, &found.x).unwrap();
    assert_eq!(face.interval(&[(row, 1.0)]).unwrap(), (30.0, INF));
    assert!(next(&full, &[(row, 1.0)]).unwrap().is_none());
    close(next(&full, &[(row, -1.0)]).unwrap().unwrap().price, -30.0);
}

/// A flat unit at 18 beside them: λ stays 18 while it has room, at 40 + 40 MW of the others.
#[test]
fn a_flat_unit_holds_the_price() {
    let (mut model, row) = two(0.0);
    let flat = model.var("flat", 0.0, 30.0, 18.0);
    let mut terms = model.rows()[row.0].terms.clone();
    terms.push((flat, 1.0));
    model.truncate_rows(0);
    let row = model.row("load", terms, 90.0, 90.0);
    let found = solve(&model).unwrap();
    close(found.x[0], 40.0);
    close(found.x[1], 40.0);
    close(found.x[2], 10.0);
    let more = next(&model, &[(row, 1.0)]).unwrap().unwrap();
    close(more.price, 18.0);
    close(more.bend, 0.0);
    close(more.reach, 20.0);
    // At 80 MW it stands empty, at its own price: the last MW is shared, the next is its own.
    model.set_limits(row, 80.0, 80.0);
    close(next(&model, &[(row, 1.0)]).unwrap().unwrap().bend, 0.0);
    close(
        next(&model, &[(row, -1.0)]).unwrap().unwrap().bend,
        1.0 / 15.0,
    );
}

/// By hand, with 0.1 a b on top: 10 + 0.2 a + 0.1 b = 14 + 0.1 b + 0.1 a gives a = 40, b = 20 and 20 $/MWh; one more MW
/// is b's, 0.1 a + 0.1 b the rise of both.
#[test]
fn a_product_bends_both() {
    let (mut model, row) = two(60.0);
    model.quadratic(Var(0), Var(1), 0.1);
    let found = solve(&model).unwrap();
    close(found.x[0], 40.0);
    close(found.x[1], 20.0);
    close(found.duals.unwrap().rows[row.0], 20.0);
    let next = next(&model, &[(row, 1.0)]).unwrap().unwrap();
    close(next.price, 20.0);
    close(next.bend, 0.1);
    assert_eq!(next.moves.len(), 1);
    // Until b is at 100 MW.
    close(next.reach, 80.0);
}

#[test]
fn what_is_not_of_this_kind_is_refused() {
    // 0.1 a² + 0.05 b² + 0.3 a b falls along (1, −1).
    let (mut model, _) = two(10.0);
    model.quadratic(Var(0), Var(1), 0.3);
    assert!(matches!(solve(&model), Err(Failure::Refused(_))));
    let mut model = Model::new("bends downward");
    unit(&mut model, 1.0, 1.0, -0.1);
    assert!(matches!(solve(&model), Err(Failure::Refused(_))));
    assert_eq!(solve(&two(201.0).0).unwrap_err(), Failure::Infeasible);
    let mut model = Model::new("no end");
    unit(&mut model, 1.0, 1.0, 0.1);
    model.var("pays", 0.0, INF, -1.0);
    assert_eq!(solve(&model).unwrap_err(), Failure::Unbounded);
}

/// Units with and without slopes, in round numbers so that many limits coincide, lines over them, and a load.
fn random(rng: &mut Rng, products: bool) -> (Model, Row, Vec<Constraint>) {
    let mut model = Model::new("random");
    let n = rng.usize(2..9);
    let units: Vec<Var> = (0..n)
        .map(|_| {
            let max = 10.0 * rng.usize(1..6) as f64;
            let usd = 5.0 * rng.usize(1..8) as f64;
            let slope = match rng.u8(0..3) {
                0 => 0.0,
                1 => 0.1 * rng.usize(1..6) as f64,
                _ => 0.5,
            };
            unit(&mut model, max, usd, slope)
        })
        .collect();
    // Squares of sums of them, of which there may be fewer than units.
    let squares = if products { rng.usize(1..4) } else { 0 };
    for _ in 0..squares {
        let by: Vec<f64> = units.iter().map(|_| rng.usize(0..3) as f64).collect();
        for (i, a) in by.iter().enumerate() {
            for (j, b) in by.iter().enumerate().take(i + 1) {
                let twice = if i == j { 1.0 } else { 2.0 };
                model.quadratic(units[i], units[j], 0.01 * twice * a * b);
            }
        }
    }
    let total: f64 = model.vars().iter().map(|c| c.upper).sum();
    let load = (total * (0.2 + 0.7 * rng.f64()) / 5.0).round() * 5.0;
    let row = model.row("load", units.iter().map(|&v| (v, 1.0)), load, load);
    let lines = (0..rng.usize(0..4)).map(|k| {
        let most = 5.0 * rng.usize(1..6) as f64;
        let terms = units
            .iter()
            .map(|&v| (v, 0.25 * (rng.usize(0..5) as f64 - 2.0)));
        Constraint {
            name: format!("line {k}").into(),
            terms: terms.collect(),
            lower: -most,
            upper: most,
            ..Constraint::default()
        }
    });
    let lines = lines.collect();
    (model, row, lines)
}

/// The interior point is another solver; the start is any point.
#[test]
fn random_products_have_the_cost_that_the_interior_point_finds() {
    let mut rng = Rng::with_seed(78);
    let mut solved = 0;
    for k in 0..400 {
        let (mut model, _, lines) = random(&mut rng, true);
        for line in &lines {
            model.push(line.clone());
        }
        let from: Vec<f64> = model.vars().iter().map(|c| c.upper * rng.f64()).collect();
        let there = solve_lazy_near(&mut model.clone(), Some(&from), |_| Vec::new());
        let found = match (solve(&model), conic::solve(&model)) {
            (Ok(found), Ok(other)) => {
                let apart = (found.objective - other.objective).abs();
                assert!(apart <= 1e-6 * (1.0 + other.objective.abs()), "{k}");
                found
            }
            (Err(Failure::Infeasible), Err(Failure::Infeasible)) => continue,
            (ours, other) => panic!("program {k}: {ours:?} and {other:?}"),
        };
        let apart = (found.objective - there.unwrap().objective).abs();
        assert!(apart <= 1e-9 * (1.0 + found.objective.abs()), "{k}");
        let proof = certify("random", &model, &found.x, found.duals.as_ref());
        assert!(proof.certified && proof.largest_violation < 1e-9, "{k}");
        solved += 1;
    }
    assert!(solved > 200, "{solved}");
}

/// The interior point is another solver; what it calls infeasible is.
#[test]
fn random_programs_have_the_cost_that_the_interior_point_finds() {
    let (mut rng, mut starts) = (Rng::with_seed(77), Rng::with_seed(79));
    let (mut solved, mut at_ties) = (0, 0);
    for k in 0..600 {
        let (mut model, load, lines) = random(&mut rng, false);
        let mut lazy = model.clone();
        for line in &lines {
            model.push(line.clone());
        }
        let ours = solve(&model);
        let other = conic::solve(&model);
        let found = match (ours, &other) {
            (Ok(found), Ok(_)) => found,
            (Err(Failure::Infeasible), Err(Failure::Infeasible)) => continue,
            (ours, other) => panic!("program {k}: {ours:?} and {other:?}"),
        };
        let cost = other.unwrap().objective;
        let near = |a: f64, b: f64, within: f64| (a - b).abs() <= within * (1.0 + b.abs());
        assert!(
            near(found.objective, cost, 1e-6),
            "{k}: {} {cost}",
            found.objective
        );
        let proof = certify("random", &model, &found.x, found.duals.as_ref());
        let linear = model.quadratic_terms().is_empty();
        assert!(
            (linear || proof.gap.abs() < 1e-10) && proof.largest_violation < 1e-9,
            "{k}: {proof:?}"
        );
        let cuts = |x: &[f64]| -> Vec<Constraint> {
            let over = lines.iter().filter(|line| {
                let flow: f64 = line.terms.iter().map(|&(v, a)| a * x[v.0]).sum();
                flow > line.upper + 1e-7 || flow < line.lower - 1e-7
            });
            over.cloned().collect()
        };
        let from: Vec<f64> = model
            .vars()
            .iter()
            .map(|c| c.upper * starts.f64())
            .collect();
        let from_there = solve_lazy_near(&mut lazy.clone(), Some(&from), cuts).unwrap();
        assert!(near(from_there.objective, found.objective, 1e-9), "{k}");
        let by_cuts = solve_lazy(&mut lazy, cuts).unwrap();
        assert!(near(by_cuts.objective, found.objective, 1e-9), "{k}");
        // All prices are those of the linear program with the costs at the optimum.
        let mut linear = Model::new("linear");
        for (column, cost) in model.vars().iter().zip(model.gradient(&found.x)) {
            linear.var("", column.lower, column.upper, cost);
        }
        for row in model.rows() {
            linear.push(row.clone());
        }
        let least = simplex::solve(&linear).unwrap().objective;
        assert!(near(linear.objective(&found.x), least, 1e-9), "{k}");
        let face = DualFace::new(&model, &found.x).unwrap();
        let (low, high) = face.interval(&[(load, 1.0)]).unwrap();
        let (more, less) = (step(&model, load, 1.0), step(&model, load, -1.0));
        assert!(
            more.map_or(high.is_infinite(), |price| near(price, high, 1e-7)),
            "{k}: {more:?} {high}"
        );
        assert!(
            less.map_or(low.is_infinite(), |price| near(-price, low, 1e-7)),
            "{k}: {less:?} {low}"
        );
        solved += 1;
        at_ties += usize::from(high - low > 1e-6);
    }
    assert!(
        solved > 300 && at_ties > 20,
        "{solved} solved, {at_ties} at ties"
    );
}

/// The price of the next unit of a load, after it foretold the cost of a step as long as it holds.
fn step(model: &Model, load: Row, way: f64) -> Option<f64> {
    let found = next(model, &[(load, way)]).unwrap()?;
    let step = found.reach.min(1.0);
    let mut further = model.clone();
    let limit = model.rows()[load.0].lower + way * step;
    further.set_limits(load, limit, limit);
    let more = solve(&further).unwrap().objective - solve(model).unwrap().objective;
    let predicted = step * (found.price + 0.5 * step * found.bend);
    assert!(
        (more - predicted).abs() <= 1e-8 * (1.0 + more.abs()),
        "{more} {predicted}"
    );
    Some(found.price)
}
