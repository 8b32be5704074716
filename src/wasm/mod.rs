//! The browser door: a [`Session`] and the sheets that are drawn from it, under JavaScript's names. No
//! arithmetic here.
//!
//! Documents cross as JSON text, so that the page's copy is the same bytes the library reads; everything
//! else crosses as plain objects. A `Problem` ({message, field, problems}) is thrown where the library
//! returns problems.

mod packed;
mod sheet;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::case::Problem;
use crate::map;
use crate::report::map::Map;
use crate::scenario::{self, Document, gallery};
use crate::session;
use crate::sweep;
use sheet::Sheet;

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into())
    }));
}

fn object<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|e| JsValue::from_str(&e.to_string()))
}

/// What is large, by way of its JSON text, which the browser reads several times faster than it is told fields one by
/// one. A number that is none is then `null`.
fn large<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|e| JsValue::from_str(&e.to_string()))?;
    js_sys::JSON::parse(&text)
}

/// What is thrown.
#[derive(Serialize)]
struct Thrown<'a> {
    message: String,
    field: Option<&'a str>,
    problems: &'a [Problem],
}

fn thrown(problems: Vec<Problem>) -> JsValue {
    let errors: Vec<Problem> = problems.into_iter().filter(Problem::is_error).collect();
    let message = errors.first().map_or_else(
        || "the input could not be read".to_string(),
        |p| p.message.clone(),
    );
    let thrown = Thrown {
        message,
        field: errors.first().map(|p| p.field.as_str()),
        problems: &errors,
    };
    object(&thrown).unwrap_or_else(|e| e)
}

fn sentence(message: String) -> JsValue {
    thrown(vec![Problem::error("scenario", message)])
}

/// The menu: `[{id, group, title, question, text, thumbnail}]`.
#[wasm_bindgen]
pub fn gallery() -> Result<JsValue, JsValue> {
    object(&gallery::entries().map_err(thrown)?)
}

/// The version of the program.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// The name of this module.
#[wasm_bindgen]
pub fn module_name() -> String {
    // Each is a package of its own (`xtask/src/wasm.rs`).
    env!("CARGO_PKG_NAME").trim_start_matches("module_").into()
}

/// What of a certificate another computation does not confirm, in sentences; both are JSON text.
#[wasm_bindgen]
pub fn differences(certificate: &str, computed: &str) -> Result<Vec<String>, JsValue> {
    let value = |text: &str| serde_json::from_str(text).map_err(|e| sentence(e.to_string()));
    Ok(session::differences(
        &value(certificate)?,
        &value(computed)?,
    ))
}

/// The text of a file, whatever its encoding.
#[wasm_bindgen]
pub fn file_text(bytes: &[u8]) -> Result<String, JsValue> {
    let (text, _) = scenario::file_text(bytes).map_err(|p| thrown(vec![p]))?;
    Ok(text)
}

/// A file of a folder.
#[derive(Deserialize)]
struct NamedText {
    name: String,
    text: String,
}

/// A document with its outcome and the sheet of what is looked at.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    text: String,
    inner: Option<session::Session>,
    /// The document of the form that was handed over last.
    formed: Option<Document>,
    /// The text of the lesson handed over last.
    lesson: Option<String>,
    /// A sweep under way.
    exact: Option<sweep::Exact>,
    /// The map asked for last.
    mapped: Option<Map>,
}

#[wasm_bindgen]
impl Session {
    /// Nothing is loaded.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }

    /// The document that is loaded, as JSON text.
    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.text.clone()
    }

    /// Loads a document from JSON text that this program wrote; nothing where it is loaded.
    pub fn load(&mut self, text: &str) -> Result<(), JsValue> {
        if self.inner.is_none() || self.text != text {
            self.put(Document::from_json(text).map_err(thrown)?);
            self.text = text.into();
        }
        Ok(())
    }

    /// Takes the text of a preset's lesson; it is told with that preset from now on.
    pub fn learn(&mut self, text: &str) -> Result<(), JsValue> {
        self.lesson = Some(text.into());
        match &mut self.inner {
            Some(inner) => inner.learn(text).map_err(thrown),
            None => Ok(()),
        }
    }

    /// Loads a preset.
    pub fn preset(&mut self, id: &str) -> Result<String, JsValue> {
        Ok(self.put(gallery::document(id).map_err(thrown)?))
    }

    /// Loads a link's fragment, or the text of a file.
    pub fn open(&mut self, text: &str) -> Result<String, JsValue> {
        Ok(self.put(Document::open(text).map_err(thrown)?))
    }

    /// Loads a file.
    pub fn open_file(&mut self, bytes: &[u8]) -> Result<String, JsValue> {
        Ok(self.put(Document::open_file(bytes).map_err(thrown)?))
    }

    /// Loads a folder of CSV files; `files` is JSON, `[{name, text}]`.
    pub fn open_folder(&mut self, files: &str) -> Result<String, JsValue> {
        let files: Vec<NamedText> =
            serde_json::from_str(files).map_err(|e| sentence(e.to_string()))?;
        let files: Vec<(String, String)> = files.into_iter().map(|f| (f.name, f.text)).collect();
        Ok(self.put(Document::open_folder(&files).map_err(thrown)?))
    }

    /// Loads the MATPOWER case file that was made of a file in another format; `told` is JSON, the report of the import.
    pub fn open_converted(&mut self, text: &str, told: &str) -> Result<String, JsValue> {
        if !cfg!(feature = "files") {
            // Refused, as any MATPOWER file.
            return self.open(text);
        }
        let told = serde_json::from_str(told).map_err(|e| sentence(e.to_string()))?;
        let document = Document::read_converted(text, told).map_err(thrown)?;
        Ok(self.put(document.checked().map_err(thrown)?))
    }

    /// Puts the series of a CSV file in place of those of one community; what became of the file.
    pub fn import_series(
        &mut self,
        text: &str,
        community: &str,
        offset: &str,
    ) -> Result<JsValue, JsValue> {
        let document = self.loaded()?.document();
        let (changed, import) =
            scenario::import_series(document, text, community, offset).map_err(thrown)?;
        self.put(changed);
        object(&import)
    }

    fn put(&mut self, document: Document) -> String {
        self.text = document.to_json();
        match &mut self.inner {
            Some(inner) => inner.load(document),
            None => {
                let mut inner = session::Session::new(document);
                if let Some(text) = &self.lesson {
                    // A lesson that does not read leaves the scenario without one.
                    let _ = inner.learn(text);
                }
                self.inner = Some(inner);
            }
        }
        self.text.clone()
    }

    fn loaded(&mut self) -> Result<&mut session::Session, JsValue> {
        let inner = self.inner.as_mut();
        inner.ok_or_else(|| sentence("No scenario is loaded.".into()))
    }

    /// Changes one field of the question or of the view and checks it; `value` is JSON, or a string.
    pub fn set(&mut self, field: &str, value: &str) -> Result<String, JsValue> {
        let inner = self.loaded()?;
        inner.set(field, value).map_err(thrown)?;
        self.text = inner.document().to_json();
        Ok(self.text.clone())
    }

    /// Changes several fields and checks once all are; `changes` is JSON, `[[field, value]]`, values as for `set`.
    pub fn set_each(&mut self, changes: &str) -> Result<String, JsValue> {
        let changes: Vec<(String, String)> =
            serde_json::from_str(changes).map_err(|e| sentence(e.to_string()))?;
        let inner = self.loaded()?;
        inner.set_each(&changes).map_err(thrown)?;
        self.text = inner.document().to_json();
        Ok(self.text.clone())
    }

    /// The sections of the form.
    pub fn form(&mut self) -> Result<JsValue, JsValue> {
        let inner = self.loaded()?;
        let (document, form) = (inner.document().clone(), inner.form());
        self.formed = Some(document);
        large(&form)
    }

    /// The sections of the form, where tables hold the rows alone that differ from the form handed over last and say which
    /// they are (`places`); null where that form is of other things.
    pub fn form_changes(&mut self) -> Result<JsValue, JsValue> {
        let before = self.formed.take();
        let inner = self.loaded()?;
        let form = before.and_then(|before| inner.form_since(&before));
        let document = inner.document().clone();
        self.formed = form.is_some().then_some(document);
        large(&form)
    }

    /// `{fragment, short}`: the shortest link.
    pub fn link(&mut self) -> Result<JsValue, JsValue> {
        object(&self.loaded()?.link())
    }

    /// Pieces of the work that several workers can share, `{name, count}`, or null.
    pub fn pieces(&mut self) -> Result<JsValue, JsValue> {
        object(&self.loaded()?.pieces())
    }

    /// Piece `k` of the work, as text.
    pub fn piece(&mut self, k: usize) -> Result<String, JsValue> {
        self.loaded()?.piece(k).map_err(thrown)
    }

    /// Whether the question is solved.
    pub fn is_solved(&mut self) -> Result<bool, JsValue> {
        Ok(self.loaded()?.is_solved())
    }

    /// Solves the question with pieces made elsewhere, none for all in one go; nothing where it is solved.
    pub fn solve(&mut self, pieces: Vec<String>) -> Result<(), JsValue> {
        self.loaded()?.solve_with(&pieces).map_err(thrown)
    }

    /// The report of what is looked at; solves nothing.
    pub fn sheet(&mut self) -> Result<Sheet, JsValue> {
        Ok(Sheet(self.loaded()?.report().map_err(thrown)?.read()))
    }

    /// The same in the units of the system, as `tandem run --json` writes it.
    #[cfg(feature = "files")]
    pub fn written(&mut self) -> Result<Sheet, JsValue> {
        Ok(Sheet(self.loaded()?.report().map_err(thrown)?))
    }

    /// What a certificate says of the answer, but for the files of the program and the digests, as JSON text.
    pub fn stated(&mut self) -> Result<String, JsValue> {
        Ok(self.loaded()?.stated().map_err(thrown)?.to_string())
    }

    /// The module that has all this scenario needs.
    pub fn module(&mut self) -> Result<String, JsValue> {
        Ok(self.loaded()?.module().into())
    }

    /// What is wrong with the lesson, `[Problem]`; the question is solved.
    pub fn lesson_problems(&mut self) -> Result<JsValue, JsValue> {
        object(&self.loaded()?.lesson_problems().map_err(thrown)?)
    }

    /// The report as the mechanism writes it, for [`Session::given`].
    #[cfg(feature = "ahead")]
    pub fn bare(&mut self) -> Result<Sheet, JsValue> {
        Ok(Sheet(self.loaded()?.bare_report().map_err(thrown)?))
    }

    /// The report of a question that was answered elsewhere, from the JSON text of a [`Session::bare`] one.
    #[cfg(feature = "ahead")]
    pub fn given(&mut self, bare: &str) -> Result<Sheet, JsValue> {
        use crate::case::json;
        let bare = json::parse(bare).and_then(|value| json::typed(value, "report"));
        let bare = bare.map_err(|p| thrown(vec![p]))?;
        Ok(Sheet(self.loaded()?.given(bare).map_err(thrown)?.read()))
    }

    /// The AC power flow of the feeders of the case as a document of its own.
    pub fn power_flow(&mut self) -> Result<String, JsValue> {
        let document = self.loaded()?.document();
        Ok(document.power_flow().map_err(thrown)?.to_json())
    }

    /// The question of the preset with its answer, or null.
    pub fn task(&mut self) -> Result<JsValue, JsValue> {
        object(&self.loaded()?.task())
    }

    /// What holds at a point of the plane a chart's `probe` key stands for: `{inside, sentence, table}`.
    pub fn probe(&mut self, key: &str, x: f64, y: f64) -> Result<JsValue, JsValue> {
        let inner = self.loaded()?;
        inner.solve().map_err(thrown)?;
        object(&inner.probe(key, x, y).map_err(thrown)?)
    }

    /// Why the number of a subject (`{kind, id}` as JSON) is what it is in one step (from 1).
    pub fn explain(&mut self, subject: &str, step: usize) -> Result<JsValue, JsValue> {
        let subject = serde_json::from_str(subject).map_err(|e| sentence(e.to_string()))?;
        let inner = self.loaded()?;
        inner.solve().map_err(thrown)?;
        let explained = inner.explain(&subject, step).map_err(thrown)?;
        object(&explained.read(&inner.units()))
    }

    /// Shift factors and outage factors of the transmission network, as two tables.
    #[cfg(feature = "files")]
    pub fn factors(&mut self) -> Result<JsValue, JsValue> {
        let tables = crate::factors::tables(&self.loaded()?.document().case, None);
        object(&tables.map_err(thrown)?)
    }

    /// The ways to look at the grid of the document: `[{id, name, adds, lacks, parts}]`.
    #[cfg(feature = "files")]
    pub fn ways(&mut self) -> Result<JsValue, JsValue> {
        object(&scenario::look::ways(self.loaded()?.document()))
    }

    /// The grid of the document in another market, as a document of its own; `parts` of it are feeders.
    #[cfg(feature = "files")]
    pub fn look_as(&mut self, way: &str, parts: Vec<String>) -> Result<String, JsValue> {
        let looked = scenario::look::look_as(self.loaded()?.document(), way, &parts);
        Ok(looked.map_err(thrown)?.to_json())
    }

    /// What the loss of each line would do to the flows of one step (from 1), as a table.
    #[cfg(feature = "files")]
    pub fn outages(&mut self, step: usize) -> Result<JsValue, JsValue> {
        let inner = self.loaded()?;
        inner.solve().map_err(thrown)?;
        object(&crate::run::outages(inner, step).map_err(thrown)?)
    }

    /// Questions of the scenario as a file, `{name, bytes, said, questions}`; `format` as
    /// [`crate::questions::Format`], `ask` a [`crate::questions::Ask`] as JSON, which a preview shows the first of.
    #[cfg(feature = "files")]
    pub fn questions(&mut self, format: &str, ask: &str) -> Result<JsValue, JsValue> {
        use crate::questions;
        let format = serde_json::from_value(format.into()).map_err(|e| sentence(e.to_string()))?;
        let ask = serde_json::from_str(ask).map_err(|e| sentence(e.to_string()))?;
        let bank = questions::bank(self.loaded()?.document(), &ask).map_err(thrown)?;
        let (name, bytes) = bank.packed(format);
        let made = js_sys::Object::new();
        let put = |key: &str, value: JsValue| js_sys::Reflect::set(&made, &key.into(), &value);
        put("name", name.into())?;
        put("bytes", js_sys::Uint8Array::from(bytes.as_slice()).into())?;
        put("said", bank.said().into())?;
        put("questions", object(&bank.preview())?)?;
        Ok(made.into())
    }

    /// The program of one step (from 1) as an LP file with named rows.
    pub fn lp_file(&mut self, step: usize) -> Result<String, JsValue> {
        self.loaded()?.lp_file(step).map_err(thrown)
    }

    /// Every method on the same case side by side.
    pub fn compare(&mut self) -> Result<Sheet, JsValue> {
        Ok(Sheet(self.loaded()?.compare().map_err(thrown)?.read()))
    }

    /// What lies between two documents, the second one that on screen.
    #[cfg(feature = "across")]
    pub fn between(&self, a: &str, b: &str) -> Result<Sheet, JsValue> {
        let read = |text: &str| Document::from_json(text).map_err(thrown);
        let report = crate::between::between(&read(a)?, &read(b)?).map_err(thrown)?;
        Ok(Sheet(report.read()))
    }

    /// Begins a sweep of a document, `ask` a [`sweep::Ask`]. It leaves its last value behind.
    pub fn sweep_begin(&mut self, text: &str, ask: JsValue) -> Result<(), JsValue> {
        let ask: sweep::Ask =
            serde_wasm_bindgen::from_value(ask).map_err(|e| sentence(e.to_string()))?;
        let document = Document::from_json(text).map_err(thrown)?;
        if self.inner.is_none() {
            self.inner = Some(session::Session::new(document.clone()));
        }
        self.exact = Some(sweep::Exact::new(document, ask));
        Ok(())
    }

    /// Solves the next value of the sweep: `{point, solves, sampled, done, refused}`.
    pub fn sweep_step(&mut self) -> Result<JsValue, JsValue> {
        self.text.clear();
        let (Some(exact), Some(inner)) = (&mut self.exact, &mut self.inner) else {
            return Err(sentence("There is nothing to sweep.".into()));
        };
        let point = exact.step(inner);
        let refused = exact.refused().and_then(<[Problem]>::first);
        object(&Stepped {
            solves: exact.solves(),
            sampled: exact.is_sampled(),
            done: point.is_none(),
            point,
            refused: refused.map(|problem| problem.message.as_str()),
        })
    }

    /// What the sweep has found so far, a [`sweep::Swept`].
    pub fn sweep_found(&self) -> Result<JsValue, JsValue> {
        let exact = self.exact.as_ref();
        let exact = exact.ok_or_else(|| sentence("There is nothing to sweep.".into()))?;
        object(&exact.found())
    }

    /// A [`sweep::Swept`] with its charts.
    pub fn sweep(&mut self, field: &str, swept: JsValue) -> Result<Sheet, JsValue> {
        let swept: sweep::Swept =
            serde_wasm_bindgen::from_value(swept).map_err(|e| sentence(e.to_string()))?;
        Ok(Sheet(sweep::report(self.loaded()?, field, &swept)))
    }

    /// All regions of one step's program over two fields, with the chart `map`; `asked` is JSON, `{x: {field, from, to}, y,
    /// bus, step}`.
    pub fn map(&mut self, asked: &str) -> Result<Sheet, JsValue> {
        let asked = serde_json::from_str(asked).map_err(|e| sentence(e.to_string()))?;
        let map = map::map(self.loaded()?, &asked).map_err(thrown)?;
        let sheet = Sheet(map.report.clone().read());
        self.mapped = Some(map);
        Ok(sheet)
    }

    /// What holds at a point of the map asked for last: `{inside, sentence, table}`.
    pub fn map_probe(&mut self, x: f64, y: f64) -> Result<JsValue, JsValue> {
        match &self.mapped {
            Some(map) => object(&map.probe((x, y))),
            None => Err(sentence("There is no map yet.".into())),
        }
    }
}

/// How far a sweep is.
#[derive(Serialize)]
struct Stepped<'a> {
    point: Option<sweep::Point>,
    solves: usize,
    /// Every evenly spaced value is solved.
    sampled: bool,
    done: bool,
    /// Why the first value without an answer has none.
    refused: Option<&'a str>,
}
