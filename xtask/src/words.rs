//! `www/glossary.json` as the page reads it, with symbols as MathML, and as a page of its own, `words.html`.

use pulldown_latex::config::DisplayMode;
use serde_json::{Map, Value, json};

use crate::{Failure, math::Styles};

/// What is made of the glossary.
pub struct Words {
    /// The glossary with MathML in place of LaTeX and without what only the documentation shows.
    pub json: String,
    /// The page of all words.
    pub html: String,
}

/// Fill `{{toc}}` and `{{body}}` of `template` from the glossary; `how` is the page of equations, which must hold every
/// anchor that a term names.
pub fn words(glossary: &str, template: &str, how: &str) -> Result<Words, Failure> {
    for place in ["{{toc}}", "{{body}}"] {
        if template.matches(place).count() != 1 {
            return Err(format!("words.template.html must hold {place} once").into());
        }
    }
    let data: Value = serde_json::from_str(glossary)?;
    let mut styles = Styles::default();
    let mut terms = Vec::new();
    for term in list(&data, "terms")? {
        terms.push(served(term, how, &mut styles)?);
    }
    let (mut toc, mut body) = (String::from("<ol>\n"), String::new());
    for group in list(&data, "groups")? {
        let (id, title) = (text(group, "id"), text(group, "title"));
        toc.push_str(&format!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        let entries: String = terms
            .iter()
            .filter(|t| text(t, "group") == id)
            .map(entry)
            .collect();
        body.push_str(&format!(
            "<section class=\"words\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n<dl>\n{entries}</dl>\n</section>\n"
        ));
    }
    toc.push_str("</ol>");
    // A declaration of its own would be missing in the page, which has other style sheets.
    if body.contains("math-0") || body.contains(" style=") {
        return Err("a symbol of the glossary needs a style of its own: write it without spaces and colours".into());
    }
    Ok(Words {
        json: serde_json::to_string(&json!({ "terms": terms }))?,
        html: template.replace("{{toc}}", &toc).replace("{{body}}", &body),
    })
}

/// A term as the page reads it.
fn served(term: &Value, how: &str, styles: &mut Styles) -> Result<Value, Failure> {
    let mut out = Map::new();
    for key in ["id", "group", "short", "long", "sentence"] {
        let value = text(term, key);
        if value.is_empty() {
            return Err(format!("the term {} has no {key}", text(term, "id")).into());
        }
        out.insert(key.into(), json!(value));
    }
    let symbol = text(term, "symbol");
    if !symbol.is_empty() {
        out.insert(
            "math".into(),
            json!(styles.mathml(symbol, DisplayMode::Inline)?),
        );
    }
    let unit = text(term, "unit");
    if !unit.is_empty() {
        out.insert("unit".into(), json!(unit));
    }
    let anchor = text(term, "equation");
    if !anchor.is_empty() {
        if !how.contains(&format!("id=\"{anchor}\"")) {
            return Err(format!("{}: docs/EQUATIONS.md has no {anchor}", text(term, "id")).into());
        }
        out.insert("equation".into(), json!(anchor));
    }
    out.insert("forms".into(), json!(list(term, "forms")?));
    Ok(Value::Object(out))
}

/// A term as an entry of the page.
fn entry(term: &Value) -> String {
    let [id, short, long, sentence] =
        ["id", "short", "long", "sentence"].map(|key| escaped(text(term, key)));
    // As the page names it on cards: a longer name that begins with the short one stands for both.
    let (short, name) = if long.to_lowercase().starts_with(&short.to_lowercase()) {
        (long, String::new())
    } else {
        (short, format!(" {long}"))
    };
    let forms: Vec<&str> = term["forms"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut facts = Vec::new();
    let math = text(term, "math");
    if !math.is_empty() {
        facts.push(format!("<span>Symbol {math}</span>"));
    }
    let unit = text(term, "unit");
    if !unit.is_empty() {
        facts.push(format!("<span>Unit {}</span>", escaped(unit)));
    }
    let anchor = text(term, "equation");
    if !anchor.is_empty() {
        facts.push(format!("<a href=\"how.html#{anchor}\">Equation</a>"));
    }
    let facts = if facts.is_empty() {
        String::new()
    } else {
        format!("<p class=\"word-facts\">{}</p>", facts.join(" "))
    };
    format!(
        "<div class=\"word\" id=\"{id}\" data-forms=\"{}\">\n<dt><a href=\"#{id}\">{short}</a>{name}</dt>\n<dd><p>{sentence}</p>{facts}</dd>\n</div>\n",
        escaped(&forms.join(" "))
    )
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v Vec<Value>, Failure> {
    value[key]
        .as_array()
        .ok_or_else(|| format!("www/glossary.json: `{key}` is no list").into())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: &str = "<h3 id=\"here\">";

    fn made(term: &str) -> Result<Words, Failure> {
        let glossary = format!(
            "{{\"groups\": [{{\"id\": \"who\", \"title\": \"Who\"}}], \"terms\": [{term}]}}"
        );
        words(&glossary, "{{toc}}|{{body}}", HOW)
    }

    #[test]
    fn a_term_has_its_symbol_and_its_link() {
        let made = made(
            r#"{"id": "a", "group": "who", "short": "A", "long": "the alpha & co", "sentence": "One.", "symbol": "P_a", "unit": "MW",
            "equation": "here", "code": ["x::Y"], "forms": ["A", "alphas"]}"#,
        )
        .expect("a page");
        assert!(
            made.html
                .contains("<dt><a href=\"#a\">A</a> the alpha &amp; co</dt>"),
            "{}",
            made.html
        );
        assert!(
            made.html.contains("href=\"how.html#here\""),
            "{}",
            made.html
        );
        assert!(made.html.contains("<math"), "{}", made.html);
        assert!(
            made.json.contains("\"math\"") && !made.json.contains("x::Y"),
            "{}",
            made.json
        );
    }

    #[test]
    fn a_term_without_a_sentence_or_with_a_dead_link_is_refused() {
        assert!(
            made(r#"{"id": "a", "group": "who", "short": "A", "long": "a", "forms": []}"#).is_err()
        );
        let dead = r#"{"id": "a", "group": "who", "short": "A", "long": "a", "sentence": "One.", "equation": "gone", "forms": []}"#;
        assert!(made(dead).is_err());
    }
}
