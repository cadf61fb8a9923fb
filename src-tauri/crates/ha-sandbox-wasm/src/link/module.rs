//! One core module as the linker needs it: what is in each index space, and the code as bytes.
//!
//! Anything that C and Rust compilers do not produce today (tags, reference types in the type section,
//! passive segments, start functions) is refused instead of being linked wrongly.

use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, DataSectionReader, ElementItems, ElementKind,
    ElementSectionReader, ExternalKind, FuncType, FunctionBody, KnownCustom, MemoryType, Name,
    NameSectionReader, Operator, Parser, Payload, TableType, TypeRef, TypeSectionReader,
};

/// The name of an import: of the instance, and of what it exports.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImportName<'a> {
    pub instance: &'a str,
    pub item: &'a str,
}

/// What an index stands for: something imported, or this module's own.
#[derive(Debug)]
pub(super) enum Entry<'a, T> {
    Imported(ImportName<'a>),
    Own(T),
}

/// Functions that fill the table from a place on.
pub(super) struct Elements<'a> {
    pub offset: ConstExpr<'a>,
    pub functions: Vec<u32>,
}

/// A module that was read.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub types: Vec<FuncType>,
    /// For each function, the imported ones too, the index of its type.
    pub signatures: Vec<u32>,
    pub functions: Vec<Entry<'a, FunctionBody<'a>>>,
    /// The module's own with their first values.
    pub globals: Vec<Entry<'a, ConstExpr<'a>>>,
    pub memories: Vec<Entry<'a, MemoryType>>,
    pub tables: Vec<Entry<'a, TableType>>,
    pub exports: BTreeMap<&'a str, (ExternalKind, u32)>,
    pub elements: Vec<Elements<'a>>,
    /// Where the content of the data section is in the module.
    pub data: Option<Range<usize>>,
    pub names: HashMap<u32, &'a str>,
}

impl<'a> Module<'a> {
    /// # Errors
    /// A module that is broken, or has what the linker does not know.
    pub fn read(bytes: &'a [u8]) -> Result<Module<'a>> {
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        ensure!(
            module.memories.len() <= 1 && module.tables.len() <= 1,
            "a module has several memories or tables"
        );
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => self.types(types)?,
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    self.import(import.module, import.name, import.ty)?;
                }
            }
            Payload::FunctionSection(functions) => {
                for signature in functions {
                    self.signatures.push(signature?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(Entry::Own(table?.ty));
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(Entry::Own(memory?));
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(Entry::Own(global?.init_expr));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    self.exports
                        .insert(export.name, (export.kind, export.index));
                }
            }
            Payload::ElementSection(elements) => self.elements(elements)?,
            Payload::CodeSectionEntry(body) => self.functions.push(Entry::Own(body)),
            Payload::DataSection(data) => self.data(data)?,
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(names) = custom.as_known() {
                    self.names(names)?;
                }
            }
            Payload::Version { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::DataCountSection { .. }
            | Payload::End(_) => {}
            other => bail!("a module has a section the linker does not know: {other:?}"),
        }
        Ok(())
    }

    fn types(&mut self, types: TypeSectionReader<'a>) -> Result<()> {
        for group in types {
            for kind in group?.into_types() {
                match kind.composite_type.inner {
                    CompositeInnerType::Func(signature) => self.types.push(signature),
                    _ => bail!("a type is not one of functions"),
                }
            }
        }
        Ok(())
    }

    fn import(&mut self, instance: &'a str, item: &'a str, kind: TypeRef) -> Result<()> {
        let name = ImportName { instance, item };
        match kind {
            TypeRef::Func(signature) => {
                self.signatures.push(signature);
                self.functions.push(Entry::Imported(name));
            }
            TypeRef::Global(_) => self.globals.push(Entry::Imported(name)),
            TypeRef::Memory(_) => self.memories.push(Entry::Imported(name)),
            TypeRef::Table(_) => self.tables.push(Entry::Imported(name)),
            _ => bail!("{instance} {item} is an import of a kind the linker does not know"),
        }
        Ok(())
    }

    fn elements(&mut self, elements: ElementSectionReader<'a>) -> Result<()> {
        for segment in elements {
            let segment = segment?;
            let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
                (segment.kind, segment.items)
            else {
                bail!("an element segment is not placed when the module starts");
            };
            self.elements.push(Elements {
                offset: offset_expr,
                functions: functions.into_iter().collect::<Result<_, _>>()?,
            });
        }
        Ok(())
    }

    fn data(&mut self, data: DataSectionReader<'a>) -> Result<()> {
        for segment in data.clone() {
            let DataKind::Active { offset_expr, .. } = segment?.kind else {
                bail!("a data segment is not placed when the module starts");
            };
            // A global would have another index in the merged module, and data is copied as it is.
            ensure!(
                matches!(
                    offset_expr.get_operators_reader().read()?,
                    Operator::I32Const { .. }
                ),
                "a data segment has no fixed place"
            );
        }
        self.data = Some(data.range());
        Ok(())
    }

    fn names(&mut self, names: NameSectionReader<'a>) -> Result<()> {
        for name in names {
            if let Name::Function(functions) = name? {
                for naming in functions {
                    let naming = naming?;
                    self.names.insert(naming.index, naming.name);
                }
            }
        }
        Ok(())
    }

    /// The signature of a function, by its index.
    pub fn signature(&self, function: u32) -> Result<&FuncType> {
        self.signatures
            .get(function as usize)
            .and_then(|index| self.types.get(*index as usize))
            .with_context(|| format!("function {function} has no type"))
    }

    /// What is imported at an index, or `None` for the module's own.
    pub fn import_at(&self, kind: ExternalKind, index: u32) -> Result<Option<ImportName<'a>>> {
        fn at<'a, T>(space: &[Entry<'a, T>], index: u32) -> Option<Option<ImportName<'a>>> {
            space.get(index as usize).map(|entry| match entry {
                Entry::Imported(name) => Some(*name),
                Entry::Own(_) => None,
            })
        }
        match kind {
            ExternalKind::Func => at(&self.functions, index),
            ExternalKind::Global => at(&self.globals, index),
            ExternalKind::Memory => at(&self.memories, index),
            ExternalKind::Table => at(&self.tables, index),
            _ => None,
        }
        .with_context(|| format!("no {kind:?} {index} in a module"))
    }
}
