//! Changes of one input that clear an interval without a dispatch: proposed by the conflict, then
//! tried.
//!
//! The conflict says which inputs can help, and a linear program by how much each has to move at least.
//! Every proposal is then put into the scenario and the process run again from its start, which the
//! change may alter long before the interval in question. What is offered clears the interval with
//! the very value that is printed; one unit of its last digit less does not.

use std::cell::Cell;

use crate::case::{Case, Problem};

use super::digits::Digits;
use super::dispatch::conflict::{Cause, Conflict};
use super::process::initial_state;
use super::security;
use super::system::{State, System, Unit};
use crate::market::rt_sced::check::check;
use crate::market::rt_sced::params::{Method, Rectangle, RtSced, Rule};

/// Changes of loads offered at most, and of everything else.
const OFFERED: usize = 8;

/// Programs and trials in all: this many units of work, a trial taking one for each interval and bus
/// or limit.
const WORK: usize = 300_000;
const TRIALS: (usize, usize) = (8, 2_000);
const SCREENED: usize = 20;

/// What can be done about an interval without a dispatch.
pub struct Offers {
    pub cures: Vec<Change>,
    /// Choices that are no numbers and clear the interval.
    pub choices: Vec<Choice>,
    /// Nothing else could have helped: every input was tried over its range.
    pub complete: bool,
}

/// An input and the value that cures.
#[derive(Clone, Copy)]
pub struct Change {
    pub field: Field,
    pub up: bool,
    pub value: f64,
}

/// Other bids of the aggregators.
#[derive(Clone, Copy)]
pub enum Choice {
    TightRectangle,
    ExactCurve,
}

/// Moves tried about the one that clears the interval as it stands, as multiples of it.
const NEAR: [f64; 6] = [1.01, 1.1, 1.25, 1.5, 2.0, 3.0];

/// An input that may move.
#[derive(Clone, Copy, PartialEq)]
pub enum Field {
    Line(usize),
    Ramp(usize),
    Maximum(Unit),
    Minimum(Unit),
    Initial(Unit),
    Load(usize),
    /// Share of every rating that holds after an outage.
    AfterOutage,
    /// M of the Union Jack.
    GridM,
}

impl Field {
    /// Place in the list of what is offered.
    fn rank(self) -> usize {
        match self {
            Field::Line(_) | Field::AfterOutage => 0,
            Field::Ramp(_) => 1,
            Field::Maximum(_) => 2,
            Field::Minimum(_) => 3,
            Field::Initial(_) => 4,
            Field::Load(_) => 5,
            Field::GridM => 6,
        }
    }
}

/// A direction in which an input may move.
#[derive(Clone, Copy)]
struct Candidate {
    field: Field,
    up: bool,
    /// Why it may help.
    cause: Option<Cause>,
}

/// The changes of one input that clear interval `t` (0-based), each found and tried.
pub fn offers(
    case: &Case,
    params: &RtSced,
    system: &System,
    conflict: &Conflict,
    t: usize,
) -> Offers {
    let search = Search::new(case, params, system, t);
    let proposed = search.proposed(conflict);
    let mut cures = search.all_of(&proposed, conflict);
    let mut choices = Vec::new();
    if !conflict.off_grid.is_empty() {
        cures.extend(search.finer_grid());
        choices = search.other_bids();
    }
    if cures.is_empty() && choices.is_empty() {
        // What the weights of one interval cannot see: inputs that act through those before it.
        let known = |c: &Candidate| {
            let mut proposed = proposed.iter();
            proposed.any(|p| p.field == c.field && p.up == c.up)
        };
        let mut rest = search.every_candidate();
        rest.retain(|candidate| !known(candidate));
        cures = search.all_of(&rest, conflict);
    }
    Offers {
        cures,
        choices,
        complete: search.left.get() > 0,
    }
}

struct Search<'a> {
    case: &'a Case,
    params: &'a RtSced,
    system: &'a System,
    t: usize,
    multiplier: f64,
    /// Outputs before the first interval, MW.
    start: State,
    /// More than anything could need, MW.
    plenty_mw: f64,
    /// The interval depends on nothing before it, so that the linear program has the last word.
    exact: bool,
    left: Cell<usize>,
}

impl<'a> Search<'a> {
    fn new(case: &'a Case, params: &'a RtSced, system: &'a System, t: usize) -> Search<'a> {
        let start = initial_state(system, params);
        let profile = params.load_profile.iter().copied();
        let most = profile.fold(1.0, f64::max);
        let units = system.generators.iter().chain(&system.ders);
        let given = start.generators.iter().chain(&start.ders);
        let given_first = !params.initial.generators.is_empty();
        let mut generators = system.generators.iter();
        let ramped = generators.any(|g| g.ramp_mw_per_min.is_some());
        let work = (t + 1) * (10 + system.bus_ids.len() + system.limits.len());
        // A trial screens all outages, some times over.
        let work = match system.security {
            None => work,
            Some(_) => SCREENED * work,
        };
        Search {
            case,
            params,
            system,
            t,
            multiplier: params.load_multiplier(t),
            plenty_mw: 1.0
                + units.map(|u| u.max_p_mw).sum::<f64>()
                + given.map(|p| p.abs()).sum::<f64>()
                + most * system.load_mw.iter().map(|p| p.abs()).sum::<f64>(),
            exact: t == 0
                && system.security.is_none()
                && params.method == Method::Optimal
                && (given_first || !ramped),
            start,
            left: Cell::new((WORK / work).clamp(TRIALS.0, TRIALS.1)),
        }
    }

    /// What the conflict says can help.
    fn proposed(&self, conflict: &Conflict) -> Vec<Candidate> {
        let candidates = conflict.limits.keys().filter_map(|&cause| {
            let (field, up) = match cause {
                Cause::TooMuchLoadInAll | Cause::TooLittleLoadInAll => return None,
                Cause::Line(k) => (Field::Line(self.system.line_of(k)), true),
                Cause::RampUp(g) | Cause::RampDown(g) => (Field::Ramp(g), true),
                Cause::Maximum(unit) => (Field::Maximum(unit), true),
                Cause::Minimum(unit) => (Field::Minimum(unit), false),
                Cause::TooMuchLoad(l) => (Field::Load(l), false),
                Cause::TooLittleLoad(l) => (Field::Load(l), true),
            };
            let before = match cause {
                Cause::RampUp(g) => Some((Field::Initial(Unit::Generator(g)), true)),
                Cause::RampDown(g) => Some((Field::Initial(Unit::Generator(g)), false)),
                _ => None,
            };
            let fields = [(field, up)].into_iter().chain(before);
            let cause = Some(cause);
            Some(fields.map(move |(field, up)| Candidate { field, up, cause }))
        });
        let after = |cause: &Cause| matches!(cause, Cause::Line(k) if !self.system.line_limits().contains(k));
        let outages = conflict.limits.keys().any(after).then_some(Candidate {
            field: Field::AfterOutage,
            up: true,
            cause: None,
        });
        let mut all: Vec<Candidate> = outages.into_iter().chain(candidates.flatten()).collect();
        crate::sort::by_key(&mut all, |c| c.field.rank());
        // One line, as it is and after outages.
        all.dedup_by(|b, a| a.field == b.field && a.up == b.up);
        all
    }

    /// The least move that clears the interval as it stands, the intervals before it unchanged, in
    /// the input's unit.
    fn guess(&self, candidate: &Candidate, conflict: &Conflict) -> Option<f64> {
        let cause = candidate.cause?;
        self.left.set(self.left.get().checked_sub(1)?);
        let mw = conflict.least_mw(cause)?;
        match candidate.field {
            Field::Ramp(_) => Some(mw / self.params.interval_minutes),
            Field::Load(_) => (self.multiplier > 0.0).then(|| mw / self.multiplier),
            Field::Initial(_) => (self.t == 0).then_some(mw),
            Field::Line(_) => match (cause, &self.system.security) {
                (Cause::Line(k), Some(s)) if !self.system.line_limits().contains(&k) => {
                    Some(mw / s.rating)
                }
                _ => Some(mw),
            },
            _ => Some(mw),
        }
    }

    /// Every input in every direction.
    fn every_candidate(&self) -> Vec<Candidate> {
        let mut all = Vec::new();
        let mut add = |field: Field, up: bool| {
            let cause = None;
            all.push(Candidate { field, up, cause });
        };
        let generators = 0..self.system.generators.len();
        let ders = (0..self.system.ders.len()).map(Unit::Der);
        self.system
            .line_limits()
            .for_each(|k| add(Field::Line(k), true));
        generators.clone().for_each(|g| add(Field::Ramp(g), true));
        let units = generators.map(Unit::Generator).chain(ders);
        for unit in units {
            add(Field::Maximum(unit), true);
            add(Field::Minimum(unit), false);
            add(Field::Initial(unit), true);
            add(Field::Initial(unit), false);
        }
        for l in 0..self.system.load_mw.len() {
            add(Field::Load(l), false);
            add(Field::Load(l), true);
        }
        all
    }

    /// Those of the candidates that cure, as many as are offered.
    fn all_of(&self, candidates: &[Candidate], conflict: &Conflict) -> Vec<Change> {
        let mut cures: Vec<Change> = Vec::new();
        let (mut loads, mut others) = (0, 0);
        for candidate in candidates {
            let found = match candidate.field {
                Field::Load(_) => &mut loads,
                _ => &mut others,
            };
            if *found >= OFFERED {
                continue;
            }
            let guess = self.guess(candidate, conflict);
            if self.exact && guess.is_none() {
                continue;
            }
            if let Some(value) = self.least(candidate, guess) {
                *found += 1;
                let Candidate { field, up, .. } = *candidate;
                cures.push(Change { field, up, value });
            }
        }
        cures
    }

    /// The value nearest to the present one that clears the interval, rounded away from it to four
    /// digits of the change.
    fn least(&self, candidate: &Candidate, guess: Option<f64>) -> Option<f64> {
        let now = self.now(candidate.field)?;
        let sign = if candidate.up { 1.0 } else { -1.0 };
        let most = sign * (self.end(candidate)? - now);
        if most <= 0.0 {
            return None;
        }
        let cures =
            |value: f64| self.clears(|case, params| self.set(candidate.field, value, case, params));
        // Between `low`, which does not cure, and `high`, which does.
        let (mut low, mut high) = (0.0, None);
        if let Some(guess) = guess {
            let digits = Digits::of(guess);
            let value = digits.outward(now + sign * guess, sign);
            let amount = sign * (value - now);
            if amount <= most && cures(value) {
                let before = digits.next(value, -sign);
                let less = sign * (before - now);
                let half = now + 0.5 * sign * amount;
                if less <= 0.0 || !cures(before) && (self.exact || !cures(half)) {
                    return Some(value);
                }
                high = Some(amount);
            } else if amount <= most {
                low = amount;
            }
        }
        let about = guess.into_iter().flat_map(|g| NEAR.map(|near| near * g));
        let whole = (0..12).map(|k| most * 0.5f64.powi(k));
        let mut amounts: Vec<f64> = about.chain(whole).collect();
        amounts.sort_by(f64::total_cmp);
        for amount in amounts.into_iter().filter(|amount| *amount <= most) {
            match high {
                None if amount <= low => {}
                None if cures(now + sign * amount) => high = Some(amount),
                None => low = amount,
                Some(_) => break,
            }
        }
        let mut high = high?;
        while high > 2.0 * low.max(1e-6) {
            let middle = match low > 0.0 {
                true => (low * high).sqrt(),
                false => high / 8.0,
            };
            match cures(now + sign * middle) {
                true => high = middle,
                false => low = middle,
            }
        }
        let digits = Digits::of(high);
        let end = now + sign * most;
        let last = digits.outward(now + sign * high, sign);
        let mut best = if sign * (last - end) > 0.0 { end } else { last };
        if !cures(best) {
            return None;
        }
        let (mut inner, mut outer) = (digits.inward(now + sign * low, sign), digits.steps(best));
        while (outer - inner).abs() > 1.0 {
            let middle = (0.5 * (inner + outer)).round();
            if cures(digits.value(middle)) {
                outer = middle;
                best = digits.value(middle);
            } else {
                inner = middle;
            }
        }
        // Out of trials, nothing says that less would not do.
        (self.left.get() > 0).then_some(best)
    }

    /// Whether the process with a change reaches beyond interval t.
    fn clears(&self, change: impl FnOnce(&mut Case, &mut RtSced)) -> bool {
        let Some(left) = self.left.get().checked_sub(1) else {
            return false;
        };
        self.left.set(left);
        let (mut case, mut params) = (self.case.clone(), self.params.clone());
        change(&mut case, &mut params);
        let problems = case.validate().into_iter().chain(check(&case, &params));
        if problems.into_iter().any(|p: Problem| p.is_error()) {
            return false;
        }
        security::clears(&case, &params, self.t + 1, self.system)
    }

    /// The input as it is; `None` where the scenario does not have it.
    fn now(&self, field: Field) -> Option<f64> {
        let system = self.system;
        Some(match field {
            Field::Line(k) => system.limits[k].max_p_mw,
            Field::Ramp(g) => system.generators[g].ramp_mw_per_min?,
            Field::Maximum(unit) => system.unit(unit).max_p_mw,
            Field::Minimum(unit) => system.unit(unit).min_p_mw,
            Field::Initial(Unit::Generator(g)) => {
                // The first entry of the list leaves every other generator at 0, which must not
                // matter: without a ramp it does not.
                let given = &self.params.initial.generators;
                let listed = |j: usize| j == g || given.contains_key(&system.generators[j].id);
                let ramped = |j: usize| system.generators[j].ramp_mw_per_min.is_some();
                let all = 0..system.generators.len();
                if !ramped(g) || !all.into_iter().all(|j| listed(j) || !ramped(j)) {
                    return None;
                }
                self.start.generators[g]
            }
            Field::Initial(Unit::Der(d)) => {
                let by_block = self.params.df.rule == Rule::Block
                    && self.params.method == Method::DistributionFactors;
                let matters = self.params.method != Method::Optimal && !by_block;
                if !matters || system.group_of[d].is_none() {
                    return None;
                }
                self.start.ders[d]
            }
            Field::Load(l) => system.load_mw[l],
            Field::AfterOutage => self.params.rating_after_outage,
            Field::GridM => f64::from(self.params.equivalent.m),
        })
    }

    /// How far the input may move; `None` where it cannot move this way.
    fn end(&self, candidate: &Candidate) -> Option<f64> {
        let now = self.now(candidate.field)?;
        let plenty = self.plenty_mw;
        Some(match (candidate.field, candidate.up) {
            (Field::Line(_), _) => now + 4.0 * plenty,
            (Field::Maximum(_), _) => now + plenty,
            (Field::Ramp(_), _) => now + plenty / self.params.interval_minutes,
            (Field::Minimum(_), _) => 0.0,
            (Field::Initial(of), true) => self.system.unit(of).max_p_mw,
            (Field::Initial(of), false) => self.system.unit(of).min_p_mw,
            (Field::Load(_), true) if now < 0.0 => 0.0,
            (Field::Load(_), true) => now + plenty / self.multiplier.max(1e-3),
            (Field::Load(_), false) => 0.0,
            (Field::AfterOutage, _) => RtSced::MAX_RATING_AFTER_OUTAGE,
            (Field::GridM, _) => f64::from(RtSced::MAX_M),
        })
    }

    /// Writes the value of an input.
    fn set(&self, field: Field, value: f64, case: &mut Case, params: &mut RtSced) {
        match field {
            Field::Line(k) => {
                case.branches[self.system.limits[k].branch].max_p_mw = Some(value);
            }
            Field::Ramp(g) => case.generators[g].ramp_mw_per_min = Some(value),
            Field::Maximum(Unit::Generator(g)) => case.generators[g].max_p_mw = value,
            Field::Maximum(Unit::Der(d)) => case.ders[d].max_p_mw = value,
            Field::Minimum(Unit::Generator(g)) => case.generators[g].min_p_mw = value,
            Field::Minimum(Unit::Der(d)) => case.ders[d].min_p_mw = value,
            Field::Initial(Unit::Generator(g)) => {
                let id = self.system.generators[g].id.clone();
                params.initial.generators.insert(id, value);
            }
            Field::Initial(Unit::Der(d)) => {
                let id = self.system.ders[d].id.clone();
                params.initial.ders.insert(id, value);
            }
            Field::Load(l) => case.loads[l].p_mw = value,
            Field::AfterOutage => params.rating_after_outage = value,
            Field::GridM => params.equivalent.m = value as u32,
        }
    }

    /// The least larger M whose grid holds a dispatch.
    fn finer_grid(&self) -> Option<Change> {
        let cures = |&m: &u32| self.clears(|_, params| params.equivalent.m = m);
        let mut finer = self.params.equivalent.m + 1..=RtSced::MAX_M;
        Some(Change {
            field: Field::GridM,
            up: true,
            value: f64::from(finer.find(cures)?),
        })
    }

    /// Other bids of the aggregators that clear the interval.
    fn other_bids(&self) -> Vec<Choice> {
        let try_it = |choice: &Choice| match choice {
            Choice::TightRectangle => {
                let tight = |p: &mut RtSced| p.equivalent.rectangle = Rectangle::Tight;
                let new = self.params.equivalent.rectangle != Rectangle::Tight;
                new && self.clears(|_, params| tight(params))
            }
            Choice::ExactCurve => self.clears(|_, params| params.method = Method::ExactCurve),
        };
        let all = [Choice::TightRectangle, Choice::ExactCurve];
        all.into_iter().filter(try_it).collect()
    }
}
