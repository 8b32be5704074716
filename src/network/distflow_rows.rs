//! LinDistFlow of a feeder: its state with given loads, and its limits as rows over injections.
//!
//! No losses, linear squared voltages:
//!
//! > P_j, Q_j are what is drawn below,   w_j = w_i − 2 (r P_j + x Q_j).
//!
//! With a_k injected at bus n(k), R the resistance common to two paths from the substation and P⁰, w⁰ what is
//! drawn without:
//!
//! ```text
//! voltage   w⁰_n + 2 Σ_k R_{n,n(k)} a_k  between V_min² and V_max²
//! line l    P⁰_l − Σ_{k below l} a_k     between its limits, and those that S leaves beside Q
//! ```
//!
//! Section `[bsp]`(4.2) of the model notes.

use super::radial::Radial;
use crate::case::Feeder;

/// Capacities below this are nothing, MW.
pub const LEAST_MW: f64 = 1e-7;

/// What a row limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Index of a feeder line.
    Line(usize),
    /// What the feeder exchanges.
    Boundary,
    /// Index of a bus.
    Voltage(usize),
}

/// One row Σ G a ≤ h.
#[derive(Clone, Debug)]
pub struct Limit {
    pub name: String,
    pub of: Of,
    /// +1 where injections use up the room, −1 where they make it.
    pub sign: f64,
    /// By injection.
    pub g: Vec<f64>,
    pub h_mw: f64,
    /// Physical unit (MW, or p.u.² of voltage) per unit of the row.
    pub scale: f64,
}

impl Limit {
    /// Σ G a.
    pub fn value(&self, net_mw: &[f64]) -> f64 {
        self.g.iter().zip(net_mw).map(|(g, a)| g * a).sum()
    }

    /// G of any bus.
    pub fn effect(&self, tree: &Radial, bus: usize) -> f64 {
        let on = |line: usize| tree.path(bus).any(|(_, above)| above.line == line);
        match self.of {
            Of::Line(line) => self.sign * f64::from(u8::from(on(line))),
            Of::Boundary => self.sign,
            Of::Voltage(j) => {
                let common = tree.path(j).filter(|(_, above)| on(above.line));
                self.sign * 2.0 * common.map(|(_, l)| l.r_pu).sum::<f64>() / self.scale
            }
        }
    }

    /// The row in MW: divided by its largest coefficient, so that its room is what the most effective injection may
    /// still bring.
    pub fn in_mw(mut self) -> Limit {
        let largest = self.g.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        if largest > 0.0 {
            self.g.iter_mut().for_each(|g| *g /= largest);
            self.h_mw /= largest;
            self.scale *= largest;
        }
        self
    }

    /// What the limit leaves at `net_mw`, MW of the row; 0 where it is broken.
    pub fn room_mw(&self, net_mw: &[f64]) -> f64 {
        (self.h_mw - self.value(net_mw)).max(0.0)
    }

    /// How far `net_mw` is over the limit, MW of the row; 0 where it is not.
    pub fn over_mw(&self, net_mw: &[f64]) -> f64 {
        (self.value(net_mw) - self.h_mw).max(0.0)
    }

    /// Whether some net activation in a box comes to the limit, and some moves it at all.
    pub fn reached(&self, max_down_mw: &[f64], max_up_mw: &[f64]) -> bool {
        let (least, most) = self.range(max_down_mw, max_up_mw);
        most - least > LEAST_MW && most > self.h_mw - LEAST_MW
    }

    /// Least and greatest Σ G a over a box of net activations.
    pub fn range(&self, max_down_mw: &[f64], max_up_mw: &[f64]) -> (f64, f64) {
        let boxes = max_down_mw.iter().zip(max_up_mw);
        self.g
            .iter()
            .zip(boxes)
            .fold((0.0, 0.0), |(low, high), (g, (down, up))| {
                let (a, b) = (-g * down, g * up);
                (low + a.min(b), high + a.max(b))
            })
    }
}

/// Flow and squared voltage of a feeder, by the bus below a line and by bus.
#[derive(Clone, Debug)]
pub struct State {
    /// Entering the line above each bus outwards, at the root what the feeder takes, MW and Mvar.
    pub p_mw: Vec<f64>,
    pub q_mvar: Vec<f64>,
    pub w_pu2: Vec<f64>,
}

/// LinDistFlow with what every bus draws, MW and Mvar.
pub fn state(tree: &Radial, root_v_pu: f64, load_mw: &[f64], load_mvar: &[f64]) -> State {
    let (mut p, mut q) = (load_mw.to_vec(), load_mvar.to_vec());
    for &j in tree.order.iter().rev() {
        if let Some(above) = tree.above[j] {
            p[above.upper] += p[j];
            q[above.upper] += q[j];
        }
    }
    let mut w = vec![root_v_pu * root_v_pu; p.len()];
    for &j in &tree.order {
        if let Some(above) = tree.above[j] {
            w[j] = w[above.upper] - 2.0 * (above.r_pu * p[j] + above.x_pu * q[j]);
        }
    }
    State {
        p_mw: p,
        q_mvar: q,
        w_pu2: w,
    }
}

/// What an apparent power leaves of active power beside a reactive one, without losses.
pub fn active_mw(s_mva: f64, q_mvar: f64) -> f64 {
    (s_mva * s_mva - q_mvar * q_mvar).max(0.0).sqrt()
}

/// Every limit of a feeder as a row over injections at `at` (bus indices), on top of `base`; `active` is what an
/// apparent power leaves beside a reactive one.
pub fn limits(
    feeder: &Feeder,
    tree: &Radial,
    max_exchange_mw: Option<f64>,
    at: &[usize],
    base: &State,
    active: impl Fn(f64, f64) -> f64,
) -> Vec<Limit> {
    // Whether bus j lies on the way from the substation to injection k, and 2 R_{j,n(k)}.
    let n = feeder.buses.len();
    let mut on_way = vec![vec![false; n]; at.len()];
    let mut effects = vec![vec![0.0; n]; at.len()];
    for ((way, effect), &bus) in on_way.iter_mut().zip(&mut effects).zip(at) {
        for (below, _) in tree.path(bus) {
            way[below] = true;
        }
        for &j in &tree.order {
            if let Some(above) = tree.above[j] {
                let own = if way[j] { 2.0 * above.r_pu } else { 0.0 };
                effect[j] = effect[above.upper] + own;
            }
        }
    }
    let mut rows = Vec::new();
    let mut line = |name: &str, of: Of, on: &dyn Fn(usize) -> bool, p: f64, low: f64, high: f64| {
        let mut push = |sign: f64, room: f64| {
            if room.is_finite() {
                rows.push(Limit {
                    name: name.to_string(),
                    of,
                    sign,
                    g: (0..at.len())
                        .map(|k| if on(k) { sign } else { 0.0 })
                        .collect(),
                    h_mw: room,
                    scale: 1.0,
                });
            }
        };
        push(-1.0, high - p);
        push(1.0, p - low);
    };
    for &j in &tree.order {
        let Some(above) = tree.above[j] else { continue };
        let own = &feeder.lines[above.line];
        let free = f64::INFINITY;
        let (low, high) = (own.min_p_mw.unwrap_or(-free), own.max_p_mw.unwrap_or(free));
        let (low, high) = if above.sign > 0.0 {
            (low, high)
        } else {
            (-high, -low)
        };
        let active = own.max_s_mva.map_or(free, |s| active(s, base.q_mvar[j]));
        let name = format!("line {}", own.id);
        line(
            &name,
            Of::Line(above.line),
            &|k| on_way[k][j],
            base.p_mw[j],
            low.max(-active),
            high.min(active),
        );
    }
    if let Some(most) = max_exchange_mw {
        let import = base.p_mw[tree.root];
        line("boundary", Of::Boundary, &|_| true, import, -most, most);
    }
    for &j in &tree.order {
        let bus = &feeder.buses[j];
        let effect: Vec<f64> = effects.iter().map(|own| own[j]).collect();
        let w = base.w_pu2[j];
        for (sign, room, word) in [
            (1.0, bus.max_v_pu.powi(2) - w, "upper"),
            (-1.0, w - bus.min_v_pu.powi(2), "lower"),
        ] {
            rows.push(Limit {
                name: format!("{word} voltage of bus {}", bus.id),
                of: Of::Voltage(j),
                sign,
                g: effect.iter().map(|e| sign * e).collect(),
                h_mw: room,
                scale: 1.0,
            });
        }
    }
    rows
}
