//! Tandem: electricity-market coordination between transmission and distribution.
//!
//! Modules in layer order; each imports only from those above it. From a preset to a chart and a link:
//!
//! ```
//! use tandem::chart::{View, draw};
//! use tandem::session::Session;
//!
//! let mut session = Session::preset("zuo-4node")?;
//! session.set("case.branches.2-3.max_p_mw", "30")?;
//! session.solve()?;
//! let report = session.report()?;
//! let drawing = draw(&report, &report.charts[0].id, &View::default()).unwrap();
//! assert!(drawing.svg.starts_with("<svg"));
//! assert_eq!(session.link().fragment, "p=zuo-4node&v=1&case.branches.2-3.max_p_mw=30.0");
//! # Ok::<(), Vec<tandem::case::Problem>>(())
//! ```

mod sort;

pub mod opt;

pub mod case;
#[cfg(not(feature = "internals"))]
mod network;
#[cfg(feature = "internals")]
pub mod network;

pub mod report;

pub mod factors;

pub mod inputs;

pub mod market;

pub mod scenario;

#[cfg(feature = "across")]
mod across;

pub mod session;

pub mod run;
pub mod sweep;

pub mod map;

#[cfg(feature = "across")]
pub mod between;

pub mod chart;

#[cfg(feature = "files")]
pub mod questions;

#[cfg(not(target_arch = "wasm32"))]
pub mod schema;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
