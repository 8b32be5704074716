//! LaTeX to MathML, with no inline style: the policy of the page forbids it.

use pulldown_latex::{
    Parser, RenderConfig, Storage,
    config::{DisplayMode, MathStyle},
    mathml::push_mathml,
};

use crate::Failure;

const MARK: &str = " style=\"";

/// Declarations met as inline styles, each served as a class of the style sheet instead.
#[derive(Default)]
pub struct Styles {
    declarations: Vec<String>,
}

impl Styles {
    /// MathML of one formula. A command the renderer does not know is a failure that shows the formula.
    pub fn mathml(&mut self, latex: &str, mode: DisplayMode) -> Result<String, Failure> {
        let storage = Storage::new();
        if let Some(failure) = Parser::new(latex, &storage).find_map(Result::err) {
            return Err(format!("{failure}\nin the formula {}", latex.trim()).into());
        }
        let config = RenderConfig {
            display_mode: mode,
            annotation: Some(latex.trim()),
            math_style: MathStyle::ISO,
            ..RenderConfig::default()
        };
        let storage = Storage::new();
        let mut mathml = String::new();
        push_mathml(&mut mathml, Parser::new(latex, &storage), config)?;
        Ok(self.without_inline(&valid(&mathml)))
    }

    /// The style sheet: the fixed rules of the renderer's classes and the declarations met.
    pub fn css(&self) -> String {
        let mut css = include_str!("../assets/math.css").to_owned();
        for (number, declaration) in self.declarations.iter().enumerate() {
            css.push_str(&format!("\n.math-{number} {{\n  {declaration};\n}}\n"));
        }
        css
    }

    /// Replace each `style` attribute of an element by a class. Formulas set by
    /// [`Styles::mathml`] keep the attribute only inside tags, where `"` is the closing quote.
    fn without_inline(&mut self, mathml: &str) -> String {
        let mut out = String::with_capacity(mathml.len());
        let mut rest = mathml;
        while let Some((before, after)) = rest.split_once(MARK) {
            let Some((declaration, tail)) = after.split_once('"') else {
                break;
            };
            let number = self.number(declaration.trim_end_matches(';'));
            let tag = before.rfind('<').map_or("", |start| &before[start..]);
            if let Some(class) = tag.find(" class=\"") {
                // The element has a class already: add to it.
                let at = before.len() - tag.len() + class + " class=\"".len();
                out.push_str(&before[..at]);
                out.push_str(&format!("math-{number} "));
                out.push_str(&before[at..]);
            } else {
                out.push_str(before);
                out.push_str(&format!(" class=\"math-{number}\""));
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    fn number(&mut self, declaration: &str) -> usize {
        let known = self
            .declarations
            .iter()
            .position(|known| known == declaration);
        known.unwrap_or_else(|| {
            self.declarations.push(declaration.to_owned());
            self.declarations.len() - 1
        })
    }
}

/// What the renderer writes and HTML does not allow: a bare "less than", attributes without a space between them.
fn valid(mathml: &str) -> String {
    mathml
        .replace("><</", ">&lt;</")
        .replace("\"minsize=", "\" minsize=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(latex: &str) -> (String, String) {
        let mut styles = Styles::default();
        let mathml = styles
            .mathml(latex, DisplayMode::Block)
            .expect("known commands");
        (mathml, styles.css())
    }

    #[test]
    fn styles_become_classes() {
        let (mathml, css) = render(r"a \! b \color{red} c");
        assert!(!mathml.contains(" style="), "{mathml}");
        assert!(mathml.contains("math-0"), "{mathml}");
        assert!(css.contains(".math-0 {\n  margin-left:"), "{css}");
        assert!(css.contains("color: rgb(255 0 0);"), "{css}");
    }

    #[test]
    fn what_is_written_is_html() {
        let (mathml, _) = render(r"\bigl\{ a < b \bigr\}");
        assert!(mathml.contains("<mo>&lt;</mo>"), "{mathml}");
        assert!(mathml.contains("\" minsize="), "{mathml}");
        assert!(!mathml.contains("\"minsize="), "{mathml}");
    }

    #[test]
    fn the_programs_of_the_papers_render() {
        for latex in [
            r"\min_{P,\,b} \sum_{i \in \mathcal{G}} c_i P_i \quad \text{s.t.}",
            r"\begin{aligned} x &\le \overline{x} \\ y &\ge 0 \end{aligned}",
            r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
            r"\lambda^{+} \perp \underline{\mu} \in \mathbb{R}^{n}, \qquad \hat{x} = \lVert A x \rVert_2",
            r"\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}^{\top} \frac{\partial C}{\partial P_a}\Big|_{\xi}",
        ] {
            assert!(render(latex).0.starts_with("<math"));
        }
    }

    #[test]
    fn an_unknown_command_fails_with_its_formula() {
        let failure = Styles::default().mathml(r"x \nosuch y", DisplayMode::Inline);
        let message = failure.expect_err("unknown command").to_string();
        assert!(message.contains(r"x \nosuch y"), "{message}");
    }
}
