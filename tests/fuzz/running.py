"""How the fuzz targets run: under atheris, guided by coverage, or as a replay of fixed inputs in the test suite.

A target is a module with `one_input(data)`, which may raise nothing but what its readers document, and `SEEDS`, sound
inputs to begin with. `python -m tests.fuzz.fuzz_x12 -max_total_time=300` runs one; what it finds is kept in the folder
`found`, as NAME-crash-…, and replayed for ever.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random

FOUND = Path(__file__).resolve().parent / "found"
Target = Callable[[bytes], None]


def watched(module: str) -> AbstractContextManager[object]:
    """Imports inside are watched for coverage where `module` is run as a program; elsewhere they are plain imports."""
    if module != "__main__":
        return nullcontext()
    import atheris

    instrumented: AbstractContextManager[object] = atheris.instrument_imports(include=["app.importers", "app.domain"])
    return instrumented


def fuzz(name: str, target: Target, seeds: Sequence[bytes], tokens: Sequence[str] = ()) -> None:
    """Run `target` under atheris with the options of the command line; it ends the process.

    The inputs that reach new code stay in the folder tollbook-fuzz-NAME of the system's temporary folder, so that the
    next run goes on where this one ended.
    """
    import atheris

    corpus = Path(tempfile.gettempdir(), f"tollbook-fuzz-{name}")
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds):
        Path(corpus, f"seed-{number}").write_bytes(seed)
    words = corpus.with_suffix(".words")
    words.write_text("".join(f'"{_quote(token)}"\n' for token in tokens), encoding="ascii")
    options = [f"-dict={words}", f"-artifact_prefix={FOUND}/{name}-", "-timeout=10", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], str(corpus), *options, *sys.argv[1:]], target)
    atheris.Fuzz()


def _quote(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode())


def mutations(seeds: Sequence[bytes], tokens: Sequence[str], count: int) -> Iterator[bytes]:
    """The seeds, and `count` changes of them: always the same ones."""
    yield from seeds
    chance = Random(4)
    pieces = [token.encode() for token in tokens] or [b"\x00"]
    for _ in range(count):
        changed = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 5)):
            start = chance.randint(0, len(changed))
            length = chance.choice([0, 1, 2, 5, 30])
            fresh = chance.choice([chance.choice(pieces), chance.randbytes(2), bytes(changed[:20]), b""])
            changed[start : start + length] = fresh
        yield bytes(changed)


def kept(name: str) -> list[bytes]:
    """What earlier runs of the target found, which once made it raise."""
    return [path.read_bytes() for path in sorted(FOUND.glob(f"{name}-*"))]
