//! The page: give texts, read them with their marks or compare them, and correct what is marked.
//!
//! In: nothing; texts come through the API. Out: the page, its style sheets and its scripts, each a file of its own, since the
//! page's policy lets no script run that stands in markup. Start at [`FILES`].
//!
//! The article is what [`crate::report::html`] makes, by the same style sheet and the same script; `texts.js` is
//! where texts come in, `desk.js` shows and corrects them, `queue.js` says what is best read next, `retrain.js` has the model
//! learn from what was corrected, `ask.js` is what all of them use.

use super::answer::small;
use crate::report::html::comparison::COMPARISON_STYLE;
use crate::report::html::{SCRIPT, STYLE, panel};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};

/// A file of the page.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Where it is.
    pub path: &'static str,
    media: &'static str,
    /// What is in it; the page itself is made where there is nothing.
    content: Option<&'static str>,
}

/// The files of the page, itself the first.
pub const FILES: [File; 11] = [
    File { path: "/", media: "text/html; charset=utf-8", content: None },
    File { path: "/report.css", media: STYLES, content: Some(STYLE) },
    File { path: "/report.js", media: SCRIPTS, content: Some(SCRIPT) },
    File { path: "/comparison.css", media: STYLES, content: Some(COMPARISON_STYLE) },
    File { path: "/ask.js", media: SCRIPTS, content: Some(include_str!("page/ask.js")) },
    File { path: "/texts.js", media: SCRIPTS, content: Some(include_str!("page/texts.js")) },
    File { path: "/desk.css", media: STYLES, content: Some(include_str!("page/desk.css")) },
    File { path: "/desk.js", media: SCRIPTS, content: Some(include_str!("page/desk.js")) },
    File { path: "/retrain.js", media: SCRIPTS, content: Some(include_str!("page/retrain.js")) },
    File { path: "/queue.css", media: STYLES, content: Some(include_str!("page/queue.css")) },
    File { path: "/queue.js", media: SCRIPTS, content: Some(include_str!("page/queue.js")) },
];

const STYLES: &str = "text/css; charset=utf-8";
const SCRIPTS: &str = "text/javascript; charset=utf-8";

impl File {
    /// The response that holds it.
    pub(super) async fn answer(self) -> Response {
        let content = self.content.map_or_else(|| page().into_string(), str::to_owned);
        let mut response = small(self.media, content);
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response
    }
}

/// What the page may do: run its own scripts, use its own style sheets, ask its own server; and nothing else.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn page() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { "Parallax" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="report.css";
                // The style of comparisons is for when one is shown.
                link #comparison-style rel="stylesheet" href="comparison.css" media="not all";
                link rel="stylesheet" href="desk.css";
                link rel="stylesheet" href="queue.css";
                script src="report.js" defer {}
                script src="ask.js" defer {}
                script src="texts.js" defer {}
                script src="desk.js" defer {}
                script src="retrain.js" defer {}
                script src="queue.js" defer {}
            }
            body.desk {
                a.skip href="#content" { "Skip to the content" }
                header.page {
                    p.brand { "Parallax" }
                    h1 { "Read a text, or compare several" }
                    p.subtitle {
                        "How it is worded: which words judge, whose they are, and how its sources are presented. Texts go to the server \
                         that this page came from, and nowhere else."
                    }
                }
                main #content tabindex="-1" {
                    (given())
                    div #told {
                        p #status role="status" aria-live="polite" {}
                        a #to-model href="#model" hidden { "Corrections and model" }
                    }
                    div #result {}
                    (queue())
                    (corrections())
                    (model())
                }
                (panel())
                button #queue-next type="button" aria-keyshortcuts="n" hidden { "Next to read" }
                div #missed role="toolbar" aria-label="Mark the selected words as" hidden {}
            }
        }
    }
}

/// The files that may be chosen.
const ACCEPTED: &str = ".txt,.md,.text,.html,.htm,.xhtml,.jsonl,.ndjson,text/plain,text/html";

/// Where texts are put in.
fn given() -> Markup {
    html! {
        form.given #given {
            ul #pasted {
                li {
                    p.name hidden {
                        input type="text" aria-label="Name of the text" autocomplete="off" dir="auto";
                        button.remove type="button" aria-label="Remove this text" { "×" }
                    }
                    textarea #text dir="auto" spellcheck="false" placeholder="Paste an article here, or drop files on the page." {}
                }
            }
            ul #chosen aria-label="Files" hidden {}
            div.row {
                button.main type="submit" value="read" { "Read" }
                button type="submit" value="compare" { "Compare" }
                button #add type="button" { "Add another text" }
                label.files { "Choose files" input #files type="file" multiple accept=(ACCEPTED); }
            }
            div.row {
                label { "Your name " input #annotator type="text" autocomplete="off" placeholder="for corrections"; }
                label hidden { "Token " input #token type="password" autocomplete="off"; }
            }
        }
    }
}

/// Which sentences are best read next.
fn queue() -> Markup {
    html! {
        section #queue aria-labelledby="queue-title" hidden {
            h3 #queue-title { "What to read next" }
            p #queue-told .small {}
            ol #queue-list {}
        }
    }
}

/// What was corrected since the page was opened.
fn corrections() -> Markup {
    html! {
        section #corrections aria-labelledby="corrections-title" hidden {
            h3 #corrections-title { "Corrections" }
            p.row { button #undo type="button" { "Undo the last" } }
            ol #made reversed {}
        }
    }
}

/// The model, and what it learns from the corrections.
fn model() -> Markup {
    html! {
        section #model aria-labelledby="model-title" hidden {
            h3 #model-title { "The model" }
            div.row #model-start {}
            progress #model-progress aria-label="Retraining" hidden {}
            p #model-told role="status" aria-live="polite" {}
            div #model-change {}
            div.row #model-decide hidden {
                button.main #model-accept type="button" { "Accept" }
                button #model-reject type="button" { "Reject" }
            }
            details #model-kept hidden {
                summary { "Versions" }
                ul #model-versions {}
            }
        }
    }
}
