//! The market on the cone: beside the linear network, and beside the AC power flow of both.

use crate::report::plots::{axis, by_clock, chart, line, message, quantities};
use crate::report::words::{counted, steps, usd};
use crate::report::{
    Badge, Chart, Level, Message, Quantity, Role, Series, Table, Tone, columns, number, table, text,
};

use super::super::model::beside::{Beside, Checked, Seen};
use super::super::outcome::Outcome;
use super::super::params::Behaviour;
use super::run::{Run, STEP};

/// Both networks, and which of the days is shown.
fn beside<'a>(run: &Run<'a>) -> Option<(&'a Beside, usize)> {
    let beside = run.outcome.beside.as_ref()?;
    let mut all = run.outcome.variants.iter();
    let shown = all.position(|v| v.day.behaviour == run.behaviour())?;
    Some((beside, shown))
}

/// What the best bids earn in period `t` by the linear market, on the cone, and at best there, $.
fn profits(outcome: &Outcome, t: usize) -> Option<[f64; 3]> {
    let strategic = outcome.variant(Behaviour::Strategic)?;
    let answer = strategic.day.periods.get(t)?.answer.as_ref()?;
    let (promised, paid) = answer.linear?;
    Some([promised, paid, answer.profit].map(|usd| usd * outcome.system.hours_per_period))
}

/// [`profits`] of the day.
fn of_day(outcome: &Outcome) -> Option<[f64; 3]> {
    let hours = 0..outcome.system.hours.len();
    hours
        .map(|t| profits(outcome, t))
        .try_fold([0.0; 3], |sum, own| {
            let own = own?;
            Some([0, 1, 2].map(|k| sum[k] + own[k]))
        })
}

/// Hours in which a cone of the day shown is not tight, from 1.
fn relaxed(run: &Run) -> Vec<usize> {
    let flows = run
        .shown
        .day
        .periods
        .iter()
        .map(|p| p.cleared.flow.as_ref());
    let flows = flows.enumerate();
    let open = flows.filter(|(_, flow)| flow.is_some_and(|flow| !flow.is_tight()));
    open.map(|(t, _)| t + 1).collect()
}

pub fn headline(run: &Run) -> Option<String> {
    let (beside, shown) = beside(run)?;
    let [promised, _, best] =
        of_day(run.outcome).filter(|_| run.behaviour() == Behaviour::Strategic)?;
    let (mine, theirs) = (&run.shown.day.totals, &beside.days[shown].totals);
    Some(format!(
        "With losses in the market {} earns {}, where a market without them promises {}; the DSO pays {} instead of {} for activation that costs {} instead of {}",
        run.player(),
        usd(best),
        usd(promised),
        usd(mine.payment_usd),
        usd(theirs.payment_usd),
        usd(mine.cost_usd),
        usd(theirs.cost_usd),
    ))
}

pub fn badges(run: &Run) -> Vec<Badge> {
    if beside(run).is_none() {
        return Vec::new();
    }
    let open = relaxed(run).len();
    let no = format!("relaxation in {}", counted(open, "hour"));
    let yes = "cone tight in every hour".to_string();
    let tight = Badge::judged(open == 0, if open == 0 { yes } else { no });
    let mut list = vec![tight.of_solving()];
    if of_day(run.outcome).is_some() {
        let words = "best bids on the cone: the best found, no bound";
        list.push(Badge::new(words, Tone::Neutral).of_solving());
    }
    list
}

/// The day as one model sees it: sums of energy and money, the worst of voltages and lines.
fn day(hours: f64, seen: impl Iterator<Item = Seen>) -> [f64; 7] {
    let none = [0.0, 0.0, 0.0, 0.0, f64::INFINITY, 0.0, 0.0];
    seen.fold(none, |sum, s| {
        [
            sum[0] + s.cost * hours,
            sum[1] + s.payment * hours,
            sum[2] + s.tso_mw.abs() * hours,
            sum[3] + s.loss_mw * hours,
            sum[4].min(s.least_v_pu),
            sum[5].max(s.over_mw),
            sum[6].max(s.over_pu),
        ]
    })
}

/// The networks, each as it sees its dispatch and by AC power flow.
fn networks(run: &Run) -> Option<Table> {
    let (beside, shown) = beside(run)?;
    let h = run.outcome.system.hours_per_period;
    let model = |all: &[Checked]| day(h, all.iter().map(|c| c.model));
    let ac = |all: &[Checked]| day(h, all.iter().map(|c| c.ac));
    let (linear, cone) = (&beside.linear[shown], &beside.cone[shown]);
    let rows = [
        ("linear, as it sees itself", model(linear)),
        ("linear, by AC power flow", ac(linear)),
        ("cone, as it sees itself", model(cone)),
        ("cone, by AC power flow", ac(cone)),
    ];
    let rows = rows.map(|(name, values)| {
        let mut row = vec![text(name)];
        row.extend(values.map(number));
        row
    });
    Some(table(
        "networks",
        &format!(
            "Two networks and the power flow: {}",
            run.behaviour().name()
        ),
        columns(&[
            ("dispatch", ""),
            ("activation cost", "$"),
            ("payment", "$"),
            ("TSO", "MWh"),
            ("change of losses", "MWh"),
            ("lowest voltage", "p.u."),
            ("worst line over its limit", "MW"),
            ("worst voltage outside", "p.u."),
        ]),
        rows.into(),
        "By AC power flow the same activation takes from the TSO what the import of the feeder really changes, and the DSO pays for that, too. Losses are against those of the schedule, the load without its imbalance.",
    ))
}

fn hours(run: &Run) -> Option<Table> {
    let (beside, shown) = beside(run)?;
    let outcome = run.outcome;
    let strategic = outcome.variant(Behaviour::Strategic);
    let rows = run.shown.day.periods.iter().enumerate().map(|(t, period)| {
        let [promised, paid, best] = profits(outcome, t).unwrap_or([f64::NAN; 3]);
        let answer = strategic.and_then(|v| v.day.periods[t].answer.as_ref());
        let cone = &beside.cone[shown][t];
        let burnt = period.cleared.flow.as_ref().map(|flow| flow.burnt_mva);
        let row = [
            (t + 1) as f64,
            promised,
            paid,
            best,
            answer.map_or(f64::NAN, |a| a.tried as f64),
            cone.voltage_difference_pu,
            (cone.model.loss_mw - cone.ac.loss_mw).abs(),
            burnt.unwrap_or(f64::NAN),
        ];
        row.map(number).into()
    });
    Some(Table {
        by_clock: true,
        ..table(
            "networks_hours",
            &format!("Hour by hour on the cone: profit of {}", run.player()),
            columns(&[
                ("hour", ""),
                ("linear promises", "$"),
                ("the cone pays for these bids", "$"),
                ("best found on the cone", "$"),
                ("markets cleared", ""),
                ("voltage off AC", "p.u."),
                ("losses off AC", "MW"),
                ("burnt in a cone", "MVA"),
            ]),
            rows.collect(),
            "Profits of the best bids of the linear network, by the linear market and on the cone, and of the best bids found on the cone, of which no bound is known. A cone that burns more than 10⁻⁶ MVA is no power flow: its hour is a relaxation.",
        )
    })
}

pub fn tables(run: &Run) -> Vec<Table> {
    networks(run).into_iter().chain(hours(run)).collect()
}

pub fn quantities_of(run: &Run) -> Vec<Quantity> {
    let Some((beside, shown)) = beside(run) else {
        return Vec::new();
    };
    let cone = || beside.cone[shown].iter();
    let voltage = cone().map(|c| c.voltage_difference_pu).fold(0.0, f64::max);
    let losses = cone().map(|c| (c.model.loss_mw - c.ac.loss_mw).abs());
    let losses = losses.fold(0.0, f64::max);
    let h = run.outcome.system.hours_per_period;
    let [promised, paid, best] = of_day(run.outcome).unwrap_or([f64::NAN; 3]);
    let change = |all: &[Checked]| all.iter().map(|c| c.ac.loss_mw).sum::<f64>() * h;
    let linear = &beside.linear[shown];
    let [cost, payment, ..] = day(h, linear.iter().map(|c| c.ac));
    let flows = run
        .shown
        .day
        .periods
        .iter()
        .filter_map(|p| p.cleared.flow.as_ref());
    let burnt = flows.map(|flow| flow.burnt_mva).fold(0.0, f64::max);
    #[rustfmt::skip]
    let list: Vec<Quantity> = quantities(&[
        ("cone_promised", "Profit the linear network promises", promised, "$", "its best bids in its own market"),
        ("cone_paid", "Profit the cone pays for these bids", paid, "$", "a hair short of a tie"),
        ("cone_best", "Profit of the best bids found on the cone", best, "$", "no bound is known"),
        ("linear_cost", "Activation cost of the linear network by AC power flow", cost, "$", "losses bought and sold at the TSO's prices"),
        ("linear_payment", "Payment of the linear network by AC power flow", payment, "$", ""),
        ("losses", "Change of losses", change(&beside.cone[shown]), "MWh", "against the schedule, by AC power flow"),
        ("linear_losses", "Change of losses of the linear network's dispatch", change(linear), "MWh", "against the schedule, by AC power flow"),
        ("cone_voltage", "Largest difference of a voltage to AC", voltage, "p.u.", "of the cone, all hours"),
        ("cone_losses", "Largest difference of losses to AC", losses, "MW", "of the cone, all hours"),
        ("cone_burnt", "Most burnt in a cone", burnt, "MVA", "up to 1e-6 the cone is a power flow"),
    ])
    .collect();
    list
}

/// The profits compared, as series: ids, names, and how they are drawn.
const PROFITS: [(&str, &str, Role, bool); 3] = [
    (
        "network:promised",
        "promised by the linear network",
        Role::Reference,
        true,
    ),
    (
        "network:paid",
        "paid on the cone for its bids",
        Role::Der,
        false,
    ),
    (
        "network:best",
        "best found on the cone",
        Role::Optimum,
        false,
    ),
];

pub fn series(run: &Run) -> Vec<Series> {
    if of_day(run.outcome).is_none() {
        return Vec::new();
    }
    let hours = 0..run.outcome.system.hours.len();
    let each = hours.filter_map(|t| profits(run.outcome, t));
    let each: Vec<[f64; 3]> = each.collect();
    let list = PROFITS.iter().enumerate();
    list.map(|(k, (id, name, ..))| {
        let values = each.iter().map(|own| own[k]).collect();
        by_clock((*id).into(), (*name).into(), "$", values)
    })
    .collect()
}

pub fn profit_chart(run: &Run) -> Option<Chart> {
    of_day(run.outcome)?;
    let lines = PROFITS.iter();
    let lines = lines.map(|&(id, _, role, dashed)| line(id.into(), role, dashed, true));
    Some(chart(
        STEP,
        "networks",
        format!("Profit of {}: promised and paid", run.player()),
        axis("profit", "$", true),
        lines.collect(),
        "What the best bids of the linear network earn in its own market; what they earn on the network with losses; and the best found there.",
    ))
}

pub fn messages(run: &Run) -> Vec<Message> {
    if beside(run).is_none() {
        return Vec::new();
    }
    let several = match run.outcome.players.len() {
        1 => "",
        _ => {
            "; the owners answer one another on it, too, and only their bids at rest are cleared on the cone, so that it is no equilibrium there"
        }
    };
    let mut list = vec![message(
        Level::Info,
        format!(
            "The DSO's market is cleared on the branch-flow cone: the TSO sells or buys what changes the import of the feeder against the schedule, losses included. Of the linear network are: the surface of profits, the three ways to the best bids, the schemes, stage two with its check by AC power flow, and what is handed over{several}. Where a price on the cone is not unique it is one from the middle."
        ),
    )];
    let open = relaxed(run);
    if !open.is_empty() {
        list.push(message(
            Level::Warning,
            format!(
                "The cone is not tight in {}: dispatch and prices there are a relaxation, no power flow, and not certified.",
                steps("hour", &open)
            ),
        ));
    }
    list
}
