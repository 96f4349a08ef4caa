"""The examples in `deploy/` as a user fills them in: address, project and the broker's token."""

from dataclasses import dataclass

from tests.actors import TOKENS, Caller
from tests.live import ROOT, ROOT_TOKEN, Server, new_project_id

BROKER, OTHER_BROKER = "broker-1", "broker-2"


@dataclass
class Device:
    """An MQTT client's credential."""

    id: str
    token: str


@dataclass
class Broker:
    """An MQTT broker of a project, and the token that it asks with."""

    server: Server
    root: Caller
    project: str
    token: str

    def example(self, path: str) -> str:
        """An example configuration with the values of this broker."""
        values = {
            "127.0.0.1:8080": f"127.0.0.1:{self.server.port}",
            "port 8080": f"port {self.server.port}",
            '"port": 8080': f'"port": {self.server.port}',
            "my-project-a1b2c": self.project,
            "THE_TOKEN_OF_THE_BROKER": self.token,
        }
        text = (ROOT / "deploy" / path).read_text()
        for said, real in values.items():
            text = text.replace(said, real)
        return text

    def device(self, role: str = "viewer", **changes: object) -> Device:
        """A new device of the project, restricted to this broker unless told otherwise."""
        body = {"role": role, "brokers": [BROKER], **changes}
        minted = TOKENS.mint(self.root, self.project, name=new_project_id(), **body)
        assert minted.status_code == 200, minted.text
        return Device(minted.json()["id"], minted.json()["token"])

    def revoke(self, device: Device) -> None:
        """Revoke the token of a device."""
        TOKENS.revoke(self.root, self.project, device.id).raise_for_status()


def new_broker(server: Server) -> Broker:
    """A broker of a new project, with a viewer's token."""
    root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
    root("POST", "/v1/projects", json={"id": project}).raise_for_status()
    minted = TOKENS.mint(root, project, name="broker", role="viewer")
    return Broker(server, root, project, TOKENS.secret(minted))
