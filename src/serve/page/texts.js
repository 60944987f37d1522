// What is given to be read: texts that are pasted, and files that are chosen or dropped.
// Out: `parallax.documents()`, the documents as the server takes them. When files come it tells `parallax:given`.
"use strict";
(() => {
  const { one, make, say, tell } = parallax;
  const pasted = one("pasted");
  const chosen = one("chosen");
  const picker = one("files");
  // The files that were given, the last at the end.
  let files = [];

  const KINDS = [
    ["html", /\.(html|htm|xhtml)$/i, ["text/html", "application/xhtml+xml"]],
    ["lines", /\.(jsonl|ndjson)$/i, ["application/x-ndjson", "application/jsonl"]],
    ["text", /\.(txt|md|text)$/i, ["text/plain", "text/markdown"]],
  ];
  function kindOf(file) {
    const of = KINDS.find(([, name]) => name.test(file.name)) || KINDS.find(([, , types]) => types.includes(file.type));
    return of && of[0];
  }

  // Whether what was pasted is the source of a web page.
  const isPage = (text) => /^\s*(<!--[^]*?-->\s*|<\?xml[^]*?\?>\s*)*<(!doctype html|html|head|body)\b/i.test(text);

  // The characters of a web page: its byte-order mark tells them (which the decoder sees to), else the page itself.
  async function page(file) {
    const bytes = await file.arrayBuffer();
    const head = new TextDecoder("windows-1252").decode(bytes.slice(0, 1024));
    const named = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head);
    let decoder = new TextDecoder();
    try {
      if (named) decoder = new TextDecoder(named[1]);
    } catch {
      // A name that no encoding has.
    }
    return decoder.decode(bytes);
  }

  // The documents of JSON Lines, one a line.
  async function lines(file) {
    const text = await file.text();
    return text.split("\n").flatMap((line, at) => {
      if (!line.trim()) return [];
      const place = `${file.name}:${at + 1}`;
      let record;
      try {
        record = JSON.parse(line);
      } catch {
        throw new Error(`${place}: found a line that is no JSON; expected an object with a \`text\``);
      }
      if (typeof record?.text !== "string") throw new Error(`${place}: found no \`text\`; expected one in each line`);
      const lang = typeof record.lang === "string" ? record.lang : undefined;
      return [{ id: String(record.id ?? place), text: record.text, lang }];
    });
  }

  async function read(file) {
    const kind = kindOf(file);
    if (kind === "lines") return lines(file);
    if (kind === "html") return [{ id: file.name, html: await page(file) }];
    return [{ id: file.name, text: await file.text() }];
  }

  // No two documents may have one name.
  function named(documents) {
    const taken = new Set();
    return documents.map((document) => {
      let id = document.id;
      for (let number = 2; taken.has(id); number += 1) id = `${document.id} (${number})`;
      taken.add(id);
      return { ...document, id };
    });
  }

  parallax.documents = async () => {
    const texts = [...pasted.children].flatMap((given, at) => {
      const text = given.querySelector("textarea").value;
      if (!text.trim()) return [];
      const id = given.querySelector("input").value.trim() || (at ? `pasted text ${at + 1}` : "pasted text");
      return [isPage(text) ? { id, html: text } : { id, text }];
    });
    const ofFiles = await Promise.all(files.map(read));
    return named([...texts, ...ofFiles.flat()]);
  };

  // Pasted texts

  // Texts have names where there are several to tell apart.
  function number() {
    const several = pasted.children.length > 1;
    [...pasted.children].forEach((given, at) => {
      given.querySelector(".name").hidden = !several;
      given.querySelector("textarea").setAttribute("aria-label", several ? `Text ${at + 1}` : "Text");
      given.querySelector("input").placeholder = `Name of text ${at + 1}, such as the outlet`;
    });
  }

  one("add").addEventListener("click", () => {
    const given = pasted.firstElementChild.cloneNode(true);
    given.querySelector("textarea").value = "";
    given.querySelector("textarea").removeAttribute("id");
    given.querySelector("input").value = "";
    pasted.append(given);
    number();
    given.querySelector("textarea").focus();
  });
  pasted.addEventListener("click", (event) => {
    const remove = event.target.closest("button.remove");
    if (!remove || pasted.children.length === 1) return;
    const given = remove.closest("li");
    const stay = given.previousElementSibling || given.nextElementSibling;
    given.remove();
    // Who looks for the field by its name finds the first.
    pasted.querySelector("textarea").id = "text";
    number();
    stay.querySelector("textarea").focus();
  });
  number();

  // Files

  function list() {
    chosen.replaceChildren(...files.map((file) => {
      const onclick = () => {
        files = files.filter((other) => other !== file);
        list();
      };
      const label = `Leave out ${file.name}`;
      return make("li", {}, make("bdi", {}, file.name), make("button", { type: "button", "aria-label": label, onclick }, "×"));
    }));
    chosen.hidden = !files.length;
  }

  function give(given) {
    const usable = given.filter(kindOf);
    // A file that is given again is the newer one.
    files = [...files.filter((file) => !usable.some((other) => other.name === file.name)), ...usable];
    list();
    const other = given.find((file) => !kindOf(file));
    if (other) {
      return say(`${other.name}: found a file of another kind; expected plain text (.txt, .md), a web page (.html) or JSON Lines (.jsonl).`, true);
    }
    if (usable.length) tell("given");
    return undefined;
  }

  picker.addEventListener("change", () => {
    const given = [...picker.files];
    picker.value = "";
    give(given);
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    addEventListener(name, (event) => {
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      document.body.classList.toggle("dropping", name === "dragenter" || name === "dragover");
      if (name === "drop") give([...event.dataTransfer.files]);
    });
  }
})();
