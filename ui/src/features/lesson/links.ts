// What a link in a lesson means. Nothing in a lesson may take the window away.

export type LinkTarget =
  | { kind: 'anchor'; id: string }
  | { kind: 'lesson'; lesson: string; anchor: string | null }
  | { kind: 'external'; url: string }
  | { kind: 'nothing' };

/** Reads what the core wrote, not what the web view makes of it. */
export function targetOf(link: Element): LinkTarget {
  const lesson = link.getAttribute('data-lesson');
  if (lesson) return { kind: 'lesson', lesson, anchor: link.getAttribute('data-anchor') };
  const href = link.getAttribute('href') ?? '';
  if (href.startsWith('#')) return { kind: 'anchor', id: href.slice(1) };
  if (/^https?:\/\//i.test(href)) return { kind: 'external', url: href };
  return { kind: 'nothing' };
}
