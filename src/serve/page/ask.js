// What all scripts of the page use: elements, words to the reader, and questions to the server. They find it as `parallax`.
"use strict";
globalThis.parallax = (() => {
  const one = (id) => document.getElementById(id);
  const status = one("status");
  const token = one("token");

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "onclick") element.addEventListener("click", value);
      else if (value !== false && value != null) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  // The server's markup, in which all text is escaped; the page's policy lets no script in it run.
  function elements(markup) {
    return [...new DOMParser().parseFromString(markup, "text/html").body.childNodes];
  }

  function say(message, wrong) {
    status.textContent = message;
    status.classList.toggle("wrong", Boolean(wrong));
  }

  // Storage may be switched off; then nothing is remembered.
  function remember(input, storage) {
    try {
      input.value = storage.getItem("parallax-" + input.id) || input.value;
      input.addEventListener("change", () => storage.setItem("parallax-" + input.id, input.value));
    } catch {
      // Nothing to do.
    }
  }
  remember(token, sessionStorage);

  // Asks with GET, or, where there is a body, with POST.
  async function ask(path, body) {
    const headers = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (token.value) headers.authorization = "Bearer " + token.value;
    const method = body === undefined ? "GET" : "POST";
    const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    if (answer.status === 401) {
      token.closest("label").hidden = false;
      token.focus();
    }
    const said = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw new Error(said.detail || said.title);
    return said;
  }

  // Runs what may be refused, and says so.
  async function attempt(doing, work) {
    say(doing);
    try {
      return await work();
    } catch (error) {
      say(error.message || "The server cannot be reached.", true);
      return undefined;
    }
  }

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent("parallax:" + name, { detail }));
  const hear = (name, act) => document.addEventListener("parallax:" + name, (event) => act(event.detail));
  return { one, make, elements, say, remember, ask, attempt, count, tell, hear };
})();
