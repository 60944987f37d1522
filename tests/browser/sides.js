// Compares the page of a comparison with what it is of; gives what is wrong, in words, or nothing.
((comparison) => {
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };
  const directionOf = (lang) => (lang === "ar" ? "rtl" : "ltr");
  const columns = innerWidth >= 1152 && comparison.outlets.length <= 5;

  // The texts below hold every sentence, in its own direction.
  comparison.documents.forEach((document_, d) => document_.sentences.forEach((sentence, s) => {
    const item = document.getElementById(`d${d}s${s}`);
    if (!item) return wrong.push(`sentence ${s} of document ${d} is not on the page`);
    expect(item.textContent.startsWith(sentence.text), `sentence ${s} of document ${d} is "${item.textContent}"`);
    expect(getComputedStyle(item).direction === directionOf(sentence.lang), `${sentence.text} is written the wrong way`);
  }));

  // Each telling stands in the column of its outlet.
  const tellings = [];
  comparison.statements.forEach((statement, n) => {
    const block = document.getElementById(`statement-${n}`);
    const cells = [...block.querySelectorAll(".cell")];
    statement.tellings.forEach((telling) => {
      const outlet = comparison.documents[telling.document].outlet;
      const shown = [...block.querySelectorAll(".telling")].find((p) => p.textContent === telling.text);
      if (!shown) return wrong.push(`statement ${n} lacks "${telling.text}"`);
      const lang = comparison.documents[telling.document].sentences[telling.sentence].lang;
      expect(getComputedStyle(shown).direction === directionOf(lang), `${telling.text} is written the wrong way`);
      const name = shown.closest(".cell").querySelector(".who").textContent;
      expect(name.includes(comparison.outlets[outlet].name.split("/").pop()), `${telling.text} stands under ${name}`);
      for (const [marks, part] of [[telling.terms, "loaded"], [telling.cues, "cue"], [telling.names, "name"], [telling.numbers, "number"]]) {
        for (const { text, start, end } of marks) {
          if (start < telling.start || end > telling.end) continue;
          const marked = [...shown.querySelectorAll(`mark.${part}`)].map((mark) => mark.textContent).join("");
          expect(marked.includes(text), `${part} ${text} is not marked in ${telling.text}`);
        }
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
