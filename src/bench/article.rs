//! Articles of one size, cut from texts of any.
//!
//! In: documents, and how large an article is. Out: documents of that size. Start at [`cut`]. Sentences stay whole, and
//! the languages of the documents apart.

use crate::text::{Document, sentences};

/// The articles of about `bytes` that the documents give, in order: the sentences of documents of one language on end,
/// with what stands between them. What is left over of a language is none. `lang` tells a document's language.
#[must_use]
pub fn cut(documents: &[Document], bytes: usize, lang: impl Fn(&Document) -> String) -> Vec<Document> {
    let mut open: Vec<(String, String)> = Vec::new();
    let mut articles = Vec::new();
    for document in documents {
        let lang = lang(document);
        let at = open.iter().position(|(known, _)| *known == lang).unwrap_or_else(|| {
            open.push((lang, String::new()));
            open.len() - 1
        });
        let Some((_, article)) = open.get_mut(at) else { continue };
        let text = document.text();
        let spans = sentences(text);
        let ends = spans.iter().skip(1).map(|next| next.start).chain([text.len()]);
        let mut start = 0;
        for end in ends {
            article.push_str(text.get(start..end).unwrap_or_default());
            start = end;
            if article.len() >= bytes {
                articles.push(Document::new(format!("article {}", articles.len() + 1), std::mem::take(article)));
            }
        }
        if !article.is_empty() {
            article.push_str("\n\n");
        }
    }
    articles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Document {
        Document::new(text, text)
    }

    #[test]
    fn short_texts_are_joined_and_long_ones_cut_between_sentences() {
        let long = "It rained on the harbour all day. ".repeat(20);
        let documents = [told("It snowed."), told(&long), told("It froze.")];
        let articles = cut(&documents, 200, |_| "en".into());
        assert_eq!(articles.len(), 3);
        for article in &articles {
            assert!((200..240).contains(&article.text().len()), "{}", article.text());
            assert!(article.text().starts_with("It "), "{}", article.text());
        }
    }

    #[test]
    fn languages_are_not_mixed_and_a_rest_is_no_article() {
        let documents = [told("One. Two."), told("Un. Deux."), told("Three. Four.")];
        let lang = |document: &Document| if document.text().contains("Un") { "fr".into() } else { "en".into() };
        let articles = cut(&documents, 12, lang);
        assert_eq!(articles.len(), 1);
        assert_eq!(articles.first().map(Document::text), Some("One. Two.\n\nThree. "));
    }
}
