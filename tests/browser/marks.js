// Compares the article of a page with the report on its text; gives what is wrong, in words, or nothing.
//
// `text` is the text, `report` its report with offsets in UTF-16 units, `number` the article's place in the page. Start at
// the end.
((text, report, number) => {
  const article = document.querySelectorAll("article.text")[number];
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };

  // The text nodes and where each begins.
  const nodes = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) nodes.push({ node: walker.currentNode, at });
  const nodeAt = (offset) => nodes.findLast(({ at }) => at <= offset);
  const startOf = (element) => nodes.find(({ node }) => element.contains(node))?.at;
  const blockAt = (offset) => nodeAt(offset).node.parentElement.closest(".block");
  const directionOf = (lang) => (lang === "ar" ? "rtl" : "ltr");

  // Boxes of text as the eye sees them: of its characters only, and without those of line ends.
  const boxes = (start, end) => {
    const inside = nodes.filter(({ node, at }) => at < end && at + node.length > start);
    const ranges = inside.map(({ node, at }) => {
      const range = document.createRange();
      range.setStart(node, Math.max(start - at, 0));
      range.setEnd(node, Math.min(end - at, node.length));
      return range;
    });
    return ranges.flatMap((range) => [...range.getClientRects()]).filter((box) => box.width > 0.5);
  };

  // The boxes that stand on one line, as one.
  const lines = (all) => {
    const lines = [];
    for (const { left, right, top, bottom } of all) {
      const line = lines.find((line) => Math.min(bottom, line.bottom) - Math.max(top, line.top) > (bottom - top) / 2);
      if (!line) { lines.push({ left, right, top, bottom }); continue; }
      line.left = Math.min(line.left, left);
      line.right = Math.max(line.right, right);
    }
    return lines;
  };

  // Room that a mark takes around its words: for its border and its sign.
  const ROOM = 40;
  const checkMark = (id, part, passages) => {
    const elements = [...article.querySelectorAll(`.m.${part}[data-r="${article.dataset.prefix}${id}"]`)];
    const name = `${part} ${id} (${passages.map((passage) => passage.text).join(" … ").slice(0, 60)})`;
    if (elements.length === 0) return wrong.push(`${name} is not marked`);
    const marked = elements.map((element) => element.textContent).join("");
    expect(marked === passages.map((passage) => passage.text).join(""), `${name} is on "${marked}"`);
    expect(startOf(elements[0]) === passages[0].start, `${name} starts at ${startOf(elements[0])}`);
    const drawn = lines(elements.flatMap((element) => [...element.getClientRects()]));
    for (const words of lines(passages.flatMap(({ start, end }) => boxes(start, end)))) {
      const around = drawn.some((mark) =>
        mark.left <= words.left + 1 && mark.left > words.left - ROOM && mark.right >= words.right - 1 &&
        mark.right < words.right + ROOM && mark.top < words.bottom && mark.bottom > words.top);
      const shown = ({ left, right, top }) => `${Math.round(left)}-${Math.round(right)} at ${Math.round(top)}`;
      expect(around, `${name}: words ${shown(words)}, mark ${drawn.map(shown).join("; ")}`);
    }
  };

  const checkDirections = () => {
    for (const region of report.regions) {
      const found = getComputedStyle(blockAt(region.start)).direction;
      expect(found === directionOf(region.lang), `the ${region.kind} at ${region.start} (${region.lang}) is ${found}`);
    }
    const script = { ltr: /^\p{Script=Latin}+$/u, rtl: /^\p{Script=Arabic}+$/u };
    let before = null;
    for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
      const direction = getComputedStyle(blockAt(index)).direction;
      if (!script[direction].test(word)) { before = null; continue; }
      const box = boxes(index, index + word.length)[0];
      if (!box) { before = null; continue; }
      const sameLine = before && before.direction === direction && Math.abs(before.box.top - box.top) < box.height / 2;
      if (sameLine) {
        const follows = direction === "ltr" ? before.box.right <= box.left + 1 : before.box.left >= box.right - 1;
        expect(follows, `"${word}" at ${index} does not stand after "${before.word}" (${direction})`);
      }
      before = { word, box, direction };
    }
  };

  // The words of a block from left to right, with no line end between them.
  const seen = (block, words) => {
    const nowrap = block.style.whiteSpace;
    block.style.whiteSpace = "nowrap";
    const inside = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let at = 0; walker.nextNode(); at += walker.currentNode.length) inside.push({ node: walker.currentNode, at });
    const found = words.map(({ 0: word, index }) => {
      const { node, at } = inside.findLast(({ at }) => at <= index);
      const range = document.createRange();
      range.setStart(node, index - at);
      range.setEnd(node, index - at + 1);
      return { word, left: range.getBoundingClientRect().left };
    });
    block.style.whiteSpace = nowrap;
    return found.sort((a, b) => a.left - b.left).map(({ word }) => word).join(" ");
  };

  const checkOrder = () => {
    for (const block of article.querySelectorAll(".block")) {
      const words = [...block.textContent.matchAll(/[\p{L}\p{N}]+/gu)].slice(0, 200);
      // A control character is isolated in the page, so that it does not move what is around it.
      if (/\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u.test(block.textContent.trim())) continue;
      const plain = block.cloneNode(false);
      plain.removeAttribute("data-label");
      plain.textContent = block.textContent;
      block.after(plain);
      const [with_marks, without] = [seen(block, words), seen(plain, words)];
      plain.remove();
      expect(with_marks === without, `marks move words: "${with_marks}" for "${without}"`);
    }
  };

  if (article.textContent !== text) {
    const at = [...text].findIndex((c, i) => [...article.textContent][i] !== c);
    wrong.push(`the text differs from character ${at} on: "${article.textContent.slice(at, at + 40)}"`);
    return wrong;
  }
  (report.loaded ?? []).forEach((term, n) => checkMark(`l${n + 1}`, "loaded", [term]));
  (report.attributions ?? []).forEach((attribution, n) => {
    checkMark(`a${n + 1}`, "cue", [attribution.cue]);
    if (attribution.source) checkMark(`a${n + 1}`, "source", [attribution.source]);
    if (attribution.content.length) checkMark(`a${n + 1}`, "content", attribution.content);
  });
  (report.stances ?? []).forEach((stance, n) => checkMark(`t${n + 1}`, "target", [stance.target]));
  const order = [...article.querySelectorAll(".m.loaded[id]")].map((mark) => mark.id);
  const expected = (report.loaded ?? []).map((_, n) => `${article.dataset.prefix}l${n + 1}`);
  expect(order.join() === expected.join(), `loaded terms stand in the order ${order}`);
  checkDirections();
  checkOrder();
  expect(!article.querySelector("script, img, article, iframe, style, a[href^='javascript']"), "markup of the text took effect");
  return wrong.slice(0, 10);
})
