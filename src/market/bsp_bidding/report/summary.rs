//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::{Row, quantities, quantity};
use crate::report::words::{changed, counted, percent_change, usd};
use crate::report::{Badge, Quantity, Tone, amount};

use super::super::model::day::Totals;
use super::super::model::forwarding::Forwarded;
use super::super::model::game::End;
use super::super::model::safety::Safety;
use super::super::model::schemes::{Covered, Scheme};
use super::super::outcome::Variant;
use super::super::params::Behaviour;
use super::both_levels;
use super::on_cone;
use super::run::Run;
use super::storage;

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    let special = storage::headline(run)
        .or_else(|| both_levels::headline(run))
        .or_else(|| on_cone::headline(run));
    match (special, run.outcome.variant(Behaviour::TsoOnly)) {
        (Some(text), _) => text + ".",
        (None, Some(alone)) => plainly(run, &alone.day.totals) + ".",
        (None, None) => String::new(),
    }
}

/// Without storage, a second market or losses: the outcome shown against the TSO alone.
fn plainly(run: &Run, alone: &Totals) -> String {
    let shown = &run.shown.day.totals;
    match run.behaviour() {
        Behaviour::TsoOnly => format!(
            "The TSO covers everything for {}, and {}",
            usd(shown.cost_usd),
            match shown.overload_mwh > 1e-6 {
                true => format!(
                    "lines of the feeder carry {} MWh more than they may",
                    amount(shown.overload_mwh, "")
                ),
                false => "no line of the feeder is over its limit".into(),
            }
        ),
        behaviour => format!(
            "Local resources, {}: activation costs {} ({} with the TSO alone), the DSO pays {} ({} with it), and {} of that is rent",
            behaviour.name(),
            usd(shown.cost_usd),
            changed(shown.cost_usd, alone.cost_usd, "$"),
            usd(shown.payment_usd),
            changed(shown.payment_usd, alone.payment_usd, "$"),
            usd(shown.rent_usd),
        ),
    }
}

pub fn badges(run: &Run) -> Vec<Badge> {
    // Where the day shown is not one of best bids, they prove nothing of it.
    let shown = run.shown.day.behaviour == Behaviour::Strategic;
    let strategic = run.outcome.variant(Behaviour::Strategic).filter(|_| shown);
    let proof = strategic.filter(|_| run.outcome.beside.is_none());
    let list = [
        certified(run),
        Some(overload(run)),
        proof.and_then(|v| proven(run, v)),
        run.outcome.storage.as_ref().and_then(storage::badge),
        strategic.and_then(|v| equilibrium(run, v)),
        Some(safe(run)),
        by_ac_power_flow(run),
    ];
    let list = list.into_iter().flatten();
    list.chain(on_cone::badges(run)).collect()
}

fn badge(good: bool, yes: impl Into<String>, no: String) -> Badge {
    Badge::judged(good, if good { yes.into() } else { no })
}

fn certified(run: &Run) -> Option<Badge> {
    let all = &run.shown.certificates;
    let open = all.iter().filter(|c| !c.certified).count();
    let yes = format!("{} certified", counted(all.len(), "market"));
    let no = format!("{} not certified", counted(open, "market"));
    (!all.is_empty()).then(|| badge(open == 0, yes, no).of_solving())
}

fn overload(run: &Run) -> Badge {
    let over = run.shown.day.totals.overload_mwh;
    let no = format!("{} MWh over limits", amount(over, ""));
    badge(over < 1e-6, "no overload", no)
}

fn proven(run: &Run, strategic: &Variant) -> Option<Badge> {
    let answers = || strategic.day.answers();
    let open = answers().filter(|a| a.stopped || !a.bound.is_finite());
    let open = open.count();
    let no = format!("{} without proof", counted(open, "hour"));
    answers().next()?;
    let yes = match run.outcome.storage {
        Some(_) => "best bids proven beside the schedule of storage",
        None => "best bids proven",
    };
    Some(badge(open == 0, yes, no).of_solving())
}

fn safe(run: &Run) -> Badge {
    let over = worst(run, |s| s.sample_over_mw.max(s.row_over_mw));
    let no = format!("what is handed on may overload by {} MW", amount(over, ""));
    // Beside a line that is over its limit already, nothing is safe: what is handed on adds nothing to it.
    if over <= 1e-7 && run.shown.day.totals.overload_mwh > 1e-6 {
        return Badge::new("what is handed on overloads no line further", Tone::Neutral);
    }
    let yes = "what is handed on is safe in any combination";
    match over <= 1e-7 && beyond_by_ac_mw(run) > AC_ROUNDING_MW {
        true => Badge::new(format!("{yes}, losses apart"), Tone::Neutral),
        false => badge(over <= 1e-7, yes, no),
    }
}

/// Power over a limit by AC power flow that is rounding, MW.
const AC_ROUNDING_MW: f64 = 1e-6;

/// How far a line is over its limit by AC power flow, after stage one or with what is handed on, MW; infinite
/// without a power flow.
fn beyond_by_ac_mw(run: &Run) -> f64 {
    worst(run, |s| s.ac_line_over_mw.max(s.ac_before_line_over_mw))
}

fn by_ac_power_flow(run: &Run) -> Option<Badge> {
    let over = beyond_by_ac_mw(run);
    (over > AC_ROUNDING_MW && run.behaviour() != Behaviour::TsoOnly).then(|| {
        let text = match over.is_finite() {
            true => format!(
                "by AC power flow up to {} MW over a limit",
                amount(over, "")
            ),
            false => "no AC power flow after stage one".into(),
        };
        Badge::judged(false, text)
    })
}

/// Whether the owners' answers came to an equilibrium, and up to which gain.
fn equilibrium(run: &Run, strategic: &Variant) -> Option<Badge> {
    let all = || strategic.day.equilibria();
    all().next()?;
    let count = |ends: &[End]| all().filter(|e| ends.contains(&e.end)).count();
    let moving = all().filter(|e| !settles(e.end)).count();
    let near = count(&[End::Near]);
    if moving > 0 || near == 0 {
        let no = format!("no equilibrium found in {}", counted(moving, "hour"));
        return Some(badge(moving == 0, "equilibrium in every hour", no).of_solving());
    }
    let h = run.outcome.system.hours_per_period;
    let gains = all().map(|e| e.epsilon());
    let (usd, share) = gains.fold((0.0_f64, 0.0_f64), |most, e| {
        (most.0.max(e.0 * h), most.1.max(e.1))
    });
    let text = format!(
        "ε-equilibrium: in {} an owner could gain up to {} $ ({} % of its profit)",
        counted(near, "hour"),
        amount(usd, ""),
        amount(share, "")
    );
    Some(Badge::new(text, Tone::Neutral).of_solving())
}

/// Whether no owner gains by other bids, or none that is worth it.
fn settles(end: End) -> bool {
    matches!(end, End::Settled | End::Near)
}

/// The worst of all hours of the second stage shown.
fn worst(run: &Run, of: impl Fn(&Safety) -> f64) -> f64 {
    let all = run.shown.second_stage.iter().map(|s| of(&s.safety));
    all.fold(f64::NEG_INFINITY, f64::max)
}

fn rows(rows: &[Row]) -> Vec<Quantity> {
    quantities(rows).collect()
}

/// Rows of one item, which completes ids and names.
fn rows_of(
    rows: &[Row],
    id: impl Fn(&str) -> String,
    name: impl Fn(&str) -> String,
) -> Vec<Quantity> {
    let rows = rows.iter();
    rows.map(|&(what, words, value, unit, note)| quantity(id(what), name(words), value, unit, note))
        .collect()
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let system = &run.outcome.system;
    let sizes = system.hours.iter().map(|hour| hour.imbalance_mw.abs());
    let total = sizes.sum::<f64>() * system.hours_per_period;
    let name = "Imbalance of the day";
    let mut list = rows(&[("imbalance", name, total, "MWh", "sizes added up")]);
    for variant in &run.outcome.variants {
        list.extend(of_variant(run, variant, total));
    }
    list.extend(market_power(run));
    list.extend(both_levels::quantities_of(run));
    list.extend(on_cone::quantities_of(run));
    list.extend(storage::quantities_of(run));
    list.extend(second_stage(run));
    list.extend(schemes(run));
    list.extend(beyond_the_box(run));
    list
}

/// What a behaviour costs, and what owners earn by it, with `total` MWh to balance.
fn of_variant(run: &Run, variant: &Variant, total: f64) -> Vec<Quantity> {
    let (behaviour, t) = (variant.day.behaviour, &variant.day.totals);
    let id = |what: &str| format!("{what}:{}", behaviour.id());
    let name = |words: &str| format!("{words}, {}", behaviour.name());
    let share = |mwh: f64| 100.0 * mwh / total;
    #[rustfmt::skip]
    let own = [
        ("cost", "Activation cost", t.cost_usd, "$", "at the resources' own costs"),
        ("payment", "Payment of the DSO", t.payment_usd, "$", "at prices"),
        ("rent", "Rent", t.rent_usd, "$", "payment less cost"),
        ("tso_mwh", "From the TSO", t.tso_mwh, "MWh", ""),
        ("local_mwh", "Local", t.local_mwh, "MWh", ""),
        ("tso_share", "Share of the TSO", share(t.tso_mwh), "%", ""),
        ("local_share", "Share of local resources", share(t.local_mwh), "%", ""),
        ("overload", "Overload", t.overload_mwh, "MWh", ""),
    ];
    let mut list = rows_of(&own, id, name);
    let alone = run.outcome.variant(Behaviour::TsoOnly);
    let Some(alone) = alone.filter(|_| behaviour != Behaviour::TsoOnly) else {
        return list;
    };
    let less = |now, before| percent_change(now, before).unwrap_or(f64::NAN);
    let cost = less(t.cost_usd, alone.day.totals.cost_usd);
    let payment = less(t.payment_usd, alone.day.totals.payment_usd);
    let note = "against the TSO alone";
    let changes = [
        ("cost_change", "Change of activation cost", cost, "%", note),
        ("payment_change", "Change of payment", payment, "%", note),
    ];
    list.extend(rows_of(&changes, id, name));
    for (o, owner) in run.outcome.system.owners.iter().enumerate() {
        let (what, words) = (format!("profit:{owner}"), format!("Profit of {owner}"));
        let profit = [(
            what.as_str(),
            words.as_str(),
            variant.day.owner_usd(o),
            "$",
            "",
        )];
        list.extend(rows_of(&profit, id, name));
    }
    list
}

/// What strategic bids cost, how well they are known, and what the reader's leave behind.
fn market_power(run: &Run) -> Vec<Quantity> {
    let variant = |b: Behaviour| run.outcome.variant(b);
    let (Some(truth), Some(strategic)) =
        (variant(Behaviour::Truthful), variant(Behaviour::Strategic))
    else {
        return Vec::new();
    };
    let (at_cost, best) = (&truth.day.totals, &strategic.day.totals);
    let ratio = best.cost_usd / at_cost.cost_usd;
    let power = best.payment_usd - at_cost.payment_usd;
    #[rustfmt::skip]
    let mut list = rows(&[
        ("anarchy", "Price of anarchy", ratio, "1", "activation cost of strategic bids over that at cost"),
        ("power", "Cost of market power", power, "$", "payment at strategic bids less that at cost"),
    ]);
    let answers = || strategic.day.answers();
    if answers().next().is_some() && run.outcome.beside.is_none() {
        let gaps = answers().map(|a| (a.bound - a.profit).max(0.0));
        let gap = gaps.sum::<f64>() * run.outcome.system.hours_per_period;
        let nodes = answers().map(|a| a.nodes as f64).sum();
        let anew = answers().map(|a| a.resolved_difference.abs());
        let anew = anew.fold(0.0, f64::max);
        let room = answers().map(|a| a.room_to_big_m).fold(1.0, f64::min);
        #[rustfmt::skip]
        list.extend(rows(&[
            ("gap", "Proven gap of the best bids", gap, "$", "no bids earn more than this above those found"),
            ("nodes", "Nodes of the search", nodes, "1", "linear programs, all hours"),
            ("resolved", "Market cleared anew, difference", anew, "$/h", "largest of all hours"),
            ("big_m", "Least distance of a dual from its M", room, "1", "as a share of M; above 0 the M cuts nothing off"),
        ]));
    }
    let ends = || strategic.day.equilibria();
    if ends().next().is_some() {
        let moving = ends().filter(|e| !settles(e.end)).count() as f64;
        let note = "of the answers of the strategic owners to one another";
        list.extend(rows(&[(
            "unsettled",
            "Hours without rest",
            moving,
            "",
            note,
        )]));
    }
    // Among several the best answer is to bids that move.
    let own = variant(Behaviour::Own).filter(|_| run.outcome.players.len() == 1);
    if let Some(own) = own {
        let player = run.outcome.player();
        let earned = |v: &Variant| v.day.owner_usd(player) + both_levels::expected(run, v);
        let regret = earned(strategic) - earned(own);
        let name = "The best bids earn more than yours by";
        list.extend(rows(&[("regret", name, regret, "$", "")]));
    }
    list
}

fn second_stage(run: &Run) -> Vec<Quantity> {
    let sum = |of: fn(&Forwarded) -> [&Vec<f64>; 2]| -> f64 {
        let both = |f: &Forwarded| of(f).map(|list| list.iter().sum::<f64>());
        let hours = run.shown.second_stage.iter().map(|s| both(&s.forwarded));
        hours.map(|[up, down]| up + down).sum::<f64>() * run.outcome.system.hours_per_period
    };
    let left = sum(|f| [&f.left_up_mw, &f.left_down_mw]);
    let safe = sum(|f| [&f.up_mw, &f.down_mw]);
    let line = worst(run, |s| s.ac_line_over_mw);
    let before = worst(run, |s| s.ac_before_line_over_mw);
    let voltage = worst(run, |s| s.ac_voltage_over_pu);
    #[rustfmt::skip]
    let list = rows(&[
        ("left", "Left after stage one", left, "MWh", "up and down, all hours"),
        ("forwarded", "Forwarded to the TSO", safe, "MWh", "safe in any combination"),
        ("withheld", "Withheld by the DSO", left - safe, "MWh", ""),
        ("ac_line", "Worst line by AC power flow at the corners", line, "MW", "over its limit, losses included"),
        ("ac_line_before", "The same after stage one alone", before, "MW", ""),
        ("ac_voltage", "Worst voltage by AC power flow at the corners", voltage, "p.u.", "outside its limits"),
    ]);
    list
}

fn schemes(run: &Run) -> Vec<Quantity> {
    let day = |k: usize, of: fn(&Covered) -> f64| -> f64 {
        let hours = run.outcome.schemes.iter().map(|all| of(&all[k]));
        hours.sum::<f64>() * run.outcome.system.hours_per_period
    };
    let mut list = Vec::new();
    for (k, scheme) in Scheme::ALL.into_iter().enumerate() {
        let (cost, payment) = (day(k, |c| c.cost), day(k, |c| c.payment));
        let overload = day(k, |c| c.overload_mw);
        #[rustfmt::skip]
        let own = [
            ("scheme_cost", "Cost", cost, "$", "imbalance and the TSO's own need, everyone at cost"),
            ("scheme_payment", "Payment", payment, "$", ""),
            ("scheme_overload", "Overload", overload, "MWh", ""),
        ];
        let id = |what: &str| format!("{what}:{}", scheme.id());
        let name = |words: &str| format!("{words}, {}", scheme.names().1);
        list.extend(rows_of(&own, id, name));
    }
    let cost = |scheme: Scheme| day(scheme as usize, |c| c.cost);
    let priority = cost(Scheme::Sequential) - cost(Scheme::Common);
    let note = "DSO first, filtered, less the common market";
    list.extend(rows(&[(
        "priority",
        "Price of priority",
        priority,
        "$",
        note,
    )]));
    list
}

/// What a residual supply function offers beyond the box.
fn beyond_the_box(run: &Run) -> Vec<Quantity> {
    let Some(function) = &run.shown.function else {
        return Vec::new();
    };
    let f = &run.shown.second_stage[run.outcome.asked].forwarded;
    let sum = |list: &[f64]| list.iter().sum::<f64>();
    let up = function.greatest_mw - function.at_rest_mw;
    let down = function.at_rest_mw - function.least_mw;
    let discarded = up + down - sum(&f.up_mw) - sum(&f.down_mw);
    #[rustfmt::skip]
    let list = rows(&[
        ("rsf_up", "Export upwards by the function", up, "MW", "shown hour"),
        ("rsf_down", "Export downwards by the function", down, "MW", "shown hour"),
        ("discarded", "Discarded by the box", discarded, "MW", "what the function offers beyond it, shown hour"),
    ]);
    list
}
