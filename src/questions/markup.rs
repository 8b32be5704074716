//! Text of questions as XML and as the XHTML that all three formats show.

use super::Question;

/// Text as XML, in attributes too; characters that XML cannot hold are left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out.push(' '),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

/// A link, or the fragment to open where there is no page.
fn link(address: &str, words: &str) -> String {
    match address.starts_with('#') {
        true => format!(
            "<p>{}: <code>{}</code></p>",
            escaped(words),
            escaped(address)
        ),
        false => format!(
            "<p><a href=\"{}\">{}</a></p>",
            escaped(address),
            escaped(words)
        ),
    }
}

/// All that stands before the question itself.
pub fn setting(question: &Question) -> String {
    let mut html: String = question
        .setting
        .iter()
        .map(|text| paragraph(text))
        .collect();
    if let Some(address) = &question.open {
        html += &link(address, "The scenario in Tandem");
    }
    if !question.data.is_empty() {
        let lines = question
            .data
            .iter()
            .map(|line| format!("<li>{}</li>", escaped(line)));
        html += &format!("<ul>{}</ul>", lines.collect::<String>());
    }
    html
}

/// The question with how exact the answer must be.
pub fn asked(question: &Question) -> String {
    match question.choice {
        Some(_) => question.ask.clone(),
        None => format!(
            "{} Give at least three significant digits, with a point.",
            question.ask
        ),
    }
}

/// All of the question.
pub fn whole(question: &Question) -> String {
    setting(question) + &paragraph(&asked(question))
}

/// What is said to everyone afterwards.
pub fn feedback(question: &Question) -> String {
    let mut html = paragraph(&question.feedback);
    if let Some(address) = &question.solved {
        html += &link(address, "This variant solved, with the reasons");
    }
    html
}
