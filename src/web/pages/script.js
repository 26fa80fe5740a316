// Every page works without this script; it only makes the slider more convenient.
"use strict";

const DAY_MS = 24 * 60 * 60 * 1000;

// Moving the slider updates the date beside it. Releasing the slider loads that date. Arrow keys do
// not load it, because a page that reloads after each key press would be unusable.
for (const slider of document.querySelectorAll("input[type=range][data-first-day]")) {
  const dateOutput = document.getElementById(slider.getAttribute("aria-describedby").split(" ")[0]);
  const firstDay = Date.parse(slider.dataset.firstDay);
  slider.addEventListener("input", () => {
    dateOutput.value = new Date(firstDay + slider.valueAsNumber * DAY_MS).toISOString().slice(0, 10);
  });
  slider.addEventListener("pointerup", () => slider.form.requestSubmit());
}
