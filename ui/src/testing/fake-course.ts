// One tiny course for the in-memory platform: real enough to look at, small enough to assert on.

import type { CourseNeeds } from '../bindings/CourseNeeds';
import type { CourseTree } from '../bindings/CourseTree';
import type { Language } from '../bindings/Language';
import type { LessonFile } from '../bindings/LessonFile';
import type { LessonText } from '../bindings/LessonText';
import type { LessonView } from '../bindings/LessonView';
import type { Words } from '../bindings/Words';

export const COURSE = 'first-agent';

/** The parts of a fake lesson that do not follow from its place in the course. */
export interface FakeLesson {
  id: string;
  title: Words;
  html: Words;
  hints: Words[];
  files: LessonFile[];
  checks: { id: string; title: Words }[];
  /** Ids of the lessons it builds on. */
  after?: string[];
  needs?: CourseNeeds;
}

const cells = [
  ['data-name="rain"', 'notes = ["rain"]\nprint(notes)\n'],
  ['data-after="rain"', 'print("remembered")\n'],
]
  .map(
    ([order, code]) =>
      `<pre class="code" tabindex="0" data-language="python" data-run="" ${order}><code>${code}</code></pre>`,
  )
  .join('');

const starter = (path: string, text: string): LessonFile => ({
  path,
  text,
  origin: 'starter',
  changed: false,
});

export const fakeChapters: { id: string; title: Words; lessons: FakeLesson[] }[] = [
  {
    id: 'basics',
    title: { zh: '认识智能体', en: 'Meet the agent' },
    lessons: [
      {
        id: 'hello',
        title: { zh: '第一个循环', en: 'The first loop' },
        html: {
          zh: `<h2 id="h-what">什么是智能体</h2><p>智能体（agent）是一个会<strong>观察、决定、行动</strong>的程序。它和普通脚本的差别只有一个 while 循环：每转一圈，都先看看世界变成了什么样，再决定下一步。</p><pre class="code" tabindex="0" data-language="python"><code class="language-python"><span class="hl-keyword">def</span> decide(observation):\n    <span class="hl-keyword">return</span> <span class="hl-string">"wait"</span></code></pre><h2 id="h-task">你的任务</h2><p>改写 <code>decide</code>，下雨时让它回答 <code>"umbrella"</code>。读不懂的话，先看<a href="#lesson/tools" data-lesson="tools">下一课</a>，或者<a data-external rel="noopener noreferrer" href="https://docs.python.org/3/">Python 文档</a>。</p><ul><li>只改 <code>main.py</code></li><li>运行一次，看看输出</li></ul>`,
          en: `<h2 id="h-what">What an agent is</h2><p>An agent is a program that <strong>observes, decides and acts</strong>. Only one <code>while</code> loop sets it apart from an ordinary script: each time round it looks at what the world has become before it chooses the next step.</p><pre class="code" tabindex="0" data-language="python"><code class="language-python"><span class="hl-keyword">def</span> decide(observation):\n    <span class="hl-keyword">return</span> <span class="hl-string">"wait"</span></code></pre><h2 id="h-task">Your task</h2><p>Change <code>decide</code> so that it answers <code>"umbrella"</code> when it rains. If that is unclear, read <a href="#lesson/tools" data-lesson="tools">the next lesson</a> or <a data-external rel="noopener noreferrer" href="https://docs.python.org/3/">the Python documentation</a>.</p><ul><li>Change only <code>main.py</code></li><li>Run it once and look at the output</li></ul>`,
        },
        hints: [
          {
            zh: '<p>看看 <code>observation</code> 里有什么。</p>',
            en: '<p>Look at what is in <code>observation</code>.</p>',
          },
          { zh: '<p>用 <code>if</code> 判断。</p>', en: '<p>Decide with <code>if</code>.</p>' },
          {
            zh: '<pre><code>if observation == "rain":</code></pre>',
            en: '<pre><code>if observation == "rain":</code></pre>',
          },
        ],
        files: [
          starter(
            'main.py',
            'def decide(observation):\n    return "wait"\n\n\nprint(decide("rain"))\n',
          ),
          starter('tools.py', 'def look():\n    return "rain"\n'),
          {
            path: 'data/weather.csv',
            text: 'day,weather\n1,rain\n',
            origin: 'data',
            changed: false,
          },
        ],
        checks: [
          { id: 'rain', title: { zh: '下雨时带伞', en: 'Takes an umbrella in the rain' } },
          { id: 'sun', title: { zh: '晴天时等待', en: 'Waits in the sun' } },
        ],
      },
      {
        id: 'tools',
        title: { zh: '工具', en: 'Tools' },
        html: {
          zh: `<h2 id="h-score">给工具打分</h2><p>选择概率最大的工具：<span class="math" data-display="false">p_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}</span>，其中分数来自</p><p><span class="math" data-display="true">s_i = \\mathbf{w}^\\top \\mathbf{x}_i</span></p><pre class="mermaid">flowchart LR\n  A[观察] --&gt; B[决定]\n  B --&gt; C[行动]\n  C --&gt; A</pre><aside class="callout callout-note" role="note" aria-label="说明"><p class="callout-title">说明</p><p>温度越低，选择越确定。</p></aside><div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table><thead><tr><th>工具</th><th>用途</th></tr></thead><tbody><tr><td><code>look</code></td><td>看天气</td></tr><tr><td><code>walk</code></td><td>出门</td></tr></tbody></table></div>`,
          en: `<h2 id="h-score">Scoring tools</h2><p>Take the most likely tool: <span class="math" data-display="false">p_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}</span>, where the scores come from</p><p><span class="math" data-display="true">s_i = \\mathbf{w}^\\top \\mathbf{x}_i</span></p><pre class="mermaid">flowchart LR\n  A[Observe] --&gt; B[Decide]\n  B --&gt; C[Act]\n  C --&gt; A</pre><aside class="callout callout-note" role="note" aria-label="Note"><p class="callout-title">Note</p><p>The lower the temperature, the surer the choice.</p></aside><div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table><thead><tr><th>Tool</th><th>Use</th></tr></thead><tbody><tr><td><code>look</code></td><td>See the weather</td></tr><tr><td><code>walk</code></td><td>Go out</td></tr></tbody></table></div>`,
        },
        hints: [],
        files: [starter('main.py', 'name = input("name? ")\nprint("你好", name)\n')],
        checks: [{ id: 'greets', title: { zh: '会打招呼', en: 'Greets by name' } }],
      },
    ],
  },
  {
    id: 'memory',
    title: { zh: '记忆', en: 'Memory' },
    lessons: [
      {
        id: 'notes',
        title: { zh: '便签', en: 'Notes' },
        html: {
          zh: `<h2 id="h-why">为什么要记</h2><p>没有记忆，每一步都是第一步。</p>${cells}`,
          en: `<h2 id="h-why">Why remember</h2><p>Without memory every step is the first one.</p>${cells}`,
        },
        hints: [],
        files: [starter('main.py', 'notes = []\n')],
        checks: [],
        after: ['hello', 'tools'],
        needs: { docker: true, model: true, network: ['api.example.com'], packages: ['numpy'] },
      },
    ],
  },
];

const places = fakeChapters.flatMap((chapter, c) =>
  chapter.lessons.map((lesson, l) => ({ chapter, lesson, number: `${c + 1}.${l + 1}` })),
);

/** The course as the tree shows it, nothing learnt yet. */
export function fakeTree(): CourseTree {
  return {
    id: COURSE,
    title: { zh: '第一个智能体', en: 'Your First Agent' },
    chapters: fakeChapters.map(({ id, title, lessons }) => ({
      id,
      title,
      lessons: lessons.map((lesson) => ({
        id: lesson.id,
        title: lesson.title,
        minutes: 10,
        state: 'new',
      })),
    })),
    problems: [],
  };
}

/** A lesson before the learner touched it; `undefined` when the course has none of this id. */
export function fakeLessonView(id: string, language: Language): LessonView | undefined {
  const at = places.findIndex(({ lesson }) => lesson.id === id);
  const place = places[at];
  if (!place) return undefined;
  const { lesson, chapter, number } = place;
  const html = lesson.html[language];
  const neighbour = (i: number) => {
    const other = places[i];
    return other ? { course: COURSE, lesson: other.lesson.id } : null;
  };
  return {
    lesson: { course: COURSE, lesson: id },
    title: lesson.title,
    chapterTitle: chapter.title,
    number,
    language,
    html,
    outline: [...html.matchAll(/<h(\d) id="([^"]+)">([^<]+)/g)].map(([, level, anchor, text]) => ({
      id: anchor ?? '',
      level: Number(level),
      text: text ?? '',
    })),
    hasMath: html.includes('class="math"'),
    hasDiagrams: html.includes('class="mermaid"'),
    needsDocker: false,
    minutes: 10,
    needs: lesson.needs ?? { docker: false, model: false, network: [], packages: [] },
    prerequisites: places
      .filter((other) => lesson.after?.includes(other.lesson.id))
      .map((other) => ({
        lesson: { course: COURSE, lesson: other.lesson.id },
        number: other.number,
        title: other.lesson.title,
      })),
    files: lesson.files.map((file) => ({ ...file })),
    entry: 'main.py',
    hints: lesson.hints.map((hint) => hint[language]),
    checks: lesson.checks,
    state: 'started',
    hasPassedVersion: false,
    previous: neighbour(at - 1),
    next: neighbour(at + 1),
    license: 'CC BY-SA 4.0 · HelloAgents',
  };
}

/** The author's part of a lesson. */
export function fakeLessonText(view: LessonView): LessonText {
  const { files, entry, checks, state, hasPassedVersion, ...text } = view;
  return text;
}
