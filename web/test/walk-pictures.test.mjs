// The manual shows the page of model sessions; its pictures can be made anew and have the size that they should have.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fakeWalk } from './walk-browser.mjs';
import { measure } from './pictures.mjs';
import { PICTURES, fileOf, makePictures, sizeOf } from './walk-pictures.mjs';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs');
const images = join(docs, 'images');
const MOST_BYTES = 120 * 1024;
const LEAST_BYTES = 6 * 1024;

function check(folder, name) {
  const bytes = readFileSync(join(folder, fileOf(name)));
  assert.deepEqual(measure(bytes), sizeOf(PICTURES[name]), `${name}: run node test/shots.mjs in web/`);
  assert.ok(bytes.length < MOST_BYTES && bytes.length > LEAST_BYTES, `${name} has ${bytes.length} bytes`);
}

test('the manual shows every picture, and there is no other', fakeWalk, () => {
  const manual = readFileSync(join(docs, 'sessions.md'), 'utf8');
  for (const name of Object.keys(PICTURES)) {
    check(images, name);
    assert.ok(manual.includes(`(images/${fileOf(name)})`), `docs/sessions.md does not show ${fileOf(name)}`);
  }
  const known = Object.keys(PICTURES).map(fileOf);
  assert.deepEqual(readdirSync(images).filter((file) => file.startsWith('sessions-') && !known.includes(file)), []);
});

test('the pictures can be made anew', fakeWalk, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockeye-pictures-'));
  try {
    await makePictures(folder);
    for (const name of Object.keys(PICTURES)) check(folder, name);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
