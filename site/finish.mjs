// Finishes the HTML files named. LaTeX in .math elements (site/conf.py) becomes KaTeX's HTML, with
// MathML for screen readers; faulty LaTeX ends the build. Landmarks get the names, and the search
// page the heading, that the theme leaves out.

import { readFileSync, writeFileSync } from "node:fs";
import katex from "katex";

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => entities[name]);

for (const file of process.argv.slice(2)) {
  const page = readFileSync(file, "utf8")
    .replace(/<(span|div) class="math">(.*?)<\/\1>/gs, (_, tag, latex) =>
      katex.renderToString(plain(latex), { displayMode: tag === "div", strict: "error" }))
    .replace('<aside class="sidebar-drawer"', '$& aria-label="Lessons and search"')
    .replace('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer')
    .replace(/<th class="head"><p><\/p><\/th>/g, "<td></td>") // the corner of a table
    .replace('<div id="search-results">', "<h1>Search</h1>$&");
  writeFileSync(file, page);
}
