//! What readers correct, kept and handed on.
//!
//! In: [`Correction`]s, what somebody says of a sentence beside what the model said of it. Out: a [`Store`] in which none
//! that was acknowledged is lost; labelled records that training reads ([`mod@records`]); the formats of other annotation
//! tools ([`exchange`]); how far annotators and model agree ([`agreement`]); which sentences are best read next
//! ([`mod@next`]), and which labels are best looked at again ([`suspects`]). Start at [`Store::add`] and [`records::records`].
//!
//! A correction says where it stands by an [`Anchor`], which [`anchor::find`] finds again in an edited text;
//! [`seen::record`] makes of a report what the model said of a sentence. Nothing here reads a clock: times are given.

pub mod agreement;
mod alignment;
pub mod anchor;
pub mod correction;
pub mod exchange;
pub mod judgement;
pub mod next;
pub mod records;
pub mod said;
#[cfg(test)]
mod sample;
pub mod seen;
pub mod selector;
pub mod store;
pub mod suspects;

pub use correction::{Correction, DocumentName, Sentence};
pub use judgement::Judgement;
pub use records::records;
pub use said::Said;
pub use selector::Anchor;
pub use store::{Store, Stored};
