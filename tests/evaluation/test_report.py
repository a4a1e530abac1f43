"""The table, the page, the object of JSON and the plot; and the generated definitions."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from rich.console import Console

from bot.errors import UsageError
from bot.evaluation import ablations, plot
from bot.evaluation.definitions import page
from bot.evaluation.metrics.registry import measures
from bot.evaluation.report import as_json, markdown, table
from bot.models.evaluation import Context, JudgedBy, Result, Share
from bot.models.report import Status

WON = Result(
    case="one", configuration="full", model="scripted:a|b.json", judged_by=JudgedBy.PROBE, sound=True, verified=True,
    patched=True, passes=True, status=Status.REPAIRED, attempt=1, claims=Share(good=3, total=4),
    context=Context(relevant=(True,), covered=1, wanted=1, hit=True), first_api=Share(good=1, total=2),
    said="a | b\nc",
)  # fmt: skip
LOST = WON.model_copy(update={"configuration": "rules-only", "passes": None, "patched": False, "verified": False})


def test_a_configuration_is_a_column_of_the_table_and_a_key_of_the_object() -> None:
    console = Console(width=100)
    with console.capture() as shown:
        console.print(table([WON, LOST]))
    assert "resolved" in shown.get()
    assert "rules-only" in shown.get()
    found = json.loads(as_json([WON, LOST]))
    assert found["figures"]["resolved"] == {"value": 1.0, "over": 1, "unit": "share", "goal": None, "met": None}
    assert found["figures"]["faithfulness"]["met"] is False
    assert found["figures"]["hallucinated"]["met"] is False
    assert found["figures"]["context_recall"]["met"] is True
    assert found["ablations"]["rules-only"]["resolved"]["value"] == 0.0
    assert set(found["figures"]) == {measure.key for measure in measures()}
    assert [row["case"] for row in found["results"]] == ["one", "one"]


def test_the_page_keeps_its_cells_apart() -> None:
    text = markdown([WON, LOST])
    cells = [line for line in text.splitlines() if line.startswith("| one")]
    assert len(cells) == 2
    assert r"a \| b c" in cells[0]
    assert "| resolved | 1.00 (1) | 0.00 (1) |  |" in text


def test_a_false_proof_stands_out() -> None:
    assert "**refuses a proof**" in markdown([WON.model_copy(update={"passes": False})])
    assert "unsound" in markdown([WON.model_copy(update={"sound": False})])


def test_the_plot_is_a_picture(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("plot") / "eval.png"
    file.write_bytes(plot.bars([WON, LOST]))
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert picture.width > 800


def test_nothing_at_all_can_be_shown() -> None:
    assert json.loads(as_json([]))["cases"] == 0
    assert "0 cases" in markdown([])
    assert plot.bars([]).startswith(b"\x89PNG")


def test_every_figure_is_on_the_page_of_definitions() -> None:
    text = page()
    assert all(f"| `{measure.key}` |" in text and measure.definition in text for measure in measures())
    assert all(f"`{name}`" in text for name in ablations.ABLATIONS)


def test_parts_that_can_be_left_out_have_names() -> None:
    assert [one.name for one in ablations.chosen("no-api,no-api")] == ["full", "no-api"]
    assert len(ablations.chosen("all")) == 1 + len(ablations.ABLATIONS)
    with pytest.raises(UsageError, match="no-brain"):
        ablations.chosen("no-brain")
