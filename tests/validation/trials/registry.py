"""All trials, in the order of the table: a new module gets its line here."""

from tests.validation.trials import flipped_bits
from tests.validation.trials.recorder_kills import RECORDER_KILLS
from tests.validation.trials.trial import Trial

TRIALS: tuple[Trial, ...] = (RECORDER_KILLS, *flipped_bits.TRIALS)
