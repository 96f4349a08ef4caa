"""Stock Connexion and Jeton decide alike on a corpus of requests, but for listed differences."""

from collections import Counter

import pytest

from tests.bench.contestants import JETON, STOCK
from tests.bench.servers import running
from tests.contract.differential.corpus import corpus
from tests.contract.differential.differences import Compared, differences
from tests.contract.differential.verdicts import Verdict
from tests.raw import send

LEAST = 1000


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Each request of the corpus with the answers of both, on a database each.

    What stock Connexion lets in must not be in ours: a name with a newline makes a list a 500.
    """
    folder, other = (tmp_path_factory.mktemp(name) for name in ("ours", "stock"))
    with running((JETON,), folder) as (ours,), running((STOCK,), other) as (stock,):
        requests = corpus()
        return [
            Compared(sent, send(ours, sent.request), send(stock, sent.request)) for sent in requests
        ]


@pytest.mark.fuzz
def test_every_difference_has_its_reason(compared: list[Compared]) -> None:
    """Both accept or both refuse, or the list says why not; and each line of it is in use."""
    known, unexplained, used = differences(), [], Counter()
    for case in compared:
        if len(set(case.verdicts)) > 1:
            reason = next((kind.reason for kind in known if kind.explains(case)), None)
            used[reason] += 1
            if reason is None:
                unexplained.append(str(case))
    print(f"\n{len(compared)} requests, {sum(used.values())} differences")
    for reason, count in used.most_common():
        print(f"{count:5} {reason}")
    assert not unexplained, "\n".join(unexplained)
    assert {kind.reason for kind in known} == set(used)


@pytest.mark.fuzz
def test_the_corpus_is_large_and_mixed(compared: list[Compared]) -> None:
    """There are a thousand requests and more; hundreds are accepted, hundreds refused."""
    ours = Counter(case.verdicts[0] for case in compared)
    assert len(compared) >= LEAST
    assert min(ours[Verdict.ACCEPTED], ours[Verdict.REFUSED]) >= 200
    assert not ours[Verdict.CRASHED]
