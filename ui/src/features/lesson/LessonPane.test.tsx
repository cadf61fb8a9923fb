// A lesson comes to life: links stay inside or ask, code is copied, hints come one at a time, and
// renderers are loaded only by lessons that need them.

import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { LessonView } from '../../bindings/LessonView';
import { seriousFindings } from '../../testing/axe';
import { fakeLessonView } from '../../testing/fake-course';
import { createFakePlatform } from '../../testing/fake-platform';
import { renderPage } from '../../testing/render';
import { LessonPane } from './LessonPane';

const loaded = vi.hoisted(() => ({ math: 0, diagrams: 0 }));
vi.mock('./math', () => {
  loaded.math += 1;
  return { drawMath: (tex: string, into: Element) => into.replaceChildren(`drawn ${tex}`) };
});
vi.mock('./diagrams', () => {
  loaded.diagrams += 1;
  return {
    drawDiagram: async (source: string, theme: string) => {
      if (source.includes('broken')) return null;
      const link = source.includes('click')
        ? '<a href="https://example.org/"><text>out</text></a>'
        : '';
      return `<svg data-theme="${theme}">${link}</svg>`;
    },
  };
});

/** What runs blocks is another feature's. */
const noCell = () => null;
const PASSED = new Set(['hello']);

function open(id: string, change: Partial<LessonView> = {}) {
  const view = { ...fakeLessonView(id, 'en')!, ...change };
  const [onOpen, onLanguage] = [vi.fn(), vi.fn()];
  const platform = createFakePlatform();
  const pane = (shown: LessonView, theme: 'light' | 'dark' = 'light') => (
    <LessonPane
      view={shown}
      current
      wanted="en"
      theme={theme}
      anchor={null}
      onOpen={onOpen}
      onLanguage={onLanguage}
      passed={PASSED}
      cell={noCell}
    />
  );
  const page = renderPage(pane(view), platform);
  return { ...page, onOpen, onLanguage, view, pane, platform };
}

/** A drawing stands behind a root of its own. */
const drawn = (picture: Element) => picture.firstElementChild?.shadowRoot?.querySelector('svg');

test('a lesson without formulas and diagrams loads no renderer', async () => {
  open('hello');
  await screen.findByRole('heading', { name: 'Your task' });
  expect(loaded).toEqual({ math: 0, diagrams: 0 });
  expect(await seriousFindings()).toEqual([]);
});

test('formulas and diagrams are drawn where they are', async () => {
  const { container } = open('tools');
  await screen.findByText(/^drawn p_i/);
  const picture = await screen.findByRole('img', { name: 'Diagram: Observe, Decide, Act' });
  expect(drawn(picture)).toHaveAttribute('data-theme', 'light');
  expect(container.querySelectorAll('.math[data-drawn]')).toHaveLength(2);
  expect(await seriousFindings()).toEqual([]);
});

test('a formula is drawn when the reader comes near it', async () => {
  const far: [IntersectionObserverCallback, Element][] = [];
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe: (formula: Element) => void;
      constructor(tell: IntersectionObserverCallback) {
        this.observe = (formula) => far.push([tell, formula]);
      }
      unobserve() {}
      disconnect() {}
    },
  );
  const html = '<p><span class="math">a</span> <span class="math">b</span></p>';
  const { container } = open('tools', { html, hasDiagrams: false });
  const [, [tell, second]] = far as [unknown, [IntersectionObserverCallback, Element]];
  const entry = (isIntersecting: boolean) =>
    [{ target: second, isIntersecting }] as unknown as IntersectionObserverEntry[];
  const observer = { unobserve() {} } as unknown as IntersectionObserver;
  tell(entry(false), observer);
  tell(entry(true), observer);
  await screen.findByText('drawn b');
  expect(container.querySelectorAll('[data-drawn]')).toHaveLength(1);
  vi.unstubAllGlobals();
});

test('a diagram that is none stays as its source', async () => {
  const { container } = open('tools', {
    html: '<pre class="mermaid">broken</pre>',
    hasMath: false,
  });
  await waitFor(() => expect(container.querySelector('[data-drawn]')).not.toBeNull());
  expect(screen.getByText('broken')).toBeInTheDocument();
});

test('a link to a lesson opens it, with the heading it names', async () => {
  const html = '<p><a href="#lesson/notes" data-lesson="notes" data-anchor="h-why">why</a></p>';
  const { user, onOpen } = open('hello', { html });
  await user.click(screen.getByText('why'));
  expect(onOpen).toHaveBeenCalledWith({ course: 'first-agent', lesson: 'notes' }, 'h-why');
});

test('a link in a diagram asks like any other', async () => {
  const html = '<pre class="mermaid">click A</pre>';
  const { user } = open('tools', { html, hasMath: false });
  const picture = await screen.findByRole('img', { name: /^Diagram/ });
  await user.click(drawn(picture)!.querySelector('text')!);
  expect(await screen.findByRole('dialog')).toHaveTextContent('https://example.org/');
});

test('a link to the web says where it leads and asks', async () => {
  const { user, platform } = open('hello');
  const went = vi.spyOn(platform, 'openExternal');
  const link = screen.getByText('the Python documentation');
  await user.click(link);
  const question = await screen.findByRole('dialog');
  expect(question).toHaveTextContent('https://docs.python.org/3/');
  await user.keyboard('{Enter}');
  expect(went).not.toHaveBeenCalled();
  await user.click(link);
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Open' }));
  expect(went).toHaveBeenCalledWith('https://docs.python.org/3/');
});

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'tauri://localhost/x', ''])(
  'a link to %j leads nowhere',
  async (href) => {
    const { user, onOpen } = open('hello', { html: `<p><a href="${href}">x</a></p>` });
    const before = window.location.href;
    await user.click(screen.getByText('x'));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(onOpen).not.toHaveBeenCalled();
    expect(window.location.href).toBe(before);
  },
);

test('code is copied as it stands, and the button says so', async () => {
  const { user } = open('hello');
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await navigator.clipboard.readText()).toBe('def decide(observation):\n    return "wait"');
  expect(screen.getByRole('button', { name: 'Copied' })).toBeInTheDocument();
  expect(screen.getByTestId('announcer')).toHaveTextContent('Copied');
});

test('hints come one at a time, by key and by button, and the last one is the last', async () => {
  const { user } = open('hello');
  await user.keyboard('h');
  expect(await screen.findByText(/Look at what is in/)).toBeInTheDocument();
  expect(screen.queryByText(/Decide with/)).not.toBeInTheDocument();
  expect(screen.getByTestId('announcer')).toHaveTextContent('Hint 1 of 3 shown');
  expect(await seriousFindings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: /Show hint 2 of 3/ }));
  await user.keyboard('hhh');
  expect(screen.getAllByRole('heading', { level: 2, name: /^Hint/ })).toHaveLength(3);
  expect(screen.getByText('That was the last hint.')).toBeInTheDocument();
});

test('looking at the hints reveals none', async () => {
  const { user } = open('hello');
  await user.click(screen.getByRole('tab', { name: /Hints/ }));
  expect(screen.getByText(/Stuck\?/)).toBeInTheDocument();
  expect(screen.queryByText(/Look at what is in/)).not.toBeInTheDocument();
});

test('a lesson without hints says what to do instead', async () => {
  const { user } = open('notes');
  await user.click(screen.getByRole('tab', { name: /Hints/ }));
  expect(screen.getByText('This lesson has no hints')).toBeInTheDocument();
});

test('the ends of the course have no way beyond them', () => {
  open('notes');
  expect(screen.getByRole('button', { name: 'Previous lesson' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Next lesson' })).not.toBeInTheDocument();
  expect(screen.getByText('CC BY-SA 4.0 · HelloAgents')).toBeInTheDocument();
});

test('a lesson that lacks the language asked for says so', () => {
  open('hello', { language: 'zh' });
  expect(screen.getByText('This lesson exists only in Chinese so far.')).toBeInTheDocument();
});

test('the outline lists the headings and leads to them', async () => {
  const { user, onOpen, view } = open('hello');
  await user.click(screen.getByRole('button', { name: 'In this lesson' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Your task' }));
  expect(onOpen).toHaveBeenCalledWith(view.lesson, 'h-task');
});

test('a picture that is not there says what it was to show', async () => {
  const pictures =
    '<p><img src="hello/a%20b.png" alt="The loop"><img src="hello/%E5%9B%BE.png" alt=""></p>';
  open('hello', { html: pictures });
  const picture = await screen.findByRole('img', { name: 'The loop' });
  fireEvent.error(picture);
  fireEvent.error(document.querySelector('img') as Element);
  expect(screen.getByText('Picture missing: The loop')).toBeInTheDocument();
  expect(screen.getByText('Picture missing: 图.png')).toBeInTheDocument();
  expect(screen.queryByRole('img')).not.toBeInTheDocument();
});

test('a lesson says what it builds on and what it needs, and locks nothing', async () => {
  const { user, onOpen, view } = open('notes');
  const known = within(screen.getByText('Builds on:')).getAllByRole('listitem');
  expect(known.map((item) => item.textContent)).toEqual(['1.1 The first loop', '1.2 Tools']);
  expect(within(known[0]!).getByRole('img', { name: 'passed' })).toBeVisible();
  expect(within(known[1]!).queryByRole('img')).toBeNull();
  expect(screen.getByText(/^Needs:/)).toHaveTextContent(
    'Needs: Docker · a language model · numpy · api.example.com',
  );
  expect(await seriousFindings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: '1.2 Tools' }));
  expect(onOpen).toHaveBeenCalledWith(view.prerequisites[1]?.lesson);
});

test('a lesson that needs nothing and builds on nothing says nothing of it', () => {
  open('hello');
  expect(screen.queryByText(/Needs:|Builds on:/)).toBeNull();
});
