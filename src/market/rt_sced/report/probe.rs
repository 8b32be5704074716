//! What holds at a point of the plane of an aggregator and a line, in words.

use crate::report::{Probe, Table, column, number, plain, table, text};

use super::words::mw;
use crate::market::rt_sced::model::region::{Asked, At, Part};
use crate::market::rt_sced::model::system::System;

/// The answer at the point (P_a, P_l'') in MW.
pub fn probe(system: &System, asked: &Asked, (x, y): (f64, f64)) -> Probe {
    let (group, line) = (&system.groups[asked.group], &system.limits[asked.limit]);
    let others = format!("with {} of the others on line {}", mw(y), line.id);
    let outside = |why: String| Probe {
        inside: false,
        sentence: format!("P_a = {} is outside the region: {why}.", mw(x)),
        table: split(system, asked.group, &[]),
        offer: None,
    };
    match &asked.at {
        At::Outside { p_a_mw, other_mw } if p_a_mw.0 > p_a_mw.1 => outside(format!(
            "{others} no output of {} is feasible; they may put {} to {} on it",
            group.id,
            mw(other_mw.0),
            mw(other_mw.1)
        )),
        At::Outside { p_a_mw, .. } => outside(format!(
            "{others}, {} can produce {} to {}",
            group.id,
            mw(p_a_mw.0),
            mw(p_a_mw.1)
        )),
        At::Inside {
            cost_usd_per_h: cost,
            split: parts,
            slopes: (low, high),
            sent_mw,
        } => {
            let next = match (low.is_finite(), high.is_finite()) {
                (_, true) => format!("the next MW costs {}\u{a0}$/MWh", plain(*high, 2)),
                (true, false) => {
                    format!(
                        "there is no next MW; the last cost {}\u{a0}$/MWh",
                        plain(*low, 2)
                    )
                }
                (false, false) => "the output cannot move alone".into(),
            };
            let on_grid = match asked.on_grid {
                None => String::new(),
                Some(None) => " The grid has no feasible triangle here.".into(),
                Some(Some(value)) => format!(
                    " Union Jack bids {}\u{a0}$/h here, {} above.",
                    plain(value, 2),
                    plain(value - cost, 2)
                ),
            };
            Probe {
                inside: true,
                sentence: format!(
                    "{} at {} {others}: {}\u{a0}$/h, and {next}; the line carries {} of {}.{on_grid}",
                    group.id,
                    mw(x),
                    plain(*cost, 2),
                    mw(y + sent_mw),
                    mw(line.max_p_mw)
                ),
                table: split(system, asked.group, parts),
                offer: None,
            }
        }
    }
}

/// Who produces what; no rows without any.
fn split(system: &System, group: usize, parts: &[Part]) -> Table {
    let rows = parts.iter().map(|part| {
        let unit = &system.ders[part.der];
        let mean = match part.p_mw > 1e-9 {
            true => part.cost_usd_per_h / part.p_mw,
            false => f64::NAN,
        };
        vec![
            text(&unit.id),
            number(part.p_mw),
            number(unit.max_p_mw),
            number(mean),
            number(part.cost_usd_per_h),
        ]
    });
    let columns = vec![
        column("DER", ""),
        column("output", "MW"),
        column("maximum", "MW"),
        column("price", "$/MWh"),
        column("cost", "$/h"),
    ];
    let note = match parts {
        [] => "",
        _ => "Price: mean over the output.",
    };
    let title = format!("Dispatch of {} at this point", system.groups[group].id);
    table("probe", &title, columns, rows.collect(), note)
}
