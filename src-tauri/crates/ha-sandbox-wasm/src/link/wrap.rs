//! Goes through the component around the program, and has it written anew.
//!
//! The component's own types, imports and exports stay as they are. Of its core part only what the
//! merged module and the shims need is kept, in the old order.

use super::graph::{Graph, Item, Made, sections};
use super::writer::{Merged, Writer};
use anyhow::Result;
use wasmparser::{
    CanonicalFunction, CanonicalOption, ComponentAlias, ComponentAliasSectionReader, ExternalKind,
    Payload,
};

/// Everything the component takes from its modules, besides what they take from each other.
pub(super) fn wanted(graph: &Graph, component: &[u8]) -> Result<Vec<(ExternalKind, Item)>> {
    let mut uses = Vec::new();
    for section in sections(component) {
        if let Payload::ComponentCanonicalSection(functions) = section? {
            for function in functions {
                for (kind, index) in core_uses(&function?) {
                    uses.push((kind, graph.item(kind, index)?));
                }
            }
        }
    }
    uses.extend(shim_uses(graph)?);
    let program = graph.program();
    let mut wanted = Vec::new();
    for used in uses {
        let is_program =
            matches!(used.1, Item::Own { instance, .. } if program.contains(&instance));
        if is_program && !wanted.contains(&used) {
            wanted.push(used);
        }
    }
    Ok(wanted)
}

/// The core items that a function of the component names.
fn core_uses(function: &CanonicalFunction) -> Vec<(ExternalKind, u32)> {
    let (lifted, options) = match function {
        CanonicalFunction::Lift {
            core_func_index,
            options,
            ..
        } => (Some((ExternalKind::Func, *core_func_index)), options),
        CanonicalFunction::Lower { options, .. } => (None, options),
        _ => return Vec::new(),
    };
    let named = options.iter().filter_map(|option| match option {
        CanonicalOption::Memory(index) => Some((ExternalKind::Memory, *index)),
        CanonicalOption::Realloc(index) | CanonicalOption::PostReturn(index) => {
            Some((ExternalKind::Func, *index))
        }
        _ => None,
    });
    lifted.into_iter().chain(named).collect()
}

/// What the shims are made with.
fn shim_uses(graph: &Graph) -> Result<Vec<(ExternalKind, Item)>> {
    let mut uses = Vec::new();
    for instance in graph.shims() {
        let Made::Module { with, .. } = &graph.instances[instance as usize] else {
            continue;
        };
        for from in with.values() {
            if let Made::Bundle(exports) = &graph.instances[*from as usize] {
                for (kind, index) in exports.values() {
                    uses.push((*kind, graph.item(*kind, *index)?));
                }
            }
        }
    }
    Ok(uses)
}

/// The component with the merged module in place of the modules it was made of.
pub(super) fn wrap(graph: &Graph, component: &[u8], merged: &Merged) -> Result<Vec<u8>> {
    let mut writer = Writer::new(graph, merged);
    let mut used = merged.imports.clone();
    used.extend(shim_uses(graph)?.into_iter().map(|(_, item)| item));
    let (mut modules, mut instances, mut functions) = (0, 0, 0);
    for section in sections(component) {
        let section = section?;
        match section {
            Payload::ModuleSection { .. } => {
                writer.module(modules);
                modules += 1;
            }
            Payload::InstanceSection(section) => {
                for _ in section {
                    writer.instance(instances)?;
                    instances += 1;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for (alias, bytes) in aliases(component, section)? {
                    match alias {
                        ComponentAlias::CoreInstanceExport { kind, .. } => {
                            functions += u32::from(kind == ExternalKind::Func);
                        }
                        _ => writer.alias(bytes),
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    let function = function?;
                    let is_lifted = matches!(function, CanonicalFunction::Lift { .. });
                    if is_lifted || used.contains(&Item::Host(functions)) {
                        writer.function(&function, functions)?;
                    }
                    functions += u32::from(!is_lifted);
                }
            }
            // The names of what is not there any more.
            Payload::CustomSection(custom) if custom.name() == "component-name" => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    writer.copy(id, &component[range]);
                }
            }
        }
    }
    Ok(writer.finish())
}

/// The aliases of a section, each with its bytes.
fn aliases<'a>(
    component: &'a [u8],
    section: ComponentAliasSectionReader<'a>,
) -> Result<Vec<(ComponentAlias<'a>, &'a [u8])>> {
    let mut end = section.range().end;
    let read: Result<Vec<_>, _> = section.into_iter_with_offsets().collect();
    let mut aliases = Vec::new();
    for (start, alias) in read?.into_iter().rev() {
        aliases.push((alias, &component[start..end]));
        end = start;
    }
    aliases.reverse();
    Ok(aliases)
}
