//! What the two targets about bundles do with one, and how they judge it.

use crate::fixture::judges::{assert_installed, assert_only};
use ha_course::{Bundle, BundleError, BundleList, Shelf};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with a bundle in it, and beside that a shelf to install it on.
pub struct Desk {
    dir: TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            dir: TempDir::new().unwrap(),
        }
    }

    /// Opens these bytes, installs what is in them, and looks at what there is then.
    pub fn install(&self, bytes: &[u8]) {
        let file = self.dir.path().join("some.hacourse");
        let root = self.dir.path().join("data");
        fs::write(&file, bytes).unwrap();
        match installed(&file, &root) {
            Ok(list) => assert_installed(&list, &root.join("courses").join(&list.course)),
            Err(_) => {
                let courses = fs::read_dir(root.join("courses"));
                let left = courses.map_or(0, Iterator::count);
                assert_eq!(left, 0, "half of a course stays");
            }
        }
        assert_only(self.dir.path(), &["some.hacourse", "data"]);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
    }
}

fn installed(file: &Path, root: &Path) -> Result<BundleList, BundleError> {
    let mut bundle = Bundle::open(file)?;
    bundle.verify()?;
    Shelf::open(root)?.install(&mut bundle, false)?;
    Ok(bundle.list().clone())
}
