//! The lower level: the DSO's market of one period with given bids.
//!
//! Without a limit in the way the market is a merit order; its answer is kept where every limit
//! holds, and is then optimal with μ = 0. Otherwise the linear program answers.
//!
//! **Ties.** Resources go before the TSO at equal prices, and in the order of the case among one
//! another. Where the price is not unique it is that of the next MW of imbalance.
//!
//! Section `[bsp]`(4.2) of the model notes.

use std::rc::Rc;

use crate::market::Failure;
use crate::opt::{Certificate, DualFace, Duals, Model, Row, Var, certify, simplex};

use super::cone::{Cone, ConeFlow};
use super::system::Hour;

/// Bids by resource, $/MWh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bids {
    pub up: Vec<f64>,
    pub down: Vec<f64>,
}

impl Bids {
    /// Everyone at cost, storages as they stand in the period.
    pub fn truthful(hour: &Hour) -> Bids {
        let mut bids = Bids {
            up: hour.up_cost.clone(),
            down: hour.down_value.clone(),
        };
        let storages = hour.first_storage()..;
        for (k, offer) in storages.zip(&hour.storage) {
            (bids.up[k], bids.down[k]) = (offer.up, offer.down);
        }
        bids
    }

    /// Bids upwards or downwards.
    pub fn side(&self, up: bool) -> &[f64] {
        if up { &self.up } else { &self.down }
    }

    pub fn side_mut(&mut self, up: bool) -> &mut [f64] {
        if up { &mut self.up } else { &mut self.down }
    }
}

/// Σ_k g_k (u_k − w_k).
pub fn net_terms(up: &[Var], down: &[Var], g: impl Fn(usize) -> f64) -> Vec<(Var, f64)> {
    let both = up.iter().zip(down).enumerate();
    both.flat_map(|(k, (&u, &w))| [(u, g(k)), (w, -g(k))])
        .collect()
}

/// The cleared market of a period.
#[derive(Clone, Debug, Default)]
pub struct Cleared {
    pub up_mw: Vec<f64>,
    pub down_mw: Vec<f64>,
    /// From and to the TSO.
    pub tso_up_mw: f64,
    pub tso_down_mw: f64,
    /// Over each limit, MW of its row.
    pub over_mw: Vec<f64>,
    pub lambda: f64,
    /// By limit, $ per MW of its row and hour.
    pub mu: Vec<f64>,
    /// By resource, $/MWh.
    pub dlmp: Vec<f64>,
    /// Of the feeder, where the market is cleared on the cone.
    pub flow: Option<Rc<ConeFlow>>,
}

impl Cleared {
    /// Taken upwards or downwards, by resource.
    pub fn taken_mw(&self, up: bool) -> &[f64] {
        if up { &self.up_mw } else { &self.down_mw }
    }

    pub fn net_mw(&self) -> Vec<f64> {
        self.up_mw
            .iter()
            .zip(&self.down_mw)
            .map(|(u, w)| u - w)
            .collect()
    }

    /// Objective of the lower level at these bids, $ per hour.
    pub fn objective(&self, hour: &Hour, bids: &Bids) -> f64 {
        self.at(hour, &bids.up, &bids.down) + hour.overload * self.over_mw.iter().sum::<f64>()
    }

    /// What activation costs at the resources' own costs and the TSO's prices, $ per hour.
    pub fn cost(&self, hour: &Hour) -> f64 {
        self.at(hour, &hour.up_cost, &hour.down_value)
    }

    /// Of activation, at prices by resource.
    fn at(&self, hour: &Hour, up: &[f64], down: &[f64]) -> f64 {
        let sum = |mw: &[f64], prices: &[f64]| -> f64 {
            mw.iter().zip(prices).map(|(mw, price)| mw * price).sum()
        };
        sum(&self.up_mw, up) - sum(&self.down_mw, down) + hour.tso_up * self.tso_up_mw
            - hour.tso_down * self.tso_down_mw
    }

    /// Paid to and by resource `k` for a MWh, $.
    pub fn paid(&self, bids: &Bids, pay_as_bid: bool, k: usize) -> (f64, f64) {
        match pay_as_bid {
            true => (bids.up[k], bids.down[k]),
            false => (self.dlmp[k], self.dlmp[k]),
        }
    }

    /// What resource `k` earns at prices or as bid over its cost, $ per hour.
    pub fn profit(&self, hour: &Hour, bids: &Bids, pay_as_bid: bool, k: usize) -> f64 {
        let (u, w) = (self.up_mw[k], self.down_mw[k]);
        let (up, down) = self.paid(bids, pay_as_bid, k);
        (up - hour.up_cost[k]) * u + (hour.down_value[k] - down) * w
    }

    /// [`Cleared::profit`] of all resources marked.
    pub fn profit_of(&self, hour: &Hour, bids: &Bids, pay_as_bid: bool, own: &[bool]) -> f64 {
        let marked = (0..own.len()).filter(|&k| own[k]);
        marked.map(|k| self.profit(hour, bids, pay_as_bid, k)).sum()
    }

    /// Overload of lines in an hour, MW.
    pub fn overload_mw(&self, hour: &Hour) -> f64 {
        let flow = self.flow.as_ref();
        flow.map_or_else(|| hour.overload_mw(&self.net_mw()), |f| f.overload_mw)
    }

    /// Violation of voltage limits in an hour, the worst bus, p.u.² of the squared voltage.
    pub fn voltage_over_pu2(&self, hour: &Hour) -> f64 {
        let flow = self.flow.as_ref();
        flow.map_or_else(
            || hour.voltage_over_pu2(&self.net_mw()),
            |f| f.voltage_over_pu2,
        )
    }

    fn with_prices(mut self, hour: &Hour) -> Cleared {
        self.dlmp = dlmp(hour, self.lambda, &self.mu);
        self
    }
}

/// λ − Σ_l G_lk μ_l of every resource.
pub fn dlmp(hour: &Hour, lambda: f64, mu: &[f64]) -> Vec<f64> {
    let rows = || hour.limits.iter().zip(mu);
    (0..hour.up_cost.len())
        .map(|k| lambda - rows().map(|(l, m)| l.g[k] * m).sum::<f64>())
        .collect()
}

/// Clears a period.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn clear(hour: &Hour, bids: &Bids) -> Result<Cleared, Failure> {
    if let Some(cone) = &hour.cone {
        return on_cone(cone, hour, bids);
    }
    let mut cleared = merit_order(hour, bids);
    let mut rows: Vec<usize> = Vec::new();
    loop {
        let net = cleared.net_mw();
        let held = rows.len();
        let limits = hour.limits.iter().enumerate();
        // One met exactly has a price, too: the next MWh may not cross it.
        let new =
            limits.filter(|(l, limit)| !rows.contains(l) && limit.value(&net) > limit.h_mw - 1e-9);
        let new: Vec<usize> = new.map(|(l, _)| l).collect();
        rows.extend(new);
        if rows.len() == held {
            return Ok(cleared);
        }
        crate::sort::by(&mut rows, Ord::cmp);
        cleared = Lower::with(hour, bids, &rows).solve(hour)?;
    }
}

fn on_cone(cone: &Cone, hour: &Hour, bids: &Bids) -> Result<Cleared, Failure> {
    let most_mw = [hour.max_mw(true), hour.max_mw(false)];
    let taken = cone.clear(most_mw, [&bids.up, &bids.down])?;
    let [up_mw, down_mw] = taken.mw;
    let [tso_up_mw, tso_down_mw] = taken.tso_mw;
    let price = &taken.flow.price;
    Ok(Cleared {
        up_mw,
        down_mw,
        tso_up_mw,
        tso_down_mw,
        over_mw: vec![0.0; hour.limits.len()],
        mu: vec![0.0; hour.limits.len()],
        lambda: price[cone.grid.tree.root],
        dlmp: cone.grid.at.iter().map(|&bus| price[bus]).collect(),
        flow: Some(Rc::new(taken.flow)),
    })
}

/// The market without its network.
pub fn merit_order(hour: &Hour, bids: &Bids) -> Cleared {
    let n = bids.up.len();
    // Supply in the order of its price, from all downward bids taken: up, or less down.
    let ups = (0..n).map(|k| (bids.up[k], hour.max_up_mw[k], k, true));
    let downs = (0..n).map(|k| (bids.down[k], hour.max_down_mw[k], k, false));
    let mut steps: Vec<(f64, f64, usize, bool)> = ups.chain(downs).filter(|s| s.1 > 0.0).collect();
    // Of equal bids the first of the case is taken first: downwards it is given up last.
    let rank = |s: &(f64, f64, usize, bool)| if s.3 { s.2 } else { 2 * n - s.2 };
    crate::sort::by(&mut steps, |a, b| {
        a.0.total_cmp(&b.0).then(rank(a).cmp(&rank(b)))
    });
    let mut cleared = Cleared {
        up_mw: vec![0.0; n],
        down_mw: hour.max_down_mw.clone(),
        over_mw: vec![0.0; hour.limits.len()],
        mu: vec![0.0; hour.limits.len()],
        ..Cleared::default()
    };
    let need = hour.imbalance_mw;
    let mut level = -hour.max_down_mw.iter().sum::<f64>();
    let mut price = None;
    for &(at, width, k, up) in &steps {
        // Below its price the TSO takes what is offered; above it nothing is worth taking.
        let forced = at < hour.tso_down;
        let short = need - level;
        if !forced && (short < 1e-12 || at > hour.tso_up) {
            price = Some(at.clamp(hour.tso_down, hour.tso_up));
            break;
        }
        let taken = if forced { width } else { width.min(short) };
        level += taken;
        if up {
            cleared.up_mw[k] += taken;
        } else {
            cleared.down_mw[k] = if taken == width { 0.0 } else { width - taken };
        }
        if taken < width {
            price = Some(at);
            break;
        }
    }
    cleared.tso_up_mw = (need - level).max(0.0);
    cleared.tso_down_mw = (level - need).max(0.0);
    let tiny = |p: &mut f64| {
        if *p < 1e-12 {
            *p = 0.0;
        }
    };
    tiny(&mut cleared.tso_up_mw);
    tiny(&mut cleared.tso_down_mw);
    cleared.lambda = if cleared.tso_up_mw > 0.0 {
        hour.tso_up
    } else if cleared.tso_down_mw > 0.0 {
        hour.tso_down
    } else {
        price.unwrap_or(hour.tso_up)
    };
    cleared.with_prices(hour)
}

/// The linear program of a period.
pub struct Lower {
    pub model: Model,
    pub up: Vec<Var>,
    pub down: Vec<Var>,
    pub tso_up: Var,
    pub tso_down: Var,
    /// Slack and row of the limits in `rows`.
    pub over: Vec<Var>,
    pub balance: Row,
    pub limits: Vec<Row>,
    /// Limits of the hour that are in the program.
    pub rows: Vec<usize>,
}

impl Lower {
    /// With every limit.
    pub fn new(hour: &Hour, bids: &Bids) -> Lower {
        let all: Vec<usize> = (0..hour.limits.len()).collect();
        Lower::with(hour, bids, &all)
    }

    /// With the limits in `rows` alone.
    pub fn with(hour: &Hour, bids: &Bids, rows: &[usize]) -> Lower {
        let free = f64::INFINITY;
        let mut model = Model::new("market of the DSO");
        let mut volumes = |name: &str, sign: f64, up: bool| -> Vec<Var> {
            let bids = hour.max_mw(up).iter().zip(bids.side(up)).enumerate();
            bids.map(|(k, (most, bid))| model.var(format!("{name}[{k}]"), 0.0, *most, sign * bid))
                .collect()
        };
        let (up, down) = (volumes("up", 1.0, true), volumes("down", -1.0, false));
        let tso_up = model.var("tso_up", 0.0, free, hour.tso_up);
        let tso_down = model.var("tso_down", 0.0, free, -hour.tso_down);
        let mut terms = net_terms(&up, &down, |_| 1.0);
        terms.extend([(tso_up, 1.0), (tso_down, -1.0)]);
        let balance = model.row("balance", terms, hour.imbalance_mw, hour.imbalance_mw);
        let (mut over, mut limits) = (Vec::new(), Vec::new());
        for limit in rows.iter().map(|&l| &hour.limits[l]) {
            let slack = model.var(format!("over {}", limit.name), 0.0, free, hour.overload);
            let mut terms = net_terms(&up, &down, |k| limit.g[k]);
            terms.push((slack, -1.0));
            limits.push(model.row(limit.name.clone(), terms, -free, limit.h_mw));
            over.push(slack);
        }
        Lower {
            model,
            up,
            down,
            tso_up,
            tso_down,
            over,
            balance,
            limits,
            rows: rows.to_vec(),
        }
    }

    /// The optimum with its prices.
    ///
    /// # Errors
    /// A sentence when the simplex or the prices fail.
    pub fn solve(&self, hour: &Hour) -> Result<Cleared, Failure> {
        let solution = simplex::solve(&self.model)?;
        let face = DualFace::new(&self.model, &solution.x)?;
        let duals = face.duals(&[(self.balance, 1.0)])?;
        Ok(self.read(hour, &solution.x, &duals.rows))
    }

    /// The market at a point with these multipliers of rows.
    pub fn read(&self, hour: &Hour, x: &[f64], rows: &[f64]) -> Cleared {
        let at = |vars: &[Var]| vars.iter().map(|v| x[v.0].max(0.0)).collect();
        let mut cleared = Cleared {
            up_mw: at(&self.up),
            down_mw: at(&self.down),
            tso_up_mw: x[self.tso_up.0].max(0.0),
            tso_down_mw: x[self.tso_down.0].max(0.0),
            over_mw: vec![0.0; hour.limits.len()],
            lambda: rows[self.balance.0],
            mu: vec![0.0; hour.limits.len()],
            ..Cleared::default()
        };
        for ((&l, row), slack) in self.rows.iter().zip(&self.limits).zip(&self.over) {
            cleared.mu[l] = (-rows[row.0]).max(0.0);
            cleared.over_mw[l] = x[slack.0].max(0.0);
        }
        cleared.with_prices(hour)
    }

    /// How far an answer is from optimal, recomputed from the program; which must hold every limit.
    pub fn certify(&self, name: String, cleared: &Cleared) -> Certificate {
        let mut x = vec![0.0; self.model.vars().len()];
        let mut rows = vec![0.0; self.model.rows().len()];
        self.put(cleared, &mut x, &mut rows);
        prove(name, &self.model, &x, rows)
    }

    /// Writes an answer into a point and multipliers of rows.
    pub fn put(&self, cleared: &Cleared, x: &mut [f64], rows: &mut [f64]) {
        let mut put = |vars: &[Var], values: &[f64]| {
            for (v, value) in vars.iter().zip(values) {
                x[v.0] = *value;
            }
        };
        put(&self.up, &cleared.up_mw);
        put(&self.down, &cleared.down_mw);
        put(&self.over, &cleared.over_mw);
        put(
            &[self.tso_up, self.tso_down],
            &[cleared.tso_up_mw, cleared.tso_down_mw],
        );
        rows[self.balance.0] = cleared.lambda;
        for (row, mu) in self.limits.iter().zip(&cleared.mu) {
            rows[row.0] = -mu;
        }
    }

    /// Writes the program into a larger one, and refers to it there; `t` tells its names apart.
    pub fn within(mut self, model: &mut Model, t: usize) -> Lower {
        let (columns, rows) = (model.vars().len(), model.rows().len());
        for own in self.model.vars() {
            let name = format!("{t}.{}", own.name);
            model.var(name, own.lower, own.upper, own.cost);
        }
        for own in self.model.rows() {
            let mut own = own.clone();
            own.name = format!("{t}.{}", own.name).into();
            for term in &mut own.terms {
                term.0.0 += columns;
            }
            model.push(own);
        }
        for list in [&mut self.up, &mut self.down, &mut self.over] {
            for v in list {
                v.0 += columns;
            }
        }
        self.tso_up.0 += columns;
        self.tso_down.0 += columns;
        for row in &mut self.limits {
            row.0 += rows;
        }
        self.balance.0 += rows;
        self
    }
}

/// How far a point with multipliers of rows is from optimal.
pub fn prove(name: String, model: &Model, x: &[f64], rows: Vec<f64>) -> Certificate {
    let mut reduced = model.gradient(x);
    for (row, y) in model.rows().iter().zip(&rows) {
        for &(v, a) in &row.terms {
            reduced[v.0] -= a * y;
        }
    }
    // Rounding of a price is no bid in the wrong direction.
    for ((z, column), x) in reduced.iter_mut().zip(model.vars()).zip(x) {
        let inside = *x > column.lower + 1e-9 && *x < column.upper - 1e-9;
        if inside && z.abs() < 1e-6 {
            *z = 0.0;
        }
    }
    let duals = Duals {
        rows,
        reduced,
        cones: Vec::new(),
        unique: false,
    };
    certify(name, model, x, Some(&duals))
}
