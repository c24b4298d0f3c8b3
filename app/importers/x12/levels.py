"""The tree of hierarchical levels, rebuilt from the numbers of levels and parents, in whatever order they stand."""

from __future__ import annotations

from app.importers.tabular.issues import IssueList
from app.importers.x12.drafts import Level
from app.importers.x12.segments import place

DEEPEST = 60
MOST_LEVELS = 500_000
CHARGE, SUPPORT, VEHICLE = "8", "9", "19"
_REMEDY = "Ask the carrier for a corrected file: without its levels it cannot be said what a charge is for."


class Tree:
    """The levels of one set. The root stands for what is said before the first level."""

    def __init__(self, issues: IssueList) -> None:
        self.issues = issues
        self.root = Level("")
        self.levels: dict[str, Level] = {}
        self._supporting: dict[str, bool] = {}
        self._covered: dict[str, bool] = {}

    def add(self, level: Level) -> None:
        """Take a level; one whose number stands twice is told, and kept apart from the first."""
        if level.id in self.levels or not level.id:
            what = f"stands twice ({level.id[:12]})" if level.id else "is missing"
            self.issues.error("hl-repeated", f"The number of a level {what}.", _REMEDY, place(level.number, "HL", 1))
            return
        self.levels[level.id] = level

    def build(self) -> bool:
        """Check parents, cycles and depth; hand places down from parents. False, and told, where there is no tree."""
        depths: dict[str, int] = {"": 0}
        for level in self.levels.values():
            path: list[Level] = []
            walked: set[str] = set()
            at = level
            while at.id not in depths:
                if at.id in walked:
                    return self._fail("hl-cycle", f"Level {at.id[:12]} stands below itself.", level)
                walked.add(at.id)
                path.append(at)
                if at.parent and at.parent not in self.levels:
                    message = f"Level {at.id[:12]} stands below level {at.parent[:12]}, which is not there."
                    return self._fail("hl-orphan", message, at)
                at = self.levels[at.parent] if at.parent else self.root
            for one in reversed(path):
                depths[one.id] = depths[one.parent] + 1
                if depths[one.id] > DEEPEST:
                    return self._fail("hl-too-deep", f"The levels are more than {DEEPEST} deep.", one)
                one.place.fill(self.parent(one).place)
        return True

    def parent(self, level: Level) -> Level:
        """The level above, the root above the highest ones."""
        return self.levels.get(level.parent, self.root)

    def is_supporting(self, level: Level) -> bool:
        """Whether it is supporting detail, or stands below such. Only after `build`, which has seen to the depth."""
        if level.id not in self._supporting:
            found = level.kind == SUPPORT or bool(level.parent and self.is_supporting(self.parent(level)))
            self._supporting[level.id] = found
        return self._supporting[level.id]

    def is_covered(self, level: Level) -> bool:
        """Whether a priced charge stands in it, or in a charge level above it. Only when all are marked."""
        if level.id not in self._covered:
            above = self._is_charged_above(level)
            self._covered[level.id] = level.priced or above
        return self._covered[level.id]

    def _is_charged_above(self, level: Level) -> bool:
        while level.parent:
            level = self.parent(level)
            if level.kind == CHARGE and level.priced:
                return True
        return False

    def _fail(self, code: str, message: str, level: Level) -> bool:
        self.issues.error(code, message, _REMEDY, place(level.number, "HL", 2))
        return False
