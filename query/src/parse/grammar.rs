//! Operators, signs and parentheses: how clauses are put together.

use super::limits::{DEEPEST, MOST_CLAUSES};
use super::marks::is_closing_parenthesis;
use super::reader::{Operator, Reader};
use super::{Clause, ClauseGroup, Content, Expression, Occur};
use crate::answer::warning::Warning;

/// The clauses of a query string.
pub(super) struct Grammar<'q> {
    pub(super) reader: Reader<'q>,
    /// How many parentheses are open.
    pub(super) depth: usize,
    /// How many clauses were taken.
    clauses: usize,
}

impl<'q> Grammar<'q> {
    /// Begins with a query string of which this is known.
    pub(super) fn new(query: &'q str, warning: Option<Warning>) -> Grammar<'q> {
        Grammar { reader: Reader::new(query, warning), depth: 0, clauses: 0 }
    }

    /// Understands all of it.
    pub(super) fn expression(mut self) -> Expression {
        let group = self.sequence();
        Expression { group, warnings: self.reader.warnings }
    }

    fn sequence(&mut self) -> ClauseGroup {
        let mut clauses = Vec::new();
        while self.goes_on() {
            clauses.extend(self.any());
        }
        ClauseGroup::of(clauses)
    }

    /// Skips blanks, and what stands where nothing can begin; returns whether a clause may follow.
    fn goes_on(&mut self) -> bool {
        loop {
            let Some(c) = self.reader.skip_blanks() else { return false };
            if is_closing_parenthesis(c) {
                if self.depth > 0 {
                    return false;
                }
                let start = self.reader.advance(c);
                self.reader.warn(start..self.reader.at, "nothing is open here: ignored");
            } else if let Some((Operator::And | Operator::Or, end)) = self.reader.operator() {
                self.reader.warn(self.reader.at..end, "an operator without a word before it: ignored");
                self.reader.at = end;
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
        while let Some((_, end)) = self.reader.operator().filter(|&(operator, _)| operator == joint) {
            let start = std::mem::replace(&mut self.reader.at, end);
            let has_more = self.reader.has_more();
            let is_operator = matches!(self.reader.operator(), Some((Operator::And | Operator::Or, _)));
            match (has_more && !is_operator).then(|| next(self)).flatten() {
                Some(clause) => clauses.push(clause),
                None => self.reader.warn(start..end, "an operator without a word after it: ignored"),
            }
        }
        if clauses.len() == 1 {
            return clauses.pop();
        }
        let range = clauses[0].range.start..self.reader.at;
        let clauses = clauses.into_iter().map(|clause| operand(clause, occur)).collect();
        let content = Content::Group(ClauseGroup::of(clauses));
        Some(Clause { occur: content.default_occur(), content, range })
    }

    fn one(&mut self) -> Option<Clause> {
        let mut is_negated = false;
        while let Some((Operator::Not, end)) = self.reader.operator() {
            let start = std::mem::replace(&mut self.reader.at, end);
            if !self.reader.has_more() {
                self.reader.warn(start..end, "an operator without a word after it: ignored");
                return None;
            }
            is_negated = !is_negated;
        }
        let sign = self.reader.sign();
        let start = self.reader.at;
        let content = self.content()?;
        if self.clauses == MOST_CLAUSES {
            self.reader.warn(start..self.reader.end(), "too many words: from here on they were left out");
            self.reader.at = self.reader.end();
            return None;
        }
        self.clauses += 1;
        let occur = sign.unwrap_or(content.default_occur());
        let occur = match (is_negated, occur) {
            (false, occur) => occur,
            (true, Occur::MustNot) => Occur::Must,
            (true, Occur::Must | Occur::Should) => Occur::MustNot,
        };
        Some(Clause { occur, content, range: start..self.reader.at })
    }

    /// Takes what stands in parentheses.
    pub(super) fn group(&mut self, opening: char) -> Option<Content> {
        let start = self.reader.advance(opening);
        if self.depth == DEEPEST {
            self.reader.warn(start..self.reader.at, "nested too deeply: this parenthesis does not group");
            return None;
        }
        self.depth += 1;
        let group = self.sequence();
        self.depth -= 1;
        match self.reader.peek() {
            Some(closing) => {
                self.reader.advance(closing);
            }
            None => self
                .reader
                .warn(start..self.reader.end(), "the parenthesis has no end: taken up to the end of the query"),
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
}

/// A clause between operators: excluded is excluded, all else is as the operator says.
fn operand(clause: Clause, occur: Occur) -> Clause {
    match (clause.occur, occur) {
        (Occur::MustNot, Occur::Must) => clause,
        // Something else, or not this: a group of its own.
        (Occur::MustNot, _) => {
            let range = clause.range.clone();
            Clause { occur, content: Content::Group(ClauseGroup::of(vec![clause])), range }
        }
        _ => Clause { occur, ..clause },
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::shown::{check, mended};

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
    fn what_was_mended_is_said() {
        assert_eq!(mended("мир \"война"), ["\"война"]);
        assert_eq!(mended("(мир AND"), ["AND", "(мир AND"]);
        assert_eq!(mended("OR мир )"), ["OR", ")"]);
        assert_eq!(mended("a AND OR b"), ["AND"]);
        assert_eq!(mended("a NOT"), ["NOT"]);
        assert_eq!(mended("* мир"), ["*"]);
        assert!(mended("(a OR b) AND «c» (d)").is_empty());
    }
}
