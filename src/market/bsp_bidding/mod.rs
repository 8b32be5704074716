//! Strategic bids of balancing service providers (BSP) in the balancing market of a DSO, and what of
//! the rest the TSO may use.
//!
//! After Khojasteh, Faria, Lezama, Vale, *A hierarchy model to use local resources by DSO and TSO in
//! the balancing market*, Energy, 2023, of which the project holds the abstract only: `[bsp]` marks
//! the sections of the project's own model notes.
//!
//! The market of one period, with the TSO's market as the outside option, and its duals:
//!
//! ```text
//! min  Σ_k (α_k u_k − β_k w_k) + π^u r − π^d s + V Σ_l ζ_l
//!      Σ_k (u_k − w_k) + r − s = δ                     ↔ λ
//!      Σ_k G_lk (u_k − w_k) − ζ_l ≤ h_l                ↔ μ_l ≥ 0
//!      0 ≤ u_k ≤ U_k,  0 ≤ w_k ≤ W_k                   ↔ ū, u̲, w̄, w̲ ≥ 0
//! DLMP_k = λ − Σ_l G_lk μ_l
//! ```
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | u, w | `Cleared::up_mw`, `down_mw` | MW | resource |
//! | α, β | `Bids::up`, `Bids::down` | $/MWh | resource |
//! | c^u, c^w | `Hour::up_cost`, `down_value` | $/MWh | resource |
//! | π^u, π^d | `Hour::tso_up`, `tso_down` | $/MWh | |
//! | δ | `Hour::imbalance_mw` | MW, a shortage is positive | |
//! | G, h | `Limit::g`, `Limit::h_mw` | 1, MW | row × resource, row |
//! | λ, μ | `Cleared::lambda`, `Cleared::mu` | $/MWh | , row |
//! | V | `Hour::overload` | $/MWh | |

mod answer;
pub mod branch;
mod charts;
pub mod clear;
pub mod enumerate;
pub mod game;
pub mod handover;
pub mod kkt;
mod landscape;
mod ledger;
pub mod milp;
pub mod network;
pub mod outcome;
mod params;
pub mod safety;
pub mod schemes;
pub mod second;
mod series;
pub mod strategy;
mod summary;
pub mod system;
mod tables;
mod validate;

pub use answer::{lp_file, probe, run};
pub use params::{Behaviour, BspBidding, Method, Monitoring, OwnBid, Settlement, Weight};
pub use validate::validate;
