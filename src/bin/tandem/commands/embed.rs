//! An embedded view of a scenario as text to paste: its address, a frame, or the element of `embed.js`.

use std::fmt::Write as _;
use std::io::Write;

use clap::{Args, ValueEnum};
use tandem::case::Problem;
use tandem::case::text::nearest;
use tandem::report::{Report, Status};

use super::{Asked, spelled};
use crate::{Stop, solved};

/// Views that are no charts.
const VIEWS: [&str; 5] = ["network", "answer", "task", "lesson", "compare"];
/// Inputs of an embedded view at most.
const MOST_INPUTS: usize = 6;

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// A frame for every page that takes HTML.
    Frame,
    /// `<tandem-figure>`, with its script.
    Element,
    /// The address alone.
    Address,
}

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Where Tandem is served, e.g. https://host/tandem/
    #[arg(long, value_name = "URL")]
    page: String,
    /// What is shown: network, answer, task, lesson, compare, a chart by its id, sweep:PATH:FROM:TO, why:bus:ID; once for
    /// each, in their order.
    #[arg(long = "view", value_name = "VIEW")]
    views: Vec<String>,
    /// An input that the reader may change: PATH, PATH:FROM:TO or PATH:FROM:TO:STEP; once for each.
    #[arg(long = "input", value_name = "PATH")]
    inputs: Vec<String>,
    /// Nothing else can be changed, by scripts of the page neither.
    #[arg(long)]
    lock: bool,
    /// A question of your own above the figure.
    #[arg(long, value_name = "TEXT", default_value = "")]
    question: String,
    /// A picture until the reader presses “Run”.
    #[arg(long)]
    poster: bool,
    /// Plays by itself.
    #[arg(long)]
    play: bool,
    /// `light` or `dark`; without it as the reader's system.
    #[arg(long, value_parser = ["light", "dark"])]
    theme: Option<String>,
    /// `en` or `de`; without it as the reader chose.
    #[arg(long, value_parser = ["en", "de"])]
    lang: Option<String>,
    /// Height of the frame, px.
    #[arg(long, default_value_t = 480)]
    height: u32,
    #[arg(long = "as", value_enum, default_value = "frame")]
    kind: Kind,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = solved(&arguments.asked)?;
    let report = session.report()?;
    let paths: Vec<String> = session
        .form()
        .into_iter()
        .flat_map(|section| {
            let cells = section.table.into_iter().flat_map(|table| table.rows);
            let cells = cells.flat_map(|row| row.cells).flatten();
            section
                .fields
                .into_iter()
                .chain(cells)
                .map(|field| field.path)
        })
        .collect();
    let problems = problems(arguments, &report, &paths);
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let query = query(arguments);
    let fragment = session.link().fragment;
    let page = &arguments.page;
    let slash = if page.ends_with('/') { "" } else { "/" };
    let mut address = format!("{page}{slash}?embed=1");
    for (name, value) in &query {
        let value = spelled(value).replace("%20", "+");
        // Writing to a string does not fail.
        let _ = write!(address, "&{name}={value}");
    }
    write!(address, "#{fragment}").map_err(std::io::Error::other)?;
    let title = escaped(&report.title);
    match arguments.kind {
        Kind::Address => writeln!(out, "{address}")?,
        Kind::Frame => writeln!(
            out,
            "<iframe src=\"{}\" title=\"Tandem: {title}\" width=\"100%\" height=\"{}\" style=\"width: 100%; max-width: 900px; border: 0\"></iframe>",
            escaped(&address),
            arguments.height
        )?,
        Kind::Element => {
            let script = escaped(&format!("{page}{slash}embed.js"));
            let own = query
                .iter()
                .map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)))
                .collect::<String>();
            writeln!(
                out,
                "<script type=\"module\" src=\"{script}\"></script>\n<tandem-figure link=\"{}\"{own} label=\"{title}\"></tandem-figure>",
                escaped(&fragment)
            )?;
        }
    }
    Ok(report.status)
}

/// The options of the address by their names, in the order of docs/EMBEDDING.md.
fn query(arguments: &Arguments) -> Vec<(&'static str, String)> {
    let some = |name: &'static str, is: bool, value: &str| is.then(|| (name, value.to_owned()));
    let views = match arguments.views.is_empty() {
        true => "network".to_owned(),
        false => arguments.views.join(","),
    };
    let inputs = arguments.inputs.join(",");
    [
        Some(("view", views)),
        some("inputs", !inputs.is_empty(), &inputs),
        some("lock", arguments.lock, "inputs"),
        some("ui", true, "min"),
        some("run", arguments.poster, "0"),
        some("play", arguments.play, "1"),
        arguments.theme.clone().map(|theme| ("theme", theme)),
        arguments.lang.clone().map(|lang| ("lang", lang)),
        some(
            "question",
            !arguments.question.is_empty(),
            &arguments.question,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What of the options the scenario does not have.
fn problems(arguments: &Arguments, report: &Report, paths: &[String]) -> Vec<Problem> {
    let mut found = Vec::new();
    if !arguments.page.starts_with("http://") && !arguments.page.starts_with("https://") {
        found.push(Problem::error(
            "--page",
            "an address begins with https:// or http://",
        ));
    }
    let known = |name: &str, path: &str| {
        let near = nearest(path, paths.iter().map(String::as_str));
        let meant = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
        let message = format!("There is no input “{path}” in this scenario.{meant}");
        (!paths.iter().any(|one| one == path)).then(|| Problem::error(name, message))
    };
    for input in &arguments.inputs {
        match ranged(input) {
            Some((path, Some([from, to]))) if from >= to => found.push(Problem::error(
                "--input",
                format!("the range of “{path}” begins at {from} and ends at {to}: its first number is the least"),
            )),
            Some((path, _)) => found.extend(known("--input", path)),
            None => found.push(Problem::error("--input", format!("“{input}” is not of the form PATH:FROM:TO:STEP"))),
        }
    }
    if arguments.inputs.len() > MOST_INPUTS {
        found.push(Problem::error(
            "--input",
            format!("a view has {MOST_INPUTS} inputs at most"),
        ));
    }
    for view in &arguments.views {
        let is_chart = report.charts.iter().any(|chart| chart.id == *view);
        let is_lacking = (view == "lesson" && report.lesson.is_none())
            || (view == "task" && report.task.is_none());
        if let Some(swept) = view.strip_prefix("sweep:") {
            match ranged(swept) {
                Some((path, Some([from, to]))) if from < to => found.extend(known("--view", path)),
                _ => found.push(Problem::error(
                    "--view",
                    format!("“{view}” is not of the form sweep:PATH:FROM:TO"),
                )),
            }
        } else if is_lacking
            || !(is_chart || VIEWS.contains(&view.as_str()) || view.starts_with("why:"))
        {
            let charts: Vec<&str> = report
                .charts
                .iter()
                .map(|chart| chart.id.as_str())
                .collect();
            let message = format!(
                "There is no view “{view}” of this scenario; there are {}, {}, sweep:PATH:FROM:TO and why:KIND:ID.",
                VIEWS.join(", "),
                charts.join(", ")
            );
            found.push(Problem::error("--view", message));
        }
    }
    found
}

/// A path with its range: `PATH`, `PATH:FROM:TO` or `PATH:FROM:TO:STEP`. Ids may have colons, numbers are read from the end.
fn ranged(text: &str) -> Option<(&str, Option<[f64; 2]>)> {
    let parts: Vec<&str> = text.rsplitn(4, ':').collect();
    let numbers: Vec<f64> = parts
        .iter()
        .map_while(|part| part.parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    let rest = |count: usize| {
        let length: usize = parts.iter().take(count).map(|part| part.len() + 1).sum();
        text.get(..text.len().checked_sub(length)?)
    };
    match numbers[..] {
        [] => Some((text, None)),
        [to, from] => Some((rest(2)?, Some([from, to]))),
        [_, to, from] => Some((rest(3)?, Some([from, to]))),
        _ => None,
    }
}

/// Text as an attribute of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
