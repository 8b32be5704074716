//! The lessons of the presets: a file each, as a teacher writes one. The terminal's program holds them; to that of the
//! page, which is to load fast, the page hands the one that it needs: `Session::learn`.

use super::{Lesson, LessonFile};
use crate::case::{Problem, json};

#[cfg(not(target_arch = "wasm32"))]
macro_rules! lessons {
    ($($id:literal),* $(,)?) => {
        /// Id of the preset and text of its lesson.
        const LESSONS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../lessons/", $id, ".json")))),*];
    };
}

#[cfg(not(target_arch = "wasm32"))]
lessons![
    "baran-wu-33",
    "baran-wu-33-flow",
    "baran-wu-69-flow",
    "chao-peck",
    "chao-peck-export",
    "khojasteh-k33",
    "khojasteh-k33-both-levels",
    "khojasteh-k33-cone",
    "khojasteh-k33-stage2",
    "khojasteh-k33-storage",
    "khojasteh-k33-truthful",
    "khojasteh-k33-tso-only",
    "khojasteh-k33-two-bsps",
    "lind-5bus",
    "mezghani-3node",
    "mezghani-block",
    "all-schemes",
    "mezghani-s1",
    "mezghani-s2",
    "mezghani-s3a",
    "mezghani-s3b",
    "mezghani-s4",
    "mezghani-s4-closed",
    "mezghani-s5",
    "mezghani-s5-balancing-price",
    "rsf-periods",
    "smartnet-denmark",
    "smartnet-italy1",
    "smartnet-italy2",
    "smartnet-mediumit",
    "smartnet-mediumit-nested",
    "theisen-base",
    "theisen-feeder-limit",
    "theisen-interval",
    "theisen-noise",
    "theisen-prices-to-devices",
    "theisen-reserve",
    "theisen-tariff",
    "theisen-thermal",
    "theisen-thread",
    "theisen-two-feeders",
    "theisen-voltages",
    "theisen-week",
    "triangle",
    "triangle-losses",
    "wang-congested",
    "wang-day",
    "wang-exchange",
    "wang-lmp-column",
    "wang-risk",
    "wang-storage",
    "wang-table2",
    "wang-telescoping",
    "wang-uncongested",
    "zuo-30bus",
    "zuo-30bus-average",
    "zuo-30bus-exact",
    "zuo-30bus-optimal",
    "zuo-30bus-proposed",
    "zuo-30bus-se",
    "zuo-30bus-unscheduled",
    "zuo-4node",
    "zuo-4node-average",
    "zuo-4node-block",
    "zuo-4node-exact",
    "zuo-4node-look-ahead",
    "zuo-4node-merit-order",
    "zuo-4node-optimal",
    "zuo-4node-se",
    "zuo-4node-smoothing",
    "zuo-4node-union-jack-calibrated-m3",
    "zuo-4node-union-jack-calibrated-m4",
    "zuo-4node-union-jack-calibrated-m5",
    "zuo-4node-union-jack-m3",
    "zuo-4node-union-jack-m4",
    "zuo-4node-union-jack-m5",
    "zuo-4node-unscheduled",
    "zuo-4node-weighted",
];

#[cfg(target_arch = "wasm32")]
const LESSONS: &[(&str, &str)] = &[];

/// The lesson of a preset; an empty one where it is not held.
///
/// # Errors
/// A file that does not read; the tests read every one.
pub fn lesson_of(id: &str) -> Result<Lesson, Problem> {
    let Some((_, text)) = LESSONS.iter().find(|(known, _)| *known == id) else {
        return Ok(Lesson::default());
    };
    Ok(read(text)?.lesson)
}

/// Reads the text of a lesson file.
///
/// # Errors
/// Text that is no JSON, and what [`LessonFile::read`] refuses.
pub fn read(text: &str) -> Result<LessonFile, Problem> {
    let fields = json::parse(text)?.as_object().cloned().unwrap_or_default();
    LessonFile::read(fields)
}
