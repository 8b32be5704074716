//! A lesson as a package for learning platforms (SCORM 1.2), of the same templates as the page makes it.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use tandem::case::Problem;
use tandem::inputs::Section;
use tandem::report::{Report, Status};
use tandem::scenario::{Document, link};
use tandem::session::Session;
use tandem_formats::packed;

use super::{Asked, spelled};
use crate::{Stop, solved};

const MANIFEST: &str = include_str!("../../../../www/scorm/imsmanifest.xml");
const PAGE: &str = include_str!("../../../../www/scorm/sco.html");
const SCRIPT: &str = include_str!("../../../../www/scorm/scorm.js");
const SHEET: &str = include_str!("../../../../www/scorm/scorm.css");
/// What of a built page lessons need.
const TAKES: &str = include_str!("../../../../www/scorm/files.json");

/// The folder of the program in a package.
const FOLDER: &str = "tandem/";
/// Inputs that a frame offers, and those beside a picture of the page, at most.
const MOST_INPUTS: usize = 6;
const MOST_LEVERS: usize = 3;
const LONGEST_TITLE: usize = 200;

type Files = Vec<(String, Vec<u8>)>;

#[derive(Args)]
#[command(group(ArgGroup::new("program").required(true).args(["site", "page"])))]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The folder of a built page: the program goes into the package, which then needs no other site
    #[arg(long, value_name = "DIST")]
    site: Option<PathBuf>,
    /// The address of a hosted Tandem, which learners have to reach
    #[arg(long, value_name = "URL")]
    page: Option<String>,
    /// Points to pass, of 100
    #[arg(long, value_name = "POINTS", default_value_t = 80, value_parser = clap::value_parser!(u8).range(0..=100))]
    mastery: u8,
    /// What stands beside the lesson: `answer`, `network`, `compare` and charts by their ids
    #[arg(long, value_name = "VIEW,VIEW", value_delimiter = ',')]
    views: Vec<String>,
    /// The language that learners read
    #[arg(long, value_parser = ["en", "de"], default_value = "en")]
    lang: String,
    /// The title in the course; without it that of the scenario
    #[arg(long)]
    title: Option<String>,
    /// The package, a zip file
    #[arg(long, value_name = "FILE.zip")]
    out: PathBuf,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let page = arguments.page.as_deref().map(hosted).transpose()?;
    let session = solved(&arguments.asked)?;
    let problems = session.lesson_problems()?;
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let report = session.report()?;
    if report.lesson.is_none() && report.task.is_none() {
        return Err(refused(
            &arguments.asked.scenario,
            "This scenario has neither a lesson nor a question to find a number, so that there is no score.",
        ));
    }
    let fragment = fragment(session.document())?;
    let views = views(&report, &arguments.views)?;
    let inputs = inputs(&report, &session.form());
    let query = query(&views, &inputs, &arguments.lang);
    let shown = page
        .clone()
        .unwrap_or_else(|| format!("{FOLDER}index.html"));
    let frame = format!("{shown}?{query}#{fragment}");
    let program = match &arguments.site {
        Some(site) => program(site, &session, &fragment)?,
        None => Files::new(),
    };
    let title = arguments.title.as_deref().unwrap_or(&report.title);
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let origin = page.as_deref().map_or("'self'", origin);
    let files = package(&title, arguments.mastery, &frame, origin, program);
    let bytes = packed(&files).map_err(|why| refused("--out", &why))?;
    std::fs::write(&arguments.out, &bytes)
        .map_err(|why| refused(&arguments.out.display().to_string(), &why.to_string()))?;
    writeln!(
        out,
        "{}: {} files, {} kB",
        arguments.out.display(),
        files.len(),
        bytes.len().div_ceil(1000)
    )?;
    Ok(report.status)
}

fn refused(field: &str, why: &str) -> Stop {
    Stop::Input(vec![Problem::error(field, why)])
}

/// The files of a package, the manifest first, with those of the program.
fn package(title: &str, mastery: u8, frame: &str, origin: &str, program: Files) -> Files {
    let (title, mastery) = (escaped(title), mastery.to_string());
    let page = filled(PAGE, |name| match name {
        "title" => title.clone(),
        "mastery" => mastery.clone(),
        "frame" => escaped(frame),
        "frames" => origin.to_string(),
        _ => String::new(),
    });
    let mut files = vec![
        ("index.html".to_string(), page.into_bytes()),
        ("scorm.js".to_string(), SCRIPT.into()),
        ("scorm.css".to_string(), SHEET.into()),
    ];
    files.extend(program);
    let listed: Vec<String> = files
        .iter()
        .map(|(path, _)| format!("      <file href=\"{}\"/>", escaped(path)))
        .collect();
    let manifest = filled(MANIFEST, |name| match name {
        // The same lesson, made again, takes the place of the first.
        "id" => format!("tandem-{:08x}", link::checksum(frame.as_bytes())),
        "title" => title.clone(),
        "mastery" => mastery.clone(),
        "files" => listed.join("\n"),
        _ => String::new(),
    });
    files.insert(0, ("imsmanifest.xml".to_string(), manifest.into_bytes()));
    files
}

/// A template with its places filled; what is put in is not read again.
pub(super) fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        text += &value(name);
        text += rest;
    }
    text
}

/// Text in XML, without the signs that XML has no place for.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for sign in text.chars() {
        match sign {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\u{fffe}' | '\u{ffff}' => {}
            sign if sign.is_control() => safe.push(' '),
            sign => safe.push(sign),
        }
    }
    safe
}

/// How the frame shows the scenario.
fn query(views: &[String], inputs: &[String], lang: &str) -> String {
    let offered = match inputs {
        [] => String::new(),
        inputs => format!("&inputs={}", spelled(&inputs.join(","))),
    };
    let views = spelled(&views.join(","));
    format!("embed=1&view={views}{offered}&lang={lang}")
}

/// The address of a hosted page, as a folder where it names no file.
fn hosted(page: &str) -> Result<String, Stop> {
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| page.strip_prefix(scheme));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/%[]@".contains(&byte);
    let Some(host) = host.filter(|host| !host.is_empty() && host.bytes().all(plain)) else {
        let why = "This is no address of a page: it begins with https:// and has neither a query nor a fragment.";
        return Err(refused("--page", why));
    };
    let last = host.rsplit_once('/').map(|(_, last)| last);
    let is_file = last.is_some_and(|last| last.is_empty() || last.contains('.'));
    Ok(format!("{page}{}", if is_file { "" } else { "/" }))
}

/// Scheme, host and port of an address.
fn origin(page: &str) -> &str {
    let host = page.find("://").map_or(0, |at| at + 3);
    let end = page[host..].find('/').map_or(page.len(), |at| host + at);
    &page[..end]
}

/// The link to the scenario, before its lesson has begun.
fn fragment(document: &Document) -> Result<String, Stop> {
    let mut document = document.clone();
    document.view.lesson = None;
    let fragment = link::encode(&document).fragment;
    if fragment.len() > link::MAX_LINK {
        return Err(refused(
            "scenario",
            "This scenario is too large for a package.",
        ));
    }
    Ok(fragment)
}

/// What the frame shows: lesson and question, then what stands beside.
fn views(report: &Report, wanted: &[String]) -> Result<Vec<String>, Stop> {
    let charts = || report.charts.iter().map(|chart| chart.id.as_str());
    let known: Vec<&str> = ["answer", "network", "compare"]
        .into_iter()
        .chain(charts())
        .collect();
    if let Some(unknown) = wanted.iter().find(|view| !known.contains(&view.as_str())) {
        let why = format!(
            "There is no view {unknown:?}; there are {}.",
            known.join(", ")
        );
        return Err(refused("--views", &why));
    }
    let mut views: Vec<String> = Vec::new();
    views.extend(report.lesson.is_some().then(|| "lesson".to_string()));
    views.extend(report.task.is_some().then(|| "task".to_string()));
    if !wanted.is_empty() {
        views.extend(wanted.iter().cloned());
        return Ok(views);
    }
    let lead = Some(report.look.chart.as_str())
        .filter(|chart| !chart.is_empty())
        .or(charts().next());
    let watched = |id: &str| {
        let steps = report.lesson.iter().flat_map(|lesson| &lesson.steps);
        steps.into_iter().any(|step| step.watch == id)
    };
    views.push("answer".into());
    views.extend(
        charts()
            .filter(|id| Some(*id) == lead || watched(id))
            .map(String::from),
    );
    views.extend((!report.look.without_network).then(|| "network".to_string()));
    Ok(views)
}

/// What the lesson has its reader change, and what the scenario is about.
fn inputs(report: &Report, form: &[Section]) -> Vec<String> {
    let cells = |section: &'_ Section| {
        let rows = section.table.iter().flat_map(|table| &table.rows);
        let cells = rows.flat_map(|row| row.cells.iter().flatten());
        let all = section.fields.iter().chain(cells);
        all.map(|field| (field.path.clone(), field.lever))
            .collect::<Vec<_>>()
    };
    let fields: Vec<(String, bool)> = form.iter().flat_map(cells).collect();
    let known = |path: &&String| fields.iter().any(|(own, _)| own == *path);
    let steps = report.lesson.iter().flat_map(|lesson| &lesson.steps);
    let changed = steps.flat_map(|step| step.change.iter().map(|(path, _)| path));
    let mut named: Vec<&String> = report.look.inputs.iter().filter(known).collect();
    if named.is_empty() {
        let levers = fields.iter().filter(|(_, lever)| *lever);
        named.extend(levers.map(|(path, _)| path));
    }
    let mut offered: Vec<String> = Vec::new();
    for path in changed.filter(known).chain(unique(named, MOST_LEVERS)) {
        if !offered.contains(path) && offered.len() < MOST_INPUTS {
            offered.push(path.clone());
        }
    }
    offered
}

/// The first of a list, each once.
fn unique(list: Vec<&String>, most: usize) -> Vec<&String> {
    let mut once: Vec<&String> = Vec::new();
    for one in list {
        if !once.contains(&one) && once.len() < most {
            once.push(one);
        }
    }
    once
}

/// The program, as far as lessons need it, with the modules and the answer of this one.
fn program(site: &Path, session: &Session, fragment: &str) -> Result<Files, Stop> {
    let takes: Vec<String> = serde_json::from_str(TAKES).map_err(std::io::Error::other)?;
    let mut paths = Vec::new();
    for take in &takes {
        if take.ends_with('/') {
            walk(site, take, &mut paths)?;
        } else {
            paths.push(take.clone());
        }
    }
    let scenario = session.scenario();
    let preset = &scenario.preset;
    // Pictures that stand in the front page itself.
    let front = std::fs::read_to_string(site.join("index.html"))
        .map_err(|_| unbuilt(site, "index.html"))?;
    let mut pictures = Vec::new();
    walk(site, "pictures/", &mut pictures)?;
    pictures.retain(|path| front.contains(&format!("\"{path}\"")));
    paths.extend(pictures);
    // The page asks for the module of the mechanism; that of balancing markets solves presets of the AC power flow.
    let module = match scenario.mechanism.kind() {
        "power_flow" if fragment.starts_with("p=") => "residual_supply",
        kind => kind,
    };
    let mut own = vec![format!("pkg/{module}_bg.wasm")];
    if *fragment == format!("p={preset}") {
        own.push(format!("ahead/{preset}.json"));
    }
    paths.extend(own.into_iter().filter(|path| site.join(path).is_file()));
    let mut files = Files::new();
    for path in paths {
        let bytes = std::fs::read(site.join(&path)).map_err(|_| unbuilt(site, &path))?;
        files.push((format!("{FOLDER}{path}"), bytes));
    }
    Ok(files)
}

fn unbuilt(site: &Path, path: &str) -> Stop {
    let why = format!(
        "There is no {path} in {}: it is no built page. `npm run build` makes one, `dist`.",
        site.display()
    );
    refused("--site", &why)
}

/// The files of a folder and those below it, but for what lies compressed beside them.
fn walk(site: &Path, folder: &str, paths: &mut Vec<String>) -> Result<(), Stop> {
    let entries = std::fs::read_dir(site.join(folder)).map_err(|_| unbuilt(site, folder))?;
    let mut names: Vec<(String, bool)> = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        names.push((name, entry.file_type()?.is_dir()));
    }
    names.sort();
    for (name, is_folder) in names {
        if is_folder {
            walk(site, &format!("{folder}{name}/"), paths)?;
        } else if ![".br", ".gz"].iter().any(|end| name.ends_with(end)) {
            paths.push(format!("{folder}{name}"));
        }
    }
    Ok(())
}
