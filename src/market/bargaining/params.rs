//! What the mechanism is asked.

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::network::formulation::feeder::Physics;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// A day of ISO and DSOs, with the gain of cooperation shared by one of three rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Bargaining {
    /// The rule that the ledger and the headline follow; the report shows all.
    pub settlement: Rule,
    /// What each player falls back on in a bargain.
    pub disagreement: Disagreement,
    /// Bargaining powers of the ISO and the DSOs by feeder; players not named, or all if empty, have
    /// a weight of 1.
    pub powers: Vec<Power>,
    /// Most that a DSO pays, or is paid, in a slot of the Nash bargain, $; any amount where empty.
    pub most_paid_usd: Option<f64>,
    /// How feeders are modelled.
    pub physics: Physics,
    /// Values of a day to settle; the day is computed from the case where empty.
    pub given: Option<Given>,
    /// Slot from 1 that the coalitions and the misreport are about.
    pub slot: usize,
    /// Values of all coalitions at that slot, with Shapley value, nucleolus and core.
    pub coalitions: bool,
    /// The plan of the day before by prices and quantities alone, beside the one in one program.
    pub decomposition: bool,
    /// The common dispatch of that slot and the rest of its day by prices and quantities alone, beside the
    /// one in one program.
    pub real_time_exchange: bool,
    /// The bargain before the day, over scenarios of the forecast errors.
    pub risk: Risk,
    /// What a DSO gains by reporting other wishes than it has; not asked at 0 %.
    pub misreport: Misreport,
}

impl Default for Bargaining {
    fn default() -> Self {
        Bargaining {
            settlement: Rule::default(),
            disagreement: Disagreement::default(),
            powers: Vec::new(),
            most_paid_usd: None,
            physics: Physics::default(),
            given: None,
            slot: 1,
            coalitions: false,
            decomposition: false,
            real_time_exchange: false,
            risk: Risk::default(),
            misreport: Misreport::default(),
        }
    }
}

/// How the gain is shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Deviations from the plan at the real-time price of the boundary.
    Lmp,
    /// A Nash bargain in every slot, as published.
    #[default]
    Nash,
    /// A Nash bargain over what the slot has changed.
    Telescoping,
}

impl Rule {
    /// Every rule, prices first.
    pub const ALL: [Rule; 3] = [Rule::Lmp, Rule::Nash, Rule::Telescoping];

    /// As in the JSON form and in ids of series.
    pub fn id(self) -> &'static str {
        self.words().0
    }

    /// In a word, where the context says what it is.
    pub fn short(self) -> &'static str {
        self.words().1
    }

    /// In words, as the reader sees it.
    pub fn name(self) -> &'static str {
        self.words().2
    }

    /// The same where there is hardly room, explained by whoever writes it.
    pub fn sign(self) -> &'static str {
        match self {
            Rule::Lmp => "LMP",
            Rule::Nash => "Nash",
            Rule::Telescoping => "Δ",
        }
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Rule::Lmp => ("lmp", "prices", "prices at the boundary"),
            Rule::Nash => ("nash", "every slot", "Nash bargain in every slot"),
            Rule::Telescoping => ("telescoping", "telescoping", "telescoping Nash bargain"),
        }
    }
}

/// Without an agreement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// A day without cooperation from its start, as published. The surplus of a slot may then be
    /// negative.
    #[default]
    Shadow,
    /// Cooperation so far, none from the slot on. The surplus is then never negative.
    Rebased,
}

/// Weight of a player in the bargain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// `ISO`, or the id of a feeder.
    pub id: String,
    pub weight: f64,
}

/// Values of the whole day as expected at each slot, $.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub dsos: Vec<String>,
    /// Utility with and without cooperation, by DSO and slot.
    pub utility_co_usd: Vec<Vec<f64>>,
    pub utility_non_usd: Vec<Vec<f64>>,
    /// Generation cost with and without cooperation, by slot.
    pub cost_co_usd: Vec<f64>,
    pub cost_non_usd: Vec<f64>,
}

/// A DSO that reports other wishes than it has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Misreport {
    /// Id of a feeder; the first DSO where empty.
    pub dso: String,
    pub of: Wish,
    /// Largest change reported, in %, up and down.
    pub percent: f64,
}

/// Scenarios of the forecast errors, and how much each player minds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Risk {
    /// Scenarios drawn, of equal probability; no bargain under risk at 0.
    pub scenarios: usize,
    /// Start of the random numbers.
    pub seed: u64,
    /// Standard deviation of the factors that the day's forecast errors are multiplied by; their mean is 0.
    pub spread: f64,
    /// Part of the scenarios, the worst ones, that CVaR is the mean of.
    pub tail: f64,
    /// Weight of CVaR in what a player's gain is worth to it, 0 to 1, by `ISO` and feeder; 0 of a player not
    /// named.
    pub aversion: Vec<Power>,
    /// Factors by scenario and profile of the day, instead of those drawn.
    pub factors: Vec<Vec<f64>>,
}

impl Default for Risk {
    fn default() -> Self {
        Risk {
            scenarios: 0,
            seed: 1,
            spread: 1.0,
            tail: 0.25,
            aversion: Vec::new(),
            factors: Vec::new(),
        }
    }
}

impl Risk {
    /// How many scenarios there are.
    pub fn count(&self) -> usize {
        match self.factors.len() {
            0 => self.scenarios,
            given => given,
        }
    }

    /// Whether another question has the same scenarios.
    pub fn same_draws(&self, other: &Risk) -> bool {
        let drawn = |risk: &Risk| (risk.count(), risk.seed, risk.spread.to_bits());
        drawn(self) == drawn(other) && self.factors == other.factors
    }
}

/// What is misreported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// How steep its utilities are, u.
    #[default]
    Worth,
    /// The power and energy it prefers, P̃ and Ẽ.
    Preferred,
}

/// Name of the ISO among the players.
pub const ISO: &str = "ISO";

impl Bargaining {
    /// The ids of the DSOs: of the values given, or the feeders of a case.
    pub fn dsos<'a>(&'a self, case: &'a Case) -> Vec<&'a str> {
        match &self.given {
            Some(given) => given.dsos.iter().map(String::as_str).collect(),
            None => case.boundaries.iter().map(|b| b.feeder.as_str()).collect(),
        }
    }

    /// Writes out what is left empty and what a form can change: a weight of 1, the DSO of a misreport.
    pub fn complete(&mut self, case: &Case) {
        let dsos: Vec<String> = self.dsos(case).into_iter().map(str::to_string).collect();
        if let (true, Some(dso)) = (self.misreport.dso.is_empty(), dsos.first()) {
            self.misreport.dso.clone_from(dso);
        }
        for id in [ISO.to_string()].into_iter().chain(dsos) {
            let named = self.risk.aversion.iter().any(|own| own.id == id);
            if self.risk.count() > 0 && !named {
                let id = id.clone();
                self.risk.aversion.push(Power { id, weight: 0.0 });
            }
            if self.powers.iter().all(|power| power.id != id) {
                self.powers.push(Power { id, weight: 1.0 });
            }
        }
    }

    /// Weight of every player in the order given.
    pub fn weights(&self, players: &[String]) -> Vec<f64> {
        named(&self.powers, players, 1.0)
    }

    /// Weight of CVaR of every player in the order given.
    pub fn aversions(&self, players: &[String]) -> Vec<f64> {
        named(&self.risk.aversion, players, 0.0)
    }
}

/// The weight that a list gives each player, and that of one not named.
fn named(list: &[Power], players: &[String], otherwise: f64) -> Vec<f64> {
    let weight = |player: &String| {
        let own = list.iter().find(|power| power.id == *player);
        own.map_or(otherwise, |power| power.weight)
    };
    players.iter().map(weight).collect()
}
