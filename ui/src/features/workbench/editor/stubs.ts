// What the editor knows of the modules that lessons bring (`llm`, `openai`, `dotenv`): read from the type
// stubs beside the sandbox's packages. It follows imports, attributes and plain assignments, which is what
// a lesson's program uses; it is no type checker.

const FILES = import.meta.glob<string>('../../../../../templates/sandbox/stubs/*.pyi', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export type NameKind = 'module' | 'class' | 'function' | 'field';

export interface StubName {
  readonly name: string;
  readonly kind: NameKind;
  /** The declaration as it stands in the stub, without its docstring. */
  readonly signature: string;
  /** By language; empty where the stub says nothing. */
  readonly words: { readonly en: string; readonly zh: string };
}

interface Entry extends StubName {
  /** The class of its value or its result, or the class it derives from; empty where it is no class of ours. */
  readonly type: string;
  readonly members: Map<string, Entry>;
}

type Names = Map<string, Entry>;

const DECLARATION =
  /^( *)(?:(?:async )?def (\w+)(\(.*\))(?: -> ([^:]+))?:|class (\w+)(?:\((\w+)\))?:|(\w+): (.+))$/;

const modules = new Map<string, Names>(
  Object.entries(FILES).map(([path, text]) => [
    path.slice(path.lastIndexOf('/') + 1, -'.pyi'.length),
    readStub(text),
  ]),
);

/** The names that a stub declares, with the members of its classes. */
export function readStub(text: string): Names {
  const names: Names = new Map();
  let inside: Names = names;
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const found = DECLARATION.exec(lines[at] ?? '');
    if (!found) continue;
    const [line, indent, called, parameters, result, kind, base, field, type] = found;
    const target = indent === '' ? names : inside;
    const members: Names = new Map();
    const entry = {
      name: called ?? kind ?? field ?? '',
      kind: called ? 'function' : kind ? 'class' : 'field',
      signature: called ? `${called}${parameters?.replace('(self, ', '(')}` : line.trim(),
      words: docstring(lines, at + 1),
      type: (result ?? base ?? type ?? '').split(' ')[0] ?? '',
      members,
    } satisfies Entry;
    target.set(entry.name, entry);
    if (kind) inside = members;
  }
  return names;
}

function docstring(lines: readonly string[], at: number): StubName['words'] {
  const first = (lines[at] ?? '').trim();
  if (!first.startsWith('"""')) return { en: '', zh: '' };
  const second = first.length > 3 && first.endsWith('"""') ? '' : (lines[at + 1] ?? '').trim();
  const [en, zh] = [first, second].map((line) => line.replaceAll('"""', ''));
  return { en: en ?? '', zh: zh || en || '' };
}

/** What may follow at the end of `line`, a line of a program whose text is `program`. */
export function completionsAt(program: string, line: string): readonly StubName[] {
  const from = /^\s*from\s+([\w.]+)\s+import\s+(?:\(?\s*|.*,\s*)\w*$/.exec(line);
  if (from) return [...submodules(from[1] ?? ''), ...(modules.get(from[1] ?? '')?.values() ?? [])];
  const importing = /^\s*(?:import|from)\s+(?:.*,\s*)?([\w.]*)$/.exec(line);
  if (importing) return importing[1]?.includes('.') ? [] : submodules('');
  const chain = /(?:^|[^\w.])([A-Za-z_]\w*(?:\.\w+)*)\.\w*$/.exec(line);
  if (!chain) return [];
  return membersOf(chain[1] ?? '', program);
}

/** Modules right below one; with an empty name the outermost. */
function submodules(outer: string): StubName[] {
  const inner = outer === '' ? /^\w+$/ : new RegExp(`^${outer}\\.(\\w+)$`);
  return [...modules.keys()]
    .filter((name) => inner.test(name))
    .map((name) => ({
      name: name.slice(name.lastIndexOf('.') + 1),
      kind: 'module',
      signature: name,
      words: { en: '', zh: '' },
    }));
}

function membersOf(chain: string, program: string, depth = 0): readonly StubName[] {
  const [first = '', ...rest] = chain.split('.');
  const module = importedModule(first, program);
  if (module !== undefined) return membersOfModule(module, rest);
  const value = depth < 4 ? assigned(first, program) : undefined;
  const type = value && typeOf(value, program, depth + 1);
  return type ? follow(type.home, type.name, rest) : [];
}

function membersOfModule(module: string, rest: readonly string[]): readonly StubName[] {
  const [next, ...further] = rest;
  if (next === undefined) return [...submodules(module), ...(modules.get(module)?.values() ?? [])];
  if (modules.has(`${module}.${next}`)) return membersOfModule(`${module}.${next}`, further);
  const entry = modules.get(module)?.get(next);
  return entry ? follow(module, entry.kind === 'class' ? entry.name : entry.type, further) : [];
}

/** The members at the end of a chain that begins at a class. */
function follow(home: string, type: string, rest: readonly string[]): readonly StubName[] {
  const names = modules.get(home);
  let members = inherited(names, type);
  for (const name of rest) {
    const entry = members.get(name);
    if (!entry) return [];
    members = inherited(names, entry.type);
  }
  return [...members.values()];
}

function inherited(names: Names | undefined, type: string): Names {
  const entry = names?.get(type);
  if (entry?.kind !== 'class') return new Map();
  return new Map([...inherited(names, entry.type), ...entry.members]);
}

/** The module that a name of the program stands for. */
function importedModule(name: string, program: string): string | undefined {
  for (const [, list] of program.matchAll(/^\s*import\s+(.+)$/gm)) {
    for (const part of list?.split(',') ?? []) {
      const [module = '', alias] = part.trim().split(/\s+as\s+/);
      if ((alias ?? module) === name && modules.has(module)) return module;
    }
  }
  const origin = importedFrom(name, program);
  const inner = origin && `${origin.module}.${origin.name}`;
  return inner && modules.has(inner) ? inner : undefined;
}

function importedFrom(name: string, program: string) {
  for (const [, module = '', list] of program.matchAll(/^\s*from\s+([\w.]+)\s+import\s+(.+)$/gm)) {
    for (const part of list?.replaceAll(/[()]/g, '').split(',') ?? []) {
      const [original = '', alias] = part.trim().split(/\s+as\s+/);
      if ((alias ?? original) === name) return { module, name: original };
    }
  }
  return undefined;
}

/** The expression that the program last gives a name, where it is a plain call. */
function assigned(name: string, program: string): string | undefined {
  const calls = new RegExp(`^\\s*${name}\\s*=\\s*(?:await\\s+)?([\\w.]+)\\(`, 'gm');
  const withAs = new RegExp(`\\bwith\\s+([\\w.]+)\\(.*\\)\\s+as\\s+${name}\\b`, 'gm');
  return [...program.matchAll(calls), ...program.matchAll(withAs)].at(-1)?.[1];
}

/** The class of what a call of `callee` gives. */
function typeOf(callee: string, program: string, depth: number) {
  const path = callee.split('.');
  const last = path.pop() ?? '';
  const origin = path.length === 0 ? importedFrom(last, program) : undefined;
  const home = origin?.module ?? importedModule(path[0] ?? '', program) ?? homeOf(path[0], program);
  const known = origin
    ? modules.get(origin.module)?.get(origin.name)
    : membersOf(path.join('.'), program, depth).find(({ name }) => name === last);
  if (!known || !home) return undefined;
  return { home, name: known.kind === 'class' ? known.name : (known as Entry).type };
}

/** The module of the class that a variable has. */
function homeOf(variable: string | undefined, program: string): string | undefined {
  const callee = variable && assigned(variable, program);
  if (!callee) return undefined;
  const first = callee.split('.')[0] ?? '';
  return importedFrom(first, program)?.module ?? importedModule(first, program);
}
