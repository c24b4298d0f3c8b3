"""Names of columns in a draft, when the columns of fixed width become others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.importers.tabular.fixed_borders import columns_of, match_columns

Draft = dict[str, Any]


def match_names(before: Draft, after: Draft) -> dict[str, str]:
    """The new name of each column that is still there."""
    pairs = match_columns(columns_of(before), columns_of(after))
    return {str(old["name"]): str(new["name"]) for new, old in pairs if old is not None}


def rename_spec(spec: Any, names: Mapping[str, str]) -> Any:
    """Where a field stands by the new names of the columns; None where its column is gone."""
    if isinstance(spec, dict):
        if "column" not in spec:
            return spec
        column = rename_spec(spec["column"], names)
        return None if column is None else {**spec, "column": column}
    if isinstance(spec, list):
        kept = [names[name] for name in spec if name in names]
        return kept or None
    return names.get(spec)


def list_texts(said: Any) -> list[str]:
    """One text or several, as a list."""
    return [said] if isinstance(said, str) and said else list(said or [])
