// The desk: the article with its marks, and corrections of what is marked.
// What is shown comes from `v1/page` and `v1/page/compare`; what is corrected goes to `v1/corrections`. The reasons and the keys
// that move the focus are report.js's, which tells here by the event `parallax:shown` what it shows. Other scripts are told by
// `parallax:read` which documents are shown to be corrected (none, where texts are compared), and by `parallax:corrected` all
// corrections of this sitting.
"use strict";
(() => {
  const { one, make, elements, say, remember, ask, attempt, count, tell, hear } = parallax;
  const form = one("given");
  const annotator = one("annotator");
  const result = one("result");
  const missed = one("missed");
  const panelBody = one("panel-body");
  const styleOfComparison = one("comparison-style");

  // The documents on the page, with their reports.
  let read = [];
  // The corrections of this sitting, the last at the end.
  const made = [];
  // The mark whose reason is shown.
  let shown = null;

  const points = (string) => [...string].length;

  remember(annotator, localStorage);

  // Counts what was asked for: an answer that comes after a later question is not shown.
  let turn = 0;

  async function readAll(documents) {
    const own = ++turn;
    const answer = await attempt("Reading…", () => ask("v1/page", { documents }));
    if (!answer || own !== turn) return;
    read = documents.map((document, at) => ({ ...document, report: answer.reports[at] }));
    const sentences = read.reduce((sum, each) => sum + each.report.sentences.length, 0);
    put(answer.html, count(sentences, "sentence") + (sentences === 1 ? " was read." : " were read."));
  }

  async function compareAll(documents) {
    if (documents.length < 2) return say("Give two texts or more to compare them.", true);
    const own = ++turn;
    const answer = await attempt("Comparing…", () => ask("v1/page/compare", { documents }));
    if (!answer || own !== turn) return undefined;
    read = [];
    return put(answer.html, answer.outlets + " texts are compared.");
  }

  // Shows what the server made of the documents.
  function put(markup, told) {
    styleOfComparison.media = read.length ? "not all" : "all";
    result.replaceChildren(...elements(markup));
    tell("articles");
    clearAdded();
    say(told);
    tell("read", read);
    one("content").classList.add("has-result");
  }

  // What is done with the documents that are given: `read` or `compare`.
  let asked = "read";
  // The documents that are shown.
  let given = [];

  async function show() {
    const documents = await attempt("Reading…", () => parallax.documents());
    if (!documents) return;
    if (!documents.length) return say("Paste a text, or choose files.", true);
    given = documents;
    await again();
    if (one("content").classList.contains("has-result")) result.scrollIntoView({ block: "start" });
  }

  const again = () => (asked === "compare" ? compareAll(given) : readAll(given));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked = event.submitter?.value || "read";
    show();
  });
  hear("given", show);
  // Another model answers now.
  hear("model", () => given.length && again());

  // Corrections

  // The words that are selected in an article, with their place in code points; null without.
  function chosen() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const within = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("article.text");
    const article = within(range.startContainer);
    // The texts of a comparison have no number: they are not corrected there.
    if (!article || !article.dataset.prefix || article !== within(range.endContainer)) return null;
    const before = document.createRange();
    before.selectNodeContents(article);
    before.setEnd(range.startContainer, range.startOffset);
    const words = range.toString();
    const start = points(before.toString()) + points(words) - points(words.trimStart());
    const trimmed = words.trim();
    if (!trimmed) return null;
    const number = Number(article.dataset.prefix.slice(1)) - 1;
    return { number, start, end: start + points(trimmed), words: trimmed, range: range.cloneRange() };
  }

  const span = ({ start, end }) => ({ start, end });
  const pair = ({ start, end }) => [start, end];

  async function save(number, correction, told, after) {
    const { id, text, html, lang } = read[number];
    const body = { document: { id, text, html, lang }, annotator: annotator.value.trim() || undefined, correction };
    const answer = await attempt("Saving…", () => ask("v1/corrections", body));
    if (!answer) return;
    made.push({ id: answer.id, told, after, document: read[number], correction });
    if (after) after(true);
    list();
    say("Saved: " + told + ".");
  }

  async function undo(entry) {
    if (!entry) return say("There is nothing to undo.");
    const answer = await attempt("Undoing…", () => ask("v1/corrections", { undoes: entry.id }));
    if (!answer) return;
    made.splice(made.indexOf(entry), 1);
    if (entry.after) entry.after(false);
    list();
    say("Undone: " + entry.told + ".");
  }

  function list() {
    const items = made.map((entry) => {
      const button = make("button", { type: "button", onclick: () => undo(entry) }, "Undo");
      return make("li", {}, make("bdi", {}, entry.told), " ", button);
    });
    one("made").replaceChildren(...items.reverse());
    one("corrections").hidden = !made.length;
    tell("corrected", made);
  }

  // Marks what was corrected, wherever it stands.
  function corrected(id) {
    return (is) => {
      for (const part of document.querySelectorAll(`article [data-r="${id}"]`)) part.classList.toggle("corrected", is);
    };
  }

  // Words that were marked here and are in no report.
  const added = typeof Highlight === "function" ? new Highlight() : null;
  if (added) CSS.highlights.set("added", added);
  function clearAdded() {
    if (added) added.clear();
  }
  function shownAsAdded(range) {
    return (is) => added && (is ? added.add(range) : added.delete(range));
  }

  const KINDS = ["naming", "evaluative", "exaggeration", "doubt"];
  const CLASSES = ["neutral", "endorsing", "distancing", "charged"];
  const DIRECTNESS = ["direct", "indirect", "mixed"];
  const POLARITIES = ["for", "against", "neutral"];

  // A row of answers, of which one may be what was found.
  function answers(legend, options, found, act) {
    const button = ([value, label]) => {
      const attributes = { type: "button", "aria-pressed": String(value === found), onclick: () => act(value) };
      return make("button", attributes, label);
    };
    return make("fieldset", { class: "answers" }, make("legend", {}, legend), ...options.map(button));
  }
  const same = (values) => values.map((value) => [value, value]);

  // Something that needs words to be selected.
  function withWords(label, number, act) {
    const onclick = () => {
      const words = chosen();
      if (words && words.number === number) act(words);
      else say("Select the words in the text first.", true);
    };
    return make("button", { type: "button", class: "words", onclick }, label);
  }
  const plainly = (label, act) => make("button", { type: "button", onclick: act }, label);

  const questions = {
    s(number, id, at) {
      const sentence = read[number].report.sentences[at];
      const head = ([name, score]) => {
        const options = typeof score === "number" ? [["1", "yes"], ["0", "no"]] : same(Object.keys(score));
        const act = (value) => {
          const label = options.find(([of]) => of === value)[1];
          const told = `${read.length > 1 ? read[number].id + ", " : ""}sentence ${at + 1}, ${name}: ${label}`;
          save(number, { head: name, sentence: at, change: typeof score === "number" ? Number(value) : value }, told, corrected(id));
        };
        return answers(name, options, sentence.labels[name], act);
      };
      return Object.keys(sentence.labels).map((name) => head([name, sentence[name]]));
    },
    l(number, id, at) {
      const found = read[number].report.loaded[at];
      const change = (to, told) => save(number, { head: "loaded", at: pair(found), change: to }, told, corrected(id));
      return [
        answers("It is", same(KINDS), found.kind, (kind) => change({ kind }, `“${found.text}”: ${kind}`)),
        make("p", { class: "row" }, plainly("Not loaded", () => change(null, `“${found.text}”: not loaded`)),
          withWords("The selected words instead", number, (words) => change(span(words), `“${words.words}”: ${found.kind}`))),
      ];
    },
    a(number, id, at) {
      const found = read[number].report.attributions[at];
      const change = (to, told) => {
        const correction = { head: "attribution", at: pair(found.cue), change: to };
        save(number, correction, `“${found.cue.text}”: ${told}`, corrected(id));
      };
      const part = (label, of) => withWords(label, number, (words) => change(of(pair(words)), label));
      const content = found.content.map(pair);
      return [
        answers("The cue is", same(CLASSES), found.class, (value) => change({ class: value }, value)),
        answers("It is told", same(DIRECTNESS), found.direct, (value) => change({ direct: value }, value)),
        make("p", { class: "row" },
          part("Source: the selected words", (words) => ({ source: words })),
          plainly("No source", () => change({ source: null }, "no source")),
          part("Cue: the selected words", (words) => ({ cue: words })),
          part("Content: the selected words", (words) => ({ content: [words] })),
          part("Also content: the selected words", (words) => ({ content: [...content, words] })),
          plainly("No attribution", () => change(null, "no attribution"))),
      ];
    },
    t(number, id, at) {
      const found = read[number].report.stances[at];
      const change = (to, told) => {
        const correction = { head: "stance", at: pair(found.target), change: to };
        save(number, correction, `“${found.target.text}”: ${told}`, corrected(id));
      };
      return [
        answers("The stance is", same(POLARITIES), found.polarity, (polarity) => change({ polarity }, polarity)),
        make("p", { class: "row" }, plainly("No stance", () => change(null, "no stance"))),
      ];
    },
  };

  document.addEventListener("parallax:shown", (event) => {
    shown = event.detail;
    const parts = /^d(\d+)([slat])(\d+)$/.exec(shown || "");
    if (!parts || !read[parts[1] - 1]) return;
    const asked = questions[parts[2]](parts[1] - 1, shown, parts[3] - 1);
    panelBody.append(make("section", { class: "correct", "aria-label": "Correct it" }, make("h4", {}, "Correct it"), ...asked));
    number();
  });

  // The first nine answers have keys of their own.
  function number() {
    const buttons = [...panelBody.querySelectorAll(".correct button")].slice(0, 9);
    buttons.forEach((button, at) => button.setAttribute("aria-keyshortcuts", String(at + 1)));
  }

  function miss(kind) {
    const words = chosen();
    if (!words) return say("Select the words in the text first.", true);
    const whole = { cue: pair(words), source: null, content: [], class: "neutral", direct: "indirect" };
    const to = kind === "cue" ? { head: "attribution", change: whole } : { head: "loaded", change: { ...span(words), kind } };
    return save(words.number, to, `“${words.words}”: ${kind}`, shownAsAdded(words.range));
  }
  missed.append(...[...KINDS, "cue"].map((kind) => plainly(kind, () => miss(kind))));
  // A press on the bar must not take the selection away.
  missed.addEventListener("pointerdown", (event) => event.preventDefault());
  document.addEventListener("selectionchange", () => {
    missed.hidden = !read.length || !chosen();
  });

  one("undo").addEventListener("click", () => undo(made.at(-1)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "u") undo(made.at(-1));
    else if (/^[1-9]$/.test(event.key)) {
      const buttons = missed.hidden ? panelBody.querySelectorAll(".correct button") : missed.querySelectorAll("button");
      const button = buttons[event.key - 1];
      if (!button) return;
      button.click();
    } else return;
    event.preventDefault();
  });
})();
