//! `cargo xtask deny`: licences, sources and double versions of all dependencies, by the lists of `deny.toml`.
//!
//! A part of what cargo-deny does, in a second and without a network. Security advisories are not looked
//! at: they need cargo-deny and its database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Failure, root};

/// What `deny.toml` says, as far as it is looked at.
struct Rules {
    targets: Vec<String>,
    licences: Vec<String>,
    /// `name@version` that may stand beside another version.
    beside: BTreeSet<String>,
    registries: Vec<String>,
}

/// A dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    /// The expression of its manifest.
    licence: Option<String>,
    /// Absent for members of the workspace.
    source: Option<String>,
}

pub(crate) fn deny() -> Result<(), Failure> {
    let text = fs::read_to_string(root()?.join("deny.toml"))?;
    let rules = rules(&text)?;
    let packages = packages(&rules.targets)?;
    let findings = findings(&rules, &packages);
    if findings.is_empty() {
        println!(
            "{} packages: licences, sources and versions as deny.toml allows. Advisories are for `cargo deny check advisories`.",
            packages.len()
        );
        return Ok(());
    }
    Err(findings.join("\n").into())
}

fn rules(text: &str) -> Result<Rules, Failure> {
    let lists = lists(text)?;
    let list = |section: &str, key: &str| -> Result<Vec<String>, Failure> {
        let found = lists.get(&format!("{section}.{key}"));
        let found = found.ok_or_else(|| format!("deny.toml: no list `{key}` in [{section}]"))?;
        Ok(found.clone())
    };
    Ok(Rules {
        targets: list("graph", "targets")?,
        licences: list("licenses", "allow")?,
        beside: list("bans", "skip")?.into_iter().collect(),
        registries: list("sources", "allow-registry")?,
    })
}

/// The lists of strings of a TOML file, by `section.key`. Other values are passed over.
fn lists(text: &str) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut lists = BTreeMap::new();
    let mut section = "";
    let mut open: Option<(String, Vec<String>)> = None;
    for (n, line) in text.lines().enumerate() {
        let line = without_comment(line).trim();
        let ((key, mut list), rest) = match (open.take(), line.split_once('=')) {
            (Some(list), _) => (list, line),
            (None, Some((key, value))) if value.trim().starts_with('[') => {
                let key = format!("{section}.{}", key.trim());
                ((key, Vec::new()), value.trim().trim_start_matches('['))
            }
            (None, _) => {
                if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    section = name;
                }
                continue;
            }
        };
        if rest.contains(['{', '\'']) {
            return Err(format!("deny.toml:{}: strings in \"…\" only", n + 1).into());
        }
        list.extend(rest.split('"').skip(1).step_by(2).map(String::from));
        match rest.ends_with(']') {
            true => drop(lists.insert(key, list)),
            false => open = Some((key, list)),
        }
    }
    Ok(lists)
}

/// The line up to a `#` that stands in no string.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let end = line.find(|c| {
        quoted ^= c == '"';
        c == '#' && !quoted
    });
    &line[..end.unwrap_or(line.len())]
}

/// All dependencies on the targets, from what is downloaded, else from the registry.
fn packages(targets: &[String]) -> Result<Vec<Package>, Failure> {
    let metadata = |offline: bool| -> Result<std::process::Output, Failure> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(root()?)
            .args(["metadata", "--locked", "--format-version", "1"]);
        for target in targets {
            command.args(["--filter-platform", target]);
        }
        match offline {
            // What it says then matters only if the registry does not answer either.
            true => command.arg("--offline").stderr(Stdio::null()),
            false => command.stderr(Stdio::inherit()),
        };
        Ok(command.output()?)
    };
    let mut output = metadata(true)?;
    if !output.status.success() {
        output = metadata(false)?;
    }
    if !output.status.success() {
        return Err("cargo metadata failed".into());
    }
    let all: Value = serde_json::from_slice(&output.stdout)?;
    let text = |package: &Value, key: &str| package[key].as_str().map(String::from);
    let list = all["packages"].as_array().into_iter().flatten();
    list.map(|package| {
        Ok(Package {
            name: text(package, "name").ok_or("cargo metadata: a package without a name")?,
            version: text(package, "version").ok_or("cargo metadata: a package of no version")?,
            licence: text(package, "license"),
            source: text(package, "source"),
        })
    })
    .collect()
}

fn findings(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for package in packages {
        let id = format!("{}@{}", package.name, package.version);
        match &package.licence {
            None => findings.push(format!("{id} states no licence")),
            Some(licence) => {
                let allowed = |one: &str| rules.licences.iter().any(|l| l == one);
                if !satisfied(licence, &allowed) {
                    findings.push(format!("{id}: the licence {licence} is not allowed"));
                }
            }
        }
        if let Some(source) = &package.source {
            let registry = source.strip_prefix("registry+");
            if !registry.is_some_and(|r| rules.registries.iter().any(|known| known == r)) {
                findings.push(format!("{id} comes from {source}"));
            }
        }
        versions.entry(&package.name).or_default().push(id);
    }
    let mut used = BTreeSet::new();
    for ids in versions.values().filter(|ids| ids.len() > 1) {
        let (named, rest): (Vec<_>, Vec<_>) = ids.iter().partition(|id| rules.beside.contains(*id));
        used.extend(named);
        if rest.len() > 1 {
            let rest: Vec<&str> = rest.iter().map(|id| id.as_str()).collect();
            findings.push(format!("several versions: {}", rest.join(", ")));
        }
    }
    for id in rules.beside.iter().filter(|id| !used.contains(id)) {
        findings.push(format!(
            "deny.toml skips {id}, which stands beside no other version"
        ));
    }
    findings
}

/// Whether a licence expression (SPDX, or the older form with `/` for "or") holds with these licences.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = any(&mut words, allowed);
    holds && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all(words, allowed);
    }
    holds
}

fn all(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let holds = any(words, allowed);
        return words.next_if_eq(&")").is_some() && holds;
    }
    let Some(name) = words.next() else {
        return false;
    };
    match words.next_if_eq(&"WITH") {
        // A licence with an exception is a licence of its own.
        Some(_) => words
            .next()
            .is_some_and(|e| allowed(&format!("{name} WITH {e}"))),
        None => allowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, licence: &str, source: &str) -> Package {
        Package {
            name: name.into(),
            version: version.into(),
            licence: (!licence.is_empty()).then(|| licence.into()),
            source: (!source.is_empty()).then(|| source.into()),
        }
    }

    #[test]
    fn licence_expressions() {
        let allowed = |name: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&name);
        for (expression, holds) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("MIT/GPL-2.0", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND NCSA", false),
            ("MIT AND GPL-3.0-only OR Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("(MIT", false),
            ("MIT MIT", false),
            ("", false),
        ] {
            assert_eq!(satisfied(expression, &allowed), holds, "{expression}");
        }
    }

    #[test]
    fn every_finding_names_the_package() {
        let rules = rules(
            "[graph]\ntargets = []\n[licenses]\nallow = [\"MIT\", # or more\n \"A#B\"]\n[bans]\nskip = [\"a@1\", \"gone@1\"]\n\
             [sources]\nallow-registry = [\"https://good\"]\n",
        )
        .unwrap();
        assert_eq!(rules.licences, ["MIT", "A#B"]);
        let good = "registry+https://good";
        let packages = [
            package("own", "1", "MIT", ""),
            package("a", "1", "MIT", good),
            package("a", "2", "MIT", good),
            package("b", "1", "GPL", good),
            package("b", "2", "", "git+https://elsewhere"),
        ];
        assert_eq!(
            findings(&rules, &packages),
            [
                "b@1: the licence GPL is not allowed",
                "b@2 states no licence",
                "b@2 comes from git+https://elsewhere",
                "several versions: b@1, b@2",
                "deny.toml skips gone@1, which stands beside no other version",
            ]
        );
    }

    #[test]
    fn a_list_in_another_form_is_refused() {
        assert!(lists("[bans]\nskip = [\n { crate = \"a\" },\n]\n").is_err());
    }
}
