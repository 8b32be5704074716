//! The lessons of the presets: a file each, as a teacher writes one.

use super::{Lesson, LessonFile};
use crate::case::{Problem, json};

macro_rules! lessons {
    ($($id:literal),* $(,)?) => {
        /// Id of the preset and text of its lesson.
        const LESSONS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../lessons/", $id, ".json")))),*];
    };
}

lessons!["zuo-4node"];

/// The lesson of a preset; an empty one where it has none.
///
/// # Errors
/// A file that does not read; the tests read every one.
pub fn lesson_of(id: &str) -> Result<Lesson, Problem> {
    let Some((_, text)) = LESSONS.iter().find(|(known, _)| *known == id) else {
        return Ok(Lesson::default());
    };
    let fields = json::parse(text)?.as_object().cloned().unwrap_or_default();
    Ok(LessonFile::read(fields)?.lesson)
}
