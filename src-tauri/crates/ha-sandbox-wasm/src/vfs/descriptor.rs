//! `wasi:filesystem` over the tree: what an open file or folder may be asked.
//!
//! The generated traits name wasmtime-wasi's own descriptor, which is a file of the host. To the guest
//! a resource is only a number, so ours are kept in the same table under the same numbers; a number
//! that is not one of ours is the guest's mistake and a trap.

use super::path::{self, Place};
use super::streams::{PIECE, Reader, Target, Writer};
use super::tree::{Content, Protection, ROOT};
use super::{Files, FilesView, Held};
use std::ops::Bound;
use std::time::Duration;
use wasmtime::Result;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry,
    DirectoryEntryStream, ErrorCode, Filesize, Host, HostDescriptor, HostDirectoryEntryStream,
    MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult};

/// An open file or folder.
struct Open {
    held: Held,
    flags: DescriptorFlags,
}

/// A folder that is being listed: always the next name after the last, so that files may come and go
/// meanwhile.
struct Listing {
    folder: Held,
    last: Option<String>,
}

impl Open {
    fn check(&self, flag: DescriptorFlags) -> FsResult<()> {
        if self.flags.contains(flag) {
            Ok(())
        } else {
            Err(ErrorCode::BadDescriptor.into())
        }
    }
}

impl FilesView<'_> {
    fn open(&self, descriptor: &Resource<Descriptor>) -> Result<&Open> {
        let ours = Resource::<Open>::new_borrow(descriptor.rep());
        Ok(self.table.get(&ours)?)
    }

    fn push(&mut self, open: Open) -> Result<Resource<Descriptor>> {
        Ok(Resource::new_own(self.table.push(open)?.rep()))
    }

    fn find(
        &self,
        descriptor: &Resource<Descriptor>,
        flags: PathFlags,
        path: &str,
    ) -> FsResult<Place> {
        let start = self.open(descriptor).map_err(FsError::trap)?.held.id;
        let follow = flags.contains(PathFlags::SYMLINK_FOLLOW);
        Ok(self.files.lock().find(start, path, follow)?)
    }

    fn held(&self, descriptor: &Resource<Descriptor>) -> FsResult<&Held> {
        Ok(&self.open(descriptor).map_err(FsError::trap)?.held)
    }

    fn writer(
        &mut self,
        descriptor: &Resource<Descriptor>,
        target: Target,
    ) -> FsResult<Resource<DynOutputStream>> {
        let open = self.open(descriptor).map_err(FsError::trap)?;
        open.check(DescriptorFlags::WRITE)?;
        let file = open.held.clone();
        let writer: DynOutputStream = Box::new(Writer { file, target });
        Ok(self.table.push(writer)?)
    }

    fn stat_of(&self, node: usize) -> DescriptorStat {
        let tree = self.files.lock();
        let node = &tree[node];
        DescriptorStat {
            type_: kind(&node.content),
            link_count: 1,
            size: node.content.size(),
            data_access_timestamp: Some(datetime(node.times.accessed)),
            data_modification_timestamp: Some(datetime(node.times.modified)),
            status_change_timestamp: Some(datetime(node.times.changed)),
        }
    }

    fn hash_of(&self, node: usize) -> MetadataHashValue {
        MetadataHashValue {
            lower: self.files.lock()[node].number,
            upper: 0,
        }
    }

    fn set_times_of(
        &self,
        node: usize,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        let mut tree = self.files.lock();
        let now = tree.now();
        let time = |new| match new {
            NewTimestamp::NoChange => Ok(None),
            NewTimestamp::Now => Ok(Some(now)),
            NewTimestamp::Timestamp(time) if time.nanoseconds < 1_000_000_000 => {
                Ok(Some(Duration::new(time.seconds, time.nanoseconds)))
            }
            NewTimestamp::Timestamp(_) => Err(ErrorCode::Invalid),
        };
        let (accessed, modified) = (time(accessed)?, time(modified)?);
        Ok(tree.set_times(node, accessed, modified)?)
    }
}

/// Finds or makes what is to be opened.
fn open(files: &Files, place: Place, how: OpenFlags, flags: DescriptorFlags) -> FsResult<Held> {
    let mut tree = files.lock();
    tree.check_open()?;
    let wants_folder = how.contains(OpenFlags::DIRECTORY);
    let changes = flags.contains(DescriptorFlags::WRITE) || how.contains(OpenFlags::TRUNCATE);
    let id = match place.node {
        Some(_) if how.contains(OpenFlags::CREATE | OpenFlags::EXCLUSIVE) => {
            return Err(ErrorCode::Exist.into());
        }
        Some(id) => {
            match &tree[id].content {
                Content::Link(_) => return Err(ErrorCode::Loop.into()),
                Content::File(_) if wants_folder => return Err(ErrorCode::NotDirectory.into()),
                Content::File(_) if changes && !tree.is_writable(id) => {
                    return Err(ErrorCode::Access.into());
                }
                Content::Folder(_) if changes => return Err(ErrorCode::IsDirectory.into()),
                Content::File(_) | Content::Folder(_) => {}
            }
            if how.contains(OpenFlags::TRUNCATE) {
                tree.set_size(id, 0)?;
            }
            id
        }
        None if !how.contains(OpenFlags::CREATE) => return Err(ErrorCode::NoEntry.into()),
        None if wants_folder => return Err(ErrorCode::Invalid.into()),
        None if place.is_folder => return Err(ErrorCode::IsDirectory.into()),
        None => {
            let entry = place.into_entry()?;
            tree.create(entry, Content::File(Vec::new()), Protection::None)?
        }
    };
    drop(tree);
    Ok(Held::new(files, id))
}

fn kind(content: &Content) -> DescriptorType {
    match content {
        Content::Folder(_) => DescriptorType::Directory,
        Content::File(_) => DescriptorType::RegularFile,
        Content::Link(_) => DescriptorType::SymbolicLink,
    }
}

fn datetime(time: Duration) -> Datetime {
    Datetime {
        seconds: time.as_secs(),
        nanoseconds: time.subsec_nanos(),
    }
}

impl preopens::Host for FilesView<'_> {
    fn get_directories(&mut self) -> Result<Vec<(Resource<Descriptor>, String)>> {
        let root = Open {
            held: Held::new(self.files, ROOT),
            flags: DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY,
        };
        Ok(vec![(self.push(root)?, "/".to_owned())])
    }
}

impl Host for FilesView<'_> {
    fn convert_error_code(&mut self, error: FsError) -> Result<ErrorCode> {
        error.downcast()
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> Result<Option<ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<ErrorCode>().copied())
    }
}

impl HostDescriptor for FilesView<'_> {
    fn read_via_stream(
        &mut self,
        descriptor: Resource<Descriptor>,
        offset: Filesize,
    ) -> FsResult<Resource<DynInputStream>> {
        let open = self.open(&descriptor).map_err(FsError::trap)?;
        open.check(DescriptorFlags::READ)?;
        let file = open.held.clone();
        file.tree().read(file.id, offset, 0)?;
        let reader: DynInputStream = Box::new(Reader { file, offset });
        Ok(self.table.push(reader)?)
    }

    fn write_via_stream(
        &mut self,
        descriptor: Resource<Descriptor>,
        offset: Filesize,
    ) -> FsResult<Resource<DynOutputStream>> {
        self.writer(&descriptor, Target::Offset(offset))
    }

    fn append_via_stream(
        &mut self,
        descriptor: Resource<Descriptor>,
    ) -> FsResult<Resource<DynOutputStream>> {
        self.writer(&descriptor, Target::End)
    }

    async fn advise(
        &mut self,
        _descriptor: Resource<Descriptor>,
        _offset: Filesize,
        _length: Filesize,
        _advice: Advice,
    ) -> FsResult<()> {
        Ok(())
    }

    async fn sync_data(&mut self, _descriptor: Resource<Descriptor>) -> FsResult<()> {
        Ok(())
    }

    async fn sync(&mut self, _descriptor: Resource<Descriptor>) -> FsResult<()> {
        Ok(())
    }

    async fn get_flags(&mut self, descriptor: Resource<Descriptor>) -> FsResult<DescriptorFlags> {
        Ok(self.open(&descriptor).map_err(FsError::trap)?.flags)
    }

    async fn get_type(&mut self, descriptor: Resource<Descriptor>) -> FsResult<DescriptorType> {
        let held = self.held(&descriptor)?;
        Ok(kind(&held.tree()[held.id].content))
    }

    async fn set_size(&mut self, descriptor: Resource<Descriptor>, size: Filesize) -> FsResult<()> {
        let open = self.open(&descriptor).map_err(FsError::trap)?;
        open.check(DescriptorFlags::WRITE)?;
        Ok(open.held.tree().set_size(open.held.id, size)?)
    }

    async fn set_times(
        &mut self,
        descriptor: Resource<Descriptor>,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        self.set_times_of(self.held(&descriptor)?.id, accessed, modified)
    }

    async fn read(
        &mut self,
        descriptor: Resource<Descriptor>,
        length: Filesize,
        offset: Filesize,
    ) -> FsResult<(Vec<u8>, bool)> {
        let open = self.open(&descriptor).map_err(FsError::trap)?;
        open.check(DescriptorFlags::READ)?;
        let most = usize::try_from(length).unwrap_or(PIECE).min(PIECE);
        let tree = open.held.tree();
        let bytes = tree.read(open.held.id, offset, most)?.to_vec();
        let is_end = bytes.is_empty();
        Ok((bytes, is_end))
    }

    async fn write(
        &mut self,
        descriptor: Resource<Descriptor>,
        bytes: Vec<u8>,
        offset: Filesize,
    ) -> FsResult<Filesize> {
        let open = self.open(&descriptor).map_err(FsError::trap)?;
        open.check(DescriptorFlags::WRITE)?;
        let count = open.held.tree().write(open.held.id, offset, &bytes)?;
        Ok(count as Filesize)
    }

    async fn read_directory(
        &mut self,
        descriptor: Resource<Descriptor>,
    ) -> FsResult<Resource<DirectoryEntryStream>> {
        let held = self.held(&descriptor)?;
        held.tree().names(held.id)?;
        held.tree().check_open()?;
        let folder = held.clone();
        let listing = Listing { folder, last: None };
        Ok(Resource::new_own(self.table.push(listing)?.rep()))
    }

    async fn create_directory_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        path: String,
    ) -> FsResult<()> {
        let place = self.find(&descriptor, PathFlags::empty(), &path)?;
        if place.node.is_some() {
            return Err(ErrorCode::Exist.into());
        }
        let content = Content::Folder(Default::default());
        let mut tree = self.files.lock();
        tree.create(place.into_entry()?, content, Protection::None)?;
        Ok(())
    }

    async fn stat(&mut self, descriptor: Resource<Descriptor>) -> FsResult<DescriptorStat> {
        Ok(self.stat_of(self.held(&descriptor)?.id))
    }

    async fn stat_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        flags: PathFlags,
        path: String,
    ) -> FsResult<DescriptorStat> {
        Ok(self.stat_of(self.find(&descriptor, flags, &path)?.existing()?))
    }

    async fn set_times_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        flags: PathFlags,
        path: String,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        let node = self.find(&descriptor, flags, &path)?.existing()?;
        self.set_times_of(node, accessed, modified)
    }

    async fn link_at(
        &mut self,
        _descriptor: Resource<Descriptor>,
        _old_flags: PathFlags,
        _old_path: String,
        _new_descriptor: Resource<Descriptor>,
        _new_path: String,
    ) -> FsResult<()> {
        Err(ErrorCode::Unsupported.into())
    }

    async fn open_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        path_flags: PathFlags,
        path: String,
        how: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Resource<Descriptor>> {
        let mut path_flags = path_flags;
        if how.contains(OpenFlags::CREATE | OpenFlags::EXCLUSIVE) {
            // A link in the place of a new file is something that exists.
            path_flags = PathFlags::empty();
        }
        let place = self.find(&descriptor, path_flags, &path)?;
        let held = open(self.files, place, how, flags)?;
        self.push(Open { held, flags }).map_err(FsError::trap)
    }

    async fn readlink_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        path: String,
    ) -> FsResult<String> {
        let node = self
            .find(&descriptor, PathFlags::empty(), &path)?
            .existing()?;
        match &self.files.lock()[node].content {
            Content::Link(target) => Ok(target.clone()),
            Content::File(_) | Content::Folder(_) => Err(ErrorCode::Invalid.into()),
        }
    }

    async fn remove_directory_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        path: String,
    ) -> FsResult<()> {
        let place = self.find(&descriptor, PathFlags::empty(), &path)?;
        place.existing()?;
        let entry = place.into_entry()?;
        Ok(self.files.lock().remove_folder(&entry)?)
    }

    async fn rename_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        old_path: String,
        new_descriptor: Resource<Descriptor>,
        new_path: String,
    ) -> FsResult<()> {
        let from = self.find(&descriptor, PathFlags::empty(), &old_path)?;
        let to = self.find(&new_descriptor, PathFlags::empty(), &new_path)?;
        let mut tree = self.files.lock();
        let is_folder = matches!(tree[from.existing()?].content, Content::Folder(_));
        if to.is_folder && !is_folder {
            return Err(ErrorCode::NotDirectory.into());
        }
        Ok(tree.rename(&from.into_entry()?, to.into_entry()?)?)
    }

    async fn symlink_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        target: String,
        path: String,
    ) -> FsResult<()> {
        path::check(&target)?;
        let place = self.find(&descriptor, PathFlags::empty(), &path)?;
        if place.node.is_some() {
            return Err(ErrorCode::Exist.into());
        }
        let mut tree = self.files.lock();
        tree.create(place.into_entry()?, Content::Link(target), Protection::None)?;
        Ok(())
    }

    async fn unlink_file_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        path: String,
    ) -> FsResult<()> {
        let place = self.find(&descriptor, PathFlags::empty(), &path)?;
        place.existing()?;
        let entry = place.entry.ok_or(ErrorCode::IsDirectory)?;
        Ok(self.files.lock().remove_file(&entry)?)
    }

    async fn is_same_object(
        &mut self,
        one: Resource<Descriptor>,
        other: Resource<Descriptor>,
    ) -> Result<bool> {
        Ok(self.open(&one)?.held.id == self.open(&other)?.held.id)
    }

    async fn metadata_hash(
        &mut self,
        descriptor: Resource<Descriptor>,
    ) -> FsResult<MetadataHashValue> {
        Ok(self.hash_of(self.held(&descriptor)?.id))
    }

    async fn metadata_hash_at(
        &mut self,
        descriptor: Resource<Descriptor>,
        flags: PathFlags,
        path: String,
    ) -> FsResult<MetadataHashValue> {
        Ok(self.hash_of(self.find(&descriptor, flags, &path)?.existing()?))
    }

    fn drop(&mut self, descriptor: Resource<Descriptor>) -> Result<()> {
        self.table
            .delete(Resource::<Open>::new_own(descriptor.rep()))?;
        Ok(())
    }
}

impl HostDirectoryEntryStream for FilesView<'_> {
    async fn read_directory_entry(
        &mut self,
        stream: Resource<DirectoryEntryStream>,
    ) -> FsResult<Option<DirectoryEntry>> {
        let listing = Resource::<Listing>::new_borrow(stream.rep());
        let Listing { folder, last } = self.table.get_mut(&listing)?;
        let tree = folder.tree();
        let after = last.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let names = tree.names(folder.id)?;
        let next = names.range::<str, _>((after, Bound::Unbounded)).next();
        let entry = next.map(|(name, id)| DirectoryEntry {
            type_: kind(&tree[*id].content),
            name: name.clone(),
        });
        if let Some(entry) = &entry {
            *last = Some(entry.name.clone());
        }
        Ok(entry)
    }

    fn drop(&mut self, stream: Resource<DirectoryEntryStream>) -> Result<()> {
        self.table
            .delete(Resource::<Listing>::new_own(stream.rep()))?;
        Ok(())
    }
}
