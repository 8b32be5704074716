//! Words for TeX: signs that it reads as more than a sign, signs that its letters lack, and symbols with an index.

/// Letters that carry an index in the texts of reports; the terminal and the page do the same with what they write.
const BASES: [char; 4] = ['P', 'C', 'V', 'x'];
/// Longest index, characters.
const LONGEST: usize = 8;

/// Where a symbol with an index stands in `text`: its letter, the index, how many primes, and where it ends.
fn symbol(text: &str, at: usize) -> Option<(char, &str, usize, usize)> {
    let rest = &text[at..];
    let base = rest.chars().next().filter(|c| BASES.contains(c))?;
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return None;
    }
    let index = rest[base.len_utf8()..].strip_prefix('_')?;
    let word = |s: &str| s.find(|c: char| !c.is_alphanumeric()).unwrap_or(s.len());
    let mut length = word(index);
    if let Some(more) = index[length..].strip_prefix(',') {
        let second = word(more);
        length += if second > 0 { 1 + second } else { 0 };
    }
    let (index, rest) = index.split_at(length);
    if !(1..=LONGEST).contains(&index.chars().count()) {
        return None;
    }
    let primes = rest.chars().take_while(|c| *c == '\'').count().min(2);
    let end = at + base.len_utf8() + 1 + length + primes;
    Some((base, index, primes, end))
}

/// `text` as TeX writes it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some((base, index, primes, end)) = symbol(text, at) {
            out.push_str(&format!(
                "${base}_{{\\mathrm{{{index}}}}}{}$",
                "'".repeat(primes)
            ));
            at = end;
            continue;
        }
        push(&mut out, c);
        at += c.len_utf8();
    }
    out
}

fn push(out: &mut String, c: char) {
    let math = |out: &mut String, sign: &str| {
        out.push('$');
        out.push_str(sign);
        out.push('$');
    };
    match c {
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
            out.push('\\');
            out.push(c);
        }
        '~' => out.push_str("\\textasciitilde{}"),
        '^' => out.push_str("\\textasciicircum{}"),
        '\\' => out.push_str("\\textbackslash{}"),
        '"' => out.push_str("\\textquotedbl{}"),
        '<' | '>' | '|' => math(out, &c.to_string()),
        '\u{a0}' => out.push('~'),
        '\u{2009}' | '\u{202f}' => out.push_str("\\,"),
        '–' => out.push_str("--"),
        '—' => out.push_str("---"),
        '…' => out.push_str("\\dots{}"),
        '“' => out.push_str("``"),
        '”' => out.push_str("''"),
        '‘' => out.push('`'),
        '’' => out.push('\''),
        '€' => out.push_str("\\texteuro{}"),
        '₀'..='₉' => math(out, &format!("_{}", c as u32 - '₀' as u32)),
        c if c.is_control() => {}
        c => match in_math(c) {
            Some(sign) => math(out, sign),
            None if (c as u32) < 0x180 => out.push(c),
            None => out.push_str(&format!("[U+{:04X}]", c as u32)),
        },
    }
}

/// The command of a sign that stands in mathematics.
fn in_math(c: char) -> Option<&'static str> {
    Some(match c {
        '−' => "-",
        '·' => "\\cdot",
        '×' => "\\times",
        '±' => "\\pm",
        '÷' => "\\div",
        '≤' => "\\le",
        '≥' => "\\ge",
        '≈' => "\\approx",
        '≠' => "\\ne",
        '∈' => "\\in",
        '∞' => "\\infty",
        '∑' | 'Σ' => "\\Sigma",
        '√' => "\\surd",
        '∂' => "\\partial",
        '∇' => "\\nabla",
        '→' => "\\to",
        '←' => "\\leftarrow",
        '↔' => "\\leftrightarrow",
        '↑' => "\\uparrow",
        '↓' => "\\downarrow",
        '▲' | '△' => "\\triangle",
        '▼' | '▽' => "\\nabla",
        '°' => "^\\circ",
        '′' => "'",
        '″' => "''",
        '¹' => "^1",
        '²' => "^2",
        '³' => "^3",
        'α' => "\\alpha",
        'β' => "\\beta",
        'γ' => "\\gamma",
        'δ' => "\\delta",
        'ε' => "\\varepsilon",
        'η' => "\\eta",
        'θ' => "\\theta",
        'κ' => "\\kappa",
        'λ' => "\\lambda",
        'μ' | 'µ' => "\\mu",
        'ν' => "\\nu",
        'π' => "\\pi",
        'ρ' => "\\rho",
        'σ' => "\\sigma",
        'τ' => "\\tau",
        'φ' => "\\varphi",
        'ψ' => "\\psi",
        'ω' => "\\omega",
        'Γ' => "\\Gamma",
        'Δ' => "\\Delta",
        'Φ' => "\\Phi",
        'Ω' => "\\Omega",
        _ => return None,
    })
}

/// A text on one line of a comment.
pub fn comment(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
