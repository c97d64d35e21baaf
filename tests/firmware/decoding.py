"""Small decoders written from the pages of firmware_notes alone, independent of the package's drivers."""

from __future__ import annotations

import struct

REPLAYED, GAP_BEFORE, CLIPPED, CHARGER, LOW_BATTERY, MARKER = (1 << bit for bit in range(6))


def triples(content: bytes, kind: str = "h") -> list[list[int]]:
    """Three little-endian numbers a sample."""
    size = struct.calcsize(f"<3{kind}")
    assert len(content) % size == 0, f"{len(content)} bytes are not whole samples"
    return [list(struct.unpack_from(f"<3{kind}", content, at)) for at in range(0, len(content), size)]


def scaled(samples, factor: float) -> list[list[float]]:
    return [[value * factor for value in sample] for sample in samples]


# ---- the open profile -----------------------------------------------------------------------------------------------


def crc_16(data: bytes) -> int:
    """CRC-16/IBM-3740, bit by bit as its page says it."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def decode_open_data(data: bytes) -> dict:
    version_type, flags, boot_id, first_index, t_us, n, range_g = struct.unpack_from("<BBHIQBB", data)
    assert version_type in (0x10, 0x20)
    content = data[18:]
    if version_type == 0x20:
        content, checksum = data[18:-2], data[-2:]
        assert int.from_bytes(checksum, "little") == crc_16(data[:-2])
    raw = triples(content)
    assert len(raw) == n >= 1
    return {
        "flags": flags,
        "boot_id": boot_id,
        "first_index": first_index,
        "t_us": t_us,
        "range_g": range_g,
        "raw": raw,
        "samples_g": scaled(raw, range_g / 32768),
    }


def decode_open_event(data: bytes) -> dict:
    return dict(zip(("event", "argument", "boot_id", "index", "t_us"), struct.unpack("<BBHIQ", data), strict=True))


def decode_open_answer(data: bytes) -> dict:
    assert data[0] == 0xF0
    assert 4 <= len(data) <= 20
    return {"op": data[1], "token": data[2], "status": data[3], "arguments": data[4:]}


def decode_open_info(data: bytes) -> dict:
    major, minor, boot_id, capabilities, rates, ranges, formats, capacity, uptime_us = struct.unpack("<BBHIHBBIQ", data)
    assert formats in (1, 3)
    return {
        "major": major,
        "minor": minor,
        "boot_id": boot_id,
        "capabilities": capabilities,
        "rates_hz": [26 << bit for bit in range(4) if rates >> bit & 1],
        "ranges_g": [2 << bit for bit in range(4) if ranges >> bit & 1],
        "has_checksum": bool(formats & 2),
        "ring_capacity_samples": capacity,
        "uptime_us": uptime_us,
    }


def decode_open_config(data: bytes) -> dict:
    rate_x10, range_g, sample_format, batch_n, connection, reserved = struct.unpack("<HBBBBH", data)
    assert reserved == 0
    return {
        "rate_hz": rate_x10 / 10,
        "range_g": range_g,
        "format": sample_format,
        "batch_n": batch_n,
        "connection": connection,
    }


def decode_advertising(data: bytes) -> dict:
    fields = {}
    while data:
        length, kind = data[0], data[1]
        value, data = data[2 : length + 1], data[length + 1 :]
        if kind == 0x01:
            fields["flags"] = value[0]
        elif kind == 0x07:
            digits = value[::-1].hex()
            fields["service"] = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        else:
            assert kind == 0x09
            fields["name"] = value.decode("ascii")
    return fields


# ---- Polar PMD ------------------------------------------------------------------------------------------------------


def sign_extended(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def polar_deltas(content: bytes) -> list[list[int]]:
    """Samples of a delta-compressed frame, reference sample included."""
    samples = triples(content[:6])
    at = 6
    while at < len(content):
        width, count = content[at], content[at + 1]
        n_bytes = -(-width * count * 3 // 8)
        bits = int.from_bytes(content[at + 2 : at + 2 + n_bytes], "little")
        assert len(content) >= at + 2 + n_bytes
        at += 2 + n_bytes
        for k in range(count):
            deltas = [
                sign_extended(bits >> (3 * k + axis) * width & ((1 << width) - 1), width) if width else 0
                for axis in range(3)
            ]
            samples.append([old + delta for old, delta in zip(samples[-1], deltas, strict=True)])
    return samples


def decode_polar_data(data: bytes) -> dict:
    kind, stamp_ns, frame = struct.unpack_from("<BQB", data)
    assert kind & 0x3F == 2
    assert frame in (0x01, 0x80, 0x81)
    raw = polar_deltas(data[10:]) if frame & 0x80 else triples(data[10:])
    return {
        "frame_type": frame,
        "stamp_ns": stamp_ns,
        "n": len(raw),
        "raw": raw,
        "first": raw[0],
        "last": raw[-1],
        "sum": sum(map(sum, raw)),
    }


def decode_polar_answer(data: bytes) -> dict:
    assert data[0] == 0xF0
    fields = {"op": data[1], "type": data[2], "status": data[3]}
    names = {0: ("rates_hz", "<H"), 1: ("resolutions_bit", "<H"), 2: ("ranges_g", "<H"), 4: ("channels", "<B")}
    names[5] = ("factor", "<f")
    parameters = data[5:]
    while parameters:
        name, layout = names[parameters[0]]
        size = struct.calcsize(layout)
        end = 2 + size * parameters[1]
        fields[name] = [value for (value,) in struct.iter_unpack(layout, parameters[2:end])]
        parameters = parameters[end:]
    return fields


# ---- MetaMotion -----------------------------------------------------------------------------------------------------


def decode_metamotion(data: bytes, range_g: int = 0) -> dict:
    if data[:2] == b"\x03\x04":
        return {"raw": triples(data[2:8]), "samples_g": scaled(triples(data[2:8]), range_g / 32768)}
    if data[:2] in (b"\x03\x05", b"\x03\x1c"):
        assert len(data) == 20
        return {"raw": triples(data[2:]), "samples_g": scaled(triples(data[2:]), range_g / 32768)}
    if data[:2] == b"\x09\x03":
        identity, tick = struct.unpack_from("<BI", data, 2)
        raw = triples(data[7:13])
        return {
            "processor": identity,
            "tick": tick,
            "seconds": tick * 48 / 32768,
            "samples_g": scaled(raw, range_g / 32768),
        }
    assert data[:2] == b"\x11\x8c"
    percent, millivolts = struct.unpack("<BH", data[2:])
    return {"percent": percent, "millivolts": millivolts}


# ---- Movesense ------------------------------------------------------------------------------------------------------


def decode_movesense(data: bytes) -> dict:
    if data[0] == 1:
        return {"command": "subscribe", "reference": data[1], "path": data[2:].decode("ascii")}
    assert data[0] == 2
    (stamp_ms,) = struct.unpack_from("<I", data, 2)
    return {"reference": data[1], "stamp_ms": stamp_ms, "samples_m_s2": triples(data[6:], "f")}


# ---- WitMotion ------------------------------------------------------------------------------------------------------


def decode_witmotion(data: bytes) -> dict:
    """All whole packets of a stream of bytes."""
    samples, registers, n_skipped = [], {}, 0
    at = 0
    while at < len(data):
        if data[at : at + 2] == b"\x55\x61" and at + 20 <= len(data):
            samples.append([value / 32768 * 16 for value in struct.unpack_from("<3h", data, at + 2)])
            at += 20
        elif data[at : at + 2] == b"\x55\x71" and at + 20 <= len(data):
            register, *values = struct.unpack_from("<9h", data, at + 2)
            registers[register] = values
            at += 20
        else:
            n_skipped += 1
            at += 1
    return {
        "samples_g": samples,
        "n_skipped": n_skipped,
        "registers": {f"{key:#x}": registers[key] for key in registers},
    }


DECODERS = {
    "open_data": decode_open_data,
    "open_event": lambda data: (fields := decode_open_event(data)) | {"kind": fields["event"]},
    "open_info": decode_open_info,
    "open_config": decode_open_config,
    "advertising": decode_advertising,
    "polar_data": decode_polar_data,
    "polar_answer": decode_polar_answer,
    "metamotion": decode_metamotion,
    "movesense": decode_movesense,
    "witmotion": decode_witmotion,
}
