//! Writes the program as one module.

use super::graph::Item;
use super::module::Entry;
use super::program::Program;
use anyhow::{Context, Result, bail, ensure};
use std::borrow::Cow;
use std::collections::HashMap;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, Encode, EntityType, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction,
    MemorySection, MemoryType, Module, NameMap, NameSection, RawSection, RefType, SectionId,
    TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, FuncType, FunctionBody, Operator};

/// The instance the merged module imports from; its items are numbered.
pub(super) const OUTSIDE: &str = "outside";

/// The new index of everything.
struct Numbers {
    functions: HashMap<Item, u32>,
    globals: HashMap<Item, u32>,
    types: HashMap<FuncType, u32>,
    /// Types in the order of their numbers.
    signatures: Vec<FuncType>,
}

impl Numbers {
    fn of(program: &Program) -> Result<Numbers> {
        let all = program.imports.iter().chain(&program.functions);
        let mut numbers = Numbers {
            functions: all.copied().zip(0..).collect(),
            globals: program.written.iter().copied().zip(0..).collect(),
            types: HashMap::new(),
            signatures: Vec::new(),
        };
        // Types that only the code names come first; they are the fewest to look for.
        for instance in &program.instances {
            for signature in &program.graph.module(*instance)?.types {
                numbers.signature(signature);
            }
        }
        for item in program.imports.iter().chain(&program.functions) {
            numbers.signature(program.signature(*item)?);
        }
        Ok(numbers)
    }

    fn signature(&mut self, signature: &FuncType) -> u32 {
        if let Some(known) = self.types.get(signature) {
            return *known;
        }
        let number = self.signatures.len() as u32;
        self.types.insert(signature.clone(), number);
        self.signatures.push(signature.clone());
        number
    }

    fn function(&self, item: Item) -> Result<u32> {
        let known = self.functions.get(&item);
        known.copied().context("a function was not reached")
    }
}

/// The module of a program, exporting what is `wanted` under its number there.
pub(super) fn merge(program: &Program, wanted: &[(ExternalKind, Item)]) -> Result<Vec<u8>> {
    let numbers = Numbers::of(program)?;
    let mut module = Module::new();
    module.section(&types(&numbers)?);
    let mut imports = ImportSection::new();
    for (number, item) in program.imports.iter().enumerate() {
        let signature = numbers.types[program.signature(*item)?];
        imports.import(
            OUTSIDE,
            &number.to_string(),
            EntityType::Function(signature),
        );
    }
    module.section(&imports);
    let mut functions = FunctionSection::new();
    for item in &program.functions {
        functions.function(numbers.types[program.signature(*item)?]);
    }
    module.section(&functions);
    module.section(&table(program));
    module.section(&memory(program));
    module.section(&globals(program)?);
    module.section(&exports(program, &numbers, wanted)?);
    module.section(&elements(program, &numbers)?);
    let mut code = CodeSection::new();
    for item in &program.functions {
        code.raw(
            &Code {
                program,
                numbers: &numbers,
            }
            .of(*item)?,
        );
    }
    module.section(&code);
    if let Some(data) = data(program)? {
        module.section(&RawSection {
            id: SectionId::Data.into(),
            data,
        });
    }
    module.section(&names(program, &numbers)?);
    Ok(module.finish())
}

fn types(numbers: &Numbers) -> Result<TypeSection> {
    let mut section = TypeSection::new();
    for signature in &numbers.signatures {
        let params: Result<Vec<_>> = signature.params().iter().map(value_type).collect();
        let results: Result<Vec<_>> = signature.results().iter().map(value_type).collect();
        section.ty().function(params?, results?);
    }
    Ok(section)
}

fn value_type(value: &wasmparser::ValType) -> Result<ValType> {
    Ok(match value {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(_) => bail!("a function takes or returns a reference"),
    })
}

/// Own and of a fixed size: so the engine fills it lazily and checks its bounds against a constant.
fn table(program: &Program) -> TableSection {
    let size = program.table.len() as u64;
    let mut section = TableSection::new();
    section.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: size,
        maximum: Some(size),
        shared: false,
    });
    section
}

fn memory(program: &Program) -> MemorySection {
    let memory = program.memory;
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: memory.initial,
        maximum: memory.maximum,
        memory64: memory.memory64,
        shared: memory.shared,
        page_size_log2: memory.page_size_log2,
    });
    section
}

fn globals(program: &Program) -> Result<GlobalSection> {
    let mut section = GlobalSection::new();
    for global in &program.written {
        let kind = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        section.global(kind, &ConstExpr::i32_const(program.initial(*global)?));
    }
    Ok(section)
}

fn exports(
    program: &Program,
    numbers: &Numbers,
    wanted: &[(ExternalKind, Item)],
) -> Result<ExportSection> {
    let mut section = ExportSection::new();
    for (name, (kind, item)) in wanted.iter().enumerate() {
        let (kind, index) = match kind {
            ExternalKind::Func => {
                let index = numbers.function(program.destination(*item))?;
                (ExportKind::Func, index)
            }
            ExternalKind::Memory => (ExportKind::Memory, 0),
            _ => bail!("a {kind:?} of the program is wanted outside"),
        };
        section.export(&name.to_string(), kind, index);
    }
    Ok(section)
}

/// One segment for every run of filled places.
fn elements(program: &Program, numbers: &Numbers) -> Result<ElementSection> {
    let mut section = ElementSection::new();
    let mut place = 0;
    for run in program.table.split(Option::is_none) {
        let functions: Result<Vec<u32>> = run
            .iter()
            .flatten()
            .map(|item| numbers.function(program.destination(*item)))
            .collect();
        let functions = functions?;
        if !functions.is_empty() {
            let offset = ConstExpr::i32_const(place);
            let functions = Elements::Functions(Cow::from(functions));
            section.active(None, &offset, functions);
        }
        place += run.len() as i32 + 1;
    }
    Ok(section)
}

/// The memory's content, which one module has alone.
fn data<'a>(program: &Program<'_, 'a>) -> Result<Option<&'a [u8]>> {
    let mut found = None;
    for (bytes, module) in &program.graph.modules {
        if let Some(range) = &module.data {
            ensure!(found.is_none(), "several modules have data");
            ensure!(
                matches!(module.memories.first(), Some(Entry::Own(_))),
                "the data is not beside its memory"
            );
            found = Some(&bytes[range.clone()]);
        }
    }
    Ok(found)
}

/// The engine names the functions of a crash, and an end on a lock is known by them.
fn names(program: &Program, numbers: &Numbers) -> Result<NameSection> {
    let mut functions = NameMap::new();
    for item in &program.functions {
        let Item::Own { instance, index } = item else {
            continue;
        };
        if let Some(name) = program.graph.module(*instance)?.names.get(index) {
            functions.append(numbers.function(*item)?, name);
        }
    }
    let mut section = NameSection::new();
    section.functions(&functions);
    Ok(section)
}

/// Rewrites function bodies.
struct Code<'p, 'g, 'a> {
    program: &'p Program<'g, 'a>,
    numbers: &'p Numbers,
}

impl Code<'_, '_, '_> {
    fn of(&self, item: Item) -> Result<Vec<u8>> {
        let Item::Own { instance, index } = item else {
            bail!("a function of the host has no body");
        };
        match &self.program.graph.module(instance)?.functions[index as usize] {
            Entry::Own(body) => self.body(instance, body),
            Entry::Imported(_) => bail!("an imported function has no body"),
        }
    }

    /// Copies a body, but for the indices in it.
    fn body(&self, instance: u32, body: &FunctionBody) -> Result<Vec<u8>> {
        let bytes = body.as_bytes();
        let start = body.range().start;
        let mut operators = body.get_operators_reader()?;
        let mut out = bytes[..operators.original_position() - start].to_vec();
        while !operators.eof() {
            let from = operators.original_position() - start;
            let operator = operators.read()?;
            match self.instruction(instance, &operator)? {
                Some(instruction) => instruction.encode(&mut out),
                None => out.extend(&bytes[from..operators.original_position() - start]),
            }
        }
        Ok(out)
    }

    /// What an operator becomes, if it has an index that changes.
    fn instruction(
        &self,
        instance: u32,
        operator: &Operator,
    ) -> Result<Option<Instruction<'static>>> {
        Ok(Some(match *operator {
            Operator::Call { function_index } => {
                Instruction::Call(self.function(instance, function_index)?)
            }
            Operator::ReturnCall { function_index } => {
                Instruction::ReturnCall(self.function(instance, function_index)?)
            }
            Operator::RefFunc { function_index } => {
                Instruction::RefFunc(self.function(instance, function_index)?)
            }
            Operator::CallIndirect { type_index, .. } => Instruction::CallIndirect {
                type_index: self.signature(instance, type_index)?,
                table_index: 0,
            },
            Operator::ReturnCallIndirect { type_index, .. } => Instruction::ReturnCallIndirect {
                type_index: self.signature(instance, type_index)?,
                table_index: 0,
            },
            Operator::Block { blockty } => match self.block(instance, blockty)? {
                Some(block) => Instruction::Block(block),
                None => return Ok(None),
            },
            Operator::Loop { blockty } => match self.block(instance, blockty)? {
                Some(block) => Instruction::Loop(block),
                None => return Ok(None),
            },
            Operator::If { blockty } => match self.block(instance, blockty)? {
                Some(block) => Instruction::If(block),
                None => return Ok(None),
            },
            Operator::GlobalGet { global_index } => self.global(instance, global_index)?,
            Operator::GlobalSet { global_index } => {
                let global = self.global_item(instance, global_index)?;
                Instruction::GlobalSet(self.numbers.globals[&global])
            }
            _ => return Ok(None),
        }))
    }

    fn function(&self, instance: u32, index: u32) -> Result<u32> {
        let graph = self.program.graph;
        let item = graph.inside(instance, ExternalKind::Func, index)?;
        self.numbers.function(self.program.destination(item))
    }

    fn signature(&self, instance: u32, index: u32) -> Result<u32> {
        let types = &self.program.graph.module(instance)?.types;
        let signature = types.get(index as usize).context("a type is missing")?;
        Ok(self.numbers.types[signature])
    }

    fn block(&self, instance: u32, kind: wasmparser::BlockType) -> Result<Option<BlockType>> {
        Ok(match kind {
            wasmparser::BlockType::FuncType(index) => {
                Some(BlockType::FunctionType(self.signature(instance, index)?))
            }
            _ => None,
        })
    }

    fn global_item(&self, instance: u32, index: u32) -> Result<Item> {
        let graph = self.program.graph;
        graph.inside(instance, ExternalKind::Global, index)
    }

    fn global(&self, instance: u32, index: u32) -> Result<Instruction<'static>> {
        let global = self.global_item(instance, index)?;
        Ok(match self.numbers.globals.get(&global) {
            Some(number) => Instruction::GlobalGet(*number),
            None => Instruction::I32Const(self.program.initial(global)?),
        })
    }
}
