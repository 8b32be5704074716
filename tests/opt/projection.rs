//! Shadows: the worked example by hand; on seeded random models every shadow against
//! linear programs over the model as written, both ways, and every face against the sum of
//! its own limits.

mod judge;

use fastrand::Rng;
use judge::{assert_shadow, assert_sum, general, support, units};
use tandem::opt::projection::{
    Corner, Face, Projection, ROW_LIMIT, combine, corners_2d, half_space, project,
};
use tandem::opt::{Failure, Limit, Model, Row, Var};

const INF: f64 = f64::INFINITY;
const SEED: u64 = 20_260_714;

/// Two units on a feeder behind a line that carries what they send out and something else.
/// Rows: 0 what flows, 1 what is sent out, 2 the line.
fn feeder() -> (Model, [Var; 4]) {
    let mut model = Model::new("feeder");
    let d2 = model.var("D2", 0.0, 4.0, 1.0);
    let d3 = model.var("D3", 0.0, 2.0, 1.0);
    let p = model.var("P_a", -INF, INF, 0.0);
    let f = model.var("f", -INF, INF, 0.0);
    let other = model.var("other", -INF, INF, 0.0);
    model.row("flow", [(f, 1.0), (d2, -1.0)], 0.0, 0.0);
    model.row("sum", [(p, 1.0), (d2, -1.0), (d3, -1.0)], 0.0, 0.0);
    model.row("line", [(other, 1.0), (f, 1.0)], -10.0, 10.0);
    (model, [p, other, d2, d3])
}

fn points(projection: &Projection) -> Vec<(f64, f64)> {
    let corners = corners_2d(projection).unwrap();
    corners.iter().map(|corner| corner.point).collect()
}

/// The bounds and inequality rows among the sources, in order; equalities left out.
fn inequalities(model: &Model, face: &Face) -> Vec<(Limit, f64)> {
    let equal = |limit: &Limit| match *limit {
        Limit::RowLower(i) | Limit::RowUpper(i) => {
            model.rows()[i.0].lower == model.rows()[i.0].upper
        }
        _ => false,
    };
    let mut sources = face.sources.clone();
    sources.retain(|(limit, _)| !equal(limit));
    sources.sort_by_key(|&(limit, _)| limit);
    sources
}

/// Upper edge: the line less what D2 must send, D2 ≥ max(0, P_a − 2). Lower edge: the
/// line less what it may send, D2 ≤ min(4, P_a). All by hand, exact to the last digit.
#[test]
fn the_hexagon_of_two_units_and_a_line() {
    let (model, [p, other, d2, d3]) = feeder();
    let shadow = project(&model, &[p, other], ROW_LIMIT).unwrap();
    let corners = [
        (0.0, -10.0),
        (4.0, -14.0),
        (6.0, -14.0),
        (6.0, 6.0),
        (2.0, 10.0),
        (0.0, 10.0),
    ];
    assert_eq!(points(&shadow), corners);
    assert!(shadow.equalities.is_empty());
    let line = Row(2);
    let (low, high) = (Limit::RowLower(line), Limit::RowUpper(line));
    let expected: [(f64, f64, f64, Vec<Limit>); 6] = [
        // −P_a − other ≤ 10: D2 sends all there is, D3 nothing.
        (-1.0, -1.0, 10.0, vec![low, Limit::VarLower(d3)]),
        (0.0, -1.0, 14.0, vec![low, Limit::VarUpper(d2)]),
        (
            1.0,
            0.0,
            6.0,
            vec![Limit::VarUpper(d2), Limit::VarUpper(d3)],
        ),
        // P_a + other ≤ 12: the line at its limit and D3 at its own.
        (1.0, 1.0, 12.0, vec![high, Limit::VarUpper(d3)]),
        (0.0, 1.0, 10.0, vec![high, Limit::VarLower(d2)]),
        (
            -1.0,
            0.0,
            0.0,
            vec![Limit::VarLower(d2), Limit::VarLower(d3)],
        ),
    ];
    assert_eq!(shadow.faces.len(), expected.len());
    for (k, (a, b, upper, limits)) in expected.into_iter().enumerate() {
        let face = &shadow.faces[k];
        let terms = [(p, a), (other, b)];
        let terms: Vec<(Var, f64)> = terms.into_iter().filter(|(_, a)| *a != 0.0).collect();
        assert_eq!((&face.terms, face.upper), (&terms, upper), "face {k}");
        let mut expected: Vec<(Limit, f64)> = limits.into_iter().map(|l| (l, 1.0)).collect();
        expected.sort_by_key(|&(limit, _)| limit);
        assert_eq!(inequalities(&model, face), expected, "face {k}");
        assert_sum(&model, &shadow, face, "feeder");
    }
    let meeting: Vec<Vec<usize>> = corners_2d(&shadow)
        .unwrap()
        .into_iter()
        .map(|corner| corner.faces)
        .collect();
    let expected = [[5, 0], [0, 1], [1, 2], [2, 3], [3, 4], [4, 5]];
    assert_eq!(meeting, expected);
    assert_eq!(shadow.violation(&[6.0, 6.0]), 0.0);
    assert_eq!(shadow.violation(&[6.0, 7.0]), 1.0);
    // The other way round the plane is mirrored.
    let mirrored = project(&model, &[other, p], ROW_LIMIT).unwrap();
    let mut back: Vec<(f64, f64)> = points(&mirrored).iter().map(|&(y, x)| (x, y)).collect();
    let mut corners = corners.to_vec();
    corners.sort_by(|a, b| a.partial_cmp(b).unwrap());
    back.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(back, corners);
}

/// Decimals that are not binary fractions still come out short.
#[test]
fn corners_come_out_clean() {
    let mut model = Model::new("decimals");
    let p = model.var("p", -INF, INF, 0.0);
    let q = model.var("q", -INF, INF, 0.0);
    let x: Vec<Var> = [0.1, 0.3, 0.7]
        .iter()
        .map(|&most| model.var("x", 0.0, most, 0.0))
        .collect();
    model.row(
        "p",
        [(p, -1.0), (x[0], 1.0), (x[1], 1.0), (x[2], 1.0)],
        0.0,
        0.0,
    );
    model.row(
        "q",
        [(q, -1.0), (x[0], 0.1), (x[1], 0.6), (x[2], 0.9)],
        0.0,
        0.0,
    );
    let shadow = project(&model, &[p, q], ROW_LIMIT).unwrap();
    let corners = [
        (0.0, 0.0),
        (0.1, 0.01),
        (0.4, 0.19),
        (1.1, 0.82),
        (1.0, 0.81),
        (0.7, 0.63),
    ];
    assert_eq!(points(&shadow), corners);
}

#[test]
fn random_shadows_are_the_sets_own() {
    let mut random = Rng::with_seed(SEED);
    let (mut flat, mut checks) = (0, 0);
    let mut by_dimension = [0; 5];
    for case in 0..700 {
        let model = general(&mut random, case);
        let mut keep: Vec<Var> = (0..model.vars().len()).map(Var).collect();
        random.shuffle(&mut keep);
        keep.truncate(random.usize(0..4).max(usize::from(case % 2 == 0) * 2));
        let what = format!("seed {SEED}, {}, keep {keep:?}", model.name());
        let shadow =
            project(&model, &keep, ROW_LIMIT).unwrap_or_else(|why| panic!("{what}: {why}"));
        flat += usize::from(!shadow.equalities.is_empty());
        by_dimension[shadow.keep.len() - shadow.equalities.len()] += 1;
        checks += assert_shadow(&model, &shadow, &mut random, &what);
    }
    assert!(
        flat > 100 && checks > 5_000,
        "{flat} flat shadows, {checks} checks"
    );
    assert!(
        by_dimension.iter().take(4).all(|&n| n > 30),
        "{by_dimension:?}"
    );
}

/// Corners are vertices of the shadow, and the outline between them is all of it.
#[test]
fn outlines_close_around_the_shadow() {
    let mut random = Rng::with_seed(SEED ^ 1);
    for case in 0..60 {
        let (n, lines) = (random.usize(2..12), random.usize(0..3));
        let (model, vars) = units(&mut random, n, lines);
        let shadow = project(&model, &vars[..2], ROW_LIMIT).unwrap();
        let what = format!("seed {SEED}, outline {case}, {}", model.name());
        assert_shadow(&model, &shadow, &mut random, &what);
        let corners = corners_2d(&shadow).unwrap();
        assert_eq!(corners.len(), shadow.faces.len(), "{what}");
        let mut turns = 0.0;
        for (k, Corner { point, faces }) in corners.iter().enumerate() {
            let before = (k + corners.len() - 1) % corners.len();
            assert_eq!(faces, &[before, k], "{what}");
            for &face in faces {
                let face = &shadow.faces[face];
                let at = [point.0, point.1];
                let value: f64 = face
                    .terms
                    .iter()
                    .map(|&(v, a)| a * at[shadow.keep.iter().position(|&k| k == v).unwrap()])
                    .sum();
                assert!((value - face.upper).abs() < 1e-9 * 100.0, "{what}");
            }
            assert!(shadow.violation(&[point.0, point.1]) < 1e-8, "{what}");
            let at = |k: usize| corners[k % corners.len()].point;
            let (a, b, c) = (*point, at(k + 1), at(k + 2));
            let (u, v) = ((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
            let cross = u.0 * v.1 - u.1 * v.0;
            assert!(cross > 0.0, "{what}: corner {k} turns by {cross}");
            turns += cross.atan2(u.0 * v.0 + u.1 * v.1);
        }
        assert!(
            (turns - std::f64::consts::TAU).abs() < 1e-9,
            "{what}: {turns}"
        );
        let first = corners[0].point;
        assert!(corners.iter().all(|corner| first <= corner.point), "{what}");
        // Any support is reached at a corner.
        for _ in 0..8 {
            let (a, b) = (2.0 * random.f64() - 1.0, 2.0 * random.f64() - 1.0);
            let most = support(&model, &[(vars[0], a), (vars[1], b)]).unwrap();
            let reach = corners.iter().map(|c| a * c.point.0 + b * c.point.1);
            let reach = reach.fold(-INF, f64::max);
            assert!((most - reach).abs() < 1e-7 * (1.0 + most.abs()), "{what}");
        }
    }
}

#[test]
fn several_lines_on_three_and_four_variables() {
    let mut random = Rng::with_seed(SEED ^ 2);
    let mut faces = 0;
    for case in 0..24 {
        let (n, lines) = (random.usize(3..9), random.usize(1..4));
        let (model, vars) = units(&mut random, n, lines);
        let keep = &vars[..3 + case % 2];
        let what = format!("seed {SEED}, case {case}, {}", model.name());
        let shadow = project(&model, keep, ROW_LIMIT).unwrap_or_else(|why| panic!("{what}: {why}"));
        faces += shadow.faces.len();
        assert_shadow(&model, &shadow, &mut random, &what);
    }
    assert!(faces > 24 * 10, "{faces} faces");
}

/// Twenty units behind one line, in any order of the model: the rows never outnumber those
/// written down, and the outline is the zonotope's, cut by nothing.
#[test]
fn one_line_keeps_the_rows_few() {
    let mut random = Rng::with_seed(SEED ^ 3);
    for n in [20, 50] {
        let (model, vars) = units(&mut random, n, 1);
        let shadow = project(&model, &vars[..2], ROW_LIMIT).unwrap();
        assert!(
            shadow.most_rows <= 4 * n,
            "{} rows for {n}",
            shadow.most_rows
        );
        assert_shadow(&model, &shadow, &mut random, "many units");
    }
}

/// Fourteen units that three lines see with, against or not at all: here the number of rows
/// that a sum may have tells too little, and without the test on supports the rows pass
/// 20,000 before the last variable.
#[test]
fn supports_keep_the_rows_few() {
    let mut random = Rng::with_seed(5);
    let mut model = Model::new("with or against");
    let p = model.var("P", -INF, INF, 0.0);
    let q = model.var("Q", -INF, INF, 0.0);
    let x: Vec<Var> = (0..14)
        .map(|_| model.var("x", 0.0, 1.0 + f64::from(random.u8(0..5)), 0.0))
        .collect();
    let sum = x.iter().map(|&v| (v, 1.0));
    model.row("sum", sum.chain([(p, -1.0)]), 0.0, 0.0);
    for _ in 0..3 {
        let terms = x.iter().map(|&v| (v, f64::from(random.i8(-1..2))));
        let terms: Vec<(Var, f64)> = terms.chain([(q, 1.0)]).collect();
        model.row("line", terms, -7.0, 8.0);
    }
    let shadow = project(&model, &[p, q], ROW_LIMIT).unwrap();
    assert!(shadow.most_rows <= 400, "{} rows", shadow.most_rows);
    assert_shadow(&model, &shadow, &mut random, "with or against");
}

/// Limits drawn at random contradict each other often: the proof is checked by hand.
#[test]
fn an_empty_set_comes_with_its_proof() {
    let mut random = Rng::with_seed(SEED ^ 4);
    let (mut empty, mut full) = (0, 0);
    for case in 0..400 {
        let mut model = general(&mut random, case);
        let by = random.f64() * 6.0;
        if let Some(last) = model.rows().len().checked_sub(1) {
            let row = &model.rows()[last];
            let (lower, upper) = (row.lower + by, row.upper + by);
            model.set_limits(Row(last), lower, upper);
        } else {
            let column = &model.vars()[0];
            let (lower, upper) = (column.lower, column.upper - by);
            model.set_bounds(Var(0), lower, upper);
        }
        let what = format!("seed {SEED}, {} moved by {by}", model.name());
        match (
            project(&model, &[Var(0), Var(1)], ROW_LIMIT),
            support(&model, &[]),
        ) {
            (Ok(shadow), Some(_)) => {
                full += 1;
                assert_shadow(&model, &shadow, &mut random, &what);
            }
            (Err(why @ Failure::Empty { .. }), None) => {
                empty += 1;
                let text = why.to_string();
                let Failure::Empty { sources, names, by } = why else {
                    unreachable!()
                };
                let (sum, upper) = combine(&model, &sources).unwrap();
                let size: f64 = sources.iter().map(|s| s.1).sum();
                assert!(sources.iter().all(|&(_, w)| w > 0.0), "{what}");
                assert!(
                    sum.iter().all(|a| a.abs() < 1e-9 * (1.0 + size)),
                    "{what}: {sum:?}"
                );
                assert!(
                    by > 0.0 && (upper + by).abs() < 1e-9 * (1.0 + size),
                    "{what}: {upper}"
                );
                assert_eq!(names.len(), sources.len(), "{what}");
                assert!(
                    names.iter().all(|name| text.contains(name)),
                    "{what}: {text}"
                );
            }
            (shadow, point) => panic!("{what}: {shadow:?} but the solver says {point:?}"),
        }
    }
    assert!(empty > 60 && full > 100, "{empty} empty, {full} not");
}

#[test]
fn the_words_of_an_empty_set() {
    let mut model = Model::new("short");
    let a = model.var("A", 0.0, 4.0, 0.0);
    let b = model.var("B", 0.0, 3.0, 0.0);
    let load = model.row("load", [(a, 1.0), (b, 1.0)], 10.0, 10.0);
    let Err(Failure::Empty {
        mut sources, by, ..
    }) = project(&model, &[a], ROW_LIMIT)
    else {
        panic!("not empty");
    };
    sources.sort_by_key(|&(limit, _)| limit);
    let expected = [
        (Limit::RowLower(load), 1.0),
        (Limit::VarUpper(a), 1.0),
        (Limit::VarUpper(b), 1.0),
    ];
    assert_eq!((sources.as_slice(), by), (&expected[..], 3.0));
    // Crossed bounds of one variable.
    let mut model = Model::new("crossed");
    let x = model.var("x", 2.0, 1.5, 0.0);
    let why = project(&model, &[x], ROW_LIMIT).unwrap_err().to_string();
    let expected = "no point meets all limits: the upper bound of `x`, the lower bound of `x` contradict each other by 0.5; move one of them outward";
    assert_eq!(why, expected);
    // Two equalities that cannot both hold.
    let mut model = Model::new("equalities");
    let x = model.var("x", -INF, INF, 0.0);
    model.row("one", [(x, 1.0)], 1.0, 1.0);
    model.row("two", [(x, 2.0)], 3.0, 3.0);
    assert!(matches!(
        project(&model, &[], ROW_LIMIT),
        Err(Failure::Empty { .. })
    ));
}

#[test]
fn equalities_among_kept_variables() {
    let mut model = Model::new("share");
    let x = model.var("x", 0.0, 6.0, 0.0);
    let y = model.var("y", 1.0, 2.5, 0.0);
    let z = model.var("z", 0.0, 9.0, 0.0);
    model.row("double", [(x, 1.0), (y, -2.0)], 0.0, 0.0);
    model.row("sum", [(x, 1.0), (y, 1.0), (z, -1.0)], 0.0, 0.0);
    let shadow = project(&model, &[x, y], ROW_LIMIT).unwrap();
    assert_eq!((shadow.equalities.len(), shadow.faces.len()), (1, 2));
    let corners = corners_2d(&shadow).unwrap();
    let ends: Vec<(f64, f64)> = corners.iter().map(|c| c.point).collect();
    assert_eq!(ends, [(2.0, 1.0), (5.0, 2.5)]);
    assert!(corners.iter().all(|corner| corner.faces.len() == 1));
    assert_eq!(shadow.violation(&[4.0, 2.0]), 0.0);
    assert!(shadow.violation(&[5.0, 2.0]) > 0.4);
    // One more equality leaves a point.
    let mut point = model.clone();
    point.row("fixed", [(y, 1.0)], 2.0, 2.0);
    let shadow = project(&point, &[x, y], ROW_LIMIT).unwrap();
    assert_eq!(shadow.equalities.len(), 2);
    assert_eq!(points(&shadow), [(4.0, 2.0)]);
}

/// Three inequalities that meet in one point are two equalities, each with its own limits.
#[test]
fn equalities_in_disguise() {
    let mut model = Model::new("point");
    let x = model.var("x", 0.0, INF, 0.0);
    let y = model.var("y", 0.0, INF, 0.0);
    let z = model.var("z", -1.0, 1.0, 0.0);
    model.row("sum", [(x, 1.0), (y, 1.0), (z, 1.0)], -INF, -1.0);
    let shadow = project(&model, &[x, y, z], ROW_LIMIT).unwrap();
    assert_eq!((shadow.equalities.len(), shadow.faces.len()), (3, 0));
    assert_eq!(shadow.violation(&[0.0, 0.0, -1.0]), 0.0);
    assert!(shadow.violation(&[0.0, 0.1, -1.0]) > 0.09);
    for equality in &shadow.equalities {
        assert_sum(&model, &shadow, &equality.at_most, "point");
        assert_sum(&model, &shadow, &equality.at_least, "point");
    }
}

#[test]
fn open_shadows_say_where() {
    let (mut model, [p, other, d2, _]) = feeder();
    model.set_bounds(d2, 0.0, INF);
    let shadow = project(&model, &[p, other], ROW_LIMIT).unwrap();
    assert_eq!(shadow.faces.len(), 4);
    let why = corners_2d(&shadow).unwrap_err();
    assert!(why.to_string().contains("direction (1, -1)"), "{why}");
    // The first face has nothing before it, the last nothing after it.
    assert_eq!(shadow.faces[0].upper, 12.0);
    // Nothing bounds it at all; a half-plane; a strip; an open line.
    let mut model = Model::new("open");
    let x = model.var("x", -INF, INF, 0.0);
    let y = model.var("y", -INF, INF, 0.0);
    let hidden = model.var("h", 0.0, INF, 0.0);
    model.row("r", [(x, 1.0), (y, 1.0), (hidden, 1.0)], 3.0, INF);
    let shadow = project(&model, &[x, y], ROW_LIMIT).unwrap();
    assert!(shadow.faces.is_empty());
    assert!(
        corners_2d(&shadow)
            .unwrap_err()
            .to_string()
            .contains("(1, 0)")
    );
    model.set_bounds(hidden, 0.0, 1.0);
    let shadow = project(&model, &[x, y], ROW_LIMIT).unwrap();
    assert_eq!((shadow.faces.len(), shadow.faces[0].upper), (1, -2.0));
    assert!(corners_2d(&shadow).is_err());
    model.set_limits(Row(0), 3.0, 4.0);
    let shadow = project(&model, &[x, y], ROW_LIMIT).unwrap();
    assert_eq!(shadow.faces.len(), 2);
    assert!(corners_2d(&shadow).is_err());
    model.set_limits(Row(0), 3.0, 3.0);
    model.set_bounds(hidden, 0.0, 0.0);
    model.set_bounds(x, 0.0, INF);
    let shadow = project(&model, &[x, y], ROW_LIMIT).unwrap();
    assert_eq!((shadow.faces.len(), shadow.equalities.len()), (1, 1));
    assert!(
        corners_2d(&shadow)
            .unwrap_err()
            .to_string()
            .contains("(1, -1)")
    );
    assert!(corners_2d(&project(&model, &[x], ROW_LIMIT).unwrap()).is_err());
}

#[test]
fn refusals_name_what_and_where() {
    let (mut model, [p, other, ..]) = feeder();
    let refused = |model: &Model, keep: &[Var]| match project(model, keep, ROW_LIMIT) {
        Err(Failure::Refused(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(refused(&model, &[p, p]).contains("`P_a` is to be kept twice"));
    assert!(refused(&model, &[p, Var(77)]).contains("variable 77"));
    let mut whole = model.clone();
    whole.integer("unit on", 0.0, 1.0, 0.0);
    assert!(refused(&whole, &[p, other]).contains("`unit on` takes whole numbers"));
    let mut round = model.clone();
    round.cone("MVA", vec![(vec![], 1.0), (vec![(p, 1.0)], 0.0)]);
    assert!(refused(&round, &[p, other]).contains("cone `MVA`"));
    model.set_bounds(p, f64::NAN, 1.0);
    assert!(refused(&model, &[p, other]).contains("`P_a`"));
    assert_eq!(half_space(&model, Limit::VarUpper(Var(77))), None);
    assert_eq!(half_space(&model, Limit::VarUpper(other)), None);
    assert_eq!(combine(&model, &[(Limit::RowUpper(Row(77)), 1.0)]), None);
}

#[test]
fn too_many_rows_are_a_sentence() {
    let mut random = Rng::with_seed(SEED ^ 5);
    let (model, vars) = units(&mut random, 14, 3);
    let why = project(&model, &vars[..2], 80).unwrap_err();
    let Failure::TooLarge {
        rows,
        limit,
        left,
        of,
        ..
    } = &why
    else {
        panic!("{why}");
    };
    assert!(*rows > 80 && *limit == 80 && left <= of, "{why}");
    let text = why.to_string();
    assert!(
        text.contains("eliminating `") && text.contains("limit of 80"),
        "{text}"
    );
    assert!(project(&model, &vars[..2], ROW_LIMIT).is_ok());
}
