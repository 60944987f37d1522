//! A bundle folded into tables: every token is looked up, and its numbers are added.
//!
//! In: sentences of a text. Out: what [`crate::score`] needs of them: tokens, spans and logits. Start at
//! [`Reader::read`], with the bundle's [`Tables`]. All features are sums over tokens (`src/README.md`, *Folding*), so all that the heads need of a word can be added up
//! once: [`row`] does, with the code that scores without folding; [`lexicon`] keeps it; [`reader`] adds it up over a
//! sentence. What is asked of two words or more goes by their numbers ([`phrases`]). A test holds both ways of scoring
//! together.

pub mod lexicon;
pub mod phrases;
pub mod pool;
pub mod reader;
pub mod row;
pub mod spellings;
pub mod steps;
pub mod tables;

pub use reader::Reader;
pub use tables::Tables;
