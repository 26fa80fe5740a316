// Every map works without this script, by links. With it, the map moves by wheel, fingers, mouse and keys, and a mark
// opens a card. The script draws nothing itself: it asks the same page for the map of another area, with the
// parameters `bbox` and `view`, and puts the answer in the place of the old map.
"use strict";

const SETTLE_MS = 250;
const WHEEL_STEP = 1.0015;
const KEY_STEP = 0.25;
// Of a press, so many pixels of movement are still a click.
const CLICK_PIXELS = 6;

// Web Mercator, as the server draws the map.
const toY = (latitude) => 0.5 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / (2 * Math.PI);
const toLatitude = (y) => (Math.atan(Math.sinh(Math.PI - 2 * Math.PI * y)) * 180) / Math.PI;
const toX = (longitude) => longitude / 360 + 0.5;
const toLongitude = (x) => (x - 0.5) * 360;

class HutMap {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[data-map-status]");
    this.pointers = new Map();
    this.gesture = { x: 0, y: 0, scale: 1 };
    root.classList.add("live");
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", () => this.resetScroll());
    this.listen();
    new ResizeObserver(() => this.resized()).observe(root);
  }

  get frame() { return this.root.querySelector(".map-frame"); }
  get canvas() { return this.root.querySelector(".map-canvas"); }

  // The view that the style sheet shows.
  get view() {
    return [...this.root.querySelectorAll(".map-view")].find((view) => view.getClientRects().length > 0);
  }

  // The events of the part that each answer replaces.
  listen() {
    const canvas = this.canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", canvas.querySelector(".map-view").getAttribute("aria-label"));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this.up(event));
    }
    // A browser would otherwise drag the link of a mark.
    canvas.addEventListener("dragstart", (event) => event.preventDefault());
  }

  // A browser scrolls a mark into view that has the focus, even inside the map.
  resetScroll() {
    this.canvas.scrollTo(0, 0);
  }

  // The gesture moves and enlarges the picture at once, until the next one is there.
  show() {
    const { x, y, scale } = this.gesture;
    this.view.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  moveBy(x, y) {
    this.gesture.x += x;
    this.gesture.y += y;
    this.show();
  }

  // Enlarges the picture around a point of the screen.
  zoomAt(clientX, clientY, factor) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const scale = Math.min(Math.max(this.gesture.scale * factor, 1 / 16), 64);
    const ratio = scale / this.gesture.scale;
    this.gesture.x = x - (x - this.gesture.x) * ratio;
    this.gesture.y = y - (y - this.gesture.y) * ratio;
    this.gesture.scale = scale;
    this.show();
  }

  settle(delay = SETTLE_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(this.bounds()), delay);
  }

  // What the moved picture shows, as the parameter `bbox`.
  bounds() {
    const [west, south, east, north] = this.view.dataset.bounds.split(",").map(Number);
    const { width, height } = this.canvas.getBoundingClientRect();
    const { x, y, scale } = this.gesture;
    const along = (from, to, part) => from + (to - from) * part;
    const [left, right] = [toX(west), toX(east)];
    const [top, bottom] = [toY(north), toY(south)];
    const xs = [-x, width - x].map((at) => toLongitude(along(left, right, at / scale / width)));
    const ys = [-y, height - y].map((at) => toLatitude(along(top, bottom, at / scale / height)));
    return [xs[0], ys[1], xs[1], ys[0]].map((degrees) => degrees.toFixed(5)).join(",");
  }

  // Asks for the map of an area; null is that of all huts.
  async load(bounds) {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = new AbortController();
    const address = new URL(location.href);
    if (bounds) address.searchParams.set("bbox", bounds);
    else address.searchParams.delete("bbox");
    const page = new URL(address);
    const { width, height } = this.canvas.getBoundingClientRect();
    address.searchParams.set("view", `${Math.floor(width)}x${Math.floor(height)}`);
    address.hash = "";
    this.root.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { signal: this.request.signal });
      if (!response.ok) throw new Error(`the service answered ${response.status}`);
      this.replace(await response.text());
      history.replaceState(history.state, "", page);
    } catch (error) {
      if (error.name === "AbortError") return;
      // The page says what is wrong, or shows the area without the script.
      location.assign(page);
    }
    this.root.removeAttribute("aria-busy");
  }

  // Puts the next picture in the place of the old one. The focus stays where it was, if that is still there.
  replace(html) {
    const focused = this.frame.contains(document.activeElement) ? document.activeElement : null;
    const next = new DOMParser().parseFromString(html, "text/html").querySelector(".map-frame");
    if (!next) throw new Error("the answer is no map");
    const width = Math.round(this.canvas.getBoundingClientRect().width);
    this.frame.replaceWith(next);
    this.loadedWidth = width;
    this.gesture = { x: 0, y: 0, scale: 1 };
    this.listen();
    // A finger that still lies on the map moves the new picture.
    this.pointers.clear();
    this.status.textContent = next.querySelector(".map-said").textContent;
    if (focused) {
      const same = ["tool", "hut", "cluster"].map((name) => {
        const key = focused.dataset[name];
        return key && [...next.querySelectorAll(`[data-${name}]`)].find((it) => it.dataset[name] === key && it.href);
      });
      (same.find(Boolean) ?? this.canvas).focus({ preventScroll: true });
    }
    if (this.card && !this.markOf(this.card.dataset.slug)) this.closeCard(false);
    else if (this.card) this.placeCard();
  }

  // A picture of an exact size is drawn anew when the page changes its width.
  resized() {
    const width = Math.round(this.canvas.getBoundingClientRect().width);
    if (!this.loadedWidth || Math.abs(width - this.loadedWidth) < 2) return;
    this.settle();
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoomAt(event.clientX, event.clientY, WHEEL_STEP ** (-event.deltaY * lines));
    this.settle();
  }

  down(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    clearTimeout(this.timer);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.pointers.size === 1) this.moved = 0;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const [x, y] = [event.clientX - before.x, event.clientY - before.y];
    this.moved += Math.hypot(x, y);
    if (this.moved > CLICK_PIXELS) this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (others.length === 0) {
      if (this.moved > CLICK_PIXELS) this.moveBy(x, y);
      return;
    }
    // Two fingers: the point between them moves by half, and their distance enlarges the picture.
    const [other] = others;
    const distance = (at) => Math.max(Math.hypot(at.x - other.x, at.y - other.y), 1);
    this.moveBy(x / 2, y / 2);
    const middle = [(event.clientX + other.x) / 2, (event.clientY + other.y) / 2];
    this.zoomAt(...middle, distance({ x: event.clientX, y: event.clientY }) / distance(before));
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    if (this.moved > CLICK_PIXELS) this.settle(0);
  }

  click(event) {
    const [link, canvas] = ["a", ".map-canvas"].map((selector) => event.target.closest(selector));
    // The end of a movement is no click. A click by keyboard has no detail.
    if (canvas && event.detail > 0 && this.moved > CLICK_PIXELS) {
      event.preventDefault();
      return;
    }
    if (!link) {
      if (canvas) this.closeCard(false);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const href = link.getAttribute("href");
    if (link.dataset.tool || link.dataset.cluster) {
      event.preventDefault();
      this.closeCard(false);
      this.load(new URLSearchParams(href).get("bbox"));
    } else if (link.dataset.hut) {
      event.preventDefault();
      this.openCard(link);
    }
  }

  key(event) {
    if (event.key === "Escape" && this.card) {
      this.closeCard(true);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(".map-card")) return;
    if (!event.target.closest(".map-canvas")) return;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const middle = [left + width / 2, top + height / 2];
    const moves = {
      ArrowLeft: () => this.moveBy(width * KEY_STEP, 0),
      ArrowRight: () => this.moveBy(-width * KEY_STEP, 0),
      ArrowUp: () => this.moveBy(0, height * KEY_STEP),
      ArrowDown: () => this.moveBy(0, -height * KEY_STEP),
      "+": () => this.zoomAt(...middle, 2),
      "=": () => this.zoomAt(...middle, 2),
      "-": () => this.zoomAt(...middle, 1 / 2),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
    this.settle();
  }

  markOf(slug) {
    return [...this.view.querySelectorAll("[data-hut]")].find((mark) => mark.dataset.hut === slug);
  }

  async openCard(mark) {
    this.closeCard(false);
    const slug = mark.dataset.hut;
    const address = new URL(`/map/card/${encodeURIComponent(slug)}`, location.href);
    // The path of the mark ends with the night.
    address.searchParams.set("date", mark.getAttribute("href").split("/").at(-1));
    const { near } = this.root.dataset;
    if (near) address.searchParams.set("near", near);
    if ("newTab" in this.root.dataset) address.searchParams.set("tab", "new");
    let html;
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`the service answered ${response.status}`);
      html = await response.text();
    } catch {
      location.assign(mark.href);
      return;
    }
    const card = new DOMParser().parseFromString(html, "text/html").querySelector(".card");
    const dialog = document.createElement("div");
    dialog.className = "map-card";
    dialog.dataset.slug = slug;
    dialog.setAttribute("role", "dialog");
    dialog.setAttribute("aria-label", card.querySelector("h2").textContent);
    dialog.tabIndex = -1;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "map-close";
    close.textContent = "×";
    close.setAttribute("aria-label", this.root.dataset.close);
    close.addEventListener("click", () => this.closeCard(true));
    dialog.append(close, card);
    this.card?.remove();
    this.card = dialog;
    this.root.append(dialog);
    this.placeCard();
    dialog.focus({ preventScroll: true });
    dialog.scrollIntoView({ block: "nearest" });
  }

  // Beside the mark, within the map; a narrow map has it below the mark, over its whole width.
  placeCard() {
    const mark = this.markOf(this.card.dataset.slug);
    const [root, box] = [this.root, this.canvas].map((element) => element.getBoundingClientRect());
    const at = mark.querySelector(".shape").getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const fits = (left) => left >= box.left && left + width <= box.right;
    const sides = [at.right + 8, at.left - 8 - width];
    const side = sides.find(fits);
    const top = side === undefined ? at.bottom + 8 : Math.max(box.top + 4, Math.min(at.top - 20, box.bottom - height - 4));
    const left = side ?? Math.max(box.left + 4, Math.min(at.left - width / 2, box.right - width - 4));
    this.card.style.left = `${left - root.left}px`;
    this.card.style.top = `${top - root.top}px`;
  }

  // Closes the card. The focus goes back to its mark, if the reader closed it.
  closeCard(byReader) {
    if (!this.card) return;
    const mark = this.markOf(this.card.dataset.slug);
    this.card.remove();
    this.card = null;
    if (byReader) (mark ?? this.canvas).focus({ preventScroll: true });
  }
}

function start() {
  for (const root of document.querySelectorAll("[data-map]:not(.live)")) new HutMap(root);
}

start();
// A form that sends itself has put another answer, with another map, onto the page.
document.addEventListener("answer", start);
