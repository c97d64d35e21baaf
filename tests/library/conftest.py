import pytest

from clonus_sense.library import Library


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.sqlite3"


@pytest.fixture
def library(path):
    with Library.open(path) as opened:
        yield opened
