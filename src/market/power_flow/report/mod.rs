//! Words, numbers, tables and charts of the power flow.

use super::outcome::{Flow, Outcome};
use super::params::PowerFlow;
use crate::case::{Case, Feeder, FeederLine, SubjectKind};
use crate::market::View;
use crate::network::SweepFlow;
use crate::report::plots::{
    LOAD_SHARE, LOAD_SHARE_NAME, Numbers, about, axis, by_clock, message, over, path, plot,
    voltage_chart,
};
use crate::report::words::counted;
use crate::report::{
    Badge, Clock, Cure, Level, Message, Report, Role, Status, Tone, amount, filled, number, plain,
    text,
};

/// A limit passed by less than this is met, p.u. and MW.
const MET: f64 = 1e-9;

/// A feeder with its flow, and what of its limits is passed.
struct Shown<'a> {
    feeder: &'a Feeder,
    found: &'a Flow,
    flow: &'a SweepFlow,
    /// Buses and lines (by the bus below) outside their limits.
    buses: Vec<usize>,
    lines: Vec<usize>,
}

pub fn report(case: &Case, question: &PowerFlow, outcome: &Outcome, view: &View) -> Report {
    let mut report = Report {
        clock: Some(Clock {
            name: "state".into(),
            steps: 1,
            minutes_per_step: 60.0,
        }),
        certificates: outcome
            .feeders
            .iter()
            .filter_map(|f| f.certificate.clone())
            .collect(),
        ..Report::default()
    };
    let feeders = || case.feeders.iter().zip(&outcome.feeders);
    let chosen = view.feeder.as_deref().unwrap_or_default();
    let at = case
        .feeders
        .iter()
        .position(|f| f.id == chosen)
        .unwrap_or(0);
    for (feeder, found) in feeders() {
        if let Ok(flow) = &found.flow {
            series(feeder, found, flow, &mut report);
            let boundary = case.boundaries.iter().find(|b| b.feeder == feeder.id);
            if let Some(boundary) = boundary {
                let of = SubjectKind::Boundary.of(&boundary.id);
                let name = format!("export of {}", feeder.id);
                let export = vec![-flow.import_p_mw];
                report.series.push(about("export", of, name, "MW", export));
            }
        }
    }
    report.series.push(by_clock(
        LOAD_SHARE.into(),
        LOAD_SHARE_NAME.into(),
        "1",
        vec![question.load_factor],
    ));
    report.messages = feeders()
        .filter_map(|(feeder, found)| collapse(feeder, found, outcome.factor))
        .collect();
    let (feeder, found) = (&case.feeders[at], &outcome.feeders[at]);
    report.messages.extend(without_load(feeder, found));
    report.messages.extend(left_out(case));
    match &found.flow {
        Ok(flow) => {
            let shown = Shown::new(feeder, found, flow);
            report.headline = headline(&shown);
            report.badges = badges(&shown);
            numbers(&shown, &mut report);
            profile(&shown, &mut report);
            tables(&shown, &mut report);
        }
        Err(_) => {
            report.headline = format!(
                "{} has no power flow at {} of its load: {}",
                feeder.id,
                amount(question.load_factor, "") + " times",
                match found.factor.is_finite() {
                    true => format!(
                        "its lines carry it up to {} times.",
                        amount(found.factor, "")
                    ),
                    false => "not even without the loads do its voltages settle.".into(),
                }
            );
            report.badges.push(Badge::new("no power flow", Tone::Bad));
        }
    }
    if feeders().any(|(_, found)| found.flow.is_err()) {
        report.status = Status::Infeasible;
    }
    report
}

impl<'a> Shown<'a> {
    fn new(feeder: &'a Feeder, found: &'a Flow, flow: &'a SweepFlow) -> Self {
        let outside = |&j: &usize| {
            let bus = &feeder.buses[j];
            let v = flow.v_pu[j];
            v < bus.min_v_pu - MET || v > bus.max_v_pu + MET
        };
        let over = |&j: &usize| {
            let Some(line) = found.tree.above[j] else {
                return false;
            };
            let limits = &feeder.lines[line.line];
            let along =
                [flow.lines[j].p_sent_mw, flow.lines[j].p_received_mw].map(|p| line.sign * p);
            let loading = limits
                .max_s_mva
                .is_some_and(|most| flow.lines[j].loading_mva() > most + MET);
            let above = |most: f64| along.iter().any(|p| *p > most + MET);
            let below = |least: f64| along.iter().any(|p| *p < least - MET);
            loading || limits.max_p_mw.is_some_and(above) || limits.min_p_mw.is_some_and(below)
        };
        let all = || 0..feeder.buses.len();
        Shown {
            buses: all().filter(outside).collect(),
            lines: all().filter(over).collect(),
            feeder,
            found,
            flow,
        }
    }

    /// The bus of the least voltage, and of the greatest.
    fn extremes(&self) -> (usize, usize) {
        let v = &self.flow.v_pu;
        let mut ends = (0, 0);
        for j in 1..v.len() {
            if v[j] < v[ends.0] {
                ends.0 = j;
            }
            if v[j] > v[ends.1] {
                ends.1 = j;
            }
        }
        ends
    }
}

fn headline(shown: &Shown) -> String {
    let Shown { feeder, flow, .. } = shown;
    let (low, high) = shown.extremes();
    // Where injections lift a voltage above the substation's, that end tells more.
    let root = shown.found.tree.root;
    let (word, j) = match flow.v_pu[high] - flow.v_pu[root] > flow.v_pu[root] - flow.v_pu[low] {
        true => ("greatest", high),
        false => ("least", low),
    };
    let import = flow.import_p_mw;
    format!(
        "{} {} {} and loses {}; the {word} voltage is {} p.u. at bus {}.",
        feeder.id,
        if import < 0.0 { "sends up" } else { "takes" },
        amount(1e3 * import.abs(), "kW"),
        amount(1e3 * flow.loss_p_mw, "kW"),
        plain(flow.v_pu[j], 4),
        feeder.buses[j].id
    )
}

fn badges(shown: &Shown) -> Vec<Badge> {
    let certified = shown
        .found
        .certificate
        .as_ref()
        .is_some_and(|c| c.certified);
    let outside = |count: usize, noun: &str| match count {
        0 => format!("no {noun} outside its limits"),
        _ => format!("{} outside", counted(count, noun)),
    };
    let mut list = vec![
        Badge::judged(
            certified,
            if certified {
                "equations met"
            } else {
                "equations not met"
            },
        )
        .of_solving(),
        Badge::judged(
            shown.buses.is_empty(),
            outside(shown.buses.len(), "voltage"),
        ),
    ];
    // Without a limit there is nothing that a line could be outside of.
    let limited = |line: &FeederLine| {
        line.max_s_mva.is_some() || line.min_p_mw.is_some() || line.max_p_mw.is_some()
    };
    if shown.feeder.lines.iter().any(limited) {
        let text = outside(shown.lines.len(), "line");
        list.push(Badge::judged(shown.lines.is_empty(), text));
    }
    list
}

fn numbers(shown: &Shown, report: &mut Report) {
    let Shown {
        feeder,
        flow,
        found,
        ..
    } = shown;
    let (low, high) = shown.extremes();
    let share = 100.0 * flow.loss_p_mw / flow.import_p_mw.abs();
    let mut all = Numbers::default();
    all.add("loss_kw", "Losses", 1e3 * flow.loss_p_mw, "kW")
        .noted(&format!(
            "{} % of what passes the substation",
            amount(share, "")
        ));
    all.add(
        "loss_kvar",
        "Reactive losses",
        1e3 * flow.loss_q_mvar,
        "kvar",
    );
    all.add("least_v", "Least voltage", flow.v_pu[low], "p.u.")
        .noted(&format!("at bus {}", feeder.buses[low].id));
    all.add("greatest_v", "Greatest voltage", flow.v_pu[high], "p.u.")
        .noted(&format!("at bus {}", feeder.buses[high].id));
    all.add(
        "import_mw",
        "Taken from the substation",
        flow.import_p_mw,
        "MW",
    );
    all.add(
        "import_mvar",
        "Reactive power taken",
        flow.import_q_mvar,
        "Mvar",
    );
    all.add("load_mw", "Load", found.load.0, "MW");
    all.add("load_mvar", "Reactive load", found.load.1, "Mvar");
    report.summary = all.0;
}

/// Voltages and flows, known to the diagram.
fn series(feeder: &Feeder, found: &Flow, flow: &SweepFlow, report: &mut Report) {
    for (j, bus) in feeder.buses.iter().enumerate() {
        let name = format!("voltage at bus {}", bus.id);
        let of = SubjectKind::Bus.of(&bus.id);
        report
            .series
            .push(about("v", of, name, "p.u.", vec![flow.v_pu[j]]));
        let Some(line) = found.tree.above[j] else {
            continue;
        };
        let id = &feeder.lines[line.line].id;
        let of = SubjectKind::Branch.of(format!("{}/{id}", feeder.id));
        let along = match line.sign > 0.0 {
            true => flow.lines[j].p_sent_mw,
            false => -flow.lines[j].p_sent_mw,
        };
        report.series.push(about(
            "flow",
            of,
            format!("flow of line {id}"),
            "MW",
            vec![along],
        ));
        let share = feeder.lines[line.line].share(along, flow.lines[j].loading_mva());
        if let Some(share) = share {
            let of = SubjectKind::Branch.of(format!("{}/{id}", feeder.id));
            let name = format!("loading of line {id}");
            report
                .series
                .push(about("loading", of, name, "1", vec![share]));
        }
    }
}

fn profile(shown: &Shown, report: &mut Report) {
    let Shown {
        feeder,
        found,
        flow,
        ..
    } = shown;
    let (series, chart) = voltage_chart("profile", feeder, &found.tree, &flow.v_pu);
    report.series.push(series);
    report.charts.push(chart);
    let along = "bus, in the order of the feeder";
    let mut gone = 0.0;
    let losses: Vec<(f64, f64)> = (1..)
        .map(f64::from)
        .zip(flow.lines.iter().map(|line| {
            gone += 1e3 * (line.p_sent_mw - line.p_received_mw);
            gone
        }))
        .collect();
    report
        .series
        .push(over("lost", "losses so far", "kW", (along, ""), &losses));
    let worst = (0..feeder.buses.len())
        .max_by(|&a, &b| {
            let lost = |j: usize| flow.lines[j].p_sent_mw - flow.lines[j].p_received_mw;
            lost(a).total_cmp(&lost(b))
        })
        .and_then(|j| shown.found.tree.above[j].map(|line| (j, line)));
    let summary = worst.map_or_else(String::new, |(j, line)| {
        format!(
            "Losses of the lines above the buses, added up: {} in all, {} of them in line {}.",
            amount(gone, "kW"),
            amount(
                1e3 * (flow.lines[j].p_sent_mw - flow.lines[j].p_received_mw),
                ""
            ),
            feeder.lines[line.line].id
        )
    });
    report.charts.push(plot(
        "losses",
        "Where the losses arise".into(),
        (axis(along, "", false), axis("losses, added up", "kW", true)),
        vec![path("lost", Role::Load, false, false)],
        summary,
    ));
}

fn tables(shown: &Shown, report: &mut Report) {
    let Shown {
        feeder,
        flow,
        found,
        ..
    } = shown;
    let bus = |j: usize| &feeder.buses[j];
    let degrees = |j: usize| flow.angle_rad[j].to_degrees();
    let buses = filled(
        "buses",
        "Buses",
        0..feeder.buses.len(),
        &[
            ("bus", "", &|j| text(&bus(j).id)),
            ("voltage", "p.u.", &|j| number(flow.v_pu[j])),
            ("angle", "°", &|j| number(degrees(j))),
            ("least", "p.u.", &|j| number(bus(j).min_v_pu)),
            ("greatest", "p.u.", &|j| number(bus(j).max_v_pu)),
        ],
        "",
    );
    let subjects = feeder.buses.iter().map(|b| SubjectKind::Bus.of(&b.id));
    report.tables.push(buses.of(subjects));
    let lines: Vec<usize> = found.tree.order.clone();
    let limits = |j: usize| found.tree.above[j].map(|l| &feeder.lines[l.line]);
    let name = |j: usize| limits(j).map_or_else(String::new, |line| line.id.clone());
    let at = |j: usize| &flow.lines[j];
    let kw = |j: usize| 1e3 * (at(j).p_sent_mw - at(j).p_received_mw);
    let table = filled(
        "lines",
        "Lines, from the substation outwards",
        lines.iter().copied(),
        &[
            ("line", "", &|j| text(name(j))),
            ("sent", "MW", &|j| number(at(j).p_sent_mw)),
            ("sent", "Mvar", &|j| number(at(j).q_sent_mvar)),
            ("loading", "MVA", &|j| number(at(j).loading_mva())),
            ("limit", "MVA", &|j| {
                number(limits(j).and_then(|l| l.max_s_mva).unwrap_or(f64::NAN))
            }),
            ("losses", "kW", &|j| number(kw(j))),
        ],
        "Sent at the end near the substation; negative is towards it.",
    );
    let subjects = lines
        .iter()
        .map(|&j| SubjectKind::Branch.of(format!("{}/{}", feeder.id, name(j))));
    report.tables.push(table.of(subjects));
}

/// A feeder without a flow, with a load factor that has one.
fn collapse(feeder: &Feeder, found: &Flow, factor: Option<f64>) -> Option<Message> {
    let why = found.flow.as_ref().err()?;
    Some(Message {
        level: Level::Error,
        text: format!("{}: {why}.", feeder.id),
        field: Some("mechanism.load_factor".into()),
        cures: factor
            .map(|value| Cure {
                label: format!("take {} times the load", amount(value, "")),
                path: "mechanism.load_factor".into(),
                value,
            })
            .into_iter()
            .collect(),
    })
}

/// A feeder whose loads stand elsewhere in the case.
fn without_load(feeder: &Feeder, found: &Flow) -> Option<Message> {
    let own = feeder
        .buses
        .iter()
        .any(|b| b.p_load_mw != 0.0 || b.q_load_mvar != 0.0);
    let still = found.flow.as_ref().is_ok_and(|flow| flow.loss_p_mw == 0.0);
    (still && !own).then(|| {
        let text = format!(
            "The buses of {} have no load of their own: nothing flows.",
            feeder.id
        );
        message(Level::Warning, text)
    })
}

/// What of the case is no part of the flow.
fn left_out(case: &Case) -> Option<Message> {
    let market = case.balancing.is_some()
        || case.day.is_some()
        || case.local_market.is_some()
        || case.communities.is_some()
        || !case.ders.is_empty();
    market.then(|| {
        message(
            Level::Info,
            "The loads of the buses flow, and the generation given here: bids, imbalances, DERs, communities and profiles of the case take no part.".into(),
        )
    })
}
