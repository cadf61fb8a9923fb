// Questions are answered by keyboard alone, judged by the core, and can be tried again.

import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { QuestionView } from '../../bindings/QuestionView';
import { seriousFindings } from '../../testing/axe';
import { createFakePlatform } from '../../testing/fake-platform';
import { renderPage } from '../../testing/render';
import { Questions } from './Questions';

const ASKED: QuestionView[] = [
  {
    id: 'one',
    prompt: '<p>Pick <strong>one</strong></p>',
    form: { type: 'choice', options: ['<p>a loop</p>', '<p>a list</p>'], many: false },
    answered: null,
  },
  { id: 'fill', prompt: '<p>Fill</p>', form: { type: 'fill' }, answered: null },
  {
    id: 'predict',
    prompt: '<p>Predict</p>',
    form: { type: 'predict', code: '<pre><code>print(1)</code></pre>' },
    answered: {
      answer: { type: 'written', text: '1' },
      right: true,
      tries: 1,
      said: ['<p>Of course.</p>'],
    },
  },
  {
    id: 'order',
    prompt: '<p>Order</p>',
    form: { type: 'order', lines: ['b = a', 'import os', 'a = 1'], extra: true },
    answered: null,
  },
];

const LESSON = { course: 'first-agent', lesson: 'hello' };

async function shown(onAnswer?: () => boolean) {
  const platform = createFakePlatform({ questions: ASKED, ...(onAnswer && { onAnswer }) });
  const page = renderPage(<Questions lesson={LESSON} language="en" />, platform);
  await screen.findByRole('heading', { name: 'Questions' });
  return { ...page, items: screen.getAllByRole('listitem').filter((li) => li.closest('ol > li')) };
}

const form = (name: string) => {
  const found = screen.getByText(name).closest('form');
  if (!found) throw new Error(`${name} is in no form`);
  return within(found);
};

test('what was answered last time is there, and nothing is serious for axe', async () => {
  await shown();
  expect(screen.getByText('1 of 4 right')).toBeInTheDocument();
  expect(form('Predict').getByText('Of course.')).toBeInTheDocument();
  expect(await seriousFindings()).toEqual([]);
});

test('a wrong answer says so, and another one can be given', async () => {
  let isRight = false;
  const { user, platform } = await shown(() => isRight);
  const ask = form('one');
  expect(ask.getByRole('button', { name: 'Answer' })).toBeDisabled();
  await user.click(ask.getByRole('radio', { name: 'a list' }));
  await user.click(ask.getByRole('button', { name: 'Answer' }));
  expect(await ask.findByText(/Not yet/)).toBeInTheDocument();
  isRight = true;
  await user.click(ask.getByRole('radio', { name: 'a loop' }));
  await user.click(ask.getByRole('button', { name: 'Answer' }));
  expect(await ask.findByText('Right')).toBeInTheDocument();
  expect(screen.getByText('2 of 4 right')).toBeInTheDocument();
  expect(platform.answers.map(({ answer }) => answer)).toEqual([
    { type: 'chosen', options: [1] },
    { type: 'chosen', options: [0] },
  ]);
});

test('a word is sent with Enter', async () => {
  const { user, platform } = await shown();
  await user.type(form('Fill').getByRole('textbox', { name: 'Fill in' }), 'while{Enter}');
  expect(await form('Fill').findByText('Right')).toBeInTheDocument();
  expect(platform.answers[0]).toEqual({
    question: 'fill',
    answer: { type: 'written', text: 'while' },
  });
});

test('lines are ordered without a mouse, and what belongs nowhere is put aside', async () => {
  const { user, platform } = await shown();
  const ask = form('Order');
  await user.click(ask.getByRole('button', { name: 'Put aside: import os' }));
  ask.getByRole('button', { name: 'Up: a = 1' }).focus();
  await user.keyboard('{Enter}');
  await user.click(ask.getByRole('button', { name: 'Answer' }));
  expect(platform.answers[0]?.answer).toEqual({ type: 'ordered', lines: [2, 0] });
  await user.click(ask.getByRole('button', { name: 'Take back: import os' }));
  expect(ask.getByRole('button', { name: 'Answer' })).toBeEnabled();
});

test('a lesson without questions shows nothing', async () => {
  const { container } = renderPage(<Questions lesson={LESSON} language="en" />);
  await Promise.resolve();
  expect(container.querySelector('section')).toBeNull();
});
