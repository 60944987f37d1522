//! The beginning of a longer text, on one line.
//!
//! In: any text, and how many characters there is room for. Out: text, not yet escaped. Start at [`excerpt`].

/// The text in at most `limit` characters, cut between words where it has any, with `…` if something is left out;
/// every run of white space is one space.
pub(super) fn excerpt(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut left = limit;
    for word in text.split_whitespace() {
        let length = word.chars().count() + usize::from(!out.is_empty());
        if length > left {
            if out.is_empty() {
                out.extend(word.chars().take(limit));
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        left -= length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_text_is_cut_and_a_short_one_is_whole() {
        assert_eq!(excerpt(" the river\n\trose ", 20), "the river rose");
        assert_eq!(excerpt("the river rose", 11), "the river…");
        assert_eq!(excerpt("therriverrose", 5), "therr…");
        assert_eq!(excerpt("", 5), "");
    }
}
