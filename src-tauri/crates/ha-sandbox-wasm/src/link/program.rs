//! What the merged program consists of: its constants, its table and the functions it can reach.

use super::graph::{Graph, Item};
use super::module::{Entry, Module};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeSet, HashMap};
use wasmparser::{ConstExpr, ExternalKind, FuncType, FunctionBody, MemoryType, Operator};

/// One function's dealings with others.
#[derive(Default)]
struct Uses {
    functions: Vec<u32>,
    /// The function does nothing but call what is in this place of the table.
    passes_on_to: Option<u32>,
}

/// The modules that become one, seen as one.
pub(super) struct Program<'g, 'a> {
    pub graph: &'g Graph<'a>,
    pub instances: Vec<u32>,
    pub memory: MemoryType,
    /// The table as it is before the first call, place by place.
    pub table: Vec<Option<Item>>,
    /// Globals that any code writes; all others are constants.
    pub written: BTreeSet<Item>,
    /// Functions that only pass a call on through the table, and to which.
    detours: HashMap<Item, Item>,
    /// The component does not tell what its own functions look like, but whoever imports them does.
    host_signatures: HashMap<Item, &'g FuncType>,
    /// The program's own functions that can be called, in the order of their modules.
    pub functions: BTreeSet<Item>,
    /// Functions from outside that can be called.
    pub imports: BTreeSet<Item>,
}

impl<'g, 'a> Program<'g, 'a> {
    /// The program that these functions are called of.
    ///
    /// # Errors
    /// Modules that do not share one memory and one table, or that change the table as they run.
    pub fn of(graph: &'g Graph<'a>, roots: impl IntoIterator<Item = Item>) -> Result<Self> {
        let instances = graph.program();
        let mut program = Program {
            memory: memory(graph, &instances)?,
            table: vec![None; table_size(graph, &instances)?],
            graph,
            instances,
            written: BTreeSet::new(),
            detours: HashMap::new(),
            host_signatures: HashMap::new(),
            functions: BTreeSet::new(),
            imports: BTreeSet::new(),
        };
        program.fill_table()?;
        let uses = program.uses()?;
        program.find_detours(&uses)?;
        program.reach(roots, &uses)?;
        Ok(program)
    }

    fn fill_table(&mut self) -> Result<()> {
        for instance in self.instances.clone() {
            for segment in &self.graph.module(instance)?.elements {
                let offset = self.constant(instance, &segment.offset)? as u32 as usize;
                for (place, function) in (offset..).zip(&segment.functions) {
                    let item = self.graph.inside(instance, ExternalKind::Func, *function)?;
                    *self
                        .table
                        .get_mut(place)
                        .context("an element is outside the table")? = Some(item);
                }
            }
        }
        Ok(())
    }

    /// Reads all modules once. Notes which globals their code writes.
    fn uses(&mut self) -> Result<HashMap<Item, Uses>> {
        let graph = self.graph;
        let mut all = HashMap::new();
        for instance in self.instances.clone() {
            let module = graph.module(instance)?;
            for (index, function) in (0..).zip(&module.functions) {
                let signature = module.signature(index)?;
                if let Entry::Own(body) = function {
                    let mut uses = self.uses_of(instance, body)?;
                    uses.passes_on_to = passes_on_to(module, signature, body)?;
                    all.insert(Item::Own { instance, index }, uses);
                } else {
                    let item = graph.inside(instance, ExternalKind::Func, index)?;
                    if let Item::Host(_) = item {
                        self.host_signatures.insert(item, signature);
                    }
                }
            }
        }
        Ok(all)
    }

    fn uses_of(&mut self, instance: u32, body: &FunctionBody) -> Result<Uses> {
        let mut uses = Uses::default();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } => uses.functions.push(function_index),
                Operator::GlobalSet { global_index } => {
                    let kind = ExternalKind::Global;
                    let global = self.graph.inside(instance, kind, global_index)?;
                    self.written.insert(global);
                }
                Operator::TableSet { .. }
                | Operator::TableGrow { .. }
                | Operator::TableFill { .. }
                | Operator::TableCopy { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. } => bail!("the program changes its table as it runs"),
                Operator::MemoryInit { .. } | Operator::DataDrop { .. } => {
                    bail!("the program lays out its memory itself")
                }
                _ => {}
            }
        }
        Ok(uses)
    }

    fn find_detours(&mut self, uses: &HashMap<Item, Uses>) -> Result<()> {
        for (item, uses) in uses {
            let Some(place) = uses.passes_on_to else {
                continue;
            };
            let Some(Some(target)) = self.table.get(place as usize).copied() else {
                continue;
            };
            if let Item::Own { instance, index } = target
                && self.graph.module(instance)?.signature(index)? == self.signature(*item)?
            {
                self.detours.insert(*item, target);
            }
        }
        Ok(())
    }

    fn reach(
        &mut self,
        roots: impl IntoIterator<Item = Item>,
        uses: &HashMap<Item, Uses>,
    ) -> Result<()> {
        let in_table = self.table.iter().flatten().copied();
        let mut open: Vec<Item> = in_table.chain(roots).collect();
        while let Some(item) = open.pop() {
            let item = self.destination(item);
            let (Item::Own { instance, .. }, Some(uses)) = (item, uses.get(&item)) else {
                self.imports.insert(item);
                continue;
            };
            if self.functions.insert(item) {
                for function in &uses.functions {
                    open.push(self.graph.inside(instance, ExternalKind::Func, *function)?);
                }
            }
        }
        Ok(())
    }

    /// Which function a call of this one may call directly.
    pub fn destination(&self, item: Item) -> Item {
        self.detours.get(&item).copied().unwrap_or(item)
    }

    /// The signature of a function of the program, or of one it imports.
    pub fn signature(&self, item: Item) -> Result<&'g FuncType> {
        match item {
            Item::Own { instance, index } => self.graph.module(instance)?.signature(index),
            Item::Host(_) => {
                let known = self.host_signatures.get(&item);
                known.copied().context("nothing imports a function")
            }
        }
    }

    /// The value of a constant expression inside an instance.
    pub fn constant(&self, instance: u32, expression: &ConstExpr) -> Result<i32> {
        let mut stack: Vec<i32> = Vec::new();
        for operator in expression.get_operators_reader() {
            match operator? {
                Operator::I32Const { value } => stack.push(value),
                Operator::GlobalGet { global_index } => {
                    let kind = ExternalKind::Global;
                    let global = self.graph.inside(instance, kind, global_index)?;
                    stack.push(self.initial(global)?);
                }
                Operator::I32Add => {
                    let (a, b) = (stack.pop(), stack.pop());
                    let (Some(a), Some(b)) = (a, b) else {
                        bail!("a constant adds nothing");
                    };
                    stack.push(a.wrapping_add(b));
                }
                Operator::End => {}
                other => bail!("a constant is computed by {other:?}"),
            }
        }
        ensure!(stack.len() == 1, "a constant has no value");
        Ok(stack[0])
    }

    /// The value a global has before the first call.
    pub fn initial(&self, global: Item) -> Result<i32> {
        let Item::Own { instance, index } = global else {
            bail!("a global is not of the program");
        };
        match self.graph.module(instance)?.globals.get(index as usize) {
            Some(Entry::Own(value)) => self.constant(instance, value),
            _ => bail!("instance {instance} has no global {index} of its own"),
        }
    }
}

/// The one memory, which all modules but one import.
fn memory(graph: &Graph, instances: &[u32]) -> Result<MemoryType> {
    only(graph, instances, "memory", |module| &module.memories).copied()
}

/// The size of the one table, which all modules but one import.
fn table_size(graph: &Graph, instances: &[u32]) -> Result<usize> {
    let table = only(graph, instances, "table", |module| &module.tables)?;
    Ok(usize::try_from(table.initial)?)
}

fn only<'g, 'a: 'g, T: 'g>(
    graph: &'g Graph<'a>,
    instances: &[u32],
    kind: &str,
    all: impl Fn(&'g Module<'a>) -> &'g [Entry<'a, T>],
) -> Result<&'g T> {
    let mut owned = Vec::new();
    for instance in instances {
        for entry in all(graph.module(*instance)?) {
            if let Entry::Own(own) = entry {
                owned.push(own);
            }
        }
    }
    match owned[..] {
        [only] => Ok(only),
        _ => bail!("the modules have a {kind} {} times", owned.len()),
    }
}

/// The place in the table, if a function only hands its parameters on to what is there.
fn passes_on_to(module: &Module, signature: &FuncType, body: &FunctionBody) -> Result<Option<u32>> {
    let mut operators = body.get_operators_reader()?;
    for parameter in 0..signature.params().len() as u32 {
        match operators.read()? {
            Operator::LocalGet { local_index } if local_index == parameter => {}
            _ => return Ok(None),
        }
    }
    let Operator::I32Const { value } = operators.read()? else {
        return Ok(None);
    };
    let is_call = matches!(operators.read()?, Operator::CallIndirect { type_index, .. }
        if module.types.get(type_index as usize) == Some(signature));
    Ok((is_call && operators.is_end_then_eof()).then_some(value as u32))
}
