//! The text of a case file, cut into statements without comments.

use super::super::Problem;
use super::at;

/// Stands where a line was continued with `...`: a blank that still counts as a line.
const CONTINUED: char = '\u{1}';

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What begins a comment in MATLAB and in Octave.
const COMMENT: [char; 2] = ['%', '#'];

/// One statement. Inside brackets its text keeps the line breaks, which separate rows there.
#[derive(Debug, PartialEq)]
pub struct Statement {
    /// Line it begins on, from 1.
    pub line: usize,
    pub text: String,
}

/// A piece of a statement with the line it stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece<'a> {
    pub line: usize,
    pub text: &'a str,
}

impl Statement {
    /// The text as one line, for messages and for comparing.
    pub fn flat(&self) -> String {
        let words: Vec<&str> = self
            .text
            .split(is_blank)
            .filter(|w| !w.is_empty())
            .collect();
        words.join(" ")
    }

    /// The rows between the brackets that begin at byte `from`: cut at `;` and at line ends.
    pub fn rows(&self, from: usize) -> Vec<Piece<'_>> {
        let inside = self.text.get(from..).unwrap_or("");
        let mut line = self.line + lines_in(self.text.get(..from).unwrap_or(""));
        let mut rows = Vec::new();
        for row in inside.split_inclusive([';', '\n']) {
            let text = row.trim_matches(|c| is_blank(c) || c == ';');
            let first = row.len() - row.trim_start_matches(is_blank).len();
            if !text.is_empty() {
                let skipped = lines_in(row.get(..first).unwrap_or(""));
                rows.push(Piece {
                    line: line + skipped,
                    text,
                });
            }
            line += lines_in(row);
        }
        rows
    }
}

/// Blank, line break or continued line.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == CONTINUED
}

fn lines_in(text: &str) -> usize {
    text.chars()
        .filter(|&c| c == '\n' || c == CONTINUED)
        .count()
}

/// The comment at the head of the file, as one paragraph: its title, origin and licence.
pub fn header(text: &str) -> String {
    let words: Vec<&str> = text
        .trim_start_matches(BYTE_ORDER_MARK)
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty() || line.starts_with("function"))
        .take_while(|line| line.starts_with(COMMENT))
        .flat_map(|line| line.trim_start_matches(COMMENT).split_whitespace())
        .collect();
    words.join(" ")
}

/// Cuts the text into statements.
///
/// # Errors
/// A bracket, brace, string or block comment that is not closed, with the line where it opens.
pub fn statements(text: &str) -> Result<Vec<Statement>, Problem> {
    let mut cutter = Cutter {
        done: Vec::new(),
        text: String::new(),
        start: 1,
        open: Vec::new(),
    };
    let mut block_comment = None;
    for (index, raw) in text.trim_start_matches(BYTE_ORDER_MARK).lines().enumerate() {
        let line = index + 1;
        match (block_comment, raw.trim()) {
            (None, "%{" | "#{") => block_comment = Some(line),
            (Some(_), "%}" | "#}") => block_comment = None,
            (Some(_), _) => {}
            (None, _) => {
                cutter.line(line, raw)?;
                continue;
            }
        }
        cutter.end_of_line();
    }
    if let Some(line) = block_comment {
        return Err(at(line, "The comment %{ is not closed. Add %} on a line."));
    }
    cutter.end_statement();
    match cutter.open.last() {
        Some((bracket, line)) => Err(at(
            *line,
            format!("The bracket {bracket} is not closed. Add its closing bracket."),
        )),
        None => Ok(cutter.done),
    }
}

/// The text up to the quote that closes it; two quotes stand for one.
fn string(rest: &str, quote: char) -> Option<&str> {
    let mut from = 0;
    loop {
        let end = from + rest.get(from..)?.find(quote)?;
        if !rest[end + 1..].starts_with(quote) {
            return Some(&rest[..end]);
        }
        from = end + 2;
    }
}

struct Cutter {
    done: Vec<Statement>,
    text: String,
    /// Line on which `text` begins.
    start: usize,
    /// Open brackets with their lines.
    open: Vec<(char, usize)>,
}

impl Cutter {
    fn line(&mut self, line: usize, raw: &str) -> Result<(), Problem> {
        let mut rest = raw.chars();
        while let Some(c) = rest.next() {
            match c {
                '%' | '#' => break,
                '.' if rest.as_str().starts_with("..") => {
                    if !self.text.is_empty() {
                        self.text.push(CONTINUED);
                    }
                    return Ok(());
                }
                '\'' | '"' if c == '"' || self.string_may_begin() => {
                    let Some(inside) = string(rest.as_str(), c) else {
                        return Err(at(line, "The text is not closed. Add the closing quote."));
                    };
                    self.push(line, c);
                    inside.chars().for_each(|inner| self.push(line, inner));
                    self.push(line, c);
                    rest = rest.as_str()[inside.len() + 1..].chars();
                }
                '[' | '(' | '{' => {
                    self.open.push((c, line));
                    self.push(line, c);
                }
                ']' | ')' | '}' => {
                    let wanted = match self.open.pop() {
                        Some(('[', _)) => ']',
                        Some(('(', _)) => ')',
                        Some(_) => '}',
                        None => '\0',
                    };
                    if c != wanted {
                        return Err(at(
                            line,
                            format!("The bracket {c} closes nothing. Remove it."),
                        ));
                    }
                    self.push(line, c);
                }
                ';' | ',' if self.open.is_empty() => self.end_statement(),
                other => self.push(line, other),
            }
        }
        self.end_of_line();
        Ok(())
    }

    /// A quote after a name, number or closing bracket is a transpose.
    fn string_may_begin(&self) -> bool {
        !self
            .text
            .ends_with(|c: char| c.is_alphanumeric() || "_)]}'.".contains(c))
    }

    fn push(&mut self, line: usize, c: char) {
        if self.text.is_empty() {
            if c.is_whitespace() {
                return;
            }
            self.start = line;
        }
        self.text.push(c);
    }

    fn end_of_line(&mut self) {
        if self.open.is_empty() {
            self.end_statement();
        } else {
            self.text.push('\n');
        }
    }

    fn end_statement(&mut self) {
        let text = std::mem::take(&mut self.text);
        let trimmed = text.trim_end_matches(is_blank);
        if !trimmed.is_empty() {
            self.done.push(Statement {
                line: self.start,
                text: trimmed.to_string(),
            });
        }
    }
}
