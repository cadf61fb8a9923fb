//! Which hosts the agents of a lesson may ask: those that its course names, if somebody signed the course
//! and the learner allows it. A permission holds for the hosts it was given for and can be taken back.

use crate::bridge::HostTools;
use crate::code::LessonCode;
use crate::wire::{LessonRef, WebAccess, WebState};
use crate::{ApiError, ApiResult, App};
use ha_course::Course;
use ha_sandbox::SourceFile;
use std::sync::Arc;

/// A permission among the settings, by course.
const KEY: &str = "web:";

impl App {
    /// Allows the agents of a lesson to ask the hosts that its course names, or takes that back.
    ///
    /// # Errors
    /// `invalid_request` for a course that nobody signed, `course_not_found`, those of the store.
    pub async fn web_allow(&self, lesson: &LessonRef, allow: bool) -> ApiResult<()> {
        let (course, _) = self.course(&lesson.course)?;
        let hosts = hosts(&course, &lesson.lesson);
        if allow && !self.is_vouched_for(&course) {
            return Err(ApiError::invalid("nobody signed this course"));
        }
        let allowed = if allow { hosts } else { Vec::new() };
        let text = serde_json::to_string(&allowed).expect("texts are always JSON");
        let key = format!("{KEY}{}", course.id);
        self.with_store(move |store| store.set_setting(&key, &text))
            .await
    }

    /// What a lesson asks for; nothing when it names no hosts.
    pub(crate) async fn web_access(&self, course: &Course, lesson: &str) -> Option<WebAccess> {
        let hosts = hosts(course, lesson);
        if hosts.is_empty() {
            return None;
        }
        let key = format!("{KEY}{}", course.id);
        let stored = self.with_store(move |store| store.setting(&key)).await;
        let allowed: Vec<String> = stored
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let state = match self.is_vouched_for(course) {
            false => WebState::Unsigned,
            true if hosts.iter().all(|host| allowed.contains(host)) => WebState::Allowed,
            true => WebState::Asked,
        };
        Some(WebAccess { hosts, state })
    }

    /// The tools of the host that a run of a lesson has.
    pub(crate) async fn host_tools(
        &self,
        lesson: &LessonRef,
        code: &LessonCode,
        data: &[SourceFile],
    ) -> HostTools {
        let offered = code.agent.tools.clone();
        let courses = match offered.iter().any(|tool| tool == "search") {
            true => self
                .courses()
                .into_iter()
                .map(|(course, _)| course)
                .collect(),
            false => Vec::new(),
        };
        let web = match offered.iter().any(|tool| tool == "http_get") {
            true => match self.course(&lesson.course) {
                Ok((course, _)) => self.web_access(&course, &lesson.lesson).await,
                Err(_) => None,
            },
            false => None,
        };
        HostTools {
            offered,
            data: Arc::new(data.to_vec()),
            courses: Arc::new(courses),
            hosts: code.agent.hosts.clone(),
            closed: closed(web.map(|web| web.state)),
        }
    }
}

fn hosts(course: &Course, lesson: &str) -> Vec<String> {
    let found = course.lesson(lesson);
    found.map_or_else(Vec::new, |(_, lesson, ..)| lesson.agent.hosts.clone())
}

fn closed(state: Option<WebState>) -> Option<[String; 2]> {
    let [chinese, english] = match state {
        Some(WebState::Allowed) => return None,
        Some(WebState::Asked) => [
            "还没有允许这节课的程序访问网络：在「轨迹」面板里可以允许",
            "the programs of this lesson may not reach the network yet: the Trace pane asks",
        ],
        Some(WebState::Unsigned) => [
            "这门课没有签名，它的程序不能访问网络",
            "nobody signed this course, so its programs may not reach the network",
        ],
        None => [
            "这节课没有说要访问哪个主机",
            "the lesson names no host that may be asked",
        ],
    };
    Some([chinese.into(), english.into()])
}
