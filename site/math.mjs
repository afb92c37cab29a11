// Sets the mathematics of the HTML files named: LaTeX in .math elements (site/conf.py) becomes
// KaTeX's HTML, with MathML for screen readers. Faulty LaTeX ends the build.

import { readFileSync, writeFileSync } from "node:fs";
import katex from "katex";

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => entities[name]);

for (const file of process.argv.slice(2)) {
  const page = readFileSync(file, "utf8");
  const set = page.replace(/<(span|div) class="math">(.*?)<\/\1>/gs, (_, tag, latex) =>
    katex.renderToString(plain(latex), { displayMode: tag === "div", strict: "error" }));
  if (set !== page) writeFileSync(file, set);
}
