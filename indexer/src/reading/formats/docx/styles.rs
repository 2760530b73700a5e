//! The styles of headings.
//!
//! In any language Word writes the English name of a built-in style beside its
//! id, which may be a number (`1`, `a3`), so the name counts. The id counts only
//! for a style that `styles.xml` does not list.

use std::collections::HashMap;

use crate::reading::formats::word::{level_of_name, level_of_outline};
use crate::reading::formats::xml::{self, Event};

/// The heading level of each style, by id; `None` for text.
#[derive(Debug, Default)]
pub(super) struct Styles {
    levels: HashMap<String, Option<u8>>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    /// The outline level, from 0; 9 is body text.
    outline: Option<u8>,
}

impl Styles {
    /// Reads `styles.xml` as far as possible.
    pub(super) fn read(xml: &str) -> Styles {
        let mut styles = HashMap::new();
        let mut open: Option<(String, Style)> = None;
        xml::read(xml, |event| match event {
            Event::Start(element) if element.name() == "style" => {
                open = element.attribute("styleId").map(|id| (id, Style::default()));
            }
            Event::Start(element) => {
                let Some((_, style)) = &mut open else { return };
                let value = element.attribute("val");
                match element.name() {
                    "name" => style.name = value.unwrap_or_default(),
                    "basedOn" => style.based_on = value,
                    "outlineLvl" => style.outline = value.and_then(|level| level.parse().ok()),
                    _ => {}
                }
            }
            Event::End("style") => styles.extend(open.take()),
            _ => {}
        });
        Styles { levels: levels(styles) }
    }

    /// Returns the heading level of a style, from 1.
    pub(super) fn heading_level(&self, id: &str) -> Option<u8> {
        self.levels.get(id).copied().unwrap_or_else(|| level_of_name(id))
    }
}

/// Returns the level of each style: its own, or that of the style it is based on. Each style is looked up once, however
/// many are based on it. Styles that are based on each other in a ring have no level.
fn levels(styles: HashMap<String, Style>) -> HashMap<String, Option<u8>> {
    let styles: Vec<(String, Style)> = styles.into_iter().collect();
    let numbers: HashMap<&str, usize> = styles.iter().enumerate().map(|(at, (id, _))| (id.as_str(), at)).collect();
    let around: Vec<Option<usize>> =
        styles.iter().map(|(_, style)| numbers.get(style.based_on.as_deref()?).copied()).collect();
    // The outer `None`: a style without a level of its own, not resolved yet.
    let mut known: Vec<Option<Option<u8>>> = styles.iter().map(|(_, style)| own_level(style)).collect();
    for first in 0..known.len() {
        let mut chain = Vec::new();
        let mut next = Some(first);
        while let Some(at) = next.filter(|&at| known[at].is_none()) {
            known[at] = Some(None);
            chain.push(at);
            next = around[at];
        }
        let level = next.and_then(|at| known[at]).flatten();
        chain.into_iter().for_each(|at| known[at] = Some(level));
    }
    styles.into_iter().zip(known).map(|((id, _), level)| (id, level.flatten())).collect()
}

fn own_level(style: &Style) -> Option<Option<u8>> {
    level_of_name(&style.name).map(Some).or_else(|| Some(level_of_outline(style.outline?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_name_and_outline() {
        let styles = Styles::read(
            r#"<w:styles xmlns:w="w"><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
            <w:style w:styleId="a3"><w:name w:val="Title"/></w:style>
            <w:style w:styleId="x"><w:name w:val="Раздел"/><w:basedOn w:val="1"/></w:style>
            <w:style w:styleId="y"><w:name w:val="节"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
            <w:style w:styleId="z"><w:name w:val="z"/><w:basedOn w:val="z"/></w:style>
            <w:style w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
            <w:style w:styleId="t"><w:name w:val="TOC Heading"/></w:style></w:styles>"#,
        );
        for (id, expected) in [
            ("1", Some(1)),
            ("a3", Some(1)),
            ("x", Some(1)),
            ("y", Some(3)),
            ("z", None),
            ("b", None),
            ("t", None),
            ("Heading2", Some(2)),
            ("Heading 9", Some(6)),
            ("Заголовок3", Some(3)),
            ("标题 1", Some(1)),
            ("Normal", None),
        ] {
            assert_eq!(styles.heading_level(id), expected, "{id}");
        }
    }
}
