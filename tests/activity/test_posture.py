import numpy as np

from clonus_sense.activity import (
    measure_angles_deg,
)
from tests.activity.builders import make_epochs, tilted

LOST = {"movement_g": None}


def test_angles_from_epoch_to_epoch():
    epochs = make_epochs((0.5, {}), (0.5, {"gravity": tilted(50.0)}), (0.5, LOST), (0.5, {}), (0.5, {}))
    np.testing.assert_allclose(measure_angles_deg(epochs), [50.0, np.nan, np.nan, 0.0], atol=1e-6)
    assert measure_angles_deg(epochs[:1]).shape == (0,)
    assert measure_angles_deg([]).shape == (0,)
