//! A sweep under way: it solves what its plan asks for, and says what is known so far.

use serde::{Deserialize, Serialize};

use super::plan::{Between, Plan, Run, Sample};
use super::words::{Sides, changes, differ};
use super::{Answer, Breakpoint, Piece, Point, Swept, Turn, answer, counts, values};
use crate::case::Problem;
use crate::report::{Facts, Quantity, exported};
use crate::scenario::Document;
use crate::session::Session;

/// What is to be swept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "SweepAsk"))]
pub struct Ask {
    /// Path of the field.
    pub path: String,
    pub from: f64,
    pub to: f64,
    /// Evenly spaced values that come first.
    pub points: usize,
    /// Solves in all that may be spent.
    pub most: usize,
    /// The step of the clock, from 1, whose value a series stands for.
    #[serde(default)]
    pub step: Option<usize>,
}

/// A sweep under way.
pub struct Exact {
    document: Document,
    ask: Ask,
    plan: Plan,
    /// By sample of the plan.
    answers: Vec<Option<Answer>>,
    /// Ids of the numbers, as the samples have them.
    ids: Vec<String>,
    /// Why the first value without an answer has none.
    refused: Option<Vec<Problem>>,
}

impl Exact {
    /// Nothing is solved yet. A field of whole numbers is solved at those alone.
    pub fn new(document: Document, ask: Ask) -> Exact {
        let whole = counts(&document, &ask.path);
        let mut grid = values(ask.from, ask.to, ask.points);
        if whole {
            grid.iter_mut().for_each(|value| *value = value.round());
        }
        Exact {
            plan: Plan::new(grid, ask.most, !whole),
            document,
            ask,
            answers: Vec::new(),
            ids: Vec::new(),
            refused: None,
        }
    }

    /// Values solved so far.
    pub fn solves(&self) -> usize {
        self.answers.len()
    }

    /// Whether every evenly spaced value is solved.
    pub fn is_sampled(&self) -> bool {
        self.plan.is_sampled()
    }

    /// Why the first value without an answer has none.
    pub fn refused(&self) -> Option<&[Problem]> {
        self.refused.as_deref()
    }

    /// Solves the next value and gives it; `None` where there is none.
    pub fn step(&mut self, session: &mut Session) -> Option<Point> {
        let value = self.plan.next()?;
        let Ask { path, step, .. } = &self.ask;
        let solved = answer(session, &self.document, path, value, *step);
        let solved = solved.map_err(|why| self.refused.get_or_insert(why).clone());
        let at = self.take(value, solved.ok());
        Some(self.own(at))
    }

    fn take(&mut self, value: f64, solved: Option<Answer>) -> usize {
        let numbers = solved.as_ref().map(|solved| {
            let mut numbers = vec![f64::NAN; self.ids.len()];
            for quantity in solved.summary.iter().filter(|q| q.id != EFFORT) {
                let value = quantity.value.unwrap_or(f64::NAN);
                match self.ids.iter().position(|id| *id == quantity.id) {
                    Some(k) => numbers[k] = value,
                    None => {
                        self.ids.push(quantity.id.clone());
                        numbers.push(value);
                    }
                }
            }
            numbers
        });
        let at = self.plan.take(Sample { value, numbers });
        self.answers.insert(at, solved);
        at
    }

    /// What is known so far.
    pub fn found(&self) -> Swept {
        let main = self.main();
        let runs = self.plan.runs();
        let betweens = self.plan.betweens(&runs);
        let mut swept = Swept {
            solves: self.solves(),
            main: main.clone(),
            ..Swept::default()
        };
        if !self.plan.refines() || runs.is_empty() {
            let whole = 0..self.answers.len();
            swept.points = whole.clone().map(|k| self.own(k)).collect();
            swept.turns = self.turns(whole.clone());
            let open = !matches!(betweens.first(), Some(Between::Curve));
            let piece = self.rough(whole).filter(|_| self.plan.refines());
            swept
                .pieces
                .extend(piece.map(|piece| Piece { open, ..piece }));
            return swept;
        }
        let curves = (0..self.ids.len()).filter(|&k| self.plan.is_curve(k));
        swept.curves = curves.map(|k| self.name(k)).collect();
        let parabolas = (0..self.ids.len()).filter(|&k| self.plan.is_parabola(k));
        swept.parabolas = parabolas.map(|k| self.name(k)).collect();
        let ends = [0, self.answers.len() - 1].map(|k| self.plan.samples()[k].value);
        let mut start = ends[0];
        for (k, between) in betweens.iter().enumerate() {
            let (before, after) = (k.checked_sub(1).map(|k| runs[k]), runs.get(k));
            match *between {
                Between::At(value) => {
                    let value = if after.is_none() {
                        ends[1]
                    } else {
                        exported(value)
                    };
                    if let Some(run) = before {
                        swept.pieces.push(self.piece(&run, start, value));
                        swept.points.extend(self.stroke(&run, start, value));
                    }
                    start = if before.is_none() { ends[0] } else { value };
                    if let (Some(before), Some(after)) = (before, after) {
                        let found = self.breakpoint(&main, value, &before, after);
                        swept.breakpoints.push(found);
                    }
                }
                Between::Curve | Between::Open { .. } => {
                    let last = self.answers.len() - 1;
                    let lo = before.map_or(0, |run| run.last);
                    let hi = after.map_or(last, |run| run.first);
                    let at = |k: usize| self.plan.samples()[k].value;
                    if let Some(run) = before {
                        swept.pieces.push(self.piece(&run, start, at(lo)));
                        swept.points.extend(self.stroke(&run, start, at(lo)));
                    }
                    start = at(hi);
                    swept.points.extend((lo..=hi).map(|k| self.own(k)));
                    swept.turns.extend(self.turns(lo..hi + 1));
                    let open = *between != Between::Curve;
                    let piece = self.rough(lo..hi + 1);
                    swept
                        .pieces
                        .extend(piece.map(|piece| Piece { open, ..piece }));
                }
            }
        }
        swept.pieces.retain(|piece| piece.to > piece.from);
        // Where a stroke meets samples of a curve, its end is one of them.
        let jumps: Vec<f64> = swept.breakpoints.iter().map(|b| b.value).collect();
        swept
            .points
            .dedup_by(|b, a| a.value == b.value && !jumps.contains(&a.value));
        swept
    }

    /// Neighbouring samples on whose sides other things hold.
    fn turns(&self, samples: std::ops::Range<usize>) -> Vec<Turn> {
        let mut turns = Vec::new();
        for k in samples.start..samples.end.saturating_sub(1) {
            let nothing = Facts::default();
            let of = |k: usize| self.answers[k].as_ref();
            let facts = |k: usize| of(k).map_or(&nothing, |a| &a.facts);
            let sides = Sides {
                before: facts(k),
                after: facts(k + 1),
                solved: (of(k).is_some(), of(k + 1).is_some()),
                jumping: Vec::new(),
                bending: Vec::new(),
                priced: self.priced(),
            };
            if differ(&sides) {
                let at = |k: usize| self.plan.samples()[k].value;
                turns.push(Turn {
                    from: at(k),
                    to: at(k + 1),
                    changes: changes(&sides),
                });
            }
        }
        turns
    }

    /// The unit whose price is swept.
    fn priced(&self) -> Option<&str> {
        let mut keys = self.ask.path.split('.');
        let price = |key: &str| key == "usd_per_mwh" || key == "end_usd_per_mwh";
        self.ask.path.rsplit('.').next().filter(|key| price(key))?;
        // case.generators.G1.offer…, case.balancing.bids.BSP1.offers…
        let lists = ["generators", "ders", "bids", "resources"];
        keys.find(|key| lists.contains(key))?;
        keys.next()
    }

    /// The number that the scenario is about: the one it shows large, else the first that changes, else the first.
    fn main(&self) -> String {
        let mut answers = self.answers.iter().flatten();
        let named = answers.next().map(|a| a.main.clone());
        let named = named.filter(|id| self.ids.contains(id));
        let changes = |k: &usize| self.plan.changes(*k);
        let first = || {
            (0..self.ids.len())
                .find(changes)
                .or((!self.ids.is_empty()).then_some(0))
        };
        named
            .or_else(|| Some(self.ids[first()?].clone()))
            .unwrap_or_default()
    }

    /// A sample as a point.
    fn own(&self, k: usize) -> Point {
        Point {
            value: self.plan.samples()[k].value,
            summary: self.answers[k].as_ref().map(|a| a.summary.clone()),
        }
    }

    /// Samples that are not known to be on strokes, as a piece.
    fn rough(&self, samples: std::ops::Range<usize>) -> Option<Piece> {
        let of = &self.plan.samples()[samples];
        let (first, last) = (of.first()?, of.last()?);
        Some(Piece {
            from: first.value,
            to: last.value,
            exact: false,
            checks: of.len().saturating_sub(2),
            open: false,
            solved: of.iter().any(|s| s.numbers.is_some()),
        })
    }

    /// A run from one value to another.
    fn piece(&self, run: &Run, from: f64, to: f64) -> Piece {
        let exact = self.plan.is_checked(run);
        Piece {
            from,
            to,
            exact,
            checks: run.last - run.first - 1,
            open: !exact,
            solved: self.answers[run.first].is_some(),
        }
    }

    /// Its ends, on its strokes; beside a curve every sample in between, of parabolas enough to draw them.
    fn stroke(&self, run: &Run, from: f64, to: f64) -> Vec<Point> {
        let solved = self.answers[run.first].as_ref();
        let at = |value: f64| Point {
            value,
            summary: solved.map(|a| {
                let numbers = a.summary.iter();
                numbers.map(|q| self.quantity(run, q, value)).collect()
            }),
        };
        let any = |is: fn(&Plan, usize) -> bool| (0..self.ids.len()).any(|k| is(&self.plan, k));
        let inner: Vec<Point> = match (any(Plan::is_curve), any(Plan::is_parabola)) {
            (true, _) => {
                let own = (run.first + 1..run.last).map(|k| self.own(k));
                own.filter(|point| from < point.value && point.value < to)
                    .collect()
            }
            (false, true) if solved.is_some() && from < to => {
                let drawn = super::values(from, to, DRAWN);
                drawn[1..DRAWN - 1].iter().map(|&value| at(value)).collect()
            }
            (false, _) => Vec::new(),
        };
        std::iter::once(at(from))
            .chain(inner)
            .chain([at(to)])
            .collect()
    }

    /// The name of number `k`.
    fn name(&self, k: usize) -> String {
        let answers = self.answers.iter().flatten();
        let mut summaries = answers.flat_map(|a| &a.summary);
        let found = summaries.find(|q| q.id == self.ids[k]);
        found.map_or(String::new(), |q| q.name.clone())
    }

    /// Number `k` on the strokes of a run; where it is a curve, none but that of a sample.
    fn on(&self, run: &Run, k: usize, value: f64) -> f64 {
        if !self.plan.is_curve(k) {
            return self.plan.on(run, k, value);
        }
        let mut samples = (run.first..=run.last).map(|m| &self.plan.samples()[m]);
        let own = samples.find(|s| s.value == value);
        let numbers = own.and_then(|s| s.numbers.as_ref());
        numbers.and_then(|n| n.get(k)).copied().unwrap_or(f64::NAN)
    }

    fn quantity(&self, run: &Run, quantity: &Quantity, value: f64) -> Quantity {
        let k = self.ids.iter().position(|id| *id == quantity.id);
        let value = k.map_or(f64::NAN, |k| self.on(run, k, value));
        Quantity {
            value: value.is_finite().then_some(value),
            ..quantity.clone()
        }
    }

    fn breakpoint(&self, main: &str, value: f64, before: &Run, after: &Run) -> Breakpoint {
        let nothing = Facts::default();
        let facts = |run: &Run, last: bool| self.typical(run, last).map_or(&nothing, |a| &a.facts);
        let number = |run: &Run, id: &str| {
            let k = self.ids.iter().position(|known| known == id)?;
            if self.plan.is_curve(k) {
                return None;
            }
            let value = self.plan.on(run, k, value);
            value.is_finite().then_some(value)
        };
        let jump = |k: usize| {
            let by = self.plan.on(before, k, value) - self.plan.on(after, k, value);
            by.abs() > JUMPS * self.plan.size(k)
        };
        let bend = |k: usize| {
            let width = self.width(before).min(self.width(after));
            let change =
                |run: &Run| self.plan.on(run, k, value + width) - self.plan.on(run, k, value);
            let by = change(before) - change(after);
            !jump(k) && by.abs() > JUMPS * self.plan.size(k)
        };
        let named = |which: &dyn Fn(usize) -> bool| {
            let found = (0..self.ids.len()).filter(|&k| which(k));
            found.map(|k| self.name(k)).collect()
        };
        let sides = Sides {
            before: facts(before, true),
            after: facts(after, false),
            solved: (
                self.answers[before.last - 1].is_some(),
                self.answers[after.first + 1].is_some(),
            ),
            jumping: named(&jump),
            bending: named(&bend),
            priced: self.priced(),
        };
        Breakpoint {
            value,
            changes: changes(&sides),
            left: number(before, main),
            right: number(after, main),
        }
    }

    fn width(&self, run: &Run) -> f64 {
        let samples = self.plan.samples();
        samples[run.last].value - samples[run.first].value
    }

    /// A sample inside a run near one of its ends: what holds at the end itself may be a tie.
    fn typical(&self, run: &Run, last: bool) -> Option<&Answer> {
        let samples = self.plan.samples();
        let (low, high) = (samples[run.first].value, samples[run.last].value);
        let away = WELL_INSIDE * (high - low);
        let end = if last { high } else { low };
        let inner = (run.first + 1..run.last).filter(|&k| (samples[k].value - end).abs() > away);
        let nearest = inner.min_by(|&a, &b| {
            let far = |k: usize| (samples[k].value - end).abs();
            far(a).total_cmp(&far(b))
        });
        self.answers[nearest?].as_ref()
    }
}

/// Id of the number that tells of the work, not of the market.
const EFFORT: &str = "evaluations";
/// Relative to a number's size, what it must differ by on the two sides of a breakpoint to jump.
const JUMPS: f64 = 1e-6;
/// Points that draw a parabola, ends included.
const DRAWN: usize = 33;
/// Of a run's width, how far from its end what holds in it is read.
const WELL_INSIDE: f64 = 1e-3;
