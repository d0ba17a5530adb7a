"""All the functions of formulas: importing the modules that declare them is what makes them known."""

from localsheets import (
    formula_arrays,
    formula_conditions,
    formula_dates,
    formula_logic,
    formula_lookups,
    formula_math,
    formula_statistics,
    formula_texts,
)

LOADED = (
    formula_arrays,
    formula_conditions,
    formula_dates,
    formula_logic,
    formula_lookups,
    formula_math,
    formula_statistics,
    formula_texts,
)
