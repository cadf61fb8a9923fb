//! The modules and instances of a component, and where everything comes from that they pass around.

use super::module::{ImportName, Module};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use wasmparser::{ComponentAlias, ExternalKind, Instance, Parser, Payload};

/// wit-component's name for the table through which a module calls a host function that needs the
/// module's own memory. Module and function need each other, so the two modules with this table stand
/// between them, and stay as they are.
const SHIM_TABLE: &str = "$imports";

/// Where an item really is, after all that only passes it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Item {
    /// In an instance of a module, under that index.
    Own { instance: u32, index: u32 },
    /// A function that the component makes for its modules, by its index among the core functions.
    Host(u32),
}

enum Source<'a> {
    Export { instance: u32, name: &'a str },
    Host,
}

/// An instance of a module, or a bundle of exports of others.
pub(super) enum Made<'a> {
    Module {
        module: u32,
        with: BTreeMap<&'a str, u32>,
    },
    Bundle(BTreeMap<&'a str, (ExternalKind, u32)>),
}

/// What a component's core part consists of.
pub(super) struct Graph<'a> {
    pub modules: Vec<(&'a [u8], Module<'a>)>,
    pub instances: Vec<Made<'a>>,
    functions: Vec<Source<'a>>,
    globals: Vec<Source<'a>>,
    memories: Vec<Source<'a>>,
    tables: Vec<Source<'a>>,
}

/// The component's own sections, without those of the modules and components inside it.
pub(super) fn sections<'a>(component: &'a [u8]) -> impl Iterator<Item = Result<Payload<'a>>> {
    let mut depth = 0_u32;
    Parser::new(0)
        .parse_all(component)
        .filter_map(move |payload| {
            let payload = match payload {
                Ok(payload) => payload,
                Err(error) => return Some(Err(error.into())),
            };
            let is_own = depth == 0;
            match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_own.then_some(Ok(payload))
        })
}

impl<'a> Graph<'a> {
    /// # Errors
    /// A component that is broken, or has what the linker does not know.
    pub fn read(component: &'a [u8]) -> Result<Graph<'a>> {
        let mut graph = Graph {
            modules: Vec::new(),
            instances: Vec::new(),
            functions: Vec::new(),
            globals: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
        };
        for section in sections(component) {
            match section? {
                Payload::ModuleSection {
                    unchecked_range, ..
                } => {
                    let bytes = component.get(unchecked_range);
                    let bytes = bytes.context("the component ends in a module")?;
                    graph.modules.push((bytes, Module::read(bytes)?));
                }
                Payload::InstanceSection(instances) => {
                    for instance in instances {
                        graph.instances.push(made(instance?));
                    }
                }
                Payload::ComponentAliasSection(aliases) => {
                    for alias in aliases {
                        graph.alias(alias?)?;
                    }
                }
                Payload::ComponentCanonicalSection(functions) => {
                    for function in functions {
                        if !matches!(function?, wasmparser::CanonicalFunction::Lift { .. }) {
                            graph.functions.push(Source::Host);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(graph)
    }

    fn alias(&mut self, alias: ComponentAlias<'a>) -> Result<()> {
        let ComponentAlias::CoreInstanceExport {
            kind,
            instance_index,
            name,
        } = alias
        else {
            return Ok(());
        };
        let source = Source::Export {
            instance: instance_index,
            name,
        };
        match kind {
            ExternalKind::Func => self.functions.push(source),
            ExternalKind::Global => self.globals.push(source),
            ExternalKind::Memory => self.memories.push(source),
            ExternalKind::Table => self.tables.push(source),
            _ => bail!("{name} is an export of a kind the linker does not know"),
        }
        Ok(())
    }

    /// The item with an index in the component's own index space of that kind.
    pub fn item(&self, kind: ExternalKind, index: u32) -> Result<Item> {
        let space = match kind {
            ExternalKind::Func => &self.functions,
            ExternalKind::Global => &self.globals,
            ExternalKind::Memory => &self.memories,
            ExternalKind::Table => &self.tables,
            _ => bail!("a kind the linker does not know: {kind:?}"),
        };
        match space.get(index as usize) {
            Some(Source::Export { instance, name }) => self.export(*instance, kind, name),
            Some(Source::Host) => Ok(Item::Host(index)),
            None => bail!("the component has no {kind:?} {index}"),
        }
    }

    /// What an instance exports under a name.
    pub fn export(&self, instance: u32, kind: ExternalKind, name: &str) -> Result<Item> {
        let missing = || format!("instance {instance} exports no {name}");
        match self.instance(instance)? {
            Made::Bundle(exports) => {
                let (found, index) = *exports.get(name).with_context(missing)?;
                ensure!(found == kind, "{name} is no {kind:?}");
                self.item(kind, index)
            }
            Made::Module { module, .. } => {
                let (_, module) = self.module_at(*module)?;
                let (found, index) = *module.exports.get(name).with_context(missing)?;
                ensure!(found == kind, "{name} is no {kind:?}");
                self.inside(instance, kind, index)
            }
        }
    }

    /// What an index means inside an instance of a module.
    pub fn inside(&self, instance: u32, kind: ExternalKind, index: u32) -> Result<Item> {
        match self.module(instance)?.import_at(kind, index)? {
            Some(name) => self.import(instance, kind, name),
            None => Ok(Item::Own { instance, index }),
        }
    }

    fn import(&self, instance: u32, kind: ExternalKind, name: ImportName) -> Result<Item> {
        let Made::Module { with, .. } = self.instance(instance)? else {
            bail!("instance {instance} is no module's");
        };
        let from = with
            .get(name.instance)
            .with_context(|| format!("instance {instance} is made without {}", name.instance))?;
        self.export(*from, kind, name.item)
    }

    fn instance(&self, instance: u32) -> Result<&Made<'a>> {
        self.instances
            .get(instance as usize)
            .with_context(|| format!("the component has no instance {instance}"))
    }

    fn module_at(&self, module: u32) -> Result<&(&'a [u8], Module<'a>)> {
        self.modules
            .get(module as usize)
            .with_context(|| format!("the component has no module {module}"))
    }

    /// The module of an instance.
    pub fn module(&self, instance: u32) -> Result<&Module<'a>> {
        match self.instance(instance)? {
            Made::Module { module, .. } => Ok(&self.module_at(*module)?.1),
            Made::Bundle(_) => bail!("instance {instance} is no module's"),
        }
    }

    /// Whether a module stays as it is, because it stands between the program and the host.
    pub fn is_shim(&self, module: &Module) -> bool {
        module.exports.contains_key(SHIM_TABLE)
            || module
                .import_at(ExternalKind::Table, 0)
                .is_ok_and(|name| name.is_some_and(|name| name.item == SHIM_TABLE))
    }

    /// The instances of shims, in the order of their making.
    pub fn shims(&self) -> Vec<u32> {
        self.instances_where(|module| self.is_shim(module))
    }

    /// The instances whose modules become one, in the order of their making.
    pub fn program(&self) -> Vec<u32> {
        self.instances_where(|module| !self.is_shim(module))
    }

    fn instances_where(&self, fits: impl Fn(&Module) -> bool) -> Vec<u32> {
        let all = 0..self.instances.len() as u32;
        all.filter(|instance| self.module(*instance).is_ok_and(&fits))
            .collect()
    }
}

fn made(instance: Instance<'_>) -> Made<'_> {
    match instance {
        Instance::Instantiate { module_index, args } => Made::Module {
            module: module_index,
            with: args.iter().map(|arg| (arg.name, arg.index)).collect(),
        },
        Instance::FromExports(exports) => Made::Bundle(
            exports
                .iter()
                .map(|export| (export.name, (export.kind, export.index)))
                .collect(),
        ),
    }
}
