//! Keeps a style within bounds, before hayagriva reads it.
//!
//! hayagriva follows macros by recursion: one that calls itself never ends, and
//! thirty of which each calls the next one twice unfold to a thousand million
//! elements. So a style is unfolded here first, without its text. Of a choice
//! only the largest branch counts.
//!
//! The bounds are about ten times what any of the 2,859 styles of the CSL
//! project takes (August 2026): 246 kB, 3,554 elements, nested 19 deep; and
//! unfolded 4,883 elements, 72 deep.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use svod_text::printable;

use super::CslFault;

/// The size of a file.
pub(super) const MOST_BYTES: u64 = 2 << 20;
/// Elements of a file.
const MOST_ELEMENTS: usize = 30_000;
/// Elements in one another.
const MOST_NESTED: usize = 64;
/// Elements in one another, with those of the macros that are called.
const MOST_UNFOLDED_NESTED: usize = 250;
/// Elements and bytes of their attributes, with those of the macros that are called: what one entry takes.
const MOST_UNFOLDED: usize = 4 << 20;
/// The length of a term of a locale.
const MOST_TERM_BYTES: usize = 1_000;

/// Checks a style or a locale.
///
/// # Errors
/// If it is no XML, or beyond a bound.
pub(super) fn check(xml: &str) -> Result<(), CslFault> {
    if xml.len() as u64 > MOST_BYTES {
        return Err(CslFault::Large("more than 2 MB"));
    }
    let file = read(xml)?;
    let parts = || file.children.iter().flat_map(|root| &root.children);
    let mut macros: HashMap<&str, &Element> = HashMap::new();
    for part in parts() {
        if let Some(name) = &part.defines {
            // Of two of a name the first is called.
            macros.entry(name).or_insert(part);
        }
    }
    let mut unfolding = Unfolding { macros, known: HashMap::new(), open: Vec::new() };
    let mut layouts = parts().filter(|part| part.defines.is_none());
    layouts.try_for_each(|layout| unfolding.size(layout, 0).map(drop))
}

/// An element, as far as it can make an entry large.
#[derive(Debug, Default)]
struct Element {
    /// Only one of its children is used.
    is_choice: bool,
    is_term: bool,
    /// The name of the macro that it is.
    defines: Option<String>,
    /// The name of the macro that it calls.
    calls: Option<String>,
    attribute_bytes: usize,
    text_bytes: usize,
    children: Vec<Element>,
}

/// Reads a file. Its root is the child of what is returned.
fn read(xml: &str) -> Result<Element, CslFault> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut file = Element::default();
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    loop {
        let text_bytes = match reader.read_event().map_err(|error| CslFault::Xml(error.to_string()))? {
            Event::Start(start) => {
                count += 1;
                check_counts(count, open.len())?;
                open.push(element(&start));
                0
            }
            Event::End(_) => {
                // The reader lets no end pass that has no start.
                let Some(element) = open.pop() else { continue };
                if element.is_term && element.text_bytes > MOST_TERM_BYTES {
                    return Err(CslFault::Large("a term of more than 1,000 bytes"));
                }
                open.last_mut().unwrap_or(&mut file).children.push(element);
                0
            }
            Event::Text(text) => text.len(),
            Event::CData(text) => text.len(),
            Event::GeneralRef(_) => 1,
            Event::Eof if !open.is_empty() => return Err(CslFault::Xml("it ends too early".to_owned())),
            Event::Eof if count == 0 => return Err(CslFault::Xml("it has no element".to_owned())),
            Event::Eof => return Ok(file),
            _ => 0,
        };
        if let Some(element) = open.last_mut() {
            element.text_bytes += text_bytes;
        }
    }
}

fn check_counts(elements: usize, nested: usize) -> Result<(), CslFault> {
    if elements > MOST_ELEMENTS {
        return Err(CslFault::Large("more than 30,000 elements"));
    }
    if nested >= MOST_NESTED {
        return Err(CslFault::Large("elements nested more than 64 deep"));
    }
    Ok(())
}

fn element(start: &BytesStart<'_>) -> Element {
    let name = start.local_name();
    let name = name.as_ref();
    let mut element = Element {
        is_choice: name == "choose",
        is_term: ["term", "single", "multiple"].contains(&name),
        ..Element::default()
    };
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let value = unescape(&attribute.value).unwrap_or(Cow::Borrowed(&attribute.value));
        element.attribute_bytes += value.len();
        match attribute.key.local_name().as_ref() {
            "name" if name == "macro" => element.defines = Some(value.into_owned()),
            "macro" => element.calls = Some(value.into_owned()),
            _ => {}
        }
    }
    element
}

/// What a layout unfolds to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// Elements and bytes of attributes.
    total: usize,
    nested: usize,
}

/// Unfolds layouts, each macro once.
struct Unfolding<'s> {
    macros: HashMap<&'s str, &'s Element>,
    known: HashMap<&'s str, Size>,
    /// The macros on the way to where it is.
    open: Vec<&'s str>,
}

impl<'s> Unfolding<'s> {
    /// Returns the size of an element that stands this deep.
    fn size(&mut self, element: &'s Element, nested: usize) -> Result<Size, CslFault> {
        if nested >= MOST_UNFOLDED_NESTED {
            return Err(CslFault::Large("macros nested more than 250 elements deep"));
        }
        let mut size = Size { total: 1 + element.attribute_bytes, nested: 0 };
        for child in &element.children {
            let child = self.size(child, nested + 1)?;
            let total = size.total + child.total;
            size.total = if element.is_choice { size.total.max(child.total) } else { total };
            size.nested = size.nested.max(child.nested);
        }
        if let Some(name) = element.calls.as_deref() {
            let called = self.size_of_macro(name, nested + 1)?;
            size.total += called.total;
            size.nested = size.nested.max(called.nested);
        }
        size.nested += 1;
        let is_large = size.total > MOST_UNFOLDED;
        if is_large { Err(CslFault::Large("macros that unfold to more than 4 MB")) } else { Ok(size) }
    }

    fn size_of_macro(&mut self, name: &'s str, nested: usize) -> Result<Size, CslFault> {
        let Some(&called) = self.macros.get(name) else { return Ok(Size::default()) };
        if self.open.contains(&name) {
            return Err(CslFault::Circle(printable(name).into_owned()));
        }
        if let Some(&known) = self.known.get(name)
            && nested + known.nested <= MOST_UNFOLDED_NESTED
        {
            return Ok(known);
        }
        self.open.push(name);
        let size = self.size(called, nested)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(macros: &str, layout: &str) -> String {
        format!("<style>{macros}<citation><layout>{layout}</layout></citation></style>")
    }

    fn said(xml: &str) -> String {
        check(xml).map_or_else(|fault| fault.to_string(), |()| "all is well".to_owned())
    }

    #[test]
    fn what_no_style_has() {
        let calls = |name: &str| format!("<text macro=\"{name}\"/>");
        let defined = |name: &str, text: &str| format!("<macro name=\"{name}\">{text}</macro>");
        let chain = |count: usize, calls: &dyn Fn(usize) -> String| -> String {
            (0..count).map(|at| defined(&format!("m{at}"), &calls(at + 1))).collect()
        };
        let one = |next: usize| calls(&format!("m{next}"));
        let two = |next: usize| calls(&format!("m{next}")).repeat(2);
        let choice = |next: usize| format!("<choose>{}</choose>", two(next));
        for (xml, expected) in [
            (style(&defined("作者", "<names/>"), &calls("作者")), "all is well"),
            (style("", &calls("missing")), "all is well"),
            (style(&defined("a", &calls("b")).repeat(2), &calls("a")), "all is well"),
            (
                style(&(defined("a", &calls("b")) + &defined("b", &calls("&#97;"))), &calls("a")),
                "the macro `a` calls itself",
            ),
            (style(&chain(20, &two), &calls("m0")), "unfold to more than 4 MB"),
            (style(&chain(60, &choice), &calls("m0")), "all is well"),
            (style(&chain(300, &one), &calls("m0")), "nested more than 250 elements deep"),
            (style("", &("<group>".repeat(70) + &"</group>".repeat(70))), "nested more than 64 deep"),
            (style("", &"<group/>".repeat(30_001)), "more than 30,000 elements"),
            (style("", &" ".repeat(2 << 20)), "more than 2 MB"),
            (
                format!("<locale><terms><term>{}</term></terms></locale>", "&amp;".repeat(1_001)),
                "a term of more than 1,000 bytes",
            ),
            ("<style>".to_owned(), "it is not XML: it ends too early"),
            ("<style></macro>".to_owned(), "it is not XML"),
        ] {
            let said = said(&xml);
            assert!(said.contains(expected), "{expected}: {said}");
        }
    }
}
