//! The main part of a page: the article without the menus, lists of links and forms around it.
//!
//! Each block knows the element that it stands in, and each element the one around it. Their sums are made once, from
//! the inside out, because an element always comes behind the one around it; no tree is walked. From the whole page the
//! search goes on to the element inside that holds nearly all of the sentences, as long as there is one. What stands
//! outside of it, and what consists of links inside, is left out.
//!
//! When in doubt all counts: in a page without links, without sentences, or whose sentences are scattered.

use super::open_elements::Part;
use super::{Gathered, Origin};
use crate::reading::formats::BlockKind;

/// The part that is marked as the article must have at least one in this many bytes of the text; else the page is judged
/// by its sentences.
const LEAST_MARKED_PART: usize = 4;

/// The fewest bytes of a sentence: 20 Chinese characters, or about as many words of other scripts.
const SENTENCE_BYTES: usize = 60;

/// The share of the sentences, in percent, that an element must hold to be searched further.
const NEARLY_ALL: usize = 80;

/// The share of the sentences, in percent, from which an element is the article, whatever its name.
const MOST: usize = 40;

/// So many bytes of sentences are an article even if much more is beside it, such as the comments of readers.
const ENOUGH_BYTES: usize = 1_000;

/// With fewer bytes of sentences a page has no article that could be told from the rest.
const LEAST_ARTICLE: usize = 150;

/// The number of links in a row that are a menu.
const MENU_LINKS: usize = 5;

/// The longest text of a link in a menu, in bytes.
const LONGEST_MENU_LINK: usize = 200;

/// The elements of a page that hold blocks, in the order of their start tags. The first is the page itself.
#[derive(Debug)]
pub(super) struct Containers {
    containers: Vec<Container>,
}

#[derive(Debug, Default)]
struct Container {
    /// The index of the element around it, which is less than its own.
    around: usize,
    /// Whether its name says that it is beside the article.
    is_beside: bool,
    /// The bytes of the sentences in it.
    sentences: usize,
    /// The bytes of text in it, and how many of them are in links.
    text: usize,
    linked: usize,
    /// The number of blocks in it that are links.
    links: usize,
}

impl Default for Containers {
    fn default() -> Containers {
        Containers { containers: vec![Container::default()] }
    }
}

impl Containers {
    /// Adds an element, and returns its index.
    pub(super) fn open(&mut self, around: usize, is_beside: bool) -> usize {
        self.containers.push(Container { around, is_beside, ..Container::default() });
        self.containers.len() - 1
    }

    /// Returns for each block whether it belongs to the main part. Notes always do.
    pub(super) fn main_part(mut self, blocks: &[Gathered<Origin>]) -> Vec<bool> {
        let mut stays = marked(blocks).unwrap_or_else(|| vec![true; blocks.len()]);
        self.leave_out(blocks, &mut stays);
        for (stays, block) in stays.iter_mut().zip(blocks) {
            *stays |= matches!(block.block.kind, BlockKind::Note(_));
        }
        stays
    }

    /// Leaves out what stands around the element with the sentences, and the menus in it.
    fn leave_out(&mut self, blocks: &[Gathered<Origin>], stays: &mut [bool]) {
        self.sum(blocks, |at| stays[at]);
        let page = &self.containers[0];
        if page.linked == 0 || page.sentences == 0 {
            return;
        }
        let (all, beside) = (page.sentences, self.beside());
        self.sum(blocks, |at| stays[at] && !beside[blocks[at].beside.container]);
        let inside = self.inside(self.nearly_all());
        let first = blocks.iter().position(|block| inside[block.beside.container]).unwrap_or(0);
        let title = title_before(blocks, &inside, first);
        let in_menu = menus(blocks);
        let is_main = |at: usize| {
            let around = blocks[at].beside.container;
            // A summary often stands between the title and the text.
            let is_summary = || title.is_some_and(|title| (title..first).contains(&at)) && sentence(&blocks[at]) > 0;
            let is_inside = inside[around] && !in_menu[at] || is_summary();
            Some(at) == title || stays[at] && is_inside && !beside[around]
        };
        let main: Vec<bool> = (0..blocks.len()).map(is_main).collect();
        let kept: usize = blocks.iter().zip(&main).filter(|(_, stays)| **stays).map(|(block, _)| sentence(block)).sum();
        if kept * 100 >= all * MOST && kept >= LEAST_ARTICLE || kept >= ENOUGH_BYTES {
            stays.copy_from_slice(&main);
        }
    }

    /// Adds up the blocks that count in each element, from the inside out.
    fn sum(&mut self, blocks: &[Gathered<Origin>], counts: impl Fn(usize) -> bool) {
        for container in &mut self.containers {
            (container.sentences, container.text, container.linked, container.links) = (0, 0, 0, 0);
        }
        for (_, block) in blocks.iter().enumerate().filter(|(at, _)| counts(*at)) {
            let container = &mut self.containers[block.beside.container];
            container.sentences += sentence(block);
            container.text += block.block.text.len();
            container.linked += block.beside.linked;
            container.links += usize::from(is_link(block));
        }
        for at in (1..self.containers.len()).rev() {
            let Container { around, sentences, text, linked, links, .. } = self.containers[at];
            let container = &mut self.containers[around];
            container.sentences += sentences;
            container.text += text;
            container.linked += linked;
            container.links += links;
        }
    }

    /// Returns for each element whether it stands beside the article: by its name or that of one around it, unless that
    /// one has many of the sentences.
    fn beside(&self) -> Vec<bool> {
        let all = self.containers[0].sentences;
        let mut beside = vec![false; self.containers.len()];
        for (at, container) in self.containers.iter().enumerate().skip(1) {
            let is_beside = container.is_beside && container.sentences * 100 < all * MOST;
            beside[at] = is_beside || container.is_menu() || beside[container.around];
        }
        beside
    }

    /// Returns the innermost element that can be reached through elements with nearly all sentences.
    fn nearly_all(&self) -> usize {
        let mut richest = vec![0; self.containers.len()];
        for (at, container) in self.containers.iter().enumerate().skip(1) {
            let best = &mut richest[container.around];
            if *best == 0 || container.sentences > self.containers[*best].sentences {
                *best = at;
            }
        }
        let all = self.containers[0].sentences;
        let mut main = 0;
        while richest[main] > 0 && self.containers[richest[main]].sentences * 100 >= all * NEARLY_ALL {
            main = richest[main];
        }
        main
    }

    /// Returns for each element whether it is, or stands in, another.
    fn inside(&self, main: usize) -> Vec<bool> {
        let mut inside = vec![false; self.containers.len()];
        for (at, container) in self.containers.iter().enumerate() {
            inside[at] = at == main || inside[container.around];
        }
        inside
    }
}

impl Container {
    /// Whether it holds several links and hardly anything else.
    fn is_menu(&self) -> bool {
        self.links >= MENU_LINKS && self.linked * 2 > self.text && self.sentences == 0
    }
}

/// Returns the blocks of the part that is marked as the article, if it is large enough.
fn marked(blocks: &[Gathered<Origin>]) -> Option<Vec<bool>> {
    let is_main = |block: &Gathered<Origin>| block.beside.part == Part::Main;
    let length = |block: &Gathered<Origin>| block.block.text.len();
    let all: usize = blocks.iter().map(length).sum();
    let main: usize = blocks.iter().filter(|block| is_main(block)).map(length).sum();
    let has_main = main > 0 && main.saturating_mul(LEAST_MARKED_PART) >= all;
    has_main.then(|| blocks.iter().map(is_main).collect())
}

/// Whether a block has sentences.
pub(super) fn is_sentence(block: &Gathered<Origin>) -> bool {
    sentence(block) > 0
}

/// Returns the bytes of a block that are sentences: 0 for headings, names, and lines of links.
fn sentence(block: &Gathered<Origin>) -> usize {
    let text = &block.block.text;
    let linked = block.beside.linked;
    let is_text = matches!(block.block.kind, BlockKind::Paragraph | BlockKind::Table);
    let is_long = text.len() >= SENTENCE_BYTES && linked * 3 < text.len() && text.contains(PUNCTUATION);
    if is_text && is_long { text.len() - linked } else { 0 }
}

/// The signs of sentences.
const PUNCTUATION: [char; 14] = ['.', ',', ';', ':', '!', '?', '。', '，', '；', '：', '！', '？', '、', '…'];

/// Returns the last first-level heading before the main part, if it has none of its own: the title, which often stands
/// above it.
fn title_before(blocks: &[Gathered<Origin>], inside: &[bool], first: usize) -> Option<usize> {
    let has_own = blocks.iter().filter(|block| inside[block.beside.container]).any(is_title);
    if has_own { None } else { blocks[..first].iter().rposition(is_title) }
}

fn is_title(block: &Gathered<Origin>) -> bool {
    block.block.kind == BlockKind::Heading(1)
}

/// Returns for each block whether it is one of several links in a row.
fn menus(blocks: &[Gathered<Origin>]) -> Vec<bool> {
    let mut in_menu = Vec::with_capacity(blocks.len());
    for run in blocks.chunk_by(|left, right| is_link(left) == is_link(right)) {
        let is_menu = run.len() >= MENU_LINKS && is_link(&run[0]);
        in_menu.extend(run.iter().map(|_| is_menu));
    }
    in_menu
}

/// Whether a block is a short paragraph of links.
fn is_link(block: &Gathered<Origin>) -> bool {
    let length = block.block.text.len();
    block.block.kind == BlockKind::Paragraph && length <= LONGEST_MENU_LINK && block.beside.linked * 10 >= length * 8
}

/// Whether the name of an element says that it stands beside the article.
pub(super) fn is_beside(element: &str, names: &str) -> bool {
    let is_word = |word: &str| BESIDE.iter().any(|beside| beside.eq_ignore_ascii_case(word));
    matches!(element, "nav" | "footer" | "aside" | "menu" | "dialog" | "search")
        || names.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word)
}

/// Words in the classes and ids of what stands beside an article.
const BESIDE: [&str; 55] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "bottom",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "cookies",
    "copyright",
    "crumb",
    "crumbs",
    "dialog",
    "disqus",
    "foot",
    "footer",
    "hot",
    "links",
    "login",
    "menu",
    "menubar",
    "modal",
    "more",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "outbrain",
    "pager",
    "pagination",
    "popup",
    "promo",
    "rank",
    "recirc",
    "recommend",
    "recommended",
    "related",
    "relevant",
    "respond",
    "share",
    "sharing",
    "sidebar",
    "sitemap",
    "sponsor",
    "subscribe",
    "subscription",
    "taboola",
    "tags",
    "toolbar",
    "topbar",
    "topnav",
    "trending",
];
