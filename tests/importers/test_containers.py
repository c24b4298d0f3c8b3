"""Archives and e-mails: what comes out of them, what is left out and told, and what is refused."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from app.domain.vocabulary import Severity
from app.importers.containers import archive, importer, mail, members
from app.importers.containers.kind import container_kind, look_into_archive
from app.importers.identify import look
from app.importers.registry import Definitions
from app.services.parsing import parse_file
from tests.importers.container_files import (
    LOGO,
    PDF,
    contents_of,
    names_of,
    pack,
    take_out,
    write_mail,
    write_outlook,
)
from tests.importers.test_identify import make_workbook
from tests.importers.xml_files import UBL


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Members are written into the current folder, as in the child."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fault(content: bytes, name: str = "bills.zip") -> str:
    (issue,) = take_out(content, name).issues
    assert issue.severity is Severity.ERROR
    assert issue.message
    assert issue.remedy
    return issue.code


def test_the_files_of_an_archive_are_its_members() -> None:
    document = take_out(pack(("2026/bill.pdf", PDF), ("a\\calls.csv", b"a,b\n"), ("2026/", b"")))
    assert (document.importer, document.issues) == ("zip", ())
    assert [(part.kind, part.file, part.name) for part in document.parts] == [
        ("member", "member-1", "2026/bill.pdf"),
        ("member", "member-2", "a/calls.csv"),
    ]
    assert contents_of(document) == [PDF, b"a,b\n"]


def test_a_pdf_that_lies_unpacked_in_an_archive_is_a_member() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("bill.pdf", PDF)
    assert names_of(take_out(buffer.getvalue())) == ["bill.pdf"]


def test_containers_inside_are_opened_as_well() -> None:
    inner = pack(("bill.pdf", PDF))
    document = take_out(pack(("mail.eml", write_mail(("may.zip", "application/zip", inner))), ("x.csv", b"a\n")))
    assert names_of(document) == ["mail.eml/may.zip/bill.pdf", "x.csv"]


def test_a_third_container_inside_containers_is_too_deep() -> None:
    nested = pack(("bill.pdf", PDF))
    for _ in range(2):
        nested = pack(("inner.zip", nested))
    assert len(take_out(nested).parts) == 1
    assert fault(pack(("outer.zip", nested))) == "too-deep"


def test_a_workbook_is_no_container_of_files() -> None:
    book = make_workbook([["Circuit"], ["80/KX"]])
    assert look("a.zip", book).media == "xlsx"
    assert container_kind("a", book) == ""
    assert names_of(take_out(pack(("book.xlsx", book)))) == ["book.xlsx"]
    office = look_into_archive("letter.docx", pack(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")))
    assert office.media == "unknown"


def test_what_systems_put_beside_files_is_no_member() -> None:
    litter = [("__MACOSX/._bill.pdf", b"x"), (".DS_Store", b"x"), ("a/Thumbs.db", b"x"), ("~$bill.xlsx", b"x")]
    assert names_of(take_out(pack(*litter, ("bill.pdf", PDF)))) == ["bill.pdf"]


def test_an_empty_file_in_an_archive_is_told_and_left_out() -> None:
    document = take_out(pack(("empty.csv", b""), ("bill.pdf", PDF)))
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.INFO, "member-skipped")]
    assert names_of(document) == ["bill.pdf"]


@pytest.mark.parametrize("name", ["../bill.pdf", "/etc/passwd", "a/../../b", "C:\\bill.pdf", "..\\bill.pdf"])
def test_a_name_that_leads_out_of_its_folder_is_refused(name: str) -> None:
    assert fault(pack((name, PDF))) == "unsafe-name"


def test_a_link_in_an_archive_is_refused() -> None:
    link = zipfile.ZipInfo("bill.pdf")
    link.external_attr = 0o120777 << 16
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    assert fault(buffer.getvalue()) == "unsafe-name"


def test_two_files_of_one_name_are_refused() -> None:
    assert fault(pack(("bill.pdf", PDF), ("BILL.pdf", b"other"))) == "duplicate-name"


def test_an_archive_with_a_password_is_told_so() -> None:
    content = bytearray(pack(("bill.pdf", PDF)))
    central = content.index(b"PK\x01\x02")
    for bits in (0x01, 0x41):  # the old way, and the strong one that the library does not know
        content[central + 8] = bits
        assert fault(bytes(content)) == "encrypted"


def test_an_archive_of_nothing_is_told_so() -> None:
    assert fault(pack()) == "no-members"
    assert fault(pack((".DS_Store", b"x"))) == "no-members"


def test_what_unpacks_to_far_more_than_it_is_is_refused() -> None:
    assert fault(pack(("calls.csv", bytes(20_000_000)))) == "too-large"
    honest = b"".join(b"2026-09-01,4695550100,%d,%d\n" % (number, number * 7) for number in range(60_000))
    assert len(take_out(pack(("calls.csv", honest))).parts) == 1


def test_the_sizes_of_one_and_of_all_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_SMALL_LIMITS", (100, 250))
    assert len(take_out(pack(*((f"{number}.csv", bytes(100)) for number in range(2)))).parts) == 2
    assert fault(pack(("a.csv", bytes(101)))) == "too-large"
    assert fault(pack(*((f"{number}.csv", bytes(99)) for number in range(3)))) == "too-large"


def test_the_number_of_members_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert len(take_out(pack(*((f"{number}.csv", b"a") for number in range(3)))).parts) == 3
    assert fault(pack(*((f"{number}.csv", b"a") for number in range(4)))) == "too-large"
    two = pack(("a.csv", b"a"), ("b.csv", b"a"))
    assert fault(pack(("1.zip", two), ("2.zip", two))) == "too-large"  # those inside count as well


def test_a_long_list_of_entries_is_not_even_read() -> None:
    content = bytearray(pack(("bill.pdf", PDF)))
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 12, 900_000_000)
    assert fault(bytes(content)) == "too-large"


def test_a_length_that_is_a_lie_is_refused() -> None:
    content = bytearray(pack(("bill.pdf", PDF * 10)))
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 20)
    assert fault(bytes(content)) == "broken"
    # the check sum of the part that would be taken, too
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 16, zlib.crc32((PDF * 10)[:20]))
    assert fault(bytes(content)) == "broken"
    longer = bytearray(pack(("bill.pdf", PDF * 10)))
    struct.pack_into("<I", longer, longer.index(b"PK\x01\x02") + 24, 900)
    assert fault(bytes(longer)) == "broken"
    damaged = bytearray(pack(("bill.pdf", PDF * 10)))
    damaged[45] ^= 0xFF
    assert fault(bytes(damaged)) == "broken"


def test_the_attachments_of_a_message_are_its_members() -> None:
    content = write_mail(
        ("bill.pdf", "application/pdf", PDF),
        ("../we.csv", "text/csv", b"a,b\n"),
        ("logo.png", "image/png", LOGO),
        ("me.vcf", "text/vcard", b"BEGIN:VCARD\n"),
        ("due.ics", "text/calendar", b"BEGIN:VCALENDAR\n"),
        ("smime.p7s", "application/pkcs7-signature", b"0\x80"),
        ("scan.png", "image/png", LOGO + bytes(60_000)),
    )
    document = take_out(content, "bill.eml")
    assert document.importer == "email"
    assert names_of(document) == ["bill.pdf", ".._we.csv", "scan.png"]
    assert {issue.severity for issue in document.issues} == {Severity.INFO}
    assert [issue.source.path for issue in document.issues] == ["logo.png", "me.vcf", "due.ics", "smime.p7s"]


def test_a_message_without_a_bill_says_what_there_is() -> None:
    (issue,) = take_out(write_mail(("logo.png", "image/png", LOGO)), "hello.eml").issues
    assert issue.code == "no-members"
    assert "'hello.eml' holds no file that could be a bill; there is only logo.png" in issue.message
    assert "in the text of a message is not read" in issue.remedy


def test_an_attachment_that_only_outlook_opens_is_warned_of() -> None:
    both = write_mail(("winmail.dat", "application/ms-tnef", b"x" * 50), ("bill.pdf", "application/pdf", PDF))
    assert [(issue.severity, issue.code) for issue in take_out(both, "a.eml").issues] == [
        (Severity.WARNING, "member-unread")
    ]


def test_a_message_forwarded_inside_a_message_is_opened() -> None:
    inner = write_mail(("bill.pdf", "application/pdf", PDF))
    outer = b"From: a@b.example\nTo: c@d.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    assert names_of(take_out(outer + inner, "fwd.eml")) == ["bill.pdf"]


def test_a_box_of_messages_gives_the_attachments_of_all() -> None:
    postmark = b"From billing@acme.example Tue Sep  1 08:00:00 2026\n"
    first, second = (write_mail((f"{name}.pdf", "application/pdf", PDF)) for name in ("may", "june"))
    document = take_out(postmark + first + b"\n\n" + postmark + second, "inbox")
    assert document.importer == "mbox"
    assert names_of(document) == ["message 1/may.pdf", "message 2/june.pdf"]
    assert contents_of(document) == [PDF, PDF]


def test_a_message_saved_by_outlook_gives_its_attachments() -> None:
    document = take_out(write_outlook(("bill.pdf", PDF * 3), ("card.vcf", b"BEGIN:VCARD")), "bill.msg")
    assert (document.importer, names_of(document)) == ("outlook", ["bill.pdf"])
    assert contents_of(document) == [PDF * 3]
    assert [issue.source.path for issue in document.issues] == ["card.vcf"]


def test_a_damaged_outlook_message_is_refused() -> None:
    content = bytearray(write_outlook(("bill.pdf", PDF)))
    place = content.index("__substg1.0_37010102".encode("utf-16-le"))
    struct.pack_into("<Q", content, place + 120, 1 << 30)
    assert fault(bytes(content), "bill.msg") == "broken"


def test_a_text_with_a_colon_is_no_message() -> None:
    for text in (b"Date: today\nAmount: 5\n", b"From: a\nx,y\n", b"Subject: a\nTo: b\nDate: c\n\n"):
        assert look("a.txt", text).media == "csv"


def test_messages_nested_without_end_or_with_endless_headers_are_bounded() -> None:
    head = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
    nested = head + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(3_000)
    )
    assert fault(nested, "deep.eml") in {"broken", "no-members"}
    long = head + b"Content-Type: text/plain; " + b"a(" * 200_000 + b"\n\nhello\n"
    assert fault(long, "long.eml") in {"broken", "no-members"}


def test_the_parts_and_messages_of_a_box_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_PARTS", 3)
    content = write_mail(*((f"{number}.pdf", "application/pdf", PDF) for number in range(4)))
    assert fault(content, "a.eml") == "too-large"
    monkeypatch.setattr(mail, "MOST_MESSAGES", 1)
    box = b"From a@b Tue Sep  1 08:00:00 2026\n" + write_mail(("1.pdf", "application/pdf", PDF)) + b"\n\n"
    assert fault(box * 2, "inbox") == "too-large"


def test_of_hundreds_that_are_left_out_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_MOST_TOLD", 2)
    cards = [(f"{number}.vcf", "text/vcard", b"BEGIN:VCARD\n") for number in range(5)]
    issues = take_out(write_mail(*cards, ("bill.pdf", "application/pdf", PDF)), "a.eml").issues
    assert [issue.message for issue in issues][2:] == ["3 more files are left out likewise."]


def test_an_inner_container_too_large_to_look_into_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "MOST_INNER", 100_000)
    inner = pack(("bill.bin", bytes(range(256)) * 10), *((f"{n}.csv", bytes([n]) * 2000) for n in range(250)))
    noise = b"".join(struct.pack("<Q", number**5 % (1 << 64)) for number in range(30_000))
    large = pack(("noise.csv", noise))
    assert len(large) > 100_000
    document = take_out(pack(("inner.zip", inner), ("large.zip", large)))
    assert names_of(document)[-1] == "large.zip"
    assert contents_of(document)[-1] == large


def test_the_members_come_through_the_child_as_files(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    document = parse_file("bills.zip", pack(("a/bill.xml", UBL.encode())), Definitions(), folder=folder)
    (part,) = document.parts
    assert (part.kind, part.name) == ("member", "a/bill.xml")
    assert (folder / part.file).read_bytes() == UBL.encode()
