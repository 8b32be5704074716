//! IMS QTI 2.1 (final, 2012): a package of items, each an `assessmentItem` with a text entry or a choice, and the
//! manifest that lists them. <https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html>

use super::markup::{asked, escaped, feedback, setting};
use super::{Bank, File, Question, ask, written};

const ITEM: &str = "http://www.imsglobal.org/xsd/imsqti_v2p1";
const ITEM_AT: &str = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd";
const PACKAGE: &str = "http://www.imsglobal.org/xsd/imscp_v1p1";
const PACKAGE_AT: &str = "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd";

fn head(element: &str, (namespace, at): (&str, &str), attributes: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{element} xmlns=\"{namespace}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"{namespace} {at}\" {attributes}>\n"
    )
}

/// Identifiers of XML begin with a letter.
fn id(question: &Question) -> String {
    format!("q-{}", question.id)
}

pub fn files(bank: &Bank) -> Vec<File> {
    let mut manifest = head(
        "manifest",
        (PACKAGE, PACKAGE_AT),
        &format!("identifier=\"tandem-{}\"", bank.name),
    );
    manifest += "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n<organizations/>\n<resources>\n";
    let mut items = Vec::new();
    for question in &bank.questions {
        let (id, name) = (id(question), format!("items/{}.xml", question.id));
        manifest += &format!(
            "<resource identifier=\"{id}\" type=\"imsqti_item_xmlv2p1\" href=\"{name}\"><file href=\"{name}\"/></resource>\n"
        );
        let text = item(question);
        items.push(File { name, text });
    }
    manifest += "</resources>\n</manifest>\n";
    let manifest = File {
        name: "imsmanifest.xml".into(),
        text: manifest,
    };
    std::iter::once(manifest).chain(items).collect()
}

fn item(question: &Question) -> String {
    let attributes = format!(
        "identifier=\"{}\" title=\"{}\" adaptive=\"false\" timeDependent=\"false\" toolName=\"Tandem\"",
        id(question),
        escaped(&question.title)
    );
    let mut xml = head("assessmentItem", (ITEM, ITEM_AT), &attributes);
    xml += &match question.choice {
        Some(place) => choice(question, place),
        None => number(question),
    };
    let general = feedback(question);
    xml += &said("EXPLAINED", "yes", &general);
    xml + "</assessmentItem>\n"
}

/// The response of a base type with its right value, and the outcomes that the processing sets.
fn declared(kind: &str, right: &str) -> String {
    format!(
        "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" baseType=\"{kind}\"><correctResponse><value>{right}</value></correctResponse></responseDeclaration>\n<outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n<outcomeDeclaration identifier=\"SAID\" cardinality=\"single\" baseType=\"identifier\"/>\n<outcomeDeclaration identifier=\"EXPLAINED\" cardinality=\"single\" baseType=\"identifier\"/>\n"
    )
}

fn set(outcome: &str, kind: &str, value: &str) -> String {
    format!(
        "<setOutcomeValue identifier=\"{outcome}\"><baseValue baseType=\"{kind}\">{value}</baseValue></setOutcomeValue>"
    )
}

const RESPONSE: &str = "<variable identifier=\"RESPONSE\"/>";

/// Feedback, shown where an outcome is the identifier.
fn said(outcome: &str, id: &str, html: &str) -> String {
    format!(
        "<modalFeedback outcomeIdentifier=\"{outcome}\" identifier=\"{id}\" showHide=\"show\">{html}</modalFeedback>\n"
    )
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

/// low − tolerance ≤ response ≤ high + tolerance is right; what a typical error gives has its feedback.
fn number(question: &Question) -> String {
    let (low, high) = question.right;
    let mut xml = declared("float", &written(0.5 * (low + high)));
    xml += &format!(
        "<itemBody>{}<p>{} <textEntryInteraction responseIdentifier=\"RESPONSE\" expectedLength=\"12\"/> {}</p></itemBody>\n<responseProcessing>\n",
        setting(question),
        escaped(&asked(question)),
        escaped(if question.unit == "1" {
            ""
        } else {
            &question.unit
        })
    );
    let float = |value: f64| {
        format!(
            "<baseValue baseType=\"float\">{}</baseValue>",
            written(value)
        )
    };
    let (least, greatest) = (
        float(low - question.tolerance),
        float(high + question.tolerance),
    );
    xml += &format!(
        "<responseCondition><responseIf><and><gte>{RESPONSE}{least}</gte><lte>{RESPONSE}{greatest}</lte></and>{}{}</responseIf>\n",
        set("SCORE", "float", "1"),
        set("SAID", "identifier", "right")
    );
    for (k, wrong) in question.wrong.iter().enumerate() {
        let own = written(ask::tolerance(wrong.value, &question.unit));
        xml += &format!(
            "<responseElseIf><equal toleranceMode=\"absolute\" tolerance=\"{own} {own}\">{RESPONSE}{}</equal>{}</responseElseIf>\n",
            float(wrong.value),
            set("SAID", "identifier", &format!("wrong-{}", k + 1))
        );
    }
    xml += &format!(
        "</responseCondition>\n{}\n</responseProcessing>\n",
        set("EXPLAINED", "identifier", "yes")
    );
    xml += &said("SAID", "right", "<p>Right.</p>");
    for (k, wrong) in question.wrong.iter().enumerate() {
        xml += &said(
            "SAID",
            &format!("wrong-{}", k + 1),
            &paragraph(&wrong.feedback),
        );
    }
    xml
}

fn choice(question: &Question, place: usize) -> String {
    let name = |k: usize| format!("choice-{}", k + 1);
    let choices = question.choices();
    let mut xml = declared("identifier", &name(place));
    xml += &format!(
        "<itemBody>{}<choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\" maxChoices=\"1\"><prompt>{}</prompt>",
        setting(question),
        escaped(&asked(question))
    );
    for (k, (value, ..)) in choices.iter().enumerate() {
        let id = name(k);
        xml += &format!(
            "<simpleChoice identifier=\"{id}\">{}</simpleChoice>",
            escaped(value)
        );
    }
    xml += &format!(
        "</choiceInteraction></itemBody>\n<responseProcessing>\n<responseCondition><responseIf><match>{RESPONSE}<correct identifier=\"RESPONSE\"/></match>{}</responseIf></responseCondition>\n<setOutcomeValue identifier=\"SAID\">{RESPONSE}</setOutcomeValue>\n{}\n</responseProcessing>\n",
        set("SCORE", "float", "1"),
        set("EXPLAINED", "identifier", "yes")
    );
    for (k, (_, _, words)) in choices.iter().enumerate() {
        xml += &said("SAID", &name(k), &paragraph(words));
    }
    xml
}
