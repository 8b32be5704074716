//! Rows that say no more than the others: by geometry in the plane, by linear programs
//! elsewhere. Both hold for a set with an interior, where the smallest system is unique.

use super::half_space::HalfSpace;
use crate::opt::ids::{Row, Var};
use crate::opt::model::Model;
use crate::opt::simplex;

/// Relative to the largest coefficient, what counts as the same direction; relative to the
/// coordinates, how short an edge is none.
const SAME: f64 = 1e-10;

/// How much a row must say beyond the others, relative to its right-hand side's parts.
const MORE: f64 = 1e-9;

/// The rows that are needed, of rows in the variables `free` alone.
pub(super) fn needed(rows: Vec<HalfSpace>, free: &[usize]) -> Vec<HalfSpace> {
    let rows = tightest(rows, free);
    let keep = match *free {
        [] | [_] => return rows,
        [x, y] => edges(&rows, x, y),
        _ => by_programs(&rows, free, |_| true),
    };
    pick(rows, &keep)
}

/// Without the rows of several variables that the others imply. Bounds of one variable
/// are left in: they are many, cheap to eliminate, and seldom superfluous.
pub(super) fn without_idle(rows: Vec<HalfSpace>, vars: usize) -> Vec<HalfSpace> {
    let columns: Vec<usize> = (0..vars).collect();
    let several = |row: &HalfSpace| columns.iter().filter(|&&j| row.a(j) != 0.0).count() > 1;
    let keep = by_programs(&rows, &columns, several);
    pick(rows, &keep)
}

fn pick(rows: Vec<HalfSpace>, keep: &[bool]) -> Vec<HalfSpace> {
    let rows = rows.into_iter().zip(keep);
    rows.filter(|(_, keep)| **keep)
        .map(|(row, _)| row)
        .collect()
}

/// Of parallel rows the tightest.
fn tightest(rows: Vec<HalfSpace>, free: &[usize]) -> Vec<HalfSpace> {
    let mut kept: Vec<(Vec<f64>, f64, HalfSpace)> = Vec::new();
    for row in rows {
        let largest = row.largest();
        let direction: Vec<f64> = free.iter().map(|&j| row.a(j) / largest).collect();
        let b = row.b() / largest;
        let twin = kept.iter_mut().find(|(other, _, _)| {
            let mut pairs = other.iter().zip(&direction);
            pairs.all(|(a, b)| (a - b).abs() <= SAME)
        });
        match twin {
            None => kept.push((direction, b, row)),
            Some(twin) if b < twin.1 => *twin = (direction, b, row),
            Some(_) => {}
        }
    }
    kept.into_iter().map(|(_, _, row)| row).collect()
}

/// In the plane: whether the other rows leave more than a point of each row's line.
fn edges(rows: &[HalfSpace], x: usize, y: usize) -> Vec<bool> {
    let lines: Vec<[f64; 3]> = rows.iter().map(|r| [r.a(x), r.a(y), r.b()]).collect();
    let mut needed = vec![true; lines.len()];
    for (i, &[p, q, b]) in lines.iter().enumerate() {
        // The line is (p, q) b / n + s (−q, p).
        let n = p * p + q * q;
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for (k, &[r, t, c]) in lines.iter().enumerate() {
            if k == i || !needed.get(k).is_some_and(|&needed| needed) {
                continue;
            }
            let along = p * t - q * r;
            let room = c - (p * r + q * t) * b / n;
            if along.abs() <= SAME * n.sqrt() * libm::hypot(r, t) {
                continue;
            }
            if along > 0.0 {
                high = high.min(room / along);
            } else {
                low = low.max(room / along);
            }
        }
        let ends = [low, high, b / n];
        let scale = ends
            .iter()
            .filter(|s| s.is_finite())
            .fold(0.0_f64, |m, s| m.max(s.abs()));
        if high - low <= SAME * scale
            && let Some(needed) = needed.get_mut(i)
        {
            *needed = false;
        }
    }
    needed
}

/// Row i is the others' if a sum of them with factors y ≥ 0 has its coefficients and a
/// right-hand side no larger: min Σ y_k b_k over Σ y_k a_k = a_i, k ≠ i. A row found
/// superfluous takes no part in the later programs. Rows not `in_question` are needed.
fn by_programs(
    rows: &[HalfSpace],
    columns: &[usize],
    in_question: impl Fn(&HalfSpace) -> bool,
) -> Vec<bool> {
    let mut model = Model::new("one row as a sum of others");
    let scale = rows
        .iter()
        .fold(0.0_f64, |most, row| most.max(row.b().abs()));
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let factors: Vec<Var> = rows
        .iter()
        .map(|row| model.var("", 0.0, f64::INFINITY, row.b() / scale))
        .collect();
    let sums: Vec<(usize, Row)> = columns
        .iter()
        .map(|&j| {
            let terms = factors.iter().zip(rows).map(|(&y, row)| (y, row.a(j)));
            (j, model.row("", terms, 0.0, 0.0))
        })
        .collect();
    let mut needed = Vec::with_capacity(rows.len());
    for (row, &factor) in rows.iter().zip(&factors) {
        if !in_question(row) {
            needed.push(true);
            continue;
        }
        model.set_bounds(factor, 0.0, 0.0);
        for &(j, sum) in &sums {
            model.set_limits(sum, row.a(j), row.a(j));
        }
        let implied = match simplex::solve(&model) {
            Ok(solution) => {
                let parts = rows.iter().zip(&solution.x);
                let size: f64 = parts.map(|(other, y)| y * other.b_size()).sum();
                solution.objective * scale <= row.b() + MORE * row.b_size().max(size)
            }
            // No sum of the others points this way, or none was found: the row stays.
            Err(_) => false,
        };
        if !implied {
            model.set_bounds(factor, 0.0, f64::INFINITY);
        }
        needed.push(!implied);
    }
    needed
}
