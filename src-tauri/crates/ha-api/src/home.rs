//! Home: where to go on, the shelf, the year.

use crate::wire::{ActivityDay, CourseSummary, Home, LessonRef, LessonState, Resume};
use crate::{ApiResult, App, lessons};
use ha_store::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The heatmap's weeks.
const WEEKS: i64 = 53;
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

impl App {
    /// Everything Home shows.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn home(&self) -> ApiResult<Home> {
        let last = self.with_store(ha_store::Store::last_opened).await?;
        let own = self.own_courses();
        let mut resume = None;
        let mut courses = Vec::new();
        for (course, problems) in self.courses() {
            let states = self.lesson_states(&course.id).await?;
            let nodes: Vec<_> = course.chapters.iter().flat_map(|c| &c.lessons).collect();
            let is_passed = |id: &String| lessons::state_of(states.get(id)) == LessonState::Passed;
            let reference = |id: &String| LessonRef {
                course: course.id.clone(),
                lesson: id.clone(),
            };
            let here = last.as_ref().filter(|row| row.course == course.id);
            let here = here.and_then(|row| {
                let node = nodes.iter().find(|node| node.id == row.lesson)?;
                Some((node, row.opened_at))
            });
            if let Some((node, opened_at)) = here {
                resume = Some(Resume {
                    lesson: reference(&node.id),
                    lesson_title: lessons::words(&node.title),
                    course_title: lessons::words(&course.title),
                    opened_at: opened_at.0 as f64,
                });
            }
            let latest = states
                .values()
                .filter(|row| nodes.iter().any(|node| node.id == row.lesson))
                .max_by_key(|row| row.opened_at)
                .map(|row| row.lesson.clone());
            let next = latest.or_else(|| nodes.first().map(|node| node.id.clone()));
            courses.push(CourseSummary {
                lessons: nodes.len() as u32,
                passed: nodes.iter().filter(|node| is_passed(&node.id)).count() as u32,
                minutes: nodes.iter().map(|node| node.minutes).sum(),
                next: next.as_ref().map(reference),
                problems: problems.len() as u32,
                own: own.contains(&course.id),
                title: lessons::words(&course.title),
                summary: lessons::words(&course.summary),
                id: course.id,
            });
        }
        Ok(Home {
            resume,
            courses,
            kept: self.kept_work().await?,
            activity: self.activity().await?,
        })
    }

    async fn activity(&self) -> ApiResult<Vec<ActivityDay>> {
        let since = Timestamp(self.now().0 - WEEKS * WEEK_MS);
        let rows = self.with_store(move |store| store.activity(since)).await?;
        let zone = TimeZone::system();
        let mut days: BTreeMap<String, ActivityDay> = BTreeMap::new();
        for row in rows {
            let Ok(at) = jiff::Timestamp::from_millisecond(row.at.0) else {
                continue;
            };
            let day = at.to_zoned(zone.clone()).date().to_string();
            let entry = days.entry(day.clone()).or_insert(ActivityDay {
                day,
                runs: 0,
                passed: 0,
            });
            entry.runs += row.runs;
            entry.passed += row.checks_passed;
        }
        Ok(days.into_values().collect())
    }
}
