// What the editor offers for the modules of lessons, as a learner would type them.

import { expect, test } from 'vitest';
import { completionsAt, readStub } from './stubs';

const names = (program: string, line = program.split('\n').at(-1) ?? '') =>
  completionsAt(program, line).map(({ name }) => name);

test('modules and their names are offered where they are imported', () => {
  expect(names('import ')).toEqual(expect.arrayContaining(['llm', 'openai', 'dotenv']));
  expect(names('from ll')).toContain('llm');
  expect(names('from llm import ')).toEqual(expect.arrayContaining(['trace', 'chat']));
  expect(names('from llm import chat, tr')).toContain('trace');
  expect(names('from openai import ')).toContain('OpenAI');
});

test('a module is known by the name that the program gave it', () => {
  expect(names('import llm\nllm.')).toEqual(expect.arrayContaining(['chat', 'embed', 'stores']));
  expect(names('import llm as model\nprint(model.ch')).toContain('chat');
  expect(names('from llm import trace as t\nwith t.')).toContain('step');
  expect(names('import llm\nllm.trace.')).toContain('tool');
  expect(names('llm.')).toEqual([]);
});

test('what a call gives has its attributes', () => {
  expect(names('import llm\nreply = llm.chat("x")\nreply.')).toContain('tool_calls');
  expect(names('import llm\nreply = await llm.chat_async("x")\nreply.usage.')).toContain(
    'prompt_tokens',
  );
  const client = 'from openai import OpenAI\nclient = OpenAI(api_key="k")\n';
  expect(names(`${client}client.`)).toEqual(['chat', 'embeddings']);
  expect(names(`${client}client.chat.completions.`)).toEqual(['create']);
  expect(names(`${client}r = client.chat.completions.create()\nr.`)).toContain('choices');
  const store = 'from llm.stores import VectorStore\nstore = VectorStore()\n';
  expect(names(`${store}store.`)).toContain('search');
  expect(names('from llm import trace\nwith trace.agent("a") as me:\n    me.')).toContain('output');
});

test('what is unknown is left to others', () => {
  for (const line of ['x.', 'import os.', 'text = "llm.', '', 'a = a()\na.', '1.5.']) {
    expect(names(line)).toEqual([]);
  }
});

test('every name says what it is in both languages', () => {
  const [chat] = completionsAt('import llm\nllm.chat', 'llm.chat').filter((n) => n.name === 'chat');
  expect(chat?.signature).toContain('chat(messages: str | list[dict]');
  expect(chat?.words.en).toContain('Asks the model');
  expect(chat?.words.zh).toContain('问模型');
});

test('a stub with nothing to read is empty', () => {
  expect(readStub('').size).toBe(0);
  expect(readStub('nonsense (\n\n"""').size).toBe(0);
});
