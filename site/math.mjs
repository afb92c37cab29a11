// In the HTML files named, LaTeX in .math elements (site/conf.py) becomes KaTeX's HTML, with MathML
// for screen readers. Faulty LaTeX ends the build.

import { readFileSync, writeFileSync } from "node:fs";
import katex from "katex";

const formulas = /<(span|div) class="math">(.*?)<\/\1>([.,;:?!)”’，。；：？！、）》」]*)/gs;
const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => entities[name]);
const BASE = '<span class="katex-base">'; // of KaTeX: between two of them a line may end
// At most 16 characters to be seen: that fits beside a word on a phone, and is not broken there.
const short = (latex) => latex.replace(/\\[A-Za-z]+/g, "x").replace(/[{}_^ ]/g, "").length <= 16;

for (const file of process.argv.slice(2)) {
  const page = readFileSync(file, "utf8").replace(formulas, (_, tag, text, mark) => {
    const latex = plain(text).replace(/\\q?quad\b/g, "$&\\allowbreak "); // on a phone, a line each
    const html = katex.renderToString(latex, { displayMode: tag === "div", strict: "error" });
    if (tag === "div") return html + mark;
    // Browsers would begin a line with the mark that follows a formula. A long one may be broken,
    // but not there.
    const parts = short(latex) ? html : html.replaceAll(`</span>${BASE}`, `</span><wbr>${BASE}`);
    return `<span class="kept">${parts}${mark}</span>`;
  });
  writeFileSync(file, page);
}
