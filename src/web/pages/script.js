// Comfort only: every page works without it.
"use strict";

const DAY_MS = 24 * 60 * 60 * 1000;

// The slider and the field of a date say the same, and a slider that is let go shows its day at once.
// Arrow keys only move it: a page that went away with each of them would be of no use.
for (const slider of document.querySelectorAll("input[type=range][data-first-day]")) {
  const field = slider.form.elements.namedItem("date");
  const firstDay = Date.parse(slider.dataset.firstDay);
  slider.addEventListener("input", () => {
    field.value = new Date(firstDay + slider.valueAsNumber * DAY_MS).toISOString().slice(0, 10);
  });
  slider.addEventListener("pointerup", () => slider.form.requestSubmit());
}
