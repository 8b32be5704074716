//! The case as one market per period.

use std::rc::Rc;

use crate::case::{Case, Feeder, LocalMarket, LocalResource, LocalStorage};
use crate::market::Failure;
use crate::network::Radial;

use super::cone::{Cone, Grid, Terms};
use crate::network::distflow_rows::{Limit, Of, State, active_mw, limits, state};

pub use crate::network::distflow_rows::LEAST_MW;

/// How a storage stands in a period.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Prices at which it discharges and charges, $/MWh.
    pub up: f64,
    pub down: f64,
    /// Its owner discharges at no less and charges at no more, $/MWh.
    pub least_up: f64,
    pub most_down: f64,
    /// Its capacities are what it does.
    pub fixed: bool,
}

/// One period of the market.
#[derive(Clone, Debug)]
pub struct Hour {
    pub imbalance_mw: f64,
    /// Own need of the TSO.
    pub tso_need_mw: f64,
    pub day_ahead: f64,
    pub tso_up: f64,
    pub tso_down: f64,
    /// Price of a MW over a limit, $/MWh.
    pub overload: f64,
    /// By resource, $/MWh.
    pub up_cost: Vec<f64>,
    pub down_value: Vec<f64>,
    /// By resource, MW.
    pub max_up_mw: Vec<f64>,
    pub max_down_mw: Vec<f64>,
    /// Limits that some combination of activations can reach: all others are left out of the
    /// programs.
    pub limits: Vec<Limit>,
    /// Limits that none can reach, or that no resource moves.
    pub far: Vec<Limit>,
    /// Of storages, the last of the resources.
    pub storage: Vec<Offer>,
    /// Consumption of the buses, imbalance included.
    pub load_mw: Vec<f64>,
    pub load_mvar: Vec<f64>,
    pub base: State,
    /// The feeder with losses and reactive power, where the market is cleared on it.
    pub cone: Option<Rc<Cone>>,
}

impl Hour {
    /// Capacities upwards or downwards, MW.
    pub fn max_mw(&self, up: bool) -> &[f64] {
        if up {
            &self.max_up_mw
        } else {
            &self.max_down_mw
        }
    }

    /// Costs upwards or values downwards, $/MWh.
    pub fn own_price(&self, up: bool) -> &[f64] {
        if up { &self.up_cost } else { &self.down_value }
    }

    /// Overload of lines with net activations `net_mw`, MW.
    pub fn overload_mw(&self, net_mw: &[f64]) -> f64 {
        let all = self.limits.iter().chain(&self.far);
        let lines = all.filter(|l| matches!(l.of, Of::Line(_) | Of::Boundary));
        lines.map(|l| l.over_mw(net_mw)).filter(|o| *o > 1e-7).sum()
    }

    /// Violation of voltage limits, the worst bus, p.u.² of the squared voltage.
    pub fn voltage_over_pu2(&self, net_mw: &[f64]) -> f64 {
        let all = self.limits.iter().chain(&self.far);
        let rows = all.filter(|l| matches!(l.of, Of::Voltage(_)));
        rows.map(|l| l.over_mw(net_mw) * l.scale)
            .filter(|o| *o > 1e-7)
            .fold(0.0, f64::max)
    }

    /// Least and greatest price that resource `k` can see, $/MWh: λ lies between the TSO's prices,
    /// every μ between 0 and the price of an overload.
    pub fn price_range(&self, k: usize) -> (f64, f64) {
        let side = |sign: f64| -> f64 {
            let rows = self.limits.iter().map(|l| (sign * l.g[k]).max(0.0));
            self.overload * rows.sum::<f64>()
        };
        (self.tso_down - side(1.0), self.tso_up + side(-1.0))
    }

    /// Resources before the first storage.
    pub fn first_storage(&self) -> usize {
        self.up_cost.len() - self.storage.len()
    }

    /// How resource `k` stands in the period, if it is a storage.
    pub fn offer(&self, k: usize) -> Option<&Offer> {
        self.storage.get(k.checked_sub(self.first_storage())?)
    }

    /// Lets storage `s` discharge and charge these amounts, whatever the price.
    pub fn fix(&mut self, s: usize, (up_mw, down_mw): (f64, f64)) {
        let k = self.first_storage() + s;
        let (low, high) = self.price_range(k);
        self.storage[s] = Offer {
            up: low - 1.0,
            down: high + 1.0,
            fixed: true,
            ..self.storage[s]
        };
        (self.max_up_mw[k], self.max_down_mw[k]) = (up_mw, down_mw);
    }

    /// The hour without its network.
    pub fn unlimited(&self) -> Hour {
        Hour {
            limits: Vec::new(),
            far: Vec::new(),
            ..self.linear()
        }
    }

    /// The hour on the linear network.
    pub fn linear(&self) -> Hour {
        Hour {
            cone: None,
            ..self.clone()
        }
    }
}

/// The market over all periods.
#[derive(Clone, Debug)]
pub struct System {
    pub hours: Vec<Hour>,
    pub hours_per_period: f64,
    /// Ids of resources, their bus indices and owners; storages are the last of them.
    pub resources: Vec<String>,
    pub at: Vec<usize>,
    pub owner: Vec<usize>,
    pub owners: Vec<String>,
    pub storage: Vec<LocalStorage>,
    pub feeder: Feeder,
    pub tree: Radial,
    /// Transmission bus above the feeder, empty without a boundary.
    pub above: String,
    pub boundary: String,
    pub max_exchange_mw: Option<f64>,
}

impl System {
    /// Reads a validated case.
    ///
    /// # Errors
    /// A case without a local market, or whose feeder is no tree.
    pub fn new(case: &Case) -> Result<System, Failure> {
        let market = case.local_market.as_ref().ok_or(
            "the case has no balancing market of a DSO: add `local_market` to the case, or start from a preset",
        )?;
        let feeder = case
            .feeders
            .iter()
            .find(|f| f.id == market.feeder)
            .ok_or("the market names a feeder that is not there")?
            .clone();
        let tree = Radial::new(&feeder)
            .ok_or_else(|| format!("feeder \"{}\" is not a tree about its root", feeder.id))?;
        let index = |id: &str| feeder.buses.iter().position(|bus| bus.id == id);
        let owners: Vec<String> = market.owners().into_iter().map(str::to_string).collect();
        let (mut resources, mut at, mut owner) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |id: &String, bus: &str, own: &String| {
            resources.push(id.clone());
            at.extend(index(bus));
            owner.extend(owners.iter().position(|o| o == own));
        };
        for one in &market.resources {
            add(&one.id, &one.bus, &one.owner);
        }
        for one in &market.storage {
            add(&one.id, &one.bus, &one.owner);
        }
        if at.len() < resources.len() {
            return Err("a resource names a bus that is not there".into());
        }
        let boundary = case.boundaries.iter().find(|b| b.feeder == feeder.id);
        let max_exchange_mw = boundary.and_then(|b| b.max_p_mw);
        let hours = (0..market.periods)
            .map(|t| hour(market, &feeder, &tree, max_exchange_mw, &at, t))
            .collect();
        Ok(System {
            hours,
            hours_per_period: market.hours(),
            resources,
            at,
            owner,
            owners,
            storage: market.storage.clone(),
            above: boundary.map_or(String::new(), |b| b.bus.clone()),
            boundary: boundary.map_or(String::new(), |b| b.id.clone()),
            feeder,
            tree,
            max_exchange_mw,
        })
    }

    /// The market on the branch-flow cone of its feeder.
    ///
    /// # Errors
    /// A sentence when an hour's schedule has no power flow.
    pub fn on_cone(mut self) -> Result<System, Failure> {
        let grid = Rc::new(Grid {
            feeder: self.feeder.clone(),
            tree: self.tree.clone(),
            at: self.at.clone(),
            max_exchange_mw: self.max_exchange_mw,
        });
        let share = share(&self.feeder);
        for (t, hour) in self.hours.iter_mut().enumerate() {
            let loads = hour.load_mw.iter().zip(&share);
            let schedule: Vec<f64> = loads.map(|(p, of)| p - hour.imbalance_mw * of).collect();
            let unit = |j: usize| {
                let mut rows = hour.limits.iter().chain(&hour.far);
                let row = rows.find(|row| row.of == Of::Voltage(j));
                row.map_or(1.0, |row| row.scale)
            };
            let cone = Cone::new(
                &grid,
                &Terms {
                    load_mw: &hour.load_mw,
                    load_mvar: &hour.load_mvar,
                    schedule_mw: &schedule,
                    max_mw: [&hour.max_up_mw, &hour.max_down_mw],
                    tso_up: hour.tso_up,
                    tso_down: hour.tso_down,
                    overload: hour.overload,
                    unit: &unit,
                },
            );
            let cone = cone.map_err(|why| format!("period {}, load as scheduled: {why}", t + 1))?;
            hour.cone = Some(Rc::new(cone));
        }
        Ok(self)
    }

    /// The market on the linear network.
    pub fn linear(&self) -> System {
        System {
            hours: self.hours.iter().map(Hour::linear).collect(),
            ..self.clone()
        }
    }

    /// Whether each resource belongs to owner `o`.
    pub fn owned(&self, o: usize) -> Vec<bool> {
        self.owner.iter().map(|own| *own == o).collect()
    }

    /// With storages that discharge and charge these amounts by period, whatever the price.
    pub fn scheduled(&self, schedule: &[Vec<(f64, f64)>]) -> System {
        let mut system = self.clone();
        for (hour, amounts) in system.hours.iter_mut().zip(schedule) {
            for (s, amount) in amounts.iter().enumerate() {
                hour.fix(s, *amount);
            }
        }
        system
    }

    /// Flows and voltages of period `t` with net activations `net_mw`.
    pub fn state(&self, t: usize, net_mw: &[f64]) -> State {
        let hour = &self.hours[t];
        let mut load = hour.load_mw.clone();
        for (&bus, a) in self.at.iter().zip(net_mw) {
            load[bus] -= a;
        }
        state(&self.tree, self.feeder.root_v_pu, &load, &hour.load_mvar)
    }
}

fn hour(
    market: &LocalMarket,
    feeder: &Feeder,
    tree: &Radial,
    max_exchange_mw: Option<f64>,
    at: &[usize],
    t: usize,
) -> Hour {
    let hours = market.hours();
    let imbalance_mw = market.imbalance_mwh.get(t).copied().unwrap_or(0.0) / hours;
    let factor = market.load_factor(t);
    let buses = || feeder.buses.iter();
    let load = buses().zip(share(feeder));
    let load = load.map(|(bus, share)| factor * bus.p_load_mw + imbalance_mw * share);
    let load_mw: Vec<f64> = load.collect();
    let load_mvar: Vec<f64> = buses().map(|bus| factor * bus.q_load_mvar).collect();
    let base = state(tree, feeder.root_v_pu, &load_mw, &load_mvar);
    type Of<'a, T> = &'a dyn Fn(&T) -> f64;
    let of = |value: Of<LocalResource>, stored: Of<LocalStorage>| -> Vec<f64> {
        let mut all: Vec<f64> = market.resources.iter().map(value).collect();
        for storage in &market.storage {
            all.push(stored(storage));
        }
        all
    };
    let max_up_mw = of(&|r| r.max_up_mw, &|s| s.max_up_mw);
    let max_down_mw = of(&|r| r.max_down_mw, &|s| s.max_down_mw);
    let rows = limits(feeder, tree, max_exchange_mw, at, &base, active_mw);
    let rows = rows.into_iter().map(Limit::in_mw);
    let (limits, far) = rows.partition(|row| row.reached(&max_down_mw, &max_up_mw));
    let mut storage = Vec::new();
    for own in &market.storage {
        storage.push(Offer {
            up: own.wear_usd_per_mwh,
            down: 0.0,
            least_up: market.tso_down_usd_per_mwh(t),
            most_down: market.tso_up_usd_per_mwh(t),
            fixed: false,
        });
    }
    Hour {
        imbalance_mw,
        tso_need_mw: market.tso_imbalance_mwh(t) / hours,
        day_ahead: market.day_ahead(t),
        tso_up: market.tso_up_usd_per_mwh(t),
        tso_down: market.tso_down_usd_per_mwh(t),
        overload: market.overload_usd_per_mwh,
        up_cost: of(&|r| market.up_cost_usd_per_mwh(r, t), &|s| {
            s.wear_usd_per_mwh
        }),
        down_value: of(&|r| market.down_value_usd_per_mwh(r, t), &|_| 0.0),
        storage,
        max_up_mw,
        max_down_mw,
        limits,
        far,
        load_mw,
        load_mvar,
        base,
        cone: None,
    }
}

/// Share of each bus in the imbalance: that in the load.
fn share(feeder: &Feeder) -> Vec<f64> {
    let total: f64 = feeder.buses.iter().map(|bus| bus.p_load_mw).sum();
    let share = |p: f64| {
        if total > 0.0 {
            p / total
        } else {
            1.0 / feeder.buses.len() as f64
        }
    };
    feeder
        .buses
        .iter()
        .map(|bus| share(bus.p_load_mw))
        .collect()
}
