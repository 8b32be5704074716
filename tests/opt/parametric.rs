//! The atlas of bases: answers known by hand, and those of the simplex and of another program on random ones.

use fastrand::Rng;
use tandem::opt::parametric::{AtBounds, Atlas, Ray, Ready, Tally, Walk, next, walk};
use tandem::opt::{At, Failure, Limit, Model, Row, Var, certify, simplex};

use crate::close;

const INF: f64 = f64::INFINITY;

/// Units of 10 MW at 20, 30 and 50 $/MWh.
fn units() -> (Model, Row) {
    let mut model = Model::new("dispatch");
    let units = [20.0, 30.0, 50.0].map(|cost| model.var("unit", 0.0, 10.0, cost));
    let load = model.row("load", units.map(|v| (v, 1.0)), 5.0, 5.0);
    (model, load)
}

/// By hand: three units are three bases; every further load is one of them.
#[test]
fn a_merit_order_is_three_bases() {
    let (mut model, load) = units();
    let mut atlas = Atlas::new(10);
    let mut dispatched = |mw: f64, cost: f64, price: f64| {
        model.set_limits(load, mw, mw);
        let found = atlas.solve(&model).unwrap();
        close(found.objective, cost);
        let duals = found.duals.unwrap();
        close(duals.rows[load.0], price);
        assert!(duals.unique);
        assert!(certify("load", &model, &found.x, None).certified);
        atlas.tally()
    };
    dispatched(5.0, 100.0, 20.0);
    dispatched(15.0, 350.0, 30.0);
    let last = dispatched(29.0, 950.0, 50.0);
    assert_eq!((last.known, last.found), (0, 3));
    dispatched(2.0, 40.0, 20.0);
    dispatched(11.0, 230.0, 30.0);
    let last = dispatched(21.0, 550.0, 50.0);
    assert_eq!((last.known, last.found, last.anew), (3, 3, 0));
    assert_eq!(atlas.len(), 3);
}

/// 10 MW are the end of the first unit: any price from 20 to 30 $/MWh is right, and none is called the only one.
#[test]
fn the_end_of_a_block_has_no_price_of_its_own() {
    let (mut model, load) = units();
    model.set_limits(load, 10.0, 10.0);
    let found = Atlas::new(10).solve(&model).unwrap();
    close(found.objective, 200.0);
    let duals = found.duals.unwrap();
    assert!(!duals.unique);
    assert!((20.0..=30.0).contains(&duals.rows[load.0]));
}

/// Bounds and limits closer than before, and rows more: as by the simplex method from nothing.
#[test]
fn pivots_from_an_optimum_lead_to_that_of_a_program_with_less_room() {
    let mut rng = Rng::with_seed(31);
    let (mut reached, mut dearer, mut infeasible) = (0, 0, 0);
    for case in 0..400 {
        let mut model = Model::new("room");
        let vars: Vec<Var> = (0..4)
            .map(|_| model.var("x", 0.0, 10.0, 20.0 * rng.f64() - 8.0))
            .collect();
        let terms = |rng: &mut Rng| -> Vec<(Var, f64)> {
            vars.iter().map(|&v| (v, 2.0 * rng.f64() - 1.0)).collect()
        };
        for _ in 0..2 {
            let of = terms(&mut rng);
            model.row("row", of, -4.0, 6.0);
        }
        let start = Atlas::new(1).optimum(&model).unwrap();
        let v = vars[rng.usize(..4)];
        let low = 9.0 * rng.f64();
        model.set_bounds(v, low, low + 1.0);
        let of = terms(&mut rng);
        let least = 8.0 * rng.f64() - 2.0;
        model.row("more", of, least, INF);
        let most = start.objective + 30.0 * rng.f64();
        match (
            walk(&model, &start.basis, most).unwrap(),
            simplex::solve(&model),
        ) {
            (Walk::Optimum(ours), Ok(theirs)) => {
                close(ours.objective, theirs.objective);
                assert!(ours.objective <= most, "case {case}");
                reached += 1;
            }
            (Walk::Dearer, Ok(theirs)) => {
                assert!(theirs.objective > most - 1e-7, "case {case}");
                dearer += 1;
            }
            (Walk::Infeasible, Err(Failure::Infeasible)) => infeasible += 1,
            // What has no point costs more than anything.
            (Walk::Dearer, Err(Failure::Infeasible)) => {}
            (_, theirs) => panic!("case {case}: {theirs:?}"),
        }
    }
    assert!(
        reached > 50 && dearer > 50 && infeasible > 5,
        "{reached}, {dearer}, {infeasible}"
    );
}

/// 31 MW are more than there is; the reason is kept, and does not speak of 29.
#[test]
fn what_no_point_meets_is_known_the_second_time() {
    let (mut model, load) = units();
    let mut atlas = Atlas::new(10);
    for (mw, known) in [(31.0, 0), (40.0, 1), (30.5, 2)] {
        model.set_limits(load, mw, mw);
        assert!(matches!(atlas.solve(&model), Err(Failure::Infeasible)));
        assert_eq!(atlas.tally().known, known);
    }
    model.set_limits(load, 29.0, 29.0);
    close(atlas.solve(&model).unwrap().objective, 950.0);
    // Nor where the units are larger.
    model.set_limits(load, 31.0, 31.0);
    model.set_bounds(Var(2), 0.0, 20.0);
    close(atlas.solve(&model).unwrap().objective, 1050.0);
}

/// The dear unit at 10 $/MWh comes first: 10 · 10 + 5 · 20.
#[test]
fn other_costs_turn_the_order() {
    let (mut model, load) = units();
    let mut atlas = Atlas::new(10);
    model.set_limits(load, 15.0, 15.0);
    close(atlas.solve(&model).unwrap().objective, 350.0);
    model.set_cost(Var(2), 10.0);
    let found = atlas.solve(&model).unwrap();
    close(found.objective, 200.0);
    close(found.duals.unwrap().rows[load.0], 20.0);
    assert_eq!(atlas.tally().anew, 0);
}

/// Two buses, 20 $/MWh at one and 50 at the other, 10 MW between them, load at the second: 8 MW cost 160 $/h at one
/// price, 14 MW 200 + 200 at two. By hand.
#[test]
fn a_line_that_binds_is_a_row_of_the_basis() {
    let mut model = Model::new("two buses");
    let near = model.var("near", 0.0, 100.0, 20.0);
    let far = model.var("far", 0.0, 100.0, 50.0);
    let load = model.row("load", [(near, 1.0), (far, 1.0)], 8.0, 8.0);
    let line = model.row("line", [(near, 1.0)], -10.0, 10.0);
    let mut atlas = Atlas::new(4);
    for (mw, cost, shadow) in [(8.0, 160.0, 0.0), (14.0, 400.0, -30.0)] {
        model.set_limits(load, mw, mw);
        let found = atlas.solve(&model).unwrap();
        close(found.objective, cost);
        close(found.duals.unwrap().rows[line.0], shadow);
    }
    let basis = atlas.last().unwrap();
    assert_eq!(basis.rows, [(load.0, At::Lower), (line.0, At::Upper)]);
    assert_eq!(basis.columns, [None, None]);
}

#[test]
fn integers_cones_and_squares_are_refused_and_free_variables_take_the_full_path() {
    let mut integers = Model::new("whole");
    integers.integer("n", 0.0, 3.0, 1.0);
    let mut squares = Model::new("square");
    let x = squares.var("x", 0.0, 1.0, 0.0);
    squares.quadratic(x, x, 1.0);
    for model in [integers, squares] {
        assert!(matches!(
            Atlas::new(1).solve(&model),
            Err(Failure::Refused(_))
        ));
    }
    let mut free = Model::new("free");
    let x = free.var("x", -INF, INF, 1.0);
    free.row("least", [(x, 1.0)], 3.0, INF);
    let mut atlas = Atlas::new(1);
    close(atlas.solve(&free).unwrap().objective, 3.0);
    let of = Tally {
        anew: 1,
        ..Tally::default()
    };
    assert_eq!(atlas.tally(), of);
}

/// Random dispatches with lines and equal bids, loads and costs that move: cost as the simplex has it, and prices
/// too where they are called unique.
#[test]
fn random_dispatches_cost_what_the_simplex_says() {
    let (mut infeasible, mut unique) = (0, 0);
    for seed in 0..60 {
        let mut random = Rng::with_seed(seed);
        let (units, lines) = (random.usize(2..20), random.usize(0..8));
        let mut model = Model::new("dispatch");
        for _ in 0..units {
            let cost = f64::from(random.u32(1..9)) * 10.0;
            model.var("unit", 0.0, f64::from(random.u32(1..9)), cost);
        }
        let all = || (0..units).map(Var);
        let load = model.row("load", all().map(|v| (v, 1.0)), 0.0, 0.0);
        let rows: Vec<Row> = (0..lines)
            .map(|_| {
                let terms: Vec<_> = all().map(|v| (v, 2.0 * random.f64() - 1.0)).collect();
                model.row("line", terms, -1.0, 1.0)
            })
            .collect();
        let capacity: f64 = model.vars().iter().map(|c| c.upper).sum();
        let mut atlas = Atlas::new(8);
        for _ in 0..40 {
            let mw = (capacity * random.f64() * 1.1).round();
            model.set_limits(load, mw, mw);
            for &row in &rows {
                let at = 4.0 * random.f64() - 2.0;
                model.set_limits(row, at - 5.0, at + 5.0);
            }
            if random.f64() < 0.2 {
                let unit = Var(random.usize(0..units));
                model.set_cost(unit, f64::from(random.u32(1..9)) * 10.0);
            }
            match (atlas.solve(&model), simplex::solve(&model)) {
                (Ok(ours), Ok(other)) => {
                    let off = (ours.objective - other.objective).abs();
                    let size = 1.0 + other.objective.abs();
                    assert!(off < 1e-9 * size, "seed {seed}: {off}");
                    let duals = ours.duals.unwrap();
                    if duals.unique {
                        unique += 1;
                        let face = tandem::opt::DualFace::new(&model, &other.x).unwrap();
                        let (low, high) = face.interval(&[(load, 1.0)]).unwrap();
                        let price = duals.rows[load.0];
                        assert!(low - 1e-6 < price && price < high + 1e-6, "seed {seed}");
                    }
                }
                (Err(Failure::Infeasible), Err(Failure::Infeasible)) => infeasible += 1,
                (ours, other) => panic!("seed {seed}: {ours:?}, {other:?}"),
            }
        }
        assert_eq!(atlas.tally().anew, 0, "seed {seed}");
        assert!(atlas.len() <= 8);
    }
    assert!(infeasible > 50 && unique > 500, "{infeasible}, {unique}");
}

/// The model with the limits named and no others.
fn within(model: &Model, named: &[Limit]) -> Model {
    let mut open = model.clone();
    for i in 0..model.rows().len() {
        let row = &model.rows()[i];
        let is_equation = row.lower == row.upper;
        let has = |limit: Limit| is_equation || named.contains(&limit);
        let lower = if has(Limit::RowLower(Row(i))) {
            row.lower
        } else {
            -INF
        };
        let upper = if has(Limit::RowUpper(Row(i))) {
            row.upper
        } else {
            INF
        };
        open.set_limits(Row(i), lower, upper);
    }
    for j in 0..model.vars().len() {
        let column = &model.vars()[j];
        let has = |limit: Limit| named.contains(&limit);
        let lower = if has(Limit::VarLower(Var(j))) {
            column.lower
        } else {
            -1e6
        };
        let upper = if has(Limit::VarUpper(Var(j))) {
            column.upper
        } else {
            1e6
        };
        open.set_bounds(Var(j), lower, upper);
        open.set_cost(Var(j), 0.0);
    }
    open
}

/// Random dispatches of which limits alone move. Every basis kept bounds the cost from below; the highest bound is the
/// cost as the simplex has it wherever its point is within all limits. Where a ray holds the simplex finds nothing, not
/// even with its limits alone, and something without any one of them.
#[test]
fn bases_and_rays_worked_out_once_are_as_the_simplex_says() {
    let (mut optimal, mut contradicted) = (0, 0);
    for seed in 0..40 {
        let mut random = Rng::with_seed(seed);
        let (units, lines) = (random.usize(2..12), random.usize(0..6));
        let mut model = Model::new("dispatch");
        for _ in 0..units {
            model.var("unit", 0.0, 9.0 * random.f64(), 10.0 + 80.0 * random.f64());
        }
        let all = || (0..units).map(Var);
        let load = model.row("load", all().map(|v| (v, 1.0)), 0.0, 0.0);
        for _ in 0..lines {
            let terms: Vec<_> = all().map(|v| (v, 2.0 * random.f64() - 1.0)).collect();
            model.row("line", terms, -1.0, 1.0);
        }
        let capacity: f64 = model.vars().iter().map(|c| c.upper).sum();
        let (mut atlas, mut bases, mut rays) = (Atlas::new(100), Vec::new(), Vec::new());
        for _ in 0..40 {
            let mw = capacity * random.f64() * 1.1;
            model.set_limits(load, mw, mw);
            for i in 1..=lines {
                let at = 4.0 * random.f64() - 2.0;
                model.set_limits(Row(i), at - 5.0, at + 5.0);
            }
            let bounds = model.vars().iter().map(|c| (c.lower, c.upper));
            let bounds: Vec<(f64, f64)> = bounds.collect();
            let rows = model.rows().iter().map(|row| (row.lower, row.upper));
            let rows: Vec<(f64, f64)> = rows.collect();
            let solved = simplex::solve(&model);
            let held = |ready: &Ready| {
                let mut limits = vec![f64::NAN; rows.len()];
                for &(i, at) in &ready.basis().rows {
                    limits[i] = if at == At::Lower {
                        rows[i].0
                    } else {
                        rows[i].1
                    };
                }
                limits
            };
            let bound = |ready: &Ready| {
                let limits = held(ready);
                let parts = ready.multipliers().map(|(i, y)| y * limits[i]);
                ready.bound(&bounds) + parts.sum::<f64>()
            };
            if let Ok(solution) = &solved {
                let size = 1.0 + solution.objective.abs();
                let bounded = |ready: &Ready| bound(ready) <= solution.objective + 1e-9 * size;
                assert!(bases.iter().all(bounded), "seed {seed}");
                let best = bases.iter().max_by(|a, b| bound(a).total_cmp(&bound(b)));
                if let Some(ready) = best.filter(|ready| ready.holds(&bounds)) {
                    let (mut there, mut values) = (AtBounds::default(), Vec::new());
                    ready.put(&bounds, &mut there);
                    ready.values(&there, &held(ready), &mut values);
                    for (&j, value) in ready.solved().iter().zip(values) {
                        there.x[j] = value;
                    }
                    if certify("draw", &model, &there.x, None).certified {
                        optimal += 1;
                        close(model.objective(&there.x), solution.objective);
                        close(bound(ready), solution.objective);
                    }
                }
            }
            let holds = |ray: &&Ray| ray.holds(|i| rows[i], &bounds);
            if let Some(ray) = rays.iter().find(holds) {
                contradicted += 1;
                assert!(solved.is_err(), "seed {seed}");
                let limits = ray.limits();
                let alone = simplex::solve(&within(&model, &limits));
                assert!(matches!(alone, Err(Failure::Infeasible)), "seed {seed}");
                let is_bound = |l: &Limit| matches!(l, Limit::VarLower(_) | Limit::VarUpper(_));
                for k in (0..limits.len()).filter(|&k| is_bound(&limits[k])) {
                    let mut fewer = limits.clone();
                    fewer.remove(k);
                    assert!(
                        simplex::solve(&within(&model, &fewer)).is_ok(),
                        "seed {seed}"
                    );
                }
            }
            match atlas.only(&model, None) {
                Some(Ok(_)) => {
                    let basis = atlas.last().unwrap();
                    bases.extend(Ready::new(&model, basis));
                }
                Some(Err(contradiction)) => rays.extend(Ray::new(&model, contradiction)),
                None => {}
            }
        }
    }
    assert!(
        optimal > 500 && contradicted > 100,
        "{optimal}, {contradicted}"
    );
}

/// By hand: at 15 MW the second unit serves the next and saves the last MW at 30 $/MWh, for 5 MW more and 5 less.
/// At 10 MW the next costs 30 and the last saves 20; at 30 MW there is no next.
#[test]
fn the_next_and_the_last_unit_at_a_tie_have_two_prices() {
    let (mut model, load) = units();
    let both = |model: &Model| {
        let of = |way: f64| next(model, &[(load, way)]).unwrap();
        (of(1.0), of(-1.0))
    };
    model.set_limits(load, 15.0, 15.0);
    let (more, less) = both(&model);
    let (more, less) = (more.unwrap(), less.unwrap());
    close(more.price, 30.0);
    close(less.price, -30.0);
    assert_eq!(
        (more.moves, less.moves),
        (vec![(Var(1), 1.0)], vec![(Var(1), -1.0)])
    );
    close(more.reach, 5.0);
    close(less.reach, 5.0);
    model.set_limits(load, 10.0, 10.0);
    let (more, less) = both(&model);
    let (more, less) = (more.unwrap(), less.unwrap());
    close(more.price, 30.0);
    close(less.price, -20.0);
    assert_eq!(
        (more.moves, less.moves),
        (vec![(Var(1), 1.0)], vec![(Var(0), -1.0)])
    );
    close(more.reach, 10.0);
    model.set_limits(load, 30.0, 30.0);
    let (more, less) = both(&model);
    assert!(more.is_none());
    close(less.unwrap().price, -50.0);
}

/// A line exactly full: 10 MW over 10 MW at 20 $/MWh, 50 behind it. The next MWh costs 50, the last saves 20.
#[test]
fn a_line_exactly_full_separates_the_next_mwh_from_the_last() {
    let mut model = Model::new("full");
    let near = model.var("near", 0.0, 100.0, 20.0);
    let far = model.var("far", 0.0, 100.0, 50.0);
    let load = model.row("load", [(near, 1.0), (far, 1.0)], 10.0, 10.0);
    model.row("line", [(near, 1.0)], -10.0, 10.0);
    let more = next(&model, &[(load, 1.0)]).unwrap().unwrap();
    let less = next(&model, &[(load, -1.0)]).unwrap().unwrap();
    close(more.price, 50.0);
    close(less.price, -20.0);
    assert_eq!(
        (more.moves, less.moves),
        (vec![(far, 1.0)], vec![(near, -1.0)])
    );
}

/// Prices of the next and the last unit are the ends of the interval of all optimal prices, which the face of the
/// dual finds by another way, and what moves is where the simplex lands a step further.
#[test]
fn next_and_last_are_the_ends_of_all_optimal_prices() {
    let mut ties = 0;
    for seed in 0..200 {
        let mut random = Rng::with_seed(seed);
        let units = random.usize(2..9);
        let mut model = Model::new("dispatch");
        for k in 0..units {
            model.var(
                "unit",
                0.0,
                f64::from(random.u32(1..5)),
                10.0 + 7.0 * k as f64,
            );
        }
        let all = || (0..units).map(Var);
        let capacity: f64 = model.vars().iter().map(|c| c.upper).sum();
        let mw = f64::from(random.u32(1..capacity as u32 + 1)) - 0.5 * f64::from(random.u32(0..2));
        let load = model.row("load", all().map(|v| (v, 1.0)), mw, mw);
        for _ in 0..2 {
            let terms: Vec<_> = all()
                .map(|v| (v, f64::from(random.u32(0..3)) * 0.5))
                .collect();
            model.row("line", terms, 0.0, 0.5 * mw + 1.0);
        }
        let Ok(now) = simplex::solve(&model) else {
            continue;
        };
        let face = tandem::opt::DualFace::new(&model, &now.x).unwrap();
        let (low, high) = face.interval(&[(load, 1.0)]).unwrap();
        ties += usize::from(high - low > 1e-6);
        for (way, end) in [(1.0, high), (-1.0, -low)] {
            match next(&model, &[(load, way)]).unwrap() {
                None => assert!(end.is_infinite(), "seed {seed}: {end}"),
                Some(found) => {
                    assert!(
                        (found.price - end).abs() < 1e-6,
                        "seed {seed}: {} {end}",
                        found.price
                    );
                    let step = 1e-3_f64.min(found.reach);
                    let mut further = model.clone();
                    further.set_limits(load, mw + way * step, mw + way * step);
                    let there = simplex::solve(&further).unwrap();
                    let cost = now.objective + step * found.price;
                    assert!(
                        (there.objective - cost).abs() < 1e-9 * (1.0 + cost.abs()),
                        "seed {seed}"
                    );
                }
            }
        }
    }
    assert!(ties > 20, "{ties}");
}
