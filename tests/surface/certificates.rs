//! Certificates: what the terminal writes, and that the digest covers every byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A folder with what a certificate takes of a built page.
fn site(name: &str) -> PathBuf {
    let site = std::env::temp_dir().join(format!("tandem-certify-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&site);
    for part in ["pkg", "certify"] {
        fs::create_dir_all(site.join(part)).unwrap();
    }
    for (file, text) in [
        ("pkg/tandem.js", "export default 1"),
        ("pkg/tandem_bg.wasm", "abc"),
        ("pkg/tandem_bg.wasm.gz", "packed"),
        ("certify/verify.js", "verify();\n"),
        (
            "certify/page.html",
            include_str!("../../www/certify/page.html"),
        ),
    ] {
        fs::write(site.join(file), text).unwrap();
    }
    site
}

fn certify(site: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["certify", "zuo-4node", "--site"])
        .arg(site)
        .args(arguments)
        .output()
        .unwrap()
}

fn digest(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the digest after the last `mark` is that of the text with zeros in its place.
fn is_intact(text: &str, mark: &str) -> bool {
    let at = text.rfind(mark).unwrap() + mark.len();
    let (named, rest) = text[at..].split_at(64);
    named == digest(&format!("{}{}{rest}", &text[..at], "0".repeat(64)))
}

#[test]
fn a_certificate_names_what_it_was_made_of() {
    let site = site("json");
    let (json, html) = (site.join("c.json"), site.join("c.html"));
    let files = [
        "--json",
        json.to_str().unwrap(),
        "--html",
        html.to_str().unwrap(),
    ];
    let output = certify(&site, &files);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let text = fs::read_to_string(&json).unwrap();
    assert!(is_intact(&text, "\"digest\": \""));
    assert!(!is_intact(
        &text.replacen("solved", "solveD", 1),
        "\"digest\": \""
    ));
    let value: Value = serde_json::from_str(&text).unwrap();
    // The SHA-256 of "abc" stands in FIPS 180-4.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(value["program"]["module"]["sha256"], abc);
    let scenario = value["scenario"].as_str().unwrap();
    assert_eq!(value["scenario_sha256"], digest(scenario));
    // 36 numbers of Table II, six solves.
    assert_eq!(value["published"].as_array().unwrap().len(), 36);
    assert!(value["certificates"].as_array().unwrap().len() >= 6);

    let page = fs::read_to_string(&html).unwrap();
    let mark = "<meta name=\"tandem-digest\" content=\"";
    assert!(is_intact(&page, mark));
    assert!(!is_intact(
        &page.replacen("verify();", "verify( );", 1),
        mark
    ));
    // Nothing of a place is left, and the certificate closes no script.
    assert!(!page.contains("{{") && page.matches("</script>").count() == 4);
    fs::remove_dir_all(site).unwrap();
}

#[test]
fn without_a_site_there_is_no_certificate() {
    let nowhere = std::env::temp_dir().join("tandem-no-such-site");
    let output = certify(&nowhere, &["--json", "c.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("tandem_bg.wasm"));
}
