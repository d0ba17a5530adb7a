"""All the functions of formulas: importing the modules that declare them is what makes them known."""

from localsheets.formulas import arrays as formula_arrays
from localsheets.formulas import conditions as formula_conditions
from localsheets.formulas import dates as formula_dates
from localsheets.formulas import logic as formula_logic
from localsheets.formulas import lookups as formula_lookups
from localsheets.formulas import math as formula_math
from localsheets.formulas import statistics as formula_statistics
from localsheets.formulas import texts as formula_texts

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
