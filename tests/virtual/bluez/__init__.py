"""A mock of org.bluez on a D-Bus of its own, so that bleak's own Linux backend runs without an adapter."""

from tests.virtual.bluez.daemon import Bluez, bluez_radio

__all__ = ["Bluez", "bluez_radio"]
