"use strict";
// Looks through questions, keys and glossary, all of which stand in this page; needs no network.
(() => {
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const status = document.getElementById("status");
  const found = document.getElementById("found");
  const MOST = 40;
  const AROUND = 70; // letters shown before and after what was found
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const rows = JSON.parse(document.getElementById("index").textContent).map(
    ([title, words, place, page, target]) => ({ title, words, place, page, target, head: fold(title), all: fold(`${title} ${words}`) })
  );

  function link(address, text) {
    const element = document.createElement("a");
    element.href = address;
    element.textContent = text;
    return element;
  }

  function around(words, wanted) {
    const at = Math.max(0, fold(words).indexOf(wanted));
    const begin = at > AROUND ? words.indexOf(" ", at - AROUND) + 1 : 0;
    const end = words.indexOf(" ", at + wanted.length + AROUND);
    return (begin ? "… " : "") + words.slice(begin, end < 0 ? words.length : end) + (end < 0 ? "" : " …");
  }

  function show() {
    const wanted = fold(query.value).split(/\s+/).filter(Boolean);
    found.replaceChildren();
    if (query.value.trim().length < 2) {
      status.textContent = "";
      return;
    }
    const hits = rows.filter((row) => wanted.every((word) => row.all.includes(word)));
    const inHead = (row) => wanted.every((word) => row.head.includes(word));
    hits.sort((one, other) => inHead(other) - inHead(one));
    for (const row of hits.slice(0, MOST)) {
      const item = document.createElement("li");
      item.append(link(row.place || row.target, row.title));
      if (row.target) item.append(", ", link(row.target, row.page));
      if (row.words) {
        const line = document.createElement("div");
        line.className = "small";
        line.textContent = around(row.words, wanted[0]);
        item.append(line);
      }
      found.append(item);
    }
    const told = hits.length === 0 ? form.dataset.none : hits.length === 1 ? form.dataset.one : form.dataset.many;
    status.textContent = told.replace("{}", hits.length);
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", show);
  form.hidden = false;
})();
