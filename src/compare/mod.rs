//! One event told by several outlets, side by side.
pub mod align;
pub mod lexicon;
pub mod likeness;
pub mod number;
pub mod skeleton;
pub mod vocabulary;
