//! ISO and DSOs: the plan of the day before, real time, and what cooperation is shared by.
//!
//! Wang, Sun, Liu, Tan, Tsang, *Real-time Market-based Coordination Mechanism for Transmission and
//! Distribution Networks*, SmartGridComm 2017: `[wang2017]`; numbers in brackets after the tag are
//! those of the model notes in `EQUATIONS.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | g, ĝ | `output_mw`, `Reserved::p_mw` | MW | generator × slot |
//! | d, d̂ | `import_mw`, `Plan::import_mw` | MW | DSO × slot |
//! | π, π̂ | `lmp`, `Reserved::usd_per_mwh` | $/MWh | slot × bus, generator × slot |
//! | P̃, p̃ | `System::known_mw` | MW | profile × slot |
//! | U^m_co, U^m_non | `Given::utility_co_usd`, `utility_non_usd` | $ | DSO × slot |
//! | G_co, G_non | `Given::cost_co_usd`, `cost_non_usd` | $ | slot |
//! | S′ | `Gains::surplus_usd` | $ | slot |
//! | b, c | `Settlement::payments_usd`, `charge_usd` | $ | DSO × slot, slot |
//! | α | `Run::powers` | 1 | player |

mod answer;
mod beside;
mod charts;
pub mod coalitions;
pub mod decompose;
pub mod dso;
mod explorer;
pub mod game;
pub mod iso;
mod known;
mod ledger;
mod limits;
pub mod misreport;
pub mod operation;
mod params;
mod parts;
pub mod product;
pub mod roll;
mod series;
pub mod settle;
mod summary;
pub mod system;
mod tables;
mod tied;
pub mod ties;
mod validate;

pub use answer::{Roll, compare, run, run_with};
pub use explorer::probe;
pub use params::{Bargaining, Disagreement, Given, Misreport, Power, Rule, Wish};
pub use parts::{part, parts, run_with_parts};
pub use validate::validate;
