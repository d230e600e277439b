"""What did each state and body say, sign, vote and do?

Method: every row of positions, statement_members, measures and attendance stands in the entry of
whoever it is of, in order of date. Where a state is counted is what `reactions` gives the figures.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis.reactions import BODY, JOINED, LARGE, NO_VOTE, low_only, part, standing, windows
from analysis.shift import steps
from analysis.tools import listing
from pipeline.model import Fact, Tables

Row = Mapping[str, Any]
Say = Any  # a key of dossiers.yml, or table.column.code of the contract → words; and `date`
LATER = ("Asia", "Africa", "Oceania")  # parts of which not every region is large
GROUPS = (*LARGE, *LATER, "body", "text")
ITSELF = "VEN"


@dataclass(frozen=True)
class Item:
    """One thing that an actor said or did.

    stance: its code, "" where it says nothing of the result
    about: name and slug of the entry that it leads to, where its sources stand if it has none
    members: role → (name, slug)
    """

    date: str  # ISO
    head: str
    text: str
    sources: tuple[str, ...]
    stance: str = ""
    hollow: bool = False  # of low confidence, as the figures draw it
    quote: str = ""
    lang: str = ""  # of the quotation; "" where its sources are of several languages
    notes: tuple[str, ...] = ()
    remark: str = ""  # what a careful reader should know, as the table has it
    about: tuple[str, str] = ("", "")
    members: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """All that is known of one actor.

    counted: when, the code ("" for none), how, and whether of low confidence alone
    """

    slug: str
    name: str
    codes: tuple[str, ...]  # ISO alpha-3 of a state
    also: tuple[str, ...]
    group: str  # one of GROUPS
    counted: list[tuple[str, str, str, bool]]
    notes: list[str]
    items: list[Item]


def entries(tables: Tables, known: Mapping[str, Fact], say: Say) -> list[Entry]:
    """Give every entry of `names`, by group and name, with all rows that are of it."""
    found: dict[str, list[Item]] = defaultdict(list)
    for slug, item in (*_said(tables, say), *_measures(tables, say), *_came(tables, say)):
        found[slug].append(item)
    joined: dict[str, list[Item]] = defaultdict(list)
    for slug, item in (*_joined(tables, say), *_texts(tables, say)):
        joined[slug].append(item)
    countries = tables["countries"].set_index("iso3").to_dict("index")
    placed = Placed(tables, known, say)
    made = []
    for row in tables["names"].to_dict("records"):
        country = countries.get(row["iso3"])
        items = _merged(found[row["slug"]], joined[row["slug"]])
        made.append(
            Entry(
                slug=row["slug"],
                name=row["name"],
                codes=(row["iso3"],) if country else (),
                also=tuple(filter(None, row["also"].split(";"))),
                group=_group(country["region"]) if country else row["kind"],
                counted=placed.counted(row["iso3"]) if country else [],
                notes=placed.notes(row["kind"], row["iso3"]),
                items=sorted(items, key=lambda item: item.date),
            )
        )
    return sorted(made, key=lambda entry: (GROUPS.index(entry.group), entry.name))


def _group(region: str) -> str:
    return region if region in LARGE else part(region)


class Placed:
    """Where states are counted, by the functions that draw the figures."""

    def __init__(self, tables: Tables, known: Mapping[str, Fact], say: Say):
        spans = windows(known)
        self.say, self.until = say, {name: spans[name] for name in ("first_week", "latest")}
        self.rows = {name: _by_code(standing(tables, day)) for name, day in self.until.items()}
        self.bodies = {
            name: _by_code(standing(tables, day, bodies=True)) for name, day in self.until.items()
        }
        self.low = _by_code(low_only(tables, known))
        self.moved = set(steps(tables, known)["iso3"])

    def counted(self, code: str) -> list[tuple[str, str, str, bool]]:
        """Say where a state is counted at the end of each window: when, the code, and how."""
        if code == ITSELF:
            return []
        told = []
        for name, until in self.until.items():
            if name != "latest" and code in self.low:
                continue
            row, body = self.rows[name].get(code), self.bodies[name].get(code)
            how = self._how(row) if row else self.say("not counted")
            if code in self.low:
                row, how = self.low[code], self.say("low only")
            stance = row["stance"] if row else ""
            told.append((self._when(name, until), stance, how, code in self.low))
            if body and body["stance"] != stance:
                told.append((self.say("bodies"), body["stance"], self.say("as a member"), False))
        return told

    def notes(self, kind: str, code: str) -> list[str]:
        """Say what holds of the whole entry."""
        if code == ITSELF or kind != "state":
            return [self.say("itself" if code else f"kind.{kind}")]
        return [self.say("moved")] if code in self.moved else []

    def _when(self, name: str, until: str) -> str:
        return self.say(name).format(self.say.date(until, "long"))

    def _how(self, row: Row) -> str:
        day = self.say.date(row["date"], "long")
        return self.say("own" if row["own"] else "joined").format(day, row["confidence"])


def _by_code(rows: pd.DataFrame) -> dict[str, Row]:
    return {row["iso3"]: row for row in rows.to_dict("records")}


def slugs(tables: Tables) -> dict[str, str]:
    """Give the slug of every entry by its code, its name and each of its other names."""
    found = {}
    for row in tables["names"].to_dict("records"):
        for name in filter(None, (row["iso3"], row["name"], *row["also"].split(";"))):
            found[name] = row["slug"]
    return found


def _said(tables: Tables, say: Say) -> Iterator[tuple[str, Item]]:
    place, language = slugs(tables), tables["sources"].set_index("id")["language"]
    for row in tables["positions"].to_dict("records"):
        spoken = {language[source] for source in row["sources"]}
        notes = [row["date_basis"], "takes_back" if row["takes_back"] else "", row["confidence"]]
        told = [say(f"note.{note}") for note in notes if note not in ("", "act", "high")]
        if row["second_choice"]:
            told.append(say("note.second").format(say(f"stance.{row['second_choice']}")))
        yield (
            place[row["iso3"] or row["actor"]],
            Item(
                date=row["date"],
                head=say(f"said.{row['stance']}"),
                text=row["act"],
                sources=row["sources"],
                stance=row["stance"],
                hollow=row["confidence"] == "low",
                quote=row["quote"],
                lang=spoken.pop() if len(spoken) == 1 else "",
                notes=tuple(told),
            ),
        )


def _joined(tables: Tables, say: Say) -> Iterator[tuple[str, Item]]:
    place, texts = slugs(tables), tables["statements"].set_index("id")
    home = {one: row["slug"] for row in tables["names"].to_dict("records") for one in row["texts"]}
    members = tables["statement_members"]
    usual = members.groupby("statement")["sources"].agg(lambda listed: listed.mode()[0])
    for row in members.to_dict("records"):
        text, role, same = texts.loc[row["statement"]], row["role"], usual[row["statement"]]
        stance = "neutral" if role in NO_VOTE else text["stance"]
        notes = [] if role in JOINED else [say("note.member" if role == BODY else "note.not")]
        yield (
            place[row["iso3"] or row["member"]],
            Item(
                date=text["date"],
                head=say(f"statement_members.role.{role}"),
                text="" if role in NO_VOTE else say(f"said.{stance}"),
                sources=() if row["sources"] == same else row["sources"],  # they stand there
                stance=stance,
                notes=tuple(notes),
                about=(text["name"], home[row["statement"]]),
            ),
        )


def _texts(tables: Tables, say: Say) -> Iterator[tuple[str, Item]]:
    """Give every joint text and vote with its members, in the entry that it is of."""
    place, texts = slugs(tables), tables["statements"].set_index("id").to_dict("index")
    members = {name: rows for name, rows in tables["statement_members"].groupby("statement")}
    for row in tables["names"].to_dict("records"):
        for text in row["texts"]:
            listed: dict[str, list[tuple[str, str]]] = defaultdict(list)
            vote = texts[text]["kind"] == "vote"
            for one in sorted(members[text].to_dict("records"), key=_role):
                name = (one["member"], place[one["iso3"] or one["member"]])
                listed[say(f"statement_members.role.{one['role']}")].append(name)
            yield (
                row["slug"],
                Item(
                    date=texts[text]["date"],
                    head=say("vote" if vote else f"said.{texts[text]['stance']}"),
                    text=texts[text]["name"],
                    sources=tuple(dict.fromkeys(members[text]["sources"].sum())),
                    stance="" if vote else texts[text]["stance"],
                    members=listed,
                ),
            )


def _role(member: Row) -> int:
    """Put members in the order of the ways to join, the others last."""
    return JOINED.index(member["role"]) if member["role"] in JOINED else len(JOINED)


def _merged(items: list[Item], texts: list[Item]) -> list[Item]:
    """Tell a text in the act that issued or joined it, the same day and in the same sense, or else
    by itself."""
    made = list(items)
    for text in texts:
        members = text.members or {text.head: [text.about]}
        whole = text.members or not (text.notes or text.sources)  # nothing else to be told
        for n, item in enumerate(made):
            same = (item.date, item.stance) == (text.date, text.stance)
            if whole and same and not item.members and item not in texts:
                made[n] = replace(item, members=members)
                break
        else:
            made.append(text)
    return made


def _measures(tables: Tables, say: Say) -> Iterator[tuple[str, Item]]:
    place, name = slugs(tables), tables["countries"].set_index("iso3")["name"]
    for row in tables["measures"].to_dict("records"):
        both = row["imposing_iso3"], row["target_iso3"]
        each = [listing(tables, [code])["en"] for code in both]
        head = say("joint" if row["joint"] else "measure").format(*each)
        for code, other in (both, both[::-1]):
            yield (
                place[code],
                Item(
                    date=row["date"],
                    head=head,
                    text=say(f"measures.measure.{row['measure']}"),
                    sources=() if code == ITSELF else row["sources"],
                    notes=_doubt(row, say),
                    remark="" if code == ITSELF else row["note"],
                    about=(name[other], place[other]),
                ),
            )


def _came(tables: Tables, say: Say) -> Iterator[tuple[str, Item]]:
    place = slugs(tables)
    for row in tables["attendance"].to_dict("records"):
        sent = say("sent").format(say(f"attendance.rank.{row['rank']}"))
        yield (
            place[row["iso3"] or row["actor"]],
            Item(
                date=row["date"],
                head=say("came"),
                text=sent,
                sources=row["sources"],
                notes=_doubt(row, say),
                remark=row["note"],
            ),
        )


def _doubt(row: Row, say: Say) -> tuple[str, ...]:
    """Say how sure a row is, unless it is of high confidence."""
    return () if row["confidence"] == "high" else (say(f"note.{row['confidence']}"),)
