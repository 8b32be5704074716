//! Random draws of loads and DERs, the same natively and in WebAssembly: loads one by one within a width around the
//! case's, the capacity of each DER between nothing and all.

use fastrand::Rng;
use tandem::case::Case;
use tandem::market::rt_sced::dispatch::interval::{dispatch, draw};
use tandem::market::rt_sced::dispatch::known::written;
use tandem::market::rt_sced::dispatch::pricing::Dispatch;
use tandem::market::rt_sced::dispatch::request::{Aggregation, Request};
use tandem::market::rt_sced::process::initial_state;
use tandem::market::rt_sced::system::{State, System};
use tandem::market::rt_sced::{Method, RtSced};
use tandem::market::shared::offers::cost_usd_per_h;
use tandem::opt::{Model, Var};
use tandem::scenario::{Document, Mechanism};

/// One interval of a system, drawn again and again.
pub struct Draws {
    pub system: System,
    case: Case,
    se: State,
    ranges_mw: Vec<(f64, f64)>,
    /// Capacity of every DER, MW.
    most_mw: Vec<f64>,
    width: f64,
    rng: Rng,
    drawn: Vec<Draw>,
    now: usize,
}

/// Loads, and capacities of DERs, MW.
#[derive(Clone)]
pub struct Draw {
    loads_mw: Vec<f64>,
    most_mw: Vec<f64>,
}

impl Draws {
    pub fn new(document: &Document, width: f64) -> Option<Draws> {
        let Mechanism::RtSced(params) = &document.mechanism else {
            return None;
        };
        let params = RtSced {
            method: Method::Optimal,
            intervals: 1,
            ..params.clone()
        };
        let system = System::new(&document.case, &params).ok()?;
        let units = system.generators.iter();
        Some(Draws {
            se: initial_state(&system, &params),
            ranges_mw: units.map(|g| (g.min_p_mw, g.max_p_mw)).collect(),
            most_mw: system.ders.iter().map(|der| der.max_p_mw).collect(),
            case: document.case.clone(),
            width,
            // The same numbers in every system and width.
            rng: Rng::with_seed(1),
            drawn: Vec::new(),
            now: 0,
            system,
        })
    }

    /// Draws once more.
    pub fn next(&mut self) -> Draw {
        let mut within = |p: f64| p * (1.0 + self.width * (2.0 * self.rng.f64() - 1.0));
        let loads_mw = self.system.load_mw.iter().map(|&p| within(p)).collect();
        let ders = self.system.ders.iter().zip(&self.most_mw);
        let most_mw = ders.map(|(der, most)| der.min_p_mw + (most - der.min_p_mw) * self.rng.f64());
        Draw {
            most_mw: most_mw.collect(),
            loads_mw,
        }
    }

    /// Takes draws in hand.
    pub fn hold(&mut self, drawn: Vec<Draw>) {
        self.drawn = drawn;
    }

    pub fn held(&self) -> &[Draw] {
        &self.drawn
    }

    /// Turns to one of the draws in hand.
    pub fn turn_to(&mut self, n: usize) {
        self.now = n;
        for (der, &most) in self.system.ders.iter_mut().zip(&self.drawn[n].most_mw) {
            der.max_p_mw = most;
        }
    }

    fn request(&self) -> Request<'_> {
        Request {
            name: "draw".into(),
            aggregation: Aggregation::Elemental,
            se: &self.se,
            loads_mw: &self.drawn[self.now].loads_mw,
            more_mw: &[],
            generator_range_mw: &self.ranges_mw,
            losses: None,
            ahead: &[],
            warm_limits: &[],
            warm_cuts: &[],
        }
    }

    /// By what is known.
    pub fn known(&self) -> Option<Dispatch> {
        draw(&self.system, &self.request()).ok()
    }

    /// By the full path.
    pub fn anew(&self) -> Option<Dispatch> {
        // What is held cannot be asked.
        let _held = self.system.known.borrow_mut();
        dispatch(&self.system, &self.request()).ok()
    }

    pub fn cost(&self, dispatch: &Dispatch) -> f64 {
        let units = self.system.generators.iter().zip(&dispatch.generators_mw);
        let ders = self.system.ders.iter().zip(&dispatch.ders_mw);
        let all = units.chain(ders);
        all.map(|(unit, &p)| cost_usd_per_h(&unit.offer, p)).sum()
    }

    /// The program with the limits that any draw has met, and no others.
    pub fn with_limits_met(&self) -> Option<Model> {
        written(&self.system, &self.request())
    }

    /// The program with every limit, as it is written where no flows are worked out beside it: angles, a balance of each
    /// bus, b (θ_f − θ_t − φ) within the limits of each line that has any.
    pub fn with_all_limits(&self) -> Option<Model> {
        let blocks = self.with_limits_met()?;
        let mut model = Model::new("draw");
        for column in blocks.vars() {
            model.var(column.name.clone(), column.lower, column.upper, column.cost);
        }
        let system = &self.system;
        let mut at_bus: Vec<Vec<(Var, f64)>> = vec![Vec::new(); system.bus_ids.len()];
        let units = system.generators.iter().chain(&system.ders);
        let buses =
            units.flat_map(|unit| vec![unit.bus; unit.block_names.len().min(unit.offer.len())]);
        for (j, bus) in buses.enumerate() {
            at_bus[bus].push((Var(j), 1.0));
        }
        let mut needed = vec![0.0; system.bus_ids.len()];
        for (&bus, p) in system.load_bus.iter().zip(&self.drawn[self.now].loads_mw) {
            needed[bus] += p;
        }
        let angles: Vec<Var> = (0..system.bus_ids.len())
            .map(|i| {
                let most = if i == 0 { 0.0 } else { f64::INFINITY };
                model.var("", -most, most, 0.0)
            })
            .collect();
        let mut limited = Vec::new();
        for (l, branch) in self
            .case
            .branches
            .iter()
            .enumerate()
            .filter(|(_, b)| b.in_service)
        {
            let (from, to) = system.network.ends(l)?;
            let b = self.case.base_mva / (branch.x_pu * branch.tap);
            let shifted = b * branch.shift_deg.to_radians();
            let flow = [(angles[from], b), (angles[to], -b)];
            at_bus[from].extend(flow.map(|(v, a)| (v, -a)));
            at_bus[to].extend(flow);
            needed[from] -= shifted;
            needed[to] += shifted;
            if let Some(most) = branch.max_p_mw {
                limited.push((flow, shifted - most, shifted + most));
            }
        }
        for (terms, needed) in at_bus.into_iter().zip(needed) {
            model.row("", terms, needed, needed);
        }
        for (flow, lower, upper) in limited {
            model.row("", flow, lower, upper);
        }
        Some(model)
    }
}
