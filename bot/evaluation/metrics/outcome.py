"""What it comes to: cases resolved, proofs that were none, and what a success costs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.metrics.base import Mean, Measure, mean, share
from bot.models.evaluation import Result


def resolved(results: Sequence[Result]) -> Mean:
    """Of the cases something judges, the share with a patch that the bot calls verified and the judge (the case's
    probe, or the fix commit's tests) passes. A case whose judge does not fail before the project's own fix and pass
    after it, as seen on this machine, is left out; one where the bot itself failed counts as not resolved."""
    judged = [result for result in results if result.judged]
    return share(sum(result.resolved for result in judged), len(judged))


def passing(results: Sequence[Result]) -> Mean:
    """Of the same cases, the share whose patch the judge passes, whether or not the bot calls it verified."""
    judged = [result for result in results if result.judged]
    return share(sum(result.patched and result.passes is True for result in judged), len(judged))


def false_proofs(results: Sequence[Result]) -> Mean:
    """How many patches the bot calls verified and the judge refuses. There must be none."""
    judged = [result for result in results if result.judged]
    return Mean(float(sum(result.false_proof for result in judged)) if judged else None, len(judged))


def attempts(results: Sequence[Result]) -> Mean:
    """Mean number of patches tried, rules' and model's, up to the one that resolved the case; over resolved cases."""
    return mean(result.attempt for result in results if result.resolved)


def cost(results: Sequence[Result]) -> Mean:
    """US dollars for model calls of all judged cases, failures included, divided by the number of resolved ones.
    No number where nothing was resolved, or where the price of a model is not known."""
    judged = [result for result in results if result.judged]
    won = sum(result.resolved for result in judged)
    known = [result.usd for result in judged if result.usd is not None]
    return Mean(sum(known) / won if won and len(known) == len(judged) else None, won)


def tokens(results: Sequence[Result]) -> Mean:
    """Tokens sent and received in all judged cases, failures included, divided by the number of resolved ones."""
    judged = [result for result in results if result.judged]
    won = sum(result.resolved for result in judged)
    used = sum(result.input_tokens + result.output_tokens for result in judged)
    return Mean(used / won if won else None, won)


MEASURES = (
    Measure("resolved", "resolved", resolved),
    Measure("passing", "probe passes", passing),
    Measure("false_proofs", "false proofs", false_proofs, unit="count", goal=0, at_most=True),
    Measure("attempts", "attempts to success", attempts, unit="mean"),
    Measure("usd_per_success", "cost per success", cost, unit="USD"),
    Measure("tokens_per_success", "tokens per success", tokens, unit="tokens"),
)
