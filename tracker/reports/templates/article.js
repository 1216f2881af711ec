"use strict";
// The page works without this: links lead to the statements, CSS alone filters. Here is what only a script can do.
{
  const all = (selector) => document.querySelectorAll(selector);
  const wide = matchMedia("(min-width: 62rem)");
  const isShown = (element) => element.getClientRects().length !== 0;

  // Which statements are left is read from the page itself, so that the filters stand in one place, the style sheet.
  // First everything is read, then written: the page is laid out once, however many statements it has.
  const count = () => {
    const groups = all(".group");
    for (const group of groups) group.hidden = false;
    const shown = new Set([...all(".card")].filter(isShown));
    for (const said of all(".said")) {
      said.tabIndex = shown.has(document.getElementById(said.hash.slice(1)).closest(".card")) ? 0 : -1;
    }
    for (const group of groups) group.hidden = ![...group.querySelectorAll(".card")].some((card) => shown.has(card));
    for (const none of all(".emptied")) {
      none.classList.toggle("is-so", !none.closest(".statements").querySelector(".group:not([hidden])"));
    }
    const total = all(".card").length;
    document.getElementById("count").value = `${shown.size} of ${total} shown`;
    document.getElementById("filtered").textContent = `${shown.size} of ${total} statements are shown`;
  };

  const open = (id) => {
    const inside = document.getElementById(id);
    const details = inside.closest("details");
    if (details) details.open = true;
    const head = details ? details.querySelector("summary") : inside;
    const panel = inside.closest(".statements");
    // At the end of the page the footer pushes the panel up: the card comes to where the panel can be seen.
    panel.scrollTop += head.getBoundingClientRect().top - Math.max(panel.getBoundingClientRect().top, 0) - 6;
    head.scrollIntoView({ block: "nearest" });
    head.focus({ preventScroll: true });
  };

  const point = (said) => {
    for (const other of all(".said[aria-current]")) other.removeAttribute("aria-current");
    if (said) said.setAttribute("aria-current", "true");
  };

  // Beside the text the panel alone is scrolled; below it the link is followed, and "back" leads to the text again.
  document.addEventListener("click", (event) => {
    const said = event.target.closest(".said");
    if (!said) return;
    point(said);
    if (!wide.matches) return;
    event.preventDefault();
    open(said.hash.slice(1));
  });

  const unfold = document.getElementById("unfold");
  const fold = (opened) => {
    for (const details of all("details")) details.open = opened;
    unfold.textContent = opened ? "Close every match" : "Open every match";
  };
  unfold.hidden = all("details").length === 0;
  unfold.addEventListener("click", () => fold(unfold.textContent.startsWith("Open")));

  const filters = document.getElementById("filters");
  filters.addEventListener("change", count);
  filters.addEventListener("reset", () => setTimeout(count));
  filters.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", count);

  // Paper cannot be clicked. Newer browsers open them by the style sheet alone; what was closed is closed again.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...all("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });

  count();
}
