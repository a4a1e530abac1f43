"""What every value that travels between steps has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes once made; unknown keys are an error when it is read back."""

    model_config = ConfigDict(frozen=True, extra="forbid")
