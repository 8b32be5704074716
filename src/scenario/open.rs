//! Whatever a user opens: links, scenarios, cases of this and of other programs.

use std::rc::Rc;

use super::document::Document;
use super::file::{self, Kind};
use super::link;
use crate::case::Problem;

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
            Kind::Json => Document::read_json(text),
            #[cfg(not(feature = "files"))]
            Kind::Matpower => Err(vec![super::no_files()]),
            #[cfg(feature = "files")]
            Kind::Matpower => {
                let case = crate::case::matpower::read(text)?;
                let value = serde_json::to_value(case).unwrap_or(serde_json::Value::Null);
                Document::read_value(super::document::around_case(value))
            }
            Kind::Link => link::decode(text),
        }
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
