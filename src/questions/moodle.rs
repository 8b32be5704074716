//! Moodle XML: a category, then a question of type `numerical` or `multichoice` for every variant.
//! Format: <https://docs.moodle.org/en/Moodle_XML_format>.

use super::markup::{escaped, feedback, whole};
use super::{Bank, File, Question, ask, written};

/// Text within an element `text`, HTML as its escaped source.
fn text(of: &str) -> String {
    format!("<text>{}</text>", escaped(of))
}

/// The name of a category; a slash in it is no part of the path.
pub fn category(bank: &Bank) -> String {
    format!("$course$/top/Tandem/{}", bank.title.replace('/', "//"))
}

pub fn file(bank: &Bank) -> File {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    let category = text(&category(bank));
    xml += &format!("<question type=\"category\"><category>{category}</category></question>\n");
    for question in &bank.questions {
        xml += &match question.choice {
            Some(_) => choice(question),
            None => number(question),
        };
    }
    xml += "</quiz>\n";
    File {
        name: format!("{}-moodle.xml", bank.name),
        text: xml,
    }
}

fn begin(question: &Question, kind: &str) -> String {
    format!(
        "<question type=\"{kind}\">\n<name>{}</name>\n<questiontext format=\"html\">{}</questiontext>\n<generalfeedback format=\"html\">{}</generalfeedback>\n<defaultgrade>1</defaultgrade>\n<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n<idnumber>{}</idnumber>\n",
        text(&question.title),
        text(&whole(question)),
        text(&feedback(question)),
        escaped(&question.id),
    )
}

fn answer(fraction: u8, format: &str, value: &str, said: &str, rest: &str) -> String {
    format!(
        "<answer fraction=\"{fraction}\" format=\"{format}\">{}<feedback format=\"html\">{}</feedback>{rest}</answer>\n",
        text(value),
        text(&format!("<p>{}</p>", escaped(said))),
    )
}

/// The right value is the middle of what is right, its tolerance half of that; answers are tried in this order.
fn number(question: &Question) -> String {
    let (low, high) = question.right;
    let tolerance = 0.5 * (high - low) + question.tolerance;
    let within = |of: f64| format!("<tolerance>{}</tolerance>", written(of));
    let middle = written(0.5 * (low + high));
    let mut xml = begin(question, "numerical");
    xml += &answer(
        100,
        "moodle_auto_format",
        &middle,
        "Right.",
        &within(tolerance),
    );
    for wrong in &question.wrong {
        let own = within(ask::tolerance(wrong.value, &question.unit));
        let value = written(wrong.value);
        xml += &answer(0, "moodle_auto_format", &value, &wrong.feedback, &own);
    }
    xml + "<unitgradingtype>0</unitgradingtype>\n<unitpenalty>0.1</unitpenalty>\n<showunits>3</showunits>\n<unitsleft>0</unitsleft>\n</question>\n"
}

fn choice(question: &Question) -> String {
    let mut xml = begin(question, "multichoice");
    xml += "<single>true</single>\n<shuffleanswers>true</shuffleanswers>\n<answernumbering>abc</answernumbering>\n";
    for (value, right, said) in question.choices() {
        let fraction = if right { 100 } else { 0 };
        xml += &answer(fraction, "html", &escaped(&value), said, "");
    }
    xml + "</question>\n"
}
