//! Names: where they are bound, and what they stand for where they are used.
//!
//! Scopes are Python's own (module, class, function, comprehension). Inside one scope the order of
//! the text counts: the last binding before the use, and those before it as long as the later ones
//! stand in a branch that need not be taken; in a loop also those below. A function runs later than
//! the text around it, so from inside of it every binding outside counts. Knows no grammar.

use super::rules::RuleId;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// Bindings of one name that are weighed for one use. Real code has two or three.
const MAX_WEIGHED: usize = 16;
/// Steps to find out what one expression stands for; ends aliases of aliases of themselves.
const MAX_STEPS: u32 = 24;

pub(crate) type ScopeId = usize;
pub(crate) type BlockId = usize;

/// What an expression says, as far as names can be followed through it.
#[derive(Debug, Clone)]
pub(crate) enum Expr<'s> {
    /// A bare name.
    Name(&'s str),
    /// `object.name`, and what comes to the same: `getattr(object, "name")`.
    Attribute(Box<Expr<'s>>, &'s str),
    /// `object["key"]`.
    Item(Box<Expr<'s>>, &'s str),
    /// A call with the text among its arguments that decides what comes back, and the argument
    /// before it.
    Call {
        function: Box<Expr<'s>>,
        object: Box<Expr<'s>>,
        text: Option<&'s str>,
    },
    /// Anything else.
    Unknown,
}

/// What a name was given.
#[derive(Debug, Clone)]
pub(crate) enum Value<'s> {
    /// Something of the learner's own, or nothing that can be followed.
    Own,
    /// What an import brought, as a dotted name.
    Import(String),
    /// An expression, read where it stands.
    Alias(Expr<'s>, At),
}

/// A place in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub(crate) scope: ScopeId,
    pub(crate) block: BlockId,
    pub(crate) offset: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    /// A function or a lambda.
    Function,
    Comprehension,
}

#[derive(Debug)]
struct Binding<'s> {
    /// From here on the name has the value.
    offset: usize,
    block: BlockId,
    value: Value<'s>,
    /// What the value stands for, once somebody asked.
    known: OnceCell<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct Scope<'s> {
    pub(crate) kind: ScopeKind,
    /// Where it stands; the module stands in itself.
    pub(crate) outer: At,
    /// The block of what is certain to run when the scope runs.
    block: BlockId,
    bindings: HashMap<&'s str, Vec<Binding<'s>>>,
    /// Names declared `global` (true) or `nonlocal`.
    elsewhere: HashMap<&'s str, bool>,
}

/// A stretch of text that runs as a whole or not at all.
#[derive(Debug)]
struct Block {
    parent: Option<BlockId>,
    scope: ScopeId,
    /// Where a loop's body ends.
    loop_end: Option<usize>,
}

/// The names of one file.
#[derive(Debug)]
pub(crate) struct Program<'s> {
    scopes: Vec<Scope<'s>>,
    blocks: Vec<Block>,
    /// Modules of which every public name was imported, which only a module may do.
    stars: Vec<(usize, String)>,
    uses: Vec<(Range<usize>, At, Expr<'s>)>,
    /// Imports of something by its real name.
    imports: Vec<(Range<usize>, String)>,
}

impl<'s> Program<'s> {
    pub(crate) fn new() -> Self {
        let start = At {
            scope: 0,
            block: 0,
            offset: 0,
        };
        let mut program = Program {
            scopes: Vec::new(),
            blocks: Vec::new(),
            stars: Vec::new(),
            uses: Vec::new(),
            imports: Vec::new(),
        };
        program.add_scope(ScopeKind::Module, start);
        program
    }

    /// A scope that stands at `outer`, and its place.
    pub(crate) fn add_scope(&mut self, kind: ScopeKind, outer: At) -> At {
        let scope = self.scopes.len();
        let block = self.blocks.len();
        self.blocks.push(Block {
            parent: (scope > 0).then_some(outer.block),
            scope,
            loop_end: None,
        });
        self.scopes.push(Scope {
            kind,
            outer,
            block,
            bindings: HashMap::new(),
            elsewhere: HashMap::new(),
        });
        At {
            scope,
            block,
            offset: outer.offset,
        }
    }

    /// A block inside `parent` that need not run; `loop_end` when it may run again.
    pub(crate) fn add_block(&mut self, parent: At, loop_end: Option<usize>) -> BlockId {
        self.blocks.push(Block {
            parent: Some(parent.block),
            scope: parent.scope,
            loop_end,
        });
        self.blocks.len() - 1
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope<'s> {
        &self.scopes[id]
    }

    /// Gives a name a value from `at.offset` on.
    pub(crate) fn bind(&mut self, name: &'s str, at: At, value: Value<'s>) {
        let (scope, block) = match self.scopes[at.scope].elsewhere.get(name) {
            None => (at.scope, at.block),
            // Whoever calls the function decides when, so it is never certain.
            Some(true) => (
                0,
                self.add_block(
                    At {
                        scope: 0,
                        block: 0,
                        ..at
                    },
                    None,
                ),
            ),
            Some(false) => {
                let outer = self.enclosing_function(at.scope);
                let inside = At {
                    scope: outer,
                    block: self.scopes[outer].block,
                    ..at
                };
                (outer, self.add_block(inside, None))
            }
        };
        let bindings = self.scopes[scope].bindings.entry(name).or_default();
        bindings.push(Binding {
            offset: at.offset,
            block,
            value,
            known: OnceCell::new(),
        });
    }

    fn enclosing_function(&self, from: ScopeId) -> ScopeId {
        let mut scope = self.scopes[from].outer.scope;
        while scope != 0 && self.scopes[scope].kind != ScopeKind::Function {
            scope = self.scopes[scope].outer.scope;
        }
        scope
    }

    /// Every public name of `module` is bound.
    pub(crate) fn bind_star(&mut self, at: At, module: String) {
        let known = self.stars.iter().any(|(_, known)| *known == module);
        if !known && RuleId::knows(&module) {
            self.stars.push((at.offset, module));
        }
    }

    /// `global` or `nonlocal`. Outside of every function it says nothing new.
    pub(crate) fn declare(&mut self, at: At, name: &'s str, global: bool) {
        if at.scope != 0 {
            self.scopes[at.scope].elsewhere.insert(name, global);
        }
    }

    pub(crate) fn add_use(&mut self, range: Range<usize>, at: At, expr: Expr<'s>) {
        self.uses.push((range, at, expr));
    }

    pub(crate) fn add_import(&mut self, range: Range<usize>, path: String) {
        self.imports.push((range, path));
    }

    /// Everything in the file that a wanted rule covers, from top to bottom: the range of bytes,
    /// the rule, and the real name. Of two that lie in one another the outer one is kept.
    pub(crate) fn uses(
        mut self,
        wanted: impl Fn(RuleId) -> bool,
    ) -> Vec<(Range<usize>, RuleId, String)> {
        for scope in &mut self.scopes {
            for bindings in scope.bindings.values_mut() {
                bindings.sort_by_key(|binding| binding.offset);
            }
        }
        let mut found = Vec::new();
        let mut judge = |range: &Range<usize>, path: &str| {
            let Some(rule) = RuleId::covering(path).filter(|rule| wanted(*rule)) else {
                return false;
            };
            let name = path.strip_prefix("builtins.").unwrap_or(path);
            found.push((range.clone(), rule, name.to_string()));
            true
        };
        for (range, path) in &self.imports {
            judge(range, path);
        }
        for (range, at, expr) in &self.uses {
            let mut paths = Vec::new();
            self.resolve(expr, *at, &mut { MAX_STEPS }, &mut paths);
            let _ = paths.iter().any(|path| judge(range, path));
        }
        found.sort_by_key(|(range, ..)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = HashMap::new();
        found.retain(|(range, rule, _)| {
            let covered = end.get(rule).is_some_and(|end| range.end <= *end);
            if !covered {
                end.insert(*rule, range.end);
            }
            !covered
        });
        found
    }

    /// Every dotted name that an expression may stand for.
    fn resolve(&self, expr: &Expr<'s>, at: At, steps: &mut u32, out: &mut Vec<String>) {
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        match expr {
            Expr::Unknown => {}
            Expr::Name(name) => self.look_up(name, at, steps, out),
            Expr::Attribute(object, name) => {
                for path in self.all(object, at, steps) {
                    add(out, format!("{path}.{name}"));
                }
            }
            Expr::Item(object, key) => {
                for path in self.all(object, at, steps) {
                    match path.strip_suffix(".__dict__") {
                        Some(object) => add(out, format!("{object}.{key}")),
                        None if path == "builtins" => add(out, format!("builtins.{key}")),
                        None if path == "sys.modules" => add(out, (*key).into()),
                        None => {}
                    }
                }
            }
            Expr::Call {
                function,
                object,
                text,
            } => {
                for path in self.all(function, at, steps) {
                    match (path.as_str(), text) {
                        ("builtins.getattr", Some(name)) => {
                            let objects = self.all(object, at, steps).into_iter();
                            objects.for_each(|object| add(out, format!("{object}.{name}")));
                        }
                        ("builtins.vars", None) => {
                            let objects = self.all(object, at, steps).into_iter();
                            objects.for_each(|object| add(out, format!("{object}.__dict__")));
                        }
                        ("importlib.import_module", Some(module)) => add(out, (*module).into()),
                        ("builtins.__import__" | "importlib.__import__", Some(module)) => {
                            add(out, module.split('.').next().unwrap_or_default().into());
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    fn all(&self, expr: &Expr<'s>, at: At, steps: &mut u32) -> Vec<String> {
        let mut paths = Vec::new();
        self.resolve(expr, at, steps, &mut paths);
        paths
    }

    fn look_up(&self, name: &str, from: At, steps: &mut u32, out: &mut Vec<String>) {
        let mut at = from;
        let mut later = false;
        let mut class_is_seen = true;
        loop {
            let scope = &self.scopes[at.scope];
            let is_module = scope.kind == ScopeKind::Module;
            match scope.elsewhere.get(name) {
                Some(true) => {
                    later = true;
                    at.scope = 0;
                    continue;
                }
                Some(false) => {}
                None if scope.kind == ScopeKind::Class && !class_is_seen => {}
                None => {
                    let certain = self.in_scope(name, at, later, steps, out);
                    let is_local = scope.kind != ScopeKind::Class && !is_module;
                    if certain || is_local && scope.bindings.contains_key(name) {
                        return;
                    }
                }
            }
            if is_module {
                break;
            }
            later |= scope.kind == ScopeKind::Function;
            class_is_seen &= scope.kind == ScopeKind::Comprehension;
            at = scope.outer;
        }
        let stars = self.stars.iter();
        let before = |(offset, _): &&(usize, String)| later || *offset <= at.offset;
        let brought = stars
            .filter(before)
            .map(|(_, module)| format!("{module}.{name}"));
        let covered = brought.filter(|path| RuleId::covering(path).is_some());
        covered.for_each(|path| add(out, path));
        match name {
            "__builtins__" => add(out, "builtins".into()),
            name => add(out, format!("builtins.{name}")),
        }
    }

    /// What a name may stand for in one scope; whether it certainly stands for one of these.
    fn in_scope(
        &self,
        name: &str,
        at: At,
        later: bool,
        steps: &mut u32,
        out: &mut Vec<String>,
    ) -> bool {
        let scope = &self.scopes[at.scope];
        let Some(bindings) = scope.bindings.get(name) else {
            return false;
        };
        if later {
            for binding in bindings.iter().take(MAX_WEIGHED) {
                self.value(binding, steps, out);
            }
            return bindings.iter().any(|binding| binding.block == scope.block);
        }
        let here = bindings.partition_point(|binding| binding.offset <= at.offset);
        let (loop_end, around) = self.around(at);
        let below = bindings[here..].iter().take(MAX_WEIGHED);
        for binding in below.take_while(|binding| binding.offset <= loop_end) {
            self.value(binding, steps, out);
        }
        for binding in bindings[..here].iter().rev().take(MAX_WEIGHED) {
            self.value(binding, steps, out);
            if around.contains(&binding.block) {
                return true;
            }
        }
        false
    }

    /// Where the outermost loop around a place ends, and the blocks that run when the place does.
    fn around(&self, at: At) -> (usize, Vec<BlockId>) {
        let mut loop_end = 0;
        let mut blocks = Vec::new();
        let mut next = Some(at.block);
        while let Some(id) = next.filter(|id| self.blocks[*id].scope == at.scope) {
            blocks.push(id);
            loop_end = loop_end.max(self.blocks[id].loop_end.unwrap_or(0));
            next = self.blocks[id].parent;
        }
        (loop_end, blocks)
    }

    fn value(&self, binding: &Binding<'s>, steps: &mut u32, out: &mut Vec<String>) {
        let (expr, at) = match &binding.value {
            Value::Own => return,
            Value::Import(path) => return add(out, path.clone()),
            Value::Alias(expr, at) => (expr, at),
        };
        if let Some(paths) = binding.known.get() {
            paths.iter().for_each(|path| add(out, path.clone()));
            return;
        }
        let paths = self.all(expr, *at, steps);
        paths.iter().for_each(|path| add(out, path.clone()));
        // What is not known to the end now may be later, when fewer steps lead there.
        if *steps > 0 {
            binding.known.set(paths).ok();
        }
    }
}

/// Adds what is not there yet, as far as there is room.
fn add(out: &mut Vec<String>, path: String) {
    if out.len() < MAX_WEIGHED && !out.contains(&path) {
        out.push(path);
    }
}
