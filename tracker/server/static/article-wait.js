"use strict";
// Asks how far the check is and shows the report when there is one. Without this the page is loaded anew by itself.
{
  const find = (id) => document.getElementById(id);
  const put = (element, words) => {
    if (element.textContent !== words) element.textContent = words; // what does not change is not read out again
  };

  const tell = (told) => {
    put(find("what"), told.words);
    put(find("count"), told.total ? `${told.done} of ${told.total}` : "\u00a0");
    const far = find("far");
    if (told.total) {
      far.max = told.total;
      far.value = told.done;
    } else far.removeAttribute("value");
  };

  const ask = async () => {
    try {
      const answer = await fetch(find("wait").dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.status === 404) return location.reload();
      if (answer.ok) {
        const told = await answer.json();
        if (!told.under_way) return location.reload();
        tell(told);
      }
    } catch {
      put(find("what"), "The server does not answer; trying again");
    }
    setTimeout(ask, 500);
  };

  setTimeout(ask, 300);
}
