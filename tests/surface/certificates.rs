//! Certificates: what the terminal writes, and that the digest covers every byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tandem::scenario::Document;
use tandem::session::{Session, differences};

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
        ("pkg/community_bg.wasm", "part"),
        ("certify/verify.js", VERIFY),
        (
            "certify/page.html",
            include_str!("../../www/certify/page.html"),
        ),
    ] {
        fs::write(site.join(file), text).unwrap();
    }
    for (name, text) in [("tandem", "abc"), ("community", "part")] {
        let mut packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".to_vec();
        packed.extend(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6));
        // Checksum and length, which the SHA-256 makes needless.
        packed.extend([0; 8]);
        fs::write(site.join(format!("pkg/{name}_bg.wasm.gz")), packed).unwrap();
    }
    site
}

fn certify(site: &Path, arguments: &[&str]) -> Output {
    certify_of("zuo-4node", site, arguments)
}

fn certify_of(scenario: &str, site: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["certify", scenario, "--site"])
        .arg(site)
        .args(arguments)
        .output()
        .unwrap()
}

/// Exit code and text of `certify --check`.
fn check(text: &str) -> (Option<i32>, String) {
    let name = format!("tandem-check-{}-{}", std::process::id(), digest(text));
    let file = std::env::temp_dir().join(name);
    fs::write(&file, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["certify", "--check"])
        .arg(&file)
        .output()
        .unwrap();
    fs::remove_file(file).unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// A file whose digest is made anew.
fn remade(text: &str, mark: &str) -> String {
    let at = place(text, mark);
    let empty = format!("{}{}{}", &text[..at], "0".repeat(64), &text[at + 64..]);
    format!("{}{}{}", &text[..at], digest(&empty), &text[at + 64..])
}

const IN_JSON: &str = "\"digest\": \"";
const IN_PAGE: &str = "<meta name=\"tandem-digest\" content=\"";

fn digest(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A script, in which the mark of a page's digest stands as in that of the page.
const VERIFY: &str = "verify(/<meta name=\"tandem-digest\" content=\"([0-9a-f]{64})\"/);\n";

/// Where the digest stands: after the first mark in a page, after the last in a certificate.
fn place(text: &str, mark: &str) -> usize {
    let at = match text.starts_with('<') {
        true => text.find(mark),
        false => text.rfind(mark),
    };
    at.unwrap() + mark.len()
}

/// Whether the digest after the mark is that of the text with zeros in its place.
fn is_intact(text: &str, mark: &str) -> bool {
    let at = place(text, mark);
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
    assert!(!is_intact(&page.replacen("verify(/", "verify( /", 1), mark));
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

#[test]
fn the_module_has_the_markets_that_a_scenario_hands_on_to() {
    let site = site("module");
    let json = site.join("c.json");
    let name = |scenario: &str, more: &[&str]| {
        let arguments = [&["--json", json.to_str().unwrap()], more].concat();
        let output = certify_of(scenario, &site, &arguments);
        assert!(output.status.success(), "{output:?}");
        let value: Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
        value["program"]["module"]["name"]
            .as_str()
            .unwrap()
            .to_string()
    };
    assert_eq!(name("theisen-interval", &[]), "community");
    assert_eq!(name("theisen-thread", &[]), "tandem");
    let thread = ["--set", "mechanism.thread=true"];
    assert_eq!(name("theisen-interval", &thread), "tandem");
    // A site that has no module of the mechanism.
    assert_eq!(name("zuo-4node", &[]), "tandem");
    fs::remove_dir_all(&site).unwrap();
    // A preset in another market: its words are not in that market's module.
    let flow = Document::open("#p=khojasteh-k33").unwrap().power_flow();
    assert_eq!(Session::new(flow.unwrap()).module(), "tandem");
}

#[test]
fn check_says_whether_a_certificate_holds() {
    let site = site("check");
    let (json, html) = (site.join("c.json"), site.join("c.html"));
    let files = [
        "--json",
        json.to_str().unwrap(),
        "--html",
        html.to_str().unwrap(),
    ];
    for scenario in ["zuo-4node", "theisen-thread"] {
        assert!(certify_of(scenario, &site, &files).status.success());
        for file in [&json, &html] {
            let (code, said) = check(&fs::read_to_string(file).unwrap());
            assert!(code == Some(0) && said.contains("It holds"), "{said}");
        }
    }
    let (text, page) = (
        fs::read_to_string(&json).unwrap(),
        fs::read_to_string(&html).unwrap(),
    );

    let changed = text.replacen("\"title\": \"", "\"title\": \"Another ", 1);
    let (code, said) = check(&changed);
    assert!(
        code == Some(3) && said.contains("A byte of the certificate is not"),
        "{said}"
    );
    let (code, said) = check(&remade(&changed, IN_JSON));
    assert!(
        code == Some(3) && said.contains("title: the certificate has Another"),
        "{said}"
    );
    // A space in the scenario changes no number, but is not what the program writes.
    let spaced = remade(
        &text.replacen("\"scenario\": \"{", "\"scenario\": \"{ ", 1),
        IN_JSON,
    );
    let (code, said) = check(&spaced);
    assert!(
        code == Some(3) && said.contains("scenario: the certificate has"),
        "{said}"
    );

    let other = |is: &str| {
        let (before, rest) = page.split_once("id=\"module\">").unwrap();
        let (_, after) = rest.split_once("</script>").unwrap();
        remade(
            &format!("{before}id=\"module\">{is}</script>{after}"),
            IN_PAGE,
        )
    };
    let (code, said) = check(&other("%%%"));
    assert!(
        code == Some(3) && said.contains("The program in the page is damaged"),
        "{said}"
    );
    let part = fs::read(site.join("pkg/community_bg.wasm.gz")).unwrap();
    let (code, said) = check(&other(&STANDARD.encode(part)));
    assert!(code == Some(3) && said.contains("module, sha256"), "{said}");
    fs::remove_dir_all(site).unwrap();

    for none in ["", "{}", "<p>", "\u{fffd}"] {
        let (code, said) = check(none);
        assert!(
            code == Some(2) && said.contains("This is no certificate"),
            "{said}"
        );
    }
}

#[test]
fn an_infeasible_answer_that_comes_out_again_holds() {
    let site = site("infeasible");
    let json = site.join("c.json");
    let arguments = [
        "--set",
        "case.loads.L4.p_mw=900",
        "--json",
        json.to_str().unwrap(),
    ];
    assert_eq!(certify(&site, &arguments).status.code(), Some(1));
    assert_eq!(check(&fs::read_to_string(&json).unwrap()).0, Some(0));
    fs::remove_dir_all(site).unwrap();
}

fn stated(preset: &str) -> Map<String, Value> {
    let mut session = Session::preset(preset).unwrap();
    session.solve().unwrap();
    let Value::Object(mut made) = session.stated().unwrap() else {
        panic!("no object");
    };
    made["program"]["module"] =
        json!({ "name": "tandem", "bytes": 3, "sha256": "ab", "door_sha256": "cd" });
    made.insert("scenario_sha256".into(), "ef".into());
    made
}

/// Every way to change one number, word, row or field of a value.
fn changes(value: &Value) -> Vec<(String, Value)> {
    let changed = |of: &str, is: Value| vec![(of.to_string(), is)];
    match value {
        Value::Null => changed("", json!(1)),
        Value::Bool(is) => changed("", json!(!is)),
        Value::Number(is) => {
            let is = is.as_f64().unwrap();
            // Residuals are told in so small numbers, all else in larger ones.
            changed("", json!(is + 1e-6 * is.abs().max(1.0)))
        }
        Value::String(is) => changed("", json!(format!("{is} "))),
        Value::Array(list) => {
            let mut found = changed("row", [list.as_slice(), &[json!("more")]].concat().into());
            for (k, own) in list.iter().enumerate() {
                for (of, is) in changes(own) {
                    let mut list = list.clone();
                    list[k] = is;
                    found.push((format!("{k}.{of}"), list.into()));
                }
            }
            found
        }
        Value::Object(map) => {
            let mut found = Vec::new();
            for (key, own) in map {
                let with = |is: Option<Value>| {
                    let mut map = map.clone();
                    match is {
                        Some(is) => map.insert(key.clone(), is),
                        None => map.shift_remove(key),
                    };
                    Value::Object(map)
                };
                found.push((format!("without {key}"), with(None)));
                found.extend(
                    changes(own)
                        .into_iter()
                        .map(|(of, is)| (format!("{key}.{of}"), with(Some(is)))),
                );
            }
            let mut more = map.clone();
            more.insert("more".into(), json!(1));
            found.push(("more".into(), more.into()));
            found
        }
    }
}

#[test]
fn whatever_a_certificate_states_is_compared() {
    // As files made before these fields were have none.
    let later = ["headline", "link", "notes", "not_certified"].map(|key| format!("without {key}"));
    for preset in ["zuo-4node", "mezghani-s1", "theisen-thread"] {
        let own = Value::Object(stated(preset));
        assert_eq!(differences(&own, &own), Vec::<String>::new());
        let mut count = 0;
        for (of, changed) in changes(&own) {
            let found = differences(&changed, &own);
            assert_eq!(found.is_empty(), later.contains(&of), "{preset}: {of}");
            count += 1;
        }
        assert!(count > 60, "{count}");
    }
}

#[test]
fn last_bits_may_differ_and_residuals_by_less() {
    let own = Value::Object(stated("mezghani-s1"));
    let with = |list: &str, key: &str, by: f64| {
        let mut other = own.clone();
        let is = other[list][0][key].as_f64().unwrap();
        other[list][0][key] = json!(is + by);
        differences(&other, &own).len()
    };
    assert_eq!(with("summary", "value", 1e-10), 0);
    assert_eq!(with("summary", "value", 1e-7), 1);
    assert_eq!(with("certificates", "primal_residual", 1e-16), 0);
    assert_eq!(with("certificates", "primal_residual", 1e-13), 1);
}

#[test]
fn a_certificate_says_what_it_does_not_certify() {
    for (preset, left_out) in [
        ("zuo-4node", "DC power flow"),
        ("triangle-losses", "no reactive power"),
        ("mezghani-s1", "no losses"),
        ("khojasteh-k33", "LinDistFlow"),
        ("theisen-thread", "DC power flow"),
        ("baran-wu-33-flow", "AC power flow"),
    ] {
        let own = stated(preset);
        let list = own["not_certified"].to_string();
        assert!(
            list.contains("inputs are true") && list.contains(left_out),
            "{list}"
        );
        assert!(own["link"] == format!("#p={preset}") && own["headline"] != "");
        assert!(!own["notes"].as_array().unwrap().is_empty());
    }
}
