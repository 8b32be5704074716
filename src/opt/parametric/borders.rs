//! What is told of a critical region: its numbers, and its edges with what crosses and what lies beyond.

use super::super::at::Place;
use super::basis::Answer;
use super::family::Family;
use super::pieces::{Border, Half, Piece};
use super::region::{BESIDE, Beyond, Cross, Edge, Found, Held, Kind, Optimum, Region};
use crate::opt::Row;

type Point = (f64, f64);

/// A region with its numbers and neighbours.
pub(super) fn region(family: &Family, all: &[Found], k: usize) -> Region {
    let found = &all[k];
    let kind = match &*found.held {
        Held::Empty(contradiction) => {
            let (place, _) = contradiction.place();
            let asked = match place {
                Place::Row(i) => Some(i),
                Place::Column(_) => None,
            };
            let short = contradiction.weights().iter().map(|&(i, _)| i);
            Kind::Empty(asked.into_iter().chain(short).map(Row).collect())
        }
        Held::Optimal(basis, answers) => {
            let linear = |of: fn(&Answer) -> &[f64], k: usize| {
                family.linear(answers.each_ref().map(|answer| of(answer)[k]))
            };
            let (columns, rows) = (answers[0].x.len(), answers[0].y.len());
            Kind::Optimal(Box::new(Optimum {
                basis: basis.clone(),
                cost: family.cost(answers.each_ref().map(|answer| answer.x.as_slice())),
                x: (0..columns).map(|j| linear(|a| &a.x, j)).collect(),
                rows: (0..rows).map(|i| linear(|a| &a.y, i)).collect(),
            }))
        }
    };
    let corners = found.piece.corners.iter();
    Region {
        kind,
        corners: corners.map(|&corner| family.place(corner)).collect(),
        centre: family.place(centre(&found.piece.corners)),
        share: found.piece.area(),
        edges: edges(family, all, k),
        piece: found.piece.clone(),
    }
}

/// The mean of the corners.
fn centre(corners: &[(f64, f64)]) -> (f64, f64) {
    let count = corners.len() as f64;
    let sum = corners
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    (sum.0 / count, sum.1 / count)
}

/// The edges of a region, a part for each neighbour, in order.
fn edges(family: &Family, all: &[Found], k: usize) -> Vec<Edge> {
    let found = &all[k];
    let corners = &found.piece.corners;
    let mut edges = Vec::new();
    for (n, &(half, border)) in found.piece.sides.iter().enumerate() {
        let (from, to) = (corners[n], corners[(n + 1) % corners.len()]);
        let length = libm::hypot(to.0 - from.0, to.1 - from.1);
        if length <= BESIDE {
            continue;
        }
        if border == Border::Square {
            edges.push(Edge {
                from: family.place(from),
                to: family.place(to),
                crosses: Vec::new(),
                beyond: Beyond::Nothing,
            });
            continue;
        }
        let met = |(other, _): &&(Half, Cross)| {
            other.at(from).abs() <= BESIDE && other.at(to).abs() <= BESIDE
        };
        let crosses = found.conditions.iter().filter(met);
        let crosses: Vec<Cross> = crosses.map(|(_, cross)| *cross).collect();
        let along = ((to.0 - from.0) / length, (to.1 - from.1) / length);
        let way = |p: (f64, f64)| (p.0 - from.0) * along.0 + (p.1 - from.1) * along.1;
        let point = |t: f64| family.place((from.0 + t * along.0, from.1 + t * along.1));
        let others = all.iter().enumerate().filter(|(other, _)| *other != k);
        let shared = others.flat_map(|(other, neighbour)| {
            let sides = sides_on(&neighbour.piece, &half).into_iter();
            sides.filter_map(move |(a, b)| {
                let (start, end) = (way(b).max(0.0), way(a).min(length));
                (end - start > BESIDE).then_some((start, end, other))
            })
        });
        let mut shared: Vec<(f64, f64, usize)> = shared.collect();
        crate::sort::by(&mut shared, |a, b| a.0.total_cmp(&b.0));
        edges.extend(shared.into_iter().map(|(start, end, other)| Edge {
            from: point(start),
            to: point(end),
            crosses: crosses.clone(),
            beyond: Beyond::Region(other),
        }));
    }
    edges
}

/// The sides of a piece that lie on a line, on its other side.
fn sides_on(piece: &Piece, half: &Half) -> Vec<(Point, Point)> {
    let corners = &piece.corners;
    let on = |n: usize| {
        let (own, _) = &piece.sides[n];
        let (a, b) = (corners[n], corners[(n + 1) % corners.len()]);
        let opposite = own.a * half.a + own.b * half.b < -0.999;
        let near = half.at(a).abs() <= BESIDE && half.at(b).abs() <= BESIDE;
        (opposite && near).then_some((a, b))
    };
    (0..corners.len()).filter_map(on).collect()
}
