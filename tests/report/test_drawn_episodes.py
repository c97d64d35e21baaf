from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.report.drawn_episodes import choose_episodes

from .builders import make_episode


def test_the_longest_the_strongest_and_the_least_certain_are_chosen():
    episodes = [make_episode(20.0 * k, beats=10) for k in range(10)]
    episodes[7] = make_episode(140.0, beats=50)
    episodes[2] = make_episode(40.0, peak_g=3.0)
    episodes[5] = make_episode(100.0, confidence=0.1)
    assert choose_episodes(episodes, 3) == [2, 5, 7]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(3, 40), st.floats(0.01, 3), st.floats(0, 1)), max_size=30), st.integers(0, 12))
def test_a_choice_is_full_ordered_and_without_repeats(shapes, at_most):
    episodes = [make_episode(beats=beats, peak_g=peak, confidence=sure) for beats, peak, sure in shapes]
    chosen = choose_episodes(episodes, at_most)
    assert len(chosen) == min(at_most, len(episodes))
    assert chosen == sorted(set(chosen))
