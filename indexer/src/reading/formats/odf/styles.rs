//! The styles of a document: which of them are headings.

use std::collections::HashMap;

use crate::reading::formats::word::level_of_name;
use crate::reading::formats::xml::Element;

/// The longest chain of styles that are based on each other; a longer one is a ring.
const LONGEST_CHAIN: usize = 20;

/// The paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    level: Option<u8>,
}

impl Styles {
    /// Takes a `style:style`.
    pub(super) fn add(&mut self, element: &Element<'_>) {
        let Some(name) = element.attribute("name") else { return };
        let outline = element.attribute("default-outline-level").and_then(|level| level.parse().ok());
        let level = outline.filter(|level| (1..=10).contains(level)).map(|level: u8| level.min(6));
        let level = level.or_else(|| level_of_name(&name.replace("_20_", " ")));
        let parent = element.attribute("parent-style-name");
        self.styles.insert(name, Style { parent, level });
    }

    /// Returns the heading level of paragraphs in a style: its own, or that of the style it is based on.
    pub(super) fn heading_level(&self, name: &str) -> Option<u8> {
        let mut next = Some(name);
        let mut chain = std::iter::from_fn(|| {
            let style = self.styles.get(next?)?;
            next = style.parent.as_deref();
            Some(style)
        });
        let in_chain = chain.by_ref().take(LONGEST_CHAIN).find_map(|style| style.level);
        in_chain.or_else(|| level_of_name(&next?.replace("_20_", " ")))
    }
}
