//! The region of an aggregator behind a line: chart, series and tables.

use crate::report::plots::{axis, by_clock, over};
use crate::report::words::counted;
use crate::report::{
    Chart, Edge, Filled, Mark, Report, Role, SubjectKind, Table, Topic, column, filled, number,
    plain, table, text,
};

use super::region_layers::{Names, layers, limits_of};
use super::run::Run;
use super::words::mw;
use crate::market::rt_sced::model::operation::COUNTED_OVERLOAD_MW;
use crate::market::rt_sced::model::region::{self as model, OperatingPoint, Piece, RegionOfRun};
use crate::market::rt_sced::params::Method;

/// Adds everything that is shown of the region.
pub fn add(run: &Run, shown: &RegionOfRun, report: &mut Report) {
    let of = Names::new(run.system, shown.region.group, shown.region.limit);
    let place = 1.min(report.charts.len());
    report.charts.insert(place, chart(run, shown, &of));
    let points = shown.points.iter().map(|p| (p.p_a_mw, p.other_mw));
    let points: Vec<(f64, f64)> = points.collect();
    let output = of.output();
    let at = (output.as_str(), "MW");
    report
        .series
        .push(over("operating", "operating point", "MW", at, &points));
    for (kind, name, value) in PROMISES {
        let values = shown.points.iter().map(value).collect();
        let id = format!("{kind}:{}", of.group);
        report.series.push(by_clock(id, name.into(), "MW", values));
    }
    report.tables.extend([
        promise_table(run, shown, &of),
        edge_table(run, shown, &of),
        piece_table(run, shown, &of),
        bid_table(run, shown, &of),
    ]);
}

/// What a promise says: kind of its series, its name, its value.
type Part = (&'static str, &'static str, fn(&OperatingPoint) -> f64);

const PROMISES: [Part; 5] = [
    ("promised", "greatest output by factors", |p| {
        p.by_factors_mw
    }),
    ("deliverable", "greatest output as it splits", |p| {
        p.by_merit_mw
    }),
    ("reachable", "greatest output of the region", |p| {
        p.reach_mw.1
    }),
    (
        "undeliverable",
        "promised, not deliverable",
        OperatingPoint::beyond_mw,
    ),
    ("forgone", "forgone", OperatingPoint::forgone_mw),
];

fn chart(run: &Run, shown: &RegionOfRun, of: &Names) -> Chart {
    let edges = shown.edges.iter().map(|e| Edge {
        from: e.from,
        to: e.to,
        label: limits_of(run.system, e, of.line),
    });
    let marks = vec![
        Mark::Edges {
            edges: edges.collect(),
        },
        Mark::Walk {
            series: "operating".into(),
            role: Role::Aggregator,
        },
    ];
    let (group, line) = (of.group, of.line);
    Chart {
        id: "region".into(),
        title: format!("Feasible region and cost of {group} behind line {line}"),
        x: axis(&of.output(), "MW", false),
        y: axis(&of.others(), "MW", false),
        marks,
        summary: summary(run, shown, of),
        topic: Topic::Region,
        square: false,
        probe: Some(model::key(
            run.system,
            shown.region.group,
            shown.region.limit,
        )),
        home: None,
        small: false,
        layers: layers(run, shown, of),
    }
}

/// C = a P_a + b P_l'' + c in words.
fn formula(piece: &Piece) -> String {
    let mut text = format!("{} P_a", plain(piece.usd_per_mwh_of_p_a, 2));
    let others = (piece.usd_per_mwh_of_other, " P_l''");
    for (value, what) in [others, (piece.constant_usd_per_h, "")] {
        if value.abs() >= 5e-3 {
            let sign = if value < 0.0 { "−" } else { "+" };
            text.push_str(&format!(" {sign} {}{what}", plain(value.abs(), 2)));
        }
    }
    text
}

fn summary(run: &Run, shown: &RegionOfRun, of: &Names) -> String {
    let mut text = format!(
        "The region of {} behind line {} has {} edges and its cost {} linear pieces",
        of.group,
        of.line,
        shown.edges.len(),
        shown.pieces.len(),
    );
    if let Some(last) = shown.points.last() {
        text.push_str(&format!(
            "; in the last interval it produces {} of at most {} while the others put {} on the line",
            mw(last.p_a_mw),
            mw(last.reach_mw.1),
            mw(last.other_mw)
        ));
    }
    let outside = shown.points.iter().filter(|p| p.is_outside()).count();
    if outside > 0 {
        let all = counted(shown.points.len(), "operating point");
        text.push_str(&format!("; {outside} of {all} lie outside"));
    }
    text.push('.');
    if run.params.method == Method::DistributionFactors {
        text.push_str(&gap_in_words(run, shown));
    }
    text
}

/// What the factors promised beyond the region and what they forwent over the run.
fn gap_in_words(run: &Run, shown: &RegionOfRun) -> String {
    let (mut beyond, mut forgone, mut paid, mut saved) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for (t, promise) in shown.points.iter().enumerate() {
        let cost = run.outcome.above_optimum_usd_per_h(t).unwrap_or(0.0);
        if promise.beyond_mw() > 0.0 {
            (beyond, saved) = (beyond.max(promise.beyond_mw()), saved.max(-cost));
        } else {
            (forgone, paid) = (forgone.max(promise.forgone_mw()), paid.max(cost));
        }
    }
    format!(
        " The factors promise up to {} that cannot be delivered (worth {} $/h, had only by overload) and forgo up to {} ({} $/h above the optimum).",
        mw(beyond),
        plain(saved, 2),
        mw(forgone),
        plain(paid, 2)
    )
}

/// What the factors promise and forgo, interval by interval.
fn promise_table(run: &Run, shown: &RegionOfRun, of: &Names) -> Table {
    let rows = shown.points.iter().enumerate().map(|(t, promise)| {
        let cost = run.outcome.above_optimum_usd_per_h(t);
        let cost = cost.unwrap_or(f64::NAN);
        let over = run.intervals[t].worst_overload_mw() > COUNTED_OVERLOAD_MW;
        let mut row = vec![number((t + 1) as f64), number(promise.other_mw)];
        row.extend(PROMISES.map(|(_, _, value)| number(value(promise))));
        let (saved, paid) = if over { (-cost, 0.0) } else { (0.0, cost) };
        row.extend([saved, paid].map(|usd| number(usd.max(0.0))));
        row
    });
    let columns = vec![
        column("interval", ""),
        column(of.others(), "MW"),
        column("greatest output by factors", "MW"),
        column("as it splits", "MW"),
        column("of the region", "MW"),
        column("promised, not deliverable", "MW"),
        column("forgone", "MW"),
        column("saved by overload", "$/h"),
        column("paid above the optimum", "$/h"),
    ];
    Table {
        by_clock: true,
        ..table(
            "promises",
            &format!(
                "What the factors promise of {} on line {}",
                of.group, of.line
            ),
            columns,
            rows.collect(),
            "By factors: eq. (10) solved for the aggregator's output with everything else as dispatched, from the state measured before. As it splits: by merit order, until the line is full. Of the region: with the split that the line allows, whatever it costs. The money is that of the whole dispatch against the optimum.",
        )
    }
}

fn edge_table(run: &Run, shown: &RegionOfRun, of: &Names) -> Table {
    let (output, others) = (of.output(), of.others());
    let ends = [
        format!("from {output}"),
        format!("from {others}"),
        format!("to {output}"),
        format!("to {others}"),
    ];
    let columns: [Filled<&model::Edge>; 5] = [
        ("limits that bind", "", &|e| {
            text(limits_of(run.system, e, of.line))
        }),
        (&ends[0], "MW", &|e| number(e.from.0)),
        (&ends[1], "MW", &|e| number(e.from.1)),
        (&ends[2], "MW", &|e| number(e.to.0)),
        (&ends[3], "MW", &|e| number(e.to.1)),
    ];
    filled(
        "edges",
        &format!("Edges of the region of {}", of.group),
        &shown.edges,
        &columns,
        "By Gaussian and Fourier-Motzkin elimination of eq. (13) to (16); each edge is a sum of the limits named.",
    )
}

fn piece_table(run: &Run, shown: &RegionOfRun, of: &Names) -> Table {
    let who = |piece: &Piece| {
        let ders = piece.ders.iter().map(|&d| run.system.ders[d].id.as_str());
        let ders: Vec<&str> = ders.collect();
        text(match piece.line_full {
            true => format!("{}, line full", ders.join(" against ")),
            false => format!("{}, line with room", ders.join(", ")),
        })
    };
    let columns: [Filled<&Piece>; 5] = [
        ("cost on the piece", "$/h", &|p| text(formula(p))),
        ("per MW of its output", "$/MWh", &|p| {
            number(p.usd_per_mwh_of_p_a)
        }),
        ("per MW of the others", "$/MWh", &|p| {
            number(p.usd_per_mwh_of_other)
        }),
        ("constant", "$/h", &|p| number(p.constant_usd_per_h)),
        ("who moves", "", &who),
    ];
    filled(
        "pieces",
        &format!("Aggregated bid of {}: pieces of its cost", of.group),
        &shown.pieces,
        &columns,
        "The cost is the greatest of these on the region: as cuts in a linear program, no binaries.",
    )
}

/// The bid at the last interval's P_l'' as Algorithm 1 finds it.
fn bid_table(run: &Run, shown: &RegionOfRun, of: &Names) -> Table {
    let members = &run.system.groups[shown.region.group].members;
    let mut columns = vec![
        column("output", "MW"),
        column("cost", "$/h"),
        column("its flow on the line", "MW"),
    ];
    columns.extend(
        members
            .iter()
            .map(|&d| &run.system.ders[d].id)
            .map(|der| column(der, "MW").of(SubjectKind::Party.of(der))),
    );
    let rows = shown.offers.iter().map(|offer| {
        let whole = [offer.p_a_mw, offer.cost_usd_per_h, offer.sent_mw];
        let split = members.iter().map(|&d| offer.ders_mw[d]);
        whole.into_iter().chain(split).map(number).collect()
    });
    let other = mw(shown.points.last().map_or(0.0, |p| p.other_mw));
    let title = format!(
        "Aggregated bid of {} with {other} of the others on line {}",
        of.group, of.line
    );
    table(
        "bid",
        &title,
        columns,
        rows.collect(),
        "Algorithm 1: the aggregator's program (12) to (16) solved at each level of output, the others as in the last interval.",
    )
}
