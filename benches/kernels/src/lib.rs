//! What `npm run bench:equivalents` times: plain functions on numbers, one thing in hand at a time.

#![expect(
    unsafe_code,
    reason = "the names that JavaScript calls are not mangled"
)]

mod cases;

use std::cell::RefCell;

use cases::{Behind, Study};
use tandem::opt::simplex;

thread_local! {
    static BEHIND: RefCell<Option<Behind>> = const { RefCell::new(None) };
    static STUDY: RefCell<Option<Study>> = const { RefCell::new(None) };
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Presets by number.
const PRESETS: [&str; 2] = ["zuo-30bus-exact", "zuo-30bus-proposed"];

fn behind<T>(work: impl FnOnce(&Behind) -> T) -> T {
    BEHIND.with_borrow(|held| work(held.as_ref().expect("take_behind comes first")))
}

fn study<T>(work: impl FnOnce(&Study) -> T) -> T {
    STUDY.with_borrow(|held| work(held.as_ref().expect("take_ring or take_preset comes first")))
}

#[unsafe(no_mangle)]
pub extern "C" fn take_behind(ders: u32, lines: u32) {
    BEHIND.set(Some(Behind::new(ders as usize, lines as usize)));
}

/// Faces; −1 where there are too many rows.
#[unsafe(no_mangle)]
pub extern "C" fn project() -> f64 {
    behind(|b| b.project().map_or(-1.0, |shadow| shadow.faces.len() as f64))
}

/// Pieces; −1 where there are too many choices.
#[unsafe(no_mangle)]
pub extern "C" fn pieces() -> f64 {
    behind(|b| b.pieces().map_or(-1.0, |pieces| pieces.len() as f64))
}

/// How many points were asked for.
#[unsafe(no_mangle)]
pub extern "C" fn at_points() -> f64 {
    behind(|b| b.at_points() as f64)
}

#[unsafe(no_mangle)]
pub extern "C" fn take_ring(aggregators: u32, m: u32) {
    STUDY.set(Some(Study::ring(aggregators as usize, m)));
}

#[unsafe(no_mangle)]
pub extern "C" fn take_preset(number: u32) {
    STUDY.set(Some(Study::preset(PRESETS[number as usize])));
}

/// Clears the first interval; its objective.
#[unsafe(no_mangle)]
pub extern "C" fn interval() -> f64 {
    study(|s| s.objective(&s.interval()))
}

/// The whole run; how many intervals.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> f64 {
    study(|s| s.run() as f64)
}

/// The whole integer program by branch and bound; its objective.
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> f64 {
    let found = study(|s| simplex::solve(&s.model()));
    found.expect("an optimum").objective
}

/// Writes the interval's program; bytes of its text.
#[unsafe(no_mangle)]
pub extern "C" fn write_text() -> usize {
    TEXT.set(study(Study::text));
    TEXT.with_borrow(String::len)
}

/// Where the text begins.
#[unsafe(no_mangle)]
pub extern "C" fn text() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}
