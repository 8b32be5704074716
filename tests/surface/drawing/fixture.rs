//! Reports made by hand: the four-node system of the oscillation paper, whose dispatch has
//! the closed form D2(t) = 2 − (−½)^(t−1), and a longer run of many series.

use tandem::report::{Axis, Chart, Clock, Index, Mark, Report, Role, Series, Topic};

pub fn series(id: &str, name: &str, unit: &str, values: Vec<f64>) -> Series {
    Series {
        id: id.into(),
        name: name.into(),
        unit: unit.into(),
        index: Index::Clock,
        values,
        subject: None,
    }
}

fn over(id: &str, name: &str, at: Vec<f64>, values: Vec<f64>) -> Series {
    let index = Index::Numbers {
        name: "D2".into(),
        unit: "MW".into(),
        at,
    };
    Series {
        id: id.into(),
        name: name.into(),
        unit: "MW".into(),
        index,
        values,
        subject: None,
    }
}

pub fn axis(label: &str, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
        holds: None,
    }
}

pub fn line(series: &str, role: Role) -> Mark {
    Mark::Line {
        series: series.into(),
        role,
        step: true,
        points: true,
        dashed: false,
        shown: true,
    }
}

pub fn chart(id: &str, title: &str, y: Axis, marks: Vec<Mark>, summary: &str) -> Chart {
    Chart {
        id: id.into(),
        title: title.into(),
        x: axis("Interval", "", false),
        y,
        marks,
        summary: summary.into(),
        topic: Topic::default(),
        square: false,
        probe: None,
        home: None,
        small: false,
        layers: Vec::new(),
    }
}

fn clock(steps: usize) -> Option<Clock> {
    Some(Clock {
        name: "interval".into(),
        steps,
        minutes_per_step: 5.0,
    })
}

/// Six intervals of the four-node system under fixed distribution factors.
pub fn four_node() -> Report {
    Report {
        title: "Why dispatch oscillates".into(),
        clock: clock(6),
        series: four_node_series().into(),
        charts: vec![
            four_node_dispatch(),
            four_node_prices(),
            four_node_prices_by_bus(),
            four_node_flow(),
            four_node_cost(),
            four_node_map(),
        ],
        ..Report::default()
    }
}

fn four_node_series() -> Vec<Series> {
    let d2: Vec<f64> = (0..6).map(|t| 2.0 - (-0.5f64).powi(t)).collect();
    let of = |f: &dyn Fn(f64) -> f64| d2.iter().map(|x| f(*x)).collect::<Vec<f64>>();
    let map_at: Vec<f64> = (0..=8).map(|k| f64::from(k) * 0.5).collect();
    let map = |x: &f64| (3.0 - 0.5 * x).clamp(0.0, 4.0);
    let map: Vec<f64> = map_at.iter().map(map).collect();
    let (mut path_x, mut path_y) = (vec![1.0], vec![1.0]);
    for pair in d2.windows(2) {
        path_x.extend([pair[0], pair[1]]);
        path_y.extend([pair[1], pair[1]]);
    }
    vec![
        series("p:G1", "G1", "MW", vec![8.0; 6]),
        series("p:G4", "G4", "MW", of(&|x| 5.0 - x)),
        series("p:D2", "D2", "MW", d2.clone()),
        series("p:D3", "D3", "MW", vec![2.0; 6]),
        series("pa:A", "Aggregator", "MW", of(&|x| 2.0 + x)),
        series("flow:2-3", "Line 2-3", "MW", of(&|x| 8.0 + x)),
        series("cost", "Cost", "$/h", of(&|x| 144.0 - 4.0 * x)),
        series("cost_optimum", "Optimum", "$/h", vec![136.0; 6]),
        series("lmp:1", "Bus 1", "$/MWh", vec![10.0; 6]),
        series("lmp:2", "Bus 2", "$/MWh", vec![10.0; 6]),
        series("lmp:3", "Bus 3", "$/MWh", vec![16.0; 6]),
        series("lmp:4", "Bus 4", "$/MWh", vec![16.0; 6]),
        series("lmpa:A", "Aggregator", "$/MWh", vec![12.0; 6]),
        over("map", "Next dispatch", map_at, map),
        over("path", "Intervals 1-6", path_x, path_y),
    ]
}

/// The line 2-3 is over its limit in every second interval.
fn over_limit() -> Mark {
    Mark::Flag {
        at: vec![2, 4, 6],
        label: "over limit".into(),
    }
}

/// A line of straight strokes.
fn plain(id: &str, role: Role, dashed: bool) -> Mark {
    Mark::Line {
        series: id.into(),
        role,
        step: false,
        points: false,
        dashed,
        shown: true,
    }
}

fn four_node_dispatch() -> Chart {
    let aggregator = Mark::Line {
        series: "pa:A".into(),
        role: Role::Aggregator,
        step: true,
        points: true,
        dashed: true,
        shown: false,
    };
    chart(
        "dispatch",
        "Dispatch",
        axis("Power", "MW", true),
        vec![
            over_limit(),
            line("p:G1", Role::Generator),
            line("p:G4", Role::Generator),
            line("p:D2", Role::Der),
            line("p:D3", Role::Der),
            aggregator,
        ],
        "D2 swings about 2 MW, half as far every interval.",
    )
}

fn four_node_prices() -> Chart {
    chart(
        "lmp",
        "Prices",
        axis("Price", "$/MWh", true),
        vec![
            line("lmp:1", Role::Price),
            line("lmp:2", Role::Price),
            line("lmp:3", Role::Price),
            line("lmp:4", Role::Price),
            line("lmpa:A", Role::Aggregator),
        ],
        "Prices do not move.",
    )
}

fn four_node_prices_by_bus() -> Chart {
    let buses = ["1", "2", "3", "4"];
    Chart {
        x: axis("Bus", "", false),
        ..chart(
            "lmp_by_bus",
            "Price by bus",
            axis("Price", "$/MWh", true),
            vec![Mark::Bars {
                labels: buses.iter().map(ToString::to_string).collect(),
                series: buses.iter().map(|b| format!("lmp:{b}")).collect(),
                role: Role::Price,
            }],
            "10 $/MWh before the line, 16 behind it.",
        )
    }
}

fn four_node_flow() -> Chart {
    chart(
        "flow",
        "Flow on 2-3",
        axis("Flow", "MW", false),
        vec![
            over_limit(),
            Mark::Rule {
                value: 10.0,
                label: "limit 10 MW".into(),
            },
            line("flow:2-3", Role::Line),
        ],
        "The line is 0.5 MW over its limit in interval 2.",
    )
}

fn four_node_cost() -> Chart {
    chart(
        "cost",
        "Cost",
        axis("Cost", "$/h", false),
        vec![
            over_limit(),
            line("cost", Role::Reference),
            plain("cost_optimum", Role::Optimum, true),
        ],
        "Costs under the optimum belong to intervals over the limit.",
    )
}

fn four_node_map() -> Chart {
    Chart {
        x: axis("D2 now", "MW", false),
        square: true,
        ..chart(
            "cobweb",
            "Map of the dispatch",
            axis("D2 in the next interval", "MW", false),
            vec![
                Mark::Diagonal {
                    label: "no change".into(),
                },
                plain("map", Role::Reference, false),
                Mark::Walk {
                    series: "path".into(),
                    role: Role::Der,
                },
                Mark::Point {
                    x: 2.0,
                    y: 2.0,
                    label: "fixed point 2 MW".into(),
                },
            ],
            "The slope −½ makes the swing halve.",
        )
    }
}

/// A day of five-minute intervals: six generators, nine DERs, overloads here and there.
pub fn long() -> Report {
    let steps = 288;
    let mut all = Vec::new();
    let mut marks = vec![Mark::Flag {
        at: (100..130).chain((200..240).step_by(2)).collect(),
        label: "over limit".into(),
    }];
    for k in 0..15 {
        let (id, role) = if k < 6 {
            (format!("G{}", k + 1), Role::Generator)
        } else {
            (format!("D{}", k - 5), Role::Der)
        };
        let base = if k < 6 {
            20.0 + 9.0 * f64::from(k)
        } else {
            1.5 + 0.7 * f64::from(k - 6)
        };
        let values = (0..steps)
            .map(|t| {
                let hour = f64::from(t) / 12.0;
                let swing = if t % 2 == 0 { 1.0 } else { -1.0 };
                let day = ((hour - 7.0) * std::f64::consts::PI / 12.0).sin();
                base * (1.0 + 0.25 * day)
                    + 0.3 * swing * (-(hour - f64::from(k)).powi(2) / 8.0).exp()
            })
            .collect();
        all.push(series(&format!("p:{id}"), &id, "MW", values));
        marks.push(line(&format!("p:{id}"), role));
    }
    Report {
        clock: clock(steps as usize),
        series: all.into(),
        charts: vec![chart(
            "dispatch",
            "Dispatch",
            axis("Power", "MW", true),
            marks,
            "Fifteen units over a day.",
        )],
        ..Report::default()
    }
}

/// Thirty bars over three intervals.
pub fn many_bars() -> Report {
    let names: Vec<String> = (1..=30).map(|k| k.to_string()).collect();
    Report {
        clock: clock(3),
        series: names
            .iter()
            .enumerate()
            .map(|(k, n)| {
                let at = |t: usize| 3.0 + 1.9 * ((k * 7 + t * 3) as f64 * 0.4).sin();
                series(
                    &format!("lmp:{n}"),
                    n,
                    "$/MWh",
                    vec![at(0), -at(1) / 3.0, f64::NAN],
                )
            })
            .collect(),
        charts: vec![Chart {
            x: axis("Bus", "", false),
            ..chart(
                "lmp_by_bus",
                "Price by bus",
                axis("Price", "$/MWh", false),
                vec![Mark::Bars {
                    series: names.iter().map(|n| format!("lmp:{n}")).collect(),
                    labels: names,
                    role: Role::Price,
                }],
                "Prices differ.",
            )
        }],
        ..Report::default()
    }
}

/// Bars with long names, several limits near each other and one far away.
pub fn long_names() -> Report {
    let mut report = many_bars();
    if let Some(Mark::Bars { labels, series, .. }) = report.charts[0].marks.first_mut() {
        labels.truncate(14);
        series.truncate(14);
        labels
            .iter_mut()
            .for_each(|l| *l = format!("Substation {l}"));
    }
    for (value, label) in [
        (4.0, "cap 4"),
        (4.2, "offer cap 4.2"),
        (90.0, "value of lost load 90"),
    ] {
        report.charts[0].marks.push(Mark::Rule {
            value,
            label: label.into(),
        });
    }
    report
}

/// Three rows: one whose last word is another than its first, one over a limit, one without a value.
pub fn rows() -> Report {
    let mut report = four_node();
    let at = || vec![1.0, 2.0, 3.0];
    report.series.extend([
        over(
            "before",
            "before redispatch",
            at(),
            vec![13.0, 24.0, f64::NAN],
        ),
        over("after", "at the end", at(), vec![14.5, 24.0, f64::NAN]),
    ]);
    let dots = |series: &str, hollow| Mark::Dots {
        series: series.into(),
        role: Role::Generator,
        hollow,
        joined: false,
        shown: true,
    };
    let names = ["no limits", "no bids", "nothing"].map(String::from);
    let rows = Mark::Rows {
        names: names.into(),
        alternatives: Vec::new(),
        over: vec!["0.3 MWh over limits".into(), String::new(), String::new()],
    };
    let marks = vec![rows, dots("before", true), dots("after", false)];
    let mut chart = chart(
        "rows",
        "What each costs",
        axis("scheme", "", false),
        marks,
        "",
    );
    chart.x = axis("cost", "€", false);
    report.charts.push(chart);
    report
}
