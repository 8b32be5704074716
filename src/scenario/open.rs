//! Whatever a user opens: links, scenarios, cases of this and of other programs.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::document::Document;
use super::file::{self, Kind};
use super::lesson::LessonFile;
use super::{gallery, link};
use crate::case::{Import, Problem, json};

impl Document {
    /// Reads whatever a user opens: a link or its fragment, a scenario, a bare case, or a MATPOWER
    /// case file; which of them is told by the text.
    ///
    /// # Errors
    /// As [`Document::from_json`] and [`link::decode`]; a file of another kind by its name.
    pub fn open(text: &str) -> Result<Document, Vec<Problem>> {
        Document::read(text)?.checked()
    }

    /// [`Document::open`] of what is still to be changed: what a change may cure is not checked.
    ///
    /// # Errors
    /// Text that is no scenario.
    pub fn read(text: &str) -> Result<Document, Vec<Problem>> {
        let text = text.trim_start_matches('\u{feff}').trim();
        match file::kind(text).map_err(|problem| vec![problem])? {
            Kind::Json => match lesson_file(text) {
                Some(fields) => Document::read_lesson(fields),
                None => Document::read_json(text),
            },
            #[cfg(not(feature = "files"))]
            Kind::Matpower => Err(vec![super::no_files()]),
            #[cfg(feature = "files")]
            Kind::Matpower => {
                let case = crate::case::matpower::read(text)?;
                let value = serde_json::to_value(case).unwrap_or(Value::Null);
                Document::read_value(super::document::around_case(value))
            }
            Kind::Link => link::decode(text),
        }
    }

    /// Reads the MATPOWER case file that was made of a file in another format; `told` says what that was and what the way
    /// did, and becomes part of the report of the import.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_converted(text: &str, told: Import) -> Result<Document, Vec<Problem>> {
        let mut document = Document::read(text).map_err(|mut problems| {
            for problem in &mut problems {
                if problem.field.starts_with("line ") {
                    problem.field.push_str(" of its MATPOWER form");
                }
            }
            problems
        })?;
        let case = &mut Rc::make_mut(&mut document.scenario).case;
        case.source = format!("{} {}.", told.format, case.name);
        let own = case.import.take().unwrap_or_default();
        case.import = Some(told.before(own));
        Ok(document)
    }

    /// A lesson file: the scenario that it names, with the lesson around it.
    fn read_lesson(fields: Map<String, Value>) -> Result<Document, Vec<Problem>> {
        let file = LessonFile::read(fields).map_err(|problem| vec![problem])?;
        let mut document = match &file.scenario {
            Value::String(text) if text.contains('=') => link::decode(text)?,
            Value::String(id) => gallery::document(id)?,
            scenario => Document::read_value(scenario.clone())?,
        };
        if !file.title.is_empty() {
            Rc::make_mut(&mut document.scenario).title = file.title;
        }
        document.lesson = Some(Rc::new(file.lesson));
        Ok(document)
    }

    /// Reads a file as [`Document::open`] does its text. Text in no Unicode is read as Latin-1, which
    /// the report of the import then says.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn open_file(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
        Document::read_file(bytes)?.checked()
    }

    /// [`Document::open_file`] without the checks, as [`Document::read`].
    ///
    /// # Errors
    /// A file that is no scenario.
    pub fn read_file(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
        let (text, latin_1) = file::text(bytes).map_err(|problem| vec![problem])?;
        let mut document = Document::read(&text)?;
        if latin_1 {
            let case = &mut Rc::make_mut(&mut document.scenario).case;
            case.import
                .get_or_insert_default()
                .assumed
                .push("The text is no Unicode (UTF-8 or UTF-16); it was read as Latin-1.".into());
        }
        Ok(document)
    }
}

/// The fields of a lesson file; `None` for any other text.
fn lesson_file(text: &str) -> Option<Map<String, Value>> {
    // Scenarios may be long: most texts need not be read twice.
    let value = text
        .contains("\"lesson\"")
        .then(|| json::parse(text).ok())??;
    match value {
        Value::Object(fields) if LessonFile::is(&fields) => Some(fields),
        _ => None,
    }
}
