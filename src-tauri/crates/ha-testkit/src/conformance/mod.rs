//! What every engine must do, as tests that any [`Runner`](ha_sandbox::Runner) can be put to.
//!
//! `conformance_suite!(runner())` in a test file makes one test of every case. A case looks at what a
//! learner or the window would notice; an engine's own limits and mechanisms are tested beside it.
//! Cases that misuse the engine end with a canary: the next program must run as if nothing happened.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a case fails by panicking"
)]

pub mod agents;
pub mod before;
pub mod calls;
pub mod control;
pub mod endings;
pub mod files;
pub mod input;
pub mod inspect;
pub mod library;
pub mod limits;
pub mod output;
mod transcript;

pub use transcript::{
    NoReport, Transcript, assert_said, canary, finish, listen, run, script, until_printed,
};

/// Makes a test of every case. The argument is an expression that gives an `Arc<dyn Runner>`.
#[macro_export]
macro_rules! conformance_suite {
    ($runner:expr) => {
        $crate::conformance_suite! { @ $runner;
            agents::{
                packages_of_lessons_ask_the_host, replies_stream_as_they_come,
                tasks_of_lessons_ask_at_once, threads_of_lessons_ask,
                a_prompt_of_a_hundred_megabytes_is_refused,
            }
            before::{
                earlier_texts_share_their_names_and_are_not_heard, every_line_keeps_its_number,
                steps_are_those_of_the_program, what_fails_before_ends_the_program,
            }
            calls::{
                a_call_is_answered_piece_by_piece, tasks_get_their_own_answers,
                waiting_for_an_answer_costs_no_time, cancelling_ends_a_wait_for_an_answer,
                questions_have_a_limit, many_calls_are_answered, what_is_told_is_heard,
                calls_at_the_end_are_answered, a_stopped_program_gets_no_answer,
                what_a_program_says_by_hand_is_its_own_words,
            }
            control::{
                cancelling_ends_a_loop, cancelling_ends_a_sleep, cancelling_ends_a_wait_for_input,
                cancelling_ends_a_loop_that_catches_everything, cancelling_ends_a_flood,
                cancelling_twice_and_after_the_end_is_harmless, a_dropped_run_stops,
                runs_at_once_do_not_mix, a_slow_reader_gets_everything,
            }
            endings::{
                exit_codes_are_pythons, a_traceback_reads_as_pythons,
                a_traceback_through_a_helper_shows_its_lines, chained_exceptions_are_shown,
                a_syntax_error_shows_its_place, a_syntax_error_in_a_helper_shows_its_file,
                atexit_runs_after_the_traceback, last_objects_are_let_go, endless_recursion_is_a_recursion_error,
            }
            files::{
                helpers_can_be_imported, a_learners_module_hides_the_librarys, data_files_are_read_by_relative_path,
                given_files_cannot_be_changed, files_behave_as_they_do_everywhere,
                an_entry_in_a_folder_imports_its_neighbours, arguments_arrive,
                a_program_keeps_its_own_files_to_itself, the_rest_of_the_machine_is_out_of_reach,
                what_one_program_changes_no_other_sees,
            }
            input::{
                text_input_is_read_line_by_line, the_end_of_text_input_is_an_eof_error,
                a_prompt_is_shown_before_input_is_asked_for, ended_input_is_an_eof_error,
                input_sent_ahead_is_kept, standard_input_can_be_read_as_a_file,
            }
            inspect::{
                variables_are_shown_in_order, variables_are_shown_after_every_end, nothing_is_shown_unasked,
                large_values_are_cut, many_variables_are_counted, a_failing_repr_hurts_nothing,
                an_endless_repr_does_not_keep_a_program_alive, the_failed_expression_is_found,
                a_loop_is_recorded, calls_are_recorded, exceptions_are_recorded,
                everything_with_lines_is_recorded, tasks_and_helpers_are_recorded, a_long_recording_is_cut,
                a_stopped_program_shows_its_steps, a_recorded_program_behaves_as_ever,
                a_program_may_trace_itself,
            }
            library::{
                the_standard_library_is_there, data_classes_json_and_sqlite_work,
                asyncio_runs_tasks_side_by_side, threads_deliver_their_results,
                unittest_runs_as_a_program, time_zones_are_known, randomness_differs_and_a_seed_repeats_it,
            }
            limits::{
                a_loop_times_out, a_sleep_times_out, a_wait_for_input_times_out,
                too_much_memory_is_a_memory_error, an_endless_list_ends,
                output_at_the_cap_is_whole, output_above_the_cap_keeps_beginning_and_end, a_question_is_seen_behind_a_long_output,
                a_flood_of_output_ends_the_program,
                both_outputs_share_the_cap, files_within_the_limit_are_allowed,
                files_above_the_limit_do_not_fit, requests_outside_the_contract_are_refused,
            }
            output::{
                hello_prints_and_ends_well, both_outputs_keep_their_order, unicode_is_kept,
                a_character_cut_in_two_arrives_whole, wrong_bytes_are_shown_as_such,
                raw_descriptors_are_heard, output_arrives_while_the_program_runs,
                reports_travel_beside_the_output,
            }
        }
    };
    (@ $runner:expr; $($area:ident::{ $($case:ident),* $(,)? })*) => { $(
        mod $area {
            #[allow(unused_imports, reason = "the runner's expression names things of the test file")]
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    let runner: std::sync::Arc<dyn ha_sandbox::Runner> = $runner;
                    $crate::conformance::$area::$case(&*runner).await;
                }
            )*
        }
    )* };
}
