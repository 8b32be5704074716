//! Why a payment of the day is what it is.
//!
//! With ΔU the change of utility, ΔG that of the cost of generation, S the surplus ΣΔU − ΔG of the whole day as expected
//! at slot t of T, and α the powers, adding up to 1:
//!
//! ```text
//! b_m(t) = [ΔU^m(t) − α_m S(t)] / T,   c(t) = [ΔG(t) + α_0 S(t)] / T               Nash
//! b_m(t) = ΔU^m(t) − α_m S(t), less the same at t − 1                              telescoping
//! b_m(t) = π_m(t) (d_m(t) − d̂_m(t)) Δ                                             prices
//! ```
//!
//! Eq. `[wang2017]`(1.3), (1.9).

use crate::case::text::nearest;
use crate::case::{Subject, SubjectKind};
use crate::market::Failure;
use crate::market::bargaining::model::settle::Gains;
use crate::market::bargaining::outcome::{ByRule, Day, Settled};
use crate::market::bargaining::params::Rule;
use crate::report::words::listed;
use crate::report::{Addend, Explained, Proof, amount};

use super::words::{NOTHING_USD, usd};

/// The payment of one player in one slot.
struct Asked<'a> {
    run: &'a Settled,
    own: &'a ByRule,
    /// Player, the ISO is 0.
    k: usize,
    /// From 0.
    t: usize,
}

/// Why a player pays, or is paid, what it is in slot `step` (from 1) by the rule chosen.
///
/// # Errors
/// No such player or slot.
pub fn explain(
    run: &Settled,
    most_paid_usd: Option<f64>,
    subject: &Subject,
    step: usize,
) -> Result<Explained, Failure> {
    let players = || listed(&run.players);
    if subject.kind != SubjectKind::Party {
        let why = format!(
            "the payments of the day are explained: ask for one of {}",
            players()
        );
        return Err(why.into());
    }
    let k = run.players.iter().position(|id| *id == subject.id);
    let k = k.ok_or_else(|| {
        let near = nearest(&subject.id, run.players.iter().map(String::as_str));
        let meant = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
        let all = players();
        format!(
            "`{}` bargains for nothing: ask for one of {all}.{meant}",
            subject.id
        )
    })?;
    if step == 0 || step > run.slots {
        return Err(format!("there is no slot {step}; choose 1 to {}", run.slots).into());
    }
    let own = run.by_rule().ok_or("the day is not settled")?;
    let asked = Asked {
        run,
        own,
        k,
        t: step - 1,
    };
    let explained = match own.rule {
        Rule::Lmp => asked.at_prices(run.day.as_deref().ok_or("there are no prices")?),
        Rule::Nash => asked.by_bargain(most_paid_usd),
        Rule::Telescoping => asked.by_change(),
    };
    Ok(Explained {
        headline: asked.headline(),
        value: asked.value(),
        unit: "$".into(),
        ..explained
    })
}

fn addend(name: impl Into<String>, value: f64) -> Addend {
    Addend {
        name: name.into(),
        value,
        subject: None,
    }
}

/// ΔU of a DSO, or −ΔG of the ISO: what cooperation is worth to a player before anyone pays, $.
fn worth(gains: &Gains, k: usize, t: usize) -> f64 {
    match k {
        0 => -gains.cost_usd[t],
        _ => gains.utility_usd[k - 1][t],
    }
}

impl Asked<'_> {
    fn id(&self) -> &str {
        &self.run.players[self.k]
    }

    /// What a player pays in a slot, $; what the ISO collects counts against it.
    fn pays(&self, k: usize) -> f64 {
        let settlement = &self.own.settlement;
        match k {
            0 => -settlement.charge_usd[self.t],
            _ => settlement.payments_usd[k - 1][self.t],
        }
    }

    /// The number of the report: what a DSO pays, or the ISO collects, $.
    fn value(&self) -> f64 {
        self.sign() * self.pays(self.k)
    }

    /// The ISO's number is what it collects.
    fn sign(&self) -> f64 {
        if self.k == 0 { -1.0 } else { 1.0 }
    }

    fn headline(&self) -> String {
        let (id, slot, rule) = (self.id(), self.t + 1, self.own.rule.name());
        let does = match (self.k, self.pays(self.k)) {
            (_, paid) if paid.abs() < NOTHING_USD => format!("{id} pays nothing"),
            (0, paid) if paid > 0.0 => format!("{id} pays out {}", usd(paid)),
            (0, paid) => format!("{id} collects {}", usd(-paid)),
            (_, paid) if paid < 0.0 => format!("{id} is paid {}", usd(-paid)),
            (_, paid) => format!("{id} pays {}", usd(paid)),
        };
        format!("{does} in slot {slot}, by {rule}.")
    }

    /// π_m (d_m − d̂_m) Δ; the ISO collects what is paid.
    fn at_prices(&self, day: &Day) -> Explained {
        let payments = &self.own.settlement.payments_usd;
        let Some(m) = self.k.checked_sub(1) else {
            let parts = self.run.players.iter().skip(1).zip(payments);
            return Explained {
                parts: parts.map(|(id, own)| addend(id, own[self.t])).collect(),
                sentences: vec!["It collects what the DSOs pay.".into()],
                ..Explained::default()
            };
        };
        let t = self.t;
        let bus = day.system.dsos[m].bus;
        let price = day.together.lmp[t][bus];
        let (now, plan) = (day.together.dsos[m].import_mw[t], day.plan.import_mw[m][t]);
        let hours = day.system.hours;
        let (id, at) = (self.id(), amount(price, "$/MWh"));
        let mut sentences = vec![format!(
            "{id} takes {} and planned {}: it pays the difference at the price where it meets transmission, {at}.",
            amount(now, "MW"),
            amount(plan, "MW")
        )];
        let tied = day.tied.iter().find(|own| own.slot == t && own.dso == m);
        sentences.extend(tied.map(|own| {
            let (least, most) = own.pays_range_usd;
            format!(
                "Dispatches that are just as good would have it pay {} to {}.",
                amount(least, ""),
                usd(most)
            )
        }));
        Explained {
            parts: vec![
                addend("Import, at the price", price * now * hours),
                addend("Import as planned, at the price", -price * plan * hours),
            ],
            sentences,
            ..Explained::default()
        }
    }

    /// A bargain over the whole day's surplus, a T-th of it.
    fn by_bargain(&self, most_paid_usd: Option<f64>) -> Explained {
        let (run, k, t) = (self.run, self.k, self.t);
        let gains = &run.bargained;
        let surplus = gains.surplus_usd(t);
        if !gains.worth_a_deal(t) {
            return no_deal(surplus);
        }
        let slots = gains.slots();
        let share = 1.0 / slots as f64;
        let keeps: Vec<f64> = (0..run.players.len())
            .map(|k| share * worth(gains, k, t) - self.pays(k))
            .collect();
        let limited = |k: usize| {
            let held = |most: f64| k > 0 && self.pays(k).abs() >= most - NOTHING_USD;
            most_paid_usd.is_some_and(held)
        };
        let (with, without) = self.with_and_without(share);
        let gain = self.sign() * -keeps[k];
        let what = match (limited(k), k) {
            (true, _) => "What its limited payment leaves it",
            (false, 0) => "Its share of the surplus",
            (false, _) => "Its share of the surplus, which it keeps",
        };
        let mut sentences = vec![
            format!(
                "Cooperation is worth {} over the day as expected in slot {}; divided by {slots} slots, it is shared slot by slot.",
                usd(surplus),
                t + 1
            ),
            self.of_worth(share),
            self.of_power(),
        ];
        if run.players.iter().enumerate().any(|(k, _)| limited(k)) {
            let most = usd(most_paid_usd.unwrap_or(f64::INFINITY));
            sentences.push(format!(
                "No DSO pays, or is paid, more than {most} in a slot; the others share what that leaves in proportion to their powers."
            ));
        } else {
            sentences.push("Everybody gains in proportion to its power.".into());
        }
        Explained {
            parts: vec![with, without, addend(what, gain)],
            sentences,
            proofs: proofs(run, "in this slot", &keeps, limited, |k| {
                share * run.powers[k] * surplus
            }),
            ..Explained::default()
        }
    }

    /// A bargain over what the slot has changed.
    fn by_change(&self) -> Explained {
        let (run, k, t) = (self.run, self.k, self.t);
        let gains = &run.gains;
        let (sign, alpha) = (self.sign(), run.powers[k]);
        let agreed = |t: usize| gains.worth_a_deal(t);
        let mut parts = Vec::new();
        let mut add = |t: usize, way: f64, when: &str| {
            if agreed(t) {
                let what = if k == 0 {
                    "Change of cost"
                } else {
                    "Change of utility"
                };
                let gain = format!("Its share of the surplus, {when}");
                parts.push(addend(
                    format!("{what}, {when}"),
                    sign * way * worth(gains, k, t),
                ));
                let share = alpha * gains.surplus_usd(t);
                parts.push(addend(gain, -sign * way * share));
            }
        };
        add(t, 1.0, "as expected now");
        if let Some(before) = t.checked_sub(1) {
            add(before, -1.0, "as expected a slot before");
        }
        if parts.is_empty() {
            return no_deal(gains.surplus_usd(t));
        }
        let mut sentences = vec!["The slot settles what it has changed of the day, so that everybody has its share of the day as expected by then.".into()];
        sentences.push(self.of_power());
        sentences.push(match t {
            0 => format!(
                "Cooperation is worth {} as expected now.",
                usd(gains.surplus_usd(0))
            ),
            _ => format!(
                "Cooperation is worth {} as expected now, {} as expected a slot before.",
                usd(gains.surplus_usd(t)),
                usd(gains.surplus_usd(t - 1))
            ),
        });
        let so_far = &self.own.so_far_usd[t];
        let expected = |k: usize| run.powers[k] * gains.surplus_usd(t);
        Explained {
            parts,
            sentences,
            proofs: match agreed(t) {
                true => proofs(run, "so far", so_far, |_| false, expected),
                false => Vec::new(),
            },
            ..Explained::default()
        }
    }

    /// What the player has with and without cooperation, in the sign of its number, $.
    fn with_and_without(&self, share: f64) -> (Addend, Addend) {
        let (run, k, t) = (self.run, self.k, self.t);
        let values = &run.values;
        let left = run.leaving.as_ref();
        let Some(m) = k.checked_sub(1) else {
            let non = left.map_or(&values.cost_non_usd, |left| &left.cost_usd);
            return (
                addend("Cost with cooperation", share * values.cost_co_usd[t]),
                addend("Cost without", -share * non[t]),
            );
        };
        let non = left.map_or(&values.utility_non_usd, |left| &left.utility_usd);
        (
            addend(
                "Utility with cooperation",
                share * values.utility_co_usd[m][t],
            ),
            addend("Utility without", -share * non[m][t]),
        )
    }

    fn of_worth(&self, share: f64) -> String {
        let id = self.id();
        let own = share * worth(&self.run.bargained, self.k, self.t);
        match (self.k, own >= 0.0) {
            (0, true) => format!("That saves {id} {} of cost in this slot.", usd(own)),
            (0, false) => format!("That costs {id} {} in this slot.", usd(-own)),
            (_, true) => format!("That gives {id} {} of utility in this slot.", usd(own)),
            (_, false) => format!(
                "That takes {} of utility from {id} in this slot.",
                usd(-own)
            ),
        }
    }

    fn of_power(&self) -> String {
        let share = amount(100.0 * self.run.powers[self.k], "%");
        format!("{} has {share} of the bargaining power.", self.id())
    }
}

/// Nothing to share, nobody pays.
fn no_deal(surplus_usd: f64) -> Explained {
    Explained {
        sentences: vec![match surplus_usd < 0.0 {
            true => format!(
                "There is no deal: as expected now cooperation costs {}.",
                usd(-surplus_usd)
            ),
            false => "There is no deal: as expected now there is nothing to share.".into(),
        }],
        ..Explained::default()
    }
}

/// The gain of every player from its values and payments, beside its part of the surplus.
fn proofs(
    run: &Settled,
    when: &str,
    gains: &[f64],
    limited: impl Fn(usize) -> bool,
    expected: impl Fn(usize) -> f64,
) -> Vec<Proof> {
    let players = run.players.iter().enumerate();
    // With a limit those who are free share in proportion to one another.
    let any = (0..gains.len()).any(&limited);
    let free = || (0..gains.len()).filter(|&k| !limited(k));
    let left: f64 = free().map(|k| gains[k]).sum();
    let powers: f64 = free().map(|k| run.powers[k]).sum();
    players
        .filter(|(k, _)| !limited(*k))
        .map(|(k, id)| Proof {
            name: format!("gain of {id} {when}"),
            predicted: match any {
                true => left * run.powers[k] / powers,
                false => expected(k),
            },
            solved: gains[k],
            unit: "$".into(),
        })
        .collect()
}
