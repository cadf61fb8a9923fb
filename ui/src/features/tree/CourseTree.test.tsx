// The tree by keyboard, as the pattern for trees has it, and how far the learner is without colour.

import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { seriousFindings } from '../../testing/axe';
import { fakeTree } from '../../testing/fake-course';
import { renderPage } from '../../testing/render';
import { CourseProblems } from './CourseProblems';
import { CourseTree } from './CourseTree';

function open(current = 'hello') {
  const tree = fakeTree();
  tree.chapters[0]!.lessons[0]!.state = 'passed';
  tree.chapters[0]!.lessons[1]!.state = 'started';
  const onOpen = vi.fn();
  const page = <CourseTree tree={tree} current={current} language="en" onOpen={onOpen} />;
  return { ...renderPage(page), onOpen };
}

const focused = () => document.activeElement?.getAttribute('aria-label');

test('it says chapters, lessons and how far the learner is', async () => {
  open();
  const names = screen.getAllByRole('treeitem').map((item) => item.getAttribute('aria-label'));
  expect(names).toEqual([
    '1 Meet the agent, 1 of 2 passed',
    '1.1 The first loop, passed',
    '1.2 Tools, started',
    '2 Memory, 0 of 1 passed',
    '2.1 Notes, not started',
  ]);
  expect(await seriousFindings()).toEqual([]);
});

test('one row is in the tab order: the open lesson', async () => {
  const { user } = open('tools');
  await user.tab();
  expect(focused()).toBe('1.2 Tools, started');
  expect(screen.getByRole('treeitem', { current: 'page' })).toHaveFocus();
  await user.tab();
  expect(document.body).toHaveFocus();
});

test.each<[string, string]>([
  ['{ArrowDown}', '1.2 Tools, started'],
  ['{ArrowDown}{ArrowDown}', '2 Memory, 0 of 1 passed'],
  ['{ArrowUp}', '1 Meet the agent, 1 of 2 passed'],
  ['{ArrowUp}{ArrowUp}', '1 Meet the agent, 1 of 2 passed'],
  ['{End}', '2.1 Notes, not started'],
  ['{End}{Home}', '1 Meet the agent, 1 of 2 passed'],
  ['{ArrowLeft}', '1 Meet the agent, 1 of 2 passed'],
  ['{ArrowLeft}{ArrowRight}', '1.1 The first loop, passed'],
])('%s leads from the first lesson to %s', async (keys, name) => {
  const { user } = open();
  await user.tab();
  await user.keyboard(keys);
  expect(focused()).toBe(name);
});

test('a chapter closes with Left and opens with Right, and its lessons leave the walk', async () => {
  const { user } = open();
  await user.tab();
  await user.keyboard('{ArrowLeft}{ArrowLeft}');
  const chapter = screen.getByRole('treeitem', { name: /Meet the agent/ });
  expect(chapter).toHaveAttribute('aria-expanded', 'false');
  await user.keyboard('{ArrowDown}');
  expect(focused()).toBe('2 Memory, 0 of 1 passed');
  await user.keyboard('{ArrowUp}{ArrowRight}');
  expect(chapter).toHaveAttribute('aria-expanded', 'true');
});

test('Enter, Space and a click open a lesson', async () => {
  const { user, onOpen } = open();
  await user.tab();
  await user.keyboard('{ArrowDown}{Enter}');
  await user.keyboard(' ');
  await user.click(screen.getByText('Notes'));
  expect(onOpen.mock.calls).toEqual([['tools'], ['tools'], ['notes']]);
});

test('problems in the course files are there for who looks', async () => {
  const { user } = renderPage(
    <CourseProblems
      problems={[
        {
          file: 'a/lesson.en.md',
          line: 3,
          reason: { zh: '链接走不通。', en: 'Link leads nowhere.' },
        },
      ]}
    />,
  );
  await user.click(screen.getByText('1 problem in the course files'));
  expect(screen.getByText('a/lesson.en.md, line 3')).toBeVisible();
  expect(screen.getByText('Link leads nowhere.')).toBeVisible();
});
