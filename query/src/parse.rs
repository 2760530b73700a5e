//! From a query string to an expression. Never fails: whatever is typed searches.
//!
//! ```text
//! query    = item*                         items side by side: plain words are ranked, all else is required
//! item     = both (OR both)*
//! both     = one (AND one)*
//! one      = NOT one | sign? primary       sign: + required, - excluded
//! primary  = ( query ) | "…" | "…"~8 | name:value | word | wo*d | wo?d | word~
//! ```
//!
//! Signs are understood as keyboards of all three languages type them: “ ” „
//! « » 「 」 『 』 ＂ （ ） ＋ － ： ～ ＊, and operators in full width.

mod filter;

use std::ops::{Range, RangeInclusive};

pub(crate) use filter::{FieldName, Filter};

/// Longer query strings are cut: no passage is as long.
const MOST_BYTES: usize = 64 << 10;
/// More clauses are left out.
const MOST_CLAUSES: usize = 1_000;
/// Parentheses that are nested deeper do not group.
const DEEPEST: usize = 40;
/// The typing errors of `word~`, and the most that can be asked for.
const ERRORS: RangeInclusive<u8> = 1..=2;
/// The window of `"…"~`, in positions.
const WINDOW: u32 = 8;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Expression {
    pub(crate) group: Group,
    pub(crate) warnings: Vec<Warning>,
}

/// Clauses that belong together. It holds where all that must be there is, and
/// nothing that must not; if nothing must be there, any one clause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Group {
    pub(crate) clauses: Vec<Clause>,
    /// Of clauses that need not be there: at least so many, if more than one.
    pub(crate) least: usize,
}

impl Group {
    pub(crate) fn of(clauses: Vec<Clause>) -> Group {
        Group { clauses, least: 1 }
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) occur: Occur,
    pub(crate) content: Content,
    /// The bytes of the query string that it is made of.
    pub(crate) range: Range<usize>,
}

/// Whether a clause must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occur {
    Should,
    Must,
    MustNot,
}

/// What a clause looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// These words.
    Words(String),
    /// Words of this shape: `*` any letters, `?` one.
    Wildcard(String),
    /// This word, or one that so many typing errors make of it.
    Fuzzy(String, u8),
    /// This text, exactly.
    Quotation(String),
    /// This text, exactly, in which `*` at an end of a word stands for the rest of it.
    OpenQuotation(String),
    /// This text, exactly, whose ends may lie inside words.
    Fragment(String),
    /// These words in any order, within a window of so many positions.
    Near(String, u32),
    /// Only passages of which this is true.
    Filter(Filter),
    /// Other clauses.
    Group(Group),
}

/// Something in a query string that was mended or ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The bytes of the query string that it is about.
    pub range: Range<usize>,
    /// What was done.
    pub message: &'static str,
}

impl Content {
    /// Returns whether these are words to rank by, with nothing that must or must not be there.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Content::Words(_) | Content::Wildcard(_) | Content::Fuzzy(..) => true,
            Content::Group(group) => {
                group.clauses.iter().all(|clause| clause.occur == Occur::Should && clause.content.is_plain())
            }
            _ => false,
        }
    }

    /// Plain words are ranked; operators and quotations mean what they say.
    fn default_occur(&self) -> Occur {
        if self.is_plain() { Occur::Should } else { Occur::Must }
    }
}

/// Understands a query string.
pub(crate) fn parse(query: &str) -> Expression {
    let (query, warnings) = cut(query);
    let mut parser = Parser { query, at: 0, depth: 0, clauses: 0, warnings };
    let group = parser.sequence();
    Expression { group, warnings: parser.warnings }
}

/// Takes a whole query string as one clause.
pub(crate) fn whole(query: &str, content: fn(String) -> Content) -> Expression {
    let (query, warnings) = cut(query);
    let range = 0..query.len();
    let content = content(query.to_owned());
    let clause = Clause { occur: content.default_occur(), content, range };
    Expression { group: Group::of(vec![clause]), warnings }
}

fn cut(query: &str) -> (&str, Vec<Warning>) {
    if query.len() <= MOST_BYTES {
        return (query, Vec::new());
    }
    let end = (0..=MOST_BYTES).rev().find(|&end| query.is_char_boundary(end)).unwrap_or(0);
    (&query[..end], vec![Warning { range: end..query.len(), message: "the query is too long: its end was left out" }])
}

struct Parser<'q> {
    query: &'q str,
    at: usize,
    depth: usize,
    clauses: usize,
    warnings: Vec<Warning>,
}

/// An operator between clauses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
}

impl Parser<'_> {
    fn sequence(&mut self) -> Group {
        let mut clauses = Vec::new();
        while self.goes_on() {
            clauses.extend(self.any());
        }
        Group::of(clauses)
    }

    /// Skips blanks, and what stands where nothing can begin; returns whether a clause may follow.
    fn goes_on(&mut self) -> bool {
        loop {
            let Some(c) = self.skip_blanks() else { return false };
            if is_closing_parenthesis(c) {
                if self.depth > 0 {
                    return false;
                }
                let start = self.advance(c);
                self.warn(start..self.at, "nothing is open here: ignored");
            } else if let Some((Operator::And | Operator::Or, end)) = self.operator() {
                self.warn(self.at..end, "an operator without a word before it: ignored");
                self.at = end;
            } else {
                return true;
            }
        }
    }

    fn any(&mut self) -> Option<Clause> {
        self.joined(Operator::Or, Occur::Should, Self::all)
    }

    fn all(&mut self) -> Option<Clause> {
        self.joined(Operator::And, Occur::Must, Self::one)
    }

    /// Takes clauses with an operator between them; a single one stays as it is.
    fn joined(&mut self, joint: Operator, occur: Occur, next: fn(&mut Self) -> Option<Clause>) -> Option<Clause> {
        let first = next(self)?;
        let mut clauses = vec![first];
        while let Some((_, end)) = self.operator().filter(|&(operator, _)| operator == joint) {
            let start = std::mem::replace(&mut self.at, end);
            let has_more = self.skip_blanks().is_some_and(|c| !is_closing_parenthesis(c));
            let is_operator = matches!(self.operator(), Some((Operator::And | Operator::Or, _)));
            match (has_more && !is_operator).then(|| next(self)).flatten() {
                Some(clause) => clauses.push(clause),
                None => self.warn(start..end, "an operator without a word after it: ignored"),
            }
        }
        if clauses.len() == 1 {
            return clauses.pop();
        }
        let range = clauses[0].range.start..self.at;
        let clauses = clauses.into_iter().map(|clause| operand(clause, occur)).collect();
        let content = Content::Group(Group::of(clauses));
        Some(Clause { occur: content.default_occur(), content, range })
    }

    fn one(&mut self) -> Option<Clause> {
        let mut is_negated = false;
        while let Some((Operator::Not, end)) = self.operator() {
            let start = std::mem::replace(&mut self.at, end);
            if self.skip_blanks().is_none_or(is_closing_parenthesis) {
                self.warn(start..end, "an operator without a word after it: ignored");
                return None;
            }
            is_negated = !is_negated;
        }
        let sign = self.sign();
        let start = self.at;
        let content = self.primary()?;
        if self.clauses == MOST_CLAUSES {
            self.warn(start..self.query.len(), "too many words: from here on they were left out");
            self.at = self.query.len();
            return None;
        }
        self.clauses += 1;
        let occur = sign.unwrap_or(content.default_occur());
        let occur = match (is_negated, occur) {
            (false, occur) => occur,
            (true, Occur::MustNot) => Occur::Must,
            (true, Occur::Must | Occur::Should) => Occur::MustNot,
        };
        Some(Clause { occur, content, range: start..self.at })
    }

    fn primary(&mut self) -> Option<Content> {
        let c = self.peek()?;
        if is_opening_parenthesis(c) {
            self.group(c)
        } else if let Some(closing) = closing_mark(c) {
            self.quotation(closing)
        } else if let Some((name, start)) = self.filter_name() {
            self.filter(&name, start)
        } else {
            self.word()
        }
    }

    fn group(&mut self, opening: char) -> Option<Content> {
        let start = self.advance(opening);
        if self.depth == DEEPEST {
            self.warn(start..self.at, "nested too deeply: this parenthesis does not group");
            return None;
        }
        self.depth += 1;
        let group = self.sequence();
        self.depth -= 1;
        match self.peek() {
            Some(closing) => {
                self.advance(closing);
            }
            None => self.warn(start..self.query.len(), "the parenthesis has no end: taken up to the end of the query"),
        }
        match group.clauses.len() {
            0 => None,
            // Parentheses around one thing are that thing.
            1 if group.clauses[0].occur == group.clauses[0].content.default_occur() => {
                group.clauses.into_iter().next().map(|clause| clause.content)
            }
            _ => Some(Content::Group(group)),
        }
    }

    /// Takes a sign that stands directly before what it is about.
    fn sign(&mut self) -> Option<Occur> {
        let mut rest = self.query[self.at..].chars();
        let sign = rest.next()?;
        let occur = match sign {
            '+' | '＋' => Occur::Must,
            '-' | '－' | '−' => Occur::MustNot,
            _ => return None,
        };
        let begins =
            |c: char| c.is_alphanumeric() || closing_mark(c).is_some() || is_opening_parenthesis(c) || is_star(c);
        rest.next().filter(|&next| begins(next))?;
        self.advance(sign);
        Some(occur)
    }

    fn quotation(&mut self, closing: &[char]) -> Option<Content> {
        let start = self.at;
        let text = self.quoted(closing);
        if let Some(window) = self.after_tilde() {
            let window = window.unwrap_or(WINDOW);
            return self.unless_empty(start, &text).then_some(Content::Near(text, window));
        }
        self.unless_empty(start, &text)
            .then(|| if text.contains(is_star) { Content::OpenQuotation(text) } else { Content::Quotation(text) })
    }

    /// Takes the text up to a closing mark, and the mark.
    fn quoted(&mut self, closing: &[char]) -> String {
        let start = self.at;
        let inside = start + self.peek().map_or(0, char::len_utf8);
        let end = self.query[inside..].find(closing).map(|length| inside + length);
        let text = self.query[inside..end.unwrap_or(self.query.len())].to_owned();
        let after = end.and_then(|end| self.query[end..].chars().next()).map_or(0, char::len_utf8);
        self.at = inside + text.len() + after;
        if end.is_none() {
            self.warn(start..self.query.len(), "the quotation has no end: taken up to the end of the query");
        }
        text
    }

    fn unless_empty(&mut self, start: usize, text: &str) -> bool {
        if text.trim().is_empty() {
            self.warn(start..self.at, "an empty quotation was ignored");
        }
        !text.trim().is_empty()
    }

    /// Takes a tilde that stands here, with the number after it.
    fn after_tilde(&mut self) -> Option<Option<u32>> {
        let tilde = self.peek().filter(|&c| is_tilde(c))?;
        self.advance(tilde);
        let rest = &self.query[self.at..];
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        self.at += digits.len();
        Some(digits.parse().ok())
    }

    fn word(&mut self) -> Option<Content> {
        let start = self.at;
        let rest = &self.query[start..];
        let ends = |c: char| c.is_whitespace() || closing_mark(c).is_some() || is_parenthesis(c);
        let length = rest.char_indices().skip(1).find(|&(_, c)| ends(c)).map_or(rest.len(), |(at, _)| at);
        let word = rest[..length].to_owned();
        self.at += length;
        if let Some((word, errors)) = fuzzy(&word) {
            return Some(Content::Fuzzy(word.to_owned(), errors));
        }
        if !has_wildcard(&word) {
            return Some(Content::Words(word));
        }
        if !word.contains(char::is_alphanumeric) {
            self.warn(start..self.at, "it would stand for every word: ignored");
            return None;
        }
        Some(Content::Wildcard(word))
    }

    /// Returns the name of a filter that stands here, and where its value begins.
    fn filter_name(&self) -> Option<(String, usize)> {
        let rest = &self.query[self.at..];
        let length = rest.find([':', '：'])?;
        let colon = rest[length..].chars().next()?;
        let name = rest[..length].to_ascii_lowercase();
        filter::NAMES.contains(&name.as_str()).then_some((name, self.at + length + colon.len_utf8()))
    }

    /// Takes the value of a filter.
    fn filter(&mut self, name: &str, value_start: usize) -> Option<Content> {
        let start = std::mem::replace(&mut self.at, value_start);
        let value = self.value();
        let filter = filter::understand(name, &value);
        if filter.is_none() {
            self.warn(start..self.at, "not understood as a filter, and ignored");
        }
        filter.map(Content::Filter)
    }

    /// Takes what stands in quotation marks or parentheses, or before a blank.
    fn value(&mut self) -> String {
        match self.peek() {
            Some(c) if is_opening_parenthesis(c) => self.quoted(&[')', '）']),
            Some(c) if closing_mark(c).is_some() => self.quoted(closing_mark(c).unwrap_or_default()),
            _ => {
                let rest = &self.query[self.at..];
                let ends = |c: char| c.is_whitespace() || (is_closing_parenthesis(c) && self.depth > 0);
                let value = rest[..rest.find(ends).unwrap_or(rest.len())].to_owned();
                self.at += value.len();
                value
            }
        }
    }

    /// Returns the operator that stands here, and its end. It is a word of its own, in capitals.
    fn operator(&mut self) -> Option<(Operator, usize)> {
        self.skip_blanks()?;
        let rest = &self.query[self.at..];
        let ends = |c: char| c.is_whitespace() || closing_mark(c).is_some() || is_parenthesis(c);
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let operator = match word {
            "AND" | "ＡＮＤ" => Operator::And,
            "OR" | "ＯＲ" => Operator::Or,
            "NOT" | "ＮＯＴ" => Operator::Not,
            _ => return None,
        };
        Some((operator, self.at + word.len()))
    }

    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    fn skip_blanks(&mut self) -> Option<char> {
        let rest = &self.query[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.peek()
    }

    /// Goes over a character and returns where it began.
    fn advance(&mut self, c: char) -> usize {
        let start = self.at;
        self.at += c.len_utf8();
        start
    }

    fn warn(&mut self, range: Range<usize>, message: &'static str) {
        self.warnings.push(Warning { range, message });
    }
}

/// A clause between operators: excluded is excluded, all else is as the operator says.
fn operand(clause: Clause, occur: Occur) -> Clause {
    match (clause.occur, occur) {
        (Occur::MustNot, Occur::Must) => clause,
        // Something else, or not this: a group of its own.
        (Occur::MustNot, _) => {
            let range = clause.range.clone();
            Clause { occur, content: Content::Group(Group::of(vec![clause])), range }
        }
        _ => Clause { occur, ..clause },
    }
}

/// `word~`, `word~2`: the word and its typing errors.
fn fuzzy(word: &str) -> Option<(&str, u8)> {
    let (before, after) = word.rsplit_once(is_tilde)?;
    let errors = if after.is_empty() { *ERRORS.start() } else { after.parse().ok()? };
    (before.contains(char::is_alphanumeric)).then_some((before, errors.min(*ERRORS.end())))
}

/// A star anywhere; a question mark only inside a word, for at its end it is one of a question.
fn has_wildcard(word: &str) -> bool {
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.contains(is_star) || inside.contains('?')
}

/// `*`, in any width.
pub(crate) fn is_star(c: char) -> bool {
    matches!(c, '*' | '＊')
}

fn is_tilde(c: char) -> bool {
    matches!(c, '~' | '～')
}

fn is_opening_parenthesis(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_closing_parenthesis(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn is_parenthesis(c: char) -> bool {
    is_opening_parenthesis(c) || is_closing_parenthesis(c)
}

/// Returns the marks that can end a quotation that begins with `opening`.
fn closing_mark(opening: char) -> Option<&'static [char]> {
    match opening {
        '"' | '＂' => Some(&['"', '＂']),
        '“' | '”' | '„' => Some(&['”', '“', '"']),
        '«' => Some(&['»']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(group: &Group) -> String {
        let clauses: Vec<String> = group
            .clauses
            .iter()
            .map(|clause| {
                let sign = match clause.occur {
                    Occur::Should => "",
                    Occur::Must => "+",
                    Occur::MustNot => "-",
                };
                match &clause.content {
                    Content::Words(words) => format!("{sign}{words}"),
                    Content::Wildcard(shape) => format!("{sign}/{shape}/"),
                    Content::Fuzzy(word, errors) => format!("{sign}{word}~{errors}"),
                    Content::Quotation(text) | Content::Fragment(text) => format!("{sign}[{text}]"),
                    Content::OpenQuotation(text) => format!("{sign}[/{text}/]"),
                    Content::Near(text, window) => format!("{sign}[{text}]~{window}"),
                    Content::Filter(filter) => format!("{sign}{filter:?}"),
                    Content::Group(group) => format!("{sign}({})", shown(group)),
                }
            })
            .collect();
        clauses.join(" ")
    }

    fn check(query: &str, expected: &str) {
        assert_eq!(shown(&parse(query).group), expected, "{query}");
    }

    #[test]
    fn words_and_quotations() {
        check("乌克兰 停火", "乌克兰 停火");
        check("乌克兰　停火", "乌克兰 停火");
        check("+мир -война", "+мир -война");
        check("＋停火 －制裁", "+停火 -制裁");
        check("\"cease fire\" now", "+[cease fire] now");
        check("-\"cease fire\"", "-[cease fire]");
        check("“停火” «мир» 「停戰」", "+[停火] +[мир] +[停戰]");
        check("停火“协议", "停火 +[协议]");
        check("F-35 2.0 C++", "F-35 2.0 C++");
        check("- + -- a", "- + -- a");
        check("\"\" “”", "");
        check("\"open", "+[open]");
        check("", "");
    }

    #[test]
    fn operators() {
        check("a AND b", "+(+a +b)");
        check("a OR b", "(a b)");
        check("a AND b OR c", "+((+a +b) c)");
        check("a AND NOT b", "+(+a -b)");
        check("a OR NOT b", "+(a (-b))");
        check("NOT a", "-a");
        check("NOT NOT a", "a");
        check("a b AND c", "a +(+b +c)");
        check("(a OR b) AND -c", "+(+(a b) -c)");
        check("（停火 OR 谈判） 乌克兰", "(停火 谈判) 乌克兰");
        check("\"a\" OR \"b\"", "+([a] [b])");
        check("+(a b) -(c d)", "+(a b) -(c d)");
        check("война ＡＮＤ мир", "+(+война +мир)");
        check("and or not", "and or not");
    }

    #[test]
    fn windows_wildcards_and_errors() {
        check("\"俄罗斯 制裁\"~8", "+[俄罗斯 制裁]~8");
        check("“俄罗斯 制裁”～20 x", "+[俄罗斯 制裁]~20 x");
        check("\"a b\"~ c", "+[a b]~8 c");
        check("\"*ьного назначения\"", "+[/*ьного назначения/]");
        check("санкци* *威慑 Zelensk?y 美?关系", "/санкци*/ /*威慑/ /Zelensk?y/ /美?关系/");
        check("特朗＊ -санкци*", "/特朗＊/ -/санкци*/");
        check("Что такое санкции?", "Что такое санкции?");
        check("Зеленскй~ a~2 b~9 ~ ~5", "Зеленскй~1 a~2 b~2 ~ ~5");
        check("* ** a", "a");
    }

    #[test]
    fn filters() {
        check("kind:note 停火", "+Kind(Note) 停火");
        check("-lang:zh", "-Language(Chinese)");
        check("date:2024..2025", "+Date(20240000..=20259999)");
        check("date：2024-05", "+Date(20240500..=20240599)");
        check("date:..2025-01-02", "+Date(0..=20250102)");
        check("title:\"морской путь\" мир", "+Words(Title, \"морской путь\") мир");
        check("author:“张弘”", "+Words(Author, \"张弘\")");
        check("(lang:zh OR lang:ru) path:zh/*.md", "+(Language(Chinese) Language(Russian)) +Path(\"zh/*.md\")");
        check("title:(морской путь)", "+Words(Title, \"морской путь\")");
        check("http://example.org 12:30", "http://example.org 12:30");
        assert_eq!(parse("kind:letter мир").warnings.len(), 1);
        assert_eq!(parse("date:2025..2024").warnings.len(), 1);
    }

    /// What is ignored or mended, as it stands in the query.
    fn mended(query: &str) -> Vec<&str> {
        parse(query).warnings.into_iter().map(|warning| &query[warning.range]).collect()
    }

    #[test]
    fn what_was_mended_is_said() {
        assert_eq!(mended("мир \"война"), ["\"война"]);
        assert_eq!(mended("(мир AND"), ["AND", "(мир AND"]);
        assert_eq!(mended("OR мир )"), ["OR", ")"]);
        assert_eq!(mended("a AND OR b"), ["AND"]);
        assert_eq!(mended("a NOT"), ["NOT"]);
        assert_eq!(mended("* мир"), ["*"]);
        assert!(mended("(a OR b) AND «c» (d)").is_empty());
    }

    #[test]
    fn endless_queries_are_cut() {
        let words = "слово ".repeat(5_000);
        let expression = parse(&words);
        assert_eq!(expression.group.clauses.len(), MOST_CLAUSES);
        assert_eq!(expression.warnings.len(), 1);
        let nested = "(".repeat(10_000) + "мир";
        check_depth(&parse(&nested).group, 0);
        assert_eq!(parse(&"а".repeat(MOST_BYTES)).warnings.len(), 1);
    }

    fn check_depth(group: &Group, depth: usize) {
        assert!(depth <= DEEPEST);
        for clause in &group.clauses {
            if let Content::Group(group) = &clause.content {
                check_depth(group, depth + 1);
            }
        }
    }

    proptest! {
        #[test]
        fn any_string_is_a_query(query in "(\\PC|[ \"“”«»「」+－*?~:()]|AND |OR |NOT |date:|path:){0,40}") {
            for warning in parse(&query).warnings {
                prop_assert!(query.get(warning.range).is_some());
            }
        }
    }
}
