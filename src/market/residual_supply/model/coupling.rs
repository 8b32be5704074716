//! The balancing market as other mechanisms ask for it.

use crate::case::balancing::{Balancing, Bid, Injection, PeriodOffer, Segment};
use crate::case::{Boundary, Case, Feeder, FeederBus};
use crate::market::Failure;
use crate::market::shared::coupling::{Balanced, Common, Demand, Markets, SupplyFunction};
use crate::network::formulation::feeder::Physics;

use super::super::params::{ResidualSupply, Rsf, Scheme};
use super::clear::curves;
use super::schemes::{admitted, run};
use super::system::System;

/// What of this mechanism others may ask for.
pub const MARKETS: Markets = Markets {
    balance,
    supply_function,
    common,
};

/// LinDistFlow without recovery: what a feeder is handed over with.
fn linear() -> ResidualSupply {
    ResidualSupply {
        physics: Physics::LinDistFlow,
        recover_ac: false,
        ..ResidualSupply::default()
    }
}

fn supply_function(case: &Case) -> Result<SupplyFunction, Failure> {
    let areas = System::new(case)?;
    let curves = curves(&areas, &linear(), &admitted(&areas, Scheme::Rsf))?;
    let curve = curves
        .into_iter()
        .flatten()
        .next()
        .ok_or("the feeder has no function")?;
    Ok(SupplyFunction {
        start_mw: curve.start_mw[0],
        steps: curve.steps[0]
            .iter()
            .map(|s| (s.width_mw, s.usd_per_mwh))
            .collect(),
    })
}

fn common(case: &Case) -> Result<Common, Failure> {
    let areas = System::new(case)?;
    let outcome = run(&areas, &linear(), Scheme::Rsf, Vec::new())?;
    let market = &outcome.market;
    let mut payment = 0.0;
    for (b, bid) in areas.balancing.bids.iter().enumerate() {
        if let Some(&(a, i)) = areas.place.get(&bid.bus) {
            payment += market.prices.lmp[a][0][i] * market.dispatch.p_mw[b][0] * areas.hours;
        }
    }
    Ok(Common {
        cost_usd: market.cost_usd(&areas),
        overload_mwh: outcome.overload_mwh,
        payment_usd: payment,
    })
}

const BELOW: &str = "community demand";

/// Clears the balancing market of a case with a demand below one of its transmission buses, which
/// enters as a residual supply function.
///
/// Eq. `[mezghani2023]`(2.3), (2.4); `[theisen2024]`(3.5).
///
/// # Errors
/// A case without a balancing market, or a program that cannot be solved.
fn balance(case: &Case, bus: &str, demand: &Demand) -> Result<Balanced, Failure> {
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
        rsf: steps
            .into_iter()
            .flatten()
            .map(|s| (s.width_mw, s.usd_per_mwh))
            .collect(),
        lmp_by_bus: system.areas[0]
            .buses
            .iter()
            .zip(&market.prices.lmp[0][0])
            .map(|(bus, lmp)| (bus.clone(), *lmp))
            .collect(),
        certificates: market.certificates,
    })
}
