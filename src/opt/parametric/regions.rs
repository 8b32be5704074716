//! The critical regions of a family of programs, linear or with costs that bend along single variables: all of them,
//! over a box of one or two parameters.
//!
//! A basis is optimal where what it solves for is within its limits and no multiplier has the wrong sign:
//!
//! ```text
//! l_M ≤ x_M(θ) ≤ u_M,   l_R ≤ A_R x(θ) ≤ u_R      x_M(θ) = A_TM⁻¹ (b_T(θ) − A_TN x_N(θ))      affine in θ
//! s_T y_T(θ) ≥ 0,       s_N z_N(θ) ≥ 0            y_T(θ) = A_TM⁻ᵀ c_M(θ),  z = c − Aᵀ y        affine in θ
//! ```
//!
//! Its region is the box cut by these half-planes. The box is covered by taking a point of what is not covered yet,
//! solving there by dual simplex pivots, and taking away the region of the basis found. Where costs bend
//! ([`quadratic`]), what is held at the optimum stands in the place of the basis, with more variables solved for than
//! rows held; point and multipliers are affine in θ all the same. Where no point meets the limits, a combination of rows says so in a half-plane of its own. The regions are all there are when their areas
//! add up to that of the box; else there is no map.
//!
//! Where several bases are optimal in one place for all θ around it (two units of one price, a load that ends where a
//! block ends), costs and limits are tipped by a hair when a basis is looked for, never when its region is: one of
//! the bases is kept, limits tipped along a direction of the caller's first. What overlaps all the same is cut.
//!
//! Source: Gal and Nedoma, *Multiparametric linear programming*, Management Science 18 (1972) 406–422; Borrelli,
//! Bemporad and Morari, *Geometric algorithm for multiparametric linear programming*, JOTA 118 (2003) 515–540.

use super::super::at::{At, NEAR, bounds, limits};
use super::super::quadratic;
use super::basis::{Answer, Basis, Contradiction, Pivot};
use super::borders::region;
use super::family::Family;
use super::pieces::{Border, Half, Piece};
use super::region::{BESIDE, Cross, Found, Held, Region};
use super::{Model, proven};
use crate::opt::{Failure, Limit, Row, Var};

/// What the regions may lack of the box, as a share of it.
const LACK: f64 = 1e-9;

/// A piece smaller than this share of the box is rounding.
const SPECK: f64 = 1e-13;

/// Points of a piece at which a region is looked for.
const TRIES: usize = 6;

/// By how much costs and limits are tipped, and limits along the direction given, beside their size.
const TIP: (f64, f64, f64) = (1e-7, 1e-8, 1e-6);

/// The critical regions of a family.
pub struct Map {
    /// From left to right.
    pub regions: Vec<Region>,
    /// Ranges of the parameters.
    ranges: [(f64, f64); 2],
    /// Pivots taken.
    pub pivots: usize,
}

impl Map {
    /// The region that a point is in, one of them on a common edge; `None` outside the box.
    pub fn at(&self, at: (f64, f64)) -> Option<usize> {
        let [x, y] = self.ranges;
        let share = |value: f64, (from, to): (f64, f64)| (value - from) / (to - from);
        let at = (share(at.0, x), share(at.1, y));
        let room = |region: &Region| {
            let sides = region.piece.sides.iter();
            sides.fold(f64::INFINITY, |room, (half, _)| room.min(half.at(at)))
        };
        let rooms = self.regions.iter().map(room).enumerate();
        let best = rooms.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 >= -BESIDE).then_some(best.0)
    }
}

/// All regions of a family, at most `most`; `direction` is the way in which limits are tipped at ties, such as more
/// load.
///
/// # Errors
/// A sentence: more regions than that, or a part of the box in which none was found.
pub fn map(family: &Family, direction: &[(Row, f64)], most: usize) -> Result<Map, Failure> {
    let mut search = Search {
        family,
        direction,
        open: vec![Piece::square()],
        found: Vec::new(),
        lack: 0.0,
        last: None,
        pivots: 0,
    };
    while let Some(k) = search.largest() {
        if search.found.len() >= most {
            return Err(Failure::Stopped(format!(
                "the box has more than {most} regions: choose narrower ranges"
            )));
        }
        if !(0..TRIES).any(|attempt| search.cover(k, attempt)) {
            search.lack += search.open.swap_remove(k).area();
        }
    }
    let covered: f64 = search.found.iter().map(|found| found.piece.area()).sum();
    if search.lack > LACK || (covered - 1.0).abs() > LACK {
        return Err(Failure::Numerics(format!(
            "the regions found cover {covered} of the box, not all of it"
        )));
    }
    Ok(search.map())
}

/// A basis, or why there is none.
enum End {
    Optimal(Basis),
    Empty(Contradiction),
}

struct Search<'a> {
    family: &'a Family,
    direction: &'a [(Row, f64)],
    /// What is not covered yet.
    open: Vec<Piece>,
    found: Vec<Found>,
    /// The area that was given up.
    lack: f64,
    last: Option<Basis>,
    pivots: usize,
}

impl Search<'_> {
    fn largest(&self) -> Option<usize> {
        let areas = self.open.iter().map(Piece::area).enumerate();
        areas.max_by(|a, b| a.1.total_cmp(&b.1)).map(|best| best.0)
    }

    /// Takes away the region at a point of an open piece; whether there was one.
    fn cover(&mut self, k: usize, attempt: usize) -> bool {
        let at = self.open[k].inner(attempt);
        let Some(found) = self.at(at) else {
            return false;
        };
        let taken = |found: &Piece, open: &Piece| found.common(open).map(|part| part.area());
        if taken(&found.piece, &self.open[k]).is_none_or(|area| area <= SPECK) {
            return false;
        }
        let parts = self.open.iter().filter_map(|open| found.piece.common(open));
        let parts: Vec<Piece> = parts.filter(|part| part.area() > SPECK).collect();
        let new: f64 = parts.iter().map(Piece::area).sum();
        let open = std::mem::take(&mut self.open).into_iter();
        let left = open.flat_map(|open| open.without(&found.piece));
        for piece in left {
            match piece.area() > SPECK {
                true => self.open.push(piece),
                false => self.lack += piece.area(),
            }
        }
        match new >= found.piece.area() - SPECK * (1.0 + parts.len() as f64) {
            true => self.found.push(found),
            // Another basis is optimal in the rest, too.
            false => self.found.extend(parts.into_iter().map(|piece| Found {
                piece,
                ..found.clone()
            })),
        }
        true
    }

    /// The region at a point.
    fn at(&mut self, at: (f64, f64)) -> Option<Found> {
        let model = self.family.model(at);
        let tipped = tipped(&model, self.direction);
        let end = self.ended(&tipped, &model);
        let end = end.or_else(|| self.ended(&model, &model))?;
        let family = self.family;
        let (held, conditions) = match end {
            End::Optimal(basis) => {
                let [a, b, c] = family.corners();
                let answers = [basis.answer(a)?, basis.answer(b)?, basis.answer(c)?];
                let conditions = conditions(family, &basis, &answers)?;
                self.last = Some(basis.clone());
                (Held::Optimal(basis, Box::new(answers)), conditions)
            }
            End::Empty(contradiction) => {
                let [a, b, c] = family.corners().each_ref().map(|m| contradiction.short(m));
                let (a, b, c) = (a?, b?, c?);
                let size = a.1.max(b.1).max(c.1);
                let half = half([a.0, b.0, c.0], size)?;
                let conditions = half.map(|half| (half, Cross::Opens));
                let conditions = conditions.into_iter().collect();
                (Held::Empty(contradiction), conditions)
            }
        };
        let mut piece = Piece::square();
        for (k, (half, _)) in conditions.iter().enumerate() {
            piece = piece.clipped(half, Border::Condition(k))?;
        }
        (piece.area() > SPECK).then(|| Found {
            piece,
            conditions: conditions.into(),
            held: held.into(),
        })
    }

    /// Solves `asked`; what is found has to hold for `model`.
    fn ended(&mut self, asked: &Model, model: &Model) -> Option<End> {
        let end = self.solved(asked)?;
        let holds = match &end {
            End::Optimal(basis) => {
                let answer = basis.answer(model)?;
                answer.furthest(model).is_none()
                    && answer.is_cheapest(model, basis)
                    && proven(model, basis, answer).is_some()
            }
            End::Empty(contradiction) => contradiction.holds(model),
        };
        holds.then_some(end)
    }

    fn solved(&mut self, asked: &Model) -> Option<End> {
        if asked.quadratic_terms().is_empty() {
            let (end, pivots) = pivoted(asked, self.last.as_ref())?;
            self.pivots += pivots;
            return Some(end);
        }
        match quadratic::optimum(asked).map(|optimum| optimum.held) {
            Ok(quadratic::Held { rows, columns, .. }) => {
                Some(End::Optimal(Basis { rows, columns }))
            }
            Err(Failure::Infeasible) => {
                let (end, pivots) = pivoted(&quadratic::at_the_middle(asked), None)?;
                self.pivots += pivots;
                matches!(end, End::Empty(_)).then_some(end)
            }
            Err(_) => None,
        }
    }

    /// The regions in order, each with its edges.
    fn map(mut self) -> Map {
        crate::sort::by(&mut self.found, |a, b| {
            let (a, b) = (a.piece.inner(0), b.piece.inner(0));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let (from, to) = (self.family.place((0.0, 0.0)), self.family.place((1.0, 1.0)));
        let all = 0..self.found.len();
        Map {
            regions: all.map(|k| region(self.family, &self.found, k)).collect(),
            ranges: [(from.0, to.0), (from.1, to.1)],
            pivots: self.pivots,
        }
    }
}

/// A number between ½ and 1½ for each place, no two in a simple ratio.
fn uneven(k: usize) -> f64 {
    0.5 + ((k + 1) as f64 * 0.618_033_988_75).fract()
}

/// The model with costs and limits moved by a hair, so that one basis is optimal.
fn tipped(model: &Model, direction: &[(Row, f64)]) -> Model {
    let (of_costs, of_limits, along) = TIP;
    let mut tipped = model.clone();
    let costs = model.vars().iter().map(|column| column.cost.abs());
    let (dear, mut large) = (costs.fold(1.0, f64::max), 1.0_f64);
    let hair = |k: usize, limit: f64| of_limits * uneven(k) * limit.abs().max(1.0);
    let moved = |k: usize, (lower, upper): (f64, f64)| match lower == upper {
        true => (lower + hair(k, lower), upper + hair(k, upper)),
        false => (lower - hair(k, lower), upper + hair(k + 1, upper)),
    };
    for (j, column) in model.vars().iter().enumerate() {
        let (lower, upper) = bounds(column);
        tipped.set_cost(Var(j), column.cost + of_costs * dear * uneven(j));
        // What is held at one value stays there.
        if lower < upper {
            let (lower, upper) = moved(2 * j, (lower, upper));
            tipped.set_bounds(Var(j), lower, upper);
        }
    }
    for (i, row) in model.rows().iter().enumerate() {
        let (lower, upper) = moved(2 * (model.vars().len() + i), limits(row));
        tipped.set_limits(Row(i), lower, upper);
        for limit in [row.lower, row.upper] {
            large = if limit.is_finite() {
                large.max(limit.abs())
            } else {
                large
            };
        }
    }
    for &(row, by) in direction {
        if let Some((lower, upper)) = tipped.rows().get(row.0).map(limits) {
            let by = along * large * by;
            tipped.set_limits(row, lower + by, upper + by);
        }
    }
    tipped
}

/// By dual simplex pivots from a basis, or from that without a row at a limit.
fn pivoted(model: &Model, start: Option<&Basis>) -> Option<(End, usize)> {
    let start = start.filter(|basis| basis.fits(model));
    let start = start.and_then(|basis| basis.turned(model));
    let mut basis = start.or_else(|| Basis::slack(model))?;
    let most = 4 * (model.vars().len() + model.rows().len()) + 100;
    for taken in 0..most {
        let factored = basis.factored(model)?;
        let answer = factored.answer()?;
        let Some((place, at)) = answer.furthest(model) else {
            let cheapest = answer.is_cheapest(model, &basis);
            return cheapest.then_some((End::Optimal(basis), taken));
        };
        match factored.pivoted(&answer, place, at)? {
            Pivot::To(next) => basis = next,
            Pivot::None(contradiction) => return Some((End::Empty(contradiction), taken + 1)),
        }
    }
    None
}

/// The half-plane in which something with these values at the corners is not negative; nothing where that is
/// everywhere, `None` where it is nowhere.
fn half([base, by_x, by_y]: [f64; 3], size: f64) -> Option<Option<Half>> {
    let (a, b) = (by_x - base, by_y - base);
    let steep = libm::hypot(a, b);
    if steep <= NEAR * size {
        // It stands still but for rounding.
        return (base >= -100.0 * NEAR * size).then_some(None);
    }
    Some(Some(Half {
        c: base / steep,
        a: a / steep,
        b: b / steep,
    }))
}

/// The half-planes that make the region of a basis.
fn conditions(family: &Family, basis: &Basis, answers: &[Answer; 3]) -> Option<Vec<(Half, Cross)>> {
    let corners = family.corners();
    let mut all = Vec::new();
    let mut within = |values: [f64; 3], pairs: [(f64, f64); 3], sides: [Limit; 2]| -> Option<()> {
        let size = values.iter().fold(1.0_f64, |size, v| size.max(v.abs()));
        for (at, side) in [(At::Lower, sides[0]), (At::Upper, sides[1])] {
            let ends = pairs.map(|pair| at.of(pair));
            if ends[0].is_finite() {
                let size = ends.iter().fold(size, |size, v| size.max(v.abs()));
                let way = if at == At::Lower { 1.0 } else { -1.0 };
                let room = [0, 1, 2].map(|k| way * (values[k] - ends[k]));
                all.extend(half(room, size)?.map(|half| (half, Cross::Reaches(side))));
            }
        }
        Some(())
    };
    let rows = |i: usize| [Limit::RowLower(Row(i)), Limit::RowUpper(Row(i))];
    let columns = |j: usize| [Limit::VarLower(Var(j)), Limit::VarUpper(Var(j))];
    let row_limits = |i: usize| corners.each_ref().map(|model| limits(&model.rows()[i]));
    let column_bounds = |j: usize| corners.each_ref().map(|model| bounds(&model.vars()[j]));
    for i in 0..corners[0].rows().len() {
        if basis.rows.iter().all(|&(t, _)| t != i) {
            let values = answers.each_ref().map(|answer| answer.rows[i]);
            within(values, row_limits(i), rows(i))?;
        }
    }
    for j in 0..corners[0].vars().len() {
        if basis.columns[j].is_none() {
            let values = answers.each_ref().map(|answer| answer.x[j]);
            within(values, column_bounds(j), columns(j))?;
        }
    }
    let largest = |of: fn(&Answer) -> &[f64]| {
        let values = answers.iter().flat_map(of);
        values.fold(1.0_f64, |size, v| size.max(v.abs()))
    };
    let sizes = (largest(|answer| &answer.y), largest(|answer| &answer.z));
    let mut priced = |values: [f64; 3], at: At, pairs: [(f64, f64); 3], sides: [Limit; 2], size| {
        let signs = pairs.map(|pair| at.sign(pair));
        let sign = signs.into_iter().find(|sign| *sign != 0.0).unwrap_or(0.0);
        let side = sides[usize::from(at == At::Upper)];
        let half = half(values.map(|value| sign * value), size)?;
        all.extend(half.map(|half| (half, Cross::Leaves(side))));
        Some(())
    };
    for &(i, at) in &basis.rows {
        let values = answers.each_ref().map(|answer| answer.y[i]);
        priced(values, at, row_limits(i), rows(i), sizes.0)?;
    }
    for (j, at) in basis.columns.iter().enumerate() {
        if let Some(at) = *at {
            let values = answers.each_ref().map(|answer| answer.z[j]);
            priced(values, at, column_bounds(j), columns(j), sizes.1)?;
        }
    }
    Some(all)
}
