//! AC power flow of a radial feeder by backward and forward sweeps.
//!
//! In per unit on 1 MVA, with the complex voltage V_j of every bus, the current I_j in the line
//! z_j = r_j + j x_j that feeds bus j from bus i, outwards, and the complex injection s_j:
//!
//! ```text
//! backward, outermost bus first    I_j = Σ_{k below j} I_k − (s_j / V_j)*
//! forward, from the substation     V_j = V_i − z_j I_j
//! ```
//!
//! Repeated from the voltage of the substation everywhere until no voltage moves. Nothing is
//! shared with the optimisation: this is the check of what that finds.

use super::Radial;
use crate::opt::Failure;
use nalgebra::Complex;

/// The sweeps stop when no voltage moves by more than this, p.u.
const STILL_PU: f64 = 1e-13;

/// Voltages outside these shares of the substation's are none.
const LEAST_V: f64 = 1e-3;
const GREATEST_V: f64 = 1e3;

/// Sweeps after which the power flow is given up.
const SWEEPS: usize = 5_000;

/// The power flow of a feeder. Entries follow the buses of the feeder; a line is known by the bus
/// below it, and its entry at the root is zero.
#[cfg_attr(
    not(test),
    allow(
        dead_code,
        reason = "tests hold every part of it against other programs"
    )
)]
#[derive(Clone, Debug)]
pub struct SweepFlow {
    /// Voltage magnitude of each bus, p.u.
    pub v_pu: Vec<f64>,
    /// Voltage angle of each bus, rad; 0 at the root.
    pub angle_rad: Vec<f64>,
    /// Flow of the line above each bus, positive outwards.
    pub lines: Vec<LineFlow>,
    /// What the feeder takes from above, the root's own injection counted.
    pub import_p_mw: f64,
    pub import_q_mvar: f64,
    /// Sum over the lines.
    pub loss_p_mw: f64,
    pub loss_q_mvar: f64,
    /// Largest |V_i − V_j − z_j I_j| at the end, p.u.; the power balances hold by construction.
    pub residual_pu: f64,
}

/// The flow of one line: positive from the substation outwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineFlow {
    /// Entering at the end near the substation.
    pub p_sent_mw: f64,
    pub q_sent_mvar: f64,
    /// Leaving at the far end.
    pub p_received_mw: f64,
    pub q_received_mvar: f64,
    /// Squared current, p.u.
    pub l_pu: f64,
}

impl LineFlow {
    /// Apparent power at the more loaded end, MVA.
    pub fn loading_mva(&self) -> f64 {
        let sent = libm::hypot(self.p_sent_mw, self.q_sent_mvar);
        sent.max(libm::hypot(self.p_received_mw, self.q_received_mvar))
    }
}

/// Power flow of a feeder whose substation holds `root_v_pu`, with the injection (MW, Mvar) of
/// every bus, positive into the network; a load is negative. The root's entry changes the import
/// alone.
///
/// # Errors
/// A list of another length than the feeder's, a number that is not finite, a root voltage that
/// is not positive; and sweeps that do not settle, as where the load is beyond what the lines can
/// carry at any voltage.
pub fn sweep(
    feeder: &Radial,
    root_v_pu: f64,
    injection_mw_mvar: &[(f64, f64)],
) -> Result<SweepFlow, Failure> {
    let n = feeder.above.len();
    if injection_mw_mvar.len() != n {
        let given = injection_mw_mvar.len();
        return refused(format!("{given} injections for a feeder of {n} buses"));
    }
    if !(root_v_pu.is_finite() && root_v_pu > 0.0) {
        return refused(format!(
            "the substation holds {root_v_pu} p.u.; expected a positive voltage"
        ));
    }
    let finite = |(p, q): &(f64, f64)| p.is_finite() && q.is_finite();
    if let Some(bus) = injection_mw_mvar.iter().position(|s| !finite(s)) {
        let (p, q) = injection_mw_mvar[bus];
        return refused(format!(
            "bus {} of {n} injects {p} MW and {q} Mvar; expected finite numbers",
            bus + 1
        ));
    }
    let injected: Vec<Complex<f64>> = injection_mw_mvar
        .iter()
        .map(|&(p, q)| Complex::new(p, q))
        .collect();
    let mut v = vec![Complex::new(root_v_pu, 0.0); n];
    let mut current = v.clone();
    let squared = |share: f64| (share * root_v_pu).powi(2);
    let possible = squared(LEAST_V)..=squared(GREATEST_V);
    for iterations in 1..=SWEEPS {
        backward(feeder, &v, &injected, &mut current);
        let (bus, moved) = forward(feeder, &current, &mut v);
        // Not a number is no voltage either.
        let lost = v.iter().position(|v| !possible.contains(&v.norm_sqr()));
        if lost.is_some() || iterations == SWEEPS {
            let bus = lost.unwrap_or(bus);
            let why = collapse(feeder, &v, &injected, bus, iterations, moved);
            return Err(Failure::Numerics(why));
        }
        if moved <= STILL_PU * root_v_pu.max(1.0) {
            return Ok(settled(feeder, &v, &injected));
        }
    }
    refused("no sweep was made".to_string())
}

fn refused(why: String) -> Result<SweepFlow, Failure> {
    Err(Failure::Refused(why))
}

/// |z|, the same on every platform.
fn size(z: Complex<f64>) -> f64 {
    libm::hypot(z.re, z.im)
}

/// Puts the currents of the lines, by the bus below, at given voltages.
fn backward(
    feeder: &Radial,
    v: &[Complex<f64>],
    injected: &[Complex<f64>],
    current: &mut [Complex<f64>],
) {
    for &j in feeder.order.iter().rev() {
        let further: Complex<f64> = feeder.below[j].iter().map(|&k| current[k]).sum();
        current[j] = further - (injected[j] / v[j]).conj();
    }
}

/// Voltages from currents; the bus whose voltage moved most, and by how much.
fn forward(feeder: &Radial, current: &[Complex<f64>], v: &mut [Complex<f64>]) -> (usize, f64) {
    // Squared, which compares the same.
    let mut most = (feeder.root, 0.0_f64);
    for &j in &feeder.order {
        let Some(line) = feeder.above[j] else {
            continue;
        };
        let next = v[line.upper] - Complex::new(line.r_pu, line.x_pu) * current[j];
        let moved = (next - v[j]).norm_sqr();
        if moved.is_nan() || moved > most.1 {
            most = (j, moved);
        }
        v[j] = next;
    }
    (most.0, most.1.sqrt())
}

fn collapse(
    feeder: &Radial,
    v: &[Complex<f64>],
    injected: &[Complex<f64>],
    bus: usize,
    sweeps: usize,
    moved: f64,
) -> String {
    let total: Complex<f64> = feeder.order.iter().map(|&j| injected[j]).sum();
    format!(
        "the power flow does not settle: after {sweeps} sweeps bus {} of {} is at {:.4} p.u. and voltages still move by {moved:.1e} p.u.; the feeder injects {:.4} MW and {:.4} Mvar in all, which is more than its lines can carry at any voltage, or very near it",
        bus + 1,
        v.len(),
        size(v[bus]),
        total.re,
        total.im
    )
}

/// The flows at settled voltages. With the currents of one more backward sweep the power
/// balance of every bus holds exactly.
fn settled(feeder: &Radial, v: &[Complex<f64>], injected: &[Complex<f64>]) -> SweepFlow {
    let mut current = v.to_vec();
    backward(feeder, v, injected, &mut current);
    let mut lines = vec![LineFlow::default(); v.len()];
    let (mut loss, mut residual) = (Complex::new(0.0, 0.0), 0.0_f64);
    for &j in &feeder.order {
        let Some(line) = feeder.above[j] else {
            continue;
        };
        let sent = v[line.upper] * current[j].conj();
        let received = v[j] * current[j].conj();
        loss += sent - received;
        let drop = Complex::new(line.r_pu, line.x_pu) * current[j];
        residual = residual.max(size(v[line.upper] - v[j] - drop));
        lines[j] = LineFlow {
            p_sent_mw: sent.re,
            q_sent_mvar: sent.im,
            p_received_mw: received.re,
            q_received_mvar: received.im,
            l_pu: current[j].norm_sqr(),
        };
    }
    let root = feeder.root;
    let sent = |part: fn(&LineFlow) -> f64| -> f64 {
        feeder.below[root].iter().map(|&k| part(&lines[k])).sum()
    };
    let import_p_mw = sent(|l| l.p_sent_mw) - injected[root].re;
    let import_q_mvar = sent(|l| l.q_sent_mvar) - injected[root].im;
    SweepFlow {
        v_pu: v.iter().map(|v| size(*v)).collect(),
        angle_rad: v.iter().map(|v| libm::atan2(v.im, v.re)).collect(),
        lines,
        import_p_mw,
        import_q_mvar,
        loss_p_mw: loss.re,
        loss_q_mvar: loss.im,
        residual_pu: residual,
    }
}
