// The editor of the tests: a text area that keeps the promises of editor/port.ts, since Monaco
// needs a real layout. Marks and differences become text one can ask for.

import type { EditorModule, EditorPort } from '../editor/port';
import type { Place } from '../inspect/replay';

export const createEditor: EditorModule['createEditor'] = (host, look, events) => {
  const texts = new Map<string, { text: string; readOnly: boolean }>();
  const area = document.createElement('textarea');
  const mark = document.createElement('p');
  let shown = '';
  area.setAttribute('aria-label', look.label);
  const trace = document.createElement('p');
  mark.setAttribute('data-testid', 'mark');
  trace.setAttribute('data-testid', 'trace');
  const findings = document.createElement('p');
  findings.setAttribute('data-testid', 'findings');
  host.append(area, mark, trace, findings);

  function draw() {
    const file = texts.get(shown);
    area.value = file?.text ?? '';
    area.readOnly = file?.readOnly ?? true;
  }
  area.addEventListener('input', () => {
    const file = texts.get(shown);
    if (!file) return;
    file.text = area.value;
    events.typed(shown, area.value);
  });
  area.addEventListener('blur', () => events.blurred());
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') events.left();
  });

  const port: EditorPort = {
    sync(files) {
      const before = new Map(texts);
      texts.clear();
      for (const { path, text, readOnly } of files) {
        texts.set(path, { text, readOnly });
        // As Monaco does: a change from outside is told like any other.
        if (before.has(path) && before.get(path)?.text !== text) events.typed(path, text);
      }
      draw();
    },
    show(path) {
      shown = path;
      draw();
    },
    reveal(line) {
      const start = area.value
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length;
      area.setSelectionRange(start, start);
      area.dataset.line = String(line);
    },
    focus: () => area.focus(),
    line: () => area.value.slice(0, area.selectionStart).split('\n').length,
    look: (next) => area.setAttribute('aria-label', next.label),
    mark(error) {
      const { range } = error ?? {};
      const place = range ? `${range.column}-${range.endLine}:${range.endColumn}` : '';
      mark.textContent = error
        ? `${error.path}:${error.line}${place && `:${place}`} ${error.message}`
        : '';
    },
    trace(at) {
      const of = (place: Place | null | undefined) => (place ? `${place.path}:${place.line}` : '');
      trace.textContent = at ? `${of(at.done)}>${of(at.place)}` : '';
    },
    findings(marks) {
      const said = marks.map(
        ({ path, line, column, denied, message }) =>
          `${path}:${line}:${column} ${denied ? 'denied' : 'advice'} ${message}`,
      );
      findings.textContent = said.join('\n');
    },
    dispose: () => host.replaceChildren(),
  };
  return port;
};

export const createDiff: EditorModule['createDiff'] = (host) => {
  const box = document.createElement('pre');
  box.setAttribute('data-testid', 'diff');
  host.append(box);
  return {
    show(path, before, after) {
      box.textContent = `${path}\n- ${before}\n+ ${after}`;
    },
    look: () => undefined,
    dispose: () => host.replaceChildren(),
  };
};
