//! What `npm run bench:equivalents` and `bench:draws` time: plain functions on numbers, one thing in hand at a time.

#![expect(
    unsafe_code,
    reason = "the names that JavaScript calls are not mangled"
)]

mod cases;
mod draws;

use std::cell::RefCell;

use cases::{Behind, Study};
use draws::{Draw, Draws};
use tandem::opt::{lp_file, simplex};
use tandem::scenario::{Document, gallery};

thread_local! {
    static BEHIND: RefCell<Option<Behind>> = const { RefCell::new(None) };
    static STUDY: RefCell<Option<Study>> = const { RefCell::new(None) };
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
    static DRAWS: RefCell<Option<Draws>> = const { RefCell::new(None) };
    static FILE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
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

/// Room for a file of so many bytes, to be filled before [`take_draws`].
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    FILE.set(vec![0; bytes]);
    FILE.with_borrow_mut(|file| file.as_mut_ptr())
}

/// Takes the file in the room, or, where that is the id of a preset, the preset; false where it has no dispatch.
#[unsafe(no_mangle)]
pub extern "C" fn take_draws(width: f64) -> bool {
    let document = FILE.with_borrow(|file| {
        let id = str::from_utf8(file).ok();
        match id.and_then(|id| gallery::document(id).ok()) {
            Some(document) => Some(document),
            None => Document::open_file(file).ok(),
        }
    });
    let draws = document.and_then(|document| Draws::new(&document, width));
    let found = draws.is_some();
    DRAWS.set(draws);
    found
}

fn draws<T>(work: impl FnOnce(&mut Draws) -> T) -> T {
    DRAWS.with_borrow_mut(|held| work(held.as_mut().expect("take_draws comes first")))
}

/// Takes so many draws in hand.
#[unsafe(no_mangle)]
pub extern "C" fn draw_ahead(count: usize) {
    draws(|draws| {
        let drawn: Vec<Draw> = (0..count).map(|_| draws.next()).collect();
        draws.hold(drawn);
    });
}

/// Clears the draws in hand by what is known; how many can be served.
#[unsafe(no_mangle)]
pub extern "C" fn clear_known() -> usize {
    draws(|draws| served(draws, usize::MAX, Draws::known))
}

/// Clears the first of the draws in hand by the full path; how many can be served.
#[unsafe(no_mangle)]
pub extern "C" fn clear_anew(most: usize) -> usize {
    draws(|draws| served(draws, most, Draws::anew))
}

fn served<T>(draws: &mut Draws, most: usize, clear: impl Fn(&Draws) -> Option<T>) -> usize {
    let count = draws.held().len().min(most);
    let answers = (0..count).filter(|&n| {
        draws.turn_to(n);
        clear(draws).is_some()
    });
    answers.count()
}

/// Cost of draw n by what is known, $/h; NaN where it cannot be served.
#[unsafe(no_mangle)]
pub extern "C" fn cost_of(n: usize) -> f64 {
    draws(|draws| {
        draws.turn_to(n);
        draws.known().map_or(f64::NAN, |found| draws.cost(&found))
    })
}

/// Writes the program of draw n, with the limits that any has met or with all; bytes of its text.
#[unsafe(no_mangle)]
pub extern "C" fn write_draw(n: usize, all: bool) -> usize {
    let model = draws(|draws| {
        draws.turn_to(n);
        match all {
            true => draws.with_all_limits(),
            false => draws.with_limits_met(),
        }
    });
    TEXT.set(model.map_or(String::new(), |model| lp_file::write(&model)));
    TEXT.with_borrow(String::len)
}
