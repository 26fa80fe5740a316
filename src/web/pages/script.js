// Every page works without this script; it only makes the form of the start page more convenient.
"use strict";

// A form that sends itself: a changed field asks for the answer, which replaces the one on the page. The address
// follows, so that it can be shared. Whatever cannot be replaced, such as an error, is opened as a page.
let request = null;

async function send(form) {
  const fields = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
  const url = new URL(form.action);
  url.search = new URLSearchParams(fields);
  const answer = document.getElementById("answer");
  answer.setAttribute("aria-busy", "true");
  // Only the answer to the last question counts.
  request?.abort();
  request = new AbortController();
  const response = await fetch(url, { headers: { accept: "text/html" }, signal: request.signal });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("answer");
  if (!response.ok || !next) throw new Error(`status ${response.status}`);
  document.querySelectorAll(".problem[role=alert]").forEach((problem) => problem.remove());
  answer.replaceWith(next);
  document.title = page.title;
  history.pushState(null, "", response.url);
  document.dispatchEvent(new CustomEvent("answer"));
}

function sendOrOpen(form) {
  send(form).catch((error) => {
    if (error.name !== "AbortError") form.submit();
  });
}

for (const form of document.querySelectorAll("form[data-sends-itself]")) {
  form.addEventListener("change", () => form.reportValidity() && sendOrOpen(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendOrOpen(form);
  });
}

// The form is not a part of the answer, so that going back loads the whole page.
if (document.querySelector("form[data-sends-itself]")) {
  addEventListener("popstate", () => location.reload());
}
