//! The shelf: what is installed stands there whole or not at all, from whom it is expected.

use crate::{Desk, replaced};
use ha_course::{AuthorKey, Bundle, BundleError, Trust};
use std::fs;
use std::path::Path;

fn install(
    desk: &Desk,
    bundle: &Path,
    is_trusted: bool,
) -> Result<ha_course::Installed, BundleError> {
    desk.shelf().install(&mut Bundle::open(bundle)?, is_trusted)
}

#[test]
fn what_is_installed_is_what_was_packed() {
    let desk = Desk::new();
    let bundle = desk.signed("a.hacourse", 1);
    let done = install(&desk, &bundle, false).unwrap();
    assert_eq!((done.replaced, done.is_new_signer), (None, true));
    for file in [
        "course.toml",
        "01-first/lesson.zh.md",
        "01-first/starter/main.py",
    ] {
        let packed = fs::read_to_string(desk.small.path(file)).unwrap();
        assert_eq!(desk.installed(file), Some(packed), "{file}");
    }
    let image = fs::read(desk.file("data/courses/small/01-first/images/图 1.png")).unwrap();
    assert_eq!(image, [7; 3000]);
    let (_, problems) = ha_course::lint(&done.dir);
    assert_eq!(problems, []);
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    let manifest = fs::read_to_string(desk.small.path("course.toml")).unwrap();
    desk.small
        .write("course.toml", manifest.replace("1.0.0", "2.0.0"))
        .remove("01-first/images");
    let done = install(&desk, &desk.signed("b.hacourse", 1), false).unwrap();
    assert_eq!(
        (done.replaced.as_deref(), done.is_new_signer),
        (Some("1.0.0"), false)
    );
    assert!(desk.installed("course.toml").unwrap().contains("2.0.0"));
    assert!(!desk.file("data/courses/small/01-first/images").exists());
}

#[test]
fn a_changed_signer_is_told_and_nothing_is_touched() {
    let desk = Desk::new();
    let (mine, other, none) = (
        desk.signed("a.hacourse", 1),
        desk.signed("b.hacourse", 2),
        desk.packed("c.hacourse"),
    );
    install(&desk, &mine, false).unwrap();
    for bundle in [&other, &none] {
        let refused = install(&desk, bundle, false);
        assert!(
            matches!(refused, Err(BundleError::SignerChanged { .. })),
            "{refused:?}"
        );
    }
    let first = AuthorKey::from_random([1; 32]).signer();
    assert_eq!(desk.shelf().signer("small").unwrap(), Some(first));
    assert!(install(&desk, &other, true).unwrap().is_new_signer);
    install(&desk, &other, false).unwrap();
    // Removing a course does not make its name free for anybody.
    assert!(desk.shelf().remove("small").unwrap());
    assert!(matches!(
        install(&desk, &mine, false),
        Err(BundleError::SignerChanged { .. })
    ));
}

#[test]
fn a_name_of_the_app_is_the_apps() {
    let desk = Desk::new();
    let shelf = || desk.shelf().beside(["small".to_string()]);
    let put = |bundle: &Path, is_trusted: bool| {
        shelf().install(&mut Bundle::open(bundle).unwrap(), is_trusted)
    };
    let (none, mine) = (desk.packed("a.hacourse"), desk.signed("b.hacourse", 1));
    for bundle in [&none, &mine] {
        let (trust, known) = shelf().trust(&Bundle::open(bundle).unwrap()).unwrap();
        assert_eq!((trust, known), (Trust::NotTheApp, None));
        let refused = put(bundle, false).unwrap_err();
        assert!(
            refused.to_string().contains("came with the app"),
            "{refused}"
        );
    }
    put(&mine, true).unwrap();
    put(&mine, false).unwrap();
}

#[test]
fn one_installation_at_a_time_and_nobody_tidies_up_under_it() {
    let desk = Desk::new();
    let bundle = desk.packed("a.hacourse");
    fs::create_dir_all(desk.file("data/incoming/small")).unwrap();
    let lock = fs::File::create(desk.file("data/shelf.lock")).unwrap();
    lock.lock().unwrap();
    desk.shelf();
    assert!(
        desk.file("data/incoming/small").exists(),
        "somebody is at work there"
    );
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| install(&desk, &bundle, false)))
            .collect();
        drop(lock);
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
    assert!(desk.installed("course.toml").is_some());
    assert_eq!(fs::read_dir(desk.file("data/incoming")).unwrap().count(), 0);
}

#[test]
fn half_an_installation_never_stays() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    let whole = fs::read(desk.file("a.hacourse")).unwrap();
    // A picture is stored as it is, so a byte of it can be changed without a word to the zip.
    let broken = replaced(whole, &[7; 64], &[8; 64]);
    fs::write(desk.file("b.hacourse"), broken).unwrap();
    let refused = install(&desk, &desk.file("b.hacourse"), false);
    assert!(refused.is_err(), "{refused:?}");
    assert!(!desk.file("data/incoming/small").exists());
    assert_eq!(
        desk.installed("01-first/starter/main.py").as_deref(),
        Some("print(1)\n")
    );
    assert!(
        ha_course::lint(&desk.file("data/courses/small"))
            .1
            .is_empty()
    );
}

#[test]
fn what_a_power_cut_left_behind_is_put_in_order() {
    let desk = Desk::new();
    install(&desk, &desk.signed("a.hacourse", 1), false).unwrap();
    // Between the two steps: the old one is aside, the new one is not there yet.
    fs::create_dir_all(desk.file("data/outgoing")).unwrap();
    fs::rename(
        desk.file("data/courses/small"),
        desk.file("data/outgoing/small"),
    )
    .unwrap();
    fs::create_dir_all(desk.file("data/incoming/small/01-first")).unwrap();
    desk.shelf();
    assert!(desk.installed("course.toml").is_some());
    assert!(!desk.file("data/incoming").exists());
    // After both: the old one is left over.
    fs::create_dir_all(desk.file("data/outgoing/small")).unwrap();
    desk.shelf();
    assert!(!desk.file("data/outgoing/small").exists());
    assert!(desk.installed("course.toml").is_some());
}

#[test]
fn removing_takes_a_course_and_nothing_else() {
    let desk = Desk::new();
    install(&desk, &desk.packed("a.hacourse"), false).unwrap();
    for name in ["..", "../..", "small/01-first", "", "other"] {
        assert!(!desk.shelf().remove(name).unwrap(), "{name:?}");
    }
    assert!(desk.shelf().remove("small").unwrap());
    assert!(!desk.file("data/courses/small").exists());
    assert!(desk.file("data/courses").is_dir());
}
