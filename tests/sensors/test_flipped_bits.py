"""One wrong bit in one packet costs that packet, whichever bit and whichever sensor."""

import logging

import pytest

from tests.validation.trials.flipped_bits import LINES, count_bits, flip_bit

# All bits of the head, where stamp, index and boot stand; of the samples one in so many (the trials turn all of them).
HEAD_BITS = 8 * 21
SAMPLE_BITS_STEP = 37


# Every kind of packet is tried with the long tests.
QUICK = {"open-1", "polar-raw", "movesense-two-parts", "witmotion"}


@pytest.mark.parametrize("key", [key if key in QUICK else pytest.param(key, marks=pytest.mark.night) for key in LINES])
def test_a_wrong_bit_costs_at_most_its_own_packet(key, caplog):
    caplog.set_level(logging.ERROR)
    n_bits = count_bits(key)
    bits = [*range(min(HEAD_BITS, n_bits)), *range(HEAD_BITS, n_bits, SAMPLE_BITS_STEP)]
    outcomes = {bit: flip_bit(key, bit) for bit in bits}
    assert {bit: outcome for bit, outcome in outcomes.items() if not outcome.holds} == {}


def test_a_checksum_leaves_no_wrong_bit_in_a_packet(caplog):
    caplog.set_level(logging.ERROR)
    says = {flip_bit("open-2", bit).says for bit in range(0, count_bits("open-2"), SAMPLE_BITS_STEP)}
    assert says == {"samples of this packet are lost or wrong"}
