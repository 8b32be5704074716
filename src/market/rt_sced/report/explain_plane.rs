//! What prices with Union Jack bids hold for, in words.

use crate::report::amount;
use crate::report::words::listed;

use super::words::{mw, usd};
use crate::market::rt_sced::model::dispatch::plane::Beside;
use crate::market::rt_sced::model::dispatch::turn::Proof;
use crate::market::rt_sced::model::system::System;

/// Costs closer than this, relative, are the same.
const SAME_COST: f64 = 1e-7;

pub(super) fn names(system: &System, groups: &[usize]) -> String {
    let ids = groups.iter().map(|&a| system.groups[a].id.clone());
    listed(&ids.collect::<Vec<_>>())
}

/// The triangle within which all of it holds.
pub(super) fn held(system: &System, groups: &[usize]) -> Option<String> {
    (!groups.is_empty()).then(|| {
        format!(
            "Within the triangle of its grid that the dispatch has chosen, the cost of {} is a plane; a step so large that it leaves the triangle has another answer.",
            names(system, groups)
        )
    })
}

/// Why nothing further can be served.
pub(super) fn within(groups: &[usize]) -> &'static str {
    match groups.is_empty() {
        true => "",
        false => " within the triangle that the dispatch has chosen",
    }
}

/// What the others put on the critical lines with each MW.
pub(super) fn beside<'a>(
    system: &'a System,
    moves: &'a [Beside],
) -> impl Iterator<Item = String> + 'a {
    moves.iter().map(|one| {
        let way = if one.by > 0.0 { "more" } else { "less" };
        format!(
            "With it, the others put {} {way} on line {}, which {} bids {} for.",
            mw(one.by.abs()),
            system.limits[one.limit].id,
            system.groups[one.group].id,
            usd(one.usd_per_mwh)
        )
    })
}

/// The step of a proof with the triangles chosen anew.
pub(super) fn anew(proof: &Proof, usd_per_h: Option<f64>) -> Option<String> {
    let usd_per_h = usd_per_h?;
    let step = mw(proof.step_mw);
    let solved = proof.solved_usd_per_h;
    Some(
        match (usd_per_h - solved).abs() <= SAME_COST * (1.0 + solved.abs()) {
            true => format!("With the triangle chosen anew a step of {step} costs the same."),
            false => format!(
                "With the triangle chosen anew a step of {step} changes the cost by {} instead of {}.",
                amount(usd_per_h, "$/h"),
                amount(solved, "$/h")
            ),
        },
    )
}

/// The part of a line that bids see by what the others put on it.
pub(super) fn critical_line(
    system: &System,
    (limit, bids): (usize, &[usize]),
    (others_mw, shadow_usd_per_mwh): (f64, f64),
) -> String {
    let limit = &system.limits[limit];
    format!(
        "{} bids its cost by what the others put on line {}, {} of {}. One MW less of that changes the cost by {}.",
        names(system, bids),
        limit.id,
        mw(others_mw.abs()),
        mw(limit.max_p_mw),
        usd(match others_mw < 0.0 {
            true => 0.0 - shadow_usd_per_mwh,
            false => shadow_usd_per_mwh,
        })
    )
}
