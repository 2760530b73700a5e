//! The elements of HTML: their roles, and which tags end them.

/// The effect of an element on the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text is part of the line.
    Inline,
    /// It begins and ends a block.
    Block,
    /// It has no text and no end tag.
    Void,
    /// Its text is not parsed and not shown.
    Raw,
    /// Its text is not shown, or interrupts words.
    Hidden,
}

/// Returns the role of an element.
pub(super) fn role(name: &str) -> Role {
    match name {
        "address" | "article" | "aside" | "blockquote" | "caption" | "center" | "dd" | "details" | "dialog" | "dir"
        | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" | "header" | "hgroup" | "legend" | "li" | "listing" | "main" | "menu" | "nav" | "ol"
        | "p" | "pre" | "search" | "section" | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead"
        | "tr" | "ul" => Role::Block,
        "area" | "base" | "basefont" | "bgsound" | "br" | "col" | "embed" | "frame" | "hr" | "img" | "input"
        | "link" | "meta" | "param" | "source" | "track" | "wbr" => Role::Void,
        "script" | "style" | "iframe" | "noembed" | "noframes" | "textarea" => Role::Raw,
        // The reading of a Chinese character (`rt`) would cut the word in two.
        "annotation" | "datalist" | "noscript" | "rp" | "rt" | "select" | "svg" | "template" => Role::Hidden,
        _ => Role::Inline,
    }
}

/// Returns the level of a heading element.
pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Returns the elements that a start tag ends, and the barriers beyond which it ends nothing.
pub(super) fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir", "td", "th", "table"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "td", "th", "table"]),
        "td" | "th" => (&["td", "th", "caption"], &["tr", "table"]),
        "tr" => (&["tr", "caption"], &["tbody", "thead", "tfoot", "table"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption"], &["table"]),
        "rt" | "rp" => (&["rt", "rp"], &["ruby"]),
        _ => (&[], &[]),
    }
}

/// Whether an open element is a barrier for an end tag: the tag ends nothing beyond it.
pub(super) fn shields(open: &str, end: &str) -> bool {
    match end {
        "table" => false,
        "caption" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => open == "table",
        _ => matches!(open, "caption" | "table" | "td" | "th"),
    }
}
