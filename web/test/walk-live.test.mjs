// What only the real service can show: SOCKEYE_WALK=http://127.0.0.1:8887, and SOCKEYE_BIN for the command that the page tells.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { eventually, open as openAt, shut, text } from './browser.mjs';
import { inked, realWalk, setUpWalks } from './walk-browser.mjs';
import { ring } from './walk-models.mjs';

const BIN = process.env.SOCKEYE_BIN;
const kit = realWalk.skip ? null : await setUpWalks(after);
const open = (id) => openAt(kit, id);
const binary = { skip: realWalk.skip || (BIN ? false : 'needs SOCKEYE_BIN') };

test('the command of the empty page begins a session that walks', binary, async () => {
  const page = await open('');
  await page.waitForSelector('text=Nobody walks through a model just now');
  const command = await text(page, '.command code');
  const shell = spawn('sh', ['-c', command], { detached: true, stdio: 'ignore', env: { ...process.env, PATH: `${dirname(BIN)}${delimiter}${process.env.PATH}` } });
  try {
    await page.waitForSelector('.walk-bar h1 >> text=Example');
    await eventually(async () => /\b[2-9] steps/.test(await text(page, '.walk-facts')), 'its steps');
    await eventually(async () => (await inked(page, 'accent')).n > 50, 'a current element');
  } finally {
    process.kill(-shell.pid);
  }
  await page.waitForSelector('text=This session has ended');
  await shut(page);
});

test('a guard that throws ends in a reason', realWalk, async () => {
  const gw = ring();
  gw.models[0].edges[1].guard = 'nobody.is_here';
  const client = await kit.walk(gw);
  const page = await open(client.id);
  await page.waitForSelector('.graph[data-ready]');
  await client.step();
  await client.step();
  const reply = await client.step();
  assert.equal(reply.success, false);
  await page.waitForSelector('.walk-failure');
  assert.ok((await text(page, '.walk-failure')).includes(reply.message.slice(0, 40)), reply.message);
  await eventually(async () => /failed/.test(await text(page, '.walk-bar h1')), 'the status');
  await shut(page);
  await client.end();
});

test('a walk at full speed is followed, and the page stays connected', realWalk, async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await page.waitForSelector('.graph[data-ready]');
  const burst = 64;
  let steps = 0;
  for (let round = 0; round < 300; round += 1) {
    await Promise.all(Array.from({ length: burst }, () => client.step()));
    steps += burst;
  }
  await eventually(async () => (await text(page, '.walk-facts')).includes(`${steps.toLocaleString('en')} steps`), 'the last step');
  assert.equal(await page.locator('.status.down').count(), 0);
  await shut(page);
  await client.end();
});

test('a delay slows a walk down, and ends with the page', realWalk, async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await page.waitForSelector('.graph[data-ready]');
  await page.focus('.delay input');
  await page.keyboard.press('End'); // 5 s
  await eventually(async () => /5 s/.test(await text(page, '.delay')), 'the delay');
  await eventually(async () => { const before = performance.now(); await client.step(); return performance.now() - before > 4000; }, 'a step that waits');
  await shut(page);
  await eventually(async () => { const before = performance.now(); await client.step(); return performance.now() - before < 4000; }, 'steps that do not');
  await client.end();
});

/** The REST service with a model, on any free port: its address once it listens. */
async function rest(folder) {
  const model = join(folder, 'ring.json');
  writeFileSync(model, JSON.stringify(ring()));
  const words = ['gw', 'online', '--service', 'RESTFUL', '--port', '0', '-m', model, 'random(never)'];
  const service = spawn(BIN, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: service.stderr })) {
    const [, address] = /^listening on ws:\/\/(\S+)/.exec(line) ?? [];
    if (address) return { service, url: `http://${address}` };
  }
  throw new Error('the service has ended');
}

test('the one walk of the REST service is drawn and held, too', binary, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockeye-rest-'));
  const { service, url } = await rest(folder);
  try {
    const page = await openAt({ ...kit, url }, '');
    await page.waitForSelector('.graph[data-ready]');
    const next = () => fetch(`${url}/graphwalker/getNext`).then((answer) => answer.json());
    await next();
    await next();
    await eventually(async () => /2 steps/.test(await text(page, '.walk-facts')), 'two steps');
    await page.click('button:has-text("Pause")');
    await page.waitForSelector('button:has-text("Resume")');
    const held = next();
    await page.click('button:has-text("Step")');
    assert.equal((await held).result, 'ok');
    await eventually(async () => /3 steps/.test(await text(page, '.walk-facts')), 'the third');
    await page.click('button:has-text("Resume")');
    await shut(page);
  } finally {
    service.kill();
    rmSync(folder, { recursive: true });
  }
});
