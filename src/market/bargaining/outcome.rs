//! Everything that a sentence, table or chart of a day may show.

use std::rc::Rc;

use crate::opt::Certificate;

use super::model::beside::End;
use super::model::operation::{NoDispatch, Plan};
use super::model::relief::Unserved;
use super::model::rolling_horizon::{Cooperation, Realized};
use super::model::settle::{Gains, Settlement, jain, per_slot, telescoping};
use super::model::studies::Studies;
use super::model::system::System;
use super::params::{Bargaining, Given, Rule};

/// How a day ended.
pub enum Outcome {
    Settled(Box<Settled>),
    /// No dispatch serves the day.
    Unserved(Unserved),
}

/// A day with its values and what they are settled to.
pub struct Settled {
    /// The ISO first.
    pub players: Vec<String>,
    pub slots: usize,
    pub minutes_per_slot: f64,
    pub values: Given,
    /// Against the day without cooperation.
    pub gains: Gains,
    /// Against the disagreement chosen.
    pub bargained: Gains,
    /// The disagreement chosen, where it is not the day without cooperation.
    pub leaving: Option<Leaving>,
    /// Every rule that can be settled.
    pub rules: Vec<ByRule>,
    pub chosen: Rule,
    /// Adding up to 1.
    pub powers: Vec<f64>,
    pub day: Option<Rc<Day>>,
    /// What was asked beside the day, or why it has no answer.
    pub studies: Result<Studies, NoDispatch>,
}

/// The day as expected at each slot if cooperation ended there, with its slots so far as they were.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// By DSO and slot, $.
    pub utility_usd: Vec<Vec<f64>>,
    /// By slot, $.
    pub cost_usd: Vec<f64>,
}

/// The day settled by one rule.
pub struct ByRule {
    pub rule: Rule,
    pub settlement: Settlement,
    /// Net benefits so far by slot and player, the ISO first, $.
    pub so_far_usd: Vec<Vec<f64>>,
    /// Net benefits of the day by player, $.
    pub benefits_usd: Vec<f64>,
    /// Jain's index of the net benefits of the day, where something is shared.
    pub jain: Option<f64>,
}

impl ByRule {
    /// Adds what a settlement leaves each player so far, slot by slot in $, and Jain's index of the day.
    pub fn new(rule: Rule, settlement: Settlement, gains: &Gains) -> ByRule {
        let slots = 0..gains.slots();
        let so_far: Vec<_> = slots.map(|t| settlement.benefits_usd(gains, t)).collect();
        let benefits_usd = so_far.last().cloned().unwrap_or_default();
        ByRule {
            rule,
            settlement,
            so_far_usd: so_far,
            jain: jain(&benefits_usd),
            benefits_usd,
        }
    }

    /// What each player pays over the day, the ISO first, $: what it pays is minus what it collects.
    pub fn paid_usd(&self) -> Vec<f64> {
        let mut paid = vec![-self.settlement.collected_usd()];
        paid.extend(self.settlement.paid_usd());
        paid
    }

    /// Whether anything is agreed on by the end of the day.
    pub fn agreed(&self) -> bool {
        self.settlement.agreed.last() == Some(&true)
    }
}

/// The day by both bargains, from the gains against the day without cooperation and against the
/// disagreement chosen.
pub fn bargains(
    (gains, bargained): (&Gains, &Gains),
    params: &Bargaining,
    powers: &[f64],
) -> [ByRule; 2] {
    let nash = per_slot(bargained, powers, params.most_paid_usd);
    [
        ByRule::new(Rule::Nash, nash, gains),
        ByRule::new(Rule::Telescoping, telescoping(gains, powers), gains),
    ]
}

impl Settled {
    /// The day by the rule chosen.
    pub fn by_rule(&self) -> Option<&ByRule> {
        self.rules.iter().find(|own| own.rule == self.chosen)
    }

    /// S′ at the end of the day against the day without cooperation, $.
    pub fn surplus_usd(&self) -> f64 {
        self.gains.surplus_usd(self.slots.saturating_sub(1))
    }

    /// Slots, from 0, at which there is no deal.
    pub fn without_deal(&self) -> Vec<usize> {
        let slots = 0..self.slots;
        slots.filter(|&t| !self.bargained.worth_a_deal(t)).collect()
    }
}

/// A day as it went, with cooperation and without.
pub struct Day {
    pub system: Rc<System>,
    pub plan: Rc<Plan>,
    pub together: Cooperation,
    /// Each DSO on its own.
    pub apart: Vec<Realized>,
    /// Cost of each generator as planned, by generator and slot, $.
    pub planned_usd: Vec<Vec<f64>>,
    /// Flow of every branch by slot, cooperating, MW.
    pub flows_mw: Vec<Vec<f64>>,
    /// Payments at prices that depend on a tie.
    pub tied: Vec<TiedPayment>,
    pub besides: Besides,
    pub certificates: Vec<Certificate>,
}

/// What days beside the day end with, or why no dispatch serves them.
#[derive(Default)]
pub struct Besides {
    /// Without batteries, where the day has some.
    pub bare: Option<Result<End, Unserved>>,
    pub scenarios: Vec<Result<End, Unserved>>,
    /// Ids of the profiles, and what multiplies their errors, by scenario.
    pub profiles: Vec<String>,
    pub factors: Vec<Vec<f64>>,
}

impl Besides {
    /// Their certificates, each the worst of a roll.
    pub fn proofs(&self) -> Vec<Certificate> {
        let served = self.bare.iter().chain(&self.scenarios).flatten();
        served.flat_map(|end| end.proofs.clone()).collect()
    }
}

/// What batteries add to utilities less generation cost at the end of the day, $: as planned, cooperating,
/// and without cooperation.
pub struct StorageValue {
    pub planned_usd: f64,
    pub together_usd: f64,
    pub apart_usd: f64,
}

/// A payment at prices that equally good dispatches of its slot would change; the slots before are as they
/// were carried out.
pub struct TiedPayment {
    pub slot: usize,
    pub dso: usize,
    pub import_mw: f64,
    /// At the price of the boundary.
    pub pays_usd: f64,
    /// Least and greatest import of such dispatches, and the payments.
    pub import_range_mw: (f64, f64),
    pub pays_range_usd: (f64, f64),
}

/// Payments apart by less are not worth a word, $.
const WORTH_USD: f64 = 0.01;

impl Day {
    /// Adds what follows from the day: planned costs, flows of all branches, and the payments that a tie
    /// could change.
    pub fn new(
        (system, plan): (Rc<System>, Rc<Plan>),
        together: Cooperation,
        apart: Vec<Realized>,
        besides: Besides,
        certificates: Vec<Certificate>,
    ) -> Day {
        let planned = system.units.iter().zip(&plan.reserved.p_mw);
        let planned = planned.map(|(unit, own)| {
            own.iter()
                .map(|p| unit.cost_usd(*p) * system.hours)
                .collect()
        });
        let mut day = Day {
            planned_usd: planned.collect(),
            flows_mw: Vec::new(),
            tied: Vec::new(),
            system,
            plan,
            together,
            apart,
            besides,
            certificates,
        };
        day.flows_mw = (0..day.system.slots).map(|t| day.flows_mw(t)).collect();
        day.tied = day.tied_payments();
        day
    }

    /// π_m(t) (d_m(t) − d̂_m(t)) at an import, with the real-time price of the boundary, $.
    ///
    /// Eq. `[wang2017]`(1.3) b.
    fn pays_usd(&self, m: usize, t: usize, import_mw: f64) -> f64 {
        let price = self.together.lmp[t][self.system.dsos[m].bus];
        price * (import_mw - self.plan.import_mw[m][t]) * self.system.hours
    }

    /// What the batteries add; `None` where there are none, or no day without them.
    ///
    /// Eq. `[wang2017]`(1.10) V.
    pub fn storage_value(&self) -> Option<StorageValue> {
        let bare = self.besides.bare.as_ref()?.as_ref().ok()?;
        let utilities = |all: &[Realized]| {
            let last = all.iter().filter_map(|own| own.utility_usd.last());
            last.sum::<f64>()
        };
        let planned = self.plan.dispatch.dsos.iter().map(|own| own.utility_usd);
        let as_planned = self.plan.day_cost_usd();
        let cost = self.together.cost_usd.last().copied().unwrap_or_default();
        Some(StorageValue {
            planned_usd: planned.sum::<f64>() - as_planned - bare.planned_usd,
            together_usd: utilities(&self.together.dsos) - cost - bare.together_usd(),
            apart_usd: utilities(&self.apart) - as_planned - bare.apart_usd(),
        })
    }

    /// Deviations from the plan settled at the real-time price of the boundary.
    pub fn at_prices(&self) -> Settlement {
        let dsos = self.together.dsos.iter().enumerate();
        let payments = dsos.map(|(m, own)| {
            let imports = own.import_mw.iter().enumerate();
            imports.map(|(t, d)| self.pays_usd(m, t, *d)).collect()
        });
        Settlement::of_payments(payments.collect())
    }

    fn flows_mw(&self, t: usize) -> Vec<f64> {
        let system = &self.system;
        let mut injection: Vec<f64> = system.load_mw.iter().map(|p| -p).collect();
        for (unit, output) in system.units.iter().zip(&self.together.output_mw) {
            injection[unit.bus] += output[t];
        }
        for (dso, own) in system.dsos.iter().zip(&self.together.dsos) {
            injection[dso.bus] -= own.import_mw[t];
        }
        // What the solver leaves open is far below a watt; no bus may be left with it.
        let off = injection.iter().sum::<f64>() / injection.len() as f64;
        for p in &mut injection {
            *p -= off;
        }
        system.network.flows_mw(&injection)
    }

    fn tied_payments(&self) -> Vec<TiedPayment> {
        let mut list = Vec::new();
        for (slot, ranges) in self.together.tied_import_mw.iter().enumerate() {
            for (dso, &(least, most)) in ranges.iter().enumerate() {
                let pays = |import| self.pays_usd(dso, slot, import);
                let (a, b) = (pays(least), pays(most));
                if (a - b).abs() <= WORTH_USD {
                    continue;
                }
                let import_mw = self.together.dsos[dso].import_mw[slot];
                list.push(TiedPayment {
                    slot,
                    dso,
                    import_mw,
                    pays_usd: pays(import_mw),
                    import_range_mw: (least, most),
                    pays_range_usd: (a.min(b), a.max(b)),
                });
            }
        }
        list
    }
}
