//! Which way a language is written.
//!
//! In: an ISO 639-1 code, or a longer tag that begins with one. Out: a value of `dir`. Start at [`direction`].

/// Languages that are written from right to left in their usual script.
const RIGHT_TO_LEFT: [&str; 12] = ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"];

/// `rtl` or `ltr`.
pub(super) fn direction(lang: &str) -> &'static str {
    let primary = lang.split(['-', '_']).next().unwrap_or_default();
    if RIGHT_TO_LEFT.iter().any(|code| primary.eq_ignore_ascii_case(code)) { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_primary_code() {
        for lang in ["ar", "AR", "ar-LB", "fa_IR", "he"] {
            assert_eq!(direction(lang), "rtl", "{lang}");
        }
        for lang in ["en", "", "arn", "fr-FR"] {
            assert_eq!(direction(lang), "ltr", "{lang}");
        }
    }
}
