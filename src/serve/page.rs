//! The page: paste a text, read it with its marks, correct them.
//!
//! In: nothing; texts come through the API. Out: the page, its style sheets and its scripts, each a file of its own, since the
//! page's policy lets no script run that stands in markup. Start at [`FILES`].
//!
//! The article is what [`crate::report::html`] makes, by the same style sheet and the same script; `desk.css` and `desk.js` are what
//! is around it, `queue.css` and `queue.js` what is best read next.

use super::answer::small;
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
pub const FILES: [File; 7] = [
    File { path: "/", media: "text/html; charset=utf-8", content: None },
    File { path: "/report.css", media: STYLES, content: Some(STYLE) },
    File { path: "/report.js", media: SCRIPTS, content: Some(SCRIPT) },
    File { path: "/desk.css", media: STYLES, content: Some(include_str!("page/desk.css")) },
    File { path: "/desk.js", media: SCRIPTS, content: Some(include_str!("page/desk.js")) },
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
                link rel="stylesheet" href="desk.css";
                link rel="stylesheet" href="queue.css";
                script src="report.js" defer {}
                script src="desk.js" defer {}
                script src="queue.js" defer {}
            }
            body.desk {
                a.skip href="#content" { "Skip to the content" }
                header.page {
                    p.brand { "Parallax" }
                    h1 { "Read a text" }
                    p.subtitle {
                        "How it is worded: which words judge, whose they are, and how its sources are presented. Texts go to the server \
                         that this page came from, and nowhere else."
                    }
                }
                main #content tabindex="-1" {
                    (given())
                    p #status role="status" aria-live="polite" {}
                    div #result {}
                    (queue())
                    (corrections())
                }
                (panel())
                button #queue-next type="button" aria-keyshortcuts="n" hidden { "Next to read" }
                div #missed role="toolbar" aria-label="Mark the selected words as" hidden {}
            }
        }
    }
}

/// Where texts are put in.
fn given() -> Markup {
    html! {
        form.given #given {
            label.hidden for="text" { "Text" }
            textarea #text dir="auto" spellcheck="false" placeholder="Paste an article here, or drop files on the page." {}
            div.row {
                button.main type="submit" { "Read" }
                label { "Files " input #files type="file" multiple accept=".txt,.md,.text,text/plain"; }
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
