// A list of rows of one height, of which only those in sight exist; follows its end until somebody scrolls up.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';

const SPARE = 6;

/** Where the list stands: scroll position, and whether it sticks to its end. */
export function useWindow(rowHeight, length, gone, follow, setFollow) {
  const box = useRef(null);
  const last = useRef({ top: 0, height: 0 });
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);

  useEffect(() => {
    const sizes = new ResizeObserver(() => setHeight(box.current?.clientHeight ?? 0));
    sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);

  // Rows that left at the top must not move those that somebody reads.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return; // the page was left in the same turn
    if (follow) element.scrollTop = element.scrollHeight;
    else if (gone.current) element.scrollTop -= gone.current * rowHeight;
    gone.current = 0;
    last.current = { top: element.scrollTop, height: element.scrollHeight };
    if (!follow && element.scrollTop !== top) setTop(element.scrollTop);
  });

  const onScroll = () => {
    const element = box.current;
    if (!element) return; // a scroll is told late, and the page may be left by then
    const before = last.current;
    const end = element.scrollHeight - element.clientHeight;
    const up = element.scrollTop < before.top - 1 && element.scrollHeight >= before.height;
    last.current = { top: element.scrollTop, height: element.scrollHeight };
    if (follow && !up) return;
    if (up && follow && element.scrollTop < end - 1) setFollow(false);
    else if (!follow && !up && element.scrollTop >= end - 1) setFollow(true);
    setTop(element.scrollTop);
  };
  // The wheel says it before the first pixel moved; otherwise the next message would pull the list back down.
  const onWheel = (event) => {
    const element = box.current;
    if (!element) return;
    if (event.deltaY >= 0 || element.scrollHeight <= element.clientHeight) return;
    setTop(element.scrollTop);
    setFollow(false);
  };

  const at = follow ? Math.max(0, length * rowHeight - height) : top;
  const from = Math.max(0, Math.min(length, Math.floor(at / rowHeight)) - SPARE);
  const to = Math.min(length, Math.ceil((at + height) / rowHeight) + SPARE);
  return { box, from, to, onScroll, onWheel };
}

/** Scrolls as little as needed to bring a row into sight. */
export function reveal(element, index, rowHeight) {
  const at = index * rowHeight;
  if (at < element.scrollTop) element.scrollTop = at;
  else if (at + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = at + rowHeight - element.clientHeight;
}

export const Sizer = ({ length, from, rowHeight, children }) => html`
  <div class="sizer" role="presentation" style=${{ height: `${length * rowHeight}px` }}>
    <div class="slice" role="presentation" style=${{ transform: `translateY(${from * rowHeight}px)` }}>${children}</div>
  </div>`;
