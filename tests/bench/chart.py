"""The chart: how near each contestant comes to the ceiling, as SVG written by hand."""

import statistics
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tests.bench.contestants import ALL
from tests.bench.results import Measured, Results

CEILING = "bare"
LEFT, BAR_WIDTH, RIGHT = 120, 420, 240
BAR, GAP, HEAD = 13, 12, 46
STYLE = "text{font:12px sans-serif;fill:#222}.h{font-weight:bold;font-size:14px}.s{fill:#666}"
TITLE = "Requests a second as a part of the ceiling's, one worker, median of the rounds"


def chart(results: Results) -> str:
    """One block for each database and operation, one bar for each contestant."""
    shown = [each for each in results.one_worker if CEILING in each.rounds]
    parts, top = [_text(10, 20, TITLE, "h"), _text(10, 36, _told(results), "s")], HEAD
    for kind in dict.fromkeys(each.database for each in shown):
        parts.append(_text(10, top + 14, kind, "h"))
        top += 22
        for each in (one for one in shown if one.database == kind):
            parts += _block(each, top)
            top += BAR * len(each.rounds) + GAP
    return _svg(parts, top)


def _told(results: Results) -> str:
    told = results.conditions
    return (
        f"{told['rounds']} interleaved rounds of {told['seconds']} s, {told['connections']} "
        f"connections, {told['cpus']} CPUs, Python {told['python']}, {told['date']}; "
        "lines from the least to the most"
    )


def _block(each: Measured, top: int) -> Iterator[str]:
    yield _text(10, top + 11, each.operation)
    widest = max(1.0, *(max(each.ratios("rate", name, CEILING)) for name in each.rounds))
    for number, name in enumerate(each.rounds):
        ratios = each.ratios("rate", name, CEILING)
        yield from _bar(top + number * BAR, name, ratios, BAR_WIDTH / widest)
        rate = statistics.median(each.values("rate", name))
        said = f"{name}: {statistics.median(ratios):.2f}, {rate:,.0f}/s"
        yield _text(LEFT + BAR_WIDTH + 8, top + number * BAR + 10, said, "s")


def _bar(top: int, name: str, ratios: Sequence[float], scale: float) -> Iterator[str]:
    middle, low, high = statistics.median(ratios) * scale, min(ratios) * scale, max(ratios) * scale
    yield (
        f'<rect x="{LEFT}" y="{top}" width="{middle:.1f}" height="{BAR - 2}" '
        f'fill="{ALL[name].colour}"/>'
    )
    line = top + (BAR - 2) / 2
    yield (
        f'<line x1="{LEFT + low:.1f}" x2="{LEFT + high:.1f}" y1="{line}" y2="{line}" '
        'stroke="#222" stroke-width="1.5"/>'
    )


def _text(x: int, y: int, said: str, kind: str = "") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}">{escape(said)}</text>'


def _svg(parts: Sequence[str], height: int) -> str:
    width = LEFT + BAR_WIDTH + RIGHT
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(TITLE)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )
