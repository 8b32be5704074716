//! Texts of a user: characters that are not seen, names that are nearly right, cells of a spreadsheet.

use std::borrow::Cow;

/// The text of a file: UTF-16 where its byte order mark says so, else UTF-8, else Latin-1 (the second
/// value says so). The mark is left out; lines that end with a carriage return alone end with a line feed.
pub fn decoded(bytes: &[u8]) -> (String, bool) {
    let (text, latin_1) = unicode(bytes);
    match text.contains('\r') && !text.contains('\n') {
        true => (text.replace('\r', "\n"), latin_1),
        false => (text, latin_1),
    }
}

fn unicode(bytes: &[u8]) -> (String, bool) {
    let utf_16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks().0.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => (utf_16(rest, u16::from_le_bytes), false),
        [0xfe, 0xff, rest @ ..] => (utf_16(rest, u16::from_be_bytes), false),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_string(), false),
                Err(_) => (bytes.iter().map(|b| char::from(*b)).collect(), true),
            }
        }
    }
}

/// Whether a character is not seen where it stands, or moves what stands around it: control characters,
/// marks that turn the direction of writing (Unicode UAX #9), blanks of no width, line separators.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A text with hidden characters written out, as `\u202e`; line breaks stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_hidden(c) && c != '\n')
}

/// As [`visible`], on one line.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    written_out(text, is_hidden)
}

fn written_out(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match hidden(c) {
            true => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text as a field of comma-separated values (RFC 4180). What a spreadsheet would run as a formula
/// (it begins with = + - @, a tab or a line break) gets an apostrophe in front, which makes it text
/// (OWASP, "CSV Injection"); numbers stay numbers.
pub fn csv_field(text: &str) -> String {
    const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let blank = text.trim_start_matches(' ');
    let formula =
        blank.starts_with(STARTS) && blank.len() > 1 && text.trim().parse::<f64>().is_err();
    let mark = if formula { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n', '\t']) || text != text.trim() {
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{mark}{text}")
    }
}

/// The name of `known` nearest to `meant`, where they are alike: at most a third of the letters differ.
pub fn nearest<'a>(meant: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let meant: Vec<char> = meant
        .chars()
        .take(80)
        .flat_map(char::to_lowercase)
        .collect();
    known
        .filter(|name| name.len() <= 160)
        .map(|name| {
            let letters: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
            (
                distance(&meant, &letters),
                letters.len().max(meant.len()),
                name,
            )
        })
        .filter(|(apart, length, _)| apart * 3 <= *length)
        .min_by_key(|(apart, ..)| *apart)
        .map(|(.., name)| name)
}

/// Letters to be changed, added or removed (Levenshtein).
pub fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let best = (corner + usize::from(x != y)).min(left + 1).min(*cell + 1);
            corner = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}
