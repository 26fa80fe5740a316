// Comfort only: every page works without it.
"use strict";

const DAY_MS = 24 * 60 * 60 * 1000;

// The slider says which day it is on, and shows that day as soon as it is let go. Arrow keys only move
// it: a page that went away with each of them would be of no use.
for (const slider of document.querySelectorAll("input[type=range][data-first-day]")) {
  const said = document.getElementById(slider.getAttribute("aria-describedby").split(" ")[0]);
  const firstDay = Date.parse(slider.dataset.firstDay);
  slider.addEventListener("input", () => {
    said.value = new Date(firstDay + slider.valueAsNumber * DAY_MS).toISOString().slice(0, 10);
  });
  slider.addEventListener("pointerup", () => slider.form.requestSubmit());
}
