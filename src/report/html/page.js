// Shows the reason of the mark in focus, and moves the focus. The page is whole without it.
// What else is on the page is told by events of the document: `parallax:shown`, with the id of the mark whose reason is in
// the panel now, or null; and it takes the articles in anew when it is told `parallax:articles`.
"use strict";
(() => {
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  if (!panel || !body) return;
  const hint = [...body.childNodes];
  const wide = matchMedia("(min-width: 72rem)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let stops = [];
  const parts = new Map();
  // What is shown, and what stays after a passing pointer.
  let shown = null;
  let kept = null;

  function light(id, on) {
    for (const part of parts.get(id) || []) part.classList.toggle("on", on);
  }

  function show(id) {
    if (id === shown) return;
    if (shown) light(shown, false);
    shown = id;
    const card = id && document.getElementById("c-" + id);
    panel.classList.toggle("idle", !card);
    document.body.classList.toggle("reading", Boolean(card));
    if (card) {
      light(id, true);
      const copy = card.cloneNode(true);
      for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
      body.replaceChildren(copy);
      panel.scrollTop = 0;
    } else {
      body.replaceChildren(...hint);
    }
    document.dispatchEvent(new CustomEvent("parallax:shown", { detail: card ? id : null }));
  }

  function keep(id) {
    kept = id;
    show(id);
  }

  function close() {
    const from = kept;
    keep(null);
    if (from && panel.contains(document.activeElement)) focus(stopOf(from));
    keep(null);
  }

  function stopOf(id) {
    return stops.find((stop) => stop.dataset.r === id);
  }

  // One stop at a time is in the order of tabs; keys move it.
  function current() {
    return stops.find((stop) => stop.tabIndex === 0) || stops[0];
  }

  function focus(stop) {
    if (!stop) return;
    current().tabIndex = -1;
    stop.tabIndex = 0;
    stop.focus({ preventScroll: true });
    const box = stop.getBoundingClientRect();
    const room = innerHeight * (wide.matches ? 0.9 : 0.5);
    if (box.top < 64 || box.bottom > room) {
      scrollBy({ top: box.top - room / 2.5, behavior: calm.matches ? "auto" : "smooth" });
    }
  }

  function step(by, only) {
    const active = stops.indexOf(document.activeElement);
    let at = active < 0 ? stops.indexOf(current()) - (by > 0 ? 1 : 0) : active;
    do at += by; while (stops[at] && !stops[at].matches(only));
    if (stops[at]) focus(stops[at]);
  }

  const marks = ".m";
  const notes = ".note";
  const keys = {
    j: () => step(1, marks), k: () => step(-1, marks), n: () => step(1, notes), p: () => step(-1, notes),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "Escape") return close();
    const stop = event.target.closest && event.target.closest("article [tabindex]");
    let act = keys[event.key];
    if (stop) {
      const back = stop.closest("[dir]").dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") act = () => step(event.key === back ? -1 : 1, marks);
      if (event.key === "ArrowDown") act = keys.n;
      if (event.key === "ArrowUp") act = keys.p;
      if (event.key === "Enter" || event.key === " ") {
        act = () => {
          keep(stop.dataset.r);
          panel.focus();
        };
      }
    }
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("focusin", (event) => {
    const stop = event.target.closest("article [tabindex]");
    if (!stop) return;
    current().tabIndex = -1;
    stop.tabIndex = 0;
    keep(stop.dataset.r);
  });

  // Where the pointer was: what is scrolled under one that rests is not pointed at.
  let pointer = {};
  for (const name of ["pointermove", "pointerdown"]) {
    document.addEventListener(name, ({ clientX, clientY }) => {
      pointer = { clientX, clientY };
    });
  }
  document.addEventListener("pointerover", (event) => {
    if (event.clientX === pointer.clientX && event.clientY === pointer.clientY) return;
    if (event.pointerType !== "mouse" || !wide.matches) return;
    const mark = event.target.closest("article [data-r]");
    if (mark) show(mark.dataset.r);
    else if (event.target.closest("article")) show(kept);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) {
      const stop = stopOf(link.getAttribute("href").slice(1));
      if (stop) {
        event.preventDefault();
        focus(stop);
      }
      return;
    }
    const plot = event.target.closest("svg.line");
    if (plot) {
      const figure = plot.closest("figure");
      const box = plot.getBoundingClientRect();
      const count = Number(figure.dataset.count);
      const at = Math.floor(((event.clientX - box.left) / box.width) * count);
      return focus(stopOf(figure.dataset.prefix + "s" + (Math.min(Math.max(at, 0), count - 1) + 1)));
    }
    if (event.target.closest(".panel .close")) return close();
    if (!getSelection().isCollapsed) return;
    const mark = event.target.closest("article [data-r], article [data-s]");
    if (mark) keep(mark.dataset.r || mark.dataset.s);
    else if (event.target.closest("article") && !wide.matches) close();
  });

  // On paper all lists are open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const list of closed) list.open = true;
  });
  addEventListener("afterprint", () => {
    for (const list of closed) list.open = false;
  });

  // Takes in the articles that are on the page.
  function gather() {
    keep(null);
    stops = [...document.querySelectorAll("article [tabindex]")];
    parts.clear();
    for (const part of document.querySelectorAll("article [data-r], article [data-s]")) {
      const id = part.dataset.r || part.dataset.s;
      if (!parts.has(id)) parts.set(id, []);
      parts.get(id).push(part);
    }
    const contents = document.getElementById("contents");
    if (contents) contents.parentNode.prepend(contents);
    if (matchMedia("(max-width: 40rem)").matches) {
      for (const legend of document.querySelectorAll(".legend")) legend.open = false;
    }
    if (stops.length) {
      stops[0].tabIndex = 0;
      panel.classList.add("idle");
    }
    panel.hidden = !stops.length;
  }

  document.addEventListener("parallax:articles", gather);
  gather();
})();
