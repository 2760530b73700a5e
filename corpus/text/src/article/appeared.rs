//! Where an article appeared: the one list of these fields.
//!
//! A field that is added to it is stored, and shown in Python, without another
//! line. What it needs besides: labels and a reader in `metadata_field`, its
//! place among the JSON lines, which have record types of their own, and an
//! argument of Python's `Writer.add`, which does not compile without.

use super::Date;

/// Defines [`Appeared`], and what is done with all of its fields.
macro_rules! appeared {
    ($($(#[$doc:meta])+ $name:ident: $type:ty,)+) => {
        /// Where an article appeared.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct Appeared {
            $($(#[$doc])+ pub $name: Option<$type>,)+
        }

        impl Appeared {
            /// The names of the fields, in order. They are those of stored records, of JSON and of Python.
            pub const NAMES: [&str; [$(stringify!($name)),+].len()] = [$(stringify!($name)),+];

            /// Returns the fields in order, each with its name.
            pub fn fields(&self) -> impl Iterator<Item = (&'static str, Option<AppearedValue<'_>>)> {
                Appeared::NAMES.into_iter().zip([$(self.$name.as_ref().map(AppearedValue::from)),+])
            }

            /// Returns the field of this name.
            pub fn field_mut(&mut self, name: &str) -> Option<AppearedMut<'_>> {
                match name {
                    $(stringify!($name) => Some(AppearedMut::from(&mut self.$name)),)+
                    _ => None,
                }
            }

            /// Returns this, with what it leaves open taken from `other`.
            #[must_use]
            pub fn or(self, other: Appeared) -> Appeared {
                Appeared { $($name: self.$name.or(other.$name)),+ }
            }
        }
    };
}

appeared! {
    /// The journal, newspaper or collection.
    journal: String,
    /// The number of the journal.
    issn: String,
    /// The volume.
    volume: String,
    /// The issue.
    issue: String,
    /// The first page.
    first_page: u32,
    /// The number of pages.
    pages: u32,
    /// The identifier of the article: `10.…/…`.
    doi: String,
    /// Where it is online.
    url: String,
    /// Who published it.
    publisher: String,
    /// The place of publication.
    place: String,
    /// The classification: 中图分类号, УДК.
    classification: String,
    /// When the journal received it.
    received: Date,
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppearedValue<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(u32),
    /// A date.
    Date(Date),
}

/// A field, to be set.
#[derive(Debug, PartialEq, Eq)]
pub enum AppearedMut<'a> {
    /// A field of text.
    Text(&'a mut Option<String>),
    /// A field with a number.
    Number(&'a mut Option<u32>),
    /// A field with a date.
    Date(&'a mut Option<Date>),
}

impl<'a> From<&'a String> for AppearedValue<'a> {
    fn from(text: &'a String) -> AppearedValue<'a> {
        AppearedValue::Text(text)
    }
}

impl From<&u32> for AppearedValue<'_> {
    fn from(number: &u32) -> Self {
        AppearedValue::Number(*number)
    }
}

impl From<&Date> for AppearedValue<'_> {
    fn from(date: &Date) -> Self {
        AppearedValue::Date(*date)
    }
}

impl<'a> From<&'a mut Option<String>> for AppearedMut<'a> {
    fn from(field: &'a mut Option<String>) -> AppearedMut<'a> {
        AppearedMut::Text(field)
    }
}

impl<'a> From<&'a mut Option<u32>> for AppearedMut<'a> {
    fn from(field: &'a mut Option<u32>) -> AppearedMut<'a> {
        AppearedMut::Number(field)
    }
}

impl<'a> From<&'a mut Option<Date>> for AppearedMut<'a> {
    fn from(field: &'a mut Option<Date>) -> AppearedMut<'a> {
        AppearedMut::Date(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_set_and_read_by_their_names() {
        let mut appeared = Appeared::default();
        for name in Appeared::NAMES {
            match appeared.field_mut(name).unwrap() {
                AppearedMut::Text(text) => *text = Some(name.to_owned()),
                AppearedMut::Number(number) => *number = Some(48),
                AppearedMut::Date(date) => *date = Date::new(2025, 4, 7),
            }
        }
        for (name, value) in appeared.fields() {
            let date = Date::new(2025, 4, 7).map(AppearedValue::Date);
            let known = [Some(AppearedValue::Text(name)), Some(AppearedValue::Number(48)), date];
            assert!(known.contains(&value), "{name}");
        }
        assert_eq!((appeared.place.as_deref(), appeared.pages), (Some("place"), Some(48)));
        assert_eq!(appeared.field_mut("title"), None);
        let own = Appeared { journal: Some("Полис".to_owned()), ..Appeared::default() };
        let both = own.or(appeared.clone());
        assert_eq!((both.journal.as_deref(), both.issue), (Some("Полис"), appeared.issue));
    }
}
