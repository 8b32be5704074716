//! GIFT, the plain text that Moodle and others import. Format: <https://docs.moodle.org/en/GIFT_format>.

use super::markup::{escaped, feedback, whole};
use super::moodle::category;
use super::{Bank, File, Question, ask, written};

/// Text with what stands for something else in GIFT escaped, on one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

pub fn file(bank: &Bank) -> File {
    let mut text = format!("$CATEGORY: {}\n", category(bank).replace(['\n', '\r'], " "));
    for question in &bank.questions {
        text += &format!(
            "\n::{}::[html]{} {{",
            plain(&question.title),
            plain(&whole(question))
        );
        text += &match question.choice {
            Some(_) => choice(question),
            None => number(question),
        };
        text += &format!("\n####{}\n}}\n", plain(&feedback(question)));
    }
    File {
        name: format!("{}.gift.txt", bank.name),
        text,
    }
}

/// `#` and answers as `=value:tolerance` or `=%0%value:tolerance`; an interval as its middle with half its width.
fn number(question: &Question) -> String {
    let (low, high) = question.right;
    let tolerance = 0.5 * (high - low) + question.tolerance;
    let mut text = format!(
        "#\n={}:{}#Right.",
        written(0.5 * (low + high)),
        written(tolerance)
    );
    for wrong in &question.wrong {
        let own = written(ask::tolerance(wrong.value, &question.unit));
        let (value, said) = (written(wrong.value), plain(&escaped(&wrong.feedback)));
        text += &format!("\n=%0%{value}:{own}#{said}");
    }
    text
}

fn choice(question: &Question) -> String {
    let choices = question.choices();
    let line = |(value, right, said): &(String, bool, &str)| {
        let mark = if *right { '=' } else { '~' };
        format!(
            "\n{mark}{}#{}",
            plain(&escaped(value)),
            plain(&escaped(said))
        )
    };
    choices.iter().map(line).collect()
}
