//! A [`Course`] as the text of a `course.toml`: what an import and a scaffold write. The reader of
//! it is [`crate::load`], and what one writes the other reads.

use crate::manifest::FORMAT_VERSION;
use crate::model::{
    Agent, CodeAction, CodeRule, Course, Lesson, Needs, ProgramLanguage, SolutionRule, Words,
};
use std::fmt::Write;

/// The manifest of a course.
pub(crate) fn manifest_text(course: &Course) -> String {
    let mut text = format!("format_version = {FORMAT_VERSION}\n");
    line(&mut text, "id", &quoted(&course.id));
    line(&mut text, "version", &quoted(&course.version));
    line(&mut text, "title", &words(&course.title));
    if course.summary != Words::default() {
        line(&mut text, "summary", &words(&course.summary));
    }
    if let [language] = course.languages[..] {
        line(&mut text, "languages", &list(&[language.code().into()]));
    }
    if !course.authors.is_empty() {
        line(&mut text, "authors", &list(&course.authors));
    }
    if !course.license.is_empty() {
        line(&mut text, "license", &quoted(&course.license));
    }
    code_check(&mut text, "code_check", &course.code_check);
    for mirror in &course.mirrors {
        text.push_str("\n[[mirror]]\n");
        line(&mut text, "from", &quoted(&mirror.from));
        line(&mut text, "to", &quoted(&mirror.to));
    }
    for chapter in &course.chapters {
        text.push_str("\n[[chapter]]\n");
        line(&mut text, "id", &quoted(&chapter.id));
        line(&mut text, "title", &words(&chapter.title));
        for lesson in &chapter.lessons {
            self::lesson(&mut text, lesson);
        }
    }
    text
}

fn lesson(text: &mut String, lesson: &Lesson) {
    text.push_str("\n[[chapter.lesson]]\n");
    line(text, "id", &quoted(&lesson.id));
    if lesson.text.is_none() || lesson.path != format!("lessons/{}", lesson.id) {
        line(text, "path", &quoted(&lesson.path));
    }
    line(text, "title", &words(&lesson.title));
    if let Some(texts) = &lesson.text {
        let files = [("zh", &texts.zh), ("en", &texts.en)];
        let files = files
            .iter()
            .filter_map(|(name, file)| Some(format!("{name} = {}", quoted(file.as_ref()?))));
        let files: Vec<String> = files.collect();
        line(text, "text", &format!("{{ {} }}", files.join(", ")));
    }
    line(text, "minutes", &lesson.minutes.to_string());
    if !lesson.license.is_empty() {
        line(text, "license", &quoted(&lesson.license));
    }
    if !lesson.prerequisites.is_empty() {
        line(text, "prerequisites", &list(&lesson.prerequisites));
    }
    if lesson.language != ProgramLanguage::Python {
        line(text, "language", &quoted(lesson.language.name()));
    }
    match lesson.solution_after {
        SolutionRule::Passed => {}
        SolutionRule::Always => line(text, "solution_after", "\"always\""),
        SolutionRule::Never => line(text, "solution_after", "\"never\""),
        SolutionRule::Failed(count) => line(text, "solution_after", &count.to_string()),
    }
    if lesson.needs != Needs::default() {
        let needs = &lesson.needs;
        let mut said = Vec::new();
        for (name, is_needed) in [("docker", needs.docker), ("model", needs.model)] {
            said.extend(is_needed.then(|| format!("{name} = true")));
        }
        for (name, items) in [("network", &needs.network), ("packages", &needs.packages)] {
            said.extend((!items.is_empty()).then(|| format!("{name} = {}", list(items))));
        }
        line(text, "needs", &format!("{{ {} }}", said.join(", ")));
    }
    agent(text, &lesson.agent);
    code_check(text, "chapter.lesson.code_check", &lesson.code_check);
}

fn agent(text: &mut String, agent: &Agent) {
    if *agent == Agent::default() {
        return;
    }
    text.push_str("\n[chapter.lesson.agent]\n");
    for (name, number) in [("calls", agent.calls), ("tokens", agent.tokens)] {
        if let Some(number) = number {
            line(text, name, &number.to_string());
        }
    }
    for (name, items) in [("tools", &agent.tools), ("hosts", &agent.hosts)] {
        if !items.is_empty() {
            line(text, name, &list(items));
        }
    }
}

fn code_check(text: &mut String, table: &str, rules: &[CodeRule]) {
    if rules.is_empty() {
        return;
    }
    text.push_str(&format!("\n[{table}]\n"));
    for (name, action) in [("deny", CodeAction::Deny), ("allow", CodeAction::Allow)] {
        let named: Vec<String> = rules
            .iter()
            .filter(|rule| rule.action == Some(action))
            .map(|rule| rule.rule.clone())
            .collect();
        if !named.is_empty() {
            line(text, name, &list(&named));
        }
    }
    let said = rules
        .iter()
        .filter_map(|rule| Some((&rule.rule, rule.message.as_ref()?)));
    let said: Vec<_> = said.collect();
    if !said.is_empty() {
        text.push_str(&format!("\n[{table}.messages]\n"));
        for (rule, message) in said {
            line(text, &quoted(rule), &words(message));
        }
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    writeln!(text, "{name} = {value}").expect("a text takes what is written");
}

fn words(words: &Words) -> String {
    match words.zh == words.en {
        true => quoted(&words.zh),
        false => format!(
            "{{ zh = {}, en = {} }}",
            quoted(&words.zh),
            quoted(&words.en)
        ),
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let dir = tempfile::TempDir::new().unwrap();
        let manifest = dir.path().join("course.toml");
        std::fs::create_dir_all(dir.path().join("01")).unwrap();
        let written = "format_version = 1\nid = \"a\"\nversion = \"1\"\ntitle = { zh = \"引\\\"号\\n\", en = \"Q\" }\n\
            summary = \"s\"\nauthors = [\"x\", \"y\"]\nlicense = \"MIT\"\n[code_check]\ndeny = [\"eval\"]\nallow = [\"open\"]\n\
            [code_check.messages]\n\"os.system\" = { zh = \"不\", en = \"no\" }\n[[mirror]]\nfrom = \"https://a.example/\"\nto = \"b\"\n\
            [[chapter]]\nid = \"c\"\ntitle = \"C\"\n[[chapter.lesson]]\nid = \"l\"\npath = \"01\"\ntitle = \"L\"\nminutes = 3\n\
            license = \"CC0-1.0\"\nsolution_after = 2\nneeds = { docker = true, packages = [\"numpy\"] }\n\
            [chapter.lesson.code_check]\ndeny = [\"exec\"]\n\
            [[chapter.lesson]]\nid = \"m\"\ntitle = \"M\"\nminutes = 4\nprerequisites = [\"l\"]\nlanguage = \"go\"\ntext = { zh = \"a b.md\" }\n";
        std::fs::write(&manifest, written).unwrap();
        let (mut first, problems) = crate::load(dir.path());
        assert_eq!(problems, []);
        std::fs::write(&manifest, manifest_text(&first)).unwrap();
        let (mut second, problems) = crate::load(dir.path());
        assert_eq!(problems, []);
        for course in [&mut first, &mut second] {
            // The lines on which rules stand are the text's and not the course's.
            let lessons = course
                .chapters
                .iter_mut()
                .flat_map(|chapter| &mut chapter.lessons);
            let rules = lessons.flat_map(|lesson| &mut lesson.code_check);
            rules
                .chain(&mut course.code_check)
                .for_each(|rule| rule.line = 0);
            course.code_check.sort_by(|a, b| a.rule.cmp(&b.rule));
        }
        assert_eq!(first, second);
    }
}
