//! The watched DER under every rule: Fig. 8 of `[zuo2022]`, following the inputs.

use crate::report::plots::{axis, by_clock, chart, quantity};
use crate::report::words::share;
use crate::report::{Mark, Report, plain};

use super::compare::{shown, why_ended};
use super::run::Run;
use super::words::between;
use crate::market::rt_sced::model::comparison::Compared;
use crate::market::rt_sced::model::operation::COUNTED_OVERLOAD_MW;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::range;

/// Adds the figure where it is asked for: series, chart, and the cost of each rule.
pub fn add(run: &Run, report: &mut Report) {
    let (Some(beside), Some(stability)) = (&run.outcome.beside, run.stability) else {
        return;
    };
    let der = stability.watch.der;
    let id = &run.system.ders[der].id;
    let mut marks = Vec::new();
    let mut says = Vec::new();
    let (mut solves, mut certified) = (0, 0);
    for (method, intervals) in &beside.runs {
        let (key, name, role) = shown(*method);
        let outputs: Vec<f64> = intervals.iter().map(|i| i.actual.ders[der]).collect();
        let tail = range(outputs[outputs.len() / 2..].iter().copied());
        let over = |i: &&Interval| i.worst_overload_mw() > COUNTED_OVERLOAD_MW;
        let half = &intervals[outputs.len() / 2..];
        let over = share(half.iter().filter(over).count(), half.len(), "interval");
        let last = intervals.last().map_or(f64::NAN, |i| i.cost_usd_per_h);
        says.push(format!(
            "{name} {}, over a limit {over}, {} $/h in the last",
            between(tail, "MW"),
            plain(last, 2)
        ));
        let certificates = intervals.iter().map(|i| &i.dispatch.certificate);
        solves += intervals.len();
        certified += certificates.filter(|c| c.certified).count();
        let series = by_clock(
            format!("rule:{key}"),
            format!("{id}, {name}"),
            "MW",
            outputs,
        );
        marks.push(Mark::Line {
            series: series.id.clone(),
            role,
            step: true,
            points: intervals.len() <= 48,
            dashed: *method == Compared::Optimal,
            shown: true,
        });
        report.series.push(series);
        let label = format!("{name}: cost, last interval");
        let note = "may be below the optimum only where a limit is exceeded";
        report.summary.push(quantity(
            format!("rule_cost_{key}"),
            label,
            last,
            "$/h",
            note,
        ));
    }
    let ended = beside.ended.iter();
    says.extend(ended.map(|(method, ended)| why_ended(*method, ended)));
    says.push(match certified == solves {
        true => "every solve is certified".into(),
        false => format!(
            "{} of {solves} solves are not certified",
            solves - certified
        ),
    });
    let title = format!("{id} under every rule (the paper's Fig. 8)");
    let y = axis("output", "MW", true);
    let says = format!("Second half of the run: {}.", says.join("; "));
    let drawn = chart("interval", "figure_8", title, y, marks, &says);
    report.charts.insert(report.charts.len().min(1), drawn);
}
