//! The program of one interval with every limit a row, as text.

use crate::opt::{Model, lp_file as file, union_jack};

use super::bids::{surfaces, tie_others};
use super::clearing::{NoDispatch, anew};
use super::horizon;
use super::lines::{Lines, side_of};
use super::lossy::settled;
use super::program::{Columns, Detail, program, variables};
use super::request::{Aggregation, Request};
use crate::market::rt_sced::model::system::{Resource, System};
use crate::network::formulation::{Injected, dc};

/// The whole program with every limit written out.
///
/// Equivalents are opened: their DERs stand at their own buses on critical lines and behind the
/// factors on the others, which is the program whose projection the exact curves are.
/// The balance is its first row, the two sides of every limit follow, then the intervals looked
/// ahead at.
pub(super) fn full_program(system: &System, request: &Request) -> (Model, Columns) {
    let (mut model, columns, _) = program(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let sides = || {
        let sides = (0..system.limits.len()).flat_map(|k| [(k, true), (k, false)]);
        sides.filter(|&(k, upper)| system.limits[k].has(upper))
    };
    for (k, upper) in sides() {
        model.push(lines.row(&columns, k, upper));
    }
    let later = horizon::append(system, request, &mut model, &columns);
    for interval in later {
        for (k, upper) in sides() {
            model.push(interval.row(k, upper));
        }
    }
    (model, columns)
}

/// Shift factors that are written out at most; a text with more takes tens of megabytes.
const WRITTEN_FACTORS: usize = 500_000;

fn is_large(system: &System, request: &Request) -> bool {
    let blocks = |unit: &Resource| unit.offer.len();
    let columns = system.generators.iter().chain(&system.ders).map(blocks);
    2 * system.limits.len() * columns.sum::<usize>() * (1 + request.ahead.len()) > WRITTEN_FACTORS
}

/// The same program with the flow of every branch a variable, a balance at every bus and the cycles of the network, in
/// the place of shift factors; `None` where it is another one: with aggregators seen by factors, intervals ahead, or
/// limits after an outage.
pub fn flow_program(system: &System, request: &Request) -> Option<Model> {
    let elemental =
        system.groups.is_empty() || matches!(request.aggregation, Aggregation::Elemental);
    if !elemental || !request.ahead.is_empty() || system.line_limits().end < system.limits.len() {
        return None;
    }
    let (mut model, columns) = variables(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let mut injected = vec![Injected::default(); system.bus_ids.len()];
    for (spread, &column) in lines.spread.iter().zip(&columns.var) {
        for &(bus, share) in spread {
            injected[bus].p.push((column, share));
        }
    }
    for (&bus, p) in system.load_bus.iter().zip(request.loads_mw) {
        injected[bus].p_mw -= p;
    }
    let mut most = vec![None; system.branch_ids.len()];
    for limit in &system.limits {
        most[limit.branch] = Some(limit.max_p_mw);
    }
    let branches = dc::branches(&system.network, &system.branch_ids, &most);
    dc::add(&mut model, &branches, &injected, "");
    Some(model)
}

/// The program of one interval as text, every limit a named row; of a large grid, by flows.
///
/// With exact curves the cuts are those the dispatch needed; with Union Jack bids it is the whole
/// integer program.
///
/// # Errors
/// As [`dispatch`](super::interval::dispatch), where the cuts have to be found first.
pub fn lp_file(system: &System, request: &Request) -> Result<String, NoDispatch> {
    if system.rho_per_mw.is_some() {
        let about = Request {
            losses: settled(system, request)?.lines.losses,
            ..request.clone()
        };
        return Ok(format!(
            "\\ About the dispatch with losses: the balance counts what arrives at the reference, and limits hold what is lost more.\n{}",
            file::write(&full_program(system, &about).0)
        ));
    }
    let equivalents = request.equivalents();
    if equivalents.is_empty() {
        return Ok(match flow_program(system, request) {
            Some(model) if is_large(system, request) => format!(
                "\\ By flows: balance[k] is of bus k of the case, from 0; cycles say which flows come from angles.\n{}",
                file::write(&model)
            ),
            _ => file::write(&full_program(system, request).0),
        });
    }
    if equivalents.iter().any(|e| e.jack.is_some()) {
        return Ok(file::write(&integer_program(system, request)));
    }
    let mut cleared = anew(system, request)?;
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            let mut rows = cleared.model.rows().iter();
            if rows.all(|row| row.tag != side_of(k, upper)) {
                let row = cleared.lines.row(&cleared.columns, k, upper);
                cleared.model.push(row);
            }
        }
    }
    Ok(file::write(&cleared.model))
}

/// The integer program with Union Jack bids over the whole grids, every limit a row.
pub fn integer_program(system: &System, request: &Request) -> Model {
    let (mut model, columns, _) = program(system, request, Detail::Aggregated);
    let lines = Lines::new(system, request, &columns, Detail::Aggregated);
    for k in (0..system.limits.len()).filter(|&k| !lines.covered(k)) {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
        }
    }
    tie_others(&mut model, &lines, &columns);
    union_jack::whole(&model, &surfaces(&lines, &columns))
}
