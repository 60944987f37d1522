//! The lines of an article's elements.
//!
//! In: a tree. Out: text, with an empty line between blocks, and which of its lines are captions. Start at
//! [`lines`]. What is block, what is inline and what is not shown follows from the elements' names, as in a
//! browser without style sheets. The walk keeps its own stack: a tree of any depth is walked.

use dom_query::NodeRef;

/// One line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its text, without white space around it; it may hold tabs (between cells) and line ends (`<br>`).
    pub(super) text: String,
    /// Whether the page marks it as a caption.
    pub(super) caption: bool,
}

/// What the walk does next.
enum Step<'t> {
    Enter(NodeRef<'t>),
    /// A block ends: so does its line.
    EndBlock,
    /// A caption or a preformatted passage ends.
    EndCaption,
    EndPre,
}

/// Writes text into lines.
#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    line: String,
    /// White space that is written when text follows it.
    space: Option<char>,
    captions: usize,
    pres: usize,
}

/// The lines below `root`, `root` itself not asked for its name; none is empty.
pub(super) fn lines(root: NodeRef<'_>) -> Vec<Line> {
    let mut writer = Writer::default();
    let mut steps: Vec<Step<'_>> = children(root).map(Step::Enter).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => enter(node, &mut writer, &mut steps),
            Step::EndBlock => writer.end_line(),
            Step::EndCaption => {
                writer.end_line();
                writer.captions -= 1;
            }
            Step::EndPre => {
                writer.end_line();
                writer.pres -= 1;
            }
        }
    }
    writer.end_line();
    writer.lines
}

/// The children of a node, the last first: they are taken from the end of a stack.
fn children(node: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    node.children_it(true)
}

fn enter<'t>(node: NodeRef<'t>, writer: &mut Writer, steps: &mut Vec<Step<'t>>) {
    if node.is_text() {
        writer.text(&node.text());
        return;
    }
    let Some(name) = node.node_name().filter(|_| node.is_element()) else { return };
    let name = &*name;
    if is_hidden(name) || node.has_attr("hidden") {
        return;
    }
    match name {
        "br" => writer.mark('\n'),
        "td" | "th" => {
            writer.mark('\t');
            steps.extend(children(node).map(Step::Enter));
        }
        _ if name == "figcaption" || has_caption_class(&node) => {
            writer.end_line();
            writer.captions += 1;
            steps.push(Step::EndCaption);
            steps.extend(children(node).map(Step::Enter));
        }
        "pre" => {
            writer.end_line();
            writer.pres += 1;
            steps.push(Step::EndPre);
            steps.extend(children(node).map(Step::Enter));
        }
        _ if is_block(name) => {
            // A block in a cell does not end the row.
            writer.end_line();
            steps.push(Step::EndBlock);
            steps.extend(children(node).map(Step::Enter));
        }
        _ => steps.extend(children(node).map(Step::Enter)),
    }
}

impl Writer {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' if self.pres > 0 => self.mark('\n'),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    self.space.get_or_insert(' ');
                }
                _ => {
                    if let Some(space) = self.space.take().filter(|_| !self.line.is_empty()) {
                        self.line.push(space);
                    }
                    self.line.push(c);
                }
            }
        }
    }

    /// Notes a line end or tab, which is stronger than a space.
    fn mark(&mut self, mark: char) {
        if self.space != Some('\n') {
            self.space = Some(mark);
        }
    }

    fn end_line(&mut self) {
        self.space = None;
        if self.line.chars().any(|c| !crate::text::is_blank(c)) {
            let text = std::mem::take(&mut self.line);
            self.lines.push(Line { text, caption: self.captions > 0 });
        }
        self.line.clear();
    }
}

/// Elements that hold no text of the page's, or none that is shown.
fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "audio"
            | "button"
            | "canvas"
            | "datalist"
            | "embed"
            | "footer"
            | "head"
            | "iframe"
            | "input"
            | "math"
            | "nav"
            | "noscript"
            | "object"
            | "progress"
            | "rp"
            | "script"
            | "select"
            | "style"
            | "svg"
            | "template"
            | "textarea"
            | "title"
            | "video"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figure"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "ol"
            | "option"
            | "p"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Whether a class says that an element is a picture's caption: `caption`, `wp-caption-text`,
/// `image__caption`.
fn has_caption_class(node: &NodeRef<'_>) -> bool {
    let Some(classes) = node.class() else { return false };
    classes.split_ascii_whitespace().any(|class| {
        let class = class.to_ascii_lowercase();
        let class = class.strip_suffix("-text").unwrap_or(&class);
        class.strip_suffix("caption").is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_']))
    })
}
