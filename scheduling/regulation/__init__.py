"""The law as data: rules with article and quotation, presets, and a county's changes to them."""

from scheduling.regulation.reader import load_preset, load_regulation, preset_names, resolve
from scheduling.regulation.show import show
from scheduling.regulation.weakened import Weakening, norm_lowered

__all__ = [
    "Weakening",
    "load_preset",
    "load_regulation",
    "norm_lowered",
    "preset_names",
    "resolve",
    "show",
]
