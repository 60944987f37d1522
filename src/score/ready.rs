//! Ready sentences: the sentence heads alone, one sentence after the other, without a report.
//!
//! In: sentences, each a text of its own. Out: the probabilities of their classes, the same that a report has. Start at
//! [`Scorer::ready`](super::Scorer::ready). It is for archives of many millions of sentences that are cut already.

use super::Scorer;
use crate::error::Result;
use crate::heads::probabilities_into;
use crate::text::{Span, add_quoted, cuts};

/// Scores ready sentences with the sentence heads of one bundle. Its buffers are kept from sentence to sentence.
#[derive(Debug)]
pub struct Ready<'s> {
    scorer: &'s Scorer,
    reader: crate::fold::Reader,
    quotes: Vec<Span>,
    p: Vec<f64>,
}

impl<'s> Ready<'s> {
    pub(super) fn new(scorer: &'s Scorer) -> Self {
        Self { scorer, reader: scorer.reader(), quotes: Vec::new(), p: Vec::new() }
    }

    /// The probability of each class of each sentence head, in the order of
    /// [`Bundle::heads`](crate::model::Bundle::heads) and of their classes; those of one head sum to 1. As a report of
    /// the sentence has them, before they are rounded.
    ///
    /// # Errors
    /// [`crate::Error::Tokenizer`] where the bundle's tokenizer refuses the text.
    pub fn score(&mut self, sentence: &str) -> Result<&[f64]> {
        let Self { scorer, reader, quotes, p } = self;
        let bundle = scorer.bundle();
        quotes.clear();
        let all = Span::new(0, sentence.len());
        add_quoted(sentence, all, quotes);
        let cuts = cuts(sentence, &|word| bundle.mask().is_common(word));
        p.clear();
        let is_read = reader.tokens_of(bundle, scorer.tables(), sentence, all, &cuts, quotes)?;
        let unfolded;
        let logits = if is_read {
            reader.score(bundle, scorer.tables(), sentence);
            &reader.logits
        } else {
            unfolded = scorer.unfolded(sentence, &cuts, quotes)?.logits;
            &unfolded
        };
        let mut first = 0;
        for head in bundle.heads() {
            probabilities_into(&logits[first..first + head.outputs()], p);
            first += head.outputs();
        }
        Ok(p)
    }
}

impl Drop for Ready<'_> {
    fn drop(&mut self) {
        self.scorer.give_back(std::mem::take(&mut self.reader));
    }
}
