//! What the page, the terminal and other bindings hold: a document, the outcome of its question and the
//! report of what is looked at.
//!
//! The session is the only memory of a run. A change of the question keeps the outcome until the next
//! [`Session::solve`], which takes over what of it still holds; a change of the view solves nothing.

mod form;
mod stated;

pub use stated::differences;

use std::collections::HashSet;
use std::rc::Rc;

use crate::case::{Case, Problem, Subject};
use crate::market::{Failure, Mechanism, Outcome, Pieces, Prepared, View, With};
use crate::report::{
    Explained, Facts, Level, Message, Probe, ReadIn, Report, SubjectKind, Task, units,
};
use crate::scenario::gallery::{self, Original};
use crate::scenario::lesson::{self, Lesson};
use crate::scenario::link::{self, Link};
use crate::scenario::{Document, Scenario};

/// An outcome with the scenario that it is of.
struct Answer {
    scenario: Rc<Scenario>,
    outcome: Outcome,
    /// Warnings of the input.
    warnings: Vec<Problem>,
}

/// A document with what is known of it.
///
/// ```
/// use tandem::session::Session;
///
/// let mut session = Session::preset("zuo-4node-optimal").unwrap();
/// session.solve().unwrap();
/// let report = session.report().unwrap();
/// // Eq. (1) to (4) of the paper by hand: the optimum costs 136 $/h.
/// assert!((report.quantity("cost_mean").unwrap().value.unwrap() - 136.0).abs() < 1e-6);
/// ```
pub struct Session {
    document: Document,
    /// The preset that the scenario started from, as it is.
    original: Option<Original>,
    answer: Option<Answer>,
    /// A question that is checked, with its warnings.
    checked: Option<(Rc<Scenario>, Vec<Problem>)>,
    /// What pieces of the work begin with, and for which scenario.
    prepared: Option<(Rc<Scenario>, Option<Prepared>)>,
    /// The question of the preset with its answer, once known.
    task: Option<Task>,
    /// The lesson of a preset, and which, where it was handed over.
    taught: Option<(String, Lesson)>,
}

impl From<Scenario> for Session {
    fn from(scenario: Scenario) -> Session {
        Session::new(scenario.into())
    }
}

impl Session {
    /// Holds a document that is not solved yet; its preset, where it has one, is read once here.
    pub fn new(document: Document) -> Session {
        let original = Original::of(&document.scenario.preset).ok();
        Session::holding(document, original)
    }

    /// Holds a preset as it is, not solved yet.
    ///
    /// # Errors
    /// An unknown id, with the nearest known ones.
    pub fn preset(id: &str) -> Result<Session, Vec<Problem>> {
        let original = Original::of(id)?;
        Ok(Session::holding(original.document.clone(), Some(original)))
    }

    fn holding(document: Document, original: Option<Original>) -> Session {
        Session {
            document,
            original,
            answer: None,
            checked: None,
            prepared: None,
            task: None,
            taught: None,
        }
    }

    /// Question and view as they are now.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The question as it is now: case and mechanism.
    pub fn scenario(&self) -> &Scenario {
        &self.document.scenario
    }

    /// What is looked at.
    pub fn view(&self) -> &View {
        &self.document.view
    }

    /// Puts another document in place; what was known stays until the next solve.
    pub fn load(&mut self, document: Document) {
        let (own, new) = (&self.document.scenario, &document.scenario);
        if own.preset != new.preset {
            self.task = None;
            self.original = Original::of(&new.preset).ok();
        }
        self.document = document;
        // The same question in other words is the one that was answered.
        if let Some(answer) = &self.answer
            && *answer.scenario == *self.document.scenario
        {
            self.document.scenario = answer.scenario.clone();
        }
    }

    /// Changes one field of the question or of the view, and checks it.
    ///
    /// # Errors
    /// A path that does not exist, or every problem of the changed document; the session is then as it was.
    pub fn set(&mut self, field: &str, value: &str) -> Result<(), Vec<Problem>> {
        self.set_each(&[(field.into(), value.into())])
    }

    /// Changes several fields, as (path, value), and checks the document once all are.
    ///
    /// # Errors
    /// As [`Session::set`].
    pub fn set_each(&mut self, changes: &[(String, String)]) -> Result<(), Vec<Problem>> {
        let (changed, warnings) = self.document.changed(changes)?;
        self.load(changed);
        if let Some(warnings) = warnings {
            self.checked = Some((self.document.scenario.clone(), warnings));
        }
        Ok(())
    }

    /// What is looked at from now on.
    ///
    /// # Errors
    /// A view that the question has not; the session is then as it was.
    pub fn look(&mut self, view: View) -> Result<(), Vec<Problem>> {
        let changed = Document {
            view,
            ..self.document.clone()
        };
        match changed.view_problems() {
            problems if problems.is_empty() => {
                self.document = changed;
                Ok(())
            }
            problems => Err(problems),
        }
    }

    /// Whether the outcome of the question is known.
    pub fn is_solved(&self) -> bool {
        self.answered().is_some()
    }

    fn answered(&self) -> Option<&Answer> {
        let answer = self.answer.as_ref()?;
        Rc::ptr_eq(&answer.scenario, &self.document.scenario).then_some(answer)
    }

    /// The pieces of the work that several workers can share; `None` where one go is right.
    pub fn pieces(&self) -> Option<Pieces> {
        let Scenario {
            case, mechanism, ..
        } = self.scenario();
        match self.is_solved() {
            true => None,
            false => mechanism.pieces(case, self.last()),
        }
    }

    fn last(&self) -> Option<(&Case, &Mechanism, &Outcome)> {
        let answer = self.answer.as_ref()?;
        let Scenario {
            case, mechanism, ..
        } = &*answer.scenario;
        Some((case, mechanism, &answer.outcome))
    }

    /// Piece `k` (from 0) of the work, as text for [`Session::solve_with`].
    ///
    /// # Errors
    /// Problems of the input, or a piece that does not exist or cannot be solved.
    pub fn piece(&mut self, k: usize) -> Result<String, Vec<Problem>> {
        let scenario = self.document.scenario.clone();
        let ready = self.prepared.as_ref();
        if !ready.is_some_and(|(of, _)| Rc::ptr_eq(of, &scenario)) {
            errors(scenario.problems())?;
            let prepared = scenario.mechanism.prepare(&scenario.case);
            let prepared = prepared.map_err(|failure| problems(failure, "scenario"))?;
            self.prepared = Some((scenario.clone(), prepared));
        }
        let prepared = self.prepared.as_ref().and_then(|(_, p)| p.as_ref());
        let made = scenario.mechanism.piece(&scenario.case, prepared, k);
        made.map_err(|failure| problems(failure, "scenario"))
    }

    /// Solves the question; nothing where its outcome is known.
    ///
    /// # Errors
    /// Problems of the input, field by field, or a program that cannot be solved. An infeasible market is
    /// an outcome.
    pub fn solve(&mut self) -> Result<(), Vec<Problem>> {
        self.solve_with(&[])
    }

    /// [`Session::solve`] with pieces of the work made elsewhere by [`Session::piece`].
    ///
    /// # Errors
    /// As [`Session::solve`].
    pub fn solve_with(&mut self, pieces: &[String]) -> Result<(), Vec<Problem>> {
        if self.is_solved() {
            return Ok(());
        }
        let scenario = self.document.scenario.clone();
        let checked = self.checked.take();
        let warnings = match checked.filter(|(of, _)| Rc::ptr_eq(of, &scenario)) {
            Some((_, warnings)) => warnings,
            None => errors(scenario.problems())?,
        };
        let prepared = self.prepared.as_ref();
        let prepared = prepared.filter(|(of, _)| Rc::ptr_eq(of, &scenario));
        let with = With {
            pieces,
            prepared: prepared.and_then(|(_, prepared)| prepared.as_ref()),
            last: self.last(),
        };
        let outcome = scenario.mechanism.solve(&scenario.case, with);
        let outcome = outcome.map_err(|failure| problems(failure, "mechanism.kind"))?;
        self.answer = Some(Answer {
            scenario,
            outcome,
            warnings,
        });
        self.prepared = None;
        Ok(())
    }

    /// The report of what is looked at; solves nothing.
    ///
    /// # Errors
    /// A question that is not solved.
    pub fn report(&self) -> Result<Report, Vec<Problem>> {
        let answer = self.answered().ok_or_else(unsolved)?;
        Ok(self.told(self.bare_report()?, &answer.warnings))
    }

    /// The report of what is looked at as the mechanism writes it: what [`Session::given`] needs where nothing is
    /// solved.
    ///
    /// # Errors
    /// A question that is not solved.
    pub fn bare_report(&self) -> Result<Report, Vec<Problem>> {
        let answer = self.answered().ok_or_else(unsolved)?;
        let Scenario {
            case, mechanism, ..
        } = &*answer.scenario;
        Ok(mechanism.report(case, &answer.outcome, self.view()))
    }

    /// The report of a question that was answered elsewhere, from what [`Session::bare_report`] gave there; the
    /// session itself then knows no outcome.
    ///
    /// # Errors
    /// Problems of the input.
    pub fn given(&self, bare: Report) -> Result<Report, Vec<Problem>> {
        Ok(self.told(bare, &errors(self.document.problems())?))
    }

    /// A report of the mechanism with what is known besides: words and printed numbers of the preset, warnings of
    /// the input.
    fn told(&self, mut report: Report, warnings: &[Problem]) -> Report {
        let scenario = self.scenario();
        let Scenario {
            case,
            mechanism,
            title,
            ..
        } = scenario;
        report.title.clone_from(title);
        report.import.clone_from(&case.import);
        report.compared = match self.view().across {
            true => ACROSS,
            false => mechanism.compared(case),
        }
        .into();
        report.units = self.units();
        for chart in &mut report.charts {
            for layer in &mut chart.layers {
                layer.on = self.view().shows(&chart.id, &layer.id).unwrap_or(layer.on);
            }
        }
        let of_case: HashSet<&str> = case.parties().collect();
        let asked: HashSet<&str> = report.explains_parties.iter().map(String::as_str).collect();
        let known = report.ledger.parties().into_iter();
        let known = known.filter(|party| of_case.contains(party) || asked.contains(party));
        report.parties = known.filter_map(|id| SubjectKind::Party.of(id)).collect();
        report.say_what_is_missing();
        report.messages.extend(warnings.iter().map(|p| Message {
            level: Level::Warning,
            text: p.message.clone(),
            field: Some(p.field.clone()),
            cures: Vec::new(),
        }));
        crate::sort::by_key(&mut report.badges, |badge| badge.of_solving);
        let original = self.original.as_ref();
        gallery::annotate(&mut report, scenario, original);
        self.begin(&mut report);
        gallery::tell(&mut report, original, self.lesson());
        report.task = self.task.clone().or_else(|| {
            let asked = original?.asked.as_ref()?;
            let own = same_question(&asked.scenario, scenario);
            original?.task(own.then_some(&report))
        });
        report
    }

    /// Where to begin: as the view says, or else as the preset does.
    fn begin(&self, report: &mut Report) {
        let (view, steps) = (self.view(), report.clock.as_ref().map_or(0, |c| c.steps));
        let asked = view
            .step
            .or(report.look.step)
            .filter(|_| report.follow.is_none());
        report.start = match asked {
            Some(step) if steps > 0 => Some(step.clamp(1, steps) - 1),
            _ => report.start,
        };
        if let Some(drawer) = &view.drawer {
            report.look.drawer.clone_from(drawer);
        }
    }

    /// Takes the text of a preset's lesson, for whoever does not hold the lessons: it is told with that preset.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn learn(&mut self, text: &str) -> Result<(), Vec<Problem>> {
        let file = lesson::read(text).map_err(|problem| vec![problem])?;
        let preset = file.scenario.as_str().unwrap_or_default();
        self.taught = Some((preset.into(), file.lesson));
        Ok(())
    }

    /// The lesson of the document, or the one handed over for its preset.
    fn lesson(&self) -> Option<&Lesson> {
        let taught = self.taught.as_ref();
        let taught = taught.filter(|(preset, _)| *preset == self.document.scenario.preset);
        let own = self.document.lesson.as_deref();
        own.or(taught.map(|(_, lesson)| lesson))
    }

    /// What cannot be told of the lesson, field by field; of the document's own where it has one.
    ///
    /// # Errors
    /// A question that is not solved.
    pub fn lesson_problems(&self) -> Result<Vec<Problem>, Vec<Problem>> {
        let report = self.report()?;
        let preset = self.original.as_ref().map(Original::lesson);
        let lesson = self.lesson().or(preset);
        Ok(lesson.map_or_else(Vec::new, |lesson| lesson.problems(&report)))
    }

    /// The question to the reader, whose answer is that of the preset, changed as the question says, whatever
    /// the reader has changed since. Solves the preset the first time it is asked for elsewhere.
    pub fn task(&mut self) -> Option<Task> {
        if self.task.is_none() {
            let original = self.original.as_ref()?;
            let asked = original.asked.as_ref()?;
            let known = self
                .answered()
                .filter(|answer| same_question(&asked.scenario, &answer.scenario));
            let Scenario {
                case, mechanism, ..
            } = &*asked.scenario;
            let report = match known {
                Some(answer) => mechanism.report(case, &answer.outcome, &asked.view),
                None => {
                    let outcome = mechanism.solve(case, With::default()).ok()?;
                    mechanism.report(case, &outcome, &asked.view)
                }
            };
            self.task = original.task(Some(&report));
        }
        self.task.clone()
    }

    /// What holds at the point (`x`, `y`) of the plane that `key`, from a chart of the report, stands for.
    ///
    /// # Errors
    /// A question that is not solved, or an unknown key.
    pub fn probe(&self, key: &str, x: f64, y: f64) -> Result<Probe, Vec<Problem>> {
        let answer = self.answered().ok_or_else(unsolved)?;
        let Scenario {
            case, mechanism, ..
        } = &*answer.scenario;
        let mut probe = mechanism
            .probe(case, &answer.outcome, self.view(), key, (x, y))
            .map_err(|failure| problems(failure, "chart"))?;
        gallery::annotate_point(&mut probe, key, &answer.scenario, self.original.as_ref());
        Ok(probe)
    }

    /// Why the number of `subject` is what it is in one step (from 1). The question must be solved.
    ///
    /// # Errors
    /// No such subject or step, or one whose number is not explained.
    pub fn explain(&self, subject: &Subject, step: usize) -> Result<Explained, Vec<Problem>> {
        let answer = self.answered().ok_or_else(unsolved)?;
        let Scenario {
            case, mechanism, ..
        } = &*answer.scenario;
        mechanism
            .explain(case, &answer.outcome, self.view(), (subject, step))
            .map_err(|failure| problems(failure, "explain"))
    }

    /// What holds in the outcome; nothing where the question is not solved.
    pub fn regime(&self) -> Facts {
        let answer = self.answered();
        answer.map_or_else(Facts::default, |answer| {
            let mechanism = &answer.scenario.mechanism;
            mechanism.regime(&answer.outcome, self.view())
        })
    }

    /// The program of one step (from 1) as an LP file with named rows.
    ///
    /// # Errors
    /// Problems of the input, or a step that is not reached.
    pub fn lp_file(&self, step: usize) -> Result<String, Vec<Problem>> {
        let scenario = self.scenario();
        errors(scenario.problems())?;
        let text = scenario.mechanism.lp_file(&scenario.case, step);
        text.map_err(|failure| problems(failure, "--interval"))
    }

    /// Every method of the mechanism on the same case, side by side.
    ///
    /// # Errors
    /// Problems of the input, or a program that cannot be solved.
    pub fn compare(&mut self) -> Result<Report, Vec<Problem>> {
        let scenario = self.document.scenario.clone();
        errors(scenario.problems())?;
        let across = self.view().across.then(|| across(&scenario));
        let own = || scenario.mechanism.compare(&scenario.case);
        let mut report = match across.or_else(own) {
            Some(report) => report.map_err(|failure| problems(failure, "mechanism.kind"))?,
            None => {
                self.solve()?;
                let answer = self.answered().ok_or_else(unsolved)?;
                let (case, mechanism) = (&scenario.case, &scenario.mechanism);
                mechanism.report(case, &answer.outcome, self.view())
            }
        };
        report.import.clone_from(&scenario.case.import);
        report.units = self.units();
        report.title = format!(
            "{}: {}s side by side",
            scenario.title,
            match self.view().across {
                true => ACROSS,
                false => scenario.mechanism.compared(&scenario.case),
            }
        );
        let document = self.document.to_value();
        for own in &mut report.alternatives {
            let mut changes = own.changes.iter();
            own.now = own.opens.is_empty()
                && changes.all(|(path, value)| {
                    crate::scenario::path::get(&document, path)
                        .is_some_and(|is| crate::scenario::path::same(is, value))
                });
        }
        Ok(report)
    }

    /// Units that are read in another.
    pub fn units(&self) -> Vec<ReadIn> {
        units::listed(self.scenario().mechanism.units())
    }

    fn document_of_preset(&self) -> Option<&Document> {
        self.original.as_ref().map(|original| &original.document)
    }

    /// The shortest link to the document.
    pub fn link(&self) -> Link {
        link::encode_from(&self.document, self.document_of_preset())
    }
}

fn same_question(a: &Scenario, b: &Scenario) -> bool {
    a.case == b.case && a.mechanism == b.mechanism
}

/// The warnings among problems.
fn errors(problems: Vec<Problem>) -> Result<Vec<Problem>, Vec<Problem>> {
    match problems.iter().any(Problem::is_error) {
        true => Err(problems),
        false => Ok(problems),
    }
}

fn problems(failure: Failure, field: &str) -> Vec<Problem> {
    let field = failure.field.unwrap_or(field);
    vec![Problem::error(field, failure.why)]
}

fn unsolved() -> Vec<Problem> {
    vec![Problem::error(
        "scenario",
        "It is not solved yet. Solve it.",
    )]
}

/// One of the mechanisms of all papers, in a word.
const ACROSS: &str = "mechanism";

/// The mechanisms of all papers on a case.
#[cfg(feature = "across")]
fn across(scenario: &Scenario) -> Result<Report, Failure> {
    crate::across::compare(&scenario.case, &scenario.mechanism).map_err(Failure::from)
}

/// A module of one mechanism has not the others.
#[cfg(not(feature = "across"))]
fn across(_: &Scenario) -> Result<Report, Failure> {
    Err("this build has not all mechanisms".into())
}
