//! The inputs of hierarchical clearing and its comparators.

use super::params::{Form, Grid, ResidualSupply, Scheme, Variant};
use crate::case::Case;
use crate::inputs::{Fields, Section, section, system};

/// Most points of a grid.
const MOST_POINTS: f64 = 2000.0;

pub fn inputs(fields: &Fields, case: &Case, params: &ResidualSupply) -> Vec<Section> {
    let mut sections = vec![scheme(fields, params), functions(fields, params)];
    sections.extend(shown(fields, case));
    sections.extend(system::imbalances(fields, case));
    sections.extend(system::bids(fields, case));
    sections.extend(system::feeder_lines(fields, case));
    sections.extend(system::lines(fields, case));
    sections
}

fn scheme(fields: &Fields, params: &ResidualSupply) -> Section {
    let schemes: Vec<(&str, &str)> = Scheme::ALL.iter().map(|s| (s.id(), s.name())).collect();
    let list = vec![
        fields
            .field("mechanism.scheme", "Coordination scheme", "")
            .choices(schemes)
            .lever()
            .help("Who sees which bids and which networks. \"All schemes side by side\" below runs them all."),
        fields
            .field("mechanism.physics", "Feeders", "")
            .choices([
                ("lossless", "lossless, no voltages"),
                ("lin_dist_flow", "LinDistFlow: linear voltages"),
                ("branch_flow", "branch flow: losses, second-order cone"),
            ])
            .help("How a feeder is modelled. The cone is exact on most radial feeders; the report says where it is not."),
        fields
            .field("mechanism.settlement", "Everyone is paid", "")
            .choices([
                ("nodal", "the price of its own bus"),
                ("balancing_price", "the transmission price above it"),
            ])
            .help("Where an area can exchange neither more nor less, any transmission price is right: its resources are then paid the price of their own bus."),
        fields
            .field("mechanism.reference_usd_per_mwh", "Reference price of the local market", "$/MWh")
            .range(-3000.0, 3000.0, 0.5)
            .allowed(-1e6, 1e6)
            .optional()
            .help("What energy is worth while the DSO cures its congestion; the transmission price without distribution bids where empty.")
            .only_if(matches!(params.scheme, Scheme::LocalAs | Scheme::SequentialFiltered)),
    ];
    section("Scheme", true, list)
}

fn functions(fields: &Fields, params: &ResidualSupply) -> Section {
    let uniform = params.rsf.grid == Grid::Uniform;
    let list = vec![
        fields.field("mechanism.rsf.grid", "Points", "").choices([
            ("adaptive", "adaptive: where chord and tangents differ most"),
            ("uniform", "uniform, as published"),
        ]),
        fields
            .field("mechanism.rsf.points", "Number of points", "")
            .range(2.0, 300.0, 1.0)
            .allowed(2.0, MOST_POINTS)
            .slider()
            .only_if(uniform),
        fields
            .field("mechanism.rsf.gap_usd", "Stop at an error of", "$")
            .range(0.0, 100.0, 0.01)
            .allowed(0.0, 1e9)
            .only_if(!uniform),
        fields
            .field("mechanism.rsf.max_points", "At most", "points")
            .range(2.0, 100.0, 1.0)
            .allowed(2.0, MOST_POINTS)
            .slider()
            .only_if(!uniform),
        fields
            .field("mechanism.rsf.step_price", "Price of a step", "")
            .choices([
                ("chord", "chord: never below cost"),
                ("right_end", "slope at the right end, as published"),
            ]),
        fields
            .field("mechanism.rsf.form", "Handed over as", "")
            .choices([
                ("steps", "steps, period by period, from equal exports in all periods (published)"),
                ("cuts", "cuts, linked over the periods"),
                ("nested_cuts", "nested cuts: taken anew at the exports that are asked for"),
            ])
            .help("Cuts bound the cost from below everywhere; steps of several periods assume the same export in each. Nested cuts need some exchanges, and no such assumption."),
        fields
            .field("mechanism.rsf.clearing_gap_usd", "Exchange cuts until the clearing is off by at most", "$")
            .range(0.0, 100.0, 0.01)
            .allowed(0.0, 1e9)
            .help("With bids taken in part. What whole bids leave beyond it is in the certified error.")
            .only_if(params.rsf.form == Form::NestedCuts),
        fields
            .field("mechanism.rsf.variant", "The function counts whole bids", "")
            .choices([
                ("relaxed", "as if they could be cut (published)"),
                ("convex_hull", "whole: convex hull of the cost"),
                ("fix_and_price", "whole: prices with their choice held"),
                ("safe_chord", "whole: never sold below achieved cost"),
            ])
            .help("A bid that is all or nothing stays so when the feeder delivers. This is what its function says before."),
        fields
            .field("mechanism.rsf.rounds", "Further exchanges", "")
            .range(0.0, 10.0, 1.0)
            .allowed(0.0, 20.0),
    ];
    let open = params.rsf.variant != Variant::Relaxed || uniform;
    let mut section = section("Residual supply functions", open, list);
    if params.scheme != Scheme::Rsf {
        section.fields.iter_mut().for_each(|f| f.hidden = true);
    }
    section
}

/// Which feeder and period the charts show, where there is a choice.
fn shown(fields: &Fields, case: &Case) -> Option<Section> {
    let balancing = case.balancing.as_ref()?;
    let feeders = case.feeders.iter().map(|f| f.id.as_str());
    let ids: Vec<&str> = balancing
        .zones
        .iter()
        .map(|z| z.id.as_str())
        .chain(feeders)
        .collect();
    let mut list = Vec::new();
    if ids.len() > 1 {
        let choices: Vec<(&str, &str)> = ids.iter().map(|&id| (id, id)).collect();
        list.push(
            fields
                .field("view.feeder", "Feeder or zone", "")
                .choices(choices),
        );
    }
    if balancing.periods > 1 {
        list.push(fields.field("view.step", "Period", "").range(
            1.0,
            balancing.periods as f64,
            1.0,
        ));
    }
    (!list.is_empty()).then(|| section("Charts show", true, list))
}
