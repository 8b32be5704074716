//! One area with its export and whole bids.

use crate::market::Failure;
use crate::network::formulation::recovery::EXACT_MVA;
use crate::opt::{Certificate, Solution, certify, diving, search};

use super::super::params::ResidualSupply;
use super::ac::{self, PowerFlow};
use super::program::{Block, Program};
use super::system::System;

/// Energy below this is rounding, MWh.
pub const SHORT_MWH: f64 = 1e-5;

/// A program of one area with whole bids, solved and brought back to a power flow.
pub struct Disaggregated {
    pub area: usize,
    pub program: Program,
    pub taken: Solution,
    pub proof: Certificate,
    pub flow: PowerFlow,
}

/// Solves the program of an area with whole bids; with a `search` for a better choice of them where energy is
/// missing or spilled.
///
/// # Errors
/// A sentence when it cannot be solved.
pub fn disaggregated(
    system: &System,
    params: &ResidualSupply,
    a: usize,
    program: Program,
    search: bool,
) -> Result<Disaggregated, Failure> {
    let mut taken = diving::solve(&program.model)?;
    if search && is_short(system, &program, a, &taken.solution.x) {
        taken = search::improved(&program.model, taken);
    }
    let proof = certify(
        format!("disaggregation of {}", system.areas[a].id),
        &taken.fixed,
        &taken.solution.x,
        taken.solution.duals.as_ref(),
    );
    let flow = ac::settle(
        system,
        &program,
        &mut taken,
        params.recover_ac.then_some(EXACT_MVA),
    );
    Ok(Disaggregated {
        area: a,
        program,
        taken: taken.solution,
        proof,
        flow,
    })
}

/// Largest slack of a block in any period, MW and Mvar.
fn slack_mw(block: &Block, x: &[f64]) -> f64 {
    let periods = block.slack_p.iter().chain(&block.slack_q);
    let sums = periods.map(|at| at.iter().map(|(up, down)| x[up.0] + x[down.0]).sum());
    sums.fold(0.0, f64::max)
}

/// Whether energy is missing or spilled in the program's own area.
pub fn is_short(system: &System, program: &Program, a: usize, x: &[f64]) -> bool {
    let block = program.blocks[a].as_ref();
    block.is_some_and(|block| slack_mw(block, x) * system.hours > SHORT_MWH)
}
