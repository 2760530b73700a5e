//! A process that is kept open: it answers line by line, sees new commits, and survives any input.

mod flood;
mod kept;

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};
use svod_query::{Index, Request};

use self::kept::{Kept, PATIENCE, WORDS, any_request};
use crate::support::{Numbers, indexer, new_folder, query, query_command, sample_index, text};

#[test]
fn who_writes_a_line_can_wait_for_its_answer() {
    let mut kept = Kept::requests();
    let mut numbers = Numbers(7);
    for number in 0..60 {
        let mut request = any_request(&mut numbers);
        request["tag"] = json!({"停火": number});
        let answer = kept.ask(&request.to_string());
        assert!(answer.iter().all(|line| line["query"] == number && line["tag"] == request["tag"]), "{request}");
        assert_eq!(answer[answer.len() - 1]["type"], "summary", "{request}");
    }
    assert_eq!(kept.end(), "");
    let mut kept = Kept::new(&["--index", sample_index(), "--json", "--queries", "-"]);
    for number in 0..20 {
        let answer = kept.ask(WORDS[number % WORDS.len()]);
        assert!(answer.iter().all(|line| line["query"] == number));
        assert_eq!(answer[answer.len() - 1]["returned"], answer.len() - 1);
    }
    assert_eq!(kept.end(), "");
}

#[test]
fn the_three_doors_give_the_same() {
    let index = Index::open(sample_index()).unwrap();
    let mut kept = Kept::requests();
    for (arguments, request) in [
        (&["北极航道 保险"][..], json!({"query": "北极航道 保险"})),
        (
            &["-n", "3", "--notes", "-C", "1", "экспортные пошлины"],
            json!({"query": "экспортные пошлины", "limit": 3, "notes": true, "before": 1, "after": 1}),
        ),
        (&["--exact", "--sort", "path", "grid"], json!({"query": "grid", "mode": "exact", "sort": "path"})),
        (
            &["--all", "--per-article", "1", "--copies", "fold", "合作 порт"],
            json!({"query": "合作 порт", "words": "all", "per_article": 1, "copies": "fold"}),
        ),
        (
            &["--filter", "lang:ru", "--explain", "порт grid"],
            json!({"query": "порт grid", "filter": "lang:ru", "explain": true}),
        ),
        (&["--sort", "date", "合作 grid"], json!({"query": "合作 grid", "sort": "date"})),
        (&["--count-by", "language", "порт grid"], json!({"do": "count", "query": "порт grid", "by": "language"})),
        (&["--timeline", "порт", "合作"], json!({"do": "timeline", "terms": ["порт", "合作"]})),
        (&["--kwic=left", "海底電纜"], json!({"do": "concordance", "query": "海底電纜", "order": "left"})),
        (&["--list"], json!({"do": "articles"})),
        (&["--outline", "zh/beiji-hangdao.md"], json!({"do": "outline", "path": "zh/beiji-hangdao.md"})),
        (&["--status"], json!({"do": "status"})),
    ] {
        let output = query(&[&["--index", sample_index(), "--json"], arguments].concat());
        let printed: Vec<Value> =
            text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let answered = kept.ask(&request.to_string());
        let same = |lines: &[Value]| -> Vec<Value> {
            let mut lines = lines.to_vec();
            for line in &mut lines {
                let fields = line.as_object_mut().unwrap();
                fields.remove("elapsed_ms");
                fields.remove("query");
            }
            lines.retain(|line| line.get("do").is_none());
            lines
        };
        assert_eq!(same(&answered), same(&printed), "{request}");
        if answered[0]["type"] == "hit" && arguments.len() == 1 {
            let hits = index.search(&Request::new(arguments[0])).unwrap().hits;
            let ids = |lines: &[Value]| {
                lines.iter().filter_map(|line| line["id"].as_str().map(str::to_owned)).collect::<Vec<_>>()
            };
            assert_eq!(hits.iter().map(|hit| hit.id.to_string()).collect::<Vec<_>>(), ids(&answered));
        }
    }
    let first = kept.ask(r#"{"query":"冰损免赔","limit":1}"#)[0]["id"].clone();
    let shown = kept.ask(&json!({"do": "show", "id": first}).to_string());
    assert_eq!((&shown[0]["id"], &shown[1]["type"]), (&first, &json!("article")));
    assert_eq!(kept.end(), "");
}

#[test]
fn errors_of_lines_stand_beside_the_answers_for_people() {
    let folder = new_folder();
    let file = folder.path().join("queries");
    fs::write(&file, b"\xef\xbb\xbf\xe5\x8c\x97\xe6\x9e\x81\r\n\xcd\xa3\xbb\xf0\nports\n").unwrap();
    let output = query(&["--index", sample_index(), "-n", "1", "--queries", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let (printed, remarks) = (text(&output.stdout), text(&output.stderr));
    assert!(printed.starts_with("== 北极\n") && printed.contains("\n== ports\n"), "{printed}");
    assert!(remarks.contains("error: line 2: the line is not UTF-8 (at byte 3)\n"), "{remarks}");
    assert_eq!(remarks.matches("error:").count(), 1, "{remarks}");
}

#[test]
fn what_is_indexed_meanwhile_is_found_and_what_cannot_be_opened_is_said_once() {
    let folder = new_folder();
    let path = folder.path().to_str().unwrap();
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(indexer(&[path]).status.code(), Some(0));
    };
    write("一.md", "停火谈判\n");
    let mut kept = Kept::new(&["--index", path, "--requests", "-"]);
    let total = |answer: Vec<Value>| answer[answer.len() - 1]["total"].clone();
    for (number, name) in ["二.md", "три.md", "four.md"].iter().enumerate() {
        assert_eq!(total(kept.ask(r#"{"query":"停火"}"#)), number + 1);
        write(name, "停火协议 мир peace\n");
    }
    assert_eq!(total(kept.ask(r#"{"query":"停火"}"#)), 4);
    assert_eq!(indexer(&[path, "--rebuild"]).status.code(), Some(0));
    assert_eq!(total(kept.ask(r#"{"query":"peace"}"#)), 3);
    let pointer = folder.path().join(".svod/current");
    let good = fs::read(&pointer).unwrap();
    fs::write(&pointer, "nonsense").unwrap();
    let error = kept.ask(r#"{"query":"停火","tag":5}"#);
    let message = error[0]["message"].as_str().unwrap();
    assert!(message.starts_with("cannot see what was written to the index since"), "{message}");
    assert_eq!((&error[0]["fault"], &error[0]["query"], &error[0]["tag"]), (&json!("index"), &json!(5), &json!(5)));
    assert_eq!(total(kept.ask(r#"{"query":"停火"}"#)), 4, "what was opened is searched on");
    fs::write(&pointer, good).unwrap();
    write("пять.md", "停火\n");
    assert_eq!(total(kept.ask(r#"{"query":"停火"}"#)), 5);
    assert_eq!(kept.end(), "");
}

#[test]
fn a_search_that_fails_is_an_error_of_its_line_alone() {
    let folder = new_folder();
    let path = folder.path().to_str().unwrap();
    fs::write(folder.path().join("一.md"), "停火谈判 мир peace\n").unwrap();
    assert_eq!(indexer(&[path]).status.code(), Some(0));
    let store = fs::read_dir(folder.path().join(".svod/1")).unwrap().map(|entry| entry.unwrap().path());
    let store = store.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "store")).unwrap();
    let good = fs::read(&store).unwrap();
    let zeros = vec![0; good.len() / 3];
    for (arguments, line) in
        [(&["--requests", "-"][..], r#"{"query":"peace"}"#), (&["--json", "--queries", "-"], "peace")]
    {
        let mut kept = Kept::new(&[&["--index", path], arguments].concat());
        assert_eq!(kept.ask(&line.replace("peace", "zzzzqqq")).len(), 1, "it is open, and no record was read");
        // Written in place, because the process has mapped the file.
        fs::OpenOptions::new().write(true).open(&store).unwrap().write_all(&zeros).unwrap();
        for number in 1..3 {
            let error = kept.ask(line);
            let message = error[0]["message"].as_str().unwrap_or_else(|| panic!("{arguments:?}: {error:?}"));
            assert!(message.contains("is damaged") && message.contains(".store"), "{message}");
            assert_eq!((&error[0]["query"], &error[0]["fault"]), (&json!(number), &json!("index")));
        }
        fs::OpenOptions::new().write(true).open(&store).unwrap().write_all(&good).unwrap();
        assert_eq!(kept.ask(line).len(), 2);
        assert_eq!(kept.end(), "");
    }
}

#[test]
fn it_ends_when_nobody_reads() {
    for arguments in [&["--requests", "-"][..], &["--json", "--queries", "-"], &["--queries", "-"]] {
        let mut child = query_command(&[&["--index", sample_index()], arguments].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut input = child.stdin.take().unwrap();
        let started = Instant::now();
        while input.write_all(b"{\"query\":\"ports\"}\n").is_ok() && started.elapsed() < PATIENCE {}
        let output = child.wait_with_output().unwrap();
        let remarks = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{remarks}");
        assert!(!remarks.contains("error"), "{remarks}");
    }
}

#[test]
fn a_request_says_everything_for_itself() {
    let folder = new_folder();
    let file = folder.path().join("requests");
    fs::write(&file, "\u{feff}{\"query\":\"北极\",\"limit\":2}\r\n").unwrap();
    let (index, file) = (sample_index(), file.to_str().unwrap());
    for option in
        [&["--limit", "3"][..], &["--notes"], &["--format", "csv"], &["--list"], &["--count-by", "year"], &["停火"]]
    {
        let output = query(&[&["--index", index, "--requests", file], option].concat());
        assert_eq!(output.status.code(), Some(2), "{option:?}");
        assert!(text(&output.stderr).contains("cannot be used with"), "{}", text(&output.stderr));
    }
    let defaults = folder.path().join("query.conf");
    fs::write(&defaults, "--limit 1\n--format html\n--notes\n").unwrap();
    let mut command = query_command(&["--index", index, "--requests", file]);
    let output = command.env("SVOD_CONFIG", &defaults).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(0), 3), "{}", text(&output.stderr));
    fs::write(&defaults, "--requests -\n").unwrap();
    let refused = query_command(&["--index", index, "北极"]).env("SVOD_CONFIG", &defaults).output().unwrap();
    assert!(text(&refused.stderr).contains("`--requests` can only be typed"), "{}", text(&refused.stderr));
}
