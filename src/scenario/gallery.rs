//! The presets: one file each, and the page's menu in this order.
//!
//! A preset is a case, the parameters of a mechanism, the question it answers and the numbers the
//! source prints. `extends` starts from another preset and `set` changes fields of it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Scenario;
use super::beside::{Printed, PrintedWith, beside, draw, said};
use super::change::set_value;
use super::document::Document;
use super::lesson::{self, Lesson, Saying, lesson_of};
use crate::case::text::distance;
use crate::case::{Code, Problem, builtin, json};
use crate::report::{Look, Message, Next, Probe, Report, Sign, Task};

mod menu;

pub use menu::{Entry, Level, entries};

macro_rules! presets {
    ($($mechanism:literal: $($id:literal),* $(,)?;)*) => {
        /// Id and JSON text of every preset of the mechanisms of this build, in the order of the menu.
        const PRESETS: &[(&str, &str)] = &[$($(
            #[cfg(feature = $mechanism)]
            ($id, include_str!(concat!("gallery/", $id, ".json"))),
        )*)*];
    };
}

presets![
    "rt_sced":
    "zuo-4node",
    "zuo-4node-se",
    "zuo-4node-unscheduled",
    "zuo-4node-average",
    "zuo-4node-smoothing",
    "zuo-4node-weighted",
    "zuo-4node-merit-order",
    "zuo-4node-look-ahead",
    "zuo-4node-block",
    "zuo-4node-union-jack-m3",
    "zuo-4node-union-jack-m4",
    "zuo-4node-union-jack-m5",
    "zuo-4node-union-jack-calibrated-m3",
    "zuo-4node-union-jack-calibrated-m4",
    "zuo-4node-union-jack-calibrated-m5",
    "zuo-4node-exact",
    "zuo-4node-optimal",
    "zuo-30bus",
    "zuo-30bus-se",
    "zuo-30bus-average",
    "zuo-30bus-unscheduled",
    "zuo-30bus-proposed",
    "zuo-30bus-exact",
    "zuo-30bus-optimal",
    "triangle",
    "triangle-losses";
    "residual_supply":
    "all-schemes",
    "mezghani-s1",
    "mezghani-s2",
    "mezghani-s3a",
    "mezghani-s3b",
    "mezghani-s4",
    "mezghani-s5",
    "mezghani-s4-closed",
    "mezghani-s5-balancing-price",
    "mezghani-3node",
    "mezghani-block",
    "lind-5bus",
    "chao-peck",
    "chao-peck-export",
    "baran-wu-33",
    "rsf-periods",
    "smartnet-mediumit",
    "smartnet-mediumit-nested",
    "smartnet-italy1",
    "smartnet-italy2",
    "smartnet-denmark";
    "bargaining":
    "wang-day",
    "wang-table2",
    "wang-uncongested",
    "wang-congested",
    "wang-telescoping",
    "wang-storage",
    "wang-exchange",
    "wang-risk",
    "wang-lmp-column";
    "bsp_bidding":
    "khojasteh-k33",
    "khojasteh-k33-truthful",
    "khojasteh-k33-tso-only",
    "khojasteh-k33-stage2",
    "khojasteh-k33-two-bsps",
    "khojasteh-k33-both-levels",
    "khojasteh-k33-storage",
    "khojasteh-k33-cone";
    "community":
    "theisen-week",
    "theisen-interval",
    "theisen-base",
    "theisen-tariff",
    "theisen-prices-to-devices",
    "theisen-feeder-limit",
    "theisen-thread",
    "theisen-voltages",
    "theisen-noise",
    "theisen-two-feeders",
    "theisen-thermal",
    "theisen-reserve";
    "power_flow":
    "baran-wu-33-flow",
    "baran-wu-69-flow";
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preset {
    #[serde(default)]
    extends: Option<String>,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    minutes: Option<u32>,
    #[serde(default)]
    paper: Option<String>,
    title: String,
    question: String,
    text: String,
    #[serde(default)]
    thumbnail: Option<String>,
    /// The answer to the question; `text` with the numbers of the report, the first whose condition holds.
    #[serde(default)]
    answer: Option<Vec<Saying>>,
    /// What to look at first.
    #[serde(default)]
    look: Option<Look>,
    /// What the user must know about the origin of the data, shown with every result.
    #[serde(default)]
    provenance: Option<Vec<String>>,
    /// Id of a built-in case.
    #[serde(default)]
    case: Option<String>,
    #[serde(default)]
    mechanism: Option<Value>,
    /// What is looked at.
    #[serde(default)]
    view: Option<Value>,
    #[serde(default)]
    set: Map<String, Value>,
    #[serde(default)]
    published: Vec<Printed>,
    /// Numbers that nobody printed: by hand, or by another program.
    #[serde(default)]
    also_computed: Vec<Printed>,
    /// Printed losses by what a slider of a chart moves; those of the preset that is extended, where there are none.
    #[serde(default)]
    printed_with: Option<Vec<PrintedWith>>,
    #[serde(default)]
    task: Option<Question>,
}

/// A question whose answer is a number of the report.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    question: String,
    /// Fields of the preset to change before the number appears.
    #[serde(default)]
    set: Map<String, Value>,
    /// Id of a summary quantity, or of a series (its first step).
    of: String,
    /// The answer is that number with its sign turned: asked is a loss, the report has a gain.
    #[serde(default)]
    negate: bool,
    #[serde(default)]
    sign: Sign,
    unit: String,
    tolerance: f64,
    hint: String,
    found: String,
}

/// Ids of all presets, in the order of the menu.
pub fn ids() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(id, _)| *id)
}

fn preset_of(id: &str) -> Result<Preset, Vec<Problem>> {
    let Some((_, text)) = PRESETS.iter().find(|(known, _)| *known == id) else {
        let near = nearest(id);
        let message = format!("no preset is called `{id}`; {}", suggestion(&near));
        return Err(vec![Problem {
            meant: near.into_iter().map(String::from).collect(),
            ..Problem::coded(Code::UnknownPreset, "preset", message)
        }]);
    };
    json::parse(text)
        .and_then(|value| json::typed(value, &format!("preset {id}")))
        .map_err(|problem| vec![problem])
}

/// The presets whose ids are nearest to one that does not exist.
fn nearest(id: &str) -> Vec<&'static str> {
    /// Names offered at most.
    const MOST: usize = 3;
    // Ids are short; of a long text its head tells enough.
    let typed: String = id.trim().to_lowercase().chars().take(100).collect();
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let mut near: Vec<(usize, &'static str)> = ids()
        .map(|known| (distance(&letters(&typed), &letters(known)), known))
        .filter(|(far, known)| {
            let part = typed.len() >= 3 && (known.contains(&typed) || typed.contains(known));
            part || 3 * far <= known.len().max(typed.len())
        })
        .collect();
    crate::sort::by_key(&mut near, |(far, _)| *far);
    near.truncate(MOST);
    near.into_iter().map(|(_, name)| name).collect()
}

/// Presets that may be meant, in words.
fn suggestion(near: &[&str]) -> String {
    let names: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "`tandem list` and the front page of the site show all of them".into(),
        [one] => format!("did you mean {one}?"),
        [rest @ .., last] => format!("did you mean {} or {last}?", rest.join(", ")),
    }
}

/// The chain of presets a preset extends, itself first.
fn ancestry(id: &str) -> Result<Vec<Preset>, Vec<Problem>> {
    let mut chain = vec![preset_of(id)?];
    while let Some(parent) = chain.last().and_then(|p| p.extends.clone()) {
        if chain.len() > PRESETS.len() {
            return Err(vec![Problem::error(
                format!("preset {id}"),
                "extends itself",
            )]);
        }
        chain.push(preset_of(&parent)?);
    }
    Ok(chain)
}

fn first<'a, T>(chain: &'a [Preset], field: impl Fn(&'a Preset) -> Option<T>) -> Option<T> {
    chain.iter().find_map(field)
}

/// The scenario of a preset.
///
/// # Errors
/// An unknown id, with the nearest known ones.
pub fn scenario(id: &str) -> Result<Scenario, Vec<Problem>> {
    Ok(document(id)?.into_scenario())
}

/// A preset with what it shows: follows `extends`, fills in the built-in case, applies `set`.
///
/// # Errors
/// An unknown id, with the nearest known ones.
pub fn document(id: &str) -> Result<Document, Vec<Problem>> {
    read(id, &ancestry(id)?)
}

/// The document of a preset, given itself and what it extends.
fn read(id: &str, chain: &[Preset]) -> Result<Document, Vec<Problem>> {
    let missing = |what: &str| {
        vec![Problem::error(
            format!("preset {id}"),
            format!("has no {what}"),
        )]
    };
    let case_id = first(chain, |p| p.case.as_deref()).ok_or_else(|| missing("case"))?;
    let case = builtin::builtin(case_id).ok_or_else(|| missing("built-in case of that name"))?;
    let mechanism = first(chain, |p| p.mechanism.clone()).ok_or_else(|| missing("mechanism"))?;
    let value = serde_json::json!({
        "version": super::SCENARIO_VERSION,
        "title": chain[0].title,
        "preset": id,
        "case": case,
        "mechanism": mechanism,
        "view": first(chain, |p| p.view.clone()).unwrap_or_else(|| serde_json::json!({})),
    });
    let set = chain.iter().rev().flat_map(|p| &p.set);
    changed(Document::from_value(value)?, set)
}

/// A document with fields changed.
fn changed<'a>(
    document: Document,
    set: impl Iterator<Item = (&'a String, &'a Value)>,
) -> Result<Document, Vec<Problem>> {
    let mut set = set.peekable();
    if set.peek().is_none() {
        return Ok(document);
    }
    // Written out with every default, so that `set` finds its fields.
    let mut value = document.to_value();
    for (field, new) in set {
        set_value(&mut value, field, new.clone()).map_err(|p| vec![p])?;
    }
    Document::from_value(value)
}

/// A preset as it is: what a scenario started from.
pub struct Original {
    lesson: Lesson,
    /// Itself and what it extends.
    chain: Vec<Preset>,
    /// What it asks of its mechanism, and shows.
    pub document: Document,
    /// The document in which the answer to its question stands: itself, changed as the question says.
    /// `None` without a question.
    pub asked: Option<Document>,
}

impl Original {
    /// # Errors
    /// An unknown id, with the nearest known ones.
    pub fn of(id: &str) -> Result<Original, Vec<Problem>> {
        let chain = ancestry(id)?;
        let document = read(id, &chain)?;
        let task = chain[0].task.as_ref();
        let asked = task.map(|task| changed(document.clone(), task.set.iter()));
        let asked = asked.transpose()?;
        Ok(Original {
            lesson: lesson_of(id).map_err(|problem| vec![problem])?,
            chain,
            document,
            asked,
        })
    }

    /// The loss that is printed for a value of a slider (`m=4`), beside ours; none where none is.
    pub fn printed_with(&self, scenario: &Scenario, with: &str, ours: f64) -> Option<String> {
        let rows = first(&self.chain, |p| p.printed_with.as_deref())?;
        let row = rows.iter().find(|row| row.with == with)?;
        let on_case = |p: &Preset| p.case.is_some() || p.set.keys().any(|k| k.starts_with("case."));
        let below = self.chain.iter().take_while(|p| p.printed_with.is_none());
        let other = is_changed(&self.document, scenario) || below.into_iter().any(on_case);
        Some(row.said(ours, other))
    }

    /// What the preset is taught with.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The question, with its answer where the report of [`Original::asked`] is given.
    pub fn task(&self, report: Option<&Report>) -> Option<Task> {
        let task = self.chain[0].task.as_ref()?;
        let answer = report.and_then(|report| {
            let series = || report.series(&task.of)?.values.first().copied();
            let quantity = report.quantity(&task.of);
            let answer = quantity.and_then(|q| q.value).or_else(series)?;
            // Not −0 for a number that is nothing.
            Some(if task.negate { 0.0 - answer } else { answer })
        });
        Some(Task {
            question: task.question.clone(),
            unit: task.unit.clone(),
            hint: task.hint.clone(),
            found: task.found.clone(),
            answer,
            tolerance: task.tolerance,
            sign: task.sign,
        })
    }
}

/// Adds to a report what the preset of its scenario, `original`, says: where the data come from and the printed
/// numbers beside ours.
pub fn annotate(report: &mut Report, scenario: &Scenario, original: Option<&Original>) {
    use crate::report::Level;
    let note = |text: String| Message {
        level: Level::Info,
        text,
        field: None,
        cures: Vec::new(),
    };
    if scenario.preset.is_empty() {
        return;
    }
    let Some(Original {
        chain, document, ..
    }) = original
    else {
        report.messages.push(Message {
            level: Level::Warning,
            ..note(format!("The scenario names a preset `{}` that this version does not have; it has no printed numbers to show.", scenario.preset))
        });
        return;
    };
    let changed = is_changed(document, scenario);
    let provenance = first(chain, |p| p.provenance.as_ref())
        .into_iter()
        .flatten();
    report
        .messages
        .extend(provenance.map(|text| note(text.clone())));
    let picture = first(chain, |p| p.thumbnail.as_deref());
    report.look = lesson::look(first(chain, |p| p.look.as_ref()), picture, report);
    let beside = |rows: &[Printed]| beside(rows, &scenario.case, report, changed);
    let (published, computed) = (beside(&chain[0].published), beside(&chain[0].also_computed));
    report.published_said = said(&published, true);
    report.also_computed_said = said(&computed, false);
    (report.published, report.also_computed) = (published, computed);
    draw(&chain[0].published, report, changed);
    let loss = report.quantity("above_optimum").and_then(|q| q.value);
    let layers = report.charts.iter_mut().flat_map(|c| &mut c.layers);
    for layer in layers.filter(|layer| !layer.marks.is_empty()) {
        let Some((slider, loss)) = layer.slider.as_ref().zip(loss) else {
            continue;
        };
        let with = format!("{}={}", slider.key, slider.value);
        if let Some(said) = original.and_then(|o| o.printed_with(scenario, &with, loss)) {
            layer
                .says
                .iter_mut()
                .for_each(|says| *says += &format!(" {said}"));
        }
    }
}

/// Adds to the answer at a point, asked about by `key`, the loss that is printed for what a slider was moved to.
pub fn annotate_point(
    probe: &mut Probe,
    key: &str,
    scenario: &Scenario,
    original: Option<&Original>,
) {
    let asked = key.rsplit_once(':').zip(probe.net.as_mut()).zip(original);
    let Some((((_, with), net), original)) = asked else {
        return;
    };
    let loss = net.above_optimum_usd_per_h;
    let said = loss.and_then(|loss| original.printed_with(scenario, with, loss));
    net.says.extend(said.map(|said| format!(" {said}")));
}

/// Whether the inputs are no longer those of the preset.
fn is_changed(document: &Document, scenario: &Scenario) -> bool {
    document.case != scenario.case || document.mechanism != scenario.mechanism
}

/// Tells the lesson: `own` where there is one, else that of the preset.
pub fn tell(report: &mut Report, original: Option<&Original>, own: Option<&Lesson>) {
    let chain = original.map_or(&[][..], |original| &original.chain);
    let preset = chain.first();
    let own = own.or(original.map(|original| &original.lesson));
    let given = |of: fn(&Lesson) -> &String, other: Option<&String>| {
        let own = own.map(of).filter(|text| !text.is_empty());
        own.or(other).cloned().unwrap_or_default()
    };
    report.question = given(|l| &l.question, preset.map(|p| &p.question));
    report.situation = given(|l| &l.situation, preset.map(|p| &p.text));
    let sayings = own
        .map(|l| l.answer.as_slice())
        .filter(|list| !list.is_empty());
    let sayings = sayings.or_else(|| first(chain, |p| p.answer.as_deref()));
    report.answer = lesson::answer(sayings.unwrap_or_default(), report);
    if let Some(look) = own.and_then(|lesson| lesson.look.as_ref()) {
        report.look = lesson::look(Some(look), Some(&report.look.chart), report);
    }
    let Some(lesson) = own.filter(|lesson| lesson.is_told()) else {
        return;
    };
    let next = lesson.next.iter().filter_map(|id| {
        let preset = preset_of(id).ok()?;
        Some(Next {
            id: id.clone(),
            title: preset.title,
            question: preset.question,
        })
    });
    report.lesson = Some(crate::report::Lesson {
        next: next.collect(),
        ..lesson.told(report)
    });
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::menu::{MECHANISMS, SYSTEMS};
}
