//! The two programs together, on the sample articles.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{
    articles, indexer, new_folder, query, query_command, query_in, read_articles, sample_index, text,
};

fn json_lines(output: &[u8]) -> Vec<Value> {
    text(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn a_folder_is_indexed_and_searched_in_three_languages() {
    let folder = new_folder();
    fs::create_dir_all(folder.path().join("статьи")).unwrap();
    fs::write(folder.path().join("停火.md"), "# 停火\n\n乌克兰停火谈判。\n").unwrap();
    fs::write(folder.path().join("статьи/мир.txt"), "Переговоры о мире\nпродолжаются.\n").unwrap();
    fs::write(folder.path().join("war.md"), "# War\n\nSanctions and war.\n").unwrap();
    let path = folder.path().to_str().unwrap();
    let output = indexer(&[path]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("articles  3\n"), "{}", text(&output.stdout));
    assert!(text(&output.stdout).ends_with("\"…\"\n"));
    for (words, expected) in [("停火谈判", "停火.md:3"), ("переговорах мир", "мир.txt:1"), ("sanction", "war.md:3")]
    {
        let output = query_in(folder.path(), &[words]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains(expected), "{}", text(&output.stdout));
        assert!(!text(&output.stdout).contains('\x1b'), "piped output has no colour");
    }
    let nothing = query_in(folder.path(), &["螺旋桨"]);
    assert_eq!((nothing.status.code(), text(&nothing.stdout)), (Some(1), String::new()));
}

#[test]
fn a_second_run_replaces_the_index() {
    let folder = new_folder();
    let path = folder.path().to_str().unwrap();
    let article = folder.path().join("a.md");
    fs::write(&article, "первая редакция\n").unwrap();
    assert_eq!(indexer(&[path]).status.code(), Some(0));
    fs::write(&article, "вторая редакция\n").unwrap();
    assert_eq!(indexer(&[path]).status.code(), Some(0));
    assert_eq!(query_in(folder.path(), &["первая"]).status.code(), Some(1));
    assert_eq!(query_in(folder.path(), &["вторая"]).status.code(), Some(0));
    let generations =
        fs::read_dir(folder.path().join(".svod")).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(generations.count(), 1);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_indexed() {
    let folder = new_folder();
    fs::write(folder.path().join("good.md"), "мир и война\n").unwrap();
    fs::write(folder.path().join("坏.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01").unwrap();
    fs::write(folder.path().join("paper.djvu"), b"Word").unwrap();
    fs::write(folder.path().join("picture.png"), b"png").unwrap();
    let output = indexer(&[folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let remarks = text(&output.stderr);
    assert!(remarks.contains("skipped 坏.md: it is a picture, which is not read"), "{remarks}");
    assert!(remarks.contains("skipped paper.djvu: `.djvu` files are not read"), "{remarks}");
    assert!(!remarks.contains("picture.png"), "{remarks}");
    assert_eq!(query_in(folder.path(), &["мир"]).status.code(), Some(0));
    let status = text(&query_in(folder.path(), &["--status"]).stdout);
    assert!(status.contains("坏.md: it is a picture"), "{status}");
}

#[test]
fn json_names_every_field_and_its_bytes_are_true() {
    let output = query(&["--index", sample_index(), "--json", "--limit", "0", "合作 порт grid безопасность"]);
    let lines = json_lines(&output.stdout);
    let (summary, hits) = lines.split_last().unwrap();
    assert!(hits.len() > 50);
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["version"], 1);
    assert_eq!(summary["total"], hits.len());
    assert_eq!(summary["total_is"], "exact");
    assert_eq!(summary["text"], "合作 порт grid безопасность");
    let squeezed = |text: &str| text.replace(" | ", " ").split_whitespace().collect::<String>();
    for (at, hit) in hits.iter().enumerate() {
        assert_eq!(hit["type"], "hit");
        assert_eq!(hit["query"], 0);
        assert_eq!(hit["rank"], at + 1);
        for field in [
            "score", "id", "path", "title", "authors", "date", "language", "kind", "section", "page", "lines", "notes",
            "copies",
        ] {
            assert!(hit.get(field).is_some(), "no {field}");
        }
        let source = fs::read(articles().join(hit["path"].as_str().unwrap())).unwrap();
        let ranges = hit["bytes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|range| (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize));
        let joined: Vec<u8> = ranges.clone().flat_map(|(start, end)| source[start..end].to_vec()).collect();
        assert_eq!(squeezed(&text(&joined)), squeezed(hit["text"].as_str().unwrap()));
        let first_line = 1 + source[..ranges.clone().next().unwrap().0].iter().filter(|&&byte| byte == b'\n').count();
        assert_eq!(hit["lines"][0], first_line);
        let snippet = hit["snippet"]["text"].as_str().unwrap();
        for range in hit["snippet"]["highlights"].as_array().unwrap() {
            assert!(snippet.get(range[0].as_u64().unwrap() as usize..range[1].as_u64().unwrap() as usize).is_some());
        }
    }
}

#[test]
fn ids_stay_the_same_in_a_new_index() {
    let ids = |index: &str| -> Vec<Value> {
        let output = query(&["--index", index, "--json", "--limit", "0", "--exact", "的"]);
        json_lines(&output.stdout)
            .into_iter()
            .filter(|line| line["type"] == "hit")
            .map(|line| line["id"].clone())
            .collect()
    };
    let other = new_folder();
    let other = other.path().to_str().unwrap();
    assert_eq!(indexer(&[articles().to_str().unwrap(), "--index", other, "--threads", "1"]).status.code(), Some(0));
    let (mut one, mut two) = (ids(sample_index()), ids(other));
    assert!(one.len() > 100);
    one.sort_by_key(Value::to_string);
    two.sort_by_key(Value::to_string);
    assert_eq!(one, two);
    one.dedup();
    assert_eq!(one.len(), two.len());
}

#[test]
fn many_queries_are_answered_line_by_line() {
    let mut child = query_command(&["--index", sample_index(), "--json", "--limit", "2", "--queries", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("北极 航道\n\"незакрытая\n\n\x00\u{202e}\nzzzzqqq".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let summaries: Vec<Value> =
        json_lines(&output.stdout).into_iter().filter(|line| line["type"] == "summary").collect();
    assert_eq!(summaries.iter().map(|line| line["query"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(summaries[0]["returned"], 2);
    assert_eq!(summaries[1]["warnings"][0]["bytes"], serde_json::json!([0, 21]));
}

#[test]
fn limits_and_signs() {
    let hits = |arguments: &[&str]| -> Vec<Value> {
        let arguments = [&["--index", sample_index(), "--json"], arguments].concat();
        json_lines(&query(&arguments).stdout).into_iter().filter(|line| line["type"] == "hit").collect()
    };
    assert_eq!(hits(&["北极"]).len(), 10);
    assert!(hits(&["--limit", "0", "北极"]).len() > 20);
    let one_each = hits(&["--limit", "0", "--per-article", "1", "的"]);
    let mut paths: Vec<_> = one_each.iter().map(|hit| hit["path"].to_string()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), one_each.len());
    let without = hits(&["--limit", "0", "порт", "--not", "судно"]);
    assert!(
        !without.is_empty()
            && without.iter().all(|hit| !hit["text"].as_str().unwrap().to_lowercase().contains("судно"))
    );
    assert_eq!(without, hits(&["--limit", "0", "порт", "--", "-\"судно\""]));
    assert!(hits(&["--exact", "\"F-35\""]).iter().all(|hit| hit["text"].as_str().unwrap().contains("35")));
    assert_eq!(hits(&["--literal", "+北极 -航道"]).len(), 10);
}

#[test]
fn filters_leave_what_they_name() {
    let kinds = |query: &str| -> Vec<(String, String, String)> {
        let output = query_in(&articles(), &["--index", sample_index(), "--json", "--limit", "0", query]);
        let lines = json_lines(&output.stdout).into_iter().filter(|line| line["type"] == "hit");
        let field = |hit: &Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
        lines.map(|hit| (field(&hit, "kind"), field(&hit, "language"), field(&hit, "path"))).collect()
    };
    let notes = kinds("kind:note lang:ru санкции");
    assert!(!notes.is_empty() && notes.iter().all(|hit| hit.0 == "note" && hit.1 == "ru"), "{notes:?}");
    let headings = kinds("kind:heading зерно");
    assert!(!headings.is_empty() && headings.iter().all(|hit| hit.0 == "heading"), "{headings:?}");
    let titled = kinds("title:海底電纜 保險");
    assert!(!titled.is_empty() && titled.iter().all(|hit| hit.2 == "hant/haixia-dianlan.md"), "{titled:?}");
    assert!(kinds("date:2024 北极").iter().all(|hit| hit.2.starts_with("zh/")));
    assert!(kinds("date:1990 北极").is_empty());
    assert!(kinds("author:林舟 航道").len() > 5);
    assert!(kinds("-kind:note 北极").iter().all(|hit| hit.0 != "note"));
}

#[test]
fn every_passage_is_in_the_index_and_its_address_is_true() {
    let index = svod_query::Index::open(sample_index()).unwrap();
    let articles = read_articles(&articles());
    let passages: usize = articles.iter().map(|(.., article)| article.passages.len()).sum();
    assert_eq!(index.status().unwrap().passages as usize, passages);
    for (_, source, article) in &articles {
        for passage in &article.passages {
            for piece in &passage.pieces {
                assert_eq!(
                    passage.text[piece.text..piece.text + piece.length],
                    source[piece.source..piece.source + piece.length]
                );
            }
        }
    }
}

#[test]
fn notes_of_all_sample_layouts_are_tied_to_their_marks() {
    use svod_text::article::{Kind, Passage};
    let has_lost_mark = |passage: &&Passage| passage.marks.iter().any(|mark| mark.note.is_none());
    let mut notes_of = std::collections::BTreeMap::new();
    for (path, _, article) in read_articles(&articles()) {
        let lost: Vec<_> = article.passages.iter().filter(has_lost_mark).map(Passage::lines).collect();
        assert!(lost.is_empty(), "{}: marks without notes: {lost:?}", path.display());
        let notes: Vec<_> = article.passages.iter().filter(|passage| passage.kind == Kind::Note).collect();
        for note in &notes {
            assert!(note.cited.is_some(), "{}:{:?}: a note that nothing cites", path.display(), note.lines());
        }
        notes_of.insert(path.to_str().unwrap().to_owned(), notes.len());
    }
    // Four journal papers with notes on every page, notes at the end, `[^1]` notes, and the text of a PDF.
    for path in [
        "zh/beiji-hangdao.md",
        "zh/chukou-guanzhi.md",
        "zh/zhongya-shuiziyuan.md",
        "zh/上合组织能源.md",
        "ru/prodovolstvie.md",
        "en/ai-procurement.md",
        "en/port-inspections.txt",
    ] {
        assert!(notes_of[path] >= 4, "{path}: {}", notes_of[path]);
    }
}

#[test]
fn man_pages_and_completions_of_both_programs() {
    for what in ["man", "complete-bash", "complete-zsh", "complete-fish"] {
        for (output, option) in
            [(query(&["--generate", what]), "per-article"), (indexer(&["--generate", what]), "rebuild")]
        {
            assert_eq!(output.status.code(), Some(0));
            assert!(text(&output.stdout).replace("\\-", "-").contains(option), "{what}");
        }
    }
    for page in [text(&query(&["--generate", "man"]).stdout), text(&query(&["--help"]).stdout)] {
        for part in ["SVOD_INDEX", "SVOD_CONFIG", "SVOD_PAGER", "EDITOR", "NO_COLOR", "query.conf"] {
            assert!(page.contains(part), "{part}");
        }
    }
    let short = text(&query(&["-h"]).stdout);
    assert!(!short.contains("--generate") && !short.contains("SVOD_CONFIG") && short.contains("Examples:"), "{short}");
}
