"""All trials, in the order of the table: a new module gets its line here."""

from tests.validation.trials import flipped_bits
from tests.validation.trials.full_disk import FULL_DISK
from tests.validation.trials.recorder_kills import RECORDER_KILLS
from tests.validation.trials.trial import Trial
from tests.validation.trials.verb_kills import VERB_KILLS

TRIALS: tuple[Trial, ...] = (RECORDER_KILLS, VERB_KILLS, FULL_DISK, *flipped_bits.TRIALS)
