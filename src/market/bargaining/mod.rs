//! ISO and DSOs: the plan of the day before, real time, and what cooperation is shared by.

pub mod product;
pub mod settle;
