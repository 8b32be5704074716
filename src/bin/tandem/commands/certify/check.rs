//! Whether a certificate holds: everything of it computed again, here.

use std::io::Write;
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use tandem::market::WHOLE;
use tandem::report::Status;
use tandem::scenario::Document;
use tandem::session::{Session, differences};

use super::{EMPTY, IN_JSON, IN_PAGE, certificate, named, place, read, refused, sealed};
use crate::{Stop, watched};

pub(super) fn execute(path: &Path, out: &mut impl Write) -> Result<Status, Stop> {
    let field = path.display().to_string();
    let no = |why: &str| refused(&field, format!("This is no certificate: {why}."));
    let file = String::from_utf8(read(path)?).map_err(|_| no("it is no text"))?;
    let is_page = file.trim_start().starts_with('<');
    let own = match is_page {
        true => part(&file, "certificate").ok_or_else(|| no("the page holds none"))?,
        false => &file,
    };
    let said: Value = serde_json::from_str(own).map_err(|why| no(&why.to_string()))?;
    let scenario = said["scenario"].as_str();
    let scenario = scenario.ok_or_else(|| no("it names no scenario"))?;

    let mut wrong = Vec::new();
    if is_page && !is_sealed(&file, IN_PAGE) {
        wrong.push("A byte of the page is not as it was written.".to_string());
    }
    if !is_sealed(own, IN_JSON) {
        wrong.push("A byte of the certificate is not as it was written.".to_string());
    }
    let mut session = Session::new(Document::open(scenario)?);
    watched(&mut session, Session::solve)?;
    let stated = &said["program"]["module"];
    let name = stated["name"].as_str().filter(|name| *name == WHOLE);
    let name = name.unwrap_or(session.module());
    let module = match is_page {
        true => match program(&file) {
            Some((module, door)) => named(name, &module, &door),
            None => {
                wrong.push("The program in the page is damaged.".into());
                stated.clone()
            }
        },
        false => stated.clone(),
    };
    let computed = certificate(&session, module)?;
    wrong.extend(differences(&said, &Value::Object(computed)));

    for one in &wrong {
        writeln!(out, "✗ {one}")?;
    }
    if !wrong.is_empty() {
        writeln!(out, "✗ It does not hold.")?;
        out.flush()?;
        return Err(Stop::Unlike);
    }
    writeln!(
        out,
        "✓ It holds: every byte is as it was written, and all that it says comes out again."
    )?;
    writeln!(
        out,
        "Computed by this program. Not judged: {}.",
        match is_page {
            true => "the script of the page, and what the module in it computes",
            false => "the module that it names, which is not in the file",
        }
    )?;
    Ok(Status::Solved)
}

/// Whether the digest after a mark is that of the file.
fn is_sealed(text: &str, mark: &str) -> bool {
    let split = place(text, mark).and_then(|at| Some((&text[..at], text.get(at + EMPTY.len()..)?)));
    split.is_some_and(|(before, after)| sealed(&format!("{before}{EMPTY}{after}"), mark) == text)
}

/// The text of a script in a page.
fn part<'a>(page: &'a str, id: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!(" id=\"{id}\">"))?;
    Some(rest.split_once("</script>")?.0)
}

/// Module and door in a page.
fn program(page: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let bytes = |id| STANDARD.decode(part(page, id)?).ok();
    let packed = bytes("module")?;
    // gzip without extra fields: ten bytes before what is packed.
    let packed = packed.strip_prefix(b"\x1f\x8b\x08\x00")?.get(6..)?;
    let module = miniz_oxide::inflate::decompress_to_vec(packed).ok()?;
    Some((module, bytes("door")?))
}
