"""Framing: where a body ends. What two servers could read in two ways is refused."""

from tests.contract.probes.probe import JSON, NOWHERE, SERVER, Expected, probes
from tests.live import ROOT_TOKEN
from tests.raw import request

BODY = b'{"name":"Renamed"}'
CHUNKED = "Transfer-Encoding: chunked"


def renamed(*framing: str, body: bytes = b"") -> bytes:
    """PATCH as root of a project that is not there, with framing of its own."""
    target = f"/v1/projects/{NOWHERE}"
    return request("PATCH", target, JSON, *framing, body=body, token=ROOT_TOKEN, sized=False)


def chunks(size: bytes = b"%x" % len(BODY), end: bytes = b"0\r\n\r\n") -> bytes:
    """PATCH with one chunk, whose size is told so, and an end."""
    return renamed(CHUNKED, body=size + b"\r\n" + BODY + b"\r\n" + end)


def length(told: str, body: bytes = b"") -> bytes:
    """PATCH with that Content-Length."""
    return renamed(f"Content-Length: {told}", body=body)


LENGTHS = [
    *probes(
        Expected(400, dialect=SERVER),
        {
            "two lengths": renamed("Content-Length: 5", "Content-Length: 6", body=b"aaaaaa"),
            "a length twice": renamed("Content-Length: 5", "Content-Length: 5", body=b"aaaaa"),
            "a list of lengths": length("5, 5", b"aaaaa"),
            "a negative length": length("-1"),
            "a length with a plus": length("+5", b"aaaaa"),
            "a hexadecimal length": length("0x5", b"aaaaa"),
            "a length with an underscore": length("1_0", b"a" * 10),
            "a length with a fraction": length("5.0", b"aaaaa"),
            "a length of Latin-1 digits": length("\xb2", b"aa"),
            "an empty length": length(""),
            "a blank before the colon of a length": renamed("Content-Length : 5", body=b"aaaaa"),
        },
    ),
    *probes(
        Expected(413, "bad_request", closes=True),
        {
            "a length of 30 digits": length("9" * 30),
            "a length of 5,000 digits": length("9" * 5000),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "zeros for a length": length("0000"),
        },
    ),
    *probes(
        Expected(404, "project_not_found", stranger=401),
        {
            "a length with leading zeros": length("00018", BODY),
        },
    ),
]

CODINGS = [
    *probes(
        Expected(400, dialect=SERVER),
        {
            "a length and chunks": renamed("Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"),
            "chunks and a length": renamed(CHUNKED, "Content-Length: 5", body=b"0\r\n\r\n"),
            "chunked twice": renamed(CHUNKED, CHUNKED, body=b"0\r\n\r\n"),
            "chunked and more": renamed(CHUNKED + ", identity", body=b"0\r\n\r\n"),
            "identity": renamed("Transfer-Encoding: identity", body=BODY),
            "a vertical tab before a coding": renamed(
                "Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"
            ),
            "a folded coding": renamed("Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n"),
            "a blank before the colon of a coding": renamed(
                "Transfer-Encoding : chunked", body=b"0\r\n\r\n"
            ),
            "chunks in HTTP/1.0": chunks().replace(b"HTTP/1.1", b"HTTP/1.0"),
        },
    ),
    *probes(
        Expected(501, dialect=SERVER),
        {
            "an unknown coding": renamed("Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
            "a coding in quotes": renamed('Transfer-Encoding: "chunked"', body=b"0\r\n\r\n"),
            "a coding with a parameter": renamed(CHUNKED + ";a=b", body=b"0\r\n\r\n"),
            "an empty coding": renamed("Transfer-Encoding:", body=b"0\r\n\r\n"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "a coding by another name": renamed("Transfer_Encoding: chunked"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401, closes=True),
        {
            "compressed chunks": renamed(
                "Transfer-Encoding: gzip, chunked", body=b"2\r\n\x1f\x8b\r\n0\r\n\r\n"
            ),
        },
    ),
    *probes(
        Expected(404, "project_not_found", stranger=401),
        {
            "chunked in capitals": chunks().replace(b": chunked", b": CHUNKED"),
        },
    ),
]

CHUNKS = [
    *probes(
        Expected(404, "project_not_found", stranger=401),
        {
            "a chunk": chunks(),
            "a chunk for each byte": renamed(
                CHUNKED, body=b"".join(b"1\r\n%c\r\n" % n for n in BODY) + b"0\r\n\r\n"
            ),
            "zeros before the size": chunks(b"000012"),
            "an extension": chunks(b"12;a=b"),
            "a trailer": chunks(end=b"0\r\nX-A: b\r\n\r\n"),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "a credential in a trailer": chunks(end=b"0\r\nAuthorization: x\r\n\r\n"),
            "a length in a trailer": chunks(end=b"0\r\nContent-Length: 5\r\n\r\n"),
            "a newline in an extension": chunks(b'12;a="b\nc"'),
            "a size with 0x": chunks(b"0x12"),
            "a size with a plus": chunks(b"+12"),
            "a negative size": chunks(b"-12"),
            "a size with an underscore": chunks(b"1_2"),
            "a blank after the size": chunks(b"12 "),
            "a blank before the size": chunks(b" 12"),
            "no size": chunks(b""),
            "a size of letters": chunks(b"zz"),
            "a chunk that is longer than its size": chunks(b"2"),
            "bare newlines around a chunk": renamed(CHUNKED, body=b"12\n" + BODY + b"\n0\n\n"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "no chunks": renamed(CHUNKED, body=b"0\r\n\r\n"),
        },
    ),
    *probes(
        Expected(413, "bad_request"),
        {
            "too many chunks": renamed(
                CHUNKED, body=(b"8000\r\n" + b"a" * 32768 + b"\r\n") * 3 + b"0\r\n\r\n"
            ),
        },
    ),
]

FRAMING = [*LENGTHS, *CODINGS, *CHUNKS]
