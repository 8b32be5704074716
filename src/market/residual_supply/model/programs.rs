//! The programs that prices come from, solved.

use crate::market::Failure;
use crate::opt::diving::Integral;
use crate::opt::{Model, Solution, diving, search};

use super::super::params::ResidualSupply;
use super::ac::{self, PowerFlow};
use super::disaggregation::{Disaggregated, disaggregated, is_short};
use super::prices::Prices;
use super::program::{Export, Program, View, write};
use super::system::System;

/// One program over all networks; where a cone is not tight, with `steps` back to a power flow.
///
/// # Errors
/// A sentence when it cannot be solved.
pub fn whole(
    system: &System,
    view: View,
    steps: bool,
) -> Result<(Program, Integral, PowerFlow), Failure> {
    let program = write(system, 0, view, Export::None);
    let mut whole = diving::solve(&program.model)?;
    let steps = steps.then_some(ac::UNTIGHT_MVA);
    let power_flow = ac::settle(system, &program, &mut whole, steps);
    Ok((program, whole, power_flow))
}

/// The top area with the functions of those below it.
///
/// # Errors
/// As [`whole`].
pub fn top(system: &System, view: View) -> Result<(Program, Integral), Failure> {
    let program = write(system, 0, view, Export::None);
    let mut whole = diving::solve(&program.model)?;
    if is_short(system, &program, 0, &whole.solution.x) {
        whole = search::improved(&program.model, whole);
    }
    Ok((program, whole))
}

/// Area `a` with its cleared export and whole bids.
///
/// # Errors
/// As [`whole`].
pub fn disaggregation(
    system: &System,
    params: &ResidualSupply,
    view: View,
    a: usize,
    export_mw: &[f64],
) -> Result<Disaggregated, Failure> {
    let program = write(system, a, view, Export::Fixed(export_mw));
    disaggregated(system, params, a, program, false)
}

/// The same area with its bids held at their choice and the export sold at the interface. Both programs have the same
/// variables in the same order.
///
/// # Errors
/// As [`whole`].
pub fn sold(
    system: &System,
    view: View,
    own: &Disaggregated,
    above: &Prices,
) -> Result<(Program, Model, Solution), Failure> {
    let interface: Vec<f64> = (0..system.periods)
        .map(|t| above.interface(system, own.area, t))
        .collect();
    let sold = write(system, own.area, view, Export::Sold(&interface));
    let held = diving::hold(&sold.model, &own.taken.x);
    let solution = diving::priced_near(&held, &own.taken)?;
    let (held, solution) = ac::marginal(system, &sold, held, solution, &own.taken.x);
    Ok((sold, held, solution))
}
