//! Citations by a style in a file: what is found beside it, and what is said when it cannot be used.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{new_folder, query, repository, sample_index, text};

/// Cites what has 北极 by the style of a file.
fn cite(style: &Path, options: &[&str]) -> Output {
    let style = style.to_str().unwrap();
    query(&[&["--index", sample_index(), "--limit", "3", "北极", "--cite", style], options].concat())
}

/// The styles that the library is tested with.
fn styles() -> std::path::PathBuf {
    repository().join("query/render/src/cite/csl/tests")
}

#[test]
fn a_style_in_a_file_cites_what_was_found() {
    let cited = cite(&styles().join("list.csl"), &[]);
    let expected = "林舟. “冰融之后的规则之争： 北极航道治理与俄罗斯、北欧和中国的政策互动.” no. 3, 2024, pp. 71–89.\n";
    assert_eq!(text(&cited.stdout), expected);
}

#[test]
fn a_style_in_a_file_cites_the_library_and_one_passage() {
    let style = styles().join("list.csl");
    let style = style.to_str().unwrap();
    let all = query(&["--index", sample_index(), "--list", "--cite", style]);
    assert_eq!(text(&all.stdout).lines().count(), 12);
    let found = query(&["--index", sample_index(), "--json", "--limit", "1", "экспорт зерна"]);
    let hit = text(&found.stdout).lines().next().unwrap().to_owned();
    let hit: serde_json::Value = serde_json::from_str(&hit).unwrap();
    let one = query(&["--index", sample_index(), "--show", hit["id"].as_str().unwrap(), "--cite", style]);
    assert!(text(&all.stdout).contains(&text(&one.stdout)) && one.stdout.len() > 20, "{}", text(&one.stdout));
}

#[test]
fn a_locale_is_named_or_lies_beside() {
    let folder = new_folder();
    let style = folder.path().join("list.csl");
    let list = fs::read_to_string(styles().join("list.csl")).unwrap();
    fs::write(&style, list.replace("\"en-US\"", "\"fr-FR\"")).unwrap();
    let missing = cite(&style, &[]);
    assert_eq!(missing.status.code(), Some(2));
    let said = text(&missing.stderr);
    assert!(said.contains("needs the terms of the locale `fr-FR`"), "{said}");
    assert!(said.contains("hint: get it from https://github.com/citation-style-language/locales"), "{said}");
    let locale = folder.path().join("locales-fr-FR.xml");
    let words = "<term name=\"issue\" form=\"short\"><single>numéro</single><multiple>numéros</multiple></term>";
    fs::write(&locale, format!("<locale version=\"1.0\" xml:lang=\"fr-FR\"><terms>{words}</terms></locale>")).unwrap();
    assert!(text(&cite(&style, &[]).stdout).contains("numéro 3"), "{}", text(&cite(&style, &[]).stdout));
    let english = styles().join("list.csl");
    let named = cite(&english, &["--cite-locale", locale.to_str().unwrap()]);
    assert!(text(&named.stdout).contains("numéro 3"));
}

#[test]
fn what_is_no_style_is_said() {
    let folder = new_folder();
    let style = folder.path().join("样式.csl");
    let dependent = "<style><info><title>x</title><id>x</id><updated>2026-01-01T00:00:00+00:00</updated>\
                     <link href=\"http://www.zotero.org/styles/apa\" rel=\"independent-parent\"/></info></style>";
    let circle = "<style><macro name=\"a\"><text macro=\"a\"/></macro>\
                  <citation><layout><text macro=\"a\"/></layout></citation></style>";
    for (written, message) in [
        (
            dependent.replace("<style>", "<style version=\"1.0\">").as_str(),
            "it only names another style, http://www.zotero.org/styles/apa",
        ),
        (circle, "the macro `a` calls itself"),
        ("停火", "it is not XML: it has no element"),
        ("<html><body/></html>", "it is not CSL"),
        ("", "it is not XML: it has no element"),
    ] {
        fs::write(&style, written).unwrap();
        let output = cite(&style, &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: cannot cite by `") && said.contains(message), "{said}");
        assert!(output.stdout.is_empty());
    }
    let said = text(&cite(&folder.path().join("none.csl"), &[]).stderr);
    assert!(said.contains("cannot read `") && said.contains("none.csl`"), "{said}");
    let said = text(&cite(Path::new("apa"), &[]).stderr);
    assert!(
        said.contains("[possible values: gbt7714, gost, bibtex, csl-json]") && said.contains("ends with .csl"),
        "{said}"
    );
    let said = text(&cite(Path::new("gost"), &["--cite-locale", "x.xml"]).stderr);
    assert!(said.contains("--cite-locale is for a style in a file"), "{said}");
}
