//! Who trades, and at what price?
//!
//! One folder per mechanism, each keeping the same [`Contract`]; what two of them need is `shared`. They are
//! declared here and listed at the end.

#[cfg(feature = "bargaining")]
pub mod bargaining;
#[cfg(feature = "bsp_bidding")]
pub mod bsp_bidding;
#[cfg(feature = "community")]
pub mod community;
mod contract;
#[cfg(feature = "power_flow")]
pub mod power_flow;
#[cfg(feature = "residual_supply")]
pub mod residual_supply;
#[cfg(feature = "rt_sced")]
pub mod rt_sced;
pub mod shared;
mod view;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Case, Problem, Subject, json};
use crate::inputs::{self, Fields, Section};
use crate::report::map::{Asked, Map, Named};
use crate::report::plots::Picture;
use crate::report::units::{Units, listed};
use crate::report::{Explained, Facts, Probe, Report};

pub use contract::{Answered, Context, Contract, Failure, Pieces, run, run_with};
pub use view::View;

/// What a question may be solved with, beside its case.
#[derive(Clone, Copy, Default)]
pub struct With<'a> {
    /// Pieces made elsewhere.
    pub pieces: &'a [String],
    pub prepared: Option<&'a Prepared>,
    /// The question answered last.
    pub last: Last<'a>,
}

/// The question answered last, of whichever mechanism.
pub type Last<'a> = Option<(&'a Case, &'a Mechanism, &'a Outcome)>;

/// The question answered last where it is of the mechanism named.
macro_rules! last_of {
    ($last:expr, $Name:ident) => {
        match $last {
            Some((case, Mechanism::$Name(params), Outcome::$Name(outcome))) => Some(Answered {
                case,
                params,
                outcome,
            }),
            _ => None,
        }
    };
}

/// Lists the mechanisms, a line each: feature, folder, type of the question, name in the enums.
macro_rules! mechanisms {
    ($($feature:literal: $module:ident :: $Question:ident as $Name:ident),* $(,)?) => {
        /// The question to a mechanism; one per folder.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Mechanism {
            $(#[cfg(feature = $feature)] $Name($module::$Question),)*
        }

        /// The outcome of a question.
        #[allow(clippy::large_enum_variant, reason = "a session holds one")]
        pub enum Outcome {
            $(#[cfg(feature = $feature)] $Name(<$module::$Question as Contract>::Outcome),)*
        }

        /// What the pieces of a question begin with.
        #[allow(clippy::large_enum_variant, reason = "a session holds one")]
        pub enum Prepared {
            $(#[cfg(feature = $feature)] $Name(<$module::$Question as Contract>::Prepared),)*
        }

        /// Kinds of the mechanisms, as in the JSON form.
        pub const KINDS: &[&str] = &[$(#[cfg(feature = $feature)] <$module::$Question as Contract>::KIND),*];

        impl Mechanism {
            /// As in the JSON form.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(_) => <$module::$Question as Contract>::KIND,)*
                }
            }

            /// The question of a kind from its fields; `None` where there is no such kind.
            pub fn of_kind(kind: &str, fields: Value) -> Option<Result<Mechanism, Problem>> {
                match kind {
                    $(#[cfg(feature = $feature)] <$module::$Question as Contract>::KIND => Some(
                        json::typed::<$module::$Question>(fields, "mechanism").map(Mechanism::$Name),
                    ),)*
                    _ => None,
                }
            }

            /// Inputs of a kind that once were named otherwise or are now of the view:
            /// [`Contract::RENAMED`] and [`Contract::VIEWED`].
            pub fn moved(kind: &str) -> [&'static [(&'static str, &'static str)]; 2] {
                match kind {
                    $(#[cfg(feature = $feature)] <$module::$Question as Contract>::KIND => [
                        <$module::$Question as Contract>::RENAMED,
                        <$module::$Question as Contract>::VIEWED,
                    ],)*
                    _ => [&[], &[]],
                }
            }

            /// [`Contract::OPEN_MAPS`] of a kind.
            pub fn open_maps(kind: &str) -> &'static [&'static str] {
                match kind {
                    $(#[cfg(feature = $feature)] <$module::$Question as Contract>::KIND => {
                        <$module::$Question as Contract>::OPEN_MAPS
                    })*
                    _ => &[],
                }
            }

            /// [`Contract::module`].
            pub fn module(&self) -> &'static str {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.module(),)*
                }
            }

            /// [`Contract::physics`].
            pub fn physics(&self) -> Vec<&'static str> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.physics(),)*
                }
            }

            /// [`Contract::PICTURES`].
            pub fn pictures(&self) -> &'static [Picture] {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(_) => {
                        <$module::$Question as Contract>::PICTURES
                    })*
                }
            }

            /// [`Contract::UNITS`].
            pub fn units(&self) -> Units {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(_) => {
                        <$module::$Question as Contract>::UNITS
                    })*
                }
            }

            /// [`Contract::compared`].
            pub fn compared(&self, case: &Case) -> &'static str {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        Contract::compared(question, case)
                    })*
                }
            }

            /// [`Contract::solve`], with pieces made elsewhere and the question answered last.
            ///
            /// # Errors
            /// As there.
            pub fn solve(&self, case: &Case, with: With) -> Result<Outcome, Failure> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        let context = Context {
                            pieces: with.pieces,
                            prepared: match with.prepared {
                                Some(Prepared::$Name(prepared)) => Some(prepared),
                                _ => None,
                            },
                            last: last_of!(with.last, $Name),
                            markets: &MARKETS,
                        };
                        question.solve(case, &context).map(Outcome::$Name)
                    })*
                }
            }

            /// [`Contract::prepare`].
            ///
            /// # Errors
            /// As there.
            pub fn prepare(&self, case: &Case) -> Result<Option<Prepared>, Failure> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        Ok(question.prepare(case)?.map(Prepared::$Name))
                    })*
                }
            }

            /// [`Contract::piece`].
            ///
            /// # Errors
            /// As there.
            pub fn piece(
                &self,
                case: &Case,
                prepared: Option<&Prepared>,
                k: usize,
            ) -> Result<String, Failure> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        let prepared = match prepared {
                            Some(Prepared::$Name(prepared)) => Some(prepared),
                            _ => None,
                        };
                        question.piece(case, prepared, k)
                    })*
                }
            }

            /// [`Contract::report`]; an empty report where the outcome is of another mechanism.
            pub fn report(&self, case: &Case, outcome: &Outcome, view: &View) -> Report {
                match (self, outcome) {
                    $(#[cfg(feature = $feature)] (Mechanism::$Name(question), Outcome::$Name(outcome)) => {
                        question.report(case, outcome, view)
                    })*
                    #[allow(unreachable_patterns, reason = "with one mechanism alone")]
                    _ => Report::default(),
                }
            }

            /// [`Contract::probe`].
            ///
            /// # Errors
            /// As there, and for the outcome of another mechanism.
            pub fn probe(
                &self,
                case: &Case,
                outcome: &Outcome,
                view: &View,
                key: &str,
                at: (f64, f64),
            ) -> Result<Probe, Failure> {
                match (self, outcome) {
                    $(#[cfg(feature = $feature)] (Mechanism::$Name(question), Outcome::$Name(outcome)) => {
                        question.probe(case, outcome, view, key, at)
                    })*
                    #[allow(unreachable_patterns, reason = "with one mechanism alone")]
                    _ => Err("the outcome is of another mechanism".into()),
                }
            }

            /// [`Contract::compare`].
            pub fn compare(&self, case: &Case) -> Option<Result<Report, Failure>> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.compare(
                        case,
                        &Context { pieces: &[], prepared: None, last: None, markets: &MARKETS },
                    ),)*
                }
            }

            /// [`Contract::complete`].
            pub fn complete(&mut self, case: &Case) {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.complete(case),)*
                }
            }

            /// [`Contract::fit`].
            pub fn fit(&mut self, case: &Case) {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.fit(case),)*
                }
            }

            /// [`Contract::complete_view`].
            pub fn complete_view(&self, case: &Case, view: &mut View) {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.complete_view(case, view),)*
                }
            }

            /// What is wrong with the inputs: their ranges, and [`Contract::check`].
            pub fn check(&self, case: &Case) -> Vec<Problem> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        let inputs = question.inputs(&Fields::of(question), case);
                        let units = listed(<$module::$Question as Contract>::UNITS);
                        let mut problems = inputs::problems(&inputs, &units);
                        let ranges: Vec<String> = problems.iter().map(|p| p.field.clone()).collect();
                        let rules = question.check(case).into_iter();
                        problems.extend(rules.filter(|p| !ranges.contains(&p.field)));
                        if !<$module::$Question as Contract>::DC_LINES && !case.dc_lines.is_empty() {
                            problems.push(Problem::error("case.dc_lines", "This market has no DC lines. Remove them, or put a load and a generator in their place."));
                        }
                        problems
                    })*
                }
            }

            /// [`Contract::inputs`].
            pub fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.inputs(fields, case),)*
                }
            }

            /// [`Contract::check_view`].
            pub fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.check_view(case, view),)*
                }
            }

            /// [`Contract::explain_viewed`].
            ///
            /// # Errors
            /// As there, and for the outcome of another mechanism.
            pub fn explain(&self, case: &Case, outcome: &Outcome, view: &View, asked: (&Subject, usize)) -> Result<Explained, Failure> {
                match (self, outcome) {
                    $(#[cfg(feature = $feature)] (Mechanism::$Name(question), Outcome::$Name(outcome)) => question.explain_viewed(case, outcome, view, asked),)*
                    #[allow(unreachable_patterns, reason = "with one mechanism alone")]
                    _ => Err("the outcome is of another mechanism".into()),
                }
            }

            /// [`Contract::regime_viewed`]; nothing where the outcome is of another mechanism.
            pub fn regime(&self, outcome: &Outcome, view: &View) -> Facts {
                match (self, outcome) {
                    $(#[cfg(feature = $feature)] (Mechanism::$Name(question), Outcome::$Name(outcome)) => question.regime_viewed(outcome, view),)*
                    #[allow(unreachable_patterns, reason = "with one mechanism alone")]
                    _ => Facts::default(),
                }
            }

            /// [`Contract::map`], of cases with their questions.
            ///
            /// # Errors
            /// As there, and for samples of another mechanism.
            pub fn map(&self, samples: &[(&Case, &Mechanism)], asked: &Asked, named: &[Named; 2]) -> Result<Map, Failure> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(_) => {
                        let own = samples.iter().map(|(case, mechanism)| match mechanism {
                            Mechanism::$Name(question) => Some((*case, question)),
                            #[allow(unreachable_patterns, reason = "with one mechanism alone")]
                            _ => None,
                        });
                        let own: Option<Vec<_>> = own.collect();
                        let own = own.ok_or("the samples are of another mechanism")?;
                        <$module::$Question as Contract>::map(&own, asked, named)
                    })*
                }
            }

            /// [`Contract::lp_file`].
            ///
            /// # Errors
            /// As there.
            pub fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => question.lp_file(case, step),)*
                }
            }

            /// [`Contract::pieces`].
            pub fn pieces(&self, case: &Case, last: Last) -> Option<Pieces> {
                match self {
                    $(#[cfg(feature = $feature)] Mechanism::$Name(question) => {
                        question.pieces(case, last_of!(last, $Name).as_ref())
                    })*
                }
            }
        }
    };
}

mechanisms![
    "rt_sced": rt_sced::RtSced as RtSced,
    "residual_supply": residual_supply::ResidualSupply as ResidualSupply,
    "bargaining": bargaining::Bargaining as Bargaining,
    "bsp_bidding": bsp_bidding::BspBidding as BspBidding,
    "community": community::CommunityMarket as Community,
    "power_flow": power_flow::PowerFlow as PowerFlow,
];

/// The module of the browser that has everything. That of one mechanism has what its presets need (`PARTS` in
/// `xtask/src/wasm.rs`), but not every market that a question may hand on to.
pub const WHOLE: &str = "tandem";

/// What mechanisms may ask of each other's markets.
#[cfg(feature = "residual_supply")]
pub const MARKETS: shared::coupling::Markets = residual_supply::MARKETS;

/// A build without the balancing market has none to ask.
#[cfg(not(feature = "residual_supply"))]
pub const MARKETS: shared::coupling::Markets = shared::coupling::NONE;
