//! What the mechanism is asked.

use serde::{Deserialize, Serialize};

use crate::network::formulation::feeder::Physics;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// A community market, or one of the ways to buy that it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CommunityMarket {
    pub bid: BidForm,
    /// k: half the span of bid prices in standard deviations of past prices; the slider of the
    /// four-point form, where 0 is a bid at any price.
    pub sensitivity: f64,
    /// ι: half the drop of the bid price at the preferred demand, $/kWh.
    pub intercept_usd_per_kwh: f64,
    /// Steps of a bid on either side of the preferred demand.
    pub steps: usize,
    /// What a community takes for its load and PV when it bids.
    pub baseline: Baseline,
    /// Most that the LSE can deliver to the communities, kW; not limited where empty.
    pub lse_capacity_kw: Option<f64>,
    /// Price of energy that nobody can deliver, $/kWh.
    pub cap_usd_per_kwh: f64,
    /// State of charge that every schedule ends with; free where empty.
    pub terminal_soc: Option<f64>,
    /// Worth of what is stored beyond it at the end, $/kWh.
    pub terminal_usd_per_kwh: f64,
    /// Wear of the battery, $ per kWh charged or discharged.
    pub wear_usd_per_kwh: f64,
    /// Price of spinning reserve, $ per MW and hour; none is sold at 0.
    pub reserve_usd_per_mw_h: f64,
    /// For how long it has to last, h.
    pub reserve_hours: f64,
    /// Days from the start; all where empty.
    pub days: Option<usize>,
    /// Standard deviation of forecasts of prices, load and PV by the hour, %.
    pub forecast_error_percent: f64,
    /// Share of a forecast's error that is there an hour later, too.
    pub forecast_persistence: f64,
    /// Standard deviation of what a community reads of its own net load when it bids, % of its load.
    pub meter_noise_percent: f64,
    pub seed: u64,
    /// Seeds over which the ways to buy are compared, from `seed` on.
    pub draws: usize,
    /// Limits of the feeder in the clearing.
    pub network: bool,
    pub physics: Physics,
    /// What communities do about the voltage where they are connected, in every interval.
    pub reaction: Reaction,
    pub droop: Droop,
    /// The flat tariff with its demand charge.
    pub tariff_usd_per_kwh: f64,
    pub demand_usd_per_kw_month: f64,
    /// One interval given as bids; nothing is simulated.
    pub given: Option<Given>,
    /// Hands the communities' bids of one interval to the balancing market above.
    pub thread: bool,
    /// That interval, from 1.
    pub thread_interval: usize,
}

impl Default for CommunityMarket {
    fn default() -> Self {
        CommunityMarket {
            bid: BidForm::default(),
            sensitivity: 1.0,
            intercept_usd_per_kwh: 0.0075,
            steps: 9,
            baseline: Baseline::default(),
            lse_capacity_kw: None,
            cap_usd_per_kwh: 1.0,
            terminal_soc: Some(0.5),
            terminal_usd_per_kwh: 0.0,
            wear_usd_per_kwh: 0.0,
            reserve_usd_per_mw_h: 0.0,
            reserve_hours: 0.5,
            days: None,
            forecast_error_percent: 0.0,
            forecast_persistence: 0.8,
            meter_noise_percent: 0.0,
            seed: 1,
            draws: 1,
            network: false,
            physics: Physics::LinDistFlow,
            reaction: Reaction::default(),
            droop: Droop::default(),
            tariff_usd_per_kwh: 0.07535,
            demand_usd_per_kw_month: 7.0,
            given: None,
            thread: false,
            thread_interval: 1,
        }
    }
}

/// How communities buy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// The flat tariff with the battery idle.
    Base,
    /// The flat tariff with the battery at its best for it.
    Tariff,
    /// The forecast of the price to every battery, settled at the price of the LSE.
    PricesToDevices,
    /// Bids, cleared among communities and LSE.
    #[default]
    Transactive,
}

impl Comparator {
    /// Every way to buy; the market last, so that the others are there to compare it with.
    pub const ALL: [Comparator; 4] = [
        Comparator::Base,
        Comparator::Tariff,
        Comparator::PricesToDevices,
        Comparator::Transactive,
    ];

    /// As in the JSON form and in ids of series.
    pub fn id(self) -> &'static str {
        match self {
            Comparator::Base => "base",
            Comparator::Tariff => "tariff",
            Comparator::PricesToDevices => "prices_to_devices",
            Comparator::Transactive => "transactive",
        }
    }

    /// A word for a narrow place.
    pub fn word(self) -> &'static str {
        match self {
            Comparator::Base => "idle",
            Comparator::Tariff => "tariff",
            Comparator::PricesToDevices => "prices",
            Comparator::Transactive => "market",
        }
    }

    /// In words, as the reader sees it.
    pub fn name(self) -> &'static str {
        match self {
            Comparator::Base => "batteries idle",
            Comparator::Tariff => "flat tariff",
            Comparator::PricesToDevices => "prices to devices",
            Comparator::Transactive => "community market",
        }
    }
}

/// What communities do about the voltage that they see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// They do not see it: the power flow follows afterwards.
    #[default]
    None,
    /// Inverters make or take reactive power.
    VoltVar,
    /// Batteries charge or discharge less, PV is curtailed.
    BackOff,
    Both,
}

impl Reaction {
    pub fn moves_reactive(self) -> bool {
        matches!(self, Reaction::VoltVar | Reaction::Both)
    }

    pub fn backs_off(self) -> bool {
        matches!(self, Reaction::BackOff | Reaction::Both)
    }
}

/// The curves of inverters over the voltage, p.u.
///
/// Volt-var: defaults of category B of IEEE 1547-2018. The others are straight between the ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Droop {
    /// All that is injected up to the first, nothing from the second on.
    pub inject_full_pu: f64,
    pub inject_none_pu: f64,
    /// Nothing is absorbed up to the first, all from the second on.
    pub absorb_none_pu: f64,
    pub absorb_full_pu: f64,
    /// The most reactive power as a share of the inverters' apparent power.
    pub most_share: f64,
    /// The battery does not charge up to the first, with all its power from the second on.
    pub charge_none_pu: f64,
    pub charge_full_pu: f64,
    /// The inverters feed in all up to the first, nothing from the second on.
    pub feed_full_pu: f64,
    pub feed_none_pu: f64,
}

impl Default for Droop {
    fn default() -> Self {
        Droop {
            inject_full_pu: 0.92,
            inject_none_pu: 0.98,
            absorb_none_pu: 1.02,
            absorb_full_pu: 1.08,
            most_share: 0.44,
            charge_none_pu: 0.95,
            charge_full_pu: 0.97,
            feed_full_pu: 1.03,
            feed_none_pu: 1.05,
        }
    }
}

/// How a bid follows from a schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BidForm {
    /// Expected price ± k standard deviations, in steps.
    #[default]
    Published,
    /// The four points of the TESP battery agent.
    FourPoint,
    /// What stored energy is worth to the schedule: the dual of its state of charge.
    Opportunity,
}

/// What a community's net load without its battery is taken to be when it bids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Load less PV as last metered.
    #[default]
    LastMetered,
    /// As forecast.
    Forecast,
}

/// Bids of one interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub lse_usd_per_kwh: f64,
    pub bids: Vec<GivenBid>,
}

/// A decreasing curve by its corners: demand from least to most, prices from high to low.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenBid {
    pub id: String,
    pub min_kw: f64,
    pub preferred_kw: f64,
    pub max_kw: f64,
    pub top_usd_per_kwh: f64,
    pub above_usd_per_kwh: f64,
    pub below_usd_per_kwh: f64,
    pub bottom_usd_per_kwh: f64,
}

impl CommunityMarket {
    /// What a kW of the peak of a day costs, $.
    pub fn demand_usd_per_kw_day(&self) -> f64 {
        self.demand_usd_per_kw_month / 30.0
    }
}
