"""Markdown: tables, and documents that people write with parts that are made."""


def filled_in(document: str, parts: dict[str, str]) -> str:
    """The document with each `<!-- name -->` to `<!-- /name -->` part made anew."""
    for name, text in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        assert document.count(begin) == document.count(end) == 1, name
        before, after = document.partition(begin)[0], document.partition(end)[2]
        document = f"{before}{begin}\n{text}\n{end}{after}"
    return document


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table; cells are Markdown of one line."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
