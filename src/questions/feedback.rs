//! What is said once a question is answered.

use super::ask::{Kind, Number};
use super::{Question, distractors, shown};
use crate::case::Case;
use crate::report::Report;
use crate::session::Session;

/// Sentences of an explanation.
const SENTENCES: usize = 4;

/// The answer and what it comes from: the explanation of its subject where there is one, else the headline.
pub fn of(
    asked: &Number,
    session: &Session,
    (report, case): (&Report, &Case),
    question: &Question,
) -> String {
    let mut text = match question.is_interval() {
        true => format!("Right is {}.", question.answer()),
        false => format!("The answer is {}.", shown(asked.value, &asked.unit)),
    };
    let explained = asked.explained(session).map(|why| match asked.kind {
        Kind::Output => why.sentences.into_iter().take(2).collect(),
        _ => {
            let sentences = why.sentences.into_iter().take(SENTENCES);
            std::iter::once(why.headline).chain(sentences).collect()
        }
    });
    let at_price = distractors::settled_at(asked, report, case)
        .map(|(price, p, minutes)| vec![format!("It is {p} at {price}, for {minutes}.")]);
    let sentences: Vec<String> = match (asked.kind, explained, at_price) {
        (Kind::Price | Kind::Shadow | Kind::Output, Some(sentences), _) => sentences,
        (Kind::Net, _, Some(sentences)) => sentences,
        _ => vec![report.headline.clone()],
    };
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        text += " ";
        text += sentence;
    }
    text
}
