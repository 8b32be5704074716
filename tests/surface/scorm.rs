//! A lesson as a package for learning platforms: what is in the zip, what its manifest says, what is refused.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use roxmltree::{Document, Node};
use tandem_formats::unpacked;

const CONTENT: &str = "http://www.imsproject.org/xsd/imscp_rootv1p1p2";
const ADL: &str = "http://www.adlnet.org/xsd/adlcp_rootv1p2";
/// What the page writes of the same preset (`tests/page/scorm.spec.js`).
const FRAME: &str = "?embed=1&amp;view=lesson,task,answer,dispatch,money,network&amp;inputs=case.balancing.bids.BSP1.offers.0.segments.0.usd_per_mwh,case.balancing.imbalances.BRP1.p_mw.0,mechanism.scheme,mechanism.settlement&amp;lang=en#p=mezghani-s3b";

/// A folder of a test, made anew.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tandem-scorm-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn scorm(arguments: &[&str], out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .arg("scorm")
        .args(arguments)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

/// The files of a package that was written, in their order.
fn files(arguments: &[&str], out: &Path) -> Vec<(String, String)> {
    let output = scorm(arguments, out);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let files = unpacked(&fs::read(out).unwrap()).unwrap();
    files
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

fn names(files: &[(String, String)]) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

fn parts<'a>(of: Node<'a, 'a>) -> Vec<&'a str> {
    let elements = of.children().filter(Node::is_element);
    elements.map(|part| part.tag_name().name()).collect()
}

/// The manifest is what SCORM 1.2 asks for, with every file listed; its title and the score to pass.
fn manifest(files: &[(String, String)]) -> (String, String) {
    let (name, text) = &files[0];
    assert_eq!(name, "imsmanifest.xml");
    let manifest = Document::parse(text).unwrap();
    let one = |name: &str| {
        let of = |node: &Node| node.has_tag_name((CONTENT, name));
        manifest.descendants().find(of).unwrap()
    };
    assert_eq!(
        parts(one("manifest")),
        ["metadata", "organizations", "resources"]
    );
    assert_eq!(parts(one("organization")), ["title", "item"]);
    assert_eq!(parts(one("item")), ["title", "masteryscore"]);
    assert_eq!(one("schema").text(), Some("ADL SCORM"));
    assert_eq!(one("schemaversion").text(), Some("1.2"));
    let (organization, item, resource) = (one("organization"), one("item"), one("resource"));
    assert_eq!(
        one("organizations").attribute("default"),
        organization.attribute("identifier")
    );
    assert_eq!(
        item.attribute("identifierref"),
        resource.attribute("identifier")
    );
    assert_eq!(resource.attribute((ADL, "scormtype")), Some("sco"));
    assert_eq!(resource.attribute("href"), Some("index.html"));
    let listed: Vec<&str> = resource
        .children()
        .filter(|node| node.has_tag_name((CONTENT, "file")))
        .map(|file| file.attribute("href").unwrap())
        .collect();
    assert_eq!(listed, names(files)[1..]);
    let mastery = item
        .children()
        .find(|n| n.has_tag_name((ADL, "masteryscore")));
    (
        one("title").text().unwrap().to_owned(),
        mastery.unwrap().text().unwrap().to_owned(),
    )
}

#[test]
fn a_package_shows_a_hosted_page_at_the_lesson() {
    let folder = folder("small");
    let out = folder.join("lesson.zip");
    let page = "https://tandem.example/play";
    let files = files(&["mezghani-s3b", "--page", page], &out);
    assert_eq!(
        names(&files),
        ["imsmanifest.xml", "index.html", "scorm.js", "scorm.css"]
    );
    let (title, mastery) = manifest(&files);
    assert_eq!(
        (title.as_str(), mastery.as_str()),
        ("Shared benefit: imbalance below the overload", "80")
    );
    let index = &files[1].1;
    assert!(
        index.contains(&format!(
            "data-frame=\"{page}/{FRAME}\" data-mastery=\"80\""
        )),
        "{index}"
    );
    assert!(
        index.contains("frame-src https://tandem.example;"),
        "{index}"
    );
    assert_eq!(files[2].1, include_str!("../../www/scorm/scorm.js"));
    let before = fs::read(&out).unwrap();
    scorm(&["mezghani-s3b", "--page", page], &out);
    assert_eq!(fs::read(&out).unwrap(), before);

    // A teacher's own lesson goes with the link; what is said is text, also where it looks like marks and places.
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/scenario/lessons/triangle.json"
    );
    let arguments = [
        own,
        "--page",
        "https://tandem.example/play.html",
        "--views",
        "lmp_by_bus,compare",
        "--mastery",
        "55",
        "--lang",
        "de",
        "--title",
        "A \"lesson\" <b> & {{files}}",
    ];
    let files = self::files(&arguments, &out);
    let (title, mastery) = manifest(&files);
    assert_eq!(title, "A \"lesson\" <b> & {{files}}");
    assert_eq!(mastery, "55");
    let index = &files[1].1;
    assert!(
        index.contains("play.html?embed=1&amp;view=lesson,lmp_by_bus,compare&amp;inputs="),
        "{index}"
    );
    assert!(index.contains("&amp;lang=de#z="), "{index}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_package_takes_of_a_built_page_what_lessons_need() {
    let folder = folder("whole");
    let site = folder.join("dist");
    let built = HashMap::from([
        ("index.html", "<img src=\"pictures/front.svg\">"),
        ("how.html", ""),
        ("words.html", ""),
        ("icon.svg", ""),
        ("manifest.webmanifest", "{}"),
        ("glossary.json", "{}"),
        ("presets.json", "[]"),
        ("css/page.css", ""),
        ("css/page.css.gz", ""),
        ("fonts/sans.woff2", ""),
        ("js/app/main.js", ""),
        ("js/app/main.js.br", ""),
        ("js/parts/chunk-1.js", ""),
        ("languages/de.json", "{}"),
        ("lessons/mezghani-s3b.json", "{}"),
        ("vendor/d3-force.js", ""),
        ("pkg/tandem.js", ""),
        ("pkg/tandem_bg.wasm", ""),
        ("pkg/residual_supply_bg.wasm", ""),
        ("pkg/rt_sced_bg.wasm", ""),
        ("pkg/formats_bg.wasm", ""),
        ("pictures/front.svg", ""),
        ("pictures/other.svg", ""),
        ("ahead/mezghani-s3b.json", "{}"),
        ("ahead/wang-day.json", "{}"),
        ("p/mezghani-s3b.html", ""),
        ("sw.js", ""),
        ("embed.js", ""),
    ]);
    for (name, text) in &built {
        let path = site.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let out = folder.join("lesson.zip");
    let site = site.to_str().unwrap();
    let files = files(&["mezghani-s3b", "--site", site], &out);
    manifest(&files);
    let mut taken: Vec<&str> = names(&files)
        .iter()
        .filter_map(|name| name.strip_prefix("tandem/"))
        .collect();
    taken.sort_unstable();
    assert_eq!(
        taken,
        [
            "ahead/mezghani-s3b.json",
            "css/page.css",
            "fonts/sans.woff2",
            "glossary.json",
            "how.html",
            "icon.svg",
            "index.html",
            "js/app/main.js",
            "js/parts/chunk-1.js",
            "languages/de.json",
            "lessons/mezghani-s3b.json",
            "manifest.webmanifest",
            "pictures/front.svg",
            "pkg/residual_supply_bg.wasm",
            "pkg/tandem.js",
            "pkg/tandem_bg.wasm",
            "presets.json",
            "vendor/d3-force.js",
            "words.html",
        ]
    );
    let index = &files[1].1;
    assert!(
        index.contains(&format!("data-frame=\"tandem/index.html{FRAME}\"")),
        "{index}"
    );
    assert!(index.contains("frame-src 'self';"), "{index}");

    // Without one of its files it is no built page; the package that was there stays.
    fs::remove_file(Path::new(site).join("pkg/tandem_bg.wasm")).unwrap();
    let before = fs::read(&out).unwrap();
    let refused = scorm(&["mezghani-s3b", "--site", site], &out);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said.starts_with("--site") && said.contains("pkg/tandem_bg.wasm"),
        "{said}"
    );
    assert_eq!(fs::read(&out).unwrap(), before);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_no_package_is_refused_in_words() {
    let folder = folder("refused");
    let bare = folder.join("case.json");
    let case = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["case", "triangle"])
        .output()
        .unwrap();
    fs::write(&bare, case.stdout).unwrap();
    let bare = bare.to_str().unwrap();
    let page = ["--page", "https://tandem.example/"];
    for (arguments, words) in [
        (vec![bare, page[0], page[1]], "neither a lesson nor"),
        (vec!["triangle"], "--site"),
        (
            vec!["triangle", page[0], page[1], "--site", "dist"],
            "cannot be used with",
        ),
        (vec!["triangle", "--page", "tandem.example"], "https://"),
        (
            vec!["triangle", "--page", "https://a.b/'; script-src *"],
            "https://",
        ),
        (vec!["triangle", "--page", "https://a.b/?x=1"], "query"),
        (
            vec!["triangle", page[0], page[1], "--views", "answer,sketch"],
            "\"sketch\"",
        ),
        (
            vec!["triangle", page[0], page[1], "--mastery", "101"],
            "101",
        ),
        (vec!["triangle", page[0], page[1], "--lang", "fr"], "fr"),
    ] {
        let out = folder.join("none.zip");
        let output = scorm(&arguments, &out);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!out.exists(), "{arguments:?}");
    }
    fs::remove_dir_all(folder).unwrap();
}
