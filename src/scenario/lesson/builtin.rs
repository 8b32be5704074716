//! The lessons of the presets: a file each, as a teacher writes one. The terminal's program holds them; to that of the
//! page, which is to load fast, the page hands the one that it opens.

use super::{Lesson, LessonFile};
use crate::case::{Problem, json};

/// The lesson of a preset; an empty one where none is known.
///
/// # Errors
/// A file that does not read; the tests read every one.
pub fn lesson_of(id: &str) -> Result<Lesson, Problem> {
    let Some(text) = known::text_of(id) else {
        return Ok(Lesson::default());
    };
    let fields = json::parse(text.as_ref())?
        .as_object()
        .cloned()
        .unwrap_or_default();
    Ok(LessonFile::read(fields)?.lesson)
}

#[cfg(target_arch = "wasm32")]
pub use known::learn;

#[cfg(target_arch = "wasm32")]
mod known {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    thread_local! {
        static LESSONS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    }

    /// Takes the text of a preset's lesson.
    pub fn learn(id: &str, text: &str) {
        LESSONS.with_borrow_mut(|known| known.insert(id.into(), text.into()));
    }

    pub fn text_of(id: &str) -> Option<String> {
        LESSONS.with_borrow(|known| known.get(id).cloned())
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod known {
    macro_rules! lessons {
        ($($id:literal),* $(,)?) => {
            /// Id of the preset and text of its lesson.
            const LESSONS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../lessons/", $id, ".json")))),*];
        };
    }

    lessons!["zuo-4node"];

    pub fn text_of(id: &str) -> Option<&'static str> {
        let found = LESSONS.iter().find(|(known, _)| *known == id);
        found.map(|(_, text)| *text)
    }
}
