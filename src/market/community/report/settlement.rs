//! What a community pays for an interval and for all of them: energy it was cleared for at its price, what it takes
//! beyond that at the price of the LSE, less what it is paid for reserve.
//!
//! ```text
//! paid_j = Σ_t ( p_jt q_jt + λ_t (Q_jt − q_jt) − r R_jt ) Δ      q cleared, Q taken, kW; R reserve, kW
//! ```

use crate::market::community::outcome::{Days, Shown};
use crate::market::community::params::CommunityMarket;
use crate::report::{Table, amount, column, number, table, text};

/// Smaller amounts are none, $.
const NONE_USD: f64 = 1e-9;

/// One interval of one community.
#[derive(Clone, Copy, Default)]
struct Settled {
    energy_usd: f64,
    imbalance_usd: f64,
    reserve_usd: f64,
}

impl Settled {
    fn paid_usd(self) -> f64 {
        self.energy_usd + self.imbalance_usd - self.reserve_usd
    }

    fn plus(self, other: Settled) -> Settled {
        Settled {
            energy_usd: self.energy_usd + other.energy_usd,
            imbalance_usd: self.imbalance_usd + other.imbalance_usd,
            reserve_usd: self.reserve_usd + other.reserve_usd,
        }
    }

    fn items(self) -> [(&'static str, f64); 3] {
        [
            ("energy", self.energy_usd),
            ("imbalance", self.imbalance_usd),
            ("reserve sold", -self.reserve_usd),
        ]
    }
}

fn settled(days: &Days, params: &CommunityMarket, j: usize, t: usize) -> Settled {
    let Some(market) = days.traces.last() else {
        return Settled::default();
    };
    let (hours, cleared) = (days.system.hours, market.cleared_kw[j][t]);
    let reserve = market.reserve_kw.get(j).and_then(|kw| kw.get(t));
    let reserve = reserve.copied().unwrap_or(0.0);
    Settled {
        energy_usd: market.price[j][t] * cleared * hours,
        imbalance_usd: days.system.lse[t] * (market.q_kw[j][t] - cleared) * hours,
        reserve_usd: params.reserve_usd_per_mw_h / 1000.0 * reserve * hours,
    }
}

/// Sentences and a table of what community `j` pays for interval `t` (from 0), and for all of them where there are
/// more.
pub fn settlement(
    params: &CommunityMarket,
    (days, shown): (Option<&Days>, &Shown),
    (j, t): (usize, usize),
) -> (Vec<String>, Table) {
    let (id, kw) = (&shown.ids[j], shown.cleared.quantity_kw[j]);
    let own = match days {
        Some(days) => settled(days, params, j, t),
        None => Settled {
            energy_usd: shown.price[j] * kw * shown.hours,
            ..Settled::default()
        },
    };
    let mut sentences = vec![traded(id, kw, own.energy_usd)];
    if own.imbalance_usd.abs() > NONE_USD {
        let at = amount(100.0 * own.imbalance_usd.abs(), "¢");
        sentences.push(match own.imbalance_usd > 0.0 {
            true => format!("What it takes beyond that costs {at} at the price of the LSE."),
            false => format!("It takes less than that and gets {at} back at the price of the LSE."),
        });
    }
    if own.reserve_usd.abs() > NONE_USD {
        let at = amount(100.0 * own.reserve_usd, "¢");
        sentences.push(format!("Its reserve is worth {at} in that interval."));
    }
    let all = days.map(|days| {
        let each = (0..days.system.intervals).map(|t| settled(days, params, j, t));
        each.fold(Settled::default(), Settled::plus)
    });
    if let (Some(all), Some(days)) = (all, days) {
        sentences.push(whole(id, all, days.system.intervals));
    }
    (sentences, items(id, t, own, all))
}

fn traded(id: &str, kw: f64, usd: f64) -> String {
    let (power, money) = (amount(kw.abs(), "kW"), amount(100.0 * usd.abs(), "¢"));
    match (kw > 0.0, usd >= 0.0) {
        _ if kw.abs() < 1e-9 => format!("{id} trades nothing in that interval."),
        (true, true) => {
            format!("{id} buys {power} at that price and pays {money} in that interval.")
        }
        (true, false) => {
            format!("{id} takes {power} at that price and is paid {money} in that interval.")
        }
        (false, true) => {
            format!("{id} gives {power} at that price and pays {money} in that interval.")
        }
        (false, false) => {
            format!("{id} sells {power} at that price and is paid {money} in that interval.")
        }
    }
}

fn whole(id: &str, all: Settled, intervals: usize) -> String {
    let paid = all.paid_usd();
    let money = amount(paid.abs(), "$");
    match paid < 0.0 {
        true => format!("Over all {intervals} intervals of the market {id} is paid {money}."),
        false => format!("Over all {intervals} intervals of the market {id} pays {money}."),
    }
}

fn items(id: &str, t: usize, own: Settled, all: Option<Settled>) -> Table {
    let mut columns = vec![
        column("item", ""),
        column(format!("interval {}", t + 1), "¢"),
    ];
    if all.is_some() {
        columns.push(column("all intervals", "$"));
    }
    let row = |name: &str, own: f64, all: Option<f64>| {
        let mut cells = vec![text(name), number(100.0 * own)];
        cells.extend(all.map(number));
        cells
    };
    let mut rows = Vec::new();
    for (k, (name, usd)) in own.items().into_iter().enumerate() {
        let over = all.map(|all| all.items()[k].1);
        if k == 0 || usd.abs() > NONE_USD || over.is_some_and(|usd| usd.abs() > NONE_USD) {
            rows.push(row(name, usd, over));
        }
    }
    rows.push(row("paid", own.paid_usd(), all.map(Settled::paid_usd)));
    table("settlement", &format!("What {id} pays"), columns, rows, "")
}
