"""What an .xlsx file, which is a zip archive, truly unpacks to; measured without trusting what it says of itself.

The parser keeps a sheet as one rectangle of cells, so a single cell in the last column of the last row would cost more
memory than the machine has: sheets that reach so far are refused here.
"""

import io
import re
import struct
import zipfile
import zlib
from enum import StrEnum

UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRY_LIMIT = 2_000
_CHUNK = 1024 * 1024
_OVERLAP = 64
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{0,3}\d{6,}|[A-Z]{3,}\d|[C-Z][A-Z]\d)""")
_LOCAL_HEADER = 30


class Reason(StrEnum):
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_WIDE = "too_wide"
    ENCRYPTED = "encrypted"


class Unsafe(Exception):
    """The archive must not be given to a parser."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def measure(content: bytes, limit: int = UNPACKED_LIMIT) -> int:
    """The bytes it unpacks to. Raises Unsafe for a bomb, a sheet without end, or no workbook at all."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unsafe(Reason.DAMAGED) from error
    if len(entries) > ENTRY_LIMIT:
        raise Unsafe(Reason.TOO_LARGE)
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Unsafe(Reason.NOT_A_WORKBOOK)
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unsafe(Reason.ENCRYPTED)
        unpacked += _size_of(content, entry, limit - unpacked)
    return unpacked


def _size_of(content: bytes, entry: zipfile.ZipInfo, allowed: int) -> int:
    """How much one entry unpacks to, by unpacking it; stops at `allowed`."""
    packed = _packed(content, entry)
    is_sheet = entry.filename.startswith("xl/worksheets/")
    if entry.compress_type == zipfile.ZIP_STORED:
        _check(packed, is_sheet)
        size = len(packed)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflate(packed, allowed, is_sheet=is_sheet)
    else:
        raise Unsafe(Reason.DAMAGED)
    if size > allowed:
        raise Unsafe(Reason.TOO_LARGE)
    return size


def _packed(content: bytes, entry: zipfile.ZipInfo) -> memoryview:
    start = entry.header_offset
    header = content[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise Unsafe(Reason.DAMAGED)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    begin = start + _LOCAL_HEADER + name_length + extra_length
    return memoryview(content)[begin : begin + entry.compress_size]


def _inflate(packed: memoryview, allowed: int, *, is_sheet: bool) -> int:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    size, tail, rest = 0, b"", bytes(packed)
    try:
        while rest and not engine.eof:
            piece = engine.decompress(rest, _CHUNK)
            rest = engine.unconsumed_tail
            if not piece:
                break
            size += len(piece)
            if size > allowed:
                raise Unsafe(Reason.TOO_LARGE)
            _check(tail + piece, is_sheet)
            tail = piece[-_OVERLAP:]
    except zlib.error as error:
        raise Unsafe(Reason.DAMAGED) from error
    return size


def _check(piece: bytes | memoryview, is_sheet: bool) -> None:
    if is_sheet and _FAR.search(piece):
        raise Unsafe(Reason.TOO_WIDE)
