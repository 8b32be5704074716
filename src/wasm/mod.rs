//! The browser door: the library's functions under JavaScript's names. No arithmetic here.
//!
//! Scenarios cross as JSON text, so that the page's copy is the same bytes the library reads;
//! everything else crosses as plain objects. A `Problem` ({message, field, problems}) is thrown
//! where the library returns problems. The last solved report stays here for its charts, and the
//! scenario last read or written with its text: that of a country is megabytes.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::case::Problem;
use crate::chart::{self, View};
use crate::report::Report;
use crate::run;
use crate::scenario::{Scenario, form, gallery, link, path};
use crate::sweep;

thread_local! {
    static READ: RefCell<(String, Option<Rc<Scenario>>)> = RefCell::default();
    static SOLVED: RefCell<Report> = RefCell::new(Report::default());
    static SWEPT: RefCell<Report> = RefCell::new(Report::default());
    static COMPARED: RefCell<Report> = RefCell::new(Report::default());
}

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into())
    }));
}

fn object<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|e| JsValue::from_str(&e.to_string()))
}

/// What is thrown.
#[derive(Serialize)]
struct Thrown<'a> {
    message: String,
    field: Option<&'a str>,
    problems: &'a [Problem],
}

fn thrown(problems: Vec<Problem>) -> JsValue {
    let errors: Vec<Problem> = problems.into_iter().filter(Problem::is_error).collect();
    let message = errors.first().map_or_else(
        || "the input could not be read".to_string(),
        |p| p.message.clone(),
    );
    let thrown = Thrown {
        message,
        field: errors.first().map(|p| p.field.as_str()),
        problems: &errors,
    };
    object(&thrown).unwrap_or_else(|e| e)
}

fn sentence(message: String) -> JsValue {
    thrown(vec![Problem::error("scenario", message)])
}

/// The scenario of a text; the same text as last time is not read again.
fn read(text: &str) -> Result<Rc<Scenario>, JsValue> {
    let known = READ.with_borrow(|(last, scenario)| scenario.clone().filter(|_| last == text));
    if let Some(scenario) = known {
        return Ok(scenario);
    }
    let scenario = Rc::new(Scenario::from_json(text).map_err(thrown)?);
    READ.set((text.to_string(), Some(scenario.clone())));
    Ok(scenario)
}

/// The text of a scenario, which [`read`] then knows.
fn written(scenario: Rc<Scenario>) -> String {
    let text = scenario.to_json();
    READ.set((text.clone(), Some(scenario)));
    text
}

/// The menu: `[{id, group, title, question, text, thumbnail}]`.
#[wasm_bindgen]
pub fn gallery() -> Result<JsValue, JsValue> {
    object(&gallery::entries().map_err(thrown)?)
}

/// The scenario of a preset as JSON text.
#[wasm_bindgen]
pub fn preset(id: &str) -> Result<String, JsValue> {
    Ok(written(gallery::scenario(id).map_err(thrown)?))
}

/// The scenario of a link's fragment, or of the text of a file, as JSON text.
#[wasm_bindgen]
pub fn open(text: &str) -> Result<String, JsValue> {
    Ok(written(Rc::new(Scenario::open(text).map_err(thrown)?)))
}

/// The scenario of a file as JSON text.
#[wasm_bindgen]
pub fn open_file(bytes: &[u8]) -> Result<String, JsValue> {
    let scenario = Scenario::open_file(bytes).map_err(thrown)?;
    Ok(written(Rc::new(scenario)))
}

/// The text of a file, whatever its encoding.
#[wasm_bindgen]
pub fn file_text(bytes: &[u8]) -> Result<String, JsValue> {
    let (text, _) = crate::scenario::file_text(bytes).map_err(|p| thrown(vec![p]))?;
    Ok(text)
}

/// A file of a folder.
#[derive(Deserialize)]
struct NamedText {
    name: String,
    text: String,
}

/// The scenario of a folder of CSV files as JSON text; `files` is JSON, `[{name, text}]`.
#[wasm_bindgen]
pub fn open_folder(files: &str) -> Result<String, JsValue> {
    let files: Vec<NamedText> = serde_json::from_str(files).map_err(|e| sentence(e.to_string()))?;
    let files: Vec<(String, String)> = files.into_iter().map(|f| (f.name, f.text)).collect();
    let scenario = Scenario::open_folder(&files).map_err(thrown)?;
    Ok(written(Rc::new(scenario)))
}

/// The scenario with one field changed and checked, as JSON text; `value` is JSON, or a string.
#[wasm_bindgen]
pub fn set(scenario: &str, field: &str, value: &str) -> Result<String, JsValue> {
    let mut changed = read(scenario)?.to_value();
    path::set(&mut changed, field, value).map_err(|p| thrown(vec![p]))?;
    let scenario = Scenario::from_value(changed).map_err(thrown)?;
    Ok(written(Rc::new(scenario)))
}

/// The scenario with the series of a CSV file for one community, and what became of the file:
/// `{scenario, import}`.
#[wasm_bindgen]
pub fn import_series(
    scenario: &str,
    text: &str,
    community: &str,
    offset: &str,
) -> Result<JsValue, JsValue> {
    let (changed, import) =
        crate::scenario::import_series(&*read(scenario)?, text, community, offset)
            .map_err(thrown)?;
    let scenario = written(Rc::new(changed));
    object(&serde_json::json!({ "scenario": scenario, "import": import }))
}

/// The sections of the scenario's form.
#[wasm_bindgen]
pub fn form(scenario: &str) -> Result<JsValue, JsValue> {
    object(&form::form(&*read(scenario)?))
}

/// `{fragment, short}`: the shortest link to the scenario.
#[wasm_bindgen]
pub fn link(scenario: &str) -> Result<JsValue, JsValue> {
    let link = link::encode(&*read(scenario)?);
    object(&serde_json::json!({ "fragment": link.fragment, "short": link.short }))
}

/// Pieces of the scenario's work that several workers can share: `{name, count}`, or null.
#[wasm_bindgen]
pub fn parts(scenario: &str) -> Result<JsValue, JsValue> {
    object(&run::parts(&*read(scenario)?))
}

/// Piece `k` of [`parts`], as text.
#[wasm_bindgen]
pub fn part(scenario: &str, k: usize) -> Result<String, JsValue> {
    run::part(&*read(scenario)?, k).map_err(thrown)
}

/// [`solve`] with the pieces made elsewhere.
#[wasm_bindgen]
pub fn solve_with_parts(scenario: &str, parts: Vec<String>) -> Result<JsValue, JsValue> {
    keep(run::run_with_parts(&*read(scenario)?, &parts).map_err(thrown)?)
}

/// Solves the scenario and keeps the report for its charts. Series values are `Float64Array`s.
#[wasm_bindgen]
pub fn solve(scenario: &str) -> Result<JsValue, JsValue> {
    keep(run::run(&*read(scenario)?).map_err(thrown)?)
}

/// Keeps a report for its charts and passes it on.
fn keep(mut report: Report) -> Result<JsValue, JsValue> {
    let values: Vec<Vec<f64>> = report
        .series
        .iter_mut()
        .map(|s| std::mem::take(&mut s.values))
        .collect();
    let result = object(&report)?;
    let series = js_sys::Array::from(&js_sys::Reflect::get(&result, &"series".into())?);
    for (k, values) in values.iter().enumerate() {
        let array = js_sys::Float64Array::from(values.as_slice());
        js_sys::Reflect::set(&series.get(k as u32), &"values".into(), &array)?;
    }
    for (series, values) in report.series.iter_mut().zip(values) {
        series.values = values;
    }
    SOLVED.with_borrow_mut(|solved| *solved = report);
    Ok(result)
}

/// Draws a chart of the solved report: `{svg, frame, legend, points, key}`.
#[wasm_bindgen]
pub fn chart(id: &str, view: JsValue) -> Result<JsValue, JsValue> {
    draw(&SOLVED, id, view)
}

/// A report kept between calls.
type Kept = &'static std::thread::LocalKey<RefCell<Report>>;

fn table(report: Kept, id: &str) -> Result<JsValue, JsValue> {
    report.with_borrow(|report| object(&chart::table(report, id).map_err(sentence)?))
}

fn csv(report: Kept, id: &str) -> Result<String, JsValue> {
    report.with_borrow(|report| chart::csv(report, id).map_err(sentence))
}

fn draw(report: Kept, id: &str, view: JsValue) -> Result<JsValue, JsValue> {
    let view: View = serde_wasm_bindgen::from_value(view).map_err(|e| sentence(e.to_string()))?;
    report.with_borrow(|report| object(&chart::draw(report, id, &view).map_err(sentence)?))
}

/// The table of a chart of the solved report.
#[wasm_bindgen]
pub fn chart_table(id: &str) -> Result<JsValue, JsValue> {
    table(&SOLVED, id)
}

/// The chart of the solved report as CSV text.
#[wasm_bindgen]
pub fn chart_csv(id: &str) -> Result<String, JsValue> {
    csv(&SOLVED, id)
}

/// One point of a sweep: the summary with the field at `value`.
#[wasm_bindgen]
pub fn sweep_point(scenario: &str, field: &str, value: f64) -> Result<JsValue, JsValue> {
    object(&sweep::point(&*read(scenario)?, field, value).map_err(thrown)?)
}

/// Gathers the points of a sweep, `[{value, summary}]` (summary null where there is no answer),
/// into a report with the chart `sweep`, kept for [`sweep_chart`].
#[wasm_bindgen]
pub fn sweep_report(scenario: &str, field: &str, points: JsValue) -> Result<JsValue, JsValue> {
    let points: Vec<sweep::Point> =
        serde_wasm_bindgen::from_value(points).map_err(|e| sentence(e.to_string()))?;
    let report = sweep::report(&*read(scenario)?, field, &points);
    let result = object(&report)?;
    SWEPT.with_borrow_mut(|swept| *swept = report);
    Ok(result)
}

/// Draws the chart of the last sweep.
#[wasm_bindgen]
pub fn sweep_chart(id: &str, view: JsValue) -> Result<JsValue, JsValue> {
    draw(&SWEPT, id, view)
}

/// The table of a chart of the last sweep.
#[wasm_bindgen]
pub fn sweep_table(id: &str) -> Result<JsValue, JsValue> {
    table(&SWEPT, id)
}

/// A chart of the last sweep as CSV text.
#[wasm_bindgen]
pub fn sweep_csv(id: &str) -> Result<String, JsValue> {
    csv(&SWEPT, id)
}

/// Every method on the scenario's case side by side, as a report kept for [`compare_chart`].
#[wasm_bindgen]
pub fn compare(scenario: &str) -> Result<JsValue, JsValue> {
    let report = run::compare(&*read(scenario)?).map_err(thrown)?;
    let result = object(&report)?;
    COMPARED.with_borrow_mut(|compared| *compared = report);
    Ok(result)
}

/// Draws a chart of the last comparison.
#[wasm_bindgen]
pub fn compare_chart(id: &str, view: JsValue) -> Result<JsValue, JsValue> {
    draw(&COMPARED, id, view)
}

/// The table of a chart of the last comparison.
#[wasm_bindgen]
pub fn compare_table(id: &str) -> Result<JsValue, JsValue> {
    table(&COMPARED, id)
}

/// A chart of the last comparison as CSV text.
#[wasm_bindgen]
pub fn compare_csv(id: &str) -> Result<String, JsValue> {
    csv(&COMPARED, id)
}

/// What holds at a point of the plane a chart's `probe` key stands for: `{inside, sentence, table}`.
#[wasm_bindgen]
pub fn probe(scenario: &str, key: &str, x: f64, y: f64) -> Result<JsValue, JsValue> {
    object(&run::probe(&*read(scenario)?, key, x, y).map_err(thrown)?)
}

/// The linear program of one interval (from 1) as an LP file with named rows.
#[wasm_bindgen]
pub fn lp_file(scenario: &str, interval: usize) -> Result<String, JsValue> {
    run::lp_file(&*read(scenario)?, interval).map_err(thrown)
}
