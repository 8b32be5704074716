//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::quantity;
use crate::report::words::{changed, counted, percent_change};
use crate::report::{Badge, Quantity, Tone, plain};

use super::answer::Run;
use super::game::End;
use super::outcome::Outcome;
use super::params::Behaviour;
use super::schemes::Scheme;

fn usd(value: f64) -> String {
    format!("{} $", plain(value, 2))
}

fn percent(value: f64) -> String {
    format!("{} %", plain(value, 2))
}

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    let system = &run.system;
    let of = |b: Behaviour| {
        run.outcome(b)
            .map(|o| (o.cost_usd(system), o.payment_usd(system)))
    };
    let (Some(alone), Some((cost, paid))) = (of(Behaviour::TsoOnly), of(run.behaviour)) else {
        return String::new();
    };
    match run.behaviour {
        Behaviour::TsoOnly => format!(
            "The TSO covers everything for {}, and lines of the feeder carry {} MWh more than they may",
            usd(cost),
            plain(run.shown().map_or(0.0, |o| o.overload_mwh(system)), 4)
        ),
        behaviour => format!(
            "Local resources, {}: activation costs {} ({} with the TSO alone), the DSO pays {} ({} with it), and {} of that is rent",
            behaviour.name(),
            usd(cost),
            changed(cost, alone.0, 2, "$"),
            usd(paid),
            changed(paid, alone.1, 2, "$"),
            usd(paid - cost),
        ),
    }
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let mut list = Vec::new();
    let mut badge = |good: bool, yes: String, no: String| {
        list.push(Badge {
            text: if good { yes } else { no },
            tone: if good { Tone::Good } else { Tone::Bad },
        });
    };
    let open = run.certificates.iter().filter(|c| !c.certified).count();
    if !run.certificates.is_empty() {
        badge(
            open == 0,
            format!("{} certified", counted(run.certificates.len(), "market")),
            format!("{} not certified", counted(open, "market")),
        );
    }
    if let Some(shown) = run.shown() {
        let over = shown.overload_mwh(run.system);
        badge(
            over < 1e-6,
            "no overload".into(),
            format!("{} MWh over limits", plain(over, 4)),
        );
    }
    let strategic = run.outcome(Behaviour::Strategic);
    if let Some(strategic) = strategic {
        let answers = || strategic.periods.iter().filter_map(|p| p.answer.as_ref());
        if answers().next().is_some() {
            let open = answers()
                .filter(|a| a.stopped || !a.bound.is_finite())
                .count();
            badge(
                open == 0,
                "best bids proven".into(),
                format!("{} without proof", counted(open, "hour")),
            );
        }
    }
    let worst = run
        .second
        .iter()
        .map(|s| s.safety.sample_over_mw.max(s.safety.row_over_mw));
    let worst = worst.fold(f64::NEG_INFINITY, f64::max);
    badge(
        worst <= 1e-7,
        "second stage safe in any combination".into(),
        format!("second stage over a limit by {} MW", plain(worst, 6)),
    );
    let before_last = list.len().saturating_sub(1);
    list.splice(
        before_last..before_last,
        strategic.and_then(|own| rest(run, own)),
    );
    list
}

/// Whether the owners' answers came to an equilibrium, and up to which gain.
fn rest(run: &Run, strategic: &Outcome) -> Option<Badge> {
    let all = || {
        strategic
            .periods
            .iter()
            .filter_map(|p| p.equilibrium.as_ref())
    };
    all().next()?;
    let count = |ends: &[End]| all().filter(|e| ends.contains(&e.end)).count();
    let moving = all().count() - count(&[End::Settled, End::Near]);
    let near = count(&[End::Near]);
    let badge = |text: String, tone: Tone| Some(Badge { text, tone });
    if moving > 0 {
        let text = format!("no equilibrium found in {}", counted(moving, "hour"));
        return badge(text, Tone::Bad);
    }
    if near == 0 {
        return badge("equilibrium in every hour".into(), Tone::Good);
    }
    let h = run.system.hours_per_period;
    let (usd, share) = all()
        .map(|e| e.epsilon())
        .fold((0.0_f64, 0.0_f64), |most, e| {
            (most.0.max(e.0 * h), most.1.max(e.1))
        });
    let text = format!(
        "ε-equilibrium: in {} an owner could gain up to {} $ ({} of its profit)",
        counted(near, "hour"),
        plain(usd, 4),
        percent(share)
    );
    badge(text, Tone::Neutral)
}

/// What the first player's best bids earn beyond the reader's, $.
fn regret(run: &Run) -> Option<f64> {
    // Among several the best answer is to bids that move.
    if run.players.len() > 1 {
        return None;
    }
    let best = run.outcome(Behaviour::Strategic)?;
    let own = run.outcome(Behaviour::Own)?;
    let player = run.player();
    let gap = |o: &Outcome| o.profit_of_usd(run.system, player);
    Some(gap(best) - gap(own))
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let mut list = Vec::new();
    let mut add = |id: String, name: String, value: f64, unit: &str, note: &str| {
        list.push(quantity(id, name, value, unit, note));
    };
    let system = &run.system;
    let h = system.hours_per_period;
    let total: f64 = system
        .hours
        .iter()
        .map(|hour| hour.imbalance_mw.abs())
        .sum::<f64>()
        * h;
    add(
        "imbalance".into(),
        "Imbalance of the day".into(),
        total,
        "MWh",
        "sizes added up",
    );
    let alone = run.outcome(Behaviour::TsoOnly);
    let alone = alone.map_or((f64::NAN, f64::NAN), |o| {
        (o.cost_usd(system), o.payment_usd(system))
    });
    for outcome in run.outcomes {
        let (id, name) = (outcome.behaviour.id(), outcome.behaviour.name());
        let mut own = |what: &str, words: &str, value: f64, unit: &str, note: &str| {
            add(
                format!("{what}:{id}"),
                format!("{words}, {name}"),
                value,
                unit,
                note,
            );
        };
        let (cost, paid) = (outcome.cost_usd(system), outcome.payment_usd(system));
        own(
            "cost",
            "Activation cost",
            cost,
            "$",
            "at the resources' own costs",
        );
        own("payment", "Payment of the DSO", paid, "$", "at prices");
        own("rent", "Rent", paid - cost, "$", "payment less cost");
        let (tso, local) = (outcome.tso_mwh(system), outcome.local_mwh(system));
        own("tso_mwh", "From the TSO", tso, "MWh", "");
        own("local_mwh", "Local", local, "MWh", "");
        own(
            "tso_share",
            "Share of the TSO",
            100.0 * tso / total,
            "%",
            "",
        );
        own(
            "local_share",
            "Share of local resources",
            100.0 * local / total,
            "%",
            "",
        );
        own(
            "overload",
            "Overload",
            outcome.overload_mwh(system),
            "MWh",
            "",
        );
        if outcome.behaviour != Behaviour::TsoOnly {
            let less = |now, before| percent_change(now, before).unwrap_or(f64::NAN);
            own(
                "cost_change",
                "Change of activation cost",
                less(cost, alone.0),
                "%",
                "against the TSO alone",
            );
            own(
                "payment_change",
                "Change of payment",
                less(paid, alone.1),
                "%",
                "against the TSO alone",
            );
            for (o, owner) in system.owners.iter().enumerate() {
                let profit = outcome.profit_of_usd(system, o);
                let words = format!("Profit of {owner}");
                own(&format!("profit:{owner}"), &words, profit, "$", "");
            }
        }
    }
    if let (Some(truth), Some(strategic)) = (
        run.outcome(Behaviour::Truthful),
        run.outcome(Behaviour::Strategic),
    ) {
        let ratio = strategic.cost_usd(system) / truth.cost_usd(system);
        add(
            "anarchy".into(),
            "Price of anarchy".into(),
            ratio,
            "1",
            "activation cost of strategic bids over that at cost",
        );
        let gain = strategic.payment_usd(system) - truth.payment_usd(system);
        add(
            "power".into(),
            "Cost of market power".into(),
            gain,
            "$",
            "payment at strategic bids less that at cost",
        );
        let answers: Vec<_> = strategic
            .periods
            .iter()
            .filter_map(|p| p.answer.as_ref())
            .collect();
        if !answers.is_empty() {
            let gap = answers
                .iter()
                .map(|a| (a.bound - a.profit).max(0.0))
                .sum::<f64>()
                * h;
            add(
                "gap".into(),
                "Proven gap of the best bids".into(),
                gap,
                "$",
                "no bids earn more than this above those found",
            );
            let nodes = answers.iter().map(|a| a.nodes as f64).sum();
            add(
                "nodes".into(),
                "Nodes of the search".into(),
                nodes,
                "1",
                "linear programs, all hours",
            );
            let off = answers
                .iter()
                .map(|a| a.resolved_difference.abs())
                .fold(0.0, f64::max);
            add(
                "resolved".into(),
                "Market cleared anew, difference".into(),
                off,
                "$/h",
                "largest of all hours",
            );
            let room = answers.iter().map(|a| a.room_to_big_m).fold(1.0, f64::min);
            add(
                "big_m".into(),
                "Least distance of a dual from its M".into(),
                room,
                "1",
                "as a share of M; above 0 the M cuts nothing off",
            );
        }
    }
    if let Some(regret) = regret(run) {
        add(
            "regret".into(),
            "The best bids earn more than yours by".into(),
            regret,
            "$",
            "",
        );
    }
    let both = |of: &dyn Fn(&super::second::Forwarded) -> f64| -> f64 {
        run.second.iter().map(|s| of(&s.forwarded)).sum::<f64>() * h
    };
    let sum = |v: &[f64]| v.iter().sum::<f64>();
    let left = both(&|f| sum(&f.left_up_mw) + sum(&f.left_down_mw));
    let safe = both(&|f| sum(&f.up_mw) + sum(&f.down_mw));
    add(
        "left".into(),
        "Left after stage one".into(),
        left,
        "MWh",
        "up and down, all hours",
    );
    add(
        "forwarded".into(),
        "Forwarded to the TSO".into(),
        safe,
        "MWh",
        "safe in any combination",
    );
    add(
        "withheld".into(),
        "Withheld by the DSO".into(),
        left - safe,
        "MWh",
        "",
    );
    let worst = |of: &dyn Fn(&super::safety::Safety) -> f64| {
        let all = run.second.iter().map(|s| of(&s.safety));
        all.fold(f64::NEG_INFINITY, f64::max)
    };
    add(
        "ac_line".into(),
        "Worst line by AC power flow at the corners".into(),
        worst(&|s| s.ac_line_over_mw),
        "MW",
        "over its limit, losses included",
    );
    add(
        "ac_line_before".into(),
        "The same after stage one alone".into(),
        worst(&|s| s.ac_before_line_over_mw),
        "MW",
        "",
    );
    add(
        "ac_voltage".into(),
        "Worst voltage by AC power flow at the corners".into(),
        worst(&|s| s.ac_voltage_over_pu),
        "p.u.",
        "outside its limits",
    );
    let scheme = |k: usize, of: &dyn Fn(&super::schemes::Covered) -> f64| -> f64 {
        run.schemes
            .iter()
            .filter_map(|all| all.get(k))
            .map(of)
            .sum::<f64>()
            * h
    };
    let mut costs = Vec::new();
    for (k, s) in Scheme::ALL.iter().enumerate() {
        let (id, name) = (s.id(), s.name());
        let cost = scheme(k, &|c| c.cost);
        add(
            format!("scheme_cost:{id}"),
            format!("Cost, {name}"),
            cost,
            "$",
            "imbalance and the TSO's own need, everyone at cost",
        );
        add(
            format!("scheme_payment:{id}"),
            format!("Payment, {name}"),
            scheme(k, &|c| c.payment),
            "$",
            "",
        );
        add(
            format!("scheme_overload:{id}"),
            format!("Overload, {name}"),
            scheme(k, &|c| c.overload_mw),
            "MWh",
            "",
        );
        costs.push(cost);
    }
    add(
        "priority".into(),
        "Price of priority".into(),
        costs[2] - costs[3],
        "$",
        "DSO first, filtered, less the common market",
    );
    if let Some(function) = &run.function {
        let f = &run.second[run.asked].forwarded;
        let up = function.greatest_mw - function.at_rest_mw;
        let down = function.at_rest_mw - function.least_mw;
        add(
            "rsf_up".into(),
            "Export upwards by the function".into(),
            up,
            "MW",
            "shown hour",
        );
        add(
            "rsf_down".into(),
            "Export downwards by the function".into(),
            down,
            "MW",
            "shown hour",
        );
        let lost = up + down - sum(&f.up_mw) - sum(&f.down_mw);
        add(
            "discarded".into(),
            "Discarded by the box".into(),
            lost,
            "MW",
            "what the function offers beyond it, shown hour",
        );
    }
    list
}
