// What to read next: the sentences of the texts on the page, those first that a correction would teach most.
// The order comes from `v1/next`. desk.js tells by `parallax:read` that texts were read, and by `parallax:corrected` what was
// corrected. A link of the list opens its sentence through report.js; `n` opens the next one that is not corrected yet.
"use strict";
(() => {
  const { one, make, ask, hear } = parallax;
  const section = one("queue");
  const told = one("queue-told");
  const list = one("queue-list");
  const button = one("queue-next");
  const panelBody = one("panel-body");

  // The documents on the page, the sentences in the order of reading, and which of them was opened last.
  let read = [];
  let items = [];
  let opened = -1;
  // An answer to an earlier question is not shown.
  let questions = 0;

  // What a head is unsure of, in a few words.
  function reason(doubt) {
    const p = doubt.probabilities[doubt.label];
    const mark = doubt.mark ? ` “${doubt.mark}”` : "";
    const label = doubt.label === "1" ? "yes" : doubt.label === "0" ? "no" : doubt.label;
    return `${doubt.head}${mark}: ${label}, ${Math.round(p * 100)} %`;
  }

  function item(next) {
    const href = `#d${next.document + 1}s${next.sentence + 1}`;
    const link = make("a", { href }, make("bdi", { lang: next.lang }, next.text));
    const told = next.doubts.filter((doubt) => doubt.uncertainty >= 0.5);
    const reasons = (told.length ? told : next.doubts.slice(0, 1)).map(reason).join(" · ");
    const done = make("span", { class: "done small" });
    const element = make("li", {}, link, " ", make("span", { class: "small" }, reasons), " ", done);
    const item = { next, element, link, done, isDone: false };
    link.addEventListener("click", () => {
      opened = items.indexOf(item);
    });
    return item;
  }

  function tell() {
    const left = items.filter((item) => !item.isDone).length;
    told.textContent = items.length
      ? `${left} of ${items.length} left, the least certain first. Press n for the next one.`
      : "No sentence here says enough to be ranked.";
    button.hidden = !left;
    button.textContent = `Next to read (${left})`;
  }

  hear("read", async (shown) => {
    const question = (questions += 1);
    read = shown;
    items = [];
    opened = -1;
    list.replaceChildren();
    section.hidden = button.hidden = true;
    if (!read.length) return;
    try {
      const documents = read.map(({ id, text, html, lang }) => ({ id, text, html, lang }));
      const answer = await ask("v1/next", { documents });
      if (question !== questions) return;
      items = answer.queue.map(item);
      list.replaceChildren(...items.map((item) => item.element));
      tell();
      tick();
    } catch (error) {
      if (question !== questions) return;
      told.textContent = "What to read next is not known: " + (error.message || "the server cannot be reached.");
    }
    section.hidden = false;
  });

  // The sentence that a correction is of, by its number in the report.
  function sentenceOf({ document, correction }) {
    if (correction.sentence != null) return correction.sentence;
    const change = correction.change || {};
    const [start] = correction.at || change.cue || [change.start];
    return document.report.sentences.findIndex((sentence) => sentence.start <= start && start < sentence.end);
  }

  // The corrections of this sitting.
  let corrections = [];
  const isSame = (one, other) => one.id === other.id && one.text === other.text && one.html === other.html;

  function tick() {
    for (const item of items) {
      const document = read[item.next.document];
      item.isDone = corrections.some((made) => isSame(made.document, document) && sentenceOf(made) === item.next.sentence);
      item.element.classList.toggle("is-done", item.isDone);
      item.done.textContent = item.isDone ? "✓ corrected" : "";
    }
    if (items.length) tell();
  }

  hear("corrected", (all) => {
    corrections = all;
    tick();
  });

  // Opens the first after the one opened last that is not corrected; behind the last, the first of all.
  function go() {
    const isOpen = (item, at) => !item.isDone && at > opened;
    const next = items.find(isOpen) || items.find((item) => !item.isDone);
    if (next) next.link.click();
    return Boolean(next);
  }

  button.addEventListener("click", go);
  // On a phone the panel lies over the button, so that it has one too.
  hear("shown", (id) => {
    if (id && !button.hidden) panelBody.append(make("button", { type: "button", class: "next", onclick: go }, "Next to read"));
  });

  // Before report.js, for which `n` is the next sentence of the text.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea") || !go()) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
