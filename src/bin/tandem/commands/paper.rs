//! What the papers claim, in our words, with the numbers of this program that each verdict rests on.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use serde::{Deserialize, Serialize};
use tandem::case::Problem;
use tandem::report::{Report, Status, agrees};
use tandem::scenario::gallery;
use tandem::session::Session;

use super::print_json;
use crate::Stop;
use crate::spaces::Plain;

/// Name and file of each paper.
const PAPERS: [(&str, &str); 5] = [
    ("zuo", include_str!("../../../../www/papers/zuo.json")),
    ("wang", include_str!("../../../../www/papers/wang.json")),
    (
        "mezghani",
        include_str!("../../../../www/papers/mezghani.json"),
    ),
    (
        "khojasteh",
        include_str!("../../../../www/papers/khojasteh.json"),
    ),
    (
        "theisen",
        include_str!("../../../../www/papers/theisen.json"),
    ),
];

#[derive(Args)]
pub(crate) struct Arguments {
    /// One of zuo, wang, mezghani, khojasteh, theisen; without it all of them
    name: Option<String>,
    /// Print claims, numbers and verdicts as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize, Serialize)]
struct Paper {
    id: String,
    short: String,
    title: String,
    authors: Vec<String>,
    year: u16,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    venue: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    doi: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    url: String,
    /// What of the paper is known here.
    basis: String,
    places: Vec<Place>,
    claims: Vec<Claim>,
}

/// A figure or table, and what of it is live.
#[derive(Deserialize, Serialize)]
struct Place {
    id: String,
    name: String,
    title: String,
    class: Class,
    show: Vec<Shown>,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize, Serialize)]
struct Shown {
    preset: String,
    charts: Vec<String>,
}

#[derive(Deserialize, Serialize)]
struct Claim {
    id: String,
    at: String,
    says: String,
    class: Class,
    verdict: Verdict,
    why: String,
    presets: Vec<String>,
    rests: Vec<Check>,
    /// What the numbers say now.
    #[serde(skip_deserializing)]
    stands: bool,
}

/// Where the inputs of a number come from.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Class {
    /// Printed by the paper, or read off its figures.
    Exact,
    /// Chosen so that printed numbers come out.
    Calibrated,
    /// Inferred or made up, not fitted to the number.
    Reconstructed,
}

#[derive(Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Held,
    Refuted,
    NotComparable,
}

/// A number of a preset, and what the claim says of it.
#[derive(Deserialize, Serialize)]
struct Check {
    preset: String,
    /// Summary quantity, or a series where there is a step.
    of: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    is: String,
    to: Bound,
    unit: String,
    /// How far off an equal number may be, where it was read off a figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<f64>,
    #[serde(skip_deserializing)]
    ours: f64,
    #[serde(skip_deserializing)]
    bound: f64,
    #[serde(skip_deserializing)]
    holds: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Bound {
    /// As printed, so that the decimals are known.
    Printed(String),
    Ours {
        preset: String,
        of: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<f64>,
    },
}

pub(crate) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let wanted = arguments.name.as_deref();
    let texts = PAPERS
        .iter()
        .filter(|(id, _)| wanted.is_none_or(|w| w == *id));
    let mut papers = Vec::new();
    for (id, text) in texts {
        let paper: Paper = serde_json::from_str(text).map_err(|why| refused(id, why))?;
        papers.push(paper);
    }
    if papers.is_empty() {
        let known: Vec<&str> = PAPERS.iter().map(|(id, _)| *id).collect();
        return Err(refused(
            "NAME",
            format!("There is no such paper; there are {}.", known.join(", ")),
        ));
    }
    let mut reports = BTreeMap::new();
    for claim in papers.iter_mut().flat_map(|paper| &mut paper.claims) {
        judge(claim, &mut reports)?;
    }
    if arguments.json {
        print_json(&papers, out)?;
    } else {
        let out = &mut Plain(out);
        for paper in &papers {
            print(paper, out)?;
        }
    }
    let claims = papers.iter().flat_map(|paper| &paper.claims);
    let fallen = claims.filter(|claim| !claim.stands).map(|claim| {
        Problem::error(
            &claim.id,
            "The numbers no longer say what the verdict says.",
        )
    });
    match fallen.collect::<Vec<_>>() {
        none if none.is_empty() => Ok(Status::Solved),
        problems => Err(Stop::Input(problems)),
    }
}

fn refused(field: &str, why: impl ToString) -> Stop {
    Stop::Input(vec![Problem::error(field, why.to_string())])
}

/// Fills in the numbers of a claim, and whether its verdict follows from them.
fn judge(claim: &mut Claim, reports: &mut BTreeMap<String, Report>) -> Result<(), Stop> {
    for check in &mut claim.rests {
        check.ours = number(reports, &check.preset, &check.of, check.step, &check.unit)?;
        let digits = match &check.to {
            Bound::Printed(text) => {
                check.bound = text.parse().map_err(|why| refused(text, why))?;
                let decimals = text.split_once('.').map_or(0, |(_, after)| after.len());
                u8::try_from(decimals).unwrap_or(u8::MAX)
            }
            Bound::Ours { preset, of, times } => {
                check.bound =
                    number(reports, preset, of, None, &check.unit)? * times.unwrap_or(1.0);
                u8::MAX
            }
        };
        let (ours, bound) = (check.ours, check.bound);
        check.holds = match check.is.as_str() {
            "=" => match check.within {
                Some(most) => (ours - bound).abs() <= most,
                None => agrees(ours, bound, digits),
            },
            "<" => ours < bound,
            "<=" => ours <= bound,
            ">" => ours > bound,
            ">=" => ours >= bound,
            sign => {
                return Err(refused(
                    &claim.id,
                    format!("There is no comparison {sign:?}."),
                ));
            }
        };
    }
    let all = claim.rests.iter().all(|check| check.holds);
    claim.stands = match claim.verdict {
        Verdict::Held => all && !claim.rests.is_empty(),
        Verdict::Refuted => !all,
        Verdict::NotComparable => true,
    };
    Ok(())
}

/// A number of the report of a preset, which is solved once; it must be in this unit.
fn number(
    reports: &mut BTreeMap<String, Report>,
    preset: &str,
    of: &str,
    step: Option<usize>,
    unit: &str,
) -> Result<f64, Stop> {
    if !reports.contains_key(preset) {
        let mut session = Session::new(gallery::document(preset)?);
        session.solve()?;
        reports.insert(preset.to_string(), session.report()?);
    }
    let report = &reports[preset];
    let found = match step {
        Some(step) => report.series(of).and_then(|series| {
            let value = series.values.get(step.checked_sub(1)?)?;
            Some((*value, series.unit.as_str()))
        }),
        None => report
            .quantity(of)
            .and_then(|quantity| Some((quantity.value?, quantity.unit.as_str()))),
    };
    match found {
        Some((value, known)) if known == unit => Ok(value),
        Some((_, known)) => Err(refused(
            preset,
            format!("The unit of {of:?} is {known:?} and not {unit:?}."),
        )),
        None => Err(refused(preset, format!("There is no number {of:?}."))),
    }
}

fn print(paper: &Paper, out: &mut impl Write) -> std::io::Result<()> {
    let (short, id, title) = (&paper.short, &paper.id, &paper.title);
    let where_from = match paper.doi.as_str() {
        "" => paper.url.clone(),
        doi => format!("https://doi.org/{doi}"),
    };
    writeln!(out, "{short} ({id})\n{title}\n{}", paper.authors.join(", "))?;
    let source = [paper.venue.clone(), paper.year.to_string(), where_from];
    let source: Vec<String> = source.into_iter().filter(|part| !part.is_empty()).collect();
    writeln!(out, "{}\n{}", source.join(", "), paper.basis)?;
    for claim in &paper.claims {
        let place = paper.places.iter().find(|place| place.id == claim.at);
        let verdict = match claim.verdict {
            Verdict::Held => "held",
            Verdict::Refuted => "refuted",
            Verdict::NotComparable => "not comparable",
        };
        let class = match claim.class {
            Class::Exact => "exact",
            Class::Calibrated => "calibrated",
            Class::Reconstructed => "reconstructed",
        };
        let name = place.map_or("", |place| place.name.as_str());
        writeln!(out, "\n  {verdict} ({class}), {name}: {}", claim.says)?;
        writeln!(out, "    {}", claim.why)?;
        for check in &claim.rests {
            let mark = if check.holds { "yes" } else { "no" };
            let step = check
                .step
                .map_or(String::new(), |step| format!(" at {step}"));
            let bound = match &check.to {
                Bound::Printed(text) => text.clone(),
                Bound::Ours { of, times, .. } => {
                    let times = times.map_or(String::new(), |t| format!("{t} × "));
                    format!("{times}{of}, {:.4}", check.bound)
                }
            };
            let unit = if check.unit == "1" {
                ""
            } else {
                check.unit.as_str()
            };
            let (preset, of, ours, is) = (&check.preset, &check.of, check.ours, &check.is);
            writeln!(
                out,
                "    {mark:>3}  {preset} {of}{step}: {ours:.4} {is} {bound} {unit}"
            )?;
        }
    }
    writeln!(out)
}
