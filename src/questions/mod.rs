//! Question banks for learning platforms, out of any scenario.
//!
//! A variant changes one or two inputs of the scenario by a seeded draw (`variant`), solves it, and asks for one
//! number of its report (`ask`) that the outcome settles (`settled`): a number that a grain of change of bids and
//! demand moves is another where the market is indifferent, and is not asked. Where any price of an interval is right
//! the answer is that interval. Wrong answers are computed from typical errors (`distractors`). No two questions of
//! a bank have the same answer or the same text. The writers make files of it: `moodle`, `qti`, `gift`.

mod ask;
mod data;
mod distractors;
mod feedback;
mod gift;
mod markup;
mod moodle;
mod number;
mod qti;
mod settled;
mod variant;
mod zip;

use std::collections::HashSet;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::case::Problem;
use crate::report::{Report, Status};
use crate::scenario::Document;
use crate::session::Session;
use number::{answer, shown, written};

/// The format of a bank's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Moodle XML.
    #[default]
    Moodle,
    /// IMS QTI 2.1: a zip package of items with its manifest.
    Qti,
    /// GIFT, plain text that Moodle and others read.
    Gift,
}

/// How students answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// By a number or by a choice, as it is drawn.
    #[default]
    Mixed,
    /// By a number.
    Number,
    /// By a choice where there are three wrong answers, else by a number.
    Choice,
}

/// What is asked of a scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    pub count: usize,
    pub seed: u64,
    pub style: Style,
    /// Address of the page, without a fragment, that links in the questions lead to; empty where there is none.
    pub page: String,
}

impl Default for Ask {
    fn default() -> Ask {
        Ask {
            count: 20,
            seed: 1,
            style: Style::Mixed,
            page: String::new(),
        }
    }
}

/// Most questions of one bank.
pub const MAX_COUNT: usize = 5000;

/// Draws in a row that give nothing new, after which a scenario has no more questions.
const IDLE_DRAWS: usize = 60;

/// Longer fragments stand in no question: platforms cut them.
const MAX_FRAGMENT: usize = 2000;

/// A wrong answer, computed, and the error that leads to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    pub value: f64,
    pub feedback: String,
}

/// One variant with its question and answer, in the units it is read in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// `<scenario>-<seed>-<number>`, letters, digits, `-` and `_` alone.
    pub id: String,
    pub title: String,
    /// What comes before the question, paragraph by paragraph.
    pub setting: Vec<String>,
    /// Data or changed inputs, line by line.
    pub data: Vec<String>,
    /// The scenario as it is before the changes, where the data do not say all: address, or fragment without a page.
    pub open: Option<String>,
    pub ask: String,
    pub unit: String,
    /// Least and greatest right value; the same where one is right.
    pub right: (f64, f64),
    /// What an answer may be off.
    pub tolerance: f64,
    /// Typical errors first; different from the right answer and from each other by more than the tolerance.
    pub wrong: Vec<Wrong>,
    /// Place of the right answer among the choices, from 0; absent where a number is asked.
    pub choice: Option<usize>,
    /// The answer and why it is so.
    pub feedback: String,
    /// The variant solved, on the page.
    pub solved: Option<String>,
    /// The changed inputs: path and value in the units of the document.
    pub changes: Vec<(String, f64)>,
    /// What of the report is asked: the id of a series, `net:` and a party, or `sum:` and the id of a number of the
    /// summary.
    pub number: String,
    /// The step of the clock, from 1, where the number is of one.
    pub step: Option<usize>,
}

/// Questions of one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct Bank {
    pub title: String,
    /// Start of the names of files and ids.
    pub name: String,
    pub questions: Vec<Question>,
    /// How many were asked for.
    pub count: usize,
    /// How many variants were solved.
    pub draws: usize,
}

/// A file of a bank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// Questions that a page shows before they are saved.
const PREVIEWED: usize = 3;

/// A question as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    pub setting: Vec<String>,
    pub data: Vec<String>,
    pub ask: String,
    pub answer: String,
    /// The unit and what the answer may be off, in words; empty for a choice.
    pub within: String,
    /// The wrong answers that have a feedback of their own, with it.
    pub wrong: Vec<(String, String)>,
    pub feedback: String,
}

impl Preview {
    fn of(question: &Question) -> Preview {
        let wrong = |own: &Wrong| (shown(own.value, &question.unit), own.feedback.clone());
        Preview {
            setting: question.setting.clone(),
            data: question.data.clone(),
            ask: question.ask.clone(),
            answer: question.answer(),
            within: match question.choice {
                Some(_) => String::new(),
                None => shown(question.tolerance, &question.unit),
            },
            wrong: question.wrong.iter().map(wrong).collect(),
            feedback: question.feedback.clone(),
        }
    }
}

impl Question {
    /// Whether a value counts as right.
    pub fn is_right(&self, value: f64) -> bool {
        let (low, high) = self.right;
        value >= low - self.tolerance && value <= high + self.tolerance
    }

    /// Whether any value of an interval is right.
    pub fn is_interval(&self) -> bool {
        self.right.1 - self.right.0 > self.tolerance
    }

    /// The right answer in words.
    pub fn answer(&self) -> String {
        answer(self.right, &self.unit, self.is_interval())
    }

    /// The choices in their order, each with whether it is right and what is said to it.
    pub fn choices(&self) -> Vec<(String, bool, &str)> {
        let Some(place) = self.choice else {
            return Vec::new();
        };
        let wrong = self.wrong.iter().take(distractors::CHOICES);
        let mut all: Vec<(String, bool, &str)> = wrong
            .map(|w| (shown(w.value, &self.unit), false, w.feedback.as_str()))
            .collect();
        all.insert(place.min(all.len()), (self.answer(), true, "Right."));
        all
    }
}

impl Bank {
    /// How many questions there are, and why not more.
    pub fn said(&self) -> String {
        let (made, count) = (self.questions.len(), self.count);
        match made < count {
            true => format!(
                "{made} of {count} questions: {IDLE_DRAWS} more draws of the inputs gave no further one with an answer of its own. There are no more."
            ),
            false => format!("{made} questions from {} solved variants.", self.draws),
        }
    }

    /// The first questions as a page shows them.
    pub fn preview(&self) -> Vec<Preview> {
        let first = self.questions.iter().take(PREVIEWED);
        first.map(Preview::of).collect()
    }

    /// The bank as files: one, or the items of a package with its manifest.
    pub fn files(&self, format: Format) -> Vec<File> {
        match format {
            Format::Moodle => vec![moodle::file(self)],
            Format::Qti => qti::files(self),
            Format::Gift => vec![gift::file(self)],
        }
    }

    /// The bank as the one file that a platform takes, with its name.
    pub fn packed(&self, format: Format) -> (String, Vec<u8>) {
        let files = self.files(format);
        match format {
            Format::Qti => (format!("{}-qti.zip", self.name), zip::stored(&files)),
            Format::Moodle | Format::Gift => files.into_iter().next().map_or_else(
                || (self.name.clone(), Vec::new()),
                |file| (file.name, file.text.into_bytes()),
            ),
        }
    }
}

/// Questions of a scenario, the same for the same seed.
///
/// # Errors
/// Problems of the input; a market without a dispatch; a scenario without an input to vary.
pub fn bank(document: &Document, ask: &Ask) -> Result<Bank, Vec<Problem>> {
    let refused = |field: &str, why: &str| vec![Problem::error(field, why)];
    if ask.count == 0 || ask.count > MAX_COUNT {
        let why = format!("{} questions: give 1 to {MAX_COUNT}.", ask.count);
        return Err(refused("count", &why));
    }
    let page = ask.page.split('#').next().unwrap_or_default();
    if !(page.is_empty() || page.starts_with("https://") || page.starts_with("http://")) {
        return Err(refused(
            "page",
            "The address of the page begins with https://.",
        ));
    }
    let mut session = Session::new(document.clone());
    session.solve()?;
    let report = session.report()?;
    if report.status == Status::Infeasible {
        return Err(refused(
            "scenario",
            "It has no dispatch, so that there is no number to ask for. Cure it first.",
        ));
    }
    let inputs = variant::inputs(&session, &report.look.inputs);
    if inputs.is_empty() {
        return Err(refused(
            "scenario",
            "It has no number among its inputs that could be varied.",
        ));
    }
    let scenario = session.scenario();
    let mut maker = Maker {
        base: document,
        title: scenario.title.clone(),
        name: name_of(&scenario.preset),
        fragment: session.link().fragment,
        page,
        ask,
        look: report.look.number.clone(),
        rng: Rng::with_seed(ask.seed),
        session,
        answers: HashSet::new(),
        texts: HashSet::new(),
    };
    let (mut questions, mut draws, mut idle) = (Vec::new(), 0, 0);
    while questions.len() < ask.count && idle < IDLE_DRAWS {
        (draws, idle) = (draws + 1, idle + 1);
        // A question without typical errors is better than none.
        let least = if 2 * idle < IDLE_DRAWS { 2 } else { 0 };
        if let Some(question) = maker.draw(&inputs, (questions.len() + 1, least)) {
            questions.push(question);
            idle = 0;
        }
    }
    Ok(Bank {
        title: maker.title,
        name: maker.name,
        questions,
        count: ask.count,
        draws,
    })
}

/// The id of a preset, as it stands in names of files and ids.
fn name_of(preset: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    match preset {
        "" => "scenario".into(),
        id => id.chars().map(kept).collect(),
    }
}

struct Maker<'a> {
    base: &'a Document,
    title: String,
    name: String,
    fragment: String,
    page: &'a str,
    ask: &'a Ask,
    /// The number of the summary that the scenario is about.
    look: String,
    rng: Rng,
    session: Session,
    answers: HashSet<String>,
    texts: HashSet<String>,
}

/// Numbers of one variant that are tried.
const TRIES: usize = 4;

impl Maker<'_> {
    /// Draws inputs, solves, and asks for a number, question `number` with so many wrong answers at least; nothing
    /// where there is no dispatch or no new question.
    fn draw(&mut self, inputs: &[variant::Input], number: (usize, usize)) -> Option<Question> {
        let drawn = variant::draw(inputs, &mut self.rng);
        if !variant::change(&mut self.session, self.base, &drawn) {
            return None;
        }
        let report = solved(&mut self.session)?;
        let document = self.session.document().clone();
        let case = &document.scenario.case;
        let mut numbers = ask::numbers(&report, case, &self.look, &mut self.rng);
        numbers.retain(|one| !self.answers.contains(&shown(one.value, &one.unit)));
        let mut others = settled::Others::new(&document, &mut self.rng);
        for _ in 0..TRIES {
            let mut asked = ask::pick(&mut numbers, &mut self.rng)?;
            if !others.settle(&self.session, &mut asked) {
                continue;
            }
            let question = self.question((asked, &report), &drawn, &document, &mut others, number);
            if question.is_some() {
                return question;
            }
        }
        None
    }

    fn question(
        &mut self,
        (asked, report): (ask::Number, &Report),
        drawn: &[variant::Drawn],
        document: &Document,
        others: &mut settled::Others,
        (number, least): (usize, usize),
    ) -> Option<Question> {
        let case = &document.scenario.case;
        let tolerance = ask::tolerance(asked.value, &asked.unit);
        let right = asked.range.unwrap_or((asked.value, asked.value));
        let given = data::given(document);
        let links = self.fragment.len() <= MAX_FRAGMENT;
        let mut question = Question {
            id: format!("{}-{}-{number:04}", self.name, self.ask.seed),
            title: format!("{} {number:04}", self.title),
            setting: Vec::new(),
            data: given.clone().unwrap_or_else(|| variant::words(drawn)),
            open: (given.is_none() && links).then(|| self.address(&self.fragment)),
            ask: asked.words(report, case),
            unit: asked.unit.clone(),
            right,
            tolerance,
            wrong: Vec::new(),
            choice: None,
            feedback: String::new(),
            solved: None,
            changes: drawn.iter().map(variant::Drawn::change).collect(),
            number: asked.key.clone(),
            step: asked.step,
        };
        question.setting = match (&given, links) {
            (Some(_), _) => vec![data::setting(document)],
            (None, true) => vec![
                "Open the scenario in Tandem, make the changes below, and find the number.".into(),
            ],
            (None, false) => vec![format!(
                "Open the scenario “{}” that comes with this question in Tandem, make the changes below, and find the number.",
                self.title
            )],
        };
        if question.is_interval() {
            question.ask += " More than one price is right here: any of them counts.";
        }
        let answer = question.answer();
        let text = format!("{:?}{}", question.data, question.ask);
        if self.answers.contains(&answer) || self.texts.contains(&text) {
            return None;
        }
        question.wrong = distractors::of(&asked, (report, document), &self.session, others);
        let wrong = std::mem::take(&mut question.wrong);
        question.wrong = distractors::apart(wrong, &question);
        if question.wrong.len() < least && !question.is_interval() {
            return None;
        }
        let enough = question.wrong.len() >= distractors::CHOICES;
        let coin = self.rng.bool();
        let place = usize::from(self.rng.u8(..=distractors::CHOICES as u8));
        question.choice = match self.ask.style {
            Style::Mixed => (enough && coin).then_some(place),
            Style::Number => None,
            Style::Choice => enough.then_some(place),
        };
        question.feedback = feedback::of(&asked, &self.session, (report, case), &question);
        let link = self.session.link();
        question.solved = (!self.page.is_empty() && link.fragment.len() <= MAX_FRAGMENT)
            .then(|| self.address(&link.fragment));
        self.answers.insert(answer);
        self.texts.insert(text);
        Some(question)
    }

    /// A fragment on the page, or alone where there is none.
    fn address(&self, fragment: &str) -> String {
        format!("{}#{fragment}", self.page)
    }
}

/// The report of a session's question in the units it is read in, solved; nothing where it has none.
fn solved(session: &mut Session) -> Option<Report> {
    session.solve().ok()?;
    let mut report = session.bare_report().ok()?;
    if report.status == Status::Infeasible {
        return None;
    }
    report.units = session.units();
    Some(report.read())
}
