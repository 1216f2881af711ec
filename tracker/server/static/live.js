"use strict";
// Answers as one types, in a form with data-live: where to ask, data-into: where the answer goes, data-fields: what is
// sent, data-keep: whether the page's address follows. The page works without this: its button sends the form.
for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  const status = document.getElementById("status");
  const names = form.dataset.fields.split(" ");
  const first = form.elements[names[0]];
  const wait = 200; // milliseconds without a key
  let timer, asking, shown;

  const typed = () => {
    const found = new URLSearchParams();
    for (const name of names) {
      const value = form.elements[name].value.trim();
      if (value) found.set(name, value);
    }
    return found;
  };

  const tell = () => {
    const told = into.querySelector("[data-status]");
    status.textContent = told ? told.dataset.status : "";
  };

  const ask = async (sent) => {
    const text = first.value.trim();
    const query = sent || text.length > 2 ? typed() : new URLSearchParams(); // two letters are no question yet
    if (asking) asking.abort();
    if (query.toString() === shown && !sent) {
      tell();
      return;
    }
    const own = (asking = new AbortController());
    if (text) status.textContent = "Looking…";
    try {
      const answer = await fetch(`${form.dataset.live}?${query}`, { signal: own.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (own.signal.aborted) return;
      shown = query.toString();
      into.innerHTML = html; // made and escaped by the server
      tell();
      if (form.dataset.keep) history.replaceState(null, "", shown ? `?${shown}` : location.pathname);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "The desk did not answer. Try again in a moment.";
    }
  };

  form.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, wait, false);
  });
  form.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait, false);
  });

  // Enter sends, as in any search; with Shift it is a new line.
  if (first.dataset.enter) {
    first.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      clearTimeout(timer);
      ask(true);
    });
  }

  if (form.dataset.keep) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      ask(true);
    });
  }
  shown = typed().toString();
}
