from clonus_sense.sensors.link.backoff import AWAY_S, HEALTHY_AFTER_S, Backoff


def test_pauses_grow_to_half_a_minute_and_stay_there():
    backoff = Backoff()
    assert [backoff.failed(0.0) for _ in range(8)] == [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 30.0, 30.0]


def test_a_sensor_that_goes_on_advertising_waits_for_its_pause():
    backoff = Backoff()
    for _ in range(4):
        backoff.failed(100.0)
    heard_s = [100.0 + 0.5 * k for k in range(1, 11)]
    assert [backoff.may_connect(at_s) for at_s in heard_s] == [at_s >= 105.0 for at_s in heard_s]


def test_a_sensor_that_was_away_and_is_back_is_connected_to_at_once():
    backoff = Backoff()
    for _ in range(6):
        backoff.failed(100.0)
    assert not backoff.may_connect(101.0)
    assert backoff.may_connect(101.0 + AWAY_S + 0.1)


def test_only_a_stream_that_held_for_a_minute_forgives():
    backoff = Backoff()
    backoff.failed(0.0)
    backoff.streamed(HEALTHY_AFTER_S - 1)
    assert backoff.failed(0.0) == 1.0
    backoff.streamed(HEALTHY_AFTER_S)
    assert backoff.failed(0.0) == 0.5
