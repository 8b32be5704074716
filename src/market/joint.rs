//! Where one mechanism hands on to another: kept here, so that no mechanism imports another.

use crate::case::balancing::{Balancing, Bid, Injection, PeriodOffer, Segment};
use crate::case::{Boundary, Case, Feeder, FeederBus};
use crate::flow::feeder::Physics;

use super::bargaining::game::Game;
use super::bargaining::settle::bargain;
use super::residual_supply::schemes::run;
use super::residual_supply::system::System;
use super::residual_supply::{ResidualSupply, Rsf, Scheme};

/// What each player pays so that all gain the same in the Nash bargain over what they share, with a
/// cost borne by all, $.
///
/// Eq. `[wang2017]`(1.3) c, where the one who collects gains nothing.
pub fn nash_payments_usd(utility_usd: &[f64], cost_usd: f64) -> Vec<f64> {
    let mut powers = vec![1.0; utility_usd.len() + 1];
    powers[0] = 0.0;
    bargain(utility_usd, cost_usd, &powers).payments_usd
}

/// Shapley value of a game given by the worth of every set of bits, the empty one first.
///
/// # Errors
/// Less than two players.
pub fn shapley_usd(worth_usd: Vec<f64>) -> Result<Vec<f64>, String> {
    Ok(Game::new(worth_usd)?.shapley())
}

/// A demand handed to a balancing market: `fixed_mw`, and more of it at falling prices.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    pub fixed_mw: f64,
    /// Width in MW and price in $/MWh.
    pub steps: Vec<(f64, f64)>,
}

/// What the balancing market makes of it.
#[derive(Clone, Debug)]
pub struct Balanced {
    /// LMP where the demand connects, $/MWh.
    pub lmp_usd_per_mwh: f64,
    pub taken_mw: f64,
    /// The residual supply function made of it: export at which its steps begin, then width and price.
    pub begins_mw: f64,
    pub rsf: Vec<(f64, f64)>,
    /// How far it may be off, $.
    pub gap_usd: f64,
    /// Prices of all transmission buses.
    pub lmp_by_bus: Vec<(String, f64)>,
    pub certificates: Vec<crate::opt::Certificate>,
}

const BELOW: &str = "community demand";

/// Clears the balancing market of a case with a demand below one of its transmission buses, which
/// enters as a residual supply function.
///
/// Eq. `[mezghani2023]`(2.3), (2.4); `[theisen2024]`(3.5).
///
/// # Errors
/// A case without a balancing market, or a program that cannot be solved.
pub fn balance(case: &Case, bus: &str, demand: &Demand) -> Result<Balanced, String> {
    let market = case
        .balancing
        .as_ref()
        .ok_or("the case has no balancing market")?;
    let mut above = Balancing {
        periods: 1,
        ..market.clone()
    };
    let root = format!("{BELOW} bus");
    above
        .bids
        .retain(|bid| case.buses.iter().any(|b| b.id == bid.bus));
    above.imbalances.push(Injection {
        id: format!("{BELOW}, fixed"),
        bus: root.clone(),
        p_mw: vec![-demand.fixed_mw],
        q_mvar: Vec::new(),
    });
    let segment = |&(width, price): &(f64, f64)| Segment {
        min_p_mw: -width,
        max_p_mw: 0.0,
        usd_per_mwh: price,
        indivisible: false,
    };
    if !demand.steps.is_empty() {
        above.bids.push(Bid {
            id: BELOW.into(),
            bus: root.clone(),
            offers: vec![PeriodOffer {
                period: 1,
                segments: demand.steps.iter().map(segment).collect(),
                ..PeriodOffer::default()
            }],
            ..Bid::default()
        });
    }
    let whole = Case {
        feeders: vec![Feeder {
            id: BELOW.into(),
            base_kv: 1.0,
            root: root.clone(),
            root_v_pu: 1.0,
            buses: vec![FeederBus {
                id: root,
                p_load_mw: 0.0,
                q_load_mvar: 0.0,
                min_v_pu: 0.9,
                max_v_pu: 1.1,
            }],
            lines: Vec::new(),
        }],
        boundaries: vec![Boundary {
            id: BELOW.into(),
            bus: bus.into(),
            feeder: BELOW.into(),
            max_p_mw: None,
        }],
        balancing: Some(above),
        communities: None,
        day: None,
        ..case.clone()
    };
    let system = System::new(&whole)?;
    let params = ResidualSupply {
        physics: Physics::Lossless,
        recover_ac: false,
        rsf: Rsf {
            gap_usd: 1e-9,
            max_points: 300,
            ..Rsf::default()
        },
        ..ResidualSupply::default()
    };
    let outcome = run(&system, &params, Scheme::Rsf, Vec::new())?;
    let a = system.area(BELOW).ok_or("the demand has no area")?;
    let market = outcome.market;
    let curve = market.curves.get(a).and_then(Option::as_ref);
    let steps = curve.and_then(|c| c.steps.first());
    Ok(Balanced {
        lmp_usd_per_mwh: market.prices.interface(&system, a, 0),
        taken_mw: -market.dispatch.export_mw[a].first().copied().unwrap_or(0.0),
        begins_mw: curve
            .and_then(|c| c.start_mw.first().copied())
            .unwrap_or(f64::NAN),
        rsf: steps
            .into_iter()
            .flatten()
            .map(|s| (s.width_mw, s.usd_per_mwh))
            .collect(),
        gap_usd: curve.map_or(f64::NAN, |c| c.gap_usd),
        lmp_by_bus: system.areas[0]
            .buses
            .iter()
            .zip(&market.prices.lmp[0][0])
            .map(|(bus, lmp)| (bus.clone(), *lmp))
            .collect(),
        certificates: market.certificates,
    })
}
