//! What holds at a point of the plane of an aggregator and a line, in words.

use crate::report::{Beyond, Net, Probe, Shown, Table, column, number, plain, table, text};

use super::region_layers::{Names, limits_of, loss_of};
use super::words::mw;
use crate::market::rt_sced::model::point::{Asked, At, OnGrid, Overload, Part};
use crate::market::rt_sced::model::system::System;
use crate::market::rt_sced::outcome::Outcome;

/// The answer at the point (P_a, P_l'') in MW.
pub fn probe(outcome: &Outcome, asked: &Asked, (x, y): (f64, f64)) -> Probe {
    let system = &outcome.system;
    let of = Names::new(system, asked.group, asked.limit);
    let edges = edges(outcome, asked, &of);
    let mut own = match &asked.at {
        At::Outside {
            p_a_mw,
            other_mw,
            overload,
        } => Probe {
            sentence: outside(&of, (x, y), (*p_a_mw, *other_mw), overload.as_ref()),
            table: split(system, asked.group, parts_of(overload.as_ref())),
            shown: overload.as_ref().map_or_else(Vec::new, |over| {
                shown(system, asked, y + over.sent_mw, &over.split)
            }),
            beyond: overload.as_ref().map(|over| Beyond {
                to: (x, over.to_other_mw),
                label: format!("{} over line {}", mw(over.over_mw), of.line),
            }),
            ..Probe::default()
        },
        At::Inside {
            split: parts,
            sent_mw,
            ..
        } => Probe {
            inside: true,
            sentence: inside(system, asked, (x, y), &edges),
            table: split(system, asked.group, parts),
            shown: shown(system, asked, y + sent_mw, parts),
            ..Probe::default()
        },
    };
    let linear = system.rho_per_mw.is_none() && !system.has_outputs();
    if linear && asked.at.split().is_some() && asked.whole.is_none() {
        own.sentence += " No dispatch of the generators serves the load with it.";
    }
    Probe {
        edges,
        net: asked.tried.as_ref().and_then(net),
        ..own
    }
}

/// The limits of the edges that the point lies on.
fn edges(outcome: &Outcome, asked: &Asked, of: &Names) -> Vec<String> {
    let Some(Ok(shown)) = &outcome.region else {
        return Vec::new();
    };
    let edges = asked.edges.iter().filter_map(|k| shown.edges.get(*k));
    edges
        .map(|edge| limits_of(&outcome.system, edge, of.line))
        .collect()
}

fn inside(system: &System, asked: &Asked, (x, y): (f64, f64), edges: &[String]) -> String {
    let (group, line) = (&system.groups[asked.group], &system.limits[asked.limit]);
    let At::Inside {
        cost_usd_per_h: cost,
        slopes: (low, high),
        sent_mw,
        ..
    } = &asked.at
    else {
        return String::new();
    };
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
    let binding = match edges {
        [] => String::new(),
        _ => format!(" On the edge: {}.", edges.join("; and ")),
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
    format!(
        "{} at {} with {} of the others on line {}: {}\u{a0}$/h, and {next}; the line carries {} of {}.{binding}{on_grid}",
        group.id,
        mw(x),
        mw(y),
        line.id,
        plain(*cost, 2),
        mw(y + sent_mw),
        mw(line.max_p_mw)
    )
}

/// Why a point is outside, and by how much the line is overloaded there.
fn outside(
    of: &Names,
    (x, y): (f64, f64),
    (p_a_mw, other_mw): ((f64, f64), (f64, f64)),
    overload: Option<&Overload>,
) -> String {
    let others = format!("with {} of the others on line {}", mw(y), of.line);
    let why = match p_a_mw.0 > p_a_mw.1 {
        true => format!(
            "{others} no output of {} is feasible; they may put {} to {} on it",
            of.group,
            mw(other_mw.0),
            mw(other_mw.1)
        ),
        false => format!(
            "{others}, {} can produce {} to {}",
            of.group,
            mw(p_a_mw.0),
            mw(p_a_mw.1)
        ),
    };
    let over = overload.map_or(String::new(), |over| {
        format!(
            " However its DERs share {}, line {} is {} over its limit.",
            mw(x),
            of.line,
            mw(over.over_mw)
        )
    });
    format!(
        "{} at {} is outside the region: {why}.{over}",
        of.group,
        mw(x)
    )
}

fn parts_of(overload: Option<&Overload>) -> &[Part] {
    overload.map_or(&[], |over| &over.split)
}

/// What the point makes of the aggregator's DERs and of the line, and of everything else where there is a dispatch with it.
fn shown(system: &System, asked: &Asked, flow: f64, parts: &[Part]) -> Vec<Shown> {
    let at = |kind: &str, id: &str, value: f64| Shown {
        series: format!("{kind}:{id}"),
        value,
    };
    let loaded = |k: usize, flow: f64| {
        let line = &system.limits[k];
        at("loading", &line.id, flow.abs() / line.max_p_mw)
    };
    let Some((state, flows)) = &asked.whole else {
        let ders = parts.iter();
        let ders = ders.map(|part| at("p", &system.ders[part.der].id, part.p_mw));
        let line = [
            at("flow", &system.limits[asked.limit].id, flow),
            loaded(asked.limit, flow),
        ];
        return ders.chain(line).collect();
    };
    let generators = system.generators.iter().zip(&state.generators);
    let units = generators.chain(system.ders.iter().zip(&state.ders));
    let lines = system.line_limits();
    units
        .map(|(unit, p)| at("p", &unit.id, *p))
        .chain(
            system
                .branch_ids
                .iter()
                .zip(flows)
                .map(|(id, flow)| at("flow", id, *flow)),
        )
        .chain(lines.map(|k| loaded(k, flows[system.limits[k].branch])))
        .collect()
}

/// The grid that was asked about.
fn net(tried: &OnGrid) -> Option<Net> {
    let grid = tried.grid.as_ref()?;
    let places = grid.vertices().enumerate();
    let excluded = places.filter(|(_, v)| grid.value(*v).is_none());
    Some(Net {
        says: loss_of(tried.m, tried.above_optimum_usd_per_h),
        above_optimum_usd_per_h: tried.above_optimum_usd_per_h,
        points: grid.vertices().map(|v| grid.vertex(v)).collect(),
        excluded: excluded.map(|(place, _)| place).collect(),
        segments: grid.segments(),
    })
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
