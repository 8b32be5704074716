//! The map of one interval's dispatch over two inputs, in words, tables and a chart.

use crate::report::map::{Asked, Map, Named, Place, Side};
use crate::report::plots::axis;
use crate::report::words::{counted, listed};
use crate::report::{
    Cell, Chart, Mark, Report, Role, Subject, SubjectKind, SurfaceCell, Table, Topic, amount,
    column, half_up, number, table, text,
};

use crate::market::rt_sced::model::map::{
    self as model, Change, DispatchMap, Dispatched, End, Held, Linear,
};
use crate::market::rt_sced::model::system::{System, Unit};

/// Decimals of a price that are no rounding.
const DECIMALS: u8 = 7;

/// The map of interval `asked.step` as it is shown.
pub fn map(found: &DispatchMap, asked: &Asked, named: &[Named; 2]) -> Map {
    let system = &found.system;
    let bus = shown_bus(found, &asked.bus);
    let ranges = [(asked.x.from, asked.x.to), (asked.y.from, asked.y.to)];
    let places = found.places.iter().map(|place| Place {
        name: name(system, &place.held),
        corners: place.corners.clone(),
        cost: dispatch(place).map(|d| d.cost),
        prices: dispatch(place).map_or(Vec::new(), |d| prices(system, d)),
        sides: place.edges.iter().map(|edge| side(system, edge)).collect(),
    });
    let mut map = Map {
        report: Report::default(),
        places: places.collect(),
        named: named.clone(),
        ranges,
    };
    let summary = summary(found, &map, bus, asked);
    map.report = Report {
        headline: summary.clone(),
        charts: vec![chart(found, &map, bus, summary)],
        tables: vec![regions(found, &map, bus), edges(found, &map)],
        ..Report::default()
    };
    map
}

fn dispatch(place: &model::Place) -> Option<&Dispatched> {
    match &place.held {
        Held::Dispatch(dispatched) => Some(dispatched),
        Held::Nothing(_) => None,
    }
}

fn prices(system: &System, dispatched: &Dispatched) -> Vec<(Subject, Linear)> {
    let buses = system.bus_ids.iter().zip(&dispatched.lmp);
    let of = |(id, lmp): (&String, &Linear)| Some((SubjectKind::Bus.of(&**id)?, *lmp));
    buses.filter_map(of).collect()
}

/// Least and greatest price of a bus over the map; `None` where nothing is dispatched.
fn range(found: &DispatchMap, bus: usize) -> Option<(f64, f64)> {
    let places = found.places.iter();
    let values = places.flat_map(|place| {
        let lmp = dispatch(place).map(|d| d.lmp[bus]);
        let corners = place.corners.iter();
        corners.filter_map(move |&corner| Some(half_up(lmp?.at(corner), DECIMALS)))
    });
    values.fold(None, |range, v| {
        let (low, high) = range.unwrap_or((v, v));
        Some((v.min(low), v.max(high)))
    })
}

/// The part of the map whose prices do not count for the colours, at either end.
const RARE: f64 = 0.005;

/// The prices of all but rare regions, where that is less than half of all there are.
fn usual(found: &DispatchMap, bus: usize) -> Option<(f64, f64)> {
    let places = found.places.iter();
    let values = places.filter_map(|place| {
        let lmp = dispatch(place)?.lmp[bus].at(place.centre);
        Some((half_up(lmp, DECIMALS), place.share))
    });
    let mut values: Vec<(f64, f64)> = values.collect();
    crate::sort::by(&mut values, |a, b| a.0.total_cmp(&b.0));
    let (low, high) = (common(values.iter())?, common(values.iter().rev())?);
    let all = range(found, bus)?;
    (high > low && high - low < 0.5 * (all.1 - all.0)).then_some((low, high))
}

/// The first price that is not rare, of prices with their shares in order.
fn common<'a>(values: impl Iterator<Item = &'a (f64, f64)>) -> Option<f64> {
    let mut sum = 0.0;
    for (lmp, share) in values {
        sum += share;
        if sum > RARE {
            return Some(*lmp);
        }
    }
    None
}

/// The bus asked for, else the one whose price moves most: furthest from its mean, on the mean of the map.
fn shown_bus(found: &DispatchMap, asked: &str) -> usize {
    let ids = &found.system.bus_ids;
    let moves = |bus: usize| {
        let places = found.places.iter();
        let lmps = places.filter_map(|p| Some((dispatch(p)?.lmp[bus].at(p.centre), p.share)));
        let lmps: Vec<(f64, f64)> = lmps.collect();
        let mean: f64 = lmps.iter().map(|(lmp, share)| lmp * share).sum();
        let mean = mean / lmps.iter().map(|(_, share)| share).sum::<f64>();
        let off = lmps.iter().map(|(lmp, share)| (lmp - mean).abs() * share);
        half_up(off.sum(), DECIMALS)
    };
    ids.iter().position(|id| id == asked).unwrap_or_else(|| {
        let moves = (0..ids.len()).map(|bus| (bus, moves(bus)));
        let most = moves.fold(
            (0, 0.0),
            |most, next| if next.1 > most.1 { next } else { most },
        );
        most.0
    })
}

fn unit(system: &System, unit: Unit) -> &str {
    &system.unit(unit).id
}

/// "G1 and D2 marginal; line 2-3 full".
fn name(system: &System, held: &Held) -> String {
    let Held::Dispatch(dispatched) = held else {
        return "no dispatch".into();
    };
    let units: Vec<String> = marginal(system, dispatched);
    let mut name = match units.is_empty() {
        true => "no unit marginal".into(),
        false => format!("{} marginal", listed(&units)),
    };
    let lines = full(system, dispatched);
    match lines.as_slice() {
        [] => {}
        [line] => name.push_str(&format!("; line {line} full")),
        lines => name.push_str(&format!("; lines {} full", listed(lines))),
    }
    name
}

fn marginal(system: &System, dispatched: &Dispatched) -> Vec<String> {
    let units = dispatched.marginal.iter();
    units.map(|&u| unit(system, u).to_string()).collect()
}

fn full(system: &System, dispatched: &Dispatched) -> Vec<String> {
    let lines = dispatched.full.iter();
    lines.map(|&k| system.limits[k].id.clone()).collect()
}

fn side(system: &System, edge: &model::Boundary) -> Side {
    let changes: Vec<String> = edge.changes.iter().map(|c| change(system, c)).collect();
    Side {
        from: edge.from,
        to: edge.to,
        beyond: edge.beyond,
        change: changes.join("; "),
    }
}

/// One change in words.
fn change(system: &System, change: &Change) -> String {
    let line = |k: &usize| &system.limits[*k].id;
    let unit = |u: &Unit| unit(system, *u);
    let usd = |price: &f64| amount(*price, "$/MWh");
    match change {
        Change::Full(k) => format!("line {} becomes full", line(k)),
        Change::Room(k) => format!("line {} has room again", line(k)),
        Change::End(u, End::Maximum) => format!("{} reaches its maximum", unit(u)),
        Change::End(u, End::Minimum) => format!("{} reaches its minimum", unit(u)),
        Change::End(u, End::Block(price, true)) => {
            format!("{} reaches the end of its block at {}", unit(u), usd(price))
        }
        Change::End(u, End::Block(price, false)) => {
            format!("{} leaves its block at {} empty", unit(u), usd(price))
        }
        Change::InPlace(u, other) => {
            format!("{} becomes marginal in place of {}", unit(u), unit(other))
        }
        Change::Marginal(u) => format!("{} becomes marginal", unit(u)),
        Change::Block(u, price) => format!("{} goes over to its block at {}", unit(u), usd(price)),
        Change::Nothing => "no dispatch is left".into(),
        Change::Something => "there is a dispatch".into(),
        Change::Equal => "another dispatch costs the same".into(),
    }
}

/// Where the document stands, if that is on the map.
fn now(map: &Map) -> Option<(f64, f64)> {
    let [x, y] = &map.named;
    let now = (x.now?, y.now?);
    map.at(now).map(|_| now)
}

fn summary(found: &DispatchMap, map: &Map, bus: usize, asked: &Asked) -> String {
    let regions = counted(found.places.len(), "region");
    let mut text = format!("Interval {} has {regions}", asked.step);
    if let Some((low, high)) = range(found, bus) {
        let id = &found.system.bus_ids[bus];
        text.push_str(&match low == high {
            true => format!("; the LMP at bus {id} is {} in all", amount(low, "$/MWh")),
            false => format!(
                "; the LMP at bus {id} is between {} and {}",
                amount(low, ""),
                amount(high, "$/MWh")
            ),
        });
    }
    text.push('.');
    if let Some((low, high)) = usual(found, bus) {
        text.push_str(&format!(
            " Colours tell prices from {} to {} apart, all but the rarest.",
            amount(low, ""),
            amount(high, "$/MWh")
        ));
    }
    let without = found
        .places
        .iter()
        .filter(|place| dispatch(place).is_none());
    let without: f64 = without.map(|place| place.share).sum();
    if without > 0.0 {
        let share = amount(100.0 * without, "%");
        text.push_str(&format!(" There is no dispatch in {share} of the map."));
    }
    if let Some(k) = now(map).and_then(|now| map.at(now)) {
        let name = &map.places[k].name;
        text.push_str(&format!(" The case stands in region {}: {name}.", k + 1));
    }
    text
}

fn chart(found: &DispatchMap, map: &Map, bus: usize, summary: String) -> Chart {
    let [x, y] = &map.named;
    let id = &found.system.bus_ids[bus];
    let places = found.places.iter().enumerate();
    let cells = places.filter_map(|(k, place)| {
        let lmp = dispatch(place)?.lmp[bus];
        let corners = place.corners.iter();
        let valued = |&(x, y): &(f64, f64)| (x, y, half_up(lmp.at((x, y)), DECIMALS));
        Some(SurfaceCell {
            label: (k + 1).to_string(),
            corners: corners.map(valued).collect(),
        })
    });
    let mut marks = vec![Mark::Surface {
        label: "LMP".into(),
        unit: "$/MWh".into(),
        cells: cells.collect(),
        range: usual(found, bus),
    }];
    let without = found.places.iter().enumerate();
    let without = without.filter(|(_, place)| dispatch(place).is_none());
    marks.extend(without.map(|(k, place)| Mark::Outline {
        label: format!("{}: no dispatch", k + 1),
        role: Role::Reference,
        corners: place.corners.clone(),
    }));
    let centre = || map.ranges.map(|(from, to)| 0.5 * (from + to)).into();
    let (label, (x0, y0)) = match now(map) {
        Some(now) => ("the case", now),
        None => ("the centre", centre()),
    };
    marks.push(Mark::Point {
        x: x0,
        y: y0,
        label: label.into(),
    });
    Chart {
        id: "map".into(),
        title: format!("LMP at bus {id}, region by region"),
        x: axis(&x.label, &x.unit, false),
        y: axis(&y.label, &y.unit, false),
        marks,
        summary,
        topic: Topic::Prices,
        square: false,
        probe: Some("map".into()),
        home: Some(label.into()),
        small: false,
        layers: Vec::new(),
    }
}

/// A row for each region.
fn regions(found: &DispatchMap, map: &Map, bus: usize) -> Table {
    let system = &found.system;
    let slope = |axis: &str, named: &Named| match named.unit.as_str() {
        "" | "1" => column(format!("cost by {axis}"), "$/h"),
        unit => column(format!("cost by {axis}"), &format!("$/h per {unit}")),
    };
    let columns = vec![
        column("region", ""),
        column("marginal", ""),
        column("full lines", ""),
        column(format!("LMP at bus {}", system.bus_ids[bus]), "$/MWh"),
        column("cost at its centre", "$/h"),
        slope("x", &map.named[0]),
        slope("y", &map.named[1]),
        column("share of the map", "%"),
    ];
    let rows = found.places.iter().enumerate().map(|(k, place)| {
        let mut row = vec![number((k + 1) as f64)];
        row.extend(match &place.held {
            Held::Nothing(limits) => {
                let lines = limits.iter().map(|&k| system.limits[k].id.clone());
                let lines: Vec<String> = lines.collect();
                let empty = || Cell::Empty;
                let words = [text("no dispatch"), text(lines.join(", "))];
                let none = [empty(), empty(), empty(), empty()];
                words.into_iter().chain(none).collect::<Vec<_>>()
            }
            Held::Dispatch(d) => {
                let slopes = d.cost.gradient(place.centre);
                vec![
                    text(marginal(system, d).join(", ")),
                    text(full(system, d).join(", ")),
                    number(half_up(d.lmp[bus].at(place.centre), DECIMALS)),
                    number(d.cost.at(place.centre)),
                    number(half_up(slopes.0, DECIMALS)),
                    number(half_up(slopes.1, DECIMALS)),
                ]
            }
        });
        row.push(number(100.0 * place.share));
        row
    });
    table(
        "regions",
        "Regions of the map",
        columns,
        rows.collect(),
        "In each region the same blocks are marginal and the same lines full; there one formula gives cost and prices. Where there is no dispatch, the lines named keep supply from load.",
    )
}

/// A row for each edge between two regions, seen from the first.
fn edges(found: &DispatchMap, map: &Map) -> Table {
    let [x, y] = &map.named;
    let columns = vec![
        column("from region", ""),
        column("to region", ""),
        column("what changes", ""),
        column("from x", &x.unit),
        column("from y", &y.unit),
        column("to x", &x.unit),
        column("to y", &y.unit),
    ];
    let places = map.places.iter().enumerate();
    let rows = places.flat_map(|(k, place)| {
        place.sides.iter().map(move |side| {
            let mut row = vec![number((k + 1) as f64), number((side.beyond + 1) as f64)];
            row.push(text(&*side.change));
            let ends = [side.from.0, side.from.1, side.to.0, side.to.1];
            row.extend(ends.map(number));
            row
        })
    });
    let note = format!(
        "Found by {} of the dual simplex method; the regions cover the whole map.",
        counted(found.pivots, "pivot")
    );
    table(
        "edges",
        "Edges between regions",
        columns,
        rows.collect(),
        &note,
    )
}
