//! The feasible region of the four-node system, made by hand: a hexagon, its cost in three
//! cells, a grid joined in the pattern of the Union Jack, and an inner box.

use tandem::chart::{View, csv, draw, table};
use tandem::report::{Cell, Chart, Clock, Edge, Index, Mark, Report, Role, Series, SurfaceCell};

use super::fixture::{axis, chart};

const HEXAGON: [(f64, f64); 6] = [
    (0.0, -10.0),
    (0.0, 10.0),
    (2.0, 10.0),
    (6.0, 6.0),
    (6.0, -14.0),
    (4.0, -14.0),
];

fn cost((x, y): (f64, f64)) -> f64 {
    (8.0 * x).max(12.0 * x - 8.0).max(8.0 * x - 4.0 * y - 40.0)
}

fn cell(label: &str, corners: &[(f64, f64)]) -> SurfaceCell {
    SurfaceCell {
        label: label.into(),
        corners: corners.iter().map(|p| (p.0, p.1, cost(*p))).collect(),
    }
}

fn surface() -> Mark {
    Mark::Surface {
        label: "cost".into(),
        unit: "$/h".into(),
        cells: vec![
            cell(
                "D2 alone",
                &[(0.0, -10.0), (2.0, -10.0), (2.0, 10.0), (0.0, 10.0)],
            ),
            cell(
                "D2 full, D3 marginal",
                &[(2.0, -10.0), (2.0, 10.0), (6.0, 6.0), (6.0, -14.0)],
            ),
            cell(
                "line 1-2 full",
                &[(0.0, -10.0), (2.0, -10.0), (6.0, -14.0), (4.0, -14.0)],
            ),
        ],
        range: None,
    }
}

fn edges() -> Mark {
    let labels = [
        "D2 and D3 at 0 MW",
        "D2 at its minimum",
        "D3 at its maximum, 4 MW",
        "output of all at 6 MW",
        "limit of line 2-3, reverse",
        "D2 at its maximum, 4 MW",
    ];
    let edges = labels.iter().enumerate().map(|(k, label)| Edge {
        from: HEXAGON[k],
        to: HEXAGON[(k + 1) % 6],
        label: (*label).into(),
    });
    Mark::Edges {
        edges: edges.collect(),
    }
}

/// `count` × `count` points over [0, 6] × [0, 10].
fn union_jack(count: usize) -> Mark {
    let at = |i: usize, j: usize| {
        let last = (count - 1) as f64;
        (6.0 * i as f64 / last, 10.0 * j as f64 / last)
    };
    let index = |i: usize, j: usize| j * count + i;
    let points: Vec<(f64, f64)> = (0..count)
        .flat_map(|j| (0..count).map(move |i| at(i, j)))
        .collect();
    let excluded: Vec<usize> = (0..points.len())
        .filter(|k| points[*k].0 > 2.0 && points[*k].1 > 12.0 - points[*k].0 + 1e-9)
        .collect();
    let mut segments = Vec::new();
    for j in 0..count {
        for i in 0..count {
            if i + 1 < count {
                segments.push((index(i, j), index(i + 1, j)));
            }
            if j + 1 < count {
                segments.push((index(i, j), index(i, j + 1)));
            }
            if i + 1 < count && j + 1 < count {
                segments.push(if (i + j) % 2 == 0 {
                    (index(i, j), index(i + 1, j + 1))
                } else {
                    (index(i + 1, j), index(i, j + 1))
                });
            }
        }
    }
    segments.retain(|(a, b)| !excluded.contains(a) && !excluded.contains(b));
    Mark::Triangulation {
        label: format!("{count} × {count} points"),
        points,
        excluded,
        segments,
    }
}

fn walk(points: &[(f64, f64)]) -> Series {
    Series {
        id: "walk".into(),
        name: "Operating point".into(),
        unit: "MW".into(),
        index: Index::Numbers {
            name: "P_a".into(),
            unit: "MW".into(),
            at: points.iter().map(|p| p.0).collect(),
        },
        values: points.iter().map(|p| p.1).collect(),
        subject: None,
    }
}

pub fn report() -> Report {
    let swinging: Vec<(f64, f64)> = (0..6)
        .map(|t| {
            let d2 = 2.0 - (-0.5f64).powi(t);
            (2.0 + d2, 8.0 - d2)
        })
        .collect();
    let with = |id: &str, marks: Vec<Mark>| Chart {
        x: axis("P_a, aggregate output", "MW", false),
        probe: Some("A behind 2-3".into()),
        home: None,
        small: false,
        layers: Vec::new(),
        ..chart(
            id,
            "What the aggregator can reach",
            axis("P_l'' of line 2-3", "MW", false),
            marks,
            "Six limits bound the region; the cost bends along two lines.",
        )
    };
    let step = Mark::Walk {
        series: "walk".into(),
        role: Role::Aggregator,
    };
    let inner = Mark::Outline {
        label: "constant limits".into(),
        role: Role::Der,
        corners: vec![(0.0, -10.0), (0.0, 8.0), (4.0, 8.0), (4.0, -10.0)],
    };
    Report {
        clock: Some(Clock {
            name: "interval".into(),
            steps: 6,
            minutes_per_step: 5.0,
        }),
        series: vec![walk(&swinging)].into(),
        charts: vec![
            with(
                "region",
                vec![surface(), edges(), inner.clone(), step.clone()],
            ),
            with(
                "grid",
                vec![surface(), edges(), union_jack(9), step.clone()],
            ),
            with("fine", vec![edges(), union_jack(33), inner, step]),
        ],
        ..Report::default()
    }
}

/// A walk that stands still.
pub fn still() -> Report {
    let mut report = report();
    report.series = vec![walk(&[(4.0, 6.0); 6])].into();
    report
}

/// Names too long for most sheets.
pub fn wordy() -> Report {
    let mut report = report();
    for mark in report.charts.iter_mut().flat_map(|c| &mut c.marks) {
        if let Mark::Edges { edges } = mark {
            for edge in edges {
                edge.label = format!("{} in every interval", edge.label);
            }
        }
    }
    report
}

pub fn view(width: u32, height: u32, dark: bool) -> View {
    View {
        width,
        height,
        dark,
        cursor: Some(3),
        ..View::default()
    }
}

/// Names stand in the picture where there is room; else numbers, with their key.
#[test]
fn edges_are_named_or_numbered() {
    for (report, width, height, named) in [
        (report(), 900, 520, true),
        (wordy(), 900, 520, true),
        (wordy(), 340, 340, false),
        (report(), 280, 240, false),
    ] {
        let drawing = draw(&report, "region", &view(width, height, false)).unwrap();
        assert_eq!(drawing.key.is_empty(), named, "{width}");
        if named {
            assert!(drawing.svg.contains("at 0 MW"));
        } else {
            assert!(drawing.key[0].starts_with("D2 and D3 at 0 MW"));
            assert_eq!(drawing.key.len(), 6);
            assert_eq!(drawing.svg.matches("class=\"number\"").count(), 6);
        }
    }
}

/// A miniature shows the plane without words on it.
#[test]
fn a_miniature_has_no_names() {
    for (width, height) in [(240, 120), (200, 100), (800, 120)] {
        let drawing = draw(&report(), "region", &view(width, height, false)).unwrap();
        assert!(drawing.key.is_empty() && drawing.svg.contains("\"surface\""));
        assert!(!drawing.svg.contains("interval 4") && !drawing.svg.contains("D2 alone"));
    }
}

#[test]
fn the_plane_holds_every_mark() {
    for chart in ["region", "grid", "fine"] {
        let frame = draw(&report(), chart, &view(720, 440, false))
            .unwrap()
            .frame;
        assert!(frame.x0 < 0.0 && frame.x1 > 6.0, "{frame:?}");
        assert!(frame.y0 < -14.0 && frame.y1 > 10.0, "{frame:?}");
    }
}

/// The walk moves over the plane; the plane stays.
#[test]
fn the_cursor_moves_the_walk_only() {
    let at = |cursor| {
        let view = View {
            cursor: Some(cursor),
            ..view(720, 440, false)
        };
        draw(&report(), "region", &view).unwrap()
    };
    let (first, second) = (at(0), at(1));
    assert_eq!(first.frame, second.frame);
    assert_ne!(first.svg, second.svg);
    let surface = |svg: &str| svg[svg.find("\"surface\"").unwrap()..][..2000].to_string();
    assert_eq!(surface(&first.svg), surface(&second.svg));
    assert!(first.svg.contains("interval 1") && second.svg.contains("interval 2"));
}

#[test]
fn a_plane_is_listed_by_corners() {
    let listed = table(&report(), "grid").unwrap();
    let names: Vec<&str> = listed.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Part",
            "Name",
            "P_a, aggregate output",
            "P_l'' of line 2-3",
            "cost"
        ]
    );
    // Twelve corners of cells, six edges with two ends, six steps; no points of the grid.
    assert_eq!(listed.rows.len(), 12 + 12 + 6);
    assert_eq!(
        listed.rows[1],
        [
            Cell::Text("cell".into()),
            Cell::Text("D2 alone".into()),
            Cell::Number(2.0),
            Cell::Number(-10.0),
            Cell::Number(16.0),
        ]
    );
    assert_eq!(listed.rows[29][1], Cell::Text("interval 6".into()));
    let text = csv(&report(), "grid").unwrap();
    assert_eq!(text.lines().count(), 1 + 30 + 81);
    assert!(text.contains("excluded point"));
    let region = table(&report(), "region").unwrap();
    assert_eq!(region.rows.len(), 12 + 12 + 4 + 6);
}
