"""The logs of telephone systems, each told by its own shape and read into the calls that were answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.parsed import ParsedDocument
from app.importers.identify import choose, identify, look, read_document
from app.importers.registry import Definitions
from app.importers.usage.importer import usage_importers
from tests.importers.tables.table_files import ROOT

TEXTS = tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "resources" / "carriers").glob("*.toml")))
DEFINITIONS = Definitions(mappings=tuple(text for text in TEXTS if 'kind = "usage-mapping"' in text))
ASTERISK = (
    '"","13125550100","13125550199","from-internal","""Alice"" <13125550100>","SIP/100-1","SIP/200-2","Dial",'
    '"SIP/200,20","{start}","{answer}","2026-04-01 12:03:10",{duration},{billsec},"{state}","DOCUMENTATION","1.7",""\n'
)
FREESWITCH = (
    '"Alice","13125550100","13125550199","default","2026-04-01 12:00:00","{answer}","2026-04-01 12:03:10","{duration}",'
    '"{billsec}","{cause}","a-1","","","PCMU","PCMU"\n'
)
CISCO = (
    '"cdrRecordType","globalCallID_callManagerId","origSpan","callingPartyNumber","finalCalledPartyNumber",'
    '"dateTimeConnect","dateTimeDisconnect","duration"\n'
    "INTEGER,INTEGER,INTEGER,VARCHAR(50),VARCHAR(50),INTEGER,INTEGER,INTEGER\n"
    '1,1,0,"13125550100","13125550199",1775044809,1775044990,181\n'
    '1,1,0,"13125550100","13125550199",0,1775044990,0\n'
    '2,1,0,"13125550100","13125550199",1775044809,1775044990,181\n'
)


def read(name: str, text: str) -> ParsedDocument:
    return read_document(name, text.encode(), DEFINITIONS)


def only_call(document: ParsedDocument, importer: str) -> tuple[str, str, int, int]:
    assert document.importer == f"call-records:{importer}", document.issues
    ((batch,)) = document.usage
    return batch.tn[0], batch.other_party[0], batch.started[0], batch.seconds[0]


EXPECTED = ("13125550100", "13125550199", 1775044809, 181)


def test_the_log_of_asterisk_is_told_by_its_shape_and_only_answered_calls_count() -> None:
    answered = ASTERISK.format(
        start="2026-04-01 12:00:00", answer="2026-04-01 12:00:09", duration=190, billsec=181, state="ANSWERED"
    )
    missed = ASTERISK.format(start="2026-04-01 12:00:00", answer="", duration=20, billsec=0, state="NO ANSWER")
    document = read("Master.csv", missed + answered)
    assert only_call(document, "asterisk_master") == EXPECTED
    assert document.issues[-1].message == "2 rows read: 1 taken in, 1 passed over, 0 left out."


def test_the_log_of_freeswitch_is_told_by_its_shape() -> None:
    answered = FREESWITCH.format(answer="2026-04-01 12:00:09", duration=190, billsec=181, cause="NORMAL_CLEARING")
    missed = FREESWITCH.format(answer="", duration=20, billsec=0, cause="NO_ANSWER")
    assert only_call(read("cdr.csv", answered + missed), "freeswitch_csv") == EXPECTED


def test_the_types_below_the_header_of_a_call_manager_are_no_call() -> None:
    document = read("cdr_01.csv", CISCO)
    assert only_call(document, "cisco_cucm") == EXPECTED
    assert document.issues[-1].message == "3 rows read: 1 taken in, 2 passed over, 0 left out."
    assert document.rejected == ()


@pytest.mark.parametrize(
    ("name", "importer", "calls", "first"),
    [
        ("cdr-stats_import_cdr.txt", "cdr_stats_long", None, ("065350450", "", 1327521966, 11)),
        ("cdr-stats_import_cdr_100.txt", "cdr_stats", 99, ("650200000", "", 1336101842, 78)),
    ],
)
def test_real_samples_are_claimed_by_one_mapping_each(
    shared_data: Path, name: str, importer: str, calls: int | None, first: tuple[str, str, int, int]
) -> None:
    content = (shared_data / "usage" / name).read_bytes()
    document = read_document(name, content, DEFINITIONS)
    assert only_call(document, importer) == first
    assert sum(len(batch.tn) for batch in document.usage) == (calls or len(content.splitlines()))


def test_a_table_of_another_shape_is_nobodys() -> None:
    assert read("calls.csv", "1,2,3\n4,5,6\n").issues[0].code == "no-importer"
    head = look("Master.csv", ASTERISK.replace("{state}", "PERHAPS").encode())
    assert not any(importer.claims(head) for importer in usage_importers(DEFINITIONS.mappings))
    assert choose(head, usage_importers(DEFINITIONS.mappings), "call-records:asterisk_master")
    assert identify(look("cdr_01.csv", CISCO.encode()), usage_importers(DEFINITIONS.mappings)).name.endswith("cucm")
