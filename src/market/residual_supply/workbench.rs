//! One area alone: its cost at any export, and its program as a file.

use crate::case::Case;
use crate::market::View;
use crate::opt::lp_file as lp;
use crate::report::{Probe, Table, column, number, plain, text};

use super::build::Evaluator;
use super::clear;
use super::params::{ResidualSupply, Scheme};
use super::program::{Export, write};
use super::schemes;
use super::step_words::limit_sentence;
use super::system::System;

/// What the area behind `key` (`rsf:<area>`) does and costs at an export of `x` MW in every period.
///
/// # Errors
/// An unknown key, or a program that cannot be solved.
pub fn probe(
    system: &System,
    params: &ResidualSupply,
    view: &View,
    key: &str,
    x: f64,
) -> Result<Probe, String> {
    let id = key.strip_prefix("rsf:").unwrap_or(key);
    let a = system
        .area(id)
        .filter(|&a| a > 0)
        .or_else(|| (key == "rsf" && system.areas.len() > 1).then_some(1))
        .ok_or_else(|| format!("there is no area \"{id}\" to ask about"))?;
    let admitted = schemes::admitted(system, Scheme::Rsf);
    let curves = below(system, params, &admitted, a)?;
    let seen = clear::common(params, &curves, &admitted);
    let mut evaluator = Evaluator::new(system, a, seen, params.rsf.variant)?;
    let sample = evaluator.at(&vec![x; system.periods])?;
    let t = view.step_of(system.periods);
    let inside = sample.slack_mwh <= 1e-5;
    let area = &system.areas[a].id;
    let sentence = if inside {
        let (low, high) = (sample.below_usd_per_mwh[t], sample.above_usd_per_mwh[t]);
        let cap = system.balancing.price_cap_usd_per_mwh;
        // At the cap the range ends: there is no price.
        let known = |price: f64| price.abs() < cap * (1.0 - 1e-9);
        let usd = |price: f64| format!("{} $/MWh", plain(price, 2));
        let price = match (known(low), known(high)) {
            (_, true) if (high - low).abs() <= 1e-6 * (1.0 + high.abs()) => {
                format!("the next MWh costs {}", usd(high))
            }
            (true, true) => {
                format!(
                    "the last MWh cost {}, the next costs {}",
                    usd(low),
                    usd(high)
                )
            }
            (true, false) => format!(
                "the last MWh cost {}, and no more can be exported",
                usd(low)
            ),
            (false, true) => format!(
                "the next MWh costs {}, and no less can be exported",
                usd(high)
            ),
            (false, false) => "it can export neither more nor less".to_string(),
        };
        let full = if sample.limits.is_empty() {
            "no limit is full".to_string()
        } else {
            format!("full: {}", limit_sentence(&sample.limits))
        };
        format!(
            "At an export of {} MW {area} costs {} $; {price}; {full}.",
            plain(x, 3),
            plain(sample.cost_usd, 2)
        )
    } else {
        format!(
            "{area} cannot export {} MW: {} MWh would be missing or spilled; full: {}.",
            plain(x, 3),
            plain(sample.slack_mwh, 3),
            limit_sentence(&sample.limits)
        )
    };
    let bids = system.areas[a].bids.iter().filter(|&&(b, _)| admitted[b]);
    let rows = bids.zip(&sample.p_mw).map(|(&(b, _), p)| {
        let bid = &system.balancing.bids[b];
        vec![text(bid.id.clone()), text(bid.bus.clone()), number(p[t])]
    });
    Ok(Probe {
        inside,
        sentence,
        table: Table {
            id: "probe".into(),
            title: format!("Bids of {area} at this export"),
            columns: vec![
                column("bid", ""),
                column("bus", ""),
                column("activated", "MW"),
            ],
            rows: if inside {
                rows.take(100).collect()
            } else {
                Vec::new()
            },
            note: String::new(),
            by_clock: false,
        },
        offer: None,
    })
}

/// Residual supply functions of the areas below `a` alone.
fn below(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    a: usize,
) -> Result<Vec<Option<super::curve::Curve>>, String> {
    if system.areas[a].below.is_empty() {
        return Ok(vec![None; system.areas.len()]);
    }
    clear::curves(system, params, admitted)
}

/// The program of the top area (`step` 1) or of the next areas in order as an LP file.
///
/// # Errors
/// A step beyond the areas, or a program with cones.
pub fn lp_file(case: &Case, params: &ResidualSupply, step: usize) -> Result<String, String> {
    let system = System::new(case)?;
    let admitted = schemes::admitted(&system, params.scheme);
    let a = step.saturating_sub(1);
    if a >= system.areas.len() {
        let names: Vec<&str> = system.areas.iter().map(|a| a.id.as_str()).collect();
        return Err(format!(
            "there are {} programs: {}",
            names.len(),
            names
                .iter()
                .take(12)
                .copied()
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
    let curves = match params.scheme {
        Scheme::Rsf => clear::curves(&system, params, &admitted)?,
        _ => Vec::new(),
    };
    let view = clear::common(params, &curves, &admitted);
    let schedule: Vec<f64> = (0..system.periods)
        .map(|t| system.scheduled_export_mw(a, t))
        .collect();
    let export = if a == 0 {
        Export::None
    } else {
        Export::Fixed(&schedule)
    };
    let program = write(&system, a, view, export);
    if !program.model.cones().is_empty() {
        return Err(format!(
            "the program of {} has second-order cones, which an LP file cannot hold; choose lossless feeders or LinDistFlow",
            system.areas[a].id
        ));
    }
    Ok(lp::write(&program.model))
}
