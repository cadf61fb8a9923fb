//! Python's syntax to the names in it: what is bound, what is used, what is imported.
//!
//! Walks the tree with a cursor and never recurses by depth: the text may nest as deep as it likes.
//! What the grammar could not read is walked like the rest, with care for half-typed lines.

use super::scope::{At, Expr, Program, ScopeKind, Value};
use std::collections::HashSet;
use std::ops::ControlFlow;
use tree_sitter::{Node, ParseOptions, Parser, Tree, TreeCursor};

/// How deep an expression is followed: `a.b.c` is three.
const MAX_DEPTH: u32 = 8;

/// Text is given to the parser in pieces of this size, in bytes.
const PIECE: usize = 1024;

/// How much work the parser may do for one check. Counted in steps of the parser and in pieces of
/// text that it reads (some texts make it read the same again and again), not in time, so that the
/// same text always gives the same findings.
pub(crate) struct Budget {
    steps: u32,
    pieces: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            steps: 40_000,
            pieces: 20_000,
        }
    }
}

impl Budget {
    /// For one file of an author's, read before a run and not at every key.
    pub(crate) fn large() -> Self {
        Budget {
            steps: 1_000_000,
            pieces: 500_000,
        }
    }
}

/// The names of one file; nothing when the budget ran out. `own` are the modules that the program
/// brings itself: they win over Python's of the same name.
pub(crate) fn read<'s>(
    text: &'s str,
    own: &HashSet<&str>,
    budget: &mut Budget,
) -> Option<Program<'s>> {
    let tree = parse(text, budget)?;

    let mut walk = Walk {
        text,
        own,
        program: Program::new(),
    };
    walk.tree(&tree);
    Some(walk.program)
}

/// The tree of a text; nothing when the budget ran out.
pub(crate) fn parse(text: &str, budget: &mut Budget) -> Option<Tree> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_python::LANGUAGE.into())
        .expect("the grammar fits the library that is built with it");
    let Budget { steps, pieces } = budget;
    let mut count = |_: &_| match spend(steps) {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    };
    let options = ParseOptions::new().progress_callback(&mut count);
    let bytes = text.as_bytes();
    let mut read = |offset: usize, _| match spend(pieces) {
        true => &bytes[offset.min(bytes.len())..bytes.len().min(offset + PIECE)],
        // The text seems to end here, and so does the parser's work.
        false => &[],
    };
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    tree.filter(|_| budget.pieces > 0)
}

/// Takes one from a budget, if there is one.
fn spend(left: &mut u32) -> bool {
    let enough = *left > 0;
    *left = left.saturating_sub(1);
    enough
}

/// A node whose children are being walked.
#[derive(Clone, Copy)]
struct Parent<'t> {
    kind: &'t str,
    /// Where its children stand.
    at: At,
    /// Where the children stand that are a scope of their own.
    inner: At,
    /// What the names below are given, when they are being bound.
    target: bool,
    /// From where on the names bound below have their values.
    bound: usize,
    /// The kind of the child before.
    previous: &'t str,
}

struct Walk<'s, 'o> {
    text: &'s str,
    own: &'o HashSet<&'o str>,
    program: Program<'s>,
}

impl<'s> Walk<'s, '_> {
    fn tree<'t>(&mut self, tree: &'t Tree) {
        let mut cursor: TreeCursor<'t> = tree.walk();
        let start = At {
            scope: 0,
            block: 0,
            offset: 0,
        };
        let mut parents = vec![Parent {
            kind: "",
            at: start,
            inner: start,
            target: false,
            bound: 0,
            previous: "",
        }];
        loop {
            let top = *parents
                .last()
                .expect("the first parent is never taken away");
            let kind = cursor.node().kind();
            let next = self.node(&cursor, kind, &top);
            if let Some(next) = next
                && cursor.goto_first_child()
            {
                parents.push(next);
                continue;
            }
            loop {
                if let Some(top) = parents.last_mut() {
                    top.previous = cursor.node().kind();
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    return;
                }
                parents.pop();
            }
        }
    }

    /// Takes one node; answers how its children stand, or nothing when they need no look.
    fn node<'t>(
        &mut self,
        cursor: &TreeCursor<'t>,
        kind: &'t str,
        top: &Parent<'t>,
    ) -> Option<Parent<'t>> {
        let node = cursor.node();
        let field = cursor.field_name().unwrap_or("");
        let at = self.place(kind, field, node, top);
        match kind {
            "identifier" => {
                self.identifier(node, field, at, top);
                return None;
            }
            "comment" | "string_content" | "escape_sequence" => return None,
            "import_statement" | "import_from_statement" => {
                self.import(node, kind, at);
                return None;
            }
            "future_import_statement" => return None,
            "dotted_name" => {
                self.capture(node, at, top);
                return None;
            }
            "global_statement" | "nonlocal_statement" => {
                let mut names = node.walk();
                for name in node.named_children(&mut names) {
                    let name = &self.text[name.byte_range()];
                    self.program.declare(at, name, kind == "global_statement");
                }
                return None;
            }
            "assignment" | "named_expression" => self.assignment(node, kind, at),
            "function_definition" | "class_definition" => {
                if let Some(name) = node.child_by_field_name("name") {
                    let name = &self.text[name.byte_range()];
                    self.bind(name, at, node.end_byte(), Value::Own);
                }
            }
            "attribute" | "call" | "subscript" if !(top.target || field == "left") => {
                let expr = self.expr(node, MAX_DEPTH);
                if !matches!(expr, Expr::Unknown) {
                    self.program.add_use(node.byte_range(), at, expr);
                }
            }
            _ => {}
        }
        Some(self.children(node, kind, field, at, top))
    }

    /// Where a node stands: in its parent's scope and block, or in one of its own.
    fn place(&mut self, kind: &str, field: &str, node: Node<'_>, top: &Parent<'_>) -> At {
        let own_scope = match (top.kind, field) {
            ("function_definition" | "lambda" | "lambda_within_for_in_clause", field) => {
                matches!(field, "parameters" | "body")
            }
            ("class_definition", field) => field == "body",
            _ => false,
        };
        let mut at = if own_scope { top.inner } else { top.at };
        // Defaults and types of parameters are read outside of the function.
        if matches!(field, "value" | "type")
            && matches!(
                top.kind,
                "default_parameter" | "typed_default_parameter" | "typed_parameter"
            )
        {
            at = self.program.scope(at.scope).outer;
        }
        at.offset = node.start_byte();
        let loops = match (top.kind, field) {
            ("for_statement" | "while_statement", "body") => Some(node.end_byte()),
            _ => None,
        };
        let branch = matches!(
            kind,
            "elif_clause" | "else_clause" | "except_clause" | "case_clause"
        ) || matches!(
            (top.kind, field),
            ("if_statement", "consequence") | ("try_statement", "body")
        );
        if branch || loops.is_some() {
            at.block = self.program.add_block(at, loops);
        }
        at
    }

    fn children<'t>(
        &mut self,
        node: Node<'_>,
        kind: &'t str,
        field: &str,
        at: At,
        top: &Parent<'t>,
    ) -> Parent<'t> {
        let scope = match kind {
            "function_definition" | "lambda" | "lambda_within_for_in_clause" => {
                Some(ScopeKind::Function)
            }
            "class_definition" => Some(ScopeKind::Class),
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => Some(ScopeKind::Comprehension),
            _ => None,
        };
        let inner = scope.map_or(at, |scope| self.program.add_scope(scope, at));
        let passes_on = matches!(
            kind,
            "pattern_list"
                | "tuple_pattern"
                | "list_pattern"
                | "list_splat_pattern"
                | "dictionary_splat_pattern"
                | "tuple"
                | "list"
                | "list_splat"
                | "parenthesized_expression"
        );
        let begins = self.is_target(kind, field, top);
        let bound = match () {
            () if matches!(kind, "parameters" | "lambda_parameters") => at.offset,
            () if begins && top.kind == "for_in_clause" => {
                self.program.scope(at.scope).outer.offset
            }
            () if begins => node.end_byte(),
            () => top.bound,
        };
        Parent {
            kind,
            at: if scope == Some(ScopeKind::Comprehension) {
                inner
            } else {
                at
            },
            inner,
            target: begins || passes_on && top.target,
            bound,
            previous: "",
        }
    }

    /// Whether the names of a node, or directly below it, are being bound.
    fn is_target(&self, kind: &str, field: &str, top: &Parent<'_>) -> bool {
        match kind {
            "parameters" | "lambda_parameters" | "as_pattern_target" => true,
            "default_parameter" | "typed_default_parameter" | "typed_parameter" => true,
            "list_splat_pattern" | "dictionary_splat_pattern" | "tuple_pattern"
                if matches!(
                    top.kind,
                    "parameters" | "lambda_parameters" | "typed_parameter"
                ) =>
            {
                true
            }
            _ => matches!(
                (top.kind, field),
                (
                    "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause",
                    "left"
                ) | ("except_clause", "alias")
            ),
        }
    }

    fn identifier(&mut self, node: Node<'_>, field: &str, at: At, top: &Parent<'_>) {
        let name = &self.text[node.byte_range()];
        match (top.kind, field) {
            ("attribute", "attribute") | ("keyword_argument", "name") => {}
            ("function_definition" | "class_definition", "name") => {}
            ("named_expression", "name") => {}
            // Bound with its value, where the assignment was met.
            ("assignment", "left") => {}
            (
                "typed_parameter" | "default_parameter" | "typed_default_parameter",
                "type" | "value",
            ) => {
                self.used(node, name, at);
            }
            ("keyword_pattern" | "delete_statement", _) => {}
            ("member_type", _) if top.previous == "." => {}
            ("as_pattern", _) if top.previous == "as" => {
                self.bind(name, at, node.end_byte(), Value::Own)
            }
            ("splat_pattern", _) => self.bind(name, at, node.end_byte(), Value::Own),
            ("for_in_clause", "left") => {
                let start = self.program.scope(at.scope).outer.offset;
                self.bind(name, at, start, Value::Own);
            }
            (_, "left" | "alias")
                if matches!(
                    top.kind,
                    "augmented_assignment" | "for_statement" | "except_clause"
                ) =>
            {
                self.bind(name, at, node.end_byte(), Value::Own);
            }
            // Half a line: `def open(`, `self.open(`, `import o`.
            ("ERROR", _)
                if matches!(
                    top.previous,
                    "def"
                        | "class"
                        | "."
                        | "import"
                        | "from"
                        | "as"
                        | "global"
                        | "nonlocal"
                        | "del"
                ) => {}
            _ if top.target => self.bind(name, at, top.bound, Value::Own),
            _ => self.used(node, name, at),
        }
    }

    fn used(&mut self, node: Node<'_>, name: &'s str, at: At) {
        self.program
            .add_use(node.byte_range(), at, Expr::Name(name));
    }

    fn bind(&mut self, name: &'s str, at: At, from: usize, value: Value<'s>) {
        self.program.bind(name, At { offset: from, ..at }, value);
    }

    /// `name = value`, `name: type = value`, `one = two = value`, `(name := value)`.
    fn assignment(&mut self, node: Node<'_>, kind: &str, at: At) {
        let (left, right) = match kind {
            "assignment" => ("left", "right"),
            _ => ("name", "value"),
        };
        let Some(left) = node.child_by_field_name(left) else {
            return;
        };
        let mut value = node.child_by_field_name(right);
        for _ in 0..MAX_DEPTH {
            match value {
                Some(inner) if inner.kind() == "assignment" => {
                    value = inner.child_by_field_name("right");
                }
                _ => break,
            }
        }
        let (Some(value), "identifier") = (value, left.kind()) else {
            return;
        };
        let name = &self.text[left.byte_range()];
        let expr = self.expr(value, MAX_DEPTH);
        let mut place = at;
        if kind == "named_expression" {
            while self.program.scope(place.scope).kind == ScopeKind::Comprehension {
                place = self.program.scope(place.scope).outer;
            }
        }
        let read = At {
            offset: value.start_byte(),
            ..at
        };
        let value = match expr {
            Expr::Unknown => Value::Own,
            expr => Value::Alias(expr, read),
        };
        self.bind(name, place, node.end_byte(), value);
    }

    /// `case name:` and the names in a pattern; `case module.NAME:` and `case Class():` bind none.
    fn capture(&mut self, node: Node<'_>, at: At, top: &Parent<'_>) {
        let binds = matches!(
            top.kind,
            "case_pattern" | "keyword_pattern" | "union_pattern" | "dict_pattern"
        );
        if binds && node.child_count() == 1 {
            let name = &self.text[node.byte_range()];
            self.bind(name, at, node.end_byte(), Value::Own);
        }
    }

    fn import(&mut self, node: Node<'_>, kind: &str, at: At) {
        let end = node.end_byte();
        let from = node.child_by_field_name("module_name");
        let module = from.map(|module| self.dotted(module));
        let is_own = |path: &str| {
            let first = path.split('.').next().unwrap_or_default();
            first.is_empty() || self.own.contains(first)
        };
        let module_is_own = module.as_deref().is_some_and(is_own);
        if let (Some(from), Some(module)) = (from, &module)
            && !module_is_own
        {
            self.program.add_import(from.byte_range(), module.clone());
        }
        let mut cursor = node.walk();
        let mut names = Vec::new();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "wildcard_import" if !module_is_own => {
                    let module = module.clone().unwrap_or_default();
                    self.program.bind_star(At { offset: end, ..at }, module);
                }
                "aliased_import" => {
                    let name = child.child_by_field_name("name");
                    names.extend(name.map(|name| (name, child.child_by_field_name("alias"))));
                }
                "dotted_name" if Some(child) != from => names.push((child, None)),
                _ => {}
            }
        }
        for (name, alias) in names {
            let dotted = self.dotted(name);
            let path = match &module {
                Some(module) => format!("{module}.{dotted}"),
                None => dotted,
            };
            let own = module_is_own || kind == "import_statement" && is_own(&path);
            if !own {
                self.program.add_import(name.byte_range(), path.clone());
            }
            let first = name.named_child(0).unwrap_or(name);
            let value = match (own, alias, kind) {
                (true, ..) => Value::Own,
                // `import a.b` binds `a`.
                (_, None, "import_statement") => {
                    Value::Import(self.text[first.byte_range()].into())
                }
                _ => Value::Import(path),
            };
            let bound = &self.text[alias.unwrap_or(first).byte_range()];
            self.bind(bound, at, end, value);
        }
    }

    /// A dotted name without the blanks and comments that may stand in it.
    fn dotted(&self, node: Node<'_>) -> String {
        let mut cursor = node.walk();
        let parts = node.named_children(&mut cursor);
        let names = parts.filter(|part| part.kind() == "identifier");
        let names: Vec<&str> = names.map(|part| &self.text[part.byte_range()]).collect();
        names.join(".")
    }

    /// What an expression says, as far as names can be followed through it.
    fn expr(&self, node: Node<'_>, depth: u32) -> Expr<'s> {
        if depth == 0 {
            return Expr::Unknown;
        }
        let below =
            |node: Option<Node<'_>>| node.map_or(Expr::Unknown, |node| self.expr(node, depth - 1));
        let boxed = |expr: Expr<'s>| match expr {
            Expr::Unknown => None,
            expr => Some(Box::new(expr)),
        };
        let field = |name: &str| node.child_by_field_name(name);
        let known = match node.kind() {
            "identifier" => Some(Expr::Name(&self.text[node.byte_range()])),
            "parenthesized_expression" => return below(node.named_child(0)),
            "named_expression" => return below(field("value")),
            "attribute" => boxed(below(field("object")))
                .zip(field("attribute"))
                .map(|(object, name)| Expr::Attribute(object, &self.text[name.byte_range()])),
            "subscript" => boxed(below(field("value")))
                .zip(field("subscript").and_then(|key| self.plain_string(key)))
                .map(|(object, key)| Expr::Item(object, key)),
            "call" => boxed(below(field("function")))
                .zip(field("arguments"))
                .and_then(|(function, arguments)| self.call(function, arguments, depth)),
            _ => None,
        };
        known.unwrap_or(Expr::Unknown)
    }

    /// Only calls that could give back something with a name: `getattr(os, "system")`,
    /// `__import__("os")`, `vars(os)`.
    fn call(&self, function: Box<Expr<'s>>, arguments: Node<'_>, depth: u32) -> Option<Expr<'s>> {
        let first = arguments.named_child(0)?;
        let second = arguments.named_child(1);
        let text = self.plain_string(first);
        let (object, text) = match text {
            Some(text) => (Expr::Unknown, Some(text)),
            None => {
                let text = second.and_then(|second| self.plain_string(second));
                (self.expr(first, depth - 1), text)
            }
        };
        match (&object, text) {
            (Expr::Unknown, None) => None,
            _ => Some(Expr::Call {
                function,
                object: Box::new(object),
                text,
            }),
        }
    }

    /// The text of a string without holes and escapes.
    fn plain_string(&self, node: Node<'_>) -> Option<&'s str> {
        let is_plain = node.kind() == "string" && node.named_child_count() == 3;
        let content = node.named_child(1).filter(|_| is_plain)?;
        let plain = content.kind() == "string_content" && content.child_count() == 0;
        plain.then(|| &self.text[content.byte_range()])
    }
}
