//! What an owner expects of the TSO's market, where it offers at cost what the DSO's market leaves of its
//! capacity and the DSO forwards.
//!
//! ```text
//! max  Σ_own [(DLMP_k − c_k) u_k + (v_k − DLMP_k) w_k]  +  Σ_own (m^u_k x_k + m^d_k y_k)
//! m^u_k = ρ^u (π̂^u − c_k)^+,   m^d_k = ρ^d (v_k − π̂^d)^+
//! ```
//!
//! with the price π̂ that it expects there and the share ρ of a forwarded MW that it expects to be
//! activated. (x, y) is the DSO's answer in [stage two](super::forwarding), which is part of the owner's
//! problem by its own conditions of optimality:
//!
//! ```text
//! 0 ≤ U_k − u_k − x_k                       ⟂  σ^u_k ≥ 0       (down: W, w, y)
//! 0 ≤ x_k                                   ⟂  σ^u_k + Σ_{l: G_lk > 0} G_lk ν_l − ω^u_k ≥ 0
//! 0 ≤ h_l − Σ_k G_lk (u_k − w_k) + ζ_l − Σ_k max(G_lk x_k, −G_lk y_k)   ⟂  ν_l ≥ 0
//! ```
//!
//! All of it is linear, since every entry of G has one sign, what is left is linear in the activation and
//! ζ is the overload. Where no limit holds a resource back x = U − u, and then m only adds to its cost:
//! the *opportunity cost* c + m.
//!
//! **Bounds.** An optimal ν_l need not exceed the largest ω_k / |G_lk|, nor σ_k its ω_k.
//!
//! Of boxes of the same worth the DSO takes the one with more for this owner, by `FAVOUR`.
//!
//! Sections `[bsp]`(4.2) and (4.7) of the model notes.

use crate::market::Failure;

use super::super::params::BspBidding;
use super::clear::{Bids, Cleared};
use super::forwarding::{Forwarded, Worth, forward_by, worth};
use super::system::Hour;

/// What the owner's greatest margin adds to the DSO's worth of a MW, so that ties go its way.
const FAVOUR: f64 = 1e-4;

/// What an owner expects per forwarded MW, by resource, $ per MW and hour: 0 for those of others.
#[derive(Clone, Debug)]
pub struct Expected {
    pub up: Vec<f64>,
    pub down: Vec<f64>,
    /// Of a forwarded MW to the DSO.
    pub worth: Worth,
}

impl Expected {
    /// Of the resources marked; `None` where the owner looks at the DSO's market alone.
    pub fn new(hour: &Hour, params: &BspBidding, own: &[bool]) -> Option<Expected> {
        let market = params.tso_market?;
        let margins = |up: bool| -> Vec<f64> {
            let (sign, price, share) = match up {
                true => (1.0, market.up_price, market.up_share),
                false => (-1.0, market.down_price, market.down_share),
            };
            let all = own.iter().zip(hour.own_price(up));
            let margin = |cost: f64| share * (sign * (price * hour.day_ahead - cost)).max(0.0);
            all.map(|(own, cost)| if *own { margin(*cost) } else { 0.0 })
                .collect()
        };
        let (up, down) = (margins(true), margins(false));
        let most = up.iter().chain(&down).copied().fold(0.0, f64::max);
        let mut worth = worth(hour, &Bids::truthful(hour), params.weight);
        if most > 0.0 {
            let all = worth.up.iter_mut().zip(&up);
            let all = all.chain(worth.down.iter_mut().zip(&down));
            all.for_each(|(worth, margin)| *worth += FAVOUR * margin / most);
        }
        Some(Expected { up, down, worth })
    }

    /// Upwards or downwards.
    pub fn side(&self, up: bool) -> &[f64] {
        if up { &self.up } else { &self.down }
    }

    /// The period as the owner sees it: with opportunity costs.
    pub fn costed(&self, hour: &Hour) -> Hour {
        let mut costed = hour.clone();
        for k in 0..self.up.len() {
            costed.up_cost[k] += self.up[k];
            costed.down_value[k] -= self.down[k];
        }
        costed
    }

    /// Of what is forwarded, $ per hour.
    pub fn earned(&self, forwarded: &Forwarded) -> f64 {
        let sum = |margins: &[f64], mw: &[f64]| -> f64 {
            margins.iter().zip(mw).map(|(m, x)| m * x).sum()
        };
        sum(&self.up, &forwarded.up_mw) + sum(&self.down, &forwarded.down_mw)
    }

    /// Of what the DSO forwards after a cleared market, $ per hour.
    ///
    /// # Errors
    /// A sentence when the linear program fails.
    pub fn after(&self, hour: &Hour, cleared: &Cleared) -> Result<f64, Failure> {
        Ok(self.earned(&forward_by(hour, cleared, &self.worth)?))
    }
}
