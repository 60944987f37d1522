// The model learns from the corrections: start it, see what would change, accept that or not, and go back to an earlier version.
// In: `v1/retrain` and `v1/versions`. When another model answers it tells `parallax:model`; the texts are read again then.
"use strict";
(() => {
  const { one, make, elements, ask, count, tell, hear } = parallax;
  const section = one("model");
  const start = one("model-start");
  const progress = one("model-progress");
  const told = one("model-told");
  const change = one("model-change");
  const decide = one("model-decide");
  const versions = one("model-versions");
  const link = one("to-model");
  const PAUSE = 500;
  // The change that is shown, by the SHA-256 of its model.
  let shown = null;
  let waiting = null;
  // What is accepted or rejected: the model that was looked at.
  let offered = {};

  // Runs what may be refused, and says so beside the buttons.
  async function attempt(work) {
    try {
      return await work();
    } catch (error) {
      told.textContent = error.message || "The server cannot be reached.";
      told.classList.add("wrong");
      return undefined;
    }
  }

  function tellHere(message) {
    told.textContent = message;
    told.classList.remove("wrong");
  }

  // What the server is at. A server that cannot retrain, or wants a token first, shows nothing.
  async function look() {
    clearTimeout(waiting);
    let state;
    try {
      state = await ask("v1/retrain");
    } catch {
      // A server that is busy is asked again.
      if (!progress.hidden) waiting = setTimeout(look, 4 * PAUSE);
      return;
    }
    show(state);
    if (state.state === "running") waiting = setTimeout(look, PAUSE);
  }

  const LANGUAGE = (lang) => new Intl.DisplayNames(["en"], { type: "language" }).of(lang) || lang;

  function show(state) {
    const langs = Object.entries(state.corrected);
    const busy = state.state === "running" || state.state === "ready";
    start.replaceChildren(...langs.map(([lang, number]) => {
      const label = `Retrain ${LANGUAGE(lang)} with ${count(number, "corrected sentence")}`;
      return make("button", { type: "button", class: "main", disabled: busy, onclick: () => begin(lang) }, label);
    }));
    progress.hidden = state.state !== "running";
    if (state.state === "running") {
      progress.max = state.of || 1;
      if (state.step) progress.value = state.step;
      else progress.removeAttribute("value");
      tellHere("Learning… The page goes on with the model that there is.");
    }
    const ready = state.state === "ready";
    decide.hidden = !ready;
    offered = ready ? { lang: state.lang, model: state.model.sha256 } : {};
    if (ready && shown !== state.model.sha256) {
      shown = state.model.sha256;
      change.replaceChildren(...elements(state.html));
      tellHere("A new model is ready. It answers once you accept it.");
    }
    if (!ready) {
      shown = null;
      change.replaceChildren();
    }
    if (state.state === "failed") {
      told.textContent = state.problem.detail;
      told.classList.add("wrong");
    }
    reveal(langs.length || busy || state.state === "failed" || versions.querySelector("button"));
  }

  function reveal(is) {
    section.hidden = !is;
    link.hidden = !is;
  }

  async function begin(lang) {
    tellHere("Asking…");
    const documents = await parallax.documents().catch(() => []);
    const state = await attempt(() => ask("v1/retrain", { lang, documents }));
    if (state) show(state);
    look();
  }

  async function end(path, message) {
    const answer = await attempt(() => ask(path, offered));
    if (!answer) return look();
    tellHere(message);
    await look();
    return answer;
  }

  one("model-accept").addEventListener("click", async () => {
    if (!(await end("v1/retrain/accept", "Accepted: the new model answers."))) return;
    await list();
    tell("model");
  });
  one("model-reject").addEventListener("click", () => end("v1/retrain/reject", "Rejected: nothing has changed."));

  // The versions that there are, the last at the top.
  async function list() {
    let answer;
    try {
      answer = await ask("v1/versions");
    } catch {
      return;
    }
    const item = (version) => {
      const name = `${LANGUAGE(version.lang)}, ${version.version}`;
      const state = version.place === "current" ? make("b", {}, "in use") : make("button", { type: "button", onclick: () => restore(version) }, "Restore");
      return make("li", {}, name, " ", state);
    };
    const kept = answer.versions.filter((version) => version.place !== "candidate").reverse();
    const several = kept.filter((version) => kept.some((other) => other.lang === version.lang && other !== version));
    versions.replaceChildren(...several.map(item));
    one("model-kept").hidden = !several.length;
    if (several.length) reveal(true);
  }

  async function restore({ lang, number, version }) {
    const answer = await attempt(() => ask("v1/versions/restore", { lang, number }));
    if (!answer) return;
    tellHere(`Restored: ${LANGUAGE(lang)}, ${version}.`);
    await list();
    tell("model");
  }

  hear("corrected", look);
  // A token may have been told meanwhile.
  hear("articles", () => section.hidden && list().then(look));
  list().then(look);
})();
