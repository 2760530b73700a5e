//! The published schemas: real output fits them, and has no fields that they do not describe.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};
use svod_indexer::{Memory, Text, Writer};
use svod_query::Index;
use svod_render::ask::{self, Ask, requests_schema};
use svod_render::lines_schema;

use crate::support::{index_into, indexer, indexer_command, new_folder, query, sample_index, text};

/// Returns the schema of the indexer's report.
fn report_schema() -> String {
    text(&indexer_command(&["--generate", "json-schema"]).output().unwrap().stdout)
}

/// Makes a schema refuse fields that it does not know.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) && object.get("type") == Some(&json!("object")) {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(strict);
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

/// Validates lines, both with the schema as published, which allows new fields, and with a strict one.
struct Lines {
    open: Validator,
    kinds: Vec<Kind>,
}

/// A kind of line.
struct Kind {
    /// What it is published as.
    definition: Value,
    strict: Validator,
}

impl Kind {
    /// Returns the sentence that describes it: summaries differ by nothing else.
    fn name(&self) -> &str {
        self.definition["description"].as_str().unwrap()
    }

    fn fields(&self) -> BTreeSet<String> {
        self.definition["properties"].as_object().unwrap().keys().cloned().collect()
    }

    /// Returns whether a line is of this kind: it has its type, and all that such a line has at least.
    fn is_of(&self, line: &Value) -> bool {
        let mut required = self.definition["required"].as_array().unwrap().iter();
        let is_type = self.definition["properties"]["type"]["const"] == line["type"];
        is_type && required.all(|field| line.get(field.as_str().unwrap()).is_some())
    }
}

fn lines() -> &'static Lines {
    static LINES: OnceLock<Lines> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut schema = parsed(&lines_schema());
        let open = jsonschema::validator_for(&schema).unwrap();
        strict(&mut schema);
        let kind = |definition: &Value| {
            let mut schema_of_kind = definition.clone();
            schema_of_kind["$schema"] = schema["$schema"].clone();
            schema_of_kind["$defs"] = schema["$defs"].clone();
            Kind { definition: definition.clone(), strict: jsonschema::validator_for(&schema_of_kind).unwrap() }
        };
        Lines { open, kinds: schema["anyOf"].as_array().unwrap().iter().map(kind).collect() }
    })
}

/// Returns the kind of a line; there is one.
fn kind_of(line: &Value) -> &'static Kind {
    let kinds: Vec<_> = lines().kinds.iter().filter(|kind| kind.is_of(line)).collect();
    assert_eq!(kinds.len(), 1, "{line} is {:?}", kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>());
    kinds[0]
}

/// The fields that were seen, by kind of line.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// Checks lines, and collects their fields.
fn check_lines(what: &str, output: &[u8], seen: &mut Seen) -> Vec<Value> {
    let mut read = Vec::new();
    for line in text(output).lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{what}: {error}: {line}"));
        let kind = kind_of(&line);
        if let Some(error) = kind.strict.iter_errors(&line).next() {
            panic!("{what}: {error} at {}: {line}", error.instance_path());
        }
        assert!(lines().open.is_valid(&line), "{what}: {line}");
        seen.entry(kind.name().to_owned()).or_default().extend(line.as_object().unwrap().keys().cloned());
        read.push(line);
    }
    assert!(!read.is_empty(), "{what}");
    read
}

fn check_query(index: &str, arguments: &[&str], seen: &mut Seen) -> Vec<Value> {
    let output = query(&[&["--index", index, "--json"], arguments].concat());
    assert!(output.status.code() < Some(2), "{arguments:?}: {}", text(&output.stderr));
    check_lines(&format!("{arguments:?}"), &output.stdout, seen)
}

fn check_request(index: &Index, request: &Value, seen: &mut Seen) -> Vec<Value> {
    let request = request.to_string();
    assert!(requests().is_valid(&parsed(&request)), "{request}");
    let mut out = Vec::new();
    ask::answer(&request, index, 7, &mut out).unwrap();
    let lines = check_lines(&request, &out, seen);
    let (last, others) = lines.split_last().unwrap();
    let is_end = |line: &Value| ["summary", "error"].contains(&line["type"].as_str().unwrap());
    assert!(is_end(last) && !others.iter().any(is_end), "{request}: one end, and it is the last line");
    assert!(lines.iter().all(|line| line["query"] == 7 && line.get("tag") == parsed(&request).get("tag")), "{request}");
    lines
}

fn requests() -> &'static Validator {
    static REQUESTS: OnceLock<Validator> = OnceLock::new();
    REQUESTS.get_or_init(|| jsonschema::validator_for(&parsed(&requests_schema())).unwrap())
}

/// Writes a folder with cases that the sample articles lack: paths that are not UTF-8, near-copies, a lone title.
fn odd_folder(folder: &Path) {
    let copied = "乌克兰停火谈判，双方代表于三月在日内瓦就停火线、战俘交换和国际观察员举行第二轮会谈，但未达成协议。";
    fs::write(folder.join("一.md"), format!("# 停火\n\n## 一、谈判\n\n{copied}\n")).unwrap();
    fs::write(folder.join("二.md"), format!("# 停火（修订）\n\n{copied}\n\nПеремирие и мир.\n")).unwrap();
    fs::write(folder.join("dated(2024-11-08).md"), "# Ceasefire\n\nA ceasefire and peace.\n").unwrap();
    fs::write(folder.join("page.html"), "<p>停火 мир ceasefire</p>").unwrap();
    fs::write(folder.join("битый.docx"), b"PK\x03\x04 no archive").unwrap();
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        fs::write(folder.join(std::ffi::OsStr::from_bytes(b"\xcd\xa3\xbb\xf0.md")), "# 停火\n\n停火协议。\n").unwrap();
    }
}

#[test]
fn real_output_is_as_published_and_what_is_published_is_real() {
    let seen = &mut Seen::new();
    let index = sample_index();
    let id = check_query(index, &["-n", "1", "冰损免赔"], seen)[0]["id"].as_str().unwrap().to_owned();
    for arguments in [
        &["--explain", "--notes", "-C", "1", "--copies", "fold", "北极航道 порт grid"][..],
        &["--limit", "0", "--sort", "date", "合作 OR порт OR grid"],
        &["преамбулла 停伙 cesefire"],
        &["\"незакрытая ( AND"],
        &["kind:note санкции"],
        &["--list"],
        &["--outline", "zh/beiji-hangdao.md"],
        &["--show", &id],
        &["--status", "--check"],
        &["--count-by", "year", "合作"],
        &["--count-by", "section", "порт"],
        &["-l", "grid"],
        &["--timeline", "合作", "порт", "(grid"],
        &["--kwic=right", "порт"],
    ] {
        check_query(index, arguments, seen);
    }
    let (folder, home) = (new_folder(), new_folder());
    odd_folder(folder.path());
    let index = index_into(folder.path(), home.path());
    let odd = home.path().to_str().unwrap();
    for arguments in [
        &["--copies", "fold", "停火 перемирие ceasefire"][..],
        &["-c", "停火"],
        &["--kwic", "停火"],
        &["--list"],
        &["--status"],
    ] {
        check_query(odd, arguments, seen);
    }
    let both = ["--index", sample_index()];
    for arguments in
        [&["停火"][..], &["--filter", "—", "停火"], &["-l", "停火"], &["--kwic", "停火"], &["--timeline", "停火"]]
    {
        check_query(odd, &[&both, arguments].concat(), seen);
    }
    let id = check_request(&index, &json!({"query": "停火", "tag": 1}), seen)[0]["id"].clone();
    for tag in [json!(1), json!("мир"), json!({"停火": [1, null]}), json!(null)] {
        for request in [
            json!({"query": "停火 мир ceasefire", "notes": true, "before": 1, "after": 1, "more": true, "explain": true}),
            json!({"query": "+停火 +мир +zzzzqqq", "help": true, "copies": "fold", "sort": "oldest"}),
            json!({"do": "search_as_typed", "query": "停火 ceas"}),
            json!({"do": "count", "query": "停火", "by": "article"}),
            json!({"do": "timeline", "terms": ["停火", "мир", "\"ceasefire"]}),
            json!({"do": "concordance", "query": "停火", "order": "left"}),
            json!({"do": "show", "id": id}),
            json!({"do": "show", "id": "0000000000000000"}),
            json!({"do": "outline", "path": "一.md"}),
            json!({"do": "outline", "path": "нет.md"}),
            json!({"do": "articles"}),
            json!({"do": "status"}),
            json!({"do": "cite", "style": "gost", "query": "停火"}),
            json!({"do": "cite", "style": "csl-json", "all": true}),
            json!({"do": "cite", "style": "bibtex", "id": id}),
        ] {
            let mut request = request;
            request["tag"] = tag.clone();
            check_request(&index, &request, seen);
        }
    }
    let refused = r#"{"query":"停火","limit":"5","tag":["left",1]}"#;
    let mut out = Vec::new();
    ask::answer(refused, &index, 0, &mut out).unwrap();
    let error = check_lines(refused, &out, seen);
    assert_eq!(
        (&error[0]["tag"], &error[0]["field"], &error[0]["fault"]),
        (&json!(["left", 1]), &json!("limit"), &json!("request"))
    );
    check_published(seen);
}

/// Checks that every field of the schema was seen.
fn check_published(seen: &Seen) {
    for kind in &lines().kinds {
        let fields = kind.fields();
        let unseen: Vec<_> = fields.difference(&seen[kind.name()]).collect();
        let is_linux_only = |field: &&String| *field == "path_b64" && !cfg!(target_os = "linux");
        assert!(unseen.iter().all(is_linux_only), "{} Never written with {unseen:?}", kind.name());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn paths_that_are_not_text_go_there_and_back() {
    let (folder, home) = (new_folder(), new_folder());
    odd_folder(folder.path());
    let index = index_into(folder.path(), home.path());
    let hits = check_request(&index, &json!({"query": "停火协议", "mode": "exact"}), &mut Seen::new());
    let outline = json!({"do": "outline", "path": hits[0]["path"], "path_b64": hits[0]["path_b64"]});
    assert_eq!(check_request(&index, &outline, &mut Seen::new())[0]["type"], "article");
}

#[test]
fn texts_of_an_app_are_answered_too() {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    writer.add(Text::new("laws/1", "停火 мир ceasefire")).unwrap();
    writer.commit().unwrap();
    let index = Index::in_memory(&memory).unwrap();
    for request in [
        json!({"query": "停火 мир"}),
        json!({"do": "count", "query": "ceasefire", "by": "article"}),
        json!({"do": "outline", "path": "laws/1"}),
        json!({"do": "status"}),
    ] {
        let first = &check_request(&index, &request, &mut Seen::new())[0];
        assert!(first.get("root").is_none_or(Value::is_null), "{first}");
    }
}

#[test]
fn a_line_that_is_not_as_published_is_seen() {
    let output = query(&["--index", sample_index(), "--json", "-n", "1", "北极"]);
    let hit: Value = serde_json::from_str(text(&output.stdout).lines().next().unwrap()).unwrap();
    let strict = &kind_of(&hit).strict;
    let is_valid = |line: &Value| (lines().open.is_valid(line), strict.is_valid(line));
    assert_eq!(is_valid(&hit), (true, true));
    let with = |pointer: &str, value: Value| {
        let mut line = hit.clone();
        match line.pointer_mut(pointer) {
            Some(old) => *old = value,
            None => line[&pointer[1..]] = value,
        }
        is_valid(&line)
    };
    assert_eq!(with("/new", json!(1)), (true, false), "readers pass over new fields");
    for (pointer, value) in [
        ("/rank", json!(0)),
        ("/lines", json!([0, 1])),
        ("/lines", json!([1])),
        ("/bytes/0", json!([1, 2, 3])),
        ("/date", json!(2024)),
        ("/snippet/highlights", json!(null)),
        ("/kind", json!("chapter")),
        ("/appeared/issn", json!(7)),
        ("/type", json!("hot")),
    ] {
        assert_eq!(with(pointer, value.clone()), (false, false), "{pointer} {value}");
    }
    let mut without = hit.clone();
    without.as_object_mut().unwrap().remove("cited");
    assert_eq!(is_valid(&without), (false, false));
}

#[test]
fn the_report_of_the_indexer_is_as_published() {
    let mut schema = parsed(&report_schema());
    strict(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (folder, home) = (new_folder(), new_folder());
    odd_folder(folder.path());
    fs::write(folder.path().join("пробел.txt"), "停火\u{fffd}协议\0 мир\n".as_bytes()).unwrap();
    let mut fields = BTreeSet::new();
    let mut check = |arguments: &[&str]| {
        let (folder, index) = (folder.path().to_str().unwrap(), home.path().to_str().unwrap());
        let output = indexer(&[&[folder, "--index", index, "--json"], arguments].concat());
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        if let Some(error) = validator.iter_errors(&line).next() {
            panic!("{arguments:?}: {error} at {}: {line}", error.instance_path());
        }
        fields.extend(line.as_object().unwrap().keys().cloned());
        line
    };
    assert!(!check(&["--dry-run"])["changes"].as_array().unwrap().is_empty());
    assert_eq!(check(&[])["skipped"].as_array().unwrap().len(), 1);
    assert_eq!(check(&[])["ending"], "unchanged");
    fs::rename(folder.path().join("一.md"), folder.path().join("третий.md")).unwrap();
    fs::remove_file(folder.path().join("二.md")).unwrap();
    assert!(check(&["--optimize"])["changes"].to_string().contains("\"from\":\"一.md\""));
    let published: BTreeSet<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, published);
}

#[test]
fn every_field_is_described() {
    for schema in [lines_schema(), requests_schema(), report_schema()] {
        check_described("", &parsed(&schema));
    }
}

fn check_described(place: &str, schema: &Value) {
    let Value::Object(object) = schema else {
        return schema.as_array().into_iter().flatten().for_each(|schema| check_described(place, schema));
    };
    for (name, inner) in object {
        let place = format!("{place}/{name}");
        if name == "properties" && object.get("type") == Some(&json!("object")) {
            for (field, schema) in inner.as_object().unwrap() {
                let sentence = schema["description"].as_str().unwrap_or_default();
                assert!(sentence.ends_with('.') && sentence.len() > 8, "{place}/{field}: {sentence}");
            }
        }
        check_described(&place, inner);
    }
}

#[test]
fn what_readers_rely_on_is_published() {
    for schema in [lines_schema(), requests_schema(), report_schema()] {
        let schema = parsed(&schema);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(jsonschema::meta::is_valid(&schema));
    }
    for Kind { definition, .. } in &lines().kinds {
        let required = definition["required"].as_array().unwrap();
        let is_required = |field: &str| required.iter().any(|required| required == field);
        assert!(is_required("type") && is_required("query"), "{definition}");
        let fields = &definition["properties"];
        assert_eq!(is_required("version"), fields["version"]["const"] == 1, "{definition}");
        // What is not known is null; what is not always there is never null.
        for (field, schema) in fields.as_object().unwrap().iter().filter(|(field, _)| *field != "tag") {
            assert!(is_required(field) || !may_be_null(schema), "{field}: {schema}");
        }
    }
    for ask in parsed(&requests_schema())["oneOf"].as_array().unwrap() {
        assert_eq!(ask["additionalProperties"], false, "{ask}");
    }
}

fn may_be_null(schema: &Value) -> bool {
    let has = |key: &str, value: &Value| schema[key].as_array().is_some_and(|values| values.contains(value));
    let null = json!({"type": "null"});
    has("type", &json!("null")) || has("enum", &Value::Null) || has("anyOf", &null)
}

#[test]
fn installed_programs_have_the_schemas() {
    for (name, schema) in [("json-schema", lines_schema()), ("request-schema", requests_schema())] {
        let output = query(&["--generate", name]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), schema));
    }
}

/// Values of every type, good and bad for any field.
fn values() -> Vec<Value> {
    let words = [
        "停火",
        "",
        "score",
        "date",
        "any",
        "all",
        "exact",
        "fold",
        "left",
        "year",
        "gost",
        "count",
        "8f89bab348dc4a57",
    ];
    let others = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!({}),
        json!([]),
        json!(["мир", "war"]),
        json!(["мир", 1]),
    ];
    words.into_iter().map(Value::from).chain(others).collect()
}

#[test]
fn the_reader_reads_what_the_schema_allows_and_nothing_else() {
    let schema = parsed(&requests_schema());
    let whole = [
        json!({"query": "停火"}),
        json!({"do": "search_as_typed", "query": "停火"}),
        json!({"do": "count", "query": "мир", "by": "kind"}),
        json!({"do": "timeline", "terms": ["мир"]}),
        json!({"do": "concordance", "query": "peace"}),
        json!({"do": "show", "id": "8f89bab348dc4a57"}),
        json!({"do": "outline", "path": "停火.md"}),
        json!({"do": "articles"}),
        json!({"do": "status"}),
        json!({"do": "cite", "style": "gost", "query": "мир"}),
        json!({"do": "cite", "style": "gost", "id": "8f89bab348dc4a57"}),
        json!({"do": "cite", "style": "gost", "all": true}),
    ];
    let asks = schema["oneOf"].as_array().unwrap().iter();
    let mut fields: BTreeSet<String> =
        asks.flat_map(|definition| definition["properties"].as_object().unwrap().keys().cloned()).collect();
    fields.extend(["limt".to_owned(), "Query".to_owned()]);
    let (mut read, mut refused) = (0, 0);
    let mut check = |request: &Value| {
        let parsed = Ask::parse(&request.to_string());
        assert_eq!(parsed.is_ok(), requests().is_valid(request), "{request}: {parsed:?}");
        *if parsed.is_ok() { &mut read } else { &mut refused } += 1;
    };
    for request in &whole {
        check(request);
        for field in &fields {
            for value in values() {
                // The schema cannot tell whether a string is valid base64.
                if field == "path_b64" && value.as_str().is_some_and(|value| !value.is_empty()) {
                    continue;
                }
                let mut request = request.clone();
                request[field] = value;
                check(&request);
            }
            let mut request = request.clone();
            request.as_object_mut().unwrap().remove(field);
            check(&request);
        }
    }
    assert!(read > 1_000 && refused > 5_000, "{read} {refused}");
}
