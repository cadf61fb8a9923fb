//! The help, and what is said of a call that cannot be read. The words beside the arguments are the
//! English ones; in Chinese each is replaced from a table ([`words`]), so nothing of clap's own
//! stands between them in another language.

mod words;

use crate::Arguments;
use crate::say::language;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind};
use clap::{Arg, Command, CommandFactory, FromArgMatches};
use ha_api::wire::Language;

/// Reads the command line. Ends the process with help, the version, or what is wrong with the call.
pub(crate) fn arguments() -> Arguments {
    let parsed = |command: Command| {
        let matches = command.try_get_matches()?;
        Arguments::from_arg_matches(&matches)
    };
    match language() {
        Language::En => parsed(Arguments::command()).unwrap_or_else(|error| error.exit()),
        Language::Zh => parsed(in_chinese(Arguments::command()))
            .unwrap_or_else(|error| error.apply::<ChineseError>().exit()),
    }
}

/// A command with everything below it, its help in Chinese.
fn in_chinese(mut command: Command) -> Command {
    // Only now the arguments and the command that ask for help are there too.
    command.build();
    translated(command)
}

fn translated(command: Command) -> Command {
    let about = command.get_about().map(chinese);
    let after = command.get_after_help().map(chinese);
    command
        .about(about)
        .after_help(after)
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("命令")
        .mut_args(|arg| {
            let (help, long) = (explained(&arg), arg.get_long_help().map(chinese));
            let (heading, arg) = match arg.get_index() {
                // Under a heading of ours they would stand by their names.
                Some(index) => ("参数", arg.display_order(index)),
                None => ("选项", arg),
            };
            arg.help(help)
                .long_help(long)
                .help_heading(heading)
                .hide_default_value(true)
                .hide_possible_values(true)
        })
        .mut_subcommands(translated)
}

/// What an argument is for, what it may be and what it is when it is left out.
fn explained(arg: &Arg) -> String {
    let mut help = arg
        .get_help()
        .map_or_else(String::new, |help| chinese(help).into());
    // Whether a switch is set is no value to be chosen.
    if !arg.get_action().takes_values() {
        return help;
    }
    let values = arg.get_possible_values().into_iter();
    let values = values.map(|value| match value.get_help() {
        Some(said) => format!("{}（{}）", value.get_name(), chinese(said)),
        None => value.get_name().to_string(),
    });
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        help += &format!("；可以是 {}", values.join("、"));
    }
    if let [value] = arg.get_default_values() {
        help += &format!("；不写就是 {}", value.display());
    }
    help
}

fn chinese(english: &StyledStr) -> &'static str {
    // A test holds that there is one for every text.
    words::chinese(&english.to_string()).unwrap_or_default()
}

/// Says in Chinese what is wrong with a call.
struct ChineseError;

impl ErrorFormatter for ChineseError {
    fn format_error(error: &Error<ChineseError>) -> StyledStr {
        let mut said = format!("helloagents: {}\n", fault(error));
        if let Some(usage) = error.get(ContextKind::Usage) {
            let usage = usage.to_string();
            let usage = usage.trim_start_matches("Usage:").trim();
            said += &format!("\n用法：{usage}\n");
        }
        said += "\n加上 --help 看说明\n";
        said.into()
    }
}

fn fault(error: &Error<ChineseError>) -> String {
    let told = |kind| match error.get(kind) {
        // clap puts several below each other.
        Some(ContextValue::StyledStrs(several)) => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            several.join("、")
        }
        Some(ContextValue::Strings(several)) => several.join("、"),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let meant = |kind| match &*told(kind) {
        "" => String::new(),
        meant => format!("；是不是想写 {meant}？"),
    };
    let (arg, value) = (
        told(ContextKind::InvalidArg),
        told(ContextKind::InvalidValue),
    );
    match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("没有 {arg} 这个选项{}", meant(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "没有 {} 这个命令{}",
            told(ContextKind::InvalidSubcommand),
            meant(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::MissingRequiredArgument => format!("还缺 {arg}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面要写一个值"),
        ErrorKind::InvalidValue => format!(
            "{arg} 不能是 {value}，可以是 {}",
            told(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => format!("{arg} 不能是 {value}"),
        ErrorKind::ArgumentConflict => match &*told(ContextKind::PriorArg) {
            prior if prior == arg => format!("{arg} 只能写一次"),
            prior => format!("{arg} 不能和 {prior} 一起用"),
        },
        _ => format!("看不懂这个写法：{}", error.kind()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use std::collections::BTreeSet;

    /// Every English word of the help, by command.
    fn texts(command: &Command, found: &mut BTreeSet<String>) {
        let mut keep = |text: Option<&StyledStr>| found.extend(text.map(ToString::to_string));
        keep(command.get_about());
        keep(command.get_after_help());
        for arg in command.get_arguments() {
            keep(arg.get_help());
            keep(arg.get_long_help());
            for value in arg.get_possible_values() {
                keep(value.get_help());
            }
        }
        for below in command.get_subcommands() {
            texts(below, found);
        }
    }

    #[test]
    fn every_word_of_the_help_stands_in_chinese_too_and_none_is_left_over() {
        let mut command = Arguments::command();
        command.build();
        let mut said = BTreeSet::new();
        texts(&command, &mut said);
        let without: Vec<_> = said
            .iter()
            .filter(|text| words::chinese(text).is_none())
            .collect();
        assert!(without.is_empty(), "not in Chinese: {without:#?}");
        let listed = words::WORDS
            .iter()
            .map(|(english, _)| (*english).to_string());
        let stale: Vec<_> = listed.filter(|text| !said.contains(text)).collect();
        assert!(stale.is_empty(), "said nowhere: {stale:#?}");
    }

    fn refused(call: &[&str]) -> String {
        let command = in_chinese(Arguments::command());
        let error = command.try_get_matches_from(call).unwrap_err();
        error.apply::<ChineseError>().to_string()
    }

    #[test]
    fn the_help_is_chinese_where_the_environment_is() {
        let top = refused(&["helloagents", "--help"]);
        for part in [
            "用法：helloagents",
            "命令:",
            "选项:",
            "course",
            "显示这个说明",
        ] {
            assert!(top.contains(part), "{part}: {top}");
        }
        let check = refused(&["helloagents", "course", "check", "--help"]);
        for part in [
            "用法：helloagents course check [OPTIONS] <DIR>",
            "可以是 wasm、docker；不写就是 wasm",
            "junit（JUnit 的 XML，构建服务器认得）",
        ] {
            assert!(check.contains(part), "{part}: {check}");
        }
        for part in ["Usage", "Options", "Print", "default", "possible"] {
            assert!(!check.contains(part), "{part}: {check}");
        }
        let run = refused(&["helloagents", "run", "--help"]);
        assert!(run.find("  <FILE>") < run.find("  [ARGUMENTS]"), "{run}");
        let below = refused(&["helloagents", "help", "course", "sign"]);
        assert!(below.contains("用法：helloagents course sign"), "{below}");
    }

    #[test]
    fn a_call_that_cannot_be_read_says_why_in_chinese() {
        let check = |call: &[&str], expected: &str| {
            let call = [&["helloagents"], call].concat();
            let said = refused(&call);
            let first = said.lines().next().unwrap_or_default();
            assert_eq!(first, format!("helloagents: {expected}"), "{call:?}");
            assert!(said.contains("--help"), "{said}");
            assert!(!said.contains("Usage"), "{said}");
        };
        check(&["curse"], "没有 curse 这个命令；是不是想写 course？");
        check(
            &["doctor", "--jsn"],
            "没有 --jsn 这个选项；是不是想写 --json？",
        );
        check(&["course", "pack", "a"], "还缺 --output <OUTPUT>");
        check(&["course", "diff"], "还缺 <OLD>、<NEW>");
        let engine = "--engine <ENGINE> 不能是 podman，可以是 wasm、docker";
        check(&["run", "a.py", "--engine", "podman"], engine);
        check(
            &["run", "a.py", "--engine"],
            "--engine <ENGINE> 后面要写一个值",
        );
        let seconds = "--timeout <TIMEOUT> 不能是 soon";
        check(&["run", "a.py", "--timeout", "soon"], seconds);
        check(&["doctor", "--json", "--json"], "--json 只能写一次");
    }
}
