"""Power and storage: F001 to F021."""

from typing import Final

from edge.simulation.catalogue import storage_cuts as cuts
from edge.simulation.catalogue import storage_scenes as scenes
from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        code="F001",
        name="power cut between the wish to open and the pulse",
        zh="开锁指令已存、未动作时断电",
        expected="The start fires no lock; who shows the code once more gets the parcel.",
        laws=("D1", "D2", "D3"),
        scenario=scenes.before_the_pulse,
    ),
    Fault(
        code="F002",
        name="power cut between the pulse and its outcome",
        zh="已动作、结果未存时断电",
        expected="A door found open belongs to the pickup that was cut short; no second pulse.",
        laws=("D1", "P3"),
        scenario=scenes.after_the_pulse,
    ),
    Fault(
        code="F003",
        name="power cut in the middle of a commit",
        zh="写入过程中断电",
        expected="The decision is on the card whole or not at all, and was not answered before.",
        laws=("A1", "S5"),
        scenario=cuts.in_a_commit,
        proofs=(
            "tests/store/test_power_cut.py::test_no_acknowledged_decision_is_lost_in_a_power_cut_at_any_moment",
        ),
    ),
    Fault(
        code="F004",
        name="power cut while the log is folded into the file",
        zh="日志合并过程中断电",
        expected="The log is whole until the file is: it is folded in again, and the chain holds. "
        "The sealed code of the slip that was on paper may stay in the log until the next slip is "
        "printed, and is gone from both then.",
        laws=("A1", "S5"),
        scenario=cuts.in_a_checkpoint,
    ),
    Fault(
        code="F005",
        name="a torn sector at the end of the log",
        zh="日志末尾扇区残缺",
        expected="The log ends before the torn commit, which nobody had an answer to.",
        laws=("A1",),
        scenario=cuts.torn_at_the_end,
        proofs=("tests/simulation/test_disk.py::test_five_hundred_cuts_tear_no_commit",),
    ),
    Fault(
        code="F006",
        name="a bit of the log changes",
        zh="日志中间比特翻转",
        expected="Nothing from there on is believed; the county sees another history, and it goes "
        "on only in a new epoch that a person grants.",
        laws=("A1", "S6"),
        scenario=scenes.log_spoilt,
    ),
    Fault(
        code="F007",
        name="a bit of the journal's file changes",
        zh="数据库文件比特翻转",
        expected="The chain does not hold: the start refuses the journal and names the fact. While "
        "the daemon runs nothing looks for it by itself; `cunyi journal verify` does at any "
        "time.",
        laws=("A1",),
        proofs=(
            "tests/store/test_damage.py::test_a_changed_byte_in_the_file_itself_is_found",
            "tests/store/test_opening.py::test_a_file_with_a_broken_page_is_refused_as_damaged",
            "tests/daemon/test_local_socket.py::test_verify_and_export_give_the_same_with_and_without_a_daemon",
        ),
    ),
    Fault(
        code="F008",
        name="somebody deletes the log",
        zh="日志文件被清理",
        expected="The county has facts that the card has not: a card put back, it says, and takes "
        "nothing until a person grants a new epoch.",
        laws=("S6",),
        scenario=scenes.log_deleted,
    ),
    Fault(
        code="F009",
        name="the card is full at a commit",
        zh="存储空间已满",
        expected="The daemon ends before anybody is answered: until there is room no code opens a "
        "door and no parcel comes in. It starts again every few seconds and serves as soon as "
        "there is room; nothing that was on the card is lost. The counter's page tells days "
        "ahead how long the room lasts.",
        laws=("A1",),
        scenario=scenes.full,
        proofs=(
            "tests/torture/test_real_disks.py::test_a_station_ends_with_its_disk_and_goes_on_with_all_it_has_said_once_that_is_mended",
            "tests/web/test_county_panel.py::test_what_waits_and_how_long_there_is_room",
            "tests/tools/test_doctor.py::test_little_room_is_told_in_time",
        ),
    ),
    Fault(
        code="F010",
        name="days without a county pile facts up on the card",
        zh="长期离线、待传积压",
        expected="Facts wait on the card, none is dropped to make room for others, and all arrive "
        "once and in order.",
        laws=("S3", "L3"),
        proofs=(
            "tests/simulation/test_offline_days.py::test_after_72_hours_without_a_broker_the_county_has_each_fact_once_and_in_order",
        ),
    ),
    Fault(
        code="F011",
        name="the file system goes read-only",
        zh="文件系统变为只读",
        expected="The daemon ends: no lock is fired, for no wish can be written, and kiosk and "
        "counter have nobody to ask. It comes up by itself once the card can be written again.",
        laws=("D2", "L2"),
        scenario=scenes.read_only,
        proofs=(
            "tests/torture/test_real_disks.py::test_a_station_ends_with_its_disk_and_goes_on_with_all_it_has_said_once_that_is_mended",
        ),
    ),
    Fault(
        code="F012",
        name="a write or a sync of a commit fails",
        zh="写入或同步报错",
        expected="The daemon ends at once, and the next start believes only what is on the card; "
        "where that happens again and again, the third start in a row lets all doors rest.",
        laws=("A1",),
        scenario=scenes.input_output_error,
        proofs=(
            "tests/store/test_journal.py::test_after_a_failed_commit_the_store_refuses_everything",
            "tests/torture/test_disk_errors.py::test_a_station_ends_at_once_and_whatever_it_has_answered_is_there_at_its_next_start",
            "tests/simulation/test_storage_faults.py::test_a_failed_sync_ends_the_store_and_the_next_start_is_whole",
        ),
    ),
    Fault(
        code="F013",
        name="a card that lies about its syncs",
        zh="存储卡谎报已写入",
        expected="After a cut it lacks facts: where the county had them, it says that the card was "
        "put back; half a decision is never believed.",
        laws=("S6",),
        scenario=scenes.lying,
        proofs=(
            "tests/store/test_power_cut.py::test_a_card_that_lies_about_its_syncs_is_noticed_or_cost_only_whole_decisions",
        ),
    ),
    Fault(
        code="F014",
        name="the card hangs for half a minute",
        zh="存储卡卡顿半分钟",
        expected="No coil is driven and nobody is answered meanwhile; after ten seconds the "
        "watchdog ends the daemon, and it starts again.",
        laws=("D4", "D6"),
        scenario=scenes.stalls,
        proofs=(
            "tests/daemon/test_watchdog.py::test_the_dog_is_fed_while_the_store_answers_and_starves_when_it_hangs",
            "tests/daemon/test_station.py::test_while_the_card_is_slow_nothing_moves_and_nobody_is_answered",
        ),
    ),
    Fault(
        code="F015",
        name="memory runs out and the daemon is killed",
        zh="内存不足、进程被杀",
        expected="As after any kill: what was answered is there, and the start fires no lock.",
        laws=("A1", "D3"),
        scenario=cuts.out_of_memory,
        proofs=(
            "tests/store/test_kill.py::test_nothing_acknowledged_is_lost_however_often_the_process_is_killed",
        ),
    ),
    Fault(
        code="F016",
        name="kill -9 at any moment",
        zh="任意时刻强制结束",
        expected="What the daemon had written by then is on the card, in order: nothing is lost, "
        "doubled, or opened by itself.",
        laws=("A1", "D1", "D2", "D3", "S3"),
        scenario=cuts.killed_anywhere,
        proofs=(
            "tests/stories/test_kill_station.py::test_fifty_kills_lose_nothing_double_nothing_and_open_nothing_unexplained",
        ),
    ),
    Fault(
        code="F017",
        name="the daemon hangs and does not end",
        zh="进程假死",
        expected="Its watchdog is fed only while loop and store turn over: after ten seconds "
        "systemd ends it and starts it anew. A lock board ends its pulse by itself; a plain "
        "relay (`modbus_coils`) that is on at that moment stays on until the next start, which "
        "begins by switching every coil off.",
        laws=("D6",),
        proofs=(
            "tests/daemon/test_watchdog.py::test_the_dog_is_fed_while_the_store_answers_and_starves_when_it_hangs",
            "tests/simulation/test_storage_faults.py::test_the_watchdog_of_the_worlds_is_the_one_that_systemd_keeps",
            "tests/tools/test_install.py::test_systemd_never_gives_up_what_the_station_counts_on",
            "tests/hardware/test_driver_modbus_lock_bank.py::test_every_coil_is_switched_off_before_the_doors_are_read",
        ),
    ),
    Fault(
        code="F018",
        name="a weak supply resets the machine again and again",
        zh="供电不足反复重启",
        expected="The third start in a row that did not last lets all doors rest for five minutes.",
        laws=("L4", "D4"),
        scenario=scenes.reboots,
        proofs=(
            "tests/stories/test_restarts.py::test_three_quick_kills_let_the_doors_rest_until_the_station_has_stayed_up",
        ),
    ),
    Fault(
        code="F019",
        name="two daemons on one folder",
        zh="同一目录启动两个进程",
        expected="The second ends with one clear line and touches nothing.",
        laws=("A1", "D2"),
        proofs=(
            "tests/stories/test_outages.py::test_a_second_daemon_on_the_same_folder_is_refused_and_the_first_serves_on",
            "tests/store/test_opening.py::test_no_second_connection_can_read_or_write_the_file",
        ),
    ),
    Fault(
        code="F020",
        name="the stick for backups is pulled or full",
        zh="备份U盘拔出或已满",
        expected="An alarm, and the station serves on.",
        laws=("L2",),
        waits_for=("backup.",),
    ),
    Fault(
        code="F021",
        name="power cut while an older journal is brought up to date",
        zh="数据库升级中断电",
        expected="The next start finds the old tables or the new ones, and every fact.",
        laws=("A1",),
        proofs=(
            "tests/simulation/test_storage_faults.py::test_a_migration_that_is_cut_anywhere_is_done_again_and_costs_no_fact",
        ),
    ),
)
