//! Critical regions: maps drawn by hand, and random ones against the simplex on a grid and a proof at every point of a
//! finer one.

use fastrand::Rng;
use tandem::opt::parametric::{Beyond, Cross, Family, Kind, Map, Optimum, SAMPLES, map};
use tandem::opt::{Duals, Failure, Limit, Model, Row, Var, certify, simplex};

use crate::close;

const INF: f64 = f64::INFINITY;

/// The family of the programs of a box.
fn family(ranges: [(f64, f64); 2], model: impl Fn(f64, f64) -> Model) -> Result<Family, Failure> {
    let [x, y] = ranges;
    let models = SAMPLES.map(|(u, v)| model(x.0 + u * (x.1 - x.0), y.0 + v * (y.1 - y.0)));
    Family::of(ranges, &models)
}

fn optimum(map: &Map, region: usize) -> Option<&Optimum> {
    match &map.regions[region].kind {
        Kind::Optimal(optimum) => Some(optimum),
        Kind::Empty(_) => None,
    }
}

/// 100 MW at 20 $/MWh, a line, 60 MW at 40 $/MWh with the load: load by limit of the line.
fn two_buses(load: f64, limit: f64) -> Model {
    let mut model = Model::new("two buses");
    let cheap = model.var("G1", 0.0, 100.0, 20.0);
    let dear = model.var("G2", 0.0, 60.0, 40.0);
    model.row("balance", [(cheap, 1.0), (dear, 1.0)], load, load);
    model.row("line", [(cheap, 1.0)], -INF, limit);
    model
}

/// By hand, over a load of 0 to 150 MW (x) and a limit of 0 to 120 MW (y): G1 alone where x ≤ y and x ≤ 100, 7000 of
/// 18000; the line full where y ≤ x ≤ y + 60 and y ≤ 100, 5950; G1 at its end, 1000; no dispatch where x > y + 60, 4050.
#[test]
fn two_buses_are_four_regions() {
    let family = family([(0.0, 150.0), (0.0, 120.0)], two_buses).unwrap();
    let map = map(&family, &[], 100).unwrap();
    assert_eq!(map.regions.len(), 4);
    // Where, share of the box, cost there, its gradient, price of the balance and of the line.
    let by_hand = [
        ((50.0, 80.0), 7000.0, 1000.0, (20.0, 0.0), (20.0, 0.0)),
        ((80.0, 50.0), 5950.0, 2200.0, (40.0, -20.0), (40.0, -20.0)),
        ((120.0, 110.0), 1000.0, 2800.0, (40.0, 0.0), (40.0, 0.0)),
    ];
    for (at, area, cost, gradient, prices) in by_hand {
        let k = map.at(at).unwrap();
        let found = optimum(&map, k).unwrap();
        close(map.regions[k].share, area / 18000.0);
        close(found.cost.at(at), cost);
        close(found.cost.gradient(at).0, gradient.0);
        close(found.cost.gradient(at).1, gradient.1);
        close(found.rows[0].at(at), prices.0);
        close(found.rows[1].at(at), prices.1);
    }
    let none = map.at((140.0, 20.0)).unwrap();
    close(map.regions[none].share, 4050.0 / 18000.0);
    let Kind::Empty(rows) = &map.regions[none].kind else {
        panic!("a dispatch where there is none");
    };
    assert_eq!(rows.iter().filter(|row| row.0 == 1).count(), 1);
    assert!(map.at((151.0, 20.0)).is_none());
    crossings(&map, none);
}

/// What changes at each edge of the map by hand.
fn crossings(map: &Map, none: usize) {
    let [alone, full, end] =
        [(50.0, 80.0), (80.0, 50.0), (120.0, 110.0)].map(|at| map.at(at).unwrap());
    let crosses = |from: usize, to: usize| {
        let edges = map.regions[from].edges.iter();
        let edge = edges
            .clone()
            .find(|edge| edge.beyond == Beyond::Region(to))
            .unwrap();
        let [cross] = edge.crosses[..] else {
            panic!("{:?}", edge.crosses);
        };
        cross
    };
    let (line, g1) = (Limit::RowUpper(Row(1)), Limit::VarUpper(Var(0)));
    assert_eq!(crosses(alone, full), Cross::Reaches(line));
    assert_eq!(
        crosses(full, alone),
        Cross::Reaches(Limit::VarLower(Var(1)))
    );
    assert_eq!(crosses(full, none), Cross::Reaches(Limit::VarUpper(Var(1))));
    assert_eq!(crosses(none, full), Cross::Opens);
    assert_eq!(crosses(full, end), Cross::Reaches(g1));
    assert_eq!(crosses(end, full), Cross::Reaches(line));
    assert_eq!(crosses(alone, end), Cross::Reaches(g1));
    let ends = |k: usize| map.regions[k].edges.iter().map(|e| e.beyond);
    assert_eq!(ends(none).filter(|b| *b == Beyond::Nothing).count(), 2);
}

/// The load by the price of G2, by hand: below 20 $/MWh G2 comes first. The line of 30 MW is full from 30 MW on where
/// G1 comes first, and from 90 MW on there is no dispatch.
#[test]
fn limits_by_costs() {
    let model = |load: f64, price: f64| {
        let mut model = two_buses(load, 30.0);
        model.set_cost(Var(1), price);
        model
    };
    let family = family([(0.0, 100.0), (10.0, 40.0)], model).unwrap();
    let map = map(&family, &[], 100).unwrap();
    assert_eq!(map.regions.len(), 5);
    // G2 first to 60 MW, then G1 at 20 $/MWh with G2 at its end: cost 60 y + 20 (x − 60).
    let by_hand = [
        ((20.0, 30.0), 400.0, 30.0 * 20.0),
        ((70.0, 30.0), 30.0 * 20.0 + 40.0 * 30.0, 60.0 * 20.0),
        ((30.0, 15.0), 450.0, 60.0 * 10.0),
        ((80.0, 15.0), 60.0 * 15.0 + 20.0 * 20.0, 30.0 * 10.0),
    ];
    for (at, cost, area) in by_hand {
        let k = map.at(at).unwrap();
        close(optimum(&map, k).unwrap().cost.at(at), cost);
        close(map.regions[k].share, area / 3000.0);
    }
    // The cost of the line's region is bent: 600 + y (x − 30).
    let full = optimum(&map, map.at((70.0, 30.0)).unwrap()).unwrap();
    close(full.cost.gradient((70.0, 30.0)).0, 30.0);
    close(full.cost.gradient((70.0, 30.0)).1, 40.0);
    close(full.cost.bent.1, 1.0);
    // At 20 $/MWh it ends beside both regions in which G2 comes first.
    let at_turn = map.regions[map.at((70.0, 30.0)).unwrap()].edges.iter();
    let leaves = Cross::Leaves(Limit::RowUpper(Row(1)));
    assert_eq!(at_turn.filter(|e| e.crosses.contains(&leaves)).count(), 2);
    let none = map.at((95.0, 12.0)).unwrap();
    assert!(optimum(&map, none).is_none());
    close(map.regions[none].share, 0.1);
}

/// One input, the other moves nothing: strips. By hand, behind a line of 50 MW: G1 to 50 MW, G2 to 110 MW, then nothing.
#[test]
fn one_input_makes_strips() {
    let family = family([(0.0, 150.0), (0.0, 1.0)], |load, _| two_buses(load, 50.0)).unwrap();
    let map = map(&family, &[], 100).unwrap();
    let shares: Vec<f64> = map.regions.iter().map(|region| region.share).collect();
    assert_eq!(shares.len(), 3);
    for (share, mw) in shares.into_iter().zip([50.0, 60.0, 40.0]) {
        close(share, mw / 150.0);
    }
    close(optimum(&map, 1).unwrap().rows[0].at((80.0, 0.5)), 40.0);
    assert!(optimum(&map, 2).is_none());
}

/// Two units of one price are one region for each that is marginal, none twice; where the load ends where the first
/// block does, the price is that of the next MWh.
#[test]
fn ties_are_kept_once() {
    let same = |load: f64, limit: f64| {
        let mut model = two_buses(load, limit);
        model.set_cost(Var(1), 20.0);
        model
    };
    let twice = family([(0.0, 150.0), (0.0, 120.0)], same).unwrap();
    let found = map(&twice, &[], 100).unwrap();
    let area: f64 = found.regions.iter().map(|region| region.share).sum();
    assert!((area - 1.0).abs() < 1e-9);
    assert!(found.regions.len() <= 4, "{}", found.regions.len());
    for region in &found.regions {
        if let Kind::Optimal(optimum) = &region.kind {
            close(optimum.cost.at(region.centre), 20.0 * region.centre.0);
        }
    }
    // 100 MW of load, costs of both: the next MWh is G2's where G1 is cheaper, at its end.
    let prices = |a: f64, b: f64| {
        let mut model = two_buses(100.0, 200.0);
        model.set_cost(Var(0), a);
        model.set_cost(Var(1), b);
        model
    };
    let costs = family([(10.0, 30.0), (10.0, 30.0)], prices).unwrap();
    let found = map(&costs, &[(Row(0), 1.0)], 100).unwrap();
    let priced = |at: (f64, f64)| optimum(&found, found.at(at).unwrap()).unwrap().rows[0].at(at);
    close(priced((15.0, 25.0)), 25.0);
    close(priced((25.0, 15.0)), 25.0);
    let found = map(&costs, &[(Row(0), -1.0)], 100).unwrap();
    let priced = |at: (f64, f64)| optimum(&found, found.at(at).unwrap()).unwrap().rows[0].at(at);
    close(priced((15.0, 25.0)), 15.0);
}

/// A program that is not affine, or whose coefficients move, has no map; nor one of more regions than asked for.
#[test]
fn what_has_no_map_is_refused() {
    let said = |model: &dyn Fn(f64, f64) -> Model| match family([(0.0, 10.0), (0.0, 10.0)], model) {
        Err(Failure::Refused(why)) => why,
        _ => panic!("a family"),
    };
    let product = said(&|x, y| two_buses(x * y, 200.0));
    assert!(
        product.contains("`balance` does not move along a straight line"),
        "{product}"
    );
    let clamp = said(&|x, _| two_buses((x - 3.0).clamp(0.0, 4.0), 200.0));
    assert!(clamp.contains("straight line"), "{clamp}");
    let factor = said(&|x, _| {
        let mut model = two_buses(10.0, 200.0);
        model.row("other", [(Var(0), 1.0 + x)], -INF, 50.0);
        model
    });
    assert!(factor.contains("`other`"), "{factor}");
    let more = said(&|x, _| {
        let mut model = two_buses(10.0, 200.0);
        if x > 9.0 {
            model.var("G3", 0.0, 1.0, 1.0);
        }
        model
    });
    assert!(more.contains("change which limits there are"), "{more}");
    let crossed = said(&|x, _| {
        let mut model = two_buses(10.0, 200.0);
        model.set_bounds(Var(0), x, 5.0);
        model
    });
    assert!(crossed.contains("cross one another"), "{crossed}");
    let four = family([(0.0, 150.0), (0.0, 120.0)], two_buses).unwrap();
    assert!(matches!(map(&four, &[], 3), Err(Failure::Stopped(_))));
}

/// A random program; limits by limits, limits by costs, costs by costs.
fn random(rng: &mut Rng, what: usize) -> impl Fn(f64, f64) -> Model + use<> {
    let (units, lines) = (rng.usize(5..12), rng.usize(1..6));
    let seed = rng.u64(..);
    move |x: f64, y: f64| {
        let mut rng = Rng::with_seed(seed);
        let mut number = |size: f64| size * (2.0 * rng.f64() - 1.0);
        let limit = |a: f64, b: f64| match what {
            0 => a * x + b * y,
            1 => a * x,
            _ => 0.0,
        };
        let cost = |a: f64, b: f64| match what {
            0 => 0.0,
            1 => b * y,
            _ => a * x + b * y,
        };
        let mut model = Model::new("random");
        let mut vars = Vec::new();
        for k in 0..units {
            let upper = 45.0 + limit(number(20.0), number(20.0));
            let price = 40.0 + number(20.0) + cost(number(15.0), number(15.0));
            vars.push(model.var(format!("unit {k}"), 0.0, upper, price));
        }
        let load = 22.0 * units as f64 + limit(number(60.0), number(60.0));
        model.row("load", vars.iter().map(|&v| (v, 1.0)), load, load);
        for l in 0..lines {
            let terms: Vec<(Var, f64)> = vars.iter().map(|&v| (v, number(1.0))).collect();
            let most = 25.0 + limit(number(10.0), number(10.0));
            model.row(format!("line {l}"), terms, -INF, most);
        }
        model
    }
}

/// Every region's numbers are an optimum: proven at each point of a fine grid, and solved anew on a coarse one.
#[test]
fn random_maps_are_those_of_the_simplex() {
    let mut rng = Rng::with_seed(20_261_130);
    let (mut regions, mut empty) = (0, 0);
    for round in 0..9 {
        let model = random(&mut rng, round % 3);
        let family = family([(-1.0, 1.0), (-1.0, 1.0)], &model).unwrap();
        let map = map(&family, &[], 1000).unwrap();
        let area: f64 = map.regions.iter().map(|region| region.share).sum();
        assert!((area - 1.0).abs() < 1e-9, "round {round}: {area}");
        regions += map.regions.len();
        const FINE: usize = 400;
        for i in 0..FINE {
            for j in 0..FINE {
                let place = |k: usize| (k as f64 + 0.5) / FINE as f64 * 2.0 - 1.0;
                let at = (place(i), place(j));
                let k = map.at(at).unwrap();
                let there = model(at.0, at.1);
                let solved = (i % 20 == 7 && j % 20 == 11).then(|| simplex::solve(&there));
                match optimum(&map, k) {
                    None => {
                        empty += 1;
                        assert!(solved.is_none_or(|s| matches!(s, Err(Failure::Infeasible))));
                    }
                    Some(found) => {
                        let cost = found.cost.at(at);
                        proven(&there, found, at);
                        if let Some(solved) = solved {
                            let other = solved.unwrap().objective;
                            assert!((cost - other).abs() <= 1e-9 * other.abs().max(1.0));
                        }
                    }
                }
            }
        }
    }
    assert!(
        regions > 60 && empty > 100,
        "{regions} regions, {empty} points without"
    );
}

/// The point, cost and multipliers of a region are an optimum of the program there.
fn proven(there: &Model, found: &Optimum, at: (f64, f64)) {
    let x: Vec<f64> = found.x.iter().map(|x| x.at(at)).collect();
    let rows: Vec<f64> = found.rows.iter().map(|y| y.at(at)).collect();
    let mut reduced: Vec<f64> = there.vars().iter().map(|column| column.cost).collect();
    for (row, y) in there.rows().iter().zip(&rows) {
        for &(v, a) in &row.terms {
            reduced[v.0] -= a * y;
        }
    }
    let duals = Duals {
        rows,
        reduced,
        ..Duals::default()
    };
    let proof = certify("region", there, &x, Some(&duals));
    assert!(proof.certified, "{at:?}: {proof:?}");
    let cost = there.objective(&x);
    assert!((cost - found.cost.at(at)).abs() <= 1e-9 * cost.abs().max(1.0));
}
