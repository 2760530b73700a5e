//! Properties of a document: title, author and date as its program wrote them, which are often those of a file, of an
//! account, or of a template.
//!
//! Here is what can be a title and an author at all; `belief` asks the text of the document too.

#[cfg(any(feature = "docx", feature = "rtf"))]
mod belief;

#[cfg(any(feature = "docx", feature = "rtf"))]
pub(super) use belief::believe;

use super::collapse_blanks;

/// The longest title, in bytes; a longer one is an abstract, or the whole text.
const LONGEST_TITLE: usize = 600;

/// The longest name of a person or an institution, in bytes.
const LONGEST_AUTHOR: usize = 200;

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
const DEFAULT_TITLES: [&str; 55] = [
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
    "page",
    "страница",
    "工作表",
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

#[cfg(any(feature = "docx", feature = "rtf"))]
fn is_han_name(name: &str) -> bool {
    (2..=4).contains(&name.chars().count()) && name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}'))
}

/// Returns a name in lower case, without digits, and without blanks and brackets at its ends.
fn without_number(name: &str) -> String {
    let bare: String = name.chars().filter(|c| !c.is_numeric()).flat_map(char::to_lowercase).collect();
    collapse_blanks(bare.trim_matches(|c: char| !c.is_alphabetic()))
}

/// Returns the beginning of a text, of at most so many bytes.
pub(super) fn up_to(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

/// Returns the letters and digits of a text, in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the number of letters; a Han character, which is a syllable or a word, counts as three.
fn weight(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2e80}' { 3 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
