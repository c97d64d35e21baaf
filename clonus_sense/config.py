"""Frozen settings of one person, each with its reason; read from TOML, checked on input, stored with every result."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from clonus_sense.errors import SettingsError
from clonus_sense.model import Site

# Smallest half peak-to-peak of a counted beat, per site, in g.  The foot moves seven to ten times as much as the shank
# for the same clonus (forward model, 6 Hz, 5 degrees: 1.3 g against 0.18 g), but a fading bout is small at every site.
# The floors lie just above the signal of a 3 mg sensor on a sleeping leg; the tests of rhythm do the rest.
FLOOR_G_BY_SITE: dict[Site, float] = {
    Site.FOOT: 0.010,
    Site.ANKLE: 0.010,
    Site.LOWER_LEG: 0.010,
    Site.SHANK: 0.010,
    Site.KNEE: 0.010,
    Site.THIGH: 0.008,
    Site.OTHER: 0.010,
}

# The slowest clonus in a study has 3 Hz (Brain 1984), and shivering begins at 8 to 10 Hz; a band outside these limits
# would select another movement.
BAND_LOW_HZ_RANGE = (3.0, 8.0)
BAND_HIGH_HZ_RANGE = (5.0, 10.0)
# From the noise of a usual sensor, below which beats are noise, to the strength of a footfall.
FLOOR_G_RANGE = (0.003, 1.0)


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """Settings for finding one person's rhythmic movement.

    Parameters
    ----------
    band_low_hz, band_high_hz
        Accepted fundamental.  Patients' own means run 4.7-7.0 Hz (Wallace 2005); 4.5-8.5 Hz covers the mission's
        5-8 Hz with its edges.
    placement
        Site of the sensor; sets the floor.  ``None`` uses the recording's own.
    floor_g
        Smallest half peak-to-peak of a beat, in g; ``None`` uses the floor of the placement.
    joining_pause_s
        Runs of beats with a shorter pause and no other movement between them are one episode.

    Raises
    ------
    SettingsError
        If a value is out of range.

    Examples
    --------
    >>> DetectionSettings(band_low_hz=4.0).floor_for(Site.FOOT)
    0.01
    """

    band_low_hz: float = 4.5
    band_high_hz: float = 8.5
    placement: Site | None = None
    floor_g: float | None = None
    joining_pause_s: float = 1.0

    def __post_init__(self) -> None:
        _check_range("band_low_hz", self.band_low_hz, *BAND_LOW_HZ_RANGE)
        _check_range("band_high_hz", self.band_high_hz, *BAND_HIGH_HZ_RANGE)
        if self.band_high_hz - self.band_low_hz < 1.0:
            raise SettingsError(
                f"band_high_hz ({self.band_high_hz}) must lie at least 1 Hz above band_low_hz ({self.band_low_hz}); "
                "widen the band."
            )
        if self.floor_g is not None:
            _check_range("floor_g", self.floor_g, *FLOOR_G_RANGE)
        # Above 1 s, a verdict would need more than the promised 2.5 s after the last beat.
        _check_range("joining_pause_s", self.joining_pause_s, 0.0, 1.0)

    def floor_for(self, site: Site | None) -> float:
        """Floor in g for a recording from ``site``; an unknown site counts as the ankle."""
        if self.floor_g is not None:
            return self.floor_g
        return FLOOR_G_BY_SITE[self.placement or site or Site.ANKLE]

    def as_toml(self) -> str:
        """Write the settings as TOML text, for storage with a result; unset ones are left out."""
        lines = []
        for name, value in asdict(self).items():
            if value is not None:
                lines.append(f'{name} = "{value.value}"' if isinstance(value, Site) else f"{name} = {value}")
        return "\n".join(lines) + "\n"


def read_settings(path: Path) -> DetectionSettings:
    """Read and check the settings of one person.

    Parameters
    ----------
    path
        A TOML file with any of the fields of :class:`DetectionSettings` at its top level.

    Returns
    -------
    DetectionSettings
        The settings; those not in the file have their defaults.

    Raises
    ------
    SettingsError
        If the file is missing or not TOML, a setting is unknown, or a value has the wrong type or is out of range.
    """
    try:
        return parse_settings(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such settings file; check its name.") from error
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            f"{path}: not readable as TOML ({error}); write lines such as `band_low_hz = 4.0`."
        ) from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def parse_settings(text: str) -> DetectionSettings:
    """Parse and check settings that :meth:`DetectionSettings.as_toml` stored as text."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"not readable as TOML ({error}); write lines such as `band_low_hz = 4.0`.") from error
    known = [f.name for f in fields(DetectionSettings)]
    for name in values:
        if name not in known:
            raise SettingsError(f"unknown setting `{name}`; known are {', '.join(known)}.")
    return _settings_from(values)


def _settings_from(values: dict[str, object]) -> DetectionSettings:
    """Check the type of each value and build the settings."""
    numbers: dict[str, float] = {}
    placement: Site | None = None
    for name, value in values.items():
        if name == "placement":
            sites = ", ".join(site.value for site in Site)
            try:
                placement = Site(str(value))
            except ValueError as error:
                raise SettingsError(f"placement is {value!r}; it must be one of {sites}.") from error
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise SettingsError(f"{name} is {value!r}; it must be a number.")
        else:
            try:
                numbers[name] = float(value)
            except OverflowError as error:
                raise SettingsError(f"{name} is larger than any number; write one within its range.") from error
    return DetectionSettings(placement=placement, **numbers)


def _check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse a value outside ``[low, high]``, NaN included."""
    if not low <= value <= high:
        raise SettingsError(f"{name} is {value}; it must lie between {low} and {high}.")
