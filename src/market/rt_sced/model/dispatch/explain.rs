//! Why an LMP is what it is: its parts, who serves the next MWh, and a proof.
//!
//! ```text
//! LMP_i = λ − λ LF_i + Σ_l y_l SF_li              parts
//! d(cost) = LMP_i · dP,   dx_M = A_TM⁻¹ d_T       the next MWh at bus i: d = 1 in the balance, SF_li in line l
//! ```
//!
//! The next and the last MWh are two directions of the same program ([`turn`](super::turn)); at a tie they have two prices, and the LMP is one of those between. The proof clears the
//! program again, by simplex, with a step more or less at the bus.
//!
//! `Eq. [zuo2022](6)`, `(4)`, `(10)`.

use super::clearing::NoDispatch;
use super::interval::dispatch;
use super::lossy::OfLosses;
use super::plane::Beside;
use super::request::Request;
use super::turn::{Mover, Program, Proof};
use super::why_not::{Idle, idle_units};
use crate::market::rt_sced::model::system::System;

/// What one MWh more, or one less, does.
pub struct Side {
    /// Cost of one more, or what one less saves, $/MWh.
    pub usd_per_mwh: f64,
    /// What the price rises by with each MW more, $/MW²h, or falls by with each MW less; 0 where no bid rises.
    pub rise_usd_per_mw2h: f64,
    pub units: Vec<Mover>,
    /// Limits whose flow moves, and by how much for each MW.
    pub flows: Vec<(usize, f64)>,
    /// MW until other units take over.
    pub reach_mw: f64,
    pub proof: Proof,
    /// What moves on the critical lines of Union Jack bids.
    pub beside: Vec<Beside>,
    /// What the step of the proof costs with their triangles chosen anew, $/h.
    pub anew_usd_per_h: Option<f64>,
}

/// One congestion part of an LMP.
pub struct Part {
    pub limit: usize,
    /// SF_li.
    pub factor: f64,
    /// y_l, $/MWh.
    pub shadow_usd_per_mwh: f64,
    /// Flow that the program expects, MW; of the others, where Union Jack bids see the line.
    pub flow_mw: f64,
    /// The aggregators of these bids.
    pub bids: Vec<usize>,
}

/// An LMP explained.
pub struct Explained {
    pub bus: usize,
    pub lmp: f64,
    /// λ, $/MWh.
    pub energy: f64,
    /// −λ LF_i and what makes it, where losses are asked for.
    pub losses: Option<OfLosses>,
    pub parts: Vec<Part>,
    /// `None` where not even a little more, or less, can be served.
    pub next: Option<Side>,
    pub last: Option<Side>,
    /// Aggregators that are held to a triangle of their bid.
    pub held: Vec<usize>,
    /// Units there that would run at another bid.
    pub idle: Vec<Idle>,
}

/// Explains the LMP of a bus in one interval.
///
/// # Errors
/// As [`dispatch`].
pub fn explain(system: &System, request: &Request, bus: usize) -> Result<Explained, NoDispatch> {
    let program = Program::new(system, request)?;
    let prices = dispatch(system, request)?.prices;
    let side = |way: f64| -> Result<Option<Side>, NoDispatch> {
        let turn = program.load(&[(bus, 1.0)], way)?;
        Ok(turn.map(|turn| Side {
            usd_per_mwh: way * turn.usd_per_mwh,
            rise_usd_per_mw2h: turn.rise_usd_per_mw2h,
            units: turn.units,
            flows: turn.flows,
            reach_mw: turn.reach_mw,
            proof: turn.proof,
            beside: turn.beside,
            anew_usd_per_h: turn.anew_usd_per_h,
        }))
    };
    let parts = prices.lines.iter().map(|&(limit, shadow)| Part {
        limit,
        factor: program.ptdf(limit)[bus],
        shadow_usd_per_mwh: shadow,
        flow_mw: program.flow_mw(limit),
        bids: program.bids_on(limit),
    });
    Ok(Explained {
        bus,
        lmp: prices.lmp[bus],
        energy: prices.energy,
        losses: program.losses(&[(bus, 1.0)], prices.energy),
        parts: parts.collect(),
        next: side(1.0)?,
        last: side(-1.0)?,
        held: program.held(),
        idle: idle_units(system, &program, bus)?,
    })
}
