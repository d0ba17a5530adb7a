"""The five programmes of the demonstration, one module each, in the order of their documents."""

from store.demonstration.programmes import (
    certificate_2025,
    certificate_units_2025,
    culture_2020,
    culture_2026,
    manager_2021,
)
from store.demonstration.programmes.shape import HalfDayData, ModuleData, ProgrammeData, slots

__all__ = ["PROGRAMMES", "HalfDayData", "ModuleData", "ProgrammeData", "slots"]

PROGRAMMES: tuple[ProgrammeData, ...] = (
    culture_2020.PROGRAMME,
    culture_2026.PROGRAMME,
    certificate_2025.PROGRAMME,
    certificate_units_2025.PROGRAMME,
    manager_2021.PROGRAMME,
)
