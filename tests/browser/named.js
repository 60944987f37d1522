// What somebody who does not see the page would miss, in words; nothing if it is all there.
(() => {
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };
  expect(document.documentElement.lang, "the page has no language");
  expect(document.title, "the page has no title");
  expect(document.querySelectorAll("h1").length === 1, "the page has not one h1");
  expect(document.querySelectorAll("main").length === 1, "the page has not one main");
  for (const picture of document.querySelectorAll("svg")) {
    const titled = picture.getAttribute("role") === "img" && picture.querySelector("title")?.textContent.trim();
    expect(picture.getAttribute("aria-hidden") === "true" || titled, `a picture without a title: ${picture.outerHTML.slice(0, 80)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  expect(new Set(ids).size === ids.length, "an id is given twice");
  for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      const id = element.getAttribute(attribute);
      expect(document.getElementById(id), `${attribute} names ${id}, which is not there`);
    }
  }
  for (const link of document.querySelectorAll("a[href^='#']")) {
    expect(document.getElementById(link.hash.slice(1)), `a link leads to ${link.hash}, which is not there`);
  }
  let level = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    expect(own <= level + 1, `"${heading.textContent}" (h${own}) follows an h${level}`);
    level = own;
  }
  return [...new Set(wrong)].slice(0, 10);
})()
