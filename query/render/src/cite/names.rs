//! Names of people: what is the family's, where that is sure.
//!
//! `Иванов П. С.`, `T. J. Vance`, `Smith, John` and 林舟 are sure; of `Ann
//! Smith` nobody knows, who does not know her, and 外交部 is no person. What is
//! not sure stays as it is written.

use svod_text::analysis::is_han;

/// A name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// The name of the family, and the given names or initials.
    Parts { family: String, given: String },
    /// As it is written.
    Whole(String),
}

impl Name {
    pub(super) fn of(name: &str) -> Name {
        let parts = with_comma(name).or_else(|| with_initials(name)).or_else(|| chinese(name));
        match parts {
            Some((family, given)) => Name::Parts { family, given },
            None => Name::Whole(name.to_owned()),
        }
    }

    /// Returns the initials of the given names, each with its mark: `П. С.`, `P S`. None for Chinese names.
    pub(super) fn initials(given: &str, mark: &str, between: &str) -> Option<String> {
        if given.chars().any(is_han) {
            return None;
        }
        let parts = given.split([' ', '.', '-']).filter_map(|part| part.chars().next());
        let initials: Vec<String> = parts.map(|initial| format!("{}{mark}", initial.to_uppercase())).collect();
        Some(initials.join(between)).filter(|initials| !initials.is_empty())
    }
}

/// Smith, John
fn with_comma(name: &str) -> Option<(String, String)> {
    let (family, given) = name.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let is_name = |part: &str| part.starts_with(char::is_uppercase) && part.split(' ').count() <= 3;
    (is_name(family) && is_name(given) && !given.contains(',')).then(|| (family.to_owned(), given.to_owned()))
}

/// T. J. Vance, Vance T. J., П.С. Иванов
fn with_initials(name: &str) -> Option<(String, String)> {
    let words: Vec<&str> = name.split(' ').collect();
    let is_family =
        |word: &str| word.chars().count() > 1 && !word.contains('.') && word.starts_with(char::is_uppercase);
    let (first, rest) = words.split_first()?;
    let (last, before) = words.split_last()?;
    if !rest.is_empty() && is_family(first) && rest.iter().all(|word| is_initials(word)) {
        return Some(((*first).to_owned(), rest.join(" ")));
    }
    let are_initials = !before.is_empty() && before.iter().all(|word| is_initials(word));
    (are_initials && is_family(last)).then(|| ((*last).to_owned(), before.join(" ")))
}

/// `П.`, `П.С.`, `Ю.-К.`
fn is_initials(word: &str) -> bool {
    let mut parts = word.split_inclusive('.').map(|part| part.trim_start_matches('-')).peekable();
    parts.peek().is_some()
        && parts.all(|part| {
            let letter = part.strip_suffix('.').unwrap_or("");
            letter.chars().count() == 1 && letter.chars().all(char::is_uppercase)
        })
}

/// 林舟, 欧阳修: by the first character, if it is that of many families.
fn chinese(name: &str) -> Option<(String, String)> {
    let count = name.chars().count();
    let is_body = name
        .ends_with(['部', '委', '院', '局', '社', '会', '处', '署', '所', '办', '厅', '组', '网', '报', '省', '市']);
    if !(2..=4).contains(&count) || !name.chars().all(is_han) || is_body {
        return None;
    }
    let double = DOUBLE_FAMILIES.iter().find(|family| name.starts_with(**family)).filter(|_| count > 2);
    let single = name.chars().next().filter(|first| count <= 3 && FAMILIES.contains(*first));
    let length = double.map(|family| family.len()).or(single.map(char::len_utf8))?;
    let (family, given) = name.split_at(length);
    Some((family.to_owned(), given.to_owned()))
}

const DOUBLE_FAMILIES: [&str; 12] =
    ["欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "皇甫", "尉迟", "公孙"];

/// The families that nine of ten people belong to.
const FAMILIES: &str = "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許\
傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯\
尹黎易常武乔喬贺賀赖賴龚龔文庞樊兰殷施陶洪翟颜顏倪严嚴牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        for (name, expected) in [
            ("林舟", "林|舟"),
            ("欧阳修", "欧阳|修"),
            ("葉思岑", "葉|思岑"),
            ("外交部", ""),
            ("安全部", ""),
            ("П. С. Иванов", "Иванов|П. С."),
            ("Иванов П.С.", "Иванов|П.С."),
            ("T. J. Vance", "Vance|T. J."),
            ("Smith, John", "Smith|John"),
            ("Ann Smith", ""),
            ("Institute of Peace", ""),
            ("Zhang 弘", ""),
            ("", ""),
        ] {
            let shown = match Name::of(name) {
                Name::Parts { family, given } => format!("{family}|{given}"),
                Name::Whole(whole) => {
                    assert_eq!(whole, name);
                    String::new()
                }
            };
            assert_eq!(shown, expected, "{name}");
        }
    }

    #[test]
    fn initials() {
        for (given, expected) in
            [("П.С.", Some("П. С.")), ("John", Some("J.")), ("Jean-Luc", Some("J. L.")), ("弘", None)]
        {
            assert_eq!(Name::initials(given, ".", " ").as_deref(), expected);
        }
    }
}
