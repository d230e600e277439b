"""Tables as a workbook: typed cells, what each column holds, how to read and to cite it all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from pipeline.pages import cite
from pipeline.pages.record import Column
from pipeline.report import Report
from pipeline.theme import words

# Nothing that a cell says is a formula or a link.
PLAIN = {f"strings_to_{thing}": False for thing in ("numbers", "formulas", "urls")}
WIDE, LONG = 44, 100  # letters of the widest column, and of a line of prose
DIGITS = 6  # decimals shown at most; the cell holds all


class Sheet(NamedTuple):
    """A table: its name, its columns, its cells as text."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


class _Book:
    """A workbook that is being written."""

    def __init__(self, report: Report, title: str):
        from xlsxwriter import Workbook

        self.content = BytesIO()
        self.book = Workbook(self.content, PLAIN | {"in_memory": True})
        made = datetime.combine(report.day, datetime.min.time())  # the same bytes each time
        self.book.set_properties({"title": title, "author": report.by, "created": made})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.decimals = {
            n: self.book.add_format({"num_format": f"0.{'0' * n}" if n else "0"})
            for n in range(DIGITS + 1)
        }

    def add(self, sheet: Sheet) -> None:
        """Add a table, its header frozen and with filters."""
        page = self.book.add_worksheet(sheet.name)
        page.write_row(0, 0, [column.name for column in sheet.columns], self.head)
        for place, column in enumerate(sheet.columns):
            cells = [row[place] for row in sheet.rows]
            for line, cell in enumerate(cells, 1):
                if cell:
                    self._cell(page, line, place, column.kind, cell)
            widest = max(map(len, [column.name, *cells])) + 3
            page.set_column(place, place, min(WIDE, widest))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)

    def _cell(self, page, line: int, place: int, kind: str, cell: str) -> None:
        """Write a cell as what it is; a number shows the decimals that it has in the table."""
        if kind == "number":
            shown = self.decimals[min(DIGITS, len(cell.partition(".")[2]))]
            page.write_number(line, place, float(cell), shown)
        elif kind == "date":
            page.write_datetime(line, place, date.fromisoformat(cell), self.day)
        elif kind == "boolean":
            page.write_boolean(line, place, cell.lower() == "true")
        else:
            page.write_string(line, place, cell)

    def tell(self, name: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Add a sheet of prose, which is wrapped at these widths; the first row is its head."""
        page = self.book.add_worksheet(name)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        for line, row in enumerate(rows):
            for place, text in enumerate(row):
                page.write_string(line, place, text, self.wrapped if line else self.head)
        page.freeze_panes(1, 0)


def workbook(
    report: Report, title: str, sheets: Sequence[Sheet], told: dict[str, str], lang: str
) -> bytes:
    """Make a workbook of tables, then what their columns hold, then what there is to tell.

    told: what the last sheet says under `title`, name → text
    """
    say = words("workbook", lang)
    book = _Book(report, title)
    for sheet in sheets:
        book.add(sheet)
    columns = [(sheet.name, column) for sheet in sheets for column in sheet.columns]
    codebook = [(name, c.name, c.description, c.unit, say.kinds[c.kind]) for name, c in columns]
    book.tell(say.codebook, [say.heads, *codebook], (24, 26, 80, 20, 12))
    book.tell(say.read_me, [(title, ""), *told.items()], (26, LONG))
    book.book.close()
    return book.content.getvalue()


def cited(report: Report, item: cite.Item, credit: str) -> dict[str, str]:
    """Tell how the tables are cited and read, name → text."""
    say = words("workbook", item["language"])
    return {
        say.credit: credit,
        say.cite: cite.plain(item),
        say.edition: f"{report.version}, {report.date}, {item['id']}",
        say.licence: f"{report.licence}, {report.licence_url}",
        say.reading: say.how,
    }
