//! What stands beside a run when it is asked for: the decomposition, the coalitions, a misreport.

use crate::case::Case;
use crate::report::{
    Axis, Chart, Index, Mark, Report, Role, Series, column, number, plots, table, text,
};

use super::answer::{Day, Run};
use super::coalitions::Moment;
use super::decompose::{self, Exchange, Stop};
use crate::market::shared::cooperative_game::Game;
use super::misreport;
use super::params::{Bargaining, Misreport};
use super::settle::normalised;

/// What was asked beside the day.
#[derive(Default)]
pub struct Beside {
    /// From 0.
    slot: usize,
    coalitions: Option<Shares>,
    exchange: Option<Exchange>,
    misreport: Option<(Misreport, Vec<misreport::Report>)>,
}

/// The game of a slot and how its surplus may be shared, by player, $.
struct Shares {
    game: Game,
    shapley: Vec<f64>,
    nucleolus: Vec<f64>,
    least_core: f64,
}

/// Answers what the inputs ask for beside the day.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn ask(run: &Run, day: &Day, case: &Case, params: &Bargaining) -> Result<Beside, String> {
    let slot = params.slot.clamp(1, run.slots) - 1;
    let moment = Moment {
        system: &day.system,
        plan: &day.plan,
        physics: params.physics,
        slot,
        past: &day.together.past[slot],
    };
    let mut found = Beside {
        slot,
        ..Beside::default()
    };
    if params.coalitions {
        let game = moment.game()?;
        found.coalitions = Some(Shares {
            shapley: game.shapley(),
            nucleolus: game.nucleolus()?,
            least_core: game.least_core()?,
            game,
        });
    }
    if params.decomposition {
        let stop = Stop::default();
        found.exchange = Some(decompose::exchange(&day.system, params.physics, stop)?);
    }
    if params.misreport.percent > 0.0 {
        let mut asked = params.misreport.clone();
        if asked.dso.is_empty() {
            asked.dso.clone_from(&day.system.dsos[0].id);
        }
        let gains = misreport::gains(case, &asked, moment, &run.powers)?;
        found.misreport = Some((asked, gains));
    }
    Ok(found)
}

impl Beside {
    /// Adds what was found to the report.
    pub fn add(&self, run: &Run, report: &mut Report) {
        if let Some(shares) = &self.coalitions {
            game(run, shares, self.slot, report);
        }
        if let (Some(done), Some(day)) = (&self.exchange, &run.day) {
            exchange(day, done, report);
        }
        if let Some((asked, found)) = &self.misreport {
            misreports(asked, found, self.slot, report);
        }
    }
}

fn quantity(report: &mut Report, id: &str, name: &str, value: f64, unit: &str, note: &str) {
    let number = plots::quantity(id.into(), name.into(), value, unit, note);
    report.summary.push(number);
}

fn game(run: &Run, shares: &Shares, slot: usize, report: &mut Report) {
    let Shares {
        game,
        shapley,
        nucleolus,
        least_core,
    } = shares;
    let at = slot + 1;
    let name = |set: usize| -> String {
        let own = run.players.iter().enumerate();
        let own = own.filter(|(k, _)| set & (1 << k) != 0);
        own.map(|(_, p)| p.as_str()).collect::<Vec<_>>().join(", ")
    };
    let players = game.players();
    let powers = normalised(&run.powers, players);
    // Without a surplus there is no deal.
    let nash: Vec<f64> = powers.iter().map(|a| a * game.grand().max(0.0)).collect();
    let rows = (1..1_usize << players).step_by(2).map(|set| {
        let of = |x: &[f64]| -> f64 {
            let own = x.iter().enumerate().filter(|(k, _)| set & (1 << k) != 0);
            own.map(|(_, v)| v).sum()
        };
        vec![
            text(name(set)),
            number(game.value(set)),
            number(of(&nash)),
            number(of(shapley)),
            number(of(nucleolus)),
        ]
    });
    report.tables.push(table(
        "coalitions",
        &format!("What every coalition is worth at slot {at}"),
        vec![
            column("coalition", ""),
            column("worth on its own", "$"),
            column("has by the Nash bargain", "$"),
            column("by Shapley value", "$"),
            column("by the nucleolus", "$"),
        ],
        rows.collect(),
        "Whole day as expected at the slot, against no cooperation from it on. Without the ISO a coalition is worth nothing.",
    ));
    let rows = run.players.iter().enumerate().map(|(k, player)| {
        vec![
            text(player.clone()),
            number(nash[k]),
            number(shapley[k]),
            number(nucleolus[k]),
            number(game.marginal()[k]),
        ]
    });
    report.tables.push(table(
        "shares",
        &format!("Shares of the surplus at slot {at}"),
        vec![
            column("player", ""),
            column("Nash bargain", "$"),
            column("Shapley value", "$"),
            column("nucleolus", "$"),
            column("adds to all others", "$"),
        ],
        rows.collect(),
        "",
    ));
    quantity(
        report,
        "least_core",
        "Least-core excess",
        *least_core,
        "$",
        "no coalition can be better off on its own where it is not above 0",
    );
    for (id, title, x) in [
        ("excess:nash", "Largest excess, Nash bargain", &nash),
        ("excess:shapley", "Largest excess, Shapley value", shapley),
        ("excess:nucleolus", "Largest excess, nucleolus", nucleolus),
    ] {
        quantity(
            report,
            id,
            title,
            game.largest_excess(x),
            "$",
            "in the core where it is not above 0",
        );
    }
}

fn exchange(day: &Day, done: &Exchange, report: &mut Report) {
    let system = &day.system;
    let rounds: Vec<f64> = (1..=done.rounds.len()).map(|k| k as f64).collect();
    let mut series = |id: &str, name: &str, unit: &str, values: Vec<f64>| {
        report.series.push(Series {
            id: id.into(),
            name: name.into(),
            unit: unit.into(),
            index: Index::Numbers {
                name: "round".into(),
                unit: String::new(),
                at: rounds.clone(),
            },
            values,
        });
    };
    let of = |f: fn(&decompose::Round) -> f64| done.rounds.iter().map(f).collect();
    series(
        "residual_primal",
        "largest difference of quantities",
        "MW",
        of(|r| r.primal_mw),
    );
    series(
        "residual_dual",
        "largest move of the ISO's wish, as a price",
        "$/MWh",
        of(|r| r.dual_usd_per_mwh),
    );
    let log = |values: Vec<f64>| {
        values
            .iter()
            .map(|v: &f64| libm::log10(v.max(1e-12)))
            .collect()
    };
    series(
        "residual_primal_log",
        "quantities, MW",
        "log₁₀",
        log(of(|r| r.primal_mw)),
    );
    series(
        "residual_dual_log",
        "prices, $/MWh",
        "log₁₀",
        log(of(|r| r.dual_usd_per_mwh)),
    );
    let mark = |series: &str, dashed: bool| Mark::Line {
        series: series.into(),
        role: if dashed {
            Role::Price
        } else {
            Role::Aggregator
        },
        step: false,
        points: false,
        dashed,
        shown: true,
    };
    report.charts.push(Chart {
        id: "exchange".into(),
        title: "Prices and quantities until both agree".into(),
        x: Axis {
            label: "round".into(),
            unit: String::new(),
            zero: false,
        },
        y: Axis {
            label: "residual".into(),
            unit: "log₁₀".into(),
            zero: false,
        },
        marks: vec![
            mark("residual_primal_log", false),
            mark("residual_dual_log", true),
        ],
        summary: "How far ISO and DSOs are apart after each round, in powers of ten.".into(),
        square: false,
        probe: None,
    });
    let off = |a: &[Vec<f64>], b: &dyn Fn(usize, usize) -> f64| {
        let mut most = 0.0_f64;
        for (m, own) in a.iter().enumerate() {
            for (t, v) in own.iter().enumerate() {
                most = most.max((v - b(m, t)).abs());
            }
        }
        most
    };
    let import = off(&done.import_mw, &|m, t| day.plan.import_mw[m][t]);
    let price = off(&done.usd_per_mwh, &|m, t| {
        day.plan.joint.lmp[t][system.dsos[m].bus]
    });
    let joint: f64 = day
        .plan
        .joint
        .dsos
        .iter()
        .map(|d| d.utility_usd)
        .sum::<f64>()
        - day.plan.day_cost_usd();
    let welfare = done.rounds.last().map_or(f64::NAN, |r| r.welfare_usd);
    quantity(
        report,
        "exchange_rounds",
        "Rounds of the exchange",
        done.rounds.len() as f64,
        "",
        if done.converged {
            "converged"
        } else {
            "not converged"
        },
    );
    quantity(
        report,
        "exchange_import_off",
        "Imports differ by",
        import,
        "MW",
        "largest difference from the plan in one program",
    );
    quantity(
        report,
        "exchange_price_off",
        "Prices differ by",
        price,
        "$/MWh",
        "largest difference from the plan in one program",
    );
    quantity(
        report,
        "exchange_welfare_off",
        "Welfare differs by",
        welfare - joint,
        "$",
        "from the plan in one program",
    );
}

fn misreports(asked: &Misreport, found: &[misreport::Report], slot: usize, report: &mut Report) {
    let truth = found.iter().find(|r| r.percent == 0.0);
    let rows = found.iter().map(|r| {
        let more = |of: fn(&misreport::Report) -> f64| number(of(r) - truth.map_or(f64::NAN, of));
        vec![
            number(r.percent),
            more(|r| r.lmp_usd),
            more(|r| r.nash_usd),
            more(|r| r.shapley_usd),
            more(|r| r.vcg_usd),
            number(r.vcg_deficit_usd),
            number(r.missed_mwh),
            number(r.reported_surplus_usd),
        ]
    });
    report.tables.push(table(
        "misreport",
        &format!("What {} gains by another report at slot {}", asked.dso, slot + 1),
        vec![
            column("reported too much", "%"),
            column("gains at prices", "$"),
            column("by the Nash bargain", "$"),
            column("by Shapley value", "$"),
            column("by Vickrey, Clarke and Groves", "$"),
            column("their deficit", "$"),
            column("energy missed", "MWh"),
            column("surplus reported", "$"),
        ],
        rows.collect(),
        "True gain over the rest of the day, less that of the true report. All others report what is true; the plan of the day before stays. Energy that adjustable loads miss is not priced in the gain.",
    ));
}
