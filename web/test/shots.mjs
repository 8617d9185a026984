// Makes the pictures of the manual anew: node test/shots.mjs [folder [name...]]; look at each before it is committed.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PICTURES, fileOf, makePictures } from './pictures.mjs';

const [folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images'), ...names] = process.argv.slice(2);
const unknown = names.find((name) => !PICTURES[name]);
if (unknown) {
  console.error(`there is no picture \`${unknown}\`; there are ${Object.keys(PICTURES).join(', ')}`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
await makePictures(folder, names.length ? names : undefined);
console.log((names.length ? names : Object.keys(PICTURES)).map((name) => join(folder, fileOf(name))).join('\n'));
