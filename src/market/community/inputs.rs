//! The inputs of a community market.

use super::params::{BidForm, CommunityMarket, Comparator, Reaction};
use crate::case::{Case, SubjectKind};
use crate::inputs::{Fields, GridRow, Section, section, system};

pub fn inputs(fields: &Fields, case: &Case, params: &CommunityMarket) -> Vec<Section> {
    let days = params.given.is_none();
    let mut sections = vec![bids(fields, params, days), lse(fields, params, days)];
    if let Some(given) = &params.given {
        sections.extend(given_bids(fields, given.bids.iter().map(|b| &*b.id)));
    }
    let mut of_days = vec![
        shown(fields, case, params),
        schedules(fields, params),
        voltages(fields, params),
    ];
    of_days.extend(members(fields, case));
    of_days.extend(heat(fields, case));
    of_days.push(tariff(fields));
    of_days.extend(system::feeder_lines(fields, case));
    if !days {
        for section in &mut of_days {
            section.table = None;
            section.fields.iter_mut().for_each(|f| f.hidden = true);
        }
    }
    sections.extend(of_days);
    sections
}

fn bids(fields: &Fields, params: &CommunityMarket, days: bool) -> Section {
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let sensitivity = match params.bid {
        BidForm::FourPoint => field("sensitivity", "Slider: 0 is a bid at any price", "")
            .range(0.0, 1.0, 0.05)
            .slider()
            .lever(),
        _ => field("sensitivity", "k: span of bid prices", "σ")
            .range(0.0, 3.0, 0.05)
            .allowed(0.0, 100.0)
            .slider()
            .lever(),
    };
    let list = vec![
        fields
            .field("view.outcome", "Way to buy", "")
            .choices(Comparator::ALL.iter().map(|c| (c.id(), c.name())))
            .lever()
            .help("All are computed; charts of days, bills and ledger follow this one.")
            .only_if(days),
        field("bid", "Bids", "")
            .choices([
                ("published", "expected price ± k standard deviations"),
                ("four_point", "four points with a slider"),
                ("opportunity", "worth of stored energy"),
            ])
            .only_if(days),
        sensitivity.only_if(days && params.bid != BidForm::Opportunity),
        field(
            "intercept_usd_per_kwh",
            "ι: half the drop at the preferred demand",
            "$/kWh",
        )
        .range(0.0, 0.05, 0.0005)
        .allowed(0.0, 10.0)
        .only_if(days),
        field("baseline", "Load and PV in a bid", "")
            .choices([
                ("last_metered", "as last metered (published)"),
                ("forecast", "as forecast"),
            ])
            .only_if(days),
        field("steps", "Steps of a bid, each side", "")
            .range(1.0, 40.0, 1.0)
            .allowed(1.0, 100.0),
    ];
    section("Bids", true, list)
}

fn lse(fields: &Fields, params: &CommunityMarket, days: bool) -> Section {
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let list = vec![
        field("lse_capacity_kw", "The LSE delivers at most", "kW")
            .at_least(0.0, 10.0)
            .allowed(0.0, 1e9)
            .optional()
            .help("Where it is short the price rises above its own, and it keeps the difference."),
        field("cap_usd_per_kwh", "Price cap", "$/kWh")
            .at_least(0.001, 0.05)
            .allowed(0.001, 1000.0),
        field("given.lse_usd_per_kwh", "Price of the LSE", "$/kWh")
            .range(0.0, 0.4, 0.0005)
            .allowed(f64::NEG_INFINITY, f64::INFINITY)
            .slider()
            .lever()
            .only_if(!days),
        field("network", "Limits of the feeder in the clearing", "")
            .switch()
            .only_if(days),
        field("physics", "Feeder", "")
            .choices([
                ("lin_dist_flow", "LinDistFlow: linear voltages"),
                ("branch_flow", "branch flow: losses, second-order cone"),
                ("lossless", "lossless, no voltages"),
            ])
            .only_if(days),
        field("thread", "Hand the bids to the ISO", "")
            .switch()
            .help("The sum of the bids of one interval enters the balancing market of the case."),
        field("thread_interval", "of interval", "")
            .at_least(1.0, 1.0)
            .only_if(params.thread && days),
    ];
    section("LSE and feeder", true, list)
}

fn shown(fields: &Fields, case: &Case, params: &CommunityMarket) -> Section {
    let all = case.communities.as_ref();
    let (n, hours) = all.map_or((1, 1.0), |c| (c.intervals(), c.hours()));
    let per_day = (24.0 / hours).round().max(1.0);
    let reached = params
        .days
        .map_or(n as f64, |d| (d as f64 * per_day).min(n as f64));
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let list = vec![
        fields
            .field("view.step", "Interval of the clearing shown", "")
            .range(1.0, reached, 1.0)
            .slider(),
        field("days", "Days", "")
            .range(1.0, (n as f64 / per_day).ceil().max(1.0), 1.0)
            .allowed(1.0, 1e4)
            .optional(),
        field("forecast_error_percent", "Error of forecasts", "%")
            .range(0.0, 30.0, 0.5)
            .allowed(0.0, 100.0)
            .slider()
            .lever(),
        field("forecast_persistence", "Share of an error left after an hour", "")
            .range(0.0, 0.99, 0.01)
            .allowed(0.0, 0.999)
            .only_if(params.forecast_error_percent > 0.0),
        field("meter_noise_percent", "Noise of a meter reading, of the load", "%")
            .range(0.0, 30.0, 0.5)
            .allowed(0.0, 100.0)
            .slider()
            .help("What a community reads of its own net load before it bids. Bills have the true value."),
        field("seed", "Seed of the errors", "").at_least(0.0, 1.0),
        field("draws", "Seeds to compare", "")
            .range(1.0, 20.0, 1.0)
            .allowed(1.0, 100.0)
            .help("Every way to buy is run with that many seeds in a row, to see how far chance moves the saving."),
    ];
    section("Days and forecasts", true, list)
}

fn schedules(fields: &Fields, params: &CommunityMarket) -> Section {
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let list = vec![
        field("terminal_soc", "State of charge at the end", "")
            .range(0.0, 1.0, 0.05)
            .optional(),
        field("terminal_usd_per_kwh", "Worth of more than that", "$/kWh")
            .at_least(0.0, 0.005)
            .allowed(0.0, 10.0),
        field("wear_usd_per_kwh", "Wear of a kWh in or out", "$/kWh")
            .at_least(0.0, 0.001)
            .allowed(0.0, 10.0),
        field("reserve_usd_per_mw_h", "Price of spinning reserve", "$/(MW·h)")
            .range(0.0, 60.0, 1.0)
            .allowed(0.0, 1e5)
            .slider()
            .help("Batteries sell headroom by the hour, planned together with their energy. None is sold at 0."),
        field("reserve_hours", "Reserve has to last", "h")
            .range(0.25, 4.0, 0.25)
            .allowed(0.05, 100.0)
            .only_if(params.reserve_usd_per_mw_h > 0.0),
    ];
    section("Schedules", params.reserve_usd_per_mw_h > 0.0, list)
}

fn voltages(fields: &Fields, params: &CommunityMarket) -> Section {
    let reaction = params.reaction;
    let at = |name: &str, label: &str, shown: bool| {
        let path = format!("mechanism.droop.{name}");
        fields
            .field(path, label, "p.u.")
            .range(0.8, 1.2, 0.005)
            .allowed(0.5, 1.5)
            .only_if(shown)
    };
    let (reactive, active) = (reaction.moves_reactive(), reaction.backs_off());
    let list = vec![
        fields
            .field("mechanism.reaction", "Communities react to their voltage", "")
            .choices([
                ("none", "no: the power flow follows afterwards"),
                ("volt_var", "inverters make or take reactive power"),
                ("back_off", "batteries back off, PV is curtailed"),
                ("both", "both"),
            ])
            .help("The feeder's AC power flow runs in every interval, and what communities do about its voltages is iterated until it settles."),
        at("inject_full_pu", "All kvar injected up to", reactive),
        at("inject_none_pu", "None injected from", reactive),
        at("absorb_none_pu", "None absorbed up to", reactive),
        at("absorb_full_pu", "All absorbed from", reactive),
        fields
            .field("mechanism.droop.most_share", "Most reactive power, share of the inverters' kVA", "")
            .range(0.0, 1.0, 0.01)
            .help("Never more than the inverters have left beside their active power: √(S² − P²).")
            .only_if(reactive),
        at("charge_none_pu", "No charging up to", active),
        at("charge_full_pu", "Charging at full power from", active),
        at("feed_full_pu", "Full feed-in up to", active),
        at("feed_none_pu", "No feed-in from", active),
    ];
    section("Voltages", reaction != Reaction::None, list)
}

fn tariff(fields: &Fields) -> Section {
    let list = vec![
        fields
            .field("mechanism.tariff_usd_per_kwh", "Energy", "$/kWh")
            .at_least(0.0, 0.001)
            .allowed(0.0, 10.0),
        fields
            .field(
                "mechanism.demand_usd_per_kw_month",
                "Peak demand, month",
                "$/kW",
            )
            .at_least(0.0, 0.5)
            .allowed(0.0, 1e4),
    ];
    section("Flat tariff", false, list)
}

fn members(fields: &Fields, case: &Case) -> Option<Section> {
    let all = case.communities.as_ref().filter(|_| fields.has_case())?;
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
            subject: SubjectKind::Party.of(&member.id),
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
    system::section("Communities", true, "", columns, Vec::from_iter(rows))
}

/// Buildings and tanks with their heat pumps.
fn heat(fields: &Fields, case: &Case) -> Option<Section> {
    let all = case.communities.as_ref().filter(|_| fields.has_case())?;
    let warm = all.members.iter().filter(|m| m.thermal.is_some()).take(40);
    let columns = [
        ("heat_kwh_per_k", "heat capacity", "kWh/K", 1.0),
        ("loss_kw_per_k", "heat loss", "kW/K", 0.1),
        ("power_kw", "heat pump", "kW", 5.0),
        ("cop", "heat per electricity", "", 0.1),
        ("min_c", "least", "°C", 0.5),
        ("max_c", "most", "°C", 0.5),
        ("initial_c", "at the start", "°C", 0.5),
    ];
    let rows = warm.map(|member| GridRow {
        id: member.id.clone(),
        subject: SubjectKind::Party.of(&member.id),
        label: format!("{} at {}", member.id, member.bus),
        cells: columns
            .iter()
            .map(|(name, label, unit, step)| {
                let path = format!("case.communities.members.{}.thermal.{name}", member.id);
                let mut field = fields.field(path, format!("{} {label}", member.id), unit);
                field.step = Some(*step);
                Some(field)
            })
            .collect(),
    });
    let rows: Vec<GridRow> = rows.collect();
    let names: Vec<(&str, &str)> = columns
        .iter()
        .map(|(_, label, unit, _)| (*label, *unit))
        .collect();
    (!rows.is_empty()).then(|| system::section("Heat", true, "", system::columns(&names), rows))?
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
        subject: None,
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
    system::section(
        "Bids of the interval",
        true,
        "",
        columns,
        Vec::from_iter(rows),
    )
}
