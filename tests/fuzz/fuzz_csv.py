"""Tables as text: a bill, usage of two kinds, a bank's table, a guess and a preview, each a document or a fault."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    from app.errors import UserError
    from app.importers.faults import DocumentFault
    from app.importers.peek import look_into_text
    from app.importers.registry import Definitions
    from app.importers.tabular.answers import answer_guess, answer_preview
    from app.importers.tabular.importer import tabular_importers
    from app.importers.usage.importer import usage_importers
    from app.importers.wire import from_json, to_json
    from tests.importers.tables.table_files import documented_mappings

BILLS = [one for one in tabular_importers(documented_mappings("bill-mappings.md")) if one.name.startswith("csv")]
USAGE = usage_importers([*documented_mappings("call-records.md"), *documented_mappings("traffic-samples.md")])
READERS = (*BILLS, *USAGE)
NOTHING = Definitions()
CALLS = b"Calling Number,Called Number,Answer Date,Answer Time,Duration,Charge\n"
CALLS += b"5550100,5550101,04/01/2026,08:00:00,61,0.05\n"
TABLE = b'Account,Invoice,Date,Description,Amount\n"L-9",A-1,2026-04-01,"Port; 1 Gbps",1200.00\n'
TABLE += b'L-9,A-1,2026-04-01,"a ""b""",5\n'
SAMPLES = b"Interface;Timestamp;Avg In;Avg Out\nge-0/0/0;2026-04-01 00:05:00;100.5;7\n"
# the first byte chooses who reads the rest
SEEDS = tuple(
    bytes([number]) + body
    for number in range(len(READERS) + 2)
    for body in (CALLS, TABLE, SAMPLES, b"\xff\xfe" + TABLE)
)
TOKENS = (
    *',;\t|"\r\n', '""', "\x00", "\ufeff", "\u202e", "١٢٣", "NaN", "1e5", "1_000", "(5.00)", "5.00 CR", "1.234,56",
    "04/31/2026",
    "25:61:61", "=1+1", "-", "999999999999999999",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Raises where a reader raises anything but a UserError of its own kind."""
    if not data:
        return
    choice, body = data[0] % (len(READERS) + 2), data[1:]
    try:
        if choice >= len(READERS):
            answer = answer_guess if choice == len(READERS) else answer_preview
            answer("a.csv", body, NOTHING, {})
            return
        head = look_into_text("a.csv", body)
        document = READERS[choice].read(body, head)
    except DocumentFault:
        return
    except UserError:
        if choice < len(READERS):
            raise
        return
    assert from_json(to_json(document)) == document


if __name__ == "__main__":
    fuzz("csv", one_input, SEEDS, TOKENS)
