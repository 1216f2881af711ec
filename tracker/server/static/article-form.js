"use strict";
// A file that is too large is told before it is sent: the server would refuse it without a word about the rest.
{
  const file = document.getElementById("file");
  file.addEventListener("change", () => {
    const size = file.files.length ? file.files[0].size : 0;
    const most = 10;
    file.setCustomValidity(
      size > most * 1e6 ? `This file has ${(size / 1e6).toFixed(1)} MB; the limit is ${most} MB. Paste the part to check.` : "",
    );
    file.reportValidity();
  });
}
