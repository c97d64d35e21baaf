import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import list_epochs, replace_epochs
from tests.activity.builders import make_epoch
from tests.library.made import add_night

EPOCHS = (
    make_epoch(0, movement_g=0.0125, gravity=(0.0, 0.6, 0.8), sway_ratio=1.5, handling_deg=7.5),
    make_epoch(1, movement_g=None),
)


def test_new_epochs_replace_those_before(library):
    night, other = add_night(library), add_night(library, "b2")
    replace_epochs(library, other.id, EPOCHS)
    replace_epochs(library, night.id, [make_epoch(0, movement_g=0.5), make_epoch(3, movement_g=1.0)])
    replace_epochs(library, night.id, EPOCHS)
    assert list_epochs(library, night.id) == EPOCHS
    assert list_epochs(library, other.id) == EPOCHS


def test_no_epoch_is_added_to_a_recording_that_is_not_there(library):
    with pytest.raises(LibraryError, match="Recording 3 is not in the library"):
        replace_epochs(library, 3, ())
