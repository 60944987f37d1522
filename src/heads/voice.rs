//! Voice: whose words a passage holds, the author's or those of a source.

use super::label::labels;

labels! {
    /// Whose words they are.
    Voice {
        /// The author's: no word stands in an attribution's content or in quotation marks.
        Author = "author",
        /// A source's.
        Quoted = "quoted",
        /// Partly the author's, partly a source's; of sentences only.
        Mixed = "mixed",
    }
}
