//! Writes the new component, piece by piece, and gives everything in its core part a new index.
//!
//! The merged module is made as late as possible: when something is first taken from it, everything
//! it imports is there.

use super::graph::{Graph, Item, Made};
use super::merge::OUTSIDE;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection,
    ComponentSectionId, ExportKind, InstanceSection, ModuleArg, RawSection,
};
use wasmparser::{CanonicalFunction, ExternalKind};

/// What the merged module is to the component.
pub(super) struct Merged<'p> {
    pub bytes: &'p [u8],
    /// What it imports, in this order, each under its number.
    pub imports: &'p BTreeSet<Item>,
    /// What it exports, each under its number.
    pub exports: &'p [(ExternalKind, Item)],
}

#[derive(Default)]
struct Counts {
    modules: u32,
    instances: u32,
    /// Of functions, tables and memories.
    items: [u32; 3],
}

pub(super) struct Writer<'w, 'a> {
    graph: &'w Graph<'a>,
    merged: &'w Merged<'w>,
    out: Component,
    counts: Counts,
    /// The new indices of kept modules and instances, by their old ones.
    modules: HashMap<u32, u32>,
    instances: HashMap<u32, u32>,
    /// The instance of the merged module.
    program: Option<u32>,
    /// The new indices of functions, tables and memories.
    items: [HashMap<Item, u32>; 3],
}

impl<'w, 'a> Writer<'w, 'a> {
    pub fn new(graph: &'w Graph<'a>, merged: &'w Merged<'w>) -> Self {
        Writer {
            graph,
            merged,
            out: Component::new(),
            counts: Counts::default(),
            modules: HashMap::new(),
            instances: HashMap::new(),
            program: None,
            items: Default::default(),
        }
    }

    /// Copies a section as it is.
    pub fn copy(&mut self, id: u8, data: &[u8]) {
        self.out.section(&RawSection { id, data });
    }

    /// Copies an alias as it is.
    pub fn alias(&mut self, alias: &[u8]) {
        let section = [&[1], alias].concat();
        self.copy(ComponentSectionId::Alias.into(), &section);
    }

    /// Keeps a module, if it is a shim.
    pub fn module(&mut self, old: u32) {
        let (bytes, module) = &self.graph.modules[old as usize];
        if self.graph.is_shim(module) {
            let new = self.add_module(bytes);
            self.modules.insert(old, new);
        }
    }

    fn add_module(&mut self, bytes: &[u8]) -> u32 {
        self.copy(ComponentSectionId::CoreModule.into(), bytes);
        self.counts.modules += 1;
        self.counts.modules - 1
    }

    /// Makes an instance again, if it is a shim's.
    pub fn instance(&mut self, old: u32) -> Result<()> {
        let Made::Module { module, with } = &self.graph.instances[old as usize] else {
            return Ok(());
        };
        let Some(module) = self.modules.get(module).copied() else {
            return Ok(());
        };
        let mut arguments = Vec::new();
        for (name, from) in with {
            let Made::Bundle(exports) = &self.graph.instances[*from as usize] else {
                bail!("a shim is made with a whole instance");
            };
            let bundle = self.bundle(exports)?;
            arguments.push((*name, ModuleArg::Instance(bundle)));
        }
        let new = self.instantiate(module, arguments);
        self.instances.insert(old, new);
        Ok(())
    }

    fn bundle(&mut self, exports: &BTreeMap<&str, (ExternalKind, u32)>) -> Result<u32> {
        let mut items = Vec::new();
        for (name, (kind, old)) in exports {
            let new = self.item(*kind, self.graph.item(*kind, *old)?)?;
            items.push((*name, export_kind(*kind)?, new));
        }
        let mut section = InstanceSection::new();
        section.export_items(items);
        Ok(self.add_instance(&section))
    }

    fn instantiate(&mut self, module: u32, arguments: Vec<(&str, ModuleArg)>) -> u32 {
        let mut section = InstanceSection::new();
        section.instantiate(module, arguments);
        self.add_instance(&section)
    }

    fn add_instance(&mut self, section: &InstanceSection) -> u32 {
        self.out.section(section);
        self.counts.instances += 1;
        self.counts.instances - 1
    }

    /// The merged module's instance.
    fn program(&mut self) -> Result<u32> {
        if let Some(made) = self.program {
            return Ok(made);
        }
        let mut imports = Vec::new();
        for (number, item) in self.merged.imports.iter().enumerate() {
            let function = self.item(ExternalKind::Func, *item)?;
            imports.push((number.to_string(), ExportKind::Func, function));
        }
        let mut section = InstanceSection::new();
        section.export_items(imports);
        let outside = self.add_instance(&section);
        let module = self.add_module(self.merged.bytes);
        let made = self.instantiate(module, vec![(OUTSIDE, ModuleArg::Instance(outside))]);
        self.program = Some(made);
        Ok(made)
    }

    /// The new index of an item, which is fetched from its instance the first time.
    fn item(&mut self, kind: ExternalKind, item: Item) -> Result<u32> {
        let space = space(kind)?;
        if let Some(known) = self.items[space].get(&item) {
            return Ok(*known);
        }
        let Item::Own { instance, index } = item else {
            bail!("a function of the host is used before it is made");
        };
        let (from, name) = if self.graph.is_shim(self.graph.module(instance)?) {
            let made = self.instances.get(&instance);
            let exports = &self.graph.module(instance)?.exports;
            let name = exports.iter().find(|(_, found)| **found == (kind, index));
            (
                *made.context("a shim is used before it is made")?,
                name.context("a shim does not export what is used of it")?
                    .0
                    .to_string(),
            )
        } else {
            let exports = self.merged.exports;
            let number = exports.iter().position(|found| *found == (kind, item));
            let number = number.context("the program does not export what is used of it")?;
            (self.program()?, number.to_string())
        };
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::CoreInstanceExport {
            instance: from,
            kind: export_kind(kind)?,
            name: &name,
        });
        self.out.section(&section);
        Ok(self.add_item(space, item))
    }

    fn add_item(&mut self, space: usize, item: Item) -> u32 {
        let new = self.counts.items[space];
        self.counts.items[space] += 1;
        self.items[space].insert(item, new);
        new
    }

    /// Makes a function of the component again. `old` is its index among the core functions, if it is
    /// one of these.
    pub fn function(&mut self, function: &CanonicalFunction, old: u32) -> Result<()> {
        let mut section = CanonicalFunctionSection::new();
        match function {
            CanonicalFunction::Lift {
                core_func_index,
                type_index,
                options,
            } => {
                let lifted = self.graph.item(ExternalKind::Func, *core_func_index)?;
                let lifted = self.item(ExternalKind::Func, lifted)?;
                section.lift(lifted, *type_index, self.options(options)?);
                self.out.section(&section);
                return Ok(());
            }
            CanonicalFunction::Lower {
                func_index,
                options,
            } => {
                section.lower(*func_index, self.options(options)?);
            }
            CanonicalFunction::ResourceDrop { resource } => {
                section.resource_drop(*resource);
            }
            other => bail!("a function the linker does not know: {other:?}"),
        }
        self.out.section(&section);
        self.add_item(space(ExternalKind::Func)?, Item::Host(old));
        Ok(())
    }

    fn options(&mut self, options: &[wasmparser::CanonicalOption]) -> Result<Vec<CanonicalOption>> {
        let mut new = Vec::new();
        for option in options {
            new.push(match option {
                wasmparser::CanonicalOption::UTF8 => CanonicalOption::UTF8,
                wasmparser::CanonicalOption::Memory(index) => {
                    CanonicalOption::Memory(self.renumbered(ExternalKind::Memory, *index)?)
                }
                wasmparser::CanonicalOption::Realloc(index) => {
                    CanonicalOption::Realloc(self.renumbered(ExternalKind::Func, *index)?)
                }
                wasmparser::CanonicalOption::PostReturn(index) => {
                    CanonicalOption::PostReturn(self.renumbered(ExternalKind::Func, *index)?)
                }
                other => bail!("an option the linker does not know: {other:?}"),
            });
        }
        Ok(new)
    }

    fn renumbered(&mut self, kind: ExternalKind, old: u32) -> Result<u32> {
        self.item(kind, self.graph.item(kind, old)?)
    }

    pub fn finish(self) -> Vec<u8> {
        self.out.finish()
    }
}

/// Where the items of a kind are counted.
fn space(kind: ExternalKind) -> Result<usize> {
    Ok(match kind {
        ExternalKind::Func => 0,
        ExternalKind::Table => 1,
        ExternalKind::Memory => 2,
        _ => bail!("a kind the linker does not know: {kind:?}"),
    })
}

fn export_kind(kind: ExternalKind) -> Result<ExportKind> {
    Ok(match kind {
        ExternalKind::Func => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        _ => bail!("a kind the linker does not know: {kind:?}"),
    })
}
