//! Which articles there are, by path, and which there were at the last commit.

use std::collections::{BTreeMap, HashMap, HashSet};

use svod_store::schema::{ArticleKey, ArticleName, ContentHash};

use crate::home::catalog::{Catalog, Unusable, contradiction};

/// The articles, those that wait for a commit among them.
#[derive(Debug, Default)]
pub(super) struct Register {
    articles: BTreeMap<String, Known>,
    names: HashSet<ArticleName>,
    next_key: u32,
    /// Of each path touched since the last commit what was known then.
    before: HashMap<String, Option<Known>>,
}

/// What is known of an article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) key: ArticleKey,
    pub(super) name: ArticleName,
    pub(super) hash: ContentHash,
    /// The hash of all else that it was made of.
    pub(super) rules: u64,
}

impl Register {
    /// Returns the articles of a commit.
    pub(super) fn of(catalog: &Catalog) -> Result<Register, Unusable> {
        let mut register = Register::default();
        for (path, entry) in &catalog.entries {
            let path = String::from_utf8(path.clone()).map_err(|_| contradiction("a path that is no text"))?;
            let hash = entry.hash.ok_or_else(|| contradiction("an article without a hash"))?;
            let known = Known { key: entry.key.article, name: entry.name, hash, rules: entry.stamp };
            register.next_key = register.next_key.max(known.key.0.saturating_add(1));
            register.names.insert(known.name);
            register.articles.insert(path, known);
        }
        Ok(register)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Known> {
        self.articles.get(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.articles.keys().map(String::as_str)
    }

    pub(super) fn len(&self) -> usize {
        self.articles.len()
    }

    /// Notes an article and returns what is known of it from now on. One in the place of another keeps its name.
    pub(super) fn put(&mut self, path: &str, hash: ContentHash, rules: u64) -> Known {
        let replaced = self.articles.get(path).copied();
        let name = replaced.map_or_else(|| self.free_name(path), |known| known.name);
        // What is added has a key of its own: in one commit the old records are deleted by theirs.
        let known = Known { key: ArticleKey(self.next_key), name, hash, rules };
        self.next_key += 1;
        self.before.entry(path.to_owned()).or_insert(replaced);
        self.articles.insert(path.to_owned(), known);
        known
    }

    fn free_name(&mut self, path: &str) -> ArticleName {
        let mut name = ArticleName::of_path(path.as_bytes());
        while !self.names.insert(name) {
            name = name.next();
        }
        name
    }

    /// Strikes an article out and returns what was known of it.
    pub(super) fn remove(&mut self, path: &str) -> Option<Known> {
        let (path, known) = self.articles.remove_entry(path)?;
        self.names.remove(&known.name);
        self.before.entry(path).or_insert(Some(known));
        Some(known)
    }

    /// Forgets what was known before: all is committed.
    pub(super) fn keep(&mut self) {
        self.before.clear();
    }

    /// Goes back to the last commit.
    pub(super) fn undo(&mut self) {
        for path in self.before.keys() {
            if let Some(known) = self.articles.remove(path) {
                self.names.remove(&known.name);
            }
        }
        for (path, known) in self.before.drain() {
            if let Some(known) = known {
                self.names.insert(known.name);
                self.articles.insert(path, known);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(register: &mut Register, path: &str, hash: u64) -> Known {
        register.put(path, ContentHash(hash), 0)
    }

    #[test]
    fn all_of_it_is_undone() {
        let mut register = Register::default();
        let names: Vec<ArticleName> =
            ["停火", "война", "peace"].iter().map(|path| put(&mut register, path, 1).name).collect();
        register.keep();
        let first = register.remove("停火").unwrap();
        // Again, and in another place, and gone again.
        assert_eq!(put(&mut register, "停火", 2).name, names[0]);
        assert_ne!(register.get("停火").unwrap().key, first.key);
        put(&mut register, "новый", 3);
        assert_eq!(put(&mut register, "война", 4).name, names[1]);
        register.remove("peace");
        register.undo();
        assert_eq!(register.paths().collect::<Vec<_>>(), ["peace", "война", "停火"]);
        assert!(["停火", "война", "peace"].iter().all(|path| register.get(path).unwrap().hash.0 == 1));
        assert_eq!(register.names, names.into_iter().collect());
        assert!(register.before.is_empty() && register.next_key > 5, "keys are never used again");
    }

    #[test]
    fn names_that_are_taken() {
        let mut register = Register::default();
        register.names.insert(ArticleName::of_path(b"a"));
        assert_eq!(put(&mut register, "a", 1).name, ArticleName::of_path(b"a").next());
    }
}
