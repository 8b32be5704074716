//! Files of question banks read back: as XML, by what their formats demand, and by what every answer scores.

use std::collections::HashSet;

use roxmltree::{Document as Xml, Node};
use tandem::questions::{Bank, File, Format};

/// Reads the files of a format and compares them with the bank.
pub fn read_back(bank: &Bank, format: Format) {
    let files = bank.files(format);
    match format {
        Format::Moodle => of_moodle(bank, &files[0].text),
        Format::Gift => of_gift(bank, &files[0].text),
        Format::Qti => of_qti(bank, &files),
    }
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Node<'a, 'a> {
    let mut found = node.children().filter(|n| n.has_tag_name(name));
    let one = found
        .next()
        .unwrap_or_else(|| panic!("no {name} in {:?}", node.tag_name()));
    assert!(found.next().is_none(), "two of {name}");
    one
}

fn text_of(node: Node) -> String {
    child(node, "text").text().unwrap_or_default().to_string()
}

fn float(text: &str) -> f64 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

/// What Moodle's reader of its XML asks for: names, texts, fractions that add up, numbers with a tolerance.
fn of_moodle(bank: &Bank, text: &str) {
    let xml = Xml::parse(text).unwrap();
    let mut all = xml.root_element().children().filter(Node::is_element);
    assert_eq!(all.next().unwrap().attribute("type"), Some("category"));
    for (question, node) in bank.questions.iter().zip(all.by_ref()) {
        let html = text_of(child(node, "questiontext"));
        Xml::parse(&format!("<div>{html}</div>")).unwrap();
        assert!(!text_of(child(node, "name")).is_empty() && html.contains("<p>"));
        let answers: Vec<Node> = node
            .children()
            .filter(|n| n.has_tag_name("answer"))
            .collect();
        let right: Vec<&Node> = answers
            .iter()
            .filter(|n| n.attribute("fraction") == Some("100"))
            .collect();
        assert_eq!(right.len(), 1);
        if question.choice.is_some() {
            assert_eq!(
                (node.attribute("type"), answers.len()),
                (Some("multichoice"), 4)
            );
            continue;
        }
        assert_eq!(node.attribute("type"), Some("numerical"));
        let hit = |answer: &Node, value: f64| {
            let off = float(child(*answer, "tolerance").text().unwrap());
            (float(&text_of(*answer)) - value).abs() <= off
        };
        let (low, high) = question.right;
        assert!(
            [low, 0.5 * (low + high), high]
                .iter()
                .all(|v| hit(&answers[0], *v))
        );
        for (wrong, answer) in question.wrong.iter().zip(&answers[1..]) {
            assert!(!hit(&answers[0], wrong.value) && hit(answer, wrong.value));
        }
    }
    assert!(all.next().is_none());
}

/// Questions parted by empty lines, one pair of braces each that is not escaped, answers that read as numbers.
fn of_gift(bank: &Bank, text: &str) {
    let blocks: Vec<&str> = text.trim().split("\n\n").collect();
    assert!(blocks[0].starts_with("$CATEGORY: $course$/top/Tandem/"));
    assert_eq!(blocks.len(), 1 + bank.questions.len());
    for (question, block) in bank.questions.iter().zip(&blocks[1..]) {
        let bare: String = block
            .replace("\\\\", "")
            .split('\\')
            .enumerate()
            .map(|(k, part)| if k == 0 { part } else { &part[1..] })
            .collect();
        assert_eq!(
            (bare.matches('{').count(), bare.matches('}').count()),
            (1, 1),
            "{block}"
        );
        let (head, answers) = bare.split_once('{').unwrap();
        assert!(head.starts_with("::") && head.contains("::[html]<p>"));
        let lines: Vec<&str> = answers
            .lines()
            .filter(|line| line.starts_with(['=', '~']))
            .collect();
        match question.choice {
            Some(place) => assert!(lines.len() == 4 && lines[place].starts_with('=')),
            None => {
                let (low, high) = question.right;
                let (value, off) = lines[0][1..].split_once(':').unwrap();
                let off = float(off.split('#').next().unwrap());
                assert!((float(value) - low).abs() <= off && (float(value) - high).abs() <= off);
                assert_eq!(lines.len(), 1 + question.wrong.len());
            }
        }
    }
}

/// Order of what stands in an item (QTI 2.1, assessmentItem).
const ITEM: [&str; 5] = [
    "responseDeclaration",
    "outcomeDeclaration",
    "itemBody",
    "responseProcessing",
    "modalFeedback",
];

/// What the schema of QTI 2.1 demands of the elements used here, and what a right and every wrong answer score.
fn of_qti(bank: &Bank, files: &[File]) {
    let manifest = Xml::parse(&files[0].text).unwrap();
    let resources = child(manifest.root_element(), "resources");
    let listed: Vec<&str> = resources
        .children()
        .filter_map(|n| n.attribute("href"))
        .collect();
    let names: Vec<&str> = files[1..].iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        (files[0].name.as_str(), &listed),
        ("imsmanifest.xml", &names)
    );
    for (question, file) in bank.questions.iter().zip(&files[1..]) {
        let xml = Xml::parse(&file.text).unwrap();
        let item = xml.root_element();
        assert_eq!(
            item.tag_name().namespace(),
            Some("http://www.imsglobal.org/xsd/imsqti_v2p1")
        );
        for (name, value) in [("adaptive", "false"), ("timeDependent", "false")] {
            assert_eq!(item.attribute(name), Some(value));
        }
        assert!(!item.attribute("title").unwrap().is_empty());
        let places: Vec<usize> = (item.children().filter(Node::is_element))
            .map(|n| ITEM.iter().position(|own| n.has_tag_name(*own)).unwrap())
            .collect();
        assert!(places.is_sorted());
        let ids = item.descendants().filter_map(|n| n.attribute("identifier"));
        for id in ids {
            assert!(id.starts_with(|c: char| c.is_ascii_alphabetic()));
            assert!(
                id.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)),
                "{id}"
            );
        }
        let body = child(item, "itemBody");
        assert!(body.children().all(|n| {
            ["p", "ul", "choiceInteraction"]
                .iter()
                .any(|name| n.has_tag_name(*name))
        }));
        assert!(
            body.descendants()
                .filter(|n| n.has_tag_name("ul"))
                .all(|n| n.children().all(|own| own.has_tag_name("li")))
        );
        let interaction = body
            .descendants()
            .find(|n| n.has_attribute("responseIdentifier"));
        assert_eq!(
            interaction.unwrap().attribute("responseIdentifier"),
            Some("RESPONSE")
        );
        let outcomes: HashSet<&str> = (item
            .children()
            .filter(|n| n.has_tag_name("outcomeDeclaration")))
        .map(|n| n.attribute("identifier").unwrap())
        .collect();
        for node in item
            .descendants()
            .filter(|n| n.has_tag_name("modalFeedback"))
        {
            assert!(outcomes.contains(node.attribute("outcomeIdentifier").unwrap()));
            assert_eq!(node.attribute("showHide"), Some("show"));
        }
        match question.choice {
            Some(place) => {
                let choices = body
                    .descendants()
                    .filter(|n| n.has_tag_name("simpleChoice"));
                let choices: Vec<&str> = choices
                    .map(|n| n.attribute("identifier").unwrap())
                    .collect();
                let correct = item
                    .descendants()
                    .find(|n| n.has_tag_name("value"))
                    .unwrap();
                assert_eq!((correct.text(), choices.len()), (Some(choices[place]), 4));
            }
            None => {
                let (low, high) = question.right;
                for value in [low, 0.5 * (low + high), high] {
                    assert_eq!(processed(item, value), (1.0, "right".into()));
                }
                for (k, wrong) in question.wrong.iter().enumerate() {
                    assert_eq!(
                        processed(item, wrong.value),
                        (0.0, format!("wrong-{}", k + 1))
                    );
                }
            }
        }
    }
}

/// The score of a number and what is said to it, by the item's own response processing.
fn processed(item: Node, response: f64) -> (f64, String) {
    let condition = child(child(item, "responseProcessing"), "responseCondition");
    let base = |node: Node| float(child(node, "baseValue").text().unwrap());
    let holds = |test: Node| match test.tag_name().name() {
        "and" => test.children().all(|own| match own.tag_name().name() {
            "gte" => response >= base(own),
            "lte" => response <= base(own),
            other => panic!("{other}"),
        }),
        "equal" => {
            assert_eq!(test.attribute("toleranceMode"), Some("absolute"));
            let off = float(
                test.attribute("tolerance")
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap(),
            );
            (response - base(test)).abs() <= off
        }
        other => panic!("{other}"),
    };
    let mut cases = condition.children().filter(Node::is_element);
    let hit = cases.find(|own| holds(own.first_element_child().unwrap()));
    let set = |name: &str| {
        let hit = hit?;
        let node = hit
            .children()
            .find(|n| n.attribute("identifier") == Some(name))?;
        Some(child(node, "baseValue").text().unwrap().to_string())
    };
    (
        set("SCORE").map_or(0.0, |text| float(&text)),
        set("SAID").unwrap_or_default(),
    )
}
