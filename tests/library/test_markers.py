import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import Marker, MarkerKind, add_markers, list_markers
from tests.library.made import add_night

MARKERS = (Marker(12.5, MarkerKind.FELT), Marker(700.0, MarkerKind.TURNED_BY_HELPER, "to the left"))


def test_markers_come_back_by_time_and_once(library):
    night, other = add_night(library), add_night(library, "b2")
    add_markers(library, night.id, reversed(MARKERS))
    add_markers(library, night.id, MARKERS[:1])
    assert list_markers(library, night.id) == MARKERS
    assert list_markers(library, other.id) == ()


def test_no_marker_is_added_to_a_recording_that_is_not_there(library):
    with pytest.raises(LibraryError, match="Recording 3 is not in the library"):
        add_markers(library, 3, ())
