//! PSS/E, PowerModels and CIM, as `powerio-tx` reads them.

use std::collections::BTreeMap;

use powerio_core::{ArtifactPath, FormatId, Source};
use powerio_tx::{BalancedNetwork, BusId, BusType, Diagnostic, GenCost};

use crate::grid::{Branch, Bus, Cost, Grid, Unit, counted, plain};
use crate::powermodels;

/// A power from which there is no limit in PSS/E, and in CIM models that were made of its files.
const NO_LIMIT_MW: f64 = 9999.0;

/// Findings of the reader that are listed.
const MOST_TOLD: usize = 30;

/// Formats that are read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Psse,
    Rawx,
    PowerModels,
    Cgmes,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Psse => "PSS/E file (RAW)",
            Format::Rawx => "PSS/E file (RAWX)",
            Format::PowerModels => "PowerModels network (JSON)",
            Format::Cgmes => "CIM model (CGMES)",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Format::Psse => "psse",
            Format::Rawx => "psse-rawx",
            Format::PowerModels => "powermodels-json",
            Format::Cgmes => "cgmes",
        }
    }
}

/// Reads a grid of this format.
///
/// # Errors
/// What `powerio-tx` says of a file that it cannot read, and what a DC model cannot hold.
pub(crate) fn read(format: Format, files: &[&(String, Vec<u8>)]) -> Result<Grid, String> {
    let said = |why: powerio_core::Error| sentence(&why.to_string());
    let named = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_string();
    let source = match files {
        [(name, bytes)] if format != Format::Cgmes => {
            let id = FormatId::new(format.id()).map_err(said)?;
            Source::from_memory(named(name), bytes.clone()).map(|source| source.with_format(id))
        }
        files => {
            let mut tree = Vec::new();
            for (name, bytes) in files {
                tree.push((
                    ArtifactPath::new(named(name)).map_err(said)?,
                    bytes.as_slice().into(),
                ));
            }
            Source::from_memory_tree("model", tree, None)
        }
    };
    let module = powerio_tx::parse(source.map_err(said)?).map_err(said)?;
    let mut grid = converted(module.value(), format, files)?;
    grid.notes.left_out.extend(told(module.diagnostics()));
    Ok(grid)
}

/// A sentence of its own: with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    let text = format!("{}{}", first.unwrap_or_default(), chars.as_str());
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

/// What the reader says it could not hold; the rest is counted.
///
/// Of a CIM model it says, too, what would be another when it is written as one again: that is not done here.
fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
    let written_again = ["fresh CGMES", "FullModel", "identity metadata"];
    let of_grid = diagnostics
        .iter()
        .map(Diagnostic::message)
        .filter(|text| !written_again.iter().any(|words| text.contains(words)));
    let mut sentences: Vec<String> = of_grid.map(sentence).collect();
    let more = sentences.len().saturating_sub(MOST_TOLD);
    sentences.truncate(MOST_TOLD);
    if more > 0 {
        sentences.push(format!("{more} more such findings."));
    }
    sentences
}

fn converted(
    net: &BalancedNetwork,
    format: Format,
    files: &[&(String, Vec<u8>)],
) -> Result<Grid, String> {
    let mut grid = Grid::new(net.name(), net.base_mva());
    buses(net, &mut grid);
    let fixed = match (format, files) {
        (Format::PowerModels, [(_, bytes)]) => powermodels::dc_lines(bytes, &mut grid)?,
        _ => (net.hvdc().iter().filter(|line| line.in_service))
            .map(|line| [line.from.0 as f64, line.to.0 as f64, line.pf, line.pt])
            .collect(),
    };
    loads(net, &fixed, &mut grid);
    units(net, format, &mut grid);
    branches(net, &mut grid);
    three_windings(net, &mut grid);
    Ok(grid)
}

fn buses(net: &BalancedNetwork, grid: &mut Grid) {
    let mut shunt_mw: BTreeMap<usize, f64> = BTreeMap::new();
    for shunt in net.shunts().iter().filter(|s| s.in_service) {
        *shunt_mw.entry(shunt.bus.0).or_default() += shunt.g;
    }
    grid.buses = net
        .buses()
        .iter()
        .map(|bus| Bus {
            number: bus.id.0,
            base_kv: bus.base_kv,
            shunt_mw: shunt_mw.get(&bus.id.0).copied().unwrap_or(0.0),
            isolated: bus.kind == BusType::Isolated,
            ..Bus::default()
        })
        .collect();
}

/// Loads, and what DC lines take that run at the power of the file: (from, to, sent, received).
fn loads(net: &BalancedNetwork, lines: &[[f64; 4]], grid: &mut Grid) {
    let mut loads: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut take = |bus: usize, mw: f64, mvar: f64| {
        let load = loads.entry(bus).or_default();
        load.0 += mw;
        load.1 += mvar;
    };
    for load in net.loads().iter().filter(|load| load.in_service) {
        take(load.bus.0, load.p, load.q);
    }
    for &[from, to, sent_mw, received_mw] in lines {
        take(from as usize, sent_mw, 0.0);
        take(to as usize, -received_mw, 0.0);
    }
    grid.add_loads(&loads);
    let off = net.loads().iter().filter(|load| !load.in_service).count();
    if off > 0 {
        let text = format!("{} out of service.", counted(off, "load", "loads"));
        grid.notes.left_out.push(text);
    }
    if !lines.is_empty() {
        grid.notes.assumed.push(format!(
            "{} at the power of the file, {} MW in all, as a load at one end and its opposite at the other: they are not dispatched.",
            counted(lines.len(), "DC line runs", "DC lines run"),
            plain(lines.iter().map(|[.., sent_mw, _]| sent_mw.abs()).sum())
        ));
    }
    let stores = net.storage().iter().filter(|s| s.in_service).count();
    if stores > 0 {
        let text = format!(
            "{}: one snapshot stores nothing, so that they give and take nothing.",
            counted(stores, "storage unit", "storage units")
        );
        grid.notes.left_out.push(text);
    }
}

fn units(net: &BalancedNetwork, format: Format, grid: &mut Grid) {
    let mut without_minimum = 0;
    grid.units = net
        .generators()
        .iter()
        .map(|unit| {
            let open = format != Format::PowerModels;
            let unlimited = open && unit.pmax >= NO_LIMIT_MW;
            let free = unit.pmin == f64::NEG_INFINITY || (open && unit.pmin <= -NO_LIMIT_MW);
            without_minimum += usize::from(free && unit.in_service);
            Unit {
                bus: unit.bus.0,
                min_mw: if free { 0.0 } else { unit.pmin },
                max_mw: if unlimited { f64::INFINITY } else { unit.pmax },
                cost: unit.cost.as_ref().and_then(cost),
                in_service: unit.in_service,
            }
        })
        .collect();
    if without_minimum > 0 {
        grid.notes.assumed.push(format!(
            "{} without a least output: it is 0 MW.",
            counted(without_minimum, "generator", "generators")
        ));
    }
}

fn cost(cost: &GenCost) -> Option<Cost> {
    let numbers = &cost.coeffs;
    match cost.model {
        1 => {
            let points = numbers.chunks_exact(2).take(cost.ncost);
            let points: Vec<(f64, f64)> = points.map(|p| (p[0], p[1])).collect();
            (points.len() >= 2).then_some(Cost::Piecewise(points))
        }
        _ => {
            let numbers: Vec<f64> = numbers.iter().take(cost.ncost).copied().collect();
            (!numbers.is_empty()).then_some(Cost::Polynomial(numbers))
        }
    }
}

fn branch(branch: &powerio_tx::Branch) -> Branch {
    Branch {
        r_pu: branch.r,
        limit_mw: branch.rate_a,
        tap: if branch.tap == 0.0 { 1.0 } else { branch.tap },
        shift_deg: branch.shift,
        angles_deg: [branch.angmin, branch.angmax],
        ..Branch::new(branch.from.0, branch.to.0, branch.x, branch.in_service)
    }
}

/// Branches; a closed switch joins its buses.
fn branches(net: &BalancedNetwork, grid: &mut Grid) {
    grid.branches = net.branches().iter().map(branch).collect();
    for switch in net.switches().iter().filter(|switch| switch.closed) {
        let joined = Branch::new(switch.from.0, switch.to.0, 0.0, true);
        grid.branches.push(joined);
    }
}

/// Transformers of three windings, as three that meet at a bus of their own.
fn three_windings(net: &BalancedNetwork, grid: &mut Grid) {
    let first = grid.buses.iter().map(|bus| bus.number).max().unwrap_or(0) + 1;
    let all = net.transformers_3w();
    for (k, transformer) in all.iter().enumerate() {
        let (_, windings) = transformer.to_star_expansion(BusId(first + k));
        grid.buses.push(Bus {
            number: first + k,
            isolated: !windings.iter().any(|w| w.in_service),
            ..Bus::default()
        });
        grid.branches.extend(windings.iter().map(branch));
    }
    if !all.is_empty() {
        grid.notes.changed.push(format!(
            "{} of three windings: three branches each, which meet at a bus of their own ({first} and more).",
            counted(all.len(), "transformer", "transformers")
        ));
    }
}
