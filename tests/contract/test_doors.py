"""Every door says the same of a token: verify, introspection, gateways, this server's own."""

import datetime
import time
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id

STATES = {"valid", "not_found", "revoked", "expired"}
BROKER, OTHER_BROKER = "broker-1", "broker-2"
SOON_SECONDS = 0.4


@dataclass
class Drawer:
    """Tokens of every kind and state, and the project that they belong to."""

    server: Server
    root: Caller
    project: str
    secrets: list[str] = field(default_factory=lambda: [ROOT_TOKEN, "unknown"])

    def fill(self) -> "Drawer":
        """Mint the living, then the dying."""
        for kind in ("backend", "frontend"):
            for environment in ("development", "production"):
                name = f"{kind}-{environment}"
                self.keep(ADMIN, type=kind, tokenName=name, environment=environment)
        for role in ("viewer", "editor", "admin"):
            self.keep(TOKENS, name=role, role=role, brokers=[BROKER])
        self.keep(TOKENS, name="free", type="unrestricted")
        self.keep(SHARE)
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=SOON_SECONDS)
        self.keep(ADMIN, tokenName="expired", expiresAt=soon.isoformat())
        self.keep(TOKENS, name="expired", valid_date=soon.isoformat())
        revoked = self.keep(TOKENS, name="revoked")
        TOKENS.revoke(self.root, self.project, revoked).raise_for_status()
        time.sleep(SOON_SECONDS)
        return self

    def keep(self, minter: object, **body: object) -> str:
        """Mint a token, keep its secret and answer what names it."""
        minted = minter.mint(self.root, self.project, **body)  # type: ignore[attr-defined]
        minted.raise_for_status()
        self.secrets.append(minter.secret(minted))  # type: ignore[attr-defined]
        return str(minter.reference(minted))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def drawer(server: Server) -> Drawer:
    """A drawer of tokens on the server."""
    root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
    root("POST", "/v1/projects", json={"id": project}).raise_for_status()
    return Drawer(server, root, project).fill()


def asked(project: str) -> st.SearchStrategy[dict[str, str]]:
    """Some requirements, those that can be met among them."""
    return st.fixed_dictionaries(
        {},
        optional={
            "project": st.sampled_from([project, "another-project"]),
            "environment": st.sampled_from(["development", "production", "default"]),
            "kind": st.sampled_from(["api", "project", "share", "root"]),
            "type": st.sampled_from(["backend", "frontend", "restricted", "unrestricted"]),
            "role": st.sampled_from(["viewer", "editor", "admin"]),
            "broker": st.sampled_from([BROKER, OTHER_BROKER]),
        },
    )


def verdict(drawer: Drawer, secret: str, needs: dict[str, str]) -> str:
    """The reason that `POST /v1/verify` tells root."""
    answer = drawer.root("POST", "/v1/verify", json={"token": secret, **needs})
    return str(answer.json()["reason"])


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_two_doors_disagree(drawer: Drawer, data: st.DataObject) -> None:
    """Whatever the token and whatever is asked, all doors give one verdict."""
    secret = data.draw(st.sampled_from(drawer.secrets))
    needs = data.draw(asked(drawer.project))
    reason, state = verdict(drawer, secret, needs), verdict(drawer, secret, {})
    assert state in STATES
    assert reason == state or state == "valid"
    holder = Caller(drawer.server.url, secret)
    gate = holder("GET", "/v1/forward-auth", params=needs)
    expected = 401 if state != "valid" else 200 if reason == "valid" else 403
    assert gate.status_code == expected
    if expected == 403:
        assert gate.json()["details"] == reason
    assert (holder("GET", "/v1/self").status_code == 200) == (state == "valid")
    introspection = drawer.root("POST", "/oauth2/introspect", data={"token": secret}).json()
    assert introspection["active"] == (state == "valid")
    (batched,) = drawer.root(
        "POST", "/v1/verify/batch", json={"requests": [{"token": secret, **needs}]}
    ).json()["verdicts"]
    assert batched["reason"] == reason
    if "broker" in needs:
        broker = {"project": drawer.project, "broker": needs["broker"]}
        path = f"/v1/projects/{drawer.project}/brokers/{needs['broker']}"
        client = {"username": who(drawer, secret).get("id", ""), "password": secret}
        let_in = drawer.root("POST", f"{path}/go-auth/user", json=client)
        assert (let_in.status_code == 200) == (verdict(drawer, secret, broker) == "valid")
        emqx = drawer.root("POST", f"{path}/emqx/authentication", json={"password": secret})
        assert (emqx.json()["result"] == "allow") == (let_in.status_code == 200)
        check_acl(
            drawer, path, client["username"], verdict(drawer, secret, {**broker, "role": "editor"})
        )


def check_acl(drawer: Drawer, path: str, token_id: str, reason: str) -> None:
    """Both brokers let the token of that id publish where the verdict on an editor is good."""
    asked = {"token_id": token_id, "action": "publish"}
    emqx = drawer.root("POST", f"{path}/emqx/authorization", json=asked)
    assert (emqx.json()["result"] == "allow") == (reason == "valid")
    mosquitto = drawer.root("POST", f"{path}/go-auth/acl", json={"username": token_id, "acc": 2})
    assert mosquitto.status_code == (200 if reason == "valid" else 403)


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_who_may_not_see_a_token_is_told_nothing(server: Server, drawer: Drawer, role: str) -> None:
    """To members of another project each token is unknown, in every state, at every door."""
    project = new_project_id()
    drawer.root("POST", "/v1/projects", json={"id": project}).raise_for_status()
    minted = TOKENS.mint(drawer.root, project, name="stranger", role=role)
    stranger = Caller(server.url, TOKENS.secret(minted))
    for secret in drawer.secrets:
        told = stranger("POST", "/v1/verify", json={"token": secret, "project": project})
        assert told.json() == {"valid": False, "reason": "not_found"}
        told = stranger("POST", "/oauth2/introspect", data={"token": secret})
        assert told.json() == {"active": False}


def test_a_root_token_is_good_for_everything(drawer: Drawer) -> None:
    """No requirement stops who may do everything."""
    needs = {"project": "any-project", "environment": "any", "type": "backend", "role": "admin"}
    assert verdict(drawer, ROOT_TOKEN, {**needs, "broker": "any", "kind": "api"}) == "valid"


@pytest.mark.parametrize(
    ("needs", "reason"),
    [
        ({"project": "another-project"}, "wrong_project"),
        ({"environment": "production"}, "wrong_environment"),
        ({"type": "unrestricted"}, "wrong_type"),
        ({"kind": "api"}, "wrong_type"),
        ({"broker": OTHER_BROKER}, "wrong_broker"),
        ({"role": "admin"}, "insufficient_role"),
        ({"role": "editor", "broker": BROKER}, "valid"),
        ({"role": "admin", "project": "another-project"}, "wrong_project"),
    ],
)
def test_each_requirement_has_its_reason(
    drawer: Drawer, needs: dict[str, str], reason: str
) -> None:
    """An editor's token, restricted to one broker, fails for what it lacks, in a fixed order."""
    editor = next(s for s in drawer.secrets if who(drawer, s).get("name") == "editor")
    assert verdict(drawer, editor, needs) == reason


def who(drawer: Drawer, secret: str) -> dict[str, str]:
    """What the token is, as its verdict shows it."""
    shown = drawer.root("POST", "/v1/verify", json={"token": secret}).json()
    return dict(shown.get("token") or {})


def test_the_reasons_of_the_program_are_those_of_the_contract() -> None:
    """No verdict can have a reason that the contract does not name, nor the other way round."""
    from handlers.wire.contract import contract
    from models.verification import REASONS

    told = contract.document["components"]["schemas"]["VerdictReason"]["enum"]
    assert told == list(REASONS)
