//! What a user meets: links, the terminal, charts as they are drawn.

#[path = "../testing/changes.rs"]
mod changes;

mod across;
mod between;
mod certificates;
mod chart;
mod command_line;
mod drawing;
mod export;
mod in_place;
mod inputs;
mod inputs_path;
mod lessons;
mod links;
mod looks;
mod papers;
mod question_files;
mod questions;
mod report;
mod scenario;
mod scorm;
mod side_by_side;
mod stories;
mod subjects;
mod sweep_plan;
mod sweeps;
mod units;
mod wording;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tandem::{scenario::gallery, session::Session};

/// Each preset is solved once, for all that is asked of every one of them.
#[test]
fn every_preset_is_told_as_it_should_be() {
    // The synthetic countries take minutes each.
    let ids: Vec<&str> = gallery::ids()
        .filter(|id| !id.starts_with("smartnet"))
        .collect();
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut session = Session::preset(id).unwrap();
                    session.solve().unwrap();
                    lessons::can_be_told(id, &session);
                    subjects::are_things_of_the_case(id, &session);
                    units::are_one_in_a_case(id, &session);
                    wording::reads_as_a_person_writes(id, &session);
                    let answer = stories::is_answered(id, &session);
                    answers.lock().unwrap().push((answer, *id));
                }
            });
        }
    });
    stories::answers_differ(answers.into_inner().unwrap());
}
