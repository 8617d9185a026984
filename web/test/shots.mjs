// Makes the pictures of the manual anew: node test/shots.mjs [folder [name...]]; look at each before it is committed.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as dashboard from './pictures.mjs';
import * as sessions from './walk-pictures.mjs';

const [folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images'), ...given] = process.argv.slice(2);
const all = [dashboard, sessions].flatMap(({ PICTURES, fileOf, makePictures }) =>
  Object.keys(PICTURES).map((name) => ({ name, file: fileOf(name), make: () => makePictures(folder, [name]) })));
const short = (one) => one.file.replace(/^dashboard-|\.webp$/g, '');
const unknown = given.find((name) => !all.some((one) => short(one) === name));
if (unknown) {
  console.error(`there is no picture \`${unknown}\`; there are ${all.map(short).join(', ')}`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const one of all.filter((each) => !given.length || given.includes(short(each)))) {
  await one.make();
  console.log(join(folder, one.file));
}
