"""No bytes, however damaged, raise an exception out of a driver."""

import logging
import random
import sys

import pytest

from tests.sensors.captured import CHARACTERISTICS, PACKETS, check_sane, make_driver

SEED = 20261124
FAMILIES = sorted(CHARACTERISTICS)


def damaged_packets(family, n_packets, rng):
    """Packets of a family and what may become of them."""
    good = [bytes.fromhex(vector["hex"]) for vector in PACKETS if vector["family"] == family]
    for _ in range(n_packets):
        data = bytearray(rng.choice(good))
        kind = rng.randrange(6)
        if kind == 0:
            data = bytearray(rng.randbytes(rng.randrange(260)))
        if kind in (1, 2):
            for _ in range(rng.randrange(1, 9)):
                data[rng.randrange(len(data))] = rng.randrange(256)
        if kind in (2, 3):
            del data[rng.randrange(len(data)) :]
        if kind == 4:
            data += rng.choice(good)[: rng.randrange(40)]
        yield bytes(data)


def fuzz(family, n_packets):
    """Feed a driver, and return how many packets were bad and how many samples came out."""
    drivers = [make_driver(vector) for vector in PACKETS if vector["family"] == family]
    rng = random.Random(SEED)
    n_samples = 0
    for number, data in enumerate(damaged_packets(family, n_packets, rng)):
        received = drivers[number % len(drivers)].receive(CHARACTERISTICS[family], data, float(number))
        check_sane(received)
        n_samples += sum(len(item.accel_g) for item in received if hasattr(item, "accel_g"))
    return sum(driver.n_bad_packets for driver in drivers), n_samples


@pytest.mark.parametrize("family", FAMILIES)
def test_no_bytes_raise(family, capsys):
    logging.disable(logging.WARNING)
    try:
        n_bad, n_samples = fuzz(family, 10_000)
    finally:
        logging.disable(logging.NOTSET)
    print(f"seed {SEED}: {n_bad} bad, {n_samples} samples")  # noqa: T201 - the seed of a failure
    assert n_bad > 1000
    assert n_samples > 1000


@pytest.mark.night
@pytest.mark.parametrize("family", FAMILIES)
def test_a_million_packets_do_not_raise(family, capsys):
    logging.disable(logging.WARNING)
    try:
        n_bad, n_samples = fuzz(family, 1_000_000)
    finally:
        logging.disable(logging.NOTSET)
    with capsys.disabled():
        sys.stdout.write(f"\n{family}: seed {SEED}, 1000000 packets, {n_bad} bad, {n_samples} samples, no exception\n")
    assert n_bad > 100_000
