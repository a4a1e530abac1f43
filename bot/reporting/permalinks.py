"""Lines of a repository as links to what they were at one commit."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.reporting.marked import cited, code, quotation

_LINES = re.compile(
    r"(?P<path>[^\x00-\x1f`]{1,300}):(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?@(?P<commit>[0-9a-f]{7,40})", re.ASCII
)


class Commit(Frozen):
    """Where the files of a commit are shown."""

    server: str
    repository: str
    commit: str

    def page(self, path: str, start: int, end: int) -> str | None:
        """Where lines of a file can be seen; null where the path leads elsewhere."""
        if _leaves(path):
            return None
        lines = f"#L{start}" + (f"-L{end}" if end > start else "")
        return f"{self.server}/{self.repository}/blob/{self.commit}/{quote(path, errors='replace')}{lines}"

    def cite(self, citation: Citation) -> str:
        """A citation as Markdown; lines of this very commit are a link to them."""
        found = _LINES.fullmatch(citation.label)
        if found is None or citation.url or not self.commit.startswith(found["commit"]):
            return cited(citation)
        start, end = int(found["start"]), int(found["end"] or found["start"])
        page = self.page(found["path"], start, end)
        if page is None:
            return cited(citation)
        label = f"{found['path']}:{start}" + (f"-{end}" if end > start else "")
        return f"[{code(label, 200)}]({page}){quotation(citation)}"


def _leaves(path: str) -> bool:
    """Whether a browser would take a path for another page than a file of the commit: `a/../../..` climbs out of it."""
    return bool({"", ".", ".."} & set(path.replace("\\", "/").split("/")))
