//! Prices of random networks, explained: half of them with ties made on purpose.

use fastrand::Rng;

use super::random::random_case;
use tandem::case::Case;
use tandem::market::rt_sced::process::Process;
use tandem::market::rt_sced::roll::roll;
use tandem::market::rt_sced::roll::start;
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, RtSced};

fn near(ours: f64, expected: f64, within: f64, at: &str) {
    assert!(
        (ours - expected).abs() <= within * (1.0 + expected.abs()),
        "{at}: {ours} is not {expected}"
    );
}

fn optimal() -> RtSced {
    super::optimal()
}

/// A limit that the flow of the optimum meets exactly, on the fullest line without one.
fn with_a_line_just_full(case: &mut Case) {
    let system = System::new(case, &optimal()).unwrap();
    let run = roll(&system, &optimal()).unwrap();
    let Some(interval) = run.intervals.first() else {
        return;
    };
    let free = (0..case.branches.len()).filter(|&l| case.branches[l].max_p_mw.is_none());
    let fullest = free.max_by(|&a, &b| {
        let flow = |l: usize| interval.flows_mw[l].abs();
        flow(a).total_cmp(&flow(b))
    });
    if let Some(l) = fullest {
        case.branches[l].max_p_mw = Some(interval.flows_mw[l].abs());
    }
}

/// Loads that the cheapest blocks cover to the last MW.
fn with_a_block_just_used(case: &mut Case) {
    let mut blocks: Vec<(f64, f64)> = case
        .generators
        .iter()
        .flat_map(|g| g.offer.iter().map(|b| (b.usd_per_mwh, b.p_mw)))
        .collect();
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
    case.ders.clear();
    case.aggregators.clear();
    let total: f64 = case.loads.iter().map(|l| l.p_mw).sum();
    let mut upto = 0.0;
    for (_, p) in blocks {
        upto += p;
        if upto >= total {
            break;
        }
    }
    for load in &mut case.loads {
        load.p_mw *= upto / total;
    }
    for branch in &mut case.branches {
        branch.max_p_mw = None;
    }
}

/// Checks every price of the first interval; how many there were, and how many of them at a tie.
pub(super) fn checked(case: &Case, params: &RtSced, name: &str) -> (usize, usize) {
    checked_in(&System::new(case, params).unwrap(), params, name)
}

/// [`checked`] in a system that is there already.
pub(super) fn checked_in(system: &System, params: &RtSced, name: &str) -> (usize, usize) {
    let Ok(mut process): Result<Process, _> = start(system, params) else {
        return (0, 0);
    };
    let (mut prices, mut ties) = (0, 0);
    for bus in 0..system.bus_ids.len() {
        let Ok(one) = process.explain(system, params, 0, bus) else {
            return (0, 0);
        };
        let at = format!("{name}, bus {}", system.bus_ids[bus]);
        if !one.lmp.is_finite() {
            continue;
        }
        let parts = one.parts.iter().map(|p| p.factor * p.shadow_usd_per_mwh);
        near(one.energy + parts.sum::<f64>(), one.lmp, 1e-9, &at);
        let (next, last) = (one.next.as_ref(), one.last.as_ref());
        if let Some(next) = next {
            assert!(
                one.lmp <= next.usd_per_mwh + 1e-7 * (1.0 + next.usd_per_mwh.abs()),
                "{at}"
            );
        }
        if let Some(last) = last {
            assert!(
                last.usd_per_mwh <= one.lmp + 1e-7 * (1.0 + one.lmp.abs()),
                "{at}"
            );
        }
        for side in [next, last].into_iter().flatten() {
            // What moves costs what the price says, and so does the program cleared again: the response is optimal.
            let moved: f64 = side.units.iter().map(|u| u.by * u.usd_per_mwh).sum();
            near(moved.abs(), side.usd_per_mwh.abs(), 1e-7, &at);
            let proof = &side.proof;
            near(proof.solved_usd_per_h, proof.predicted_usd_per_h, 1e-7, &at);
            let all: f64 = side.units.iter().map(|u| u.by).sum();
            near(all.abs(), 1.0, 1e-7, &at);
        }
        prices += 1;
        let two = next.zip(last);
        ties += usize::from(two.is_none_or(|(n, l)| n.usd_per_mwh - l.usd_per_mwh > 1e-6));
    }
    (prices, ties)
}

#[test]
fn prices_of_two_hundred_networks_are_explained_and_proved() {
    let mut rng = Rng::with_seed(200);
    let (mut prices, mut ties) = (0, 0);
    for k in 0..200 {
        let mut case = random_case(&mut rng);
        match k % 4 {
            1 => {
                for der in &mut case.ders {
                    der.offer[0].usd_per_mwh = case.generators[0].offer[0].usd_per_mwh;
                }
            }
            2 => with_a_line_just_full(&mut case),
            3 => with_a_block_just_used(&mut case),
            _ => {}
        }
        let params = RtSced {
            method: match k % 8 < 4 {
                true => Method::Optimal,
                false => Method::DistributionFactors,
            },
            ..optimal()
        };
        let (more, tied) = checked(&case, &params, &format!("network {k}"));
        prices += more;
        ties += tied;
    }
    assert!(
        prices > 1000 && ties > 200,
        "{prices} prices, {ties} of them at a tie"
    );
}
