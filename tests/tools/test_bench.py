"""`cunyi bench`: the shape of its answer, on runs too small to mean anything."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from edge.kernel.errors import ConfigError, Refused
from edge.tools.bench import MEASUREMENTS, measure
from edge.tools.measures.figures import (
    Effort,
    NothingMeasuredError,
    compare,
    compare_tails,
)
from edge.tools.measures.full_house import fill_house
from edge.tools.new_station import NewStation, make_station

TINY = Effort(runs=2, decisions=20, inputs=4, scans=8, idle_s=0.0, days=2, world_h=1)
KEYS = {"name", "ours", "reference", "reference_name", "ratio", "unit", "runs", "spread"}


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        measure(["decide_commit", "speed_of_light"])
    assert caught.value.problem == "there is no measurement 'speed_of_light'"
    assert caught.value.fix.startswith("Choose from: decide_commit, scan_to_unlock, kiosk, ")


def test_a_ratio_compares_runs_that_were_made_side_by_side() -> None:
    result = compare("x", "MB", [10.0, 12.0, 30.0], [5.0, 4.0, 6.0], "bare")
    assert (result.ours, result.reference, result.runs) == (12.0, 5.0, 3)
    assert (result.ratio, result.spread) == (3.0, 1.0)  # of 2, 3 and 5


def test_a_p99_is_taken_of_all_runs_together() -> None:
    ours = [[float(n) for n in range(1, 51)], [float(n) for n in range(51, 201)]]
    result = compare_tails("x", ours, [[2.0] * 60, [4.0] * 60], "bare")
    assert (result.ours, result.unit) == (198.0, "ms p99 of 200")
    assert (result.reference, result.reference_name) == (4.0, "bare, ms p99 of 120")
    assert (result.ratio, result.runs) == (49.5, 2)
    assert result.spread == 0.844  # of 12.75 and 31.375


def test_the_tail_of_few_samples_is_called_what_it_is() -> None:
    result = compare_tails("x", [[1.0] * 98 + [9.0]], [[1.0] * 99], "bare")
    assert (result.ours, result.unit) == (9.0, "ms max of 99")


@pytest.mark.parametrize("ours", [[], [[1.0], []]])
def test_where_nothing_was_measured_there_is_no_figure(ours: list[list[float]]) -> None:
    with pytest.raises(NothingMeasuredError):
        compare_tails("x", ours, [[1.0]] * len(ours), "bare")


def test_the_answer_names_the_machine_and_each_figure_in_json() -> None:
    answer = json.loads(json.dumps(measure(["decide_commit"], TINY)))
    assert set(answer) == {"machine", "results"}
    assert {"cpu", "cores", "memory_mb", "python", "sqlite"} <= set(answer["machine"])
    (result,) = answer["results"]
    assert set(result) == KEYS
    assert (result["name"], result["unit"], result["runs"]) == ("decide_commit", "decisions/s", 2)
    assert result["ours"] > 0
    assert result["reference"] > 0


SLOW = [pytest.param("scan_to_unlock", marks=pytest.mark.slow)]


def test_each_measurement_is_tried_out_here() -> None:
    assert MEASUREMENTS.keys() == {
        "decide_commit",
        "scan_to_unlock",
        "kiosk",
        "rss",
        "start_to_pickup",
        "wire_bytes",
        "sim_speed",
    }


@pytest.mark.parametrize("name", ["rss", "start_to_pickup", *SLOW])
def test_a_measurement_with_a_whole_station_gives_figures_too(name: str) -> None:
    results = measure([name], TINY)["results"]
    assert {result["name"].removesuffix("_behind_poll") for result in results} == {name}
    assert all(set(result) == KEYS and result["reference"] > 0 for result in results)


@pytest.mark.slow
def test_a_kiosk_with_400_parcels_is_measured_by_what_people_do_there() -> None:
    results = {result["name"]: result for result in measure(["kiosk"], TINY)["results"]}
    kinds = ("code", "wrong_code", "tracking", "screen", "events")
    assert list(results) == [f"kiosk_{kind}{what}" for kind in kinds for what in ("_p50", "")]
    assert all(set(result) == KEYS and result["reference"] > 0 for result in results.values())
    assert {results[f"kiosk_{kind}"]["unit"] for kind in kinds} == {"ms max of 8"}
    assert results["kiosk_code"]["ours"] >= results["kiosk_code_p50"]["ours"]


def test_more_parcels_than_find_a_place_fill_no_house(tmp_path: Path) -> None:
    station = NewStation(
        county="bench",
        station="bench",
        name="bench",
        broker="mqtt://127.0.0.1:1883",
        web_port=8601,
        twins=tmp_path,
    )
    file = make_station(tmp_path / "station", station)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("per_layer = 30", "per_layer = 1"), encoding="utf-8")
    with pytest.raises(Refused):
        fill_house(tmp_path / "station", 24 + 8 + 6 + 1)


def test_facts_in_batches_cost_less_than_a_tenth_of_a_message_each() -> None:
    results = {result["name"]: result for result in measure(["wire_bytes"], TINY)["results"]}
    assert all(set(result) == KEYS for result in results.values())
    assert results["wire_bytes_by_1000"]["ratio"] < 0.1
    assert results["wire_bytes_by_500"]["ratio"] < 0.1
    assert results["wire_bytes_by_500"]["ours"] < results["wire_bytes_by_5"]["ours"]
    assert results["wire_seal"]["ours"] > 0


def test_both_worlds_tell_how_fast_they_turn() -> None:
    results = measure(["sim_speed"], TINY)["results"]
    assert [result["name"] for result in results] == ["sim_speed_idle", "sim_speed_busy"]
    assert all(set(result) == KEYS for result in results)
    assert all(result["ratio"] == result["ours"] > 1 for result in results)
    assert {result["reference_name"] for result in results} == {"real time"}
