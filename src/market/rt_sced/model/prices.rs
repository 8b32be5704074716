//! Locational marginal prices of one dispatch, from its active set.

use crate::opt::{DualFace, Duals, Failure, Row};

use super::dispatch::request::Aggregation;
use super::equivalent::Answer;
use super::losses::Losses;
use super::price::Prices;
use super::system::System;

/// A row of the program that prices a limited line.
pub struct LineRow {
    pub row: Row,
    pub limit: usize,
    /// The side of a limit; `None` for the definition of P_l''.
    pub upper: Option<bool>,
    /// ∂cost/∂limit per unit of the row's multiplier.
    sign: f64,
}

impl LineRow {
    /// A limit of the flow itself.
    pub fn limit(row: Row, limit: usize, upper: bool) -> LineRow {
        LineRow {
            row,
            limit,
            upper: Some(upper),
            sign: 1.0,
        }
    }

    /// P_l'' = the others' flow: one more MW of load at bus i lowers its right-hand side by SF_li.
    pub fn definition(row: Row, limit: usize) -> LineRow {
        LineRow {
            row,
            limit,
            upper: None,
            sign: -1.0,
        }
    }
}

/// Prices closer than this, relative, are the same.
const SAME_PRICE: f64 = 1e-7;

/// NaN where the price may be anything.
fn priced(price: f64, (low, high): (f64, f64)) -> f64 {
    match low.is_infinite() && high.is_infinite() {
        true => f64::NAN,
        false => price,
    }
}

/// Prices from the set of all optimal multipliers.
///
/// LMP_i = λ + Σ_l y_l · SF_li, with losses λ − λ LF_i + Σ_l y_l · SF_li, where y_l = ∂cost/∂limit; shape: buses, unit $/MWh. An aggregator's
/// price weighs the LMPs of its members by the factors the program used, or, where each member is
/// seen at its own bus, by capacity; behind a network equivalent it is ∂C_a/∂P_a, the cost of its
/// next MW with P_l'' as it is (of its last where there is no next). Looking ahead, an LMP is what
/// one more MWh in the first interval costs over the whole horizon, and the price of the last block
/// of a generator that is neither empty nor full is LMP + ρ, its ramp opportunity.
///
/// **At ties** the price is that of one more MWh: of load spread as the load is, then, among the
/// prices that this leaves open, of load at the first bus of the case, at the second, and so on;
/// where no more can be served at any price, that of the last MWh saved. The range at a bus is over
/// all optimal multipliers: from what one MWh less would save to what one more would cost, ∞ where
/// it cannot be served. Where a bus can have neither more nor less it has no price, NaN. None of
/// this depends on the reference or on earlier intervals.
pub fn prices(
    system: &System,
    aggregation: Aggregation,
    answers: &[Answer],
    face: &DualFace,
    (balance, losses): (Row, Option<&Losses>),
    (rows, ramps): (&[LineRow], &[(usize, Row)]),
) -> Result<(Prices, Duals), Failure> {
    let brings = |&(bus, share): &(usize, f64)| share * losses.map_or(1.0, |l| l.brings(bus));
    let ptdf = |k: usize| match losses {
        Some(losses) => losses.ptdf(system, k),
        None => system.ptdf(k),
    };
    // Weights that turn row duals into the price of one more MWh spread over buses as `at`.
    let weights = |at: &[(usize, f64)]| -> Vec<(Row, f64)> {
        let mut weights = vec![(balance, at.iter().map(brings).sum())];
        for line in rows {
            let ptdf = ptdf(line.limit);
            let on: f64 = at.iter().map(|(b, share)| ptdf[*b] * share).sum();
            weights.push((line.row, line.sign * on));
        }
        weights
    };
    let total: f64 = system.load_mw.iter().sum();
    let share = |p: &f64| if total > 0.0 { p / total } else { 0.0 };
    let loads = system.load_bus.iter().zip(&system.load_mw);
    let as_load: Vec<(usize, f64)> = loads.map(|(&bus, p)| (bus, share(p))).collect();
    let buses = 0..system.bus_ids.len();
    let at_each = buses.clone().map(|b| weights(&[(b, 1.0)]));
    // Of limits that share a price (two lines side by side) each has what more of it would save.
    let of_limits = rows.iter().filter_map(|line| {
        let next = if line.upper? { 1.0 } else { -1.0 };
        Some(vec![(line.row, next)])
    });
    let next = std::iter::once(weights(&as_load)).chain(at_each);
    let of_ramps = ramps.iter().map(|(_, row)| vec![(*row, -1.0)]);
    let duals = face.duals_in_turn(next.chain(of_limits).chain(of_ramps))?;
    let price = |at: &[(usize, f64)]| -> f64 {
        let energy = at.iter().map(brings).sum::<f64>() * duals.rows[balance.0];
        rows.iter().fold(energy, |price, line| {
            let ptdf = ptdf(line.limit);
            let on: f64 = at.iter().map(|(b, share)| ptdf[*b] * share).sum();
            price + line.sign * on * duals.rows[line.row.0]
        })
    };
    let only = face.is_point();
    let range = |at: &[(usize, f64)]| match only {
        true => Ok((price(at), price(at))),
        false => face.interval(&weights(at)),
    };
    let mut lmp: Vec<f64> = buses.clone().map(|b| price(&[(b, 1.0)])).collect();
    let ranges = buses.map(|b| range(&[(b, 1.0)]));
    let ranges = ranges.collect::<Result<Vec<_>, _>>()?;
    let same = |&(low, high): &(f64, f64)| {
        let near = SAME_PRICE * (1.0 + low.abs().max(high.abs()));
        near.is_finite() && high - low <= near
    };
    for (lmp, &range) in lmp.iter_mut().zip(&ranges) {
        *lmp = priced(*lmp, range);
    }
    let lmp_range = (!ranges.iter().all(same)).then_some(ranges);
    let mut groups = Vec::with_capacity(system.groups.len());
    for (a, group) in system.groups.iter().enumerate() {
        let equivalents = aggregation.equivalents().iter().zip(answers);
        let mine = equivalents.into_iter().find(|(e, _)| e.group == a);
        if let Some((equivalent, answer)) = mine
            && let Some(price) = equivalent.price(answer)?
        {
            groups.push(price);
            continue;
        }
        let shares = match aggregation.factors(a) {
            Some(factors) => factors.to_vec(),
            None => system.capacity_shares(a),
        };
        let members = group.members.iter().zip(shares);
        let at: Vec<(usize, f64)> = members
            .map(|(&d, share)| (system.ders[d].bus, share))
            .collect();
        let (low, high) = range(&at)?;
        groups.push((priced(price(&at), (low, high)), low, high));
    }
    // Each limit may have a row on either side; its price is their sum.
    let lines = rows.iter().map(|r| (r.limit, r.sign, duals.rows[r.row.0]));
    let lines = lines.filter(|(_, _, y)| *y != 0.0);
    let lines = lines.map(|(limit, sign, y)| (limit, sign * y)).collect();
    let mut opportunity = vec![0.0; system.generators.len()];
    for &(g, row) in ramps {
        opportunity[g] = 0.0 - duals.rows[row.0];
    }
    let energy = duals.rows[balance.0];
    let lost = losses.map(|l| l.factors.iter().map(|lf| 0.0 - energy * lf).collect());
    let prices = Prices {
        ramps: opportunity,
        energy,
        losses: lost,
        lines,
        lmp,
        lmp_range,
        groups,
    };
    Ok((prices, duals))
}
