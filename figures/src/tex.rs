//! Words for TeX: signs that it reads as more than a sign, signs that its letters lack, and symbols with an index.

use crate::symbols::symbol;

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
        at += c.len_utf8();
        let accent = match text[at..].chars().next() {
            Some('\u{302}') => "\\hat",
            Some('\u{303}') => "\\tilde",
            Some('\u{304}') => "\\bar",
            _ => "",
        };
        match accent {
            "" => push(&mut out, c),
            accent => {
                out.push_str(&format!("${accent}{{\\mathrm{{{c}}}}}$"));
                at += '\u{302}'.len_utf8();
            }
        }
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
        // A sign that every encoding of fonts has.
        '"' => out.push_str("''"),
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
        '⁰' | '⁴'..='⁹' => math(out, &format!("^{}", c as u32 - '⁰' as u32)),
        '⁻' => math(out, "^-"),
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
        'ℓ' => "\\ell",
        '‖' => "\\|",
        '∪' => "\\cup",
        '∫' => "\\int",
        '∓' => "\\mp",
        '⇒' => "\\Rightarrow",
        '⇔' => "\\Leftrightarrow",
        'Ẽ' => "\\tilde{\\mathrm{E}}",
        'ᵀ' => "^{\\mathrm{T}}",
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
