//! The frame of a page: head, style, script, panel of reasons.
//!
//! In: a title, and the style sheets and scripts of the page. Out: markup before and after its content. Start at
//! [`Frame::open`]. The page asks nothing of the network: its policy (Content-Security-Policy) allows the very
//! style sheets and scripts that stand in it, by their SHA-256, and nothing else, so that markup from an article
//! would stay without effect even if some got through.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The style of every page.
pub const STYLE: &str = include_str!("page.css");
/// The script of every page. A page can be read without it.
pub const SCRIPT: &str = include_str!("page.js");

/// A page's frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'p> {
    /// The title, in the browser's tab and above the page.
    pub title: &'p str,
    /// What the page is, in a sentence.
    pub subtitle: &'p str,
    /// Style sheets, in order. None may hold `</`.
    pub styles: &'p [&'p str],
    /// Scripts, in order. None may hold `</`.
    pub scripts: &'p [&'p str],
}

impl Frame<'_> {
    /// Everything before the content, up to the opening tag of `main`.
    pub(super) fn open(&self) -> String {
        let head = html! {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(self.policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (self.title) }
            @for style in self.styles { style { (PreEscaped(style)) } }
        };
        let before = html! {
            a.skip href="#content" { "Skip to the content" }
            header.page {
                p.brand { "Parallax" }
                h1 { bdi { (self.title) } }
                p.subtitle { (self.subtitle) }
            }
        };
        format!(
            "{}<html lang=\"en\"><head>{}</head>\n<body>{}<main id=\"content\" tabindex=\"-1\">\n",
            DOCTYPE.into_string(),
            head.into_string(),
            before.into_string()
        )
    }

    /// Everything after the content, from the closing tag of `main` on.
    pub(super) fn close(&self) -> String {
        let after = html! {
            (panel())
            footer.page {
                p {
                    "Parallax measures how a text is worded: how a careful reader would label it. It does not measure \
                     truth or intent, and it is no verdict on an outlet."
                }
            }
            @for script in self.scripts { script { (PreEscaped(script)) } }
        };
        format!("</main>\n{}</body></html>\n", after.into_string())
    }

    /// The content of the policy.
    fn policy(&self) -> String {
        let hashes = |blocks: &[&str]| {
            let hash = |block: &&str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(block.as_bytes())));
            let hashes: Vec<String> = blocks.iter().map(hash).collect();
            if hashes.is_empty() { "'none'".to_owned() } else { hashes.join(" ") }
        };
        format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            hashes(self.styles),
            hashes(self.scripts)
        )
    }
}

/// Where the reasons of the mark in focus are shown: beside the text, or below it on a narrow screen. It stands behind `main`.
#[must_use]
pub fn panel() -> Markup {
    html! {
        aside.panel #panel aria-label="Reason of the mark in focus" tabindex="-1" hidden {
            button.close type="button" aria-label="Close" { "×" }
            h2.hidden { "Reason" }
            div #panel-body {
                p.hint {
                    "Point at a mark, tap it, or step through the marks with " kbd { "j" } " and " kbd { "k" }
                    " (sentences: " kbd { "n" } " and " kbd { "p" }
                    "): what was found there, and which words speak for and against it, stands here."
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame<'_> =
        Frame { title: "a <b> & \"c\"", subtitle: "", styles: &["a{}"], scripts: &["let a;", "let b;"] };

    #[test]
    fn the_policy_allows_the_blocks_of_the_page_and_nothing_else() {
        // echo -n 'a{}' | openssl dgst -sha256 -binary | base64
        let page = FRAME.open();
        assert!(page.contains("default-src 'none'; style-src 'sha256-"), "{page}");
        assert_eq!(page.matches("'sha256-").count(), 3, "{page}");
        assert!(!page.contains("unsafe"), "{page}");
    }

    #[test]
    fn a_title_is_text() {
        assert!(FRAME.open().contains("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"));
    }

    #[test]
    fn style_and_script_cannot_end_early_and_name_no_address() {
        for block in [STYLE, SCRIPT, include_str!("comparison/comparison.css")] {
            for word in ["</", "http", "url(", "@import", "fetch", "innerHTML"] {
                assert!(!block.contains(word), "{word}");
            }
        }
    }
}
