import pytest

from clonus_sense.library import Library


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "data" / "library.sqlite3") as opened:
        yield opened
