"""What several tests of the model tier share: the model server, once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import aimock
from aimock import Mock, fixture

LONG = "Hello! How can I help you today? I answer at some length, so that it takes several pieces."


@pytest.fixture(scope="session")
def mock() -> Iterator[Mock]:
    """It says what the prompt asks it to say, faults included."""
    error = {"message": "no", "type": "some_error"}
    with aimock.serving(
        fixture("hello", {"content": LONG, "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}),
        fixture("object", {"content": {"answer": "yes"}}, match={"responseFormat": "json_schema"}),
        fixture("no json", {"content": "I would rather not."}),
        fixture("fenced", {"content": 'Here it is:\n```json\n{"answer": "yes"}\n```'}),
        fixture("busy", {"error": {**error, "type": "rate_limit_error"}, "status": 429, "retryAfter": 7}),
        fixture("poor", {"error": {**error, "code": "insufficient_quota"}, "status": 429}),
        fixture("broken", {"error": error, "status": 500}),
        fixture("overloaded", {"error": error, "status": 529}),
        fixture("stranger", {"error": {**error, "message": "Incorrect API key: sk-sec***ret"}, "status": 401}),
        fixture("long", {"error": {**error, "code": "context_length_exceeded"}, "status": 400}),
        fixture("rude", {"error": {**error, "code": "content_filter"}, "status": 400}),
        fixture("censored", {"content": "I", "finishReason": "content_filter"}),
        fixture("cut", {"content": LONG}, truncateAfterChunks=2),
        fixture("gone", {"content": LONG}, chaos={"disconnectRate": 1}),
        fixture("garbled", {"content": LONG}, chaos={"malformedRate": 1}),
        fixture("empty", {"content": ""}),
        fixture("exhausted", {"content": "", "finishReason": "length"}),
        fixture("slow", {"content": LONG}, latency=400, chunkSize=4),
    ) as running:
        yield running
