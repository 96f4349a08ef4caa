"""The differences between stock Connexion and Jeton that are meant, each with its reason."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.contract.differential.corpus import Sent
from tests.contract.differential.verdicts import Verdict, verdict
from tests.raw import Answer

FILE = Path(__file__).with_name("differences.yaml")


@dataclass(frozen=True)
class Compared:
    """A request and both answers to it."""

    sent: Sent
    ours: Answer
    stock: Answer

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """Ours and that of stock Connexion."""
        return verdict(self.ours), verdict(self.stock)

    def __str__(self) -> str:
        told = [f"{self.sent.source}: {self.sent.text[:300]!r}"]
        for by, answer in (("ours", self.ours), ("stock", self.stock)):
            told.append(f"  {by}: {verdict(answer)} {answer.status} {answer.body[:200]!r}")
        return "\n".join(told)


@dataclass(frozen=True)
class Difference:
    """A kind of difference: both verdicts, and patterns of the request and of our answer."""

    reason: str
    ours: Verdict
    stock: Verdict
    sent: str = ""
    said: str = ""

    def explains(self, compared: Compared) -> bool:
        """Whether a difference is of this kind."""
        return (
            compared.verdicts == (self.ours, self.stock)
            and re.search(self.sent, compared.sent.text, re.DOTALL) is not None
            and re.search(self.said, compared.ours.body.decode()) is not None
        )


def differences() -> list[Difference]:
    """The list, in its order: the first that explains a difference is its reason."""
    return [Difference(**row) for row in yaml.safe_load(FILE.read_text())]
