//! Code from hand to hand: a learner's files of one lesson as one small file, which another one opens
//! beside their own. Nothing of it is taken over by itself.

use crate::proof::reading;
use crate::wire::{FileOrigin, FileText, LessonRef, SharedCode, SharedView};
use crate::{ApiError, ApiResult, App, ErrorCode, lessons};
use ha_course::said;
use ha_sandbox::{Limits, is_safe_path};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The form of the file that this version of the app reads and writes.
const FORMAT: u32 = 1;
/// Largest file, in bytes: all sources of a lesson, written as JSON.
const MAX_BYTES: u64 = 4 * Limits::MAX_SOURCE_BYTES as u64;
const MAX_FILES: usize = 100;

#[derive(Serialize, Deserialize)]
struct SharedFile {
    hacode: u32,
    #[serde(flatten)]
    code: SharedCode,
}

impl App {
    /// Writes the learner's files of a lesson, with the result of the last check, into the Downloads
    /// folder. Answers the path.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`, `save_failed`, those of the store.
    pub async fn code_share(&self, lesson: LessonRef) -> ApiResult<String> {
        let (course, _) = self.course(&lesson.course)?;
        let files = self.own_files(&lesson).await?;
        let states = self.lesson_states(&lesson.course).await?;
        let last = states.get(&lesson.lesson);
        let result = last.and_then(|row| row.last_passed.zip(row.last_total));
        let node = course.lesson(&lesson.lesson);
        let title = node.map(|(_, node, ..)| lessons::words(&node.title));
        let shared = SharedFile {
            hacode: FORMAT,
            code: SharedCode {
                course_title: lessons::words(&course.title),
                lesson_title: title.unwrap_or_else(|| lessons::words(&course.title)),
                lesson: lesson.clone(),
                files,
                result,
            },
        };
        let text = serde_json::to_string_pretty(&shared).expect("files are plain data");
        self.save_download(lesson.lesson, "hacode", text).await
    }

    /// Opens such a file. Changes nothing.
    ///
    /// # Errors
    /// `file_unreadable`, `not_a_bundle`, `bundle_damaged`, `bundle_refused`, `newer_app_needed`.
    pub async fn code_shared(&self, path: &Path) -> ApiResult<SharedView> {
        let path = path.to_path_buf();
        let code = reading(move || read(&path)).await??;
        // Where the course is not installed there is nothing of one's own to stand beside it.
        let mine = self.own_files(&code.lesson).await.ok();
        Ok(SharedView { code, mine })
    }

    async fn own_files(&self, lesson: &LessonRef) -> ApiResult<Vec<FileText>> {
        let given = self.lesson_files(lesson)?;
        let files = self.joined_files(lesson, &given).await?;
        let own = files
            .into_iter()
            .filter(|file| file.origin != FileOrigin::Data);
        Ok(own
            .map(|file| FileText {
                path: file.path,
                text: file.text,
            })
            .collect())
    }
}

fn read(path: &Path) -> ApiResult<SharedCode> {
    let unreadable = |error: std::io::Error| {
        let path = path.display();
        let words = said!("{path}: 读不出来：{error}", "{path}: {error}");
        ApiError::said(ErrorCode::FileUnreadable, words)
    };
    let no_code = || said!("这不是分享出来的代码", "this is no shared code");
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_BYTES {
        let words = said!(
            "文件太大，一课的代码不会有这么大",
            "the file is larger than the code of a lesson can be"
        );
        return Err(ApiError::said(ErrorCode::BundleRefused, words));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    // A newer file may not even look like ours, so its number is read by itself.
    let any: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| {
        // Whatever a tool of ours wrote begins so, and what ends too early was cut on the way.
        let code = match error.is_eof() && bytes.starts_with(b"{") {
            true => ErrorCode::BundleDamaged,
            false => ErrorCode::NotABundle,
        };
        ApiError::said(code, no_code())
    })?;
    match any["hacode"].as_u64() {
        None => return Err(ApiError::said(ErrorCode::NotABundle, no_code())),
        Some(form) if form > u64::from(FORMAT) => {
            let words = said!(
                "需要更新的 HelloAgents：文件的格式是 {form}",
                "needs a newer HelloAgents: the file has format {form}"
            );
            return Err(ApiError::said(ErrorCode::NewerAppNeeded, words));
        }
        Some(_) => {}
    }
    let shared: SharedFile = serde_json::from_value(any).map_err(|error| {
        let words = said!(
            "分享的代码不完整：{error}",
            "this is no whole shared code: {error}"
        );
        ApiError::said(ErrorCode::BundleDamaged, words)
    })?;
    let code = shared.code;
    if code.files.len() > MAX_FILES || code.files.iter().any(|file| !is_safe_path(&file.path)) {
        let words = said!(
            "文件里有课程中不会有的文件名",
            "the file holds names that no lesson has"
        );
        return Err(ApiError::said(ErrorCode::BundleRefused, words));
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::io::Write;

    fn check(text: &[u8], expected: Result<usize, ErrorCode>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let read = read(file.path());
        let read = read.map(|code| code.files.len());
        assert_eq!(read.map_err(|error| error.code), expected);
    }

    fn with(form: u32, path: &str) -> Vec<u8> {
        let words = r#"{"zh":"x","en":"x"}"#;
        format!(
            r#"{{"hacode":{form},"lesson":{{"course":"c","lesson":"l"}},"courseTitle":{words},"lessonTitle":{words},"files":[{{"path":"{path}","text":"x"}}],"result":[1,2]}}"#
        )
        .into_bytes()
    }

    #[test]
    fn only_whole_files_of_a_known_form_with_safe_names_are_read() {
        check(&with(1, "main.py"), Ok(1));
        check(&with(2, "main.py"), Err(ErrorCode::NewerAppNeeded));
        check(&with(1, "../main.py"), Err(ErrorCode::BundleRefused));
        check(&with(1, "/etc/passwd"), Err(ErrorCode::BundleRefused));
        check(b"{}", Err(ErrorCode::NotABundle));
        check(b"\xff\x00", Err(ErrorCode::NotABundle));
        check(b"{\"hacode\":1}", Err(ErrorCode::BundleDamaged));
        check(&with(1, "main.py")[..40], Err(ErrorCode::BundleDamaged));
        let large = vec![b' '; MAX_BYTES as usize + 1];
        check(&large, Err(ErrorCode::BundleRefused));
        let missing = read(Path::new("/nowhere.hacode")).unwrap_err();
        assert_eq!(missing.code, ErrorCode::FileUnreadable);
    }
}
