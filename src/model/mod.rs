//! What training makes and scoring reads: a [`Bundle`] of tokenizer, vectors and weights.
//!
//! In: a folder of `models/`. Out: a checked [`Bundle`]. Start at [`Bundle::load`]; the folder's
//! format is in [`container`], the weights in [`weights`], how probabilities become labels in
//! [`crate::heads`], where the model comes from in [`receipt`], where bundles
//! are looked for in [`Shelves`], which of several updates of it is in use in [`versions`].

pub mod bundle;
pub mod container;
mod keep;
pub mod receipt;
mod shelves;
pub mod versions;
pub mod weights;

pub use bundle::Bundle;
pub use container::{FORMAT, Manifest};
pub use keep::Kept;
pub use receipt::Receipt;
pub use shelves::Shelves;
pub use versions::Versions;
pub use weights::Weights;
