//! The terms of a style: months, *et al.*, *p.*, in its language.
//!
//! The locales of the CSL project are share-alike and not part of svod: where
//! one of them lies beside the style, it is read. Those in `locales/` were
//! written for svod; they hold the terms that entries of an index can need, and
//! no more.

use std::path::{Path, PathBuf};

use hayagriva::citationberg::{Locale, LocaleCode, LocaleFile};
use svod_text::printable;

use super::{CslError, CslFault, bounds, guarded, read};

const BUILT_IN: [(&str, &str); 4] = [
    ("en-US", include_str!("locales/en-US.xml")),
    ("en-GB", include_str!("locales/en-GB.xml")),
    ("ru-RU", include_str!("locales/ru-RU.xml")),
    ("zh-CN", include_str!("locales/zh-CN.xml")),
];

/// Returns the language of a style, and the locales that its terms are looked up in.
///
/// # Errors
/// If a file cannot be read or is no locale, or if there is none for the language.
pub(super) fn find(
    style: &Path,
    default: Option<&LocaleCode>,
    named: Option<&Path>,
) -> Result<(LocaleCode, Vec<Locale>), CslError> {
    let english = LocaleCode::en_us();
    let (language, locale) = match named {
        Some(path) => {
            let locale = read_file(path)?;
            (locale.lang.clone(), locale)
        }
        None => {
            let language = default.unwrap_or(&english);
            (language.clone(), of_language(language, style)?)
        }
    };
    let mut locales = vec![Locale::from(locale)];
    if locales.iter().all(|locale| locale.lang.as_ref() != Some(&english)) {
        locales.extend(built_in(&english).map(Locale::from));
    }
    Ok((language, locales))
}

/// Returns the locale of a language, else that of the country which stands for the language: `en-US` for `en-AU`.
fn of_language(language: &LocaleCode, style: &Path) -> Result<LocaleFile, CslError> {
    let fallback = language.fallback().filter(|_| !is_traditional(language));
    for code in [Some(language), fallback.as_ref()].into_iter().flatten() {
        if let Some(path) = beside(style, code)? {
            // Its terms are looked up by the language that its name says.
            return read_file(&path).map(|locale| LocaleFile { lang: code.clone(), ..locale });
        }
        if let Some(locale) = built_in(code) {
            return Ok(locale);
        }
    }
    Err(CslError::NoLocale { style: style.to_owned(), language: printable(&language.0).into_owned() })
}

/// Traditional characters are not those of the mainland.
fn is_traditional(language: &LocaleCode) -> bool {
    ["TW", "HK", "MO", "Hant"].iter().any(|part| language.extensions().any(|extension| extension == *part))
}

/// Returns the file of a locale in the folder of a style, if there is one.
fn beside(style: &Path, code: &LocaleCode) -> Result<Option<PathBuf>, CslError> {
    // A style says what is opened: nothing but a name.
    if !code.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Ok(None);
    }
    let path = style.with_file_name(format!("locales-{}.xml", code.0));
    match path.try_exists() {
        Ok(exists) => Ok(Some(path).filter(|_| exists)),
        Err(source) => Err(CslError::Read { path, source }),
    }
}

fn built_in(code: &LocaleCode) -> Option<LocaleFile> {
    let (_, xml) = BUILT_IN.iter().find(|(name, _)| *name == code.0)?;
    parse(xml).ok()
}

fn read_file(path: &Path) -> Result<LocaleFile, CslError> {
    parse(&read(path)?).map_err(|fault| CslError::Locale { path: path.to_owned(), fault })
}

fn parse(xml: &str) -> Result<LocaleFile, CslFault> {
    bounds::check(xml)?;
    Ok(guarded(|| LocaleFile::from_xml(xml)).ok_or(CslFault::Stopped)??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_locales_can_be_read() {
        for (code, xml) in BUILT_IN {
            let locale = parse(xml).unwrap_or_else(|fault| panic!("{code}: {fault}"));
            assert_eq!(locale.lang.0, code);
        }
    }

    #[test]
    fn languages() {
        let folder = tempfile::tempdir().unwrap();
        let style = folder.path().join("style.csl");
        let found = |language: &str| match find(&style, Some(&LocaleCode(language.to_owned())), None) {
            Ok((_, locales)) => {
                let codes = locales.into_iter().filter_map(|locale| Some(locale.lang?.0));
                codes.collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        };
        for (language, expected) in [
            ("en-US", "en-US"),
            ("en", "en-US"),
            ("en-AU", "en-US"),
            ("en-GB", "en-GB en-US"),
            ("ru-RU", "ru-RU en-US"),
            ("zh", "zh-CN en-US"),
            ("zh-TW", "`locales-zh-TW.xml`"),
            ("fr-FR", "`locales-fr-FR.xml`"),
            ("../x", "`locales-../x.xml`"),
            ("", "locale"),
        ] {
            let found = found(language);
            assert!(found.contains(expected) && !found.is_empty(), "{language}: {found}");
        }
        std::fs::write(folder.path().join("locales-fr-FR.xml"), BUILT_IN[0].1).unwrap();
        assert_eq!(found("fr-FR"), "fr-FR en-US");
        assert_eq!(found("fr-CA"), "fr-FR en-US");
        std::fs::write(folder.path().join("locales-fr-CA.xml"), "<style/>").unwrap();
        assert!(found("fr-CA").contains("is no locale"), "{}", found("fr-CA"));
    }
}
