"""What the views (`storage.views`) say in each engine's own way: times, lists in JSON, texts joined in order.

Instants read "2026-11-22T09:30:00Z", and where only the day is known "2026-11-22".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One engine's expressions; each has the names of its parts in braces."""

    of_instant: str
    of_day: str
    of_date: str
    of_joined: str
    of_elements: str
    # The elements of a list in JSON, as a table; none where there is no list.
    of_place: str
    # An element's place in the list, from 0.
    of_text: str
    of_member: str

    def instant(self, column: str) -> str:
        """A time to the second, in UTC."""
        return self.of_instant.format(column=column)

    def day(self, column: str) -> str:
        """The day in UTC."""
        return self.of_day.format(column=column)

    def date(self, column: str) -> str:
        """A column that is a day."""
        return self.of_date.format(column=column)

    def moment(self, column: str) -> str:
        """As precisely as it is known."""
        day, instant = self.day(column), self.instant(column)
        return f"CASE {column}_precision WHEN 'day' THEN {day} ELSE {instant} END"

    def joined(self, column: str, rows: str, *, separator: str, order: str) -> str:
        """All values of a column in one text, in order; `rows` is what stands after FROM."""
        return self.of_joined.format(column=column, rows=rows, separator=separator, order=order)

    def elements(self, column: str, name: str) -> str:
        """What to join for the elements of a list."""
        return self.of_elements.format(column=column, name=name)

    def place(self, name: str) -> str:
        """Where an element stands."""
        return self.of_place.format(name=name)

    def text(self, name: str) -> str:
        """An element that is a text."""
        return self.of_text.format(name=name)

    def member(self, name: str, member: str) -> str:
        """A member of an element that is an object."""
        return self.of_member.format(name=name, member=member)


DIALECTS = {
    "sqlite": Dialect(
        of_instant="strftime('%Y-%m-%dT%H:%M:%SZ', {column})",
        of_day="date({column})",
        of_date="{column}",
        of_joined="(SELECT group_concat(value, '{separator}') FROM"
        " (SELECT {column} AS value FROM {rows} ORDER BY {order}))",
        of_elements="json_each({column}) AS {name}",
        of_place="{name}.key",
        of_text="{name}.value",
        of_member="json_extract({name}.value, '$.{member}')",
    ),
    "postgresql": Dialect(
        of_instant="""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
        of_day="to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        of_date="to_char({column}, 'YYYY-MM-DD')",
        of_joined="(SELECT string_agg({column}, '{separator}' ORDER BY {order}) FROM {rows})",
        of_elements="json_array_elements(CASE WHEN json_typeof({column}) = 'array' THEN {column} END)"
        " WITH ORDINALITY AS {name}(value, number)",
        of_place="{name}.number - 1",
        of_text="{name}.value #>> '{{}}'",
        of_member="{name}.value ->> '{member}'",
    ),
}
