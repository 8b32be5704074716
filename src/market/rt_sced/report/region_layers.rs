//! What is laid over the region of an aggregator, each layer with a sentence: what is true, what factors promise and
//! forgo, the grid of the published method, the exact bid.

use crate::report::words::listed;
use crate::report::{ChartLayer, Mark, Named, Role, Slider, SurfaceCell, plain};

use super::run::Run;
use super::words::mw;
use crate::market::rt_sced::model::region::{Edge, OperatingPoint, Piece, RegionOfRun};
use crate::market::rt_sced::model::system::System;
use crate::market::rt_sced::params::Method;

type Point = (f64, f64);

/// Largest M whose grid is drawn, and that of the slider at first where the scenario has no grid.
const GRID_SHOWN: u32 = 5;
const GRID_FIRST: u32 = 3;

/// Parts of the plane of less area than this, MW², are rounding.
const LEAST_AREA: f64 = 1e-6;

/// Power below which nothing is said of it, MW.
const TOLD_MW: f64 = 1e-3;

/// Ids of the aggregator and the line.
pub struct Names<'a> {
    pub group: &'a str,
    pub line: &'a str,
}

impl<'a> Names<'a> {
    pub fn new(system: &'a System, group: usize, limit: usize) -> Names<'a> {
        Names {
            group: &system.groups[group].id,
            line: &system.limits[limit].id,
        }
    }

    /// P_a in words.
    pub fn output(&self) -> String {
        format!("output of {}", self.group)
    }

    /// P_l'' in words.
    pub fn others(&self) -> String {
        format!("flow of the others on line {}", self.line)
    }
}

/// All of them, in the order in which they are told; on at first is the region with the layer of the run's own method.
pub fn layers(run: &Run, shown: &RegionOfRun, of: &Names) -> Vec<ChartLayer> {
    vec![
        truth(shown, of),
        promised(run, shown, of),
        forgone(run, shown, of),
        jack(run, shown, of),
        exact(run, shown, of),
    ]
}

fn layer(id: &str, name: &str, says: Vec<String>, marks: Vec<Mark>, on: bool) -> ChartLayer {
    ChartLayer {
        id: id.into(),
        name: name.into(),
        says,
        marks,
        on,
        slider: None,
    }
}

fn truth(shown: &RegionOfRun, of: &Names) -> ChartLayer {
    let cells = shown.pieces.iter().map(|piece| SurfaceCell {
        label: String::new(),
        corners: piece.corners.clone(),
    });
    let surface = Mark::Surface {
        label: "cost".into(),
        unit: "$/h".into(),
        cells: cells.collect(),
        range: None,
    };
    let says = format!(
        "At every point inside, the DERs of {} can share its output so that line {} is not overloaded; the colour is the least cost of that output.",
        of.group, of.line
    );
    layer("region", "True region", vec![says], vec![surface], true)
}

fn promised(run: &Run, shown: &RegionOfRun, of: &Names) -> ChartLayer {
    let region = corners(&shown.edges);
    let says = |p: &OperatingPoint| {
        let (all, least) = (p.by_factors_mw, p.reach_mw.1);
        let over = all - least;
        let begin = format!(
            "With {} of the others on line {} the factors promise up to {} of {}",
            mw(p.other_mw),
            of.line,
            mw(all),
            of.group
        );
        if over > TOLD_MW {
            return format!(
                "{begin}, but the region ends at {}: {} cannot be delivered without overloading the line.",
                mw(least),
                mw(over)
            );
        }
        match beyond(&p.promised, &region).is_empty() {
            true => format!("{begin}, and they promise nothing that the line cannot carry."),
            false => {
                format!("{begin}, and all of it can be delivered; in the hatched part it cannot.")
            }
        }
    };
    let steps = shown.points.iter();
    let marks = vec![
        Mark::Parts {
            label: "what the factors allow".into(),
            role: Role::Reference,
            hatched: false,
            over: false,
            steps: steps.clone().map(|p| vec![part("", &p.promised)]).collect(),
        },
        Mark::Parts {
            label: "promised, but overloads the line".into(),
            role: Role::Reference,
            hatched: true,
            over: true,
            steps: steps
                .clone()
                .map(|p| parts(beyond(&p.promised, &region)))
                .collect(),
        },
    ];
    let on = run.params.method == Method::DistributionFactors;
    let name = "Promised by the factors, cannot be delivered";
    layer("promised", name, steps.map(says).collect(), marks, on)
}

fn forgone(run: &Run, shown: &RegionOfRun, of: &Names) -> ChartLayer {
    let region = corners(&shown.edges);
    let says = |(t, p): (usize, &OperatingPoint)| {
        let least = p.reach_mw.1 - p.by_factors_mw;
        let with = format!("With {} of the others on line {}", mw(p.other_mw), of.line);
        if least <= TOLD_MW {
            return format!("{with} the factors forgo nothing of {}.", of.group);
        }
        let cost = run.outcome.above_optimum_usd_per_h(t).unwrap_or(0.0);
        let paid = match cost > 5e-3 {
            true => format!(
                "; the dispatch costs {}\u{a0}$/h more than the optimum",
                plain(cost, 2)
            ),
            false => String::new(),
        };
        format!(
            "{with} the factors stop {} at {}, though {} can be delivered: {} is forgone{paid}.",
            of.group,
            mw(p.by_factors_mw),
            mw(p.reach_mw.1),
            mw(least)
        )
    };
    let steps = shown.points.iter();
    let marks = vec![Mark::Parts {
        label: "could be delivered, forgone".into(),
        role: Role::Aggregator,
        hatched: true,
        over: false,
        steps: steps
            .clone()
            .map(|p| parts(beyond(&region, &p.promised)))
            .collect(),
    }];
    let says = steps.enumerate().map(says).collect();
    layer("forgone", "Forgone by the factors", says, marks, false)
}

fn jack(run: &Run, shown: &RegionOfRun, of: &Names) -> ChartLayer {
    let mut equivalents = run.outcome.roll.process.equivalents.iter();
    let own = equivalents.find(|e| e.group == shown.region.group);
    let grid = own.and_then(|bid| Some(&bid.jack.as_ref()?.grid));
    let mark = grid.filter(|grid| grid.m() <= GRID_SHOWN).map(|grid| {
        let places = grid.vertices().enumerate();
        let excluded = places.filter(|(_, v)| grid.value(*v).is_none());
        Mark::Triangulation {
            label: format!("Union Jack, M = {}", grid.m()),
            points: grid.vertices().map(|v| grid.vertex(v)).collect(),
            excluded: excluded.map(|(place, _)| place).collect(),
            segments: grid.segments(),
        }
    });
    let what = format!(
        "The published method bids the cost of {} at the points of a grid and joins three of them; points outside the region are crossed out",
        of.group
    );
    let last = shown.points.len().saturating_sub(1);
    let says = match (grid, run.outcome.above_optimum_usd_per_h(last)) {
        (Some(grid), Some(loss)) => format!("{what}. {}", loss_of(grid.m(), Some(loss))),
        _ => format!("{what}; move M to lay the grid and to see what it costs."),
    };
    let on = run.params.method == Method::UnionJack;
    let marks = mark.into_iter().collect();
    ChartLayer {
        slider: Some(Slider {
            key: "m".into(),
            name: "M".into(),
            from: 1,
            to: GRID_SHOWN,
            value: grid.map_or(GRID_FIRST, |grid| grid.m()),
        })
        .filter(|slider| slider.value <= GRID_SHOWN),
        ..layer("jack", "Union Jack grid", vec![says], marks, on)
    }
}

/// What the published method costs with a grid, in a sentence.
pub fn loss_of(m: u32, above_optimum_usd_per_h: Option<f64>) -> String {
    let side = (1_u32 << m) + 1;
    let loss = match above_optimum_usd_per_h {
        Some(loss) => format!(
            "the last interval costs {}\u{a0}$/h more than the optimum",
            plain(loss.max(0.0), 2)
        ),
        None => "there is no dispatch".into(),
    };
    format!("With M = {m} the grid has {side} by {side} points, and {loss}.")
}

fn exact(run: &Run, shown: &RegionOfRun, of: &Names) -> ChartLayer {
    let named = shown.pieces.iter().map(|piece| {
        let around: Vec<Point> = piece.corners.iter().map(|c| (c.0, c.1)).collect();
        part(&who(run, piece), &around)
    });
    let marks = vec![Mark::Parts {
        label: "piece of the exact bid".into(),
        role: Role::Optimum,
        hatched: false,
        over: false,
        steps: vec![named.collect()],
    }];
    let says = |p: &OperatingPoint| {
        let blocks = blocks(&shown.pieces, p.other_mw);
        let blocks: Vec<String> = blocks
            .iter()
            .map(|(to, price)| format!("{}\u{a0}$/MWh up to {}", plain(*price, 2), mw(*to)))
            .collect();
        match blocks.is_empty() {
            true => format!(
                "With {} of the others on line {} no output of {} is feasible.",
                mw(p.other_mw),
                of.line,
                of.group
            ),
            false => format!(
                "The exact bid of {} is the least cost itself: with {} of the others on line {} it is {}.",
                of.group,
                mw(p.other_mw),
                of.line,
                listed(&blocks)
            ),
        }
    };
    let says = shown.points.iter().map(says).collect();
    let on = run.params.method == Method::ExactCurve;
    layer("exact", "Exact bid", says, marks, on)
}

/// Who moves for the next MW of a piece, and at what price.
fn who(run: &Run, piece: &Piece) -> String {
    let ders = piece.ders.iter().map(|&d| run.system.ders[d].id.as_str());
    let ders: Vec<&str> = ders.collect();
    let price = plain(piece.usd_per_mwh_of_p_a, 2);
    match piece.line_full {
        true => format!("{}, line full, {price} $/MWh", ders.join(" against ")),
        false => format!("{}, {price} $/MWh", ders.join(", ")),
    }
}

/// The bid at a value of P_l'': the ends of its blocks and their prices, upwards.
fn blocks(pieces: &[Piece], other_mw: f64) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64, f64)> = Vec::new();
    for piece in pieces {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (a, b) in sides(&piece.corners) {
            let (from, to) = (a.1 - other_mw, b.1 - other_mw);
            if from.min(to) > 1e-9 || from.max(to) < -1e-9 {
                continue;
            }
            let share = if from == to {
                0.0
            } else {
                (from / (from - to)).clamp(0.0, 1.0)
            };
            for x in [
                a.0 + share * (b.0 - a.0),
                if from == to { b.0 } else { f64::NAN },
            ] {
                (low, high) = (low.min(x), high.max(x));
            }
        }
        if high - low > 1e-6 {
            all.push((low, high, piece.usd_per_mwh_of_p_a));
        }
    }
    crate::sort::by(&mut all, |a, b| a.0.total_cmp(&b.0));
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for (_, high, price) in all {
        match blocks.last_mut() {
            // One price of two pieces, or two pieces that meet along this value.
            Some(last) if (last.1 - price).abs() < 1e-9 => last.0 = last.0.max(high),
            Some(last) if high <= last.0 + 1e-6 => {}
            _ => blocks.push((high, price)),
        }
    }
    blocks
}

/// The limits an edge comes from, in words: line first, then DERs at an end.
pub fn limits_of(system: &System, edge: &Edge, line: &str) -> String {
    let id = |d: &usize| system.ders[*d].id.as_str();
    let lines = edge.line_reversed.iter();
    let mut parts: Vec<String> = lines
        .map(|reversed| match reversed {
            true => format!("line {line} full, reverse"),
            false => format!("line {line} full"),
        })
        .collect();
    for (ders, end) in [(&edge.at_maximum, "maximum"), (&edge.at_minimum, "minimum")] {
        let ids: Vec<&str> = ders.iter().map(id).collect();
        match ids.as_slice() {
            [] => {}
            [a, b, rest @ ..] if rest.len() > 1 => {
                parts.push(format!("{a}, {b} and {} more at {end}", rest.len()));
            }
            few => parts.push(format!("{} at {end}", few.join(", "))),
        }
    }
    parts.join("; ")
}

fn corners(edges: &[Edge]) -> Vec<Point> {
    edges.iter().map(|edge| edge.from).collect()
}

fn part(label: &str, corners: &[Point]) -> Named {
    Named {
        label: label.into(),
        corners: corners.to_vec(),
    }
}

fn parts(all: Vec<Vec<Point>>) -> Vec<Named> {
    all.iter().map(|corners| part("", corners)).collect()
}

fn sides<T>(around: &[T]) -> impl Iterator<Item = (&T, &T)> {
    around.iter().zip(around.iter().cycle().skip(1))
}

/// Twice the area, positive counterclockwise.
fn doubled(around: &[Point]) -> f64 {
    sides(around).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

/// The part of a convex polygon where `height`, linear over it, is not negative.
fn keep(around: &[Point], height: impl Fn(&Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::new();
    for (a, b) in sides(around) {
        let (from, to) = (height(a), height(b));
        if from >= 0.0 {
            kept.push(*a);
        }
        if from * to < 0.0 {
            let share = from / (from - to);
            kept.push((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)));
        }
    }
    kept
}

/// Convex parts of a convex polygon outside another.
fn beyond(polygon: &[Point], other: &[Point]) -> Vec<Vec<Point>> {
    let turn = doubled(other).signum();
    let mut rest = polygon.to_vec();
    let mut parts = Vec::new();
    for (a, b) in sides(other) {
        let inside = |p: &Point| turn * ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0));
        let part = keep(&rest, |p| -inside(p));
        if doubled(&part).abs() > LEAST_AREA {
            parts.push(part);
        }
        rest = keep(&rest, inside);
    }
    parts
}
