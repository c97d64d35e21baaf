from clonus_sense.i18n import translator
from clonus_sense.report.clock_labels import clock_of
from clonus_sense.report.episode_numbers import NumberRow, number_rows

from .builders import make_episode, make_info


def test_time_lost_inside_is_stated_only_where_there_is_some():
    _, clock = translator("en"), clock_of(make_info())
    assert NumberRow("Not measured inside", "0.50 s") in number_rows(make_episode(missing_s=0.5), clock, _)
    assert "Not measured inside" not in [row.name for row in number_rows(make_episode(), clock, _)]
