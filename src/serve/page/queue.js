// What to read next: the sentences of the texts on the page, those first that a correction would teach most.
// The order comes from `v1/next`. desk.js tells by `parallax:read` that texts were read, and by `parallax:corrected` what was
// corrected. A link of the list opens its sentence through report.js; `n` opens the next one that is not corrected yet.
"use strict";
(() => {
  const one = (id) => document.getElementById(id);
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
    const link = document.createElement("a");
    link.href = `#d${next.document + 1}s${next.sentence + 1}`;
    const text = document.createElement("bdi");
    text.lang = next.lang;
    text.textContent = next.text;
    link.append(text);
    const why = document.createElement("span");
    why.className = "small";
    const told = next.doubts.filter((doubt) => doubt.uncertainty >= 0.5);
    why.textContent = (told.length ? told : next.doubts.slice(0, 1)).map(reason).join(" · ");
    const done = document.createElement("span");
    done.className = "done small";
    const element = document.createElement("li");
    element.append(link, " ", why, " ", done);
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

  document.addEventListener("parallax:read", async (event) => {
    const { ask } = event.detail;
    const question = (questions += 1);
    read = event.detail.read;
    items = [];
    opened = -1;
    list.replaceChildren();
    section.hidden = button.hidden = true;
    try {
      const documents = read.map(({ id, text, lang }) => ({ id, text, lang }));
      const answer = await ask("v1/next", { documents });
      if (question !== questions) return;
      items = answer.queue.map(item);
      list.replaceChildren(...items.map((item) => item.element));
      tell();
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

  document.addEventListener("parallax:corrected", (event) => {
    for (const item of items) {
      const document = read[item.next.document];
      item.isDone = event.detail.some((made) => made.document === document && sentenceOf(made) === item.next.sentence);
      item.element.classList.toggle("is-done", item.isDone);
      item.done.textContent = item.isDone ? "✓ corrected" : "";
    }
    if (items.length) tell();
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
  document.addEventListener("parallax:shown", (event) => {
    if (!event.detail || button.hidden) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "next";
    again.textContent = "Next to read";
    again.addEventListener("click", go);
    panelBody.append(again);
  });

  // Before report.js, for which `n` is the next sentence of the text.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea") || !go()) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
