//! Charts and tables for papers and slides, one by one or all of a scenario with what they are from.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use tandem::case::Problem;
use tandem::case::text::nearest;
use tandem::chart;
use tandem::report::{Report, Status, Table, column, table};
use tandem::scenario::link;
use tandem::schema;
use tandem::session::Session;
use tandem_figures::{Figure, Sheet};

use super::Asked;
use crate::export::{self, Source, Style, cite};
use crate::{Stop, solved, watched};

/// Widths of what journals and slides want, mm, and the size of their letters, pt.
const SIZES: [(&str, f64, Option<f64>, f64); 3] = [
    ("column", 88.0, None, 8.0),
    ("double", 180.0, None, 8.0),
    ("slide", 338.667, Some(190.5), 18.0),
];
/// What can be left out of a figure.
const WORDS: [&str; 4] = ["title", "legend", "caption", "source"];

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The id of a chart or of a table, `tables/ID` where both have it; without it all of them, into a ZIP file.
    what: Option<String>,
    /// A figure as .svg, .pdf, .png or .tex (TikZ and pgfplots); its numbers or a table as .tex (booktabs), .csv or .json;
    /// everything as .zip.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// column (88 mm), double (180 mm), slide (16:9), or WIDTHxHEIGHT in mm.
    #[arg(long, default_value = "column")]
    size: String,
    /// Size of the letters, pt; 8, of slides 18.
    #[arg(long)]
    text_pt: Option<f64>,
    /// Of a .png.
    #[arg(long, default_value_t = 300.0)]
    dpi: f64,
    /// The interval that bars and paths show, from 1; without it bars the one that tells most, paths their whole length.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    interval: Option<u32>,
    #[arg(long)]
    dark: bool,
    /// Every series has dashes of its own, so that grey is enough to tell them apart.
    #[arg(long)]
    grey: bool,
    /// Leave out of the figure: title, legend, caption, source; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = WORDS)]
    without: Vec<String>,
    /// The numbers of a chart instead of its picture, where --out ends in .tex.
    #[arg(long)]
    numbers: bool,
    /// Of the comparison of methods, schemes or rules, in place of the scenario's own charts.
    #[arg(long)]
    compare: bool,
    /// Where Tandem is served, e.g. https://host/tandem/: figures then lead to the scenario.
    #[arg(long, value_name = "URL")]
    page: Option<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let style = style(arguments)?;
    let served = |page: &String| page.starts_with("https://") || page.starts_with("http://");
    if !arguments.page.iter().all(served) {
        return Err(refused(
            "--page",
            "an address begins with https:// or http://",
        ));
    }
    let (session, report) = match arguments.compare {
        true => {
            let mut session = Session::new(arguments.asked.open()?);
            let report = watched(&mut session, Session::compare)?;
            (session, report)
        }
        false => {
            let session = solved(&arguments.asked)?;
            let report = session.report()?;
            (session, report)
        }
    };
    let export = Export {
        arguments,
        style,
        source: source(&session, arguments.page.as_deref()),
        report: report.read(),
    };
    let steps = export.report.clock.as_ref().map_or(1, |clock| clock.steps);
    if let Some(interval) = arguments
        .interval
        .filter(|interval| *interval as usize > steps)
    {
        let why = format!("there is no interval {interval}; there are {steps}");
        return Err(refused("--interval", &why));
    }
    let bytes = match &arguments.what {
        Some(what) => export.one(what, &ending(&arguments.out))?,
        None if ending(&arguments.out) == "zip" => export.all(&session)?,
        None => {
            let why = "say which chart or table, or end --out in .zip for all of them";
            return Err(refused(
                "--out",
                &format!("{why}; there are: {}", export.ids()),
            ));
        }
    };
    let name = arguments.out.display().to_string();
    std::fs::write(&arguments.out, &bytes).map_err(|why| refused(&name, &why.to_string()))?;
    writeln!(out, "{name}: {} kB", bytes.len().div_ceil(1000))?;
    Ok(export.report.status)
}

fn refused(field: &str, why: &str) -> Stop {
    Stop::Input(vec![Problem::error(field, why)])
}

/// What a file's name ends in, in small letters.
fn ending(path: &Path) -> String {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.unwrap_or_default().to_lowercase()
}

fn style(arguments: &Arguments) -> Result<Style, Stop> {
    let size = arguments.size.as_str();
    let known = SIZES.iter().find(|(name, ..)| *name == size);
    let own = || {
        let (width, height) = size.split_once('x')?;
        let number = |text: &str| {
            text.parse::<f64>()
                .ok()
                .filter(|mm| (20.0..=2000.0).contains(mm))
        };
        Some((number(width)?, Some(number(height)?), 8.0))
    };
    let (width_mm, height_mm, text_pt) = match known {
        Some((_, width, height, text)) => (*width, *height, *text),
        None => own().ok_or_else(|| {
            let why = format!("`{size}` is not column, double, slide or WIDTHxHEIGHT in mm from 20 to 2000, as 120x80");
            refused("--size", &why)
        })?,
    };
    let text_pt = arguments.text_pt.unwrap_or(text_pt);
    if !(3.0..=72.0).contains(&text_pt) {
        return Err(refused("--text-pt", "letters are from 3 to 72 pt"));
    }
    if !(30.0..=2400.0).contains(&arguments.dpi) {
        return Err(refused("--dpi", "a picture has from 30 to 2400 px an inch"));
    }
    let with = |word: &str| !arguments.without.iter().any(|without| without == word);
    Ok(Style {
        width_mm,
        height_mm,
        text_pt,
        // Slides, and what is dark, do not end at their letters.
        margin_mm: match (size, arguments.dark) {
            ("slide", _) => 12.0,
            (_, true) => 3.0,
            _ => 0.0,
        },
        step: arguments.interval.map(|interval| interval as usize - 1),
        dark: arguments.dark,
        grey: arguments.grey,
        title: with("title"),
        legend: with("legend"),
        caption: with("caption"),
        source: with("source"),
    })
}

/// Scenario and version, and where it can be opened.
fn source(session: &Session, page: Option<&str>) -> Source {
    let preset = &session.scenario().preset;
    let link::Link { fragment, short } = session.link();
    let name = match preset.as_str() {
        "" => "own case",
        preset => preset,
    };
    // What is looked at changes no question.
    let mut inputs = fragment.split('&').skip(1);
    let same = short && inputs.all(|part| part.starts_with("v=") || part.starts_with("view."));
    let is_changed = !preset.is_empty() && !same;
    let changed = if is_changed { ", changed" } else { "" };
    let text = format!(
        "Tandem {}, {name}{changed}, scenario SHA-256 {}",
        env!("CARGO_PKG_VERSION"),
        &digest(session)[..12]
    );
    let link = page.map_or_else(String::new, |page| {
        let slash = if page.ends_with('/') { "" } else { "/" };
        format!("{page}{slash}#{fragment}")
    });
    Source { text, link }
}

/// Of the scenario as JSON, as in certificates.
fn digest(session: &Session) -> String {
    super::certify::digest(session.document().to_json().as_bytes())
}

struct Export<'a> {
    arguments: &'a Arguments,
    style: Style,
    source: Source,
    report: Report,
}

impl Export<'_> {
    /// The tables, the summary first.
    fn tables(&self) -> Vec<Table> {
        let rows = self.report.summary.iter().map(|one| {
            let value = one.value.filter(|value| value.is_finite());
            let value = value.map_or(tandem::report::Cell::Empty, tandem::report::Cell::Number);
            let text = |text: &str| tandem::report::Cell::Text(text.to_string());
            vec![text(&one.name), value, text(&one.unit), text(&one.note)]
        });
        let names = ["Quantity", "Value", "Unit", "Meaning"];
        let columns = names.map(|name| column(name, ""));
        let summary = table("summary", "Summary", columns.to_vec(), rows.collect(), "");
        let mut all = vec![summary];
        all.extend(self.report.tables.iter().cloned());
        all
    }

    fn ids(&self) -> String {
        let charts = self.report.charts.iter().map(|chart| chart.id.clone());
        let tables = self.tables().into_iter().map(|table| table.id);
        charts.chain(tables).collect::<Vec<_>>().join(", ")
    }

    /// A chart or a table as a file of this kind.
    fn one(&self, what: &str, kind: &str) -> Result<Vec<u8>, Stop> {
        // As they are called in the archive, where a table has the name of a chart.
        let (is_chart, what) = match what.split_once('/') {
            Some(("figures", id)) => (true, id),
            Some(("tables", id)) => (false, id),
            _ => (self.report.chart(what).is_some(), what),
        };
        let numbers = matches!(kind, "csv" | "json") || (kind == "tex" && self.arguments.numbers);
        if is_chart && !numbers {
            return self.made(what, &self.figure(what)?, kind);
        }
        let table = match is_chart {
            true => chart::table(&self.report, what).map_err(|why| refused(what, &why))?,
            false => self
                .tables()
                .into_iter()
                .find(|table| table.id == what)
                .ok_or_else(|| {
                    let ids = self.ids();
                    let near = nearest(what, ids.split(", "))
                        .map_or_else(String::new, |id| format!("did you mean `{id}`? "));
                    refused(
                        what,
                        &format!("there is no such chart or table; {near}there are: {ids}"),
                    )
                })?,
        };
        let table = export::table(&self.report, &table, &self.source);
        match kind {
            "tex" => Ok(table.latex().into_bytes()),
            "csv" => Ok(table.csv().into_bytes()),
            "json" => Ok(table.json().into_bytes()),
            _ => Err(refused(
                "--out",
                "a table is written as .tex, .csv or .json",
            )),
        }
    }

    fn figure(&self, id: &str) -> Result<Figure, Stop> {
        let figure = export::figure(&self.report, id, &self.style, &self.source);
        figure.map_err(|why| refused(id, &why))
    }

    /// A figure as a file of this kind.
    fn made(&self, id: &str, figure: &Figure, kind: &str) -> Result<Vec<u8>, Stop> {
        let wrong = |why: String| refused(id, &why);
        let sheet = Sheet::of(figure).map_err(wrong)?;
        match kind {
            "svg" => Ok(sheet.svg().into_bytes()),
            "pdf" => sheet.pdf().map_err(wrong),
            "png" => sheet.png(self.arguments.dpi).map_err(wrong),
            "tex" => sheet.tikz().map(String::into_bytes).map_err(wrong),
            _ => Err(refused(
                "--out",
                "a figure is written as .svg, .pdf, .png or .tex, its numbers as .csv or .json",
            )),
        }
    }

    /// Everything there is to publish, as a ZIP archive.
    fn all(&self, session: &Session) -> Result<Vec<u8>, Stop> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let mut add = |name: String, bytes: Vec<u8>| files.push((name, bytes));
        let pretty = |value: &serde_json::Value| {
            serde_json::to_vec_pretty(value).map_err(std::io::Error::other)
        };
        let report = serde_json::to_value(&self.report).map_err(std::io::Error::other)?;
        add(
            "scenario.json".into(),
            session.document().to_json().into_bytes(),
        );
        add("report.json".into(), pretty(&report)?);
        let scenario = serde_json::to_value(schema::schema()).map_err(std::io::Error::other)?;
        add("scenario.schema.json".into(), pretty(&scenario)?);
        add("report.schema.json".into(), pretty(&schema::report())?);
        for chart in &self.report.charts {
            let (id, figure) = (&chart.id, self.figure(&chart.id)?);
            for kind in ["svg", "pdf", "tex"] {
                add(
                    format!("figures/{id}.{kind}"),
                    self.made(id, &figure, kind)?,
                );
            }
            add(format!("figures/{id}.csv"), self.one(id, "csv")?);
        }
        for table in self.tables() {
            let (id, table) = (&table.id, export::table(&self.report, &table, &self.source));
            add(format!("tables/{id}.csv"), table.csv().into_bytes());
            add(format!("tables/{id}.tex"), table.latex().into_bytes());
        }
        let paper = cite::paper(&session.scenario().preset);
        let program = cite::program(&self.report.title, &digest(session), &self.source.link);
        add(
            "citations.bib".into(),
            format!("{paper}\n{program}")
                .trim_start()
                .as_bytes()
                .to_vec(),
        );
        files.insert(0, ("README.txt".into(), self.readme().into_bytes()));
        tandem_formats::packed(&files).map_err(|why| refused("--out", &why))
    }

    /// What is in the archive.
    fn readme(&self) -> String {
        let report = &self.report;
        let link = match self.source.link.as_str() {
            "" => String::new(),
            link => format!("Open it: {link}\n"),
        };
        format!(
            "{}\n\n{}\n\n{}\n{link}\n\
             scenario.json         what was asked; scenario.schema.json says what its fields are\n\
             report.json           the whole answer; report.schema.json says what its fields are\n\
             figures/              every chart as SVG, PDF and TikZ with pgfplots, its numbers as CSV\n\
             tables/               every table as CSV and for LaTeX (booktabs)\n\
             citations.bib         the paper whose market it is, and the program\n",
            report.title, report.headline, self.source.text,
        )
    }
}
