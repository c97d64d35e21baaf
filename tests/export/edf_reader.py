"""A small reader of EDF+D that shares no code with what writes it: record onsets, numbers, annotations."""

import re
from dataclasses import dataclass

import numpy as np

_LIST = re.compile(rb"([+-][\d.]+)(?:\x15([\d.]+))?\x14(.*?)\x14\x00", re.DOTALL)


@dataclass(frozen=True)
class ReadEdf:
    header: str
    duration_s: float
    onsets_s: np.ndarray
    digital: np.ndarray  # (n_records, 3, n_samples)
    missing: int
    accel_g: np.ndarray  # the same in g
    annotations: list  # (onset_s, duration_s or None, text)

    def samples(self):
        """Times in seconds since the start of the file and acceleration of all that is a sample."""
        n_samples = self.digital.shape[2]
        times_s = self.onsets_s[:, None] + np.arange(n_samples) * self.duration_s / n_samples
        is_sample = (self.digital != self.missing).all(axis=1)
        return times_s[is_sample], self.accel_g.transpose(0, 2, 1)[is_sample]


def read_edf(content):
    n_signals = int(content[252:256])
    header = content[: 256 * (1 + n_signals)].decode("ascii")
    assert len(header) == int(header[184:192])
    widths = dict(
        label=16, transducer=80, unit=8, pmin=8, pmax=8, dmin=8, dmax=8, prefilter=80, n_samples=8, reserved=32
    )
    fields, at = {}, 256
    for name, width in widths.items():
        fields[name] = [header[at + k * width : at + (k + 1) * width].strip() for k in range(n_signals)]
        at += n_signals * width
    sizes = [int(text) for text in fields["n_samples"]]
    n_records = int(header[236:244])
    body = np.frombuffer(content[at:], dtype="<i2").reshape(n_records, sum(sizes))
    n = sizes[0]
    assert fields["label"] == ["Accel X", "Accel Y", "Accel Z", "EDF Annotations"]
    digital = body[:, : 3 * n].reshape(n_records, 3, n)
    pmin, pmax = float(fields["pmin"][0]), float(fields["pmax"][0])
    dmin, dmax = int(fields["dmin"][0]), int(fields["dmax"][0])
    onsets, annotations = [], []
    for row in body[:, 3 * n :]:
        text = row.tobytes()
        first, *others = _LIST.findall(text)
        assert first[1:] == (b"", b"")
        # Nothing but filling lies behind the lists.
        assert _LIST.sub(b"", text).strip(b"\0") == b""
        onsets.append(float(first[0]))
        for onset, duration, words in others:
            annotations.append((float(onset), float(duration) if duration else None, words.decode()))
    return ReadEdf(
        header,
        float(header[244:252]),
        np.array(onsets),
        digital,
        dmin,
        (digital.astype(float) - dmin) * (pmax - pmin) / (dmax - dmin) + pmin,
        annotations,
    )
