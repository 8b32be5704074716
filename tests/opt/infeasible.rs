//! Infeasible models: which limits, by how much, and what cures them.

use crate::close;
use tandem::opt::{Constraint, Failure, Limit, Model, explain, infeasible, simplex};

const INF: f64 = f64::INFINITY;

/// 15 MW of load, units of 8 and 4 MW: 3 MW short. Any of the three limits cures it alone.
#[test]
fn a_shortage_names_load_and_capacity() {
    let mut model = Model::new("short");
    let g1 = model.var("G1", 0.0, 8.0, 6.0);
    let g2 = model.var("G2", 0.0, 4.0, 16.0);
    let load = model.row("load", [(g1, 1.0), (g2, 1.0)], 15.0, 15.0);
    let idle = model.row("idle", [(g1, 1.0)], -INF, 100.0);
    assert!(matches!(simplex::solve(&model), Err(Failure::Infeasible)));
    let why = explain(&model);
    close(why.total, 3.0);
    assert!(why.irreducible);
    let mut names: Vec<&str> = why.conflict.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["G1", "G2", "load"]);
    for cure in &why.conflict {
        close(cure.amount.unwrap(), 3.0);
        assert_ne!(cure.limit, Limit::RowUpper(idle));
        assert_ne!(cure.limit, Limit::RowUpper(load));
    }
}

/// The load sits behind a line of 10 MW and needs 10.5: the line, the load, nothing else;
/// the unit in front of the line has capacity to spare.
#[test]
fn a_line_too_small_by_half_a_megawatt() {
    let mut model = Model::new("radial");
    let g = model.var("G1", 0.0, 50.0, 6.0);
    let behind = model.var("G4", 0.0, 4.5, 16.0);
    model.row("balance", [(g, 1.0), (behind, 1.0)], 15.0, 15.0);
    model.row("2-3", [(g, 1.0)], -10.0, 10.0);
    let why = explain(&model);
    close(why.total, 0.5);
    let line = why.conflict.iter().find(|c| c.name == "2-3").unwrap();
    close(line.amount.unwrap(), 0.5);
    assert!(why.conflict.iter().all(|c| c.name != "G1"));
    // With only the line open to change it is the whole conflict.
    let line_only = infeasible::explain_among(
        &model,
        infeasible::any_solver,
        |l| matches!(l, Limit::RowUpper(r) if r.0 == 1),
    );
    assert_eq!(line_only.conflict.len(), 1);
    close(line_only.total, 0.5);
    // With only G1's bounds open nothing helps.
    let none =
        infeasible::explain_among(&model, infeasible::any_solver, |l| l == Limit::VarUpper(g));
    assert_eq!(none.total, INF);
    assert!(none.conflict.is_empty());
}

/// Two conflicts at once: no single change cures both.
#[test]
fn two_conflicts_have_no_single_cure() {
    let mut model = Model::new("two");
    let x = model.var("x", 0.0, 1.0, 0.0);
    let y = model.var("y", 0.0, 1.0, 0.0);
    model.row("x high", [(x, 1.0)], 3.0, INF);
    model.row("y high", [(y, 1.0)], 2.0, INF);
    let why = explain(&model);
    close(why.total, 3.0);
    assert_eq!(why.conflict.len(), 2);
    assert!(why.irreducible);
    assert!(why.conflict.iter().all(|c| c.amount.is_none()));
}

#[test]
fn crossed_bounds_and_feasible_models() {
    let mut model = Model::new("crossed");
    let x = model.var("x", 5.0, 3.0, 1.0);
    let why = explain(&model);
    close(why.total, 2.0);
    assert_eq!(why.conflict.len(), 2);
    model.set_bounds(x, 3.0, 5.0);
    assert_eq!(explain(&model), infeasible::Explanation::default());
}

/// Whole numbers only: 2n = 3 fails by 1, although 1.5 would do.
#[test]
fn integrality_is_kept() {
    let mut model = Model::new("whole");
    let n = model.integer("n", 0.0, 10.0, 1.0);
    model.row("odd", [(n, 2.0)], 3.0, 3.0);
    assert!(matches!(simplex::solve(&model), Err(Failure::Infeasible)));
    let why = explain(&model);
    close(why.total, 1.0);
    assert!(why.conflict.iter().all(|c| c.name == "odd"));
    close(why.conflict[0].amount.unwrap(), 1.0);
}

/// A disc of radius 1 about the origin and x ≥ 1.5.
#[test]
fn a_cone_in_conflict() {
    let mut model = Model::new("disc");
    let x = model.var("x", 1.5, INF, 0.0);
    let y = model.var("y", -INF, INF, 0.0);
    model.cone(
        "disc",
        vec![(vec![], 1.0), (vec![(x, 1.0)], 0.0), (vec![(y, 1.0)], 0.0)],
    );
    let why = explain(&model);
    assert!((why.total - 0.5).abs() < 1e-5, "{why:?}");
    assert_eq!(why.conflict.len(), 2);
    let cone = why.conflict.iter().find(|c| c.limit == Limit::Cone(0));
    assert!((cone.unwrap().amount.unwrap() - 0.5).abs() < 1e-5);
}

/// Random infeasible dispatches: the relaxation must really cure, the conflict must be one,
/// and without any member it must be none.
#[test]
fn explanations_of_random_shortages_hold() {
    let mut random = fastrand::Rng::with_seed(20_260_101);
    for case in 0..60 {
        let n = random.usize(2..8);
        let mut model = Model::new(format!("shortage {case}"));
        let vars: Vec<_> = (0..n)
            .map(|j| model.var(format!("g{j}"), 0.0, 1.0 + 9.0 * random.f64(), random.f64()))
            .collect();
        let load = 4.0 * n as f64 * (1.0 + random.f64());
        model.row("load", vars.iter().map(|&v| (v, 1.0)), load, load);
        for l in 0..3 {
            let terms: Vec<_> = vars
                .iter()
                .map(|&v| (v, 2.0 * random.f64() - 1.0))
                .collect();
            let limit = 0.5 + 2.0 * random.f64();
            model.row(format!("line{l}"), terms, -limit, limit);
        }
        let why = explain(&model);
        match simplex::solve(&model) {
            Ok(_) => {
                assert_eq!(why, infeasible::Explanation::default(), "case {case}");
                continue;
            }
            Err(Failure::Infeasible) => {}
            other => panic!("case {case}: {other:?}"),
        }
        assert!(why.irreducible, "case {case}");
        let relaxed = moved(
            &model,
            why.relaxations.iter().map(|r| (r.limit, r.amount + 1e-5)),
        );
        assert!(simplex::solve(&relaxed).is_ok(), "case {case}: {why:?}");
        for cure in &why.conflict {
            if let Some(amount) = cure.amount {
                assert!(amount >= why.total - 1e-6, "case {case}");
                let cured = moved(&model, [(cure.limit, amount + 1e-5)]);
                assert!(simplex::solve(&cured).is_ok());
                let almost = moved(&model, [(cure.limit, amount - 1e-3)]);
                assert!(matches!(simplex::solve(&almost), Err(Failure::Infeasible)));
            }
        }
        let far: Vec<_> = all_limits(&model)
            .into_iter()
            .filter(|l| why.conflict.iter().all(|c| c.limit != *l))
            .map(|l| (l, INF))
            .collect();
        let conflict_only = moved(&model, far.iter().copied());
        assert!(
            matches!(simplex::solve(&conflict_only), Err(Failure::Infeasible)),
            "case {case}"
        );
        for cure in &why.conflict {
            let one_less = moved(&model, far.iter().copied().chain([(cure.limit, INF)]));
            assert!(
                matches!(simplex::solve(&one_less), Ok(_) | Err(Failure::Unbounded)),
                "case {case}"
            );
        }
    }
}

fn all_limits(model: &Model) -> Vec<Limit> {
    let vars = (0..model.vars().len()).map(tandem::opt::Var);
    let rows = (0..model.rows().len()).map(tandem::opt::Row);
    vars.flat_map(|v| [Limit::VarLower(v), Limit::VarUpper(v)])
        .chain(rows.flat_map(|r| [Limit::RowLower(r), Limit::RowUpper(r)]))
        .collect()
}

fn moved(model: &Model, moves: impl IntoIterator<Item = (Limit, f64)>) -> Model {
    let mut model = model.clone();
    for (limit, by) in moves {
        match limit {
            Limit::RowLower(i) | Limit::RowUpper(i) => {
                let (lower, upper) = (model.rows()[i.0].lower, model.rows()[i.0].upper);
                if matches!(limit, Limit::RowLower(_)) {
                    model.set_limits(i, lower - by, upper);
                } else {
                    model.set_limits(i, lower, upper + by);
                }
            }
            Limit::VarLower(j) | Limit::VarUpper(j) => {
                let (lower, upper) = (model.vars()[j.0].lower, model.vars()[j.0].upper);
                if matches!(limit, Limit::VarLower(_)) {
                    model.set_bounds(j, lower - by, upper);
                } else {
                    model.set_bounds(j, lower, upper + by);
                }
            }
            Limit::Cone(_) => unreachable!(),
        }
    }
    model
}

#[test]
fn rows_that_enter_as_they_are_exceeded_give_way_by_the_same_total() {
    let mut rng = fastrand::Rng::with_seed(17);
    let mut short = 0;
    for case in 0..300 {
        let n = 2 + rng.usize(0..3);
        let mut base = Model::new("base");
        let x: Vec<_> = (0..n)
            .map(|j| base.var(format!("x{j}"), 0.0, rng.f64() * 10.0, 0.0))
            .collect();
        let terms = x.iter().map(|&v| (v, 1.0));
        let load = rng.f64() * 12.0;
        base.row("load", terms, load, load);
        let mut all = base.clone();
        for i in 0..2 + rng.usize(0..6) {
            let terms: Vec<_> = x.iter().map(|&v| (v, rng.f64() * 2.0 - 1.0)).collect();
            let (most, upper) = (rng.f64() * 3.0, rng.bool());
            let (lower, upper) = match upper {
                true => (f64::NEG_INFINITY, most),
                false => (-most, f64::INFINITY),
            };
            all.row(format!("r{i}"), terms, lower, upper);
        }
        let further: Vec<_> = all.rows()[1..].to_vec();
        let mut entered = vec![false; further.len()];
        let point = infeasible::relaxed_lazily(
            &base,
            |_| true,
            further.len(),
            |x| {
                let exceeded = further.iter().zip(&mut entered).filter(|(row, entered)| {
                    let value: f64 = row.terms.iter().map(|(v, a)| a * x[v.0]).sum();
                    !**entered && (value > row.upper + 1e-6 || value < row.lower - 1e-6)
                });
                let mark = |(row, entered): (&Constraint, &mut bool)| {
                    *entered = true;
                    row.clone()
                };
                exceeded.map(mark).collect()
            },
        );
        let point = point.unwrap();
        // What every limit would have to give for that point, summed up.
        let outside = |value: f64, lower: f64, upper: f64| {
            (lower - value).max(0.0) + (value - upper).max(0.0)
        };
        let bounds = all.vars().iter().zip(&point);
        let bounds: f64 = bounds.map(|(v, &x)| outside(x, v.lower, v.upper)).sum();
        let rows = all.rows().iter().map(|row| {
            let value: f64 = row.terms.iter().map(|(v, a)| a * point[v.0]).sum();
            outside(value, row.lower, row.upper)
        });
        let lazily = bounds + rows.sum::<f64>();
        let total = infeasible::relax_among(&all, infeasible::linear, |_| true).total;
        assert!(
            (lazily - total).abs() < 1e-5,
            "case {case}: {lazily}, {total}"
        );
        short += usize::from(total > 1e-6);
    }
    assert!(short > 50, "{short}");
}
