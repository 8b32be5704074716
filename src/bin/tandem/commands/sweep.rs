use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::case::text::csv_field;
use tandem::report::{Report, Status};
use tandem::session::Session;
use tandem::sweep;

use super::Asked;
use crate::print::number;
use crate::{Stop, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    #[arg(long, value_name = "PATH")]
    path: String,
    #[arg(long, allow_negative_numbers = true)]
    from: f64,
    #[arg(long, allow_negative_numbers = true)]
    to: f64,
    #[arg(long, default_value_t = 21)]
    points: usize,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let &Arguments {
        ref path,
        from,
        to,
        points,
        ..
    } = arguments;
    if !(2..=10_000).contains(&points) || !from.is_finite() || !to.is_finite() {
        return Err(vec![Problem::error(
            "sweep",
            "choose finite ends and 2 to 10000 points",
        )]
        .into());
    }
    let document = arguments.asked.open()?;
    let mut session = Session::new(document.clone());
    let mut first = None;
    let values = sweep::values(from, to, points);
    let swept: Vec<sweep::Point> = watched(&mut session, |session| {
        let mut point = |value| {
            let summary = sweep::point(session, &document, path, value)
                .map_err(|why| first.get_or_insert(why).clone())
                .ok();
            sweep::Point { value, summary }
        };
        values.into_iter().map(&mut point).collect()
    });
    if swept.iter().all(|p| p.summary.is_none()) {
        return Err(first.unwrap_or_default().into());
    }
    print(&sweep::report(&session, path, &swept), path, &swept, out)?;
    Ok(Status::Solved)
}

/// A column for the field and one for each series, a line for each point.
fn print(
    report: &Report,
    path: &str,
    swept: &[sweep::Point],
    out: &mut impl Write,
) -> std::io::Result<()> {
    let names: Vec<String> = report
        .series
        .iter()
        .map(|s| csv_field(&format!("{} ({})", s.id, s.unit)))
        .collect();
    writeln!(out, "{},{}", csv_field(path), names.join(","))?;
    for (k, point) in swept.iter().enumerate() {
        let cells: Vec<String> = report.series.iter().map(|s| number(s.values[k])).collect();
        writeln!(out, "{},{}", point.value, cells.join(","))?;
    }
    Ok(())
}
