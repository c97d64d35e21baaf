"""What a virtual sensor encodes, the driver decodes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clonus_sense.sensors import (
    PacketFlag,
    StreamRequest,
    metamotion,
    movesense,
    open_packet,
    open_profile,
    polar,
    witmotion,
)
from clonus_sense.sensors.packet import NO_FLAGS
from clonus_sense.sensors.polar_frame import decode_frame
from clonus_sense.sensors.virtual import open_encoding as open_bytes
from tests.virtual.encoding import metamotion as metamotion_bytes
from tests.virtual.encoding import movesense as movesense_bytes
from tests.virtual.encoding import polar as polar_bytes
from tests.virtual.encoding import witmotion as witmotion_bytes

RAW = st.integers(-32768, 32767)


def raw_samples(least=1, most=82):
    """Samples in whole steps of an int16."""
    return st.integers(least, most).flatmap(lambda n: arrays(np.int64, (n, 3), elements=RAW))


U32 = st.integers(0, 2**32 - 1)
QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(
    raw_samples(),
    U32,
    st.integers(0, 2**64 - 1),
    st.integers(0, 65535),
    st.sampled_from([2, 4, 8, 16]),
    st.integers(0, 63),
)
def test_open_profile(raw, index, stamp_us, boot_id, range_g, flags):
    step_g = range_g / 32768
    clipped = bool(np.any((raw == 32767) | (raw == -32768)))
    said = PacketFlag(flags)
    encoded = open_bytes.encode_data(
        raw * step_g, first_index=index, stamp_us=stamp_us, boot_id=boot_id, range_g=range_g, flags=said
    )
    packet = open_packet.decode_data(encoded, 3.5)
    assert np.array_equal(packet.accel_g, raw * step_g)
    assert (packet.first_index, packet.stamp_ticks, packet.boot_id) == (index, stamp_us, boot_id)
    assert packet.flags == (said | PacketFlag.CLIPPED if clipped else said)
    assert packet.arrival_s == 3.5


@QUICK
@given(raw_samples(), st.integers(0, 2**64 - 1), st.integers(1, 255))
@pytest.mark.parametrize("kind", [0x01, 0x02, 0x81])
def test_polar_in_mg(kind, raw, stamp_ns, block_samples):
    data = polar_bytes.encode_frame(raw * 1e-3, stamp_ns=stamp_ns, kind=kind, block_samples=block_samples)
    frame = decode_frame(data)
    assert np.array_equal(np.rint(frame.accel_g * 1000), raw)
    assert frame.stamp_ns == stamp_ns


@QUICK
@given(raw_samples())
def test_polar_in_steps_of_the_sensor(raw):
    step_g = np.float32(0.000244)
    data = polar_bytes.encode_frame(raw * float(step_g), stamp_ns=1, kind=0x80, step_g=float(step_g))
    assert np.allclose(decode_frame(data, float(step_g)).accel_g, raw * float(step_g), rtol=0, atol=1e-12)


def test_polar_still_samples_need_one_bit_each_and_zero_bits_are_understood():
    still_g = np.tile([0.1, -0.2, 0.9], (60, 1))
    data = polar_bytes.encode_frame(still_g, stamp_ns=1, block_samples=59)
    assert len(data) == 10 + 6 + 2 + -(-59 * 3 // 8)
    no_bits = data[:16] + bytes([0, 59])
    assert np.allclose(decode_frame(no_bits).accel_g, still_g)


@QUICK
@given(raw_samples(3, 3), st.sampled_from([2, 4, 8, 16]), st.sampled_from([1, 4]))
def test_metamotion_packed(raw, range_g, implementation):
    driver = metamotion.MetaMotionDriver(StreamRequest(range_g=range_g), mode=metamotion.MetaMotionMode.PACKED)
    driver._chip = metamotion.ACCELEROMETERS[implementation]
    step_g = range_g / 32768
    data = metamotion_bytes.encode_packed(raw * step_g, range_g=range_g, implementation=implementation)
    assert len(data) == 20
    [packet] = driver.receive(metamotion.NOTIFY, data, 0.0)
    assert np.array_equal(packet.accel_g, raw * step_g)
    assert (packet.stamp_ticks, packet.first_index) == (None, None)


@QUICK
@given(raw_samples(1, 1), U32)
def test_metamotion_counted_and_stamped(raw, number):
    step_g = 8 / 32768
    data = metamotion_bytes.encode_accounted(raw * step_g, number=number, range_g=8)
    for mode, expected in (("count", (None, number)), ("tick", (number, None))):
        driver = metamotion.MetaMotionDriver(StreamRequest(), mode=metamotion.MetaMotionMode(mode))
        [packet] = driver.receive(metamotion.NOTIFY, data, 0.0)
        assert np.array_equal(packet.accel_g, raw * step_g)
        assert (packet.stamp_ticks, packet.first_index) == expected


@QUICK
@given(raw_samples(1, 26), U32)
def test_movesense_in_one_or_two_parts(raw, stamp_ms):
    accel_g = raw / 32768 * 8
    driver = movesense.MovesenseDriver(StreamRequest())
    packets = []
    for part in movesense_bytes.encode_data(accel_g, stamp_ms=stamp_ms):
        packets += driver.receive(movesense.NOTIFY, part, 0.0)
    # A notification that just fits waits for the next one: it may go on there.
    packets += driver.receive(movesense.NOTIFY, movesense_bytes.encode_data(accel_g[:1], stamp_ms=0)[0], 0.0)
    assert driver.n_bad_packets == 0
    assert len(packets) == 2
    assert packets[0].stamp_ticks == stamp_ms
    assert np.allclose(packets[0].accel_g, accel_g, atol=1e-6)


@QUICK
@given(raw_samples(1, 20), st.lists(st.integers(0, 400), max_size=6))
def test_witmotion_cut_anywhere(raw, cuts):
    step_g = 16 / 32768
    stream = witmotion_bytes.encode_motion(raw * step_g)
    driver = witmotion.WitMotionDriver(StreamRequest())
    packets = []
    for part in np.split(np.frombuffer(stream, dtype=np.uint8), sorted(cuts)):
        packets += driver.receive(witmotion.NOTIFY, part.tobytes(), 0.0)
    decoded = np.concatenate([packet.accel_g for packet in packets])
    # A cut right behind a sample that looks like the head of a packet may cost no more than that.
    assert np.array_equal(decoded, raw * step_g)
    assert driver.n_bad_packets == 0


@pytest.mark.parametrize("n_lost_bytes", [1, 7, 19])
def test_witmotion_finds_the_next_packet_after_lost_bytes(n_lost_bytes):
    samples_g = np.arange(30.0).reshape(10, 3) / 100
    stream = witmotion_bytes.encode_motion(samples_g)
    damaged = stream[:40] + stream[40 + n_lost_bytes :]
    driver = witmotion.WitMotionDriver(StreamRequest())
    [packet] = driver.receive(witmotion.NOTIFY, damaged, 0.0)
    whole = np.rint(samples_g * 2048) / 2048
    assert driver.n_bad_packets == 1
    # One packet is damaged; the one before it is doubtful, because nothing that makes sense follows it.
    assert np.array_equal(packet.accel_g, np.delete(whole, [1, 2], axis=0))


@pytest.mark.parametrize(
    ("driver", "characteristic", "data"),
    [
        (open_profile.OpenProfileDriver, open_profile.DATA, "open"),
        (polar.PolarDriver, polar.DATA, "polar"),
        (metamotion.MetaMotionDriver, metamotion.NOTIFY, "metamotion"),
        (movesense.MovesenseDriver, movesense.NOTIFY, "movesense"),
        (witmotion.WitMotionDriver, witmotion.NOTIFY, "witmotion"),
    ],
    ids=["open", "polar", "metamotion", "movesense", "witmotion"],
)
@pytest.mark.parametrize("full", [True, False], ids=["full", "below"])
def test_saturation_is_marked(driver, characteristic, data, full):
    range_g = 16.0 if data == "witmotion" else 8.0
    peak_g = range_g if full else range_g * 0.99
    accel_g = np.array([[0.0, 0.0, 1.0], [0.0, -peak_g, 0.0], [0.0, 0.0, 1.0]])
    encoded = {
        "open": lambda: open_bytes.encode_data(accel_g, first_index=0, stamp_us=0, boot_id=1),
        "polar": lambda: polar_bytes.encode_frame(accel_g, stamp_ns=1),
        "metamotion": lambda: metamotion_bytes.encode_single(accel_g[1:2], range_g=8),
        "movesense": lambda: movesense_bytes.encode_data(accel_g, stamp_ms=1)[0],
        "witmotion": lambda: witmotion_bytes.encode_motion(accel_g),
    }
    [packet] = driver(StreamRequest()).receive(characteristic, encoded[data](), 0.0)
    assert packet.flags == (PacketFlag.CLIPPED if full else NO_FLAGS)
