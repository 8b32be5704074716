//! The form of a community market.

use super::{Fields, GridRow, Section, section, system};
use crate::case::Case;
use crate::market::community::{BidForm, CommunityMarket, Comparator};

pub fn sections(fields: &Fields, case: &Case, params: &CommunityMarket) -> Vec<Section> {
    let mut sections = vec![market(fields, params), lse(fields, params)];
    match &params.given {
        Some(given) => sections.extend(given_bids(fields, given.bids.iter().map(|b| &*b.id))),
        None => {
            sections.push(shown(fields, case, params));
            sections.push(batteries(fields, params));
            sections.extend(members(fields, case));
            sections.push(tariff(fields));
            sections.extend(system::feeder_lines(fields, case));
        }
    }
    sections
}

fn market(fields: &Fields, params: &CommunityMarket) -> Section {
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let mut list = Vec::new();
    if params.given.is_none() {
        list.push(
            fields
                .field("view.outcome", "Way to buy", "")
                .choices(Comparator::ALL.iter().map(|c| (c.id(), c.name())))
                .help("All are computed; charts of days, bills and ledger follow this one."),
        );
        list.push(field("bid", "Bids", "").choices([
            ("published", "expected price ± k standard deviations"),
            ("four_point", "four points with a slider"),
            ("opportunity", "worth of stored energy"),
        ]));
        let k = field("sensitivity", "k: span of bid prices", "σ");
        match params.bid {
            BidForm::Published => list.push(k.range(0.0, 3.0, 0.05).slider()),
            BidForm::FourPoint => list.push(
                field("sensitivity", "Slider: 0 is a bid at any price", "")
                    .range(0.0, 1.0, 0.05)
                    .slider(),
            ),
            BidForm::Opportunity => {}
        }
        list.push(
            field(
                "intercept_usd_per_kwh",
                "ι: half the drop at the preferred demand",
                "$/kWh",
            )
            .range(0.0, 0.05, 0.0005),
        );
        list.push(field("baseline", "Load and PV in a bid", "").choices([
            ("last_metered", "as last metered (published)"),
            ("forecast", "as forecast"),
        ]));
    }
    list.push(field("steps", "Steps of a bid, each side", "").range(1.0, 40.0, 1.0));
    section("Bids", true, list)
}

fn lse(fields: &Fields, params: &CommunityMarket) -> Section {
    let mut list = vec![
        fields
            .field(
                "mechanism.lse_capacity_kw",
                "The LSE delivers at most",
                "kW",
            )
            .at_least(0.0, 10.0)
            .optional()
            .help("Where it is short the price rises above its own, and it keeps the difference."),
        fields
            .field("mechanism.cap_usd_per_kwh", "Price cap", "$/kWh")
            .at_least(0.001, 0.05),
    ];
    if params.given.is_some() {
        list.push(
            fields
                .field(
                    "mechanism.given.lse_usd_per_kwh",
                    "Price of the LSE",
                    "$/kWh",
                )
                .range(0.0, 0.4, 0.0005)
                .slider(),
        );
    } else {
        let network = "Limits of the feeder in the clearing";
        list.push(fields.field("mechanism.network", network, "").switch());
        list.push(fields.field("mechanism.physics", "Feeder", "").choices([
            ("lin_dist_flow", "LinDistFlow: linear voltages"),
            ("branch_flow", "branch flow: losses, second-order cone"),
            ("lossless", "lossless, no voltages"),
        ]));
    }
    list.push(
        fields
            .field("mechanism.thread", "Hand the bids to the ISO", "")
            .switch()
            .help("The sum of the bids of one interval enters the balancing market of the case."),
    );
    if params.thread && params.given.is_none() {
        list.push(
            fields
                .field("mechanism.thread_interval", "of interval", "")
                .at_least(1.0, 1.0),
        );
    }
    section("Utility and feeder", true, list)
}

fn shown(fields: &Fields, case: &Case, params: &CommunityMarket) -> Section {
    let all = case.communities.as_ref();
    let (n, hours) = all.map_or((1, 1.0), |c| (c.intervals(), c.hours()));
    let per_day = (24.0 / hours).round().max(1.0);
    let reached = params
        .days
        .map_or(n as f64, |d| (d as f64 * per_day).min(n as f64));
    let list = vec![
        fields
            .field("view.step", "Interval of the clearing shown", "")
            .range(1.0, reached, 1.0)
            .slider(),
        fields
            .field("mechanism.days", "Days", "")
            .range(1.0, (n as f64 / per_day).ceil().max(1.0), 1.0)
            .optional(),
        fields
            .field(
                "mechanism.forecast_error_percent",
                "Error of forecasts",
                "%",
            )
            .range(0.0, 30.0, 0.5)
            .slider(),
        fields
            .field("mechanism.seed", "Seed of the errors", "")
            .at_least(0.0, 1.0),
    ];
    section("Days and forecasts", true, list)
}

fn batteries(fields: &Fields, _: &CommunityMarket) -> Section {
    let list = vec![
        fields
            .field("mechanism.terminal_soc", "State of charge at the end", "")
            .range(0.0, 1.0, 0.05)
            .optional(),
        fields
            .field(
                "mechanism.terminal_usd_per_kwh",
                "Worth of more than that",
                "$/kWh",
            )
            .at_least(0.0, 0.005),
        fields
            .field(
                "mechanism.wear_usd_per_kwh",
                "Wear of a kWh in or out",
                "$/kWh",
            )
            .at_least(0.0, 0.001),
    ];
    section("Schedules", false, list)
}

fn tariff(fields: &Fields) -> Section {
    let list = vec![
        fields
            .field("mechanism.tariff_usd_per_kwh", "Energy", "$/kWh")
            .at_least(0.0, 0.001),
        fields
            .field(
                "mechanism.demand_usd_per_kw_month",
                "Peak demand, month",
                "$/kW",
            )
            .at_least(0.0, 0.5),
    ];
    section("Flat tariff", false, list)
}

fn members(fields: &Fields, case: &Case) -> Option<Section> {
    let all = case.communities.as_ref()?;
    let rows = all.members.iter().take(40).map(|member| {
        let root = format!("case.communities.members.{}", member.id);
        let cell = |name: &str, label: &str, unit: &str, most: f64| {
            let path = format!("{root}.battery.{name}");
            let field = fields.field(path, format!("{} {label}", member.id), unit);
            member.battery.as_ref().map(|_| match most {
                most if most > 1.0 => field.at_least(0.0, 1.0),
                most => field.range(0.0, most, 0.01),
            })
        };
        let part = fields.field(
            format!("{root}.takes_part"),
            format!("{} takes part", member.id),
            "",
        );
        GridRow {
            id: member.id.clone(),
            label: format!("{} at {}", member.id, member.bus),
            cells: vec![
                Some(part.switch()),
                cell("energy_kwh", "battery", "kWh", 2.0),
                cell("power_kw", "power", "kW", 2.0),
                cell("efficiency", "efficiency", "", 1.0),
                cell("initial_soc", "state of charge at the start", "", 1.0),
            ],
        }
    });
    let columns = system::columns(&[
        ("takes part", ""),
        ("battery", "kWh"),
        ("power", "kW"),
        ("efficiency, one way", ""),
        ("charged at the start", ""),
    ]);
    system::section("Communities", true, "", columns, rows.collect())
}

fn given_bids<'a>(fields: &Fields, ids: impl Iterator<Item = &'a str>) -> Option<Section> {
    let columns = [
        ("min_kw", "least", "kW"),
        ("preferred_kw", "preferred", "kW"),
        ("max_kw", "most", "kW"),
        ("top_usd_per_kwh", "top", "$/kWh"),
        ("above_usd_per_kwh", "above preferred", "$/kWh"),
        ("below_usd_per_kwh", "below it", "$/kWh"),
        ("bottom_usd_per_kwh", "bottom", "$/kWh"),
    ];
    let rows = ids.map(|id| GridRow {
        id: id.into(),
        label: id.into(),
        cells: columns
            .iter()
            .map(|(name, label, unit)| {
                let path = format!("mechanism.given.bids.{id}.{name}");
                let mut field = fields.field(path, format!("{id} {label}"), unit);
                field.step = Some(if *unit == "kW" { 1.0 } else { 0.0001 });
                Some(field)
            })
            .collect(),
    });
    let names: Vec<(&str, &str)> = columns.iter().map(|(_, l, u)| (*l, *u)).collect();
    let columns = system::columns(&names);
    system::section("Bids of the interval", true, "", columns, rows.collect())
}
