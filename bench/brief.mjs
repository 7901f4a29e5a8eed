// Looks at a brief as a reader does: opens each page in headless Chromium at 390, 800 and 1400 px, light and dark, says how large,
// how long and how wide it is and how fast it opens, and asks axe-core for faults of accessibility; prints to A4 the first page
// and the council's.
//
//     mkdir -p /tmp/look && npm install --prefix /tmp/look puppeteer-core axe-core
//     NODE_PATH=/tmp/look/node_modules node bench/brief.mjs my-campaign/brief [/tmp/pictures]
//
// Skips with a message where Chromium or the two packages are missing. axe is asked of pages under 20,000 elements: it takes
// minutes for more. Exit 1: a fault, a page wider than its window, one that asks for something, a council's page of more
// than one sheet.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [folder, pictures] = process.argv.slice(2);
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(p => fs.existsSync(p));
let puppeteer, axe;
try {
  puppeteer = require('puppeteer-core');
  axe = require.resolve('axe-core/axe.min.js');
} catch { /* said below */ }
if (!folder || !chromium || !axe) {
  console.log(folder ? 'skipped: Chromium, puppeteer-core or axe-core is missing' : 'usage: node bench/brief.mjs BRIEF [PICTURES]');
  process.exit(folder ? 0 : 2);
}
const LARGE = 20000;
let wrong = 0;
const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'], protocolTimeout: 600000 });
for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.html')).sort()) {
  const url = 'file://' + path.resolve(folder, file);
  for (const [width, scheme] of [[390, 'dark'], [800, 'light'], [1400, 'light']]) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    let asked = 0;
    page.on('request', r => { if (!r.url().startsWith('data:') && r.url().split('#')[0] !== url) asked++; });
    const began = Date.now();
    await page.goto(url, { waitUntil: 'load', timeout: 0 });
    const opened = Date.now() - began;
    const size = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight,
      elements: document.querySelectorAll('*').length }));
    let faults = [];
    if (size.elements < LARGE) {
      await page.addScriptTag({ path: axe });
      faults = (await page.evaluate(() => axe.run())).violations;
    }
    console.log(`${file} ${width} ${scheme}: ${Math.round(fs.statSync(path.join(folder, file)).size / 1000)} kB, ${size.elements} elements, `
      + `${(size.high / 900).toFixed(1)} screens, opens in ${opened} ms, ${size.elements < LARGE ? faults.length + ' faults' : 'axe not asked'}`);
    for (const f of faults) console.log(`  ${f.id} ×${f.nodes.length}: ${f.nodes[0].html.slice(0, 160)}`);
    if (size.wide > width) console.log(`  ${size.wide} px wide`);
    if (asked) console.log(`  asked for ${asked} more`);
    wrong += faults.length + (size.wide > width) + asked;
    if (pictures) {
      fs.mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${file}-${width}-${scheme}.png`), clip: { x: 0, y: 0, width, height: Math.min(size.high, 4000) } });
    }
    await page.close();
  }
}
for (const [file, most] of [['index.html', 12], ['council.html', 1], ['conseil.html', 1]]) {
  if (!fs.existsSync(path.join(folder, file))) continue;
  const page = await browser.newPage();
  await page.goto('file://' + path.resolve(folder, file), { timeout: 0 });
  const pdf = await page.pdf({ timeout: 0, format: 'A4', preferCSSPageSize: true, printBackground: true });
  if (pictures) fs.writeFileSync(path.join(pictures, file.replace('.html', '.pdf')), pdf);
  const sheets = (Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page[^s]/g) || []).length;
  console.log(`${file} in print: ${sheets} sheets of A4`);
  wrong += sheets > most;
}
await browser.close();
process.exit(wrong ? 1 : 0);
