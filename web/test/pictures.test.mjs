// The manual has a picture of every page, which can be made anew, has the size that it should have and is not empty.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fakeOnly } from './browser.mjs';
import { PICTURES, fileOf, makePictures, measure, sizeOf } from './pictures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const docs = join(here, '..', '..', 'docs');
const images = join(docs, 'images');
const MOST_BYTES = 120 * 1024;
/** A page with nothing on it has less. */
const LEAST_BYTES = 6 * 1024;

const pages = () => {
  const source = readFileSync(join(here, '..', 'src', 'route.js'), 'utf8');
  return [...source.match(/PAGES = \[([^\]]+)\]/)[1].matchAll(/'(\w+)'/g)].map(([, name]) => name);
};

function check(folder, name) {
  const bytes = readFileSync(join(folder, fileOf(name)));
  assert.deepEqual(measure(bytes), sizeOf(PICTURES[name]), `${name}: run node test/shots.mjs in web/`);
  assert.ok(bytes.length < MOST_BYTES && bytes.length > LEAST_BYTES, `${name} has ${bytes.length} bytes`);
}

test('every page has its picture in the manual', fakeOnly, () => {
  assert.ok(pages().length >= 6);
  for (const page of pages()) assert.ok(PICTURES[page], `no picture of ${page}: add it to test/pictures.mjs`);
  const manual = readFileSync(join(docs, 'dashboard.md'), 'utf8');
  for (const name of Object.keys(PICTURES)) {
    check(images, name);
    assert.ok(manual.includes(`(images/${fileOf(name)})`), `docs/dashboard.md does not show ${fileOf(name)}`);
  }
  const known = Object.keys(PICTURES).map(fileOf);
  assert.deepEqual(readdirSync(images).filter((file) => file.startsWith('dashboard-') && !known.includes(file)), []);
});

test('the pictures can be made anew', fakeOnly, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockeye-pictures-'));
  try {
    await makePictures(folder);
    for (const name of Object.keys(PICTURES)) check(folder, name);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
