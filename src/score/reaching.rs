//! Which attributions a sentence has to do with: those with a cue or a content in it.
//!
//! In: a [`Reading`] and its [`Attribution`]s. Out: [`Reaching`], one list for all that ask: the stances of a sentence, and
//! the voice of a loaded term. Start at [`Reaching::new`].

use super::attributions::Attribution;
use super::reading::Reading;

/// For each sentence the attributions that reach into it: those with a cue or a content there.
#[derive(Debug)]
pub struct Reaching {
    /// The attributions by their numbers, those of one sentence after those of the one before.
    numbers: Vec<usize>,
    /// For each sentence the end of its own.
    ends: Vec<usize>,
}

impl Reaching {
    /// Of these attributions of a document.
    #[must_use]
    pub fn new(reading: &Reading, attributions: &[Attribution]) -> Self {
        let sentences = &reading.sentences;
        let mut pairs: Vec<(usize, usize)> = Vec::with_capacity(2 * attributions.len());
        for (number, a) in attributions.iter().enumerate() {
            pairs.push((a.sentence, number));
            for content in &a.contents {
                let first = sentences.partition_point(|s| s.span.end <= content.start);
                let inside = sentences[first..].iter().take_while(|s| s.span.start < content.end);
                pairs.extend(inside.enumerate().map(|(at, _)| (first + at, number)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut ends = vec![0; sentences.len()];
        for (sentence, _) in &pairs {
            ends[*sentence] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        Self { numbers: pairs.into_iter().map(|(_, number)| number).collect(), ends }
    }

    /// Those of a sentence, by rising number; none of one that is not there.
    #[must_use]
    pub fn of_sentence(&self, sentence: usize) -> &[usize] {
        let start = sentence.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or(0));
        self.ends.get(sentence).and_then(|end| self.numbers.get(start..*end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::attributions::find;
    use super::super::sample::read;
    use super::*;

    #[test]
    fn an_attribution_reaches_into_its_cues_sentence_and_into_those_of_its_contents() {
        let text = "The dam held. “It rained. It stopped,” Rin said. Nobody knew.";
        let (reading, quotes) = read(text, &[("Rin", "said", "It stopped,”")]);
        let reaching = Reaching::new(&reading, &find(text, &quotes, &reading));
        let lists: Vec<&[usize]> = (0..5).map(|sentence| reaching.of_sentence(sentence)).collect();
        assert_eq!(lists, [&[][..], &[0], &[0], &[], &[]]);
    }

    #[test]
    fn twice_as_long_a_text_has_twice_as_many_entries() {
        let entries = |times: usize| {
            let text = "“".to_owned() + &"Rin said that it rained. ".repeat(times);
            let (reading, quotes) = read(&text, &[("Rin", "said that", "it rained")]);
            Reaching::new(&reading, &find(&text, &quotes, &reading)).numbers.len()
        };
        let (once, twice) = (entries(2_000), entries(4_000));
        assert!(once > 2_000 && twice <= 2 * once, "{once}, {twice}");
    }
}
