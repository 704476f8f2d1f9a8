"""A book: one company's data set and its settings, read from one TOML file."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from data.errors import BookError, did_you_mean, listed
from data.events import APPENDED, INLINE, ROLES
from data.settings.accounts import Accounts, require_columns
from data.settings.book_file import book_file, lineage, read_settings, shipped_books, shipped_file
from data.settings.declared import BOOK_NAME, Declared, frozen
from data.settings.indicators import IndicatorSettings, require_ratings
from data.settings.margin import Cost, Margin, require_value_settings
from data.settings.next_step import NextStep, require_next_steps
from data.settings.signals import MOST_SIGNALS, SetName, Signal, require_distinct_names, signal_set
from data.settings.source import ProfileSource, Source
from data.settings.targets import Conversion, Target, Targets
from data.settings.tiers.section import Tiers
from data.settings.wording import explain
from data.settings.zones import known_zone

__all__ = ["Book", "Conversion", "Target", "Targets", "Tiers", "load_book", "shipped_books"]

RESERVED = (APPENDED, INLINE)


class Book(Declared):
    """One company's data set and its settings."""

    name: str = Field(pattern=BOOK_NAME)
    title: str = ""
    currency: str = Field(min_length=1)
    minor_digits: int = Field(default=2, ge=0, le=6)
    time_zone: str
    language: Literal["en", "zh"] = "en"
    extends: str | None = Field(default=None, exclude=True)
    roles: dict[str, str]
    appended: tuple[str, ...] = ()  # types that no source holds and only callers hand over
    sources: tuple[Source, ...] = Field(min_length=1)
    profiles: tuple[ProfileSource, ...] = ()
    value: Literal["gross", "net", "margin"] = "gross"
    margin: Margin | None = None
    service_cost: dict[str, Cost] = Field(default_factory=dict)  # by type, money of each event
    targets: Targets = Targets()
    judged: date | None = None
    tiers: Tiers = Tiers()
    indicators: IndicatorSettings = IndicatorSettings()
    playbook: str = Field(default="trade", min_length=1)
    accounts: Accounts = Field(default=Accounts(), exclude=True)  # no model and no answer depends on them
    ledger: str | None = Field(default=None, min_length=1, exclude=True)
    signal_set: SetName = "none"
    signals: tuple[Signal, ...] = ()
    next_steps: tuple[NextStep, ...] = ()

    _file: Path = PrivateAttr(default=Path())
    _search: Path | None = PrivateAttr(default=None)
    _below: tuple[Path, ...] = PrivateAttr(default=())
    _zone = field_validator("time_zone")(known_zone)

    @property
    def directory(self) -> Path:
        """The folder of the TOML file; relative paths start there."""
        return self._file.parent

    @property
    def file(self) -> Path:
        """The TOML file itself."""
        return self._file

    @property
    def asked_as(self) -> str:
        """What a command takes it by: the name of a shipped book, the path of another."""
        return self.name if self._file == shipped_file(self.name) else str(self._file)

    @property
    def playbook_file(self) -> Path:
        """Where the playbook lies if it is a file: beside the book, or beside the one it extends."""
        beside = [folder / self.playbook for folder in (self.directory, *self._below)]
        return next((file for file in beside if file.is_file()), beside[0])

    @property
    def search_path(self) -> Path | None:
        """The file or folder given with --path, for sources with `search`."""
        return self._search

    @cached_property
    def role_codes(self) -> dict[str, int]:
        """The index into ROLES of every type."""
        return {type_: ROLES.index(role) for type_, role in self.roles.items()}

    @cached_property
    def profile_kinds(self) -> dict[str, str]:
        """The declared profile columns and their kinds, in order of declaration."""
        return {name: column.kind for source in self.profiles for name, column in source.columns.items()}

    @property
    def maps_margin(self) -> bool:
        """Whether a source has a column with the margins of its events."""
        return any(source.columns.margin is not None for source in self.sources)

    @cached_property
    def all_signals(self) -> tuple[Signal, ...]:
        """The signals of the set that the book switches on, and its own."""
        return (*signal_set(self.signal_set), *self.signals)

    @cached_property
    def valid_days(self) -> dict[str, int]:
        """The profile columns whose values expire, and after how many days."""
        columns = {name: column for source in self.profiles for name, column in source.columns.items()}
        return {name: column.valid_days for name, column in columns.items() if column.valid_days is not None}

    def settings(self) -> dict[str, Any]:
        """All settings as plain JSON values, without a path of this machine."""
        return self.model_dump(mode="json")

    def fingerprint(self) -> str:
        """SHA-256 of the settings, in hex."""
        text = json.dumps(self.settings(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, roles: dict[str, str]) -> dict[str, str]:
        if not roles or not all(roles):
            raise ValueError('expected at least one entry such as order = "purchase"')
        for type_, role in roles.items():
            if role not in ROLES:
                expected = f"expected one of {listed(ROLES)}"
                raise ValueError(f'type "{type_}": {expected}, got "{role}"{did_you_mean(role, ROLES)}')
        return roles

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [source.name for source in self.sources] + [source.name for source in self.profiles]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'sources, profiles: the name "{name}" is used twice')
            if name in RESERVED:
                raise ValueError(f'sources, profiles: the name "{name}" is reserved for events handed over')
        sources = [source.name for source in self.sources]
        for profile in self.profiles:
            if profile.source is not None and profile.source not in sources:
                expected = f"expected one of the sources {listed(sources)}, got"
                meant = did_you_mean(profile.source, sources)
                raise ValueError(f'profiles: {profile.name}: source: {expected} "{profile.source}"{meant}')
        columns = [name for source in self.profiles for name in source.columns]
        for name in columns:
            if columns.count(name) > 1:
                raise ValueError(f'profiles: the column "{name}" is declared twice')
        return self

    @model_validator(mode="after")
    def _types_and_roles_agree(self) -> Self:
        for source in self.sources:
            for type_ in source.stated_types:
                self._require_role(f'source "{source.name}"', type_)
        for type_ in self.targets.conversion.types:
            self._require_role("targets.conversion.types", type_)
        for type_ in self.service_cost:
            self._require_role(f"service_cost.{type_}" if re.fullmatch(r"[\w-]+", type_) else "service_cost", type_)
        if all(source.stated_types for source in self.sources):
            self._require_deliveries()
        return self

    @model_validator(mode="after")
    def _value_is_defined(self) -> Self:
        require_value_settings(self.value, self.margin, mapped=self.maps_margin, costs=bool(self.service_cost))
        return self

    @model_validator(mode="after")
    def _signals_can_be_told_apart(self) -> Self:
        require_distinct_names(self.all_signals, len(self.signals))
        if len(self.all_signals) > MOST_SIGNALS:
            raise ValueError(
                f"signals: expected at most {MOST_SIGNALS} with those of the set, got {len(self.all_signals)}"
            )
        for place, signal in enumerate(self.signals):
            for step in signal.pattern:
                for type_ in step.type:
                    self._require_role(f"signals[{place}].pattern", type_)
        return self

    @model_validator(mode="after")
    def _next_steps_have_roles(self) -> Self:
        for place, step in enumerate(self.next_steps):
            self._require_role(f"next_steps[{place}].type", step.type)
        require_next_steps(self.next_steps, self.roles)
        return self

    @model_validator(mode="after")
    def _ratings_are_profile_columns(self) -> Self:
        require_ratings(self.indicators.strategic, self.profile_kinds)
        return self

    @model_validator(mode="after")
    def _accounts_are_profile_columns(self) -> Self:
        require_columns(self.accounts, self.profile_kinds)
        return self

    def _require_role(self, where: str, type_: str) -> None:
        if type_ not in self.roles:
            known = listed(self.roles)
            raise ValueError(
                f'{where}: the type "{type_}" has no role; roles has {known}{did_you_mean(type_, self.roles)}'
            )

    def _require_deliveries(self) -> None:
        delivered = {type_ for source in self.sources for type_ in source.stated_types} | set(self.appended)
        for type_ in self.roles:
            if type_ not in delivered:
                raise ValueError(
                    f'roles: no source delivers the type "{type_}"; remove it, or name it in appended '
                    f"if callers hand it over{did_you_mean(type_, delivered)}"
                )


def load_book(name_or_path: str, path: Path | None = None) -> Book:
    """The book of a shipped name or a TOML file.

    `path` is the file or folder that the user gave for sources that are searched for.
    BookError names the file, the key, what was expected and what was found.
    """
    file = book_file(name_or_path)
    try:
        book = Book.model_validate(frozen(read_settings(file)))
    except ValidationError as error:
        raise BookError(explain(error, lineage(file))) from error
    book._file = file
    book._search = path
    book._below = tuple(below.parent for below in lineage(file)[1:])
    return book
