// A text in the place of an older version of itself. The blocks that are the same stay as they are,
// with their drawn formulas and at their height: the reader's eye keeps its place, and a chapter as
// long as a book's is not laid out anew for one word.

/** The top-level nodes of the text in a root as they were written, before they were brought to life. */
export type Written = readonly string[];

/** Shows `html` in the root, which shows `old`; answers what it shows now. */
export function patchText(root: HTMLElement, old: Written, html: string): Written {
  // Parsed as the page would, and without running or loading anything.
  const parsed = document.createElement('template');
  parsed.innerHTML = html;
  const nodes = [...parsed.content.childNodes];
  const now = nodes.map((node) =>
    node instanceof Element ? node.outerHTML : (node.nodeValue ?? ''),
  );
  const shown = [...root.childNodes];
  // What brings blocks to life puts one node in the place of one; if ever not, all is put in anew.
  const same = shown.length === old.length ? unchanged(old, now) : { before: 0, after: 0 };
  for (const node of shown.slice(same.before, shown.length - same.after)) node.remove();
  const next = root.childNodes[same.before] ?? null;
  const fresh = document.createDocumentFragment();
  fresh.append(...nodes.slice(same.before, nodes.length - same.after));
  root.insertBefore(fresh, next);
  return now;
}

/** How many nodes are the same from the beginning on, and how many of the others to the end. */
function unchanged(old: Written, now: Written): { before: number; after: number } {
  const most = Math.min(old.length, now.length);
  let before = 0;
  while (before < most && old[before] === now[before]) before += 1;
  let after = 0;
  while (after < most - before && old.at(-1 - after) === now.at(-1 - after)) after += 1;
  return { before, after };
}
