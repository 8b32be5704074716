//! ISO and DSOs: the plan of the day before, real time, and what cooperation is shared by.

pub mod dso;
pub mod iso;
pub mod operation;
pub mod product;
pub mod roll;
pub mod settle;
pub mod system;
