//! What the papers claim: every verdict follows from the numbers it names, and every figure named is there.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;
use tandem::scenario::gallery;
use tandem::session::Session;

fn tandem(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(arguments)
        .output()
        .unwrap()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn verdicts_follow_from_the_numbers_they_name() {
    let output = tandem(&["paper", "--json"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let papers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let papers = papers.as_array().unwrap();
    assert_eq!(papers.len(), 5);
    for paper in papers {
        let places: BTreeSet<&str> = list(paper, "places")
            .iter()
            .filter_map(|place| place["id"].as_str())
            .collect();
        // The year is printed behind it.
        let (venue, year) = (paper["venue"].as_str().unwrap_or(""), &paper["year"]);
        assert!(!venue.contains(&year.to_string()), "{venue}");
        for claim in list(paper, "claims") {
            let id = &claim["id"];
            assert!(places.contains(claim["at"].as_str().unwrap()), "{id}");
            let holds = |check: &Value| check["holds"] == true;
            let rests = list(claim, "rests");
            match claim["verdict"].as_str().unwrap() {
                "held" => assert!(!rests.is_empty() && rests.iter().all(holds), "{id}"),
                "refuted" => assert!(!rests.iter().all(holds), "{id}"),
                // A reason in words: the data of the paper are not those of the program.
                _ => assert!(claim["why"].as_str().unwrap().len() > 20, "{id}"),
            }
            for preset in list(claim, "presets") {
                let preset = preset.as_str().unwrap();
                assert!(gallery::ids().any(|known| known == preset), "{preset}");
            }
        }
    }
}

#[test]
fn figures_of_papers_are_charts_of_presets() {
    let output = tandem(&["paper", "--json"]);
    let papers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let places = papers
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|paper| list(paper, "places"));
    for shown in places.flat_map(|place| list(place, "show")) {
        let preset = shown["preset"].as_str().unwrap();
        let mut session = Session::new(gallery::document(preset).unwrap());
        session.solve().unwrap();
        let charts = session.report().unwrap().charts;
        for chart in list(shown, "charts") {
            assert!(charts.iter().any(|known| known.id == *chart), "{chart}");
        }
    }
}

#[test]
fn a_paper_is_told_in_words() {
    let output = tandem(&["paper", "zuo"]);
    let text = String::from_utf8(output.stdout).unwrap();
    // Table II of the paper, and the rule that ends the swing after all.
    assert!(text.contains("yes  zuo-4node p:G4 at 4: 2.8750 = 2.88 MW"));
    assert!(text.contains("no  zuo-4node-unscheduled swing: 0.0000 > 0.001 MW"));
    assert_eq!(tandem(&["paper", "nobody"]).status.code(), Some(2));
}
