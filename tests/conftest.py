"""For all tests: nothing reads or writes the data folder of whoever runs them."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory):
    """Give this program a data folder of the tests' own, also in the processes that they start."""
    folder = tmp_path_factory.mktemp("data_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setattr("platformdirs.user_data_path", lambda name, appauthor: folder / name)
        yield folder
