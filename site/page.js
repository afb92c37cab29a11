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
