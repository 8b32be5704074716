"""Figures of Tandem in Sphinx: the directive ``tandem``, in reStructuredText and in MyST.

A page gets the live figure, a PDF or EPUB the picture of the preset with a link, everything else the link. What the
options mean stands in docs/EMBEDDING.md, how to use them in docs/DOORS.md.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

MOST_INPUTS = 6
NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
INPUT = re.compile(rf"[A-Za-z0-9_]+\.[^,]*?(?::(?P<first>{NUMBER})(?::(?P<second>{NUMBER})(?::(?P<third>{NUMBER}))?)?)?")


def _one_of(*choices: str):
    def check(text: str | None) -> str:
        if text not in choices:
            raise ValueError(f"it is none of {', '.join(choices)}")
        return text

    return check


def _text(most: int):
    def check(text: str | None) -> str:
        text = directives.unchanged_required(text)
        if len(text) > most:
            raise ValueError(f"it is longer than {most} characters")
        return text

    return check


def _matching(pattern: str, what: str):
    def check(text: str | None) -> str:
        if not re.fullmatch(pattern, text or ""):
            raise ValueError(f"it is not {what}")
        return text

    return check


def _inputs(text: str | None) -> str:
    inputs = [part.strip() for part in (text or "").split(",")]
    for one in inputs:
        found = INPUT.fullmatch(one)
        if not found:
            raise ValueError(f'"{one}" is not the path of an input, such as case.branches.1-3.max_p_mw')
        first, second, third = (found[name] for name in ("first", "second", "third"))
        if first is not None and second is None:
            raise ValueError(f'"{one}" has one number: a range is PATH:FROM:TO or PATH:FROM:TO:STEP')
        if second is not None and float(first) >= float(second):
            raise ValueError(f'in "{one}" the range ends before it begins')
        if third is not None and float(third) <= 0:
            raise ValueError(f'in "{one}" the step is not above 0')
    if len(inputs) > MOST_INPUTS:
        raise ValueError(f"{len(inputs)} inputs, and up to {MOST_INPUTS} can be shown")
    return ",".join(inputs)


def _views(text: str | None) -> str:
    views = [part.strip() for part in (text or "").split(",")]
    if "" in views:
        raise ValueError("a view has no name")
    return ",".join(views)


def _height(text: str | None) -> str:
    if not re.fullmatch(r"\d+", text or "") or not 50 <= int(text) <= 5000:
        raise ValueError("it is not a height in px, from 50 to 5000")
    return text


def _page(text: str | None) -> str:
    if not re.fullmatch(r"https?://[^\s?#]+", text or ""):
        raise ValueError("it is not the address of a page, such as https://HOST/")
    return text if text.endswith("/") else f"{text}/"


def _link(text: str | None) -> str:
    fragment = re.sub(r"^[^#]*#", "", text or "")
    if not re.match(r"[pz]=", fragment):
        raise ValueError("it is not what stands behind the # of a link of Tandem, p=… or z=…")
    return fragment


#: Options of the address of a frame, in the order in which it has them.
QUERY = {
    "view": _views,
    "inputs": _inputs,
    "lock": _one_of("inputs", "all", "1"),
    "ui": _one_of("min"),
    "run": _one_of("0", "1"),
    "play": _one_of("0", "1"),
    "theme": _one_of("light", "dark"),
    "lang": _matching(r"[A-Za-z]{2,3}[A-Za-z0-9-]*", "a language"),
    "state": _text(4000),
    "question": _text(500),
}
OWN = {
    "link": _link,
    "page": _page,
    "label": directives.unchanged_required,
    "height": _height,
    "width": _matching(r"\d+%?", "px or a share of the line, such as 100%"),
    "picture": directives.unchanged_required,
}


class tandem_figure(nodes.General, nodes.Element):
    """A figure before it is known what it is written into."""


class TandemDirective(SphinxDirective):
    """``.. tandem:: triangle`` with the options of docs/EMBEDDING.md."""

    optional_arguments = 1
    option_spec = {**QUERY, **OWN}

    def run(self) -> list[nodes.Node]:
        preset = self.arguments[0] if self.arguments else None
        if (preset is None) == ("link" not in self.options):
            raise self.error("tandem: a preset, as an argument, or a link, as an option, says what is shown.")
        if preset is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", preset):
            raise self.error(f'tandem: "{preset}" is not the id of a preset.')
        try:
            page = _page(self.options.get("page") or self.config.tandem_page)
        except ValueError as fault:
            raise self.error(f"tandem: the address of Tandem (tandem_page in conf.py, or :page: here): {fault}.") from None
        query = "".join(f"&{name}={quote(self.options[name], safe=':,~')}" for name in QUERY if name in self.options)
        fragment = self.options.get("link") or f"p={preset}"
        picture = self.options.get("picture") or (f"{page}p/{preset}.png" if preset else None)
        if picture is not None and "://" not in picture:
            picture, _ = self.env.relfn2path(picture)
            self.env.note_dependency(picture)
            self.env.images.add_file(self.env.docname, picture)
        figure = tandem_figure(
            "",
            frame=f"{page}?embed=1{query}#{fragment}",
            full=f"{page}#{fragment}",
            script=f"{page}embed.js",
            picture=picture,
            label=self.options.get("label") or self.options.get("question") or f"Tandem: {preset or 'a scenario'}",
            height=self.options.get("height", "420"),
            width=self.options.get("width", "100%"),
        )
        self.set_source_info(figure)
        return [figure]


class TandemTransform(SphinxPostTransform):
    """Turns figures into what the builder can show, before pictures from elsewhere are fetched (priority 100)."""

    default_priority = 50

    def run(self, **kwargs) -> None:
        is_page = self.app.builder.format == "html" and self.app.builder.name != "epub"
        told: set[str] = set()
        for figure in list(self.document.findall(tandem_figure)):
            if is_page:
                figure.replace_self(self._live(figure, told))
            else:
                figure.replace_self(self._still(figure))

    @staticmethod
    def _live(figure: tandem_figure, told: set[str]) -> list[nodes.Node]:
        html = (
            f'<iframe src="{escape(figure["frame"])}" title="{escape(figure["label"])}" width="{figure["width"]}" '
            f'height="{figure["height"]}" style="border: 0; max-width: 100%"></iframe>'
        )
        if figure["script"] not in told:
            told.add(figure["script"])
            html += f'\n<script type="module" src="{escape(figure["script"])}"></script>'
        return [nodes.raw("", html, format="html")]

    def _still(self, figure: tandem_figure) -> list[nodes.Node]:
        label, full, picture = figure["label"], figure["full"], figure["picture"]
        # Plain text knows no links: the address stands in it.
        is_plain = self.app.builder.format == "text"
        words = nodes.Text(f"{label}: {full}") if is_plain else nodes.reference("", label, refuri=full)
        link = nodes.paragraph("", "", words)
        if picture is None or not self.app.builder.supported_image_types:
            return [link]
        image = nodes.image("", uri=picture, alt=label, width="100%")
        image["candidates"] = {"?" if "://" in picture else "*": picture}
        return [nodes.paragraph("", "", nodes.reference("", "", image, refuri=full)), link]


def setup(app: Sphinx) -> dict[str, object]:
    """Sphinx calls this for ``extensions = ["tandem_figure"]``."""
    app.add_config_value("tandem_page", "", "env", str)
    app.add_node(tandem_figure)
    app.add_directive("tandem", TandemDirective)
    app.add_post_transform(TandemTransform)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
