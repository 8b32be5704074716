//! The form of a session's document.

use serde_json::Value;

use super::Session;
use crate::case::Case;
use crate::inputs::{Fields, Section};
use crate::scenario::Document;

impl Session {
    /// The sections of the form, in the units they are read in.
    pub fn form(&self) -> Vec<Section> {
        self.shown(self.all_inputs())
    }

    /// [`Session::form`] for who has that of the document `before`: in tables of the case are the rows alone that are others
    /// (`Grid::places`). `None` where another preset or mechanism, or another input of it, may have made other columns of them.
    pub fn form_since(&self, before: &Document) -> Option<Vec<Section>> {
        let (own, known) = (self.scenario(), &before.scenario);
        let same = own.preset == known.preset && own.mechanism == known.mechanism;
        same.then(|| {
            let fields = self.fields().since(&known.case);
            self.shown(own.mechanism.inputs(&fields, &own.case))
        })
    }

    /// What of the inputs is in the form.
    fn shown(&self, mut sections: Vec<Section>) -> Vec<Section> {
        for section in &mut sections {
            section.fields.retain(|field| !field.hidden);
        }
        sections.retain(|section| !section.fields.is_empty() || section.table.is_some());
        let units = self.units();
        sections.into_iter().map(|s| s.read(&units)).collect()
    }

    /// The inputs with those that do not count now.
    pub fn all_inputs(&self) -> Vec<Section> {
        let scenario = self.scenario();
        scenario.mechanism.inputs(&self.fields(), &scenario.case)
    }

    fn fields(&self) -> Fields<'_> {
        fn of(document: &Document) -> (Value, &Case) {
            (document.without_case(), &document.scenario.case)
        }
        Fields::new(of(&self.document), self.document_of_preset().map(of))
    }
}
