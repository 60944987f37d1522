// Compares the page of a comparison with what it is of; gives what is wrong, in words, or nothing.
((comparison) => {
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };
  const directionOf = (lang) => (lang === "ar" ? "rtl" : "ltr");
  // How many of the units that the offsets count a text has.
  const bytes = new TextEncoder();
  const measure = { bytes: (text) => bytes.encode(text).length, chars: (text) => [...text].length, utf16: (text) => text.length }[comparison.offsets];
  const columns = innerWidth >= 1152 && comparison.outlets.length <= 5;

  // The texts below hold every sentence, in its own direction.
  comparison.documents.forEach((document_, d) => document_.sentences.forEach((sentence, s) => {
    const item = document.getElementById(`d${d}s${s}`);
    if (!item) return wrong.push(`sentence ${s} of document ${d} is not on the page`);
    expect(item.textContent.startsWith(sentence.text), `sentence ${s} of document ${d} is "${item.textContent}"`);
    expect(getComputedStyle(item).direction === directionOf(sentence.lang), `${sentence.text} is written the wrong way`);
  }));

  // Ranges as one text, those that touch or overlap joined.
  const joined = (ranges) => {
    const all = [];
    for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
      if (all.length && start <= all.at(-1)[1]) all.at(-1)[1] = Math.max(all.at(-1)[1], end);
      else all.push([start, end]);
    }
    return all.map(([start, end]) => `${start}-${end}`).join();
  };

  // Where in the document the marks of a part stand, if what `shown` has begins at `start` there.
  const marked = (shown, part, start) => [...shown.querySelectorAll(`mark.${part}`)].map((mark) => {
    const before = document.createRange();
    before.setStart(shown, 0);
    before.setEndBefore(mark);
    const from = start + measure(before.toString());
    return [from, from + measure(mark.textContent)];
  });

  // Each telling stands in the column of its outlet.
  const seen = new Set();
  const tellings = [];
  comparison.statements.forEach((statement, n) => {
    const block = document.getElementById(`statement-${n}`);
    const cells = [...block.querySelectorAll(".cell")];
    statement.tellings.forEach((telling) => {
      const outlet = comparison.documents[telling.document].outlet;
      const shown = [...block.querySelectorAll(".telling")].find((p) => p.textContent === telling.text && !seen.has(p));
      if (!shown) return wrong.push(`statement ${n} lacks "${telling.text}"`);
      seen.add(shown);
      const lang = comparison.documents[telling.document].sentences[telling.sentence].lang;
      expect(getComputedStyle(shown).direction === directionOf(lang), `${telling.text} is written the wrong way`);
      const name = shown.closest(".cell").querySelector(".who").textContent;
      expect(name.includes(comparison.outlets[outlet].name.split("/").pop()), `${telling.text} stands under ${name}`);
      for (const [marks, part] of [[telling.terms, "loaded"], [telling.cues, "cue"], [telling.names, "name"], [telling.numbers, "number"]]) {
        const inside = marks.filter(({ start, end }) => start >= telling.start && end <= telling.end);
        const expected = joined(inside.map(({ start, end }) => [start, end]));
        const found = joined(marked(shown, part, telling.start));
        expect(found === expected, `${part} is marked at ${found || "nothing"} and not ${expected || "nothing"} in ${telling.text}`);
      }
    });
    if (columns) {
      const tops = new Set(cells.map((cell) => Math.round(cell.getBoundingClientRect().top)));
      expect(tops.size === 1, `the tellings of statement ${n} do not stand beside each other`);
      tellings.push(cells.map((cell) => Math.round(cell.getBoundingClientRect().left)).join());
    }
  });
  expect(new Set(tellings).size <= 1, `columns are not aligned: ${[...new Set(tellings)].join(" | ")}`);

  // Evidence leads to a sentence that holds the words.
  const links = [...document.querySelectorAll(".evidence a")];
  expect(links.length > 0, "no number leads to a sentence");
  for (const link of links) {
    const target = document.getElementById(link.hash.slice(1));
    expect(target?.textContent.includes(link.textContent), `${link.textContent} leads to "${target?.textContent}"`);
  }
  return wrong.slice(0, 10);
})
