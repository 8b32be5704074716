//! Communities with solar and batteries, and their LSE.


mod days;
mod import;
mod market;
