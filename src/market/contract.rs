//! What every mechanism is and does, whatever it trades.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::opt;
use crate::report::map::{Asked, Map, Named};
use crate::report::plots::Picture;
use crate::report::units::Units;
use crate::report::{Explained, Facts, Probe, Report};

use super::View;
use super::shared::coupling::Markets;

/// Why there is no outcome: a sentence. An infeasible market is an outcome, not a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The field that asks for what cannot be had, where it is one.
    pub field: Option<&'static str>,
    pub why: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

impl Failure {
    /// No outcome, for what `field` (a path of the document) asks for.
    pub fn of(field: &'static str, why: impl Into<String>) -> Failure {
        Failure {
            field: Some(field),
            why: why.into(),
        }
    }

    /// The same, as what `field` asks for.
    pub fn at(self, field: &'static str) -> Failure {
        Failure::of(field, self.why)
    }
}

impl From<String> for Failure {
    fn from(why: String) -> Failure {
        Failure { field: None, why }
    }
}

impl From<opt::Failure> for Failure {
    fn from(why: opt::Failure) -> Failure {
        why.to_string().into()
    }
}

impl From<&str> for Failure {
    fn from(why: &str) -> Failure {
        why.to_string().into()
    }
}

/// A question answered before.
pub struct Answered<'a, Q: Contract> {
    pub case: &'a Case,
    pub params: &'a Q,
    pub outcome: &'a Q::Outcome,
}

/// What a mechanism is given to solve with, beside its question.
pub struct Context<'a, Q: Contract> {
    /// Pieces of the work made elsewhere, as [`Contract::piece`] writes them.
    pub pieces: &'a [String],
    /// What was prepared for pieces.
    pub prepared: Option<&'a Q::Prepared>,
    /// The question answered last: what of its outcome a change leaves alone need not be solved again.
    pub last: Option<Answered<'a, Q>>,
    /// What may be asked of other markets.
    pub markets: &'a Markets,
}

/// Work that several workers can share.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Pieces {
    /// What the pieces are, e.g. `residual supply functions`.
    pub name: &'static str,
    pub count: usize,
}

/// The contract of a mechanism: `Self` is its question, the inputs beside the case.
///
/// [`Contract::solve`] is the only one that solves for a report; [`Contract::report`] writes what is known.
pub trait Contract: Clone + PartialEq + Default + Serialize + DeserializeOwned {
    /// As in the JSON form of a scenario.
    const KIND: &'static str;

    /// Names of what once was an input and is now part of the [`View`]: there and here.
    const VIEWED: &'static [(&'static str, &'static str)] = &[];

    /// Names of inputs that have changed: as they were in links once given out, and as they are.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];

    /// Paths of the maps by id among the inputs: an entry may be added, and `null` or an empty text removes it.
    const OPEN_MAPS: &'static [&'static str] = &[];

    /// What a sweep of an input draws of the summary; pictures without a number in it are left out.
    const PICTURES: &'static [Picture] = &[];

    /// Units that are read in another, see [`crate::report::units`].
    const UNITS: Units = &[];

    /// The module of the browser that has what this question needs, see [`super::WHOLE`].
    fn module(&self) -> &'static str {
        Self::KIND
    }

    /// Which physics its program has, and what of it the program leaves out, in sentences.
    fn physics(&self) -> Vec<&'static str>;

    /// Every number that a sentence, table or chart may show.
    type Outcome;

    /// What all pieces of the work begin with.
    type Prepared;

    /// Writes out what is left empty and a form can change.
    fn complete(&mut self, _case: &Case) {}

    /// The inputs, described: with the tables of the case where the fields have one.
    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section>;

    /// Whether it dispatches DC lines of a case.
    const DC_LINES: bool = false;

    /// What is wrong with the inputs beyond their ranges, field by field; paths start at `mechanism`.
    fn check(&self, case: &Case) -> Vec<Problem>;

    /// Fits to a case whose series were replaced.
    fn fit(&mut self, _case: &Case) {}

    /// Writes out what of a view is left empty and a form can change.
    fn complete_view(&self, _case: &Case, _view: &mut View) {}

    /// What is wrong with a view of an outcome of this question; paths start at `view`.
    fn check_view(&self, _case: &Case, _view: &View) -> Vec<Problem> {
        Vec::new()
    }

    /// Solves.
    ///
    /// # Errors
    /// A program that cannot be solved, or a case that is no such market.
    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Self::Outcome, Failure>;

    /// Writes the report of what is looked at; solves nothing.
    fn report(&self, case: &Case, outcome: &Self::Outcome, view: &View) -> Report;

    /// What holds at the point (`x`, `y`) of the plane that `key`, from a chart of the report, stands for.
    ///
    /// # Errors
    /// An unknown key, or a program that cannot be solved.
    fn probe(
        &self,
        _case: &Case,
        _outcome: &Self::Outcome,
        _view: &View,
        key: &str,
        _at: (f64, f64),
    ) -> Result<Probe, Failure> {
        Err(format!("no chart of this mechanism answers to `{key}`").into())
    }

    /// Why the number of `subject` is what it is in one step (from 1): the price of a bus, the shadow price of a line.
    ///
    /// # Errors
    /// No such subject or step, or a mechanism that does not explain it (`Report::explains`).
    fn explain(
        &self,
        _case: &Case,
        _outcome: &Self::Outcome,
        _subject: &Subject,
        _step: usize,
    ) -> Result<Explained, Failure> {
        Err("numbers of this mechanism are not explained yet".into())
    }

    /// [`Contract::explain`] of what is looked at, where an outcome has several days to look at.
    ///
    /// # Errors
    /// As there.
    fn explain_viewed(
        &self,
        case: &Case,
        outcome: &Self::Outcome,
        _view: &View,
        asked: (&Subject, usize),
    ) -> Result<Explained, Failure> {
        self.explain(case, outcome, asked.0, asked.1)
    }

    /// What holds in an outcome: a sweep says at a breakpoint how it differs on the two sides.
    fn regime(&self, _outcome: &Self::Outcome) -> Facts {
        Facts::default()
    }

    /// [`Contract::regime`] of what is looked at.
    fn regime_viewed(&self, outcome: &Self::Outcome, _view: &View) -> Facts {
        self.regime(outcome)
    }

    /// All regions of the program of one step over two inputs, from case and question at the
    /// [`SAMPLES`](crate::opt::parametric::SAMPLES) of the box.
    ///
    /// # Errors
    /// A mechanism that has no map, or programs that are not affine in the inputs.
    fn map(
        _samples: &[(&Case, &Self)],
        _asked: &Asked,
        _named: &[Named; 2],
    ) -> Result<Map, Failure> {
        Err("only the real-time dispatch (rt_sced) has a map".into())
    }

    /// The program of one step (from 1) as an LP file with named rows.
    ///
    /// # Errors
    /// A step that is not reached, or programs that such a file does not hold.
    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure>;

    /// One of what [`Contract::compare`] runs side by side on a case, in a word; empty where there is nothing to compare.
    fn compared(&self, _case: &Case) -> &'static str {
        ""
    }

    /// Every method on the same case, side by side; `None` where every report compares them.
    fn compare(&self, _case: &Case, _context: &Context<Self>) -> Option<Result<Report, Failure>> {
        None
    }

    /// The pieces of the work after the question answered last; `None` where one go is right.
    fn pieces(&self, _case: &Case, _last: Option<&Answered<Self>>) -> Option<Pieces> {
        None
    }

    /// What all pieces begin with, made once; `None` where that is nothing.
    ///
    /// # Errors
    /// A case that is no such market, or a program that cannot be solved.
    fn prepare(&self, _case: &Case) -> Result<Option<Self::Prepared>, Failure> {
        Ok(None)
    }

    /// Piece `k` (from 0) of the work, as text for [`Context::pieces`].
    ///
    /// # Errors
    /// A piece that does not exist or cannot be solved.
    fn piece(
        &self,
        _case: &Case,
        _prepared: Option<&Self::Prepared>,
        _k: usize,
    ) -> Result<String, Failure> {
        Err("this scenario is solved in one go".into())
    }
}

/// The report of a question to the case alone, as it is looked at first.
///
/// # Errors
/// As [`Contract::solve`].
pub fn run<Q: Contract>(case: &Case, question: &Q) -> Result<Report, Failure> {
    run_with(case, question, &[])
}

/// [`run`] with pieces of the work made elsewhere.
///
/// # Errors
/// As there.
pub fn run_with<Q: Contract>(
    case: &Case,
    question: &Q,
    pieces: &[String],
) -> Result<Report, Failure> {
    let context = Context {
        pieces,
        prepared: None,
        last: None,
        markets: &super::MARKETS,
    };
    let outcome = question.solve(case, &context)?;
    let mut view = View::default();
    question.complete_view(case, &mut view);
    Ok(question.report(case, &outcome, &view))
}
