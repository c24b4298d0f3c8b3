"""What the user is told (UserError) and what is our fault (BugError)."""

from __future__ import annotations


class UserError(Exception):
    """Something could not be done.

    A subclass per cause. The first paragraph of its docstring is the message, a format string over the keyword
    arguments it is raised with; every message names the thing, the place and the remedy.
    """

    exit_code = 1

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        template = " ".join((type(self).__doc__ or "").strip().split("\n\n", 1)[0].split())
        super().__init__(template.format(**facts))

    @property
    def message(self) -> str:
        """The sentence that the user reads."""
        return str(self)


class BugError(Exception):
    """A broken promise of our own code; never the fault of the user or of a document."""
