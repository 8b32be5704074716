//! Transformers of a pandapower network as branches, as its `build_branch` writes them (pi model).

use super::frame::Row;
use crate::grid::Branch;

/// What a winding pair is: voltages in kV, impedance in percent on `sn_mva`.
pub(super) struct Winding {
    pub from: usize,
    pub to: usize,
    pub bus_hv_kv: f64,
    pub bus_lv_kv: f64,
    pub vn_hv_kv: f64,
    pub vn_lv_kv: f64,
    pub sn_mva: f64,
    pub x_percent: f64,
    pub r_percent: f64,
    pub shift_deg: f64,
    pub parallel: f64,
}

/// The tap changer of a row: factors on the voltages of both sides, and the shift it adds.
pub(super) struct Tap {
    pub hv: f64,
    pub lv: f64,
    pub shift_deg: f64,
}

/// No tap changer.
pub(super) const NO_TAP: Tap = Tap {
    hv: 1.0,
    lv: 1.0,
    shift_deg: 0.0,
};

/// The tap of a row, on the side that is told; `None` where a table, which is not read, says what its positions do.
/// `named`: the table has a column for the kind of changer, as from pandapower 3 on.
///
/// With du = (position − neutral) · step and the angle of a step φ: a ratio changer turns the voltage of its side into
/// |1 + du·e^{jφ}|, an ideal phase shifter leaves it.
pub(super) fn tap(row: Row, named: bool, lv_side: bool) -> Option<Tap> {
    let neutral = row.number_or("tap_neutral", 0.0);
    let steps = row.number_or("tap_pos", neutral) - neutral;
    let percent = row.number_or("tap_step_percent", 0.0);
    let degrees = row.number_or("tap_step_degree", 0.0);
    let sign = if lv_side { -1.0 } else { 1.0 };
    if row.flag("tap_dependency_table", false) {
        return None;
    }
    let kind = row.word("tap_changer_type").to_ascii_lowercase();
    let (ratio, ideal) = match named {
        true => (kind == "ratio" || kind == "symmetrical", kind == "ideal"),
        false => {
            let shifter = row.flag("tap_phase_shifter", false);
            (!shifter, shifter)
        }
    };
    if ratio {
        let du = steps * percent / 100.0;
        let (real, imaginary) = (
            1.0 + du * libm::cos(degrees.to_radians()),
            du * libm::sin(degrees.to_radians()),
        );
        let size = libm::hypot(real, imaginary);
        let shift_deg = libm::atan2(sign * imaginary, real).to_degrees();
        let (hv, lv) = if lv_side { (1.0, size) } else { (size, 1.0) };
        return Some(Tap { hv, lv, shift_deg });
    }
    if ideal {
        let shift_deg = match degrees == 0.0 {
            true => sign * 2.0 * libm::asin(steps * percent / 200.0).to_degrees(),
            false => sign * steps * degrees,
        };
        return Some(Tap {
            shift_deg,
            ..NO_TAP
        });
    }
    (!named || kind.is_empty() || steps == 0.0).then_some(NO_TAP)
}

impl Winding {
    /// x = x% / 100 · base / S_n · (V_n,lv / V_lv)², ratio = (V_n,hv / V_hv) / (V_n,lv / V_lv), with the tap in V_n.
    pub fn branch(&self, tap: &Tap, base_mva: f64, in_service: bool) -> Branch {
        let (hv_kv, lv_kv) = (self.vn_hv_kv * tap.hv, self.vn_lv_kv * tap.lv);
        let referred = (lv_kv / self.bus_lv_kv) * (lv_kv / self.bus_lv_kv);
        let per_unit =
            |percent: f64| percent / 100.0 * base_mva / self.sn_mva * referred / self.parallel;
        Branch {
            r_pu: per_unit(self.r_percent),
            tap: (hv_kv / self.bus_hv_kv) / (lv_kv / self.bus_lv_kv),
            shift_deg: self.shift_deg + tap.shift_deg,
            ..Branch::new(self.from, self.to, per_unit(self.x_percent), in_service)
        }
    }
}

/// The reactance of an impedance and its resistance, percent: √(z² − r²) with the sign of z.
pub(super) fn reactance(z_percent: f64, r_percent: f64) -> f64 {
    (z_percent * z_percent - r_percent * r_percent)
        .max(0.0)
        .sqrt()
        .copysign(z_percent)
}

/// Reactances, or resistances, in percent of the three windings of a star, each on the power of its winding, from those of the pairs
/// hv-mv, mv-lv and hv-lv, each on the smaller power of its pair.
pub(super) fn star(pairs_percent: [f64; 3], sn_mva: [f64; 3]) -> [f64; 3] {
    let ends = [(0, 1), (1, 2), (0, 2)];
    let mut per_mva = [0.0; 3];
    for (k, (a, b)) in ends.into_iter().enumerate() {
        per_mva[k] = pairs_percent[k] / sn_mva[a].min(sn_mva[b]);
    }
    let [hm, ml, hl] = per_mva;
    [
        0.5 * (hm + hl - ml) * sn_mva[0],
        0.5 * (ml + hm - hl) * sn_mva[1],
        0.5 * (hl + ml - hm) * sn_mva[2],
    ]
}
