"""OLE2 containers: what is read is what was written, and nothing in them leads in circles."""

from __future__ import annotations

import random
import struct

import pytest

from common.compound_files import CompoundFile, Damaged, rebuilt

from ..xls import xls

FAT_AT = 512  # where the writer of the tests puts the table of sectors


def with_small_stream(content: bytes) -> bytes:
    """A container as Excel writes it: a stream below 4,096 bytes lies in sectors of 64 bytes inside the root's own."""
    base = bytearray(rebuilt("Big", bytes(5_000)))
    mini = content.ljust(-(-len(content) // 64) * 64, b"\0").ljust(4_096, b"\0")
    count = -(-len(content) // 64)
    sectors = (len(base) - 4_096) // 4_096
    numbers = list(struct.unpack_from("<1024I", base, 4_096))
    numbers[sectors], numbers[sectors + 1] = 0xFFFFFFFE, 0xFFFFFFFE  # the root's stream, the table of small sectors
    struct.pack_into("<1024I", base, 4_096, *numbers)
    directory = 2 * 4_096
    struct.pack_into("<IQ", base, directory + 116, sectors, 4_096)
    name = "Small\0".encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), 2, 1, *[0xFFFFFFFF] * 3) + bytes(36)
    base[directory + 256 : directory + 384] = entry + struct.pack("<IQ", 0, len(content))
    struct.pack_into("<II", base, 60, sectors + 1, 1)
    chain = [*range(1, count), 0xFFFFFFFE]
    return bytes(base) + mini + struct.pack(f"<{count}I", *chain).ljust(4_096, b"\xff")


@pytest.mark.parametrize("size", [4_096, 5_000, 100_000, 5_000_000])
def test_what_was_written_is_read(size: int):
    content = random.Random(size).randbytes(size)
    stream = CompoundFile(rebuilt("Workbook", content)).stream("Book", "Workbook")
    assert stream is not None
    assert stream[:size] == content


def test_a_small_stream_is_read_from_the_small_sectors():
    file = CompoundFile(with_small_stream(b"small content" * 20))
    assert file.names == ["Big", "Small"]
    assert file.stream("Small") == b"small content" * 20
    assert file.stream("None") is None


def test_the_names_are_told():
    assert CompoundFile(xls([["x"]])).names == ["Workbook"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (30, b"\x20\x00"),  # a sector of 4 gigabytes
        (32, b"\x00\x00"),
        (48, b"\xff\xff\xff\x00"),  # the directory beyond the end
        (76, b"\xf0\xff\x00\x00"),
        (FAT_AT + 4, b"\x01\x00\x00\x00"),  # the directory leads to itself
        (FAT_AT + 8, b"\x02\x00\x00\x00"),  # the workbook leads to itself
        (FAT_AT + 8, b"\xf0\xff\xff\x00"),
        (1_024 + 128 + 120, b"\xff\xff\xff\x7f"),  # a stream of two gigabytes
    ],
)
def test_a_container_that_contradicts_itself_is_damaged(place: int, value: bytes):
    content = bytearray(xls([["x"]]))
    content[place : place + len(value)] = value
    with pytest.raises(Damaged):
        CompoundFile(bytes(content)).stream("Workbook")


def test_a_table_of_tables_that_leads_to_itself_is_damaged():
    content = bytearray(xls([["x"]]))
    struct.pack_into("<I", content, 68, 0)
    struct.pack_into("<I", content, FAT_AT + 508, 0)
    with pytest.raises(Damaged, match="circle"):
        CompoundFile(bytes(content))


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04" + bytes(600)])
def test_what_is_no_container_is_damaged(content: bytes):
    with pytest.raises(Damaged):
        CompoundFile(content)
