//! What must hold of every picture, over seeded random reports.

use roxmltree::Document;
use tandem::chart::{Drawing, View, draw};
use tandem::report::{Axis, Chart, Clock, Edge, Index, Mark, Report, Role, Series, SurfaceCell};

use super::fixture;

/// xorshift64*: the same cases on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    /// Mostly ordinary, now and then nasty.
    fn value(&mut self, kind: usize) -> f64 {
        match (kind, self.below(12)) {
            (0, _) => 7.0,
            (1, _) => f64::NAN,
            (_, 0) => f64::NAN,
            (2, 1) => f64::INFINITY,
            (2, 2) => f64::NEG_INFINITY,
            (2, 3) => f64::MAX,
            (3, _) => 1e12 * (self.unit() - 0.5),
            (4, _) => 1e-12 * (self.unit() - 0.5),
            (5, _) => 0.0,
            _ => 40.0 * (self.unit() - 0.3),
        }
    }
}

const ROLES: [Role; 8] = [
    Role::Generator,
    Role::Der,
    Role::Aggregator,
    Role::Load,
    Role::Line,
    Role::Price,
    Role::Optimum,
    Role::Reference,
];

fn random_report(random: &mut Random) -> Report {
    let steps = [0, 1, 2, 6, 24, 288][random.below(6)];
    let count = random.below(6);
    let mut report = Report::default();
    if random.flip() {
        report.clock = Some(Clock {
            name: "interval".into(),
            steps,
            minutes_per_step: 5.0,
        });
    }
    let bars = random.below(4) == 0;
    let numbers = !bars && random.below(3) == 0;
    let mut marks = Vec::new();
    let mut ids = Vec::new();
    for k in 0..count {
        let kind = random.below(8);
        let index = match numbers {
            true => Index::Numbers {
                name: "x <&> \"x\"".into(),
                unit: String::new(),
                at: (0..steps).map(|_| random.value(6)).collect(),
            },
            false => Index::Clock,
        };
        let id = format!("p:<{k}>&\"'");
        report.series.push(Series {
            id: id.clone(),
            name: ["G1", "A rather long name of a generator", "", "β & <b>"][random.below(4)]
                .into(),
            unit: "MW".into(),
            index,
            values: (0..steps).map(|_| random.value(kind)).collect(),
            subject: None,
        });
        if !bars {
            marks.push(Mark::Line {
                series: id.clone(),
                role: ROLES[random.below(8)],
                step: random.flip(),
                points: random.flip(),
                dashed: random.flip(),
                shown: random.below(4) > 0,
            });
        }
        ids.push(id);
    }
    if bars {
        let labels = ids.iter().map(|i| i.repeat(1 + random.below(6))).collect();
        marks.push(Mark::Bars {
            labels,
            series: ids,
            role: Role::Price,
        });
    }
    if !bars && random.below(3) == 0 {
        marks.extend(random_plane(random, &report));
    }
    for _ in 0..random.below(4) {
        let kind = random.below(8);
        let value = random.value(kind);
        marks.push(match random.below(4) {
            0 => Mark::Rule {
                value,
                label: "limit of a line with a long name".into(),
            },
            1 => Mark::Diagonal {
                label: "no change".into(),
            },
            2 => Mark::Point {
                x: value,
                y: random.value(kind),
                label: "here".into(),
            },
            _ => Mark::Flag {
                at: (0..random.below(9)).map(|_| random.below(12)).collect(),
                label: "over limit".into(),
            },
        });
    }
    let axis = |random: &mut Random| Axis {
        label: ["", "Power", "A long label of an axis"][random.below(3)].into(),
        unit: ["", "MW", "$/MWh"][random.below(3)].into(),
        zero: random.flip(),
        holds: None,
    };
    report.charts = vec![Chart {
        id: "any chart".into(),
        title: "A <title>".into(),
        x: axis(random),
        y: axis(random),
        marks,
        summary: "It holds \u{7} & more.".into(),
        topic: tandem::report::Topic::default(),
        square: random.below(4) == 0,
        probe: None,
        home: None,
        small: false,
        layers: Vec::new(),
    }];
    report
}

/// Some marks of the plane, seldom sensible ones.
fn random_plane(random: &mut Random, report: &Report) -> Vec<Mark> {
    let mut marks = Vec::new();
    let label = |random: &mut Random| {
        ["", "a limit & more", "limit of the line from here to there"][random.below(3)].to_string()
    };
    let kind = random.below(8);
    let point = |random: &mut Random| (random.value(kind), random.value(6));
    if random.flip() {
        let cells = (0..random.below(5)).map(|_| SurfaceCell {
            label: label(random),
            corners: (0..random.below(6))
                .map(|_| {
                    let (x, y) = point(random);
                    (x, y, random.value(kind))
                })
                .collect(),
        });
        marks.push(Mark::Surface {
            cells: cells.collect(),
            label: "cost <&>".into(),
            unit: "$/h".into(),
            range: None,
        });
    }
    if random.flip() {
        let edges = (0..random.below(7)).map(|_| Edge {
            from: point(random),
            to: point(random),
            label: label(random),
        });
        marks.push(Mark::Edges {
            edges: edges.collect(),
        });
    }
    if random.flip() {
        marks.push(Mark::Outline {
            label: label(random),
            role: ROLES[random.below(8)],
            corners: (0..random.below(6)).map(|_| point(random)).collect(),
        });
    }
    if random.flip() {
        let count = random.below(30);
        let index = |random: &mut Random| random.below(count + 2);
        marks.push(Mark::Triangulation {
            label: label(random),
            points: (0..count).map(|_| point(random)).collect(),
            excluded: (0..random.below(4)).map(|_| index(random)).collect(),
            segments: (0..random.below(60))
                .map(|_| (index(random), index(random)))
                .collect(),
        });
    }
    if let Some(series) = report.series.iter().next() {
        marks.push(Mark::Walk {
            series: series.id.clone(),
            role: ROLES[random.below(8)],
        });
    }
    marks
}

fn random_view(random: &mut Random) -> View {
    let range = |random: &mut Random| {
        (random.below(3) == 0).then(|| {
            let from = 8.0 * random.unit() - 2.0;
            (from, from + 0.1 + 5.0 * random.unit())
        })
    };
    View {
        width: 240 + random.below(1361) as u32,
        height: 160 + random.below(741) as u32,
        dark: random.flip(),
        x: range(random),
        y: range(random),
        shown: match random.below(4) {
            0 => Some(Vec::new()),
            1 => Some((0..6).map(|k| format!("p:<{k}>&\"'")).collect()),
            _ => None,
        },
        layers: None,
        cursor: random.flip().then(|| random.below(400)),
        grey: random.flip(),
        curves: false,
    }
}

/// The absolute points a path of the commands M, L, H, V, a, h, Z goes through.
fn path_points(d: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut at = (0.0, 0.0);
    let starts: Vec<usize> = d
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphabetic())
        .map(|(k, _)| k)
        .collect();
    for (k, start) in starts.iter().enumerate() {
        let end = starts.get(k + 1).copied().unwrap_or(d.len());
        let numbers: Vec<f64> = d[start + 1..end]
            .split_whitespace()
            .map(|t| t.parse().unwrap())
            .collect();
        at = match (&d[*start..=*start], numbers.as_slice()) {
            ("M" | "L", [x, y]) => (*x, *y),
            ("H", [x]) => (*x, at.1),
            ("V", [y]) => (at.0, *y),
            ("a", [_, _, _, _, _, dx, dy]) => (at.0 + dx, at.1 + dy),
            ("Z", []) => at,
            other => panic!("{other:?} in `{d}`"),
        };
        points.push(at);
    }
    points
}

fn check(drawing: &Drawing, view: &View) {
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let frame = drawing.frame;
    assert!(0.0 <= frame.left && frame.left + 20.0 <= frame.right && frame.right <= width);
    assert!(0.0 <= frame.top && frame.top + 20.0 <= frame.bottom && frame.bottom <= height);
    assert!(frame.x0 < frame.x1 && frame.y0 < frame.y1 && (frame.y1 - frame.y0).is_finite());
    let document = Document::parse(&drawing.svg).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(
        root.attribute("viewBox"),
        Some(format!("0 0 {width} {height}").as_str())
    );
    let mut ids = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!matches!(
            node.tag_name().name(),
            "script" | "style" | "foreignObject"
        ));
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(name != "style" && !name.starts_with("on"), "{name}");
            assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
        }
        ids.extend(node.attribute("id"));
        let parent = node.parent().and_then(|p| p.attribute("class"));
        let in_plot = matches!(
            parent,
            Some("series" | "rules" | "surface" | "outline" | "triangulation")
        );
        if let Some(d) = node.attribute("d") {
            for (x, y) in path_points(d) {
                assert!(x.is_finite() && y.is_finite());
                if in_plot && node.attribute("class") != Some("marker") {
                    let inside = x >= frame.left - 0.1
                        && x <= frame.right + 0.1
                        && y >= frame.top - 0.1
                        && y <= frame.bottom + 0.1;
                    assert!(inside, "({x}, {y}) of `{d}` leaves {frame:?}");
                } else {
                    assert!((-1.0..=width + 1.0).contains(&x), "{d}");
                    assert!((-1.0..=height + 1.0).contains(&y), "{d}");
                }
            }
        }
        if node.tag_name().name() == "text" {
            let at = |name| {
                node.attribute(name)
                    .and_then(|v: &str| v.parse::<f64>().ok())
                    .unwrap()
            };
            assert!((-1.0..=width + 1.0).contains(&at("x")), "{node:?}");
            assert!((-1.0..=height + 1.0).contains(&at("y")), "{node:?}");
        }
    }
    for used in drawing.svg.split("url(#").skip(1) {
        let id = used.split(')').next().unwrap();
        assert!(ids.contains(&id), "pattern {id} is not there");
    }
    for item in &drawing.legend {
        Document::parse(&item.swatch).expect("well-formed swatch");
        assert!(item.colour.starts_with('#') && item.colour.len() == 7);
    }
}

#[test]
fn every_picture_is_sound() {
    for seed in 1..=3000u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (report, view) = (random_report(&mut random), random_view(&mut random));
        match draw(&report, "any chart", &view) {
            Ok(drawing) => {
                let checked = std::panic::catch_unwind(|| check(&drawing, &view));
                assert!(
                    checked.is_ok(),
                    "seed {seed}, {view:?}, {:?}",
                    report.charts
                );
            }
            Err(message) => panic!("seed {seed}: {message}"),
        }
    }
}

#[test]
fn the_frame_maps_numbers_to_pixels() {
    for cursor in 0..2 {
        let view = View {
            cursor: Some(cursor),
            ..View::default()
        };
        let report = fixture::many_bars();
        let drawing = draw(&report, "lmp_by_bus", &view).unwrap();
        let f = drawing.frame;
        assert_eq!(drawing.points.len(), 30);
        for (k, point) in drawing.points.iter().enumerate() {
            let (x, y) = point.at.unwrap();
            let value = report.series(&point.series).unwrap().values[cursor];
            let px = f.left + (k as f64 + 1.0 - f.x0) / (f.x1 - f.x0) * (f.right - f.left);
            let py = f.bottom - (value - f.y0) / (f.y1 - f.y0) * (f.bottom - f.top);
            assert!(
                (px - x).abs() < 0.11 && (py - y).abs() < 0.11,
                "{point:?} {px} {py}"
            );
        }
    }
}

/// Moving the cursor moves no axis, and only bars and paths are drawn anew.
#[test]
fn the_cursor_moves_no_axis() {
    for (report, chart) in [
        (fixture::four_node(), "dispatch"),
        (fixture::four_node(), "cobweb"),
        (fixture::many_bars(), "lmp_by_bus"),
    ] {
        let at = |cursor| {
            draw(
                &report,
                chart,
                &View {
                    cursor,
                    ..View::default()
                },
            )
            .unwrap()
        };
        let first = at(Some(0));
        for cursor in [Some(1), Some(2), Some(99), None] {
            assert_eq!(at(cursor).frame, first.frame);
        }
        assert_eq!(chart == "dispatch", at(Some(1)).svg == first.svg);
    }
}

/// The flagged steps are the clock's own numbers, from 1.
#[test]
fn bands_cover_the_flagged_intervals() {
    let drawing = draw(&fixture::four_node(), "flow", &View::default()).unwrap();
    let document = Document::parse(&drawing.svg).unwrap();
    let bands = document
        .descendants()
        .find(|n| n.attribute("class") == Some("flags"))
        .unwrap();
    let d = bands.attribute("d").unwrap();
    let f = drawing.frame;
    let lefts: Vec<f64> = d
        .split('M')
        .skip(1)
        .map(|m| path_points(&format!("M{m}"))[0].0)
        .collect();
    let expected =
        [2.0, 4.0, 6.0].map(|k| f.left + (k - 0.5 - f.x0) / (f.x1 - f.x0) * (f.right - f.left));
    assert_eq!(lefts.len(), 3);
    for (left, expected) in lefts.iter().zip(expected) {
        assert!((left - expected).abs() < 0.11, "{left} {expected}");
    }
}

#[test]
fn hiding_a_series_moves_neither_colours_nor_the_plot() {
    let report = fixture::four_node();
    let all = draw(&report, "dispatch", &View::default()).unwrap();
    let one = View {
        shown: Some(vec!["p:D2".into()]),
        ..View::default()
    };
    let one = draw(&report, "dispatch", &one).unwrap();
    let colours = |d: &Drawing| {
        d.legend
            .iter()
            .map(|l| l.colour.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(colours(&all), colours(&one));
    assert_eq!(
        (all.frame.left, all.frame.right),
        (one.frame.left, one.frame.right)
    );
    let shown: Vec<_> = one.points.iter().map(|p| p.series.as_str()).collect();
    assert_eq!(shown, ["p:D2"]);
    assert!(!one.svg.contains("data-series=\"p:G1\""));
}

#[test]
fn refusals_say_what_to_do() {
    let report = fixture::four_node();
    let error = |chart: &str, view: View| draw(&report, chart, &view).unwrap_err();
    assert!(error("cost2", View::default()).contains("dispatch, lmp"));
    let empty = View {
        y: Some((3.0, 3.0)),
        ..View::default()
    };
    assert!(error("cost", empty).contains("y range"));
    let nan = View {
        x: Some((f64::NAN, 3.0)),
        ..View::default()
    };
    assert!(error("cost", nan).contains("x range"));
    let small = View {
        width: 30,
        height: 20,
        ..View::default()
    };
    assert!(error("cost", small).contains("too small"));
    let large = View {
        width: 1_000_000,
        ..View::default()
    };
    assert!(error("cost", large).contains("too large"));
    let mut broken = fixture::four_node();
    let others = broken.series.iter().filter(|s| s.id != "cost");
    broken.series = others.cloned().collect();
    assert!(
        draw(&broken, "cost", &View::default())
            .unwrap_err()
            .contains("`cost`")
    );
}

#[test]
fn the_view_reads_from_json() {
    let view: View = serde_json::from_str(
        r#"{"width":400,"height":240,"dark":true,"x":[1,3],"y":null,"shown":["a"],"cursor":2}"#,
    )
    .unwrap();
    assert_eq!(
        (view.width, view.x, view.y, view.cursor),
        (400, Some((1.0, 3.0)), None, Some(2))
    );
    let drawing = draw(&fixture::four_node(), "lmp_by_bus", &View::default()).unwrap();
    let json = serde_json::to_value(&drawing).unwrap();
    assert!(json["points"][0]["at"][0].is_number());
    assert_eq!(json["points"][0]["name"], "1");
}
