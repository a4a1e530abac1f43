"""What is particular about BAAI's models: the instruction of bge-code-v1, and damaged folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.embedders.flag import INSTRUCTION, BgeCode, BgeM3
from indexer.errors import MissingError

pytest.importorskip("FlagEmbedding", reason="needs the extra bge")

import tiny_models


def test_bge_code_reads_questions_behind_its_instruction(tmp_path: Path) -> None:
    model = BgeCode(str(tiny_models.bge_code(tmp_path)))
    expected = model.documents([f"<instruct>{INSTRUCTION}\n<query>smooth mesh"])[0]
    np.testing.assert_allclose(model.query("smooth mesh"), expected, atol=1e-4)
    assert not np.allclose(model.query("smooth mesh"), model.documents(["smooth mesh"])[0], atol=1e-3)


def test_bge_m3_reads_questions_as_they_are(tmp_path: Path) -> None:
    model = BgeM3(str(tiny_models.bge_m3(tmp_path)))
    np.testing.assert_allclose(model.query("smooth mesh"), model.documents(["smooth mesh"])[0], atol=1e-4)


def test_weights_that_are_none_are_said_to_be(tmp_path: Path) -> None:
    folder = tiny_models.bge_m3(tmp_path)
    (folder / "model.safetensors").unlink()
    with pytest.raises(MissingError, match="cannot be loaded") as caught:
        BgeM3(str(folder)).query("mesh")
    assert "whole model" in caught.value.cure
