// Long work in slices: a generator that stops now and then is taken further between frames.

const SLICE_MS = 8;

/** Gives the generator's result, or nothing once `abort` is aborted. */
export async function inSlices(work, abort) {
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((resolve) => { setTimeout(resolve); });
    if (abort?.aborted) return undefined;
    began = performance.now();
  }
}
