//! The destinations of RTF: what the text of a group is for.

/// What the text of a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// The text of the story that is open.
    Text,
    /// Nothing to read: pictures, headers, field codes, lists of colours.
    Skipped,
    /// A drawing. Only its text boxes are read.
    Drawing,
    /// A text for old programs; the same in Unicode follows in its last group.
    TwoTexts,
    Fonts,
    Styles,
    /// The metadata as a whole.
    Info,
    Title,
    Author,
    Keywords,
    /// The day on which the document was made.
    Made,
    /// A tag of the web page that the document was made of.
    HtmlTag,
}

impl Destination {
    /// Returns the destination that a control word opens within another; `None` if it opens none. A text box, a note and
    /// the second of two texts are opened elsewhere.
    pub(super) fn opened_by(word: &str, around: Destination) -> Option<Destination> {
        Some(match (around, word) {
            (Destination::Info, "title") => Destination::Title,
            (Destination::Info, "author") => Destination::Author,
            (Destination::Info, "keywords") => Destination::Keywords,
            (Destination::Info, "creatim") => Destination::Made,
            (
                Destination::Info,
                "subject" | "operator" | "manager" | "company" | "category" | "comment" | "doccomm",
            ) => Destination::Skipped,
            (_, "info") => Destination::Info,
            (_, "fonttbl") => Destination::Fonts,
            (_, "stylesheet") => Destination::Styles,
            (_, "shpinst" | "do") => Destination::Drawing,
            (_, "upr") => Destination::TwoTexts,
            (_, "htmltag") => Destination::HtmlTag,
            (_, word) if SKIPPED.contains(&word) => Destination::Skipped,
            _ => return None,
        })
    }
}

/// Control words whose group holds no text, beside all that a `\*` marks and that are not known.
const SKIPPED: [&str; 42] = [
    "aftncn",
    "aftnsep",
    "aftnsepc",
    "annotation",
    "atnauthor",
    "atnid",
    "colortbl",
    "datafield",
    "filetbl",
    "fldinst",
    "fontemb",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "ftncn",
    "ftnsep",
    "ftnsepc",
    "generator",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "listoverridetable",
    "listtable",
    "mhtmltag",
    "mmathPict",
    "nonesttables",
    "nonshppict",
    "objclass",
    "objdata",
    "objname",
    "pict",
    "pn",
    "private",
    "revtbl",
    "rsidtbl",
    "rxe",
    "shprslt",
    "tc",
    "txe",
    "xe",
];
