// Finishes the HTML files named. LaTeX in .math elements (site/conf.py) becomes KaTeX's HTML, with
// MathML for screen readers; faulty LaTeX ends the build. Landmarks get the names, and the search
// page the heading, that the theme leaves out.

import { readFileSync, writeFileSync } from "node:fs";
import katex from "katex";

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => entities[name]);
const theme = {
  Previous: "上一节", Next: "下一节", Home: "首页", "Made with": "制作工具：", "On this page": "本页内容",
  "Skip to content": "跳到正文", "Toggle site navigation sidebar": "打开或收起课程目录",
  "Toggle table of contents sidebar": "打开或收起本页目录", "Toggle hidden content": "展开或收起",
  "Toggle Light / Dark / Auto color theme": "浅色、深色或自动",
  "Copyright &#169; the authors: text CC BY 4.0, code BSD 3-Clause":
    "版权归作者所有：文字 CC BY 4.0，代码 BSD 3-Clause",
};
const themed = new RegExp(`(?<=>\\s*|aria-label=")(${Object.keys(theme).join("|")})(?=\\s*<|")`, "g");
const words = {
  en: {
    output: "Guess first, then open", source: "The code: open it when it is exposed", hide: "Fold",
    sidebar: "Lessons and search", contents: "On this page", search: "Search",
    numbers: "The search finds words, not numbers: “log loss”, but not 0.105.",
  },
  "zh-CN": {
    output: "先猜一猜，再展开", source: "代码：等它露馅了再展开", hide: "收起",
    sidebar: "课程目录与搜索", contents: "本页内容", search: "搜索",
    theme,
    numbers: "搜索只找词，不找数字：可以搜“对数损失”，搜不到 0.105。",
  },
};

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const say = words[/<html[^>]* lang="([^"]*)"/.exec(text)[1]];
  const page = text
    .replace(/<(span|div) class="math">(.*?)<\/\1>/gs, (_, tag, latex) =>
      katex.renderToString(plain(latex), { displayMode: tag === "div", strict: "error" }))
    .replace('<aside class="sidebar-drawer"', `$& aria-label="${say.sidebar}"`)
    .replace('<aside class="toc-drawer', `<aside aria-label="${say.contents}" class="toc-drawer`)
    .replace(/(?<= admonition-title">)(output|source|hide)s?(?=<)/g, (_, type) => say[type])
    .replace(/<th class="head"><p><\/p><\/th>/g, "<td></td>") // the corner of a table
    .replace(themed, (found) => say.theme?.[found] ?? found)
    .replace('<div id="search-results">', `<h1>${say.search}</h1><p>${say.numbers}</p>$&`);
  writeFileSync(file, page);
}
