//! An optimum followed while limits and costs move.
//!
//! Near a known optimum the limits that are tight mostly stay so. With them held as equations, the tight
//! limits of rows a·x = b and, for a cone that its point s = F x + g touches, ½ sᵀJ s = 0 with
//! J = diag(1, −1, …, −1), what is left are the equations
//!
//! ```text
//! ∇f(x) = Σ y_i a_i + Σ λ_k F_kᵀJ s_k        u_k = λ_k J s_k
//! a_i·x = b_i        ½ s_kᵀJ s_k = 0         x_j at its bound where that is tight
//! ```
//!
//! which Newton's method solves in a few sparse factorisations, where an interior point takes a dozen. Limits whose
//! multiplier has the wrong sign are then let go, or else the one most crossed is held; where those held
//! before exclude it, the one of them whose multiplier is first at zero on the way there goes, as in a dual
//! simplex. What comes out is an answer only if the certificate proves it.
//!
//! Source: Nocedal and Wright, *Numerical Optimization* (2006), sections 16.5 and 18.1.

use super::super::certificate::certify;
use super::super::ids::Var;
use super::super::model::{Model, dot};
use super::super::outcome::{Duals, Solution};
use super::newton::{Held, Multipliers, Newton, Order, Step, rest, signed, values};

/// What a multiplier is beside the room to its limit where the limit is held from the start. An interior point
/// leaves both above zero: a limit wrongly let go is held again as soon as it is crossed, one wrongly held may
/// be one too many.
const SURE: f64 = 100.0;

/// What the slope of a touched cone in the variables not held is beside that in the others where it fixes those.
const FLAT: f64 = 1e-2;

/// Times that the set of limits held changes.
const CHANGES: usize = 12;

/// Limits crossed by a step at which the way is taken to be long.
const FAR: usize = 2 * CHANGES;

/// Newton steps with one set.
const STEPS: usize = 8;

/// A step this small beside the point is the last.
const STILL: f64 = 1e-9;

/// A limit is crossed, or a multiplier of the wrong sign, by more than this beside its size.
const CROSSED: f64 = 1e-8;

/// The optimum of `model` near that of the same model with other limits or costs, with an order of elimination of
/// the model or one for every set of limits held; `None` where the way there is not short.
pub(super) fn follow<'a>(
    model: &'a Model,
    from: &Solution,
    order: Option<&'a Order>,
) -> Option<Solution> {
    let mut path = Path::new(model, from)?;
    path.order = order;
    let mut held = None;
    for k in 0..CHANGES {
        match path.settle()? {
            Settled::Still => match path.changed(CHANGES - k)? {
                Changed::Nothing => return path.proven(),
                Changed::LetGo => held = None,
                Changed::Held(place) => held = Some(place),
            },
            Settled::Excluded(by) => path.exchange(held.take(), &by)?,
        }
    }
    None
}

/// What can be held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Row(usize),
    Column(usize),
    Cone(usize),
}

/// Where between its limits something is held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Away,
    /// At both.
    At(f64),
    Lower(f64),
    Upper(f64),
}

impl Side {
    /// Of limits whose multiplier was `multiplier` where `value` stood between them.
    fn of((lower, upper): (f64, f64), value: f64, multiplier: f64) -> Side {
        if lower == upper {
            Side::At(lower)
        } else if multiplier > SURE * (value - lower).max(0.0) {
            Side::Lower(lower)
        } else if -multiplier > SURE * (upper - value).max(0.0) {
            Side::Upper(upper)
        } else {
            Side::Away
        }
    }

    fn limit(self) -> Option<f64> {
        match self {
            Side::Away => None,
            Side::At(limit) | Side::Lower(limit) | Side::Upper(limit) => Some(limit),
        }
    }

    /// The sign of its multiplier; 0 where it may have any.
    fn sign(self) -> f64 {
        match self {
            Side::Lower(_) => 1.0,
            Side::Upper(_) => -1.0,
            Side::Away | Side::At(_) => 0.0,
        }
    }

    /// The side that `value` is beyond, and by how much beside its size.
    fn crossed((lower, upper): (f64, f64), value: f64) -> (Side, f64) {
        let beyond = |by: f64, limit: f64| by / limit.abs().max(1.0);
        let (below, above) = (beyond(lower - value, lower), beyond(value - upper, upper));
        match below > above {
            true => (Side::Lower(lower), below),
            false => (Side::Upper(upper), above),
        }
    }
}

/// How Newton's method ended.
enum Settled {
    Still,
    Excluded(Multipliers),
}

/// What was changed in the set of limits held.
enum Changed {
    Nothing,
    LetGo,
    Held(Place),
}

/// The point, its multipliers and the limits held.
struct Path<'a> {
    model: &'a Model,
    order: Option<&'a Order>,
    x: Vec<f64>,
    multipliers: Multipliers,
    rows: Vec<Side>,
    columns: Vec<Side>,
    cones: Vec<bool>,
}

impl<'a> Path<'a> {
    fn new(model: &'a Model, from: &Solution) -> Option<Path<'a>> {
        let duals = from.duals.as_ref()?;
        if from.x.len() != model.vars().len() || duals.rows.len() < model.rows().len() {
            return None;
        }
        let rows = model.rows().iter().zip(&duals.rows);
        let columns = model.vars().iter().zip(from.x.iter().zip(&duals.reduced));
        let cones = model.cones().iter().zip(&duals.cones);
        let touched = cones.map(|(cone, u)| {
            let s = values(cone, &from.x);
            let touched = u[0] > SURE * (s[0] - rest(&s)).max(0.0);
            (touched, if touched { u[0] / s[0] } else { 0.0 })
        });
        let (cones, lambda) = touched.unzip();
        let mut path = Path {
            model,
            order: None,
            rows: rows
                .map(|(row, &y)| Side::of((row.lower, row.upper), dot(&row.terms, &from.x), y))
                .collect(),
            columns: columns
                .map(|(c, (&x, &z))| Side::of((c.lower, c.upper), x, z))
                .collect(),
            cones,
            x: from.x.clone(),
            multipliers: Multipliers {
                rows: duals.rows[..model.rows().len()].to_vec(),
                cones: lambda,
            },
        };
        path.leave_to_cones();
        Some(path)
    }

    /// Lets go the bounds that a touched cone says, too: of a line without flow the current is at least zero by
    /// its cone.
    fn leave_to_cones(&mut self) {
        let mut slope = vec![0.0; self.x.len()];
        let model = self.model;
        for k in places(&self.cones, |touched| *touched) {
            let cone = &model.cones()[k];
            let terms = || cone.rows.iter().flat_map(|row| &row.terms);
            terms().for_each(|(v, _)| slope[v.0] = 0.0);
            for (row, s) in cone.rows.iter().zip(signed(&values(cone, &self.x))) {
                row.terms.iter().for_each(|&(v, a)| slope[v.0] += a * s);
            }
            let largest = |away: bool| {
                let these = terms().filter(|(v, _)| (self.columns[v.0] == Side::Away) == away);
                these.fold(0.0_f64, |size, (v, _)| size.max(slope[v.0].abs()))
            };
            let (free, held) = (largest(true), largest(false));
            if free >= FLAT * held {
                continue;
            }
            for (v, _) in terms() {
                let side = &mut self.columns[v.0];
                if side.sign() != 0.0 && slope[v.0].abs() >= FLAT * held {
                    *side = Side::Away;
                }
            }
        }
    }

    /// Newton steps until the point stands still; `None` where it does not.
    fn settle(&mut self) -> Option<Settled> {
        for (x, side) in self.x.iter_mut().zip(&self.columns) {
            *x = side.limit().unwrap_or(*x);
        }
        let rows = self.rows.iter().enumerate();
        let held = Held {
            free: places(&self.columns, |side| *side == Side::Away).collect(),
            rows: rows
                .filter_map(|(i, side)| Some((i, side.limit()?)))
                .collect(),
            cones: places(&self.cones, |touched| *touched).collect(),
        };
        let mut newton = Newton::new(self.model, held, self.order);
        for _ in 0..STEPS {
            match newton.step(&mut self.x, &self.multipliers.cones)? {
                Step::Excluded(by) => return Some(Settled::Excluded(by)),
                Step::Taken(moved, multipliers) => {
                    self.multipliers = multipliers;
                    let size = self.x.iter().fold(1.0_f64, |size, x| size.max(x.abs()));
                    if moved <= STILL * size {
                        return Some(Settled::Still);
                    }
                    if self.crossed().len() > FAR {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Changes the set of limits held by what the point and its multipliers say; `None` where more than `most`
    /// are crossed.
    fn changed(&mut self, most: usize) -> Option<Changed> {
        let duals = self.duals();
        let size = |values: &[f64]| values.iter().fold(1.0_f64, |size, v| size.max(v.abs()));
        let (row_size, column_size) = (size(&duals.rows), size(&duals.reduced));
        let mut let_go = false;
        let mut check = |side: &mut Side, multiplier: f64, size: f64| {
            if side.sign() * multiplier < -CROSSED * size {
                *side = Side::Away;
                let_go = true;
            }
        };
        for (side, &y) in self.rows.iter_mut().zip(&duals.rows) {
            check(side, y, row_size);
        }
        for (side, &z) in self.columns.iter_mut().zip(&duals.reduced) {
            check(side, z, column_size);
        }
        for (held, &lambda) in self.cones.iter_mut().zip(&self.multipliers.cones) {
            if *held && lambda < -CROSSED * row_size {
                *held = false;
                let_go = true;
            }
        }
        if let_go {
            return Some(Changed::LetGo);
        }
        let crossed = self.crossed();
        let furthest = crossed.iter().max_by(|a, b| a.2.total_cmp(&b.2));
        let Some(&(place, side, _)) = furthest else {
            return Some(Changed::Nothing);
        };
        match place {
            Place::Row(i) => self.rows[i] = side,
            Place::Column(j) => self.columns[j] = side,
            Place::Cone(k) => self.cones[k] = true,
        }
        (crossed.len() <= most).then_some(Changed::Held(place))
    }

    /// The limits that the point is beyond, and how far beside their size.
    fn crossed(&self) -> Vec<(Place, Side, f64)> {
        let mut list = Vec::new();
        let mut see = |place: Place, (side, by): (Side, f64)| {
            if by > CROSSED {
                list.push((place, side, by));
            }
        };
        let away = |side: &Side| *side == Side::Away;
        for (i, row) in self.model.rows().iter().enumerate() {
            if away(&self.rows[i]) {
                let value = dot(&row.terms, &self.x);
                see(Place::Row(i), Side::crossed((row.lower, row.upper), value));
            }
        }
        for (j, column) in self.model.vars().iter().enumerate() {
            if away(&self.columns[j]) {
                let limits = (column.lower, column.upper);
                see(Place::Column(j), Side::crossed(limits, self.x[j]));
            }
        }
        for (k, cone) in self.model.cones().iter().enumerate() {
            if !self.cones[k] {
                let s = values(cone, &self.x);
                let by = (rest(&s) - s[0]) / s[0].abs().max(1.0);
                see(Place::Cone(k), (Side::Lower(0.0), by));
            }
        }
        list
    }

    /// Lets go a limit where those held exclude one another by the combination `by` of them: along it multipliers
    /// move, that of the limit held last away from zero, and the first that is at zero goes.
    fn exchange(&mut self, last: Option<Place>, by: &Multipliers) -> Option<()> {
        let gradient = self.model.gradient(&self.x);
        let now = self.reduced(gradient, &self.multipliers);
        let along = self.reduced(vec![0.0; self.x.len()], by);
        let direction = last.map(|place| match place {
            Place::Row(i) => self.rows[i].sign() * by.rows[i],
            Place::Column(j) => self.columns[j].sign() * along[j],
            Place::Cone(k) => by.cones[k],
        });
        let largest = along.iter().chain(&by.rows).chain(&by.cones);
        let small = CROSSED * largest.fold(0.0_f64, |size, m| size.max(m.abs()));
        let mut first = (f64::INFINITY, None);
        let mut see = |other: Place, sign: f64, multiplier: f64, along: f64| {
            let falls = match direction {
                Some(direction) => -sign * direction.signum() * along,
                None => (sign * along).abs(),
            };
            if Some(other) != last && falls > small {
                let until = (sign * multiplier).max(0.0) / falls;
                if until < first.0 {
                    first = (until, Some(other));
                }
            }
        };
        for (i, side) in self.rows.iter().enumerate() {
            let y = self.multipliers.rows[i];
            see(Place::Row(i), side.sign(), y, by.rows[i]);
        }
        for (j, side) in self.columns.iter().enumerate() {
            see(Place::Column(j), side.sign(), now[j], along[j]);
        }
        for k in places(&self.cones, |touched| *touched) {
            let lambda = self.multipliers.cones[k];
            see(Place::Cone(k), 1.0, lambda, by.cones[k]);
        }
        match first.1? {
            Place::Row(i) => self.rows[i] = Side::Away,
            Place::Column(j) => self.columns[j] = Side::Away,
            Place::Cone(k) => self.cones[k] = false,
        }
        Some(())
    }

    /// What stationarity leaves of the costs `left` in every variable.
    fn reduced(&self, mut left: Vec<f64>, multipliers: &Multipliers) -> Vec<f64> {
        let mut subtract = |terms: &[(Var, f64)], multiplier: f64| {
            for &(v, a) in terms {
                left[v.0] -= a * multiplier;
            }
        };
        for (row, &y) in self.model.rows().iter().zip(&multipliers.rows) {
            subtract(&row.terms, y);
        }
        for (cone, lambda) in self.model.cones().iter().zip(&multipliers.cones) {
            for (row, s) in cone.rows.iter().zip(signed(&values(cone, &self.x))) {
                subtract(&row.terms, lambda * s);
            }
        }
        left
    }

    fn duals(&self) -> Duals {
        let cones = self.model.cones().iter().zip(&self.multipliers.cones);
        Duals {
            rows: self.multipliers.rows.clone(),
            reduced: self.reduced(self.model.gradient(&self.x), &self.multipliers),
            cones: cones
                .map(|(cone, lambda)| {
                    let s = values(cone, &self.x);
                    signed(&s).map(|s| lambda * s).collect()
                })
                .collect(),
            unique: false,
        }
    }

    fn proven(self) -> Option<Solution> {
        let duals = self.duals();
        let proof = certify("followed", self.model, &self.x, Some(&duals));
        proof.certified.then(|| Solution {
            objective: self.model.objective(&self.x),
            x: self.x,
            duals: Some(duals),
        })
    }
}

/// Where those stand of which something is so.
fn places<T>(all: &[T], is: impl Fn(&T) -> bool) -> impl Iterator<Item = usize> {
    let all = all.iter().enumerate();
    all.filter(move |(_, one)| is(one)).map(|(k, _)| k)
}
