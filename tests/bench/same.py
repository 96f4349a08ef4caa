"""The proof that all contestants do the same work: same statuses, bytes, rows and refusals."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import httpx

from tests.bench import rows
from tests.bench.operations import IDENTITY, Question, questions
from tests.bench.scene import LISTED, Scene, bearer
from tests.bench.servers import Running

SECRET = re.compile(rb'"secret":"[a-z0-9-]+:default\.[0-9a-f]{56}"')
INSTANT = re.compile(rb'"createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"')
ROW_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
Answer = tuple[Any, ...]
Ask = Callable[[Running], Answer]


def differences(servers: Sequence[Running], scene: Scene, url: str) -> list[str]:
    """What contestants answer or write otherwise than the first; nothing where all do the same."""
    found = []
    for name, question in questions(scene).items():
        ask = partial(_created, question, url) if name == "create" else partial(_answered, question)
        found += _differing(name, servers, ask)
        refuse = partial(_refusal, question, scene.stranger)
        found += _differing(f"{name} by a stranger", servers, refuse)
    rows.forget_created(url)
    return found


def _differing(
    name: str, servers: Sequence[Running], ask: Callable[[Running], Answer]
) -> list[str]:
    first = ask(servers[0])
    answers = ((server.contestant.name, ask(server)) for server in servers[1:])
    return [f"{name}: {who}: {it!r}\n  not {first!r}" for who, it in answers if it != first]


def _answered(question: Question, server: Running) -> Answer:
    """The status and all the bytes of a good answer; a gateway's answer is in its headers."""
    answer = question.ask(server.url)
    assert answer.status_code == question.status, (
        server.contestant.name,
        answer,
        server.log()[-2000:],
    )
    told = sorted((k, v) for k, v in answer.headers.items() if k.startswith(IDENTITY))
    media_type = answer.headers["content-type"] if answer.content else None
    return answer.status_code, media_type, answer.content, told


def _created(question: Question, url: str, server: Running) -> Answer:
    """The same of a new token, whose secret and instant differ, and the rows that were written."""
    rows.forget_created(url)
    answer = question.ask(server.url)
    body = INSTANT.sub(b"", SECRET.sub(b"", answer.content))
    location = ROW_ID.sub("", answer.headers["location"])
    return answer.status_code, location, body, rows.minted(url, answer.json()["secret"][-4:])


def _refusal(question: Question, stranger: str, server: Running) -> Answer:
    return (question.ask(server.url, token=stranger).status_code,)


def trusts(jeton: Running, twin: Running, scene: Scene, url: str) -> bool:
    """Whether Jeton knows a token that a twin has minted, and can show its secret again."""
    rows.forget_created(url)
    minted = questions(scene)["create"].ask(twin.url)
    secret, found = minted.json()["secret"], jeton.url + minted.headers["location"]
    shown = httpx.get(found, headers=bearer(scene.root))
    known = httpx.get(f"{jeton.url}/v1/self", headers=bearer(secret))
    return known.status_code == 200 and shown.json()["secret"] == secret


def lengths(server: Running, scene: Scene) -> dict[int, int]:
    """How many tokens each list has that is measured."""
    asked = questions(scene)
    return {n: len(asked[f"list-{n}"].ask(server.url).json()["tokens"]) for n in LISTED}
