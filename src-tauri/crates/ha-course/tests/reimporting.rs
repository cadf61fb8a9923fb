//! A book that changed is imported again into a course that its author changed too: ids stay with
//! their texts, and no word that the author wrote is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;

use desk::{Desk, import};
use ha_course::{ImportError, Language};
use std::fs;

/// Two lessons in a chapter, and one that stands alone.
fn book() -> Desk {
    let desk = Desk::new();
    desk.write(
        "_sidebar.md",
        "- **Part**\n  - [A](a.md)\n  - [B](b.md)\n- **End**\n  - [C](c.md)\n",
    )
    .write("a.md", "# A\n\nfirst\n")
    .write("b.md", "# B\n\nsecond\n")
    .write("c.md", "# C\n\nthird\n");
    desk.import();
    desk
}

#[test]
fn a_new_lesson_like_an_old_one_takes_no_id() {
    let desk = Desk::new();
    let day = |title: &str| format!("# {title}\n\none\n\ntwo\n\nthree\n\nfour\n");
    desk.write("_sidebar.md", "- [Day 1](d1.md)\n- [Day 2](d2.md)\n")
        .write("d1.md", day("Day 1"))
        .write("d2.md", day("Day 2"));
    desk.import();
    let before = desk.ids();
    desk.write("d0.md", day("Day 0")).write(
        "_sidebar.md",
        "- [Day 0](d0.md)\n- [Day 1](d1.md)\n- [Day 2](d2.md)\n",
    );
    assert_eq!(desk.import().known, 2);
    let after = desk.ids();
    assert_eq!(after[1..], before[..]);
    assert!(!before.contains(&after[0]));
    assert_eq!(desk.contents(), "hello-book: Day 0, Day 1, Day 2");
}

#[test]
fn of_moved_lessons_each_is_the_one_it_is_most_like() {
    let desk = Desk::new();
    let day = |own: &str| format!("# Day\n\none\n\ntwo\n\nthree\n\n{own}\n");
    desk.write("_sidebar.md", "- [1](d1.md)\n- [2](d2.md)\n")
        .write("d1.md", day("sun"))
        .write("d2.md", day("rain"));
    desk.import();
    let before = desk.ids();
    for (old, new) in [("d1.md", "sun.md"), ("d2.md", "rain.md")] {
        fs::rename(desk.source().join(old), desk.source().join(new)).unwrap();
    }
    desk.write("_sidebar.md", "- [2](rain.md)\n- [1](sun.md)\n");
    desk.import();
    let after = desk.ids();
    assert_eq!([&after[0], &after[1]], [&before[1], &before[0]]);
}

#[test]
fn a_lesson_that_comes_back_has_its_id_again() {
    let desk = book();
    let before = desk.ids();
    fs::rename(desk.source().join("c.md"), desk.source().join("moved.md")).unwrap();
    let all = "- [A](a.md)\n- [B](b.md)\n- [C](moved.md)\n";
    desk.write("_sidebar.md", all).import();
    assert_eq!(desk.ids(), before);
    desk.write("_sidebar.md", "- [A](a.md)\n- [B](b.md)\n");
    assert_eq!(desk.import().gone, ["C"]);
    desk.write("_sidebar.md", all);
    assert_eq!(desk.import().known, 3);
    assert_eq!(desk.ids(), before);
}

#[test]
fn an_import_that_was_stopped_remembers_nothing_that_the_manifest_does_not_say() {
    let desk = book();
    desk.write(
        "_sidebar.md",
        "- **Part**\n  - [New A](a.md)\n  - [B](b.md)\n",
    );
    let stopped = ha_course::import(&desk.source(), None, &desk.target(), &mut |done, _| {
        done < 1
    });
    assert!(matches!(stopped, Err(ImportError::Stopped)), "{stopped:?}");
    assert_eq!(desk.contents(), "Part: A, B\nEnd: C");
    assert_eq!(desk.import().gone, ["C"]);
    assert_eq!(desk.contents(), "Part: New A, B");
}

#[test]
fn a_lesson_that_is_gone_and_written_into_the_course_again_stays() {
    let desk = book();
    let before = desk.ids();
    let all = desk.read("course.toml");
    desk.write("_sidebar.md", "- [A](a.md)\n- [B](b.md)\n");
    assert_eq!(desk.import().gone, ["C"]);
    desk.edit("course.toml", &all);
    assert_eq!(desk.import().gone, Vec::<String>::new());
    assert_eq!(desk.ids(), before);
    assert_eq!(desk.import().gone, Vec::<String>::new());
    assert_eq!(desk.ids(), before);
}

#[test]
fn what_the_author_changed_stays_and_the_rest_follows_the_book() {
    let desk = book();
    let mine = "# A\n\n```python run\nprint(1)\n```\n";
    desk.edit("a.md", mine).write("b.md", "# B\n\ncorrected\n");
    let report = desk.import();
    assert_eq!(report.changed, []);
    assert_eq!(desk.read("a.md"), mine);
    assert_eq!(desk.read("b.md"), "# B\n\ncorrected\n");
}

#[test]
fn of_a_text_that_both_changed_the_authors_stays_and_the_books_is_beside_it() {
    let desk = book();
    desk.edit("a.md", "# A\n\nmine\n")
        .write("a.md", "# A\n\ntheirs\n");
    for _ in 0..2 {
        // It is said until somebody looked.
        let report = desk.import();
        assert_eq!(report.changed.len(), 1, "{report:?}");
        assert!(report.changed[0].en.starts_with("a.md: you changed it"));
        assert!(report.changed[0].en.ends_with(".import/new/a.md"));
        assert_eq!(desk.read("a.md"), "# A\n\nmine\n");
        assert_eq!(desk.read(".import/new/a.md"), "# A\n\ntheirs\n");
    }
    fs::remove_file(desk.target().join(".import/new/a.md")).unwrap();
    assert_eq!(desk.import().changed, []);
    assert_eq!(desk.read("a.md"), "# A\n\nmine\n");
    // Nothing of it is shown or handed out.
    let bundle = desk.dir.path().join("x.hacourse");
    let list = ha_course::pack(&desk.target(), &bundle).unwrap();
    assert!(list.files.iter().all(|file| !file.path.contains(".import")));
}

#[test]
fn an_author_who_takes_the_books_text_over_is_not_told_again() {
    let desk = book();
    desk.edit("a.md", "mine\n").write("a.md", "theirs\n");
    desk.import();
    desk.edit("a.md", "theirs\n");
    assert_eq!(desk.import().changed, []);
    assert!(!desk.target().join(".import/new/a.md").exists());
    desk.write("a.md", "newer\n").import();
    assert_eq!(desk.read("a.md"), "newer\n");
}

#[test]
fn lessons_that_the_author_added_stay_where_they_were() {
    let desk = book();
    let text = desk.read("course.toml");
    let own = |id: &str, title: &str| {
        format!(
            "[[chapter.lesson]]\nid = \"{id}\"\npath = \"{id}\"\ntitle = \"{title}\"\nminutes = 5\n\n"
        )
    };
    let after_a = text.find("title = \"B\"").unwrap();
    let before_b = text[..after_a].rfind("[[chapter.lesson]]").unwrap();
    let chapter = format!(
        "\n[[chapter]]\nid = \"mine\"\ntitle = \"Mine\"\n\n{}",
        own("alone", "Alone")
    );
    let text = format!(
        "{}{}{}{}{chapter}",
        &text[..before_b],
        own("own", "Own"),
        own("own-2", "Own 2"),
        &text[before_b..]
    );
    for id in ["own", "own-2", "alone"] {
        desk.edit(&format!("{id}/lesson.en.md"), "# Own\n");
    }
    desk.edit(
        "course.toml",
        &text.replace("title = \"End\"", "title = \"The end\""),
    );
    desk.write("d.md", "# D\n").write(
        "_sidebar.md",
        "- **Part one**\n  - [A](a.md)\n  - [Bee](b.md)\n- **Ende**\n  - [C](c.md)\n  - [D](d.md)\n",
    );
    let report = desk.import();
    assert_eq!(report.gone, Vec::<String>::new());
    assert_eq!(
        desk.contents(),
        "Part one: A, Own, Own 2, Bee\nThe end: C, D\nMine: Alone"
    );
    // The lesson they stood behind is gone.
    desk.write("_sidebar.md", "- **Part one**\n  - [Bee](b.md)\n");
    let report = desk.import();
    assert_eq!(report.gone, ["A", "C", "D"]);
    assert_eq!(desk.contents(), "Part one: Own, Own 2, Bee\nMine: Alone");
}

#[test]
fn a_translation_that_the_author_added_stays() {
    let desk = book();
    desk.edit("a.zh.md", "# 甲\n");
    let text = desk.read("course.toml");
    let both = text.replace("en = \"a.md\"", "zh = \"a.zh.md\", en = \"a.md\"");
    assert_ne!(text, both);
    desk.edit("course.toml", &both);
    desk.write("a.md", "# A\n\ncorrected\n").import();
    let id = &desk.ids()[0];
    let html = desk.course().open(id, Language::Zh, "x:").unwrap().html;
    assert!(html.contains('甲'), "{html}");
    assert_eq!(desk.read("a.md"), "# A\n\ncorrected\n");
}

#[test]
fn comments_of_the_manifest_stay_while_they_can_and_are_kept_when_they_cannot() {
    let desk = book();
    let text = format!("# my notes\n{}", desk.read("course.toml"));
    desk.edit("course.toml", &text);
    desk.write("a.md", "# A\n\ncorrected\n");
    assert_eq!(desk.import().changed, []);
    assert_eq!(desk.read("course.toml"), text);
    desk.write("_sidebar.md", "- [A](a.md)\n");
    let report = desk.import();
    assert!(
        report.changed[0].en.contains("without its comments"),
        "{report:?}"
    );
    assert_eq!(desk.read(".import/course.toml"), text);
}

#[test]
fn a_manifest_with_a_mistake_is_not_written_over() {
    let desk = book();
    let text = desk
        .read("course.toml")
        .replace("title = \"B\"", "titel = \"B\"");
    desk.edit("course.toml", &text);
    let refused = import(&desk.source(), None, &desk.target()).unwrap_err();
    assert!(refused.to_string().contains("mend it first"), "{refused}");
    assert_eq!(desk.read("course.toml"), text);
}

#[test]
fn files_of_others_are_never_written_over() {
    let manifest = "format_version = 1\nid = \"own\"\nversion = \"1\"\ntitle = \"Own\"\n\n[[chapter]]\nid = \"c\"\ntitle = \"C\"\n\n[[chapter.lesson]]\nid = \"l\"\npath = \"l\"\ntitle = \"L\"\nminutes = 1\n";
    for (file, text) in [("a.md", "precious"), ("course.toml", manifest)] {
        let desk = Desk::new();
        desk.write("_sidebar.md", "- [A](a.md)\n")
            .write("a.md", "# A\n");
        desk.edit(file, text).edit("l/lesson.en.md", "# L\n");
        let refused = import(&desk.source(), None, &desk.target());
        assert!(
            matches!(refused, Err(ImportError::Occupied(_))),
            "{refused:?}"
        );
        assert_eq!(desk.read(file), text);
        assert!(!desk.target().join("_sidebar.md").exists());
    }
}

#[test]
fn a_folder_that_holds_nothing_or_only_what_is_hidden_is_taken() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [A](a.md)\n")
        .write("a.md", "# A\n");
    desk.edit(".git/HEAD", "ref: x\n");
    assert_eq!(desk.import().lessons, 1);
    assert_eq!(desk.read(".git/HEAD"), "ref: x\n");
}

#[test]
fn of_an_import_without_a_record_only_what_equals_the_book_is_the_books() {
    let desk = book();
    let before = desk.ids();
    fs::remove_dir_all(desk.target().join(".import")).unwrap();
    desk.edit("a.md", "mine\n");
    desk.write("b.md", "# B\n\nsecond\n\nmore\n");
    let report = desk.import();
    assert_eq!(report.changed.len(), 2, "{report:?}");
    assert_eq!(desk.read("a.md"), "mine\n");
    assert_eq!(desk.ids(), before);
    desk.write("c.md", "# C\n\nnew\n").import();
    assert_eq!(desk.read("c.md"), "# C\n\nnew\n");
}

#[test]
fn a_record_that_cannot_be_read_is_said_and_nothing_is_written() {
    let desk = book();
    for text in [
        "{",
        "{\"format\": 9, \"files\": {}, \"chapters\": {}, \"lessons\": {}}",
    ] {
        desk.edit(".import/record.json", text)
            .edit("a.md", "mine\n");
        let refused = import(&desk.source(), None, &desk.target()).unwrap_err();
        assert!(refused.to_string().contains("record.json"), "{refused}");
        assert_eq!(desk.read("a.md"), "mine\n");
    }
}

#[test]
fn an_import_that_fails_leaves_no_folder() {
    let desk = Desk::new();
    desk.write("_sidebar.md", "- [A](gone.md)\n");
    assert!(import(&desk.source(), None, &desk.target()).is_err());
    assert!(!desk.target().exists());
    let inside = desk.source().join("out");
    assert!(import(&desk.source(), None, &inside).is_err());
    assert!(!inside.exists());
}
