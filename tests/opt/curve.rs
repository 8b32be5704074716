//! The exact cost curve and its interpolation: pieces, facets and cuts against linear programs, the
//! windowed search against the whole integer program and against every triangle.

use fastrand::Rng;
use tandem::opt::parametric::Atlas;
use tandem::opt::union_jack::{MAX_M, Surface, UnionJack, minimise, on_triangles, whole};
use tandem::opt::zonotope::{CostCurve, Generator, Listed, Place};
use tandem::opt::{Failure, Model, Var, simplex};

fn random_curve(rng: &mut Rng, dimension: usize, n: usize) -> CostCurve {
    let generators = (0..n)
        .map(|_| {
            let lower = if rng.u8(0..4) == 0 { -rng.f64() } else { 0.0 };
            Generator {
                direction: std::iter::once(1.0)
                    .chain((1..dimension).map(|_| 2.0 * rng.f64() - 1.0))
                    .collect(),
                lower,
                upper: lower + 0.5 + 4.0 * rng.f64(),
                cost: (40.0 * rng.f64()).round(),
            }
        })
        .collect();
    CostCurve::new(dimension, generators).unwrap()
}

/// A reachable point: random values for every step.
fn inner_point(rng: &mut Rng, curve: &CostCurve) -> Vec<f64> {
    let x: Vec<f64> = curve
        .generators()
        .iter()
        .map(|g| g.lower + (g.upper - g.lower) * rng.f64())
        .collect();
    curve.point(&x)
}

/// V(θ) by a linear program of its own; `None` where θ cannot be reached.
fn by_program(curve: &CostCurve, point: &[f64]) -> Option<f64> {
    let mut model = Model::new("V");
    for g in curve.generators() {
        model.var("", g.lower, g.upper, g.cost);
    }
    for (k, &at) in point.iter().enumerate() {
        let terms = curve.generators().iter().enumerate();
        let terms: Vec<(Var, f64)> = terms.map(|(j, g)| (Var(j), g.direction[k])).collect();
        model.row("", terms, at, at);
    }
    match simplex::solve(&model) {
        Ok(solution) => Some(solution.objective),
        Err(Failure::Infeasible) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn pieces_cuts_and_facets_are_the_linear_program() {
    for seed in 0..40 {
        let mut rng = Rng::with_seed(seed);
        let dimension = rng.usize(1..5);
        let n = rng.usize(dimension + 1..10);
        let curve = random_curve(&mut rng, dimension, n);
        let pieces = curve.pieces(10_000).unwrap();
        let facets = curve.facets(10_000).unwrap();
        let (mut inside, mut outside) = (0, 0);
        for _ in 0..60 {
            let mut point = inner_point(&mut rng, &curve);
            if rng.bool() {
                for p in &mut point {
                    *p *= 1.0 + rng.f64();
                }
            }
            let beyond = facets
                .iter()
                .map(|f| f.excess(&point))
                .fold(f64::MIN, f64::max);
            if beyond.abs() < 1e-6 {
                continue;
            }
            match (by_program(&curve, &point), curve.at(&point).unwrap()) {
                (Some(cost), Place::Inside(reached)) => {
                    inside += 1;
                    let highest = pieces
                        .iter()
                        .map(|p| p.cut.value(&point))
                        .fold(f64::MIN, f64::max);
                    assert!(
                        (highest - cost).abs() < 1e-6,
                        "seed {seed}: {highest} {cost}"
                    );
                    assert!((reached.cost - cost).abs() < 1e-6, "seed {seed}");
                    assert!(
                        (curve.cut_at(&point, &reached).unwrap().value(&point) - cost).abs() < 1e-6,
                        "seed {seed}"
                    );
                    let back = curve.point(&reached.x);
                    assert!(
                        back.iter().zip(&point).all(|(a, b)| (a - b).abs() < 1e-6),
                        "seed {seed}"
                    );
                    assert!(
                        beyond < 0.0,
                        "seed {seed}: reachable, yet {beyond} beyond a facet"
                    );
                }
                (None, Place::Outside { facet, excess }) => {
                    outside += 1;
                    assert!(
                        beyond > 0.0,
                        "seed {seed}: out of reach, yet inside every facet"
                    );
                    assert!(excess > 0.0 && facet.excess(&point) > 0.0, "seed {seed}");
                    // The facet that cuts it off holds for everything that can be reached.
                    for _ in 0..20 {
                        assert!(
                            facet.excess(&inner_point(&mut rng, &curve)) < 1e-9,
                            "seed {seed}"
                        );
                    }
                }
                (program, place) => panic!("seed {seed}: {program:?} but {place:?}"),
            }
        }
        assert!(
            inside > 10,
            "seed {seed}: {inside} inside, {outside} outside"
        );
    }
}

#[test]
fn any_gradient_makes_a_valid_cut() {
    for seed in 0..30 {
        let mut rng = Rng::with_seed(seed);
        let curve = random_curve(&mut rng, 3, 8);
        for _ in 0..20 {
            let cut = curve.cut((0..3).map(|_| 80.0 * rng.f64() - 40.0).collect());
            let point = inner_point(&mut rng, &curve);
            let cost = by_program(&curve, &point).unwrap();
            assert!(cut.value(&point) <= cost + 1e-7, "seed {seed}");
        }
    }
}

#[test]
fn critical_regions_tile_the_reachable_set() {
    let area = |corners: &[(f64, f64)]| -> f64 {
        let next = corners.iter().cycle().skip(1);
        0.5 * corners
            .iter()
            .zip(next)
            .map(|(a, b)| a.0 * b.1 - a.1 * b.0)
            .sum::<f64>()
    };
    for seed in 0..40 {
        let mut rng = Rng::with_seed(seed);
        let n = rng.usize(3..12);
        let curve = random_curve(&mut rng, 2, n);
        let whole = area(&curve.outline());
        let parts: f64 = curve
            .pieces(10_000)
            .unwrap()
            .iter()
            .map(|piece| {
                let corners = curve.corners(&piece.free, &piece.offset);
                for &(x, y) in &corners {
                    let cost = match curve.at(&[x, y]).unwrap() {
                        Place::Inside(reached) => reached.cost,
                        outside => panic!("seed {seed}: a corner outside: {outside:?}"),
                    };
                    assert!(
                        (piece.cut.value(&[x, y]) - cost).abs() < 1e-6,
                        "seed {seed}"
                    );
                }
                area(&corners)
            })
            .sum();
        assert!(
            (whole - parts).abs() < 1e-6 * whole,
            "seed {seed}: {whole} {parts}"
        );
    }
}

#[test]
fn coordinates_that_follow_from_others_are_kept_to_it() {
    // Two lines in series carry the same: the third coordinate is minus half the second.
    let step = |f: f64, cost: f64| Generator {
        direction: vec![1.0, f, -0.5 * f],
        lower: 0.0,
        upper: 2.0,
        cost,
    };
    let curve = CostCurve::new(3, vec![step(0.3, 5.0), step(-0.2, 9.0), step(0.7, 7.0)]).unwrap();
    assert!(curve.pieces(100).is_err() && curve.facets(100).is_err());
    let on = curve.point(&[1.5, 0.5, 1.0]);
    let Place::Inside(reached) = curve.at(&on).unwrap() else {
        panic!("a sum of steps is out of reach");
    };
    assert!((reached.cost - by_program(&curve, &on).unwrap()).abs() < 1e-9);
    assert!(
        curve
            .cut_at(&on, &reached)
            .unwrap()
            .gradient
            .iter()
            .all(|g| g.abs() < 1e3)
    );
    let off = [on[0], on[1], on[2] + 0.1];
    let Place::Outside { facet, excess } = curve.at(&off).unwrap() else {
        panic!("a point off the plane is in reach");
    };
    assert!(excess > 0.05 && facet.excess(&on).abs() < 1e-9);
}

#[test]
fn too_many_pieces_are_refused_with_their_number() {
    let curve = random_curve(&mut Rng::with_seed(1), 4, 60);
    let why = curve.pieces(20_000).unwrap_err();
    assert!(
        matches!(&why, Failure::Stopped(why) if why.contains("487635")),
        "{why}"
    );
    assert!(matches!(
        curve.at(&[30.0, 0.0, 0.0, 0.0]),
        Ok(Place::Inside(_))
    ));
}

/// min a x + b y over two interpolated curves that share a demand.
struct Shared {
    base: Model,
    at: Vec<(Var, Var)>,
    curves: Vec<CostCurve>,
    jacks: Vec<UnionJack>,
    listed: Vec<Listed>,
}

impl Shared {
    fn new(rng: &mut Rng, count: usize, m: u32) -> Shared {
        let mut base = Model::new("shared");
        let mut at = Vec::new();
        let mut most = 0.0;
        let curves: Vec<CostCurve> = (0..count).map(|_| random_curve(rng, 2, 5)).collect();
        let mut jacks = Vec::new();
        let mut listed = Vec::new();
        for (n, curve) in curves.iter().enumerate() {
            let (x, y) = (curve.range(0), curve.range(1));
            at.push((
                base.var(format!("x{n}"), x.0, x.1, -30.0 * rng.f64()),
                base.var(format!("y{n}"), y.0, y.1, 20.0 * rng.f64() - 10.0),
            ));
            most += x.1;
            let all = Listed::of(curve, 1_000).unwrap();
            jacks.push(UnionJack::new(m, x, y, |x, y| all.value(&[x, y], 1e-9)).unwrap());
            listed.push(all);
        }
        let demand: Vec<(Var, f64)> = at.iter().map(|(x, _)| (*x, 1.0)).collect();
        base.row("demand", demand, f64::NEG_INFINITY, 0.6 * most);
        Shared {
            base,
            at,
            curves,
            jacks,
            listed,
        }
    }

    fn surfaces(&self) -> Vec<Surface<'_>> {
        (0..self.jacks.len())
            .map(|n| Surface {
                jack: &self.jacks[n],
                curve: &self.listed[n],
                x: self.at[n].0,
                y: self.at[n].1,
            })
            .collect()
    }
}

#[test]
fn the_windowed_search_finds_the_optimum_of_the_whole_grid() {
    for seed in 0..24 {
        let mut rng = Rng::with_seed(seed);
        let (count, m) = [(1, 2), (1, 3), (2, 2), (2, 3), (1, 4)][seed as usize % 5];
        let shared = Shared::new(&mut rng, count, m);
        let surfaces = shared.surfaces();
        let all = match simplex::solve(&whole(&shared.base, &surfaces)) {
            Ok(solution) => solution.objective,
            other => panic!("seed {seed}: {other:?}"),
        };
        let mut base = shared.base.clone();
        let minimum = minimise(&mut base, &surfaces, &mut Atlas::new(8), |_| Vec::new()).unwrap();
        assert!(
            (minimum.objective - all).abs() < 1e-6,
            "seed {seed}: {} {all}",
            minimum.objective
        );
        assert!(minimum.bound <= all + 1e-6, "seed {seed}");
        let held = simplex::solve(&on_triangles(&base, &surfaces, &minimum.triangles).0);
        let held = held.unwrap();
        assert!((held.objective - all).abs() < 1e-6, "seed {seed}");
        // The interpolated cost is the weighted one, and never under the curve.
        for (n, curve) in shared.curves.iter().enumerate() {
            let (x, y) = (held.x[shared.at[n].0.0], held.x[shared.at[n].1.0]);
            let Place::Inside(reached) = curve.at(&[x, y]).unwrap() else {
                panic!("seed {seed}: the optimum lies outside the region");
            };
            let interpolated = shared.jacks[n].at(x, y).unwrap();
            assert!(interpolated >= reached.cost - 1e-6, "seed {seed}");
        }
    }
}

/// The triangle that the binaries of a solution of the whole program leave open, read by their names.
fn triangle_of_whole(model: &Model, x: &[f64], n: usize, side: usize) -> [(usize, usize); 3] {
    let value = |name: &str| {
        let place = model.vars().iter().position(|v| &*v.name == name);
        place.map(|k| usize::from(x[k] > 0.5))
    };
    let cell = |axis: &str| {
        let bits = (0..).map_while(|b| value(&format!("{axis}_{n}_bit_{b}")));
        let code = bits.enumerate().fold(0, |code, (b, set)| code | (set << b));
        (0..side).find(|k| k ^ (k >> 1) == code).unwrap()
    };
    let (i, j) = (cell("column"), cell("row"));
    let closed = value(&format!("diagonal_{n}")).unwrap();
    let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
    let open = corners
        .into_iter()
        .filter(|v| !(v.0 % 2 == closed && v.1 % 2 != closed));
    open.collect::<Vec<_>>().try_into().unwrap()
}

/// Of the optima of the whole program the one with the fewest binaries at 1, as another program finds it.
#[test]
fn binaries_that_the_optimum_leaves_free_are_0() {
    let mut on_sides = 0;
    for seed in 0..60 {
        let mut rng = Rng::with_seed(500 + seed);
        let m = 1 + seed as u32 % 3;
        let shared = Shared::new(&mut rng, 1, m);
        let surfaces = shared.surfaces();
        let mut model = whole(&shared.base, &surfaces);
        let least = simplex::solve(&model).unwrap().objective;
        let columns = model.vars().iter().enumerate();
        let costs: Vec<(Var, f64)> = columns.map(|(j, c)| (Var(j), c.cost)).collect();
        model.row("least", costs, f64::NEG_INFINITY, least + 1e-8);
        for j in 0..model.vars().len() {
            let cost = f64::from(u8::from(model.vars()[j].integer));
            model.set_cost(Var(j), cost);
        }
        let fewest = simplex::solve(&model).unwrap();
        let theirs = triangle_of_whole(&model, &fewest.x, 1, 1 << m);
        let mut base = shared.base.clone();
        let minimum = minimise(&mut base, &surfaces, &mut Atlas::new(8), |_| Vec::new());
        assert_eq!(minimum.unwrap().triangles, [theirs], "seed {seed}");
        let (held, weights) = on_triangles(&shared.base, &surfaces, &[theirs]);
        let x = simplex::solve(&held).unwrap().x;
        on_sides += usize::from(weights[0].iter().any(|w| x[w.0] < 1e-9));
    }
    assert!(on_sides > 10, "{on_sides} optima on a side");
}

#[test]
fn the_integer_program_is_the_best_of_all_triangles() {
    for seed in 0..6 {
        let mut rng = Rng::with_seed(100 + seed);
        let shared = Shared::new(&mut rng, 1, 2);
        let surfaces = shared.surfaces();
        let side = shared.jacks[0].side();
        let mut best = f64::INFINITY;
        for j in 0..side {
            for i in 0..side {
                for triangle in shared.jacks[0].triangles((i, j)) {
                    let model = on_triangles(&shared.base, &surfaces, &[triangle]).0;
                    if let Ok(solution) = simplex::solve(&model) {
                        best = best.min(solution.objective);
                    }
                }
            }
        }
        let all = simplex::solve(&whole(&shared.base, &surfaces)).unwrap();
        assert!(
            (all.objective - best).abs() < 1e-6,
            "seed {seed}: {} {best}",
            all.objective
        );
    }
}

#[test]
fn the_grid_has_the_published_shape() {
    let jack = UnionJack::new(3, (0.0, 6.0), (0.0, 10.0), |x, y| {
        (x + y <= 12.0).then_some(x)
    })
    .unwrap();
    assert_eq!(jack.side(), 8);
    // (4.5, 7.5) lies on x + y = 12 and takes part.
    assert_eq!(jack.value((6, 6)), Some(4.5));
    assert_eq!(jack.value((7, 6)), None);
    // Even cells carry "/", odd ones "\".
    assert_eq!(jack.triangles((0, 0))[0], [(0, 0), (1, 0), (1, 1)]);
    assert_eq!(jack.triangles((1, 0))[0], [(1, 0), (2, 0), (1, 1)]);
    assert!(UnionJack::new(0, (0.0, 1.0), (0.0, 1.0), |_, _| None).is_err());
    assert!(UnionJack::new(MAX_M + 1, (0.0, 1.0), (0.0, 1.0), |_, _| None).is_err());
    assert!(UnionJack::new(3, (1.0, 1.0), (0.0, 1.0), |_, _| None).is_err());
    let surfaces = [Surface {
        jack: &jack,
        curve: &Listed {
            cuts: Vec::new(),
            region: Vec::new(),
        },
        x: Var(0),
        y: Var(1),
    }];
    let mut base = Model::new("shape");
    base.var("x", 0.0, 6.0, 0.0);
    base.var("y", 0.0, 10.0, 0.0);
    let model = whole(&base, &surfaces);
    let binaries = model.vars().iter().filter(|v| v.integer).count();
    assert_eq!(binaries, 2 * 3 + 1);
}
