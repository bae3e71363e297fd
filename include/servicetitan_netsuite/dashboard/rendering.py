"""Templates with everything escaped and every name known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from servicetitan_netsuite.dashboard import links, views, words


class Renderer:
    """Makes HTML of a template; a name that the template misspells is an error."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "money": words.money,
            "cents": views.cents,
            "count": words.number,
            "day": words.day,
            "clock": words.clock,
            "pretty": words.pretty,
            "in_words": words.in_words,
            "sentence_case": words.sentence_case,
            "web_link": links.web_link,
        }
        self._templates.globals |= {
            "state_word": words.state_word,
            "status_word": words.status_word,
            "action_word": words.action_word,
            "lasted": words.lasted,
            "ages": words.AGES,
            "report_word": words.report_word,
            "kind_word": words.kind_word,
            "run_page": links.run_page,
            "page_link": links.page,
            "document_page": links.document_page,
            "netsuite_record": links.netsuite_record,
        }

    def __call__(self, template: str, **shown: Any) -> str:
        """The page as HTML."""
        return self._templates.get_template(template).render(shown)
