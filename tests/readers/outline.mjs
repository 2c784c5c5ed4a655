// Print what pdf.js reads in a file, as JSON: labels of pages, the outline as [title, page from 0], how many
// words each page has, and to which pages the links of each page lead.
import { readFileSync } from "node:fs";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

const pdf = await getDocument({ data: new Uint8Array(readFileSync(process.argv[2])), verbosity: VerbosityLevel.ERRORS })
  .promise;
const outline = [];
async function walk(items) {
  for (const item of items) {
    const target = typeof item.dest === "string" ? await pdf.getDestination(item.dest) : item.dest;
    outline.push([item.title, await pdf.getPageIndex(target[0])]);
    await walk(item.items);
  }
}
await walk((await pdf.getOutline()) ?? []);
const words = [];
const links = [];
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const content = await page.getTextContent();
  words.push(content.items.map((item) => item.str).join(" ").split(/\s+/).filter(Boolean).length);
  const targets = [];
  for (const item of await page.getAnnotations()) {
    if (item.subtype === "Link" && item.dest) {
      const target = typeof item.dest === "string" ? await pdf.getDestination(item.dest) : item.dest;
      targets.push(await pdf.getPageIndex(target[0]));
    }
  }
  links.push(targets);
}
console.log(JSON.stringify({ labels: await pdf.getPageLabels(), outline, words, links }));
