// How smooth a page is while something goes on: frames, long tasks, and how busy the machine is besides.
import assert from 'node:assert/strict';

export const WARM_UP_MS = 2000;
const MEASURE_MS = 10_000;
/** What the page aims at, and what fails on a machine that has nothing else to do; on a busy one, in proportion. */
const AIM_TASK_MS = 100;
const WORST_TASK_MS = 400;
const LEAST_FRAMES = 20;

export function measure(ms) {
  return new Promise((resolve) => {
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))));
    observer.observe({ type: 'longtask' });
    const start = performance.now();
    let frames = 0;
    let longest = 0;
    let before = start;
    const frame = (now) => {
      frames += 1;
      longest = Math.max(longest, now - before);
      before = now;
      if (now - start < ms) return requestAnimationFrame(frame);
      observer.disconnect();
      return resolve({ tasks, frames: Math.round((frames * 1000) / (now - start)), longest: Math.round(longest), heap: Math.round((performance.memory?.usedJSHeapSize ?? 0) / 1e6) });
    };
    requestAnimationFrame(frame);
  });
}

/** How much longer the same work takes in the worst of ten cases than in the best: 1, or more where others want the processor. */
function slowness() {
  const times = [];
  for (let n = 0; n < 40; n += 1) {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < 6e6; i += 1) sum += i % 7;
    times.push(performance.now() - start + (sum < 0 ? 1 : 0));
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.9)] / times[0];
}

export async function judge(t, page, name) {
  const blank = await page.context().newPage();
  const slow = await blank.evaluate(slowness);
  await blank.close();
  const { tasks, frames, longest, heap } = await page.evaluate(measure, MEASURE_MS);
  const worst = Math.max(0, ...tasks);
  t.diagnostic(`${name}: ${frames} frames/s, longest frame ${longest} ms, ${tasks.length} tasks over 50 ms, longest task ${worst} ms, heap ${heap} MB, machine ${slow.toFixed(1)} times slower than its best`);
  if (worst > AIM_TASK_MS) t.diagnostic(`${name}: a task took longer than ${AIM_TASK_MS} ms`);
  assert.ok(worst < WORST_TASK_MS * slow, `a task of ${worst} ms`);
  assert.ok(frames > LEAST_FRAMES / slow, `${frames} frames a second`);
}
