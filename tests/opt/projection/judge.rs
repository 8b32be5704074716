//! The judge of shadows: linear programs over the model as written, sums of its own rows and
//! bounds, and the random models it judges.

use fastrand::Rng;
use tandem::opt::projection::{Face, Projection, combine};
use tandem::opt::{Failure, Limit, Model, Var, simplex};

const INF: f64 = f64::INFINITY;

/// Face = Σ multiplier × limit, added up here from the model's own rows and bounds, and by
/// the library's own function.
pub fn assert_sum(model: &Model, shadow: &Projection, face: &Face, what: &str) {
    let mut sum = vec![0.0; model.vars().len()];
    let mut size = vec![1.0_f64; model.vars().len()];
    let (mut upper, mut upper_size) = (0.0, 1.0);
    for &(limit, w) in &face.sources {
        assert!(w > 0.0, "{what}: multiplier {w}");
        let other_side = match limit {
            Limit::RowUpper(i) => Limit::RowLower(i),
            Limit::RowLower(i) => Limit::RowUpper(i),
            Limit::VarUpper(j) => Limit::VarLower(j),
            Limit::VarLower(j) => Limit::VarUpper(j),
            Limit::Cone(k) => Limit::Cone(k),
        };
        let both = face.sources.iter().any(|&(limit, _)| limit == other_side);
        assert!(!both, "{what}: both sides of {limit:?}");
        let (terms, sign, bound) = match limit {
            Limit::RowUpper(i) => (
                model.rows()[i.0].terms.clone(),
                1.0,
                model.rows()[i.0].upper,
            ),
            Limit::RowLower(i) => (
                model.rows()[i.0].terms.clone(),
                -1.0,
                model.rows()[i.0].lower,
            ),
            Limit::VarUpper(j) => (vec![(j, 1.0)], 1.0, model.vars()[j.0].upper),
            Limit::VarLower(j) => (vec![(j, 1.0)], -1.0, model.vars()[j.0].lower),
            Limit::Cone(_) => panic!("{what}: a cone"),
        };
        for (v, a) in terms {
            sum[v.0] += w * sign * a;
            size[v.0] += (w * a).abs();
        }
        upper += w * sign * bound;
        upper_size += (w * bound).abs();
    }
    let (again, again_upper) = combine(model, &face.sources).unwrap();
    for (j, (&sum, &size)) in sum.iter().zip(&size).enumerate() {
        let a = face
            .terms
            .iter()
            .find(|(v, _)| v.0 == j)
            .map_or(0.0, |t| t.1);
        assert!(
            (sum - a).abs() <= 1e-9 * size,
            "{what}: {sum} of variable {j}, not {a}"
        );
        assert!((sum - again[j]).abs() <= 1e-12 * size, "{what}");
    }
    assert!(
        (upper - face.upper).abs() <= 1e-9 * upper_size,
        "{what}: {upper}"
    );
    assert!((upper - again_upper).abs() <= 1e-12 * upper_size, "{what}");
    assert!(
        face.terms.iter().all(|(v, _)| shadow.keep.contains(v)),
        "{what}"
    );
}

/// max Σ direction · x over the model: ∞ where unbounded, `None` where there is no point.
pub fn support(model: &Model, direction: &[(Var, f64)]) -> Option<f64> {
    let mut model = model.clone();
    for j in 0..model.vars().len() {
        model.set_cost(Var(j), 0.0);
    }
    for &(v, a) in direction {
        model.set_cost(v, -a);
    }
    match simplex::solve(&model) {
        Ok(solution) => Some(-solution.objective),
        Err(Failure::Unbounded) => Some(INF),
        Err(Failure::Infeasible) => None,
        Err(why) => panic!("{}: {why}", model.name()),
    }
}

/// A model of the shadow alone: its variables are those kept, its rows the faces named.
fn shadow_model(shadow: &Projection, faces: impl Iterator<Item = usize>, far: f64) -> Model {
    let mut model = Model::new("shadow");
    for _ in &shadow.keep {
        // Within a box far out: free variables that move together upset the engine.
        model.var("", -far, far, 0.0);
    }
    let place = |v: Var| Var(shadow.keep.iter().position(|&k| k == v).unwrap());
    let planes = shadow
        .equalities
        .iter()
        .flat_map(|e| [&e.at_most, &e.at_least]);
    for face in faces.map(|k| &shadow.faces[k]).chain(planes) {
        let terms = face.terms.iter().map(|&(v, a)| (place(v), a));
        model.row("", terms, -INF, face.upper + 1e-10);
    }
    model
}

/// Beyond every corner of the random models.
const FAR: f64 = 1e5;

/// Everything that makes a shadow right, for one model. Returns the number of checks that
/// could have failed.
pub fn assert_shadow(model: &Model, shadow: &Projection, random: &mut Rng, what: &str) -> usize {
    let mut checks = assert_faces_touch(model, shadow, what);
    assert_no_face_follows(shadow, what);
    checks += shadow.faces.len();
    let all = shadow_model(shadow, 0..shadow.faces.len(), FAR);
    let farther = shadow_model(shadow, 0..shadow.faces.len(), 2.0 * FAR);
    for _ in 0..12 {
        assert_same_support(model, shadow, [&all, &farther], random, what);
        checks += usize::from(assert_vertex_inside(model, shadow, random, what));
        checks += usize::from(assert_mixture_extends(model, shadow, &all, random, what));
    }
    checks
}

/// Every face is the sum of its own limits, and tight: it touches the set.
fn assert_faces_touch(model: &Model, shadow: &Projection, what: &str) -> usize {
    let planes = shadow
        .equalities
        .iter()
        .flat_map(|e| [&e.at_most, &e.at_least]);
    let mut checks = 0;
    for face in shadow.faces.iter().chain(planes) {
        assert_sum(model, shadow, face, what);
        let most = support(model, &face.terms).unwrap();
        let scale = 1.0 + face.upper.abs();
        assert!(
            (most - face.upper).abs() < 1e-6 * scale,
            "{what}: {most} {face:?}"
        );
        checks += 1;
    }
    checks
}

fn assert_no_face_follows(shadow: &Projection, what: &str) {
    for (k, face) in shadow.faces.iter().enumerate() {
        let others = shadow_model(
            shadow,
            (0..shadow.faces.len()).filter(|&other| other != k),
            FAR,
        );
        let place = |v: Var| Var(shadow.keep.iter().position(|&k| k == v).unwrap());
        let terms: Vec<(Var, f64)> = face.terms.iter().map(|&(v, a)| (place(v), a)).collect();
        let most = support(&others, &terms).unwrap();
        assert!(
            most > face.upper + 1e-9 * (1.0 + face.upper.abs()),
            "{what}: face {k} says nothing: {most}, {face:?}"
        );
    }
}

/// The same support in a random direction. The shadow is cut off [`FAR`] out, and twice as far.
fn assert_same_support(
    model: &Model,
    shadow: &Projection,
    [all, farther]: [&Model; 2],
    random: &mut Rng,
    what: &str,
) {
    let mut direction = || 2.0 * random.f64() - 1.0;
    let of_set: Vec<(Var, f64)> = shadow.keep.iter().map(|&v| (v, direction())).collect();
    let of_shadow: Vec<(Var, f64)> = (0..).map(Var).zip(of_set.iter().map(|&(_, a)| a)).collect();
    let set = support(model, &of_set).unwrap();
    let flat = support(all, &of_shadow).unwrap();
    if set == INF {
        assert!(
            support(farther, &of_shadow).unwrap() > flat + 1.0,
            "{what}: the set is open in {of_set:?}, not its shadow"
        );
    } else {
        assert!(
            (set - flat).abs() < 1e-6 * (1.0 + set.abs()),
            "{what}: {set} {flat}"
        );
    }
}

fn vertex(model: &Model) -> Option<Vec<f64>> {
    match simplex::solve(model) {
        Ok(solution) => Some(solution.x),
        _ => None,
    }
}

/// A random vertex of the set lies in the shadow. False where there is none.
fn assert_vertex_inside(model: &Model, shadow: &Projection, random: &mut Rng, what: &str) -> bool {
    let mut pulled = model.clone();
    for j in 0..pulled.vars().len() {
        let cost = 2.0 * random.f64() - 1.0;
        pulled.set_cost(Var(j), cost);
    }
    let Some(x) = vertex(&pulled) else {
        return false;
    };
    let at: Vec<f64> = shadow.keep.iter().map(|v| x[v.0]).collect();
    let scale = at.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    assert!(shadow.violation(&at) < 1e-6 * scale, "{what}: {at:?}");
    true
}

/// A random mixture of vertices of the shadow extends to a point of the set. False where there are
/// none.
fn assert_mixture_extends(
    model: &Model,
    shadow: &Projection,
    all: &Model,
    random: &mut Rng,
    what: &str,
) -> bool {
    let mut pulled = all.clone();
    let mut corner = || {
        for j in 0..pulled.vars().len() {
            pulled.set_cost(Var(j), 2.0 * random.f64() - 1.0);
            pulled.set_bounds(Var(j), -1e3, 1e3);
        }
        vertex(&pulled)
    };
    let (Some(a), Some(b)) = (corner(), corner()) else {
        return false;
    };
    let share = random.f64();
    let mut fixed = model.clone();
    for (k, v) in shadow.keep.iter().enumerate() {
        let at = share * a[k] + (1.0 - share) * b[k];
        let column = &model.vars()[v.0];
        assert!(
            at > column.lower - 1e-6 && at < column.upper + 1e-6,
            "{what}"
        );
        fixed.set_bounds(*v, at - 1e-7, at + 1e-7);
    }
    assert!(
        support(&fixed, &[]).is_some(),
        "{what}: nothing above {a:?}, {b:?}"
    );
    true
}

/// A model with a known point, of rows and bounds of every kind: open, one-sided,
/// two-sided, fixed; equalities; columns and rows that stand there twice.
pub fn general(random: &mut Rng, case: usize) -> Model {
    let whole = random.bool();
    let number = |random: &mut Rng, most: f64| {
        let at = most * (2.0 * random.f64() - 1.0);
        if whole { at.round() } else { at }
    };
    let n = random.usize(2..9);
    let mut model = Model::new(format!("general {case}"));
    let mut x0 = Vec::new();
    for j in 0..n {
        let x = number(random, 5.0);
        let (below, above) = (number(random, 4.0).abs(), number(random, 4.0).abs());
        let (lower, upper) = match random.u8(0..8) {
            0 => (-INF, INF),
            1 => (x - below, INF),
            2 => (-INF, x + above),
            3 => (x, x),
            _ => (x - below, x + above),
        };
        model.var(format!("x{j}"), lower, upper, number(random, 3.0));
        x0.push(x);
    }
    for i in 0..random.usize(0..6) {
        let mut terms: Vec<(Var, f64)> = (0..n)
            .filter(|_| random.f64() < 0.6)
            .map(|j| (Var(j), 0.0))
            .collect();
        for term in &mut terms {
            term.1 = number(random, 3.0);
        }
        if random.u8(0..4) == 0 && n > 2 {
            // Variables 0 and 1 are the same thing twice.
            terms.retain(|(v, _)| v.0 > 1);
            let a = number(random, 3.0);
            terms.extend([(Var(0), a), (Var(1), a)]);
        }
        let value: f64 = terms.iter().map(|&(v, a)| a * x0[v.0]).sum();
        let (below, above) = (number(random, 3.0).abs(), number(random, 3.0).abs());
        let (lower, upper) = match random.u8(0..5) {
            0 => (value, value),
            1 => (value - below, INF),
            2 => (-INF, value + above),
            _ => (value - below, value + above),
        };
        let copies = if random.u8(0..6) == 0 { 2 } else { 1 };
        for _ in 0..copies {
            model.row(format!("r{i}"), terms.clone(), lower, upper);
        }
    }
    model
}

/// Units in boxes, their sum, what flows beside them, and lines over all of it.
pub fn units(random: &mut Rng, n: usize, lines: usize) -> (Model, Vec<Var>) {
    let mut model = Model::new(format!("{n} units, {lines} lines"));
    let x: Vec<Var> = (0..n)
        .map(|j| model.var(format!("x{j}"), 0.0, 1.0 + 9.0 * random.f64(), 0.0))
        .collect();
    let p = model.var("P", -INF, INF, 0.0);
    let others: Vec<Var> = (0..3)
        .map(|k| model.var(format!("o{k}"), -50.0, 50.0, 0.0))
        .collect();
    let slack = model.var("slack", -1e3, 1e3, 0.0);
    let sum = x.iter().map(|&v| (v, 1.0));
    model.row("sum", sum.chain([(p, -1.0)]), 0.0, 0.0);
    let all = others.iter().chain([&p, &slack]).map(|&v| (v, 1.0));
    model.row("balance", all, 40.0, 40.0);
    for l in 0..lines {
        let terms = x.iter().chain(&others);
        let terms: Vec<(Var, f64)> = terms.map(|&v| (v, 2.0 * random.f64() - 1.0)).collect();
        let most = n as f64 * (0.5 + random.f64());
        model.row(format!("line{l}"), terms, -most, most);
    }
    (model, [p].into_iter().chain(others).collect())
}
