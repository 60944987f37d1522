//! Whom a short name, a pronoun or *the minister* stands for, where the text says.
//!
//! In: a document's tokens and the mentions of its sources, in order. Out: for each a [`Link`] to the
//! full name given before it, with its probability, or nothing. Start at [`Linker::link_all`]. A
//! candidate's probability is that of a logistic model over [`features`]; the best is taken from a
//! threshold up, and the link is left open below it. No feature looks at who is named: no name has a
//! weight of its own, *he* and *she* weigh the same, and a name is read by its shape.

use super::candidate::{Candidate, Names};
use super::mention::{Mention, Reading};
use super::pair::{FEATURES, Spoken, features};
use super::probabilities;
use crate::text::{Span, Tokens};
use serde::{Deserialize, Serialize};

/// The full name that a mention stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The name where it was given, in bytes of the original text.
    pub span: Span,
    /// Calibrated probability that this is whom the mention stands for, 0 to 1.
    pub p: f64,
}

/// Links sources to names. The default links nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Linker {
    /// One a feature, in the order of [`FEATURE_NAMES`](super::pair::FEATURE_NAMES); empty links nothing.
    pub weights: Vec<f64>,
    /// The logit of a pair without features.
    pub intercept: f64,
    /// The probability from which a link is given, above 0 and at most 1. Chosen on held-out folds.
    pub threshold: f64,
}

impl Linker {
    /// Whether it has a finite weight for each feature, and a threshold; or is the default.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let fitted = self.weights.len() == FEATURES && self.threshold > 0.0 && self.threshold <= 1.0;
        (fitted && self.intercept.is_finite() && self.weights.iter().all(|w| w.is_finite())) || *self == Self::default()
    }

    /// The probability that a pair with these features is one.
    #[must_use]
    pub fn p(&self, features: &[f32; FEATURES]) -> f64 {
        let logit = features.iter().zip(&self.weights).map(|(x, w)| f64::from(*x) * w).sum::<f64>();
        probabilities(&[logit + self.intercept]).last().copied().unwrap_or(0.0)
    }

    /// The links of a document's sources, one a mention; `None` where it is open whom it stands for, or the
    /// mention is the full name itself. `mentions` must be in order of their starts; each sees the ones
    /// before it. `sentences` are the document's tokens, quoted ones marked, names flagged word by word
    /// ([`NameMask::flag`](crate::features::names::NameMask::flag)).
    #[must_use]
    pub fn link_all(&self, text: &str, sentences: &[Tokens], mentions: &[Mention]) -> Vec<Option<Link>> {
        let mut reader = Reader::new(text, sentences);
        mentions.iter().map(|mention| self.link_next(&mut reader, mention, true)).collect()
    }

    /// The link of one mention, given the spans of the earlier attributions' sources in order. For all of a
    /// document [`Linker::link_all`] is faster and gives the same.
    #[must_use]
    pub fn link(&self, text: &str, sentences: &[Tokens], mention: &Mention, sources: &[Span]) -> Option<Link> {
        let mut reader = Reader::new(text, sentences);
        for span in sources.iter().filter(|span| span.start < mention.span.start) {
            let ended = |s: &Tokens| s.tokens.last().is_none_or(|t| t.span.end <= span.start);
            let sentence = sentences.iter().position(|s| !ended(s)).unwrap_or(sentences.len());
            // What it stands for is noted by the reader.
            let _ = self.link_next(&mut reader, &Mention { span: *span, sentence }, true);
        }
        self.link_next(&mut reader, mention, true)
    }

    /// The link of the next mention, which the reader then knows of if it `is_source`.
    #[must_use]
    pub fn link_next(&self, reader: &mut Reader<'_>, mention: &Mention, is_source: bool) -> Option<Link> {
        let pairs = reader.pairs(mention);
        let link = self.best(&pairs).filter(|link| link.p >= self.threshold);
        if is_source {
            reader.hear(mention, link.map(|link| link.span));
        }
        link
    }

    /// The most probable of the pairs; of equals the nearest.
    fn best(&self, pairs: &[Pair]) -> Option<Link> {
        if self.weights.len() != FEATURES {
            return None;
        }
        let mut best: Option<Link> = None;
        for pair in pairs {
            let p = self.p(&pair.features);
            if best.is_none_or(|b| p > b.p) {
                best = Some(Link { span: pair.name, p });
            }
        }
        best
    }
}

/// A candidate that a mention may stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The candidate's fullest form, in bytes.
    pub name: Span,
    /// In the order of [`FEATURE_NAMES`](super::pair::FEATURE_NAMES).
    pub features: [f32; FEATURES],
}

/// Reads a document from source to source.
#[derive(Debug)]
pub struct Reader<'t> {
    text: &'t str,
    sentences: &'t [Tokens],
    names: Names<'t>,
    spoken: Vec<Spoken>,
}

impl<'t> Reader<'t> {
    /// A reader at the beginning.
    #[must_use]
    pub fn new(text: &'t str, sentences: &'t [Tokens]) -> Self {
        Self { text, sentences, names: Names::new(text, sentences), spoken: Vec::new() }
    }

    /// The candidates of a mention that it may stand for, nearest first. Mentions are read in order.
    #[must_use]
    pub fn pairs(&mut self, mention: &Mention) -> Vec<Pair> {
        self.names.read_to(mention.span.start);
        let Some(tokens) = self.sentences.get(mention.sentence) else { return Vec::new() };
        let reading = Reading::of(self.text, tokens, mention.span);
        let near: Vec<&Candidate> = self.names.nearest().collect();
        let rows = features(&reading, mention, &near, &self.spoken);
        let pair = |(c, row): (&&Candidate, Option<_>)| row.map(|features| Pair { name: c.span, features });
        near.iter().zip(rows).filter_map(pair).collect()
    }

    /// Takes note of a source and of the name it stands for: that of its link, or its own.
    pub fn hear(&mut self, mention: &Mention, link: Option<Span>) {
        let Some(tokens) = self.sentences.get(mention.sentence) else { return };
        let reading = Reading::of(self.text, tokens, mention.span);
        let own = reading.kind.is_name().then_some(mention.span);
        let form = reading.form;
        let source = Spoken { sentence: mention.sentence, start: mention.span.start, name: link.or(own), form };
        // A document's sources are many, and only the late ones are near.
        if self.spoken.len() >= MOST_SPOKEN {
            self.spoken.remove(0);
        }
        self.spoken.push(source);
    }
}

/// Earlier sources than this many back are forgotten: it bounds the work on a mention in a long document.
const MOST_SPOKEN: usize = 60;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::features::names::NameMask;
    use crate::heads::candidate::candidates;
    use crate::text::{Tokenizer, sentences};

    const KNOWN: &str = "the council said that a judge and his clerk met in her office of the union at noon, but he and \
                         she denied it: they said nothing";

    fn read(text: &str) -> Vec<Tokens> {
        let tokenizer = Tokenizer::from_parts(vec!["[UNK]".to_owned()]).unwrap();
        let known = tokenizer.tokenize(KNOWN, Span::new(0, KNOWN.len())).unwrap();
        let mask = NameMask::learn(true, [(KNOWN, &known)].into_iter());
        let tokens = |sentence: &Span| {
            let mut tokens = tokenizer.tokenize(text, *sentence).unwrap();
            mask.flag(text, &mut tokens);
            tokens
        };
        sentences(text).iter().map(tokens).collect()
    }

    /// The mention that is the last `word` of the text.
    fn last(text: &str, word: &str, tokens: &[Tokens]) -> Mention {
        let start = text.rfind(word).unwrap();
        let span = Span::new(start, start + word.len());
        let sentence = tokens.iter().position(|s| s.tokens.last().is_some_and(|t| t.span.end > start)).unwrap();
        Mention { span, sentence }
    }

    fn names(text: &str, mention: &str) -> Vec<String> {
        let tokens = read(text);
        let found = candidates(text, &tokens, &last(text, mention, &tokens));
        found.iter().map(|c| c.span.slice(text).to_owned()).collect()
    }

    fn pairs(text: &str, mention: &str) -> Vec<(String, [f32; FEATURES])> {
        let tokens = read(text);
        let mention = last(text, mention, &tokens);
        let found = Reader::new(text, &tokens).pairs(&mention);
        found.into_iter().map(|pair| (pair.name.slice(text).to_owned(), pair.features)).collect()
    }

    fn value(features: &[f32; FEATURES], name: &str) -> f32 {
        features[super::super::pair::FEATURE_NAMES.iter().position(|n| *n == name).unwrap()]
    }

    #[test]
    fn a_name_is_a_candidate_once_under_its_fullest_form_nearest_first() {
        let text = "Ana Duarte met Piet Roux. Duarte and Roux denied it, Dr Duarte said. He denied it.";
        assert_eq!(names(text, "He"), ["Ana Duarte", "Piet Roux"]);
        assert_eq!(names("Roux met Piet Roux in Oran. He denied it.", "He"), ["Oran", "Piet Roux"]);
    }

    #[test]
    fn names_of_several_parts_are_whole() {
        let text = "Anneke de Vries of the Ministry of Salt met Reem Al-Khatib. She denied it.";
        assert_eq!(names(text, "She"), ["Reem Al-Khatib", "Ministry of Salt", "Anneke de Vries"]);
    }

    #[test]
    fn names_after_the_mention_are_no_candidates() {
        assert!(names("He met Ana Duarte in Oran.", "He").is_empty());
        assert!(pairs("Duarte denied it. Ana Duarte denied it.", "Ana Duarte").is_empty());
    }

    #[test]
    fn a_short_name_pairs_with_the_names_that_it_is_a_part_of() {
        let found = pairs("Ana Duarte met Piet Roux. Duarte's clerk said that Duarte denied it.", "Duarte");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "Ana Duarte");
        assert_eq!(value(&found[0].1, "name: it is how the candidate ends"), 1.0);
        let relatives = pairs("Ana Duarte met Ivo Duarte. Duarte denied it.", "Duarte");
        assert_eq!(relatives.len(), 2);
        assert!(relatives.iter().all(|(_, f)| value(f, "name: other candidates that fit, 0 to 2") == 1.0));
    }

    #[test]
    fn an_acronym_pairs_with_the_name_that_it_is_the_initials_of() {
        let bracketed = pairs("The Salt Workers' Union (SWU) met in Oran. The SWU denied it.", "SWU");
        assert_eq!(bracketed[0].0, "Salt Workers' Union");
        assert_eq!(value(&bracketed[0].1, "name: it stood in brackets after the candidate"), 1.0);
        let bare = pairs("Salt Workers' Union met in Oran. SWU denied it.", "SWU");
        assert_eq!(value(&bare[0].1, "name: it is the candidate's acronym by its initials"), 1.0);
    }

    #[test]
    fn sources_that_are_nobody_named_pair_with_nothing() {
        for mention in ["I", "we", "clerks", "a clerk", "Duarte's clerk", "the head of Salt Union", "Ana Duarte"] {
            let text = format!("Ana Duarte of the Salt Union met her clerk. But {mention} denied it.");
            assert!(pairs(&text, mention).is_empty(), "{mention}");
        }
    }

    #[test]
    fn a_noun_phrase_pairs_with_the_name_that_its_noun_is_said_of() {
        let text = "The judge, Ana Duarte, met the Salt Union. The judge denied it.";
        assert_eq!(pairs(text, "The judge").iter().map(|p| p.0.as_str()).collect::<Vec<_>>(), ["Ana Duarte"]);
        let text = "The judge, Ana Duarte, met the Salt Union. The union denied it.";
        assert_eq!(pairs(text, "The union")[0].0, "Salt Union");
    }

    #[test]
    fn he_and_she_mr_and_ms_change_places_without_a_trace() {
        let (he, she) =
            ("Mr Roux met Ivo Lind and his clerk. He denied it.", "Ms Roux met Ivo Lind and her clerk. She denied it.");
        assert_eq!(pairs(he, "He"), pairs(she, "She"));
        assert!(!pairs(he, "He").is_empty());
        let (other, too) = (he.replace("He", "She"), she.replace("She", "He"));
        assert_eq!(pairs(&other, "She"), pairs(&too, "He"));
        assert_ne!(pairs(he, "He"), pairs(&other, "She"));
    }

    #[test]
    fn the_default_is_whole_and_links_nothing() {
        let text = "Ana Duarte denied it. Duarte denied it.";
        let tokens = read(text);
        let mention = last(text, "Duarte", &tokens);
        assert!(Linker::default().is_whole());
        assert_eq!(Linker::default().link(text, &tokens, &mention, &[]), None);
        let short = Linker { weights: vec![1.0], intercept: 0.0, threshold: 0.5 };
        assert!(!short.is_whole());
        assert_eq!(short.link(text, &tokens, &mention, &[]), None);
    }

    #[test]
    fn a_mention_outside_the_text_links_to_nothing() {
        let text = "Ana Duarte denied it.";
        let linker = Linker { weights: vec![1.0; FEATURES], intercept: 0.0, threshold: 0.1 };
        let mention = Mention { span: Span::new(90, 99), sentence: 7 };
        assert_eq!(linker.link(text, &read(text), &mention, &[Span::new(80, 70)]), None);
    }
}
