from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.activity import WearAnswer
from clonus_sense.review.leg_recording import said_not_worn

MINUTES = st.integers(0, 60)
ANSWERS = st.builds(
    lambda one, other, worn: WearAnswer(float(min(one, other)), float(max(one, other) + 1), worn=worn),
    MINUTES,
    MINUTES,
    st.booleans(),
)


@given(st.lists(ANSWERS, max_size=6))
def test_at_every_moment_the_last_answer_holds(answers):
    off = said_not_worn(answers)
    for minute in range(62):
        middle = minute + 0.5
        words = [answer.worn for answer in answers if answer.start_s <= middle < answer.end_s]
        is_off = any(interval.start_s <= middle < interval.end_s for interval in off)
        assert is_off == (bool(words) and not words[-1])
