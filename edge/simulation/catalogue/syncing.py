"""Sync, broker and county: F057 to F082."""

from typing import Final

from edge.simulation.catalogue import syncing_orders as orders
from edge.simulation.catalogue import syncing_way as way
from edge.simulation.catalogue.fault import Fault

_ON_THE_WAY: Final = (
    Fault(
        code="F057",
        name="the broker says 'taken' and then loses its disk",
        zh="消息中间件收下后丢盘",
        expected="Nothing leaves a card for the broker's word; what the county has not "
        "acknowledged is sent again.",
        laws=("S2", "S3"),
        scenario=way.broker_forgets_what_it_took,
        proofs=(
            "tests/brokers/test_contract.py::test_a_broker_that_is_killed_and_wiped_in_mid_flight_loses_and_doubles_nothing",
        ),
    ),
    Fault(
        code="F058",
        name="the broker is wiped or replaced",
        zh="消息中间件清空或更换",
        expected="The station greets anew and goes on from where the county stands; a broker can "
        "be replaced at any time.",
        laws=("S2", "S4"),
        scenario=way.broker_is_replaced,
        proofs=(
            "tests/sync/test_mqtt_link.py::test_a_killed_and_wiped_broker_is_found_again_and_nothing_old_is_sent",
        ),
    ),
    Fault(
        code="F059",
        name="the broker delivers everything twice",
        zh="消息重复投递",
        expected="A fact is known by station, epoch and number, so a copy changes nothing.",
        laws=("S2",),
        scenario=way.everything_comes_twice,
        proofs=(
            "tests/county/test_ingest.py::test_a_batch_that_comes_twice_changes_nothing_and_gets_the_present_answer",
        ),
    ),
    Fault(
        code="F060",
        name="the broker delivers out of order",
        zh="消息乱序",
        expected="What does not follow is not taken; the answer says where to go on, and facts are "
        "committed in their order.",
        laws=("S1",),
        scenario=way.out_of_order,
        proofs=("tests/county/test_ingest.py::test_after_a_gap_the_answer_says_where_to_go_on",),
    ),
    Fault(
        code="F061",
        name="a batch arrives a month late",
        zh="一个月前的消息才到",
        expected="Facts that are known already are passed over, and nobody is called a copy for "
        "it.",
        laws=("S2", "S6"),
        scenario=way.a_month_late,
    ),
    Fault(
        code="F062",
        name="acknowledgements are lost, doubled or replayed",
        zh="确认丢失、重复或重放",
        expected="An acknowledgement is cumulative and signed: a lost one is asked after, an old "
        "one takes nothing back.",
        laws=("S3", "S7"),
        scenario=way.acks_are_lost_and_old_ones_come_again,
        proofs=("tests/sync/test_uplink.py::test_an_older_ack_that_comes_again_moves_nothing",),
    ),
    Fault(
        code="F063",
        name="the county dies after its commit, before its answer",
        zh="县中心入库后、应答前宕机",
        expected="The batch comes again, is found to be there already, and is acknowledged.",
        laws=("S2",),
        scenario=way.county_dies_before_its_answer,
        proofs=(
            "tests/county/test_delivery.py::test_a_county_that_dies_after_its_commit_and_before_its_answer_doubles_nothing",
        ),
    ),
    Fault(
        code="F064",
        name="the county dies before its commit",
        zh="县中心入库前宕机",
        expected="Nothing half is kept, and the batch comes again.",
        laws=("S2",),
        scenario=way.county_dies_before_its_commit,
        proofs=(
            "tests/county/test_database.py::test_whichever_write_of_a_batch_fails_nothing_half_remains_and_the_resend_heals",
        ),
    ),
    Fault(
        code="F065",
        name="the county is put back to an older backup",
        zh="县中心恢复旧备份",
        expected="The database calls itself by a new generation, and stations send again by "
        "themselves whatever it has forgotten.",
        laws=("S2", "S3", "S4"),
        scenario=way.county_is_put_back,
        proofs=(
            "tests/county/test_backups.py::test_the_drill_everything_that_was_durable_survives_and_stations_send_the_rest",
        ),
    ),
    Fault(
        code="F066",
        name="the county's backup is older than what cards still keep",
        zh="备份比站点保留的记录还旧",
        expected="The county writes down which facts exist nowhere any more, takes a snapshot in "
        "their place, and calls a person to count; nothing is passed over in silence.",
        laws=("S1", "S6"),
        scenario=way.county_is_older_than_what_cards_keep,
        proofs=(
            "tests/sync/test_new_card.py::test_a_county_put_back_to_before_what_the_card_keeps_gets_the_gap_and_goes_on",
        ),
    ),
    Fault(
        code="F067",
        name="two counties run on copies of one folder",
        zh="两个县中心同时运行",
        expected="Stations obey the newest generation; the older county hears of it, keeps silent "
        "and alarms until a person decides.",
        laws=("S7",),
        proofs=(
            "tests/county/test_backups.py::test_of_two_counties_on_copies_of_a_folder_the_first_learns_that_it_must_be_silent",
            "tests/county/test_verdicts.py::test_a_county_that_hears_of_a_newer_one_keeps_silent_until_a_person_decides",
        ),
    ),
    Fault(
        code="F068",
        name="the county's key is lost or changed",
        zh="县中心密钥丢失或更换",
        expected="While the keys overlap stations with the old card are heard and answered and get "
        "the new card; a lost key is told and never made anew in silence.",
        laws=("S8",),
        proofs=(
            "tests/identity/test_county_key.py::test_a_station_with_the_old_card_is_heard_and_answered_while_the_keys_overlap",
            "tests/identity/test_county_key.py::test_a_lost_key_is_told_and_never_made_anew_in_silence",
            "tests/identity/test_key_safe.py::test_after_a_lost_disk_backup_and_keys_together_bring_every_station_back",
        ),
    ),
)
_ORDERS: Final = (
    Fault(
        code="F069",
        name="a command is delivered twice",
        zh="开门命令重复送达",
        expected="One command is one pulse; to every copy the station answers with what became of "
        "the first.",
        laws=("S8", "S9"),
        scenario=orders.the_same_command_again,
        proofs=(
            "tests/sync/test_live.py::test_the_same_command_a_hundred_times_is_one_pulse_and_the_same_answer",
        ),
    ),
    Fault(
        code="F070",
        name="a command to open comes minutes or days late",
        zh="开门命令迟到",
        expected="It opens nothing: the number that it answers to has died, and the refusal is on "
        "record.",
        laws=("S8", "T2"),
        scenario=orders.a_command_that_comes_too_late,
        proofs=("tests/sync/test_live.py::test_a_command_kept_back_for_three_days_is_stale",),
    ),
    Fault(
        code="F071",
        name="a command reaches another station or epoch",
        zh="命令送错站点",
        expected="It opens nothing there: a frame is bound to its station, and a command to its "
        "station and epoch.",
        laws=("S8",),
        scenario=orders.a_command_for_somebody_else,
        proofs=(
            "tests/sync/test_live.py::test_a_command_for_another_station_or_epoch_is_out_of_scope",
        ),
    ),
    Fault(
        code="F072",
        name="commands arrive out of order",
        zh="命令乱序",
        expected="After a newer command an older one opens nothing, and is refused on record.",
        laws=("S8",),
        scenario=orders.an_older_command_after_a_newer,
    ),
    Fault(
        code="F073",
        name="a lasting word of the county is lost",
        zh="县里的通知或吊销丢失",
        expected="Its number is missed at the station, and it is said again until it is stored.",
        laws=("S9",),
        scenario=way.a_word_of_the_county_is_lost,
        proofs=(
            "tests/county/test_stream_schedules.py::test_whatever_the_pipe_does_all_that_holds_is_stored_in_the_end",
        ),
    ),
    Fault(
        code="F074",
        name="the power goes between a command and its pulse",
        zh="接受命令后、开锁前断电",
        expected="Nothing is pulsed by itself after the start; the command ends as 'not known', "
        "and only a new one may try again.",
        laws=("D3", "S9"),
        scenario=orders.power_goes_between_command_and_pulse,
        proofs=(
            "tests/sync/test_live.py::test_a_station_that_dies_in_mid_pulse_tells_that_nobody_knows_and_never_pulses_again",
        ),
    ),
    Fault(
        code="F075",
        name="somebody leaves a retained message on a station's topic",
        zh="主题上有保留消息",
        expected="It is dropped unread, counted, and an alarm at the county.",
        laws=("S8",),
        proofs=(
            "tests/brokers/test_contract.py::test_a_retained_message_for_a_station_is_dropped_and_told",
            "tests/county/test_worker.py::test_messages_that_somebody_left_for_a_station_are_alarmed_once_and_when_they_grow",
        ),
    ),
)
_LINES: Final = (
    Fault(
        code="F076",
        name="the line comes and goes, one second in ten",
        zh="线路时断时续",
        expected="People are served as ever, nothing is lost or doubled, and within a day facts "
        "come through in the seconds between; waits between tries grow to a limit, and once "
        "the line holds all is home within four minutes.",
        laws=("S4",),
        scenario=way.a_flapping_line,
        proofs=(
            "tests/sync/test_uplink.py::test_waits_grow_to_a_limit_and_fall_back_once_facts_arrive",
        ),
    ),
    Fault(
        code="F077",
        name="a connection is open and dead",
        zh="半开连接",
        expected="Silence is noticed by the keep-alive, and the station connects anew.",
        laws=("S4",),
        proofs=(
            "tests/brokers/test_contract.py::test_a_connection_that_is_open_and_dead_is_noticed_and_left",
            "tests/sync/test_session.py::test_a_silent_county_is_shown_as_away_and_its_batch_is_asked_after",
        ),
    ),
    Fault(
        code="F078",
        name="the broker takes small messages only",
        zh="中间件限制消息大小",
        expected="No message is above 64 kB; where a broker takes less, batches are halved until "
        "they fit.",
        laws=("S4",),
        proofs=(
            "tests/brokers/test_contract.py::test_a_message_of_60_kb_passes_both_ways",
            "tests/brokers/test_version_5.py::test_a_message_above_the_brokers_limit_is_told_and_not_sent",
            "tests/sync/test_session.py::test_a_batch_above_the_brokers_limit_is_halved_until_it_fits",
        ),
    ),
    Fault(
        code="F079",
        name="a fact that the county cannot read yet",
        zh="县中心不认识的新记录",
        expected="It is kept as it came, its alarm says so, and the line goes on.",
        laws=("S1", "S4"),
        proofs=(
            "tests/county/test_ingest.py::test_a_fact_that_nobody_here_understands_is_parked_and_the_line_goes_on",
            "tests/county/test_ingest.py::test_bytes_that_are_no_fact_are_kept_as_they_came_and_the_line_goes_on",
        ),
    ),
    Fault(
        code="F080",
        name="a station without a network for hours, days, a month",
        zh="站点离线三十天",
        expected="Parcels come in and go out as ever, and all of it is home within minutes once "
        "the line is back.",
        laws=("L1", "L3", "S4"),
        scenario=way.offline_for_long,
        proofs=(
            "tests/simulation/test_offline_days.py::test_after_72_hours_without_a_broker_the_county_has_each_fact_once_and_in_order",
            "tests/stories/test_slow_line.py::test_a_month_of_facts_costs_a_tenth_of_plain_messages_and_is_home_in_five_minutes",
        ),
    ),
    Fault(
        code="F081",
        name="a captive portal or a false name server answers",
        zh="域名劫持或上网认证页",
        expected="Whoever has no certificate of the county's is no broker: the station stays "
        "offline, tells why, and tries again.",
        laws=("X4",),
        proofs=(
            "tests/brokers/test_tls.py::test_what_went_wrong_on_the_way_in_is_told_apart",
            "tests/sync/test_mqtt_link.py::test_a_broker_that_speaks_no_mqtt_is_left_and_tried_again",
        ),
    ),
    Fault(
        code="F082",
        name="the county's certificate has expired",
        zh="县中心证书过期",
        expected="The county is told that its certificate is in the way; doors open without it, "
        "and an ended certificate is renewed by the key alone.",
        laws=("L1",),
        proofs=(
            "tests/brokers/test_tls.py::test_the_county_is_told_that_its_certificate_is_in_the_way",
            "tests/identity/test_office.py::test_a_certificate_that_ended_years_ago_is_renewed_by_the_key_alone",
            "tests/identity/test_membership.py::test_one_that_ended_months_ago_is_renewed_at_the_pages",
        ),
    ),
)
FAULTS: Final[tuple[Fault, ...]] = (*_ON_THE_WAY, *_ORDERS, *_LINES)
