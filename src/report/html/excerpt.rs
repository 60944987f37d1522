//! The beginning of a longer text, on one line.
//!
//! In: any text, and how many characters there is room for. Out: text, not yet escaped. Start at [`excerpt`].

/// At most `limit` characters of the text, with `…` after them if there were more; every run of white space is one
/// space.
pub(super) fn excerpt(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut left = limit;
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if left == 0 {
                out.push('…');
                return out;
            }
            out.push(c);
            left -= 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_text_is_cut_and_a_short_one_is_whole() {
        assert_eq!(excerpt(" the river\n\trose ", 20), "the river rose");
        assert_eq!(excerpt("the river rose", 5), "the ri…");
        assert_eq!(excerpt("", 5), "");
    }
}
