"""What is checked before a run leaves the run what it needs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from bot import wiring
from bot.llm.starting import Access
from bot.settings import Settings


def test_checking_the_models_lets_the_run_keep_its_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    handle = ours.detach()
    access = Access(handle, frozenset({"OPENAI_API_KEY"}))
    monkeypatch.setattr(wiring, "_access", lambda: access)
    wiring.check_models(Settings(llm="openai:gpt-4o"), tmp_path)
    os.fstat(handle)  # raises where it was closed
    os.close(handle)
    theirs.close()
