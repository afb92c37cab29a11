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
