//! `docs/EQUATIONS.md` as a page.
//!
//! Markdown with tables, formulas (`$…$`, `$$…$$` or a fenced block `math`) and equation tags. A tag is
//! written `[zuo2022](10)`, a range `[zuo2022](5-9)`; it becomes a link to its anchor `#eq-zuo2022-10`.
//! The anchor of an equation is the heading that holds its tag, else the first place that names it.
//! A link to a file of the repository becomes plain text, because the page serves none.

use std::collections::HashSet;

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html,
};
use pulldown_latex::config::DisplayMode;

use crate::{Failure, math::Styles};

/// A finished page and the style sheet of its formulas.
pub struct Page {
    pub html: String,
    pub css: String,
}

/// Fill `{{toc}}` and `{{body}}` of `template` from `markdown`.
pub fn page(markdown: &str, template: &str) -> Result<Page, Failure> {
    for place in ["{{toc}}", "{{body}}"] {
        if template.matches(place).count() != 1 {
            return Err(format!("how.template.html must hold {place} once").into());
        }
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_HEADING_ATTRIBUTES;
    let events: Vec<Event> = Parser::new_ext(markdown, options).collect();

    let mut styles = Styles::default();
    let events = formulas(tags(events), &mut styles)?;
    let mut taken = explicit_ids(&events);
    let (events, toc) = headings(events, &mut taken);
    let events = anchors(events, &mut taken);

    let mut body = String::new();
    push_html(&mut body, events.into_iter());
    for forbidden in [" style=", "<script", "<style"] {
        if body.contains(forbidden) {
            return Err(format!("{forbidden} is forbidden by the policy of the page").into());
        }
    }
    Ok(Page {
        html: template.replace("{{toc}}", &toc).replace("{{body}}", &body),
        css: styles.css(),
    })
}

/// Replace formulas by MathML, and give every table a box of its own to scroll in.
fn formulas<'a>(events: Vec<Event<'a>>, styles: &mut Styles) -> Result<Vec<Event<'a>>, Failure> {
    let mut out = Vec::with_capacity(events.len());
    let mut block: Option<String> = None;
    for event in events {
        match event {
            Event::InlineMath(latex) => {
                let mathml = styles.mathml(&latex, DisplayMode::Inline)?;
                out.push(Event::InlineHtml(mathml.into()));
            }
            Event::DisplayMath(latex) => out.push(display(&latex, styles)?),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref kind))) if &**kind == "math" => {
                block = Some(String::new());
            }
            Event::Text(ref text) if block.is_some() => {
                if let Some(latex) = &mut block {
                    latex.push_str(text);
                }
            }
            Event::End(TagEnd::CodeBlock) if block.is_some() => {
                if let Some(latex) = block.take() {
                    out.push(display(&latex, styles)?);
                }
            }
            Event::Start(Tag::Table(_)) => {
                out.push(Event::Html(
                    "<div class=\"scroll\" tabindex=\"0\">\n".into(),
                ));
                out.push(event);
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(Event::Html("</div>\n".into()));
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

fn display(latex: &str, styles: &mut Styles) -> Result<Event<'static>, Failure> {
    let mathml = styles.mathml(latex, DisplayMode::Block)?;
    Ok(Event::InlineHtml(
        format!("<span class=\"formula\" tabindex=\"0\">{mathml}</span>").into(),
    ))
}

/// Turn equation tags into links within the page, and links to files of the repository into text.
fn tags(events: Vec<Event>) -> Vec<Event> {
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        let Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) = event
        else {
            out.push(event);
            continue;
        };
        let mut inside: Vec<Event> = events
            .by_ref()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Link)))
            .collect();
        let target = if is_number(&dest_url) {
            let target = format!("#{}", slug(&format!("eq {} {dest_url}", text_of(&inside))));
            inside.push(Event::Text(
                format!(" ({})", dest_url.replace('-', "–")).into(),
            ));
            CowStr::from(target)
        } else if dest_url.starts_with('#') || dest_url.starts_with("https://") {
            dest_url
        } else {
            out.extend(inside);
            continue;
        };
        out.push(Event::Start(Tag::Link {
            link_type,
            dest_url: target,
            title,
            id,
        }));
        out.extend(inside);
        out.push(Event::End(TagEnd::Link));
    }
    out
}

/// `5`, `12a`, `5-9`: the number of an equation, written where a link has its address.
fn is_number(address: &str) -> bool {
    address.starts_with(|first: char| first.is_ascii_digit())
        && address
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The anchor of the equation that a link points to.
fn equation<'e>(event: &'e Event) -> Option<&'e str> {
    match event {
        Event::Start(Tag::Link { dest_url, .. }) => dest_url
            .strip_prefix('#')
            .filter(|anchor| anchor.starts_with("eq-")),
        _ => None,
    }
}

/// The ids written in the text as `{#id}`.
fn explicit_ids(events: &[Event]) -> HashSet<String> {
    let ids = events.iter().filter_map(|event| match event {
        Event::Start(Tag::Heading { id, .. }) => id.as_ref().map(|id| id.to_string()),
        _ => None,
    });
    ids.collect()
}

/// Give every heading an id (its own, its equation's, or its words) and list those of the second and third level.
fn headings<'a>(
    mut events: Vec<Event<'a>>,
    taken: &mut HashSet<String>,
) -> (Vec<Event<'a>>, String) {
    let mut toc = String::from("<ol class=\"toc\">\n");
    for start in 0..events.len() {
        let (before, inside) = events.split_at_mut(start + 1);
        let Some(Event::Start(Tag::Heading { level, id, .. })) = before.last_mut() else {
            continue;
        };
        let inside: Vec<Event> = inside
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
            .cloned()
            .collect();
        let anchor = match (&*id, inside.iter().find_map(equation)) {
            (Some(given), _) => given.to_string(),
            (None, Some(equation)) if taken.insert(equation.to_owned()) => equation.to_owned(),
            _ => free(&slug(&text_of(&inside)), taken),
        };
        *id = Some(anchor.clone().into());
        let class = match level {
            HeadingLevel::H2 => "part",
            HeadingLevel::H3 => "piece",
            _ => continue,
        };
        let words = inside.into_iter().filter(|event| {
            !matches!(
                event,
                Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link)
            )
        });
        let mut shown = String::new();
        push_html(&mut shown, words);
        toc.push_str(&format!(
            "<li class=\"{class}\"><a href=\"#{anchor}\">{shown}</a></li>\n"
        ));
    }
    toc.push_str("</ol>");
    (events, toc)
}

/// `wish` if no element has it yet, else `wish-2`, `wish-3`, …
fn free(wish: &str, taken: &mut HashSet<String>) -> String {
    let mut id = wish.to_owned();
    let mut count = 1;
    while !taken.insert(id.clone()) {
        count += 1;
        id = format!("{wish}-{count}");
    }
    id
}

/// Make the first place that names an equation its anchor, where no heading is.
fn anchors<'a>(events: Vec<Event<'a>>, taken: &mut HashSet<String>) -> Vec<Event<'a>> {
    let place = |event: Event<'a>| match equation(&event) {
        Some(anchor) if taken.insert(anchor.to_owned()) => {
            Event::InlineHtml(format!("<a id=\"{anchor}\" href=\"#{anchor}\">").into())
        }
        _ => event,
    };
    events.into_iter().map(place).collect()
}

fn text_of(events: &[Event]) -> String {
    let mut words = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

/// Lower-case letters and digits joined by single hyphens.
fn slug(words: &str) -> String {
    let parts: Vec<String> = words
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(markdown: &str) -> String {
        page(markdown, "{{toc}}|{{body}}").expect("a page").html
    }

    #[test]
    fn a_heading_with_a_tag_is_the_anchor() {
        let html = render("See [zuo2022](10).\n\n## Increment, [zuo2022](10)\n");
        assert!(
            html.contains("<h2 id=\"eq-zuo2022-10\">Increment, <a href=\"#eq-zuo2022-10\">"),
            "{html}"
        );
        assert!(
            html.contains("See <a href=\"#eq-zuo2022-10\">zuo2022 (10)</a>."),
            "{html}"
        );
        assert!(
            html.contains(
                "<li class=\"part\"><a href=\"#eq-zuo2022-10\">Increment, zuo2022 (10)</a>"
            ),
            "{html}"
        );
        assert_eq!(html.matches("id=\"eq-zuo2022-10\"").count(), 1, "{html}");
    }

    #[test]
    fn the_first_place_is_the_anchor_where_no_heading_is() {
        let html =
            render("| eq. | code |\n|-|-|\n| [zuo2022](5-9) | `ep` |\n\n[zuo2022](5-9) again\n");
        assert_eq!(
            html.matches("<a id=\"eq-zuo2022-5-9\" href=\"#eq-zuo2022-5-9\">zuo2022 (5–9)</a>")
                .count(),
            1
        );
        assert_eq!(
            html.matches("href=\"#eq-zuo2022-5-9\"").count(),
            2,
            "{html}"
        );
        assert!(
            html.contains("<div class=\"scroll\" tabindex=\"0\">"),
            "{html}"
        );
    }

    #[test]
    fn headings_with_the_same_words_differ_in_their_ids() {
        let html = render("## Prices\n\n## Prices\n\n### Own {#here}\n");
        assert!(
            html.contains("id=\"prices\"") && html.contains("id=\"prices-2\""),
            "{html}"
        );
        assert!(html.contains("<h3 id=\"here\">"), "{html}");
    }

    #[test]
    fn formulas_in_text_tables_and_blocks_are_mathml() {
        let html = render("$a_1$\n\n$$b$$\n\n```math\n\\frac{c}{d}\n```\n\n|x|\n|-|\n|$e$|\n");
        assert_eq!(html.matches("<math").count(), 4, "{html}");
        assert_eq!(
            html.matches("<span class=\"formula\" tabindex=\"0\"><math display=\"block\"")
                .count(),
            2,
            "{html}"
        );
    }

    #[test]
    fn links_to_files_become_text() {
        assert!(render("in [`dc.rs`](net/dc.rs)").contains("<p>in <code>dc.rs</code></p>"));
    }

    #[test]
    fn inline_styles_and_unknown_commands_are_refused() {
        assert!(page("<b style=\"color:red\">x</b>", "{{toc}}{{body}}").is_err());
        assert!(page("$\\nosuch$", "{{toc}}{{body}}").is_err());
        assert!(page("text", "{{body}}").is_err());
    }
}
