//! A certificate of an answer, as a page that computes itself again and as JSON, of the same templates as the page makes
//! it (`docs/CERTIFICATES.md`).

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tandem::case::Problem;
use tandem::report::{Published, Report, Status};
use tandem::session::Session;

use super::Asked;
use super::scorm::filled;
use crate::{Stop, solved};

/// Stands in the place of the digest of a file while it is computed.
const EMPTY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Args)]
#[command(group(ArgGroup::new("file").required(true).multiple(true).args(["html", "json"])))]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The folder of a built page, whose program goes into the certificate
    #[arg(long, value_name = "DIST")]
    site: PathBuf,
    /// The page, which computes itself again in any browser
    #[arg(long, value_name = "FILE.html")]
    html: Option<PathBuf>,
    /// Scenario, digests and numbers alone
    #[arg(long, value_name = "FILE.json")]
    json: Option<PathBuf>,
}

pub(crate) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = solved(&arguments.asked)?;
    // In the units in which the page reads it, as its module computes it again.
    let report = session.report()?.read();
    let site = &arguments.site;
    let (name, module) = module(site, &session)?;
    let door = read(&site.join("pkg/tandem.js"))?;
    let named = json!({
        "name": name,
        "bytes": module.len(),
        "sha256": digest(&module),
        "door_sha256": digest(&door),
    });
    let certificate = certificate(&session, &report, named)?;
    let mut write = |path: &Path, text: &str| -> Result<(), Stop> {
        std::fs::write(path, text).map_err(|why| refused(&path.display().to_string(), why))?;
        let (shown, size) = (path.display(), text.len().div_ceil(1000));
        Ok(writeln!(out, "{shown}: {size} kB")?)
    };
    if let Some(path) = &arguments.json {
        write(path, &certificate)?;
    }
    if let Some(path) = &arguments.html {
        let packed = read(&site.join(format!("pkg/{name}_bg.wasm.gz")))?;
        write(path, &page(site, &certificate, &door, &packed)?)?;
    }
    Ok(report.status)
}

fn refused(field: &str, why: impl ToString) -> Stop {
    Stop::Input(vec![Problem::error(field, why.to_string())])
}

fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|why| refused(&path.display().to_string(), why))
}

/// Hexadecimal digits of SHA-256.
fn digest(bytes: &[u8]) -> String {
    let sum = Sha256::digest(bytes);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The module of the preset's mechanism where the site has it, else the whole.
fn module(site: &Path, session: &Session) -> Result<(String, Vec<u8>), Stop> {
    let scenario = session.scenario();
    let file = |name: &str| site.join(format!("pkg/{name}_bg.wasm"));
    let kind = scenario.mechanism.kind();
    let name = match !scenario.preset.is_empty() && file(kind).exists() {
        true => kind,
        false => "tandem",
    };
    Ok((name.to_string(), read(&file(name))?))
}

/// A number, or nothing where it is none.
fn finite(value: f64) -> Value {
    match value.is_finite() {
        true => json!(value),
        false => Value::Null,
    }
}

fn printed(one: &Published) -> Value {
    json!({
        "item": one.item,
        "printed": one.printed,
        "digits": one.digits,
        "unit": one.unit,
        "ours": one.ours,
        "verdict": one.verdict,
        "source": one.source,
    })
}

/// The text of a certificate, its digest in it.
fn certificate(session: &Session, report: &Report, module: Value) -> Result<String, Stop> {
    let scenario = session.document().to_json();
    let summary = report
        .summary
        .iter()
        .map(|one| json!({ "id": one.id, "name": one.name, "value": one.value, "unit": one.unit }));
    let solves = report.certificates.iter().map(|one| {
        json!({
            "solve": one.solve,
            "primal_residual": finite(one.primal_residual),
            "dual_residual": finite(one.dual_residual),
            "gap": finite(one.gap),
            "largest_violation": finite(one.largest_violation),
            "certified": one.certified,
        })
    });
    let value = json!({
        "tandem_certificate": 1,
        "title": report.title,
        "program": { "version": env!("CARGO_PKG_VERSION"), "module": module },
        "scenario_sha256": digest(scenario.as_bytes()),
        "scenario": scenario,
        "status": report.status,
        "summary": summary.collect::<Vec<_>>(),
        "certificates": solves.collect::<Vec<_>>(),
        "published": report.published.iter().map(printed).collect::<Vec<_>>(),
        "digest": EMPTY,
    });
    let text = serde_json::to_string_pretty(&value).map_err(std::io::Error::other)?;
    // No tag of a page begins in it.
    Ok(sealed(
        &format!("{}\n", text.replace('<', "\\u003c")),
        "\"digest\": \"",
    ))
}

/// A file with its digest in the place of the zeros after the last `mark`.
fn sealed(text: &str, mark: &str) -> String {
    let place = text.rfind(&format!("{mark}{EMPTY}"));
    let Some(at) = place.map(|at| at + mark.len()) else {
        return text.to_string();
    };
    format!(
        "{}{}{}",
        &text[..at],
        digest(text.as_bytes()),
        &text[at + EMPTY.len()..]
    )
}

/// The page, whose script computes everything again.
fn page(site: &Path, certificate: &str, door: &[u8], packed: &[u8]) -> Result<String, Stop> {
    let text = |name: &str| -> Result<String, Stop> {
        Ok(String::from_utf8_lossy(&read(&site.join("certify").join(name))?).into_owned())
    };
    let (template, verify) = (text("page.html")?, text("verify.js")?);
    let page = filled(template.trim_end(), |name| match name {
        "digest" => EMPTY.to_string(),
        "certificate" => certificate.to_string(),
        "door" => STANDARD.encode(door),
        "module" => STANDARD.encode(packed),
        "verify" => verify.trim().to_string(),
        _ => String::new(),
    });
    Ok(sealed(&page, "<meta name=\"tandem-digest\" content=\""))
}
