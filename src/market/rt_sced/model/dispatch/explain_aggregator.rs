//! Why the price of an aggregator is what it is.
//!
//! ```text
//! LMP_a = Σ_i DF_ia LMP_i = λ Σ_i DF_ia + Σ_l y_l Σ_i SF_li DF_ia        seen through factors
//! LMP_a = ∂C_a/∂P_a                                                      behind its critical lines
//! ```
//!
//! Through factors, one more MWh is load at the buses of its members, each with its factor. Behind critical lines it is
//! one more MW of its own program with P_l'' as it is, of the last MW where it has no next.
//!
//! `Eq. [zuo2022](1)`, `(12)` to `(16)`.

use crate::opt::parametric::next;
use crate::opt::{Model, Row, Var, simplex};

use super::clearing::NoDispatch;
use super::explain::Part;
use super::interval::dispatch;
use super::lossy::OfLosses;
use super::request::Request;
use super::turn::{Mover, Program, Proof, Turn, proof};
use crate::market::rt_sced::model::equivalent::{Answer, Equivalent};
use crate::market::rt_sced::model::price::Prices;
use crate::market::rt_sced::model::system::System;

/// A member as the price sees it.
pub struct Member {
    pub der: usize,
    pub factor: f64,
    /// LMP at its bus, $/MWh.
    pub lmp: f64,
}

/// What makes the price of an aggregator.
pub enum Made {
    /// Its members' LMPs, with the energy and congestion parts of the sum, $/MWh.
    OfMembers {
        members: Vec<Member>,
        energy: f64,
        losses: Option<OfLosses>,
        parts: Vec<Part>,
        next: Option<Box<Turn>>,
        last: Option<Box<Turn>>,
        /// Aggregators that are held to a triangle of their bid.
        held: Vec<usize>,
    },
    /// Its own units behind its critical lines.
    OfUnits {
        lines: Vec<usize>,
        next: Option<Own>,
        last: Option<Own>,
    },
}

/// One MW more of an aggregator alone, or one less, with what the others put on its lines as it is.
pub struct Own {
    /// Change of its cost for each MW, $/MWh.
    pub usd_per_mwh: f64,
    pub units: Vec<Mover>,
    pub reach_mw: f64,
    pub proof: Proof,
}

/// The price of an aggregator explained.
pub struct Aggregator {
    pub group: usize,
    /// $/MWh.
    pub price: f64,
    pub made: Made,
}

/// Explains the price of an aggregator in one interval.
///
/// # Errors
/// As [`dispatch`].
pub fn explain_aggregator(
    system: &System,
    request: &Request,
    group: usize,
) -> Result<Aggregator, NoDispatch> {
    let program = Program::new(system, request)?;
    let cleared = dispatch(system, request)?;
    let prices = &cleared.prices;
    let mut equivalents = request.equivalents().iter().zip(&cleared.answers);
    let made = match equivalents.find(|(e, _)| e.group == group) {
        Some((equivalent, answer)) if equivalent.price(answer)?.is_some() => {
            of_units(system, equivalent, answer)?
        }
        _ => of_members(system, request, &program, prices, group)?,
    };
    Ok(Aggregator {
        group,
        price: prices.groups[group].0,
        made,
    })
}

fn of_members(
    system: &System,
    request: &Request,
    program: &Program,
    prices: &Prices,
    group: usize,
) -> Result<Made, NoDispatch> {
    let factors = match request.aggregation.factors(group) {
        Some(factors) => factors.to_vec(),
        None => system.capacity_shares(group),
    };
    let members = system.groups[group].members.iter().zip(factors);
    let members = members.map(|(&der, factor)| Member {
        der,
        factor,
        lmp: prices.lmp[system.ders[der].bus],
    });
    let members: Vec<Member> = members.collect();
    let at: Vec<(usize, f64)> = members
        .iter()
        .map(|m| (system.ders[m.der].bus, m.factor))
        .collect();
    let parts = prices.lines.iter().map(|&(limit, shadow)| {
        let ptdf = program.ptdf(limit);
        Part {
            limit,
            factor: at.iter().map(|&(bus, share)| ptdf[bus] * share).sum(),
            shadow_usd_per_mwh: shadow,
            flow_mw: program.flow_mw(limit),
            bids: program.bids_on(limit),
        }
    });
    let all: f64 = at.iter().map(|(_, share)| share).sum();
    Ok(Made::OfMembers {
        energy: prices.energy * all,
        losses: program.losses(&at, prices.energy),
        parts: parts.collect(),
        next: program.load(&at, 1.0)?.map(Box::new),
        last: program.load(&at, -1.0)?.map(Box::new),
        held: program.held(),
        members,
    })
}

/// `Eq. [zuo2022](12)` to `(16)` at the point of the dispatch.
fn of_units(system: &System, equivalent: &Equivalent, answer: &Answer) -> Result<Made, NoDispatch> {
    let mut model = Model::new("aggregator");
    model.set_unit(system.tolerance_mw(1.0));
    let blocks = equivalent.blocks.iter().enumerate();
    let vars: Vec<Var> = blocks
        .map(|(n, b)| model.var(format!("block_{n}"), b.lower, b.upper, b.usd_per_mwh))
        .collect();
    let total = vars.iter().map(|&v| (v, 1.0));
    model.row("P_a", total, answer.p_a_mw, answer.p_a_mw);
    for (&k, other) in equivalent.lines.iter().zip(&answer.other_mw) {
        let (ptdf, most) = (system.ptdf(k), system.limits[k].max_p_mw);
        let blocks = vars.iter().zip(&equivalent.blocks);
        let terms = blocks.map(|(&v, b)| (v, ptdf[system.ders[b.der].bus]));
        let name = format!("flow_{}", system.limits[k].id);
        model.row(name, terms, -most - other, most - other);
    }
    let usd_per_h = simplex::solve(&model)?.objective;
    let own = |way: f64| -> Result<Option<Own>, NoDispatch> {
        let direction = [(Row(0), way)];
        let Some(found) = next(&model, &direction)? else {
            return Ok(None);
        };
        let units = found.moves.iter().map(|&(v, by)| {
            let block = &equivalent.blocks[v.0];
            Mover {
                is_dc_line: false,
                id: system.ders[block.der].id.clone(),
                group: None,
                usd_per_mwh: block.usd_per_mwh,
                by,
            }
        });
        Ok(Some(Own {
            usd_per_mwh: found.price,
            units: units.collect(),
            reach_mw: found.reach,
            proof: proof(&model, &direction, usd_per_h, &found)?,
        }))
    };
    Ok(Made::OfUnits {
        lines: equivalent.lines.clone(),
        next: own(1.0)?,
        last: own(-1.0)?,
    })
}
