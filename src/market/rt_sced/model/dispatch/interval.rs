//! One interval from its request to its dispatch: by what is known, else anew.

use super::again::{again, learn};
use super::clearing::{Cleared, NoDispatch, anew, none};
#[cfg(feature = "internals")]
use super::conflict::Cause;
use super::known::clear;
#[cfg(feature = "internals")]
use super::known::{Known, by_bases};
use super::lossy::settled;
#[cfg(feature = "internals")]
use super::named::named;
use super::pricing::{Dispatch, Priced, priced};
use super::program::Detail;
use super::request::Request;
use crate::market::rt_sced::model::system::System;
use crate::opt::Failure;

/// Clears one interval: least cost within the limits as the program sees them, with prices.
///
/// The certificate covers every limit, also those that never became a row, and that an exact curve
/// has the cost its aggregator's own dispatch has; looking ahead, it is that of the whole horizon.
/// With Union Jack bids it is that of the linear
/// program on the triangles found.
///
/// # Errors
/// [`NoDispatch::Infeasible`] names the limits in conflict.
pub fn dispatch(system: &System, request: &Request) -> Result<Dispatch, NoDispatch> {
    if system.rho_per_mw.is_some() {
        return Ok(priced(system, request, settled(system, request)?)?.dispatch);
    }
    if system.has_no_start {
        let alone = Request {
            ahead: &[],
            ..request.clone()
        };
        return Err(none(system, &alone));
    }
    let cleared = match again(system, request) {
        Some(Ok(dispatch)) => return Ok(dispatch),
        Some(Err(_)) => anew(system, request)?,
        None => clear(system, request)?,
    };
    Ok(finished(system, request, cleared)?)
}

/// Why a draw has no dispatch.
#[cfg(feature = "internals")]
pub enum Unserved {
    /// Limits that cannot hold together where no output is negative.
    Limits(Vec<Cause>),
    /// As no basis shows it.
    Other(NoDispatch),
}

/// One of many draws: [`dispatch`], but where there is none a contradiction is its answer, not what would have to give
/// way for the least total change.
///
/// # Errors
/// There is no dispatch.
#[cfg(feature = "internals")]
pub fn draw(system: &System, request: &Request) -> Result<Dispatch, Unserved> {
    let known = match again(system, request) {
        Some(Ok(dispatch)) => return Ok(dispatch),
        Some(Err(_)) => Known::Contradicted,
        None => by_bases(system, request),
    };
    let cleared = match known {
        Known::Cleared(cleared) => *cleared,
        Known::Contradicted => {
            if let Some(limits) = named(system, request) {
                return Err(Unserved::Limits(limits));
            }
            anew(system, request).map_err(Unserved::Other)?
        }
        Known::Nothing => anew(system, request).map_err(Unserved::Other)?,
    };
    finished(system, request, cleared).map_err(|why| Unserved::Other(why.into()))
}

fn finished(system: &System, request: &Request, cleared: Cleared) -> Result<Dispatch, Failure> {
    let found: Priced = priced(system, request, cleared)?;
    // By a basis: the full path leaves no equivalent open.
    if found.only && found.detail == Detail::Open {
        learn(system, request, &found.model, &found.dispatch);
    }
    Ok(found.dispatch)
}
