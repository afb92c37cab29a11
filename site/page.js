import { forget, score, usable } from "./kept.js";

// What is wider than its place can be scrolled, and so must be reached by keyboard.

const wide = document.querySelectorAll("article pre, .katex-display, .table-wrapper");

function reach(node) {
  if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
}

const resized = new ResizeObserver((changes) => changes.forEach(({ target }) => reach(target)));
wide.forEach((node) => resized.observe(node));
// Fonts that come late change what is inside, but not the place.
document.fonts.addEventListener("loadingdone", () => wide.forEach(reach));

// Widgets are most of what a page loads: they start when they come near the screen.
const here = document.currentScript.src;
let library;
function load() {
  library ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = new URL("widgets.js", here);
    script.onload = resolve;
    document.head.append(script);
  });
  return library;
}
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    load().then(() => window.showWidget(target.querySelector(":scope > script")));
  }
}, { rootMargin: "400px" });
document.querySelectorAll("script[type='application/vnd.jupyter.widget-view+json']")
  .forEach((place) => near.observe(place.parentElement));

// What is kept is forgotten when asked, on the front page that of all the lessons in its table.
const stays = document.querySelector(".stays");
const lessons = document.querySelectorAll("article:has([data-sure]) td:first-child a");

function showScores() {
  for (const lesson of lessons) {
    const label = document.createElement("label");
    const found = score(lesson.href);
    lesson.parentElement.querySelector("label")?.remove();
    if (!found) continue;
    const bar = document.createElement("progress");
    Object.assign(bar, { max: found.count, value: found.right });
    label.append(bar, stays.dataset.score.replace(/\{(\w+)\}/g, (_, name) => found[name]));
    lesson.after(label);
  }
}

if (stays && usable()) {
  stays.hidden = false;
  stays.querySelector("button").onclick = () => {
    if (lessons.length && !confirm(stays.dataset.sure)) return;
    for (const { href } of [location, ...lessons]) forget(href);
    location.reload();
  };
  window.addEventListener("pageshow", showScores); // also when the reader goes back to it
  window.addEventListener("storage", showScores);
}
