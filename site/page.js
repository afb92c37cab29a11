// What is wider than its place can be scrolled, and so must be reached by keyboard.

const reach = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const node of document.querySelectorAll("article pre, .katex-display, .table-wrapper")) {
  reach.observe(node);
}
