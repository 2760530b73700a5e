//! Properties of a document: which of them its reader would believe.
//!
//! Programs fill in title, author and date by themselves, with the name of a file, of an account, or of a template's
//! maker. A title is believed if the beginning of the text has it, and otherwise only where the text has no
//! heading of its own. An author of one word, such as `Elena`, may be an account, so the text must name it too.

use super::{Block, BlockKind, Metadata, collapse_blanks};

/// The number of bytes at the beginning of a text in which a title or an author is looked for.
const BEGINNING_BYTES: usize = 6_000;

/// The longest title, in bytes; a longer one is an abstract, or the whole text.
const LONGEST_TITLE: usize = 600;

/// The longest name of a person or an institution, in bytes.
const LONGEST_AUTHOR: usize = 200;

/// The least number of letters (a Han character counts as three) of a title that is believed within a longer line.
const TELLING_LETTERS: usize = 15;

/// The beginning of a text, with letters and digits only, in lower case.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    /// Its blocks or lines.
    lines: Vec<String>,
    /// All of them in a row.
    letters: String,
    has_heading: bool,
}

impl Beginning {
    /// Returns the beginning of a document.
    pub(super) fn of_blocks(blocks: &[Block]) -> Beginning {
        let mut beginning = Beginning::default();
        for block in blocks {
            beginning.has_heading |= matches!(block.kind, BlockKind::Heading(_)) && can_be_title(&block.text);
            if !beginning.push(&block.text) {
                break;
            }
        }
        beginning
    }

    /// Adds a line, and returns whether more fit in.
    fn push(&mut self, line: &str) -> bool {
        let end = line.floor_char_boundary(BEGINNING_BYTES);
        self.lines.push(letters(&line[..end]));
        self.letters.push_str(self.lines.last().map_or("", String::as_str));
        self.letters.len() < BEGINNING_BYTES
    }

    /// Whether the beginning has a title: as a line, or as a good part of one or several.
    fn tells(&self, title: &str) -> bool {
        let title = letters(title);
        let is_telling = weight(&title) >= TELLING_LETTERS && self.letters.contains(&title);
        is_telling || self.lines.contains(&title)
    }
}

/// Keeps of the properties of a document what its text lets believe.
pub(super) fn believe(metadata: &mut Metadata, blocks: &[Block]) {
    let beginning = Beginning::of_blocks(blocks);
    metadata.title = metadata.title.take().and_then(|told| believed_title(&told, &beginning));
    // A list was typed by somebody, so its names need no witness.
    let believed: fn(&str, &Beginning) -> Option<String> =
        if metadata.authors.len() > 1 { |told, _| plausible_author(told) } else { believed_author };
    metadata.authors = metadata.authors.iter().filter_map(|told| believed(told, &beginning)).collect();
    for date in [&mut metadata.date, &mut metadata.made] {
        date.take_if(|told| is_template_date(told));
    }
}

/// Returns the title that a property tells: what the text has too, else what is plausible where the text has no heading.
pub(super) fn believed_title(told: &str, beginning: &Beginning) -> Option<String> {
    let title = collapse_blanks(told);
    let is_believed = is_plausible_title(&title) && (!beginning.has_heading || beginning.tells(&title));
    is_believed.then_some(title)
}

/// Returns the author that a property tells, if it can be a person or an institution and no account or program. A name of
/// one word must stand in the text.
pub(super) fn believed_author(told: &str, beginning: &Beginning) -> Option<String> {
    let is_one_word = |author: &str| !author.contains([' ', '.', '·']) && !is_han_name(author);
    plausible_author(told).filter(|author| !is_one_word(author) || beginning.letters.contains(&letters(author)))
}

/// Whether a date is that of a template, or the zero of a clock, which many programs leave in their documents.
pub(super) fn is_template_date(told: &str) -> bool {
    TEMPLATE_DAYS.iter().any(|day| told.trim_start().starts_with(day))
}

/// The days of templates: of python-docx and python-pptx, of empty books of Excel and presentations of PowerPoint, of
/// WPS; and the zeros of clocks.
const TEMPLATE_DAYS: [&str; 16] = [
    "2013-12-23",
    "2013-01-27",
    "1996-10-08",
    "1996-10-14",
    "1996-12-17",
    "2006-08-16",
    "2006-09-13",
    "2006-09-16",
    "2015-06-05",
    "2014-10-29",
    "2023-05-12",
    "1601-01-01",
    "1899-12-3",
    "1970-01-01",
    "1980-01-01",
    "0001-01-01",
];

/// Whether a title can be one: no name of a file, no default of a program.
pub(super) fn is_plausible_title(title: &str) -> bool {
    let title = title.trim();
    let bare = without_number(title);
    let is_default = [&DEFAULT_TITLES[..], &ACCOUNTS, &ACCOUNT_WORDS].iter().any(|names| names.contains(&&*bare));
    let begins_as_default =
        ["microsoft word", "microsoft powerpoint", "microsoft excel", "新建 microsoft", "新建microsoft"];
    let is_of_program = begins_as_default.iter().any(|start| bare.starts_with(start));
    let has_words = weight(&letters(title).replace(|c: char| c.is_numeric(), "")) >= 4;
    title.len() <= LONGEST_TITLE
        && has_words
        && !is_default
        && !is_of_program
        && !is_name_of_file(title)
        && !is_garbled(title)
}

/// Whether a heading can be that of the whole text.
fn can_be_title(heading: &str) -> bool {
    is_plausible_title(heading) && !OPENINGS.contains(&&*without_number(heading).replace(' ', ""))
}

/// Headings of the first part of a text, without blanks.
const OPENINGS: [&str; 18] = [
    "introduction",
    "contents",
    "tableofcontents",
    "abstract",
    "summary",
    "preface",
    "foreword",
    "введение",
    "содержание",
    "оглавление",
    "аннотация",
    "реферат",
    "предисловие",
    "目录",
    "前言",
    "引言",
    "摘要",
    "序言",
];

/// Returns the author that a property tells, if it can be a person or an institution.
pub(super) fn plausible_author(told: &str) -> Option<String> {
    let author = collapse_blanks(told);
    is_plausible_author(&author).then_some(author)
}

fn is_plausible_author(author: &str) -> bool {
    let bare = without_number(author);
    let is_account = ACCOUNTS.contains(&&*bare) || ACCOUNT_WORDS.iter().any(|word| bare.contains(word));
    let is_machine = bare.starts_with("desktop-") || bare.starts_with("laptop-") || is_pc(&bare);
    let is_address = bare.contains(['@', '\\', '/', '_', '<']) || is_site(author);
    let is_login =
        bare.bytes().all(|byte| byte.is_ascii_lowercase()) && author.starts_with(|c: char| c.is_ascii_lowercase());
    let has_letters = weight(&letters(author).replace(|c: char| c.is_numeric(), "")) >= 3;
    author.len() <= LONGEST_AUTHOR
        && has_letters
        && !(is_account || is_machine || is_address || is_login)
        && !is_garbled(author)
}

/// Titles that programs give, in lower case and without numbers.
const DEFAULT_TITLES: [&str; 52] = [
    "document",
    "doc",
    "new document",
    "new microsoft word document",
    "untitled",
    "untitled document",
    "title",
    "no title",
    "slide",
    "presentation",
    "powerpoint presentation",
    "book",
    "sheet",
    "workbook",
    "template",
    "normal",
    "blank",
    "test",
    "home",
    "index",
    "main",
    "документ",
    "документ microsoft word",
    "документ word",
    "новый документ",
    "новый документ microsoft word",
    "документ microsoft office word",
    "без названия",
    "без имени",
    "безымянный",
    "название",
    "заголовок",
    "заголовок слайда",
    "слайд",
    "презентация",
    "презентация powerpoint",
    "презентация microsoft powerpoint",
    "книга",
    "лист",
    "шаблон",
    "главная",
    "文档",
    "文档 microsoft word",
    "word 文档",
    "新建文档",
    "无标题",
    "未命名",
    "标题",
    "演示文稿",
    "powerpoint 演示文稿",
    "幻灯片",
    "工作簿",
];

/// Names of accounts, of makers of machines and of programs, in lower case and without numbers.
const ACCOUNTS: [&str; 59] = [
    "user",
    "users",
    "windows",
    "windows user",
    "office user",
    "microsoft",
    "microsoft office",
    "microsoft office user",
    "microsoft corporation",
    "microsoft account",
    "admin",
    "administrator",
    "owner",
    "default",
    "root",
    "guest",
    "test",
    "home",
    "pc",
    "computer",
    "unknown",
    "author",
    "anonymous",
    "me",
    "student",
    "office",
    "lenovo",
    "thinkpad",
    "hp",
    "dell",
    "asus",
    "acer",
    "samsung",
    "toshiba",
    "sony",
    "apple",
    "macbook",
    "huawei",
    "xiaomi",
    "openoffice",
    "openoffice.org",
    "libreoffice",
    "python-docx",
    "python-pptx",
    "openpyxl",
    "xlsxwriter",
    "apache poi",
    "phpword",
    "aspose",
    "docxj",
    "un-named",
    "wps",
    "wps office",
    "pandoc",
    "автор",
    "админ",
    "гость",
    "作者",
    "雨林木风",
];

/// What no name of a person has, but that of an account has.
const ACCOUNT_WORDS: [&str; 17] = [
    "пользователь",
    "администратор",
    "учетная запись",
    "учётная запись",
    "неизвестн",
    " user",
    "microsoft office",
    "用户",
    "管理员",
    "微软",
    "电脑",
    "系统",
    "匿名",
    "番茄花园",
    "深度技术",
    "autobvt",
    "qweqwe",
];

/// Whether a name is that of a file: with its extension, with a path, or in one word with underlines or many digits.
fn is_name_of_file(title: &str) -> bool {
    const EXTENSIONS: [&str; 29] = [
        "doc", "docx", "docm", "dot", "dotx", "rtf", "odt", "ods", "odp", "pdf", "ppt", "pptx", "pps", "xls", "xlsx",
        "txt", "md", "html", "htm", "tex", "dvi", "indd", "qxd", "qxp", "pmd", "wpd", "wps", "djvu", "fb2",
    ];
    let extension = title.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let has_extension = extension.is_some_and(|extension| EXTENSIONS.contains(&&*extension));
    let has_path = title.contains(":\\") || title.starts_with("file:") || title.starts_with("http");
    let digits = title.bytes().filter(u8::is_ascii_digit).count();
    let is_identifier = title.is_ascii() && !title.contains(' ') && (title.contains('_') || digits > 2);
    has_extension || has_path || is_identifier
}

/// Whether a text was read in a wrong encoding: letters of Western Europe in a row, damaged and private characters.
fn is_garbled(text: &str) -> bool {
    let is_odd = |c: char| matches!(c, 'À'..='ÿ' | '\u{80}'..='\u{9f}');
    let pairs = text.chars().zip(text.chars().skip(1)).filter(|&(left, right)| is_odd(left) && is_odd(right)).count();
    let is_broken = |c: char| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
    pairs * 4 > text.chars().count() || text.contains(is_broken)
}

fn is_pc(name: &str) -> bool {
    let mut words = name.split(['-', ' ']);
    words.any(|word| matches!(word, "pc" | "пк"))
}

/// Whether a name is that of a site, such as `XTreme.ws`: a dot between letters, and behind it lower case to the end.
fn is_site(name: &str) -> bool {
    let Some((host, end)) = name.rsplit_once('.') else { return false };
    name.is_ascii()
        && !name.contains(' ')
        && host.len() > 2
        && end.len() > 1
        && end.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_han_name(name: &str) -> bool {
    (2..=4).contains(&name.chars().count()) && name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}'))
}

/// Returns a name in lower case, without digits, and without blanks and brackets at its ends.
fn without_number(name: &str) -> String {
    let bare: String = name.chars().filter(|c| !c.is_numeric()).flat_map(char::to_lowercase).collect();
    collapse_blanks(bare.trim_matches(|c: char| !c.is_alphabetic()))
}

/// Returns the letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the number of letters; a Han character, which is a syllable or a word, counts as three.
fn weight(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2e80}' { 3 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, text: &str) -> Block {
        Block { kind, text: text.to_owned(), marks: Vec::new() }
    }

    #[test]
    fn names_of_files_and_programs_are_no_titles() {
        for no_title in [
            "Microsoft Word - Отчёт 3.doc",
            "Microsoft PowerPoint - итоги",
            "Документ1",
            "Документ Microsoft Word",
            "Document 12",
            "文档1",
            "新建 Microsoft Word 文档 (2)",
            "PowerPoint Presentation",
            "Презентация PowerPoint",
            "PowerPoint 演示文稿",
            "幻灯片 1",
            "Untitled",
            "Без названия",
            "未命名",
            "план работ.docx",
            "C:\\Docs\\plan",
            "report_final",
            "prikaz2024",
            "Пользователь",
            "ÔÅÄÅÐÀËÜÍÛÉ ÇÀÊÎÍ",
            "2024",
            "t",
            "",
            "\u{f020}",
        ] {
            assert!(!is_plausible_title(no_title), "{no_title}");
        }
        for title in [
            "О портовых сборах",
            "港口",
            "Presentation of credentials",
            "Résumé des décisions",
            "Устав",
            "Plan 2030",
            "COVID-19",
        ] {
            assert!(is_plausible_title(title), "{title}");
        }
    }

    #[test]
    fn accounts_and_machines_are_no_authors() {
        let beginning = Beginning::of_blocks(&[block(
            BlockKind::Paragraph,
            "Доклад подготовила Светлана для совета, svet@port.example",
        )]);
        for (told, expected) in [
            ("Windows User", false),
            ("User", false),
            ("Пользователь Windows", false),
            ("Учетная запись Майкрософт", false),
            ("Администратор", false),
            ("微软用户", false),
            ("微软中国", false),
            ("作者", false),
            ("lenovo", false),
            ("Lenovo PC", false),
            ("DESKTOP-4F7K2", false),
            ("ADMIN-ПК", false),
            ("XTreme.ws", false),
            ("python-docx", false),
            ("petrov@harbour.example", false),
            ("PORT\\petrov", false),
            ("Registered User", false),
            ("belov", false),
            ("svet", false),
            ("Вера", false),
            ("-", false),
            ("1", false),
            ("Светлана", true),
            ("Вера Лугова", true),
            ("Лугова В.А.", true),
            ("В.Лугова", true),
            ("李明", true),
            ("欧阳青山", true),
            ("J.R. Smith", true),
            ("港口事务研究所", false),
        ] {
            assert_eq!(believed_author(told, &beginning).is_some(), expected, "{told}");
        }
    }

    #[test]
    fn a_heading_is_better_than_a_title_that_the_text_lacks() {
        let heading = [
            block(BlockKind::Heading(1), "Портовые сборы на севере"),
            block(BlockKind::Paragraph, "Совет портов установил сборы."),
        ];
        let plain = &heading[1..];
        let opening = [block(BlockKind::Heading(1), "1. Введение")];
        for (told, blocks, expected) in [
            ("портовые  сборы на Севере.", &heading[..], true),
            ("Совет портов установил сборы", &heading, true),
            ("сборы", &heading, false),
            ("Годовой отчёт", &heading, false),
            ("Годовой отчёт", plain, true),
            ("Годовой отчёт", &opening, true),
            ("Документ1", plain, false),
        ] {
            assert_eq!(believed_title(told, &Beginning::of_blocks(blocks)).is_some(), expected, "{told}");
        }
    }

    #[test]
    fn dates_of_templates_are_none() {
        for (date, expected) in [
            ("2013-12-23T23:15:00Z", true),
            ("2006-09-16T00:00:00Z", true),
            ("1601-01-01T00:00:00Z", true),
            ("2013-12-24T10:00:00Z", false),
            ("2024-03-05", false),
        ] {
            assert_eq!(is_template_date(date), expected, "{date}");
        }
    }

    #[test]
    fn what_is_not_believed_is_dropped() {
        let mut metadata = Metadata {
            title: Some("Слайд 1".to_owned()),
            authors: vec!["User".to_owned(), "Вера Лугова".to_owned()],
            made: Some("2013-12-23T23:15:00Z".to_owned()),
            ..Metadata::default()
        };
        believe(&mut metadata, &[]);
        assert_eq!(metadata, Metadata { authors: vec!["Вера Лугова".to_owned()], ..Metadata::default() });
    }
}
