// Builds the pages into dist/: hashed names, no source maps, the same bytes from the same sources every time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'dist');
const src = (name) => join(here, 'src', name);

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none', // licences.txt has them in full
  target: ['chrome123', 'firefox124', 'safari17.5'],
  write: false,
  metafile: true,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  outdir: join(out, 'assets'),
  logLevel: 'warning',
};

/** Path within dist -> contents. */
const files = new Map();
const packages = new Set();

function keep(result) {
  for (const file of result.outputFiles) files.set(file.path.slice(out.length + 1), file.contents);
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
    if (found) packages.add(found[1]);
  }
}

const named = (name, extension) => {
  const found = [...files.keys()].find((path) => path.startsWith(`assets/${name}-`) && path.endsWith(extension));
  if (!found) throw new Error(`the build has no ${name}${extension}`);
  return found;
};

function icon() {
  const contents = readFileSync(src('icon.svg'));
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 8).toUpperCase();
  files.set(`assets/icon-${hash}.svg`, contents);
}

function pages() {
  const names = {
    icon: named('icon', '.svg'), style: named('style', '.css'), theme: named('theme', '.js'), app: named('app', '.js'),
    walk: named('walk', '.js'), 'walk-style': named('walk-style', '.css'),
  };
  for (const page of ['index.html', 'walk.html']) {
    files.set(page, readFileSync(src(page), 'utf8').replace(/\{\{([\w-]+)\}\}/g, (hole, name) => names[name]));
  }
}

function licence(name) {
  const folder = join(here, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function licences() {
  const rule = `\n${'-'.repeat(72)}\n\n`;
  files.set('licences.txt', `Libraries that are part of this page, and their licences.\n${rule}${[...packages].sort().map(licence).join(rule)}`);
}

keep(await build({ ...common, entryPoints: { app: src('app.js'), walk: src('walk/app.js') }, format: 'esm', splitting: true }));
keep(await build({ ...common, entryPoints: [src('theme.js')], format: 'iife' }));
keep(await build({ ...common, entryPoints: [src('style.css'), src('walk-style.css')] }));
icon();
pages();
licences();

if (existsSync(out)) rmSync(out, { recursive: true });
mkdirSync(join(out, 'assets'), { recursive: true });
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', txt: 'text/plain' };

/** What the program embeds, as the elements of a Rust array: path, media type, bytes. */
function list() {
  const rows = [...files.keys()].sort().map((path) => {
    const type = types[path.split('.').pop()];
    return `    ("/${path}", "${type}; charset=utf-8", include_bytes!("${path}")),\n`;
  });
  return `// Written by web/build.mjs: every file of the page.\n&[\n${rows.join('')}]\n`;
}

files.set('files.rs', list());
let total = 0;
for (const path of [...files.keys()].sort()) {
  const contents = Buffer.from(files.get(path));
  writeFileSync(join(out, path), contents);
  total += contents.length;
  console.log(`${String(contents.length).padStart(8)}  ${path}`);
}
console.log(`${String(total).padStart(8)}  together`);
