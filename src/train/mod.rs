//! From labelled files to what a head can be fitted to.
//!
//! In: labelled sentences ([`record`]), public data sets ([`public`]) and contrast families with
//! their name tables ([`contrast`], [`names`], [`expand`]). Out: [`record::Record`]s, and for each
//! the fold it is held out in ([`split`]); then, from checked settings ([`params`]), fitted heads
//! ([`trainer`]). Start at [`trainer::train`], which shows the line: records are [`prepare`]d, the
//! first layer ([`base`], [`marking`]) is fitted with folds held out, the second ([`stack`]) weighs
//! it, and [`calibrate`] makes its logits probabilities; the span heads are trained beside them
//! ([`spans`]), and the region head by itself from labelled pages ([`page`], [`regions`]).
//! [`order`] makes a bundle in its folder of all that, [`evaluation`] measures one. The fits themselves are in [`fit`].

pub mod annotation;
pub mod base;
pub mod calibrate;
mod card;
pub mod contrast;
pub mod crossval;
pub mod evaluation;
pub mod expand;
pub mod fit;
pub mod gold;
mod lines;
pub mod links;
pub mod marked;
pub mod marking;
mod markup;
pub mod names;
pub mod object;
pub mod order;
pub mod page;
pub mod params;
pub mod passage;
mod placement;
pub mod prepare;
pub mod public;
mod quoted;
pub mod record;
pub mod regions;
pub mod sources;
pub mod spans;
pub mod split;
pub mod stack;
pub mod stances;
pub mod trainer;
pub mod update;

pub use linfa::ParamGuard;
pub use params::{ParallaxParams, ParallaxValidParams};
pub use trainer::{Trained, train, train_beside};
