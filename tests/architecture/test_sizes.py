"""Small rooms: what outgrows its file splits by noun."""

from __future__ import annotations

from tests.architecture.tree import name_of, python_files

HALF, NINE_IN_TEN, ALL = 150, 350, 500


def complaints(lines: dict[str, int]) -> list[str]:
    """What is wrong with these numbers of lines per file."""
    ranked = sorted(lines, key=lambda name: lines[name])
    middle, upper = ranked[(len(ranked) - 1) // 2], ranked[(len(ranked) * 9 - 1) // 10]
    found = [f"{name} has {count} lines: split it by noun" for name, count in lines.items() if count > ALL]
    if lines[middle] >= HALF:
        found.append(f"half of the files should be under {HALF} lines; {middle} in the middle has {lines[middle]}")
    if lines[upper] >= NINE_IN_TEN:
        found.append(f"nine in ten should be under {NINE_IN_TEN} lines; {upper} has {lines[upper]}")
    return found


def test_the_rooms_are_small() -> None:
    """All but the migrations, which Alembic writes and nobody edits."""
    files = [path for path in python_files("app", "tools", "dev.py", "main.py") if "versions" not in path.parts]
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert complaints(lines) == []


def test_a_room_that_is_too_large_would_be_seen() -> None:
    assert complaints({f"{n}.py": 149 for n in range(9)} | {"big.py": 500}) == []
    assert complaints({f"{n}.py": 149 for n in range(9)} | {"big.py": 501}) == [
        "big.py has 501 lines: split it by noun"
    ]
    assert len(complaints({f"{n}.py": 150 for n in range(10)})) == 1
    assert len(complaints({f"{n}.py": 10 for n in range(8)} | {"a.py": 350, "b.py": 350})) == 1


def test_main_is_a_door_and_not_a_room() -> None:
    (path,) = python_files("main.py")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 20
