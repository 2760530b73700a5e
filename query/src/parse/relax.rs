//! When nothing has all that was required: most of it, then any.
//!
//! Only words are relaxed. Quotations, filters and what must not be there
//! mean what they say.

use svod_text::analysis::is_han;

use crate::answer::warning::Relaxation;
use crate::parse::{Clause, ClauseGroup, Content, Expression, Occur};

/// Returns what to try next, one after the other.
pub(crate) fn relaxed(expression: &Expression) -> Vec<(Relaxation, Expression)> {
    let mut clauses = Vec::new();
    flatten(&expression.group, &mut clauses);
    let is_plain = |clause: &Clause| clause.occur != Occur::MustNot && clause.content.is_plain();
    let required = clauses.iter().filter(|clause| clause.occur == Occur::Must && is_plain(clause)).count();
    let plain = clauses.iter().filter(|clause| is_plain(clause)).count();
    if required == 0 || plain < 2 {
        return Vec::new();
    }
    let relax = |clause: &Clause| {
        let occur = if is_plain(clause) { Occur::Should } else { clause.occur };
        Clause { occur, ..clause.clone() }
    };
    let any = ClauseGroup { clauses: clauses.iter().map(relax).collect(), least: 1 };
    let steps = [(Relaxation::Most, (required > 2).then(|| most(&clauses, required))), (Relaxation::Any, Some(any))];
    let step =
        |(step, group): (_, Option<ClauseGroup>)| Some((step, Expression { group: group?, warnings: Vec::new() }));
    steps.into_iter().filter_map(step).collect()
}

/// Returns the group in which all but one of the required words must be there. Words that were not required do not
/// stand for one that was.
fn most(clauses: &[Clause], required: usize) -> ClauseGroup {
    let is_word = |clause: &&Clause| clause.occur == Occur::Must && clause.content.is_plain();
    let (words, others): (Vec<&Clause>, Vec<&Clause>) = clauses.iter().partition(is_word);
    let words = words.into_iter().map(|clause| Clause { occur: Occur::Should, ..clause.clone() });
    let words = ClauseGroup { clauses: words.collect(), least: required - 1 };
    if others.iter().all(|clause| clause.occur != Occur::Should) {
        let ClauseGroup { mut clauses, least } = words;
        clauses.extend(others.into_iter().cloned());
        return ClauseGroup { clauses, least };
    }
    let words = Clause { occur: Occur::Must, content: Content::Group(words), range: 0..0 };
    ClauseGroup::of([words].into_iter().chain(others.into_iter().cloned()).collect())
}

/// Returns the expression in which each plain word must be there.
pub(crate) fn tightened(mut expression: Expression) -> Expression {
    for clause in &mut expression.group.clauses {
        if clause.occur == Occur::Should && clause.content.is_plain() {
            clause.occur = Occur::Must;
        }
    }
    expression
}

/// Returns the expression in which words of Han characters are quotations, wherever they stand.
pub(crate) fn whole(mut expression: Expression) -> Expression {
    make_whole(&mut expression.group);
    expression
}

fn make_whole(group: &mut ClauseGroup) {
    for clause in &mut group.clauses {
        match &mut clause.content {
            Content::Words(word) if word.chars().all(is_han) => {
                clause.content = Content::Quotation(std::mem::take(word));
            }
            Content::Group(inner) => make_whole(inner),
            _ => {}
        }
    }
}

/// Takes out of groups what is required as much as the groups are.
fn flatten(group: &ClauseGroup, clauses: &mut Vec<Clause>) {
    for clause in &group.clauses {
        match &clause.content {
            Content::Group(inner) if clause.occur == Occur::Must && !clause.content.is_plain() => {
                let is_alternative = inner.clauses.iter().any(|clause| clause.occur == Occur::Should);
                if is_alternative { clauses.push(clause.clone()) } else { flatten(inner, clauses) }
            }
            _ => clauses.push(clause.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    /// For each step its name, the least number of words, and how many clauses stay required.
    fn steps(query: &str) -> Vec<(&'static str, usize, usize)> {
        let required =
            |group: &ClauseGroup| group.clauses.iter().filter(|clause| clause.occur != Occur::Should).count();
        let steps = relaxed(&parse(query)).into_iter();
        steps.map(|(step, expression)| (step.name(), expression.group.least, required(&expression.group))).collect()
    }

    #[test]
    fn words_are_relaxed_step_by_step() {
        assert_eq!(steps("a AND b AND c"), [("most", 2, 0), ("any", 1, 0)]);
        assert_eq!(steps("+a +b"), [("any", 1, 0)]);
        assert_eq!(steps("+a b"), [("any", 1, 0)]);
        // What was not required is no word in place of one that was.
        assert_eq!(steps("+a +b +c d"), [("most", 1, 1), ("any", 1, 0)]);
        assert_eq!(steps("(a OR b) AND c AND NOT d"), [("any", 1, 1)]);
        assert_eq!(steps("a AND b AND \"c\" AND lang:zh"), [("any", 1, 2)]);
    }

    #[test]
    fn what_means_what_it_says_is_not() {
        for query in ["a b", "\"a\"", "+a", "\"a\" AND \"b\"", "lang:zh -a", "a AND \"b\""] {
            assert_eq!(steps(query), [], "{query}");
        }
    }
}
