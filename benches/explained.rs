//! Every price of a grid explained: whether its parts add up and every step proves it, and the time of one.
//!
//! `cargo bench --bench explained -- [EVERY] FILE.m …`: of every EVERYth bus, limited line and unit, EVERY being 1 where
//! it is not given. Gaps are relative to 1 plus the size of the number.

use std::time::Instant;

use tandem::case::{Case, Problem, Subject};
use tandem::report::{Explained, SubjectKind};
use tandem::scenario::Document;
use tandem::session::Session;

#[derive(Default)]
struct Found {
    explained: usize,
    refused: Vec<String>,
    ms: f64,
    /// Largest gap between a number and the sum of its parts, and where.
    parts: (f64, String),
    /// Largest gap between what a step was predicted to cost and what it cost, and where.
    proof: (f64, String),
    proofs: usize,
}

fn gap(a: f64, b: f64) -> f64 {
    (a - b).abs() / (1.0 + b.abs())
}

impl Found {
    fn take(&mut self, name: &str, answer: Result<Explained, Vec<Problem>>) {
        match answer {
            Ok(one) => {
                self.explained += 1;
                let sum: f64 = one.parts.iter().map(|part| part.value).sum();
                if !one.parts.is_empty() {
                    worse(&mut self.parts, gap(sum, one.value), name);
                }
                for proof in &one.proofs {
                    self.proofs += 1;
                    let at = format!("{name}, {}", proof.name);
                    worse(&mut self.proof, gap(proof.predicted, proof.solved), &at);
                }
            }
            Err(problems) => self.refused.extend(
                problems
                    .iter()
                    .map(|problem| format!("{name}: {}", problem.message)),
            ),
        }
    }
}

fn worse(worst: &mut (f64, String), gap: f64, at: &str) {
    if gap > worst.0 || gap.is_nan() {
        *worst = (gap, at.to_owned());
    }
}

fn subjects(case: &Case) -> [(&'static str, Vec<Subject>); 3] {
    let named = |kind: SubjectKind, ids: Vec<&String>| {
        let one = |id: &String| Subject {
            kind,
            id: id.clone(),
        };
        ids.into_iter().map(one).collect()
    };
    let limited = case.branches.iter().filter(|b| b.max_p_mw.is_some());
    [
        (
            "buses",
            named(SubjectKind::Bus, case.buses.iter().map(|b| &b.id).collect()),
        ),
        (
            "lines",
            named(SubjectKind::Branch, limited.map(|b| &b.id).collect()),
        ),
        (
            "units",
            named(
                SubjectKind::Party,
                case.generators.iter().map(|g| &g.id).collect(),
            ),
        ),
    ]
}

fn explain_all(file: &str, every: usize) -> Result<(), String> {
    let first = |problems: Vec<Problem>| {
        problems
            .first()
            .map_or(String::new(), |p| p.message.clone())
    };
    let bytes = std::fs::read(file).map_err(|e| e.to_string())?;
    let mut session = Session::new(Document::open_file(&bytes).map_err(first)?);
    session.solve().map_err(first)?;
    for (noun, subjects) in subjects(&session.scenario().case) {
        let mut found = Found::default();
        for subject in subjects.iter().step_by(every) {
            let start = Instant::now();
            let answer = session.explain(subject, 1);
            found.ms += start.elapsed().as_secs_f64() * 1e3;
            found.take(&subject.id, answer);
        }
        let asked = found.explained + found.refused.len();
        println!(
            "{noun}: {} of {asked} explained, {:.1} ms each; parts {:.1e} {}; {} proofs {:.1e} {}",
            found.explained,
            found.ms / asked.max(1) as f64,
            found.parts.0,
            found.parts.1,
            found.proofs,
            found.proof.0,
            found.proof.1,
        );
        for refused in found.refused.iter().take(5) {
            println!("  {refused}");
        }
    }
    Ok(())
}

fn main() {
    let mut every = 1;
    for argument in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        match argument.parse() {
            Ok(number) => every = number,
            Err(_) => {
                println!("\n{argument}, every {every}");
                if let Err(why) = explain_all(&argument, every) {
                    println!("{why}");
                }
            }
        }
    }
}
