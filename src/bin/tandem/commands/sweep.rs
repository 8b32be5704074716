use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::case::text::csv_field;
use tandem::report::{Cell, Report, Status};
use tandem::scenario::Document;
use tandem::session::Session;
use tandem::sweep::{self, Ask, Exact, Swept};

use super::{Asked, print_json};
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
    /// Evenly spaced values; with --exact those that are solved first.
    #[arg(long, default_value_t = 21)]
    points: usize,
    /// Find every breakpoint: a line for both of its sides, straight strokes in between; what is known is said on
    /// standard error.
    #[arg(long)]
    exact: bool,
    /// Solves that --exact may spend.
    #[arg(long, value_name = "SOLVES", default_value_t = 400)]
    most: usize,
    /// Print points, pieces and breakpoints as JSON.
    #[arg(long)]
    json: bool,
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
    let ask = Ask {
        path: path.clone(),
        from,
        to,
        points,
        most: arguments.most.max(points),
        step: None,
    };
    let (swept, refused) = match arguments.exact {
        true => exact(&mut session, document, ask),
        false => sampled(&mut session, &document, &ask),
    };
    if swept.points.iter().all(|p| p.summary.is_none()) {
        return Err(refused.unwrap_or_default().into());
    }
    if arguments.json {
        print_json(&swept, out)?;
        return Ok(Status::Solved);
    }
    let report = sweep::report(&session, path, &swept);
    if arguments.exact {
        say(&report, &swept);
    }
    print(&report, path, &swept.points, out)?;
    Ok(Status::Solved)
}

/// Why the first value without an answer has none.
type Refused = Option<Vec<Problem>>;

fn exact(session: &mut Session, document: Document, ask: Ask) -> (Swept, Refused) {
    let mut exact = Exact::new(document, ask);
    watched(session, |session| while exact.step(session).is_some() {});
    let refused = exact.refused().map(<[Problem]>::to_vec);
    (exact.found(), refused)
}

fn sampled(session: &mut Session, document: &Document, ask: &Ask) -> (Swept, Refused) {
    let mut first = None;
    let values = sweep::values(ask.from, ask.to, ask.points);
    let points: Vec<sweep::Point> = watched(session, |session| {
        let mut point = |value| {
            let summary = sweep::point(session, document, &ask.path, value)
                .map_err(|why| first.get_or_insert(why).clone())
                .ok();
            sweep::Point { value, summary }
        };
        values.into_iter().map(&mut point).collect()
    });
    (Swept::sampled(points), first)
}

/// What is known between the points, and what changes at each breakpoint.
fn say(report: &Report, swept: &Swept) {
    eprintln!("{} {} solves.", report.headline, swept.solves);
    for table in &report.tables {
        for row in &table.rows {
            match row.as_slice() {
                [Cell::Number(value), Cell::Text(changes), ..] => eprintln!("{value}: {changes}"),
                [Cell::Text(between), Cell::Text(changes), ..] => eprintln!("{between}: {changes}"),
                _ => {}
            }
        }
    }
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
