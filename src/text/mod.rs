//! From bytes to words: everything that is known about a text without a model.
//!
//! In: a [`Document`], the original text, never altered. Out: [`Span`]s into it for its lines, paragraphs,
//! sentences, quoted passages and tokens. Start at [`Document::from_bytes`], then [`sentences`] and
//! [`Tokenizer::tokenize`]; [`Aliases`] and [`Actors`] find one thing under several names. Nothing here knows a label, a feature or a file system.

mod abbreviation;
mod actor;
mod alias;
mod arabic;
mod calendar;
mod document;
pub mod language;
mod line;
mod noise;
mod normalize;
mod paragraph;
mod possessive;
mod quote;
mod region;
mod sentence;
mod shape;
mod span;
mod token;
mod word;

pub use actor::{ActorMention, Actors, Form};
pub use alias::{AliasMention, Aliases, LONGEST_FORM, form_key};
pub use arabic::{is_arabic, lexeme};
pub use calendar::{is_calendar, is_weekday};
pub(crate) use document::refuse_binary;
pub use document::{Document, Extraction};
pub use line::{Line, lines};
pub use noise::{NOISY, Noise, NoiseKind, NoiseSpan, cuts, may_be_stray, noise, stray_capitals};
pub use normalize::{is_blank, is_ignorable, normal, word as normal_form};
pub use paragraph::{Paragraphs, paragraphs, paragraphs_in};
pub use possessive::{is_possessive, without_possessive};
pub use quote::{add_quoted, quoted, quoted_in};
pub use region::{Region, RegionKind};
pub use sentence::{MAX_SENTENCE_BYTES, sentences, sentences_in};
pub use shape::TokenShape;
pub use span::{OffsetUnit, Offsets, Span, unite};
pub use token::{Token, Tokenizer, Tokens, mark_quoted, parts_of};
pub use word::words;
