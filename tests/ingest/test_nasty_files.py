"""Files that are no tables: a clear sentence, exit code 2, never a traceback and nothing written."""

import pytest

from customers.models import Customer
from ingest.models import Batch
from tests.ingest.files import run_import

pytestmark = pytest.mark.django_db
GOOD = "external_id,name\nc1,Acme\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"\n\n  \n", "The file is empty"),
        (bytes(range(256)) * 100, "zero byte"),
        (GOOD.encode() + b"c2,B\x00eta\n", "line 3 holds a zero byte"),
        (GOOD.encode() + "c2,Ação\n".encode("cp1252"), "Line 3 of the file is not"),
        (GOOD.encode("utf-16"), "Line 1 of the file is not"),
        (b",".join([b"c"] * 1_000_000), "longer than"),
        (b",".join([b"c"] * 2_000), "more than 1000 columns"),
        (b"external_id,name,NAME\nc1,a,b\n", "twice"),
        (b"external_id\nc1\n", "lacks what this kind needs: name"),
        (GOOD.encode() + b'c2,"' + b"x" * 200_000, "quotation mark is probably missing"),
        (GOOD.encode() + b"c2," + b"x" * 2_000_000, "longer than"),
        (b"PK\x03\x04garbage", ".xlsx workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_writes_nothing(tmp_path, content, told):
    done = run_import(tmp_path, "customers", content)
    assert (done.code, told in done.err) == (2, True), done.err
    assert not Customer.objects.exists()
    assert Batch.objects.get().step == "refused"


def test_an_unknown_kind_a_missing_file_and_an_unknown_encoding_end_with_2(tmp_path):
    assert run_import(tmp_path, "unicorns", GOOD).code == 2
    assert run_import(tmp_path, "customers", GOOD, "--encoding", "klingon").code == 2
    from django.core.management import call_command

    with pytest.raises(SystemExit) as stop:
        call_command("import", "customers", str(tmp_path / "none.csv"))
    assert stop.value.code == 2


def test_a_header_without_rows_is_an_empty_import(tmp_path):
    done = run_import(tmp_path, "customers", "external_id,name\n")
    assert (done.code, done.counts()) == (0, (0, 0, 0, 0))


@pytest.mark.parametrize("cut", ["c1,Acme\nc2", 'c1,Acme\nc2,"Be'])
def test_a_file_cut_in_the_middle_keeps_the_good_rows_and_tells_the_cut_one(tmp_path, cut):
    done = run_import(tmp_path, "customers", f"external_id,name\n{cut}")
    assert (done.code, done.counts()) == (1, (1, 0, 0, 1))
    assert done.err.startswith("line 3: ") and "cut" in done.err


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path):
    done = run_import(tmp_path, "customers", "external_id,name\nc1,Acme\nc2,\n", "--dry-run")
    assert (done.code, done.out.strip()) == (
        1,
        "customers: would be 1 new, 0 changed, 0 unchanged, 1 rejected",
    )
    assert not Customer.objects.exists() and not Batch.objects.exists()
