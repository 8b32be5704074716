//! A certificate of an answer, as a page that computes itself again and as JSON, of the same templates as the page makes
//! it (`docs/CERTIFICATES.md`); and whether one holds.

mod check;

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::{ArgGroup, Args};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tandem::case::Problem;
use tandem::market::WHOLE;
use tandem::report::Status;
use tandem::session::Session;

use super::Asked;
use super::scorm::filled;
use crate::{Stop, solved};

/// Stands in the place of the digest of a file while it is computed.
const EMPTY: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What stands before the digest of a certificate, and before that of a page.
const IN_JSON: &str = "\"digest\": \"";
const IN_PAGE: &str = "<meta name=\"tandem-digest\" content=\"";

#[derive(Args)]
#[command(group(ArgGroup::new("file").required(true).multiple(true).args(["html", "json", "check"])))]
pub(crate) struct Arguments {
    #[arg(required_unless_present = "check")]
    scenario: Option<String>,
    /// Change a field, e.g. --set case.branches.2-3.max_p_mw=10.5
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The folder of a built page, whose program goes into the certificate
    #[arg(long, value_name = "DIST", required_unless_present = "check")]
    site: Option<PathBuf>,
    /// The page, which computes itself again in any browser
    #[arg(long, value_name = "FILE.html")]
    html: Option<PathBuf>,
    /// Scenario, digests and numbers alone
    #[arg(long, value_name = "FILE.json")]
    json: Option<PathBuf>,
    /// Compute a certificate (page or JSON) again here, and say whether it holds: exit code 0 if so, 3 if not
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "set", "site", "html", "json"])]
    check: Option<PathBuf>,
}

pub(crate) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    if let Some(file) = &arguments.check {
        return check::execute(file, out);
    }
    let asked = Asked {
        scenario: arguments.scenario.clone().unwrap_or_default(),
        set: arguments.set.clone(),
    };
    let session = solved(&asked)?;
    let site = arguments.site.as_deref().unwrap_or(Path::new(""));
    let file = |name: &str| site.join(format!("pkg/{name}_bg.wasm"));
    // A site may have the whole alone.
    let name = Some(session.module()).filter(|name| file(name).exists());
    let name = name.unwrap_or(WHOLE);
    let module = read(&file(name))?;
    let door = read(&site.join("pkg/tandem.js"))?;
    let certificate = text(&certificate(&session, named(name, &module, &door))?)?;
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
    Ok(session.report()?.status)
}

fn refused(field: &str, why: impl ToString) -> Stop {
    Stop::Input(vec![Problem::error(field, why.to_string())])
}

fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|why| refused(&path.display().to_string(), why))
}

/// Hexadecimal digits of SHA-256.
pub(super) fn digest(bytes: &[u8]) -> String {
    let sum = Sha256::digest(bytes);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A module as certificates name it.
fn named(name: &str, module: &[u8], door: &[u8]) -> Value {
    json!({
        "name": name,
        "bytes": module.len(),
        "sha256": digest(module),
        "door_sha256": digest(door),
    })
}

/// What a certificate holds, with the place of its digest.
fn certificate(session: &Session, module: Value) -> Result<Map<String, Value>, Stop> {
    let mut made = Map::new();
    if let Value::Object(stated) = session.stated()? {
        for (key, value) in stated {
            if let (true, Some(scenario)) = (key == "scenario", value.as_str()) {
                made.insert("scenario_sha256".into(), digest(scenario.as_bytes()).into());
            }
            made.insert(key, value);
        }
    }
    made["program"]["module"] = module;
    made.insert("digest".into(), EMPTY.into());
    Ok(made)
}

/// The text of a certificate, its digest in it.
fn text(certificate: &Map<String, Value>) -> Result<String, Stop> {
    let text = serde_json::to_string_pretty(certificate).map_err(std::io::Error::other)?;
    // No tag of a page begins in it.
    Ok(sealed(
        &format!("{}\n", text.replace('<', "\\u003c")),
        IN_JSON,
    ))
}

/// Where the digest of a file stands: first of all in a page, whose script has the mark as well; last in a certificate.
fn place(text: &str, mark: &str) -> Option<usize> {
    let at = match mark {
        IN_PAGE => text.find(mark),
        _ => text.rfind(mark),
    };
    at.map(|at| at + mark.len())
}

/// A file with its digest in the place of zeros.
fn sealed(text: &str, mark: &str) -> String {
    let Some(at) = place(text, mark).filter(|at| text[*at..].starts_with(EMPTY)) else {
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
    Ok(sealed(&page, IN_PAGE))
}
