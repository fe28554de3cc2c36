"""Which tests of tests/service run a second time, against services in processes of their own behind HAProxy
(./dev test fleet), and why the others don't. Every file stands on one side (tests/tools/test_split.py).
"""

CLOCK = "moves the clock, which a program of its own has for it"
COMMANDS = "is about commands of one machine, which nobody asks over HTTP"
FRONT = "reads /metrics or /readyz, which a front shows to nobody"
FCM = "counts the tokens that one process asks of Google; each asks for one of its own"
HANGS = "counts what a receiver that hangs is sent by the threads of one program"
INSIDE = "looks into one process: its files, its memory, its log"
KEYS = "gives one program another key of secrets, and looks what it does with what the old one had sealed"
KILLS = "kills one program and looks what it does when it is back"
LONG = "asks hundreds of things of one kind, and one process behind HAProxy answers as the other does"
NODE = "is known to one node alone, as docs/fleet.md says"
NODES = "starts several nodes itself"
OWN = "starts a program of its own; a fleet for each such test would take seconds and show nothing more"
PROBE = "is about src/http alone, which has a program of its own"
PROXY = "is a proxy itself, and HAProxy believes no client that says it is one"
RAW = "speaks with one process on a bare connection, as no client behind HAProxy can"

# A file, and those of its tests that can't.
THERE = {
    "test_agents_answers.py": {},
    "test_agents_approval.py": {
        "test_what_is_approved_is_done_and_the_turn_goes_on": KILLS,
        "test_a_turn_waits_and_says_for_what": OWN,
        "test_when_its_time_is_over_nothing_is_done": OWN,
        "test_what_is_refused_is_not_done_and_the_model_is_told": OWN,
        "test_the_graph_shows_where_a_person_is_asked": COMMANDS,
    },
    "test_agents_handoff.py": {},
    "test_agents_manners.py": {
        "test_no_answer_to_the_evaluation_s_questions_claims_health_or_urges_to_drink": LONG,
        "test_turns_are_counted_by_their_outcome": FRONT,
    },
    "test_agents_memory.py": {"test_what_was_kept_but_not_told_to_the_world_is_told_after_a_crash_once": KILLS},
    "test_agents_messages.py": {},
    "test_agents_narration.py": {},
    "test_agents_persona.py": {},
    "test_agents_sessions.py": {},
    "test_agents_tools.py": {},
    "test_agents_turns.py": {"test_kill_9_under_load_loses_no_acknowledged_turn_and_doubles_none": KILLS},
    "test_agents_wishes.py": {},
    "test_analytics_events.py": {},
    "test_analytics_export.py": {},
    "test_analytics_reports.py": {},
    "test_analytics_roll_ups.py": {},
    "test_auth_age.py": {
        "test_a_minors_turn_that_was_cut_off_goes_on_as_one": KILLS,
    },
    "test_auth_keys.py": {
        "test_a_role_given_on_the_machine_counts_from_the_next_sign_in_on": OWN,
        "test_nobody_gives_a_key_what_they_may_not_do_themselves": OWN,
        "test_a_key_belongs_to_no_sign_in_and_ends_none": OWN,
        "test_a_role_is_given_to_members_only_and_by_its_name": OWN,
    },
    "test_auth_members.py": {
        "test_behind_a_proxy_everybody_is_counted_by_their_own_address": PROXY,
        "test_a_wrong_password_takes_as_long_as_an_unknown_address": INSIDE,
        "test_a_password_is_as_long_and_of_what_one_likes": OWN,
        "test_no_address_and_no_secret_comes_into_the_log": OWN,
    },
    "test_auth_merge.py": {
        "test_one_that_was_cut_off_between_two_stores_goes_on_and_counts_once": KILLS,
        "test_where_conversations_arent_reached_it_is_said_and_done_later": NODES,
        "test_one_that_is_refused_for_good_is_parked_with_its_reason_and_the_doctor_names_it": OWN,
        "test_one_that_is_refused_waits_longer_and_longer_and_keeps_nobody_waiting": OWN,
        "test_an_account_whose_merge_is_refused_can_still_be_ended": OWN,
        "test_only_who_may_act_for_anybody_moves_what_is_kept": OWN,
    },
    "test_auth_oidc.py": {
        "test_without_a_file_nobody_is_listed": OWN,
        "test_keys_that_nobody_has_are_not_asked_for_again_and_again": OWN,
        "test_a_provider_that_is_down_is_a_clear_503_and_comes_back_by_itself": OWN,
        "test_a_document_of_another_issuer_is_not_used": OWN,
    },
    "test_auth_passkeys.py": {
        "test_passkeys_move_to_another_machine": COMMANDS,
        "test_a_domain_wants_pages_of_its_own": OWN,
        "test_random_bytes_are_refused_and_the_program_goes_on": OWN,
    },
    "test_auth_privacy.py": {},
    "test_auth_retention.py": {},
    "test_auth_sign_ins.py": {
        "test_a_sign_in_that_ended_on_one_node_ends_on_the_others": NODES,
        "test_who_hasnt_come_for_thirty_days_signs_in_anew": OWN,
        "test_a_member_who_comes_every_day_signs_in_anew_when_the_longest_life_is_over": OWN,
        "test_showing_the_password_again_gives_no_token_that_outlives_the_sign_in": OWN,
        "test_a_guest_who_comes_every_day_goes_on_for_they_have_nothing_to_show_again": OWN,
        "test_only_hashes_of_tokens_are_stored": OWN,
    },
    "test_auth_totp.py": {
        "test_an_app_moves_to_another_machine_with_its_key_and_without_it_recovery_codes_are_left": COMMANDS,
        "test_another_key_reads_what_the_old_one_sealed_until_all_is_sealed_anew": OWN,
        "test_nodes_learn_the_next_key_before_any_seals_with_it": OWN,
        "test_without_the_key_that_sealed_it_nothing_is_sealed_anew_and_that_is_said": OWN,
        "test_who_has_an_app_shows_a_code_for_what_cannot_be_undone": OWN,
        "test_beginning_with_an_app_wants_the_password_again": OWN,
        "test_who_reads_the_store_has_neither_the_secret_nor_a_code": OWN,
        "test_an_app_goes_with_its_account_and_the_audit_says_what_was_done": OWN,
        "test_without_the_password_nobody_can_say_that_an_app_is_lost": OWN,
        "test_the_letter_calls_it_off": OWN,
        "test_a_code_that_is_right_calls_it_off_and_a_wrong_one_doesnt": OWN,
        "test_a_letter_that_is_too_old_removes_nothing_and_asking_again_begins_anew": OWN,
        "test_whoever_has_got_the_address_meanwhile_removes_nobody_elses_app": OWN,
    },
    "test_identity_walk.py": {
        "test_open_is_refused_where_others_could_reach_it": COMMANDS,
    },
    "test_jobs.py": {
        "test_a_follower_is_no_reason_to_wait_when_the_program_stops": KILLS,
        "test_jobs_are_counted_for_who_watches_the_program": FRONT,
        "test_what_is_gone_once_it_was_cancelled_is_told_as_it_was": OWN,
        "test_while_one_services_job_is_waited_for_at_the_end_no_others_begin": KILLS,
        "test_what_is_done_here_is_seen_counted_and_followed": FRONT,
    },
    "test_mail.py": {
        "test_nothing_is_sent_to_who_may_not_be_the_relay": OWN,
        "test_a_relay_that_isnt_there_loses_no_letter": OWN,
        "test_an_address_of_no_relay_is_refused_at_the_start": OWN,
    },
    "test_notify.py": {
        "test_a_follower_is_no_reason_to_wait_when_the_program_stops": KILLS,
    },
    "test_notify_bounces.py": {},
    "test_notify_consents.py": {},
    "test_notify_devices.py": {
        "test_a_device_is_told_what_somebody_was_told": FCM,
        "test_a_provider_that_can_not_be_is_refused_at_the_start": COMMANDS,
    },
    "test_notify_letters.py": {
        "test_every_gap_of_every_template_is_filled": LONG,
        "test_without_who_advertises_advertising_lies_in_the_inbox_alone": OWN,
        "test_what_waits_while_its_sender_is_taken_away_stays_in_the_inbox_alone": OWN,
    },
    "test_notify_operators.py": {},
    "test_notify_push.py": {
        "test_nothing_inside_is_pushed_to_unless_that_is_allowed": OWN,
        "test_where_the_key_of_secrets_is_lost_pushes_begin_anew_as_the_documents_say": KEYS,
    },
    "test_webhooks.py": {
        "test_a_secret_that_cant_be_read_any_more_is_done_with_once_it_is_rotated": KEYS,
        "test_one_whose_worker_dies_at_the_last_try_has_failed": KILLS,
        "test_whenever_the_program_is_killed_each_event_is_posted_and_noted_once": KILLS,
        "test_what_hangs_when_the_program_is_to_stop_is_broken_off_and_was_no_try": KILLS,
        "test_one_that_hangs_costs_nobody_elses_deliveries_their_turn": HANGS,
        "test_nothing_inside_is_reached_by_address_or_by_name": OWN,
        "test_a_redis_wakes_a_worker_that_would_have_slept_for_an_hour": NODES,
        "test_their_postgres_wakes_it_where_there_is_no_redis_and_again_after_it_was_away": NODES,
    },
    "test_world_cypher.py": {
        "test_a_long_question_keeps_nobody_waiting": FRONT,
        "test_tables_are_counted": FRONT,
    },
    "test_world_entity.py": {},
    "test_world_events.py": {
        "test_what_was_committed_and_not_handed_over_when_the_program_was_killed_is_told_once": KILLS,
    },
    "test_world_learn.py": {
        "test_kill_9_under_load_loses_nothing_acknowledged_and_doubles_nothing": KILLS,
    },
    "test_world_query.py": {},
    "test_world_recommend.py": {"test_what_people_like_together_is_learned_beside_and_named": FRONT},
}

# A file of which none can.
NOT_THERE = {
    "test_access_log.py": INSIDE,
    "test_agents_cancel.py": NODE,
    "test_agents_llm.py": "reads /metrics, and each process learns for itself what its model's server can bear",
    "test_agents_nodes.py": NODES,
    "test_agents_resume.py": KILLS,
    "test_agents_rows.py": OWN,
    "test_analytics_duck.py": CLOCK,
    "test_analytics_months.py": CLOCK,
    "test_app_commands.py": COMMANDS,
    "test_app_keys.py": COMMANDS,
    "test_archive.py": COMMANDS,
    "test_auth_audit.py": "changes rows of the log and asks `nerdx doctor`",
    "test_auth_keys_of_tokens.py": NODES,
    "test_auth_nodes.py": NODES,
    "test_backup.py": COMMANDS,
    "test_broken_clients.py": RAW,
    "test_broken_disk.py": KILLS,
    "test_broken_input.py": RAW,
    "test_broken_pipelines.py": RAW,
    "test_broken_postgres.py": KILLS,
    "test_broken_power.py": KILLS,
    "test_broken_wires.py": RAW,
    "test_chat_commands.py": COMMANDS,
    "test_chat_terminal.py": COMMANDS,
    "test_clients.py": FRONT,
    "test_fleet.py": NODES,
    "test_gateway.py": "counts what it asks as a proxy of its own; test_fleet.py counts over all nodes",
    "test_http_drain.py": PROBE,
    "test_http_flow.py": PROBE,
    "test_http_requests.py": PROBE,
    "test_http_shared_commits.py": PROBE,
    "test_http_slow.py": PROBE,
    "test_http_sockets.py": PROBE,
    "test_http_streams.py": PROBE,
    "test_http_strict.py": PROBE,
    "test_identity_token.py": COMMANDS,
    "test_jobs_command.py": COMMANDS,
    "test_metrics.py": FRONT,
    "test_migrate_at_once.py": COMMANDS,
    "test_migrate_rows.py": INSIDE,
    "test_monitoring.py": FRONT,
    "test_tokens_elsewhere.py": PROBE,
    "test_top.py": FRONT,
    "test_webhooks_old.py": INSIDE,
    "test_traces.py": "starts the processes whose spans it looks at itself",
    "test_transfer.py": COMMANDS,
    "test_world_ingest.py": COMMANDS,
    "test_world_review.py": COMMANDS,
}


def arguments(there=THERE):
    """What pytest is told: the files, then what is left out."""
    left_out = [f"tests/service/{file}::{name}" for file, names in there.items() for name in names]
    return [
        *(f"tests/service/{file}" for file in there),
        *(word for name in left_out for word in ("--deselect", name)),
    ]


def besides_fleet(files, there=THERE):
    """What pytest is told of the tests in these files that don't run against a fleet."""
    words = []
    for file in files:
        place = f"tests/service/{file}"
        words += [f"{place}::{name}" for name in there[file]] if file in there else [place]
    return words
