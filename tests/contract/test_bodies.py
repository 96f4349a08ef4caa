"""Bodies that look odd and are read all the same."""

from tests.actors import ADMIN, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id
from tests.raw import Answer, request, send

JSON = "Content-Type: application/json"


def _created(server: Server, *headers: str, chunked: bool = False) -> Answer:
    body = b'{"id":"%s"}' % new_project_id().encode()
    if chunked:
        pieces = [body[:5], body[5:]]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    sent = request("POST", "/v1/projects", *headers, body=body, token=ROOT_TOKEN, sized=not chunked)
    return send(server, sent)


def test_media_types_compare_in_any_case(server: Server) -> None:
    """`Application/JSON; Charset=UTF-8` is JSON."""
    assert _created(server, "Content-Type: Application/JSON; Charset=UTF-8").status == 201


def test_a_chunked_body_is_read(server: Server) -> None:
    """A body in chunks is a body."""
    assert _created(server, JSON, "Transfer-Encoding: chunked", chunked=True).status == 201


def test_a_body_may_grow_when_it_is_read(root: Caller, project: str) -> None:
    """Numbers that are longer when written out in full do not break a body of less than 64 kB."""
    numbers = ",".join(["9e15"] * 12_900)
    body = f'{{"type":"client","tokenName":"grown","more":[{numbers}]}}'
    assert 60_000 < len(body) < 65_536
    path = ADMIN.collection.format(project=project)
    headers = {"Content-Type": "application/json"}
    assert root("POST", path, content=body, headers=headers).status_code == 201
